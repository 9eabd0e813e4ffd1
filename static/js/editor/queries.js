// Questions asked of a document: where are its citations and notes, and in which note does a place lie.
/** @import { ProseNode, ResolvedPos } from "./tiptap.js" */

/** A node and where it begins. @typedef {{ node: ProseNode; pos: number }} Placed */

export const CITATION = "footnoteRef";
export const LIST = "footnotes";
export const NOTE = "footnote";

/**
 * The list of notes with its position, or null. The schema allows it nowhere but last.
 * @param {ProseNode} doc
 */
export const listOf = (doc) => {
  const last = doc.lastChild;
  return last?.type.name === LIST ? { node: last, pos: doc.content.size - last.nodeSize } : null;
};

/**
 * All notes in their order: [{node, pos}].
 * @param {ProseNode} doc
 */
export const notesOf = (doc) => {
  const list = listOf(doc);
  /** @type {Placed[]} */
  const notes = [];
  list?.node.forEach((node, offset) => notes.push({ node, pos: list.pos + 1 + offset }));
  return notes;
};

/**
 * @param {ProseNode} doc
 * @param {string | null} key
 */
export const findNote = (doc, key) => notesOf(doc).find((n) => n.node.attrs.note === key) ?? null;

/**
 * All citations in the text, in reading order: [{node, pos}].
 * @param {ProseNode} doc
 */
export const citationsOf = (doc) => {
  /** @type {Placed[]} */
  const found = [];
  const end = listOf(doc)?.pos ?? doc.content.size;
  doc.nodesBetween(0, end, (node, pos) => {
    if (node.type.name === CITATION) found.push({ node, pos });
    return !node.isLeaf;
  });
  return found;
};

/**
 * Positions of citations that stand inside notes, where none may be.
 * @param {ProseNode} doc
 */
export const misplacedCitations = (doc) => {
  /** @type {number[]} */
  const found = [];
  for (const { node: note, pos } of notesOf(doc))
    note.descendants((node, offset) => {
      if (node.type.name === CITATION) found.push(pos + 1 + offset);
    });
  return found;
};

/**
 * The part of the document that a place belongs to: a note's key, LIST between the notes, "" in the
 * text. No edit may join two parts.
 * @param {ResolvedPos} $pos
 */
export const partAt = ($pos) => {
  for (let depth = $pos.depth; depth > 0; depth--) {
    const node = $pos.node(depth);
    if (node.type.name === NOTE) return `note:${node.attrs.note}`;
    if (node.type.name === LIST) return LIST;
  }
  return "";
};

/** @param {ResolvedPos} $pos */
export const noteKeyAt = ($pos) => {
  const part = partAt($pos);
  return part.startsWith("note:") ? part.slice(5) : null;
};

/** @param {ResolvedPos} $pos */
export const inNotes = ($pos) => partAt($pos) !== "";

/**
 * A note without a word in it.
 * @param {ProseNode} note
 */
export const isEmptyNote = (note) => !note.textContent.trim();
