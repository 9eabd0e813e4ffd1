// A web address that is typed out becomes a link as soon as the writer goes on: with a space or another sign that no
// address holds, with a new line, on leaving the note, or on leaving the editor. Most sources are typed as an address, and
// one that readers cannot follow is no source. Only what begins with http:// or https:// is taken: a bare "example.org"
// may be a name.
/** @import { ResolvedPos, Transaction } from "./tiptap.js" */
import { addressesIn } from "./addresses.js";
import { Extension, pm } from "./tiptap.js";

const { Plugin } = pm.state;

/**
 * The words before `pos` without a space between them, which may hold several addresses: {start, run}.
 * @param {ResolvedPos} $pos
 */
const runBefore = ($pos) => {
  const before = $pos.parent.textBetween(0, $pos.parentOffset, null, "\ufffc");
  const run = /[^\s\ufffc]*$/.exec(before)?.[0] ?? "";
  return { start: $pos.pos - run.length, run };
};

/** @param {ResolvedPos} $pos */
const canLink = ($pos) => {
  const { link } = $pos.doc.type.schema.marks;
  return Boolean(link) && $pos.parent.isTextblock && $pos.parent.type.allowsMarkType(link);
};

/**
 * Does an address end at `pos` that more letters could go on with?
 * @param {ResolvedPos} $pos
 */
const isOpen = ($pos) => canLink($pos) && Boolean(addressesIn(runBefore($pos).run).at(-1)?.open);

/**
 * The signs behind `pos`, as many as it takes to tell that another address begins.
 * @param {ResolvedPos} $pos
 */
const signsBehind = ($pos) => $pos.nodeAfter?.text?.slice(0, 8) ?? "";

/**
 * The addresses that begin before `pos` and end there or before it, whatever `behind` it: [{from, to, href}].
 * @param {ResolvedPos} $pos
 * @param {string} behind
 */
const endedBefore = ($pos, behind) => {
  const { start, run } = runBefore($pos);
  return addressesIn(run + behind)
    .filter(({ to, open }) => to <= run.length && !(open && behind))
    .map(({ from, to, href }) => ({ from: start + from, to: start + to, href }));
};

/**
 * Do the signs behind `pos` end the address before it?
 * @param {ResolvedPos} $pos
 */
const isEnded = ($pos) => signsBehind($pos) !== "" && endedBefore($pos, signsBehind($pos)).length > 0;

/**
 * Link the addresses that stand before `pos` without a space between them; those that end there only if `left`.
 * @param {Transaction} tr
 * @param {number} pos
 * @param {{ left: boolean }} options
 */
const link = (tr, pos, { left }) => {
  const $pos = tr.doc.resolve(pos);
  if (!canLink($pos)) return false;
  const type = tr.doc.type.schema.marks.link;
  for (const { from, to, href } of endedBefore($pos, left ? "" : signsBehind($pos)))
    if (!tr.doc.rangeHasMark(from, to, type)) tr.addMark(from, to, type.create({ href }));
  return tr.docChanged;
};

// Undoing, pasting and dropping bring words as they were, or have rules of their own.
/** @param {Transaction} tr */
const isTyped = (tr) =>
  !tr.getMeta("history$") && !tr.getMeta("paste") && !/paste|drop|cut/.test(tr.getMeta("uiEvent") ?? "");

export const AutoLink = Extension.create({
  name: "autoLink",
  addProseMirrorPlugins() {
    const { editor } = this;
    /**
     * The address before words that an input method is putting together.
     * @type {{ pos: number; run: string } | null}
     */
    let composedBehind = null;
    return [
      new Plugin({
        appendTransaction(transactions, before, after) {
          const caret = before.selection;
          // A mark set beside words that are being composed would break them off.
          if (editor.view?.composing || !caret.empty || !transactions.every(isTyped) || !isOpen(caret.$from))
            return null;
          let pos = caret.from;
          for (const tr of transactions) {
            const mapped = tr.mapping.mapResult(pos, -1);
            if (mapped.deleted) return null;
            pos = mapped.pos;
          }
          const $pos = after.doc.resolve(pos);
          const left = !after.selection.$head.sameParent($pos);
          if (!left && !(transactions.some((tr) => tr.docChanged) && isEnded($pos))) return null;
          const { tr } = after;
          return link(tr, pos, { left }) ? tr : null;
        },
        props: {
          handleDOMEvents: {
            blur(view) {
              const { tr, selection } = view.state;
              if (selection.empty && link(tr, selection.from, { left: true })) view.dispatch(tr);
              return false;
            },
            compositionstart(view) {
              const { $from, empty } = view.state.selection;
              composedBehind = empty && isOpen($from) ? { pos: $from.pos, run: runBefore($from).run } : null;
              return false;
            },
            compositionend(view) {
              const was = composedBehind;
              composedBehind = null;
              // Once the composed words are in the document.
              if (was)
                setTimeout(() => {
                  if (view.isDestroyed || view.composing || was.pos > view.state.doc.content.size) return;
                  const $pos = view.state.doc.resolve(was.pos);
                  const { tr } = view.state;
                  const same = canLink($pos) && runBefore($pos).run === was.run;
                  if (same && isEnded($pos) && link(tr, was.pos, { left: false })) view.dispatch(tr);
                }, 30);
              return false;
            },
          },
        },
      }),
    ];
  },
});
