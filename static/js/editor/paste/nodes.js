// The nodes of a pasted tree by their kinds.

/**
 * @param {Node | null | undefined} node
 * @returns {node is Element}
 */
export const isElement = (node) => node?.nodeType === Node.ELEMENT_NODE;

/**
 * @param {Node | null | undefined} node
 * @returns {node is Text}
 */
export const isText = (node) => node?.nodeType === Node.TEXT_NODE;

/**
 * The name of an element's tag; "" for every other node.
 * @param {Node | null | undefined} node
 */
export const tagOf = (node) => (isElement(node) ? node.tagName : "");

/**
 * The texts under a node, in order.
 * @param {Node} node
 * @returns {Text[]}
 */
export const textsUnder = (node) => {
  const walker = (node.ownerDocument ?? document).createTreeWalker(node, NodeFilter.SHOW_TEXT);
  /** @type {Text[]} */
  const found = [];
  while (walker.nextNode()) if (isText(walker.currentNode)) found.push(walker.currentNode);
  return found;
};

/**
 * Give `to` the attributes of these names that `from` has.
 * @param {Element} from
 * @param {Element} to
 * @param {string[]} names
 */
export const copyAttributes = (from, to, names) => {
  for (const name of names) {
    const value = from.getAttribute(name);
    if (value !== null) to.setAttribute(name, value);
  }
};
