// What never comes along with a paste: comments, tracked deletions, hidden text, pictures, scripts, metadata. All of it that
// had words, or that was seen, is counted in the report with its place.
/** @import { Report } from "./report.js" */
import { labels } from "../tables.js";
import { isText } from "./nodes.js";

const LEFT_OUT = labels.left_out;
/** @param {keyof typeof LEFT_OUT} kind */
const tags = (kind) => LEFT_OUT[kind].join(", ");
const NEVER = `${tags("nothing")}, head > *`;

// What programs put around comments, and the markers that point at them.
const COMMENT_TEXTS =
  "[data-style*='mso-element:comment-list'], [data-style*='mso-element: comment-list'], .msocomtxt, " +
  "div:has(> p > a[id^='cmnt']:not([id^='cmnt_ref'])):not(:has(> div))";
const COMMENT_MARKS =
  ".MsoCommentReference, a.msocomanchor, sup:has(> a[id^='cmnt_ref']), a[id^='cmnt_ref'], a[id^='cmnt']";

const DELETIONS = [
  "del",
  ".msoDel",
  "[class*='TrackChange'][class*='Deletion']",
  "[class*='TrackedChange'][class*='Delet']",
];

// The copy of a note that our own page shows beside its citation, words for screen readers, line ends of Word online.
const COPIES = ".note-beside, .cite-accessibility-label, .EOP, .SectionBreak, .PageBreakTextSpan";
// Editing aids of MediaWiki.
const AIDS = ".mw-editsection, .noprint, .mw-jump-link, .mw-empty-elt";

const HIDDEN = /(?:^|;)\s*(?:display\s*:\s*none|mso-hide\s*:\s*all|visibility\s*:\s*hidden)\b/i;
const STRUCK = /(?:^|;)\s*text-decoration(?:-line)?\s*:[^;]*line-through/i;

/** @param {Element} el */
const styleOf = (el) => el.getAttribute("data-style") ?? "";

/** @param {Element} img */
const isPixel = (img) =>
  ["width", "height"].every((name) => (Number.parseInt(img.getAttribute(name) ?? "", 10) || 99) < 4);

// The box of a note, from the place in it that its citation leads to.
const NOTE_BOX =
  "[data-style*='mso-element:footnote'], [data-style*='mso-element:endnote'], div[id^='sdfootnote'], div[id^='sdendnote'], li, p";

/**
 * The notes whose only citations stand in what was deleted: they were deleted too, but stay in the program's list.
 * @param {Element} body
 * @param {Element[]} deleted
 */
const notesDeletedWith = (body, deleted) => {
  const gone = new Set(deleted.flatMap((el) => [...el.querySelectorAll("a[href*='#']")]));
  /** @param {Element} a */
  const place = (a) => (a.getAttribute("href") ?? "").split("#")[1];
  const stays = new Set([...body.querySelectorAll("a[href*='#']")].filter((a) => !gone.has(a)).map(place));
  /** @param {string} name */
  const named = (name) =>
    [...body.querySelectorAll("[id], [name]")].find(
      (el) => el.id === name || el.getAttribute("name") === name,
    );
  /** @type {Element[]} */
  const boxes = [];
  for (const a of gone) {
    const target = place(a) && !stays.has(place(a)) ? named(place(a)) : null;
    // Its way back leads into what was deleted.
    const box = target && !target.contains(a) ? target.closest(NOTE_BOX) : null;
    const ways = [...(box?.querySelectorAll("a[href*='#']") ?? [])].map((back) => named(place(back)));
    if (box && ways.some((way) => way && deleted.some((el) => el.contains(way)))) boxes.push(box);
  }
  return boxes;
};

/**
 * A check box is a mark in the text; other boxes to fill in go.
 * @param {Element} body
 * @param {Report} report
 */
const checkBoxes = (body, report) => {
  /** @param {Element} el */
  const isOnlyShown = (el) =>
    (el instanceof HTMLInputElement && el.type === "hidden") || el.classList.contains("margin-toggle");
  for (const box of body.querySelectorAll("input[type=checkbox], input[type=radio]")) {
    if (isOnlyShown(box)) continue;
    const after = isText(box.nextSibling) && /^\s/.test(box.nextSibling.data) ? "" : " ";
    report.add("checkBoxes", box);
    box.replaceWith((box.hasAttribute("checked") ? "☑" : "☐") + after);
  }
  for (const item of body.querySelectorAll("li[aria-checked]")) {
    report.add("checkBoxes", item);
    (item.querySelector("p") ?? item).prepend(item.getAttribute("aria-checked") === "true" ? "☑ " : "☐ ");
  }
  for (const el of body.querySelectorAll("input"))
    if (isOnlyShown(el) && !el.classList.contains("margin-toggle")) el.remove();
};

/**
 * Take it all out of `body`.
 * @param {Element} body
 * @param {Report} report
 */
export const leaveOut = (body, report) => {
  /** @param {string} selector */
  const all = (selector) => [...body.querySelectorAll(selector)];
  /**
   * @param {string} kind
   * @param {Element[]} elements
   * @param {{ counts?: (el: Element) => unknown }} [options]
   */
  const drop = (kind, elements, { counts = (el) => el.textContent.trim() } = {}) => {
    for (const el of elements) {
      // Inside something that went already.
      if (!el.isConnected) continue;
      if (counts(el)) report.add(kind, el);
      report.record(kind, el.textContent);
      el.remove();
    }
  };
  const silent = { counts: () => false };
  const seen = { counts: () => true };
  drop("code", all(`${NEVER}, ${COPIES}`), silent);
  drop("aids", all(AIDS));
  // Each comment is a text, a marker, or both.
  const texts = all(COMMENT_TEXTS).filter(
    (el) => !el.parentElement?.closest(COMMENT_TEXTS) && el.textContent.trim(),
  );
  drop("comments", texts, silent);
  drop("comments", all(COMMENT_MARKS));
  const more = texts.length - (report.counts.comments ?? 0);
  if (more > 0) report.add("comments", null, more);

  /** @param {Element} el */
  const suggested = (el) =>
    el.closest("[id^='docs-internal-guid'], [class*='TrackChange'], [class*='TrackedChange']");
  const lines = all("[data-style*='line-through']").filter((el) => STRUCK.test(styleOf(el)));
  const deleted = [...all(DELETIONS.join(", ")), ...lines.filter(suggested)];
  for (const box of notesDeletedWith(body, deleted)) {
    report.record("deletions", box.textContent);
    box.remove();
  }
  drop("deletions", deleted);
  drop("struck", [...all("s, strike"), ...lines]);
  drop(
    "hidden",
    all("[data-style], [hidden]").filter(
      (el) => el.tagName !== "HR" && ((el instanceof HTMLElement && el.hidden) || HIDDEN.test(styleOf(el))),
    ),
  );
  checkBoxes(body, report);
  drop("readings", all(tags("reading")));
  for (const el of all("img, v\\:imagedata")) {
    if (!el.isConnected) continue;
    if (!(el.tagName === "IMG" && isPixel(el))) report.add("pictures", el);
    el.remove();
  }
  drop("media", all(tags("media")), seen);
  drop("navigation", all(tags("navigation")));
  drop(
    "controls",
    all(`${tags("control")}`).filter((el) => !el.classList.contains("margin-toggle")),
    seen,
  );
};
