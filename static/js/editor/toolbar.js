// The toolbar: what can be done to the text, by mouse and by keyboard, after the ARIA toolbar pattern (one tab stop,
// arrows between the buttons, states told as aria-pressed and aria-disabled).
import { citeAgain } from "./cite.js";
import { crossesEdge } from "./edges.js";
import { inNotes, listOf } from "./find.js";
import { headOf } from "./head.js";
import { ICONS } from "./icons.js";
import { editLink } from "./link.js";
import { canMerge, mergeNote, mergeWords } from "./merge.js";
import { isSearching, toggleSearch } from "./search/extension.js";
import { gettext, interpolate } from "../words.js";
import { Extension, isMacOS } from "./tiptap.js";

// What stays in sight on a phone, where the whole bar would take three rows; all else is behind "More".
const KEPT = new Set(["heading2", "bold", "italic", "link", "bulletList", "footnote", "undo"]);
const NARROW = matchMedia("(max-width: 40rem)"); // the same as in editor.css

const inText = ({ state: { selection } }) => !inNotes(selection.$from) && !crossesEdge(selection);

// Focus at once: Tiptap's own focus() waits for the next frame, and a fast typist's letters would be lost.
const command = (name, ...args) => ({
  run(editor) {
    editor.view.focus();
    editor.commands[name](...args);
  },
  enabled: (editor) => editor.can()[name](...args),
});

const mark = (name) => ({ ...command("toggleMark", name), active: (editor) => editor.isActive(name) });

const block = (name, active, ...args) => ({
  ...command(name, ...args),
  enabled: (editor) => inText(editor) && editor.can()[name](...args),
  active: (editor) => inText(editor) && active(editor),
});

const inTable = (editor) => editor.isActive("table");
const table = (name) => ({ ...command(name), shown: inTable });

// [action, label, keys, behaviour]; a group a line of buttons that stay together.
const groups = () => [
  {
    name: gettext("Paragraph"),
    items: [
      [
        "paragraph",
        gettext("Paragraph"),
        "Mod-Alt-0",
        { ...block("setParagraph", (e) => e.isActive("paragraph")), enabled: inText },
      ],
      [
        "heading2",
        gettext("Heading"),
        "Mod-Alt-2",
        block("toggleHeading", (e) => e.isActive("heading", { level: 2 }), { level: 2 }),
      ],
      [
        "heading3",
        gettext("Subheading"),
        "Mod-Alt-3",
        block("toggleHeading", (e) => e.isActive("heading", { level: 3 }), { level: 3 }),
      ],
    ],
  },
  {
    name: gettext("Letters"),
    items: [
      ["bold", gettext("Bold"), "Mod-b", mark("bold")],
      ["italic", gettext("Italic"), "Mod-i", mark("italic")],
      ["superscript", gettext("Superscript"), "Mod-.", mark("superscript")],
      ["subscript", gettext("Subscript"), "Mod-,", mark("subscript")],
      [
        "link",
        gettext("Link"),
        "Mod-k",
        { run: editLink, active: (e) => e.isActive("link"), enabled: (e) => !crossesEdge(e.state.selection) },
      ],
    ],
  },
  {
    name: gettext("Blocks"),
    items: [
      [
        "bulletList",
        gettext("Bulleted list"),
        "Mod-Shift-8",
        block("toggleBulletList", (e) => e.isActive("bulletList")),
      ],
      [
        "orderedList",
        gettext("Numbered list"),
        "Mod-Shift-7",
        block("toggleOrderedList", (e) => e.isActive("orderedList")),
      ],
      [
        "blockquote",
        gettext("Quotation"),
        "Mod-Shift-b",
        block("toggleBlockquote", (e) => e.isActive("blockquote")),
      ],
      [
        "table",
        gettext("Insert table"),
        "",
        {
          run(e) {
            e.view.focus();
            e.commands.insertTable({ rows: 3, cols: 3, withHeaderRow: true });
          },
          enabled: (e) => inText(e) && !inTable(e),
        },
      ],
      ["rule", gettext("Rule"), "", block("setHorizontalRule", () => false)],
    ],
  },
  {
    name: gettext("Notes"),
    items: [
      [
        "footnote",
        gettext("Insert footnote"),
        "Mod-Alt-f",
        { ...command("insertFootnote"), words: gettext("Footnote") },
      ],
      [
        "cite",
        gettext("Cite a note again"),
        "",
        { run: citeAgain, enabled: (e) => e.can().insertFootnote() && Boolean(listOf(e.state.doc)) },
      ],
      [
        "merge",
        gettext("Merge with another note"),
        "",
        { run: mergeNote, enabled: canMerge, named: mergeWords },
      ],
    ],
  },
  {
    name: gettext("Find"),
    items: [
      [
        "search",
        gettext("Find and replace"),
        "Mod-f",
        { run: toggleSearch, active: isSearching, enabled: () => true },
      ],
    ],
  },
  {
    name: gettext("History"),
    items: [
      ["undo", gettext("Undo"), "Mod-z", command("undo")],
      ["redo", gettext("Redo"), "Mod-Shift-z", command("redo")],
    ],
  },
  {
    name: gettext("Table"),
    shown: inTable,
    items: [
      ["rowBefore", gettext("Row above"), "", table("addRowBefore")],
      ["rowAfter", gettext("Row below"), "", table("addRowAfter")],
      ["columnBefore", gettext("Column before"), "", table("addColumnBefore")],
      ["columnAfter", gettext("Column after"), "", table("addColumnAfter")],
      ["deleteRow", gettext("Remove row"), "", table("deleteRow")],
      ["deleteColumn", gettext("Remove column"), "", table("deleteColumn")],
      ["mergeCells", gettext("Merge cells"), "", table("mergeCells")],
      ["splitCell", gettext("Split cell"), "", table("splitCell")],
      [
        "headerCell",
        gettext("Header cell"),
        "",
        { ...table("toggleHeaderCell"), active: (e) => e.isActive("tableHeader") },
      ],
      ["deleteTable", gettext("Remove table"), "", table("deleteTable")],
    ],
  },
];

