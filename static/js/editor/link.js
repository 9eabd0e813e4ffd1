// Linking words: the dialog, Ctrl+K, and taking a link off again.
/** @import { Editor } from "./tiptap.js" */
import { ask, element, freshId } from "./dialogs.js";
import { cleanHref } from "./paste/links.js";
import { gettext } from "../words.js";
import { Extension } from "./tiptap.js";

const HOST = /^[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.\p{L}{2,}(?:[:\/?#].*)?$/u;

/**
 * What a writer types as an address, as it is stored: or null where no reader could follow it.
 * @param {string} typed
 */
export const typedHref = (typed) => {
  const text = typed.trim();
  if (/^\/(?!\/)\S*$/.test(text)) return text;
  if (/^[^\s@\/:]+@[^\s@\/]+\.[^\s@\/]+$/.test(text)) return `mailto:${text}`;
  return cleanHref(HOST.test(text) ? `https://${text}` : text).href;
};

/** The answer of the button that takes a link away. */
const REMOVE = { address: "", words: "" };

/** @param {Editor} editor */
export const editLink = async (editor) => {
  const { state } = editor;
  const existing = editor.isActive("link");
  const bare = state.selection.empty && !existing;
  const href = element("input", {
    id: freshId("href"),
    type: "text",
    inputmode: "url",
    autocomplete: "off",
    spellcheck: "false",
    "aria-required": "true",
  });
  href.value = editor.getAttributes("link").href ?? "";
  const words = element("input", { id: freshId("words"), type: "text", autocomplete: "off" });
  const problem = element("p", {
    id: freshId("problem"),
    class: "body-editor-dialog__problem",
    role: "alert",
  });
  const answer = await ask({
    title: existing ? gettext("Change link") : gettext("Insert link"),
    submit: existing ? gettext("Change") : gettext("Insert"),
    content: [
      element("label", { for: href.id }, gettext("Address")),
      href,
      problem,
      ...(bare ? [element("label", { for: words.id }, gettext("Text to show")), words] : []),
    ],
    extra: existing ? [{ label: gettext("Remove link"), value: REMOVE }] : [],
    focus: href,
    read() {
      const address = typedHref(href.value);
      if (address)
        return { address, words: words.value.trim() || address.replace(/^(?:https?:\/\/|mailto:)/, "") };
      problem.textContent = gettext(
        "Please give a web address (https://…), an e-mail address, or a path on this site (/…).",
      );
      href.setAttribute("aria-invalid", "true");
      href.setAttribute("aria-describedby", problem.id);
      href.focus();
      return null;
    },
  });
  editor.view.focus();
  const chain = editor.chain();
  if (answer === REMOVE) chain.extendMarkRange("link").unsetLink().run();
  else if (answer && bare)
    chain
      .insertContent({
        type: "text",
        text: answer.words,
        marks: [{ type: "link", attrs: { href: answer.address } }],
      })
      .run();
  else if (answer) {
    if (state.selection.empty) chain.extendMarkRange("link");
    chain.setLink({ href: answer.address }).run();
  }
};

export const LinkDialog = Extension.create({
  name: "linkDialog",
  addKeyboardShortcuts() {
    return {
      "Mod-k": ({ editor }) => {
        editLink(editor);
        return true;
      },
    };
  },
});
