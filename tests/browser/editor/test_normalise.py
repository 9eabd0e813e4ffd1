"""Documents brought to their rules and written as HTML, many in one page: `normalise.js`, `load.js` and `serialise.js`."""

import pytest

from tests.browser.editor.conftest import Desk, check, in_field
from tests.browser.editor.test_stored import EVERYTHING

pytestmark = pytest.mark.browser


def cite(key: str, number: int, occurrence: int = 1) -> str:
    again = f"-{occurrence}" if occurrence > 1 else ""
    return f'<sup class="footnote-ref"><a href="#fn-{key}" id="fnref-{key}{again}">{number}</a></sup>'


def notes(*keys_and_words: str) -> str:
    pairs = zip(keys_and_words[::2], keys_and_words[1::2], strict=True)
    items = "".join(f'<li id="fn-{key}"><p>{words}</p></li>' for key, words in pairs)
    return f'<ol class="footnotes">{items}</ol>'


A, B = cite("aaaa", 1), cite("bbbb", 2)
# what is loaded -> what it becomes; the same where it was right
NORMALISED = {
    "right already": (f"<p>One{A} two{B}.</p>{notes('aaaa', 'a', 'bbbb', 'b')}", ""),
    "numbers that count wrongly": (
        f"<p>One{cite('aaaa', 7)} two{cite('bbbb', 7)}.</p>{notes('aaaa', 'a', 'bbbb', 'b')}",
        f"<p>One{A} two{B}.</p>{notes('aaaa', 'a', 'bbbb', 'b')}",
    ),
    "notes in another order": (
        f"<p>One{A} two{B}.</p>{notes('bbbb', 'b', 'aaaa', 'a')}",
        f"<p>One{A} two{B}.</p>{notes('aaaa', 'a', 'bbbb', 'b')}",
    ),
    "a note cited twice": (
        f"<p>One{A} two{A}.</p>{notes('aaaa', 'a')}",
        f"<p>One{A} two{cite('aaaa', 1, 2)}.</p>{notes('aaaa', 'a')}",
    ),
    "a citation without a note": (f"<p>One{A}.</p>", f"<p>One{A}.</p>{notes('aaaa', '')}"),
    "a note without a citation keeps its words": (
        f"<p>One{A}.</p>{notes('aaaa', 'a', 'bbbb', 'b')}",
        f"<p>One{A}.</p>{notes('aaaa', 'a', 'bbbb', 'b')}",
    ),
    "a note without citation or words": (
        f"<p>One{A}.</p>{notes('aaaa', 'a', 'dddd', '')}",
        f"<p>One{A}.</p>{notes('aaaa', 'a')}",
    ),
    "two lists": (
        f"<p>One{A} two{B}.</p>{notes('aaaa', 'a')}{notes('bbbb', 'b')}",
        f"<p>One{A} two{B}.</p>{notes('aaaa', 'a', 'bbbb', 'b')}",
    ),
    "a list before the end": (
        f"<p>One{A}.</p>{notes('aaaa', 'a')}<p>End.</p>",
        f"<p>One{A}.</p><p>End.</p>{notes('aaaa', 'a')}",
    ),
    "a citation in a note": (
        f"<p>One{A} two{B}.</p>{notes('aaaa', f'a{B}', 'bbbb', 'b')}",
        f"<p>One{A} two{B}.</p>{notes('aaaa', 'a', 'bbbb', 'b')}",
    ),
    "a citation in a table": (
        f"<table><tbody><tr><td><p>x{B}</p></td></tr></tbody></table><p>y{A}</p>{notes('aaaa', 'a', 'bbbb', 'b')}",
        f"<table><tbody><tr><td><p>x{cite('bbbb', 1)}</p></td></tr></tbody></table><p>y{cite('aaaa', 2)}</p>"
        f"{notes('bbbb', 'b', 'aaaa', 'a')}",
    ),
    "a citation in bold words": (
        f"<p><strong>One{A} two</strong>.</p>{notes('aaaa', 'a')}",
        f"<p><strong>One{A} two</strong>.</p>{notes('aaaa', 'a')}",
    ),
}  # fmt: skip
# bodies that are written as they were read
WRITTEN = {
    "everything": EVERYTHING,
    "nothing": "",
    "signs": "<p>a &amp; b &lt;c&gt; “d” 'e' \u00a0f</p>".replace("\u00a0", "&nbsp;"),
    "other scripts": '<p lang="bo">བོད་ཡིག</p><p lang="ug" dir="rtl">ئۇيغۇرچە</p><p>中文𠀀</p>',
    "marks in marks": "<p><strong>a<em>b</em></strong><em>c<sub>2</sub></em></p>",
    "breaks": "<p>a<br>b<br>c</p>",
    "spaces at edges": "<p> a </p><p>b <strong> c </strong></p>",
    "lists in lists": "<ol><li><p>a</p><ul><li><p>b</p><ol start=\"3\"><li><p>c</p></li></ol></li></ul></li></ol>".replace("'", '"'),
    "a rule at each end": "<hr><p>a</p><hr>",
    "a table in a quotation": "<blockquote><p>a</p><table><tbody><tr><th><p>b</p></th></tr></tbody></table></blockquote>",
    "many blocks": "".join(f"<h2>{n}</h2><p>{n}</p>" for n in range(200)),
    "a note with paragraphs": f'<p>a{A}</p><ol class="footnotes"><li id="fn-aaaa"><p>b</p><p lang="fr">c</p></li></ol>',
}  # fmt: skip

HOLD_EACH = """(bodies) => { const field = document.querySelector('#id_body'), editor = document.querySelector('.ProseMirror').editor;
  return bodies.map((html) => { field.dispatchEvent(new CustomEvent('newsroom:set-body', {detail: html}));
    const one = {value: field.value, html: editor.getHTML()};
    editor.chain().focus('start').insertContent('x').run();
    return {...one, edited: field.value, editedHtml: editor.getHTML()} }) }"""


@pytest.fixture(scope="module")
def held(opened_once: Desk) -> dict[str, dict[str, str]]:
    """What the field and the document say of each body, and of it with one more letter."""
    bodies = {**{name: given for name, (given, _) in NORMALISED.items()}, **WRITTEN}
    return dict(zip(bodies, opened_once.page.evaluate(HOLD_EACH, list(bodies.values())), strict=True))


@pytest.mark.parametrize("name", NORMALISED)
def test_citations_and_notes_become_one_set(held: dict[str, dict[str, str]], name: str):
    given, expected = NORMALISED[name]
    assert held[name]["value"] == (expected or given)
    if "without a citation" not in name:  # the cleaner keeps such a note and says so
        check(held[name]["value"], held[name]["html"])


@pytest.mark.parametrize("name", WRITTEN)
def test_what_was_read_is_written(held: dict[str, dict[str, str]], name: str):
    assert held[name]["value"] == WRITTEN[name] == in_field(held[name]["html"])


@pytest.mark.parametrize("name", [*NORMALISED, *WRITTEN])
def test_what_is_written_after_an_edit_is_the_whole_document(held: dict[str, dict[str, str]], name: str):
    assert held[name]["edited"] == in_field(held[name]["editedHtml"]) != held[name]["value"]
