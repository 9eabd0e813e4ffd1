// Citing a note that is there already: a list of the notes to choose from.
/** @import { Editor, ProseNode } from "./tiptap.js" */
import { ask, element, freshId } from "./dialogs.js";
import { isEmptyNote, notesOf } from "./queries.js";
import { gettext } from "../words.js";

const MANY = 8;

/**
 * @param {{ node: ProseNode; number: number }} it
 * @param {string} name
 * @param {boolean} checked
 */
const rowOf = ({ node, number }, name, checked) => {
  const input = element("input", {
    type: "radio",
    name,
    value: node.attrs.note,
    id: freshId("choice"),
    checked,
  });
  const words = isEmptyNote(node) ? gettext("(empty)") : node.textBetween(0, node.content.size, " ");
  const row = element(
    "label",
    { class: "body-editor-dialog__choice", for: input.id },
    input,
    element("b", {}, `${number}.`),
    element("span", {}, words),
  );
  return { row, input, words: `${number} ${words}`.toLowerCase() };
};

/**
 * Ask for one of the notes but `except`; its key, or null. `hint` says what will happen.
 * @param {Editor} editor
 * @param {{ title: string; submit: string; hint?: string; except?: string }} options
 */
export const chooseNote = (editor, { title, submit, hint = "", except = "" }) => {
  const name = freshId("note");
  const rows = notesOf(editor.state.doc)
    .map(({ node }, i) => ({ node, number: i + 1 }))
    .filter(({ node }) => node.attrs.note !== except)
    .map((note, i) => rowOf(note, name, i === 0));
  const legend = element("legend", {}, gettext("Which note?"));
  /** @type {HTMLElement[]} */
  const content = [
    element("fieldset", { class: "body-editor-dialog__choices" }, legend, ...rows.map((r) => r.row)),
  ];
  let focus = rows[0].input;
  if (rows.length > MANY) {
    const filter = element("input", { type: "search", id: freshId("filter"), autocomplete: "off" });
    filter.addEventListener("input", () => {
      const sought = filter.value.trim().toLowerCase();
      for (const { row, words } of rows) row.hidden = !words.includes(sought);
      const shown = rows.filter(({ row }) => !row.hidden);
      if (shown.length && !shown.some(({ input }) => input.checked)) shown[0].input.checked = true;
    });
    content.unshift(element("label", { for: filter.id }, gettext("Find a note")), filter);
    focus = filter;
  }
  if (hint) content.unshift(element("p", { class: "body-editor-dialog__hint" }, hint));
  const read = () => rows.find(({ row, input }) => input.checked && !row.hidden)?.input.value ?? null;
  return ask({ title, submit, content, focus, read });
};

/** @param {Editor} editor */
export const citeAgain = async (editor) => {
  if (!notesOf(editor.state.doc).length) return;
  const key = await chooseNote(editor, { title: gettext("Cite a note again"), submit: gettext("Cite") });
  editor.view.focus();
  if (key) editor.commands.insertFootnote(key);
};
