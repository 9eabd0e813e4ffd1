// Notes whose marks lead nowhere: a list that counts, and figures in the text that count along with it.
/** @import { Entry, Mark } from "./marks.js" */
/** @import { Places } from "./tree.js" */
import { hasArrow, isHeading, isPower, label, marksInText, opening, readings } from "../labels.js";
import { ENOUGH, beginOf, countedEvidence } from "./evidence.js";
import { MARK_CLASSES, TEXT_CLASSES, hashOf, isNamed, makeMark, markAt } from "./marks.js";
import { BLOCKS, HEADINGS, LINE, PIECE, hasWords, runs, textOf, wordsAfter, wordsBefore } from "./tree.js";

const MAX_NOTES = 999;
const LEAVES = `p, li, div, dd, td, blockquote, ${LINE}`;
const SEVERAL = /^[[(]?\s*[\p{L}\p{N}]{1,3}(?:\s*[,;，、]\s*[\p{L}\p{N}]{1,3})+\s*[\])]?$/u;

/**
 * Take a piece of a run of words into an element of its own, in its place: [piece, the run behind it].
 * @param {Node} run
 * @param {number} start
 * @param {number} end
 * @param {Places} places
 * @returns {[HTMLElement, Text]}
 */
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

/**
 * The labels in a run of words, each put into a piece of its own.
 * @param {Node} run
 * @param {RegExp} pattern
 * @param {Node} root
 * @param {Places} places
 * @param {Node} [outer]
 */
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

/**
 * Raised or linked labels, and those in brackets, before a place; outermost elements only.
 * @param {Node} root
 * @param {Places} places
 * @param {number} [end]
 */
