"""A body on a page and in a feed."""

import re

import lxml.html
import pytest

from releases.text.render import FrameWords, feed_html, page_html
from tests.text.helpers import cite, note_list

BODY = (
    f"<p>on May 30{cite('bbbb')}; on June 9.{cite('cccc', 2)} Such{cite('bbbb', 1, 2)} "
    '<a href="/x/?a=1&amp;b=2">x</a></p>'
    + note_list(bbbb="See <em>X</em>.</p><p>And Y.", cccc='<a href="https://example.org/">Z</a>')
)
PLACE = "https://news.example/releases/a/"


def page(html=BODY, prefix="r7-", words=FrameWords()):  # noqa: B008 (frozen)
    return lxml.html.fragment_fromstring(page_html(html, prefix=prefix, words=words), create_parent="main")


def feed(html=BODY, prefix="r7-", words=FrameWords()):  # noqa: B008 (frozen)
    made = feed_html(html, prefix=prefix, address=PLACE, words=words)
    return lxml.html.fragment_fromstring(made, create_parent="main")


def test_a_citation_links_to_its_note_and_says_what_it_is():
    first, second, third = page().xpath('//sup[@class="note-ref"]/a')
    assert dict(first.attrib) == {
        "href": "#r7-fn-bbbb",
        "id": "r7-fnref-bbbb",
        "role": "doc-noteref",
        "aria-label": "Note 1",
    }
    assert [a.text_content() for a in (first, second, third)] == ["[1]", "[2]", "[1]"]
    assert [span.get("class") for span in first] == ["note-bracket"] * 2
    assert third.get("id") == "r7-fnref-bbbb-2"


def test_the_notes_are_a_section_with_a_heading_that_names_it():
    (section,) = page().xpath('//section[@role="doc-endnotes"]')
    assert section.get("class") == "notes"
    heading = section[0]
    assert (heading.tag, heading.text) == ("h2", "Notes")
    assert section.get("aria-labelledby") == heading.get("id") == "r7-notes"
    assert [li.get("id") for li in section.xpath("ol/li")] == ["r7-fn-bbbb", "r7-fn-cccc"]
    assert not section.xpath("ol/@class | .//li/@role")


def test_a_note_has_one_way_back_for_each_citation():
    first, second = page().xpath("//section/ol/li")
    backs = first.xpath('.//a[@role="doc-backlink"]')
    assert [back.get("href") for back in backs] == ["#r7-fnref-bbbb", "#r7-fnref-bbbb-2"]
    assert [back.text for back in backs] == ["a", "b"]
    assert [back.get("aria-label") for back in backs] == [
        "Back to the text, note 1, citation a",
        "Back to the text, note 1, citation b",
    ]
    assert [back.get("class") for back in backs] == ["note-back", "note-back"]
    assert backs[0].getparent() is first[-1]
    (back,) = second.xpath('.//a[@role="doc-backlink"]')
    assert (back.get("aria-label"), back.text) == ("Back to the text, note 2", "↩\ufe0e")


def test_the_thirtieth_way_back_is_ad():
    html = "<p>" + "".join(cite("aaaa", 1, nth) for nth in range(1, 31)) + "</p>" + note_list(aaaa="x")
    backs = page(html).xpath('//a[@role="doc-backlink"]')
    assert [back.text for back in backs[24:]] == ["y", "z", "aa", "ab", "ac", "ad"]


def test_a_note_that_nothing_cites_has_no_way_back():
    assert page("<p>a</p>" + note_list(aaaa="x")).xpath("//section//li//a") == []


def test_two_releases_share_a_page_without_sharing_an_id():
    ids = re.findall(' id="([^"]+)"', page_html(BODY, prefix="a-", words=FrameWords()))
    ids += re.findall(' id="([^"]+)"', page_html(BODY, prefix="b-", words=FrameWords()))
    assert len(ids) == len(set(ids)) == 12


def test_words_come_from_the_frames_language_and_cannot_break_it():
    words = FrameWords(
        notes="注 & <b>", back="返回", back_nth="返回 {letter} {x}", note="注{n}", table='"表"'
    )
    made = page_html(BODY + "", prefix="r7-", words=words)
    assert '<h2 id="r7-notes">注 &amp; &lt;b&gt;</h2>' in made
    assert 'aria-label="注1"' in made
    assert 'aria-label="返回 a {x}"' in made


