// A pasted tree for the search: blocks, lines, the words around a place, and the order of it all.

/** @param {string} text */
const names = (text) => new Set(text.toUpperCase().split(" "));

export const LINE = "NEWSROOM-LINE";
export const PIECE = "NEWSROOM-PIECE";
export const BLOCKS = names(
  "p li div dd dt td th tr table ul ol dl blockquote section article aside h1 h2 h3 h4 h5 h6 pre hr figure tbody thead tfoot " +
    `header footer main nav form figcaption caption center address details summary ${LINE}`,
);
export const HEADINGS = names("h1 h2 h3 h4 h5 h6");
// They hold many entries, so that none is ever all of one.
export const HOLDERS = names("ol ul dl table tbody thead tfoot section article main body html");
export const HEADING = "h1, h2, h3, h4, h5, h6";

/** @param {Node} node */
export const isBlock = (node) => BLOCKS.has(node.tagName);
/** @param {Node} node */
export const textOf = (node) => node.textContent.replace(/[\s\u00a0]+/g, " ").trim();
/** @param {Node} node */
export const hasWords = (node) => /\S/.test(node.textContent);
/** @param {Node} node */
export const runs = (node) => {
  const found = [];
  const walker = node.ownerDocument.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) found.push(walker.currentNode);
  return found;
};

/** The order of a tree's nodes, as it was when this was made. */
export class Places {
  /** @param {Node} root */
  constructor(root) {
    this.root = root;
    this.first = new Map();
    this.last = new Map();
    this.letters = [0];
    /** @param {Node} node */
    const visit = (node) => {
      this.first.set(node, this.first.size);
      this.letters.push(this.letters.at(-1) + (node.nodeType === 3 ? node.data.trim().length : 0));
      for (const child of node.childNodes) if (child.nodeType === 1 || child.nodeType === 3) visit(child);
      this.last.set(node, this.first.size - 1);
    };
    visit(root);
  }

  /**
   * @param {Node} outer
   * @param {Node} inner
   */
  contains(outer, inner) {
    return this.first.get(outer) <= this.first.get(inner) && this.first.get(inner) <= this.last.get(outer);
  }

  /**
   * Whether `one` begins after the end of `other`.
   * @param {Node} one
   * @param {Node} other
   */
  follows(one, other) {
    return this.first.get(one) > this.last.get(other);
  }

  /**
   * How many letters stand from the first node to the end of the last.
   * @param {Node} first
   * @param {Node} [last]
   */
  length(first, last = first) {
    return this.letters[this.last.get(last) + 1] - this.letters[this.first.get(first)];
  }

  /** @param {Node} node */
  lengthAfter(node) {
    return this.letters.at(-1) - this.letters[this.last.get(node) + 1];
  }
}

/**
 * The block around a node, or the node; a cell's block is its row. Null where only `root` is one.
 * @param {Node} node
 * @param {Node} root
 */
export const blockOf = (node, root) => {
  for (let el = node; el && el !== root; el = el.parentNode)
    if (BLOCKS.has(el.tagName))
      return /^T[DH]$/.test(el.tagName) && el.parentNode.tagName === "TR" ? el.parentNode : el;
  return null;
};

/**
 * @param {Node} node
 * @param {Node} root
 * @param {string} step
 */
const beyond = (node, root, step) => {
  const found = [];
  let length = 0;
  /** @param {string} text */
  const add = (text) => {
    found[step === "previousSibling" ? "unshift" : "push"](text);
    length += text.length;
  };
  for (let at = node; at !== root && !BLOCKS.has(at.tagName) && length < 60; at = at.parentNode)
    for (let side = at[step]; side && length < 60; side = side[step]) {
      if (BLOCKS.has(side.tagName) || side.tagName === "BR") return found.join("");
      if (side.nodeType !== 1 || !side.querySelector("br")) {
        if (side.nodeType === 1 || side.nodeType === 3) add(side.textContent);
        continue;
      }
      // Only what stands on the same line.
      const parts = [...side.querySelectorAll("br")];
      const range = side.ownerDocument.createRange();
      range.selectNodeContents(side);
      if (step === "previousSibling") range.setStartAfter(parts.at(-1));
      else range.setEndBefore(parts[0]);
      add(range.toString());
      return found.join("");
    }
  return found.join("");
};

/**
 * What stands before a node on its line.
 * @param {Node} node
 * @param {Node} root
 */
export const wordsBefore = (node, root) => beyond(node, root, "previousSibling");
/**
 * What stands behind a node on its line.
 * @param {Node} node
 * @param {Node} root
 */
export const wordsAfter = (node, root) => beyond(node, root, "nextSibling");

/**
 * Whether a node stands in an element of one of these names, within `root`.
 * @param {Node} node
 * @param {Set<string>} tags
 * @param {Node} root
 */
export const isUnder = (node, tags, root) => {
  for (let el = node.parentNode; el && el !== root; el = el.parentNode) if (tags.has(el.tagName)) return true;
  return false;
};

/** @param {Node} el */
export const unwrap = (el) => el.replaceWith(...el.childNodes);
