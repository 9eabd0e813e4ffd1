// Lists that a program writes as paragraphs (Word) or as one list an item (Word online), made real, nested lists.
/** @import { Label } from "./labels.js" */
/** @import { Report } from "./report.js" */

/**
 * What a printed marker says: a bullet, or the readings of a number or letter; "1.2.3" has three levels.
 * @typedef {{ bullet?: boolean; tick?: string; readings?: [string, number][]; levels: number }} Marker
 */
/** An item of a list: its place, what it holds, and how it counts. @typedef {{ level: number; group: string; blocks: Node[]; ordered: boolean; start: number }} Item */
/** What of Word's list an item stands in, and the marker that Word printed. @typedef {{ marker: Marker; indent: number; level: number; group: string; blocks: Node[] }} Printed */
import { label, pointOf, readings, romanValue } from "./labels.js";

const BULLET = /^[·•◦o§▪▫■□●○–—\-*➢➤✓✔\u2022\uf0b7\uf0a7\uf0d8\uf0fc]$/i;
// Boxes that are ticked, or not, are words of a check list.
const TICKED = /^[☐☑☒✓✔✗✘❑❒]$/;

/** @param {Element} el */
const styleOf = (el) => el.getAttribute("data-style") ?? "";
const IGNORED = /mso-list\s*:\s*Ignore/i;
const ITEM = /mso-list\s*:\s*(l\d+)\s+level(\d+)/i;

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
const lettersValue = (core) => (core.length - 1) * 26 + pointOf(core.toLowerCase()) - 96;

/**
 * Which number an item has, by what stands before and after it at its level: "v" is 5 before "vi", and 22 behind "u".
 * @param {Printed[]} items
 * @param {number} place
 */
const numberOf = (items, place) => {
  const item = items[place];
  /**
   * @param {number} step
   * @returns {Printed | null}
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
   * @param {Printed | null} other
   * @param {number} step
   */
  const fits = (one, other, step) =>
    other?.marker.readings?.some(([family, value]) => family === one[0] && value - one[1] === step);
  const possible = item.marker.readings ?? [];
  return (possible.find((one) => fits(one, beside(-1), -1)) ??
    possible.find((one) => fits(one, beside(1), 1)) ??
    possible.find(([family]) => family !== "letter") ??
    possible[0] ?? ["number", 1])[1];
};

/** @param {Element} el */
const paragraphOf = (el) => {
  const p = el.ownerDocument.createElement("p");
  p.append(...el.childNodes);
  return p;
};

/**
 * Nested lists of flat items [{level, ordered, start, group, blocks}], put in the place of `anchor`.
 * @param {Document} doc
 * @param {Item[]} items
 * @param {Element} anchor
 */
