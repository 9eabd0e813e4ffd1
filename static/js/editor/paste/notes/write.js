// The notes that were found: citations in their places, their words taken out, labels and arrows gone.
/** @import { Entry } from "./marks.js" */
/** @import { Report } from "../report.js" */
import { newKey } from "../../keys.js";
import {
  isHeading,
  isNoWayBack,
  isWayBack,
  label,
  opening,
  withoutArrowBefore,
  withoutArrows,
  withoutWay,
} from "../labels.js";
import { copyAttributes, isElement, isText, tagOf, textsUnder } from "../nodes.js";
import { hashOf, lastBlock } from "./marks.js";
import { BLOCKS, HEADINGS, LINE, hasWords, textOf } from "./tree.js";

const MEANT = /^[\s,;，、()[\]–-]*$/;
const LEFT_OVER = /^\s*[\])]?[.:,]?\s+|^\s*[\])][.:]?/;
const EMPTY_BRACKETS = /(?:\s*[([（［]\s*[)\]）］]|[\s|·])+$/;
const INLINE = /^(?:SUP|SPAN|A|B|STRONG|I|EM|SMALL|FONT|U|DT|TD|TH|CITE|BIG|LABEL)$/;
const AROUND_MARKS = /^(?:SUP|SPAN|A|SMALL|FONT|B|STRONG|NEWSROOM-PIECE)$/;
/** @param {Node | null} node */
const isOurs = (node) => isElement(node) && node.matches("sup.footnote-ref");

/**
 * A citation in our own form.
 * @param {Document} doc
 * @param {string} key
 */
export const citation = (doc, key) => {
  const sup = doc.createElement("sup");
  sup.className = "footnote-ref";
  const link = doc.createElement("a");
  link.setAttribute("href", `#fn-${key}`);
  link.textContent = "0";
  sup.append(link);
  return sup;
};

/**
 * Put a citation in the place of a mark, and of what only set it off: raising, brackets, commas between two.
 * @param {Element} node
 * @param {string} key
 * @param {Report} report
 */
export const cite = (node, key, report) => {
  report.record("label", textOf(node));
  const mark = citation(node.ownerDocument, key);
  node.replaceWith(mark);
  for (let up = mark.parentElement; up?.parentNode && AROUND_MARKS.test(up.tagName); ) {
    const kept = [...up.children];
    const between = [...up.childNodes]
      .filter(isText)
      .map((child) => child.data)
      .join("");
    if (!kept.every(isOurs) || !MEANT.test(between)) break;
    const outer = up.parentElement;
    up.replaceWith(...kept);
    up = outer;
  }
  const { previousSibling: before, nextSibling: after } = mark;
  if (isText(before) && isText(after) && /[[［]$/.test(before.data) && /^[\]］]/.test(after.data)) {
    before.data = before.data.slice(0, -1);
    after.data = after.data.slice(1);
  }
};

/**
 * Take an element away with its words, and the boxes that held nothing else.
 * @param {Element} node
 * @param {Report} report
 */
const takeOut = (node, report) => {
  report.record("label", textOf(node));
  let parent = node.parentElement;
  node.remove();
  while (parent?.parentNode && INLINE.test(parent.tagName) && !hasWords(parent)) {
    const outer = parent.parentElement;
    parent.remove();
    parent = outer;
  }
};

/** @param {Element} block */
const dropLeftOver = (block) => {
  for (const run of textsUnder(block)) {
    if (!run.data.trim()) continue;
    run.data = run.data.replace(LEFT_OVER, "").trimStart();
    if (run.data) return;
  }
};

/**
 * Take away the label with which a note begins, if it is the note's own: "12 people" begins with none.
 * @param {Element} block
 * @param {Set<string>} keys
 * @param {Report} report
 * @param {boolean} bare
 */
