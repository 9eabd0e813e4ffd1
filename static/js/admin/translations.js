// Shows what is found while words are typed; without scripts the same form asks the same page.
const form = document.querySelector("[data-find]");
const box = document.querySelector("[data-found]");

if (form && box) {
  const input = form.querySelector("input");
  let turn = 0;
  let waiting;
  const find = async () => {
    const mine = (turn += 1);
    const asked = new URLSearchParams({ q: input.value, part: "found" });
    const response = await fetch(`?${asked}`, { redirect: "manual" }).catch(() => null);
    if (!response?.ok || mine !== turn) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    // Who has chosen one already keeps it while the list is drawn anew.
    const chosen = box.querySelector("input:checked")?.value;
    if (mine !== turn) return;
    box.replaceChildren(...page.body.childNodes);
    for (const one of box.querySelectorAll("input[type=radio]")) one.checked = one.value === chosen;
  };
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(find, 200);
  });
}
