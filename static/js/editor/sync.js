// Live notes: after every change of the document the notes are one set with the citations again.
/** @import { Editor, ProseNode, Transaction } from "./tiptap.js" */
import { Bounds } from "./text-bounds.js";
import { Clipboard } from "./clipboard.js";
import { Edges } from "./note-edges.js";
import { NoteKeys } from "./navigate.js";
import { citationsOf, isEmptyNote, listOf, notesOf } from "./queries.js";
import { newKey } from "./keys.js";
import { MergeNotes } from "./merge.js";
import { normalise, touchesNotes } from "./normalise.js";
import { SpareLines } from "./spare-lines.js";
import { Extension, pm } from "./tiptap.js";

const { Plugin, PluginKey } = pm.state;
const { Decoration, DecorationSet } = pm.view;

export const syncKey = new PluginKey("footnoteSync");

/**
 * Marks what needs the writer's eye: citations of empty notes, and notes that nothing cites.
 * @param {ProseNode} doc
 */
const warnings = (doc) => {
  const notes = notesOf(doc);
  if (!notes.length) return DecorationSet.empty;
  const citations = citationsOf(doc);
  const cited = new Set(citations.map((c) => c.node.attrs.note));
  const empty = new Set(notes.filter((n) => isEmptyNote(n.node)).map((n) => n.node.attrs.note));
  const found = [];
  for (const { node, pos } of citations)
    if (empty.has(node.attrs.note)) found.push(Decoration.node(pos, pos + 1, { class: "is-empty" }));
  for (const { node, pos } of notes)
    if (!cited.has(node.attrs.note))
      found.push(Decoration.node(pos, pos + node.nodeSize, { class: "is-uncited" }));
  return DecorationSet.create(doc, found);
};

/**
 * Did a note begin or cease to be empty? Then its citation's mark must change.
 * @param {Transaction} tr
 */
const changesEmptiness = (tr) => {
  if (!tr.steps.some((step) => step.getMap().ranges.length)) return false;
  const before = listOf(tr.before)?.node;
  const after = listOf(tr.doc)?.node;
  if (before === after) return false;
  if (!before || !after || before.childCount !== after.childCount) return true;
  for (let i = 0; i < before.childCount; i++)
    if (before.child(i) !== after.child(i) && isEmptyNote(before.child(i)) !== isEmptyNote(after.child(i)))
      return true;
  return false;
};

export const FootnoteSync = Extension.create({
  name: "footnoteSync",

  addExtensions: () => [NoteKeys, Edges, Bounds, SpareLines, Clipboard, MergeNotes],

  addStorage() {
    return {
      stash: new Map(),
      kept: new Set(),
      // Names this editing session on the clipboard: what comes back under it is our own note.
      token: newKey(),
      // For the tests that watch the cost of typing.
      passes: 0,
      redrawn: 0,
    };
  },

  addProseMirrorPlugins() {
    const { storage } = this;
    return [
      new Plugin({
        key: syncKey,
        state: {
          init: (_, { doc }) => warnings(doc),
          apply(tr, marks) {
            if (!tr.docChanged) return marks;
            if (!touchesNotes(tr) && !changesEmptiness(tr)) return marks.map(tr.mapping, tr.doc);
            storage.redrawn += 1;
            return warnings(tr.doc);
          },
        },
        appendTransaction(transactions, _old, state) {
          if (!transactions.some((tr) => tr.docChanged && touchesNotes(tr))) return null;
          storage.passes += 1;
          const tr = state.tr;
          return normalise(tr, storage) ? tr : null;
        },
        props: {
          decorations: (state) => syncKey.getState(state),
        },
      }),
    ];
  },
});

/**
 * Before the first edit: bring what was loaded to the rules. Notes in `kept` stay although nothing cites them.
 * @param {Editor} editor
 * @param {string[]} kept
 */
export const normaliseOnLoad = (editor, kept) => {
  const storage = editor.storage.footnoteSync;
  for (const key of kept) storage.kept.add(key);
  const tr = editor.state.tr;
  const changed = normalise(tr, storage);
  editor.view.dispatch(tr.setMeta("addToHistory", false).setMeta("onLoad", true));
  return changed;
};
