// Notes to which their marks lead by links, and back: each series of them is weighed as one.
/** @import { Entry } from "./marks.js" */
/** @import { Places } from "./tree.js" */
import { label } from "../labels.js";
import { ENOUGH, linkedEvidence } from "./evidence.js";
import { TEXT_CLASSES, hashOf, isNamed, lastBlock, markAt } from "./marks.js";
import { HEADING, HEADINGS, HOLDERS, LINE, ancestors, blockOf, hasWords, textOf } from "./tree.js";

const PARAGRAPHS = new Set(["P", "DIV", "BLOCKQUOTE", "BR", "UL", "PRE", LINE]);
const LINKS = "a[href*='#']";

/**
 * What the page's links may lead to, by name.
 * @param {Element} body
 */
export const targetsOf = (body) => {
  /** @type {Map<string, Element>} */
  const found = new Map();
  for (const el of body.querySelectorAll("[id], a[name], [name]"))
    for (const name of [el.id, el.getAttribute("name")]) if (name && !found.has(name)) found.set(name, el);
  return found;
};

/**
 * @param {Element} block
 * @param {Element} root
 */
const isAmongNotes = (block, root) => ancestors(block, root).some((el) => isNamed(el, TEXT_CLASSES));

/** @param {Element} el */
const holdsHeading = (el) => HEADINGS.has(el.tagName) || el.querySelector(HEADING) !== null;

/**
 * [blocks, isEntry] at a link's target: a heading, or what holds one, is no entry.
 * @param {Element} target
 * @param {Element} root
 * @returns {[Element[], boolean]}
 */
const blocksAt = (target, root) => {
  const block = blockOf(target, root);
  if (!block) return hasWords(target) && !label(textOf(target)) ? [[target], true] : [[], false];
  if (holdsHeading(block)) return [[block], false];
  const text = textOf(block);
  if (text && !label(text)) return [[block], true];
  // An anchor, or the label, stands before what it names.
  let after = block.nextElementSibling;
  while (after && !hasWords(after)) after = after.nextElementSibling;
  if (!after) return [[block], Boolean(text) || block.tagName === "LI"];
  if (holdsHeading(after)) return [[block], false];
  const joins =
    ["P", "DIV", "DD", "BLOCKQUOTE", LINE].includes(after.tagName) &&
    !["LI", "TR", LINE].includes(block.tagName);
  return [joins ? [block, after] : [block], true];
};

/**
 * @param {number[]} sorted
 * @param {number} value
 */
const bisect = (sorted, value) => {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
};
/**
 * @param {number[]} sorted
 * @param {number} first
 * @param {number} last
 */
const countIn = (sorted, first, last) => bisect(sorted, last + 1) - bisect(sorted, first);
/** @param {number[]} list */
const ascending = (list) => list.sort((a, b) => a - b);

/**
 * Widen a note's paragraph to the box that holds just this note.
 * @param {Entry[]} entries
 * @param {Element} root
 * @param {Places} places
 */
const widen = (entries, root, places) => {
  const starts = ascending(entries.map((entry) => places.begin(entry.blocks[0])));
  const marks = ascending(entries.flatMap((entry) => entry.marks.map(({ node }) => places.begin(node))));
  for (const entry of entries) {
    if (entry.blocks.length > 1) continue;
    const [core] = entry.blocks;
    const own = countIn(marks, places.begin(core), places.end(core));
    let box = core;
    for (const up of ancestors(core.parentElement, root)) {
      if (HOLDERS.has(up.tagName)) break;
      const [first, last] = [places.begin(up), places.end(up)];
      if (countIn(starts, first, last) > 1 || countIn(marks, first, last) > own) break;
      if (up.querySelector(HEADING) || (core.tagName === "LI" && up.querySelector("hr"))) break;
      if (/(?:footnote|endnote)-list/.test(up.getAttribute("data-style") ?? "")) break;
      box = up;
    }
    entry.blocks = [box];
  }
};

/**
 * The links in an entry that lead to its marks, or to an anchor beside one.
 * @param {Entry} entry
 * @param {Map<string, Element>} targets
 * @param {Element} root
 * @param {Places} places
 */
const backsOf = (entry, targets, root, places) => {
  const homes = new Set(entry.marks.map(({ node }) => blockOf(node, root)));
  return entry.blocks
    .flatMap((block) => [...block.querySelectorAll(LINKS)])
    .filter((link) => {
      const target = targets.get(hashOf(link));
      if (
        !target ||
        !places.first.has(target) ||
        entry.blocks.some((block) => places.contains(block, target))
      )
        return false;
      return leadsTo(target, entry, places) || homes.has(blockOf(target, root));
    });
};

/**
 * @param {Element} target
 * @param {Entry} entry
 * @param {Places} places
 */
