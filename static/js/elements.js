// Elements of a page with their kinds: one that the page must have and has not is named, by its selector.

/** @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Field */

/**
 * The first element of a `kind` that `selector` finds under `root`, or null.
 * @template {Element} T
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => T} kind
 * @returns {T | null}
 */
export const optional = (root, selector, kind) => {
  const found = root.querySelector(selector);
  return found instanceof kind ? found : null;
};

/**
 * The same of an element that the page must have.
 * @template {Element} T
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => T} kind
 * @returns {T}
 */
export const required = (root, selector, kind) => {
  const found = optional(root, selector, kind);
  if (!found) throw new Error(`The page has no ${selector} that is an ${kind.name}.`);
  return found;
};

/**
 * All elements of a `kind` that `selector` finds under `root`.
 * @template {Element} T
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => T} kind
 * @returns {T[]}
 */
export const all = (root, selector, kind) =>
  [...root.querySelectorAll(selector)].flatMap((one) => (one instanceof kind ? [one] : []));

/**
 * Whether what an event hit is an element that a selector names.
 * @param {EventTarget | null} target
 * @param {string} selector
 * @returns {target is Element}
 */
export const matches = (target, selector) => target instanceof Element && target.matches(selector);

/**
 * A field of a form by its name; of several under one name, none.
 * @param {HTMLFormElement} form
 * @param {string} name
 * @returns {Field | null}
 */
export const optionalField = (form, name) => {
  const found = form.elements.namedItem(name);
  const isField =
    found instanceof HTMLInputElement ||
    found instanceof HTMLTextAreaElement ||
    found instanceof HTMLSelectElement;
  return isField ? found : null;
};

/**
 * A field that the form must have.
 * @param {HTMLFormElement} form
 * @param {string} name
 */
export const requiredField = (form, name) => {
  const found = optionalField(form, name);
  if (!found) throw new Error(`The form has no field ${name}.`);
  return found;
};

/**
 * What a template says in the attribute `data-…` (its name as in `dataset`), which it must say.
 * @param {HTMLElement} element
 * @param {string} name
 */
export const data = (element, name) => {
  const said = element.dataset[name];
  if (said === undefined) throw new Error(`The page does not say data-${name}.`);
  return said;
};
