// Where words stand in a document: in its text and in its notes, across bold and italic, never across a citation.
/** @import { ProseNode } from "../tiptap.js" */

/** What is sought. @typedef {{ text: string; matchCase: boolean; wholeWords: boolean }} Query */
/** @typedef {{ from: number; to: number; inNotes: boolean }} Hit */
import { listOf, notesOf } from "../queries.js";

// Stands for a citation or a line break, which no hit may reach across: so no replacement ever deletes one.
const WALL = "\ufffc";

// Accents that stand behind their letter. Other marks (Tibetan, Arabic, Hebrew) are letters to those who search.
const ACCENTS = "\\u0300-\\u036f\\u1ab0-\\u1aff\\u1dc0-\\u1dff\\u20d0-\\u20ff\\u3099\\u309a\\ufe20-\\ufe2f";
const CLUSTER = new RegExp(`[^${ACCENTS}][${ACCENTS}]*|[${ACCENTS}]+`, "gu");

const SPACES = /[\s\u00a0\u2000-\u200a\u202f\u205f\u3000]/gu;
const SINGLE = /[‘’‚‛ʼ]/gu;
const DOUBLE = /[“”„‟]/gu;

// Up first: so ß meets ss, ς meets σ.
/** @param {string} text */
const withoutCase = (text) => text.toUpperCase().toLowerCase().replace(SINGLE, "'").replace(DOUBLE, '"');

/**
 * `text` in the form in which it is compared, and for each of its units the offset in `text`, or -1 where a letter
 * goes on. Composed and decomposed letters are the same, é and e are not; all spaces are one.
 * @param {string} text
 * @param {{ matchCase: boolean }} options
 */
const folded = (text, { matchCase }) => {
  let words = "";
  const offsets = [];
  for (const { 0: cluster, index } of text.matchAll(CLUSTER)) {
    const composed = cluster.normalize("NFC").replace(SPACES, " ");
    const same = matchCase ? composed : withoutCase(composed);
    for (let i = 0; i < same.length; i++) offsets.push(i ? -1 : index);
    words += same;
  }
  offsets.push(text.length);
  return { words, offsets };
};

const LETTER = /[\p{L}\p{N}\p{M}_]/u;
// Scripts that put no space between words: every letter may begin or end one.
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/**
 * @param {string} text
 * @param {number} at
 */
const letterBefore = (text, at) =>
  /[\udc00-\udfff]/.test(text[at - 1] ?? "") ? text.slice(at - 2, at) : (text[at - 1] ?? "");
/**
 * @param {string} text
 * @param {number} at
 */
const letterAfter = (text, at) => (at < text.length ? String.fromCodePoint(text.codePointAt(at) ?? 0) : "");

/**
 * Does a word go on across the place `at`?
 * @param {string} text
 * @param {number} at
 */
const inWord = (text, at) => {
  const sides = [letterBefore(text, at), letterAfter(text, at)];
  return sides.every((letter) => LETTER.test(letter) && !UNSPACED.test(letter));
};

/**
 * @param {string} text
 * @param {string} sought
 * @param {Query} query
 */
const inText = (text, sought, query) => {
  const { words, offsets } = folded(text, query);
  const found = [];
  for (let i = words.indexOf(sought); i >= 0; ) {
    const end = i + sought.length;
    const [from, to] = [offsets[i], offsets[end]];
    const whole = !query.wholeWords || !(inWord(text, from) || inWord(text, to));
    const hit = from >= 0 && to >= 0 && whole;
    if (hit) found.push([from, to]);
    i = words.indexOf(sought, hit ? end : i + 1);
  }
  return found;
};

const texts = new WeakMap(); // block -> its text; nodes never change
/** @param {ProseNode} block */
const textOf = (block) => {
  let text = texts.get(block);
  if (text === undefined) {
    text = block.textBetween(0, block.content.size, "", () => WALL);
    texts.set(block, text);
  }
  return text;
};

/**
 * A function doc -> all hits of `query` ({text, matchCase, wholeWords}) in their order: [{from, to, inNotes}]. It
 * remembers blocks that stay the same, so that typing beside an open panel costs one block.
 * @param {Query} query
 * @returns {(doc: ProseNode) => Hit[]}
 */
export const seeker = (query) => {
  const sought = folded(query.text.replaceAll(WALL, ""), query).words;
  /** @type {WeakMap<ProseNode, ReturnType<typeof inText>>} */
  const known = new WeakMap();
  /** @param {ProseNode} block */
  const inBlock = (block) => {
    let found = known.get(block);
    if (!found) {
      found = inText(textOf(block), sought, query);
      known.set(block, found);
    }
    return found;
  };
  return (doc) => {
    if (!sought) return [];
    /** @type {Hit[]} */
    const hits = [];
    const notes = listOf(doc)?.pos ?? Infinity;
    doc.descendants((node, pos) => {
      if (!node.isTextblock) return true;
      for (const [from, to] of inBlock(node))
        hits.push({ from: pos + 1 + from, to: pos + 1 + to, inNotes: pos > notes });
      return false;
    });
    return hits;
  };
};

/**
 * The number of the note in which a hit stands, or 0.
 * @param {ProseNode} doc
 * @param {{ from: number; inNotes: boolean }} options
 */
export const noteNumber = (doc, { from, inNotes }) =>
  inNotes ? notesOf(doc).findIndex(({ node, pos }) => from > pos && from < pos + node.nodeSize) + 1 : 0;
