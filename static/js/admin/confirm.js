// On the page that asks before something goes out, Escape goes back to the form, as "Cancel" does.
import { optional } from "../elements.js";

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing || document.querySelector("dialog[open]")) return;
  const back = optional(document, "[data-back]", HTMLAnchorElement);
  if (!back) return;
  event.preventDefault();
  location.assign(back.href);
});
