// Says under a field how long what is typed in it is, and when it is longer than will be shown.
import { all } from "./elements.js";
import { gettext, interpolate } from "./words.js";

document.addEventListener("DOMContentLoaded", () => {
  const fields = [
    ...all(document, "[data-count]", HTMLInputElement),
    ...all(document, "[data-count]", HTMLTextAreaElement),
  ];
  for (const field of fields) {
    const limit = Number(field.dataset.count);
    const said = document.createElement("span");
    said.className = "count-shown";
    said.id = `${field.id}_count`;
    field.after(said);
    field.setAttribute(
      "aria-describedby",
      [field.getAttribute("aria-describedby"), said.id].filter(Boolean).join(" "),
    );
    const say = () => {
      const length = [...field.value.trim()].length;
      const words =
        length > limit
          ? gettext("%(length)s of %(limit)s characters: lists and search results cut it there")
          : gettext("%(length)s of %(limit)s characters");
      said.textContent = interpolate(words, { length, limit });
      said.classList.toggle("count-over", length > limit);
    };
    field.addEventListener("input", say);
    say();
  }
});
