"""Comparing takes steps that grow with the length of the texts and no faster; tables are compared as tables."""

import random
import re
from itertools import pairwise

import pytest

from bench._hostile_pairs import hostile_pairs
from releases.text.compare import compare, compare_words, comparison_html, diff, new_of, old_of
from releases.text.compare.diff import LOOKS_EACH, STEPS, Budget, budget_for, opcodes
from releases.text.compare.pieces import units

SMALL = 40_000
PAIRS = list(hostile_pairs(SMALL))


class Counted(str):
    """A token that counts how often it is looked at, or compared."""

    seen = 0

    def __eq__(self, other):
        Counted.seen += 1
        return str.__eq__(self, other)

    def __hash__(self):
        Counted.seen += 1
        return str.__hash__(self)


def applied(old, new, changes):
    """The new side by the changes; each has to begin where the one before ended, and to say what is so."""
    found, at = [], (0, 0)
    for kind, a, b, c, d in changes:
        assert (a, c) == at
        at = b, d
        assert (kind == "equal") == (old[a:b] == new[c:d]) or kind != "equal"
        assert {
            "equal": b > a and d > c,
            "replace": b > a and d > c,
            "delete": b > a and c == d,
            "insert": a == b and d > c,
        }[kind]
        found += old[a:b] if kind == "equal" else new[c:d]
    assert at == (len(old), len(new))
    return found


def longest_in_common(old, new):
    table = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for a, one in enumerate(old):
        for b, other in enumerate(new):
            table[a + 1][b + 1] = table[a][b] + 1 if one == other else max(table[a][b + 1], table[a + 1][b])
    return table[-1][-1]


@pytest.mark.parametrize("seed", range(4))
def test_the_changes_make_the_new_side_of_the_old_one_however_little_there_is_to_spend(seed):
    chance = random.Random(seed)
    for _ in range(800):
        of = chance.choice([1, 2, 3, 9])
        old, new = ([chance.randrange(of) for _ in range(chance.randrange(14))] for _ in range(2))
        assert applied(old, new, opcodes(old, new, budget_for(99))) == new
        poor = Budget(chance.randrange(40), chance.randrange(40))
        assert applied(old, new, opcodes(old, new, poor)) == new


def test_between_anchors_the_way_is_a_shortest_one():
    chance = random.Random(9)
    for _ in range(1000):
        old, new = ([chance.randrange(3) for _ in range(chance.randrange(12))] for _ in range(2))
        found = sorted(diff._myers(old, 0, len(old), new, 0, len(new), budget_for(99)))
        assert len(found) == longest_in_common(old, new)
        assert all(a < c and b < d for (a, b, _), (c, d, _) in pairwise(found))
        assert all(old[a] == new[b] for a, b, _ in found)


@pytest.mark.parametrize(("name", "old", "new"), PAIRS, ids=[name for name, _, _ in PAIRS])
def test_hostile_pairs_are_exact_and_take_bounded_steps(name, old, new, monkeypatch):
    budgets = []

    def counted(length):
        budgets.append(budget_for(length))
        return budgets[-1]

    monkeypatch.setattr("releases.text.compare.budget_for", counted)
    found = compare(old, new)
    assert (found.old(), found.new()) == (old, new)
    (budget,) = budgets
    length = len(old) + len(new)
    # What may be overdrawn is one look and one step: no loop goes on with an empty budget.
    assert LOOKS_EACH * length + 1000 - budget.looks <= (LOOKS_EACH + 1) * length + 1000
    assert STEPS - budget.steps <= STEPS + length
    assert found.coarse == budget.empty
    for shown in (comparison_html(found.text, side) for side in ("old", "new", "both")):
        assert set(re.findall(r"</?([a-z]+)", shown)) <= {
            "p",
            "table",
            "tr",
            "td",
            "th",
            "ins",
            "del",
            "sup",
            "span",
        }


def test_twenty_pairs_are_hostile():
    assert len(PAIRS) == 20
    assert len({name for name, _, _ in PAIRS}) == 20


@pytest.mark.parametrize("size", [2_000, 16_000])
def test_looks_at_tokens_grow_with_their_number(size):
    """Of random letters, which have no anchor, of one letter, and of words of which each is an anchor."""
    chance = random.Random(1)
    for of in (1, 2, 7, size):
        old, new = ([Counted(chance.randrange(of)) for _ in range(size)] for _ in range(2))
        Counted.seen = 0
        list(opcodes(old, new, budget_for(2 * size)))
        assert Counted.seen < 40 * size + 4 * STEPS


def test_a_table_of_equal_rows_with_one_changed_shows_the_cell():
    row = "<tr><td><p>Same</p></td><td><p>in every row</p></td></tr>"
    body = "<table><tbody>{}</tbody></table>".format
    found = compare(body(row * 400), body(row * 200 + row.replace("every", "no") + row * 199))
    assert not found.coarse
    shown = comparison_html(found.text)
    assert shown.count("<tr>") == 400
    assert shown.count("<del>") == shown.count("<ins>") == 1
    assert "<tr><td>Same</td><td>in <del>every</del><ins>no</ins> row</td></tr>" in shown


