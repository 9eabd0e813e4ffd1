// A pasted tree for the search: blocks, lines, the words around a place, and the order of it all.

import { isElement, isText, tagOf } from "../nodes.js";

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
export const isBlock = (node) => BLOCKS.has(tagOf(node));
/** @param {Node} node */
export const textOf = (node) => (node.textContent ?? "").replace(/[\s\u00a0]+/g, " ").trim();
/** @param {Node} node */
export const hasWords = (node) => /\S/.test(node.textContent ?? "");
/** The order of a tree's nodes, as it was when this was made. */
export class Places {
  /** @param {Element} root */
  constructor(root) {
    this.root = root;
    /** @type {Map<Node, number>} */
    this.first = new Map();
    /** @type {Map<Node, number>} */
    this.last = new Map();
    let letters = 0;
    this.letters = [letters];
    /** @param {Node} node */
    const visit = (node) => {
      this.first.set(node, this.first.size);
      letters += isText(node) ? node.data.trim().length : 0;
      this.letters.push(letters);
      for (const child of node.childNodes) if (isElement(child) || isText(child)) visit(child);
      this.last.set(node, this.first.size - 1);
    };
    visit(root);
  }

  /**
   * The place where a node begins; of one that the tree had not, NaN.
   * @param {Node | null | undefined} node
   */
  begin(node) {
    return (node && this.first.get(node)) ?? Number.NaN;
  }

  /**
   * The place of the last node in a node.
   * @param {Node | null | undefined} node
   */
  end(node) {
    return (node && this.last.get(node)) ?? Number.NaN;
  }

  /**
   * @param {Node} outer
   * @param {Node} inner
   */
  contains(outer, inner) {
    return this.begin(outer) <= this.begin(inner) && this.begin(inner) <= this.end(outer);
  }

  /**
   * Whether `one` begins after the end of `other`.
   * @param {Node} one
   * @param {Node} other
   */
  follows(one, other) {
    return this.begin(one) > this.end(other);
  }

  /**
   * How many letters stand from the first node to the end of the last.
   * @param {Node} first
   * @param {Node} [last]
   */
  length(first, last = first) {
    return this.letters[this.end(last) + 1] - this.letters[this.begin(first)];
  }

  /** @param {Node} node */
  lengthAfter(node) {
    return this.letters[this.letters.length - 1] - this.letters[this.end(node) + 1];
  }
}

/**
 * An element and those around it, inside out, up to `root` and without it.
 * @param {Element | null} el
 * @param {Element} root
 */
export const ancestors = (el, root) => {
  /** @type {Element[]} */
  const found = [];
  for (let at = el; at && at !== root; at = at.parentElement) found.push(at);
  return found;
};

/**
 * The block around a node, or the node; a cell's block is its row. Null where only `root` is one.
 * @param {Element} node
 * @param {Element} root
 */
export const blockOf = (node, root) => {
  const block = ancestors(node, root).find((el) => BLOCKS.has(el.tagName)) ?? null;
  const row = block && /^T[DH]$/.test(block.tagName) ? block.parentElement : null;
  return row?.tagName === "TR" ? row : block;
};

/**
 * @param {Node} node
 * @param {Element} root
 * @param {"previousSibling" | "nextSibling"} step
 */
const beyond = (node, root, step) => {
  /** @type {string[]} */
  const found = [];
  let length = 0;
  /** @param {string} text */
  const add = (text) => {
    found[step === "previousSibling" ? "unshift" : "push"](text);
    length += text.length;
  };
  /** @type {Node | null} */
  let at = node;
  for (; at && at !== root && !isBlock(at) && length < 60; at = at.parentNode)
    for (let side = at[step]; side && length < 60; side = side[step]) {
      if (isBlock(side) || tagOf(side) === "BR") return found.join("");
      const breaks = isElement(side) ? [...side.querySelectorAll("br")] : [];
      if (!breaks.length) {
        if (isElement(side) || isText(side)) add(side.textContent ?? "");
        continue;
      }
      // Only what stands on the same line.
      const range = document.createRange();
      range.selectNodeContents(side);
      if (step === "previousSibling") range.setStartAfter(breaks[breaks.length - 1]);
      else range.setEndBefore(breaks[0]);
      add(range.toString());
      return found.join("");
    }
  return found.join("");
};

/**
 * What stands before a node on its line.
 * @param {Node} node
 * @param {Element} root
 */
export const wordsBefore = (node, root) => beyond(node, root, "previousSibling");
/**
 * What stands behind a node on its line.
 * @param {Node} node
 * @param {Element} root
 */
export const wordsAfter = (node, root) => beyond(node, root, "nextSibling");

/**
 * Whether a node stands in an element of one of these names, within `root`.
 * @param {Node} node
 * @param {Set<string>} tags
 * @param {Element} root
 */
export const isUnder = (node, tags, root) => {
  return ancestors(node.parentElement, root).some((el) => tags.has(el.tagName));
};

/** @param {Element} el */
export const unwrap = (el) => el.replaceWith(...el.childNodes);
