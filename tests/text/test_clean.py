"""What cleaning keeps, what it mends, and what it says."""

import pytest

from releases.text.clean import MAX_CHARACTERS, Problem, clean
from releases.text.clean.stack import MAX_DEPTH
from tests.text.helpers import cite, note_list

EDITED = [
    "<p>Words </p><p></p><p>more  words</p>",
    "<p>a&nbsp;b &amp; c &lt;d&gt; \"e\" 'f' &amp;amp; &amp;nbsp;</p>",
    "<p>one<br>two<br></p><hr><p>three</p>",
    "<h2>Two</h2><h3>Three <em>x</em></h3>",
    "<p><strong>a<em>b</em></strong><em>c</em> x<sup>2</sup> H<sub>2</sub>O</p>",
    '<p><a href="https://example.org/?a=1&amp;b=%20#c">x</a> <a href="mailto:a@example.org">y</a></p>',
    '<p><a href="/releases/a/">x</a><a href="http://example.org"><strong>z</strong></a></p>',
    "<ul><li><p>a</p><ol><li><p>b</p></li></ol></li><li><p></p></li></ul>",
    '<ol start="3"><li><p>a</p><p>b</p></li></ol>',
    "<blockquote><p>q</p><ul><li><p>x</p></li></ul></blockquote>",
    '<table><tbody><tr><th colspan="1" rowspan="1"><p>a</p></th><td colspan="2" rowspan="1"><p></p></td></tr>'
    '<tr><td colspan="1" rowspan="2"><p>b</p><p>c</p></td></tr></tbody></table>',
    '<p lang="bo">བཀྲ་ཤིས་བདེ་ལེགས།</p><p dir="rtl" lang="ug">ئۇيغۇر</p>',
    '<p>He said <span lang="zh-Hant" dir="ltr">人權</span>.</p>',
    "<p>line\nbreak \t tab</p>",
    "<p>𝒳 👩‍👩‍👧 e\u0301 \u200f \u2028</p>",
    f"<p>Claim{cite('k3f9zz')} again{cite('k3f9zz', 1, 2)}</p>"
    '<ol class="footnotes"><li id="fn-k3f9zz"><p>See <em>X</em>, <a href="https://example.org/">report</a>.</p>'
    "</li></ol>",
    f"<h2>T{cite('aaaa', 1)}</h2><ul><li><p>x{cite('bbbb', 2)}{cite('aaaa', 1, 2)}</p></li></ul>"
    f"<table><tbody><tr><td><p><strong>{cite('cccc', 3)}</strong></p></td></tr></tbody></table>"
    f"<blockquote><p><em>q{cite('dddd', 4)}</em></p></blockquote>"
    + note_list(aaaa="a", bbbb="b", cccc="</p><p>", dddd="d"),
    f"<p><sup>{cite('aaaa')}</sup></p>{note_list(aaaa='x')}",
]


@pytest.mark.parametrize("html", EDITED)
def test_what_the_editor_sends_comes_back_byte_for_byte(html):
    cleaned = clean(html)
    assert cleaned.html == html
    assert cleaned.problems == ()


