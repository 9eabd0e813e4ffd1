// Notes that a program's own class names tell, where no links do, and marks that cite a note once more.
/** @import { Entry } from "./marks.js" */
import { label } from "../labels.js";
import { makeMark, markAt } from "./marks.js";
import { blockOf, textOf } from "./tree.js";

const MARKS = "[class*='ootnoteReference'], [class*='ndnoteReference']";
const TEXTS = "[class*='ootnoteText'], [class*='ndnoteText']";
/** @param {Element} el */
const bare = (el) => textOf(el).replace(/[[\]().]/g, "");

/**
 * Entries of marks and paragraphs that carry such names.
 * @param {Element} root
 */
export const named = (root) => {
  const marks = [...root.querySelectorAll(MARKS)].filter(
    (el) => label(el.textContent ?? "") && !el.querySelector("[class*='noteReference']"),
  );
  const texts = [...new Set([...root.querySelectorAll(TEXTS)].map((el) => blockOf(el, root)))].filter(
    (block) => block !== null,
  );
  /** @type {Map<string, Entry>} */
  const entries = new Map();
  for (const mark of marks) {
    const box = texts.find((text) => text.contains(mark));
    if (box && !entries.has(bare(mark)))
      entries.set(bare(mark), { blocks: [box], marks: [], backs: [], number: 0 });
  }
  for (const el of marks) {
    const entry = entries.get(bare(el));
    const mark = entry && !texts.some((text) => text.contains(el)) ? markAt(el, root) : null;
    if (mark) entry?.marks.push(mark);
  }
  return [...entries.values()].filter((entry) => entry.marks.length);
};

/**
 * Word's cross-references to a note: its mark once more, without a link.
 * @param {Element} root
 * @param {Entry[]} entries
 */
export const repeated = (root, entries) => {
  /** @param {Element} el */
  const name = (el) => `${/ndnoteReference/.test(el.getAttribute("class") ?? "")} ${bare(el)}`;
  /** @type {Map<string, Entry>} */
  const known = new Map();
  for (const entry of entries)
    for (const { node } of entry.marks) {
      const el = node.matches(MARKS) ? node : node.querySelector(MARKS);
      if (el) known.set(name(el), entry);
    }
  /** @param {Element} el */
  const taken = (el) =>
    entries.some(
      ({ blocks, marks }) =>
        blocks.some((block) => block.contains(el)) ||
        marks.some(({ node }) => node.contains(el) || el.contains(node)),
    );
  for (const el of root.querySelectorAll(MARKS)) {
    const entry = known.get(name(el));
    if (!entry) continue;
    const found = !el.querySelector(MARKS) && !taken(el) ? label(textOf(el)) : null;
    if (found) entry.marks.push(makeMark(el, found, { raised: true }));
  }
};
