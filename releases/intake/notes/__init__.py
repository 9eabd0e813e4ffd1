"""Finds the notes of a text that somebody brings, however they were made, and writes them as bodies hold them.

Whatever the way in, a page's HTML tree comes here; the editor's paste has the same rules in
`static/js/editor/paste/notes/`, with the same table of words (`releases/text/labels.py`) and the same examples.
"""

from releases.intake.notes.counted import MAX_NOTES, counted
from releases.intake.notes.leftovers import address_of, raise_marks, raised_classes, settle
from releases.intake.notes.linked import linked
from releases.intake.notes.marks import fragment
from releases.intake.notes.sidenotes import beside
from releases.intake.notes.tree import Node, Places, part_lines, unwrap, wrap
from releases.intake.notes.write import write_notes
from releases.intake.report import Report

__all__ = ["address_of", "raised_classes", "rewrite_notes"]


def rewrite_notes(
    root: Node,
    *,
    seed: str,
    report: Report,
    region: Node | None = None,
    raised: dict[str, str] | None = None,
    own: frozenset[str] = frozenset(),
    written: bool = False,
) -> None:
    """Find the notes in `root` and write them anew; what could be a mark or not stays, and is said.

    `region` is where somebody said that notes stand; `raised` the classes that the page's style sheet raises; `own` the page's own
    addresses (`address_of`); `written` says that citations and notes in our own form stand in it already and stay.
    """
    if wrap(root):
        report.add("control-characters")
    raise_marks(root, raised or {})
    if not written:
        _estrange(root)
    wanted = {fragment(link) for link in root.iter("a")} - {""}
    part_lines(root, wanted)
    places = Places(root)
    entries, others = linked(root, places)
    powers = 0
    if not entries:
        entries, powers = counted(root, places, region, others=others)
    if powers:
        report.add("unsure-mark", count=powers)
    entries = entries[:MAX_NOTES]
    entries += beside(root, report)
    if entries:
        write_notes(root, entries, seed=seed, report=report)
    settle(root, report, own)
    unwrap(root)


def _estrange(root: Node) -> None:
    """Other programs use the very class names of our notes: only what is found here may go by them."""
    for node in root.iter("sup", "ol"):
        names = (node.get("class") or "").split()
        if names:
            node.set(
                "class",
                " ".join(
                    {"footnote-ref": "fnref", "footnotes": "footnote-list"}.get(one, one) for one in names
                ),
            )
