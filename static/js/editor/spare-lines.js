// A line that is opened where the text offers none (behind a table that ends it, between two, before the first): it is
// there as soon as somebody goes there, counts as soon as something stands in it, and is gone when it was left empty.
/** @import { EditorState, EditorView, PluginKey as Key, ProseNode, Transaction } from "./tiptap.js" */
import { Extension, pm } from "./tiptap.js";

const { Plugin, PluginKey, TextSelection } = pm.state;
const { Slice } = pm.model;
const { redoDepth } = pm.history;

/** A line that was opened, and whether anything stood in it. @typedef {{ pos: number; used: boolean }} SpareLine */

/** @type {Key<SpareLine[]>} */
const spareKey = new PluginKey("spareLines");

/** @param {EditorState} state */
const linesOf = (state) => spareKey.getState(state) ?? [];

/**
 * @param {ProseNode} doc
 * @param {number} pos
 */
const isEmptyAt = (doc, pos) =>
  doc.nodeAt(pos)?.type.name === "paragraph" && doc.nodeAt(pos)?.content.size === 0;

/**
 * Open a line at `pos`, between two blocks, and put the caret into it: on `tr`.
 * @param {Transaction} tr
 * @param {number} pos
 */
export const withLine = (tr, pos) => {
  tr.insert(pos, tr.doc.type.schema.nodes.paragraph.create());
  tr.setSelection(TextSelection.create(tr.doc, pos + 1)).scrollIntoView();
  return tr.setMeta(spareKey, pos).setMeta("addToHistory", false);
};

/**
 * @param {EditorView} view
 * @param {number} pos
 */
export const openLine = (view, pos) => view.dispatch(withLine(view.state.tr, pos));

/**
 * The document as it is stored: without the lines that were opened and hold nothing.
 * @param {EditorState} state
 */
export const withoutSpares = (state) =>
  linesOf(state)
    .filter(({ used }) => !used)
    .reduceRight((doc, { pos }) => doc.replace(pos, pos + 2, Slice.empty), state.doc);

export const SpareLines = Extension.create({
  name: "spareLines",
  addProseMirrorPlugins: () => [
    new Plugin({
      key: spareKey,
      state: {
        init: () => [],
        // [{pos, used}] in the order of the text. A line that its writer emptied is an empty line like any other; one
        // that undoing emptied is what it was before: unused.
        apply(tr, lines) {
          const opened = tr.getMeta(spareKey);
          if (!tr.docChanged) return lines;
          /** @type {SpareLine[]} */
          const kept = [];
          for (const { pos: was, used } of lines) {
            const { pos, deletedAfter } = tr.mapping.mapResult(was, 1);
            if (deletedAfter || tr.doc.nodeAt(pos)?.type.name !== "paragraph") continue;
            const undone = Boolean(tr.getMeta("history$"));
            kept.push({ pos, used: !isEmptyAt(tr.doc, pos) || (used && !undone) });
          }
          if (opened !== undefined) kept.push({ pos: opened, used: false });
          return kept.sort((a, b) => a.pos - b.pos);
        },
      },
      appendTransaction(_transactions, _before, state) {
        const { from, to } = state.selection;
        const left = linesOf(state).filter(({ pos, used }) => !used && (from > pos + 1 || to < pos + 1));
        // What could be redone in it needs it.
        if (!left.length || redoDepth(state)) return null;
        const { tr } = state;
        for (const { pos } of left.reverse()) {
          const $pos = tr.doc.resolve(pos);
          if ($pos.parent.canReplace($pos.index(), $pos.index() + 1)) tr.delete(pos, pos + 2);
        }
        return tr.docChanged ? tr.setMeta("addToHistory", false) : null;
      },
    }),
  ],
});
