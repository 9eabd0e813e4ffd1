"""Comparing bodies: exact over random pairs, notes found again wherever they moved, safe to show."""

import random
import re
from collections import Counter
from html import unescape
from itertools import pairwise

import pytest

from releases.text.clean import clean
from releases.text.compare import compare, compare_words, comparison_html, new_of, old_of
from releases.text.notes import notes_of
from tests.text.pairs import random_body, random_edit


def cited(key, number, words="Claim"):
    return f'{words}<sup class="footnote-ref"><a href="#fn-{key}" id="fnref-{key}">{number}</a></sup>'


def noted(*notes):
    return '<ol class="footnotes">' + "".join(f'<li id="fn-{k}"><p>{w}</p></li>' for k, w in notes) + "</ol>"


def random_pair(chance):
    """Two stored bodies; mostly the second is an edit of the first."""
    old = clean(random_body(chance)).html
    return old, clean(random_edit(chance, old) if chance.random() < 0.8 else random_body(chance)).html


def unnumbered(html):
    """With each citation as its note's key alone: a number is no word of the writer's."""
    return re.sub(r'<sup class="footnote-ref"><a href="#fn-([a-z0-9]+)".*?</sup>', r"{\1}", html)


def read(html):
    """What somebody reads: the words without spaces, citations as [n], and nothing of the forms that are named."""
    html = re.sub(r'<span class="form">.*?</span>', "", html)
    html = re.sub(
        r'<sup class="(?:footnote-ref|cited)">(?:<a [^>]*>)?\[?(\d+)\]?(?:</a>)?</sup>', r"[\1]", html
    )
    return re.sub(r"\s+", "", unescape(re.sub(r"<[^>]*>", "", html)))


@pytest.mark.parametrize("seed", range(20))
def test_notes_and_words_are_exact_over_fifty_random_pairs(seed):
    """Twenty times fifty are a thousand."""
    chance = random.Random(seed)
    for _ in range(50):
        old, new = random_pair(chance)
        found = compare(old, new)
        assert (found.old(), found.new()) == (old, new)
        # Each note of either side once, with the number and the words that it has there (read by another parser).
        sides = [{note.key: note for note in notes_of(html)} for html in (old, new)]
        by_key = {note.key: note for note in found.notes}
        assert len(by_key) == len(found.notes)
        assert by_key.keys() == sides[0].keys() | sides[1].keys()
        for key, note in by_key.items():
            was, now = (side.get(key) for side in sides)
            assert (note.old_number, note.new_number) == (was and was.number, now and now.number)
            assert old_of(note.pieces) == (f'<li id="fn-{key}">{was.html}</li>' if was else "")
            assert new_of(note.pieces) == (f'<li id="fn-{key}">{now.html}</li>' if now else "")
            assert note.changed == ((was and was.html) != (now and now.html))
            assert read(comparison_html(note.pieces, "old")) == (read(was.html) if was else "")
            assert read(comparison_html(note.pieces, "new")) == (read(now.html) if now else "")
        # What is not marked is the same on both sides, and each side shows all its words and numbers.
        assert all(unnumbered(p.old) == unnumbered(p.new) for p in found.text if p.kind == "same")
        texts = [html.partition('<ol class="footnotes">')[0] for html in (old, new)]
        for one, next_ in pairwise(found.text):
            assert (one.kind, next_.kind) != ("removed", "added") or unnumbered(one.old) != unnumbered(
                next_.new
            )
        assert any(piece.kind != "same" for piece in found.text) == (
            unnumbered(texts[0]) != unnumbered(texts[1])
        )
        assert [read(comparison_html(found.text, side)) for side in ("old", "new")] == [
            read(text) for text in texts
        ]
        for shown in (comparison_html(found.text), *(comparison_html(note.pieces) for note in found.notes)):
            assert set(re.findall(r"</?([a-z]+)", shown)) <= {"p", "ins", "del", "sup", "span"}


def test_the_random_pairs_add_edit_delete_move_and_cite_again_a_note_often_enough():
    seen = Counter()
    for seed in range(20):
        chance = random.Random(seed)
        for _ in range(50):
            was, now = ({note.key: note for note in notes_of(html)} for html in random_pair(chance))
            both = was.keys() & now.keys()
            seen["added"] += bool(now.keys() - was.keys())
            seen["deleted"] += bool(was.keys() - now.keys())
            seen["edited"] += any(was[key].html != now[key].html for key in both)
            seen["moved"] += [key for key in was if key in both] != [key for key in now if key in both]
            seen["renumbered"] += any(was[key].number != now[key].number for key in both)
            seen["cited twice"] += any(now[key].citations > 1 for key in both)
            seen["uncited"] += any(note.citations == 0 for note in now.values())
    few = {"uncited": 40, "moved": 70}
    assert not {what: n for what, n in seen.items() if n < few.get(what, 100)}, seen
    assert len(seen) == 7


@pytest.mark.parametrize(
    "end",
    ["", "<li>Without a key.</li>", '<p>x</p><li id="fn-aaaa"><p>x</p></li>', '<li id="fn-aaaa">a</li>' * 2],
)
def test_a_list_that_is_no_list_of_notes_is_compared_as_text(end):
    old, new = f'<p>One</p><ol class="footnotes">{end}</ol>', "<p>Two</p>"
    found = compare(old, new)
    assert (found.old(), found.new(), found.notes) == (old, new, ())
    assert compare(old, old).changed is False


def test_nothing_changed_is_nothing_marked():
    body = f"<p>{cited('aaaa', 1)} and more.</p>{noted(('aaaa', 'A source.'))}"
    found = compare(body, body)
    assert not found.changed
    assert "<ins>" not in comparison_html(found.text)


def test_a_changed_word_is_marked_and_only_that_word():
    found = compare("<p>It was on June 9.</p>", "<p>It was on June 10.</p>")
    assert comparison_html(found.text) == "<p>It was on June <del>9</del><ins>10</ins>.</p>"


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
    assert "<del>Its words.</del>" in comparison_html(found.notes[0].pieces)


def test_a_changed_form_is_named():
    found = compare("<p>A word</p>", "<p>A <strong>word</strong></p>")
    assert "‹strong›" in comparison_html(found.text)


def test_chinese_is_compared_by_the_character():
    assert comparison_html(compare("<p>他五月三十日说</p>", "<p>他六月三十日说</p>").text) == (
        "<p>他<del>五</del><ins>六</ins>月三十日说</p>"
    )


def test_words_that_look_like_markup_are_shown_as_words():
    found = compare("<p>x</p>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>")
    assert "<script" not in comparison_html(found.text)
    title = compare_words("a", '<img src=x onerror="x">')
    assert "<img" not in comparison_html(title, html=False)
    assert (old_of(title), new_of(title)) == ("a", '<img src=x onerror="x">')


def test_each_side_alone_shows_its_own_words():
    pieces = compare("<p>old word</p>", "<p>new word</p>").text
    assert comparison_html(pieces, "old") == "<p><del>old</del> word</p>"
    assert comparison_html(pieces, "new") == "<p><ins>new</ins> word</p>"


def test_a_long_text_is_compared_in_time_that_nobody_notices():
    paragraphs = [f"<p>{' '.join(f'word{n}x{m}' for m in range(80))}.</p>" for n in range(400)]
    changed = [p.replace("word7x", "other7x") if n % 40 == 0 else p for n, p in enumerate(paragraphs)]
    found = compare("".join(paragraphs), "".join(changed[1:]))
    assert found.new() == "".join(changed[1:])
