// The preview beside the form: drawn anew after every save, at the width that was chosen.
/**
 * @param {PageElement} page
 * @param {Form} form
 */
export const startBeside = (page, form) => {
  const box = form.querySelector("[data-beside]");
  if (!box) return;
  const frame = box.querySelector("iframe");
  const address = () => `${page.dataset.preview}${frame.dataset.width === "print" ? "?as=print" : ""}`;
  const draw = () => {
    if (!box.open) return;
    const at = frame.contentWindow?.scrollY ?? 0;
    frame.addEventListener("load", () => frame.contentWindow.scrollTo(0, at), { once: true });
    frame.src = address();
  };
  box.addEventListener("toggle", draw);
  form.addEventListener("newsroom:saved", draw);
  for (const button of box.querySelectorAll("[data-width]:not(iframe)"))
    button.addEventListener("click", () => {
      frame.dataset.width = button.dataset.width;
      for (const other of box.querySelectorAll("button[data-width]"))
        other.setAttribute("aria-pressed", String(other === button));
      draw();
    });
};
