// The short words around notes: their labels ("[4]", "iv", "①", "footnote 2"), the ways back, the headings over them.
// The words stand in releases/text/tables/labels.json; releases/text/labels.py says the same rules for every other way in.

/**
 * What a mark says. `value` counts from 1 (0 for symbols); `form` is "[", "(", "circled", "raised", "word" or "".
 * @typedef {{ family: string; value: number; key: string; form: string }} Label
 */
import { labels as TABLE } from "../tables.js";

const MAX_NUMBER = 999;
const LONGEST_LABEL = 32;

/** @param {string} text */
const escaped = (text) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
/** @param {string} characters */
const anyOf = (characters) => `[${escaped(characters)}]`;
/** @param {string[]} words */
const oneOf = (words) =>
  [...words]
    .sort((a, b) => b.length - a.length)
    .map(escaped)
    .join("|");
/** @param {string} text */
const characters = (text) => [...text];

/** @param {string} text */
export const pointOf = (text) => text.codePointAt(0) ?? 0;

const CIRCLED = new Map(TABLE.circled.flatMap((series) => characters(series).map((one, i) => [one, i + 1])));
const DIGITS = characters(TABLE.zeros).flatMap((zero) =>
  Array.from({ length: 10 }, (_, n) => String.fromCodePoint(pointOf(zero) + n)),
);
/** @type {Map<string, number>} */
const VALUES = new Map([
  ...DIGITS.map((one, i) => /** @type {[string, number]} */ ([one, i % 10])),
  ...characters(TABLE.superscripts).map((one, i) => /** @type {[string, number]} */ ([one, i])),
]);
const DIGIT = anyOf(DIGITS.join(""));
const RAISED = anyOf(TABLE.superscripts);
const CIRCLE = anyOf([...CIRCLED.keys()].join(""));

const SPACE = "[\\s\\u00a0\\u200b-\\u200f\\u202a-\\u202e\\u2060\\u2066-\\u2069\\ufe0e\\ufe0f]";
const ROMAN = "(?=[ivxl])(?:xl|l?x{0,3})(?:ix|iv|v?i{0,3})";
const CORE =
  `(?<digits>${DIGIT}{1,3}|${RAISED}{1,3})(?::\\d{1,3}(?=[\\]］]))?|(?<circled>${CIRCLE})|(?<symbol>${anyOf(TABLE.symbols)}{1,4})` +
  `|(?<roman>${ROMAN})(?![a-z])|(?<letter>[a-z])(?![a-z])|(?<chinese>${anyOf(TABLE.chinese)}{1,3})`;
const BODY =
  `${SPACE}*(?<open>${anyOf(TABLE.open)})?${SPACE}*(?:(?<word>${oneOf(TABLE.words)})(?:${SPACE}|[.:#：])*` +
  `|(?<prefix>(?<=[\\[［])[a-z\\-]{1,12})${SPACE}+)?(?:${CORE})(?:${SPACE}*(?<close>${anyOf(TABLE.close)}))?`;
const LABEL = new RegExp(`^${BODY}(?:${SPACE}|[.:、．,，])*$`, "iu");
const OPENING = new RegExp(
  `^${BODY}(?<point>${SPACE}*[.:\\)、．：།])?(?<space>${SPACE}*)(?=(?<next>.)|$)`,
  "isu",
);
const CAPITAL = /^[^\P{L}a-z]/u;

const STARS = /[∗＊⁎⋆]/g;

/** @type {Record<string, number>} */
const NUMERALS = { i: 1, v: 5, x: 10, l: 50, c: 100, d: 500, m: 1000 };

/** @param {string} text */
export const romanValue = (text) => {
  const values = characters(text.toLowerCase()).map((one) => NUMERALS[one] ?? 0);
  return values.reduce((sum, one, i) => sum + (one < (values[i + 1] ?? 0) ? -one : one), 0);
};

/** @param {string} text */
const chineseValue = (text) => {
  /** @param {string} one */
  const at = (one) => characters(TABLE.chinese).indexOf(one) + 1;
  const all = characters(text);
  const ten = all.indexOf("十");
  if (ten < 0) return at(all[all.length - 1]);
  return (ten ? at(all[ten - 1]) : 1) * 10 + (all[ten + 1] ? at(all[ten + 1]) : 0);
};

/**
 * What the groups of `BODY` say; of those that had nothing to match there is none.
 * @param {Record<string, string | undefined>} g
 * @returns {Label | null}
 */
