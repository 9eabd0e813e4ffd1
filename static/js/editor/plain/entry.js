// The number with which a line begins that counts: "1.", "[1]", "①", "١-", "༡༽".
import { opening } from "../paste/labels.js";
import { numberOf } from "./glued.js";

// What some scripts and habits put behind a number, beside the signs that all ways in know.
const DASHED = /^(\p{Nd}{1,3})\s*([-–—ـ༽])\s+(?=\S)/u;

/**
 * {value, form, length, bare}, or null. `form` tells lists apart; a bare number has nothing but a space behind it.
 * @param {string} text
 */
export const entryOf = (text) => {
  const dashed = DASHED.exec(text);
  if (dashed && numberOf(dashed[1]) > 0)
    return { value: numberOf(dashed[1]), form: dashed[2], length: dashed[0].length, bare: false };
  const [found, length = 0] = opening(text) ?? [];
  if (found?.family !== "number") return null;
  const label = text.slice(0, length).trimEnd();
  const point = /[.:)、．：།]$/u.exec(label)?.[0] ?? "";
  return { value: found.value, form: `${found.form}${point}`, length, bare: found.form === "" && !point };
};
