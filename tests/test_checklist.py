"""What the checklist says of notes before a release goes out."""

import pytest

from releases.checklist import blocks, checklist
from releases.models import Revision

pytestmark = pytest.mark.django_db


def revision(*notes: str) -> Revision:
    """A revision with these notes, as a save would derive them; not stored."""
    return Revision(
        title="A title",
        body="<p>Words.</p>",
        notes=[
            {"key": f"key{n}", "number": n, "html": f"<p>{html}</p>", "text": _plain(html), "citations": 1}
            for n, html in enumerate(notes, 1)
        ],
    )


def _plain(html: str) -> str:
    return html.split(">", 1)[1].split("<")[0] if html.startswith("<a ") else html


def said(found: Revision, code: str, *, before: Revision | None = None) -> list[str]:
    found.pk = found.pk or 0
    return [point.words for point in checklist(found, before=before) if point.code == code]


@pytest.mark.parametrize(
    ("note", "words"),
    [
        ("Ibid., p. 9.", "Ibid."),
        ("ibid", "ibid"),
        ("Ibidem", "Ibidem"),
        ("Id. at 4.", "Id."),
        ("Idem, p. 2.", "Idem"),
        ("Ebd., S. 4.", "Ebd."),
        ("Ebenda.", "Ebenda"),
        ("a. a. O., S. 9", "a. a. O."),
        ("Op. cit., p. 3.", "Op. cit."),
        ("Smith, op. cit., p. 3.", "op. cit."),
        ("Loc. cit.", "Loc. cit."),
        ("同上，第4页。", "同上"),
        ("“Ibid.”", "Ibid."),
    ],
)
def test_a_note_that_leans_on_another_is_named_with_the_reason(note: str, words: str):
    found = said(revision("Survey, 2019.", note), "ibid")
    assert len(found) == 1
    assert found[0].startswith(f"Note 2 ({note}) says “{words}”: it leans on a note before it")
    assert "as soon as a note is moved" in found[0]


@pytest.mark.parametrize(
    "note", ["Idaho Gazette.", "ID card no. 4", "Ideas, 2019", "Ibidon Press", "Opus, cited in x"]
)
def test_words_that_only_look_like_it_are_let_be(note: str):
    assert said(revision("Survey.", note), "ibid") == []


def test_an_ibid_in_the_first_note_has_nothing_to_lean_on():
    assert "no note stands before it" in said(revision("Ibid."), "ibid")[0]


def test_an_ibid_whose_neighbour_changed_since_it_was_published_says_so():
    before = revision("One.", "Two.", "Ibid.")
    now = revision("One.", "Two.", "Ibid.")
    now.notes = [now.notes[1], now.notes[0], now.notes[2]]
    assert "another note stands before it now" in said(now, "ibid", before=before)[0]


def test_a_long_note_is_named_by_its_beginning():
    words = said(revision("One.", f"Ibid., {'and so on ' * 30}"), "ibid")[0]
    assert "…)" in words
    assert len(words) < 260


def test_notes_that_say_the_same_are_named_once_a_pair():
    found = revision("River survey  2019.", "Own file.", "River survey 2019.", "Ibid.", "Ibid.")
    assert said(found, "same-notes") == ["Notes 1 and 3 say the same: merge them."]


def test_the_same_words_over_different_links_are_different_sources():
    first, second = (f'<a href="https://example.org/{n}">Report</a>' for n in (1, 2))
    assert said(revision(first, second), "same-notes") == []
    assert len(said(revision(first, second, "Report"), "same-notes")) == 1


def test_none_of_this_forbids_publishing():
    found = revision("Same.", "Same.", "Ibid.")
    found.pk = 0
    assert blocks(found) == []
