// What only lays out: spaces, breaks and empty elements go, or become what they stand for.

import { isElement, isText, tagOf, textsUnder } from "./nodes.js";

export const BLOCKS =
  "p, div, ul, ol, li, table, tbody, thead, tfoot, tr, td, th, h1, h2, h3, blockquote, section";

/**
 * @param {Element} el
 * @param {string} name
 */
export const rename = (el, name) => {
  const next = el.ownerDocument.createElement(name);
  for (const { name: attr, value } of [...el.attributes]) next.setAttribute(attr, value);
  next.append(...el.childNodes);
  el.replaceWith(next);
  return next;
};

/**
 * Spaces that a program uses to lay out, as spaces; line breaks of the source in <pre> as breaks.
 * @param {Element} body
 */
export const spaces = (body) => {
  for (const el of body.querySelectorAll(
    "[data-style*='mso-spacerun'], [data-style*='mso-tab-count'], .Apple-converted-space, .Apple-tab-span",
  ))
    el.replaceWith(" ");
  for (const pre of body.querySelectorAll("pre")) {
    const p = rename(pre, "p");
    for (const text of textsUnder(p))
      text.replaceWith(
        ...text.data
          .split(/\r?\n/)
          .flatMap((line, i) => (i ? [p.ownerDocument.createElement("br"), line] : [line])),
      );
  }
  /** @type {{ text: Text; block: Element | null | undefined } | null} */
  let before = null;
  for (const text of textsUnder(body)) {
    // Control characters (LibreOffice's fields), zero-width leftovers, soft hyphens; runs of spaces.
    text.data = text.data
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u200b\ufeff]/g, "")
      .replace(/[ \t\r\n\u00a0]*[ \t\r\n][ \t\r\n\u00a0]*|\u00a0{2,}/g, " ");
    // Two words between which something was left out are one space apart.
    const block = text.parentElement?.closest(BLOCKS);
    if (before && before.block === block && before.text.data.endsWith(" "))
      text.data = text.data.replace(/^ /, "");
    if (text.data) before = { text, block };
  }
};

/** @param {Element} el */
const isBlank = (el) =>
  !(el.textContent ?? "").replace(/[\s\u00a0]/g, "") && !el.querySelector("hr, table, sup.footnote-ref");

/** @param {Element} br */
const standsAlone = (br) => {
  /** @param {"previousSibling" | "nextSibling"} step */
  const beside = (step) => {
    let node = br[step];
    while (
      node &&
      (node.nodeType === Node.COMMENT_NODE || (isText(node) && !node.data.trim()) || tagOf(node) === "BR")
    )
      node = node[step];
    return !node || (isElement(node) && node.matches(BLOCKS));
  };
  return beside("previousSibling") && beside("nextSibling");
};

/** @param {Element} body */
export const blanks = (body) => {
  // Between two blocks a break is a blank line that a program keeps in its document.
  for (const br of [...body.querySelectorAll("br")].filter(standsAlone))
    if (br.isConnected && br.parentElement?.querySelector(`:scope > :is(${BLOCKS})`)) br.remove();
  for (const br of body.querySelectorAll(
    "br.Apple-interchange-newline, br[clear], br[data-style*='page-break'], br[data-style*='mso-special-character']",
  ))
    br.remove();
  for (const el of body.querySelectorAll("p, h1, h2, h3, li, blockquote, div, ul, ol"))
    if (el.isConnected && isBlank(el) && !el.closest("[data-note]")?.isSameNode(el)) el.remove();
  // A break at the end of a block shows nothing.
  for (const br of body.querySelectorAll("br"))
    if (!br.nextSibling?.textContent?.trim() && !br.nextElementSibling && br.parentElement?.matches(BLOCKS))
      br.remove();
  for (const hr of body.querySelectorAll("hr"))
    if (/display\s*:\s*none/i.test(hr.getAttribute("data-style") ?? "")) hr.remove();
};
