// Notes that stand where they are cited: side notes in the text, and the words of a tooltip on a mark.
/** @import { Label } from "../labels.js" */
/** @import { Entry } from "./marks.js" */
/** @import { Report } from "../report.js" */
import { labels } from "../../tables.js";
import { label } from "../labels.js";
import { isElement, isText, tagOf } from "../nodes.js";
import { classes, makeMark, markAt } from "./marks.js";
import { PIECE, hasWords, textOf } from "./tree.js";

const SIDE = new Set(labels.names.side_classes);
const NUMBERS = new Set(labels.names.side_number_classes);
const TOOLTIPS = ["title", "data-tooltip", "data-tippy-content", "data-footnote-content"];
// What programs say on a mark when the pointer rests on it, and no note; a single word is none either.
const GUIDANCE =
  /^\s*(?:(?:click|jump|go|scroll|skip|back|link|return|view|read|see|show|open)\b.*|(?:foot|end)?notes?\b.{0,12}|footnote reference.*|https?:\S+|\S+)\s*$/is;

/**
 * Whether something before a side note only shows its number or opens it.
 * @param {Node} node
 * @returns {boolean}
 */
const setsOff = (node) => {
  // The mark itself, alone with the words that a pointer shows: <span>4<span class="tooltiptext">…</span></span>.
  if (
    isText(node) &&
    !node.previousSibling &&
    label(node.data) &&
    /^(?:SPAN|SUP|A|ABBR)$/.test(tagOf(node.parentNode))
  )
    return true;
  if (!isElement(node))
    return (
      node.nodeType === Node.COMMENT_NODE ||
      (!hasWords(node) && node.previousSibling !== null && setsOff(node.previousSibling))
    );
  if (!hasWords(node)) return /^(?:LABEL|INPUT|SPAN)$/.test(node.tagName);
  return (
    label(textOf(node)) !== null &&
    (/^(?:LABEL|SUP)$/.test(node.tagName) || classes(node).some((one) => NUMBERS.has(one)))
  );
};

/**
 * @param {Element} root
 * @param {Report} report
 */
const sideNotes = (root, report) => {
  /** @type {Entry[]} */
  const found = [];
  for (const el of root.querySelectorAll("span, small, aside, div")) {
    if (!classes(el).some((one) => SIDE.has(one)) || !hasWords(el) || !el.isConnected) continue;
    /** @type {Label | null} */
    let number = null;
    const anchor = el.ownerDocument.createElement(PIECE);
    el.before(anchor);
    while (anchor.previousSibling && setsOff(anchor.previousSibling)) {
      number = label(textOf(anchor.previousSibling)) ?? number;
      report.record("label", anchor.previousSibling.textContent ?? "");
      anchor.previousSibling.remove();
    }
    const first = [...el.childNodes].find(hasWords);
    // Its own number, raised: "12 May" begins with none.
    if (first && isElement(first) && setsOff(first)) number ??= label(textOf(first));
    number ??= { family: "number", value: 0, key: "", form: "raised" };
    const block = el.ownerDocument.createElement("p");
    block.append(...el.childNodes);
    el.remove();
    found.push({
      blocks: [block],
      marks: [makeMark(anchor, number, { raised: true })],
      backs: [],
      number: 0,
    });
  }
  return found;
};

/** @param {Element} root */
const tooltips = (root) => {
  /** @type {Map<string, Entry>} */
  const found = new Map();
  for (const el of root.querySelectorAll("a, sup, abbr, span")) {
    const said = TOOLTIPS.map((name) => el.getAttribute(name)).find(Boolean);
    if (!said || GUIDANCE.test(said) || !label(textOf(el)) || el.closest("sup.footnote-ref")) continue;
    const mark = markAt(el, root, el.tagName === "A" ? el : null);
    if (!mark || mark.leads || !(mark.setOff || mark.glued)) continue;
    let entry = found.get(said);
    if (!entry) {
      const block = el.ownerDocument.createElement("p");
      block.textContent = said;
      entry = { blocks: [block], marks: [], backs: [], number: 0 };
      found.set(said, entry);
    }
    if (![...found.values()].some(({ marks }) => marks.some(({ node }) => node === mark.node)))
      entry.marks.push(mark);
  }
  return [...found.values()].filter(({ marks }) => marks.length);
};

/**
 * Side notes and tooltips as entries; their blocks stand outside the tree.
 * @param {Element} root
 * @param {Report} report
 */
export const beside = (root, report) => [...sideNotes(root, report), ...tooltips(root)];
