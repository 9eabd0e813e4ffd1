// Numbers of notes that stand glued to a word or a date, as they do in the plain text of a page whose raised figures were
// lost: "extremism.”1", "Asia,2", "May 304" (30 and note 4), "June 9.5". releases/text/glued.py says the same rules of a
// stored text; a test compares them.
import { addressesIn } from "../addresses.js";
import { pointsElsewhere } from "../paste/labels.js";
import { plain } from "../tables.js";

const MONTHS = new Set(plain.months);
const CLOSING = new Set(plain.closing);
const DIGIT = /^\p{Nd}$/u;
const LETTER = /^[\p{L}\p{M}]$/u;
const LONGEST = 3;
// In a longer text nothing is looked for elsewhere: the reading stays linear.
const LONG_TEXT = 300_000;

/** @param {string | undefined} one */
const isDigit = (one) => one !== undefined && DIGIT.test(one);
/** @param {string | undefined} one */
const isLetter = (one) => one !== undefined && LETTER.test(one);

/**
 * The number that digits of any script write.
 * @param {Iterable<string>} digits
 */
export const numberOf = (digits) => {
  let value = 0;
  for (const one of digits) {
    const code = one.codePointAt(0) ?? 0;
    let zero = code;
    while (code - zero < 9 && isDigit(String.fromCodePoint(zero - 1))) zero -= 1;
    // Blocks of digits begin at their zero; where several stand in a row, ASCII and its like, ten are one block.
    value = value * 10 + ((code - zero) % 10);
  }
  return value;
};

/** @param {string[]} digits */
const isMark = (digits) => digits.length > 0 && digits.length <= LONGEST && numberOf(digits.slice(0, 1)) > 0;

/**
 * The letters that end at `end` of `signs`, and where they begin: [word, start].
 * @param {string[]} signs
 * @param {number} end
 * @returns {[string, number]}
 */
const wordBefore = (signs, end) => {
  let start = end;
  while (start > 0 && isLetter(signs[start - 1])) start -= 1;
  return [signs.slice(start, end).join(""), start];
};

/**
 * @param {string[]} signs
 * @param {number} end
 */
const monthBefore = (signs, end) => {
  let at = end;
  if (/^\s$/.test(signs[at - 1] ?? "")) at -= 1;
  if (signs[at - 1] === ".") at -= 1;
  return at < end && MONTHS.has(wordBefore(signs, at)[0].toLowerCase());
};

/**
 * @param {string[]} digits
 * @param {number} from
 * @param {number} to
 */
const isYear = (digits, from, to) =>
  digits.length === 4 && numberOf(digits) >= from && numberOf(digits) <= to;

/**
 * "G20" and "CO2" are names; "SCO2" is "SCO" and a note where "SCO" stands elsewhere, too, and "SCO2" nowhere else.
 * @param {string} word
 * @param {string[]} digits
 * @param {string} text
 */
const isName = (word, digits, text) => {
  const cased = word.toLowerCase() !== word.toUpperCase();
  const likeAWord = [...word].length > 2 && word.slice(1) === word.slice(1).toLowerCase();
  if (!cased || likeAWord) return false;
  if (text.length > LONG_TEXT) return true;
  const name = digits.join("");
  const alone = new RegExp(`(?<![\\p{L}\\p{M}\\p{Nd}])${word}(?![\\p{L}\\p{M}\\p{Nd}])`, "u").test(text);
  return !alone || text.split(word + name).length > 2;
};

/**
 * @param {string[]} signs
 * @param {number} to
 */
const goesOn = (signs, to) => {
  const [after, next] = [signs[to], signs[to + 1]];
  if (after === undefined) return false;
  if (isLetter(after) || "_%‰°$€£¥/@#=&\\".includes(after)) return true;
  return (
    (".,:'’-–".includes(after) && isDigit(next)) ||
    ("-‐‑".includes(after) && isLetter(next)) ||
    (after === "." && /^[a-z]$/.test(next ?? ""))
  );
};

/**
 * @param {string[]} signs
 * @param {number} to
 */
