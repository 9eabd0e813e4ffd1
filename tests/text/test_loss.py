"""What is gone of a text is counted in words, wherever they stood and however long the rest is."""

import random

import pytest

from releases.text.clean import clean
from releases.text.compare import count_lost, differing_part, is_large, words_in
from tests.text.pairs import random_body, random_edit


@pytest.mark.parametrize(
    ("old", "new", "lost"),
    [
        ("<p>One two three.</p>", "<p>One three.</p>", 1),
        ("<p>One two three.</p>", "<p>three, two; ONE one One</p>", 0),
        ("<p>one one one</p>", "<p>one</p>", 2),
        ("<p>公民的权利</p>", "<p>公民权利</p>", 1),
        ("<p>བོད་ཀྱི་སྐད་</p>", "<p>བོད་སྐད་</p>", 1),
        ("<p>AT&amp;T</p>", "<p>AT T</p>", 0),
        ('<p>x<sup class="footnote-ref"><a href="#fn-a">1</a></sup></p>', "<p>x</p>", 0),
        ("<p><em>One</em>two</p>", "<p><strong>One</strong> two</p>", 0),
    ],
)
def test_words_that_are_nowhere_any_more(old, new, lost):
    assert count_lost(words_in(old), words_in(new)) == lost


@pytest.mark.parametrize(
    ("lost", "of", "large"),
    [
        (2, 2, False),
        (3, 3, True),
        (3, 9, True),
        (3, 12, False),
        (19, 900, False),
        (20, 900, True),
        (20, 20, True),
    ],
)
def test_twenty_words_are_many_or_a_third_of_a_short_text(lost, of, large):
    assert is_large(lost, ["word"] * of) is large


@pytest.mark.parametrize("seed", range(30))
def test_what_both_texts_begin_and_end_with_changes_no_count(seed):
    chance = random.Random(seed)
    old = clean(random_body(chance)).html
    for new in (clean(random_edit(chance, old)).html, clean(random_body(chance)).html, "", old):
        for one, other in ((old, new), (new, old)):
            cut = differing_part(one, other)
            assert count_lost(*map(words_in, cut)) == count_lost(words_in(one), words_in(other))


def test_a_word_typed_into_a_long_text_looks_at_its_paragraph_alone():
    paragraphs = [f"<p>{'word ' * 70}{n}</p>" for n in range(2000)]
    old = "".join(paragraphs)
    paragraphs[1000] = paragraphs[1000].replace("word", "mended", 1)
    one, other = differing_part(old, "".join(paragraphs))
    assert len(one) + len(other) < 1000