const read = (g) => {
  const open = g.open ?? "";
  const word = g.word ?? g.prefix ?? "";
  const form = "[［〔【〖".includes(open) && open ? "[" : word ? "word" : open ? "(" : "";
  if (g.chinese && !(open || word)) return null;
  const prefix = g.prefix ? `${g.prefix.toLowerCase()} ` : "";
  if (g.digits) {
    const value = Number(
      characters(g.digits)
        .map((one) => VALUES.get(one))
        .join(""),
    );
    if (!value || value > MAX_NUMBER) return null;
    return {
      family: "number",
      value,
      key: `${prefix}${value}`,
      form: form || (TABLE.superscripts.includes(g.digits[0]) ? "raised" : ""),
    };
  }
  if (g.circled) {
    const value = CIRCLED.get(g.circled) ?? 0;
    return { family: "number", value, key: `${prefix}${value}`, form: form || "circled" };
  }
  if (g.chinese)
    return {
      family: "number",
      value: chineseValue(g.chinese),
      key: `${prefix}${chineseValue(g.chinese)}`,
      form,
    };
  if (g.symbol) return { family: "symbol", value: 0, key: prefix + g.symbol.replace(STARS, "*"), form };
  if (g.roman && (g.roman.length > 1 || g.roman.toLowerCase() === "i"))
    return { family: "roman", value: romanValue(g.roman), key: prefix + g.roman, form };
  const letter = g.letter ?? g.roman ?? "";
  return { family: "letter", value: pointOf(letter.toLowerCase()) - 96, key: prefix + letter, form };
};

/**
 * `text` as a label and nothing else: {family, value, key, form}, or null.
 * @param {string} text
 * @returns {Label | null}
 */
export const label = (text) => {
  if (text.length > LONGEST_LABEL) return null;
  const match = LABEL.exec(text);
  return match ? read(match.groups ?? {}) : null;
};

/**
 * The label with which a note's words begin, and how many characters it takes: [label, length], or null. With `bare` a
 * letter with nothing but a space behind it counts as well ("a Survey"); otherwise it is a word ("A man", "I").
 * @param {string} text
 * @param {boolean} [bare]
 * @returns {[Label, number] | null}
 */
export const opening = (text, bare = false) => {
  const match = OPENING.exec(text.slice(0, 200));
  /** @type {Record<string, string | undefined>} */
  const groups = match?.groups ?? {};
  const found = match ? read(groups) : null;
  if (!match || !found) return null;
  const { close, point, circled, space, digits, letter, roman, next = "" } = groups;
  if (found.form === "raised" || close || point || circled)
    // "3.5 million" and "12:30" begin with no label.
    return point && !space && /\p{N}/u.test(next) ? null : [found, match[0].length];
  const small = /^[a-z]/.test(letter ?? roman ?? "A") && CAPITAL.test(next);
  return (space && (digits || bare || small)) || found.family === "symbol" ? [found, match[0].length] : null;
};

const RANKS = "*†‡§¶‖";

/**
 * The families in which a label may count, and its place in each. A single letter may also be a roman numeral ("h, i, j"
 * and "iv, v, vi"); signs count by their kind or by how many they are.
 * @param {Label} one
 * @returns {[string, number][]}
 */
export const readings = (one) => {
  const single = one.key.toLowerCase();
  if (one.family === "symbol") {
    /** @type {[string, number][]} */
    const found = [];
    if (RANKS.includes(one.key)) found.push(["signs", RANKS.indexOf(one.key) + 1]);
    if (new Set(one.key).size === 1) found.push([`times ${one.key[0]}`, one.key.length]);
    return found;
  }
  return single.length === 1 && "ivxl".includes(single)
    ? [
        ["letter", pointOf(single) - 96],
        ["roman", romanValue(single)],
      ]
    : [[one.family, one.value]];
};

/**
 * @param {Label} one
 * @param {Label} other
 */
const isNext = (one, other) =>
  one.family === "symbol" && other.family === "symbol"
    ? one.key !== other.key
    : readings(one).some(([family, value]) =>
        readings(other).some(([also, after]) => family === also && after - value === 1),
      );

/**
 * Whether labels count: each is the next one of its family, or another symbol.
 * @param {Label[]} labels
 */
export const follow = (labels) => labels.slice(1).every((one, i) => isNext(labels[i], one));

const ARROW = `${anyOf(TABLE.arrows)}[\\ufe0e\\ufe0f]?`;
const ARROWS = new RegExp(ARROW, "gu");
const AROUND = new RegExp(`(?:${SPACE}|[.,;:：·|/()\\[\\]（）［］，、。\\-–—།༌་])+`, "gu");
/** @param {string} text */
const folded = (text) => text.toLowerCase().replaceAll("\u200c", "").replace(AROUND, " ").trim();
const WAYS = new Set(TABLE.ways.map(folded));
const NOT_WAYS = new Set(TABLE.not_ways.map(folded));
const HEADINGS = new Set(TABLE.headings.map(folded));
// Arrows that no link holds, with the figure that some programs put behind each: "Report. ↩ ↩2".
const ARROWS_AT_END = new RegExp(
  `(?:${SPACE}|[\\[\\(（·|])*(?:(?<![\\p{L}\\p{N}_])${ARROW}${SPACE}*(?:(?:${DIGIT}|${RAISED}){1,2}|[a-z](?![a-z]))?(?:${SPACE}|[\\]\\)）·|,;])*)+$`,
  "iu",
);
const ARROWS_AT_START = new RegExp(`^${SPACE}*(?:${ARROW}${SPACE}*)+`, "u");

