"""Pasting what programs put around notes: both kinds mixed, cited twice, deleted, commented, hidden, tracked."""

import re
from pathlib import Path

import pytest

from tests.browser.editor.conftest import FIXTURES, Desk, Pasted, paste_each
from tests.browser.editor.test_paste import EXPECTED as BEFORE

pytestmark = pytest.mark.browser

CLAIMS = "".join(f"<p>Claim {n}{{{n}}}.</p>" for n in range(1, 13))
# fixture -> (the text, with citations written {1}; the notes, their paragraphs parted by " / "; the quiet line)
EXPECTED = {
    "word-footnotes-and-endnotes": (
        "<p>First{1}, second{2}, third{3}.</p><p>Fourth{4}.</p>",
        ["Foot one.", "End one.", 'Foot two, <a href="https://example.org/two">linked</a>.', "End <em>two</em>."],
        "4 notes came along. Left out: tracking in 1 link.",
    ),
    "word-restarted-lists": (
        "<p>Two lists:</p><ol><li><p>one{1}</p><ol><li><p>one a</p><ol><li><p>deep{2}</p></li></ol></li></ol></li>"
        "<li><p>two</p></li></ol><p>Between.</p><ol><li><p>again one</p></li><li><p>again two{3}</p></li></ol>"
        '<p>Then on:</p><ol start="3"><li><p>still counted</p><ul><li><p>a bullet below</p></li></ul></li></ol>',
        ["In one.", "In deep.", "In again two."],
        "3 notes came along.",
    ),
    "word-tracked-notes": (
        "<p>Kept{1} and new{2}. fresh</p>",
        ["Stays as it is.", "Inserted."],
        "2 notes came along. Left out: 3 deleted passages.",
    ),
    "word-comments": ("<p>Disputed claim{1}.</p>", ["A source, 2019."], "1 note came along. Left out: 2 comments."),
    "word-cited-twice": (
        "<p>Once{1}, then{2}, again{1}.</p><p>And a third time{1}; see also note 1 above.</p>",
        ["The survey.", "The file."],
        "2 notes came along. Left out: 1 link within the page (its words stay).",
    ),
    "word-pictures-and-hidden": (
        "<p>Varn was flooded{1}.</p><p>Shown.</p><p>Control words tabbed bookmarked marked</p>",
        ["Seen from above."],
        "1 note came along. Left out: 2 pictures, 4 hidden passages.",
    ),
    "word-online-notes": (
        '<p>Levels rose{1} and, <a href="https://example.org/levels?y=2">they say</a>, fell{2}.</p>'
        "<ol><li><p>first{3}</p></li><li><p>second</p></li></ol>",
        ["Survey, 2019.", "The end.", "The list."],
        "3 notes came along. Left out: tracking in 1 link.",
    ),
    "google-docs-many": (
        f"{CLAIMS}<table><tbody><tr><td><p>cell{{13}}</p></td><td><p>other</p></td></tr></tbody></table>",
        [f"Source {n}." for n in range(1, 14)],
        "13 notes came along. Left out: 1 picture.",
    ),
    "google-docs-suggestions": (
        '<p>It rose by a metre{1}.</p><p><a href="https://example.org/?id=7">report</a></p>',
        ["The gauge."],
        "1 note came along. Left out: 1 comment, 1 deleted passage, tracking in 1 link.",
    ),
    "libreoffice-symbols": (
        '<p>Starred{1}, daggered{2}, ended{3}.</p><ol start="4"><li><p>four</p></li><li><p>five{4}</p></li></ol>',
        ["First star. / Its second paragraph.", 'Dagger, <a href="https://example.org/d">there</a>.', "The end.",
         "Two stars."],
        "4 notes came along.",
    ),
    "pages-cited-twice": (
        "<p>On May 30{1} they met; on June 9{2} too, as said{1}.</p>"
        "<ol><li><p>one</p><ol><li><p>nested</p></li></ol></li></ol>",
        ["Minutes of May.", "Minutes of June."],
        "2 notes came along.",
    ),
    "outlook-web": (
        '<p>The court ruled{1} on <a href="https://example.org/rulings?id=4">Monday</a>.</p><p>It was upheld{2}.</p>',
        ['Judgment, <a href="https://example.org/j.pdf">text</a>.', "Order of May 3."],
        "2 notes came along. Left out: 1 picture, tracking in 2 links.",
    ),
    "mail-quoted": (
        "<p>The text as agreed:</p><blockquote><p>They left{1} at dawn. "
        '<a href="https://example.org/a?p=3">Read on</a></p></blockquote>',
        ["Log of the ferry."],
        "1 note came along. Left out: tracking in 1 link.",
    ),
    "wikipedia-groups": (
        "<p>The <strong>Orrin</strong>{1} is a river.{2}{3} It floods.{2} Always.{2}</p>",
        ["Said “orr-in”.", 'Reed (2019). <a href="https://example.org/orrin">"Orrin"</a>.', "Other."],
        "3 notes came along. Left out: 1 hidden passage, 2 editing aids of the page, tracking in 1 link.",
    ),
    "wordpress": (
        "<p>A claim.{1} More.{2}</p>",
        ["First <em>source</em>.", 'Second, <a href="https://example.net/">here</a>.'],
        "2 notes came along. Left out: tracking in 1 link.",
    ),
    "substack": ("<p>A claim.{1} More.{2}</p>", ["First source. / More of it.", "Second."], "2 notes came along."),
    "markdown-page": (
        "<h2>Levels</h2><p>Rose{1}, fell{2}, rose{1}.</p>", ["The gauge.", "Old gauge."], "2 notes came along.",
    ),
    "captions": (
        "<p>Counted.{1}</p><p>Table 1. Arrests{2}</p><table><tbody><tr><th><p>Year</p></th><th><p>Number</p></th></tr>"
        "<tr><td><p>2010</p></td><td><p>4</p></td></tr></tbody></table><p>The valley{3}</p>",
        ["The clerks.", "Their ledger.", "Drawn in 2009."],
        "3 notes came along. Left out: 1 picture.",
    ),
    "gazette": (
        "<p>Having regard to the Treaty\u00a0{1}, and the opinion\u00a0{2},</p>",
        ["OJ C 1, p. 4.", "Opinion of 3 May."],
        "2 notes came along.",
    ),
}  # fmt: skip

