// Plain text as paragraphs and items: which lines a program broke at a width, which their writer did.

/**
 * A line with what it begins with. `label` is the number with which it begins that counts, `marked` whether it stands for itself.
 * @typedef {{ raw: string; text: string; indent: number; width: number; bullet: string; label: Label | null; marked: boolean; full?: boolean }} Line
 */
/** @typedef {{ value: number; form: string; length: number; bare: boolean }} Label */
/** A paragraph or an item, with the lines that its writer broke. @typedef {{ kind: "p" | "li"; lines: string[]; indent: number }} Piece */
import { isHeading, withoutArrowBefore } from "../paste/labels.js";
import { entryOf } from "./entry.js";
import { habitsOf, joined } from "./join.js";

// Wider than this no page is set; narrower ones are columns of short lines (addresses, verse), and not joined.
const WIDEST = 140;
const NARROWEST = 30;
// How full a line must be: letters differ in width, and a long word may not have fitted.
const FULL = 0.86;
const ENDED = 0.97;
const SHORT = 60;

const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff01-\uff60]/u;
const ENDS = /[.!?…。！？།༎؟۔][\s"”’'»」』）)\]\d]*$/u;
// Behind a comma, or inside a Tibetan clause, no paragraph ends.
const OPEN_END = /[,،、，་༌]$/u;
const BULLET = /^(\s*)([-*•◦▪‣●·])[ \t\u00a0\u3000]+(?=\S)/u;
// These begin a line of words as well; two in a row are a list.
const DOUBTFUL = new Set(["-", "*", "·"]);
const HYPHENED = /[\p{L}\p{M}][-‐\u00ad]$/u;
// A line of its own: a definition, a heading or a rule in Markdown, the quotation of a mail, a row of columns.
const OWN = /^\s*\[\^[^\]\s]+\]:|^#{1,6}\s|^\s*[-_*=—–─]{3,}\s*$|^\s*>|\S(?:\t| {4,})\S/u;

/** @param {string} line */
const widthOf = (line) => {
  let width = 0;
  for (const sign of line) if (!/\p{M}/u.test(sign)) width += WIDE.test(sign) ? 2 : 1;
  return width;
};

/** @param {string} line */
const firstWord = (line) => {
  const text = line.trimStart();
  return WIDE.test(text.slice(0, 1)) ? text.slice(0, 1) : (/^[^\s\u0f0b]+\u0f0b?/u.exec(text)?.[0] ?? "");
};

/**
 * Could a line be one of verse, of an address, of a signature?
 * @param {Line} it
 */
const isShort = ({ width, bullet, label, marked }) =>
  width <= SHORT && !bullet && !marked && !(label && (!label.bare || label.value === 1));

/** @param {string} line */
const indentOf = (line) => {
  let indent = 0;
  for (const sign of /^[\s\u3000]*/.exec(line)?.[0] ?? "")
    indent += sign === "\t" ? 4 : sign === "\u3000" ? 2 : 1;
  return indent;
};

