// The preview beside the form: drawn anew after every save, at the width that was chosen.
import { all, data, optional, required } from "../elements.js";

/**
 * @param {HTMLElement} page
 * @param {HTMLFormElement} form
 */
export const startBeside = (page, form) => {
  const box = optional(form, "[data-beside]", HTMLDetailsElement);
  if (!box) return;
  const frame = required(box, "iframe", HTMLIFrameElement);
  const address = () => `${data(page, "preview")}${frame.dataset.width === "print" ? "?as=print" : ""}`;
  const draw = () => {
    if (!box.open) return;
    const at = frame.contentWindow?.scrollY ?? 0;
    frame.addEventListener("load", () => frame.contentWindow?.scrollTo(0, at), { once: true });
    frame.src = address();
  };
  box.addEventListener("toggle", draw);
  form.addEventListener("newsroom:saved", draw);
  for (const button of all(box, "[data-width]:not(iframe)", HTMLElement))
    button.addEventListener("click", () => {
      frame.dataset.width = button.dataset.width;
      for (const other of box.querySelectorAll("button[data-width]"))
        other.setAttribute("aria-pressed", String(other === button));
      draw();
    });
};
