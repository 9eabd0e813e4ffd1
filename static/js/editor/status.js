// The one quiet line under the editor: what a paste left out or turned into notes.
import { fill, gettext, plural } from "./words.js";

const sentence = (parts) => parts.join(", ");

/** What became of a paste, in words. `report` holds counts; see paste/tidy.js. */
export const inWords = (report) => {
  const came = [];
  if (report.notes) came.push(plural(report.notes, "%(n)s note came along", "%(n)s notes came along"));
  if (report.withoutWords)
    came.push(
      plural(report.withoutWords, "%(n)s note came without its words", "%(n)s notes came without their words"),
    );
  const out = [];
  const count = (n, one, many) => n && out.push(plural(n, one, many));
  count(report.pictures, "%(n)s picture", "%(n)s pictures");
  count(report.media, "%(n)s embedded object", "%(n)s embedded objects");
  count(report.comments, "%(n)s comment", "%(n)s comments");
  count(report.deletions, "%(n)s deleted passage", "%(n)s deleted passages");
  count(report.hidden, "%(n)s hidden passage", "%(n)s hidden passages");
  count(report.tracked, "tracking in %(n)s link", "tracking in %(n)s links");
  count(report.deadLinks, "%(n)s link that leads nowhere", "%(n)s links that lead nowhere");
  count(report.citationsInNote, "%(n)s citation (notes hold none)", "%(n)s citations (notes hold none)");
  const said = [];
  if (came.length) said.push(`${sentence(came)}.`);
  if (out.length) said.push(fill(gettext("Left out: %(list)s."), { list: sentence(out) }));
  const text = said.join(" ");
  return text && text[0].toUpperCase() + text.slice(1);
};

const waiting = new WeakMap();

/** Say it once the paste has been drawn; reports of one paste are added up. */
export const announceLater = (editor, report) => {
  const sum = waiting.get(editor);
  if (sum) {
    for (const [name, n] of Object.entries(report)) sum[name] = (sum[name] ?? 0) + n;
    return;
  }
  waiting.set(editor, { ...report });
  setTimeout(() => {
    const text = inWords(waiting.get(editor));
    waiting.delete(editor);
    announce(editor, text);
  }, 0);
};

/** Show a line to everybody and tell it to screen readers. */
export const announce = (editor, text) => {
  const line = editor.view.dom.closest(".body-editor")?.querySelector("[role=status]");
  if (line) line.textContent = text;
};
