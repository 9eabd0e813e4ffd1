// Lines that look like headings although nobody said so: alone, short, bold or larger, before text or a list. The rules are
// those of releases/intake/docx/headings.py and releases/intake/html/normalise.py, with the same table.
/** @import { Report } from "./report.js" */
import { headings } from "../tables.js";
import { copyAttributes, textsUnder } from "./nodes.js";

const NO_HEADING =
  /@|https?:|www\.|^[^\p{L}]*$|^\P{L}*\d{1,2}\.?\s\p{L}+,?\s\d{4}\P{L}*$|^\p{L}+\.?\s\d{1,2},?\s\d{4}\P{L}*$/u;
const BOLD = /font-weight\s*:\s*(?:bold|bolder|[6-9]00)/i;
const PLAIN = /font-weight\s*:\s*(?:normal|[1-5]00)/i;
const SIZE = /font-size\s*:\s*([\d.]+)(pt|px)/i;
const BLOCKS = headings.blocks.join(", ");
const OVER = headings.over.join(", ");
const INSIDE = headings.inside.join(", ");

/** @param {Element} el */
const styleOf = (el) => el.getAttribute("data-style") ?? "";

/** @param {Element} el */
const textsIn = (el) =>
  textsUnder(el).filter((text) => text.data.trim() && !text.parentElement?.closest("sup"));

/**
 * @param {Text} text
 * @param {Element} root
 */
const isBold = (text, root) => {
  for (let el = text.parentElement; el && el !== root.parentElement; el = el.parentElement) {
    if (PLAIN.test(styleOf(el))) return false;
    if (/^(?:B|STRONG)$/.test(el.tagName) || BOLD.test(styleOf(el))) return true;
  }
  return false;
};

/**
 * In points, or 0 where nothing says it.
 * @param {Text} text
 * @param {Element} body
 */
const sizeOf = (text, body) => {
  for (let el = text.parentElement; el && el !== body; el = el.parentElement) {
    const said = SIZE.exec(styleOf(el));
    if (said) return Number(said[1]) * (said[2].toLowerCase() === "px" ? 0.75 : 1);
  }
  return 0;
};

/**
 * The size in which most letters stand.
 * @param {Element} body
 */
const usualSize = (body) => {
  const letters = new Map();
  for (const text of textsIn(body))
    letters.set(sizeOf(text, body), (letters.get(sizeOf(text, body)) ?? 0) + text.data.length);
  return [...letters].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
};

/** @param {Element} el */
const nextOf = (el) => {
  let next = el.nextElementSibling;
  while (next && (next.matches("br") || !next.textContent.trim())) next = next.nextElementSibling;
  return next;
};

/**
 * Make headings of them, and say so.
 * @param {Element} body
 * @param {Report} report
 */
export const handmadeHeadings = (body, report) => {
  const lines = [...body.querySelectorAll("p, div")].filter(
    (el) => !el.querySelector(BLOCKS) && el.textContent.trim(),
  );
  const usual = usualSize(body);
  /** @param {Element} el */
  const isApart = (el) => {
    const words = el.textContent.replace(/\s+/g, " ").trim();
    if (
      words.length > headings.longest ||
      headings.sentence_ends.includes(words.slice(-1)) ||
      NO_HEADING.test(words) ||
      el.querySelector("br") ||
      el.closest(`${INSIDE}, [data-note]`)
    )
      return false;
    const texts = textsIn(el);
    if (!texts.length) return false;
    return (
      texts.every((text) => isBold(text, el)) ||
      (usual > 0 && texts.every((text) => sizeOf(text, body) >= usual + headings.larger))
    );
  };
  /** @type {Set<Element>} */
  const apart = new Set(lines.filter(isApart));
  // A text of which every other line is bold has bold lines, and no headings.
  if (2 * apart.size > lines.length && lines.length > 2) return;
  const name = body.querySelector("h1, h2, h3, h4, h5, h6") ? "h3" : "h2";
  for (const el of apart) {
    const next = nextOf(el);
    if (!next?.matches(OVER) || apart.has(next)) continue;
    const heading = el.ownerDocument.createElement(name);
    copyAttributes(el, heading, ["lang", "dir"]);
    heading.append(...el.childNodes);
    report.add("headingsMade", el);
    el.replaceWith(heading);
  }
};
