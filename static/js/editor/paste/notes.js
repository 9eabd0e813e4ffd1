// The notes of any program turned into ours. One rule fits Word, Google Docs, LibreOffice, pandoc, GitHub, mammoth,
// Wikipedia and our own pages: a short label links to an element whose note links back to it.
import { newKey } from "../keys.js";

export const LABEL =
  /^[\s\u00a0]*[[(]?\s*(?:[a-z-]{1,12}[\s\u00a0])?(?:\p{N}{1,4}(?::\p{N}{1,3})?|[ivxlcdm]{1,6}|[a-z]|[*†‡§¶]{1,3})\s*[\])]?[\s\u00a0.]*$/iu;

// Ids of notes and of markers, as the programs name them.
const NOTE_ID = /^(?:_?ftn|_?edn|ftnt|fn|footnote|endnote|sdfootnote|sdendnote|cite_note|user-content-fn|note|en)[-_:]?[\w-]*$/i;
const MARK_ID = /ref|anc$|back/i;

// What stays around a back link that was taken out: arrows, carets, separators.
const RESIDUE = /^[\s\u00a0^↑⇑↩↪↵⏎⤴\ufe0e,;·|()[\].]*$/;
const LEADING = /^[\s\u00a0^↑]+/;

const HEADINGS = /^(?:notes?|foot-?notes?|end-?notes?|references?|sources|citations|注释|註釋|註解|参考文献|參考資料|مەنبەلەر|དཔྱད་གཞི།?)\s*:?$/iu;

const BLOCK = "li, p, div, dd, td, aside, section, h1, h2, h3, h4, h5, h6";
const KEEPS_MANY = /^(?:OL|UL|DL|SECTION|TABLE|TBODY|TR|ARTICLE|MAIN|BODY|HTML)$/;

const blockOf = (el) => el.closest(BLOCK) ?? el;
const textOf = (el) => el.textContent.replace(/[\s\u00a0]+/g, " ").trim();
const follows = (a, b) => Boolean(a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING);

const hashOf = (a) => {
  const raw = a.getAttribute("href") ?? "";
  const at = raw.indexOf("#");
  if (at < 0) return "";
  try {
    return decodeURIComponent(raw.slice(at + 1));
  } catch {
    return raw.slice(at + 1);
  }
};

/** The marker with the <sup> or <span> around it that holds nothing else. */
const wholeMarker = (a) => {
  let el = a;
  while (
    el.parentElement &&
    /^(?:SUP|SPAN|B|I|EM|STRONG|FONT|SMALL|A)$/.test(el.parentElement.tagName) &&
    textOf(el.parentElement) === textOf(el)
  )
    el = el.parentElement;
  return el;
};

/** Take a back link out, with the carets, brackets and separators that stood around it. */
const removeBackLink = (back, box) => {
  // "4. ^ See …": the number printed in front of the back link.
  const before = box.ownerDocument.createRange();
  before.setStart(box, 0);
  before.setEndBefore(back);
  if (before.toString().trim() && LABEL.test(before.toString())) before.deleteContents();
  let el = back;
  let parent = el.parentElement;
  el.remove();
  while (parent && parent !== box && parent.matches("span, sup, sub, b, i, em, strong, small, font") && RESIDUE.test(parent.textContent)) {
    el = parent;
    parent = el.parentElement;
    el.remove();
  }
};

const trimStart = (box) => {
  const walker = box.ownerDocument.createTreeWalker(box, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    text.data = text.data.replace(LEADING, "");
    if (text.data) break;
  }
};

