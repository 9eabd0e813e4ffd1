// The one quiet line under the editor: what a paste left out or turned into notes.
/** @import { Editor } from "./tiptap.js" */
/** @import { PlainReport } from "./plain/read.js" */
/** @import { PasteReport } from "./paste/report.js" */

/** A button beside what is said. @typedef {{ words: string; run: () => void }} Offer */
import { inWords } from "./paste/messages.js";
import { gettext, interpolate, ngettext } from "../words.js";

/** @param {string[]} parts */
const sentence = (parts) => parts.join(", ");

/** @type {WeakMap<Editor, PasteReport>} */
const waiting = new WeakMap();

/**
 * Say it once the paste has been drawn; reports of one paste are added up.
 * @param {Editor} editor
 * @param {PasteReport} report
 */
export const announceLater = (editor, { counts, places }) => {
  const before = waiting.get(editor);
  const sum = before ?? { counts: {}, places: {} };
  for (const [kind, n] of Object.entries(counts)) sum.counts[kind] = (sum.counts[kind] ?? 0) + n;
  for (const [kind, words] of Object.entries(places))
    sum.places[kind] = [...(sum.places[kind] ?? []), ...words];
  if (before) return;
  waiting.set(editor, sum);
  setTimeout(() => {
    waiting.delete(editor);
    announce(editor, inWords(sum));
  }, 0);
};

/**
 * Show a line to everybody and tell it to screen readers; `offer` {words, run} adds a button, until the text changes.
 * @param {Editor} editor
 * @param {string} text
 * @param {Offer | null} [offer]
 */
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

/**
 * What became of files that were pasted, of which the text holds none.
 * @param {Editor} editor
 * @param {File[]} files
 */
export const announceFiles = (editor, files) => {
  const pictures = files.filter((file) => file.type.startsWith("image/"));
  const others = files.length - pictures.length;
  const out = [];
  if (pictures.length)
    out.push(
      interpolate(ngettext("%(n)s picture", "%(n)s pictures", pictures.length), { n: pictures.length }),
    );
  if (others) out.push(interpolate(ngettext("%(n)s file", "%(n)s files", others), { n: others }));
  const said = [interpolate(gettext("Left out: %(list)s."), { list: sentence(out) })];
  if (pictures.length) said.push(gettext("The text holds no pictures; a release has one, at its head."));
  if (others) said.push(gettext("A Word file comes in when it is dropped on the page."));
  const atHead = pictures.length === 1 && document.querySelector("[data-picture]");
  const offer = {
    words: gettext("Use it at the head"),
    run: () => document.dispatchEvent(new CustomEvent("newsroom:picture", { detail: pictures[0] })),
  };
  announce(editor, said.join(" "), atHead ? offer : null);
};

/**
 * What was made of plain text. `report` holds counts; see plain/read.js.
 * @param {PlainReport} report
 */
export const inPlainWords = (report) => {
  const made = [];
  if (report.notes)
    made.push(
      interpolate(
        ngettext("%(n)s note was made of its list", "%(n)s notes were made of its list", report.notes),
        { n: report.notes },
      ),
    );
  if (report.items)
    made.push(
      interpolate(ngettext("%(n)s item of a list", "%(n)s items of lists", report.items), {
        n: report.items,
      }),
    );
  if (report.joins)
    made.push(
      interpolate(ngettext("%(n)s line end joined", "%(n)s line ends joined", report.joins), {
        n: report.joins,
      }),
    );
  return interpolate(gettext("Plain text: %(list)s."), {
    list: sentence(made) || gettext("its lines kept together"),
  });
};
