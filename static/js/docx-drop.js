// A Word file dropped on the page: on the form its words fill the fields, on the list it begins a release.
// Without this script both are links to a plain form.
/** @import { Failure, WordFile } from "./admin/shapes.d.ts" */
import { data, optional, optionalField, required, requiredField } from "./elements.js";
import { fill, pairsIn, snapshot, token } from "./admin/fields.js";
import { underWay } from "./admin/under-way.js";

/** @param {DragEvent} event */
const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
/** @param {File} file */
const isWord = (file) => /\.docx$/i.test(file.name);

/** @param {HTMLElement} place */
const said = (place) => required(place, ".docx-said", HTMLElement);

/**
 * @param {HTMLElement} place
 * @param {(Node | string)[]} parts
 */
const say = (place, ...parts) => {
  place.hidden = false;
  said(place).replaceChildren(...parts);
};

/** @param {string[]} lines */
const list = (lines) => {
  const made = document.createElement("ul");
  for (const line of lines) made.append(Object.assign(document.createElement("li"), { textContent: line }));
  return made;
};

/**
 * @param {string} words
 * @param {() => void} act
 */
const button = (words, act) => {
  const made = Object.assign(document.createElement("button"), {
    type: "button",
    className: "button",
    textContent: words,
  });
  made.addEventListener("click", act);
  return made;
};

/**
 * What the file says, by the names of the fields.
 * @param {WordFile} found
 * @returns {Record<string, string>}
 */
const wordsOf = (found) => ({
  title: found.title,
  dateline: found.place,
  publish_at_0: found.date,
  publish_at_1: found.time,
  body: found.body,
});

/**
 * @param {string} name
 * @param {string} value
 */
const isEmpty = (name, value) => {
  if (name !== "body") return !value.trim();
  const { body } = new DOMParser().parseFromString(value, "text/html");
  return !body.textContent.trim() && !body.querySelector("hr, table");
};

/**
 * Put `words` (name -> value) into the form; what it does not name stays as it is.
 * @param {HTMLFormElement} form
 * @param {Record<string, string>} words
 */
const put = (form, words) => {
  const pairs = pairsIn(snapshot(form));
  const names = new Set(pairs.map(([name]) => name));
  for (const pair of pairs) pair[1] = words[pair[0]] ?? pair[1];
  for (const [name, value] of Object.entries(words))
    if (!names.has(name) && optionalField(form, name)?.disabled === false) pairs.push([name, value]);
  fill(form, JSON.stringify(pairs));
};

/**
 * @param {HTMLElement} place
 * @param {File} file
 * @param {HTMLFormElement} form
 * @returns {Promise<WordFile | Failure>}
 */
const readFile = async (place, file, form) => {
  const body = new FormData();
  body.append("file", file);
  try {
    const page = required(document, "#release-page", HTMLElement);
    const response = await fetch(data(place, "url"), {
      method: "POST",
      body,
      headers: { Accept: "application/json", "X-CSRFToken": token(page, form) },
    });
    if (response.redirected || !response.headers.get("Content-Type")?.includes("json"))
      return { error: data(place, "signedOut") };
    return await response.json();
  } catch {
    return { error: data(place, "failed") };
  }
};

/**
 * What shall become of what stands here: "replace", "insert" or "" for nothing. Escape is nothing, too.
 * @param {HTMLElement} place
 * @param {HTMLFormElement} form
 * @returns {Promise<string>}
 */
const choose = (place, form) =>
  new Promise((resolve) => {
    const dialog = required(place, "[data-docx-ask]", HTMLDialogElement);
    // At the caret needs an editor that has one.
    const insert = required(dialog, "[value=insert]", HTMLButtonElement);
    insert.hidden = !requiredField(form, "body").closest(".body-editor");
    dialog.returnValue = "";
    dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true });
    dialog.showModal();
    required(dialog, "button:not([hidden])", HTMLButtonElement).focus();
  });

/**
 * Is everything that stands in the form on the server, from where it can be had again?
 * @param {HTMLFormElement} form
 */
const isKept = async (form) => {
  /** @type {{ kept?: Promise<boolean> }} */
  const detail = {};
  form.dispatchEvent(new CustomEvent("newsroom:before", { detail }));
  return Boolean(await detail.kept);
};

/**
 * Say what was done, and whether it is saved by now.
 * @param {HTMLElement} place
 * @param {HTMLFormElement} form
 * @param {WordFile} found
 * @param {Record<string, string>} before
 */
const report = (place, form, found, before) => {
  const done = Object.assign(document.createElement("p"), { textContent: data(place, "done") });
  /** @param {HTMLElementEventMap["newsroom:saved"]} event */
  const saved = ({ detail }) => {
    if (detail.unkept.length || form.querySelector("[data-saved][data-behind]")) return;
    done.textContent = data(place, "doneSaved");
    form.removeEventListener("newsroom:saved", saved);
  };
  form.addEventListener("newsroom:saved", saved);
  const back = button(data(place, "back"), () => {
    form.removeEventListener("newsroom:saved", saved);
    put(form, before);
    say(place);
    required(place, "[data-docx-choose]", HTMLElement).focus();
  });
  say(place, done, list(found.report), back);
};

