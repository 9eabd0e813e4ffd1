// Making one note of two: every citation of the one that goes cites the one that stays.
/** @import { Editor, EditorState, ProseNode, Selection, Transaction } from "./tiptap.js" */
/** @import { Twin } from "./duplicates.js" */
import { chooseNote } from "./cite.js";
import { CITATION, citationsOf, findNote, listOf, noteKeyAt, notesOf } from "./queries.js";
import { normalise } from "./normalise.js";
import { hasLinks, sameNotes } from "./duplicates.js";
import { announce } from "./status.js";
import { Extension, pm } from "./tiptap.js";
import { gettext, interpolate, ngettext } from "../words.js";

const { Plugin, PluginKey, TextSelection } = pm.state;
const { Decoration, DecorationSet } = pm.view;
const { closeHistory } = pm.history;

const sameKey = new PluginKey("sameNotes");

/** @param {number} number */
const mergeLabel = (number) => interpolate(gettext("Merge with note %(n)s"), { n: number });

/**
 * The note in which the caret stands, {node, pos}, or null.
 * @param {{ doc: ProseNode; selection: Selection }} it
 */
const noteHere = ({ doc, selection: { $from, $to } }) => {
  const key = noteKeyAt($from);
  return key && key === noteKeyAt($to) ? findNote(doc, key) : null;
};

/**
 * The note that says the same as the one at the caret, {key, number}, or null.
 * @param {EditorState} state
 */
const twinHere = (state) => {
  const here = noteHere(state);
  return (here && sameKey.getState(state).same.get(here.node.attrs.note)) || null;
};

/** @param {{ state: EditorState }} it */
export const canMerge = ({ state }) => Boolean(noteHere(state)) && notesOf(state.doc).length > 1;

/**
 * "Merge with note 3" where note 3 says the same, else the verb alone.
 * @param {{ state: EditorState }} it
 */
export const mergeWords = ({ state }) => {
  const twin = twinHere(state);
  return twin ? mergeLabel(twin.number) : gettext("Merge with another note");
};

/**
 * The same note cited twice at one place is cited once.
 * @param {Transaction} tr
 * @param {string} key
 */
const dropDoubles = (tr, key) => {
  for (const { pos } of citationsOf(tr.doc).reverse()) {
    const before = tr.doc.resolve(pos).nodeBefore;
    const after = tr.doc.nodeAt(pos);
    if (before?.type.name === CITATION && before.attrs.note === key && after?.attrs.note === key)
      tr.delete(pos, pos + 1);
  }
};

/**
 * @param {Editor} editor
 * @param {string} gone
 * @param {string} kept
 */
const merge = (editor, gone, kept) => {
  const { state, view } = editor;
  const [from, into] = [findNote(state.doc, gone), findNote(state.doc, kept)];
  if (!from || !into || gone === kept) return;
  const tr = closeHistory(state.tr);
  for (const { node, pos } of citationsOf(tr.doc))
    if (node.attrs.note === gone) tr.setNodeAttribute(pos, "note", kept);
  // Of two that say the same, the words that lead somewhere stay.
  const words =
    sameKey.getState(state).same.has(gone) && hasLinks(from.node) && !hasLinks(into.node)
      ? from.node.content
      : null;
  const parts = [{ ...from, content: null }, ...(words ? [{ ...into, content: words }] : [])].sort(
    (a, b) => b.pos - a.pos,
  );
  for (const { node, pos, content } of parts)
    if (content) tr.replaceWith(pos + 1, pos + node.nodeSize - 1, content);
    else tr.delete(pos, pos + node.nodeSize);
  dropDoubles(tr, kept);
  normalise(tr, editor.storage.footnoteSync);
  const merged = findNote(tr.doc, kept);
  if (merged) {
    const end = merged.pos + merged.node.nodeSize - 1;
    tr.setSelection(TextSelection.near(tr.doc.resolve(end), -1)).scrollIntoView();
  }
  view.dispatch(tr);
  view.dispatch(closeHistory(view.state.tr));
  view.focus();
  const number = notesOf(view.state.doc).findIndex((note) => note.node.attrs.note === kept) + 1;
  const places = citationsOf(view.state.doc).filter((citation) => citation.node.attrs.note === kept).length;
  const said = ngettext(
    "Merged into note %(n)s, cited once.",
    "Merged into note %(n)s, cited %(places)s times.",
    places,
  );
  announce(editor, interpolate(said, { n: number, places }));
};

/**
 * Merge the note at the caret with the one that says the same; or ask with which.
 * @param {Editor} editor
 */
export const mergeNote = async (editor) => {
  const here = noteHere(editor.state);
  if (!here) return;
  const gone = here.node.attrs.note;
  const twin = twinHere(editor.state);
  const kept = twin
    ? twin.key
    : await chooseNote(editor, {
        title: gettext("Merge with another note"),
        submit: gettext("Merge"),
        hint: gettext("Its places in the text will cite the note that you choose, whose words stay."),
        except: gone,
      });
  editor.view.focus();
  if (kept) merge(editor, gone, kept);
};

/**
 * @param {Editor} editor
 * @param {ProseNode} doc
 * @param {Map<string, Twin>} same
 */
const offers = (editor, doc, same) => {
  const found = [];
  for (const { node, pos } of notesOf(doc)) {
    const twin = same.get(node.attrs.note);
    if (!twin) continue;
    const draw = () => {
      const button = document.createElement("button");
      button.type = "button";
      // The toolbar has it for the keyboard; here it would stand in the way of Tab.
      button.tabIndex = -1;
      button.className = "body-editor__merge";
      button.contentEditable = "false";
      button.textContent = mergeLabel(twin.number);
      button.addEventListener("mousedown", (event) => event.preventDefault());
      button.addEventListener("click", () => merge(editor, node.attrs.note, twin.key));
      return button;
    };
    const key = `${node.attrs.note}-${twin.key}-${twin.number}`;
    if (editor.isEditable)
      found.push(
        Decoration.widget(pos + node.nodeSize - 1, draw, {
          key,
          side: 1,
          stopEvent: () => true,
          ignoreSelection: true,
        }),
      );
  }
  return DecorationSet.create(doc, found);
};

export const MergeNotes = Extension.create({
  name: "mergeNotes",

  addProseMirrorPlugins() {
    const { editor } = this;
    /** @param {ProseNode} doc */
    const look = (doc) => {
      const same = sameNotes(doc);
      return { list: listOf(doc)?.node ?? null, same, offers: offers(editor, doc, same) };
    };
    return [
      new Plugin({
        key: sameKey,
        state: {
          init: (_, { doc }) => look(doc),
          apply(tr, now) {
            if (!tr.docChanged) return now;
            if ((listOf(tr.doc)?.node ?? null) !== now.list) return look(tr.doc);
            return { ...now, offers: now.offers.map(tr.mapping, tr.doc) };
          },
        },
        props: { decorations: (state) => sameKey.getState(state).offers },
      }),
    ];
  },
});
