// Warns before a session ends that nobody uses, and keeps it while somebody types or presses anything in this page.
import { required } from "../elements.js";

const WARNED = 120; // seconds before the end
const AGAIN = 20; // seconds between two looks while the warning stands: it may have been answered in another tab
const found = document.getElementById("idle");
let used = false;
let waiting = 0;

/** @param {HTMLElement} box */
const start = (box) => {
  const form = required(box, "form", HTMLFormElement);
  const warning = required(box, "[data-warning]", HTMLElement);
  const ended = required(box, "[data-ended]", HTMLElement);

  /** For how many seconds the session goes on; null where the server does not say. */
  const ask = async () => {
    const method = used ? "POST" : "GET";
    used = false;
    try {
      const body = method === "POST" ? new FormData(form) : undefined;
      const response = await fetch(form.action, { method, body, credentials: "same-origin" });
      // A form whose token a new sign-in has made worthless is refused (403), which says nothing of the session.
      return response.ok ? Number((await response.json()).left) : null;
    } catch {
      return null;
    }
  };

  const look = async () => {
    clearTimeout(waiting);
    const left = await ask();
    warning.hidden = left === null || left <= 0 || left > WARNED;
    ended.hidden = left !== 0;
    box.hidden = warning.hidden && ended.hidden;
    const next = left === null || left <= WARNED ? AGAIN : left - WARNED + 1;
    waiting = setTimeout(look, next * 1000);
  };

  for (const kind of ["keydown", "pointerdown"])
    document.addEventListener(kind, () => (used = true), { passive: true });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    used = true;
    void look();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void look();
  });
  // Not at once: the page itself was a use.
  waiting = setTimeout(look, AGAIN * 1000);
};

if (found) start(found);
