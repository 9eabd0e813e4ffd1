"""Addresses as they are stored: the pure functions of paste/links.js, link.js and count.js, asked one by one."""

import re

import pytest

from tests.browser.editor.conftest import Desk
from tests.browser.editor.test_edges import compose

pytestmark = pytest.mark.browser

CLEANED = {
    "https://example.org/a?utm_source=x&utm_medium=y": "https://example.org/a",
    "https://example.org/a?b=1&fbclid=x&c=%20d#e": "https://example.org/a?b=1&c=%20d#e",
    "https://example.org/?gclid=1#top": "https://example.org/#top",
    "https://example.org/a?mc_cid=1&mc_eid=2": "https://example.org/a",
    "https://example.org/utm_source=kept?refund=1&autm_x=2": "https://example.org/utm_source=kept?refund=1&autm_x=2",
    "https://example.org/a?UTM_Source=x": "https://example.org/a",
    "https://www.google.com/url?q=https://example.org/x%3Fa%3D1&sa=D&usg=z": "https://example.org/x?a=1",
    "https://www.google.com/search?q=words": "https://www.google.com/search?q=words",
    "https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.org%2F&data=x": "https://example.org/",
    "https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.org%2Fa%3Ffbclid%3D1&h=x": "https://example.org/a",
    "https://urldefense.com/v3/__http://example.org/a__;!!x$": "http://example.org/a",
    "https://eur.safelinks.protection.outlook.com/?url=javascript%3Aalert(1)": "https://eur.safelinks.protection.outlook.com/?url=javascript%3Aalert(1)",
    " https://example.org/with space ": "https://example.org/with%20space",
    "mailto:press@example.org?subject=x": "mailto:press@example.org",
    "javascript:alert(1)": None,
    "java\nscript:alert(1)": None,
    "data:text/html,x": None,
    "file:///C:/x.docx": None,
    "ftp://example.org/": None,
    "#_ftn1": None,
    "/relative": None,
    "https://": None,
    "": None,
}  # fmt: skip

TYPED = {
    "example.org": "https://example.org",
    "example.org/a?b": "https://example.org/a?b",
    "bücher.example/ä": "https://bücher.example/ä",
    "press@example.org": "mailto:press@example.org",
    "/releases/earlier/": "/releases/earlier/",
    "//example.org": None,
    "two words": None,
    "javascript:alert(1)": None,
}

# A sentence -> the addresses in it. Each stands for a kind.
IN_TEXT = {
    "see https://en.example/wiki/Dam_(river) now": ["https://en.example/wiki/Dam_(river)"],
    "(https://en.example/wiki/Dam_(river))": ["https://en.example/wiki/Dam_(river)"],
    "(see https://en.example/a.html)": ["https://en.example/a.html"],
    "[source](https://en.example/a)more": ["https://en.example/a"],
    "https://en.example/a[1] and": ["https://en.example/a[1]"],
    "https://en.example/a, https://en.example/b; and": ["https://en.example/a", "https://en.example/b"],
    "https://en.example/a,https://en.example/b;http://en.example/c.": [
        "https://en.example/a", "https://en.example/b", "http://en.example/c",
    ],
    "https://en.example/ahttps://en.example/b": ["https://en.example/a", "https://en.example/b"],
    "(https://en.example/a)(https://en.example/b)": ["https://en.example/a", "https://en.example/b"],
    "https://archive.example/web/2020/https://en.example/a!": ["https://archive.example/web/2020/https://en.example/a"],
    "https://proxy.example/?u=https://en.example/a": ["https://proxy.example/?u=https://en.example/a"],
    "见 https://cn.example/x。": ["https://cn.example/x"],
    "见https://cn.example/x，后来": ["https://cn.example/x"],
    "见https://cn.example/x后来的事": ["https://cn.example/x"],
    "（https://cn.example/x）": ["https://cn.example/x"],
    "《https://cn.example/x》、https://cn.example/y；": ["https://cn.example/x", "https://cn.example/y"],
    "见https://cn.example后来": ["https://cn.example"],
    "见https://cn.example:8080后来": ["https://cn.example:8080"],
    "见https://cn.example/了解更多": ["https://cn.example/"],
    "https://zh.example/wiki/人权 和": ["https://zh.example/wiki/人权"],
    "https://zh.example/s?q=人权&n=1。": ["https://zh.example/s?q=人权&n=1"],
    "https://例子.测试/路径。": ["https://例子.测试/路径"],
    "https://bücher.example/straße?ä=ö.": ["https://bücher.example/straße?ä=ö"],
    "https://пример.example/путь,": ["https://пример.example/путь"],
    "https://kr.example/x에서": ["https://kr.example/x"],
    "https://bo.example/xབོད་": ["https://bo.example/x"],
    "https://bo.example/x།": ["https://bo.example/x"],
    "https://ar.example/x، ثم https://ar.example/y؟": ["https://ar.example/x", "https://ar.example/y"],
    "https://ug.example/xدا": ["https://ug.example/x"],
    "“https://en.example/a” and ‘https://en.example/b’": ["https://en.example/a", "https://en.example/b"],
    "\"https://en.example/a\" 'https://en.example/b' «https://en.example/c»": [
        "https://en.example/a", "https://en.example/b", "https://en.example/c",
    ],
    "https://en.example/o'reilly": ["https://en.example/o'reilly"],
    "https://en.example/a… and https://en.example/b...": ["https://en.example/a", "https://en.example/b"],
    "https://en.example/a—he said": ["https://en.example/a"],
    "https://en.example/%E4%BA%BA%20x,1,2;3?": ["https://en.example/%E4%BA%BA%20x,1,2;3"],
    "https://en.example:8443/a:b@c~d$e+f=g!h*i": ["https://en.example:8443/a:b@c~d$e+f=g!h*i"],
    "https://192.0.2.1/x https://[2001:db8::1]:80/x": ["https://192.0.2.1/x", "https://[2001:db8::1]:80/x"],
    "HTTPS://EN.EXAMPLE/A.": ["HTTPS://EN.EXAMPLE/A"],
    "https://en.example/\u200bx \u202ahttps://en.example/y\u202c": ["https://en.example/", "https://en.example/y"],
    f"https://en.example/{'a' * 5000}/b_(c)).": [f"https://en.example/{'a' * 5000}/b_(c)"],
    "https:// https://localhost xhttps://en.example ftp://en.example www.en.example https://en.example:99999": [],
    "https://en.example/a?utm_source=x。后来": ["https://en.example/a"],
}  # fmt: skip

