// Web addresses in running text: where each begins and where it ends, typed or pasted, in every script.
//
// Brackets that are balanced belong to an address. What closes a sentence, quotation marks, "…", full-width signs and the
// letters of another script that follow without a space do not: "见https://example.org/x后来" holds one ending in x.
import { cleanHref } from "./paste/links.js";

// Space, invisible signs, quotation marks and dashes; what stands in no address unescaped; the punctuation of Chinese,
// Arabic-script and Tibetan text.
const STOP =
  /[\s\ufffc<>"`\\^|{}…“”„‟‘’‚‛«»‹›–—―\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u3000-\u3003\u3008-\u301f\u30fb\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65،؛؟۔\u0f08-\u0f14]/u;
const TRAILING = /[.,;:!?'([]+$/u;
/** @type {Record<string, string | undefined>} */
const CLOSERS = { ")": "(", "]": "[" };
// A second address behind one of these is no part of the first ("/https://" and "=https://" are).
const PARTS = /[\p{L}\p{N}.,;()[\]]/u;
const BEFORE = /[\p{Script=Latin}\p{N}_]/u;
const OTHER_SCRIPT = /(?!\p{Script=Latin})\p{L}/u;
const JOINS = /[/=&?#(_+-]/u;
const HOST = /^https?:\/\/(?:[^/?#]+\.[^/?#]|\[[\da-f:.]+\])/iu;

/**
 * Where the host ends: at a path, a query, or a letter of another script behind its last name or port.
 * @param {string} text
 * @param {number} start
 * @param {number} limit
 */
const hostEnd = (text, start, limit) => {
  let end = start;
  while (end < limit && !/[/?#]/.test(text[end])) end += 1;
  const lastName = Math.max(start, text.lastIndexOf(".", end - 1) + 1);
  for (let i = lastName + 1; i < end; i++)
    if (/[a-z0-9]/i.test(text[i - 1]) && OTHER_SCRIPT.test(text[i])) return i;
  return end;
};

/**
 * Where what could be the address that begins at `from` must end, before it is trimmed.
 * @param {string} text
 * @param {number} from
 */
const rawEnd = (text, from) => {
  const start = text.indexOf("//", from) + 2;
  const quoted = text[from - 1] === "'";
  let limit = start;
  const open = [];
  for (; limit < text.length; limit++) {
    const sign = text[limit];
    if (STOP.test(sign) || (quoted && sign === "'")) break;
    if (sign === "(" || sign === "[") open.push(sign);
    else if (CLOSERS[sign] && open.pop() !== CLOSERS[sign]) break;
    if (limit > start && PARTS.test(text[limit - 1]) && /^https?:\/\//i.test(text.slice(limit, limit + 8)))
      break;
  }
  const end = hostEnd(text, start, limit);
  if (end < limit && !/[/?#]/.test(text[end])) return end;
  const foreignHost = OTHER_SCRIPT.test(text.slice(start, end));
  for (let i = end + 1; i < limit; i++) {
    if (!OTHER_SCRIPT.test(text[i])) continue;
    const before = text[i - 1];
    // In "/wiki/人权" it belongs to the path, behind "x" or the first slash of a host in Latin letters to the sentence.
    const belongs =
      OTHER_SCRIPT.test(before) ||
      /\p{M}/u.test(before) ||
      (JOINS.test(before) && (i > end + 1 || foreignHost));
    if (!belongs) return i;
  }
  return limit;
};

/**
 * The addresses of a text: [{from, to, href, open}]. One that is open could go on if more were written.
 * @param {string} text
 */
export const addressesIn = (text) => {
  const found = [];
  const begins = /https?:\/\//giu;
  let last = -1;
  for (let match = begins.exec(text); match; match = begins.exec(text)) {
    const from = match.index;
    if (from && from !== last && BEFORE.test(text[from - 1])) continue;
    last = rawEnd(text, from);
    begins.lastIndex = Math.max(last, begins.lastIndex);
    const words = text.slice(from, last).replace(TRAILING, "");
    const { href } = cleanHref(words);
    if (href && HOST.test(href))
      found.push({ from, to: from + words.length, href, open: last === text.length });
  }
  return found;
};

/**
 * Plain text with the addresses in it cleaned, and without control characters.
 * @param {string} text
 */
export const cleanText = (text) => {
  const plain = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g, "");
  let cleaned = "";
  let at = 0;
  for (const { from, to, href } of addressesIn(plain)) {
    cleaned += plain.slice(at, from) + href;
    at = to;
  }
  return cleaned + plain.slice(at);
};
