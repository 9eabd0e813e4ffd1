// Keys of notes: random, never renumbered, unique without asking anybody.

import { notes } from "./tables.js";

const KEY = new RegExp(`^${notes.key}$`);
const ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";

/** A fresh note key: eight of [a-z0-9], beginning with a letter. */
export const newKey = () => {
  // getRandomValues, unlike randomUUID, also works on plain http hosts. The first is taken from the
  // 26 letters, so that no key reads as a number.
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return [...bytes].map((b, i) => ALPHABET[b % (i ? 36 : 26)]).join("");
};

/** @param {string} text */
export const isKey = (text) => KEY.test(text ?? "");
