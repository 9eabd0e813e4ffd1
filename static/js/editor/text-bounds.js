// Where the text begins and ends, and how to get there: the text is never left for a note by the way out of a table, a
// list, a quotation or a rule, and there is always a line to write on before it, behind it and between two of them.
/** @import { EditorView, ProseNode, Selection } from "./tiptap.js" */
import { matches } from "../elements.js";
import { LIST, findNote, inNotes, listOf, noteKeyAt } from "./queries.js";
import { openLine, withLine } from "./spare-lines.js";
import { Extension, isMacOS, pm } from "./tiptap.js";

const { NodeSelection, Plugin, Selection, TextSelection } = pm.state;

/**
 * A block that holds blocks, or nothing: no line of its own begins before or behind it.
 * @param {ProseNode} node
 */
const isWall = (node) => node.type.name !== LIST && node.isBlock && !node.isTextblock;

/**
 * What surrounds a selection, from the inside: [{parent, index, node, before, after}].
 * @param {Selection} selection
 */
const levelsOf = (selection) => {
  const { $from } = selection;
  const levels = [];
  if (selection instanceof NodeSelection)
    levels.push({
      parent: $from.parent,
      index: $from.index(),
      node: selection.node,
      before: selection.from,
      after: selection.to,
    });
  for (let depth = $from.depth; depth > 0; depth--)
    levels.push({
      parent: $from.node(depth - 1),
      index: $from.index(depth - 1),
      node: $from.node(depth),
      before: $from.before(depth),
      after: $from.after(depth),
    });
  return levels;
};

/**
 * Where a line must be opened for whoever goes on in the direction `dir` (1 or -1): a position, or null where a line is
 * there already. Up and down a row's cells are no neighbours.
 * @param {Selection} selection
 * @param {number} dir
 * @param {{ upOrDown: boolean }} options
 */
const placeBeyond = (selection, dir, { upOrDown }) => {
  if (inNotes(selection.$from)) return null;
  let rows = 1;
  for (const { parent, index, node, before, after } of levelsOf(selection)) {
    if (upOrDown && parent.type.spec.tableRole === "row") {
      rows = dir > 0 ? (node.attrs.rowspan ?? 1) : 1;
      continue;
    }
    const step = parent.type.spec.tableRole === "table" ? rows : 1;
    const next = parent.maybeChild(index + dir * step);
    const at = dir > 0 ? after : before;
    if (next && next.type.name !== LIST) {
      const gap = dir > 0 ? index + 1 : index;
      const fits = parent.canReplaceWith(gap, gap, parent.type.schema.nodes.paragraph);
      return isWall(node) && isWall(next) && fits ? at : null;
    }
    if (parent.type.name === "doc") return isWall(node) ? at : null;
  }
  return null;
};

/** @type {Record<string, "up" | "down" | "left" | "right">} */
const DIRECTIONS = { ArrowDown: "down", ArrowUp: "up", ArrowLeft: "left", ArrowRight: "right" };

/**
 * Forward or back (1, -1) at the edge of its block, for the arrow that was pressed; 0 anywhere else.
 * @param {EditorView} view
 * @param {string} key
 */
const wayOf = (view, key) => {
  const { selection } = view.state;
  const forward = key === "ArrowDown" || key === "ArrowRight" ? 1 : -1;
  if (selection instanceof NodeSelection) return selection.node.isBlock ? forward : 0;
  if (!(selection instanceof TextSelection) || !selection.empty || !view.endOfTextblock(DIRECTIONS[key]))
    return 0;
  if (key === "ArrowDown" || key === "ArrowUp") return forward;
  const { parent, parentOffset } = selection.$head;
  if (parent.content.size) return parentOffset === 0 ? -1 : 1;
  const box = view.domAtPos(selection.head).node;
  const line = box instanceof Element ? box : box.parentElement;
  return line && getComputedStyle(line).direction === "rtl" ? -forward : forward;
};

/**
 * @param {EditorView} view
 * @param {string} key
 */
const arrow = (view, key) => {
  const dir = wayOf(view, key);
  const pos = dir
    ? placeBeyond(view.state.selection, dir, { upOrDown: key === "ArrowDown" || key === "ArrowUp" })
    : null;
  if (pos === null) return false;
  openLine(view, pos);
  return true;
};

/**
 * Where the text ends: before the list of notes.
 * @param {ProseNode} doc
 */
const endOfText = (doc) => listOf(doc)?.pos ?? doc.content.size;

/**
 * Is there no line to write on at this end of a block: does it end (begin) with a table or a rule?
 * @param {ProseNode | null} node
 * @param {number} dir
 */
const isClosed = (node, dir) => {
  let inner = node;
  for (; inner && !inner.isTextblock; inner = dir > 0 ? inner.lastChild : inner.firstChild)
    if (inner.isLeaf || inner.type.spec.tableRole === "table") return true;
  return false;
};

/**
 * @param {EditorView} view
 * @param {number} dir
 */
const toBound = (view, dir) => {
  const { doc, selection, tr } = view.state;
  const at = dir > 0 ? endOfText(doc) : 0;
  const $at = doc.resolve(at);
  const block = dir > 0 ? $at.nodeBefore : $at.nodeAfter;
  const target = Selection.findFrom($at, -dir, true);
  // Who is there already and asks once more wants out of the list or quotation.
  const there = selection.empty && target && selection.head === target.head;
  if (!target || isClosed(block, dir) || (there && block && isWall(block))) openLine(view, at);
  else view.dispatch(tr.setSelection(target).scrollIntoView());
  return true;
};

