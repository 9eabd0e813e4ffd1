// How many words: of the text, and with its notes. Quietly, under the editor.
/** @import { ProseNode } from "./tiptap.js" */
import { CITATION, LIST, notesOf } from "./queries.js";
import { gettext, interpolate, ngettext } from "../words.js";
import { Extension, pm } from "./tiptap.js";

const { Plugin } = pm.state;

// As word processors count: an ideograph is a word, letters between spaces are one.
const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{M}\p{N}]+(?:['’.,\-‐][\p{L}\p{M}\p{N}]+)*/gu;

/** @param {string} text */
export const countWords = (text) => text.match(WORD)?.length ?? 0;

/** @type {WeakMap<ProseNode, number>} */
const known = new WeakMap();

/** @param {ProseNode} block */
const wordsOf = (block) => {
  let n = known.get(block);
  if (n === undefined) {
    // A citation parts no word from its comma, and is none itself.
    const text = block.textBetween(0, block.content.size, " ", (leaf) =>
      leaf.type.name === CITATION ? "" : " ",
    );
    n = countWords(text);
    known.set(block, n);
  }
  return n;
};

/**
 * {text, notes, noteCount} of a document.
 * @param {ProseNode} doc
 */
export const countDocument = (doc) => {
  let text = 0;
  let notes = 0;
  doc.forEach((block) => {
    if (block.type.name === LIST)
      block.forEach((note) => {
        notes += wordsOf(note);
      });
    else text += wordsOf(block);
  });
  return { text, notes, noteCount: notesOf(doc).length };
};

/** @param {{ text: number; notes: number; noteCount: number }} it */
const inWords = ({ text, notes, noteCount }) => {
  const words = interpolate(ngettext("%(n)s word", "%(n)s words", text), { n: text });
  if (!noteCount) return words;
  const all = interpolate(gettext("%(n)s with notes"), { n: text + notes });
  return interpolate(gettext("%(words)s, %(all)s"), { words, all });
};

export const WordCount = Extension.create({
  name: "wordCount",
  addProseMirrorPlugins() {
    return [
      new Plugin({
        view(view) {
          let waiting = 0;
          /** @type {ProseNode | null} */
          let drawn = null;
          const draw = () => {
            waiting = 0;
            const { doc } = view.state;
            if (doc === drawn) return;
            drawn = doc;
            const place = view.dom.closest(".body-editor")?.querySelector(".body-editor__count");
            if (place) place.textContent = inWords(countDocument(doc));
          };
          waiting = setTimeout(draw, 0);
          return {
            update(_view, before) {
              if (before.doc !== view.state.doc && !waiting) waiting = setTimeout(draw, 120);
            },
            destroy: () => clearTimeout(waiting),
          };
        },
      }),
    ];
  },
});
