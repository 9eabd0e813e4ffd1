// Plain text as a person meant it: lines that a program broke joined, bullets as lists, and its notes as notes.
/** @import { Piece } from "./lines.js" */
/** @import { TextMark } from "./notes.js" */

/** What was made of a plain text, counted. @typedef {{ notes?: number; joins: number; items?: number }} PlainReport */
import { addressesIn } from "../addresses.js";
import { newKey } from "../keys.js";
import { piecesOf } from "./lines.js";
import { notesIn } from "./notes.js";

/** @param {string} text */
const escaped = (text) =>
  text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");

/**
 * Words as HTML, the addresses in them as links.
 * @param {string} text
 */
const inline = (text) => {
  let written = "";
  let at = 0;
  for (const { from, to, href } of addressesIn(text)) {
    written += `${escaped(text.slice(at, from))}<a href="${escaped(href)}">${escaped(text.slice(from, to))}</a>`;
    at = to;
  }
  return written + escaped(text.slice(at));
};

/**
 * @param {string} key
 * @param {{ paragraphs: string[] }} note
 */
const citation = (key, note) => {
  const carried = JSON.stringify([
    "paste",
    note.paragraphs.map((words) => `<p>${inline(words)}</p>`).join(""),
  ]);
  return `<sup class="footnote-ref" data-footnote="${escaped(carried)}"><a href="#fn-${key}">0</a></sup>`;
};

/**
 * The lines of a piece as HTML, its marks as citations.
 * @param {Piece} piece
 * @param {TextMark[]} marks
 * @param {Map<TextMark["key"], string>} citations
 */
const html = (piece, marks, citations) =>
  piece.lines
    .map((line, row) => {
      let written = "";
      let at = 0;
      for (const { from, to, key } of marks
        .filter((mark) => mark.row === row)
        .sort((a, b) => a.from - b.from)) {
        written += inline(line.slice(at, from)) + (citations.get(key) ?? "");
        at = to;
      }
      return written + inline(line.slice(at));
    })
    .join("<br>");

/** @param {TextMark[]} marks */
const byPiece = (marks) => {
  /** @type {Map<number, TextMark[]>} */
  const groups = new Map();
  for (const mark of marks) groups.set(mark.piece, [...(groups.get(mark.piece) ?? []), mark]);
  return groups;
};

/**
 * Items in a row as nested lists, by how far each is set in.
 * @param {{ indent: number; words: string }[]} items
 */
const list = (items) => {
  let written = "";
  /** @type {number[]} */
  const levels = [];
  for (const { indent, words } of items) {
    while (levels.length > 1 && indent < levels[levels.length - 1]) {
      levels.pop();
      written += "</li></ul>";
    }
    if (!levels.length || indent > levels[levels.length - 1] + 1) {
      levels.push(indent);
      written += `<ul><li><p>${words}</p>`;
    } else written += `</li><li><p>${words}</p>`;
  }
  return written + "</li></ul>".repeat(levels.length);
};

/**
 * {html, report, changed} of a plain text. The report counts: notes, joins (line ends), items. With `flat` (in a note) lines
 * are joined, and nothing else. `changed`: it is more than its lines, each a paragraph.
 * @param {string} text
 * @param {{ flat?: boolean }} [options]
 * @returns {{ html: string; report: PlainReport; changed: boolean }}
 */
export const readPlain = (text, { flat = false } = {}) => {
  const { pieces, joins } = piecesOf(text);
  if (flat) {
    const lines = pieces.flatMap((piece) =>
      piece.lines.map((line) => (piece.kind === "li" ? `• ${line}` : line)),
    );
    return {
      html: lines.map((line) => `<p>${inline(line)}</p>`).join(""),
      report: { joins },
      changed: joins > 0,
    };
  }
  const found = notesIn(pieces);
  /** @type {Map<TextMark["key"], string>} */
  const citations = new Map();
  for (const note of found?.notes ?? []) citations.set(note.key, citation(newKey(), note));
  const marks = byPiece(found?.marks ?? []);
  let written = "";
  /** @type {{ indent: number; words: string }[]} */
  let items = [];
  /** @type {Required<PlainReport>} */
  const report = { notes: found?.notes.length ?? 0, joins, items: 0 };
  let changed = joins > 0 || report.notes > 0;
  const close = () => {
    if (items.length) written += list(items);
    items = [];
  };
  pieces.forEach((piece, at) => {
    if (found?.gone.has(at)) return;
    const words = html(piece, marks.get(at) ?? [], citations);
    if (piece.kind === "li") {
      items.push({ indent: piece.indent, words });
      report.items += 1;
      changed = true;
      return;
    }
    close();
    changed ||= piece.lines.length > 1;
    written += `<p>${words}</p>`;
  });
  close();
  return { html: written, report, changed };
};
