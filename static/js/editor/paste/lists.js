// Lists that a program writes as paragraphs (Word) or as one list an item (Word online), made real, nested lists.

const BULLET = /^[·•◦o§▪▫■□●○–—\-*➢➤✓✔\u2022\uf0b7\uf0a7\uf0d8\uf0fc]$/i;

const styleOf = (el) => el.getAttribute("data-style") ?? "";

const letterNumber = (letters) => (letters.length === 1 ? letters.toLowerCase().charCodeAt(0) - 96 : 1);

/** {ordered, start} from an item's printed marker: "·", "3.", "c)", "(iv)". */
const readMarker = (text) => {
  const plain = text.replace(/[\s\u00a0]+/g, "");
  if (!plain || BULLET.test(plain)) return { ordered: false, start: 1 };
  const core = plain.replace(/[()[\].:]/g, "");
  if (/^\d+$/.test(core)) return { ordered: true, start: Number(core) };
  // 1.2.3: the last part counts at this level.
  if (/^[\d.]+$/.test(plain)) return { ordered: true, start: Number(/(\d+)\.?$/.exec(plain)[1]) };
  if (/^i+$/i.test(core)) return { ordered: true, start: core.length };
  if (/^[a-z]$/i.test(core)) return { ordered: true, start: letterNumber(core) };
  if (/^[a-z]{1,6}$/i.test(core)) return { ordered: true, start: 1 };
  return { ordered: false, start: 1 };
};

const paragraphOf = (el) => {
  const p = el.ownerDocument.createElement("p");
  p.append(...el.childNodes);
  return p;
};

/** Nested lists of flat items [{level, ordered, start, group, blocks}], put in the place of `anchor`. */
const build = (doc, items, anchor) => {
  const stack = []; // [{list, level, group}]
  for (const item of items) {
    while (stack.length && stack.at(-1).level > item.level) stack.pop();
    let top = stack.at(-1);
    const fits = top && top.level === item.level && top.list.tagName === (item.ordered ? "OL" : "UL");
    if (!fits || (top.group !== item.group && item.ordered && item.start === 1)) {
      if (top?.level === item.level) stack.pop();
      const list = doc.createElement(item.ordered ? "ol" : "ul");
      if (item.ordered && item.start > 1) list.setAttribute("start", item.start);
      const host = stack.at(-1)?.list.lastElementChild;
      if (host) host.append(list);
      else anchor.before(list);
      top = { list, level: item.level, group: item.group };
      stack.push(top);
    }
    const li = doc.createElement("li");
    li.append(...item.blocks);
    top.list.append(li);
  }
};

const nextBlock = (el) => {
  let next = el.nextElementSibling;
  while (next?.matches("br")) next = next.nextElementSibling;
  return next;
};

/** Word's desktop lists: paragraphs with `mso-list:l0 level2 lfo1` and a printed marker. */
export const wordLists = (body) => {
  const doc = body.ownerDocument;
  const isItem = (el) => el.tagName !== "LI" && /mso-list\s*:\s*l\d+\s+level\d+/i.test(styleOf(el));
  const continues = (el) =>
    el?.matches("[class*='MsoListContinue'], p[class*='MsoListParagraph']") && !isItem(el) && /margin-left/i.test(styleOf(el));
  const seen = new Set();
  for (const first of body.querySelectorAll("[data-style*='mso-list']")) {
    if (seen.has(first) || !first.isConnected || !isItem(first)) continue;
    const items = [];
    const used = [];
    for (let el = first; el && (isItem(el) || (items.length && continues(el))); el = nextBlock(el)) {
      seen.add(el);
      used.push(el);
      if (!isItem(el)) {
        items.at(-1).blocks.push(paragraphOf(el));
        continue;
      }
      const [, group, level] = /mso-list\s*:\s*(l\d+)\s+level(\d+)/i.exec(styleOf(el));
      const printed = el.querySelector("[data-style*='mso-list:Ignore'], [data-style*='mso-list: Ignore']");
      const marker = readMarker(printed?.textContent ?? "");
      let whole = printed;
      while (whole?.parentElement && whole.parentElement !== el && whole.parentElement.textContent.trim() === printed.textContent.trim())
        whole = whole.parentElement;
      whole?.remove();
      items.push({ ...marker, level: Number(level), group, blocks: [el.matches("h1, h2, h3, h4, h5, h6") ? el.cloneNode(true) : paragraphOf(el)] });
    }
    build(doc, items, first);
    for (const el of used) el.remove();
  }
};

/** Word online: every item in a list of its own, its depth in `data-aria-level`. */
export const onlineLists = (body) => {
  const doc = body.ownerDocument;
  const wrapper = (list) => (list.parentElement.matches("[class*='ListContainerWrapper']") ? list.parentElement : list);
  const isFlat = (list) => list?.querySelector(":scope > li[data-aria-level]") && !list.querySelector("ul, ol");
  const lists = [...body.querySelectorAll("ul, ol")].filter(isFlat);
  const seen = new Set();
  for (const first of lists) {
    if (seen.has(first)) continue;
    const items = [];
    const used = [];
    let el = wrapper(first);
    while (el) {
      const inner = el.matches("ul, ol") ? [el] : el.matches("[class*='ListContainerWrapper']") ? [...el.querySelectorAll(":scope > ul, :scope > ol")] : [];
      if (!inner.length || !inner.every(isFlat)) break;
      for (const list of inner) {
        seen.add(list);
        for (const li of list.children)
          items.push({
            level: Number(li.getAttribute("data-aria-level")) || 1,
            ordered: list.tagName === "OL",
            start: Number(list.getAttribute("start") ?? li.getAttribute("data-aria-posinset")) || 1,
            group: list.getAttribute("data-listid") ?? li.getAttribute("data-listid") ?? "",
            blocks: [...li.childNodes],
          });
      }
      used.push(el);
      el = nextBlock(el);
    }
    build(doc, items, used[0]);
    for (const el of used) el.remove();
  }
};

/** Lists that hang between items (<ul><li/><ul/></ul>, as Google Docs and old HTML write them) moved into the item before. */
export const hangingLists = (body) => {
  for (const list of body.querySelectorAll(":is(ul, ol) > :is(ul, ol)")) {
    const before = list.previousElementSibling;
    if (before?.tagName === "LI") before.append(list);
    else {
      const li = list.ownerDocument.createElement("li");
      list.replaceWith(li);
      li.append(list);
    }
  }
};

/** A list that says on its first item where it begins. */
export const valuedLists = (body) => {
  for (const li of body.querySelectorAll("ol > li:first-child[value]"))
    if (Number(li.getAttribute("value")) > 1) li.parentElement.setAttribute("start", Number(li.getAttribute("value")));
};
