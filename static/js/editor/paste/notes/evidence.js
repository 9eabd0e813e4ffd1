// How sure it is that a series of entries is one of notes: what speaks for it and against it, added up. Nothing alone is
// enough: links both ways are what a contents list has as well, labels that count what a list of demands has, a heading
// "Sources" what a chapter has. releases/intake/notes/evidence.py says the same rules with the same table of weights.
/** @import { Label } from "../labels.js" */
/** @import { Entry, Mark } from "./marks.js" */
/** @import { Places } from "./tree.js" */
import { evidence as TABLE } from "../../tables.js";
import { follow, hasArrow, isHeading, label, opening, pointsElsewhere } from "../labels.js";
import { isElement, tagOf } from "../nodes.js";
import { LIKELY_ID, MARK_CLASSES, SURE_ID, TEXT_CLASSES, isNamed, lastBlock, namesOf } from "./marks.js";
import { HEADING, ancestors, hasWords, textOf } from "./tree.js";

export const ENOUGH = TABLE.enough;

/**
 * @param {number} found
 * @param {number} of
 */
const most = (found, of) => 2 * found >= of && found > 0;
/**
 * @template T
 * @param {T[]} list
 * @param {(one: T) => unknown} test
 */
const count = (list, test) => list.filter(test).length;
/** @param {Element} el */
const inside = (el) => [el, ...el.querySelectorAll("*")];
/** @param {Element} block */
const start = (block) => block.textContent.trimStart();

/**
 * Whether a known program made this note or its mark.
 * @param {Entry} entry
 * @param {Element} root
 */
const isSure = (entry, root) => {
  for (const el of ancestors(entry.blocks[0], root))
    if (isNamed(el, TEXT_CLASSES) || namesOf(el).some((name) => SURE_ID.test(name))) return true;
  if (
    entry.blocks.some((block) => inside(block).some((el) => namesOf(el).some((name) => SURE_ID.test(name))))
  )
    return true;
  return entry.marks.some(({ node }) =>
    inside(node).some((el) => isNamed(el, MARK_CLASSES) || namesOf(el).some((name) => SURE_ID.test(name))),
  );
};

/** @param {Entry} entry */
const isLikely = (entry) =>
  entry.blocks.some((block) => inside(block).some((el) => namesOf(el).some((name) => LIKELY_ID.test(name))));

/** @param {Entry} entry */
const labelOf = (entry) => entry.marks[0].label;

/** @param {Label[]} labels */
const countUp = (labels) => (labels.length === 1 ? labels[0].value <= 1 : follow(labels));

/**
 * Whether an entry begins with the label that cites it, or is an item of a list.
 * @param {Entry} entry
 */
const isLabelled = (entry) => {
  const begin = opening(start(entry.blocks[0]));
  return begin ? begin[0].key === labelOf(entry).key : entry.blocks[0].tagName === "LI";
};

/**
 * Whether a word such as "Notes", or a rule, stands before the first entry.
 * @param {Element} first
 * @param {Element} root
 */
const isHeaded = (first, root) => {
  for (const block of ancestors(first, root)) {
    let before = block.previousSibling;
    while (
      before &&
      (before.nodeType > Node.TEXT_NODE ||
        tagOf(before) === "BR" ||
        (tagOf(before) !== "HR" && !hasWords(before)))
    ) {
      if (isElement(before) && before.querySelector("hr")) return true;
      before = before.previousSibling;
    }
    if (!before) continue;
    if (tagOf(before) === "HR") return true;
    const lines = isElement(before) ? [...before.querySelectorAll(`${HEADING}, p, dt`)] : [];
    return isHeading(textOf(lines.at(-1) ?? before)) || isHeading(textOf(before));
  }
  return false;
};

/**
 * Whether the entries stand behind all their marks, and next to nothing follows them.
 * @param {Entry[]} entries
 * @param {Places} places
 */
const isLast = (entries, places) => {
  const first = entries[0].blocks[0];
  if (
    entries.some((entry) =>
      entry.marks.some(({ node }) => places.first.has(node) && !places.follows(first, node)),
    )
  )
    return false;
  return places.lengthAfter(lastBlock(entries[entries.length - 1])) <= TABLE.tail;
};

/**
 * Whether its line holds nothing but labels: the figures of pages, the letters of an index.
 * @param {Mark} mark
 */
const inMenu = (mark) => {
  if (mark.setOff || mark.glued) return false;
  const others = `${mark.before} ${mark.after}`
    .split(/[^\p{L}\p{N}\p{M}_*†‡§]+/u)
    .filter((word) => word && !label(word));
  return others.join("").length <= TABLE.menu_line;
};

/**
 * @param {Entry} entry
 * @param {Places} places
 */
const lengthOf = (entry, places) => places.length(entry.blocks[0], lastBlock(entry));