const leadsTo = (target, entry, places) =>
  entry.marks.some(({ node }) => places.contains(target, node) || places.contains(node, target));

/**
 * A note goes on until the next one, if its paragraphs cite nothing; the last one until its way back.
 * @param {Entry[]} entries
 * @param {Map<string, Element>} targets
 * @param {Element} root
 * @param {Places} places
 */
const join = (entries, targets, root, places) => {
  const marks = new Set(entries.flatMap((entry) => entry.marks.map(({ node }) => node)));
  const starts = new Set(entries.map((entry) => entry.blocks[0]));
  /** @param {Element} el */
  const stops = (el) => marks.has(el) || starts.has(el) || HEADINGS.has(el.tagName);
  entries.forEach((entry, i) => {
    const block = lastBlock(entry);
    if (/^(?:LI|TR|DD)$/.test(block.tagName)) return;
    const between = [];
    let kept = 0;
    let sibling = block.nextElementSibling;
    for (; sibling && between.length <= 20; sibling = sibling.nextElementSibling) {
      if (
        starts.has(sibling) ||
        !PARAGRAPHS.has(sibling.tagName) ||
        [...sibling.querySelectorAll("*")].some(stops)
      )
        break;
      between.push(sibling);
      const back = [...sibling.querySelectorAll(LINKS)].some((link) => {
        const target = targets.get(hashOf(link));
        return target && places.first.has(target) && leadsTo(target, entry, places);
      });
      if (back) kept = between.length;
    }
    if (sibling && sibling === entries[i + 1]?.blocks[0]) kept = between.length;
    if (!kept) return;
    entry.blocks.push(...between.slice(0, kept));
    entry.backs = backsOf(entry, targets, root, places);
  });
};

/**
 * Entries that stand together: a new series begins where something is cited, or a heading stands, between two.
 * @param {Entry[]} entries
 * @param {Element} root
 * @param {Places} places
 */
const seriesOf = (entries, root, places) => {
  const stops = ascending([
    ...entries.flatMap((entry) => entry.marks.map(({ node }) => places.begin(node))),
    ...[...root.querySelectorAll(HEADING)].map((el) => places.begin(el)),
  ]);
  /** @type {Entry[][]} */
  const found = [];
  for (const entry of entries) {
    const series = found.at(-1);
    const before = series?.at(-1);
    if (series && before) {
      const gap = countIn(stops, places.end(lastBlock(before)) + 1, places.begin(entry.blocks[0]) - 1);
      const [one, other] = [before.marks[0].label, entry.marks[0].label];
      if (!gap && (one.family === other.family || one.form === other.form)) {
        series.push(entry);
        continue;
      }
    }
    found.push([entry]);
  }
  return found;
};

/**
 * [entries that are sure enough, in the page's order; the links to what is no note].
 * @param {Element} root
 * @param {Places} places
 * @returns {[Entry[], Set<Element | null>]}
 */
export const linked = (root, places) => {
  const targets = targetsOf(root);
  /** @type {Map<Element, Entry>} */
  const found = new Map();
  /** @type {Map<Element, [Element[], boolean]>} */
  const at = new Map();
  /** @type {Set<Element>} */
  const refused = new Set();
  /** @type {Set<Element | null>} */
  const others = new Set();
  for (const link of root.querySelectorAll(LINKS)) {
    const target = targets.get(hashOf(link));
    if (!target || target === link || link.contains(target) || !label(textOf(link))) continue;
    const [blocks, isEntry] = at.get(target) ?? blocksAt(target, root);
    at.set(target, [blocks, isEntry]);
    if (!blocks.length || blocks[0].contains(link)) continue;
    // Before its mark a note stands only where a program says that notes stand.
    if (!places.follows(blocks[0], link) && !isAmongNotes(blocks[0], root)) continue;
    if (!isEntry) {
      refused.add(blocks[0]);
      others.add(link);
      continue;
    }
    const mark = markAt(link, root, link);
    if (!mark) continue;
    const entry = found.get(blocks[0]) ?? { blocks: [...blocks], marks: [], backs: [], number: 0 };
    entry.marks.push(mark);
    found.set(blocks[0], entry);
  }
  const entries = [...found.values()].sort((a, b) => places.begin(a.blocks[0]) - places.begin(b.blocks[0]));
  widen(entries, root, places);
  for (const entry of entries) entry.backs = backsOf(entry, targets, root, places);
  join(entries, targets, root, places);
  /** @type {Entry[]} */
  const sure = [];
  for (const series of seriesOf(entries, root, places))
    if (linkedEvidence(series, places, refused.size) >= ENOUGH) sure.push(...series);
    else for (const entry of series) for (const { link } of entry.marks) others.add(link);
  return [sure, others];
};