METADATA = re.compile(
    r"hidden|secret|file:|data:image|utm_|fbclid|gclid|mc_cid|safelinks|google\.com/url|mso-|class=\"Mso"
    r"|_ftn|_edn|ftnt|sdfootnote|cite_note|↩|\^|Z3988|OWA|style=|data-",
    re.IGNORECASE,
)


def files() -> list[Path]:
    return sorted((FIXTURES / "programs").glob("*.html"))


def test_every_fixture_has_its_expectation():
    assert {path.stem for path in files()} == set(EXPECTED)
    assert len(EXPECTED) + len(BEFORE) >= 9 + 12


@pytest.fixture(scope="module")
def pasted(opened_once: Desk) -> dict[str, Pasted]:
    """Every fixture, pasted under a paragraph."""
    cases = [
        {"before": "<p>Before</p>", "enter": True, "html": path.read_text(encoding="utf-8")}
        for path in files()
    ]
    return dict(zip([path.stem for path in files()], paste_each(opened_once, cases), strict=True))


@pytest.mark.parametrize("name", EXPECTED)
def test_notes_arrive_whole_and_nothing_else_does_and_one_undo_takes_it_back(
    pasted: dict[str, Pasted], name: str
):
    found = pasted[name]
    assert (found.text.removeprefix("<p>Before</p>"), found.notes, found.line) == EXPECTED[name]
    assert not METADATA.search(found.value.replace('class="footnote-ref"', ""))
    found.check()
    assert found.undone == "<p>Before</p><p></p>"  # as it was when the paste came


@pytest.fixture(scope="module")
def others(opened_once: Desk) -> dict[str, Pasted]:
    """The fixtures of test_paste.py."""
    cases = [{"html": (FIXTURES / f"{name}.html").read_text(encoding="utf-8")} for name in sorted(BEFORE)]
    return dict(zip(sorted(BEFORE), paste_each(opened_once, cases), strict=True))


@pytest.mark.parametrize("name", sorted(BEFORE))
def test_no_metadata_comes_from_the_other_fixtures_either(others: dict[str, Pasted], name: str):
    assert not METADATA.search(others[name].value.replace('class="footnote-ref"', ""))