const beginsSentence = (signs, to) => {
  let at = to;
  while (at < signs.length && /^\s$/.test(signs[at])) at += 1;
  if (at === signs.length) return true;
  const sign = signs[at];
  return (
    at > to &&
    (/^["“‘«([]$/.test(sign) ||
      (isLetter(sign) && !(sign === sign.toLowerCase() && sign !== sign.toUpperCase())))
  );
};

/**
 * Behind a letter: "early May3", "恐怖主义1，".
 * @param {string[]} signs
 * @param {number} from
 * @param {number} to
 * @param {string} text
 */
const behindLetter = (signs, from, to, text) => {
  const digits = signs.slice(from, to);
  const [word, start] = wordBefore(signs, from);
  const before = signs[start - 1] ?? "";
  if (!isMark(digits) || isDigit(before) || "_@#\\/=&.".includes(before || " ")) return [];
  if (pointsElsewhere(signs.slice(Math.max(0, from - 40), from).join(""))) return [];
  return [{ from, to, sure: !isName(word, digits, text) }];
};

/**
 * Behind what closes a word or a number: "extremism.”1", "Asia,2", "June 9.5", "in 2011.6".
 * @param {string[]} signs
 * @param {number} from
 * @param {number} to
 */
const behindClosing = (signs, from, to) => {
  const digits = signs.slice(from, to);
  let at = from - 1;
  while (at >= 0 && CLOSING.has(signs[at]) && from - at <= 4) at -= 1;
  const last = signs[from - 1];
  if (!isMark(digits) || at < 0) return [];
  if (isLetter(signs[at])) {
    const [word, start] = wordBefore(signs, at + 1);
    if (start > 0 && "_@#\\/=&".includes(signs[start - 1])) return [];
    if (last === "." && pointsElsewhere(signs.slice(Math.max(0, from - 40), from).join(""))) return [];
    return [{ from, to, sure: last !== ":" && !(last === "." && [...word].length === 1) }];
  }
  if (!isDigit(signs[at]) || last === ":" || last === "'" || last === "’") return [];
  let start = at;
  while (start > 0 && isDigit(signs[start - 1])) start -= 1;
  const number = signs.slice(start, at + 1);
  const dated =
    (monthBefore(signs, start) && number.length < 3 && numberOf(number) <= 31) || isYear(number, 1500, 2199);
  if (last === ",") return dated && digits.length < 3 ? [{ from, to, sure: true }] : [];
  if (last === ".") return beginsSentence(signs, to) ? [{ from, to, sure: dated }] : [];
  return [{ from, to, sure: true }];
};

/**
 * At the end of a number: "May 304" is the 30th and note 4, "May 30, 20114" the year and note 4.
 * @param {string[]} signs
 * @param {number} from
 * @param {number} to
 */
const insideNumber = (signs, from, to) => {
  const digits = signs.slice(from, to);
  const found = [];
  const dated = monthBefore(signs, from);
  if (dated && digits.length > 1 && digits.length < 6 && numberOf(digits) > 31 && !isYear(digits, 1400, 2199))
    for (const length of [1, 2]) {
      const day = numberOf(digits.slice(0, length));
      const rest = digits.slice(length);
      if (isMark(rest) && numberOf(digits.slice(0, 1)) > 0 && day <= 31)
        found.push({ from: from + length, to, sure: true });
    }
  if (
    digits.length > 4 &&
    digits.length < 8 &&
    isYear(digits.slice(0, 4), 1800, 2100) &&
    isMark(digits.slice(4))
  ) {
    const day = /\p{Nd}{1,2}(?:st|nd|rd|th)?,?\s$/u.exec(signs.slice(Math.max(0, from - 8), from).join(""));
    const sure = dated || (day !== null && monthBefore(signs, from - [...day[0]].length));
    found.push({ from: from + 4, to, sure });
  }
  return found;
};

/**
 * The numbers that may be marks of notes in one paragraph: [{from, to, value, sure}], places counted in characters (code
 * points). `text` is where a name may stand elsewhere.
 * @param {string} paragraph
 * @param {string} [text]
 */
export const gluedIn = (paragraph, text = paragraph) => {
  let masked = "";
  let end = 0;
  for (const address of addressesIn(paragraph)) {
    masked +=
      paragraph.slice(end, address.from) +
      "\ufffc".repeat([...paragraph.slice(address.from, address.to)].length);
    end = address.to;
  }
  const signs = [...(masked + paragraph.slice(end))];
  const found = [];
  for (let from = 0; from < signs.length; from++) {
    if (!isDigit(signs[from])) continue;
    let to = from;
    while (isDigit(signs[to])) to += 1;
    const before = signs[from - 1];
    if (from && to - from < 8 && !goesOn(signs, to)) {
      if (isLetter(before)) found.push(...behindLetter(signs, from, to, text));
      else if (CLOSING.has(before)) found.push(...behindClosing(signs, from, to));
      else found.push(...insideNumber(signs, from, to));
    }
    from = to;
  }
  return found.map((one) => ({ ...one, value: numberOf(signs.slice(one.from, one.to)) }));
};

/**
 * The marks of notes 1 to `count` among what was found in a text, in its order: one for each, in the order of the numbers,
 * and more where a number that was there already comes again. Null where one is missing or could be two things.
 * @template {{ value: number; sure: boolean }} One
 * @param {One[]} found
 * @param {number} count
 */
export const marksOf = (found, count) => {
  const all = found.map((one, place) => ({ ...one, place }));
  /** @type {(One & { place: number })[]} */
  const marks = [];
  let at = 0;
  for (let value = 1; value <= count; value++) {
    const next =
      value < count ? all.find((one) => one.place >= at && one.sure && one.value === value + 1) : null;
    const here = all.slice(at, next?.place).filter((one) => one.value === value);
    const mark = here.find((one) => one.sure) ?? (here.length === 1 ? here[0] : null);
    if (!mark) return null;
    marks.push(mark);
    at = mark.place + 1;
  }
  return [
    ...marks,
    ...all.filter(
      (one) =>
        one.sure && one.value <= count && marks[one.value - 1].place < one.place && !marks.includes(one),
    ),
  ];
};
