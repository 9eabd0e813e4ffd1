// Notes whose marks lead nowhere: a list that counts, and figures in the text that count along with it.
/** @import { Entry, Mark, Reading } from "./marks.js" */
/** @import { Places } from "./tree.js" */
import { hasArrow, isHeading, isPower, label, marksInText, opening, readings } from "../labels.js";
import { isElement, isText, tagOf, textsUnder } from "../nodes.js";
import { ENOUGH, beginOf, countedEvidence } from "./evidence.js";
import { MARK_CLASSES, TEXT_CLASSES, hashOf, isNamed, lastBlock, makeMark, markAt } from "./marks.js";
import { BLOCKS, HEADINGS, LINE, PIECE, hasWords, textOf, wordsAfter, wordsBefore } from "./tree.js";

const MAX_NOTES = 999;
const LEAVES = `p, li, div, dd, td, blockquote, ${LINE}`;
const SEVERAL = /^[[(]?\s*[\p{L}\p{N}]{1,3}(?:\s*[,;，、]\s*[\p{L}\p{N}]{1,3})+\s*[\])]?$/u;

/**
 * Take a piece of a run of words into an element of its own, in its place: [piece, the run behind it].
 * @param {Text} run
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
 * @param {Text} run
 * @param {RegExp} pattern
 * @param {Element} root
 * @param {Places} places
 * @param {Element | null} [outer]
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
 * @param {Element} root
 * @param {Places} places
 * @param {number} [end]
 */
export const marksIn = function* (root, places, end = Infinity) {
  /** @type {Set<Node>} */
  const seen = new Set();
  /** @type {(Element | Text)[]} */
  const nodes = [];
  const walker = root.ownerDocument.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (isText(node) || (isElement(node) && /^(?:SUP|A|SPAN)$/.test(node.tagName))) nodes.push(node);
  }
  /** @param {Element} node */
  const see = (node) => {
    seen.add(node);
    for (const el of node.querySelectorAll("*")) seen.add(el);
    for (const run of textsUnder(node)) seen.add(run);
  };
  for (const node of nodes) {
    if ((places.first.get(node) ?? -1) >= end) return;
    if (seen.has(node) || !node.isConnected) continue;
    if (isText(node)) {
      if (
        marksInText().test(node.data) &&
        !(SEVERAL.test(node.data.trim()) && tagOf(node.parentNode) === "SUP")
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
      for (const run of textsUnder(node)) yield* parted(run, /[\p{L}\p{N}]+/gu, root, places, node);
    }
  }
};

/** @param {Element} el */
const isWordOnlines = (el) => /(?:oot|nd)noteReference/.test(el.getAttribute("class") ?? "");

// ---------------------------------------------------------------------- the list

/**
 * @param {Reading | null} one
 * @param {Reading | null} other
 */
const isBefore = (one, other) =>
  one !== null && other !== null && one[0] === other[0] && one[1] + 1 === other[1];

/**
 * With what each line begins, as [family, place]: a figure, or a letter or sign that is raised or in brackets.
 * @param {Element[]} leaves
 * @returns {(Reading | null)[]}
 */
const openingNumbers = (leaves) => {
  const possible = leaves.map((leaf) => {
    const [begin, setOff] = beginOf(leaf);
    return begin && (setOff || begin.family === "number") ? readings(begin) : [];
  });
  let before = /** @type {Reading | null} */ (null);
  return possible.map((here, i) => {
    const firsts = here.filter(([family, value]) => value === 1 || family === "number");
    // "*" counts by how many they are before "**", and by its kind before "†".
    /** @param {Reading} one */
    const goesOn = (one) => (possible[i + 1] ?? []).some((other) => isBefore(one, other));
    const found = here.find((one) => isBefore(before, one)) ?? firsts.find(goesOn) ?? firsts[0] ?? null;
    before = found ?? before;
    return found;
  });
};

/** @param {Element} node */
const isListNamed = (node) => {
  /** @type {Element | null} */
  let el = node;
  for (; el; el = /^(?:BODY|ARTICLE)$/.test(el.tagName) ? null : el.parentElement) {
    if (isNamed(el, TEXT_CLASSES)) return true;
    if (
      /^(?:OL|DIV|SECTION|ASIDE|FOOTER)$/.test(el.tagName) &&
      /(?:^|[\s_-])(?:foot|end)?notes?(?:$|[\s_-])/i.test(`${el.className} ${el.id}`)
    )
      return true;
  }
  return false;
};

