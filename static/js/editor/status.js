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

/** Show a line to everybody and tell it to screen readers; `offer` {words, run} adds a button, until the text changes. */
export const announce = (editor, text, offer = null) => {
  const line = editor.view.dom.closest(".body-editor")?.querySelector("[role=status]");
  if (!line) return;
  line.textContent = text;
  if (!offer) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "body-editor__offer";
  button.textContent = offer.words;
  const withdraw = () => {
    button.remove();
    editor.off("update", withdraw);
  };
  button.addEventListener("click", () => {
    withdraw();
    offer.run();
  });
  editor.on("update", withdraw);
  line.append(" ", button);
};

/** What became of files that were pasted, of which the text holds none. */
export const announceFiles = (editor, files) => {
  const pictures = files.filter((file) => file.type.startsWith("image/"));
  const others = files.length - pictures.length;
  const out = [];
  if (pictures.length) out.push(plural(pictures.length, "%(n)s picture", "%(n)s pictures"));
  if (others) out.push(plural(others, "%(n)s file", "%(n)s files"));
  const said = [fill(gettext("Left out: %(list)s."), { list: sentence(out) })];
  if (pictures.length) said.push(gettext("The text holds no pictures; a release has one, at its head."));
  if (others) said.push(gettext("A Word file comes in when it is dropped on the page."));
  const atHead = pictures.length === 1 && document.querySelector("[data-picture]");
  const offer = { words: gettext("Use it at the head"), run: () => document.dispatchEvent(new CustomEvent("newsroom:picture", { detail: pictures[0] })) };
  announce(editor, said.join(" "), atHead ? offer : null);
};
