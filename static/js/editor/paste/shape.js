// The shape of what is left: looks become meaning, everything that is not in the schema goes.
/** @import { Report } from "./report.js" */
import { BLOCKS, blanks, rename, spaces } from "./blanks.js";
import { handmadeHeadings } from "./headings.js";
import { quotationMarks } from "./labels.js";
import { cleanHref } from "./links.js";

const RENAMED = {
  B: "strong",
  I: "em",
  CITE: "em",
  DFN: "em",
  VAR: "em",
  DT: "p",
  DD: "p",
  FIGCAPTION: "p",
  CAPTION: "p",
  H4: "h3",
  H5: "h3",
  H6: "h3",
};
const BARE =
  "font, u, ins, big, small, tt, code, kbd, samp, abbr, acronym, mark, time, label, bdi, bdo, wbr, center, figure, article, main, header, footer, aside, address, details, summary, hgroup, picture, colgroup, col, data, ruby, label, form, fieldset, legend, search, slot";
const OFFICE =
  /mso-|class="?Mso|urn:schemas-microsoft|LibreOffice|OpenOffice|docs-internal-guid|SCXW|Cocoa HTML/i;

/** @type {Record<string, string[] | undefined>} */
const KEPT = {
  A: ["href"],
  OL: ["start"],
  TD: ["colspan", "rowspan"],
  TH: ["colspan", "rowspan"],
};
const MAY_BE_FOREIGN = "p, h2, h3, li, blockquote, td, th, span";

/** @param {Element} el */
const styles = (el) => {
  /** @type {Record<string, string | undefined>} */
  const found = {};
  for (const part of (el.getAttribute("data-style") ?? "").split(";")) {
    const at = part.indexOf(":");
    if (at > 0)
      found[part.slice(0, at).trim().toLowerCase()] = part
        .slice(at + 1)
        .trim()
        .toLowerCase();
  }
  return found;
};

/** @param {Element} el */
const unwrap = (el) => el.replaceWith(...el.childNodes);

/**
 * @param {Element} el
 * @param {string} name
 */
const wrapWords = (el, name) => {
  if (!el.textContent.trim()) return;
  const inner = el.ownerDocument.createElement(name);
  inner.append(...el.childNodes);
  el.append(inner);
};

/**
 * Levels of headings: a page's own h1 makes its h2 our second level.
 * @param {Element} body
 */
const headings = (body) => {
  for (const el of body.querySelectorAll("[role=heading][aria-level]"))
    if (!/^H[1-6]$/.test(el.tagName))
      rename(el, `h${Math.min(6, Number(el.getAttribute("aria-level")) || 2)}`);
  for (const el of body.querySelectorAll("p[class*='MsoHeading']")) rename(el, "h2");
  const shift = body.querySelector("h1") ? 1 : 0;
  for (const level of [6, 5, 4, 3, 2, 1])
    for (const el of body.querySelectorAll(`h${level}`)) {
      const next = Math.min(3, Math.max(2, level + shift));
      if (next !== level) rename(el, `h${next}`);
    }
  for (const el of body.querySelectorAll("p[class*='MsoTitle']")) rename(el, "h2");
};

/**
 * Bold, italic and raised letters that are only a style of the element.
 * @param {Element} body
 */
const emphasis = (body) => {
  for (const el of body.querySelectorAll("[data-style]")) {
    const style = styles(el);
    const plain = /^(?:normal|[1-4]00)$/.test(style["font-weight"] ?? "");
    if (el.tagName === "B" || el.tagName === "STRONG") {
      if (plain) {
        unwrap(el);
        continue;
      }
    } else if (
      /^(?:bold|bolder|[6-9]00)$/.test(style["font-weight"] ?? "") &&
      !el.closest("h1, h2, h3, th, b, strong")
    )
      wrapInline(el, "strong");
    if (el.tagName === "I" || el.tagName === "EM") {
      if (style["font-style"] === "normal") {
        unwrap(el);
        continue;
      }
    } else if (/^(?:italic|oblique)/.test(style["font-style"] ?? "") && !el.closest("i, em, h1, h2, h3"))
      wrapInline(el, "em");
    if (el.closest("sup, sub")) continue;
    if (style["vertical-align"]?.startsWith("super")) wrapInline(el, "sup");
    else if (style["vertical-align"]?.startsWith("sub")) wrapInline(el, "sub");
  }
  for (const el of body.querySelectorAll(
    "h1 b, h1 strong, h2 b, h2 strong, h3 b, h3 strong, th b, th strong",
  ))
    unwrap(el);
};

/**
 * @param {Element} el
 * @param {string} name
 */
const wrapInline = (el, name) => {
  if (el.matches("sup.footnote-ref, sup.footnote-ref *")) return;
  const inner = [...el.querySelectorAll(BLOCKS)].filter((b) => !b.querySelector(BLOCKS));
  if (inner.length) for (const block of inner) wrapWords(block, name);
  else if (!el.matches("table, tbody, tr, ul, ol")) wrapWords(el, name);
};

const RTL = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
const LANGUAGE = /^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/i;

/**
 * The language of a foreign phrase and the direction of a paragraph stay; Office programs tag every word.
 * @param {Element} body
 * @param {boolean} office
 */
