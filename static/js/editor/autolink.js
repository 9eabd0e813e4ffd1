// A web address that is typed out becomes a link as soon as the writer goes on: with a space, with a new line, on
// leaving the note, or on leaving the editor. Most sources are typed as an address, and one that readers cannot follow
// is no source. Only what begins with http:// or https:// is taken: a bare "example.org" may be a name.
import { cleanHref } from "./paste/links.js";
import { Extension, pm } from "./tiptap.js";

const { Plugin } = pm.state;

const ADDRESS = /(?:^|[\s\ufffc([«“"‘'])(https?:\/\/[^\s\ufffc<>"']+)$/iu;
// What stands behind an address in a sentence and is no part of it; the same as for pasted text.
const TRAILING = /[.,;:!?)\]}»”’]+$/u;

/** {from, to, href} of the address that ends at `pos`, or null where there is none, or it is a link already. */
const addressBefore = (doc, pos, type) => {
  const $pos = doc.resolve(pos);
  const block = $pos.parent;
  if (!block.isTextblock || !block.type.allowsMarkType(type)) return null;
  const before = block.textBetween(0, $pos.parentOffset, null, "\ufffc");
  const found = ADDRESS.exec(before);
  if (!found) return null;
  const text = found[1].replace(TRAILING, "");
  const { href } = cleanHref(text);
  if (!href || !/^https?:\/\/[^/?#]+\.[^/?#]/i.test(href)) return null;
  const from = $pos.start() + before.length - found[1].length;
  const to = from + text.length;
  return doc.rangeHasMark(from, to, type) ? null : { from, to, href };
};

const link = (tr, pos) => {
  const type = tr.doc.type.schema.marks.link;
  const address = type && addressBefore(tr.doc, pos, type);
  if (address) tr.addMark(address.from, address.to, type.create({ href: address.href }));
  return Boolean(address);
};

// Undoing, pasting and dropping bring words as they were, or have rules of their own.
const isTyped = (tr) => !tr.getMeta("history$") && !tr.getMeta("paste") && !/paste|drop|cut/.test(tr.getMeta("uiEvent") ?? "");

export const AutoLink = Extension.create({
  name: "autoLink",
  addProseMirrorPlugins: () => [
    new Plugin({
      appendTransaction(transactions, before, after) {
        const caret = before.selection;
        if (!caret.empty || !caret.$from.parent.isTextblock || !transactions.every(isTyped)) return null;
        let pos = caret.from;
        for (const tr of transactions) {
          const mapped = tr.mapping.mapResult(pos, -1);
          if (mapped.deleted) return null;
          pos = mapped.pos;
        }
        const $pos = after.doc.resolve(pos);
        const typedSpace = transactions.some((tr) => tr.docChanged) && /^\s/.test($pos.nodeAfter?.text ?? "");
        const left = !after.selection.$head.sameParent($pos);
        if (!typedSpace && !left) return null;
        const { tr } = after;
        return link(tr, pos) ? tr : null;
      },
      props: {
        handleDOMEvents: {
          blur(view) {
            const { tr, selection } = view.state;
            if (selection.empty && selection.$from.parent.isTextblock && link(tr, selection.from)) view.dispatch(tr);
            return false;
          },
        },
      },
    }),
  ],
});
