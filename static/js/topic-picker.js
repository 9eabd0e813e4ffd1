// The topic picker: filters the grid as one types and keeps what is picked at the top.
import { gettext, interpolate } from "./words.js";

/** @param {string} words */
const fold = (words) => words.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** @param {any} picker */
const enhance = (picker) => {
  const [picked, grid] = picker.querySelectorAll("ul");
  const label = picker.querySelector(".topic-picker-filter");
  const filter = label.querySelector("input");
  const count = picker.querySelector(".topic-picker-count");
  const all = [...picked.children, ...grid.children];
  const order = new Map();
  // A topic is found by its name and by what else it goes by.
  const words = new Map(
    all.map((item) => [
      item,
      fold(`${item.textContent}\n${item.querySelector("input").dataset.words ?? ""}`),
    ]),
  );
  // The order of the index, whatever is picked already: by plain code points of the lower-case name.
  [...all]
    .sort((a, b) => {
      const one = [...a.textContent.trim().toLowerCase()];
      const other = [...b.textContent.trim().toLowerCase()];
      for (let i = 0; i < Math.min(one.length, other.length); i += 1) {
        const difference = one[i].codePointAt(0) - other[i].codePointAt(0);
        if (difference) return difference;
      }
      return one.length - other.length;
    })
    .forEach((item, index) => order.set(item, index));

  /**
   * @param {any} item
   * @param {PageElement} list
   */
  const place = (item, list) => {
    const next = [...list.children].find((other) => order.get(other) > order.get(item));
    list.insertBefore(item, next ?? null);
  };
  const fits = () => {
    const wanted = fold(filter.value.trim()).split(/\s+/).filter(Boolean);
    return (item) => wanted.every((word) => words.get(item).includes(word));
  };
  /**
   * @param {any} typed
   * @param {any} shown
   */
  const wordsFor = (typed, shown) => {
    if (!typed) return gettext("%(picks)s selected");
    if (shown) return gettext("%(picks)s selected, %(shown)s found");
    if ([...picked.children].some(fits())) return gettext("%(picks)s selected, no others found");
    return gettext(
      "%(picks)s selected. No topic matches “%(typed)s”: try another word, or ask a chief to add it",
    );
  };
  const say = () => {
    const shown = [...grid.children].filter((item) => !item.hidden).length;
    const picks = picked.children.length;
    const typed = filter.value.trim();
    count.textContent = interpolate(wordsFor(typed, shown), { picks, shown, typed });
    grid.hidden = !shown;
  };
  const sift = () => {
    const fit = fits();
    for (const item of grid.children) item.hidden = !fit(item);
    say();
  };

  label.hidden = false;
  filter.addEventListener("input", sift);
  filter.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      // Enter picks the only match; it never sends the form from here.
      event.preventDefault();
      const shown = [...grid.children].filter((item) => !item.hidden);
      if (filter.value.trim() && shown.length === 1) {
        shown[0].querySelector("input").click();
        filter.value = ""; // room for the next topic
        sift();
      }
    } else if (event.key === "Escape" && filter.value) {
      event.preventDefault();
      filter.value = "";
      sift();
    }
  });
  picker.addEventListener("change", (event) => {
    const box = event.target;
    if (box.type !== "checkbox") return;
    const held = document.activeElement === box;
    place(box.closest("li"), box.checked ? picked : grid);
    if (held) box.focus();
    if (!box.checked) sift();
    else say();
  });
  say();
};

for (const picker of document.querySelectorAll("[data-topic-picker]")) enhance(picker);