/** @param {string} line */
const startsUpper = (line) => /^["“‘«([]*\p{Lu}/u.test(line.trimStart());
/** @param {string} line */
const startsLower = (line) => /^["“‘«([]*\p{Ll}/u.test(line.trimStart());

/**
 * A line with what it begins with: {raw, text, indent, width, bullet, label, marked}.
 * @param {string} raw
 * @returns {Line}
 */
const readLine = (raw) => {
  const bullet = BULLET.exec(raw);
  const text = (bullet ? raw.slice(bullet[0].length) : raw).trim();
  // Also an entry behind its way back, and the heading over such a list.
  const marked = OWN.test(raw) || withoutArrowBefore(text) !== text || isHeading(text);
  return {
    raw,
    text,
    indent: indentOf(raw),
    width: widthOf(raw.trimEnd()),
    bullet: bullet?.[2] ?? "",
    label: bullet ? null : entryOf(text),
    marked,
  };
};

/**
 * Does a line begin something of its own: an item, a heading, the next entry of a list that counts?
 * @param {Line} line
 * @param {Line} before
 * @param {Label | null} count
 */
const beginsOwn = (line, before, count) => {
  if (line.bullet || line.marked || isHeading(before.text)) return true;
  if (!line.label) return false;
  const { value, form, bare } = line.label;
  const next = count && value === count.value + 1 && form === count.form;
  return next || (value === 1 && (!bare || !before.full));
};

/**
 * Are the lines of a block broken at a width? `width` is that of blocks that surely are, or 0.
 * @param {Line[]} lines
 * @param {number} width
 */
const isWrapped = (lines, width) => {
  const widest = Math.max(...lines.map((line) => line.width));
  if (lines.length < 2 || widest > WIDEST || widest < NARROWEST) return false;
  const inner = lines
    .slice(1)
    .map((line, i) => ({ line, before: lines[i] }))
    .filter(({ line }) => !line.bullet && !line.marked && !line.label);
  if (!inner.length) return false;
  const reference = Math.max(widest, width <= widest * 1.15 ? width : 0);
  const full = inner.filter(({ line, before }) => isFull(before, line, reference));
  if (full.length < 0.6 * inner.length) return false;
  if (lines.every((line) => ENDS.test(line.text))) return false;
  // Verse, titles and addresses begin each line with a capital.
  const upper = inner.filter(({ line }) => startsUpper(line.text)).length;
  // Where no line at all had room for one word more, and they are long, it was a program.
  if (
    widest >= SHORT &&
    inner.length > 3 &&
    inner.every(({ line, before }) => isFull(before, line, reference, 1))
  )
    return true;
  return (
    upper < 0.75 * inner.length ||
    (width > 0 && widest <= width * 1.15 && full.length === inner.length && !ENDS.test(inner[0].before.text))
  );
};

/**
 * @param {Line} line
 * @param {Line} next
 * @param {number} width
 * @param {number} [full]
 */
const isFull = (line, next, width, full = FULL) =>
  HYPHENED.test(line.text) || line.width + 1 + widthOf(firstWord(next.text)) > full * width;

/**
 * Does the paragraph go on from one line of a wrapped block to the next?
 * @param {Line} line
 * @param {Line} next
 * @param {{ width: number; edge: number }} options
 */
const goesOn = (line, next, { width, edge }) => {
  if (next.indent >= edge + 2 && line.indent < edge + 2 && line.text) return false;
  // Behind a sentence that ends the line a paragraph may begin, unless the next word had no room at all.
  const ended = ENDS.test(line.text) && !startsLower(next.text);
  if (isFull(line, next, width, ended ? ENDED : FULL)) return true;
  return OPEN_END.test(line.text) || (!ENDS.test(line.text) && startsLower(next.text));
};

/**
 * The blocks of a text, parted by blank lines: [[line]].
 * @param {string} text
 */
const blocksOf = (text) => {
  /** @type {Line[][]} */
  const blocks = [];
  /** @type {Line[]} */
  let block = [];
  for (const raw of text
    .replace(/\r\n?|[\u000b\u0085\u2028]/g, "\n")
    .replace(/\u2029|\f/g, "\n\n")
    .split("\n"))
    if (raw.trim()) {
      if (!block.length) blocks.push(block);
      block.push(readLine(raw));
    } else block = [];
  return blocks;
};

/** @param {Line[][]} blocks */
const widthOfWrapped = (blocks) => {
  const sure = blocks.filter((block) => block.length > 2 && isWrapped(block, 0));
  return sure.length ? Math.max(...sure.flat().map((line) => line.width)) : 0;
};

/**
 * {pieces, joins} of a plain text. A piece is a paragraph {kind: "p", lines, indent} or an item {kind: "li", lines, indent};
 * its lines are what its writer broke, most have one. `joins` counts the line ends that were taken away.
 * @param {string} text
 */
export const piecesOf = (text) => {
  const blocks = blocksOf(text);
  const habits = habitsOf(text.replace(/\r\n?/g, "\n"));
  const usual = widthOfWrapped(blocks);
  const all = blocks.flat();
  /**
   * @param {Line} line
   * @param {number} i
   */
  const isItem = (line, i) =>
    line.bullet &&
    (!DOUBTFUL.has(line.bullet) || all[i - 1]?.bullet === line.bullet || nextMark(all, i) === line.bullet);
  all.forEach((line, i) => {
    if (line.bullet && !isItem(line, i)) Object.assign(line, { bullet: "", text: line.raw.trim() });
  });
  /** @type {Piece[]} */
  const pieces = [];
  let joins = 0;
  /** @type {Label | null} */
  let count = null;
  for (const block of blocks) {
    const wrapped =
      isWrapped(block, usual) ||
      (usual > 0 &&
        block.some((line) => line.bullet || line.label) &&
        Math.max(...block.map((line) => line.width)) <= usual * 1.15);
    const layout = {
      width: Math.max(usual && wrapped ? usual : 0, ...block.map((line) => line.width)),
      edge: Math.min(...block.map((line) => line.indent)),
    };
    const verse = !wrapped && blocks.length > 1 && block.length > 1 && block.every(isShort);
    /** @type {Line | null} */
    let before = null;
    /** @type {Line | null} */
    let item = null; // the one whose piece the line before stands in
    for (const line of block) {
      const piece = pieces.at(-1);
      const own =
        !before || !piece || beginsOwn(line, { ...before, full: isFull(before, line, layout.width) }, count);
      if (line.label && own) count = line.label;
      const hung = item !== null && line.indent > item.indent;
      if (!own && (hung || (wrapped && before && goesOn(before, line, layout)))) {
        piece.lines.push(joined(piece.lines.pop() ?? "", line.text, habits));
        joins += 1;
      } else if (!own && verse) piece.lines.push(line.text);
      else {
        pieces.push({ kind: line.bullet ? "li" : "p", lines: [line.text], indent: line.indent });
        if (!line.bullet) item = null;
      }
      if (line.bullet) item = line;
      before = line;
    }
  }
  return { pieces, joins };
};

/**
 * The bullet of the next line that has one, if only lines without stand between, three at most.
 * @param {Line[]} lines
 * @param {number} at
 */
const nextMark = (lines, at) => lines.slice(at + 1, at + 5).find((line) => line.bullet)?.bullet ?? "";
