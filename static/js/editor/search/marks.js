// What is sought and where the writer is among the hits, as state of the editor; hits are drawn as decorations.
/** @import { DecorationSet as Decorations, PluginKey as Key, ProseNode } from "../tiptap.js" */
/** @import { Hit, Query } from "./hits.js" */

/**
 * @typedef {object} SearchState
 * @property {Query | null} query
 * @property {(doc: ProseNode) => Hit[]} seek
 * @property {Hit[]} hits
 * @property {number} at the place of the current hit among them, or -1
 * @property {Decorations} marks
 */
import { pm } from "../tiptap.js";
import { seeker } from "./hits.js";

const { Plugin, PluginKey } = pm.state;
const { Decoration, DecorationSet } = pm.view;

/** @type {Key<SearchState>} */
export const searchKey = new PluginKey("search");

/** @type {SearchState} */
export const NOTHING = { query: null, seek: () => [], hits: [], at: -1, marks: DecorationSet.empty };
// Drawn on each side of the current one: ten thousand marks would make the browser slow, and nobody sees them.
const DRAWN = 400;

/**
 * @param {ProseNode} doc
 * @param {Hit[]} hits
 * @param {number} at
 */
const draw = (doc, hits, at) =>
  DecorationSet.create(
    doc,
    hits.slice(Math.max(0, at - DRAWN), at + DRAWN).map((hit) =>
      Decoration.inline(hit.from, hit.to, {
        class: hit === hits[at] ? "body-editor__hit is-current" : "body-editor__hit",
      }),
    ),
  );

/**
 * The first hit at or after a place, from the beginning again after the last; -1 if there is none.
 * @param {Hit[]} hits
 * @param {number} place
 */
const from = (hits, place) => {
  const at = hits.findIndex((hit) => hit.from >= place);
  return at < 0 && hits.length ? 0 : at;
};

/**
 * @param {ProseNode} doc
 * @param {Pick<SearchState, "query" | "seek">} options
 * @param {number} place
 * @param {number | null} [at]
 */
const settled = (doc, { query, seek }, place, at = null) => {
  const hits = seek(doc);
  const current = at === null ? from(hits, place) : at;
  return { query, seek, hits, at: current, marks: draw(doc, hits, current) };
};

/**
 * Told by `setMeta(searchKey, …)`: {query} seeks anew from the caret (null ends it), {at} makes another hit the
 * current one, {near} the first one from that place on.
 */
export const searchMarks = () =>
  new Plugin({
    key: searchKey,
    state: {
      init: () => NOTHING,
      apply(tr, now) {
        const asked = tr.getMeta(searchKey);
        if (asked?.query === null) return NOTHING;
        if (asked?.query)
          return settled(tr.doc, { query: asked.query, seek: seeker(asked.query) }, tr.selection.from);
        if (!now.query) return now;
        if (asked?.at !== undefined) return settled(tr.doc, now, 0, asked.at);
        if (!tr.docChanged) return now;
        const current = now.hits[now.at];
        return settled(
          tr.doc,
          now,
          asked?.near ?? (current ? tr.mapping.map(current.from) : tr.selection.from),
        );
      },
    },
    props: { decorations: (state) => searchKey.getState(state)?.marks },
  });
