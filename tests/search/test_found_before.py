"""What was found is kept by revision, so that a text is read once; never longer than it is right."""

import pytest
from django.utils import timezone

from releases import editions, workflow
from releases.edition_cache import Newest
from releases.search import parse
from releases.search.analysis import IDEOGRAPH
from releases.search.find import _ROWS, found_before, hits_for
from releases.search.highlight import _pattern
from releases.workflow import Words

pytestmark = pytest.mark.django_db


def hits(*releases, q="salt"):
    return hits_for([one.pk for one in releases], parse(q), found_before(editions.current()))


def text(hit):
    return "".join(piece.text for snippet in hit.found.snippets for piece in snippet)


def test_a_release_that_was_shown_is_shown_again_without_its_text(make_release):
    one, other = (
        make_release("Salt", body="<p>Salt rose.</p>"),
        make_release("Salt", body="<p>Salt fell.</p>"),
    )
    (shown,) = hits(one)
    again, new = hits(one, other)
    assert again.found is shown.found
    assert "Salt fell." in text(new)
    row = {"pks": [one.pk], "moment": timezone.now()}
    assert [_ROWS.rows({**row, "known": known})[0][-1] for known in ([one.live.pk], [])] == ["", "Salt rose."]


def test_it_stays_when_another_release_is_published(make_release):
    one = make_release("Salt")
    (shown,) = hits(one)
    make_release("Pepper")
    assert hits(one)[0].found is shown.found


def test_another_question_is_shown_other_words(make_release):
    one = make_release("Prices", body="<p>Salt rose.</p><p>Grain fell.</p>")
    assert hits(one)[0].found is not hits(one, q="grain")[0].found


def test_new_words_are_shown_at_once(make_release, editor):
    one = make_release("Prices", body="<p>Salt rose.</p>")
    assert "Salt rose." in text(*hits(one))
    one = workflow.save_draft(one, Words(title="Prices", body="<p>Salt sank.</p>"), by=editor)
    workflow.correct(one, by=editor, note="It sank.")
    assert text(*hits(one)) == "Salt sank."


def test_a_withdrawn_release_is_not_shown_again(make_release, editor):
    one = make_release("Salt")
    assert hits(one)
    workflow.withdraw(one, by=editor, notice="It was wrong.")
    assert not hits(one)


def test_when_everything_changes_all_is_read_again(make_release):
    one = make_release("Salt")
    (shown,) = hits(one)
    editions.raise_edition(timezone.now())
    assert hits(one)[0].found is not shown.found


def test_the_oldest_go():
    kept = Newest(2)
    for number in range(3):
        kept.keep(number, str(number))
    assert [kept.get(number) for number in range(3)] == [None, "1", "2"]


def test_the_pattern_of_a_new_question_is_compiled_without_all_ideographs():
    for clause in parse('salt "price of salt" irrig*').wanted:
        assert IDEOGRAPH.pattern not in _pattern(clause)[0].pattern
