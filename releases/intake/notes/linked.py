"""Finds notes by links: marks that link to entries, and links back. The evidence for each series is added up."""

from bisect import bisect_left, bisect_right

from releases.intake.notes.evidence import ENOUGH, linked_evidence
from releases.intake.notes.marks import TEXT_CLASSES, Entry, fragment, is_named, mark_at
from releases.intake.notes.tree import HEADINGS, HOLDERS, LINE, Node, Positions, block_of, has_words, text_of
from releases.text.labels import label

_PARAGRAPHS = frozenset(("p", "div", "blockquote", "br", "ul", "pre", LINE))


def find_linked(root: Node, positions: Positions) -> tuple[list[Entry], set[Node]]:
    """The notes with enough evidence, in the order of the page, and the links to what is no note."""
    targets = targets_of(root)
    found: dict[Node, Entry] = {}
    refused: set[Node] = set()
    other_links: set[Node] = set()
    at: dict[Node, tuple[list[Node], bool]] = {}
    for link in root.iter("a"):
        target = targets.get(fragment(link))
        if (
            target is None
            or target is link
            or positions.contains(link, target)
            or label(text_of(link)) is None
        ):
            continue
        if target not in at:
            at[target] = _blocks_at(target, root)
        blocks, is_entry = at[target]
        if not blocks or blocks[0] not in positions.first:
            continue
        if positions.contains(blocks[0], link):
            continue
        # Before its mark a note stands only where a program says that notes stand.
        if not positions.follows(blocks[0], link) and not _is_among_notes(blocks[0], root):
            continue
        if not is_entry:
            refused.add(blocks[0])
            other_links.add(link)
            continue
        mark = mark_at(link, root, link)
        if mark is not None:
            found.setdefault(blocks[0], Entry(blocks)).marks.append(mark)
    entries = sorted(found.values(), key=lambda one: positions.first[one.blocks[0]])
    _widen_to_box(entries, root, positions)
    for entry in entries:
        entry.back_links = _back_links(entry, targets, root, positions)
    _add_paragraphs(entries, targets, root, positions)
    sure: list[Entry] = []
    for series in _series(entries, root, positions):
        if linked_evidence(series, positions, refused=len(refused)) >= ENOUGH:
            sure += series
        else:
            other_links.update(mark.link for entry in series for mark in entry.marks)
    return sure, other_links


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


def _back_links(entry: Entry, targets: dict[str, Node], root: Node, positions: Positions) -> list[Node]:
    """The links in an entry that lead to its marks, or to an anchor beside one."""
    homes = {block_of(mark.node, root) for mark in entry.marks}
    found = []
    for block in entry.blocks:
        for link in block.iter("a"):
            target = targets.get(fragment(link))
            if target is None or any(positions.contains(one, target) for one in entry.blocks):
                continue
            if any(
                positions.contains(target, mark.node) or positions.contains(mark.node, target)
                for mark in entry.marks
            ) or (block_of(target, root) in homes):
                found.append(link)
    return found


def _widen_to_box(entries: list[Entry], root: Node, positions: Positions) -> None:
    """Widen each entry to the outermost element that holds only this note."""
    starts = sorted(positions.first[entry.blocks[0]] for entry in entries)
    marks = sorted(positions.first[mark.node] for entry in entries for mark in entry.marks)
    for entry in entries:
        core = box = entry.blocks[0]
        if len(entry.blocks) > 1:
            continue
        up = box.getparent()
        while up is not None and up is not root and up.tag not in HOLDERS:
            first, last = positions.first[up], positions.last[up]
            inside = _count_in(marks, positions.first[core], positions.last[core])
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


def _count_in(positions: list[int], first: int, last: int) -> int:
    """How many of some sorted places lie between two."""
    return bisect_right(positions, last) - bisect_left(positions, first)


def _add_paragraphs(entries: list[Entry], targets: dict[str, Node], root: Node, positions: Positions) -> None:
    """Add the paragraphs up to the next note, if they cite nothing; to the last note those up to its link back."""
    all_marks = {mark.node for entry in entries for mark in entry.marks}
    starts = {entry.blocks[0] for entry in entries}
    for entry, following in zip(entries, [*entries[1:], None], strict=False):
        block = entry.blocks[-1]
        if block.tag in ("li", "tr", "dd"):
            continue
        between: list[Node] = []
        added = 0
        for sibling in block.itersiblings():
            if sibling in starts or sibling.tag not in _PARAGRAPHS or len(between) > 20:
                break
            if any(one in all_marks or one.tag in HEADINGS or one in starts for one in sibling.iter()):
                break
            between.append(sibling)
            if any(_leads_to(link, entry, targets, root, positions) for link in sibling.iter("a")):
                added = len(between)
        else:
            sibling = None
        if following is not None and sibling is following.blocks[0]:
            added = len(between)
        entry.blocks += between[:added]
        if added:
            entry.back_links = _back_links(entry, targets, root, positions)


def _leads_to(link: Node, entry: Entry, targets: dict[str, Node], root: Node, positions: Positions) -> bool:
    target = targets.get(fragment(link))
    return target is not None and any(
        positions.contains(target, mark.node) or positions.contains(mark.node, target) for mark in entry.marks
    )


def _series(entries: list[Entry], root: Node, positions: Positions) -> list[list[Entry]]:
    """Entries that stand together: a new series begins where something is cited, or a heading stands, between two."""
    found: list[list[Entry]] = []
    stops = sorted(
        [positions.first[mark.node] for entry in entries for mark in entry.marks]
        + [positions.first[one] for one in root.iter(*HEADINGS)]
    )
    for entry in entries:
        if found:
            before = found[-1][-1]
            gap = _count_in(
                stops, positions.last[before.blocks[-1]] + 1, positions.first[entry.blocks[0]] - 1
            )
            kinds = entry.label.family == before.label.family or entry.label.form == before.label.form
            if not gap and kinds:
                found[-1].append(entry)
                continue
        found.append([entry])
    return found
