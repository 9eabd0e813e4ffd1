// Lists that a program writes as paragraphs (Word) or as one list an item (Word online), made real, nested lists.
/** @import { Label } from "./labels.js" */
/** @import { Report } from "./report.js" */

/**
 * What a printed marker says: a bullet, or the readings of a number or letter; "1.2.3" has three levels.
 * @typedef {{ bullet?: boolean; tick?: string; readings?: [string, number][]; levels: number }} Marker
 */
/** An item of a list: its place, what it holds, and, once all are known, how it counts. @typedef {{ marker?: Marker; indent?: number; level: number; group: string; blocks: Node[]; ordered?: boolean; start?: number }} Item */
import { label, readings, romanValue } from "./labels.js";

const BULLET = /^[·•◦o§▪▫■□●○–—\-*➢➤✓✔\u2022\uf0b7\uf0a7\uf0d8\uf0fc]$/i;
// Boxes that are ticked, or not, are words of a check list.
const TICKED = /^[☐☑☒✓✔✗✘❑❒]$/;

/** @param {Node} el */
const styleOf = (el) => el.getAttribute("data-style") ?? "";
const IGNORED = /mso-list\s*:\s*Ignore/i;

/**
 * What a printed marker says: {bullet}, {number} or the readings of letters [[family, value]…]; "1.2.3" counts by its last part.
 * @param {string} text
 * @returns {Marker}
 */
const readMarker = (text) => {
  const plain = text.replace(/[\s\u00a0]+/g, "");
  if (!plain || BULLET.test(plain) || TICKED.test(plain))
    return { bullet: true, tick: TICKED.test(plain) ? plain : "", levels: 1 };
  const parts = /^[([]?((?:\p{Nd}+[.．])*)(\p{Nd}+)[.．)\]:、]*$/u.exec(plain);
  if (parts) {
    const found = label(parts[2].slice(-3));
    return {
      readings: [["number", Number(parts[2]) || found?.value || 1]],
      levels: parts[1].split(/[.．]/).length,
    };
  }
  const core = plain.replace(/[()[\].:]/g, "");
  // Longer numerals than notes have.
  if (/^[ivxlcdm]{2,}$/i.test(core)) return { readings: [["roman", romanValue(core)]], levels: 1 };
  const found = label(core);
  if (found) return { readings: readings(found), levels: 1 };
  return /^[a-z]{1,6}$/i.test(core)
    ? { readings: [["letter", lettersValue(core)]], levels: 1 }
    : { bullet: true, tick: "", levels: 1 };
};

/**
 * "aa" follows "z" as 27, "bb" as 28: Word doubles its letters.
 * @param {string} core
 */
const lettersValue = (core) => (core.length - 1) * 26 + core.toLowerCase().codePointAt(0) - 96;

/**
 * Which number an item has, by what stands before and after it at its level: "v" is 5 before "vi", and 22 behind "u".
 * @param {Item[]} items
 * @param {number} place
 */
const numberOf = (items, place) => {
  const item = items[place];
  /**
   * @param {number} step
   * @returns {Item | null}
   */
  const beside = (step) => {
    for (let i = place + step; i >= 0 && i < items.length; i += step) {
      if (items[i].level < item.level) return null;
      if (items[i].level === item.level) return items[i];
    }
    return null;
  };
  /**
   * @param {[string, number]} one
   * @param {Item | null} other
   * @param {number} step
   */
  const fits = (one, other, step) =>
    other?.marker.readings?.some(([family, value]) => family === one[0] && value - one[1] === step);
  const { readings: possible } = item.marker;
  return (possible.find((one) => fits(one, beside(-1), -1)) ??
    possible.find((one) => fits(one, beside(1), 1)) ??
    possible.find(([family]) => family !== "letter") ??
    possible[0])[1];
};

/** @param {Node} el */
const paragraphOf = (el) => {
  const p = el.ownerDocument.createElement("p");
  p.append(...el.childNodes);
  return p;
};

/**
 * Nested lists of flat items [{level, ordered, start, group, blocks}], put in the place of `anchor`.
 * @param {Document} doc
 * @param {any} items
 * @param {any} anchor
 */
