/**
 * Shows a note beside its citation while the pointer, the focus or a tap is on it (WCAG 1.4.13: it can be hovered, it
 * stays until left, Esc dismisses it). Without this module every citation is a link to its note, and it stays one.
 */

const OPEN_AFTER = 120; // ms: a pointer on its way elsewhere opens nothing
const SWITCH_AFTER = 350; // ms at rest: a pointer on its way onto the note may cross other citations, slowly too
const CLOSE_AFTER = 260; // ms: time to find the way back onto the note
const GAP = 8; // px between citation and note

const citationSelector = ".release-body a[role='doc-noteref']";

/** @param {HTMLAnchorElement} citation */
function noteOf(citation) {
  const id = decodeURIComponent(new URL(citation.href).hash.slice(1));
  return document.getElementById(id);
}

/**
 * The words of a note as a copy that no reader meets twice: hidden from screen readers, outside the tab order.
 * @param {HTMLElement} note
 * @param {HTMLAnchorElement} citation
 */
function copyOf(note, citation) {
  const copy = document.createDocumentFragment();
  const label = document.createElement("span");
  label.className = "note-beside-number";
  label.append(...citation.cloneNode(true).childNodes, " ");
  copy.append(label);
  for (const child of note.cloneNode(true).childNodes) copy.append(child.cloneNode(true));
  for (const back of copy.querySelectorAll("[role=doc-backlink], [aria-hidden]")) back.remove();
  for (const named of copy.querySelectorAll("[id]")) named.removeAttribute("id");
  for (const link of copy.querySelectorAll("a")) link.tabIndex = -1;
  return copy;
}

/**
 * In the margin beside the line where 16rem are free, else under the line (over it when the window ends there).
 * @param {HTMLElement} box
 * @param {HTMLAnchorElement} citation
 * @param {HTMLElement} article
 */
function place(box, citation, article) {
  const frame = article.getBoundingClientRect();
  const words = (citation.closest(".release-body") ?? article).getBoundingClientRect();
  const line = citation.getClientRects()[0];
  const rightToLeft = getComputedStyle(article).direction === "rtl";
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const margin = (rightToLeft ? words.left - frame.left : frame.right - words.right) - 3 * GAP;

  box.style.maxInlineSize = "";
  if (margin >= 15 * rem) {
    box.style.maxInlineSize = `${margin}px`;
    const inline = rightToLeft ? words.left - 3 * GAP - box.offsetWidth : words.right + 3 * GAP;
    const lowest = Math.max(GAP, window.innerHeight - box.offsetHeight - GAP);
    box.style.left = `${inline - frame.left}px`;
    box.style.top = `${Math.min(line.top - GAP, lowest) - frame.top}px`;
    return;
  }
  const left = Math.min(Math.max(line.left, frame.left), frame.right - box.offsetWidth);
  const below =
    line.bottom + GAP + box.offsetHeight <= window.innerHeight || line.top < box.offsetHeight + GAP;
  box.style.left = `${left - frame.left}px`;
  box.style.top = `${(below ? line.bottom + GAP / 2 : line.top - GAP / 2 - box.offsetHeight) - frame.top}px`;
}

/**
 * Whether a point lies on the way between citation and note: there the note stays open.
 * @param {PointerEvent} point
 * @param {DOMRect} first
 * @param {DOMRect} second
 */
function between(point, first, second) {
  const left = Math.min(first.left, second.left) - GAP;
  const right = Math.max(first.right, second.right) + GAP;
  const top = Math.min(first.top, second.top) - GAP;
  const bottom = Math.max(first.bottom, second.bottom) + GAP;
  return point.clientX >= left && point.clientX <= right && point.clientY >= top && point.clientY <= bottom;
}

class NoteBeside {
  /** @param {HTMLElement} article */
  constructor(article) {
    this.article = article;
    /** @type {HTMLAnchorElement | null} */
    this.citation = null;
    this.timer = 0;
    this.pointer = "mouse";
    this.box = document.createElement("div");
    this.box.className = "note-beside";
    this.box.setAttribute("aria-hidden", "true");
  }

  /** @param {HTMLAnchorElement} citation */
  open(citation) {
    clearTimeout(this.timer);
    if (citation === this.citation) return;
    const note = noteOf(citation);
    if (!note) return;
    this.close();
    this.citation = citation;
    citation.classList.add("note-open");
    this.box.replaceChildren(copyOf(note, citation));
    // In the page only while it is seen: what is hidden needs no second word that says so, and no rule to hide it.
    this.article.append(this.box);
    this.box.scrollTop = 0;
    place(this.box, citation, this.article);
  }

  close() {
    clearTimeout(this.timer);
    this.citation?.classList.remove("note-open");
    this.citation = null;
    this.box.remove();
  }

  /**
   * @param {() => void} act
   * @param {number} wait
   */
  soon(act, wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(act, wait);
  }

  listen() {
    /**
     * @param {Event} event
     * @returns {HTMLAnchorElement | null}
     */
    const on = ({ target }) => (target instanceof Element ? target.closest(citationSelector) : null);

    /** @param {PointerEvent} event */
    const onTheWay = (event) =>
      this.citation &&
      between(event, this.citation.getBoundingClientRect(), this.box.getBoundingClientRect());

    this.article.addEventListener("pointerover", (event) => {
      const citation = on(event);
      if (!citation || event.pointerType === "touch") return;
      this.soon(() => this.open(citation), onTheWay(event) ? SWITCH_AFTER : OPEN_AFTER);
    });
    document.addEventListener("pointermove", (event) => {
      if (event.pointerType === "touch") return;
      if (!this.citation) {
        if (!on(event)) clearTimeout(this.timer);
        return;
      }
      const citation = on(event);
      const inside = onTheWay(event);
      if (citation && citation !== this.citation) {
        if (inside) this.soon(() => this.open(citation), SWITCH_AFTER);
        return;
      }
      clearTimeout(this.timer);
      if (!inside && document.activeElement !== this.citation) this.soon(() => this.close(), CLOSE_AFTER);
    });

    this.article.addEventListener("focusin", (event) => {
      const citation = on(event);
      if (citation?.matches(":focus-visible") && this.pointer !== "touch") this.open(citation);
    });
    this.article.addEventListener("focusout", (event) => {
      if (on(event) === this.citation && !this.box.matches(":hover"))
        this.soon(() => this.close(), CLOSE_AFTER);
    });
    document.addEventListener("keydown", (event) => {
      this.pointer = "keyboard";
      if (event.key === "Escape" && this.citation) {
        event.preventDefault();
        this.close();
      }
    });

    // A first tap shows the note, a second follows the link; a tap elsewhere puts it away.
    document.addEventListener("pointerdown", (event) => {
      this.pointer = event.pointerType;
      if (this.citation && !on(event) && !this.box.contains(/** @type {Node} */ (event.target))) this.close();
    });
    this.article.addEventListener("click", (event) => {
      const citation = on(event);
      if (!citation) return;
      if (this.pointer === "touch" && citation !== this.citation) {
        event.preventDefault();
        this.open(citation);
      } else {
        this.close();
      }
    });
    window.addEventListener("resize", () => this.citation && place(this.box, this.citation, this.article));
    window.addEventListener("hashchange", () => this.close());
  }
}

/** @type {NodeListOf<HTMLElement>} */
const articles = document.querySelectorAll("article.release");
for (const article of articles) {
  if (article.querySelector(citationSelector)) new NoteBeside(article).listen();
}
