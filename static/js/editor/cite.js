// Citing a note that is there already: a list of the notes to choose from.
import { ask, element, freshId } from "./dialogs.js";
import { isEmptyNote, notesOf } from "./find.js";
import { gettext } from "./words.js";

const MANY = 8;

export const citeAgain = async (editor) => {
  const notes = notesOf(editor.state.doc);
  if (!notes.length) return;
  const name = freshId("note");
  const rows = notes.map(({ node }, i) => {
    const input = element("input", { type: "radio", name, value: node.attrs.note, id: freshId("choice"), checked: i === 0 });
    const words = isEmptyNote(node) ? gettext("(empty)") : node.textBetween(0, node.content.size, " ");
    const row = element(
      "label",
      { class: "body-editor-dialog__choice", for: input.id },
      input,
      element("b", {}, `${i + 1}.`),
      element("span", {}, words),
    );
    return { row, input, words: `${i + 1} ${words}`.toLowerCase() };
  });
  const choices = element("fieldset", { class: "body-editor-dialog__choices" }, element("legend", {}, gettext("Which note?")), ...rows.map((r) => r.row));
  const content = [choices];
  if (notes.length > MANY) {
    const filter = element("input", { type: "search", id: freshId("filter"), autocomplete: "off" });
    filter.addEventListener("input", () => {
      const sought = filter.value.trim().toLowerCase();
      for (const { row, words } of rows) row.hidden = !words.includes(sought);
      const shown = rows.filter(({ row }) => !row.hidden);
      if (shown.length && !shown.some(({ input }) => input.checked)) shown[0].input.checked = true;
    });
    content.unshift(element("label", { for: filter.id }, gettext("Find a note")), filter);
  }
  const key = await ask({
    title: gettext("Cite a note again"),
    submit: gettext("Cite"),
    content,
    focus: notes.length > MANY ? content[1] : rows[0].input,
    read: () => rows.find(({ row, input }) => input.checked && !row.hidden)?.input.value ?? null,
  });
  editor.view.focus();
  if (key) editor.commands.insertFootnote(key);
};
