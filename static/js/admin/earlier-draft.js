// What the draft said before: the line that leads back to it, and word to the server of what is pasted over.
const form = document.querySelector("#release-page")?.closest("form");
const line = form?.querySelector("[data-before]");

const marked = () => {
  const field = /** @type {PageElement} */ (document.activeElement);
  if (field?.selectionStart !== undefined && field.selectionStart !== null)
    return field.selectionStart !== field.selectionEnd;
  return !getSelection().isCollapsed;
};

if (line) {
  form.addEventListener("newsroom:saved", ({ detail: { kept } }) => {
    line.hidden = !kept;
    const [words, link] = line.children;
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
      form.elements.reason.value = "paste";
    },
    true,
  );
}
