// The panel for finding and replacing: its fields and buttons, and what it says. It sits under the toolbar, inside
// the release's form, so nothing that is typed or pressed in it reaches the form.
/** @import { Editor, ProseNode, Transaction } from "../tiptap.js" */
/** @import { Hit } from "./hits.js" */
import { element, freshId } from "../dialogs.js";
import { matches } from "../../elements.js";
import { headOf } from "../head.js";
import { pm } from "../tiptap.js";
import { gettext, interpolate, ngettext } from "../../words.js";
import { noteNumber } from "./hits.js";
import { NOTHING, searchKey } from "./marks.js";
import { replaceHits } from "./replace.js";

const { TextSelection } = pm.state;

const AROUND = 40; // letters of the line that a screen reader hears with a hit

/** @param {string} label */
const field = (label) => {
  const input = element("input", {
    type: "text",
    id: freshId("field"),
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
  });
  return { input, label: element("label", { for: input.id }, label) };
};

/** @param {string} label */
const tick = (label) => {
  const input = element("input", { type: "checkbox", id: freshId("tick") });
  return {
    input,
    label: element("label", { for: input.id, class: "body-editor__search-tick" }, input, " ", label),
  };
};

/**
 * @param {string} label
 * @param {() => void} press
 * @param {{ shown?: string; keys?: string }} [options]
 */
const button = (label, press, { shown = label, keys = "" } = {}) => {
  const title = keys ? `${label} (${keys})` : shown === label ? null : label;
  const made = element(
    "button",
    { type: "button", "aria-label": shown === label ? null : label, title },
    shown,
  );
  made.addEventListener("click", press);
  return made;
};

/**
 * "3 of 12, 4 in notes".
 * @param {{ hits: Hit[]; at: number }} it
 */
const inWords = ({ hits, at }) => {
  if (!hits.length) return gettext("Not found");
  const place = interpolate(gettext("%(n)s of %(all)s"), { n: at + 1, all: hits.length });
  const notes = hits.filter((hit) => hit.inNotes).length;
  return notes ? interpolate(gettext("%(place)s, %(n)s in notes"), { place, n: notes }) : place;
};

/**
 * The line around a hit, for those who do not see it.
 * @param {ProseNode} doc
 * @param {Hit} hit
 */
const lineAround = (doc, hit) => {
  const $from = doc.resolve(hit.from);
  const text = $from.parent.textBetween(0, $from.parent.content.size, "", " ");
  const start = $from.parentOffset;
  const words = text.slice(Math.max(0, start - AROUND), start + (hit.to - hit.from) + AROUND).trim();
  const n = noteNumber(doc, hit);
  return n ? `${interpolate(gettext("Note %(n)s"), { n })}: ${words}` : words;
};

export class SearchPanel {
  /** @param {Editor} editor */
  constructor(editor) {
    this.editor = editor;
    this.find = field(gettext("Find"));
    this.replacement = field(gettext("Replace with"));
    this.matchCase = tick(gettext("Match case"));
    this.wholeWords = tick(gettext("Whole words"));
    this.count = element("span", { class: "body-editor__search-count" });
    this.heard = element("span", { class: "body-editor__unseen" });
    this.replacing = [
      button(gettext("Replace"), () => this.replace(), { keys: "Enter" }),
      button(gettext("Replace all"), () => this.replaceAll()),
    ];
    const moves = [
      button(gettext("Previous"), () => this.move(-1), { shown: "↑", keys: "Shift+Enter" }),
      button(gettext("Next"), () => this.move(1), { shown: "↓", keys: "Enter" }),
    ];
    const close = button(gettext("Close"), () => this.close(), { shown: "✕", keys: "Esc" });
    close.classList.add("body-editor__search-close");
    this.box = element(
      "div",
      {
        class: "body-editor__search",
        role: "search",
        "aria-label": gettext("Find and replace"),
        hidden: true,
      },
      this.find.label,
      element("div", { class: "body-editor__search-row" }, this.find.input, ...moves, close),
      this.replacement.label,
      element("div", { class: "body-editor__search-row" }, this.replacement.input, ...this.replacing),
      element(
        "div",
        { class: "body-editor__search-foot" },
        this.matchCase.label,
        this.wholeWords.label,
        element(
          "span",
          { class: "body-editor__search-said", "aria-live": "polite", "aria-atomic": "true" },
          this.count,
          this.heard,
        ),
      ),
    );
    this.listen();
    headOf(editor).append(this.box);
  }

  get isOpen() {
    return !this.box.hidden;
  }

  get state() {
    return searchKey.getState(this.editor.state) ?? NOTHING;
  }

