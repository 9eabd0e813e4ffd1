// What a paste leaves out or changes: how often, where, and the words that went.

/**
 * What a paste brought, left out or changed: how often, and the words before each place, by kind.
 * @typedef {{ counts: Record<string, number>; places: Record<string, string[]> }} PasteReport
 */
import { isText } from "./nodes.js";

const MOST_PLACES = 3;
const PLACE = 30;
const BLOCKS =
  "p, div, li, td, th, dt, dd, h1, h2, h3, h4, h5, h6, blockquote, pre, figcaption, caption, section, article";

/**
 * The last words before a node, by which somebody finds the place.
 * @param {Node} node
 * @param {Element} body
 */
const wordsAhead = (node, body) => {
  let found = "";
  let block = node.parentElement?.closest(BLOCKS);
  const walker = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  walker.currentNode = node;
  while (found.length < 2 * PLACE && walker.previousNode()) {
    const text = walker.currentNode;
    if (!isText(text) || text.parentElement?.closest("sup.footnote-ref, script, style")) continue;
    const home = text.parentElement?.closest(BLOCKS);
    found = text.data + (home === block ? "" : " ") + found;
    block = home;
  }
  const words = found.replace(/\s+/g, " ").trim();
  return words.length > PLACE ? `…${words.slice(-PLACE)}` : words;
};

export class Report {
  /** @param {Element} body */
  constructor(body) {
    this.body = body;
    /** @type {PasteReport["counts"]} */
    this.counts = {};
    /** @type {PasteReport["places"]} */
    this.places = {};
    /**
     * The words that went, by why: what comes out is what came in without these, to the letter.
     * @type {Record<string, string[]>}
     */
    this.removed = {};
  }

  /**
   * One more of `kind`, at `node`'s place.
   * @param {string} kind
   * @param {Node | null} [node]
   * @param {number} [n]
   */
  add(kind, node = null, n = 1) {
    this.counts[kind] = (this.counts[kind] ?? 0) + n;
    const places = (this.places[kind] ??= []);
    const place = node && places.length < MOST_PLACES ? wordsAhead(node, this.body) : "";
    if (place && !places.includes(place)) places.push(place);
  }

  /**
   * Words that the text does not keep; `kind` as for `add`, or "label" and "code", which the notes and nothing stand for.
   * @param {string} kind
   * @param {string} words
   */
  record(kind, words) {
    if (/[\p{L}\p{N}]/u.test(words)) (this.removed[kind] ??= []).push(words);
  }
}
