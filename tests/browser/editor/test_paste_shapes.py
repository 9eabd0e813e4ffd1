"""The examples of tests/intake/note_shapes.py, and pages made by chance, through the editor's paste: all in one page load."""

import json
import re

import pytest
from lxml.html import fromstring

from releases.text.clean import clean
from tests.browser.editor.conftest import Desk
from tests.depth import times
from tests.intake.generated import UNSEEN, Maker, letters
from tests.intake.note_shapes import SHAPES, read

pytestmark = pytest.mark.browser

_TIDY = """async ([address, pages]) => { const { tidyPasted } = await import(address); return pages.map((html) => {
    try { return tidyPasted(html, "en") } catch (error) { return { html: String(error.stack), report: { counts: {} }, removed: {} } } }) }"""
_CARRIED = re.compile(r'<sup class="footnote-ref" data-footnote="([^"]*)"><a href="#fn-(\w+)">0</a></sup>')
PAGES = times("PAGES", 200, 3000)


def pasted(desk: Desk, pages: list[str]) -> list[dict]:
    """What the paste makes of each page: a body as it would be stored, the counts of the report, the words that went."""
    address = f"{desk.base}/static/js/editor/paste/tidy.js"
    found = []
    for start in range(0, len(pages), 500):
        found += desk.page.evaluate(_TIDY, [address, pages[start : start + 500]])
    for one in found:
        notes: dict[str, str] = {}

        def citation(match: re.Match[str], notes: dict[str, str] = notes) -> str:
            words = fromstring(f"<p title='{match[1]}'></p>".replace("'", '"')).get("title")
            notes[match[2]] = json.loads(words)[1]
            return f'<sup class="footnote-ref"><a href="#fn-{match[2]}">0</a></sup>'

        html = _CARRIED.sub(citation, one["html"])
        below = "".join(f'<li id="fn-{key}">{words}</li>' for key, words in notes.items())
        one["body"] = clean(html + (f'<ol class="footnotes">{below}</ol>' if below else "")).html
    return found


def test_every_shape_becomes_the_notes_that_it_becomes_on_a_saved_page(shared_desk: Desk):
    wrong = {}
    for (name, shape), found in zip(
        SHAPES.items(), pasted(shared_desk, [one.html for one in SHAPES.values()]), strict=True
    ):
        got = (*read(found["body"]), found["report"]["counts"].get("unsure", 0))
        if got != (shape.text, shape.notes, shape.unsure):
            wrong[name] = got
    assert wrong == {}


def test_no_word_is_lost_and_none_runs_into_a_figure(shared_desk: Desk):
    made = [Maker(seed).page() for seed in range(PAGES)]
    wrong = []
    for page, found in zip(made, pasted(shared_desk, [one.html for one in made]), strict=True):
        came = letters(fromstring(f"<div>{page.html}</div>").text_content())
        kept = letters(fromstring(f"<div>{re.sub(r'<sup class=.footnote-ref.>.*?</sup>', '', found['body']) or '<p></p>'}</div>").text_content())  # fmt: skip
        taken = letters(" ".join(word for words in found["removed"].values() for word in words))
        unsaid = [
            kind
            for kind in found["removed"]
            if kind not in ("label", "code") and not found["report"]["counts"].get(kind)
        ]
        notes = [re.sub(r"<[^>]+>", "", one) for one in read(found["body"])[1]]
        runs = set(re.findall(r"\d{4,}", re.sub(r"<[^>]+>", "|", found["body"])))
        if came != kept + taken or unsaid or (page.notes is not None and notes != page.notes) or not runs <= page.numbers | {"2019", "2011"}:  # fmt: skip
            wrong.append((page, found))
    assert wrong[:3] == []


def test_each_thing_that_is_left_out_is_said_with_its_place(shared_desk: Desk):
    pages = {kind: f"<p>Wells ran {form.format('quite dry')} in May.</p>" for kind, form in UNSEEN.items()}
    for kind, found in zip(pages, pasted(shared_desk, list(pages.values())), strict=True):
        counts = {name: n for name, n in found["report"]["counts"].items() if n}
        assert "dry" not in found["body"], kind
        if kind in ("script", "style", "noscript"):
            assert counts == {}, kind  # never words of the text
            continue
        assert list(counts.values()) == [1], (kind, counts)
        assert found["report"]["places"][next(iter(counts))] == ["Wells ran"], kind
