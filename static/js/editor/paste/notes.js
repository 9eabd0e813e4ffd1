// The notes of any program turned into ours: what looks like notes is found in several ways, and weighed (notes/evidence.js).
// releases/intake/notes/ has the same rules for saved pages and Word files.
/** @import { Report } from "./report.js" */
import { beside } from "./notes/sidenotes.js";
import { counted } from "./notes/counted.js";
import { joinLines, partLines } from "./notes/lines.js";
import { linked } from "./notes/linked.js";
import { hashOf } from "./notes/marks.js";
import { named, repeated } from "./notes/named.js";
import { raiseMarks, raisedClasses, settle } from "./notes/leftovers.js";
import { Places, hasWords } from "./notes/tree.js";
import { writeNotes } from "./notes/write.js";

/**
 * Put our marks in the place of the found ones and take the notes out of the text: Map(key -> detached box with words).
 * What could be a mark or not stays and is counted in the report; `css` are the style sheets that came along.
 * @param {Element} body
 * @param {Report} report
 * @param {string} [css]
 */
export const extractNotes = (body, report, css = "") => {
  raiseMarks(body, raisedClasses(css));
  partLines(body, new Set([...body.querySelectorAll("a[href*='#']")].map(hashOf).filter(Boolean)));
  const places = new Places(body);
  let [entries, others] = linked(body, places);
  let powers = 0;
  if (!entries.length) entries = named(body);
  if (!entries.length) [entries, powers] = counted(body, places, others);
  repeated(body, entries);
  entries.push(...beside(body, report));
  const notes = writeNotes(body, entries, report);
  joinLines(body);
  const empty = settle(body, report, powers);
  if (notes.size) trimEnd(body);
  for (const key of empty) notes.set(key, null);
  return notes;
};

/**
 * A rule or blank lines at the very end only set the notes off.
 * @param {Element} body
 */
const trimEnd = (body) => {
  for (
    let last = body.lastElementChild;
    last && (last.matches("hr, br") || !hasWords(last));
    last = body.lastElementChild
  ) {
    if (last.querySelector?.("sup.footnote-ref, table")) break;
    last.remove();
  }
};