@pytest.mark.parametrize(
    ("raw", "html"),
    [
        ("", ""),
        ("<p></p>", ""),
        ("<p> &nbsp;<br></p><h2></h2>", ""),
        ("words", "<p>words</p>"),
        ("a <b>b</b> <i>c</i>", "<p>a <strong>b</strong> <em>c</em></p>"),
        ("<h1>a</h1><h4>b</h4><h5>c</h5><h6>d</h6>", "<h2>a</h2><h3>b</h3><h3>c</h3><h3>d</h3>"),
        ("<div>a<p>b</p>c<div>d</div></div>", "<p>a</p><p>b</p><p>c</p><p>d</p>"),
        ("<div dir=RTL lang=ar><p>a</p></div>b", '<p dir="rtl" lang="ar">a</p><p>b</p>'),
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        ("<p>a\r\nb\rc</p>", "<p>a\nb\nc</p>"),
        ("<ul><li>a<li><b>b</b></ul>", "<ul><li><p>a</p></li><li><p><strong>b</strong></p></li></ul>"),
        ("<ul> <li> a </li> </ul>", "<ul><li><p>a</p></li></ul>"),
        ("<li>a</li>", "<ul><li><p>a</p></li></ul>"),
        ("<ul><li>a</li><ul><li>b</li></ul></ul>", "<ul><li><p>a</p><ul><li><p>b</p></li></ul></li></ul>"),
        ("<ul></ul><blockquote></blockquote><table></table><p>x</p>", "<p>x</p>"),
        ("<blockquote>q</blockquote>", "<blockquote><p>q</p></blockquote>"),
        (
            "<table><caption>C</caption><thead><tr><th>a</thead><tr><td>b</table>",
            "<p>C</p><table><tbody><tr><th><p>a</p></th></tr><tr><td><p>b</p></td></tr></tbody></table>",
        ),
        (  # with the note that it cites
            '<table><caption>C<sup class="footnote-ref"><a href="#fn-k3f9zz" id="fnref-k3f9zz">7</a></sup></caption><tr><td>b</table>'
            '<ol class="footnotes"><li id="fn-k3f9zz">Source.</li></ol>',
            '<p>C<sup class="footnote-ref"><a href="#fn-k3f9zz" id="fnref-k3f9zz">1</a></sup></p>'
            "<table><tbody><tr><td><p>b</p></td></tr></tbody></table>"
            '<ol class="footnotes"><li id="fn-k3f9zz"><p>Source.</p></li></ol>',
        ),
        ("<table>lost words</table>", "<table><tbody><tr><td><p>lost words</p></td></tr></tbody></table>"),
        (
            "<table><tr><td colspan=0 rowspan=9999 style=x>a</table>",
            "<table><tbody><tr><td><p>a</p></td></tr></tbody></table>",
        ),
        ("<p><strong>a<em>b</strong>c</em>d</p>", "<p><strong>a<em>b</em></strong><em>c</em>d</p>"),
        ("<b><p>a</p><p>b</p></b>c", "<p><strong>a</strong></p><p><strong>b</strong></p><p>c</p>"),
        (
            "<table><tr><td><b>a<td>b</table>",
            "<table><tbody><tr><td><p><strong>a</strong></p></td><td><p>b</p></td></tr></tbody></table>",
        ),
        ("<p><strong>a</p><p>b</p>", "<p><strong>a</strong></p><p>b</p>"),
        ("<p><b></b><a href='/x'></a>a</p>", "<p>a</p>"),
        ("<h2><p>Title</p></h2>", "<h2>Title</h2>"),
        ("<dl><dt>a<dd>b</dl>", "<p>a</p><p>b</p>"),
        ("<p><span style='x'>a</span><font>b</font><u>c</u></p>", "<p>abc</p>"),
        ("<p><img src=x alt=y>a<video>b</video></p>", "<p>ab</p>"),
        ("a &lt;b&gt; &am<x>p; &copy;&#x41;&#128;", "<p>a &lt;b&gt; &amp;amp; ©A€</p>"),
        ("1 < 2 <3", "<p>1 &lt; 2 &lt;3</p>"),
        ("<p>a<!-- b -->c<![if x]>d<?php e ?>f</p>", "<p>acdf</p>"),
        ("<p>x\x0by\x0cz</p>", "<p>x y z</p>"),
        ("<a href='/a?x=1&copy=2&amp;y=3'>x</a>", '<p><a href="/a?x=1&amp;copy=2&amp;y=3">x</a></p>'),
        ('<a href="/x" title="" target=_blank rel=nofollow onclick=a>x</a>', '<p><a href="/x">x</a></p>'),
        ("<a href='/x'>a<a href='/y'>b</a>c</a>", '<p><a href="/x">a</a><a href="/y">b</a>c</p>'),
        ('<sup class="footnote-ref">2</sup>', "<p><sup>2</sup></p>"),
        ('<sup class="footnote-ref"><sup>2</sup></sup>', "<p><sup>2</sup></p>"),
        ('<sup><sup class="footnote-ref">2</sup></sup>', "<p><sup>2</sup></p>"),
    ],
)
def test_other_html_becomes_what_the_editor_would_have_made_of_it(raw, html):
    assert clean(raw).html == html
    assert clean(html).html == html


@pytest.mark.parametrize(
    ("raw", "html"),
    [
        ("<p>a <b and c", "<p>a &lt;b and c</p>"),
        ("<p>a</p><!-- b <p>c</p>", "<p>a</p><p>b</p><p>c</p>"),
        ("<p>a</p><script>b<p>c</p>", "<p>a</p><p>b</p><p>c</p>"),
        ('<p>a<a href="/x>b</p><p>c</p>', "<p>ab</p><p>c</p>"),
        ("<p>it's <x it's>fine</p>", "<p>it's fine</p>"),
        ("<noscript><p>a</p></noscript><textarea>b</textarea>", "<p>a</p><p>b</p>"),
        ("<svg><p>a</p><text>b</text></svg><math><mi>c</mi></math>", "<p>a</p><p>bc</p>"),
    ],
)
def test_a_tag_that_never_ends_takes_no_words_along(raw, html):
    assert clean(raw).html == html


def test_scripts_and_styles_go_with_what_stands_in_them():
    assert clean("<p>a<script>b</script>c<style>d</style>e<template>f</template></p>").html == "<p>ace</p>"


# -- citations and notes


