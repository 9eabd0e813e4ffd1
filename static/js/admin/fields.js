// What the form says, as pairs of names and values, and how such pairs are put back into it.
const NAMES = new Set([
  "title",
  "dateline",
  "summary",
  "body",
  "publish_at_0",
  "publish_at_1",
  "publish_at_which",
  "topics",
  "language",
  "picture",
  "picture_alt",
  "picture_caption",
]);

// What stands beside the words and goes out with a button alone.
const BESIDE = new Set(["comment", "notice", "correction_note"]);

/**
 * The words of the form as a string; the same words give the same string.
 * @param {Form} form
 */
export const snapshot = (form) => pairsOf(form, NAMES);

/**
 * What is typed beside the words, as a string; empty when nothing is.
 * @param {Form} form
 */
export const beside = (form) => {
  const pairs = pairsOf(form, BESIDE, (value) => value.trim());
  return pairs === "[]" ? "" : pairs;
};

/**
 * @param {Form} form
 * @param {Set<string>} names
 * @param {(value: string) => unknown} [wanted]
 */
const pairsOf = (form, names, wanted = () => true) => {
  const pairs = /** @type {[string, string][]} */ ([...new FormData(form)]).filter(
    ([name, value]) => names.has(name) && wanted(value),
  );
  for (const pair of pairs) pair[1] = String(pair[1]).replace(/\r\n?/g, "\n");
  pairs.sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : a === "topics" ? Number(x) - Number(y) : 0));
  return JSON.stringify(pairs);
};

/**
 * @param {Form} form
 * @param {string} words
 */
export const fill = (form, words) => {
  const pairs = JSON.parse(words);
  const topics = new Set(pairs.filter(([name]) => name === "topics").map(([, value]) => value));
  for (const box of form.querySelectorAll("input[name=topics]"))
    if (box.checked !== topics.has(box.value)) box.click();
  for (const [name, value] of pairs) {
    const field = /** @type {PageElement} */ (form.elements[name]);
    if (name === "topics" || !field || field.value === value) continue;
    if (name === "body") field.dispatchEvent(new CustomEvent("newsroom:set-body", { detail: value }));
    if (name !== "body" || !field.closest(".body-editor")) field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
};

/**
 * @param {Form} form
 * @param {string} words
 */
export const fillBeside = (form, words) => {
  for (const [name, value] of JSON.parse(words || "[]")) {
    const field = /** @type {PageElement} */ (form.elements[name]);
    if (!field || field.value === value) continue;
    field.value = value;
    field.closest("details")?.setAttribute("open", "");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
};

/**
 * The newest token: signing in again in another tab makes another one.
 * @param {PageElement} page
 * @param {Form} form
 */
export const token = (page, form) => {
  const name = page.dataset.csrfCookie;
  const found = document.cookie.split("; ").find((one) => one.startsWith(`${name}=`));
  const value = found
    ? decodeURIComponent(found.slice(name.length + 1))
    : form.elements.csrfmiddlewaretoken.value;
  if (found) form.elements.csrfmiddlewaretoken.value = value;
  return value;
};
