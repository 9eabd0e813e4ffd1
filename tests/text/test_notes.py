"""The notes of a body as a list."""

from releases.text.notes import Note, notes_of
from tests.text.helpers import cite, note_list


def test_notes_have_numbers_words_and_a_count_of_citations():
    html = f"<p>a{cite('bbbb')} b{cite('cccc', 2)} c{cite('bbbb', 1, 2)}</p>" + note_list(
        bbbb='See <em>X</em>,&nbsp;<a href="https://example.org/">r</a>.</p><p>More', cccc="Y"
    )
    assert notes_of(html) == (
        Note(
            "bbbb",
            1,
            '<p>See <em>X</em>,&nbsp;<a href="https://example.org/">r</a>.</p><p>More</p>',
            "See X, r. More",
            2,
        ),
        Note("cccc", 2, "<p>Y</p>", "Y", 1),
    )


def test_a_note_that_nothing_cites_has_no_citations():
    assert [note.citations for note in notes_of("<p>a</p>" + note_list(bbbb="x"))] == [0]


def test_a_body_without_notes_has_none():
    assert notes_of("<p>a</p><ol><li><p>b</p></li></ol>") == ()
    assert notes_of("") == ()


def test_a_word_that_is_half_emphasised_stays_one_word():
    assert notes_of(f"<p>a{cite('aaaa')}</p>" + note_list(aaaa="half<em>way</em>"))[0].text == "halfway"
