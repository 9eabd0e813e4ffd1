// What is left once the notes are written: figures that may be marks stay, and never run into the word before them.
/** @import { Report } from "../report.js" */
import { newKey } from "../../keys.js";
import { labels } from "../../tables.js";
import { isNoWayBack, isPower, isWayBack, label } from "../labels.js";
import { isText } from "../nodes.js";
import { marksIn } from "./counted.js";
import { MARK_CLASSES, SURE_ID, classes, hashOf, isNamed, markAt, namesOf, whole } from "./marks.js";
import { BLOCKS, HEADINGS, PIECE, Places, hasWords, isUnder, textOf, unwrap, wordsBefore } from "./tree.js";
import { citation } from "./write.js";

const RAISED = new Set(labels.names.raised_classes);
const SIDE = new Set(labels.names.side_classes);
const PAGES = new Set(labels.names.page_classes);
const STYLE = /vertical-align\s*:\s*(super|sub|text-top|top|\d)|(?:^|;)\s*top\s*:\s*-/i;
const RULE = /\.([\w-]+)[^{}]*\{[^}]*vertical-align\s*:\s*(super|sub)\b[^}]*\}/gi;
const LIKE_A_MARK = /note|^fn|foot|ref$|cite|sup/i;
const RAISERS = new Set(["SUP", "SUB"]);
const MARK_ID = /ref|anc$|back/i;

/**
 * The classes that a style sheet raises or lowers: Map(name -> "sup" or "sub").
 * @param {string} css
 */
export const raisedClasses = (css) =>
  new Map(
    [...css.matchAll(RULE)].map(([, name, way]) => [name.toLowerCase(), way.slice(0, 3).toLowerCase()]),
  );

/**
 * @param {Element} el
 * @param {Map<string, string>} raised
 * @param {Element} body
 */
const wayOf = (el, raised, body) => {
  const style = STYLE.exec(el.getAttribute("data-style") ?? "");
  const names = classes(el);
  // The words of a side note are none of the text.
  if (names.some((name) => SIDE.has(name))) return "";
  const found = el.childNodes.length < 6 ? label(textOf(el)) : null;
  if (style) {
    const way = (style[1] ?? "super").toLowerCase();
    if (way === "super" || way === "sub") return way.slice(0, 3);
    if (found) return "sup";
  }
  for (const name of names) {
    const way = raised.get(name);
    if (way) return way;
    if (RAISED.has(name)) return "sup";
    if (name === "sub" || name === "subscript") return "sub";
  }
  const small =
    el.tagName === "SMALL" || (el.tagName === "FONT" && /^(?:-?[12])$/.test(el.getAttribute("size") ?? ""));
  const named =
    isNamed(el, MARK_CLASSES) || (el.tagName === "SPAN" && names.some((name) => LIKE_A_MARK.test(name)));
  return (small || named) && found && el.tagName !== "A" && /\S$/.test(wordsBefore(el, body)) ? "sup" : "";
};

/**
 * What a style raises or lowers is raised or lowered by its element.
 * @param {Element} body
 * @param {Map<string, string>} raised
 */
export const raiseMarks = (body, raised) => {
  for (const el of body.querySelectorAll("span, font, small, b, i, em, strong, a, big, label, abbr")) {
    const way = wayOf(el, raised, body);
    if (
      !way ||
      !hasWords(el) ||
      isUnder(el, RAISERS, body) ||
      el.querySelector(way) ||
      [...el.querySelectorAll("*")].some((one) => BLOCKS.has(one.tagName))
    )
      continue;
    const inner = body.ownerDocument.createElement(way);
    inner.append(...el.childNodes);
    if (/^(?:SPAN|FONT|SMALL|BIG|LABEL)$/.test(el.tagName)) {
      for (const { name, value } of el.attributes) if (name !== "data-style") inner.setAttribute(name, value);
      el.replaceWith(inner);
    } else el.append(inner);
  }
};

/**
 * The number of a printed page inside the text stands in brackets.
 * @param {Element} body
 */
