"""Notes to which their marks lead by links, and back: each series of them is weighed as one."""

from bisect import bisect_left, bisect_right

from releases.intake.notes.evidence import ENOUGH, linked_evidence
from releases.intake.notes.marks import TEXT_CLASSES, Entry, fragment, is_named, mark_at
from releases.intake.notes.tree import HEADINGS, HOLDERS, LINE, Node, Places, block_of, has_words, text_of
from releases.text.labels import label

_PARAGRAPHS = frozenset(("p", "div", "blockquote", "br", "ul", "pre", LINE))


def linked(root: Node, places: Places) -> tuple[list[Entry], set[Node]]:
    """The notes that are sure enough, in the page's order, and the links to what is no note."""
    targets = targets_of(root)
    found: dict[Node, Entry] = {}
    refused: set[Node] = set()
    others: set[Node] = set()
    at: dict[Node, tuple[list[Node], bool]] = {}
    for link in root.iter("a"):
        target = targets.get(fragment(link))
        if target is None or target is link or places.contains(link, target) or label(text_of(link)) is None:
            continue
        if target not in at:
            at[target] = _blocks_at(target, root)
        blocks, is_entry = at[target]
        if not blocks or blocks[0] not in places.first:
            continue
        if places.contains(blocks[0], link):
            continue
        # Before its mark a note stands only where a program says that notes stand.
        if not places.follows(blocks[0], link) and not _is_among_notes(blocks[0], root):
            continue
        if not is_entry:
            refused.add(blocks[0])
            others.add(link)
            continue
        mark = mark_at(link, root, link)
        if mark is not None:
            found.setdefault(blocks[0], Entry(blocks)).marks.append(mark)
    entries = sorted(found.values(), key=lambda one: places.first[one.blocks[0]])
    _widen(entries, root, places)
    for entry in entries:
        entry.backs = _backs(entry, targets, root, places)
    _join(entries, targets, root, places)
    sure: list[Entry] = []
    for series in _series(entries, root, places):
        if linked_evidence(series, places, refused=len(refused)) >= ENOUGH:
            sure += series
        else:
            others.update(mark.link for entry in series for mark in entry.marks)
    return sure, others


def targets_of(root: Node) -> dict[str, Node]:
    """What the page's links may lead to, by name."""
    found: dict[str, Node] = {}
    for node in root.iter():
        for name in (node.get("id"), node.get("name") if node.tag == "a" else None):
            if name:
                found.setdefault(name, node)
    return found


def _blocks_at(target: Node, root: Node) -> tuple[list[Node], bool]:
    """The blocks of the entry at a link's target, and whether it may be one: a heading, or what holds one, is none."""
    block = block_of(target, root)
    if block is None:
        return ([target], True) if has_words(target) and label(text_of(target)) is None else ([], False)
    if block.tag in ("td", "th"):
        block = block.getparent()
    if block.tag in HEADINGS or any(one.tag in HEADINGS for one in block.iter()):
        return [block], False
    blocks = [block]
    text = text_of(block)
    if not text or label(text) is not None:
        # An anchor, or the label, stands before what it names.
        after = block.getnext()
        while after is not None and not has_words(after):
            after = after.getnext()
        if after is None:
            return blocks, bool(text) or block.tag == "li"
        if after.tag in HEADINGS or any(one.tag in HEADINGS for one in after.iter()):
            return [block], False
        if after.tag in ("p", "div", "dd", "blockquote", LINE) and block.tag not in ("li", "tr", LINE):
            blocks.append(after)
    return blocks, True


def _is_among_notes(block: Node, root: Node) -> bool:
    node = block
    while node is not None and node is not root:
        if is_named(node, TEXT_CLASSES):
            return True
        node = node.getparent()
    return False