const languages = (body, office) => {
  for (const el of body.querySelectorAll("[lang], [dir]")) {
    const lang = el.getAttribute("lang") ?? "";
    const rtl = (el.getAttribute("dir") ?? "").toLowerCase() === "rtl" && RTL.test(el.textContent);
    el.removeAttribute("lang");
    el.removeAttribute("dir");
    /** @type {Element} */
    let bearer = el;
    const phrase =
      el.matches("span, i, em, b, strong, a") && !office && LANGUAGE.test(lang) && el.textContent.trim();
    if (phrase && el.tagName !== "SPAN") {
      wrapWords(el, "span");
      bearer = el.firstElementChild ?? el;
    }
    if (!bearer.matches(MAY_BE_FOREIGN)) continue;
    if (phrase) bearer.setAttribute("lang", lang);
    if (rtl) bearer.setAttribute("dir", "rtl");
  }
};

/** @param {Element} body */
const attributes = (body) => {
  for (const el of body.querySelectorAll("*")) {
    if (el.matches("sup.footnote-ref, sup.footnote-ref *, [data-note]")) continue;
    for (const { name } of [...el.attributes]) {
      if (KEPT[el.tagName]?.includes(name)) continue;
      if ((name === "lang" || name === "dir") && el.matches(MAY_BE_FOREIGN)) continue;
      el.removeAttribute(name);
    }
  }
  for (const el of body.querySelectorAll("td, th"))
    for (const name of ["colspan", "rowspan"])
      if (!(Number(el.getAttribute(name)) > 1)) el.removeAttribute(name);
  for (const el of body.querySelectorAll("ol[start='1']")) el.removeAttribute("start");
};

/**
 * Clean addresses.
 * @param {Element} body
 * @param {Report} report
 */
const links = (body, report) => {
  for (const a of body.querySelectorAll("a")) {
    if (a.closest("sup.footnote-ref")) continue;
    const raw = a.getAttribute("href") ?? "";
    const { href, tracked } = cleanHref(raw);
    if (tracked) report.add("tracked", a);
    if (!href || !a.textContent.trim()) {
      if (raw && !href && a.textContent.trim())
        report.add(/^\s*(?:tel|sms|callto):/i.test(raw) ? "phones" : "deadLinks", a);
      unwrap(a);
      continue;
    }
    // The address shown as the link's own words loses its tracking too.
    if (tracked && a.textContent.trim() === raw.trim()) a.textContent = href;
    a.setAttribute("href", href);
  }
};

/** @param {Element} body */
const quotations = (body) => {
  for (const el of body.querySelectorAll("p[class*='MsoQuote'], p[class*='MsoIntenseQuote']")) {
    const quote = body.ownerDocument.createElement("blockquote");
    el.before(quote);
    quote.append(el);
  }
  for (const el of body.querySelectorAll("blockquote + blockquote")) {
    el.previousElementSibling?.append(...el.childNodes);
    el.remove();
  }
};

/** @param {Element} body */
const tables = (body) => {
  for (const el of body.querySelectorAll("table > caption")) {
    el.closest("table")?.before(el);
    rename(el, "p");
  }
  // A table that only lays out, and says so.
  for (const table of body.querySelectorAll("table[role=presentation], table[role=none]")) {
    const cells = table.querySelectorAll("td, th");
    const box = table.ownerDocument.createElement("div");
    for (const cell of cells) if (cell.closest("table") === table) box.append(...cell.childNodes);
    table.replaceWith(box);
  }
};

/**
 * Was this written by an office program, that tags every word with its own settings?
 * @param {string} html
 */
export const isOffice = (html) => OFFICE.test(html);

/**
 * `<q>` becomes the marks of its language, the inner pair inside another.
 * @param {Element} body
 * @param {string} language
 */
const inlineQuotations = (body, language) => {
  const depth = new Map([...body.querySelectorAll("q")].map((el) => [el, isUnderQ(el) % 2]));
  for (const [el, inner] of depth) {
    const marks = quotationMarks(el.closest("[lang]")?.getAttribute("lang") || language);
    el.replaceWith(marks[inner * 2], ...el.childNodes, marks[inner * 2 + 1]);
  }
};

/** @param {Element} el */
const isUnderQ = (el) => {
  let n = 0;
  for (let up = el.parentElement?.closest("q"); up; up = up.parentElement?.closest("q")) n += 1;
  return n;
};

/**
 * Bring `body` to the schema's elements and attributes. `language` is that of the text around.
 * @param {Element} body
 * @param {{ office: boolean; report: Report; language: string }} options
 */
export const shape = (body, { office, report, language }) => {
  blanks(body);
  spaces(body);
  quotations(body);
  headings(body);
  handmadeHeadings(body, report);
  emphasis(body);
  tables(body);
  // Wikipedia marks whole references so; elsewhere <cite> is a title.
  for (const el of body.querySelectorAll("cite.citation")) unwrap(el);
  inlineQuotations(body, language);
  for (const el of body.querySelectorAll("*")) if (el.localName.includes(":") || el.matches(BARE)) unwrap(el);
  for (const [tag, name] of Object.entries(RENAMED))
    for (const el of body.querySelectorAll(tag)) rename(el, name);
  languages(body, office);
  links(body, report);
  attributes(body);
  for (const el of body.querySelectorAll("span:not([lang]):not([dir])")) unwrap(el);
  blanks(body);
};
