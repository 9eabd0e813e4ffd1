// Notes in plain text: a list that counts from 1, and its numbers in the text before it. Where any of them is missing or
// could be something else, nothing is changed: a number is never made a citation in doubt.

/** @import { Piece } from "./lines.js" */

/** A line of the text before the list: in which piece, at which row there. @typedef {{ piece: number; row: number; text: string }} TextLine */
/** Where a citation stands. @typedef {{ piece: number; row: number; from: number; to: number }} Place */
/** A citation of the note with that key: in Markdown a word, else its number. @typedef {Place & { key: string | number }} TextMark */
/** Where an entry of a list stands, and what it says. @typedef {{ pieces: number[]; paragraphs: string[] }} ListEntry */
/**
 * Where the citations of a text stand, what its notes say, and which pieces are no part of the text then.
 * @typedef {{ marks: TextMark[]; notes: { key: string | number; paragraphs: string[] }[]; gone: Set<number> }} FoundNotes
 */
import {
  hasArrow,
  isHeading,
  isPower,
  label,
  marksInText,
  withoutArrowBefore,
  withoutArrows,
} from "../paste/labels.js";
import { entryOf } from "./entry.js";
import { gluedIn, marksOf, numberOf } from "./glued.js";

const RULE = /^[\s\-_*=—–―─]{3,}$/u;
const DEFINITION = /^\[\^([^\]\s]+)\]:\s*/;
const REFERENCE = /\[\^([^\]\s]+)\]/g;
const MARKS = marksInText();
// So many paragraphs without a number may belong to the entry before them.
const MAX_MORE = 2;
const MAX_TRIES = 8;

/** @param {Piece} piece */
const wordsOf = (piece) => piece.lines.join(" ");

/**
 * Markdown: "[^1]" in the text, "[^1]: …" anywhere, its further paragraphs indented.
 * @param {Piece[]} pieces
 * @returns {FoundNotes | null}
 */
const markdownNotes = (pieces) => {
  /** @type {Map<string, ListEntry>} */
  const notes = new Map();
  /** @type {ListEntry | null} */
  let open = null;
  for (const [at, piece] of pieces.entries()) {
    const found = piece.kind === "p" ? DEFINITION.exec(piece.lines[0]) : null;
    if (found && !notes.has(found[1])) {
      open = { pieces: [at], paragraphs: [piece.lines.join(" ").slice(found[0].length)] };
      notes.set(found[1], open);
    } else if (open && piece.indent >= 2) {
      open.pieces.push(at);
      open.paragraphs.push(wordsOf(piece));
    } else open = null;
  }
  if (!notes.size) return null;
  const inNotes = new Set([...notes.values()].flatMap((note) => note.pieces));
  /** @type {(Place & { key: string })[]} */
  const marks = [];
  pieces.forEach((piece, at) => {
    if (inNotes.has(at)) return;
    piece.lines.forEach((line, row) => {
      for (const found of line.matchAll(REFERENCE))
        if (notes.get(found[1]))
          marks.push({ piece: at, row, from: found.index, to: found.index + found[0].length, key: found[1] });
    });
  });
  const cited = new Set(marks.map((mark) => mark.key));
  const used = [...notes].filter(([key, note]) => cited.has(key) && note.paragraphs.join("").trim());
  const keys = new Set(used.map(([key]) => key));
  if (!used.length) return null;
  return {
    marks: marks.filter((mark) => keys.has(mark.key)),
    notes: used.map(([key, { paragraphs }]) => ({ key, paragraphs })),
    gone: new Set(used.flatMap(([, note]) => note.pieces)),
  };
};

/**
 * The number with which a paragraph begins: {value, form, text}, or null. A "^" alone counts by its place.
 * @param {Piece} piece
 * @param {number} expected
 */
