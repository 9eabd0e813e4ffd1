// What became of a paste, in words: what came along, what is another thing now, what was left out, each with its place.
import { fill, gettext, plural } from "../words.js";

const TURNED = [
  [
    "unsure",
    "%(n)s figure could be a note’s mark or not and stays as it is",
    "%(n)s figures could be notes’ marks or not and stay as they are",
  ],
  ["checkBoxes", "%(n)s check box is a mark now", "%(n)s check boxes are marks now"],
  [
    "symbols",
    "%(n)s sign of a symbol font could not be read",
    "%(n)s signs of symbol fonts could not be read",
  ],
  ["headingsMade", "%(n)s bold line is a heading now", "%(n)s bold lines are headings now"],
  [
    "listNumbers",
    "%(n)s list with numbers such as 1.2 counts simply now",
    "%(n)s lists with numbers such as 1.2 count simply now",
  ],
];

const LEFT_OUT = [
  ["pictures", "%(n)s picture", "%(n)s pictures"],
  ["media", "%(n)s embedded object", "%(n)s embedded objects"],
  ["comments", "%(n)s comment", "%(n)s comments"],
  ["deletions", "%(n)s deleted passage", "%(n)s deleted passages"],
  ["struck", "%(n)s struck passage", "%(n)s struck passages"],
  ["hidden", "%(n)s hidden passage", "%(n)s hidden passages"],
  ["controls", "%(n)s button or form field", "%(n)s buttons or form fields"],
  ["navigation", "%(n)s menu", "%(n)s menus"],
  ["aids", "%(n)s editing aid of the page", "%(n)s editing aids of the page"],
  ["readings", "%(n)s reading above its characters", "%(n)s readings above their characters"],
  ["headingNumbers", "the number of %(n)s heading", "the numbers of %(n)s headings"],
  ["waysUp", "%(n)s link back to the top", "%(n)s links back to the top"],
  ["strayLabels", "the label of %(n)s note", "the labels of %(n)s notes"],
  ["tracked", "tracking in %(n)s link", "tracking in %(n)s links"],
  ["phones", "%(n)s phone link (its number stays)", "%(n)s phone links (their numbers stay)"],
  [
    "innerLinks",
    "%(n)s link within the page (its words stay)",
    "%(n)s links within the page (their words stay)",
  ],
  ["deadLinks", "%(n)s link that leads nowhere", "%(n)s links that lead nowhere"],
  ["citationsInNote", "%(n)s citation (notes hold none)", "%(n)s citations (notes hold none)"],
];
// Of these nobody looks for the place.
const ANYWHERE = new Set(["tracked", "citationsInNote", "checkBoxes", "innerLinks", "aids"]);

/** What became of a paste. `report` holds counts, and `places` the words before each; see paste/tidy.js. */
export const inWords = (report) => {
  const phrase = ([kind, one, many]) => {
    const places = ANYWHERE.has(kind) ? [] : (report.places?.[kind] ?? []);
    const where = places.map((place) => fill(gettext("after “%(words)s”"), { words: place })).join("; ");
    return plural(report[kind], one, many) + (where ? ` (${where})` : "");
  };
  const list = (kinds) =>
    kinds
      .filter(([kind]) => report[kind])
      .map(phrase)
      .join(", ");
  const came = [];
  if (report.notes) came.push(plural(report.notes, "%(n)s note came along", "%(n)s notes came along"));
  if (report.withoutWords)
    came.push(
      plural(
        report.withoutWords,
        "%(n)s note came without its words",
        "%(n)s notes came without their words",
      ),
    );
  const said = [came.join(", "), list(TURNED)]
    .filter(Boolean)
    .map((text) => `${text[0].toUpperCase()}${text.slice(1)}.`);
  const out = list(LEFT_OUT);
  if (out) said.push(fill(gettext("Left out: %(list)s."), { list: out }));
  return said.join(" ");
};