const build = (doc, items, anchor) => {
  /** @type {{ list: HTMLElement; level: number; group: string }[]} */
  const stack = [];
  for (const item of items) {
    while ((stack.at(-1)?.level ?? 0) > item.level) stack.pop();
    let top = stack.at(-1);
    const fits = top?.level === item.level && top.list.tagName === (item.ordered ? "OL" : "UL");
    if (!top || !fits || (top.group !== item.group && item.ordered && item.start === 1)) {
      if (top?.level === item.level) stack.pop();
      const list = doc.createElement(item.ordered ? "ol" : "ul");
      if (item.ordered && item.start > 1) list.setAttribute("start", String(item.start));
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

/** @param {Element} el */
const nextBlock = (el) => {
  let next = el.nextElementSibling;
  while (next?.matches("br")) next = next.nextElementSibling;
  return next;
};

/** @param {Element} el */
const printedOf = (el) => [...el.querySelectorAll("[data-style]")].find((one) => IGNORED.test(styleOf(one)));

/**
 * Take a printed marker out, with what held nothing else; returns its words.
 * @param {Element} el
 */
const takeMarker = (el) => {
  const printed = printedOf(el);
  if (!printed) return "";
  const text = printed.textContent;
  let whole = printed;
  for (
    let up = whole.parentElement;
    up && up !== el && up.textContent.trim() === text.trim();
    up = up.parentElement
  )
    whole = up;
  whole.remove();
  return text;
};

/** @param {Element} el */
const isHeading = (el) =>
  /^H[1-6]$/.test(el.tagName) ||
  /(?:^|\s)(?:Mso)?(?:Heading|Title|Subtitle)/i.test(el.getAttribute("class") ?? "");
/** @param {Element} el */
const indentOf = (el) => Number.parseFloat(/margin-left\s*:\s*(-?[\d.]+)/i.exec(styleOf(el))?.[1] ?? "0");

/**
 * Numbered headings are headings; their numbers go, and are said.
 * @param {Element} body
 * @param {Report} report
 */
const numberedHeadings = (body, report) => {
  for (const el of body.querySelectorAll("[data-style*='mso-list']")) {
    if (!isHeading(el) || !ITEM.test(styleOf(el))) continue;
    const number = takeMarker(el);
    if (!number.trim()) continue;
    report.add("headingNumbers", el);
    report.record("headingNumbers", number);
  }
};

/**
 * Word's desktop lists: paragraphs with `mso-list:l0 level2 lfo1` and a printed marker.
 * @param {Element} body
 * @param {Report} report
 */
export const wordLists = (body, report) => {
  numberedHeadings(body, report);
  const doc = body.ownerDocument;
  /** @param {Element} el */
  const isItem = (el) => el.tagName !== "LI" && !isHeading(el) && ITEM.test(styleOf(el));
  /** @param {Element} el */
  const isIndented = (el) =>
    el.matches("p") && !isItem(el) && !isHeading(el) && /margin-left/i.test(styleOf(el));
  /**
   * @param {Element} el
   * @param {Printed} item
   */
  const continues = (el, item) =>
    isIndented(el) &&
    (el.matches("[class*='MsoListContinue'], p[class*='MsoListParagraph']") ||
      Math.abs(indentOf(el) - item.indent) < 2);
  const seen = new Set();
  for (const first of body.querySelectorAll("[data-style*='mso-list']")) {
    if (seen.has(first) || !first.isConnected || !isItem(first)) continue;
    /** @type {Printed[]} */
    const items = [];
    const used = [];
    /** @type {Element | null} */
    let el = first;
    for (; el; el = nextBlock(el)) {
      const item = items.at(-1);
      const place = isItem(el) ? ITEM.exec(styleOf(el)) : null;
      if (!place && !(item && continues(el, item))) break;
      seen.add(el);
      used.push(el);
      if (!place) {
        item?.blocks.push(paragraphOf(el));
        continue;
      }
      const [, group, level] = place;
      const printed = takeMarker(el);
      const marker = readMarker(printed);
      report.record("label", marker.tick ? "" : printed);
      if (marker.tick) el.prepend(`${marker.tick} `);
      items.push({ marker, indent: indentOf(el), level: Number(level), group, blocks: [paragraphOf(el)] });
    }
    // "1.1." in the outermost list of a piece of a text: its items count by their last part.
    if (items.some(({ marker }) => marker.levels > 1)) report.add("listNumbers", first);
    const counted = items.map((item, place) => {
      const ordered = !item.marker.bullet;
      return { ...item, ordered, start: ordered ? numberOf(items, place) : 1 };
    });
    build(doc, counted, first);
    for (const paragraph of used) paragraph.remove();
  }
};

/**
 * Word online: every item in a list of its own, its depth in `data-aria-level`.
 * @param {Element} body
 */
export const onlineLists = (body) => {
  const doc = body.ownerDocument;
  /** @param {Element} list */
  const wrapper = (list) =>
    list.parentElement?.matches("[class*='ListContainerWrapper']") ? list.parentElement : list;
  /** @param {Element} list */
  const isFlat = (list) =>
    list.querySelector(":scope > li[data-aria-level]") && !list.querySelector("ul, ol");
  const lists = [...body.querySelectorAll("ul, ol")].filter(isFlat);
  const seen = new Set();
  for (const first of lists) {
    if (seen.has(first)) continue;
    /** @type {Item[]} */
    const items = [];
    const used = [];
    /** @type {Element | null} */
    let el = wrapper(first);
    for (; el; el = nextBlock(el)) {
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
    }
    build(doc, items, used[0]);
    for (const paragraph of used) paragraph.remove();
  }
};

/**
 * Lists that hang between items (<ul><li/><ul/></ul>, as Google Docs and old HTML write them) moved into the item before.
 * @param {Element} body
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
 * @param {Element} body
 */
export const valuedLists = (body) => {
  for (const list of body.querySelectorAll("ol:has(> li[value])")) {
    let current = list;
    let next = Number.parseInt(list.getAttribute("start") ?? "", 10) || 1;
    for (const li of [...list.children]) {
      const value = Number.parseInt(li.getAttribute("value") ?? "", 10);
      if (li.tagName === "LI" && Number.isFinite(value) && value !== next) {
        if (li.previousElementSibling || current !== list) {
          const rest = /** @type {Element} */ (list.cloneNode(false));
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
