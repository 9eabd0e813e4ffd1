// Putting other words in the place of hits, without touching what stands around them or how they look.
/** @import { EditorView, Transaction } from "../tiptap.js" */
/** @import { Hit, Query } from "./hits.js" */
import { pm } from "../tiptap.js";

const { closeHistory } = pm.history;

/** @param {string} unit */
const isHigh = (unit) => unit >= "\ud800" && unit <= "\udbff";

/**
 * How many units two texts share at their beginning, never half a letter.
 * @param {string} a
 * @param {string} b
 */
const shared = (a, b) => {
  let n = 0;
  while (n < a.length && n < b.length && a[n] === b[n]) n += 1;
  return n && isHigh(a[n - 1]) ? n - 1 : n;
};

/**
 * @param {string} a
 * @param {string} b
 */
const sharedEnd = (a, b) => {
  let n = 0;
  while (n < a.length && n < b.length && a.at(-n - 1) === b.at(-n - 1)) n += 1;
  return n && /[\udc00-\udfff]/.test(a.at(-n) ?? "") ? n - 1 : n;
};

/** @param {string} words */
const capital = (words) => {
  const [first = "", ...rest] = words;
  return first.toUpperCase() + rest.join("");
};

/**
 * The words that take the place of `found`. Where case does not matter and all of them are small letters, they follow
 * its capitals ("Agency" -> "Office"), unless it stands exactly as it was asked for.
 * @param {string} found
 * @param {string} words
 * @param {Pick<Query, "text" | "matchCase">} options
 */
export const inItsCase = (found, words, { text, matchCase }) => {
  const literal =
    matchCase || found === text || words !== words.toLowerCase() || words === text.toLowerCase();
  if (literal) return words;
  const [first = ""] = found;
  if (first === first.toLowerCase()) return words;
  return [...found].length > 1 && found === found.toUpperCase() ? words.toUpperCase() : capital(words);
};

/**
 * Only what differs is replaced, in the look of the first letter that goes: a link on the rest stays.
 * @param {Transaction} tr
 * @param {{ from: number; to: number }} options
 * @param {string} words
 * @param {Query} query
 */
const change = (tr, { from, to }, words, query) => {
  const found = tr.doc.textBetween(from, to);
  const wanted = inItsCase(found, words, query);
  const head = shared(found, wanted);
  const tail = sharedEnd(found.slice(head), wanted.slice(head));
  const [a, b] = [from + head, to - tail];
  const middle = wanted.slice(head, wanted.length - tail);
  const $a = tr.doc.resolve(a);
  const gone = a < to ? $a.nodeAfter : $a.nodeBefore;
  if (middle) tr.replaceWith(a, b, tr.doc.type.schema.text(middle, gone?.marks));
  else if (a < b) tr.delete(a, b);
};

/**
 * Replace `hits`, which stand in the order of the document, in one step of the history.
 * @param {EditorView} view
 * @param {Hit[]} hits
 * @param {string} words
 * @param {Query} query
 * @param {(tr: Transaction) => Transaction} [finish]
 */
export const replaceHits = (view, hits, words, query, finish = (tr) => tr) => {
  const tr = closeHistory(view.state.tr);
  for (const hit of [...hits].reverse()) change(tr, hit, words, query);
  view.dispatch(finish(tr));
  view.dispatch(closeHistory(view.state.tr));
};