/**
 * The sum of the weights of what was found.
 * @param {Record<string, number>} weights
 * @param {Record<string, unknown>} found
 */
const scoreOf = (weights, found) =>
  Object.entries(found).reduce((sum, [name, isThere]) => sum + (isThere ? weights[name] : 0), 0);

/**
 * The evidence for entries to which marks lead; `refused` is how many of their series hold or are headings.
 * @param {Entry[]} entries
 * @param {Places} places
 * @param {number} [refused]
 */
export const linkedEvidence = (entries, places, refused = 0) => {
  const marks = entries.flatMap((entry) => entry.marks);
  /** @param {(one: Entry) => unknown} test */
  const mostEntries = (test) => most(count(entries, test), entries.length);
  /** @param {(one: Mark) => unknown} test */
  const mostMarks = (test) => most(count(marks, test), marks.length);
  const sure = mostEntries((entry) => isSure(entry, places.root));
  const lengths = entries.reduce((sum, entry) => sum + lengthOf(entry, places), 0);
  const between = places.length(entries[0].blocks[0], lastBlock(entries[entries.length - 1])) - lengths;
  const both = mostEntries((entry) => entry.backs.length);
  return scoreOf(TABLE.linked, {
    links_both_ways: both,
    links_one_way: !both,
    known_program: sure,
    likely_name: !sure && mostEntries(isLikely),
    set_off: mostMarks((mark) => mark.setOff || mark.glued),
    labels_count: countUp(entries.map(labelOf)),
    labelled: mostEntries(isLabelled),
    headed: isHeaded(entries[0].blocks[0], places.root),
    arrow: mostEntries((entry) => hasArrow(textOf(lastBlock(entry)))),
    last: isLast(entries, places),
    leads_the_line: !sure && mostMarks((mark) => mark.leads),
    menu: !sure && mostMarks(inMenu),
    points_elsewhere: mostMarks((mark) => !mark.setOff && pointsElsewhere(mark.before)),
    bare: mostMarks((mark) => !mark.setOff && !mark.glued),
    too_long: lengths > TABLE.long_note * entries.length,
    scattered: between > lengths + TABLE.gap * entries.length,
    two_labels: entries.some((entry) => new Set(entry.marks.map((mark) => mark.label.key)).size > 1),
    headings: refused > 0 && 2 * refused >= entries.length,
  });
};

/** @param {Element} block */
const raisedAt = (block) => {
  const raised = [...block.querySelectorAll("sup")].find(hasWords);
  return raised && start(block).startsWith(raised.textContent.trim()) ? raised : null;
};

/**
 * The label with which a block begins, and whether it is set off: raised, in brackets, a circle.
 * @param {Element} block
 * @returns {[Label | null, boolean]}
 */
export const beginOf = (block) => {
  const raised = raisedAt(block);
  const found = raised ? label(textOf(raised)) : null;
  if (found) return [found, true];
  const begin = opening(start(block))?.[0] ?? null;
  return [begin, Boolean(begin?.form)];
};

/** @param {Element} block */
const beginsRaised = (block) => raisedAt(block) !== null || opening(start(block))?.[0].form === "raised";

/**
 * Whether entries begin with the very form in which they are cited: raised, in brackets, a circle.
 * @param {Entry[]} entries
 */
const sameForm = (entries) =>
  entries.every((entry) => {
    if (!entry.marks.length) return true;
    const [begin] = beginOf(entry.blocks[0]);
    if (begin?.key !== labelOf(entry).key) return false;
    const [mark] = entry.marks;
    return (
      (mark.raised && beginsRaised(entry.blocks[0])) ||
      (mark.label.form !== "" && mark.label.form === begin.form)
    );
  });

/**
 * The evidence for a list that counts, whose labels stand in the text as well but lead nowhere. `inOrder`: the text cites
 * them one after the other; `named`: the list goes by a name of notes.
 * @param {Entry[]} entries
 * @param {Places} places
 * @param {{ inOrder: boolean; named: boolean }} options
 */
export const countedEvidence = (entries, places, { inOrder, named }) => {
  const cited = entries.filter((entry) => entry.marks.length);
  if (2 * cited.length < entries.length) return 0;
  const marks = cited.flatMap((entry) => entry.marks);
  const lengths = entries.reduce((sum, entry) => sum + lengthOf(entry, places), 0);
  return scoreOf(TABLE.counted, {
    in_order: cited.length === entries.length && inOrder,
    named,
    headed: isHeaded(entries[0].blocks[0], places.root),
    arrow: entries.some((entry) => hasArrow(textOf(lastBlock(entry)))),
    linked: marks.some((mark) => mark.link),
    same_form: sameForm(entries),
    last: isLast(entries, places),
    too_long: lengths > TABLE.long_note * entries.length,
    leads_the_line: 2 * count(marks, (mark) => mark.leads) >= marks.length,
  });
};
