"""What is taken from a page as text, by whatever way, never runs a date into the number of a note."""

import re
import subprocess

import pytest
from playwright.sync_api import Page

from tests.browser.firefox import Firefox
from tests.browser.reading.conftest import cite
from tests.machine import program

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BODY = (
    f"<p>Signed on May 30{cite(1, 'aaaa')} and on June 9.{cite(2, 'bbbb')} Read twice{cite(1, 'aaaa', '-2')}{cite(2, 'bbbb', '-2')}.</p>"
    "<h2>After it</h2><table><tbody><tr><td><p>Wells</p></td>"
    f"<td><p>1,204{cite(3, 'cccc')}</p></td></tr></tbody></table>"
    '<ol class="footnotes"><li id="fn-aaaa"><p>First source.</p></li><li id="fn-bbbb"><p>Second source.</p></li>'
    '<li id="fn-cccc"><p>Third source.</p></li></ol>'
)
SAID = "Signed on May 30[1] and on June 9.[2] Read twice[1][2]."


@pytest.fixture
def address(live_server, make_release):
    return live_server.url + make_release("A signature", body=BODY).get_absolute_url()


def test_a_paragraph_copied_in_chromium_has_its_notes_in_brackets(page: Page, address: str):
    page.goto(address)
    page.evaluate("getSelection().selectAllChildren(document.querySelector('.release-body p'))")
    page.keyboard.press("Control+c")
    page.locator(".masthead-search input").evaluate("field => { field.type = 'text'; field.focus() }")
    page.keyboard.press("Control+v")
    assert page.locator(".masthead-search input").input_value() == SAID


def test_a_paragraph_copied_in_firefox_has_its_notes_in_brackets(address: str, tmp_path):
    with Firefox(program("firefox-esr"), tmp_path / "firefox") as firefox:
        firefox.goto(address)
        firefox.run("getSelection().selectAllChildren(document.querySelector('.release-body p'))")
        firefox.press("c")
        firefox.run("document.querySelector('.masthead-search input').focus()")
        firefox.press("v")
        assert firefox.run("return document.querySelector('.masthead-search input').value") == SAID


def test_a_note_beside_its_citation_is_copied_without_a_bare_digit(page: Page, address: str):
    page.goto(address)
    page.locator(".note-ref a").first.hover()
    beside = page.locator(".note-beside")
    beside.wait_for()
    said = beside.evaluate("box => { getSelection().selectAllChildren(box); return String(getSelection()) }")
    assert " ".join(said.split()) == "[1] First source."


def test_on_a_screen_a_citation_is_the_number_alone(page: Page, address: str):
    page.goto(address)
    citation = page.locator(".note-ref a").first
    assert citation.evaluate(
        "a => [...a.querySelectorAll('.note-bracket')].map(one => one.getBoundingClientRect().width)"
    ) == [0, 0]
    assert page.get_by_role("link", name="Note 1", exact=True).count() == 2


def test_a_printed_page_says_so_too(page: Page, address: str, tmp_path):
    extract = program("pdftotext", "poppler-utils")
    page.goto(address)
    page.pdf(path=tmp_path / "printed.pdf")
    for order in ("-raw", "-layout", "-nopgbrk"):
        made = subprocess.run(
            [extract, order, tmp_path / "printed.pdf", "-"],
            capture_output=True, text=True, check=True, timeout=60,
        )  # fmt: skip
        text = " ".join(made.stdout.split())
        assert re.search(r"on May 30 ?\[1\] and on June 9\. ?\[2\]", text), (order, text)
        assert re.search(r"1,204 ?\[3\]", text), (order, text)


@pytest.mark.parametrize("reader", ["lynx", "w3m"])
def test_a_browser_without_style_sheets_says_so_too(address: str, reader: str):
    made = subprocess.run(
        [program(reader), "-dump", address],
        capture_output=True, text=True, check=True, timeout=60, env={"LANG": "C.UTF-8", "PATH": "/usr/bin:/bin", "HOME": "/nonexistent"},
    )  # fmt: skip
    text = " ".join(made.stdout.split())
    # Both write a raised thing as ^; lynx puts the number of the link in front: "May 30^[12][1]".
    for before, mark in (("May 30", 1), ("June 9.", 2), ("1,204", 3)):
        assert re.search(rf"{re.escape(before)}\^?(\[\d+\])?\[{mark}\]", text), (before, text)
