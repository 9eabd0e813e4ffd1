"""Bodies sent to do harm: nothing runs, nothing raises, nothing takes long, honest words stay."""

from types import SimpleNamespace

import pytest

from releases.text.clean import clean, stack
from releases.text.clean.stack import MAX_ELEMENTS
from releases.text.notes import notes_of
from releases.text.render import FrameWords, excerpt, feed_html, page_html, plain_text, word_count
from tests.depth import DEEP
from tests.text.helpers import assert_safe, cite, note_list, read

# Each stands between two honest paragraphs.
PAYLOADS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script\x00>alert(1)</script>",
    "<script/x>alert(1)</script\n>",
    "<<script>alert(1)//<</script>",
    "<script>x</script ><script>y</script/>",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)//",
    "<img/src/onerror=alert(1)>",
    '<img src="x` `<script>alert(1)</script>"` `>',
    "<img src='a'onerror='alert(1)'>",
    '"><img src=x onerror=alert(1)>',
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><script xlink:href=data:,alert(1) />",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><set attributeName=href to=javascript:alert(1)>",
    "<svg><foreignObject><iframe src=javascript:alert(1)></foreignObject></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "<svg><title><style><!--</style><img src=x onerror=alert(1)>--></style></title></svg>",
    "<svg><desc><table><tr><td><style></desc><img src=x onerror=alert(1)></style>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<math><annotation-xml encoding='text/html'><script>alert(1)</script></annotation-xml></math>",
    "<math href='javascript:alert(1)'>x</math>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<noscript><style></noscript><img src=x onerror=alert(1)></style>",
    "<template><img src=x onerror=alert(1)></template>",
    "<template><s><template><s><img src=x onerror=alert(1)>@shafigullin</s></template></s></template>",
    "<style>@import 'javascript:alert(1)';</style>",
    "<style><img src='</style><img src=x onerror=alert(1)//'></style>",
    "<style>*{x:expression(alert(1))}</style>",
    "<p style='background:url(javascript:alert(1))'>a</p>",
    "<p style=width:expression(alert(1))>a</p>",
    "<textarea><img title='</textarea><img src=x onerror=alert(1)>'></textarea>",
    "<title><img src=x onerror=alert(1)></title>",
    "<title></title><img src=x onerror=alert(1)>",
    "<xmp><img title='</xmp><img src=x onerror=alert(1)>'></xmp>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<iframe></iframe><iframe><img src=x onerror=alert(1)>",
    "<noembed><img src=x onerror=alert(1)></noembed>",
    "<noframes></noframes><script>alert(1)</script>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<applet code=x></applet>",
    "<base href=https://evil.example/>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<form action=javascript:alert(1)><input type=submit></form>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<isindex action=javascript:alert(1) type=image>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<body onload=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<select autofocus onfocus=alert(1)><option><img src=x onerror=alert(1)></select>",
    "<keygen autofocus onfocus=alert(1)>",
    "<div onmouseover=alert(1) tabindex=1 id=x>x</div>",
    "<p id=location name=cookie>x</p>",
    "<a id=fn-aaaa name=fn-aaaa href=/x>x</a>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='  javascript:alert(1)'>x</a>",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<a href='&#x6A;avascript&colon;alert(1)'>x</a>",
    "<a href='javascript&#0000058alert(1)'>x</a>",
    "<a href='\x01javascript:alert(1)'>x</a>",
    "<a href='/x\"onclick=alert(1) y=\"'>x</a>",
    "<a href='https://a/&quot; onclick=&quot;alert(1)'>x</a>",
    "<a href=data:text/html;base64,PHNjcmlwdD4=>x</a>",
    "<a href=//evil.example>x</a>",
    "<a href=/\\evil.example>x</a>",
    "<a/href='javascript:alert(1)'/x>x</a>",
    "<a href=x href=javascript:alert(1)>x</a>",
    "<a href='#fn-\"><img src=x onerror=alert(1)>'>1</a>",
    "<sup class='footnote-ref'><a href='#fn-<script>'>1</a></sup>",
    "<sup class='footnote-ref x' onclick=alert(1)><a href=#fn-aaaa onclick=alert(1)>1</a></sup>",
    "<ol class=footnotes onclick=alert(1)><li id='fn-\"onclick=alert(1)'>x</ol>",
    "<ol class='footnotes evil'><li id='x' style=x><script>alert(1)</script>x</ol>",
    "<ol start='1\" onclick=\"alert(1)'><li>x</ol>",
    "<td colspan='1;' onclick=alert(1)>x",
    "<span lang='\" onclick=\"alert(1)'>x</span>",
    "<table><td><svg><desc><td></desc><img src=x onerror=alert(1)>",
    "<table background=javascript:alert(1)><tr><td>x</table>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!--!><img src=x onerror=alert(1)>--!>",
    "<!-- --!><img src=x onerror=alert(1)> -->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<!DOCTYPE html [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>&x;",
    "<?xml-stylesheet href='javascript:alert(1)'?>",
    "<?php echo 1 ?>",
    "<%= alert(1) %>",
    "{{ 7*7 }}{% load x %}",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&amp;lt;script&amp;gt;",
    "&lt<x>;img src=x onerror=alert(1)&gt<x>;",
    "＜script＞alert(1)＜/script＞",
    "<plaintext><img src=x onerror=alert(1)>",
    "<x onclick=alert(1)>x</x><custom-element is=x>",
    "</p></div></body></html><img src=x onerror=alert(1)>",
    "<p><a href=https://a/ <b title='<script>alert(1)</script>'>x</b></a>",
    "<blink/ onmouseover=alert(1)>x",
    "<a\xa0href=javascript:alert(1)>x</a>",
    "\ud800<im\udfffg src=x onerror=alert(1)>",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_dangerous_gets_through_and_honest_words_stay(payload):
    for raw in (
        f"<p>before</p>{payload}<p>after</p>",
        f"<p>before {payload}</p><p>after</p>",
        f"<ul><li>before<table><tr><td>{payload}</td></tr></table></li></ul><p>after</p>",
        f"<p>before{cite('aaaa')}</p><p>after</p><ol class=footnotes><li id=fn-aaaa>{payload}</li></ol>",
    ):
        cleaned = clean(raw)
        assert_safe(cleaned.html)
        assert clean(cleaned.html).html == cleaned.html
        assert not cleaned.refused
        words = "".join(read(cleaned.html).words)
        assert "before" in words
        assert "after" in words


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_is_rendered_holds_no_more_than_what_was_cleaned(payload):
    """Rendering does not trust that its input was cleaned."""
    raw = f"<p>before {payload}</p>"
    words = FrameWords(notes="<b>", back='"', back_nth="<i>{n}", note="&{n}", table="<u>")
    page = page_html(raw, prefix="r1-", words=words)
    feed = feed_html(raw, prefix="r1-", address="https://news.example/r/", words=words)
    added = {"section", "div", "h2"}
    for html in (page, feed):
        tags = {tag for tag, _ in read(html).tags}
        assert tags <= added | {"p", "a", "sup", "sub", "em", "strong", "span", "ul", "ol", "li"} | {
            "table", "tbody", "tr", "td", "th", "br", "hr", "blockquote", "h3"
        }  # fmt: skip
        for _, attributes in read(html).tags:
            for name, value in attributes:
                assert not name.startswith("on")
                assert name not in ("style", "src", "srcdoc", "action", "formaction")
                assert not (value or "").lower().lstrip().startswith(("javascript", "data", "vbscript"))
    assert "\x00" not in plain_text(raw)
    assert len(excerpt(raw, limit=20)) <= 20
    assert word_count(raw, with_notes=True) >= 1
    notes_of(raw)