  listen() {
    // The form must not take this for an edit of the release, nor Enter for "save".
    for (const name of ["input", "change"])
      this.box.addEventListener(name, (event) => event.stopPropagation());
    this.find.input.addEventListener("input", () => this.seek());
    for (const { input } of [this.matchCase, this.wholeWords])
      input.addEventListener("change", () => this.seek());
    this.box.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      const key = event.key.toLowerCase();
      const mod = (event.ctrlKey || event.metaKey) && !event.altKey;
      if (key === "escape") this.close();
      else if (key === "enter" && matches(event.target, "input")) {
        if (event.target === this.replacement.input && !event.shiftKey) this.replace();
        else this.move(event.shiftKey ? -1 : 1);
      } else if (mod && key === "h") this.replacement.input.select();
      // Ctrl+F once more, in the field itself, is the browser's own search of the whole page.
      else if (mod && key === "f" && document.activeElement !== this.find.input) this.find.input.select();
      else if (mod && key === "g") this.move(event.shiftKey ? -1 : 1);
      else return;
      event.preventDefault();
    });
  }

  /**
   * Open with what is selected, or what was sought last.
   * @param {{ toReplace?: boolean }} [it]
   */
  open({ toReplace = false } = {}) {
    const { state } = this.editor;
    const { $from, $to, empty } = state.selection;
    const words = !empty && $from.sameParent($to) ? state.doc.textBetween($from.pos, $to.pos, "", "\n") : "";
    if (words && words.length <= 200 && !words.includes("\n")) this.find.input.value = words;
    this.box.hidden = false;
    for (const made of this.replacing) made.disabled = !this.editor.isEditable;
    this.seek();
    (toReplace && this.find.input.value ? this.replacement : this.find).input.select();
  }

  /** Close; the caret is on the hit that was the current one. */
  close() {
    const { hits, at } = this.state;
    const { state, view } = this.editor;
    this.box.hidden = true;
    const tr = state.tr.setMeta(searchKey, { query: null });
    if (hits[at]) tr.setSelection(TextSelection.create(tr.doc, hits[at].from, hits[at].to));
    view.dispatch(tr);
    view.focus();
  }

  seek() {
    const query = {
      text: this.find.input.value,
      matchCase: this.matchCase.input.checked,
      wholeWords: this.wholeWords.input.checked,
    };
    this.editor.view.dispatch(this.editor.state.tr.setMeta(searchKey, { query }));
    this.heard.textContent = "";
    this.show();
  }

  /** @param {number} by */
  move(by) {
    const { hits, at } = this.state;
    if (!hits.length) return;
    this.arrive((at + by + hits.length) % hits.length);
  }

  /**
   * Make a hit the current one, with the selection on it, and tell where it stands.
   * @param {number} at
   */
  arrive(at) {
    const { state, view } = this.editor;
    const hit = this.state.hits[at];
    view.dispatch(
      state.tr.setSelection(TextSelection.create(state.doc, hit.from, hit.to)).setMeta(searchKey, { at }),
    );
    this.show();
    this.hear(lineAround(view.state.doc, hit));
  }

  replace() {
    const { hits, at, query } = this.state;
    const hit = hits[at];
    if (!hit || !query || !this.editor.isEditable) return;
    // On from behind the new words, which may hold what is sought.
    /** @param {Transaction} tr */
    const finish = (tr) => {
      const near = tr.mapping.map(hit.to);
      return tr.setMeta(searchKey, { near }).setSelection(TextSelection.create(tr.doc, near));
    };
    replaceHits(this.editor.view, [hit], this.replacement.input.value, query, finish);
    if (this.state.hits.length) this.arrive(this.state.at);
    else this.show();
  }

  replaceAll() {
    const { hits, query } = this.state;
    if (!hits.length || !query || !this.editor.isEditable) return;
    const notes = hits.filter((hit) => hit.inNotes).length;
    replaceHits(this.editor.view, hits, this.replacement.input.value, query);
    this.show();
    const said = interpolate(ngettext("%(n)s replaced", "%(n)s replaced", hits.length), { n: hits.length });
    this.count.textContent = notes
      ? interpolate(gettext("%(said)s, %(n)s in notes"), { said, n: notes })
      : said;
  }

  /** Say how many there are, and bring the current one into sight. */
  show() {
    const { query, hits } = this.state;
    this.count.textContent = query?.text ? inWords(this.state) : "";
    this.box.classList.toggle("is-missing", Boolean(query?.text) && !hits.length);
    const mark = this.editor.view.dom.querySelector(".body-editor__hit.is-current");
    /** @param {DOMRect} box */
    const hidden = (box) =>
      box.top < headOf(this.editor).getBoundingClientRect().bottom + 8 || box.bottom > innerHeight - 8;
    if (mark && hidden(mark.getBoundingClientRect()))
      mark.scrollIntoView({ block: "center", inline: "nearest" });
  }

  /**
   * Said again even if it is the same as before.
   * @param {string} words
   */
  hear(words) {
    this.heard.textContent = "";
    this.heard.textContent = `. ${words}`;
  }
}
