"""The examples of `note_shapes` as Word files: notes that were made without Word's own footnotes, and what only looks so."""

import pytest

from releases.intake.docx import read as read_docx
from releases.text.clean import clean
from tests.intake.as_word import as_word
from tests.intake.note_shapes import SHAPES, read
from tests.intake.word import docx, numbering

# What only a page has: style sheets, class names, tooltips, links into other files.
OF_PAGES = {
    "raised by style",
    "words of a program on the mark",
    "side notes",
    "tooltips",
    "a note that holds a list",
    "tooltips with words of their own",
    "notes before the text that cites them",
    "raised by style, without a note",
    "small, without a note",
    "a tooltip that says nothing",
    "an e-book's notes, in another file",
}


@pytest.mark.parametrize("name", sorted(SHAPES.keys() - OF_PAGES))
def test_a_shape_becomes_notes_or_stays_what_it_is_in_a_word_file_too(name):
    shape = SHAPES[name]
    found = read_docx(docx(as_word(shape.html), lists=numbering(("decimal",), ("bullet",))))
    assert read(found.body) == (shape.text, shape.notes)
    assert found.report.counts.get("unsure-mark", 0) == shape.unsure
    assert clean(found.body).html == found.body
