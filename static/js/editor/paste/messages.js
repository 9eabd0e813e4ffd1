// What became of a paste, in words: what came along, what is another thing now, what was left out, each with its place.
/** @import { PasteReport } from "./report.js" */
import { gettext, interpolate, ngettext } from "../../words.js";

/** What of a report is said, in how many words. @typedef {[kind: string, words: (n: number) => string]} Kind */

/** @type {Kind[]} */
const TURNED = [
  [
    "unsure",
    (n) =>
      ngettext(
        "%(n)s figure could be a note’s mark or not and stays as it is",
        "%(n)s figures could be notes’ marks or not and stay as they are",
        n,
      ),
  ],
  ["checkBoxes", (n) => ngettext("%(n)s check box is a mark now", "%(n)s check boxes are marks now", n)],
  [
    "symbols",
    (n) =>
      ngettext(
        "%(n)s sign of a symbol font could not be read",
        "%(n)s signs of symbol fonts could not be read",
        n,
      ),
  ],
  [
    "headingsMade",
    (n) => ngettext("%(n)s bold line is a heading now", "%(n)s bold lines are headings now", n),
  ],
  [
    "listNumbers",
    (n) =>
      ngettext(
        "%(n)s list with numbers such as 1.2 counts simply now",
        "%(n)s lists with numbers such as 1.2 count simply now",
        n,
      ),
  ],
];

/** @type {Kind[]} */
const LEFT_OUT = [
  ["pictures", (n) => ngettext("%(n)s picture", "%(n)s pictures", n)],
  ["media", (n) => ngettext("%(n)s embedded object", "%(n)s embedded objects", n)],
  ["comments", (n) => ngettext("%(n)s comment", "%(n)s comments", n)],
  ["deletions", (n) => ngettext("%(n)s deleted passage", "%(n)s deleted passages", n)],
  ["struck", (n) => ngettext("%(n)s struck passage", "%(n)s struck passages", n)],
  ["hidden", (n) => ngettext("%(n)s hidden passage", "%(n)s hidden passages", n)],
  ["controls", (n) => ngettext("%(n)s button or form field", "%(n)s buttons or form fields", n)],
  ["navigation", (n) => ngettext("%(n)s menu", "%(n)s menus", n)],
  ["aids", (n) => ngettext("%(n)s editing aid of the page", "%(n)s editing aids of the page", n)],
  [
    "readings",
    (n) => ngettext("%(n)s reading above its characters", "%(n)s readings above their characters", n),
  ],
  ["headingNumbers", (n) => ngettext("the number of %(n)s heading", "the numbers of %(n)s headings", n)],
  ["waysUp", (n) => ngettext("%(n)s link back to the top", "%(n)s links back to the top", n)],
  ["strayLabels", (n) => ngettext("the label of %(n)s note", "the labels of %(n)s notes", n)],
  ["tracked", (n) => ngettext("tracking in %(n)s link", "tracking in %(n)s links", n)],
  [
    "phones",
    (n) => ngettext("%(n)s phone link (its number stays)", "%(n)s phone links (their numbers stay)", n),
  ],
  [
    "innerLinks",
    (n) =>
      ngettext(
        "%(n)s link within the page (its words stay)",
        "%(n)s links within the page (their words stay)",
        n,
      ),
  ],
  ["deadLinks", (n) => ngettext("%(n)s link that leads nowhere", "%(n)s links that lead nowhere", n)],
  [
    "citationsInNote",
    (n) => ngettext("%(n)s citation (notes hold none)", "%(n)s citations (notes hold none)", n),
  ],
];
// Of these nobody looks for the place.
const ANYWHERE = new Set(["tracked", "citationsInNote", "checkBoxes", "innerLinks", "aids"]);

/**
 * What became of a paste, each thing with the words before its places.
 * @param {PasteReport} report
 */
export const inWords = ({ counts, places: before }) => {
  /** @param {Kind} pair */
  const phrase = ([kind, words]) => {
    const places = ANYWHERE.has(kind) ? [] : (before[kind] ?? []);
    const where = places
      .map((place) => interpolate(gettext("after “%(words)s”"), { words: place }))
      .join("; ");
    const n = counts[kind] ?? 0;
    return interpolate(words(n), { n }) + (where ? ` (${where})` : "");
  };
  /** @param {Kind[]} kinds */
  const list = (kinds) =>
    kinds
      .filter(([kind]) => counts[kind])
      .map(phrase)
      .join(", ");
  const came = [];
  const notes = counts.notes ?? 0;
  if (notes)
    came.push(interpolate(ngettext("%(n)s note came along", "%(n)s notes came along", notes), { n: notes }));
  const withoutWords = counts.withoutWords ?? 0;
  if (withoutWords)
    came.push(
      interpolate(
        ngettext("%(n)s note came without its words", "%(n)s notes came without their words", withoutWords),
        { n: withoutWords },
      ),
    );
  const said = [came.join(", "), list(TURNED)]
    .filter(Boolean)
    .map((text) => `${text[0].toUpperCase()}${text.slice(1)}.`);
  const out = list(LEFT_OUT);
  if (out) said.push(interpolate(gettext("Left out: %(list)s."), { list: out }));
  return said.join(" ");
};