/** @param {Element} list */
const isListOfNotes = (list) => {
  if ([...list.children].some((item) => hasArrow(textOf(item))) || isListNamed(list)) return true;
  let before = list.previousSibling;
  while (
    before &&
    (tagOf(before) === "BR" || (isText(before) && !hasWords(before)) || before.nodeType === Node.COMMENT_NODE)
  )
    before = before.previousSibling;
  return before !== null && (tagOf(before) === "HR" || isHeading(textOf(before)));
};

/**
 * @param {Element} one
 * @param {Element} other
 */
const headingBetween = (one, other) => {
  /** @type {Element | null} */
  let node = other;
  for (; node; node = node.parentElement) {
    const before = node.previousElementSibling;
    if (before) return HEADINGS.has(before.tagName) && before !== one;
    if (node.parentElement?.contains(one)) return false;
  }
  return false;
};

/**
 * The entries that count on from a line, and the place behind them; a note goes on until the next number.
 * @param {Element[]} leaves
 * @param {(Reading | null)[]} numbers
 * @param {number} place
 * @param {Reading} begin what its first line begins with
 * @param {(el: Element) => boolean} cites
 * @returns {[Entry[], number]}
 */
const seriesFrom = (leaves, numbers, place, begin, cites) => {
  /** @type {Entry[]} */
  const entries = [];
  /** @type {Element[]} */
  let waiting = [];
  let end = place;
  let [family, number] = begin;
  for (let at = place; at < leaves.length; at++) {
    if (
      entries.length &&
      (headingBetween(leaves[at - 1], leaves[at]) || numbers[at]?.[1] === 1 || waiting.length > 50)
    )
      break;
    if (numbers[at]?.[0] === family && numbers[at]?.[1] === number) {
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
 * @param {(Reading | null)[]} numbers
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
 * @param {Element} root
 * @param {Places} places
 * @param {(el: Element) => boolean} cites
 */
const listsIn = (root, places, cites) => {
  /** @type {[Entry[], boolean][]} */
  const found = [];
  for (const list of root.querySelectorAll("ol")) {
    const items = [...list.children].filter((el) => el.tagName === "LI").slice(0, MAX_NOTES);
    if (!items.length || !isListOfNotes(list)) continue;
    const first = Number.parseInt(list.getAttribute("start") ?? "", 10) || 1;
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
  const tail = hasFirst ? null : (numbers[place] ?? null);
  /** @type {Reading | null} */
  let last = tail && [tail[0], tail[1] - 1];
  while (place < leaves.length) {
    const number = numbers[place];
    if (number && (number[1] === 1 || isBefore(last, number))) {
      const [entries, end] = seriesFrom(leaves, numbers, place, number, cites);
      last = [number[0], number[1] + entries.length - 1];
      place = end;
      found.push([entries, isListNamed(entries[0].blocks[0])]);
    } else place += 1;
  }
  return found.sort(([a], [b]) => places.begin(a[0].blocks[0]) - places.begin(b[0].blocks[0]));
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
  let expected = entries[0].number ?? 0;
  for (const mark of marks) {
    const entry = readings(mark.label)
      .map(([family, value]) => byNumber.get(`${family} ${value}`))
      .find(Boolean);
    if (!entry) continue;
    if (isPower(mark.before, textOf(mark.node))) powers += 1;
    else if ((entry.number ?? 0) <= expected) {
      entry.marks.push(mark);
      if (entry.number === expected) expected += 1;
    }
  }
  return [powers, expected === (entries.at(-1)?.number ?? 0) + 1];
};

/**
 * [entries; how many figures that could cite them are powers or units]. Each list is cited by what stands between the one
 * before and itself: a page may have one a chapter. `others` are links to what is no note.
 * @param {Element} root
 * @param {Places} places
 * @param {Set<Element | null>} others
 * @returns {[Entry[], number]}
 */
export const counted = (root, places, others) => {
  const marks = [...marksIn(root, places)].filter((mark) => !mark.leads && !others.has(mark.link));
  const at = marks.map(({ node }) => places.begin(node));
  /** @param {Element} el */
  const cites = (el) => at.some((place) => place >= places.begin(el) && place <= places.end(el));
  /** @type {Entry[]} */
  const found = [];
  let powers = 0;
  let behind = -1;
  for (const [entries, named] of listsIn(root, places, cites)) {
    const start = places.begin(entries[0].blocks[0]);
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
    behind = places.end(lastBlock(entries[entries.length - 1]));
  }
  return [found.slice(0, MAX_NOTES), powers];
};