COUNTED = {
    "": 0,
    "one two": 2,
    "don’t stop-gap e.g. 4.2 million": 5,
    "中文字 and words": 5,
    "བོད་སྐད།": 2,
    "ئۇيغۇر تىلى": 2,
    "— … “ ”": 0,
}


def ask(desk: Desk, module: str, function: str, values: list[str]) -> list:
    return desk.page.evaluate(
        "async ([module, name, values]) => { const f = (await import(module))[name]; return values.map((v) => f(v)) }",
        [f"/static/js/editor/{module}", function, values],
    )


def test_addresses_lose_their_tracking_and_nothing_else(shared_desk: Desk):
    answers = ask(shared_desk, "paste/links.js", "cleanHref", list(CLEANED))
    assert dict(zip(CLEANED, [answer["href"] for answer in answers], strict=True)) == CLEANED


def test_typed_addresses_are_completed_or_refused(shared_desk: Desk):
    assert dict(zip(TYPED, ask(shared_desk, "link.js", "typedHref", list(TYPED)), strict=True)) == TYPED


def test_the_addresses_of_a_sentence_end_where_they_end(shared_desk: Desk):
    answers = ask(shared_desk, "addresses.js", "addressesIn", list(IN_TEXT))
    found = {text: [one["href"] for one in answer] for text, answer in zip(IN_TEXT, answers, strict=True)}
    assert found == IN_TEXT


def test_a_hostile_line_of_addresses_is_read_in_bounded_steps(shared_desk: Desk):
    took = shared_desk.page.evaluate(
        """async () => { const { addressesIn } = await import('/static/js/editor/addresses.js'); const t = performance.now();
        for (const part of ['https://', 'https://a.example/(', 'http://a.b/x,', 'https://例.'])
          addressesIn(part.repeat(Math.ceil(200000 / part.length))); return performance.now() - t }"""
    )
    assert took < 20_000, took


def test_cleaning_an_address_takes_no_words_behind_it(shared_desk: Desk):
    texts = ["见https://en.example/a?utm_source=x。后来", "(https://en.example/?b=1&fbclid=2) and", "a\x07b"]
    assert ask(shared_desk, "addresses.js", "cleanText", texts) == [
        "见https://en.example/a。后来",
        "(https://en.example/?b=1) and",
        "ab",
    ]


def test_words_are_counted_in_every_script(shared_desk: Desk):
    assert (
        dict(zip(COUNTED, ask(shared_desk, "count.js", "countWords", list(COUNTED)), strict=True)) == COUNTED
    )


def test_keys_of_notes_are_what_the_schema_allows(shared_desk: Desk):
    from releases.text.schema import KEY

    keys = shared_desk.page.evaluate(
        "async () => { const { newKey } = await import('/static/js/editor/keys.js'); return Array.from({length: 500}, newKey) }"
    )
    assert len(set(keys)) == 500
    assert all(KEY.fullmatch(key) and key[0].isalpha() for key in keys)


LINKED = '<a href="https://example.org/a?b=1">https://example.org/a?b=1</a>'


