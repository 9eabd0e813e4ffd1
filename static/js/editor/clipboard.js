// Notes on the clipboard: a copied citation carries its note's words; a pasted one brings them back.
/** @import { Attributes, EditorView, Fragment, ProseNode, ResolvedPos, Schema, Slice, Transaction } from "./tiptap.js" */
import { CITATION, LIST, NOTE, findNote, inNotes, isEmptyNote } from "./queries.js";
import { crossesEdge, deletePieces } from "./note-edges.js";
import { addressesIn, cleanText } from "./addresses.js";
import { newKey } from "./keys.js";
import { asData, tidyPasted } from "./paste/tidy.js";
import { readPlain } from "./plain/read.js";
import { announce, announceFiles, announceLater, inPlainWords } from "./status.js";
import { Extension, pm } from "./tiptap.js";
import { gettext } from "../words.js";

const { Plugin, PluginKey, Selection, TextSelection } = pm.state;
const { DOMParser: SchemaParser, DOMSerializer, Fragment, Slice } = pm.model;
const { closeHistory } = pm.history;

// On the first element of what this editor copies, so that a paste knows its own markup from that of
// other editors built on ProseMirror.
export const OWN_MARK = "data-newsroom-body";

class OwnSerializer extends DOMSerializer {
  /**
   * @override
   * @param {Fragment} fragment
   * @param {Attributes} [options]
   * @param {Node} [target]
   */
  serializeFragment(fragment, options, target) {
    const dom = super.serializeFragment(fragment, options, target);
    if (!target) dom.firstElementChild?.setAttribute(OWN_MARK, "");
    return dom;
  }
}

/**
 * @param {Fragment} fragment
 * @param {(citation: ProseNode) => ProseNode | null} change
 * @returns {Fragment}
 */
const mapCitations = (fragment, change) => {
  /** @type {ProseNode[]} */
  const nodes = [];
  fragment.forEach((node) => {
    if (node.type.name === CITATION) {
      const changed = change(node);
      if (changed) nodes.push(changed);
    } else nodes.push(node.childCount ? node.copy(mapCitations(node.content, change)) : node);
  });
  return Fragment.from(nodes);
};

/**
 * @param {ProseNode} node
 * @param {Attributes} attrs
 */
const withAttrs = (node, attrs) => node.type.create({ ...node.attrs, ...attrs }, null, node.marks);

/** @param {ProseNode} note */
const noteHtml = (note) => {
  const box = document.createElement("div");
  box.append(DOMSerializer.fromSchema(note.type.schema).serializeFragment(note.content));
  return box.innerHTML;
};

/**
 * The words that a pasted citation carries: {from, html}, or null.
 * @param {string} carried
 */
const unpack = (carried) => {
  try {
    const [from, html] = JSON.parse(carried);
    return typeof html === "string" ? { from, html } : null;
  } catch {
    return null;
  }
};

/**
 * A slice as bare paragraphs without citations: all that a note may hold.
 * @param {Slice} slice
 * @param {Schema} schema
 */
const asParagraphs = (slice, schema) => {
  /** @type {ProseNode[]} */
  const paragraphs = [];
  let dropped = 0;
  const content = mapCitations(slice.content, () => {
    dropped += 1;
    return null;
  });
  const { paragraph } = schema.nodes;
  content.descendants((node) => {
    if (!node.isTextblock) return true;
    paragraphs.push(paragraph.create(null, node.content));
    return false;
  });
  // A slice of bare inline nodes has no text block to find.
  if (!paragraphs.length && content.firstChild?.isInline) return { slice: new Slice(content, 0, 0), dropped };
  const open = paragraphs.length ? 1 : 0;
  return { slice: new Slice(Fragment.from(paragraphs), open, open), dropped };
};

/**
 * Never paste the list itself: whole notes return through their citations, a piece of one as paragraphs.
 * @param {Slice} slice
 * @param {Schema} schema
 */
const withoutList = (slice, schema) => {
  /** @type {ProseNode[]} */
  const blocks = [];
  slice.content.forEach((node) => blocks.push(node));
  /** @param {ProseNode} node */
  const isNotes = (node) => node.type.name === LIST || node.type.name === NOTE;
  if (!blocks.some(isNotes)) return slice;
  const text = blocks.filter((node) => !isNotes(node));
  if (!text.length) return asParagraphs(slice, schema).slice;
  return new Slice(
    Fragment.from(text),
    blocks[0] === text[0] ? slice.openStart : 0,
    blocks.at(-1) === text.at(-1) ? slice.openEnd : 0,
  );
};