export const marksIn = function* (root, places, end = Infinity) {
  const seen = new Set();
  const nodes = [];
  const walker = root.ownerDocument.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.nodeType === 3 || /^(?:SUP|A|SPAN)$/.test(node.tagName)) nodes.push(node);
  }
  /** @param {Node} node */
  const see = (node) => {
    seen.add(node);
    for (const el of node.querySelectorAll("*")) seen.add(el);
    for (const run of runs(node)) seen.add(run);
  };
  for (const node of nodes) {
    if ((places.first.get(node) ?? -1) >= end) return;
    if (seen.has(node) || !node.isConnected) continue;
    if (node.nodeType === 3) {
      if (
        marksInText().test(node.data) &&
        !(SEVERAL.test(node.data.trim()) && node.parentNode.tagName === "SUP")
      )
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

/** @param {Node} el */
const isWordOnlines = (el) => /(?:oot|nd)noteReference/.test(el.getAttribute("class") ?? "");

// ---------------------------------------------------------------------- the list

/**
 * @param {[string, number] | null} one
 * @param {[string, number] | null} other
 */
const isBefore = (one, other) => Boolean(one && other) && one[0] === other[0] && one[1] + 1 === other[1];

/**
 * With what each line begins, as [family, place]: a figure, or a letter or sign that is raised or in brackets.
 * @param {Node[]} leaves
 * @returns {([string, number] | null)[]}
 */
const openingNumbers = (leaves) => {
  const possible = leaves.map((leaf) => {
    const [begin, setOff] = beginOf(leaf);
    return begin && (setOff || begin.family === "number") ? readings(begin) : [];
  });
  /** @type {[string, number] | null} */
  let before = null;
  return possible.map((here, i) => {
    const firsts = here.filter(([family, value]) => value === 1 || family === "number");
    // "*" counts by how many they are before "**", and by its kind before "†".
    /** @param {[string, number]} one */
    const goesOn = (one) => (possible[i + 1] ?? []).some((other) => isBefore(one, other));
    const found = here.find((one) => isBefore(before, one)) ?? firsts.find(goesOn) ?? firsts[0] ?? null;
    before = found ?? before;
    return found;
  });
};

/** @param {Node} node */
const isListNamed = (node) => {
  for (let el = node; el?.tagName; el = /^(?:BODY|ARTICLE)$/.test(el.tagName) ? null : el.parentNode) {
    if (isNamed(el, TEXT_CLASSES)) return true;
    if (
      /^(?:OL|DIV|SECTION|ASIDE|FOOTER)$/.test(el.tagName) &&
      /(?:^|[\s_-])(?:foot|end)?notes?(?:$|[\s_-])/i.test(`${el.className} ${el.id}`)
    )
      return true;
  }
  return false;
};

/** @param {Node} list */
const isListOfNotes = (list) => {
  if ([...list.children].some((item) => hasArrow(textOf(item))) || isListNamed(list)) return true;
  let before = list.previousSibling;
  while (
    before &&
    (before.tagName === "BR" || (before.nodeType === 3 && !hasWords(before)) || before.nodeType === 8)
  )
    before = before.previousSibling;
  return Boolean(before) && (before.tagName === "HR" || isHeading(textOf(before)));
};

/**
 * @param {Node} one
 * @param {Node} other
 */
const headingBetween = (one, other) => {
  for (let node = other; node; node = node.parentNode) {
    const before = node.previousElementSibling;
    if (before) return HEADINGS.has(before.tagName) && before !== one;
    if (node.parentNode?.contains(one)) return false;
  }
  return false;
};

/**
 * The entries that count on from a line, and the place behind them; a note goes on until the next number.
 * @param {Node[]} leaves
 * @param {([string, number] | null)[]} numbers
 * @param {number} place
 * @param {(el: Node) => boolean} cites
 * @returns {[Entry[], number]}
 */
const seriesFrom = (leaves, numbers, place, cites) => {
  /** @type {Entry[]} */
  const entries = [];
  let waiting = [];
  let end = place;
  let [family, number] = numbers[place];
  for (let at = place; at < leaves.length; at++) {
    if (
      entries.length &&
      (headingBetween(leaves[at - 1], leaves[at]) || numbers[at]?.[1] === 1 || waiting.length > 50)
    )
      break;
    if (numbers[at]?.[0] === family && numbers[at][1] === number) {
      entries.at(-1)?.blocks.push(...waiting);
      waiting = [];
      entries.push({ blocks: [leaves[at]], marks: [], backs: [], number, family });
      number += 1;
      end = at + 1;
    } else if (cites(leaves[at])) break;
    else waiting.push(leaves[at]);
  }
  return [entries.slice(0, MAX_NOTES), end];
};

/**
 * Where the lines at the end begin that count, from whatever number: a paste may be a piece of a text.
 * @param {([string, number] | null)[]} numbers
 */
const beginOfTail = (numbers) => {
  let place = numbers.length;
  while (
    place &&
    numbers[place - 1] !== null &&
    (place === numbers.length || isBefore(numbers[place - 1], numbers[place]))
  )
    place -= 1;
  return place;
};

/**
 * What may be a list of notes, in the page's order: [entries, whether it goes by a name of notes].
 * @param {Node} root
 * @param {Places} places
 * @param {(el: Node) => boolean} cites
 */
const listsIn = (root, places, cites) => {
  /** @type {[Entry[], boolean][]} */
  const found = [];
  for (const list of root.querySelectorAll("ol")) {
    const items = [...list.children].filter((el) => el.tagName === "LI").slice(0, MAX_NOTES);
    if (!items.length || !isListOfNotes(list)) continue;
    const first = Number.parseInt(list.getAttribute("start"), 10) || 1;
    found.push([
      items.map((el, i) => ({ blocks: [el], marks: [], backs: [], number: first + i, family: "number" })),
      isListNamed(list),
    ]);
  }
  const leaves = [...root.querySelectorAll(LEAVES)].filter(
    (el) => ![...el.querySelectorAll("*")].some((one) => BLOCKS.has(one.tagName)) && hasWords(el),
  );
  const numbers = openingNumbers(leaves);
  const hasFirst = numbers.some((one) => one?.[1] === 1);
  let place = hasFirst ? 0 : beginOfTail(numbers);
  /** @type {[string, number] | null} */
  let last = hasFirst || place >= leaves.length ? null : [numbers[place][0], numbers[place][1] - 1];
  while (place < leaves.length) {
    const number = numbers[place];
    if (number && (number[1] === 1 || isBefore(last, number))) {
      const [entries, end] = seriesFrom(leaves, numbers, place, cites);
      last = [number[0], entries.at(-1).number];
      place = end;
      found.push([entries, isListNamed(entries[0].blocks[0])]);
    } else place += 1;
  }
  return found.sort(([a], [b]) => places.first.get(a[0].blocks[0]) - places.first.get(b[0].blocks[0]));
};

/**
 * Give marks to the entries that they count along with: [how many were powers, whether the text cites all in order].
 * @param {Entry[]} entries
 * @param {Mark[]} marks
 * @returns {[number, boolean]}
 */
const assign = (entries, marks) => {
  const byNumber = new Map(entries.map((entry) => [`${entry.family} ${entry.number}`, entry]));
  let powers = 0;
  let expected = entries[0].number;
  for (const mark of marks) {
    const entry = readings(mark.label)
      .map(([family, value]) => byNumber.get(`${family} ${value}`))
      .find(Boolean);
    if (!entry) continue;
    if (isPower(mark.before, textOf(mark.node))) powers += 1;
    else if (entry.number <= expected) {
      entry.marks.push(mark);
      if (entry.number === expected) expected += 1;
    }
  }
  return [powers, expected === entries.at(-1).number + 1];
};

/**
 * [entries; how many figures that could cite them are powers or units]. Each list is cited by what stands between the one
 * before and itself: a page may have one a chapter. `others` are links to what is no note.
 * @param {Node} root
 * @param {Places} places
 * @param {Set<Node>} others
 * @returns {[Entry[], number]}
 */
export const counted = (root, places, others) => {
  const marks = [...marksIn(root, places)].filter((mark) => !mark.leads && !others.has(mark.link));
  const at = marks.map(({ node }) => places.first.get(node));
  /** @param {Node} el */
  const cites = (el) => at.some((place) => place >= places.first.get(el) && place <= places.last.get(el));
  const found = [];
  let powers = 0;
  let behind = -1;
  for (const [entries, named] of listsIn(root, places, cites)) {
    const start = places.first.get(entries[0].blocks[0]);
    if (start <= behind) continue;
    const [more, inOrder] = assign(
      entries,
      marks.filter((_, i) => at[i] > behind && at[i] < start),
    );
    const cited = entries.filter((entry) => entry.marks.length);
    if (
      !cited.length ||
      countedEvidence(inOrder || named ? entries : cited, places, { inOrder, named }) < ENOUGH
    )
      continue;
    found.push(...entries);
    powers += more;
    behind = places.last.get(entries.at(-1).blocks.at(-1));
  }
  return [found.slice(0, MAX_NOTES), powers];
};
