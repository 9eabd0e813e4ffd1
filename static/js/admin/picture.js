// The picture of a release: brought by choosing or dropping a file, or chosen from the library. It goes to the
// library at once, so that a form that fails never loses it.
/** @import { Failure, PictureAnswer } from "./shapes.d.ts" */
/** @import { Task } from "./under-way.js" */
import { all, data, optional, required } from "../elements.js";
import { token } from "./fields.js";
import { settled, underWay } from "./under-way.js";

const KIND = "picture";

/**
 * @param {HTMLElement} field
 * @param {HTMLFormElement} form
 * @param {HTMLElement} page
 */
const start = (field, form, page) => {
  /** @param {string} name */
  const part = (name) => required(field, `[data-picture-${name}]`, HTMLElement);
  const value = required(field, "input[type=hidden]", HTMLInputElement);
  const input = required(field, "input[type=file]", HTMLInputElement);
  const now = part("now");
  const about = required(now, "span", HTMLElement);
  const image = now.querySelector("img") ?? Object.assign(document.createElement("img"), { alt: "" });
  const said = part("said");
  const dialog = required(field, "dialog", HTMLDialogElement);
  const search = required(field, "[data-picture-find]", HTMLInputElement);
  const list = part("list");
  /** @type {Map<string, PictureAnswer>} */
  const known = new Map();

  /**
   * @param {string} words
   * @param {boolean} [wrong]
   */
  const say = (words, wrong = false) => {
    said.textContent = words;
    said.classList.toggle("is-wrong", wrong);
  };

  /** @param {PictureAnswer | null | undefined} picture */
  const show = (picture) => {
    now.hidden = !picture;
    part("remove").hidden = !picture;
    if (!picture) return;
    known.set(picture.uuid, picture);
    image.src = picture.small;
    about.before(image);
    about.textContent = `${picture.name}, ${picture.size}`;
  };

  /** @param {PictureAnswer | null} picture */
  const set = (picture) => {
    settled(KIND);
    show(picture);
    value.value = picture?.uuid ?? "";
    value.dispatchEvent(new Event("input", { bubbles: true }));
  };

  let giveUp = () => {};
  /** @type {Task | null} */
  let task = null;
  /**
   * Bring `file`; gives "" or why it did not arrive. A later one takes the place of one that is still on its way.
   * @param {File} file
   * @param {AbortController} given
   */
  const bringing = async (file, given) => {
    const body = new FormData();
    body.append("file", file);
    /** @type {PictureAnswer | Failure} */
    let answer;
    try {
      const response = await fetch(data(field, "add"), {
        method: "POST",
        body,
        redirect: "manual",
        headers: { Accept: "application/json", "X-CSRFToken": token(page, form) },
        signal: given.signal,
      });
      const json = response.headers.get("Content-Type")?.includes("json");
      answer = json
        ? await response.json()
        : { error: data(field, response.type === "opaqueredirect" ? "signedOut" : "failed") };
    } catch {
      answer = { error: data(field, "failed") };
    }
    if (given.signal.aborted) return "";
    part("stop").hidden = true;
    if ("error" in answer) {
      say(answer.error, true);
      return answer.error;
    }
    set(answer);
    say(data(field, "come"));
    return "";
  };

  /** @param {File} file */
  const bring = (file) => {
    if (input.disabled) return;
    giveUp();
    const given = new AbortController();
    giveUp = () => {
      given.abort();
      part("stop").hidden = true;
      say("");
    };
    say(data(field, "coming"));
    part("stop").hidden = false;
    task = underWay(KIND, data(field, "coming"), bringing(file, given), giveUp);
  };

  /** @param {PictureAnswer} picture */
  const choice = (picture) => {
    const item = document.createElement("li");
    const button = Object.assign(document.createElement("button"), { type: "button", value: picture.uuid });
    const small = Object.assign(document.createElement("img"), {
      src: picture.small,
      alt: "",
      loading: "lazy",
    });
    button.append(small, picture.name);
    button.addEventListener("click", () => {
      dialog.close();
      giveUp();
      set(picture);
      say("");
    });
    item.append(button);
    return item;
  };

  /**
   * The pictures whose names hold `words`; null where there is no answer.
   * @param {string} words
   * @returns {Promise<PictureAnswer[] | null>}
   */
  const library = async (words) => {
    const query = words ? `?q=${encodeURIComponent(words)}` : "";
    const response = await fetch(`${data(field, "choices")}${query}`).catch(() => null);
    return response?.ok ? (await response.json()).pictures : null;
  };

  let asked = 0;
  const find = async () => {
    const turn = (asked += 1);
    const found = await library(search.value);
    if (turn !== asked) return;
    // Who has gone on into the list keeps the place there when an answer to the last key draws it anew.
    const held = optional(list, ":focus", HTMLButtonElement)?.value;
    list.replaceChildren(...(found ?? []).map(choice));
    if (held) ([...list.querySelectorAll("button")].find((one) => one.value === held) ?? search).focus();
    part("none").textContent = found?.length ? "" : data(field, found ? "none" : "failed");
  };

  field.querySelector("[data-picture-plain]")?.remove();
  // Sent by `bring` alone: as a part of the form the file would come a second time.
  input.removeAttribute("name");
  input.addEventListener("change", () => {
    if (input.files?.length) bring(input.files[0]);
    input.value = "";
  });
  part("choose").hidden = input.disabled;
  part("remove").hidden = input.disabled || !value.value;
  part("remove").addEventListener("click", () => {
    giveUp();
    set(null);
    say("");
    input.focus();
  });
  part("stop").addEventListener("click", () => {
    task?.stop?.();
    input.focus();
  });
  part("choose").addEventListener("click", () => {
    dialog.showModal();
    find();
  });
  part("close").addEventListener("click", () => dialog.close());
  search.addEventListener("input", find);
  search.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  // Words that were kept in this browser come back with the picture that they had.
  value.addEventListener("input", async () => {
    if (!value.value) return show(null);
    if (!known.has(value.value)) {
      for (const one of (await library("")) ?? []) known.set(one.uuid, one);
    }
    return show(known.get(value.value));
  });
  // A picture that is dropped anywhere on the page; see docx-drop.js, which hears of every file.
  document.addEventListener("newsroom:picture", (event) => bring(event.detail));
};

for (const field of all(document, "[data-picture]", HTMLElement))
  start(
    field,
    required(document, "#release_form", HTMLFormElement),
    required(document, "#release-page", HTMLElement),
  );
