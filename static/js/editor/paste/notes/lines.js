// Lines that may be notes get a box each: entries parted by breaks, terms with their descriptions.
import { follow, label, opening } from "../labels.js";
import { isElement, tagOf } from "../nodes.js";
import { LINE, hasWords, isBlock, textOf, unwrap } from "./tree.js";

const CONTAINERS = "p, div, td, li, dd, section, blockquote, aside, article, center, pre";
const SHELLS = /^(?:SMALL|FONT|SPAN|I|EM|B)$/;

/**
 * Whether a line begins with what a link of the page leads to, and the place itself is a label or empty.
 * @param {Node[]} line
 * @param {Set<string>} wanted
 */
const beginsWithPlace = (line, wanted) => {
  for (const child of line) {
    if (isElement(child)) {
      const places = [child, ...child.querySelectorAll("[id], [name]")];
      if (places.some((el) => wanted.has(el.id) || wanted.has(el.getAttribute("name") ?? ""))) {
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
  const found = lines.flatMap((line) => {
    const words = line.map((one) => one.textContent).join("");
    const begin = opening(words.trimStart());
    return begin ? [{ line, label: begin[0] }] : [];
  });
  return found.length < 2 || !follow(found.map((one) => one.label)) ? [] : found.map(({ line }) => line);
};

/**
 * @param {Element} container
 * @param {Set<string>} wanted
 */
const part = (container, wanted) => {
  /** @type {Node[]} */
  let open = [];
  const lines = [open];
  for (const child of container.childNodes) {
    if (!isBlock(child)) open.push(child);
    if (isBlock(child) || tagOf(child) === "BR") {
      open = [];
      lines.push(open);
    }
  }
  const full = lines.filter((line) => line.some(hasWords));
  const anchored = full.filter((line) => beginsWithPlace(line, wanted));
  const starts = anchored.length > 1 || (anchored.length && full.length > 1) ? anchored : counting(full);
  const begins = new Set(starts.map((line) => line[0]));
  if (!begins.size) return;
  /** @type {HTMLElement | null} */
  let box = null;
  for (const child of [...container.childNodes]) {
    if (isBlock(child)) box = null;
    else if (begins.has(child)) {
      box = container.ownerDocument.createElement(LINE);
      child.before(box);
    }
    box?.append(child);
  }
};

/** @param {Element} body */
const partTerms = (body) => {
  for (const terms of body.querySelectorAll("dl")) {
    /** @type {HTMLElement | null} */
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
 * @param {Element} body
 * @param {Set<string>} wanted
 */
export const partLines = (body, wanted) => {
  partTerms(body);
  for (const container of [body, ...body.querySelectorAll(CONTAINERS)]) {
    let inner = container;
    for (;;) {
      const full = [...inner.childNodes].filter(hasWords);
      const [only] = full;
      if (full.length !== 1 || !isElement(only) || !SHELLS.test(only.tagName)) break;
      inner = only;
    }
    if (inner.childNodes.length > 1) part(inner, wanted);
  }
};

/** @param {Element} body */
export const joinLines = (body) => {
  for (const line of body.querySelectorAll(LINE)) unwrap(line);
};
