// Citations and notes made one set: one note a cited key, in the order of first citation, numbers right.
/** @import { ProseNode, Transaction } from "./tiptap.js" */
import { CITATION, LIST, NOTE, citationsOf, listOf, misplacedCitations, notesOf } from "./queries.js";
import { pm } from "./tiptap.js";

const { ReplaceStep, ReplaceAroundStep } = pm.transform;

// Marks that cannot stand on a citation: <a> in <a> is not HTML, and it is superscript already.
const UNFIT_MARKS = new Set(["link", "superscript", "subscript"]);

/**
 * The notes that should be in the list, as nodes, in their order.
 * @param {ProseNode} doc
 * @param {string[]} order
 * @param {{ stash: Map<string, ProseNode>; kept: Set<string> }} options
 */
const wantedNotes = (doc, order, { stash, kept }) => {
  const { [NOTE]: noteType, paragraph } = doc.type.schema.nodes;
  /** @type {Map<string, ProseNode>} */
  const present = new Map();
  for (const { node } of notesOf(doc)) {
    const key = node.attrs.note;
    if (!present.has(key)) present.set(key, node);
  }
  const cited = new Set(order);
  const uncited = [];
  for (const [key, node] of present) {
    if (cited.has(key)) continue;
    if (kept.has(key)) uncited.push(node);
    else stash.set(key, node);
  }
  const notes = order.map(
    (key) => present.get(key) ?? stash.get(key) ?? noteType.create({ note: key }, paragraph.create()),
  );
  return [...notes, ...uncited];
};

/**
 * Bring the list to `wanted` in the smallest edits, so that a caret in another note stays where it is.
 * @param {Transaction} tr
 * @param {ProseNode[]} wanted
 */
const setNotes = (tr, wanted) => {
  const list = listOf(tr.doc);
  const listType = tr.doc.type.schema.nodes[LIST];
  if (!wanted.length) {
    if (list) tr.delete(list.pos, tr.doc.content.size);
    return;
  }
  if (!list) {
    tr.insert(tr.doc.content.size, listType.create(null, wanted));
    return;
  }
  const now = notesOf(tr.doc);
  const staying = now.filter((n) => wanted.includes(n.node));
  const placed = wanted.filter((node) => staying.some((n) => n.node === node));
  const inOrder = staying.length === placed.length && placed.every((node, i) => staying[i].node === node);
  if (!staying.length || !inOrder) {
    tr.replaceWith(list.pos, tr.doc.content.size, listType.create(null, wanted));
    return;
  }
  for (const { node, pos } of now.reverse()) if (!wanted.includes(node)) tr.delete(pos, pos + node.nodeSize);
  let at = list.pos + 1;
  for (const node of wanted) {
    if (tr.doc.nodeAt(at) !== node) tr.insert(at, node);
    at += node.nodeSize;
  }
};

/**
 * Bring `tr.doc` to the rules. `stash` (Map key -> node) remembers notes that have lost their last citation, so that
 * pasting it again brings the words back; notes in `kept` (Set of keys) stay although nothing cites them.
 * Returns true when it changed something.
 * @param {Transaction} tr
 * @param {{ stash: Map<string, ProseNode>; kept: Set<string> }} options
 */
export const normalise = (tr, { stash, kept }) => {
  const before = tr.steps.length;
  for (const pos of misplacedCitations(tr.doc).reverse()) tr.delete(pos, pos + 1);

  const citations = citationsOf(tr.doc);
  const order = [...new Set(citations.map((c) => c.node.attrs.note))];
  const wanted = wantedNotes(tr.doc, order, { stash, kept });
  const now = notesOf(tr.doc);
  if (now.length !== wanted.length || now.some((n, i) => n.node !== wanted[i])) setNotes(tr, wanted);

  // The list stands behind the text, so the positions of the citations are still right.
  const numbers = new Map(order.map((key, i) => [key, i + 1]));
  const seen = new Map();
  for (const { node, pos } of citations) {
    const { note } = node.attrs;
    const occurrence = (seen.get(note) ?? 0) + 1;
    seen.set(note, occurrence);
    const number = numbers.get(note);
    if (node.attrs.number !== number) tr.setNodeAttribute(pos, "number", number);
    if (node.attrs.occurrence !== occurrence) tr.setNodeAttribute(pos, "occurrence", occurrence);
    for (const mark of node.marks)
      if (UNFIT_MARKS.has(mark.type.name)) tr.removeMark(pos, pos + 1, mark.type);
  }
  return tr.steps.length > before;
};

const NOTE_NODES = new Set([CITATION, LIST, NOTE]);

/**
 * @param {ProseNode} doc
 * @param {number} from
 * @param {number} to
 */
const holdsNotes = (doc, from, to) => {
  let found = false;
  doc.nodesBetween(from, to, (node, pos) => {
    // A node that merely surrounds the range is not part of the change.
    if (NOTE_NODES.has(node.type.name) && (node.isLeaf || pos >= from || pos + node.nodeSize <= to))
      found = true;
    return !found;
  });
  return found;
};

/**
 * May this transaction have touched a citation or the list? Plain typing never does.
 * @param {Transaction} tr
 */
export const touchesNotes = (tr) =>
  tr.steps.some((step, i) => {
    if (!(step instanceof ReplaceStep || step instanceof ReplaceAroundStep)) return true;
    const before = tr.docs[i];
    const after = tr.docs[i + 1] ?? tr.doc;
    let touched = false;
    step.getMap().forEach((oldFrom, oldTo, newFrom, newTo) => {
      touched ||= holdsNotes(before, oldFrom, oldTo) || holdsNotes(after, newFrom, newTo);
    });
    return touched;
  });