/**
 * Pasted into an empty paragraph, the first paragraph keeps its language and direction.
 * @param {Slice} slice
 * @param {{ $from: ResolvedPos; empty: boolean }} options
 */
const keepingFirst = (slice, { $from, empty }) => {
  const first = slice.content.firstChild;
  const marked = first?.attrs.lang || first?.attrs.dir;
  if (
    !marked ||
    slice.openStart !== 1 ||
    !empty ||
    $from.parent.content.size ||
    slice.content.childCount === 1
  )
    return slice;
  return new Slice(slice.content, 0, slice.openEnd);
};

/**
 * What was put in may end with a table or a list: the caret stays in its last line, and does not go on into a note.
 * @param {Transaction} tr
 * @param {number} end
 */
const caretAtEnd = (tr, end) => {
  const $end = tr.doc.resolve(end);
  if (inNotes(tr.selection.$head) !== inNotes($end)) tr.setSelection(Selection.near($end, -1));
  return tr;
};

/** @param {Slice} slice */
const single = (slice) =>
  slice.openStart === 0 && slice.openEnd === 0 && slice.content.childCount === 1
    ? slice.content.firstChild
    : null;

/**
 * The link that an address makes of the words that it is pasted over, or null.
 * @param {{ content: Fragment }} it
 * @param {{ $from: ResolvedPos; $to: ResolvedPos; empty: any }} options
 */
const linkOver = ({ content }, { $from, $to, empty }) => {
  const words = content.textBetween(0, content.size, " ", " ").trim();
  const [address] =
    words && !empty && $from.sameParent($to) && $from.parent.isTextblock ? addressesIn(words) : [];
  if (!address || address.from > 0 || address.to < words.length) return null;
  return $from.doc.type.schema.marks.link.create({ href: address.href });
};

/** @param {{ content: Fragment }} it */
const hasWords = ({ content }) =>
  content.size > 0 && content.textBetween(0, content.size, " ", " ").trim() !== "";

