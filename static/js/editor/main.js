// Entry: puts the editor over every textarea that asks for it, and keeps the textarea's value true.
//
// For other scripts: each change sets the textarea's value at once and sends a bubbling "input" event from it, soon
// after; a CustomEvent "newsroom:set-body" on the textarea with the new HTML in `detail` replaces the text in one
// step that can be undone, "newsroom:insert-body" puts it in at the caret; "newsroom:body-ready" is sent when the editor stands. Without this script, or when it
// fails, the textarea stays what it is: a field holding HTML.
/** @import { Attributes, Editor as TiptapEditor, Extension } from "./tiptap.js" */
import * as stock from "./tiptap.js";
import { EditorAccess, attributesFrom } from "./access.js";
import { insertBody } from "./insert.js";
import { prepare } from "./load.js";
import { Footnote, FootnoteDocument, FootnoteList, FootnoteRef } from "./notes.js";
import { serialiser } from "./serialise.js";
import { withoutSpares } from "./spare-lines.js";
import { announce } from "./status.js";
import { Link, OrderedList, Table, TableCell, TableHeader } from "./extensions.js";
import { FootnoteSync, normaliseOnLoad } from "./sync.js";
import { data } from "../elements.js";
import { gettext } from "../words.js";

const { Editor, pm } = stock;
const { DOMParser: SchemaParser } = pm.model;
const { closeHistory } = pm.history;

/** @type {Record<string, Extension | undefined>} */
const OURS = {
  EditorAccess,
  Footnote,
  FootnoteDocument,
  FootnoteList,
  FootnoteRef,
  FootnoteSync,
  Link,
  OrderedList,
  Table,
  TableCell,
  TableHeader,
};
// A configuration names extensions of the bundle as it likes; what it has no name for is undefined.
const STOCK = /** @type {Record<string, Extension | undefined>} */ (/** @type {unknown} */ (stock));
// What every editor has, whatever the configuration names.
const ALWAYS = ["Text", "Paragraph", "History", "Gapcursor", "Dropcursor"];
// Stock parts that this editor replaces: the menu by its toolbar, the document by the one with notes.
const REPLACED = new Set(["Menu", "Document", "NoSpellCheck", "HTML", "Fullscreen"]);
const INPUT_DELAY = 120;

/** @param {Record<string, boolean | Attributes>} config */
const extensionsFrom = (config) => {
  /** @type {Record<string, boolean | Attributes>} */
  const wanted = { ...Object.fromEntries(ALWAYS.map((name) => [name, true])), ...config };
  const list = [];
  for (const [name, options] of Object.entries(wanted)) {
    const extension = REPLACED.has(name) ? null : (OURS[name] ?? STOCK[name]);
    if (options === false || !extension) continue;
    list.push(options && typeof options === "object" ? extension.configure(options) : extension);
  }
  return list;
};

/** @param {HTMLTextAreaElement} textarea */
const frameAround = (textarea) => {
  const frame = document.createElement("div");
  frame.className = "body-editor";
  const foot = document.createElement("div");
  foot.className = "body-editor__foot";
  const count = document.createElement("span");
  count.className = "body-editor__count";
  const status = document.createElement("span");
  status.className = "body-editor__status";
  status.setAttribute("role", "status");
  foot.append(count, status);
  frame.append(foot);
  textarea.before(frame);
  return { frame, foot };
};

/** @param {HTMLTextAreaElement} textarea */
const createEditor = (textarea) => {
  const { extensions } = JSON.parse(data(textarea, "bodyEditor"));
  const { html, kept } = prepare(textarea.value);
  const { frame, foot } = frameAround(textarea);
  const place = document.createElement("div");
  place.className = "body-editor__page";
  frame.insertBefore(place, foot);
  /** @type {TiptapEditor} */
  let editor;
  try {
    editor = new Editor({
      element: { mount: place },
      extensions: extensionsFrom(extensions),
      content: html,
      editable: !textarea.disabled && !textarea.readOnly,
      // Tiptap would inject a <style>, which the policy forbids: the rules are in editor.css.
      injectCSS: false,
      // Keep "word </p>" as stored; otherwise the first edit after a reload trims it.
      parseOptions: { preserveWhitespace: true },
      editorProps: { attributes: attributesFrom(textarea) },
    });
    normaliseOnLoad(editor, kept);
  } catch (error) {
    frame.remove();
    throw error;
  }
  frame.append(textarea);
  textarea.hidden = true;
  return { editor, kept };
};

/**
 * Keep `textarea.value` true at every moment; an "input" event follows a moment later.
 * @param {HTMLTextAreaElement} textarea
 * @param {TiptapEditor} editor
 */
const keepInStep = (textarea, editor) => {
  const toHtml = serialiser(editor.schema);
  let html = toHtml(editor.state.doc);
  let written = textarea.value;
  let waiting = 0;
  const announceInput = () => {
    waiting = 0;
    textarea.dispatchEvent(new Event("input", { bubbles: true }));
  };
  editor.on("update", ({ transaction }) => {
    if (transaction.getMeta("onLoad")) return;
    const next = toHtml(withoutSpares(editor.state));
    // A line that was only opened, or went again, is no change.
    if (next === html && textarea.value === written) return;
    html = next;
    textarea.value = next;
    written = textarea.value;
    waiting ||= setTimeout(announceInput, INPUT_DELAY);
  });
};

/**
 * @param {TiptapEditor} editor
 * @param {string} stored
 */
const replaceBody = (editor, stored) => {
  const { html, kept } = prepare(stored);
  const storage = editor.storage.footnoteSync;
  for (const key of kept) storage.kept.add(key);
  const dom = new window.DOMParser().parseFromString(html, "text/html").body;
  const doc = SchemaParser.fromSchema(editor.schema).parse(dom, { preserveWhitespace: true });
  const tr = closeHistory(editor.state.tr).replaceWith(0, editor.state.doc.content.size, doc.content);
  editor.view.dispatch(tr);
  editor.view.dispatch(closeHistory(editor.state.tr));
};

/** @param {HTMLTextAreaElement} textarea */
const start = (textarea) => {
  if (textarea.closest(".body-editor")) return;
  let made;
  try {
    made = createEditor(textarea);
  } catch (error) {
    // The textarea is still there and still right.
    console.error("The editor could not start:", error);
    return;
  }
  const { editor, kept } = made;
  keepInStep(textarea, editor);
  for (const label of textarea.labels ?? []) label.addEventListener("click", () => editor.view.focus());
  let known = false; // nobody has put the caret anywhere yet
  editor.on("focus", () => {
    known = true;
  });
  textarea.addEventListener("newsroom:insert-body", (event) =>
    insertBody(editor, String(event.detail ?? ""), known),
  );
  textarea.addEventListener("newsroom:set-body", (event) => replaceBody(editor, String(event.detail ?? "")));
  new MutationObserver(() => {
    editor.setOptions({ editorProps: { attributes: attributesFrom(textarea) } });
  }).observe(textarea, { attributeFilter: ["lang", "dir", "aria-invalid", "aria-describedby"] });
  editor.on("create", () => {
    if (kept.length)
      announce(editor, gettext("Marked notes are cited nowhere: cite them again, or empty and remove them."));
    textarea.dispatchEvent(new CustomEvent("newsroom:body-ready", { bubbles: true, detail: { editor } }));
  });
};

for (const textarea of document.querySelectorAll("textarea[data-body-editor]"))
  start(/** @type {HTMLTextAreaElement} */ (textarea));
