"""Saved pages of older sites: what is found on them, where, and what a mapping may say."""

from datetime import date

import pytest
from lxml.html import document_fromstring

from releases.intake import Unreadable
from releases.intake.html.mapping import Selector, mapping_of
from releases.intake.html.page import read_page
from releases.text.clean import clean
from tests.intake.saved import PLACES, mapping, page


def test_title_date_place_summary_and_topics_come_from_their_places():
    found = page(
        "<p>Words.</p><div class=share>Tweet this</div>",
        more='<ul class=tags><li><a>Torture</a><li><a> Rule  of Law </a></ul><i class=place>Geneva</i>'
        '<meta name=description content="A summary.">',
        places={"topics": ".tags a", "place": "i.place", "summary": "meta[name=description]@content", "remove": [".share"]},
    )  # fmt: skip
    assert (found.title, found.day, found.place, found.summary, found.topics, found.body) == (
        "A title", date(2011, 6, 10), "Geneva", "A summary.", ["Torture", "Rule of Law"], "<p>Words.</p>",
    )  # fmt: skip


@pytest.mark.parametrize("form", ["", "%Y-%m-%d"])
@pytest.mark.parametrize("when", ["0001-11-30", "0026-11-30", "9999-12-31"])
def test_a_day_that_nobody_means_is_no_date_and_the_report_says_what_stood_there(when, form):
    found = page("<p>x</p>", when=when, places={"date_format": form} if form else {})
    assert found.day is None
    assert found.report.details["no-date"] == [when]


def test_a_date_may_have_a_form_of_its_own():
    assert page("<p>x</p>", when="10/06/2011", places={"date_format": "%d/%m/%Y"}).day == date(2011, 6, 10)
    assert page("<p>x</p>", when="10/06/2011").day is None


def test_links_within_the_old_site_become_paths_and_others_lose_tracking():
    found = page(
        '<p><a href="b.html">b</a> <a href="https://old.example.org/c?d=1">c</a> <a href="//example.org/e">e</a> '
        '<a href="https://example.org/f?utm_source=x">f</a> <a href="javascript:x()">g</a> <a href="#top">h</a></p>',
        places={"site": "https://old.example.org"},
    )
    assert found.body == (
        '<p><a href="/2011/b.html">b</a> <a href="/c?d=1">c</a> <a href="https://example.org/e">e</a> '
        '<a href="https://example.org/f">f</a> g h</p>'
    )


def test_pages_in_older_encodings_are_read():
    text = "<html><head><meta http-equiv=Content-Type content='text/html; charset=gb2312'></head><h1>标题</h1><div class=body>正文</div>"
    found = read_page(text.encode("gb2312"), mapping(), name="a.html")
    assert (found.title, found.body) == ("标题", "<p>正文</p>")


@pytest.mark.parametrize(
    "data", [b"", b"\x00\x00", b"<h1>Only a title</h1>", b"\xff\xfe<", b"<div class=body>x</div>"]
)
def test_a_page_without_what_the_mapping_names_is_refused(data):
    with pytest.raises(Unreadable):
        read_page(data, mapping(), name="a.html")


def test_every_body_is_clean():
    found = page(
        "<p>One<sup>1</sup> <img src=a.png alt='A crowd'></p><script>x</script><hr><p>1. First. ^</p>"
    )
    assert clean(found.body).html == found.body
    assert not clean(found.body).problems
    assert found.report.details["image"] == ["“A crowd” ← One1"]


@pytest.mark.parametrize(
    ("words", "count"),
    [("p", 3), ("div > p", 2), ("div p.a", 1), ("#x p", 2), ("p[lang]", 1), ("p[lang=zh], #x", 2), ("//p[2]", 1),
     ("p:first-child", 2), ("div", 1), ("P.A", 0), ("section p", 1)],
)  # fmt: skip
def test_selectors_find_what_css_finds(words, count):
    root = document_fromstring(
        '<body><div id="x"><p class="a b">1</p><p lang="zh">2</p></div><section><p>3</p></section></body>'
    )
    assert len(Selector(words).elements(root)) == count


@pytest.mark.parametrize("words", ["", "p {", "//p[", "p:hover", "a'b", ">"])
def test_a_selector_that_cannot_be_read_is_refused(words):
    with pytest.raises(Unreadable):
        Selector(words)


@pytest.mark.parametrize(
    "said",
    [{}, {"version": 2}, {"version": 1, "title": "h1"}, {**PLACES, "boddy": "x"}, {**PLACES, "language": "xx"},
     {**PLACES, "title": 7}, {**PLACES, "remove": "x"}, {**PLACES, "publish": "no"}],
)  # fmt: skip
def test_a_mapping_that_is_wrong_is_refused_in_words(said):
    with pytest.raises(Unreadable):
        mapping_of(said)