def test_numbers_and_ids_follow_the_order_of_first_citation():
    raw = f"<p>a{cite('bbbb', 9)}b{cite('aaaa', 9)}c{cite('bbbb', 9)}</p>" + note_list(aaaa="A", bbbb="B")
    cleaned = clean(raw)
    assert cleaned.html == (
        f"<p>a{cite('bbbb', 1)}b{cite('aaaa', 2)}c{cite('bbbb', 1, 2)}</p>" + note_list(bbbb="B", aaaa="A")
    )
    assert cleaned.problems == ()


def test_several_lists_become_one_at_the_end():
    raw = f"{note_list(aaaa='A')}<p>x{cite('aaaa')}{cite('bbbb')}</p><div>{note_list(bbbb='B')}</div><p>y</p>"
    assert clean(raw).html == f"<p>x{cite('aaaa')}{cite('bbbb', 2)}</p><p>y</p>" + note_list(
        aaaa="A", bbbb="B"
    )


def test_a_note_that_nothing_cites_is_kept_and_named():
    cleaned = clean(f"<p>x{cite('aaaa')}</p>" + note_list(bbbb="lonely words", aaaa="A"))
    assert cleaned.html == f"<p>x{cite('aaaa')}</p>" + note_list(aaaa="A", bbbb="lonely words")
    assert cleaned.problems == (Problem("uncited-note", 2, "lonely words", fatal=False),)
    assert clean(cleaned.html) == cleaned


def test_an_empty_note_that_nothing_cites_goes_in_silence():
    cleaned = clean("<p>x</p>" + note_list(aaaa=" "))
    assert (cleaned.html, cleaned.problems) == ("<p>x</p>", ())


def test_a_cited_note_may_be_empty():
    html = f"<p>x{cite('aaaa')}</p>" + note_list(aaaa="")
    assert clean(html).html == html
    assert clean(html.replace("<p></p>", "")).html == html


def test_a_citation_without_a_note_goes_and_is_named():
    cleaned = clean(f"<p>It ended on May 30<b>{cite('aaaa', 4)}</b>; then.</p>")
    assert cleaned.html == "<p>It ended on May 30; then.</p>"
    assert cleaned.problems == (Problem("dangling-citation", 4, "It ended on May 30; then.", fatal=False),)


def test_a_citation_in_a_note_goes():
    raw = f"<p>x{cite('aaaa')}</p>" + note_list(aaaa=f"A{cite('aaaa', 1, 2)} b")
    assert clean(raw).html == f"<p>x{cite('aaaa')}</p>" + note_list(aaaa="A b")


def test_a_citation_between_notes_goes():
    raw = f"<p>x</p><ol class=footnotes>{cite('aaaa')}<ol class=footnotes><li id=fn-aaaa></li></ol></ol>"
    assert clean(raw).html == "<p>x</p>"


def test_two_notes_under_one_key_are_two_notes_if_their_words_differ():
    raw = f"<p>x{cite('aaaa')}</p>" + note_list(aaaa="A") + note_list(aaaa="Other") + note_list(aaaa="A")
    cleaned = clean(raw)
    assert cleaned.html.startswith(f"<p>x{cite('aaaa')}</p>" + note_list(aaaa="A").removesuffix("</ol>"))
    assert cleaned.html.count("<li") == 2
    assert cleaned.problems == (Problem("uncited-note", 2, "Other", fatal=False),)
    assert clean(cleaned.html) == cleaned


def test_words_win_over_an_empty_note_of_the_same_key():
    raw = f"<p>x{cite('aaaa')}</p>" + note_list(aaaa="") + note_list(aaaa="A")
    assert clean(raw).html == f"<p>x{cite('aaaa')}</p>" + note_list(aaaa="A")


def test_foreign_keys_are_exchanged_for_our_own_on_both_sides():
    raw = '<p>x<sup class=footnote-ref><a href="#fn-1">1</a></sup></p><ol class=footnotes><li id=fn-1>A</ol>'
    html = clean(raw).html
    assert clean(raw) == clean(raw)
    assert clean(raw).problems == ()
    assert 'id="fn-1"' not in html
    assert "<p>A</p>" in html


def test_a_list_that_lost_its_class_is_known_by_its_ids():
    raw = f"<p>x{cite('aaaa')}</p><ol><li id='fn-aaaa'>A</li></ol>"
    assert clean(raw).html == f"<p>x{cite('aaaa')}</p>" + note_list(aaaa="A")


def test_notes_hold_paragraphs_only():
    raw = (
        f"<p>x{cite('aaaa')}</p><ol class=footnotes><li id=fn-aaaa><h2>a</h2><ul><li>b</li></ul>"
        "<table><tr><td>c</table><blockquote>d</blockquote><hr></ol>"
    )
    assert clean(raw).html == f"<p>x{cite('aaaa')}</p>" + note_list(aaaa="a</p><p>b</p><p>c</p><p>d")