/**
 * Whether a link's words only lead back: "↩", "^", "↩2", "a", "Back to text", "返回正文".
 * @param {string} text
 */
export const isWayBack = (text) => {
  if (text.length > 80) return false;
  const without = text.replace(ARROWS, " ");
  const words = folded(without);
  if (!words) return without !== text || !text.trim();
  if (WAYS.has(words) || label(words)) return true;
  const at = words.lastIndexOf(" ");
  return at > 0 && WAYS.has(words.slice(0, at)) && label(words.slice(at + 1)) !== null;
};

/**
 * Whether a link's words lead to the page's top or its contents.
 * @param {string} text
 */
export const isNoWayBack = (text) => text.length <= 80 && NOT_WAYS.has(folded(text.replace(ARROWS, " ")));

/**
 * Whether words are what stands over notes: "Notes", "Sources:", "注释", "མཆན་".
 * @param {string} text
 */
export const isHeading = (text) => text.length <= 60 && HEADINGS.has(folded(text));

const WAY_AT_END = new RegExp(
  `(?:^|(?<=[\\s.;。།!?”]))(?:${oneOf(TABLE.ways.filter((word) => /\s|[^\x20-\x7e]/.test(word)))})\\s*[:：]?[\\s,、]*$`,
  "iu",
);

/**
 * `text` without the words at its end that lead back, of which only the figures were links: "Back to text: 1, 2".
 * @param {string} text
 */
export const withoutWay = (text) => text.replace(WAY_AT_END, "").trimEnd();

/** @param {string} text */
export const withoutArrows = (text) => text.replace(ARROWS_AT_END, "").trimEnd();
/** @param {string} text */
export const withoutArrowBefore = (text) => text.replace(ARROWS_AT_START, "");
/** @param {string} text */
export const hasArrow = (text) => ARROWS_AT_END.test(text.slice(-40)) || ARROWS_AT_START.test(text);

/** @param {string} word */
const ascii = (word) => /^[\x20-\x7e]+$/.test(word);
const ELSEWHERE = new RegExp(
  `(?:^|[^\\p{L}\\p{N}_])(?:${oneOf(TABLE.points_elsewhere.filter(ascii))})\\.?${SPACE}*$` +
    `|(?:${oneOf(TABLE.points_elsewhere.filter((word) => !ascii(word)))})${SPACE}*$`,
  "iu",
);

/**
 * Whether the words before a figure make it the number of a section, page or article.
 * @param {string} before
 */
export const pointsElsewhere = (before) => ELSEWHERE.test(before.slice(-40));

// "5 m²" and "x²" and "CO₂": what is raised there is no mark.
const UNIT =
  /(?:^|[\s\d(/·⋅])(?:[cdkmµμn]?m|mi|ft|in|yd|cm|sq|s|kg|CO|H|SO|NO|O)$|(?:^|[^\p{L}\p{N}_'’])[a-zA-Z]$|[^\d]10$|^10$|[千公]?[米里]$/u;

/**
 * Whether a raised figure belongs to a unit or a variable: "m²", "x³", "10⁶".
 * @param {string} before
 * @param {string} text
 */
export const isPower = (before, text) => {
  if (/^\s*[-−–+]/.test(text)) return true;
  const found = label(text);
  if (found?.family !== "number" || !UNIT.test(before.slice(-12))) return false;
  return (
    found.value === 2 ||
    found.value === 3 ||
    before.endsWith("10") ||
    (/(?:^|[^a-zA-Z])[a-zA-Z]$/.test(before) && found.value < 10)
  );
};

/**
 * The four quotation marks of a language: outer pair, inner pair (French ones hold a space).
 * @param {string} language
 */
export const quotationMarks = (language) => {
  let name = (language ?? "").toLowerCase();
  while (name && !(name in TABLE.quotes))
    name = name.includes("-") ? name.slice(0, name.lastIndexOf("-")) : "";
  const marks = TABLE.quotes[name];
  return marks.length === 6 ? [marks.slice(0, 2), marks.slice(2, 4), marks[4], marks[5]] : [...marks];
};

// What a run of words may hold as a mark: in square brackets, raised or circled. "(1)" counts points of the text as well.
export const marksInText = () =>
  new RegExp(
    `[\\[［〔【]\\s*(?:(?:${oneOf(TABLE.words)})\\s*)?(?:${DIGIT}{1,3}|${anyOf(TABLE.chinese)}{1,3}|[*†‡]{1,3}|[a-z])\\s*[\\]］〕】]|[(（]\\s*(?:${oneOf(TABLE.words)})\\s*${DIGIT}{1,3}\\s*[)）]|${RAISED}{1,3}|${CIRCLE}`,
    "giu",
  );
