// The three nodes that notes are made of, as they are stored and as they are drawn.
import { keyIn } from "./load.js";
import { Document, Node } from "./tiptap.js";
import { CITATION, LIST, NOTE, findNote, isEmptyNote } from "./queries.js";
import { gettext, interpolate } from "../words.js";

export const FootnoteDocument = Document.extend({ content: `block+ ${LIST}?` });

/** @param {string} id */
const citationNumber = (id) => Number.parseInt(/-(\d+)$/.exec(id)?.[1] ?? "1", 10);

export const FootnoteRef = Node.create({
  name: CITATION,
  group: "inline",
  inline: true,
  atom: true,
  // Not selectable: arrow keys step over it like a character, so typing can never replace a
  // citation that an arrow key happened to select.
  selectable: false,
  draggable: false,

  addAttributes() {
    return {
      note: { default: null, rendered: false },
      number: { default: 0, rendered: false },
      occurrence: { default: 1, rendered: false },
      // Only ever set on the clipboard: carries the note's words along.
      carried: { default: null, rendered: false },
    };
  },

  parseHTML() {
    return [
      {
        tag: "sup.footnote-ref",
        priority: 1000,
        getAttrs(dom) {
          const link = dom.querySelector('a[href^="#fn-"]');
          if (!link) return false;
          return {
            note: keyIn(link.getAttribute("href")),
            number: Number.parseInt(link.textContent, 10) || 0,
            occurrence: citationNumber(link.id),
            carried: dom.getAttribute("data-footnote"),
          };
        },
      },
    ];
  },

  renderHTML({ node }) {
    const { note, number, occurrence, carried } = node.attrs;
    const sup = { class: "footnote-ref", ...(carried && { "data-footnote": carried }) };
    const id = `fnref-${note}${occurrence > 1 ? `-${occurrence}` : ""}`;
    return ["sup", sup, ["a", { href: `#fn-${note}`, id }, String(number)]];
  },

  renderText: ({ node }) => `[${node.attrs.number}]`,

  // Drawn as a plain <sup>: a real link would be a tab stop, and a click would follow it.
  addNodeView() {
    return ({ node: first, editor }) => {
      let node = first;
      const dom = document.createElement("sup");
      dom.className = "footnote-ref";
      // Not doc-noteref, which only real links may have; readers' pages do have it.
      dom.setAttribute("role", "link");
      const draw = () => {
        dom.textContent = node.attrs.number;
        dom.setAttribute("aria-label", interpolate(gettext("Note %(n)s"), { n: node.attrs.number }));
      };
      // Looked up when somebody points at it, so that typing in a note redraws no citation.
      dom.addEventListener("mouseenter", () => {
        const note = findNote(editor.state.doc, node.attrs.note)?.node;
        dom.title = !note || isEmptyNote(note) ? gettext("This note is empty") : note.textContent;
      });
      draw();
      return {
        dom,
        update(next) {
          if (next.type.name !== CITATION) return false;
          node = next;
          draw();
          return true;
        },
        ignoreMutation: () => true,
      };
    };
  },
});

export const FootnoteList = Node.create({
  name: LIST,
  content: `${NOTE}+`,
  isolating: true,
  defining: true,
  selectable: false,
  draggable: false,
  parseHTML: () => [{ tag: "ol.footnotes", priority: 1000 }],
  renderHTML: () => ["ol", { class: "footnotes" }, 0],

  addNodeView() {
    return () => {
      const dom = document.createElement("section");
      dom.className = "body-editor__notes";
      dom.setAttribute("role", "doc-endnotes");
      dom.setAttribute("aria-label", gettext("Notes"));
      const title = document.createElement("div");
      title.className = "body-editor__notes-title";
      title.contentEditable = "false";
      title.setAttribute("aria-hidden", "true");
      title.textContent = gettext("Notes");
      const contentDOM = document.createElement("ol");
      contentDOM.className = "footnotes";
      dom.append(title, contentDOM);
      return {
        dom,
        contentDOM,
        ignoreMutation: (m) => m.type !== "selection" && !contentDOM.contains(m.target),
      };
    };
  },
});

export const Footnote = Node.create({
  name: NOTE,
  content: "paragraph+",
  isolating: true,
  defining: true,
  selectable: false,
  draggable: false,
  addAttributes: () => ({ note: { default: null, rendered: false } }),
  parseHTML: () => [
    {
      tag: 'ol.footnotes > li[id^="fn-"]',
      priority: 1000,
      getAttrs: (dom) => ({ note: dom.id.slice(3) }),
    },
  ],
  renderHTML: ({ node }) => ["li", { id: `fn-${node.attrs.note}` }, 0],
});