# What made a first version, or a naive one, take quadratic time or memory; each is 0.3 to 2 MB.
LARGE = {
    "five megabytes": "x" * 5_000_000,
    "nothing but <": "<" * 1_999_999,
    "nothing but &": "&" * 400_000,
    "tags that never end": "<a " * 600_000,
    "quotes that never end": "<a x='>' " * 200_000,
    "both quotes, in turn": "<a x=\"' y='\" " * 150_000 + ">",
    "comments that never end": "<!--" * 400_000,
    "scripts that never end": "<script>" * 200_000,
    "unclosed formatting": "".join(f"<font x={i}>" for i in range(9_000)) + "<p>x" * 200_000,
    "formatting reopened": "<b><i>" + "".join(f"<span lang=a{i}>" for i in range(40)) + "<p>x" * 90_000,
    "text in small pieces": "<p>" + "a<x>" * 400_000,
    "text between empty links": "<p>" + "a<a href=#>" * 150_000,
    "misnested": "<b>a<i>b</b>c</i>" * 60_000,
    "implied items": "<li>" * 240_000,
    "cells without tables": "<td>x" * 300_000,
    "one wide row": "<table><tr>" + "<td>x" * 60_000,
    "dangling citations": "<p>" + ("a" + cite("zzzz", 7)) * 20_000,
    "dangling citations, wrapped": "<p>" + f"a<b><i><sub>{cite('zzzz', 7)}</sub></i></b>" * 15_000,
    "one note, often": "<p>" + cite("aaaa") * 20_000 + "</p>" + note_list(aaaa="x"),
    "many notes of one key": "<ol class=footnotes><li id=fn-aaaa>" + "word " * 60_000
    + "".join(f"<li id=fn-aaaa>{i}" for i in range(20_000)),
    "the same nameless note": "<ol class=footnotes>" + "<li>x" * 20_000,
    "references": "&lt;&nbsp;&#65;" * 100_000,
    "links": "".join(f"<a href=https://example.org/{i}>x</a> " for i in range(20_000)),
}  # fmt: skip


# By default the first quarter, of which a cost that is squared shows as well; the half of what makes too many elements; and all
# where the end of it matters.
ENDS = {"both quotes, in turn", "one note, often", "many notes of one key"}
MANY = {"nothing but <", "implied items", "cells without tables", "text in small pieces"}


def tried(name, raw):
    if DEEP or name in ENDS:
        return raw
    return raw[: len(raw) // (2 if name in MANY else 4)]


TRIED = {name: tried(name, raw) for name, raw in LARGE.items()}


@pytest.mark.parametrize("raw", TRIED.values(), ids=TRIED.keys())
def test_large_hostile_bodies_cost_little(raw, steps):
    """Work is counted, not timed: elements made, and characters joined into the tree."""
    cleaned = clean(raw)
    assert_safe(cleaned.html)
    assert steps.elements <= 2 * (MAX_ELEMENTS + 1)
    assert steps.characters <= 3 * len(raw) + 1_000_000


@pytest.fixture
def steps(monkeypatch):
    """How many elements were made, and how many characters were moved when text was added to the tree."""

    class Steps:
        elements = 0
        characters = 0

    make, append = stack.etree.SubElement, stack.append_text

    def counting_make(*args):
        Steps.elements += 1
        return make(*args)

    def counting_append(parent, text):
        last = next(parent.iterchildren(reversed=True), None)
        there = parent.text if last is None else last.tail
        Steps.characters += len(there or "") + len(text)
        append(parent, text)

    counting = SimpleNamespace(Element=stack.etree.Element, SubElement=counting_make)
    monkeypatch.setattr(stack, "etree", counting)
    monkeypatch.setattr(stack, "append_text", counting_append)
    return Steps
