"""What holds for every body: a search by machine for one for which it does not."""

from html import escape

import lxml.html
import nh3
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from releases.text.clean import clean
from releases.text.clean.builder import build_tree
from releases.text.clean.reconcile import reconcile
from releases.text.clean.tokenizer import normalise_text, tokenise
from releases.text.notes import notes_of
from releases.text.render import FrameWords, excerpt, feed_html, page_html, plain_text, word_count
from releases.text.schema import nh3_arguments
from releases.text.tree import inner_html, parse
from tests.depth import times
from tests.text.helpers import assert_safe, assert_shape, read, words_of

FAST = settings(
    deadline=None,
    max_examples=times("EXAMPLES", 160, 2000),
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)

KEYS = ["aaaa", "bbbb", "cccc", "1", "UPPER", "x" * 40, 'q"<>&']
TAGS = [
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "div",
    "section",
    "b",
    "strong",
    "i",
    "em",
    "sup",
    "sub",
    "a",
    "span",
    "ul",
    "ol",
    "li",
    "blockquote",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "hr",
    "br",
    "u",
    "font",
    "pre",
    "dl",
    "dt",
    "dd",
    "center",
    "figure",
    "x-y",
    "svg",
    "math",
]
ATTRIBUTES = st.sampled_from(
    [
        "",
        ' class="footnotes"',
        ' class="footnote-ref"',
        ' lang="zh-Hans"',
        ' dir="rtl"',
        ' dir=x lang="&quot;"',
        ' colspan="2" rowspan="x"',
        ' start="4"',
        ' href="/a&amp;b"',
        ' href="https://example.org/a b"',
        ' href="javascript:x"',
        ' onclick="x" style="y"',
        *[f' href="#fn-{escape(key)}"' for key in KEYS],
        *[f' id="fn-{escape(key)}"' for key in KEYS],
    ]
)
TEXT = st.text(
    st.sampled_from("ab1 \n\t<>&\"'\xa0é人་བ\u0301\u200d😀\x00\x0b\x1f\x85\ud800\udc00\ufffe[]*;#x"),
    max_size=8,
)


def _element(children):
    return st.builds(
        lambda tag, attributes, inner: f"<{tag}{attributes}>{''.join(inner)}</{tag}>",
        st.sampled_from(TAGS),
        ATTRIBUTES,
        st.lists(children, max_size=4),
    )


TREES = st.lists(
    st.recursive(TEXT.map(escape), _element, max_leaves=25) | _element(TEXT.map(escape)), max_size=5
).map("".join)
CITATION = st.sampled_from(KEYS[:4]).map(
    lambda key: f'<sup class="footnote-ref"><a href="#fn-{key}" id="fnref-{key}">1</a></sup>'
)
NOTES = st.lists(st.tuples(st.sampled_from(KEYS[:4]), TEXT.map(escape)), max_size=4).map(
    lambda notes: (
        '<ol class="footnotes">' + "".join(f'<li id="fn-{k}"><p>{t}</p></li>' for k, t in notes) + "</ol>"
    )
)
PIECES = st.sampled_from(
    [f"<{tag}>" for tag in TAGS]
    + [f"</{tag}>" for tag in TAGS]
    + [
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<script>",
        "</script>",
        "<style>",
        "</style>",
        "<template>",
        "<title>",
    ]
    + [
        "<textarea>",
        "</textarea>",
        "<noscript>",
        "<caption>",
        "</caption>",
        "<col>",
        "<tfoot>",
        "<select>",
        "<option>",
    ]
    + ["<a href='", '<a href="', '"', "'", ">", "<", "/", "=", "&", "&lt", "&#", ";", "<ol class=footnotes>"]
    + [
        "<li id=fn-aaaa>",
        "<li id=fn-bbbb>",
        "<sup class=footnote-ref>",
        "<a href=#fn-aaaa>",
        "<a href=#fn-bbbb>",
    ]
)
SOUP = st.lists(PIECES | TEXT | CITATION, max_size=30).map("".join)
BODIES = st.lists(TREES | SOUP | CITATION | NOTES, max_size=5).map("".join) | SOUP | TREES | st.text()


