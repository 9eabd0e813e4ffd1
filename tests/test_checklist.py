"""What the checklist says before a release goes out."""

from datetime import timedelta

import pytest
from django.utils import timezone

from releases import workflow
from releases.checklist import blocks, checklist
from releases.models import Release, Revision

pytestmark = pytest.mark.django_db


def revision(*notes: str) -> Revision:
    """A revision with these notes, as a save would derive them; not stored."""
    return Revision(
        release=Release(language="en"),
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


def test_what_only_advises_is_not_looked_for_when_a_release_goes_out(makers, django_assert_num_queries):
    """What forbids it stands in the row itself: other releases of the same title, topics and scripts are advice."""
    draft = makers.draft("A title", notes=2)
    assert any(point.code == "no-topic" for point in checklist(draft.working))
    with django_assert_num_queries(0):
        assert blocks(draft.working) == []


FIGURE = "<p>Filed on May 30<sup>4</sup> in town.</p>"


@pytest.mark.parametrize(
    ("code", "body"),
    [
        ("empty-block", "<h2></h2><p>Words.</p>"),
        ("empty-block", "<p>Words.</p><p>&nbsp;</p>"),
        ("empty-block", "<ul><li><p>One</p></li><li><p></p></li></ul>"),
        ("empty-block", "<table><tbody><tr><td><p></p></td></tr></tbody></table><p>Words.</p>"),
        ("raised-figure", FIGURE),
        ("raised-figure", "<p>Filed in town<sup>[12]</sup>.</p>"),
    ],
)
def test_what_an_import_or_a_slip_left_in_the_text_is_named(make_draft, code, body):
    assert len(said(make_draft(body=body).working, code)) == 1


@pytest.mark.parametrize(
    ("code", "body"),
    [
        (
            "empty-block",
            "<p>Words.</p><hr><table><tbody><tr><td><p>a</p></td><td><p></p></td></tr></tbody></table>",
        ),
        ("raised-figure", "<p>40 m<sup>2</sup>, 10<sup>6</sup>, the 4<sup>th</sup></p>"),
        ("picture-mark", "<p>[a picture]</p>"),
    ],
)
def test_what_belongs_there_is_let_be(make_draft, code, body):
    assert said(make_draft(body=body).working, code) == []


def test_the_mark_of_a_picture_does_not_go_out(make_draft, editor):
    draft = make_draft(body="<p>Words.</p><p>[🖼 The dam]</p>")
    with pytest.raises(workflow.Refused, match="The dam"):
        workflow.publish(draft, by=editor)


def test_a_note_of_a_few_letters_is_no_source():
    found = said(revision("p. 9", "Archive of the town, box 4."), "short-note")
    assert found == ["Note 1 says only “p. 9”: a reader cannot find that source."]


CHINESE = "民间团体周一公布了井水的检测结果，并要求政府说明原因。"
ENGLISH = "The survey of the wells was published on Monday morning, with all figures."


@pytest.mark.parametrize(
    ("language", "text", "script"),
    [
        ("en", CHINESE, "Chinese"),
        ("zh-hans", ENGLISH, "Latin"),
        ("bo", ENGLISH, "Latin"),
        ("ug", CHINESE, "Chinese"),
        ("zh-hant", CHINESE, ""),
        ("en", ENGLISH, ""),
        ("en", "人权", ""),
        ("zh-hans", f"{CHINESE} (Reuters, AFP)", ""),
    ],
)
def test_a_language_that_the_letters_do_not_fit_is_pointed_out(make_draft, language, text, script):
    found = said(make_draft(language=language, body=f"<p>{text}</p>").working, "language")
    assert [script in words for words in found] == [True] * bool(script)


def test_two_releases_with_one_title_in_a_month_are_pointed_out(make_draft, make_release, writer):
    make_release("Wells of the valley")
    assert said(make_draft("wells of the Valley").working, "same-title")
    assert not said(make_draft("Wells of the hills").working, "same-title")


def test_a_title_of_a_year_ago_and_a_colleagues_embargo_are_not(make_draft, make_release, writer):
    make_release("Annual report", publish_at=timezone.now() - timedelta(days=365))
    make_release("Secret plan", publish_at=timezone.now() + timedelta(days=1))
    assert not said(make_draft("Annual report", by=writer).working, "same-title")
    assert not said(make_draft("Secret plan", by=writer).working, "same-title")


def with_body(body: str) -> Revision:
    found = revision()
    found.body = body
    return found


CITED = '<sup class="footnote-ref"><a href="#fn-aaaa" id="fnref-aaaa">1</a></sup>'
NOTE = '<ol class="footnotes"><li id="fn-aaaa"><p>One.</p></li></ol>'


@pytest.mark.parametrize(("body", "named"), [
    ("<p>On May 302 they met in Asia,1 they say.</p><p>1. One.</p><p>2. Two.</p>", ["On May 302", "302 they met in Asia,1"]),
    ("<p>On May 302 they met.</p><ol><li><p>One.</p></li><li><p>Two.</p></li></ol>", ["On May 302"]),
    (f"<p>They met{CITED} on June 9.1 Such.</p>{NOTE}", ["They met[1] on June 9.1"]),
    ("<p>On May 302 they met.</p><ol><li><p>One.</p></li><li><p>Two.</p></li></ol><p>More.</p>", []),
    ("<p>On May 302 they met in Asia,1 they say.</p>", []),
    (f"<p>They met{CITED} on June 9.2 Such, on May 30, in the G20.</p>{NOTE}", []),
    ("<p>See Article 19 and 5.2 million, 40 m<sup>2</sup>.</p><p>1. One.</p><p>2. Two.</p>", []),
])  # fmt: skip
@pytest.mark.django_db
def test_a_number_that_runs_into_a_word_is_named_where_it_has_a_note(body: str, named: list[str]):
    words = said(with_body(body), "glued")
    assert [one.split("”")[0].lstrip("“") for one in words] == named
