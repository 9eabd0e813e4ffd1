// What never comes along with a paste: comments, tracked deletions, hidden text, pictures, scripts, metadata.

const NEVER = "style, script, noscript, template, meta, link, title, base, xml, head > *";
const CONTROLS = "button, input, select, textarea, datalist, progress, meter, dialog, menu, nav";
const MEDIA = "iframe, object, embed, video, audio, canvas, svg, math, applet, map";

// What programs put around comments, and the markers that point at them.
const COMMENT_TEXTS =
  "[data-style*='mso-element:comment-list'], [data-style*='mso-element: comment-list'], .msocomtxt, " +
  "div:has(> p > a[id^='cmnt']:not([id^='cmnt_ref'])):not(:has(> div))";
const COMMENT_MARKS =
  ".MsoCommentReference, a.msocomanchor, sup:has(> a[id^='cmnt_ref']), a[id^='cmnt_ref'], a[id^='cmnt']";

const DELETIONS = [
  "del",
  "s",
  "strike",
  ".msoDel",
  "[class*='TrackChange'][class*='Deletion']",
  "[class*='TrackedChange'][class*='Delet']",
];

// Editing aids of MediaWiki, line ends of Word online, the copy of a note that our own page shows beside its citation.
const AIDS = ".note-beside, .mw-editsection, .cite-accessibility-label, .noprint, .mw-jump-link, .mw-empty-elt, .EOP, .SectionBreak, .PageBreakTextSpan";

const HIDDEN = /(?:^|;)\s*(?:display\s*:\s*none|mso-hide\s*:\s*all|visibility\s*:\s*hidden)\b/i;
const STRUCK = /(?:^|;)\s*text-decoration(?:-line)?\s*:[^;]*line-through/i;

const styleOf = (el) => el.getAttribute("data-style") ?? "";

const remove = (elements) => {
  let n = 0;
  for (const el of elements) {
    // Inside something that went already.
    if (!el.isConnected) continue;
    if (el.textContent.trim()) n += 1;
    el.remove();
  }
  return n;
};

const isPixel = (img) =>
  ["width", "height"].every((name) => (Number.parseInt(img.getAttribute(name), 10) || 99) < 4);

// The box of a note, from the place in it that its citation leads to.
const NOTE_BOX = "[data-style*='mso-element:footnote'], [data-style*='mso-element:endnote'], div[id^='sdfootnote'], div[id^='sdendnote'], li, p";

/** The notes whose only citations stand in what was deleted: they were deleted too, but stay in the program's list. */
const notesDeletedWith = (body, deleted) => {
  const gone = new Set(deleted.flatMap((el) => [...el.querySelectorAll("a[href*='#']")]));
  const place = (a) => a.getAttribute("href").split("#")[1];
  const stays = new Set([...body.querySelectorAll("a[href*='#']")].filter((a) => !gone.has(a)).map(place));
  const named = (name) => [...body.querySelectorAll("[id], [name]")].find((el) => el.id === name || el.getAttribute("name") === name);
  const boxes = [];
  for (const a of gone) {
    const target = place(a) && !stays.has(place(a)) ? named(place(a)) : null;
    // Its way back leads into what was deleted.
    const box = target && !target.contains(a) ? target.closest(NOTE_BOX) : null;
    const ways = [...(box?.querySelectorAll("a[href*='#']") ?? [])].map((back) => named(place(back)));
    if (ways.some((way) => way && deleted.some((el) => el.contains(way)))) boxes.push(box);
  }
  return boxes;
};

/** Take it all out of `body`; returns the counts for the report. */
export const leaveOut = (body) => {
  const all = (selector) => [...body.querySelectorAll(selector)];
  for (const el of all(`${NEVER}, ${AIDS}`)) el.remove();
  const commentTexts = remove(all(COMMENT_TEXTS));
  const struck = all("[data-style*='line-through']").filter((el) => STRUCK.test(styleOf(el)));
  const deleted = [...all(DELETIONS.join(", ")), ...struck];
  for (const box of notesDeletedWith(body, deleted)) box.remove();
  const report = {
    // Each is a text, a marker, or both.
    comments: Math.max(commentTexts, remove(all(COMMENT_MARKS))),
    deletions: remove(deleted),
    hidden: remove(all("[data-style], [hidden]").filter((el) => el.tagName !== "HR" && (el.hidden || HIDDEN.test(styleOf(el))))),
    media: 0,
    pictures: 0,
  };
  for (const el of all("img, picture, v\\:imagedata")) {
    if (!el.isConnected) continue;
    if (!(el.tagName === "IMG" && isPixel(el))) report.pictures += 1;
    const figure = el.closest("figure");
    el.remove();
    // A caption without its picture says nothing, unless it cites a note.
    if (figure && !figure.querySelector("img, picture, table, blockquote, figcaption a[href*='#']")) figure.remove();
  }
  for (const el of all(`${MEDIA}, ${CONTROLS}`)) {
    if (!el.isConnected) continue;
    if (el.matches(MEDIA)) report.media += 1;
    el.remove();
  }
  return report;
};