const pageNumbers = (body) => {
  for (const el of body.querySelectorAll("span, a")) {
    const kind = `${el.getAttribute("epub:type") ?? ""} ${el.getAttribute("role") ?? ""}`;
    if (
      !(classes(el).some((name) => PAGES.has(name)) || kind.includes("pagebreak")) ||
      !hasWords(el) ||
      /^[[({]/.test(textOf(el))
    )
      continue;
    el.prepend(" [");
    el.append("] ");
  }
};

/**
 * A mark of a known program whose note did not come along cites an empty note, for the writer to fill.
 * @param {Element} a
 * @param {string} hash
 */
const isKnown = (a, hash) =>
  (SURE_ID.test(hash) || a.closest("[data-fn]")) &&
  !(MARK_ID.test(hash) && namesOf(a).some((name) => SURE_ID.test(name) && !MARK_ID.test(name)));

/**
 * @param {Element} a
 * @param {string} hash
 */
const isWayOfStray = (a, hash) => {
  const name = a.id || a.getAttribute("name") || "";
  return (
    MARK_ID.test(hash) &&
    ((SURE_ID.test(name) && label(textOf(a))) || (textOf(a) && isWayBack(textOf(a)) && !label(textOf(a))))
  );
};

/** @param {Element} link */
const trim = (link) => {
  const { previousSibling: before, nextSibling: after } = link;
  link.remove();
  if (isText(before) && !(after && hasWords(after))) before.data = before.data.trimEnd();
};

/**
 * Unlink what leads to places of the page, say what may be a mark, part figures from words. Returns the keys of the
 * notes that came without their words.
 * @param {Element} body
 * @param {Report} report
 * @param {number} powers
 */
export const settle = (body, report, powers) => {
  /** @type {string[]} */
  const empty = [];
  pageNumbers(body);
  if (powers) report.add("unsure", null, powers);
  /** @type {Set<Element>} */
  const done = new Set();
  for (const a of body.querySelectorAll("a")) {
    if (!a.isConnected || a.closest("sup.footnote-ref")) continue;
    const href = (a.getAttribute("href") ?? "").trim();
    const hash = hashOf(a);
    const text = textOf(a);
    const here = !href || href.startsWith("#");
    if (here && hash && isUnder(a, HEADINGS, body) && (isNoWayBack(text) || isWayBack(text))) {
      report.add("waysUp", a);
      report.record("waysUp", text);
      trim(a);
      continue;
    }
    if (hash && isWayOfStray(a, hash)) {
      // A note that came alone, without what cites it.
      report.record("strayLabels", text);
      if (/[\p{L}\p{N}]/u.test(text)) report.add("strayLabels", a);
      whole(a).remove();
      continue;
    }
    const mark = label(text) ? markAt(a, body, a) : null;
    const alone = mark && !mark.before.trim() && !mark.after.trim();
    const known = hash && isKnown(a, hash);
    const isElsewhere = /^(?:https?:)?\/\//i.test(href);
    // What leads to another page and is set off is a link like any other.
    if (
      mark &&
      !mark.leads &&
      !alone &&
      (isElsewhere && !known ? mark.glued && !mark.setOff : mark.glued || mark.setOff)
    ) {
      if (known) {
        const key = newKey();
        report.add("withoutWords", mark.node);
        report.record("label", text);
        mark.node.replaceWith(citation(body.ownerDocument, key));
        empty.push(key);
        continue;
      }
      if (!mark.setOff) {
        a.prepend("[");
        a.append("]");
      }
      report.add("unsure", a);
      done.add(mark.node);
      for (const el of [a, ...a.querySelectorAll("*")]) done.add(el);
    } else if (here && hash && text) report.add("innerLinks", a);
    if (here) unwrap(a);
  }
  for (const mark of [...marksIn(body, new Places(body))]) {
    const { node } = mark;
    if (
      !node.isConnected ||
      node.closest("sup.footnote-ref") ||
      (node.tagName !== "SUP" && isUnder(node, new Set(["SUP"]), body))
    )
      continue;
    if (done.has(node) || [...node.querySelectorAll("*")].some((el) => done.has(el)) || mark.link) continue;
    if (isPower(mark.before, textOf(node)) || mark.leads || !mark.before.trim()) continue;
    if (mark.label.family === "letter" || (mark.label.family === "roman" && !mark.raised)) continue;
    if (doneText(node, done)) continue;
    report.add("unsure", node);
  }
  for (const piece of body.querySelectorAll(PIECE)) unwrap(piece);
  body.normalize();
  return empty;
};

/**
 * @param {Node} node
 * @param {Set<Element>} done
 */
const doneText = (node, done) => [...done].some((el) => el.contains(node));