const dropLabel = (block, keys, report, bare) => {
  for (let time = 0; time < 4; time++) {
    const full = textsUnder(block).filter((run) => run.data.trim());
    const [first] = full;
    if (!first) return;
    first.data = withoutArrowBefore(first.data.trimStart());
    if (!first.data) continue;
    let el = first.parentElement ?? block;
    for (
      let up = el.parentElement;
      el !== block && up && up !== block && textOf(up) === textOf(el);
      up = up.parentElement
    )
      el = up;
    const alone = el !== block && INLINE.test(el.tagName) ? label(textOf(el)) : null;
    if (alone && keys.has(alone.key) && textOf(el) !== textOf(block)) {
      takeOut(el, report);
      dropLeftOver(block);
      return;
    }
    const begin = opening(
      full
        .slice(0, 8)
        .map((run) => run.data)
        .join(""),
      bare,
    );
    if (!begin || !keys.has(begin[0].key) || begin[1] >= block.textContent.trim().length) return;
    let [, length] = begin;
    for (const run of full) {
      const taken = run.data.slice(0, length);
      report.record("label", taken);
      run.data = run.data.slice(length);
      length -= taken.length;
      if (length <= 0) break;
    }
    dropLeftOver(block);
    return;
  }
};

/**
 * Take "^" from a note's end, and the brackets around a way back.
 * @param {Element} block
 * @param {Report} report
 */
const dropArrows = (block, report) => {
  for (const run of textsUnder(block).reverse()) {
    run.data = withoutArrows(run.data).replace(EMPTY_BRACKETS, "");
    // Commas between ways back.
    if (/^[\s,;|·、/]*$/.test(run.data)) run.data = "";
    const words = withoutWay(run.data);
    if (words && words !== run.data.trimEnd()) {
      report.record("label", run.data.slice(words.length));
      run.data = words;
    }
    if (run.data.trim()) return;
  }
};

/**
 * @param {Element} el
 * @param {string} name
 */
const renamed = (el, name) => {
  const next = el.ownerDocument.createElement(name);
  copyAttributes(el, next, ["lang", "dir", "class", "data-style"]);
  next.append(...el.childNodes);
  return next;
};

/** @param {Entry} entry */
const keysOf = (entry) =>
  new Set([
    ...entry.marks.map((mark) => mark.label.key),
    ...(entry.number && entry.family === "number" ? [String(entry.number)] : []),
  ]);

/** @param {Entry} entry */
const begins = (entry) =>
  opening(withoutArrowBefore(entry.blocks[0].textContent.trimStart()), true)?.[0].key ?? "";

/**
 * Remove a block, and the boxes that held nothing else.
 * @param {Element} block
 * @param {Element} body
 */
const remove = (block, body) => {
  for (let el = block, parent = el.parentElement; parent; el = parent, parent = el.parentElement) {
    el.remove();
    if (parent === body || hasWords(parent) || parent.querySelector("sup.footnote-ref, img, table")) return;
  }
};

/**
 * The note's words: what is left of its blocks once the label, and the ways back, are gone.
 * @param {Entry} entry
 * @param {Set<string>} keys
 * @param {boolean} bare
 * @param {Element} body
 * @param {Report} report
 */
