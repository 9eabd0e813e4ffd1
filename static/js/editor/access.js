// What makes the editor usable for everybody: its name and description from the form, its toolbar, its search, its
// count, and none of the stock editor's injected styles.
import { AutoLink } from "./autolink.js";
import { LinkDialog } from "./link.js";
import { Search } from "./search/extension.js";
import { BlockLanguage, Language } from "./extensions.js";
import { Toolbar } from "./toolbar.js";
import { WordCount } from "./count.js";
import { gettext } from "../words.js";
import { Extension } from "./tiptap.js";

/** @param {HTMLTextAreaElement} textarea */
const labelOf = (textarea) => {
  const label = textarea.labels?.[0];
  if (!label) return { "aria-label": gettext("Text") };
  label.id ||= `${textarea.id}_label`;
  return { "aria-labelledby": label.id };
};

/**
 * The attributes of the editing area, taken from the textarea that it stands for.
 * @param {HTMLTextAreaElement} textarea
 */
export const attributesFrom = (textarea) => {
  /** @type {Record<string, string | undefined>} */
  const attributes = {
    id: `${textarea.id}_editor`,
    role: "textbox",
    "aria-multiline": "true",
    "data-placeholder":
      textarea.getAttribute("placeholder") || gettext("Write here, or paste from anywhere."),
    ...labelOf(textarea),
  };
  for (const name of ["aria-describedby", "aria-invalid", "aria-required", "lang", "dir", "spellcheck"])
    if (textarea.hasAttribute(name)) attributes[name] = textarea.getAttribute(name) ?? "";
  if (textarea.required) attributes["aria-required"] = "true";
  return attributes;
};

export const EditorAccess = Extension.create({
  name: "editorAccess",
  addExtensions: () => [Language, BlockLanguage, LinkDialog, AutoLink, Toolbar, Search, WordCount],
});