@pytest.mark.parametrize("form", [page, feed])
def test_words_in_another_language_than_the_text_say_so_and_arrows_run_as_the_text(form):
    table = "<table><tbody><tr><td><p>c</p></td></tr></tbody></table>"
    words = FrameWords(language="en", text_language="ug", direction="rtl")
    root = form(BODY.replace("</p><ol", f"</p>{table}<ol"), words=words)
    (heading,) = root.xpath("//h2")
    assert (heading.get("lang"), heading.get("dir")) == ("en", "ltr")
    backs = root.xpath("//a[@class='note-back' or @class='reversefootnote']")
    assert {back.get("lang") for back in backs} == {"en"}
    assert "".join(root.itertext()).count("↪") >= 2
    assert "↩" not in "".join(root.itertext())
    # What is said aloud has its language where it stands, and the text keeps its own.
    for said in root.xpath("//*[@aria-label or @title]"):
        assert said.get("lang") == "en", said.attrib
    for held in root.xpath("//div[@class='table-scroll']/table"):
        assert held.get("lang") == "ug"
    assert not page().xpath("//@lang")


@pytest.mark.parametrize("html", [BODY, "<p>30<sup>2</sup> m</p>"])
def test_the_text_of_a_page_and_of_a_feed_has_no_number_of_a_note_without_its_brackets(html):
    for root in (page(html), feed(html)):
        for mark in root.xpath("//sup[a]"):
            assert re.fullmatch(r"\[\d+\]", mark.text_content())


def test_a_body_without_notes_has_no_section():
    assert page_html("<p>a<br>b</p><hr>", prefix="", words=FrameWords()) == "<p>a<br>b</p><hr>"


def test_a_table_scrolls_in_a_box_that_the_keyboard_reaches():
    table = (
        "<table><tbody><tr><th><p>a</p></th></tr><tr><th><p>b</p></th><td><p>c</p></td></tr></tbody></table>"
    )
    (box,) = page(table).xpath("//div")
    assert dict(box.attrib) == {
        "class": "table-scroll",
        "role": "region",
        "tabindex": "0",
        "aria-label": "Table",
    }
    assert box.xpath("table//th/@scope") == ["col", "row"]
    assert page(table + table).xpath("//div/@aria-label") == ["Table 1", "Table 2"]


def test_a_table_in_a_table_scrolls_with_it():
    table = "<table><tbody><tr><td>{}</td></tr></tbody></table>"
    assert len(page(table.format(table.format("<p>a</p>"))).xpath("//div")) == 1


# -- feeds


def test_feed_links_are_absolute():
    hrefs = feed().xpath("//a/@href")
    assert hrefs == [
        f"{PLACE}#r7-fn-bbbb",
        f"{PLACE}#r7-fn-cccc",
        f"{PLACE}#r7-fnref-bbbb-2".replace("fnref-bbbb-2", "fn-bbbb"),
        "https://news.example/x/?a=1&b=2",
        f"{PLACE}#r7-fnref-bbbb",
        f"{PLACE}#r7-fnref-bbbb-2",
        "https://example.org/",
        f"{PLACE}#r7-fnref-cccc",
    ]


def test_feed_classes_are_those_that_readers_know():
    root = feed()
    assert [a.get("href").rpartition("-")[2] for a in root.xpath('//sup/a[@class="footnote"]')] == [
        "bbbb",
        "cccc",
        "bbbb",
    ]
    (box,) = root.xpath('//*[@class="footnotes"]')
    assert len(box.xpath("ol/li")) == 2
    assert len(root.xpath('//a[@class="reversefootnote"]')) == 3
    assert not root.xpath("//@role | //section")


def test_every_fragment_in_a_feed_is_an_id_of_the_page():
    ids = set(page().xpath("//@id"))
    fragments = {href.partition("#")[2] for href in feed().xpath("//a/@href") if "#" in href}
    assert fragments
    assert fragments <= ids
    assert fragments <= set(feed().xpath("//@id"))


@pytest.mark.parametrize("strip", [lambda root: root.text_content()])
def test_a_feed_stripped_of_its_tags_never_runs_a_number_into_its_note(strip):
    text = strip(feed())
    assert "on May 30[1];" in text
    assert "June 9.[2] Such" in text