const keyNames = (keys) => {
  const mac = isMacOS();
  const names = { Mod: mac ? "⌘" : "Ctrl", Alt: mac ? "⌥" : "Alt", Shift: mac ? "⇧" : "Shift" };
  const parts = keys.split("-").map((key) => names[key] ?? key.toUpperCase());
  return mac ? parts.join("") : parts.join("+");
};

const ariaKeys = (keys) => keys.replace("Mod", isMacOS() ? "Meta" : "Control").replaceAll("-", "+");

const name = (button, label, keys) => {
  if (button.getAttribute("aria-label") === label) return;
  button.setAttribute("aria-label", label);
  button.title = keys ? `${label} (${keyNames(keys)})` : label;
};

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

/** One tab stop for the whole bar; arrows, Home and End move in it, Escape goes back to the text. */
const roving = (bar, editor) => {
  // As they are seen: on a phone the style puts what is always there before the rest.
  const rank = (button) => Number(getComputedStyle(button).order);
  const buttons = () =>
    [...bar.querySelectorAll("button")]
      .filter((button) => button.offsetParent !== null)
      .sort((one, other) => rank(one) - rank(other));
  const settle = (current) => {
    for (const button of bar.querySelectorAll("button")) button.tabIndex = button === current ? 0 : -1;
  };
  bar.addEventListener("focusin", (event) => {
    if (event.target.matches("button")) settle(event.target);
  });
  bar.addEventListener("keydown", (event) => {
    const all = buttons();
    const at = all.indexOf(document.activeElement);
    const forward = getComputedStyle(bar).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    let next = null;
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

const build = (editor) => {
  const bar = document.createElement("div");
  bar.className = "body-editor__toolbar";
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", interpolate(gettext("Formatting, %(keys)s"), { keys: "Alt+F10" }));
  bar.setAttribute("aria-controls", editor.view.dom.id);
  const items = [];
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
        if (button.getAttribute("aria-disabled") !== "true") behaviour.run(editor);
      });
      group.append(button);
      items.push({ button, ...behaviour });
    }
    bar.append(group);
    if (shown) items.push({ group, shown });
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
    for (const { button, group, shown, active, enabled, named } of items) {
      if (group) {
        group.hidden = !shown(editor);
        continue;
      }
      if (shown && !shown(editor)) continue;
      button.setAttribute("aria-disabled", String(!(editor.isEditable && enabled(editor))));
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
    const focusBar = ({ editor }) => {
      editor.view.dom.parentElement.querySelector("[role=toolbar] button[tabindex='0']")?.focus();
      return true;
    };
    return { "Alt-F10": focusBar };
  },
});
