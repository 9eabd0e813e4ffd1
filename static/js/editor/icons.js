// The toolbar's pictures: strokes on a grid of 20, in the colour of the text.

/** @param {string[]} paths */
const stroke = (...paths) => paths.map((d) => `<path d="${d}"/>`).join("");
/**
 * @param {string} text
 * @param {string} [extra]
 */
const letters = (text, extra = "") => `<span class="body-editor__letters${extra}">${text}</span>`;
/** @param {string} inner */
const svg = (inner) =>
  `<svg viewBox="0 0 20 20" width="20" height="20" fill="none" stroke="currentColor" stroke-width="1.6" ` +
  `stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">${inner}</svg>`;

const GRID = "M3 4.5h14v11H3z";

/** @type {Record<string, string>} */
export const ICONS = {
  paragraph: svg(stroke("M13 4v12M9.5 4v12M15 4H8a3 3 0 0 0 0 6.2h1.5")),
  heading2: letters("H2"),
  heading3: letters("H3"),
  bold: letters("B", " is-bold"),
  italic: letters("I", " is-italic"),
  superscript: letters("x<sup>2</sup>"),
  subscript: letters("x<sub>2</sub>"),
  link: svg(
    stroke(
      "M8.5 11.5a3 3 0 0 0 4.3 0l2.7-2.7a3 3 0 0 0-4.3-4.3l-1 1",
      "M11.5 8.5a3 3 0 0 0-4.3 0l-2.7 2.7a3 3 0 0 0 4.3 4.3l1-1",
    ),
  ),
  bulletList: svg(stroke("M8 5h9M8 10h9M8 15h9", "M3.5 5h.01M3.5 10h.01M3.5 15h.01")),
  orderedList: svg(
    stroke("M8.5 5H17M8.5 10H17M8.5 15H17") +
      '<g stroke-width="1.2">' +
      stroke(
        "M3 3.6l1.2-.6v3.6",
        "M2.8 8.9c.2-1.2 2.3-1.2 2.2.1 0 .8-1.4 1.3-2.2 2.2H5",
        "M2.9 13.6c1-.8 2.2-.3 2.1.5 0 .6-.6.9-1.1.9.6 0 1.2.3 1.2 1 0 1-1.4 1.3-2.3.5",
      ) +
      "</g>",
  ),
  blockquote: svg(stroke("M4 4v12M8 6h9M8 10h9M8 14h6")),
  table: svg(stroke(GRID, "M3 8.2h14M3 11.9h14M7.7 4.5v11M12.4 4.5v11")),
  rule: svg('<path stroke-width="2.4" d="M3 10h14"/>' + stroke("M5.5 5h9M5.5 15h9")),
  footnote: svg(
    stroke("M3 6.5h7M3 10.5h9M3 14.5h6") +
      '<circle cx="15" cy="5.5" r="3.2"/>' +
      '<path stroke-width="1.3" d="M14.3 4.6l.9-.5v3"/>',
  ),
  cite: svg(
    stroke("M3 6.5h6M3 10.5h5M3 14.5h6") +
      '<circle cx="14.5" cy="6" r="3"/>' +
      '<path d="M11.5 14.5h6M15.5 12.3l2.2 2.2-2.2 2.2"/>',
  ),
  merge: svg(stroke("M3 5h5l4.5 5H17M3 15h5l4.5-5", "M14.3 7.3L17 10l-2.7 2.7")),
  search: svg('<circle cx="8.5" cy="8.5" r="4.8"/>' + stroke("M12.2 12.2L16.8 16.8")),
  more: svg(stroke("M4.5 10h.01M10 10h.01M15.5 10h.01").replaceAll("/>", ' stroke-width="3"/>')),
  undo: svg(stroke("M7.5 4.5L4 8l3.5 3.5", "M4 8h7.5a4.2 4.2 0 0 1 0 8.4H8")),
  redo: svg(stroke("M12.5 4.5L16 8l-3.5 3.5", "M16 8H8.5a4.2 4.2 0 0 0 0 8.4H12")),
  rowBefore: svg(stroke("M3 10.5h14v6H3zM10 10.5v6", "M10 3v5M7.5 5.5h5")),
  rowAfter: svg(stroke("M3 3.5h14v6H3zM10 3.5v6", "M10 12v5M7.5 14.5h5")),
  columnBefore: svg(stroke("M10.5 3v14h6V3zM10.5 10h6", "M3 10h5M5.5 7.5v5")),
  columnAfter: svg(stroke("M3.5 3v14h6V3zM3.5 10h6", "M12 10h5M14.5 7.5v5")),
  deleteRow: svg(stroke("M3 3.5h14v6H3zM10 3.5v6", "M8 12.3l4 4M12 12.3l-4 4")),
  deleteColumn: svg(stroke("M3.5 3v14h6V3zM3.5 10h6", "M12.5 8l4 4M16.5 8l-4 4")),
  mergeCells: svg(stroke(GRID, "M5.5 10h3M7 8.3L8.7 10 7 11.7M14.5 10h-3M13 8.3L11.3 10l1.7 1.7")),
  splitCell: svg(stroke(GRID, "M10 4.5v11", "M8 10H5.5M12 10h2.5")),
  headerCell: svg(
    stroke(GRID, "M3 8.5h14M10 8.5v7") +
      '<path fill="currentColor" stroke="none" opacity=".35" d="M3 4.5h14v4H3z"/>',
  ),
  deleteTable: svg(stroke(GRID, "M7.5 7.5l5 5M12.5 7.5l-5 5")),
};
