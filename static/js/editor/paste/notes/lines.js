// Lines that may be notes get a box each: entries parted by breaks, terms with their descriptions.
import { follow, label, opening } from "../labels.js";
import { BLOCKS, LINE, hasWords, textOf, unwrap } from "./tree.js";

const CONTAINERS = "p, div, td, li, dd, section, blockquote, aside, article, center, pre";
const SHELLS = /^(?:SMALL|FONT|SPAN|I|EM|B)$/;

/**
 * Whether a line begins with what a link of the page leads to, and the place itself is a label or empty.
 * @param {Node[]} line
 * @param {Set<string>} wanted
 */
const beginsWithPlace = (line, wanted) => {
  for (const child of line) {
    if (child.nodeType === 1) {
      const places = [child, ...child.querySelectorAll("[id], [name]")];
      if (places.some((el) => wanted.has(el.id) || wanted.has(el.getAttribute("name")))) {
        const text = textOf(child);
        return !text || label(text) !== null || opening(text) !== null;
      }
    }
    if (hasWords(child)) return false;
  }
  return false;
};

/**
 * The lines that begin with labels which count, where there are at least two of them.
 * @param {Node[][]} lines
 */
const counting = (lines) => {
  const found = lines
    .map(
      (line) =>
        /** @type {const} */ ([
          line,
          opening(
            line
              .map((one) => one.textContent)
              .join("")
              .trimStart(),
          ),
        ]),
    )
    .filter(([, begin]) => begin);
  return found.length < 2 || !follow(found.map(([, [one]]) => one)) ? [] : found.map(([line]) => line);
};

/**
 * @param {Node} container
 * @param {Set<string>} wanted
 */
const part = (container, wanted) => {
  /** @type {Node[][]} */
  const lines = [[]];
  for (const child of container.childNodes) {
    if (BLOCKS.has(child.tagName)) {
      lines.push([]);
      continue;
    }
    lines.at(-1).push(child);
    if (child.tagName === "BR") lines.push([]);
  }
  const full = lines.filter((line) => line.some(hasWords));
  const anchored = full.filter((line) => beginsWithPlace(line, wanted));
  const starts = anchored.length > 1 || (anchored.length && full.length > 1) ? anchored : counting(full);
  const begins = new Set(starts.map((line) => line[0]));
  if (!begins.size) return;
  let box = null;
  for (const child of [...container.childNodes]) {
    if (BLOCKS.has(child.tagName)) box = null;
    else if (begins.has(child)) {
      box = container.ownerDocument.createElement(LINE);
      child.before(box);
    }
    box?.append(child);
  }
};

/** @param {Node} body */
const partTerms = (body) => {
  for (const terms of body.querySelectorAll("dl")) {
    let box = null;
    for (const child of [...terms.children]) {
      if (child.tagName === "DT") {
        box = null;
        if (label(textOf(child)) || !hasWords(child)) {
          box = terms.ownerDocument.createElement(LINE);
          child.before(box);
        }
      }
      if (box && /^D[TD]$/.test(child.tagName)) box.append(child);
    }
  }
};

/**
 * Box the lines of `body`; `wanted` are the names that links of the page lead to.
 * @param {Node} body
 * @param {Set<string>} wanted
 */
export const partLines = (body, wanted) => {
  partTerms(body);
  for (const container of [body, ...body.querySelectorAll(CONTAINERS)]) {
    let inner = container;
    for (;;) {
      const full = [...inner.childNodes].filter(hasWords);
      if (full.length !== 1 || !SHELLS.test(full[0].tagName)) break;
      [inner] = full;
    }
    if (inner.childNodes.length > 1) part(inner, wanted);
  }
};

/** @param {Node} body */
export const joinLines = (body) => {
  for (const line of body.querySelectorAll(LINE)) unwrap(line);
};
