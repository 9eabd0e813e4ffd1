// Notes that say the same: which they are. releases/text/hints.py asks the same of a saved text; a test compares them.
/** @import { ProseNode } from "./tiptap.js" */

/** What a note says: its words without needless spaces, and its links. @typedef {{ words: string; links: string }} Said */
/** A note by its key and its number. @typedef {{ key: string; number: number }} Twin */
import { notesOf } from "./queries.js";
import { notes } from "./tables.js";

// "Ibid." and its kin say the same everywhere and mean another source each time.
/** @param {string} word */
const patternOf = (word) =>
  word.replaceAll(".", "\\.").replaceAll(" ", "\\s?") + (/[a-z]$/.test(word) ? "(?![\\p{L}\\p{N}])" : "");
/** @param {string[]} words */
const anyOf = (words) => words.map(patternOf).join("|");
const LEANING = new RegExp(`^[\\s"'“”‘’«»([*_]*(?:${anyOf(notes.leaning)})`, "iu");
const LEANING_LATER = new RegExp(`(?<![\\p{L}\\p{N}])(?:${anyOf(notes.leaning_anywhere)})`, "iu");

/**
 * Does a note lean on another one ("Ibid.", "op. cit.")?
 * @param {string} words
 */
export const leans = (words) => LEANING.test(words) || LEANING_LATER.test(words);

/** @type {WeakMap<ProseNode, Said>} */
const read = new WeakMap(); // note -> {words, links}; nodes never change

/** @param {ProseNode} note */
const readNote = (note) => {
  let found = read.get(note);
  if (!found) {
    const links = new Set();
    note.descendants((node) => {
      for (const mark of node.marks) if (mark.type.name === "link") links.add(mark.attrs.href);
    });
    const words = note.textBetween(0, note.content.size, " ", " ").replace(/\s+/g, " ").trim();
    found = { words: leans(words) ? "" : words, links: [...links].sort().join(" ") };
    read.set(note, found);
  }
  return found;
};

/**
 * Same words, whatever the spaces; and where both have links, the same links.
 * @param {Said} a
 * @param {Said} b
 */
const areSame = (a, b) => a.words === b.words && (a.links === b.links || !a.links || !b.links);

/**
 * Notes that say the same as another, each with the first that does: Map of key -> {key, number}.
 * @param {ProseNode} doc
 */
export const sameNotes = (doc) => {
  /** @type {Map<string, (Twin & Said)[]>} */
  const byWords = new Map();
  /** @type {Map<string, Twin>} */
  const found = new Map();
  notesOf(doc).forEach(({ node }, i) => {
    const own = { key: node.attrs.note, number: i + 1, ...readNote(node) };
    if (!own.words) return;
    const others = byWords.get(own.words) ?? [];
    byWords.set(own.words, others);
    const twin = others.find((other) => areSame(own, other));
    others.push(own);
    if (!twin) return;
    found.set(own.key, twin);
    if (!found.has(twin.key)) found.set(twin.key, own);
  });
  return found;
};

/**
 * Does a note name a link?
 * @param {ProseNode} note
 */
export const hasLinks = (note) => readNote(note).links !== "";
