// A Word file dropped on the page: on the form its words fill the fields, on the list it begins a release.
// Without this script both are links to a plain form.
import { fill, snapshot, token } from "./admin/fields.js";

const place = document.querySelector("[data-docx]");
const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
const isWord = (file) => /\.docx$/i.test(file.name);

const say = (...parts) => {
  place.hidden = false;
  place.querySelector(".docx-said").replaceChildren(...parts);
};

const list = (lines) => {
  const made = document.createElement("ul");
  for (const line of lines) made.append(Object.assign(document.createElement("li"), { textContent: line }));
  return made;
};

const button = (words, act) => {
  const made = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: words });
  made.addEventListener("click", act);
  return made;
};

/** The form's words with those of the file in them; what the file does not say stays. */
const merged = (form, before, found) => {
  const said = { title: found.title, dateline: found.place, publish_at_0: found.date, publish_at_1: found.time, body: found.body };
  const names = new Set();
  const pairs = JSON.parse(before).map(([name, value]) => {
    names.add(name);
    return [name, said[name] || value];
  });
  for (const [name, value] of Object.entries(said))
    if (value && !names.has(name) && form.elements[name] && !form.elements[name].disabled) pairs.push([name, value]);
  return JSON.stringify(pairs);
};

const answerOf = async (response) => {
  if (response.redirected || !response.headers.get("Content-Type")?.includes("json")) return { error: place.dataset.signedOut };
  return response.json();
};

const fillForm = async (file) => {
  const form = place.closest("form");
  const page = document.querySelector("#release-page");
  const data = new FormData();
  data.append("file", file);
  say(place.dataset.reading);
  let found;
  try {
    const response = await fetch(place.dataset.url, {
      method: "POST",
      body: data,
      headers: { Accept: "application/json", "X-CSRFToken": token(page, form) },
    });
    found = await answerOf(response);
  } catch {
    found = { error: place.dataset.failed };
  }
  if (found.error) {
    const error = Object.assign(document.createElement("p"), { className: "errornote", textContent: found.error });
    say(error);
    return;
  }
  const before = snapshot(form);
  fill(form, merged(form, before, found));
  const done = Object.assign(document.createElement("p"), { textContent: place.dataset.done });
  const back = button(place.dataset.back, () => {
    fill(form, before);
    say();
  });
  say(done, list(found.report), back);
};

const begin = (file) => {
  const input = place.querySelector("input[type=file]");
  const one = new DataTransfer();
  one.items.add(file);
  input.files = one.files;
  say(place.dataset.reading);
  place.submit();
};

const take = (files) => {
  if (files.length === 1 && files[0].type.startsWith("image/") && document.querySelector("[data-picture]"))
    return document.dispatchEvent(new CustomEvent("newsroom:picture", { detail: files[0] }));
  if (files.length > 1) return say(place.dataset.many);
  if (!files.length || !isWord(files[0])) return say(place.dataset.wrong);
  return place.dataset.docx === "fill" ? fillForm(files[0]) : begin(files[0]);
};

if (place) {
  const over = Object.assign(document.createElement("p"), { className: "docx-over", textContent: place.dataset.over, hidden: true });
  document.body.append(over);
  // Before the editor sees it: a file dropped on the text is this script's matter as well.
  const listen = (name, act) => window.addEventListener(name, (event) => carriesFiles(event) && act(event), true);
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
