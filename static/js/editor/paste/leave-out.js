// What never comes along with a paste: comments, tracked deletions, hidden text, pictures, scripts, metadata.

const NEVER = "style, script, noscript, template, meta, link, title, base, xml, head > *";
const CONTROLS = "button, input, select, textarea, datalist, progress, meter, dialog, menu, nav";
const MEDIA = "iframe, object, embed, video, audio, canvas, svg, math, applet, map";

// Elements that programs put around comments, and the markers that point at them.
const COMMENTS = [
  "[style*='mso-element:comment-list']",
  "[style*='mso-element: comment-list']",
  ".MsoCommentReference",
  ".msocomtxt",
  "a.msocomanchor",
  "sup:has(> a[id^='cmnt_ref'])",
  "a[id^='cmnt_ref']",
  "div:has(> p > a[id^='cmnt']):not(:has(> div))",
  "a[id^='cmnt']",
];

const DELETIONS = [
  "del",
  "s",
  "strike",
  ".msoDel",
  "[class*='TrackChange'][class*='Deletion']",
  "[class*='TrackedChange'][class*='Delet']",
];

// Editing aids of MediaWiki, line ends of Word online.
const AIDS = ".mw-editsection, .cite-accessibility-label, .noprint, .mw-jump-link, .mw-empty-elt, .EOP, .SectionBreak, .PageBreakTextSpan";

const HIDDEN = /(?:^|;)\s*(?:display\s*:\s*none|mso-hide\s*:\s*all|visibility\s*:\s*hidden)\b/i;
const STRUCK = /(?:^|;)\s*text-decoration(?:-line)?\s*:[^;]*line-through/i;

const styleOf = (el) => el.getAttribute("style") ?? "";

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

/** Take it all out of `body`; returns the counts for the report. */
export const leaveOut = (body) => {
  const all = (selector) => [...body.querySelectorAll(selector)];
  for (const el of all(`${NEVER}, ${AIDS}`)) el.remove();
  const marks = all("a[id^='cmnt_ref'], .MsoCommentReference").length;
  const notes = remove(all(COMMENTS.join(", ")));
  const report = {
    // A comment is a marker and its text: count the markers where there are any.
    comments: marks || notes,
    deletions: remove(all(DELETIONS.join(", "))) + remove(all("[style*='line-through']").filter((el) => STRUCK.test(styleOf(el)))),
    hidden: remove(all("[style], [hidden]").filter((el) => el.tagName !== "HR" && (el.hidden || HIDDEN.test(styleOf(el))))),
    media: 0,
    pictures: 0,
  };
  for (const el of all("img, picture, v\\:imagedata")) {
    if (!el.isConnected) continue;
    if (!(el.tagName === "IMG" && isPixel(el))) report.pictures += 1;
    el.remove();
  }
  for (const el of all(`${MEDIA}, ${CONTROLS}`)) {
    if (!el.isConnected) continue;
    if (el.matches(MEDIA)) report.media += 1;
    el.remove();
  }
  return report;
};
