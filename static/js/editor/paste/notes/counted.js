// Notes whose marks lead nowhere: a list that counts, and figures in the text that count along with it.
import { hasArrow, isHeading, isPower, label, marksInText, opening } from "../labels.js";
import { ENOUGH, countedEvidence } from "./evidence.js";
import { MARK_CLASSES, TEXT_CLASSES, hashOf, isNamed, makeMark, markAt } from "./marks.js";
import { BLOCKS, HEADINGS, LINE, PIECE, hasWords, runs, textOf, wordsAfter, wordsBefore } from "./tree.js";

const MAX_NOTES = 999;
const LEAVES = `p, li, div, dd, td, blockquote, ${LINE}`;
const SEVERAL = /^[[(]?\s*[\p{L}\p{N}]{1,3}(?:\s*[,;，、]\s*[\p{L}\p{N}]{1,3})+\s*[\])]?$/u;

/** Take a piece of a run of words into an element of its own, in its place: [piece, the run behind it]. */
const cut = (run, start, end, places) => {
  const behind = run.splitText(end);
  const middle = start ? run.splitText(start) : run;
  const piece = run.ownerDocument.createElement(PIECE);
  middle.replaceWith(piece);
  piece.append(middle);
  for (const node of [piece, behind])
    for (const map of [places.first, places.last]) map.set(node, map.get(run) ?? 0);
  return [piece, behind];
};

/** The labels in a run of words, each put into a piece of its own. */
const parted = function* (run, pattern, root, places, outer = null) {
  const text = run.data;
  const ahead = outer ? wordsBefore(outer, root) : wordsBefore(run, root);
  const behind = outer ? "" : wordsAfter(run, root);
  let rest = run;
  let done = 0;
  for (const match of [...text.matchAll(pattern)]) {
    const found = label(match[0]);
    if (!found) continue;
    const before = outer ? ahead : ahead + text.slice(0, match.index);
    const after = outer ? "" : text.slice(match.index + match[0].length) + behind;
    // It begins its line: an entry, no mark.
    if (!outer && !before.trim() && opening((match[0] + after).trimStart())) continue;
    const [piece, next] = cut(rest, match.index - done, match.index + match[0].length - done, places);
    rest = next;
    done = match.index + match[0].length;
    yield makeMark(piece, found, { raised: Boolean(outer) || found.form === "raised", before, after });
  }
};

/** Raised or linked labels, and those in brackets, before a place; outermost elements only. */
export const marksIn = function* (root, places, end = Infinity) {
  const seen = new Set();
  const nodes = [];
  const walker = root.ownerDocument.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.nodeType === 3 || /^(?:SUP|A|SPAN)$/.test(node.tagName)) nodes.push(node);
  }
  const see = (node) => {
    seen.add(node);
    for (const el of node.querySelectorAll("*")) seen.add(el);
    for (const run of runs(node)) seen.add(run);
  };
  for (const node of nodes) {
    if ((places.first.get(node) ?? -1) >= end) return;
    if (seen.has(node) || !node.isConnected) continue;
    if (node.nodeType === 3) {
      if (marksInText().test(node.data) && !(SEVERAL.test(node.data.trim()) && node.parentNode.tagName === "SUP"))
        yield* parted(node, marksInText(), root, places);
      continue;
    }
    if (node.tagName === "A" && /^[^#]*[^/# ]/.test(node.getAttribute("href") ?? "#") && !hashOf(node)) {
      see(node); // it leads to another page
      continue;
    }
    if (node.tagName === "SPAN" && !isNamed(node, MARK_CLASSES) && !isWordOnlines(node)) continue;
    const text = textOf(node);
    if (label(text)) {
      see(node);
      const mark = markAt(node, root, node.tagName === "A" ? node : node.querySelector("a"));
      if (mark) yield mark;
    } else if (node.tagName === "SUP" && SEVERAL.test(text)) {
      see(node);
      for (const run of runs(node)) yield* parted(run, /[\p{L}\p{N}]+/gu, root, places, node);
    }
  }
};

const isWordOnlines = (el) => /(?:oot|nd)noteReference/.test(el.getAttribute("class") ?? "");

// ---------------------------------------------------------------------- the list

