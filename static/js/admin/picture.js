// The picture of a release: brought by choosing or dropping a file, or chosen from the library. It goes to the
// library at once, so that a form that fails never loses it.
import { token } from "./fields.js";
import { settled, underWay } from "./under-way.js";

const KIND = "picture";

const form = /** @type {Form} */ (document.querySelector("#release_form"));
const page = document.querySelector("#release-page");

/** @param {PageElement} field */
const start = (field) => {
  /** @param {string} name */
  const part = (name) => field.querySelector(`[data-picture-${name}]`);
  const value = field.querySelector("input[type=hidden]");
  const input = field.querySelector("input[type=file]");
  const now = part("now");
  const about = now.querySelector("span");
  const image = now.querySelector("img") ?? Object.assign(document.createElement("img"), { alt: "" });
  const said = part("said");
  const dialog = field.querySelector("dialog");
  const known = new Map();

  /**
   * @param {string} words
   * @param {boolean} [wrong]
   */
  const say = (words, wrong = false) => {
    said.textContent = words;
    said.classList.toggle("is-wrong", wrong);
  };

  /** @param {any} picture */
  const show = (picture) => {
    now.hidden = !picture;
    part("remove").hidden = !picture;
    if (!picture) return;
    known.set(picture.uuid, picture);
    image.src = picture.small;
    about.before(image);
    about.textContent = `${picture.name}, ${picture.size}`;
  };

  /** @param {any} picture */
  const set = (picture) => {
    settled(KIND);
    show(picture);
    value.value = picture?.uuid ?? "";
    value.dispatchEvent(new Event("input", { bubbles: true }));
  };

  /** Bring `file`; gives "" or why it did not arrive. A later one takes the place of one that is still on its way. */
  let giveUp = () => {};
  let task = null;
  /**
   * @param {File} file
   * @param {any} given
   */
  const bringing = async (file, given) => {
    const data = new FormData();
    data.append("file", file);
    let answer;
    try {
      const response = await fetch(field.dataset.add, {
        method: "POST",
        body: data,
        redirect: "manual",
        headers: { Accept: "application/json", "X-CSRFToken": token(page, form) },
        signal: given.signal,
      });
      const json = response.headers.get("Content-Type")?.includes("json");
      answer = json
        ? await response.json()
        : { error: field.dataset[response.type === "opaqueredirect" ? "signedOut" : "failed"] };
    } catch {
      answer = { error: field.dataset.failed };
    }
    if (given.signal.aborted) return "";
    part("stop").hidden = true;
    if (answer.error) say(answer.error, true);
    else {
      set(answer);
      say(field.dataset.come);
    }
    return answer.error ?? "";
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
    say(field.dataset.coming);
    part("stop").hidden = false;
    task = underWay(KIND, field.dataset.coming, bringing(file, given), giveUp);
  };

  /** @param {any} picture */
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

  let asked = 0;
  const find = async () => {
    const turn = (asked += 1);
    const response = await fetch(
      `${field.dataset.choices}?q=${encodeURIComponent(part("find").value)}`,
    ).catch(() => null);
    const found = response?.ok ? (await response.json()).pictures : null;
    if (turn !== asked) return;
    // Who has gone on into the list keeps the place there when an answer to the last key draws it anew.
    const held = part("list").querySelector(":focus")?.value;
    part("list").replaceChildren(...(found ?? []).map(choice));
    if (held)
      (
        [...part("list").querySelectorAll("button")].find((one) => one.value === held) ?? part("find")
      ).focus();
    part("none").textContent = found?.length ? "" : field.dataset[found ? "none" : "failed"];
  };

  part("plain")?.remove();
  // Sent by `bring` alone: as a part of the form the file would come a second time.
  input.removeAttribute("name");
  input.addEventListener("change", () => {
    if (input.files.length) bring(input.files[0]);
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
    task.stop();
    input.focus();
  });
  part("choose").addEventListener("click", () => {
    dialog.showModal();
    find();
  });
  part("close").addEventListener("click", () => dialog.close());
  part("find").addEventListener("input", find);
  part("find").addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  // Words that were kept in this browser come back with the picture that they had.
  value.addEventListener("input", async () => {
    if (!value.value) return show(null);
    if (!known.has(value.value)) {
      const response = await fetch(field.dataset.choices).catch(() => null);
      for (const one of response?.ok ? (await response.json()).pictures : []) known.set(one.uuid, one);
    }
    return show(known.get(value.value));
  });
  // A picture that is dropped anywhere on the page; see docx-drop.js, which hears of every file.
  document.addEventListener("newsroom:picture", (event) => bring(event.detail));
};

for (const field of document.querySelectorAll("[data-picture]")) start(field);
