// The edges of notes hold: whatever is typed, cut, pasted, dropped or composed over a selection that crosses
// them, each part loses its own words and no note ever flows into its neighbour or into the text.
/** @import { EditorView, ProseNode, ResolvedPos, Transaction } from "./tiptap.js" */
import { listOf, notesOf, partAt } from "./queries.js";
import { Extension, pm } from "./tiptap.js";

const { Plugin, PluginKey, TextSelection } = pm.state;
const { ReplaceStep, ReplaceAroundStep } = pm.transform;

/** @param {{ $from: ResolvedPos; $to: ResolvedPos }} it */
export const crossesEdge = ({ $from, $to }) => partAt($from) !== partAt($to);

/**
 * [from, to] cut into the pieces that lie in the text and in each note.
 * @param {ProseNode} doc
 * @param {number} from
 * @param {number} to
 */
const pieces = (doc, from, to) => {
  const list = listOf(doc);
  if (!list) return [[from, to]];
  const found = [];
  if (from < list.pos) found.push([from, Math.min(to, list.pos)]);
  for (const { node, pos } of notesOf(doc)) {
    // From the start of the first paragraph to the end of the last, so that the note keeps one.
    const a = Math.max(from, pos + 2);
    const b = Math.min(to, pos + node.nodeSize - 2);
    if (b > a) found.push([a, b]);
  }
  return found;
};

/**
 * Delete the selection part by part, leaving the caret at its beginning.
 * @param {Transaction} tr
 */
export const deletePieces = (tr) => {
  const { from, to } = tr.selection;
  for (const [a, b] of pieces(tr.doc, from, to).reverse()) tr.delete(a, b);
  return tr.setSelection(TextSelection.near(tr.doc.resolve(tr.mapping.map(from, -1))));
};

/** @param {Node} node */
const noteElement = (node) =>
  (node instanceof Element ? node : node.parentElement)?.closest("ol.footnotes > li") ?? null;

// Would the browser's own edit reach across an edge? Asked of the DOM, because after fast typing the
// state may not have seen the caret move yet.
/** @param {InputEvent} event */
const reachesAcross = (event) =>
  event.getTargetRanges().some((r) => noteElement(r.startContainer) !== noteElement(r.endContainer));

/**
 * @param {EditorView} view
 * @param {string} text
 */
const replaceWithText = (view, text) => {
  const tr = deletePieces(view.state.tr);
  if (text) tr.insertText(text);
  view.dispatch(tr.scrollIntoView());
};

const ACTING_KEYS = new Set(["Backspace", "Delete", "Enter", "Escape", "Tab"]);

const edgeKey = new PluginKey("footnoteEdges");

export const Edges = Extension.create({
  name: "footnoteEdges",
  priority: 1200,

  addProseMirrorPlugins() {
    return [
      new Plugin({
        key: edgeKey,

        // The net under everything below: a step from one part into another is refused, and ProseMirror
        // draws the document again as it was.
        filterTransaction(tr) {
          if (!tr.docChanged || tr.getMeta("history$")) return true;
          return tr.steps.every((step, i) => {
            if (!(step instanceof ReplaceStep || step instanceof ReplaceAroundStep)) return true;
            const doc = tr.docs[i];
            return partAt(doc.resolve(step.from)) === partAt(doc.resolve(step.to));
          });
        },

        props: {
          handleTextInput(view, _from, _to, text) {
            if (!crossesEdge(view.state.selection)) return false;
            replaceWithText(view, text);
            return true;
          },

          handleKeyDown(view, event) {
            if (!crossesEdge(view.state.selection)) return false;
            // The stock keys for headings, lists and quotations would put notes into them.
            if ((event.ctrlKey || event.metaKey) && /^(?:Digit\d|KeyB)$/.test(event.code))
              return event.altKey || event.shiftKey;
            if (!["Backspace", "Delete", "Enter"].includes(event.key)) return false;
            view.dispatch(deletePieces(view.state.tr).scrollIntoView());
            // Enter goes on to break the line at the caret.
            return event.key !== "Enter";
          },

          handleDOMEvents: {
            // A caret moved by a key just before (End, then Ctrl+V) may not be in the state yet: read it, or the
            // command would act where the caret was.
            keydown(view, event) {
              const commands = event.ctrlKey || event.metaKey || event.altKey || ACTING_KEYS.has(event.key);
              if (!view.composing && commands) view.domObserver.flush();
              return false;
            },

            beforeinput(view, event) {
              if (!event.cancelable || !reachesAcross(event)) return false;
              const crossing = crossesEdge(view.state.selection);
              if (event.inputType.startsWith("insert")) {
                if (!crossing) return false;
                event.preventDefault();
                replaceWithText(view, event.data ?? event.dataTransfer?.getData("text/plain") ?? "");
                return true;
              }
              if (!event.inputType.startsWith("delete")) return false;
              event.preventDefault();
              if (crossing) view.dispatch(deletePieces(view.state.tr).scrollIntoView());
              return true;
            },

            // Composed text cannot be refused once it is on its way: make the selection empty before it begins.
            compositionstart(view) {
              if (crossesEdge(view.state.selection)) view.dispatch(deletePieces(view.state.tr));
              return false;
            },

            cut(view, event) {
              if (!crossesEdge(view.state.selection) || !event.clipboardData) return false;
              const { dom, text } = view.serializeForClipboard(view.state.selection.content());
              event.preventDefault();
              event.clipboardData.clearData();
              event.clipboardData.setData("text/html", dom.innerHTML);
              event.clipboardData.setData("text/plain", text);
              view.dispatch(deletePieces(view.state.tr).scrollIntoView().setMeta("uiEvent", "cut"));
              return true;
            },
          },
        },
      }),
    ];
  },
});
