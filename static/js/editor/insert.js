// Stored HTML put into the text at the caret: whole blocks, their notes among the others, nothing that was there is touched.
/** @import { Editor, ProseNode, Selection } from "./tiptap.js" */
import { LIST, listOf, notesOf } from "./queries.js";
import { newKey } from "./keys.js";
import { prepare } from "./load.js";
import { pm } from "./tiptap.js";

const { DOMParser: SchemaParser } = pm.model;
const { TextSelection } = pm.state;
const { closeHistory } = pm.history;

/**
 * The HTML with a new key for each note whose key is taken here.
 * @param {string} stored
 * @param {Set<string>} taken
 */
const renamed = (stored, taken) => {
  const { body } = new window.DOMParser().parseFromString(stored, "text/html");
  for (const note of body.querySelectorAll("ol.footnotes > li[id^='fn-']")) {
    const key = note.id.slice(3);
    if (!taken.has(key)) continue;
    const fresh = newKey();
    note.id = `fn-${fresh}`;
    for (const link of body.querySelectorAll("sup.footnote-ref a"))
      if (link.getAttribute("href") === `#fn-${key}`) {
        link.setAttribute("href", `#fn-${fresh}`);
        link.id = link.id.replace(`fnref-${key}`, `fnref-${fresh}`);
      }
  }
  return body.innerHTML;
};

/**
 * Where between two blocks it goes, {from, to, split}: an empty paragraph makes room, a paragraph is split at the caret, a
 * list, a table or a quotation stays whole. Without a caret in the text: at its end.
 * @param {{ doc: ProseNode; selection: Selection }} it
 * @param {boolean} known
 */
const placeIn = ({ doc, selection: { $to } }, known) => {
  const end = listOf(doc)?.pos ?? doc.content.size;
  /**
   * @param {number} from
   * @param {number} [to]
   * @param {boolean} [split]
   */
  const here = (from, to = from, split = false) => ({ from, to, split });
  const first = doc.firstChild;
  if (doc.childCount - (end < doc.content.size ? 1 : 0) === 1 && first?.isTextblock && !first.content.size)
    return here(0, first.nodeSize);
  if (!known || $to.pos > end) return here(end);
  if (!$to.depth) return here($to.pos);
  const block = $to.node(1);
  if ($to.depth > 1 || !block.isTextblock) return here($to.after(1));
  if (!block.content.size) return here($to.before(1), $to.after(1));
  if (!$to.parentOffset) return here($to.before(1));
  return $to.parentOffset === block.content.size ? here($to.after(1)) : here($to.pos, $to.pos, true);
};

/**
 * One step of the history that nothing else joins. `known`: somebody has set the caret.
 * @param {Editor} editor
 * @param {string} stored
 * @param {boolean} known
 */
export const insertBody = (editor, stored, known) => {
  const { state, view } = editor;
  const storage = editor.storage.footnoteSync;
  const taken = new Set([
    ...notesOf(state.doc).map(({ node }) => node.attrs.note),
    ...storage.stash.keys(),
    ...storage.kept,
  ]);
  const { html, kept } = prepare(renamed(stored, taken));
  for (const key of kept) storage.kept.add(key);
  const dom = new window.DOMParser().parseFromString(html, "text/html").body;
  const brought = SchemaParser.fromSchema(state.schema).parse(dom, { preserveWhitespace: true });
  /** @type {ProseNode[]} */
  const blocks = [];
  brought.forEach((node) => node.type.name !== LIST && blocks.push(node));
  const { from, to, split } = placeIn(state, known);
  const tr = closeHistory(state.tr);
  if (split) tr.split(from);
  const at = split ? from + 1 : from;
  tr.replaceWith(at, split ? at : to, blocks);
  const end = blocks.reduce((place, node) => place + node.nodeSize, at);
  const notes = listOf(brought)?.node;
  if (notes) {
    const list = listOf(tr.doc);
    if (list) tr.insert(list.pos + list.node.nodeSize - 1, notes.content);
    else tr.insert(tr.doc.content.size, notes);
  }
  tr.setSelection(TextSelection.near(tr.doc.resolve(end), -1)).scrollIntoView();
  view.dispatch(tr);
  view.dispatch(closeHistory(view.state.tr));
};
