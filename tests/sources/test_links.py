"""Addresses are compared in one form, and bodies are read for where they lead."""

import pytest

from releases.text.links import Place, address_of, links_of
from releases.text.render.html import Copy, CopyWords, with_copies

COPY = {
    "https://example.org/report": Copy(
        "https://archive.example/web/1/https://example.org/report", "2026-06-10"
    )
}


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("https://Example.ORG", "https://example.org/"),
        ("HTTP://example.org:80/a#part", "http://example.org/a"),
        ("https://example.org:443/?a=1&b=2#x", "https://example.org/?a=1&b=2"),
        ("https://example.org:8443/", "https://example.org:8443/"),
        ("https://name:secret@example.org/", "https://example.org/"),
        ("https://example.org./a", "https://example.org/a"),
        ("https://bücher.example/straße", "https://xn--bcher-kva.example/stra%C3%9Fe"),
        ("https://example.org/a%20b", "https://example.org/a%20b"),
        ("https://[2001:db8::1]/", "https://[2001:db8::1]/"),
        ("mailto:press@example.org", None),
        ("/releases/here/", None),
        ("https://", None),
        ("https://example.org:99999/", None),
        ("https://[half/", None),
        (f"https://{'a.' * 200}example/", None),
    ],
)
def test_an_address_has_one_form(href, address):
    assert address_of(href) == address
    assert address is None or address_of(address) == address


def test_a_body_is_read_for_its_links_by_place():
    body = (
        '<p><a href="https://example.org/#top">One</a> <a href="https://example.org/">again</a> '
        '<a href="mailto:a@example.org">mail</a><sup class="footnote-ref"><a href="#fn-aaaa1" id="fnref-aaaa1">1</a></sup>'
        '<sup class="footnote-ref"><a href="#fn-bbbb1" id="fnref-bbbb1">2</a></sup></p>'
        '<ol class="footnotes"><li id="fn-aaaa1"><p>None.</p></li>'
        '<li id="fn-bbbb1"><p><a href="https://example.org/">x</a> <a href="http://two.example/a?b">y</a></p></li></ol>'
    )
    assert links_of(body) == [
        Place("https://example.org/", "", 0),
        Place("https://example.org/", "bbbb1", 2),
        Place("http://two.example/a?b", "bbbb1", 2),
    ]


def test_a_copy_stands_behind_its_link_and_the_link_says_so():
    html = '<p>A <a href="https://example.org/report#p2" class="bare">rep<em>ort</em></a>, <a href="#fn-x">1</a>.</p>'
    assert with_copies(html, COPY, CopyWords()) == (
        '<p>A <a href="https://example.org/report#p2" class="bare" '
        'data-versionurl="https://archive.example/web/1/https://example.org/report" data-versiondate="2026-06-10">'
        'rep<em>ort</em></a> <span class="archived">[<a href="https://archive.example/web/1/https://example.org/report" '
        'aria-label="archived: report">archived</a>]</span>, <a href="#fn-x">1</a>.</p>'
    )


def test_only_links_that_have_a_copy_are_touched():
    html = '<p><a href="https://example.org/other">A</a> <a href="/report">B</a> <a href="mailto:a@b.c">C</a></p>'
    assert with_copies(html, COPY, CopyWords()) == html


def test_no_word_of_a_link_or_an_address_breaks_out():
    html = '<p><a href="https://example.org/?a=1&amp;b=&quot;2">"&lt;b&gt; &amp;</a></p>'
    copies = {"https://example.org/?a=1&b=%222": Copy('https://a.example/"><script>', "2026-06-10")}
    shown = with_copies(html, copies, CopyWords(of="{words}", language="en"))
    assert "<script>" not in shown
    assert 'aria-label="&quot;&lt;b&gt; &amp;"' in shown
    assert '<span class="archived" lang="en" dir="ltr">' in shown
