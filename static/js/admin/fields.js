// What the form says, as pairs of names and values, and how such pairs are put back into it.
import { all, data, optionalField, requiredField } from "../elements.js";

/** @typedef {[name: string, value: string]} Pair */
const NAMES = new Set([
  "title",
  "dateline",
  "summary",
  "body",
  "publish_at_0",
  "publish_at_1",
  "publish_at_which",
  "topics",
  "language",
  "picture",
  "picture_alt",
  "picture_caption",
]);

// What stands beside the words and goes out with a button alone.
const BESIDE = new Set(["comment", "notice", "correction_note"]);

/**
 * The words of the form as a string; the same words give the same string.
 * @param {HTMLFormElement} form
 */
export const snapshot = (form) => pairsOf(form, NAMES);

/**
 * What is typed beside the words, as a string; empty when nothing is.
 * @param {HTMLFormElement} form
 */
export const beside = (form) => {
  const pairs = pairsOf(form, BESIDE, (value) => value.trim());
  return pairs === "[]" ? "" : pairs;
};

/**
 * What `snapshot` and `beside` have written.
 * @param {string} words
 * @returns {Pair[]}
 */
export const pairsIn = (words) => JSON.parse(words || "[]");

/**
 * @param {HTMLFormElement} form
 * @param {Set<string>} names
 * @param {(value: string) => unknown} [wanted]
 */
const pairsOf = (form, names, wanted = () => true) => {
  /** @type {Pair[]} */
  const pairs = [];
  for (const [name, given] of new FormData(form)) {
    const value = String(given).replace(/\r\n?/g, "\n");
    if (names.has(name) && wanted(value)) pairs.push([name, value]);
  }
  pairs.sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : a === "topics" ? Number(x) - Number(y) : 0));
  return JSON.stringify(pairs);
};

/**
 * @param {HTMLFormElement} form
 * @param {string} words
 */
export const fill = (form, words) => {
  const pairs = pairsIn(words);
  const topics = new Set(pairs.filter(([name]) => name === "topics").map(([, value]) => value));
  for (const box of all(form, "input[name=topics]", HTMLInputElement))
    if (box.checked !== topics.has(box.value)) box.click();
  for (const [name, value] of pairs) {
    const field = optionalField(form, name);
    if (name === "topics" || !field || field.value === value) continue;
    if (name === "body") field.dispatchEvent(new CustomEvent("newsroom:set-body", { detail: value }));
    if (name !== "body" || !field.closest(".body-editor")) field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
};

/**
 * @param {HTMLFormElement} form
 * @param {string} words
 */
export const fillBeside = (form, words) => {
  for (const [name, value] of pairsIn(words)) {
    const field = optionalField(form, name);
    if (!field || field.value === value) continue;
    field.value = value;
    field.closest("details")?.setAttribute("open", "");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
};

/**
 * The newest token: signing in again in another tab makes another one.
 * @param {HTMLElement} page
 * @param {HTMLFormElement} form
 */
export const token = (page, form) => {
  const name = data(page, "csrfCookie");
  const found = document.cookie.split("; ").find((one) => one.startsWith(`${name}=`));
  const field = requiredField(form, "csrfmiddlewaretoken");
  if (found) field.value = decodeURIComponent(found.slice(name.length + 1));
  return field.value;
};
