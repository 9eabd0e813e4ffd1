// From the HTML of any program to what the body may hold: the whole way, in order.
import { keyIn } from "../load.js";
import { copyAttributes, isElement } from "./nodes.js";
import { Report } from "./report.js";
import { leaveOut } from "./leave-out.js";
import { hangingLists, onlineLists, valuedLists, wordLists } from "./lists.js";
import { extractNotes } from "./notes.js";
import { isOffice, shape } from "./shape.js";
import { readSigns } from "./symbols.js";

// What Windows writes before the fragment ("Version:1.0 StartHTML:…"), which some programs hand on.
const WINDOWS_HEAD = /^\s*Version:[\d.]+\s[^<]*/;

// Style attributes are only ever read here, as data, and handlers never run. Named otherwise they trouble no
// content policy, which counts even those of a document that is not shown.
/** @param {string} html */
export const asData = (html) =>
  html
    .replace(WINDOWS_HEAD, "")
    .replace(/<style\b[\s\S]*?<\/style>/gi, "")
    .replace(/<[a-z][^<>]*>/gi, (tag) => tag.replace(/(\s)(style|on[a-z]+)(?=\s*=)/gi, "$1data-$2"));

const NOTE_BLOCKS =
  /^(?:P|H[1-6]|DIV|UL|OL|LI|DL|DT|DD|TABLE|TBODY|THEAD|TFOOT|TR|TD|TH|BLOCKQUOTE|SECTION|ARTICLE|ASIDE|PRE|FIGURE|HR)$/;

/**
 * Words of a note as it may hold them: paragraphs. What stands between two blocks is one of its own.
 * @param {Element} box
 */
const paragraphsOf = (box) => {
  const doc = box.ownerDocument;
  /** @type {HTMLElement[]} */
  const paragraphs = [];
  /** @type {HTMLElement | null} */
  let open = null;
  /**
   * @param {Node} node
   * @param {Element} bearer
   */
  const gather = (node, bearer) => {
    for (const child of [...node.childNodes]) {
      if (isElement(child) && NOTE_BLOCKS.test(child.tagName)) {
        open = null;
        gather(child, child);
        open = null;
        continue;
      }
      // Boxes of words that hold blocks after all.
      if (isElement(child) && [...child.querySelectorAll("*")].some((el) => NOTE_BLOCKS.test(el.tagName))) {
        gather(child, bearer);
        continue;
      }
      if (!open) {
        open = doc.createElement("p");
        copyAttributes(bearer, open, ["lang", "dir"]);
        paragraphs.push(open);
      }
      open.append(child);
    }
  };
  // A note cited twice is carried twice.
  gather(box.cloneNode(true), box);
  for (const p of paragraphs) p.innerHTML = p.innerHTML.trim();
  return (
    paragraphs
      .filter((p) => p.textContent.trim())
      .map((p) => p.outerHTML)
      .join("") || "<p></p>"
  );
};

/**
 * The key of the note that a citation leads to.
 * @param {Element} sup
 */
const keyOf = (sup) => keyIn(sup.firstElementChild?.getAttribute("href") ?? null);

/**
 * A note cited inside another note: its words stand there in brackets, for notes hold no citations.
 * @param {Map<string, Element>} boxes
 */
const inlineNested = (boxes) => {
  for (const box of boxes.values())
    for (const sup of box.querySelectorAll("sup.footnote-ref")) {
      const key = keyOf(sup);
      const words =
        boxes.get(key) === box ? "" : (boxes.get(key)?.textContent.replace(/\s+/g, " ").trim() ?? "");
      sup.replaceWith(words ? ` [${words}]` : "");
    }
};

/**
 * What becomes of clipboard HTML that this editor did not write. The report counts what paste/messages.js names; `removed` holds the words that went, by why. `language` is that of the text pasted into.
 * @param {string} html
 * @param {string} [language]
 */
export const tidyPasted = (html, language = "") => {
  const css = [...html.matchAll(/<style\b[^>]*>([\s\S]*?)<\/style>/gi)].map(([, rules]) => rules).join(" ");
  const doc = new DOMParser().parseFromString(asData(html), "text/html");
  const { body } = doc;
  const office = isOffice(html);
  const report = new Report(body);
  report.record("code", css);
  // Markdown programs name theirs as we do; here only ours may be called so.
  for (const el of body.querySelectorAll(".footnote-ref")) el.classList.replace("footnote-ref", "fnref");
  leaveOut(body, report);
  readSigns(body, report);
  const notes = extractNotes(body, report, css);

  // The notes' words go the same way as the text.
  /** @type {Map<string, Element>} */
  const boxes = new Map();
  for (const [key, box] of notes) {
    const holder = doc.createElement("div");
    holder.setAttribute("data-note", key);
    if (box) holder.append(...box.childNodes);
    body.append(holder);
    boxes.set(key, holder);
  }
  wordLists(body, report);
  onlineLists(body);
  hangingLists(body);
  valuedLists(body);
  shape(body, { office, report, language });

  for (const [key] of boxes)
    boxes.set(key, body.querySelector(`[data-note="${key}"]`) ?? doc.createElement("div"));
  for (const box of boxes.values()) box.remove();
  inlineNested(boxes);
  for (const sup of body.querySelectorAll("sup.footnote-ref")) {
    const box = boxes.get(keyOf(sup));
    sup.setAttribute("data-footnote", JSON.stringify(["paste", box ? paragraphsOf(box) : "<p></p>"]));
  }
  const came = notes.size - (report.counts.withoutWords ?? 0);
  return {
    html: body.innerHTML,
    report: { counts: { ...report.counts, notes: came }, places: report.places },
    removed: report.removed,
  };
};