def test_a_typed_address_becomes_a_link_when_the_writer_goes_on(desk: Desk):
    desk.focus_end().type("See https://example.org/a?b=1")
    desk.settle()
    assert desk.value == "<p>See https://example.org/a?b=1</p>"
    desk.type(". More").settle()
    assert desk.value == f"<p>See {LINKED}. More</p>"
    desk.check()


def test_a_typed_address_in_a_note_is_a_link_on_leaving_the_note(desk: Desk):
    desk.focus_end().type("Claim").key("Control+Alt+f").type("Report, (https://example.org/a?b=1)")
    desk.key("Escape").type(" goes on").settle()
    assert desk.notes == [f"Report, ({LINKED})"]
    assert "goes on" in desk.value
    desk.check()


def test_an_address_typed_last_is_a_link_when_the_editor_is_left(desk: Desk):
    desk.focus_end().type("https://example.org/a?b=1")
    desk.page.locator("#id_title").focus()
    desk.settle()
    assert desk.value == f"<p>{LINKED}</p>"


@pytest.mark.parametrize(
    "typed", ["example.org ", "https:// ", "https://localhost ", "xhttps://example.org "]
)
def test_what_is_no_whole_address_stays_words(desk: Desk, typed: str):
    desk.focus_end().type(typed + "x").settle()
    assert desk.value == f"<p>{typed}x</p>"


def test_an_automatic_link_can_be_taken_off_and_stays_off(desk: Desk):
    desk.focus_end().type("https://example.org/a?b=1 x").settle()
    desk.caret_after("https://exam").key("Control+k")
    desk.page.get_by_role("button", name="Remove link").click()
    desk.settle()
    desk.caret_after("b=1 x").type(" y").settle()
    assert desk.value == "<p>https://example.org/a?b=1 x y</p>"


def test_undoing_past_an_automatic_link_leaves_no_trace(desk: Desk):
    desk.focus_end().type("https://example.org/a?b=1 ").key("Control+z")
    assert "<a" not in desk.value


# What is typed -> the addresses that are links as soon as the last key is pressed.
TYPED_OUT = {
    "see https://en.example/wiki/Dam_(river) ": ["https://en.example/wiki/Dam_(river)"],
    "见 https://cn.example/x。": ["https://cn.example/x"],
    "见https://cn.example/x后": ["https://cn.example/x"],
    "“https://en.example/a”": ["https://en.example/a"],
    "https://en.example/a,https://en.example/b ": ["https://en.example/a", "https://en.example/b"],
    "https://en.example/a,https://": ["https://en.example/a"],
    "https://例子.测试/a？": ["https://例子.测试/a"],
    "https://en.example/a,b:1 ": ["https://en.example/a,b:1"],
    "https://en.example/a.": [],
}


def test_what_ends_an_address_makes_it_a_link_at_once(desk: Desk):
    for typed, links in TYPED_OUT.items():
        desk.page.evaluate(
            "document.querySelector('#id_body').dispatchEvent(new CustomEvent('newsroom:set-body', {detail: ''}))"
        )
        desk.focus_end().type(typed).settle()
        assert re.findall(r'<a href="([^"]*)">([^<]*)</a>', desk.value) == [(link, link) for link in links], (
            typed
        )
        assert re.sub(r"<[^>]*>", "", desk.value) == typed.replace("&", "&amp;")
        desk.check()


def test_an_address_before_composed_words_is_a_link_when_they_are_taken(desk: Desk):
    desk.focus_end().type("https://cn.example/x")
    compose(desk, "h", "后", "后来")
    desk.settle()
    assert desk.value == '<p><a href="https://cn.example/x">https://cn.example/x</a>后来</p>'


@pytest.mark.parametrize(("text", "value"), [
    ("见https://cn.example/x，（https://en.example/a_(b)）。", '<p>见<a href="https://cn.example/x">https://cn.example/x</a>，（'
     '<a href="https://en.example/a_(b)">https://en.example/a_(b)</a>）。</p>'),
])  # fmt: skip
def test_addresses_in_pasted_text_are_links(desk: Desk, text: str, value: str):
    desk.focus_end().paste("", text)
    assert desk.value == value
    desk.check()
    desk.key("Control+a").paste(f"<p>{text}</p>", text)
    assert desk.value == value


def test_a_pasted_link_keeps_its_address_whatever_its_words_say(desk: Desk):
    link = '<a href="https://en.example/the/whole/of/it">https://en.example/the…</a>'
    desk.focus_end().paste(f"<p>See {link}.</p>")
    assert desk.value == f"<p>See {link}.</p>"


def test_an_address_with_brackets_pasted_over_words_links_them(desk: Desk):
    desk.focus_end().type("See report").select("report", "report").paste("", "https://en.example/a_(b)")
    assert desk.value == '<p>See <a href="https://en.example/a_(b)">report</a></p>'
