// Shows what is found while words are typed; without scripts the same form asks the same page.
import { all, optional, required } from "../elements.js";

const form = document.querySelector("[data-find]");
const box = document.querySelector("[data-found]");

if (form && box) {
  const input = required(form, "input", HTMLInputElement);
  let turn = 0;
  let waiting = 0;
  const find = async () => {
    const mine = (turn += 1);
    const asked = new URLSearchParams({ q: input.value, part: "found" });
    const response = await fetch(`?${asked}`, { redirect: "manual" }).catch(() => null);
    if (!response?.ok || mine !== turn) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    // Who has chosen one already keeps it while the list is drawn anew.
    const chosen = optional(box, "input:checked", HTMLInputElement)?.value;
    if (mine !== turn) return;
    box.replaceChildren(...page.body.childNodes);
    for (const one of all(box, "input[type=radio]", HTMLInputElement)) one.checked = one.value === chosen;
  };
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(find, 200);
  });
}
