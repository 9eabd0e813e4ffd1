// A Word file dropped on the page: on the form its words fill the fields, on the list it begins a release.
// Without this script both are links to a plain form.
import { fill, snapshot, token } from "./admin/fields.js";
import { underWay } from "./admin/under-way.js";

const place = document.querySelector("[data-docx]");
/** @param {Event & { dataTransfer?: DataTransfer | null }} event */
const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
/** @param {File} file */
const isWord = (file) => /\.docx$/i.test(file.name);

/** @param {any[]} parts */
const say = (...parts) => {
  place.hidden = false;
  place.querySelector(".docx-said").replaceChildren(...parts);
};

/** @param {string[]} lines */
const list = (lines) => {
  const made = document.createElement("ul");
  for (const line of lines) made.append(Object.assign(document.createElement("li"), { textContent: line }));
  return made;
};

/**
 * @param {string} words
 * @param {any} act
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
 * @param {any} found
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
 * Put `said` (name -> value) into the form; what it does not name stays as it is.
 * @param {Form} form
 * @param {Record<string, string>} said
 */
const put = (form, said) => {
  const names = new Set();
  const pairs = JSON.parse(snapshot(form)).map(([name, value]) => {
    names.add(name);
    return [name, said[name] ?? value];
  });
  for (const [name, value] of Object.entries(said))
    if (!names.has(name) && form.elements[name] && !form.elements[name].disabled) pairs.push([name, value]);
  fill(form, JSON.stringify(pairs));
};

/** @param {Response} response */
const answerOf = (response) => {
  if (response.redirected || !response.headers.get("Content-Type")?.includes("json"))
    return { error: place.dataset.signedOut };
  return response.json();
};

/**
 * @param {File} file
 * @param {Form} form
 * @param {PageElement} page
 */
const readFile = async (file, form, page) => {
  const data = new FormData();
  data.append("file", file);
  try {
    const response = await fetch(place.dataset.url, {
      method: "POST",
      body: data,
      headers: { Accept: "application/json", "X-CSRFToken": token(page, form) },
    });
    return await answerOf(response);
  } catch {
    return { error: place.dataset.failed };
  }
};

/**
 * What shall become of what stands here: "replace", "insert" or "" for nothing. Escape is nothing, too.
 * @param {Form} form
 */
const choose = (form) =>
  new Promise((resolve) => {
    const dialog = place.querySelector("[data-docx-ask]");
    // At the caret needs an editor that has one.
    dialog.querySelector("[value=insert]").hidden = !form.elements.body.closest(".body-editor");
    dialog.returnValue = "";
    dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true });
    dialog.showModal();
    dialog.querySelector("button:not([hidden])").focus();
  });

/**
 * Is everything that stands in the form on the server, from where it can be had again?
 * @param {Form} form
 */
const isKept = async (form) => {
  const detail = {};
  form.dispatchEvent(new CustomEvent("newsroom:before", { detail }));
  return Boolean(await detail.kept);
};

/**
 * Say what was done, and whether it is saved by now.
 * @param {Form} form
 * @param {any} found
 * @param {Record<string, string>} before
 */
const report = (form, found, before) => {
  const done = Object.assign(document.createElement("p"), { textContent: place.dataset.done });
  /** @param {Event} event */
  const saved = ({ detail }) => {
    if (detail.unkept?.length || form.querySelector("[data-saved][data-behind]")) return;
    done.textContent = place.dataset.doneSaved;
    form.removeEventListener("newsroom:saved", saved);
  };
  form.addEventListener("newsroom:saved", saved);
  const back = button(place.dataset.back, () => {
    form.removeEventListener("newsroom:saved", saved);
    put(form, before);
    say();
    place.querySelector("[data-docx-choose]").focus();
  });
  say(done, list(found.report), back);
};

/** @param {string} words */
const refuse = (words) => {
  say(Object.assign(document.createElement("p"), { className: "errornote", textContent: words }));
  return words;
};

/**
 * Gives "" when the writer has what they asked for, or why not.
 * @param {File} file
 */
const fillForm = async (file) => {
  const form = /** @type {Form} */ (place.closest("form"));
  const page = document.querySelector("#release-page");
  say(place.dataset.reading);
  const found = await readFile(file, form, page);
  if (found.error) return refuse(found.error);
  /** @param {string} name */
  const valueOf = (name) => form.elements[name]?.value ?? "";
  const said = Object.fromEntries(
    Object.entries(wordsOf(found)).filter(([name, value]) => value && !form.elements[name]?.disabled),
  );
  const over = Object.keys(said).filter(
    (name) => !isEmpty(name, valueOf(name)) && valueOf(name) !== said[name],
  );
  const choice = over.length ? await choose(form) : "replace";
  if (!choice) {
    say(place.dataset.cancelled);
    return "";
  }
  // Only what can be had again is written over.
  if (over.length && !(await isKept(form))) return refuse(place.dataset.unkept);
  const before = Object.fromEntries(Object.keys(said).map((name) => [name, valueOf(name)]));
  form.elements.reason.value = "import";
  if (choice === "insert") {
    const { body, ...others } = said;
    put(form, Object.fromEntries(Object.entries(others).filter(([name]) => !over.includes(name))));
    form.elements.body.dispatchEvent(new CustomEvent("newsroom:insert-body", { detail: body }));
  } else put(form, said);
  report(form, found, before);
  return "";
};

/** @param {File} file */
const begin = (file) => {
  const input = place.querySelector("input[type=file]");
  const one = new DataTransfer();
  one.items.add(file);
  input.files = one.files;
  say(place.dataset.reading);
  place.submit();
};

let busy = false;

/** @param {File[]} files */
const take = async (files) => {
  if (files.length === 1 && files[0].type.startsWith("image/") && document.querySelector("[data-picture]"))
    return document.dispatchEvent(new CustomEvent("newsroom:picture", { detail: files[0] }));
  // One after the other: what is said of the first one, and asked, stays.
  if (busy)
    return place
      .querySelector(".docx-said")
      .append(Object.assign(document.createElement("p"), { textContent: place.dataset.busy }));
  if (files.length > 1) return say(place.dataset.many);
  if (!files.length || !isWord(files[0])) return say(place.dataset.wrong);
  busy = true;
  if (place.dataset.docx !== "fill") return begin(files[0]);
  try {
    return await underWay("import", place.dataset.reading, fillForm(files[0])).done;
  } finally {
    busy = false;
  }
};

if (place) {
  const over = Object.assign(document.createElement("p"), {
    className: "docx-over",
    textContent: place.dataset.over,
    hidden: true,
  });
  document.body.append(over);
  // Before the editor sees it: a file dropped on the text is this script's matter as well.
  /**
   * @param {string} name
   * @param {any} act
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
    take([...event.dataTransfer.files]);
  });
  const ask = place.querySelector("[data-docx-ask]");
  for (const one of ask?.querySelectorAll("button") ?? [])
    one.addEventListener("click", () => ask.close(one.value));
  const input = place.querySelector("input[type=file]");
  place.querySelector("[data-docx-hint]")?.removeAttribute("hidden");
  place.querySelector("[data-docx-choose]")?.addEventListener("click", (event) => {
    event.preventDefault();
    input.click();
  });
  input.addEventListener("change", () => {
    if (place.dataset.docx === "fill" && input.files.length) take([...input.files]);
    input.value = "";
  });
}
