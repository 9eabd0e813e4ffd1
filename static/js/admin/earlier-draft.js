// What the draft said before: the line that leads back to it, and word to the server of what is pasted over.
import { optional, required, requiredField } from "../elements.js";

const form = document.querySelector("#release-page")?.closest("form");
const line = form && optional(form, "[data-before]", HTMLElement);

const marked = () => {
  const field = document.activeElement;
  // An input of a kind without a selection, a checkbox say, answers null.
  if (
    (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) &&
    field.selectionStart !== null
  )
    return field.selectionStart !== field.selectionEnd;
  return getSelection()?.isCollapsed === false;
};

if (line) {
  const words = required(line, "span", HTMLElement);
  const link = required(line, "a", HTMLAnchorElement);
  form.addEventListener("newsroom:saved", ({ detail: { kept } }) => {
    line.hidden = !kept;
    // The same again is not read out again.
    if (!kept || words.textContent === kept.said) return;
    words.textContent = kept.said;
    link.href = kept.address;
  });
  // Before the editor: it has replaced the words by the time the event comes back up.
  form.addEventListener(
    "paste",
    () => {
      if (!marked()) return;
      form.dispatchEvent(new CustomEvent("newsroom:before", { detail: {} }));
      requiredField(form, "reason").value = "paste";
    },
    true,
  );
}
