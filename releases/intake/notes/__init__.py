"""Finds the footnotes of an imported text, however they were made, and writes them in our own form.

Every importer calls it with an HTML tree; the editor's paste has the same rules in
`static/js/editor/paste/notes/`, with the same table of words (`releases/text/labels.py`) and the same examples.
"""

from releases.intake.notes.counted import MAX_NOTES, find_counted
from releases.intake.notes.leftovers import (
    apply_vertical_align,
    clean_leftovers,
    page_address,
    raised_classes,
)
from releases.intake.notes.linked import find_linked
from releases.intake.notes.marks import fragment
from releases.intake.notes.sidenotes import find_side_notes
from releases.intake.notes.tree import Node, Positions, unwrap, wrap, wrap_lines
from releases.intake.notes.write import write_notes
from releases.intake.report import Report

__all__ = ["page_address", "raised_classes", "rewrite_notes"]


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
    """Find the notes in `root` and write them in our own form. What may be a mark or not stays, and is reported.

    `region` is where somebody said that notes stand; `raised` the classes that the page's style sheet raises; `own` the page's own
    addresses (`page_address`); `written` says that citations and notes in our own form stand in it already and stay.
    """
    if wrap(root):
        report.add("control-characters")
    apply_vertical_align(root, raised or {})
    if not written:
        _rename_own_classes(root)
    wanted = {fragment(link) for link in root.iter("a")} - {""}
    wrap_lines(root, wanted)
    positions = Positions(root)
    entries, other_links = find_linked(root, positions)
    powers = 0
    if not entries:
        entries, powers = find_counted(root, positions, region, other_links=other_links)
    if powers:
        report.add("unsure-mark", count=powers)
    entries = entries[:MAX_NOTES]
    entries += find_side_notes(root, report)
    if entries:
        write_notes(root, entries, seed=seed, report=report)
    clean_leftovers(root, report, own)
    unwrap(root)


def _rename_own_classes(root: Node) -> None:
    """Rename our own class names, which other programs use as well: only notes that are found here may have them."""
    for node in root.iter("sup", "ol"):
        names = (node.get("class") or "").split()
        if names:
            node.set(
                "class",
                " ".join(
                    {"footnote-ref": "fnref", "footnotes": "footnote-list"}.get(one, one) for one in names
                ),
            )
