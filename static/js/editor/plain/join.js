// Lines that a program broke are one paragraph again: with a space or without, as the script has it, and the hyphen at
// the end of a line taken away or kept, as the word has it.
import { addressesIn } from "../addresses.js";
import { plain } from "../tables.js";

const FIRST = new Set(plain.hyphened_first);
const SECOND = new Set(plain.hyphened_second);
const HANGING = new Set(plain.hanging);

// Chinese and Japanese with their signs; Thai, Lao, Khmer and Burmese: no space between words.
const SPACELESS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\u3000-\u303f\uff01-\uff65]/u;
const TSHEG = /[\u0f0b\u0f0c]$/;
const HYPHEN = /([\p{L}\p{M}][\p{L}\p{M}'’]*(?:[-‐][\p{L}\p{M}'’]+)*)([-‐\u00ad])$/u;
// "re-elected", "co-opted": a hyphen parts two vowels that are the same.
const DOUBLED = /^(?:re|pre|de) e|^co o|^(?:anti|semi) i|^(?:ultra|contra|intra) a|^micro o/i;
const WORD = /[\p{L}\p{M}]+(?:[-‐][\p{L}\p{M}]+)*/gu;

/** @param {string} text */
const firstSign = (text) => (text ? String.fromCodePoint(text.codePointAt(0) ?? 0) : "");
/** @param {string} text */
const lastSign = (text) => [...text.slice(-2)].at(-1) ?? "";

/**
 * How the words of a text are written where no line ends in them: whether it has a word, and whether it parts Chinese and
 * Latin letters by a space.
 * @typedef {{ has(word: string): boolean; readonly spaced: boolean }} Habits
 */

/**
 * @param {string} text
 * @returns {Habits}
 */
export const habitsOf = (text) => {
  /** @type {Set<string> | undefined} */
  let words;
  /** @type {boolean | undefined} */
  let spaced;
  // Neither what stands before the end of a line nor what follows it is a whole word.
  const read = () =>
    new Set(
      (text.replace(/\S*[-‐\u00ad]\s*\n\s*\S*/gu, " ").match(WORD) ?? []).map((word) =>
        word.toLowerCase().replaceAll("‐", "-"),
      ),
    );
  return {
    has(word) {
      words ??= read();
      return words.has(word.toLowerCase());
    },
    get spaced() {
      spaced ??=
        (text.match(/\p{Script=Han} [A-Za-z0-9]|[A-Za-z0-9] \p{Script=Han}/gu) ?? []).length >
        (text.match(/\p{Script=Han}[A-Za-z0-9]|[A-Za-z0-9]\p{Script=Han}/gu) ?? []).length;
      return spaced;
    },
  };
};

/**
 * The end of one line and the beginning of the next at a hyphen, as one; null where there is none.
 * @param {string} line
 * @param {string} next
 * @param {Habits} habits
 */
const rejoined = (line, next, habits) => {
  const found = HYPHEN.exec(line);
  if (!found) return null;
  const [, left, hyphen] = found;
  const right = /^[\p{L}\p{M}'’]+/u.exec(next)?.[0] ?? "";
  const without = line.slice(0, -1) + next;
  if (hyphen === "\u00ad") return without;
  if (HANGING.has(right.toLowerCase())) return `${line} ${next}`;
  const keeps =
    !right ||
    right !== right.toLowerCase() ||
    /^[\p{L}\p{M}'’]+[-‐][\p{L}\p{M}]/u.test(next) ||
    /[-‐]/.test(left) ||
    (left.length > 1 && left === left.toUpperCase() && left !== left.toLowerCase());
  if (keeps) return line + next;
  if (habits.has(left + right)) return without;
  if (habits.has(`${left}-${right}`)) return line + next;
  if (DOUBLED.test(`${left} ${right}`)) return line + next;
  return FIRST.has(left.toLowerCase()) || SECOND.has(right.toLowerCase()) ? line + next : without;
};

/**
 * Is the address at the end of a line broken off there: does the next one go on like an address?
 * @param {string} line
 * @param {string} next
 */
const breaksAddress = (line, next) => {
  const last = /\S+$/.exec(line)?.[0] ?? "";
  if (!/https?:\/\/\S/i.test(last) || !addressesIn(last).at(-1)) return false;
  return (
    /[/\-_=&?#%]$/.test(last) &&
    /^[\w%~.-]*[/._=&%\d-][\w%~./=&?#-]*(?=[\s).,;]|$)/.test(next) &&
    !/^\d+[.)]?\s/.test(next)
  );
};

/**
 * Two lines as one.
 * @param {string} line
 * @param {string} next
 * @param {Habits} habits
 */
export const joined = (line, next, habits) => {
  const [before, after] = [line.trimEnd(), next.trimStart()];
  if (!before || !after) return before || after;
  if (breaksAddress(before, after)) return before + after;
  const whole = rejoined(before, after, habits);
  if (whole !== null) return whole;
  const [last, first] = [lastSign(before), firstSign(after)];
  const dashed = /[–—―/]$/u.test(before) && !/\s[–—―]$/u.test(before);
  if (TSHEG.test(before) || dashed || (SPACELESS.test(last) && SPACELESS.test(first))) return before + after;
  if (SPACELESS.test(last) || SPACELESS.test(first)) {
    // Between Chinese and Latin letters as this text has it; full-width signs bring their own space.
    /** @param {string} sign */
    const isWord = (sign) => /[\p{L}\p{M}\p{N}]/u.test(sign);
    const parted =
      isWord(last) && isWord(first) ? habits.spaced : !SPACELESS.test(isWord(last) ? first : last);
    return parted ? `${before} ${after}` : before + after;
  }
  return `${before} ${after}`;
};