const build = (doc, items, anchor) => {
  const stack = []; // [{list, level, group}]
  for (const item of items) {
    while (stack.length && stack.at(-1).level > item.level) stack.pop();
    let top = stack.at(-1);
    const fits = top && top.level === item.level && top.list.tagName === (item.ordered ? "OL" : "UL");
    if (!fits || (top.group !== item.group && item.ordered && item.start === 1)) {
      if (top?.level === item.level) stack.pop();
      const list = doc.createElement(item.ordered ? "ol" : "ul");
      if (item.ordered && item.start > 1) list.setAttribute("start", item.start);
      const host = stack.at(-1)?.list.lastElementChild;
      if (host) host.append(list);
      else anchor.before(list);
      top = { list, level: item.level, group: item.group };
      stack.push(top);
    }
    const li = doc.createElement("li");
    li.append(...item.blocks);
    top.list.append(li);
  }
};

/** @param {Node} el */
const nextBlock = (el) => {
  let next = el.nextElementSibling;
  while (next?.matches("br")) next = next.nextElementSibling;
  return next;
};

/** @param {Node} el */
const printedOf = (el) => [...el.querySelectorAll("[data-style]")].find((one) => IGNORED.test(styleOf(one)));

/**
 * Take a printed marker out, with what held nothing else; returns its words.
 * @param {Node} el
 */
const takeMarker = (el) => {
  const printed = printedOf(el);
  if (!printed) return "";
  const text = printed.textContent;
  let whole = printed;
  while (whole.parentElement !== el && whole.parentElement.textContent.trim() === text.trim())
    whole = whole.parentElement;
  whole.remove();
  return text;
};

/** @param {Node} el */
const isHeading = (el) =>
  /^H[1-6]$/.test(el.tagName) ||
  /(?:^|\s)(?:Mso)?(?:Heading|Title|Subtitle)/i.test(el.getAttribute("class") ?? "");
/** @param {Node} el */
const indentOf = (el) => Number.parseFloat(/margin-left\s*:\s*(-?[\d.]+)/i.exec(styleOf(el))?.[1] ?? "0");

/**
 * Numbered headings are headings; their numbers go, and are said.
 * @param {Node} body
 * @param {Report} report
 */
const numberedHeadings = (body, report) => {
  for (const el of body.querySelectorAll("[data-style*='mso-list']")) {
    if (!isHeading(el) || !/mso-list\s*:\s*l\d+\s+level\d+/i.test(styleOf(el))) continue;
    const number = takeMarker(el);
    if (!number.trim()) continue;
    report.add("headingNumbers", el);
    report.record("headingNumbers", number);
  }
};

/**
 * Word's desktop lists: paragraphs with `mso-list:l0 level2 lfo1` and a printed marker.
 * @param {Node} body
 * @param {Report} report
 */
export const wordLists = (body, report) => {
  numberedHeadings(body, report);
  const doc = body.ownerDocument;
  /** @param {Node} el */
  const isItem = (el) =>
    el.tagName !== "LI" && !isHeading(el) && /mso-list\s*:\s*l\d+\s+level\d+/i.test(styleOf(el));
  /** @param {Node} el */
  const isIndented = (el) =>
    el?.matches("p") && !isItem(el) && !isHeading(el) && /margin-left/i.test(styleOf(el));
  /**
   * @param {Node} el
   * @param {Item} item
   */
  const continues = (el, item) =>
    isIndented(el) &&
    (el.matches("[class*='MsoListContinue'], p[class*='MsoListParagraph']") ||
      Math.abs(indentOf(el) - item.indent) < 2);
  const seen = new Set();
  for (const first of body.querySelectorAll("[data-style*='mso-list']")) {
    if (seen.has(first) || !first.isConnected || !isItem(first)) continue;
    /** @type {Item[]} */
    const items = [];
    const used = [];
    for (
      /** @type {Element} */ let el = first;
      el && (isItem(el) || (items.length && continues(el, items.at(-1))));
      el = /** @type {PageElement} */ (nextBlock(el))
    ) {
      seen.add(el);
      used.push(el);
      if (!isItem(el)) {
        items.at(-1).blocks.push(paragraphOf(el));
        continue;
      }
      const [, group, level] = /mso-list\s*:\s*(l\d+)\s+level(\d+)/i.exec(styleOf(el));
      const printed = takeMarker(el);
      const marker = readMarker(printed);
      report.record("label", marker.tick ? "" : printed);
      if (marker.tick) el.prepend(`${marker.tick} `);
      items.push({ marker, indent: indentOf(el), level: Number(level), group, blocks: [paragraphOf(el)] });
    }
    // "1.1." in the outermost list of a piece of a text: its items count by their last part.
    if (items.some(({ marker }) => marker.levels > 1)) report.add("listNumbers", first);
    items.forEach((item, place) => {
      item.ordered = !item.marker.bullet;
      item.start = item.ordered ? numberOf(items, place) : 1;
    });
    build(doc, items, first);
    for (const paragraph of used) paragraph.remove();
  }
};