def test_words_in_the_list_outside_a_note_become_a_note():
    cleaned = clean(f"<p>x{cite('aaaa')}</p><ol class=footnotes>stray<li id=fn-aaaa>A</ol>")
    assert [problem.excerpt for problem in cleaned.problems] == ["stray"]


def test_words_in_the_place_of_a_number_are_kept():
    raw = '<p>a<sup class="footnote-ref">b<a href="#fn-aaaa">words</a>]</sup></p>' + note_list(aaaa="A")
    assert clean(raw).html == f"<p>a<sup>bwords</sup>{cite('aaaa')}</p>" + note_list(aaaa="A")


def test_a_bare_number_that_links_to_a_note_is_a_citation():
    raw = '<p>a<a href="#fn-aaaa"><sup>[1]</sup></a> b</p>' + note_list(aaaa="A")
    assert clean(raw).html == f"<p>a{cite('aaaa')} b</p>" + note_list(aaaa="A")


def test_a_link_across_a_citation_goes_on_behind_it():
    raw = f'<p><a href="/x">a{cite("aaaa")}</a></p>' + note_list(aaaa="A")
    assert clean(raw).html == f'<p><a href="/x">a</a>{cite("aaaa")}</p>' + note_list(aaaa="A")


# -- links


@pytest.mark.parametrize(
    ("href", "kept"),
    [
        ("https://example.org", "https://example.org"),
        ("HTTP://Example.org/A", "http://Example.org/A"),
        (" https://example.org/a b ", "https://example.org/a%20b"),
        ("https://example.org/&quot;&lt;x&gt;", "https://example.org/%22%3Cx%3E"),
        ("https:\\\\example.org\\a", "https://example.org/a"),
        ("https://例え.jp/道", "https://例え.jp/道"),
        ("mailto:a@example.org?subject=x", "mailto:a@example.org?subject=x"),
        ("/", "/"),
        ("/topics/land/?a=1#b", "/topics/land/?a=1#b"),
    ],
)
def test_good_links_are_kept(href, kept):
    assert clean(f'<p><a href="{href}">x</a></p>').html == f'<p><a href="{kept}">x</a></p>'


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "java\tscript:alert(1)",
        "java&#10;script:alert(1)",
        "&#1;javascript:alert(1)",
        "JaVaScRiPt&colon;alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://example.org/",
        "//example.org/",
        "/\\example.org/",
        "/&#9;/example.org/",
        "\\\\example.org",
        "page.html",
        "www.example.org",
        "?a=1",
        "#top",
        "https:",
        "https:/example.org",
        "https:example.org",
        "https:///example.org",
        "http://[bad",
        "http://a b/",
        "http://example.org:99999/",
        "mailto:",
    ],
)
def test_other_links_lose_their_address_and_keep_their_words(href):
    cleaned = clean(f'<p>a <a href="{href}">b</a></p>')
    assert cleaned.html == "<p>a b</p>"
    assert [problem.code for problem in cleaned.problems if problem.code == "link-refused"] == [
        "link-refused"
    ]


# -- limits


def test_too_much_is_refused_with_a_reason():
    cleaned = clean("x" * (MAX_CHARACTERS + 1))
    assert cleaned.refused
    assert cleaned.html == ""
    assert [(problem.code, problem.fatal) for problem in cleaned.problems] == [("too-long", True)]


def test_what_is_just_not_too_much_is_kept():
    raw = "<p>" + "x" * (MAX_CHARACTERS - 7) + "</p>"
    assert clean(raw).html == raw


@pytest.mark.parametrize(
    "tag", ["blockquote", "div", "b", "span", "ul><li", "table><tr><td", "ol class=footnotes><li"]
)
def test_ten_thousand_deep_is_refused_with_a_reason(tag):
    assert [problem.code for problem in clean(f"<{tag}>" * 10_000 + "x").problems] == ["too-deep"]


def test_what_may_be_deep_is_kept():
    depth = MAX_DEPTH - 1
    raw = "<blockquote>" * depth + "<p>x</p>" + "</blockquote>" * depth
    assert clean(raw).html == raw
    assert clean(f"<blockquote>{raw}</blockquote>").refused


def test_control_characters_go_and_are_named():
    cleaned = clean("<p>a\x00b\x1bc\ud800d\ufffe\U0001ffff&#1;&#xD800;</p>")
    assert cleaned.html == "<p>abcd\ufffd</p>"
    assert cleaned.problems == (Problem("control-characters", None, "", fatal=False),)


def test_two_halves_of_a_character_are_one_again():
    assert clean("<p>\ud83d\ude00</p>").html == "<p>😀</p>"