@FAST
@example(
    '<table><sup class="footnote-ref"><a href="#fn-aaaa">1</a></sup>'
    '<caption><sup class="footnote-ref"><a href="#fn-aaaa">1</a></sup>'
    '<ol class="footnotes"><li id="fn-aaaa"></ol>'
)
@given(BODIES)
def test_cleaning_never_raises_and_cleaning_twice_is_cleaning_once(raw):
    cleaned = clean(raw)
    again = clean(cleaned.html)
    assert again.html == cleaned.html
    assert {problem.code for problem in again.problems} <= {"uncited-note"}


@FAST
@given(BODIES)
def test_only_what_is_allowed_gets_through_in_the_editors_shape(raw):
    html = clean(raw).html
    assert_safe(html)
    assert_shape(parse(html))


@FAST
@given(BODIES)
def test_a_browsers_parser_has_nothing_to_mend(raw):
    """The builder alone is right; nh3, with a browser's parser, only confirms it."""
    body = build_tree(tokenise(normalise_text(raw)[0]))
    reconcile(body)
    html = inner_html(body.root)
    assert nh3.Cleaner(**nh3_arguments()).clean(html) == html
    if html:
        again = lxml.html.fragment_fromstring(html, create_parent="body")
        assert "".join(again.itertext()) == "".join(body.root.itertext())


@FAST
@given(TREES)
def test_words_that_are_kept_are_not_changed(raw):
    """In a tree without notes every letter comes through, in its order."""
    for key in ("footnote", "#fn-"):
        raw = raw.replace(key, "x")
    source, _ = normalise_text(raw)
    said, _ = normalise_text("".join(read(source).words))
    assert words_of(clean(raw).html) == "".join(said.split())


@FAST
@given(BODIES)
def test_notes_and_citations_are_one_set(raw):
    html = clean(raw).html
    root = parse(html)
    lists = [node for node in root.iter("ol") if node.get("class")]
    assert [node for node in lists if node is not root[-1]] == []
    keys = [item.get("id")[3:] for node in lists for item in node]
    cited = [mark[0].get("href")[4:] for mark in root.iter("sup") if mark.get("class")]
    order = list(dict.fromkeys(cited))
    assert keys[: len(order)] == order
    assert len(keys) == len(set(keys))
    for mark in root.iter("sup"):
        if mark.get("class"):
            assert mark[0].text == str(order.index(mark[0].get("href")[4:]) + 1)
            assert not any(node.get("class") for node in mark.iterancestors("ol"))
    uncited = [problem.note for problem in clean(raw).problems if problem.code == "uncited-note"]
    assert uncited == list(range(len(order) + 1, len(keys) + 1))


@FAST
@given(BODIES)
def test_every_form_of_a_body_can_be_made(raw):
    words = FrameWords()
    html = clean(raw).html
    page = page_html(html, prefix="r1-", words=words)
    feed = feed_html(html, prefix="r1-", address="https://news.example/a/", words=words)
    for form in (page, feed):
        ids = [value for _, attributes in read(form).tags for name, value in attributes if name == "id"]
        assert len(ids) == len(set(ids))
        assert all(identity.startswith("r1-") for identity in ids)
    links = [value for tag, attributes in read(page).tags for name, value in attributes if name == "href"]
    page_ids = {value for _, attributes in read(page).tags for name, value in attributes if name == "id"}
    assert {link[1:] for link in links if link.startswith("#")} <= page_ids
    for _, attributes in read(feed).tags:
        assert all(
            value.startswith(("http:", "https:", "mailto:")) for name, value in attributes if name == "href"
        )
    text = plain_text(html)
    assert "\n\n\n" not in text
    assert text == text.strip()
    for limit in (0, 1, 2, 7, 30):
        assert len(excerpt(html, limit=limit)) <= limit
    assert word_count(html, with_notes=True) >= word_count(html, with_notes=False)
    assert len(notes_of(html)) == html.count('<li id="fn-')
