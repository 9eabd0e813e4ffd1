"""Words in are words out, and what the report names: on pages made by chance (3000 pages in the deep run)."""

import re

import pytest
from lxml.html import fromstring

from releases.text.clean import clean
from tests.depth import times
from tests.intake.generated import UNSEEN, Maker, letters
from tests.intake.note_shapes import read
from tests.intake.saved import page

CODES = {"label", "code"}  # what the notes stand for, and what was never words


def check(seed: int) -> None:
    made = Maker(seed).page()
    found = page(made.html)
    came = letters(fromstring(f"<div>{made.html}</div>").text_content())
    kept = letters(
        fromstring(
            f"<div>{re.sub(r'<sup class=.footnote-ref.>.*?</sup>', '', found.body) or '<p></p>'}</div>"
        ).text_content()
    )
    taken = letters(" ".join(word for words in found.report.dropped.values() for word in words))
    assert came == kept + taken, (made, found.body, found.report.dropped)
    for code in set(found.report.dropped) - CODES:
        assert found.report.counts.get(code), (made, code)
    if made.notes is not None:
        notes = [re.sub(r"<[^>]+>", "", one) for one in read(found.body)[1]]
        assert notes == made.notes, (made, found.body)
    # No figure has run into another.
    runs = set(re.findall(r"\d{4,}", re.sub(r"<[^>]+>", "|", found.body)))
    assert runs <= made.numbers | {"2019", "2011"}, (made, found.body)
    assert clean(found.body).html == found.body


PAGES = times("PAGES", 100, 3000)


def test_no_word_is_lost_and_none_runs_into_a_figure():
    for seed in range(PAGES):
        check(seed)


@pytest.mark.parametrize("kind", sorted(UNSEEN))
def test_each_thing_that_is_left_out_is_said_with_its_place(kind):
    found = page(f"<p>Wells ran {UNSEEN[kind].format('quite dry')} in May.</p>")
    said = {code: count for code, count in found.report.counts.items() if code not in ("date", "title")}
    if kind in ("script", "style", "noscript"):
        assert said == {}  # never words of the text
        assert found.report.dropped == {"code": ["quite dry"]}
        return
    assert list(said.values()) == [1]
    assert "Wells ran" in " ".join(found.report.details[next(iter(said))])
    assert "dry" not in found.body
