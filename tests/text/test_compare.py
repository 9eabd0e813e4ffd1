"""Comparing bodies: exact over random pairs, notes found again wherever they moved, safe to show."""

import random

import pytest

from releases.text.clean import clean
from releases.text.compare import compare, compare_words, marked, new_of, old_of
from tests.text.pairs import random_body, random_edit


def cited(key, number, words="Claim"):
    return f'{words}<sup class="footnote-ref"><a href="#fn-{key}" id="fnref-{key}">{number}</a></sup>'


def noted(*notes):
    return '<ol class="footnotes">' + "".join(f'<li id="fn-{k}"><p>{w}</p></li>' for k, w in notes) + "</ol>"


@pytest.mark.parametrize("seed", range(20))
def test_both_sides_can_be_rebuilt_from_the_comparison_of_fifty_random_pairs(seed):
    chance = random.Random(seed)
    for _ in range(50):
        old = clean(random_body(chance)).html
        new = (
            clean(random_edit(chance, old)).html if chance.random() < 0.8 else clean(random_body(chance)).html
        )
        found = compare(old, new)
        assert found.old() == old
        assert found.new() == new
        assert found.changed or old == new or "footnote" in old
        for shown in (marked(found.text), *(marked(note.pieces) for note in found.notes)):
            assert "<script" not in shown


def test_nothing_changed_is_nothing_marked():
    body = f"<p>{cited('aaaa', 1)} and more.</p>{noted(('aaaa', 'A source.'))}"
    found = compare(body, body)
    assert not found.changed
    assert "<ins>" not in marked(found.text)


def test_a_changed_word_is_marked_and_only_that_word():
    found = compare("<p>It was on June 9.</p>", "<p>It was on June 10.</p>")
    assert marked(found.text) == "<p>It was on June <del>9</del><ins>10</ins>.</p>"


def test_a_new_note_before_another_changes_no_word_of_the_other_one():
    old = f"<p>{cited('aaaa', 1)}.</p>{noted(('aaaa', 'A source.'))}"
    new = f"<p>{cited('bbbb', 1, 'New')}. {cited('aaaa', 2)}.</p>{noted(('bbbb', 'Another.'), ('aaaa', 'A source.'))}"
    found = compare(old, new)
    by_key = {note.key: note for note in found.notes}
    assert not by_key["aaaa"].changed
    assert (by_key["aaaa"].old_number, by_key["aaaa"].new_number) == (1, 2)
    assert by_key["bbbb"].old_number is None
    assert (found.old(), found.new()) == (old, new)


def test_a_removed_note_is_shown_as_removed():
    old = f"<p>{cited('aaaa', 1)}</p>{noted(('aaaa', 'Its words.'))}"
    found = compare(old, "<p>Claim</p>")
    assert found.notes[0].new_number is None
    assert "<del>Its words.</del>" in marked(found.notes[0].pieces)


def test_a_changed_form_is_named():
    found = compare("<p>A word</p>", "<p>A <strong>word</strong></p>")
    assert "‹strong›" in marked(found.text)


def test_chinese_is_compared_by_the_character():
    assert marked(compare("<p>他五月三十日说</p>", "<p>他六月三十日说</p>").text) == (
        "<p>他<del>五</del><ins>六</ins>月三十日说</p>"
    )


def test_words_that_look_like_markup_are_shown_as_words():
    found = compare("<p>x</p>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>")
    assert "<script" not in marked(found.text)
    title = compare_words("a", '<img src=x onerror="x">')
    assert "<img" not in marked(title, html=False)
    assert (old_of(title), new_of(title)) == ("a", '<img src=x onerror="x">')


def test_each_side_alone_shows_its_own_words():
    pieces = compare("<p>old word</p>", "<p>new word</p>").text
    assert marked(pieces, "old") == "<p><del>old</del> word</p>"
    assert marked(pieces, "new") == "<p><ins>new</ins> word</p>"


def test_a_long_text_is_compared_in_time_that_nobody_notices():
    paragraphs = [f"<p>{' '.join(f'word{n}x{m}' for m in range(80))}.</p>" for n in range(400)]
    changed = [p.replace("word7x", "other7x") if n % 40 == 0 else p for n, p in enumerate(paragraphs)]
    found = compare("".join(paragraphs), "".join(changed[1:]))
    assert found.new() == "".join(changed[1:])