const trimEnd = (box) => {
  const walker = box.ownerDocument.createTreeWalker(box, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  for (const text of texts.reverse()) {
    text.data = text.data.replace(/[\s\u00a0^↑↩↪\ufe0e]+$/, "");
    if (text.data) break;
  }
};

/** Pairs of marker and note by links both ways: [{a, box, backs}]. */
const linkedPairs = (body) => {
  const places = new Map();
  for (const el of body.querySelectorAll("[id], [name]"))
    for (const name of [el.id, el.getAttribute("name")]) if (name && !places.has(name)) places.set(name, el);
  const anchors = [...body.querySelectorAll("a[href*='#']")];
  const targets = new Map(anchors.map((a) => [a, places.get(hashOf(a)) ?? null]));
  const blocks = new Map();
  const block = (el) => blocks.get(el) ?? blocks.set(el, blockOf(el)).get(el);

  const backsOf = new Map(); // container -> anchors in it that lead out of it
  const outward = (box) => {
    if (!backsOf.has(box))
      backsOf.set(
        box,
        [...box.querySelectorAll("a[href*='#']")].filter((b) => targets.get(b) && !box.contains(targets.get(b))),
      );
    return backsOf.get(box);
  };

  const pairs = [];
  for (const a of anchors) {
    const to = targets.get(a);
    if (!to || to === a || a.contains(to) || !LABEL.test(a.textContent) || !follows(a, to)) continue;
    const container = block(to);
    if (container === body || container.contains(a)) continue;
    const leadsBack = (b) => {
      const back = targets.get(b);
      return back.contains(a) || a.contains(back) || block(back) === block(a);
    };
    if (!outward(container).some(leadsBack)) continue;
    pairs.push({ a, container, leadsBack });
  }

  // Widen a note's paragraph to the box that holds just this note.
  const cores = new Set(pairs.map((p) => p.container));
  const boxes = new Map();
  for (const core of cores) {
    let box = core;
    for (let up = box.parentElement; up && up !== body; up = up.parentElement) {
      if (KEEPS_MANY.test(up.tagName) || /(?:footnote|endnote)-list/.test(up.getAttribute("data-style") ?? "")) break;
      if (pairs.some((p) => up.contains(p.a) && !core.contains(p.a))) break;
      if ([...cores].some((c) => c !== core && up.contains(c))) break;
      box = up;
    }
    boxes.set(core, box);
  }
  return pairs.map(({ a, container, leadsBack }) => {
    const box = boxes.get(container);
    return { a, box, backs: outward(box).filter(leadsBack) };
  });
};

/** Pairs without links: markers and note paragraphs that carry a program's own class names. */
const namedPairs = (body) => {
  const label = (el) => textOf(el).replace(/[[\]().]/g, "");
  const marks = [...body.querySelectorAll("[class*='ootnoteReference'], [class*='ndnoteReference']")].filter(
    (el) => LABEL.test(el.textContent) && !el.querySelector("[class*='noteReference']"),
  );
  const texts = [...body.querySelectorAll("[class*='ootnoteText'], [class*='ndnoteText']")].map(blockOf);
  const notes = new Map();
  for (const mark of marks) {
    const box = texts.find((t) => t.contains(mark));
    if (box && !notes.has(label(mark))) notes.set(label(mark), { box, back: mark });
  }
  const pairs = [];
  for (const a of marks) {
    const note = notes.get(label(a));
    if (note && !texts.some((t) => t.contains(a))) pairs.push({ a, box: note.box, backs: [note.back] });
  }
  return pairs;
};

/**
 * Pairs without links or names: the paste ends in paragraphs that begin with the superscripts 1, 2, 3 …, and each
 * of these stands in the text before them.
 */
const superscriptPairs = (body) => {
  const blocks = [...body.querySelectorAll("p, li, div:not(:has(p, div, li, table))")];
  const opening = (el) => {
    const sup = el.querySelector("sup, [data-style*='vertical-align']");
    if (!sup || !/^[[(]?\d{1,3}[\])]?\.?$/.test(textOf(sup)) || !textOf(el).startsWith(textOf(sup))) return null;
    return textOf(el) === textOf(sup) ? null : sup;
  };
  const tail = [];
  for (const el of blocks.reverse()) {
    if (!textOf(el)) continue;
    const sup = opening(el);
    if (!sup) break;
    tail.unshift({ box: el, sup, n: Number.parseInt(textOf(sup).replace(/\D/g, ""), 10) });
  }
  if (!tail.length || tail.some(({ n }, i) => n !== tail[0].n + i)) return [];
  const pairs = [];
  for (const { box, sup, n } of tail) {
    const marks = [...body.querySelectorAll("sup, [data-style*='vertical-align']")].filter(
      (el) =>
        Number.parseInt(textOf(el).replace(/[[\]().]/g, ""), 10) === n &&
        /^[[(]?\d{1,3}[\])]?$/.test(textOf(el)) &&
        !el.querySelector("sup") &&
        !tail.some((t) => t.box.contains(el)),
    );
    if (!marks.length) return [];
    for (const a of marks) pairs.push({ a, box, backs: [sup] });
  }
  return pairs;
};

/** Word's cross-references to a note: its marker once more, without a link. */
const repeatedPairs = (body, pairs) => {
  const named = "[class*='ootnoteReference'], [class*='ndnoteReference']";
  const name = (el) => `${/ndnoteReference/.test(el.className)} ${textOf(el).replace(/[[\]().]/g, "")}`;
  const known = new Map();
  for (const { a, box } of pairs) {
    const mark = a.matches(named) ? a : a.querySelector(named);
    if (mark) known.set(name(mark), box);
  }
  const inside = (el) => pairs.some(({ a, box }) => box.contains(el) || a.contains(el) || el.contains(a));
  return [...body.querySelectorAll(named)]
    .filter((el) => known.has(name(el)) && !el.querySelector(named) && !inside(el))
    .map((a) => ({ a, box: known.get(name(a)), backs: [] }));
};

const marker = (doc, key) => {
  const sup = doc.createElement("sup");
  sup.className = "footnote-ref";
  const link = doc.createElement("a");
  link.setAttribute("href", `#fn-${key}`);
  link.textContent = "0";
  sup.append(link);
  return sup;
};

/** Remove what only framed the notes: empty parents, rules and a heading "Notes" with nothing under it. */
const removeFrame = (box, body) => {
  const before = [];
  let parent = box.parentElement;
  for (let el = box.previousElementSibling; el && (el.matches("hr, br") || !textOf(el)); el = el.previousElementSibling)
    if (!el.querySelector("sup.footnote-ref, table")) before.push(el);
  const isHeading = (el) => el.matches("h1, h2, h3") || (el.firstElementChild?.matches("h1, h2, h3") && textOf(el) === textOf(el.firstElementChild));
  const heading = (before.at(-1) ?? box).previousElementSibling;
  box.remove();
  for (const el of before) el.remove();
  const isTitle = (el) => el?.matches("h1, h2, h3, h4, h5, h6, p, div") && HEADINGS.test(textOf(el));
  const next = heading?.nextElementSibling;
  if (isTitle(heading) && (!next || isHeading(next))) heading.remove();
  if (parent && parent !== body && !parent.querySelector("sup.footnote-ref, table, [data-note-box]")) {
    const rest = textOf(parent);
    if (!rest || HEADINGS.test(rest)) removeFrame(parent, body);
  }
};

/** Markers whose notes did not come along, and back links of notes that came without their text. */
const mendStrays = (body) => {
  let stray = 0;
  for (const a of body.querySelectorAll("a[href*='#']")) {
    const hash = hashOf(a);
    const name = a.id || a.getAttribute("name") || "";
    if (a.closest("sup.footnote-ref") || !LABEL.test(a.textContent) && !/^[\s^↑↩↪\ufe0e]+$/.test(a.textContent)) continue;
    if (MARK_ID.test(hash) && (NOTE_ID.test(name) || /^[\s^↑↩↪\ufe0e]+$/.test(a.textContent))) {
      wholeMarker(a).remove();
      continue;
    }
    if (!NOTE_ID.test(hash) || MARK_ID.test(hash)) continue;
    if (!a.closest("sup") && !/^\s*\[/.test(a.textContent) && !a.querySelector("sup")) continue;
    stray += 1;
    wholeMarker(a).replaceWith(marker(a.ownerDocument, newKey()));
  }
  return stray;
};

/**
 * Put our markers in the place of the found ones and take the notes out of the text.
 * Returns {notes: Map(key -> detached element), withoutWords: number of markers whose note is missing}.
 */
export const extractNotes = (body) => {
  const doc = body.ownerDocument;
  let pairs = linkedPairs(body);
  if (!pairs.length) pairs = namedPairs(body);
  if (!pairs.length) pairs = superscriptPairs(body);
  pairs.push(...repeatedPairs(body, pairs));

  const keys = new Map(); // box -> key
  const backs = new Map(); // box -> Set of back links
  for (const { box, backs: found } of pairs) {
    if (!keys.has(box)) keys.set(box, newKey());
    const all = backs.get(box) ?? backs.set(box, new Set()).get(box);
    for (const b of found) all.add(b);
  }
  for (const [box, found] of backs) {
    for (const b of found) removeBackLink(wholeMarker(b), box);
    box.setAttribute("data-note-box", "");
  }
  for (const { a, box } of pairs) if (a.isConnected) wholeMarker(a).replaceWith(marker(doc, keys.get(box)));

  const notes = new Map();
  for (const [box, key] of keys) {
    removeFrame(box, body);
    trimStart(box);
    trimEnd(box);
    notes.set(key, box);
  }
  // A rule or blank lines at the very end only set the notes off.
  if (notes.size)
    for (let last = body.lastElementChild; last && (last.matches("hr, br") || !textOf(last)); last = body.lastElementChild) {
      if (last.querySelector?.("sup.footnote-ref, table")) break;
      last.remove();
    }
  return { notes, withoutWords: mendStrays(body) };
};