export const Clipboard = Extension.create({
  name: "footnoteClipboard",
  // After the tables' own paste of cells into cells.
  priority: 50,

  addProseMirrorPlugins() {
    const { editor } = this;
    const sync = () => editor.storage.footnoteSync;
    /** @type {number | null} */
    let droppedAt = null;
    /**
     * The plain text that is being pasted.
     * @type {string | null}
     */
    let plain = null;

    /**
     * What was pasted as bare lines from `from` on, put again as what it was meant to be: a step of its own.
     * @param {EditorView} view
     * @param {string} text
     * @param {number} from
     */
    const readAgain = (view, text, from) => {
      const { doc, schema, selection } = view.state;
      const { html, report, changed } = readPlain(text, { flat: inNotes(selection.$from) });
      if (!changed) return;
      const dom = new window.DOMParser().parseFromString(asData(html), "text/html").body;
      const renamed = new Map();
      const parsed = SchemaParser.fromSchema(schema).parseSlice(dom, { preserveWhitespace: true });
      const content = mapCitations(parsed.content, (node) => admit(node, doc, renamed));
      const [first, last] = [content.firstChild, content.lastChild];
      const slice = new Slice(content, first?.isTextblock ? 1 : 0, last?.isTextblock ? 1 : 0);
      const tr = closeHistory(view.state.tr);
      tr.setSelection(TextSelection.between(doc.resolve(from), selection.$to)).replaceSelection(slice);
      caretAtEnd(tr, tr.mapping.map(selection.to));
      view.dispatch(tr.scrollIntoView().setMeta("paste", true).setMeta("uiEvent", "paste"));
      view.dispatch(closeHistory(view.state.tr));
      const asItWas = {
        words: gettext("Keep the plain text"),
        run() {
          editor.chain().focus().undo().run();
          announce(editor, gettext("The text is as it was copied."));
        },
      };
      // Behind what else the paste has to say.
      setTimeout(() => announce(editor, inPlainWords(report), asItWas), 0);
    };

    /**
     * A pasted citation under the key that it should have here, its words put by for the next pass.
     * @param {ProseNode} node
     * @param {ProseNode} doc
     * @param {Map<string, string>} renamed
     */
    const admit = (node, doc, renamed) => {
      const { stash, token } = sync();
      const { carried } = node.attrs;
      const packed = carried ? unpack(carried) : null;
      let { note } = node.attrs;
      if (!packed) return findNote(doc, note) || stash.has(note) ? withAttrs(node, { carried: null }) : null;
      if (packed.from !== token) {
        const here = findNote(doc, note)?.node;
        // The same words under the same key are the same note (copied before a reload); anything else from
        // elsewhere is a new one, so that keys never clash.
        if (!here || noteHtml(here) !== packed.html) {
          if (!renamed.has(note)) renamed.set(note, newKey());
          note = renamed.get(note);
        }
      }
      // Words put by later than they were copied are newer, unless they were emptied on the way.
      if (!stash.has(note) || isEmptyNote(stash.get(note))) {
        const dom = new window.DOMParser().parseFromString(asData(packed.html), "text/html").body;
        const parser = SchemaParser.fromSchema(doc.type.schema);
        const topNode = doc.type.schema.nodes[NOTE].create({ note });
        stash.set(note, parser.parse(dom, { topNode, preserveWhitespace: true }));
      }
      return withAttrs(node, { note, carried: null });
    };

    return [
      new Plugin({
        key: new PluginKey("footnoteClipboard"),
        props: {
          clipboardSerializer: new OwnSerializer(
            DOMSerializer.nodesFromSchema(editor.schema),
            DOMSerializer.marksFromSchema(editor.schema),
          ),

          transformCopied(slice, view) {
            const { token } = sync();
            const content = mapCitations(slice.content, (node) => {
              const found = findNote(view.state.doc, node.attrs.note);
              return found
                ? withAttrs(node, { carried: JSON.stringify([token, noteHtml(found.node)]) })
                : node;
            });
            return new Slice(content, slice.openStart, slice.openEnd);
          },

          transformPastedText: (text) => cleanText(text),

          // Asked of bare text only. The stock parser makes each line a paragraph, which is where one undo leads back to.
          clipboardTextParser(text) {
            plain = text;
            queueMicrotask(() => {
              plain = null;
            });
            return null;
          },

          transformPastedHTML(html) {
            if (!html || html.includes(OWN_MARK)) return html;
            const { html: tidied, report } = tidyPasted(html, editor.view.dom.lang);
            announceLater(editor, report);
            return tidied;
          },

          transformPasted(slice, view) {
            const { doc, schema, selection } = view.state;
            const renamed = new Map();
            const whole = withoutList(slice, schema);
            const $target = droppedAt === null ? selection.$from : doc.resolve(droppedAt);
            if (inNotes($target)) {
              const { slice: flat, dropped } = asParagraphs(whole, schema);
              if (dropped) announceLater(editor, { counts: { citationsInNote: dropped }, places: {} });
              return flat;
            }
            const content = mapCitations(whole.content, (node) => admit(node, doc, renamed));
            return new Slice(content, whole.openStart, whole.openEnd);
          },

          // As ProseMirror itself does it, but in one step of the history that nothing else joins, and
          // respecting the edges of notes.
          handlePaste(view, event, slice) {
            const text = plain;
            const files = [...(event.clipboardData?.files ?? [])];
            if (files.length && !hasWords(slice)) {
              // After the report on what the picture's own markup was.
              setTimeout(() => announceFiles(editor, files), 0);
              return true;
            }
            if (!slice.size) return false;
            const tr = closeHistory(view.state.tr);
            const link = linkOver(slice, tr.selection);
            if (crossesEdge(tr.selection)) deletePieces(tr);
            const { from, to } = tr.selection;
            const before = tr.steps.length;
            const node = single(slice);
            if (link) tr.addMark(tr.selection.from, tr.selection.to, link);
            else if (node) tr.replaceSelectionWith(node, false);
            else tr.replaceSelection(keepingFirst(slice, tr.selection));
            caretAtEnd(tr, tr.mapping.slice(before).map(to));
            view.dispatch(tr.scrollIntoView().setMeta("paste", true).setMeta("uiEvent", "paste"));
            view.dispatch(closeHistory(view.state.tr));
            if (text !== null && !link) readAgain(view, text, from);
            return true;
          },

          handleDOMEvents: {
            drop(view, event) {
              droppedAt = view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos ?? null;
              // Read while ProseMirror handles this event, stale afterwards.
              queueMicrotask(() => {
                droppedAt = null;
              });
              return false;
            },
          },
        },
      }),
    ];
  },
});