def rows(*lines):
    cells = ("".join(f"<td><p>{cell}</p></td>" for cell in line.split("|")) for line in lines)
    return f"<table><tbody>{''.join(f'<tr>{line}</tr>' for line in cells)}</tbody></table>"


def shown(old, new, side="both"):
    found = compare(old, new)
    assert (found.old(), found.new()) == (old, new)
    return comparison_html(found.text, side)


def test_an_added_row_is_one_and_leaves_the_others():
    old, new = rows("Varn|3", "Ost|4"), rows("Varn|3", "Lund|9", "Ost|4")
    assert shown(old, new) == (
        "<table><tr><td>Varn</td><td>3</td></tr><tr><td><ins>Lund</ins></td><td><ins>9</ins></td></tr>"
        "<tr><td>Ost</td><td>4</td></tr></table>"
    )
    assert (
        shown(new, old, "new")
        == "<table><tr><td>Varn</td><td>3</td></tr><tr><td>Ost</td><td>4</td></tr></table>"
    )


def test_rows_are_found_again_by_their_first_cell():
    old = rows("Varn|3|7", "Ost|4|7", "Lund|5|7")
    new = rows("Varn|3|8", "New|1|2", "Ost|5|7", "Lund|5|6")
    assert shown(old, new) == (
        "<table><tr><td>Varn</td><td>3</td><td><del>7</del><ins>8</ins></td></tr>"
        "<tr><td><ins>New</ins></td><td><ins>1</ins></td><td><ins>2</ins></td></tr>"
        "<tr><td>Ost</td><td><del>4</del><ins>5</ins></td><td>7</td></tr>"
        "<tr><td>Lund</td><td>5</td><td><del>7</del><ins>6</ins></td></tr></table>"
    )


def test_a_column_that_was_added_is_added_in_every_row():
    assert shown(rows("Varn|3", "Ost|4"), rows("Varn|x|3", "Ost|y|4")) == (
        "<table><tr><td>Varn</td><td><ins>x</ins></td><td>3</td></tr>"
        "<tr><td>Ost</td><td><ins>y</ins></td><td>4</td></tr></table>"
    )


def test_a_table_beside_changed_text_is_still_a_table():
    old = f"<p>Before it.</p>{rows('Varn|3')}<p>After.</p>"
    new = f"<p>Before that.</p>{rows('Varn|4')}<p>After all.</p>"
    assert shown(old, new) == (
        "<p>Before <del>it</del><ins>that</ins>.</p><table><tr><td>Varn</td><td><del>3</del><ins>4</ins></td></tr></table>"
        "<p>After<ins> all</ins>.</p>"
    )


def test_a_table_made_of_paragraphs_shows_all_words_of_both():
    for side, wanted in (("old", "Varn 3"), ("new", "Varn3")):
        words = re.sub(r"<[^>]*>", "", shown("<p>Varn 3</p>", rows("Varn|3"), side))
        assert words == wanted


def test_tables_with_rows_of_different_lengths_are_filled_up():
    text = shown("<p>x</p>", "<p>x</p>" + rows("a|b|c", "d"))
    assert text.count("<td") == 6


def test_random_tables_are_exact_and_each_side_has_its_words():
    chance = random.Random(4)
    for _ in range(300):
        old, new = (
            rows(
                *(
                    "|".join(chance.choices("abc", k=chance.randrange(1, 5)))
                    for _ in range(chance.randrange(1, 7))
                )
            )
            for _ in range(2)
        )
        for side, html in (("old", old), ("new", new)):
            words = re.sub(r"<[^>]*>", "", shown(old, new, side))
            assert words == re.sub(r"<[^>]*>", "", html)


def test_too_much_is_said_to_be_too_different_and_blocks_still_stand_against_blocks():
    chance = random.Random(2)
    hostile = [" ".join(chance.choices("ab", k=20_000)) for _ in range(2)]
    old, new = (f"<p>Kept.</p><p>{one}</p><p>Kept, too.</p>" for one in hostile)
    found = compare(old, new)
    assert found.coarse
    assert (found.text[0].kind, found.text[-1].kind) == ("same", "same")
    assert found.text[0].old.startswith("<p>Kept.</p>")
    assert found.text[-1].old.endswith("<p>Kept, too.</p>")
    assert not compare(old, old).coarse


def test_plain_words_are_bounded_too():
    chance = random.Random(3)
    old, new = (" ".join(chance.choices("ab", k=30_000)) for _ in range(2))
    found = compare_words(old, new)
    assert (old_of(found), new_of(found)) == (old, new)


def test_units_are_blocks_and_rows():
    html = f"<p>a</p>{rows('x|y', 'z')}<ul><li><p>b</p></li></ul>tail"
    assert "".join(units(html)) == html
    assert units(html)[:4] == [
        "<p>a</p>", "<table><tbody>", "<tr><td><p>x</p></td><td><p>y</p></td></tr>", "<tr><td><p>z</p></td></tr>",
    ]  # fmt: skip
