// Inserting notes and moving between a citation and its note, by command, key and double click.
/** @import { Editor, EditorState, ResolvedPos, Transaction } from "./tiptap.js" */
import { matches } from "../elements.js";
import { CITATION, citationsOf, findNote, inNotes, isEmptyNote, noteKeyAt } from "./queries.js";
import { newKey } from "./keys.js";
import { normalise } from "./normalise.js";
import { Extension, pm } from "./tiptap.js";

const { Plugin, TextSelection } = pm.state;
const { closeHistory } = pm.history;

// By this way: an extension's own `storage` is a fresh copy each time it is asked for.
/** @param {Editor} editor */
const storageOf = (editor) => editor.storage.footnoteSync;

/**
 * Can a citation stand at the end of the selection?
 * @param {EditorState} state
 */
const fits = (state) => {
  const { $from, $to } = state.selection;
  const type = state.schema.nodes[CITATION];
  const index = $to.index();
  return (
    !inNotes($from) &&
    !inNotes($to) &&
    $to.parent.inlineContent &&
    $to.parent.canReplaceWith(index, index, type)
  );
};

/**
 * Put the caret at the end of a note.
 * @param {Transaction} tr
 * @param {string} key
 */
const selectNote = (tr, key) => {
  const found = findNote(tr.doc, key);
  if (!found) return false;
  const end = found.pos + found.node.nodeSize - 1;
  tr.setSelection(TextSelection.near(tr.doc.resolve(end), -1)).scrollIntoView();
  return true;
};

/** @param {{ $head: ResolvedPos }} it */
const citationBeside = ({ $head }) =>
  [$head.nodeBefore, $head.nodeAfter].find((node) => node?.type.name === CITATION) ?? null;

/**
 * Backspace in a note without words takes its citations away too.
 * @param {Editor} editor
 */
const removeEmptyNote = (editor) => {
  const { state } = editor;
  const { $from, empty } = state.selection;
  const key = empty ? noteKeyAt($from) : null;
  const found = key && findNote(state.doc, key);
  if (!found || found.node.content.size > 2 || !isEmptyNote(found.node)) return false;
  const { tr } = state;
  const places = citationsOf(state.doc).filter((c) => c.node.attrs.note === key);
  if (!places.length) tr.delete(found.pos, found.pos + found.node.nodeSize);
  for (const { pos } of places.reverse()) tr.delete(pos, pos + 1);
  if (places.length) {
    // Back to where the writer came from.
    const last = storageOf(editor).cameFrom?.[key] ?? 1;
    const { pos } = places.find((c) => c.node.attrs.occurrence === last) ?? places[places.length - 1];
    tr.setSelection(TextSelection.near(tr.doc.resolve(tr.mapping.map(pos))));
  }
  normalise(tr, storageOf(editor));
  editor.view.dispatch(tr.scrollIntoView());
  return true;
};

export const NoteKeys = Extension.create({
  name: "footnoteKeys",
  priority: 1100,

  addCommands() {
    return {
      /** A new note at the caret, and the caret in it; or another citation of the note `key`. */
      insertFootnote:
        (key = null) =>
        ({ state, tr, dispatch, editor }) => {
          if (!fits(state)) return false;
          if (!dispatch) return true;
          const note = key || newKey();
          // A step of its own in the history, however fast the words before it were typed.
          closeHistory(tr);
          const at = tr.selection.$to.pos;
          tr.insert(at, state.schema.nodes[CITATION].create({ note }));
          normalise(tr, storageOf(editor));
          if (key) tr.setSelection(TextSelection.create(tr.doc, at + 1)).scrollIntoView();
          else selectNote(tr, note);
          return true;
        },

      goToFootnote:
        (key) =>
        ({ tr, dispatch }) => {
          if (!findNote(tr.doc, key)) return false;
          return dispatch ? selectNote(tr, key) : true;
        },

      /** From a note back to the citation that the writer came from, or its first one. */
      goToCitation:
        () =>
        ({ state, tr, dispatch, editor }) => {
          const key = noteKeyAt(state.selection.$from);
          const places = citationsOf(tr.doc).filter((c) => c.node.attrs.note === key);
          if (key === null || !places.length) return false;
          if (dispatch) {
            const last = storageOf(editor).cameFrom?.[key] ?? 1;
            const { pos } = places.find((c) => c.node.attrs.occurrence === last) ?? places[0];
            tr.setSelection(TextSelection.create(tr.doc, pos + 1)).scrollIntoView();
          }
          return true;
        },
    };
  },

  addKeyboardShortcuts() {
    /** @param {Editor} editor */
    const follow = (editor) => {
      const citation = citationBeside(editor.state.selection);
      if (!citation) return false;
      const { note, occurrence } = citation.attrs;
      storageOf(editor).cameFrom = { ...storageOf(editor).cameFrom, [note]: occurrence };
      return editor.commands.goToFootnote(note);
    };
    return {
      // The shortcut of Word and Google Docs; inside a note it goes back.
      "Mod-Alt-f": ({ editor }) => editor.commands.goToCitation() || editor.commands.insertFootnote(),
      Escape: ({ editor }) => editor.commands.goToCitation(),
      "Alt-ArrowUp": ({ editor }) => editor.commands.goToCitation(),
      "Alt-ArrowDown": ({ editor }) => follow(editor),
      Backspace: ({ editor }) => removeEmptyNote(editor),
    };
  },

  addProseMirrorPlugins() {
    const { editor } = this;
    return [
      new Plugin({
        props: {
          handleDoubleClickOn(_view, _pos, node, _nodePos, event, direct) {
            if (node.type.name === CITATION) {
              const { note, occurrence } = node.attrs;
              storageOf(editor).cameFrom = { ...storageOf(editor).cameFrom, [note]: occurrence };
              return editor.commands.goToFootnote(note);
            }
            // The number in front of a note is its marker: the click lands on the <li> itself.
            if (direct && node.type.name === "footnote" && matches(event.target, "ol.footnotes > li"))
              return editor.commands.goToCitation();
            return false;
          },
        },
      }),
    ];
  },
});
