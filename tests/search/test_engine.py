"""The databases answer from their index, never by reading every row; and nothing typed can be syntax to them."""

import re

import pytest
from django.db import connection
from hypothesis import example, given, settings
from hypothesis import strategies as st

from releases.search import parse
from releases.search.bitmap import BitmapIndex, _positions
from releases.search.engine import IndexQuery, explain, matching_ids
from tests.depth import times

pytestmark = pytest.mark.django_db
ASKED = (
    "salt",
    "the",
    "salt water",
    '"salt water"',
    '"the salt of the sea"',
    "sal*",
    "人权",
    "-salt",
    "salt -water",
)


def questions(typed):
    query = parse(typed)
    contains = tuple(clause.contains for clause in query.wanted if clause.contains)
    whole = [IndexQuery(query.expression(), contains)] if query.wanted else []
    ranks = [query.title_expression, query.about_expression, query.near_expression]
    return [*whole, *(IndexQuery(one) for one in ranks if one), *map(IndexQuery.for_clause, query.unwanted)]


@pytest.mark.parametrize("typed", ASKED)
def test_every_question_is_answered_by_the_index(make_release, typed):
    for number in range(3):
        make_release(f"Salt {number}", body="<p>The salt of the sea, the salt water. 人权</p>")
    for question in questions(typed):
        plan = explain(question)
        if connection.vendor == "sqlite":
            assert "SCAN releases_search VIRTUAL TABLE INDEX 0:M" in plan, plan
            assert not re.search(r"SCAN (?!releases_search VIRTUAL)", plan), plan
        else:
            assert "Bitmap Index Scan on releases_search " in plan, plan
            assert "Seq Scan" not in plan, plan


@settings(max_examples=times("EXAMPLES", 80, 1000), deadline=None)
@given(st.text("\"'-*()&|!:<>\\^~%_;{}[]+=#$,./?`\x00 aAé人ཀ7", max_size=40))
@example('a" OR terms:b NEAR(c) AND NOT *')
@example("'\\'); DROP TABLE x; --")
def test_nothing_that_is_typed_needs_escaping(typed):
    for question in questions(typed):
        for group in question.expression:
            for term in group:
                assert not re.search(r"[\x00-\x20\"'\\!-/:-@\[-`{-~]", term.text), term


@pytest.mark.django_db(transaction=True)
def test_the_planner_is_told_of_the_index_for_one_statement_alone(make_release):
    release = make_release("Salt")
    assert list(matching_ids(questions("salt"))[0]) == [release.search_entries.get().pk]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SHOW enable_seqscan")
            assert cursor.fetchone() == ("on",)


@given(st.sets(st.integers(1, 40), min_size=1), st.sets(st.integers(1, 60)))
def test_many_rows_and_few_make_the_set_that_they_name(standing, rows):
    """Rows without a position (drafts, and those younger than the index) are in no set."""
    entries = sorted(standing, key=lambda entry: entry * 7 % 41)
    index = BitmapIndex(entries, _positions(entries), frozenset(entries), {}, {}, {})
    assert list(index.slice(index.bitmap_of(sorted(rows)), 0, 60)) == [
        entry for entry in entries if entry in rows
    ]
