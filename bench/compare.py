"""How long twenty hostile pairs of texts of a megabyte take to be compared and shown."""

from time import process_time

from bench._hostile_pairs import hostile_pairs
from releases.text.compare import compare, comparison_html


def main() -> None:
    """A line each, in seconds of the processor: to compare, to show, and whether it was too much to be compared by its words."""
    for name, old, new in hostile_pairs():
        start = process_time()
        found = compare(old, new)
        compared = process_time()
        for piece in (found.text, *(note.pieces for note in found.notes)):
            comparison_html(piece)
        shown = process_time()
        assert (found.old(), found.new()) == (old, new), name
        coarse = ", too different" if found.coarse else ""
        print(f"{name:42} {compared - start:6.2f} s to compare, {shown - compared:6.2f} s to show{coarse}")
