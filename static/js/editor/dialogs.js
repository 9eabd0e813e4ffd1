// A small modal dialog with named fields. It hangs on <body>, outside the admin's form, so that Enter in it
// never saves the release.
import { gettext } from "../words.js";

let count = 0;

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | boolean | null | undefined>} [attributes]
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export const element = (tag, attributes = {}, ...children) => {
  const el = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    el.setAttribute(name, value === true ? "" : value);
  }
  el.append(...children);
  return el;
};

/**
 * A fresh id for an element of a dialog.
 * @param {string} name
 */
export const freshId = (name) => `body-editor-${name}-${++count}`;

/**
 * Ask. `content` are elements; `read()` returns the answer, or null when something is wrong (and says what in the
 * dialog). `extra` are further buttons: [{label, value}]. Resolves to the answer, to `value`, or to null.
 * @template Answer
 * @param {{ title: string; submit: string; content: Node[]; read: () => Answer | null; extra?: { label: string; value: Answer }[]; focus?: HTMLElement }} it
 * @returns {Promise<Answer | null>}
 */
export const ask = ({ title, submit, content, read, extra = [], focus }) =>
  new Promise((resolve) => {
    const titleId = freshId("title");
    const ok = element("button", { type: "submit", class: "body-editor-dialog__ok" }, submit);
    const cancel = element("button", { type: "button" }, gettext("Cancel"));
    const more = extra.map(({ label, value }) => {
      const button = element("button", { type: "button", class: "body-editor-dialog__extra" }, label);
      button.addEventListener("click", () => finish(value));
      return button;
    });
    const form = element(
      "form",
      { method: "dialog", novalidate: true },
      element("h2", { id: titleId }, title),
      ...content,
      element("div", { class: "body-editor-dialog__buttons" }, ok, cancel, ...more),
    );
    const dialog = element("dialog", { class: "body-editor-dialog", "aria-labelledby": titleId }, form);
    /** @type {Answer | null} */
    let answer = null;
    /** @param {Answer | null} value */
    const finish = (value) => {
      answer = value;
      dialog.close();
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const value = read();
      if (value !== null) finish(value);
    });
    cancel.addEventListener("click", () => finish(null));
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(answer);
    });
    document.body.append(dialog);
    dialog.showModal();
    (focus ?? form.querySelector("input"))?.focus();
  });
