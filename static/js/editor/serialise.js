// The document as HTML, at the price of what changed: blocks that stayed the same keep their HTML.
/** @import { ProseNode, Schema } from "./tiptap.js" */
import { LIST } from "./queries.js";
import { pm } from "./tiptap.js";

const { DOMSerializer } = pm.model;

// ProseMirror has at least one paragraph; a body without a word is an empty field, for the cleaner too.
/** @param {ProseNode} doc */
const isBlank = (doc) => {
  let blank = true;
  doc.forEach((node) => {
    blank &&= node.isTextblock && !node.textContent.trim();
  });
  return blank;
};

/**
 * A function doc -> HTML, equal to serialising the whole document.
 * @param {Schema} schema
 */
export const serialiser = (schema) => {
  const known = new WeakMap(); // node -> HTML; nodes never change
  const whole = DOMSerializer.fromSchema(schema);
  /** @param {ProseNode} node */
  const blockHtml = (node) => {
    let html = known.get(node);
    if (html === undefined) {
      const box = document.createElement("div");
      box.append(whole.serializeNode(node));
      html = box.innerHTML;
      known.set(node, html);
    }
    return html;
  };
  return (/** @type {ProseNode} */ doc) => {
    let html = "";
    doc.forEach((node) => {
      if (node.type.name === LIST) {
        html += '<ol class="footnotes">';
        node.forEach((note) => {
          html += blockHtml(note);
        });
        html += "</ol>";
      } else html += blockHtml(node);
    });
    return isBlank(doc) ? "" : html;
  };
};
