// The topic picker: filters the grid as one types and keeps what is picked at the top.
import { all as every, required } from "./elements.js";
import { gettext, interpolate } from "./words.js";

/** @param {string} words */
const fold = (words) => words.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** @param {HTMLLIElement} item */
const boxOf = (item) => required(item, "input", HTMLInputElement);

/**
 * The order of the index: by plain code points of the lower-case name.
 * @param {HTMLLIElement} a
 * @param {HTMLLIElement} b
 */
const byName = (a, b) => {
  const [one, other] = [a, b].map((item) =>
    Array.from(item.textContent.trim().toLowerCase(), (sign) => sign.codePointAt(0) ?? 0),
  );
  const at = one.findIndex((sign, index) => sign !== other[index]);
  return at < 0 || at >= other.length ? one.length - other.length : one[at] - other[at];
};

/** @param {HTMLElement} picker */
const enhance = (picker) => {
  const [picked, grid] = picker.querySelectorAll("ul");
  const label = required(picker, ".topic-picker-filter", HTMLElement);
  const filter = required(label, "input", HTMLInputElement);
  const count = required(picker, ".topic-picker-count", HTMLElement);
  const itemsOf = (/** @type {Element} */ list) => every(list, "li", HTMLLIElement);
  const all = [...itemsOf(picked), ...itemsOf(grid)];
  /** @type {Map<HTMLLIElement, number>} */
  const order = new Map();
  // A topic is found by its name and by what else it goes by.
  const words = new Map(
    all.map((item) => [item, fold(`${item.textContent}\n${boxOf(item).dataset.words ?? ""}`)]),
  );
  // The order of the index, whatever is picked already.
  [...all].sort(byName).forEach((item, index) => order.set(item, index));

  /**
   * @param {HTMLLIElement} item
   * @param {HTMLElement} list
   */
  const place = (item, list) => {
    const next = itemsOf(list).find((other) => (order.get(other) ?? 0) > (order.get(item) ?? 0));
    list.insertBefore(item, next ?? null);
  };
  const fits = () => {
    const wanted = fold(filter.value.trim()).split(/\s+/).filter(Boolean);
    return (/** @type {HTMLLIElement} */ item) => wanted.every((word) => words.get(item)?.includes(word));
  };
  /**
   * @param {string} typed
   * @param {number} shown
   */
  const wordsFor = (typed, shown) => {
    if (!typed) return gettext("%(picks)s selected");
    if (shown) return gettext("%(picks)s selected, %(shown)s found");
    if (itemsOf(picked).some(fits())) return gettext("%(picks)s selected, no others found");
    return gettext(
      "%(picks)s selected. No topic matches “%(typed)s”: try another word, or ask a chief to add it",
    );
  };
  const say = () => {
    const shown = itemsOf(grid).filter((item) => !item.hidden).length;
    const picks = picked.children.length;
    const typed = filter.value.trim();
    count.textContent = interpolate(wordsFor(typed, shown), { picks, shown, typed });
    grid.hidden = !shown;
  };
  const sift = () => {
    const fit = fits();
    for (const item of itemsOf(grid)) item.hidden = !fit(item);
    say();
  };

  label.hidden = false;
  filter.addEventListener("input", sift);
  filter.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      // Enter picks the only match; it never sends the form from here.
      event.preventDefault();
      const shown = itemsOf(grid).filter((item) => !item.hidden);
      if (filter.value.trim() && shown.length === 1) {
        boxOf(shown[0]).click();
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
    if (!(box instanceof HTMLInputElement) || box.type !== "checkbox") return;
    const item = box.closest("li");
    if (!item) return;
    const held = document.activeElement === box;
    place(item, box.checked ? picked : grid);
    if (held) box.focus();
    if (!box.checked) sift();
    else say();
  });
  say();
};

for (const picker of every(document, "[data-topic-picker]", HTMLElement)) enhance(picker);