const openingNumber = (leaf) => {
  const found = opening(leaf.textContent.trimStart());
  return found?.[0].family === "number" ? found[0].value : null;
};

const isListNamed = (node) => {
  for (let el = node; el?.tagName; el = /^(?:BODY|ARTICLE)$/.test(el.tagName) ? null : el.parentNode) {
    if (isNamed(el, TEXT_CLASSES)) return true;
    if (/^(?:OL|DIV|SECTION|ASIDE|FOOTER)$/.test(el.tagName) && /(?:^|[\s_-])(?:foot|end)?notes?(?:$|[\s_-])/i.test(`${el.className} ${el.id}`))
      return true;
  }
  return false;
};

const isListOfNotes = (list) => {
  if ([...list.children].some((item) => hasArrow(textOf(item))) || isListNamed(list)) return true;
  let before = list.previousSibling;
  while (before && (before.tagName === "BR" || (before.nodeType === 3 && !hasWords(before)) || before.nodeType === 8)) before = before.previousSibling;
  return Boolean(before) && (before.tagName === "HR" || isHeading(textOf(before)));
};

const headingBetween = (one, other) => {
  for (let node = other; node; node = node.parentNode) {
    const before = node.previousElementSibling;
    if (before) return HEADINGS.has(before.tagName) && before !== one;
    if (node.parentNode?.contains(one)) return false;
  }
  return false;
};

/** The entries of the list at the end that counts; a paste may be a piece of a text, whose notes begin anywhere. */
const listAtEnd = (root) => {
  const last = [...root.querySelectorAll("ol")].at(-1);
  if (last && isListOfNotes(last)) {
    const first = Number.parseInt(last.getAttribute("start"), 10) || 1;
    const items = [...last.children].filter((el) => el.tagName === "LI").slice(0, MAX_NOTES);
    return [items.map((el, i) => ({ blocks: [el], marks: [], backs: [], number: first + i })), isListNamed(last)];
  }
  const leaves = [...root.querySelectorAll(LEAVES)].filter((el) => ![...el.children].some((child) => BLOCKS.has(child.tagName)) && hasWords(el));
  const numbers = leaves.map(openingNumber);
  let start = numbers.lastIndexOf(1);
  if (start < 0) {
    start = leaves.length;
    while (start && numbers[start - 1] !== null && (start === leaves.length || numbers[start - 1] + 1 === numbers[start])) start -= 1;
  }
  if (start >= leaves.length) return [[], false];
  const entries = [];
  let waiting = [];
  let number = numbers[start];
  for (let i = start; i < leaves.length; i++) {
    if (entries.length && headingBetween(entries.at(-1).blocks.at(-1), leaves[i])) break;
    if (numbers[i] === number) {
      entries.at(-1)?.blocks.push(...waiting);
      waiting = [];
      entries.push({ blocks: [leaves[i]], marks: [], backs: [], number });
      number += 1;
    } else waiting.push(leaves[i]);
  }
  return [entries.slice(0, MAX_NOTES), isListNamed(leaves[start])];
};

/** [entries; how many figures that could cite them are powers or units]. `others` are links to what is no note. */
export const counted = (root, places, others) => {
  const [entries, named] = listAtEnd(root);
  if (!entries.length) return [[], 0];
  const byNumber = new Map(entries.map((entry) => [entry.number, entry]));
  let powers = 0;
  let expected = entries[0].number;
  for (const mark of [...marksIn(root, places, places.first.get(entries[0].blocks[0]))]) {
    const entry = mark.label.family === "number" ? byNumber.get(mark.label.value) : null;
    if (!entry || others.has(mark.link)) continue;
    if (isPower(mark.before, textOf(mark.node))) {
      powers += 1;
      continue;
    }
    if (mark.label.value > expected) continue;
    entry.marks.push(mark);
    if (mark.label.value === expected) expected += 1;
  }
  const inOrder = expected === entries.at(-1).number + 1;
  if (!entries.some((entry) => entry.marks.length)) return [[], 0];
  const weighed = inOrder || named ? entries : entries.filter((entry) => entry.marks.length);
  return countedEvidence(weighed, places, { inOrder, named }) >= ENOUGH ? [entries, powers] : [[], 0];
};