const noteOf = (piece, expected) => {
  if (piece.kind !== "p") return null;
  const words = wordsOf(piece);
  const entry = entryOf(words);
  if (entry) return { value: entry.value, form: entry.form, text: words.slice(entry.length) };
  const bare = withoutArrowBefore(words);
  return bare !== words
    ? { value: expected, form: "^", text: bare.replace(/^(?:[a-z]\s)+(?=["“‘([]?\p{Lu})/u, "") }
    : null;
};

/**
 * The entries of the list that begins with piece `start`, with what `noteOf` says of that one.
 * @param {Piece[]} pieces
 * @param {number} start
 * @param {{ form: string; text: string }} first
 */
const listFrom = (pieces, start, first) => {
  /** @type {ListEntry} */
  let last = { pieces: [start], paragraphs: [first.text] };
  const entries = [last];
  /** @type {number[]} */
  let waiting = [];
  for (let at = start + 1; at < pieces.length && waiting.length <= MAX_MORE; at++) {
    const entry = noteOf(pieces[at], entries.length + 1);
    if (entry?.value === entries.length + 1 && entry.form === first.form) {
      last.pieces.push(...waiting);
      last.paragraphs.push(...waiting.map((place) => wordsOf(pieces[place])));
      waiting = [];
      last = { pieces: [at], paragraphs: [entry.text] };
      entries.push(last);
    } else waiting.push(at);
  }
  return entries;
};

/**
 * Marks in brackets, raised or in circles among `lines`: [{piece, row, from, to, value, form}]
 * @param {TextLine[]} lines
 */
const setOffMarks = (lines) => {
  /** @type {(Place & { value: number; form: string })[]} */
  const marks = [];
  for (const { piece, row, text } of lines)
    for (const found of text.matchAll(MARKS)) {
      const read = label(found[0]);
      const before = text.slice(0, found.index);
      if (read?.family !== "number" || (read.form === "raised" && isPower(before, found[0]))) continue;
      const gap = before.length - before.trimEnd().length;
      const from = read.form === "[" && before.trim() ? found.index - gap : found.index;
      marks.push({ piece, row, from, to: found.index + found[0].length, value: read.value, form: read.form });
    }
  return marks;
};

/**
 * Numbers in round brackets right behind a word: "word(1)". They count points as well, so only where the list has them.
 * @param {TextLine[]} lines
 * @param {number} count
 */
const bracketedMarks = (lines, count) => {
  const marks = lines.flatMap(({ piece, row, text }) =>
    [...text.matchAll(/(?<=\S)[(（]\s*(\p{Nd}{1,3})\s*[)）]/gu)].map((found) => ({
      piece,
      row,
      from: found.index,
      to: found.index + found[0].length,
      value: numberOf(found[1]),
    })),
  );
  return marks.length === count && marks.every(({ value }, i) => value === i + 1) ? marks : null;
};

/**
 * Numbers that stand glued to words: as `marksOf`, or null.
 * @param {TextLine[]} lines
 * @param {number} count
 */
const gluedMarks = (lines, count) => {
  const text = lines.map((line) => line.text).join("\n");
  /** @type {(Place & { value: number; sure: boolean })[]} */
  const found = [];
  for (const { piece, row, text: line } of lines) {
    const signs = [...line];
    let place = 0;
    let index = 0;
    /** @param {number} at */
    const indexOf = (at) => {
      for (; place < at; place++) index += signs[place].length;
      return index;
    };
    for (const one of gluedIn(line, text)) {
      // Two readings of one number begin one behind the other; count on from the beginning of the line.
      if (one.from < place) [place, index] = [0, 0];
      const from = indexOf(one.from);
      found.push({ ...one, piece, row, from, to: from + signs.slice(one.from, one.to).join("").length });
    }
  }
  return marksOf(found, count);
};

/**
 * The marks of the notes 1 to `count` in the text before their list, or null where they are not all there.
 * @param {TextLine[]} lines
 * @param {number} count
 * @param {{ form: string; sure: boolean }} options
 */
const marksFor = (lines, count, { form, sure }) => {
  const setOff = setOffMarks(lines);
  for (const kind of ["[", "raised", "circled"]) {
    const marks = setOff.filter((mark) => mark.form === kind);
    if (!marks.length) continue;
    const cited = new Set(marks.map((mark) => mark.value));
    const order = [...cited];
    const known = order.every((value) => value <= count);
    const inOrder = kind === "[" || order.every((value, i) => value === i + 1);
    if (cited.size === count && known && inOrder) return marks;
  }
  if (form === "^" || form.startsWith("[") || (count === 1 && !sure)) return null;
  return (form.startsWith("(") ? bracketedMarks(lines, count) : null) ?? gluedMarks(lines, count);
};

/**
 * @param {Piece[]} pieces
 * @returns {FoundNotes | null}
 */
const countedNotes = (pieces) => {
  let tries = 0;
  for (let start = pieces.length - 1; start > 0 && tries < MAX_TRIES; start--) {
    const first = noteOf(pieces[start], 1);
    if (first?.value !== 1) continue;
    // The first of the entries that begin with "^" alone.
    if (first.form === "^" && noteOf(pieces[start - 1], 1)?.form === "^") continue;
    tries += 1;
    const entries = listFrom(pieces, start, first);
    if (entries.some((entry) => !withoutArrows(entry.paragraphs[0]).trim())) continue;
    let head = start;
    while (head > 0 && RULE.test(wordsOf(pieces[head - 1]))) head -= 1;
    if (head > 0 && isHeading(wordsOf(pieces[head - 1]))) head -= 1;
    while (head > 0 && RULE.test(wordsOf(pieces[head - 1]))) head -= 1;
    const lines = pieces
      .slice(0, head)
      .flatMap((piece, at) => piece.lines.map((text, row) => ({ piece: at, row, text })));
    const sure = head < start || entries.every(({ paragraphs }) => hasArrow(paragraphs.at(-1) ?? ""));
    const marks = marksFor(lines, entries.length, { form: first.form, sure });
    if (!marks) continue;
    const gone = new Set(entries.flatMap((entry) => entry.pieces));
    for (let at = head; at < start; at++) gone.add(at);
    const notes = entries.map(({ paragraphs }, i) => ({
      key: i + 1,
      paragraphs: paragraphs.map((words) => withoutArrows(words).trim()).filter(Boolean),
    }));
    return { marks: marks.map((mark) => ({ ...mark, key: mark.value })), notes, gone };
  }
  return null;
};

/**
 * The notes in the pieces of a text, or null.
 * @param {Piece[]} pieces
 */
export const notesIn = (pieces) => markdownNotes(pieces) ?? countedNotes(pieces);
