// Finding and replacing in the text and in its notes: the keys, and the panel of each editor.
/** @import { Editor } from "../tiptap.js" */
import { Extension } from "../tiptap.js";
import { searchMarks } from "./marks.js";
import { SearchPanel } from "./panel.js";

/** @type {WeakMap<Editor, SearchPanel>} */
const panels = new WeakMap();

/** @param {Editor} editor */
export const isSearching = (editor) => Boolean(panels.get(editor)?.isOpen);

/** @param {Editor} editor */
export const toggleSearch = (editor) => {
  const panel = panels.get(editor);
  if (panel?.isOpen) panel.close();
  else panel?.open();
};

export const Search = Extension.create({
  name: "search",

  onCreate() {
    panels.set(this.editor, new SearchPanel(this.editor));
  },

  addProseMirrorPlugins: () => [searchMarks()],

  addKeyboardShortcuts() {
    /** @param {{ toReplace?: boolean }} [options] */
    const open = (options) => () => {
      panels.get(this.editor)?.open(options);
      return panels.has(this.editor);
    };
    /** @param {(panel: SearchPanel) => void} act */
    const ifOpen = (act) => () => {
      const panel = panels.get(this.editor);
      if (!panel?.isOpen) return false;
      act(panel);
      return true;
    };
    return {
      "Mod-f": open(),
      "Mod-h": open({ toReplace: true }),
      "Mod-Shift-h": open({ toReplace: true }), // the Mac keeps ⌘H for itself
      "Mod-g": ifOpen((panel) => panel.move(1)),
      "Shift-Mod-g": ifOpen((panel) => panel.move(-1)),
      // After the Escape that leads out of a note.
      Escape: ifOpen((panel) => panel.close()),
    };
  },
});
