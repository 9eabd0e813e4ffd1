// What stays in sight above the text: the toolbar, and under it the panel for finding.
/** @import { Editor } from "./tiptap.js" */

/**
 * The sticky box above the editing area; made when it is first asked for.
 * @param {Editor} editor
 */
export const headOf = (editor) => {
  const area = editor.view.dom;
  const before = area.previousElementSibling;
  if (before?.classList.contains("body-editor__head")) return before;
  const head = document.createElement("div");
  head.className = "body-editor__head";
  area.before(head);
  return head;
};
