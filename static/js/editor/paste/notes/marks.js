// What may be a note's mark in the text, and what may be an entry for it.
/** @import { Label } from "../labels.js" */

/**
 * A label in the text, with what follows from its place: it stands at a word or a point (`glued`), its line begins with it
 * (`leads`), it is written as marks are (`setOff`).
 * @typedef {{ node: Element; label: Label; link: Element | null; raised: boolean; before: string; after: string; glued: boolean; leads: boolean; setOff: boolean }} Mark
 */
/**
 * A note: its blocks, the marks that cite it, the links in it that lead back; its number where it stands in a list.
 * @typedef {{ blocks: Element[]; marks: Mark[]; backs: Element[]; number?: number; family?: string }} Entry
 */
/** A label as it counts: its family, and its place there. @typedef {[string, number]} Reading */
import { labels } from "../../tables.js";
import { label } from "../labels.js";
import { textOf, wordsAfter, wordsBefore } from "./tree.js";

const NAMES = labels.names;
export const SURE_ID = new RegExp(NAMES.sure_ids, "i");
export const LIKELY_ID = new RegExp(NAMES.likely_ids, "i");
export const MARK_CLASSES = new Set(NAMES.mark_classes);
export const TEXT_CLASSES = new Set(NAMES.text_classes);
const ROLES = new Set(NAMES.roles);
const EPUB = new Set(NAMES.epub);
const WRAPPERS = /^(?:SUP|SPAN|B|I|EM|STRONG|FONT|SMALL|A|U|BIG|LABEL|ABBR|CITE)$/;
// A word, a point or a closing mark, to which a note's mark clings.
const GLUE = /[\p{L}\p{N}\p{M}.,;:!?%…”’"'»›)\]}、。，；：！？」』》〉）】་།؟،؛۔]$/u;

/** @param {string | null} value */
const words = (value) => (value ?? "").toLowerCase().split(/\s+/).filter(Boolean);
/** @param {Element} el */
export const classes = (el) => words(el.getAttribute("class"));

/**
 * Whether an element says by class, role or e-book type that it belongs to notes.
 * @param {Element} el
 * @param {Set<string>} wanted
 */
export const isNamed = (el, wanted) =>
  classes(el).some((one) => wanted.has(one)) ||
  ROLES.has((el.getAttribute("role") ?? "").toLowerCase()) ||
  words(el.getAttribute("epub:type") ?? el.getAttribute("data-type")).some((one) => EPUB.has(one));

/**
 * What an element is called: id, name.
 * @param {Element} el
 */
export const namesOf = (el) =>
  [el.id, el.getAttribute("name") ?? "", el.getAttribute("data-fn") ?? ""].filter(Boolean);

/**
 * The place that a link leads to, in this page or another; "" where it names none.
 * @param {Element} a
 */
export const hashOf = (a) => {
  const raw = a.getAttribute("href") ?? "";
  const at = raw.indexOf("#");
  if (at < 0) return "";
  try {
    return decodeURIComponent(raw.slice(at + 1).trim());
  } catch {
    return raw.slice(at + 1);
  }
};

/** @param {Node} node */
const bare = (node) => textOf(node).replace(/^[[\]()（）［］ ]+|[[\]()（）［］ ]+$/g, "");

/**
 * The outermost element that holds a mark and nothing else.
 * @param {Element} node
 */
export const whole = (node) => {
  let el = node;
  for (
    let up = el.parentElement;
    up && WRAPPERS.test(up.tagName) && bare(up) === bare(el);
    up = up.parentElement
  )
    el = up;
  return el;
};

/**
 * A label in the text: {node, label, link, raised, before, after} with what follows from these.
 * @param {Element} node
 * @param {Label} found
 * @param {{ link?: Element | null; raised?: boolean; before?: string; after?: string }} [options]
 * @returns {Mark}
 */
export const makeMark = (node, found, { link = null, raised = false, before = "", after = "" } = {}) => ({
  node,
  label: found,
  link,
  raised,
  before,
  after,
  // It stands at a word or a point, as marks do.
  glued: GLUE.test(before),
  // Its line begins with it: then it is an entry, or a contents list's.
  leads: !before.trim() && Boolean(after.trim()),
  // It is written as marks are: raised, in brackets, named.
  setOff: raised || ["[", "(", "raised", "circled"].includes(found.form),
});

/**
 * The mark that `node` is, or null where its words are no label.
 * @param {Element} node
 * @param {Element} root
 * @param {Element | null} [link]
 */
export const markAt = (node, root, link = null) => {
  let found = label(textOf(node));
  if (!found) return null;
  const outer = whole(node);
  const raised =
    outer.tagName === "SUP" ||
    node.tagName === "SUP" ||
    node.querySelector("sup") ||
    found.form === "raised" ||
    outer.parentElement?.closest("sup");
  const before = wordsBefore(outer, root);
  const after = wordsAfter(outer, root);
  if (!found.form && /[[［]$/.test(before) && /^[\]］]/.test(after)) found = { ...found, form: "[" };
  return makeMark(outer, found, { link, raised: Boolean(raised), before, after });
};

/** @param {Entry} entry */
export const lastBlock = (entry) => entry.blocks[entry.blocks.length - 1];
