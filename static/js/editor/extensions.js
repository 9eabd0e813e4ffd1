// The stock extensions of Tiptap, held to what may be stored: no widths, alignments, list types or link titles.
/** @import { AttributeSpec, Bound, Config, ProseNode } from "./tiptap.js" */
import {
  Extension,
  Link as StockLink,
  Mark,
  OrderedList as StockOrderedList,
  PasteRule,
  Table as StockTable,
  TableCell as StockCell,
  TableHeader as StockHeader,
  mergeAttributes,
  wrappingInputRule,
} from "./tiptap.js";
import { addressesIn } from "./addresses.js";

/** @param {string[]} names */
const only = (names) =>
  /**
   * @this {Bound}
   * @returns {Record<string, AttributeSpec>}
   */
  function addAttributes() {
    const all = this.parent?.() ?? {};
    return Object.fromEntries(names.filter((name) => name in all).map((name) => [name, all[name]]));
  };

/**
 * colwidth must exist, the table commands write it; it is never rendered.
 * @type {Config & ThisType<Bound>}
 */
const CELL_ATTRIBUTES = {
  addAttributes() {
    const { colspan, rowspan } = this.parent?.() ?? {};
    return { colspan, rowspan, colwidth: { default: null, rendered: false, parseHTML: () => null } };
  },
};

export const TableCell = StockCell.extend(CELL_ATTRIBUTES);
export const TableHeader = StockHeader.extend(CELL_ATTRIBUTES);

// The stock view sets widths on a <colgroup>; here a table is as wide as its words, and scrolls when that is too wide.
export const Table = StockTable.extend({
  addMenuItems: null,
  addNodeView() {
    return () => {
      const dom = document.createElement("div");
      dom.className = "body-editor__table";
      const contentDOM = document.createElement("tbody");
      const table = document.createElement("table");
      table.append(contentDOM);
      dom.append(table);
      return {
        dom,
        contentDOM,
        ignoreMutation: (m) => m.type !== "selection" && !contentDOM.contains(m.target),
      };
    };
  },
});

export const OrderedList = StockOrderedList.extend({
  addAttributes: only(["start"]),
  addNodeView: null,
  addInputRules() {
    /**
     * @param {RegExpMatchArray} pair
     * @param {ProseNode} node
     */
    const continues = ([, number], node) => node.childCount + (node.attrs.start ?? 1) === Number(number);
    const rule = wrappingInputRule({
      find: /^(\d{1,3})[.)]\s$/,
      type: this.type,
      getAttributes: ([, number]) => ({ start: Number(number) }),
      joinPredicate: continues,
    });
    const wrap = rule.handler;
    // "1. " begins a list and "3. " goes on with one; any other number may be a date ("30. Juni").
    rule.handler = (props) => {
      const $from = props.state.doc.resolve(props.range.from);
      const before = $from.node(-1)?.maybeChild($from.index(-1) - 1);
      const begins =
        props.match[1] === "1" || (before && before.type === this.type && continues(props.match, before));
      return begins ? wrap(props) : null;
    };
    return [rule];
  },
});

/** A link holds an address and nothing else. Its dialog is in link.js. */
export const Link = StockLink.extend({
  addOptions() {
    return { ...this.parent?.(), openOnClick: false, autolink: false, linkOnPaste: false };
  },
  inclusive: false,
  addAttributes: () => ({ href: { default: null, parseHTML: (el) => el.getAttribute("href") } }),
  renderHTML: ({ HTMLAttributes }) => ["a", mergeAttributes(HTMLAttributes), 0],
  addMenuItems: null,
  addKeyboardShortcuts: () => ({}),
  addPasteRules() {
    const { type } = this;
    return [
      new PasteRule({
        find: (text) =>
          addressesIn(text).map(({ from, to, href }) => ({
            index: from,
            text: text.slice(from, to),
            data: { href },
          })),
        // An address that is a link already leads where it led.
        handler({ state, range, match }) {
          if (!state.doc.rangeHasMark(range.from, range.to, type))
            state.tr.addMark(range.from, range.to, type.create(match.data));
        },
      }),
    ];
  },
});

/** Foreign phrases: <span lang dir>. */
export const Language = Mark.create({
  name: "language",
  addAttributes: () => ({
    lang: { default: null, parseHTML: (el) => el.getAttribute("lang") },
    dir: { default: null, parseHTML: (el) => el.getAttribute("dir") },
  }),
  parseHTML: () => [{ tag: "span[lang]" }, { tag: "span[dir]" }],
  renderHTML: ({ HTMLAttributes }) => ["span", mergeAttributes(HTMLAttributes), 0],
});

/**
 * @param {string} name
 * @returns {AttributeSpec}
 */
const attribute = (name) => ({
  default: null,
  parseHTML: (el) => el.getAttribute(name),
  renderHTML: (attrs) => (attrs[name] ? { [name]: attrs[name] } : {}),
});

/** `lang` and `dir` of paragraphs and their kin are kept as they came. */
export const BlockLanguage = Extension.create({
  name: "blockLanguage",
  addGlobalAttributes: () => [
    {
      types: ["paragraph", "heading", "listItem", "blockquote", "tableCell", "tableHeader"],
      attributes: { lang: attribute("lang"), dir: attribute("dir") },
    },
  ],
});
