// The toolbar: what can be done to the text, by mouse and by keyboard, after the ARIA toolbar pattern (one tab stop,
// arrows between the buttons, states given as aria-pressed and aria-disabled).
/** @import { Behaviour } from "./buttons.js" */
/** @import { Editor } from "./tiptap.js" */
import { matches, optional } from "../elements.js";
import { groups } from "./buttons.js";
import { headOf } from "./head.js";
import { ICONS } from "./icons.js";
import { gettext, interpolate } from "../words.js";
import { Extension, isMacOS } from "./tiptap.js";

// What stays in sight on a phone, where the whole bar would take three rows; all else is behind "More".
const KEPT = new Set(["heading2", "bold", "italic", "link", "bulletList", "footnote", "undo"]);
const NARROW = matchMedia("(max-width: 40rem)"); // the same as in editor.css

/** @param {string} keys */
const keyNames = (keys) => {
  const mac = isMacOS();
  /** @type {Record<string, string | undefined>} */
  const names = { Mod: mac ? "⌘" : "Ctrl", Alt: mac ? "⌥" : "Alt", Shift: mac ? "⇧" : "Shift" };
  const parts = keys.split("-").map((key) => names[key] ?? key.toUpperCase());
  return mac ? parts.join("") : parts.join("+");
};

/** @param {string} keys */
const ariaKeys = (keys) => keys.replace("Mod", isMacOS() ? "Meta" : "Control").replaceAll("-", "+");

/**
 * @param {HTMLButtonElement} button
 * @param {string} label
 * @param {string} keys
 */
const name = (button, label, keys) => {
  if (button.getAttribute("aria-label") === label) return;
  button.setAttribute("aria-label", label);
  button.title = keys ? `${label} (${keyNames(keys)})` : label;
};

/**
 * @param {string} action
 * @param {string} label
 * @param {string} keys
 * @param {Behaviour} behaviour
 */
const createButton = (action, label, keys, { words }) => {
  const button = document.createElement("button");
  button.type = "button";
  button.tabIndex = -1;
  button.dataset.action = action;
  name(button, label, keys);
  if (keys) button.setAttribute("aria-keyshortcuts", ariaKeys(keys));
  button.innerHTML = ICONS[action];
  if (words) {
    const span = document.createElement("span");
    span.className = "body-editor__words";
    span.textContent = words;
    button.append(span);
  }
  return button;
};

/**
 * One tab stop for the whole bar; arrows, Home and End move in it, Escape goes back to the text.
 * @param {HTMLElement} bar
 * @param {Editor} editor
 */
const roving = (bar, editor) => {
  // As they are seen: on a phone the style puts what is always there before the rest.
  /** @param {HTMLElement} button */
  const rank = (button) => Number(getComputedStyle(button).order);
  const buttons = () =>
    [...bar.querySelectorAll("button")]
      .filter((button) => button.offsetParent !== null)
      .sort((one, other) => rank(one) - rank(other));
  /** @param {Element | null} current */
  const settle = (current) => {
    for (const button of bar.querySelectorAll("button")) button.tabIndex = button === current ? 0 : -1;
  };
  bar.addEventListener("focusin", (event) => {
    if (matches(event.target, "button")) settle(event.target);
  });
  bar.addEventListener("keydown", (event) => {
    const all = buttons();
    const at = all.findIndex((button) => button === document.activeElement);
    const forward = getComputedStyle(bar).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    /** @type {HTMLButtonElement | undefined} */
    let next;
    if (event.key === "ArrowRight" || event.key === "ArrowLeft")
      next = all[(at + (event.key === forward ? 1 : -1) + all.length) % all.length];
    else if (event.key === "Home") next = all[0];
    else if (event.key === "End") next = all.at(-1);
    else if (event.key === "Escape") {
      event.preventDefault();
      editor.view.focus();
      return;
    }
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
  settle(bar.querySelector("button"));
  // When the button that was the tab stop has gone with its group, the first one is it again.
  return () => {
    if (!buttons().some((button) => button.tabIndex === 0)) settle(buttons()[0]);
  };
};

/** @param {Editor} editor */
const build = (editor) => {
  const bar = document.createElement("div");
  bar.className = "body-editor__toolbar";
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", interpolate(gettext("Formatting, %(keys)s"), { keys: "Alt+F10" }));
  bar.setAttribute("aria-controls", editor.view.dom.id);
  /** @type {{ button: HTMLButtonElement; behaviour: Behaviour }[]} */
  const items = [];
  /** @type {{ group: HTMLElement; shown: (editor: Editor) => boolean }[]} */
  const passing = [];
  for (const { name: title, shown, items: entries } of groups()) {
    const group = document.createElement("div");
    group.className = "body-editor__group";
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", title);
    if (shown) group.classList.add("is-passing");
    else if (!entries.some(([action]) => KEPT.has(action))) group.classList.add("is-spare");
    for (const [action, label, keys, behaviour] of entries) {
      const button = createButton(action, label, keys, behaviour);
      if (!shown && !KEPT.has(action)) button.classList.add("is-spare");
      // The caret stays where it is when a button is pressed with the mouse.
      button.addEventListener("mousedown", (event) => event.preventDefault());
      button.addEventListener("click", () => {
        if (button.getAttribute("aria-disabled") !== "true") behaviour.run?.(editor);
      });
      group.append(button);
      items.push({ button, behaviour });
    }
    bar.append(group);
    if (shown) passing.push({ group, shown });
  }
  const more = createButton("more", gettext("More"), "", {});
  more.setAttribute("aria-expanded", "false");
  more.addEventListener("mousedown", (event) => event.preventDefault());
  bar.append(more);
  const settle = roving(bar, editor);
  more.addEventListener("click", () => {
    more.setAttribute("aria-expanded", String(bar.classList.toggle("is-open")));
    settle();
  });
  NARROW.addEventListener("change", settle);
  const draw = () => {
    for (const { group, shown } of passing) group.hidden = !shown(editor);
    for (const { button, behaviour } of items) {
      const { shown, active, enabled, named } = behaviour;
      if (shown && !shown(editor)) continue;
      button.setAttribute("aria-disabled", String(!(editor.isEditable && enabled?.(editor))));
      if (active) button.setAttribute("aria-pressed", String(Boolean(active(editor))));
      if (named) name(button, named(editor), "");
    }
    settle();
  };
  return { bar, draw };
};

export const Toolbar = Extension.create({
  name: "toolbar",

  onCreate() {
    const { editor } = this;
    const { bar, draw } = build(editor);
    headOf(editor).prepend(bar);
    let frame = 0;
    // Once a frame at most: a keystroke should not wait for thirty buttons.
    const later = () => {
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        if (!editor.isDestroyed) draw();
      });
    };
    editor.on("transaction", later);
    draw();
  },

  addKeyboardShortcuts() {
    /** @param {{ editor: Editor }} it */
    const focusBar = ({ editor }) => {
      const frame = editor.view.dom.parentElement;
      if (frame) optional(frame, "[role=toolbar] button[tabindex='0']", HTMLButtonElement)?.focus();
      return true;
    };
    return { "Alt-F10": focusBar };
  },
});