/**
 * @param {HTMLElement} place
 * @param {string} words
 */
const refuse = (place, words) => {
  say(place, Object.assign(document.createElement("p"), { className: "errornote", textContent: words }));
  return words;
};

/**
 * Gives "" when the writer has what they asked for, or why not.
 * @param {HTMLElement} place
 * @param {File} file
 */
const fillForm = async (place, file) => {
  const form = place.closest("form");
  if (!form) throw new Error("A Word file fills a form, and there is none.");
  say(place, data(place, "reading"));
  const found = await readFile(place, file, form);
  if ("error" in found) return refuse(place, found.error);
  /** @param {string} name */
  const valueOf = (name) => optionalField(form, name)?.value ?? "";
  const words = Object.fromEntries(
    Object.entries(wordsOf(found)).filter(([name, value]) => value && !optionalField(form, name)?.disabled),
  );
  const over = Object.keys(words).filter(
    (name) => !isEmpty(name, valueOf(name)) && valueOf(name) !== words[name],
  );
  const choice = over.length ? await choose(place, form) : "replace";
  if (!choice) {
    say(place, data(place, "cancelled"));
    return "";
  }
  // Only what can be had again is written over.
  if (over.length && !(await isKept(form))) return refuse(place, data(place, "unkept"));
  const before = Object.fromEntries(Object.keys(words).map((name) => [name, valueOf(name)]));
  requiredField(form, "reason").value = "import";
  if (choice === "insert") {
    const { body, ...others } = words;
    put(form, Object.fromEntries(Object.entries(others).filter(([name]) => !over.includes(name))));
    requiredField(form, "body").dispatchEvent(new CustomEvent("newsroom:insert-body", { detail: body }));
  } else put(form, words);
  report(place, form, found, before);
  return "";
};

/**
 * @param {HTMLElement} place
 * @param {File} file
 */
const begin = (place, file) => {
  if (!(place instanceof HTMLFormElement)) throw new Error("A release begins by a form, and this is none.");
  const input = required(place, "input[type=file]", HTMLInputElement);
  const one = new DataTransfer();
  one.items.add(file);
  input.files = one.files;
  say(place, data(place, "reading"));
  place.submit();
};

let busy = false;

/**
 * @param {HTMLElement} place
 * @param {File[]} files
 */
const take = async (place, files) => {
  if (files.length === 1 && files[0].type.startsWith("image/") && document.querySelector("[data-picture]"))
    return document.dispatchEvent(new CustomEvent("newsroom:picture", { detail: files[0] }));
  // One after the other: what is said of the first one, and asked, stays.
  if (busy)
    return said(place).append(
      Object.assign(document.createElement("p"), { textContent: data(place, "busy") }),
    );
  if (files.length > 1) return say(place, data(place, "many"));
  if (!files.length || !isWord(files[0])) return say(place, data(place, "wrong"));
  busy = true;
  if (place.dataset.docx !== "fill") return begin(place, files[0]);
  try {
    return await underWay("import", data(place, "reading"), fillForm(place, files[0])).done;
  } finally {
    busy = false;
  }
};

/** @param {HTMLElement} place */
const start = (place) => {
  const over = Object.assign(document.createElement("p"), {
    className: "docx-over",
    textContent: data(place, "over"),
    hidden: true,
  });
  document.body.append(over);
  // Before the editor sees it: a file dropped on the text is this script's matter as well.
  /**
   * @param {"dragover" | "dragleave" | "drop"} name
   * @param {(event: DragEvent) => void} act
   */
  const listen = (name, act) =>
    window.addEventListener(name, (event) => carriesFiles(event) && act(event), true);
  let leaving = 0;
  listen("dragover", (event) => {
    event.preventDefault();
    clearTimeout(leaving);
    over.hidden = false;
  });
  listen("dragleave", () => {
    clearTimeout(leaving);
    leaving = setTimeout(() => (over.hidden = true), 150);
  });
  listen("drop", (event) => {
    event.preventDefault();
    event.stopPropagation();
    over.hidden = true;
    take(place, [...(event.dataTransfer?.files ?? [])]);
  });
  const ask = optional(place, "[data-docx-ask]", HTMLDialogElement);
  for (const one of ask?.querySelectorAll("button") ?? [])
    one.addEventListener("click", () => ask?.close(one.value));
  const input = required(place, "input[type=file]", HTMLInputElement);
  place.querySelector("[data-docx-hint]")?.removeAttribute("hidden");
  place.querySelector("[data-docx-choose]")?.addEventListener("click", (event) => {
    event.preventDefault();
    input.click();
  });
  input.addEventListener("change", () => {
    if (place.dataset.docx === "fill" && input.files?.length) take(place, [...input.files]);
    input.value = "";
  });
};

const place = optional(document, "[data-docx]", HTMLElement);
if (place) start(place);