def _backs(entry: Entry, targets: dict[str, Node], root: Node, places: Places) -> list[Node]:
    """The links in an entry that lead to its marks, or to an anchor beside one."""
    homes = {block_of(mark.node, root) for mark in entry.marks}
    found = []
    for block in entry.blocks:
        for link in block.iter("a"):
            target = targets.get(fragment(link))
            if target is None or any(places.contains(one, target) for one in entry.blocks):
                continue
            if any(
                places.contains(target, mark.node) or places.contains(mark.node, target)
                for mark in entry.marks
            ) or (block_of(target, root) in homes):
                found.append(link)
    return found


def _widen(entries: list[Entry], root: Node, places: Places) -> None:
    """Widen a note's paragraph to the box that holds just this note."""
    starts = sorted(places.first[entry.blocks[0]] for entry in entries)
    marks = sorted(places.first[mark.node] for entry in entries for mark in entry.marks)
    for entry in entries:
        core = box = entry.blocks[0]
        if len(entry.blocks) > 1:
            continue
        up = box.getparent()
        while up is not None and up is not root and up.tag not in HOLDERS:
            first, last = places.first[up], places.last[up]
            inside = _count_in(marks, places.first[core], places.last[core])
            if _count_in(starts, first, last) > 1 or _count_in(marks, first, last) > inside:
                break
            if any(one.tag in HEADINGS or one.tag == "hr" for one in up.iter()) and not _only_frames(
                up, core
            ):
                break
            box, up = up, up.getparent()
        entry.blocks = [box]


def _only_frames(up: Node, core: Node) -> bool:
    """Whether a box holds, besides the note, only the rule that sets it off."""
    return not any(one.tag in HEADINGS for one in up.iter()) and core.tag != "li"


def _count_in(places: list[int], first: int, last: int) -> int:
    """How many of some sorted places lie between two."""
    return bisect_right(places, last) - bisect_left(places, first)


def _join(entries: list[Entry], targets: dict[str, Node], root: Node, places: Places) -> None:
    """A note goes on until the next one, if its paragraphs cite nothing; the last one until its way back."""
    all_marks = {mark.node for entry in entries for mark in entry.marks}
    starts = {entry.blocks[0] for entry in entries}
    for entry, following in zip(entries, [*entries[1:], None], strict=False):
        block = entry.blocks[-1]
        if block.tag in ("li", "tr", "dd"):
            continue
        between: list[Node] = []
        kept = 0
        for sibling in block.itersiblings():
            if sibling in starts or sibling.tag not in _PARAGRAPHS or len(between) > 20:
                break
            if any(one in all_marks or one.tag in HEADINGS or one in starts for one in sibling.iter()):
                break
            between.append(sibling)
            if any(_leads_to(link, entry, targets, root, places) for link in sibling.iter("a")):
                kept = len(between)
        else:
            sibling = None
        if following is not None and sibling is following.blocks[0]:
            kept = len(between)
        entry.blocks += between[:kept]
        if kept:
            entry.backs = _backs(entry, targets, root, places)


def _leads_to(link: Node, entry: Entry, targets: dict[str, Node], root: Node, places: Places) -> bool:
    target = targets.get(fragment(link))
    return target is not None and any(
        places.contains(target, mark.node) or places.contains(mark.node, target) for mark in entry.marks
    )


def _series(entries: list[Entry], root: Node, places: Places) -> list[list[Entry]]:
    """Entries that stand together: a new series begins where something is cited, or a heading stands, between two."""
    found: list[list[Entry]] = []
    stops = sorted(
        [places.first[mark.node] for entry in entries for mark in entry.marks]
        + [places.first[one] for one in root.iter(*HEADINGS)]
    )
    for entry in entries:
        if found:
            before = found[-1][-1]
            gap = _count_in(stops, places.last[before.blocks[-1]] + 1, places.first[entry.blocks[0]] - 1)
            kinds = entry.label.family == before.label.family or entry.label.form == before.label.form
            if not gap and kinds:
                found[-1].append(entry)
                continue
        found.append([entry])
    return found