/**
 * Shift and the way to the bound selects the text up to there; in a note, the note.
 * @param {EditorView} view
 * @param {number} dir
 */
const selectToBound = (view, dir) => {
  const { doc, selection, tr } = view.state;
  const note = findNote(doc, noteKeyAt(selection.$anchor));
  const [start, end] = note ? [note.pos, note.pos + note.node.nodeSize] : [0, endOfText(doc)];
  const target = Selection.findFrom(doc.resolve(dir > 0 ? end : start), -dir, true);
  if (target)
    view.dispatch(tr.setSelection(TextSelection.between(selection.$anchor, target.$head)).scrollIntoView());
  return true;
};

/**
 * Out of the table, list or quotation, to a line behind it; from a list or quotation only off its last line.
 * @param {EditorView} view
 */
const stepOut = (view) => {
  const { selection, tr } = view.state;
  if (inNotes(selection.$from)) return false;
  const levels = levelsOf(selection);
  const outer = levels.at(-1);
  if (!outer || outer.parent.type.name !== "doc" || !isWall(outer.node)) return false;
  const inTable = levels.some(({ node }) => node.type.spec.tableRole === "table" || node.isLeaf);
  const last = levels.every(
    ({ parent, index }) => parent.type.name === "doc" || index === parent.childCount - 1,
  );
  if (!inTable && !last) return false;
  const next = outer.parent.maybeChild(outer.index + 1);
  if (next?.isTextblock && next.content.size === 0)
    view.dispatch(tr.setSelection(TextSelection.create(tr.doc, outer.after + 1)).scrollIntoView());
  else openLine(view, outer.after);
  return true;
};

/** @param {KeyboardEvent} event */
const boundKey = (event) => {
  /** @type {Record<string, number | undefined>} */
  const names = isMacOS() ? { ArrowDown: 1, ArrowUp: -1, End: 1, Home: -1 } : { End: 1, Home: -1 };
  const pressed = isMacOS() ? event.metaKey || event.ctrlKey : event.ctrlKey;
  return pressed && !event.altKey ? (names[event.key] ?? 0) : 0;
};

/**
 * Between which two blocks of the text a click fell: {before, after, pos}; null where it fell on one.
 * @param {EditorView} view
 * @param {number} y
 */
const gapAt = (view, y) => {
  /** @type {ProseNode | null} */
  let before = null;
  let pos = 0;
  for (let i = 0; i < view.state.doc.childCount; i++) {
    const after = view.state.doc.child(i);
    const dom = view.nodeDOM(pos);
    const block = dom instanceof Element && after.type.name === LIST ? dom.querySelector("ol") : dom;
    if (!(block instanceof Element)) return null;
    const box = block.getBoundingClientRect();
    if (y < box.top) return { before, after, pos };
    if (y <= box.bottom) return null;
    before = after;
    pos += after.nodeSize;
  }
  return { before, after: null, pos };
};

/**
 * @param {EditorView} view
 * @param {MouseEvent} event
 */
const click = (view, event) => {
  const beside =
    event.target === view.dom || matches(event.target, ".body-editor__notes, .body-editor__notes-title");
  if (!beside || event.button || event.shiftKey || event.ctrlKey || event.metaKey || !view.editable)
    return false;
  const gap = gapAt(view, event.clientY);
  if (!gap || gap.before?.type.name === LIST) return false;
  const { before, after, pos } = gap;
  const ends = !after || after.type.name === LIST;
  const closed = (!before || isWall(before)) && (ends || isWall(after));
  if (!closed && !(ends && before?.isTextblock)) return false;
  event.preventDefault();
  view.focus();
  if (closed) openLine(view, pos);
  else
    view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, pos - 1)).scrollIntoView());
  return true;
};

export const Bounds = Extension.create({
  name: "bounds",
  // Before the keys of tables and lists, and before the stock cursor between blocks.
  priority: 1150,
  addProseMirrorPlugins: () => [
    new Plugin({
      // The caret goes on to the next place where it can stand when its own is taken away (a table at the end), or to the
      // next block (behind a rule from the bar): where that would be in the notes, it stays at the end of the text.
      appendTransaction(transactions, before, { doc, selection, tr }) {
        const list = listOf(doc);
        if (!list || selection.from < list.pos || inNotes(before.selection.$head)) return null;
        const carried =
          transactions.some((one) => one.docChanged) && !transactions.some((one) => one.selectionSet);
        if (!carried && !(selection instanceof NodeSelection)) return null;
        if (isClosed(doc.resolve(list.pos).nodeBefore, 1)) return withLine(tr, list.pos);
        const end = Selection.findFrom(doc.resolve(list.pos), -1, true);
        return end ? tr.setSelection(end) : withLine(tr, list.pos);
      },
      props: {
        handleKeyDown(view, event) {
          if (!view.editable || event.isComposing) return false;
          const bound = boundKey(event);
          if (bound) return event.shiftKey ? selectToBound(view, bound) : toBound(view, bound);
          if (event.shiftKey || event.altKey) return false;
          const command = event.ctrlKey || event.metaKey;
          if (event.key === "Enter") return command && stepOut(view);
          return !command && event.key in DIRECTIONS && arrow(view, event.key);
        },
        handleDOMEvents: { mousedown: click },
      },
    }),
  ],
});
