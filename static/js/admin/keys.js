// Keyboard shortcuts of the newsroom's pages; "?" lists them.
import { optional } from "../elements.js";

const WAIT = 1200;
const dialog = optional(document, "#keys", HTMLDialogElement);
/** @type {Record<string, string | undefined>} */
const places = dialog
  ? { d: dialog.dataset.desk, l: dialog.dataset.list, c: dialog.dataset.calendar, n: dialog.dataset.new }
  : {};
let going = 0;

/** @param {EventTarget | null} target */
const writing = (target) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey && event.altKey && event.key.toLowerCase() === "p") {
    const link = optional(document, "[data-key=preview]", HTMLElement);
    if (link) {
      event.preventDefault();
      link.click();
    }
    return;
  }
  if (!dialog || event.ctrlKey || event.metaKey || event.altKey || writing(event.target)) return;
  if (event.key === "?") {
    event.preventDefault();
    dialog.showModal();
  } else if (event.key === "g") {
    going = Date.now();
  } else if (Date.now() - going < WAIT) {
    const place = places[event.key];
    if (!place) return;
    event.preventDefault();
    going = 0;
    location.assign(place);
  }
});