const wordsOf = (entry, keys, bare, body, report) => {
  const box = body.ownerDocument.createElement("div");
  let own = keys;
  for (const link of entry.blocks.flatMap((block) => [...block.querySelectorAll("a")])) {
    const text = textOf(link);
    if (!hashOf(link) && !/^#?$/.test(link.getAttribute("href") ?? "#")) continue;
    const back = isWayBack(text) && (entry.backs.includes(link) || !label(text));
    if (!(back || isNoWayBack(text)) || isOurs(link.parentNode)) continue;
    // The label itself leads back: what follows is the note's own, "Note 1" too.
    if (keys.has(label(text)?.key ?? "") && textOf(entry.blocks[0]).startsWith(text)) own = new Set();
    takeOut(link, report);
  }
  dropLabel(entry.blocks[0], own, report, bare);
  dropArrows(lastBlock(entry), report);
  for (const block of entry.blocks) {
    if (block.parentNode) remove(block, body);
    while (
      block.lastChild &&
      (tagOf(block.lastChild) === "BR" || (isText(block.lastChild) && !hasWords(block.lastChild)))
    )
      block.lastChild.remove();
    if (block.tagName === "TR")
      for (const cell of [...block.children]) cell.replaceWith(renamed(cell, "div"));
    if (/^(?:LI|DIV|TD|DD|TR|ASIDE)$/.test(block.tagName) || block.tagName === LINE)
      box.append(renamed(block, "div"));
    else if (BLOCKS.has(block.tagName)) box.append(block);
    else {
      const p = body.ownerDocument.createElement("p");
      p.append(block);
      box.append(p);
    }
  }
  return box;
};

/**
 * The rule and the word "Notes" before the first note of a series, nearest first.
 * @param {Element} first
 * @param {Element} body
 */
const frameOf = (first, body) => {
  let node = first;
  /** @param {Element} el */
  const hasBefore = (el) => {
    for (let side = el.previousSibling; side; side = side.previousSibling)
      if (side.nodeType !== Node.COMMENT_NODE && (hasWords(side) || tagOf(side) === "HR")) return true;
    return false;
  };
  for (let up = node.parentElement; up && up !== body && !hasBefore(node); up = up.parentElement) node = up;
  /** @type {Element[]} */
  const frame = [];
  for (let before = node.previousElementSibling; before; before = before.previousElementSibling) {
    const text = textOf(before);
    if (/^[HB]R$/.test(before.tagName) || !text) {
      if ((BLOCKS.has(before.tagName) || before.tagName === "BR") && !before.querySelector("table, img"))
        frame.push(before);
    } else if (isHeading(text) && (BLOCKS.has(before.tagName) || /^(?:STRONG|B)$/.test(before.tagName)))
      frame.push(before);
    else break;
  }
  return frame;
};

/**
 * A heading goes only where nothing stands under it any more.
 * @param {Element[]} frame
 * @param {Element} body
 * @param {Report} report
 */
const dropFrame = (frame, body, report) => {
  if (frame.some((el) => !el.isConnected)) return;
  let after = frame[0].nextElementSibling;
  while (after && !hasWords(after)) after = after.nextElementSibling;
  const alone =
    !after ||
    HEADINGS.has(after.tagName) ||
    (after.firstElementChild &&
      HEADINGS.has(after.firstElementChild.tagName) &&
      textOf(after) === textOf(after.firstElementChild));
  for (const el of frame)
    if (alone || !hasWords(el)) {
      report.record("label", textOf(el));
      remove(el, body);
    }
};

/**
 * Cite the entries and take their words out of the text: Map(key -> box with the note's words).
 * @param {Element} body
 * @param {Entry[]} entries
 * @param {Report} report
 */
export const writeNotes = (body, entries, report) => {
  const frames = entries
    .filter((entry) => entry.blocks[0].isConnected)
    .map((entry) => frameOf(entry.blocks[0], body))
    .filter((frame) => frame.length);
  const below = entries.filter((entry) => entry.blocks[0].isConnected);
  const own = below.filter((entry) => keysOf(entry).has(begins(entry)));
  // "A. Varn" begins with no label where no other note begins with its own.
  const labelled = 2 * own.length >= below.length;
  const bare = below.length > 1 && own.length === below.length;
  /** @type {Map<string, Element | null>} */
  const notes = new Map();
  const keys = entries.map(() => newKey());
  entries.forEach((entry, i) => {
    for (const mark of entry.marks) if (mark.node.isConnected) cite(mark.node, keys[i], report);
  });
  entries.forEach((entry, i) =>
    notes.set(keys[i], wordsOf(entry, labelled ? keysOf(entry) : new Set(), bare, body, report)),
  );
  for (const frame of frames) dropFrame(frame, body, report);
  return notes;
};
