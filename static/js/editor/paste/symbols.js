// Signs of symbol fonts (Symbol, Wingdings), which are other letters once the font is gone.
/** @import { Report } from "./report.js" */
import { symbols } from "../tables.js";
import { textsUnder } from "./nodes.js";

const FAMILY = /(?:^|;)\s*(?:font-family|mso-symbol-font-family)\s*:\s*["']?([^;,"']+)/gi;
const FONTS = symbols.fonts;
const NONE = "\ufffd";

/**
 * The symbol font in which an element's own words stand, or "".
 * @param {Element} el
 */
const fontOf = (el) => {
  const style = el.getAttribute("data-style") ?? "";
  const named = [...style.matchAll(FAMILY)].map(([, name]) => name.trim().toLowerCase());
  const font = named.find((name) => name in FONTS) ?? "";
  // Word names a symbol font for the signs alone where letters have a font of their own.
  if (font && /mso-ascii-font-family/i.test(style) && !/mso-char-type\s*:\s*symbol/i.test(style)) return null;
  if (font) return font;
  const face = (el.getAttribute("face") ?? "").split(",")[0].trim().toLowerCase();
  if (face) return face in FONTS ? face : "";
  return named.length ? "" : null;
};

/**
 * @param {string} character
 * @param {string} font
 */
const read = (character, font) => {
  const point = character.codePointAt(0) ?? 0;
  const place = point >= 0xf000 && point <= 0xf0ff ? point - 0xf000 : point;
  return place >= 0x20 && place <= 0xff ? [...FONTS[font]][place - 0x20] : character;
};

/**
 * Write them as the Unicode characters that they showed; what nobody knows stays and is counted.
 * @param {Element} body
 * @param {Report} report
 */
export const readSigns = (body, report) => {
  if (!body.querySelector("[data-style*='font-family'], [face]")) return;
  for (const text of textsUnder(body)) {
    /** @type {string | null} */
    let font = null;
    for (let el = text.parentElement; font === null && el && el !== body; el = el.parentElement)
      font = fontOf(el);
    if (!font || !text.data.trim()) continue;
    const shown = [...text.data].map((character) =>
      /\s/.test(character) ? character : read(character, font),
    );
    if (shown.includes(NONE)) report.add("symbols", text);
    text.data = shown.map((character, i) => (character === NONE ? [...text.data][i] : character)).join("");
  }
};