/**
 * Word online: every item in a list of its own, its depth in `data-aria-level`.
 * @param {Node} body
 */
export const onlineLists = (body) => {
  const doc = body.ownerDocument;
  /** @param {Node} list */
  const wrapper = (list) =>
    list.parentElement.matches("[class*='ListContainerWrapper']") ? list.parentElement : list;
  /** @param {Node} list */
  const isFlat = (list) =>
    list?.querySelector(":scope > li[data-aria-level]") && !list.querySelector("ul, ol");
  const lists = [...body.querySelectorAll("ul, ol")].filter(isFlat);
  const seen = new Set();
  for (const first of lists) {
    if (seen.has(first)) continue;
    const items = [];
    const used = [];
    let el = wrapper(first);
    while (el) {
      const inner = el.matches("ul, ol")
        ? [el]
        : el.matches("[class*='ListContainerWrapper']")
          ? [...el.querySelectorAll(":scope > ul, :scope > ol")]
          : [];
      if (!inner.length || !inner.every(isFlat)) break;
      for (const list of inner) {
        seen.add(list);
        for (const li of list.children)
          items.push({
            level: Number(li.getAttribute("data-aria-level")) || 1,
            ordered: list.tagName === "OL",
            start: Number(list.getAttribute("start") ?? li.getAttribute("data-aria-posinset")) || 1,
            group: list.getAttribute("data-listid") ?? li.getAttribute("data-listid") ?? "",
            blocks: [...li.childNodes],
          });
      }
      used.push(el);
      el = /** @type {PageElement} */ (nextBlock(el));
    }
    build(doc, items, used[0]);
    for (const paragraph of used) paragraph.remove();
  }
};

/**
 * Lists that hang between items (<ul><li/><ul/></ul>, as Google Docs and old HTML write them) moved into the item before.
 * @param {Node} body
 */
export const hangingLists = (body) => {
  for (const list of body.querySelectorAll(":is(ul, ol) > :is(ul, ol)")) {
    const before = list.previousElementSibling;
    if (before?.tagName === "LI") before.append(list);
    else {
      const li = list.ownerDocument.createElement("li");
      list.replaceWith(li);
      li.append(list);
    }
  }
};

/**
 * Items that say their numbers: a list begins where its first says, and goes on as another where one says another number.
 * @param {Node} body
 */
export const valuedLists = (body) => {
  for (const list of body.querySelectorAll("ol:has(> li[value])")) {
    /** @type {Node} */
    let current = list;
    let next = Number.parseInt(list.getAttribute("start"), 10) || 1;
    for (const li of [...list.children]) {
      const value = Number.parseInt(li.getAttribute("value"), 10);
      if (li.tagName === "LI" && Number.isFinite(value) && value !== next) {
        if (li.previousElementSibling || current !== list) {
          const rest = list.cloneNode(false);
          current.after(rest);
          current = rest;
        }
        current.setAttribute("start", String(value));
        next = value;
      }
      if (current !== list) current.append(li);
      if (li.tagName === "LI") next += 1;
    }
  }
};
