// The buttons of the toolbar: what each is called, which keys do the same, what it does and how it stands.
/** @import { Editor, EditorState } from "./tiptap.js" */
import { citeAgain } from "./cite.js";
import { crossesEdge } from "./note-edges.js";
import { inNotes, listOf } from "./queries.js";
import { editLink } from "./link.js";
import { canMerge, mergeNote, mergeWords } from "./merge.js";
import { isSearching, toggleSearch } from "./search/extension.js";
import { gettext } from "../words.js";

/**
 * What a button does, and how it stands: pressed, to be pressed, shown, and what it is called then.
 * @typedef {{ run?: (editor: Editor) => void; enabled?: (editor: Editor) => boolean; active?: (editor: Editor) => boolean; shown?: (editor: Editor) => boolean; named?: (editor: Editor) => string; words?: string }} Behaviour
 */
/** A button: its action, its label, its keys. @typedef {[string, string, string, Behaviour]} Item */

/** @param {{ state: EditorState }} it */
const inText = ({ state: { selection } }) => !inNotes(selection.$from) && !crossesEdge(selection);

// Focus at once: Tiptap's own focus() waits for the next frame, and a fast typist's letters would be lost.
/**
 * @param {string} name
 * @param {unknown[]} args
 * @returns {Behaviour}
 */
const command = (name, ...args) => ({
  run(editor) {
    editor.view.focus();
    editor.commands[name](...args);
  },
  enabled: (editor) => editor.can()[name](...args),
});

/**
 * @param {string} name
 * @returns {Behaviour}
 */
const mark = (name) => ({ ...command("toggleMark", name), active: (editor) => editor.isActive(name) });

/**
 * @param {string} name
 * @param {(editor: Editor) => boolean} active
 * @param {unknown[]} args
 * @returns {Behaviour}
 */
const block = (name, active, ...args) => ({
  ...command(name, ...args),
  enabled: (editor) => inText(editor) && editor.can()[name](...args),
  active: (editor) => inText(editor) && active(editor),
});

/** @param {Editor} editor */
const inTable = (editor) => editor.isActive("table");
/** @param {string} name */
const table = (name) => ({ ...command(name), shown: inTable });

// [action, label, keys, behaviour]; a group a line of buttons that stay together.
/** @returns {{ name: string; shown?: (editor: Editor) => boolean; items: Item[] }[]} */
export const groups = () => [
  {
    name: gettext("Paragraph"),
    items: [
      [
        "paragraph",
        gettext("Paragraph"),
        "Mod-Alt-0",
        { ...block("setParagraph", (e) => e.isActive("paragraph")), enabled: inText },
      ],
      [
        "heading2",
        gettext("Heading"),
        "Mod-Alt-2",
        block("toggleHeading", (e) => e.isActive("heading", { level: 2 }), { level: 2 }),
      ],
      [
        "heading3",
        gettext("Subheading"),
        "Mod-Alt-3",
        block("toggleHeading", (e) => e.isActive("heading", { level: 3 }), { level: 3 }),
      ],
    ],
  },
  {
    name: gettext("Letters"),
    items: [
      ["bold", gettext("Bold"), "Mod-b", mark("bold")],
      ["italic", gettext("Italic"), "Mod-i", mark("italic")],
      ["superscript", gettext("Superscript"), "Mod-.", mark("superscript")],
      ["subscript", gettext("Subscript"), "Mod-,", mark("subscript")],
      [
        "link",
        gettext("Link"),
        "Mod-k",
        { run: editLink, active: (e) => e.isActive("link"), enabled: (e) => !crossesEdge(e.state.selection) },
      ],
    ],
  },
  {
    name: gettext("Blocks"),
    items: [
      [
        "bulletList",
        gettext("Bulleted list"),
        "Mod-Shift-8",
        block("toggleBulletList", (e) => e.isActive("bulletList")),
      ],
      [
        "orderedList",
        gettext("Numbered list"),
        "Mod-Shift-7",
        block("toggleOrderedList", (e) => e.isActive("orderedList")),
      ],
      [
        "blockquote",
        gettext("Quotation"),
        "Mod-Shift-b",
        block("toggleBlockquote", (e) => e.isActive("blockquote")),
      ],
      [
        "table",
        gettext("Insert table"),
        "",
        {
          run(e) {
            e.view.focus();
            e.commands.insertTable({ rows: 3, cols: 3, withHeaderRow: true });
          },
          enabled: (e) => inText(e) && !inTable(e),
        },
      ],
      ["rule", gettext("Rule"), "", block("setHorizontalRule", () => false)],
    ],
  },
  {
    name: gettext("Notes"),
    items: [
      [
        "footnote",
        gettext("Insert footnote"),
        "Mod-Alt-f",
        { ...command("insertFootnote"), words: gettext("Footnote") },
      ],
      [
        "cite",
        gettext("Cite a note again"),
        "",
        { run: citeAgain, enabled: (e) => e.can().insertFootnote() && Boolean(listOf(e.state.doc)) },
      ],
      [
        "merge",
        gettext("Merge with another note"),
        "",
        { run: mergeNote, enabled: canMerge, named: mergeWords },
      ],
    ],
  },
  {
    name: gettext("Find"),
    items: [
      [
        "search",
        gettext("Find and replace"),
        "Mod-f",
        { run: toggleSearch, active: isSearching, enabled: () => true },
      ],
    ],
  },
  {
    name: gettext("History"),
    items: [
      ["undo", gettext("Undo"), "Mod-z", command("undo")],
      ["redo", gettext("Redo"), "Mod-Shift-z", command("redo")],
    ],
  },
  {
    name: gettext("Table"),
    shown: inTable,
    items: [
      ["rowBefore", gettext("Row above"), "", table("addRowBefore")],
      ["rowAfter", gettext("Row below"), "", table("addRowAfter")],
      ["columnBefore", gettext("Column before"), "", table("addColumnBefore")],
      ["columnAfter", gettext("Column after"), "", table("addColumnAfter")],
      ["deleteRow", gettext("Remove row"), "", table("deleteRow")],
      ["deleteColumn", gettext("Remove column"), "", table("deleteColumn")],
      ["mergeCells", gettext("Merge cells"), "", table("mergeCells")],
      ["splitCell", gettext("Split cell"), "", table("splitCell")],
      [
        "headerCell",
        gettext("Header cell"),
        "",
        { ...table("toggleHeaderCell"), active: (e) => e.isActive("tableHeader") },
      ],
      ["deleteTable", gettext("Remove table"), "", table("deleteTable")],
    ],
  },
];
