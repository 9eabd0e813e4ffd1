// The stored HTML made ready for the schema, so that nothing in it is silently dropped.
import { isKey } from "./keys.js";

/**
 * The key in the address of a note: "#fn-…".
 * @param {string | null} href
 */
export const keyIn = (href) => (href ?? "").slice("#fn-".length);

/** @param {Element} li */
const noteKey = (li) => (li.id.startsWith("fn-") ? li.id.slice(3) : "");

/**
 * {html, kept}: all lists of notes gathered into one at the end, and the keys of notes that have words but no
 * citation, which stay until the writer cites or removes them.
 * @param {string} stored
 */
export const prepare = (stored) => {
  /** @type {string[]} */
  const kept = [];
  if (!stored.includes("footnotes")) return { html: stored, kept };
  const { body } = new DOMParser().parseFromString(stored, "text/html");
  const lists = [...body.querySelectorAll("ol.footnotes")];
  if (!lists.length) return { html: stored, kept };
  const [list, ...others] = lists;
  const moved = others.length > 0 || list.parentElement !== body || list.nextElementSibling !== null;
  if (moved) {
    for (const other of others) {
      list.append(...other.children);
      other.remove();
    }
    body.append(list);
  }
  const cited = new Set(
    [...body.querySelectorAll("sup.footnote-ref a[href^='#fn-']")].map((a) => keyIn(a.getAttribute("href"))),
  );
  for (const li of list.children) {
    const key = noteKey(li);
    if (isKey(key) && !cited.has(key) && li.textContent.trim()) kept.push(key);
  }
  return { html: moved ? body.innerHTML : stored, kept };
};
