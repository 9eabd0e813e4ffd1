"""The examples of `note_shapes` on saved pages (the editor's paste has them in tests/browser/editor/test_paste_shapes.py)."""

import pytest

from releases.text.clean import clean
from tests.intake.note_shapes import SHAPES, read
from tests.intake.saved import page


@pytest.mark.parametrize("name", SHAPES)
def test_a_shape_becomes_notes_or_stays_what_it_is(name):
    shape = SHAPES[name]
    found = page(shape.html)
    assert read(found.body) == (shape.text, shape.notes)
    assert found.report.counts.get("unsure-mark", 0) == shape.unsure
    assert clean(found.body).html == found.body
