"""The generated newsroom: the same each time, in the shapes that a measurement needs."""

import re
from collections import Counter
from itertools import islice

import pytest

from releases.sample.generate import MOST_NOTES, generated


@pytest.fixture(scope="module")
def some():
    return list(generated(600))


def test_the_same_seed_makes_the_same_texts_and_another_seed_others(some):
    assert list(generated(20)) == some[:20]
    assert list(generated(20, seed=2)) != some[:20]


def test_texts_are_made_one_at_a_time(some):
    assert list(islice(generated(10**9), 2)) == some[:2]


def test_keys_and_titles_are_all_different(some):
    assert len({text.key for text in some}) == len({text.title for text in some}) == len(some)


def test_about_one_in_ten_is_chinese(some):
    chinese = sum(text.language.startswith("zh") for text in some)
    assert 0.06 < chinese / len(some) < 0.14


def test_notes_run_from_none_to_twelve_in_the_order_of_their_citations(some):
    counts = Counter()
    for text in some:
        notes = re.findall(r'<li id="fn-([a-z0-9]{6})">', text.body)
        cited = re.findall(r'<a href="#fn-([a-z0-9]{6})" id="fnref-\1(?:-\d+)?">(\d+)</a>', text.body)
        assert list(dict.fromkeys(cited)) == [(key, str(number)) for number, key in enumerate(notes, 1)]
        counts[len(notes)] += 1
    assert set(counts) == set(range(MOST_NOTES + 1))


def test_topics_are_skewed_and_dates_spread_over_twenty_years(some):
    topics = Counter(topic for text in some for topic in text.topics)
    common = topics.most_common()
    assert common[0][1] > 10 * common[len(common) // 2][1]
    assert {text.date.day.year for text in some} == set(range(2006, 2026))


def test_no_text_names_a_topic_twice(some):
    assert all(len(text.topics) == len(set(text.topics)) for text in some)
