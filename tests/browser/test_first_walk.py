"""From login to feed: an editor writes with the keyboard, a reader follows a note, a subscriber's reader shows it."""

import re
from pathlib import Path

import feedparser
import pytest
from playwright.sync_api import Page, expect

from releases.models import Topic

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NAMES = (Path(__file__).resolve().parents[2] / "releases/sample/topics.txt").read_text("utf-8").splitlines()
PASSWORD = "correct horse battery staple"
TITLE = "River Towns Ask Who Signed"
SETTLED = "new Promise(r => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(r, 20))))"
# What is typed: words, and notes where "#" stands.
PARAGRAPHS = [
    ("The ministry promised to finish “ahead of its calendar.”#", ["Sarrin Courier, April 2."]),
    (
        "Travellers were stopped in early March#; a clerk was sent away on March 30#",
        ["Own file.", "Tenants’ Union."],
    ),
    (
        " and the last families on April 9.# Such removals break the law.#",
        ["Radio Pell. Ibid.", "Works Act, s. 4."],
    ),
]


def note(page: Page, words: str) -> None:
    page.keyboard.press("Control+Alt+f")
    page.evaluate(SETTLED)
    page.keyboard.type(words)
    page.keyboard.press("Escape")
    page.evaluate(SETTLED)


def write(page: Page) -> None:
    """The whole release, without touching the mouse."""
    page.locator("#id_title").focus()
    page.keyboard.type(TITLE)
    page.locator(".ProseMirror").focus()
    for words, notes in PARAGRAPHS:
        waiting = list(notes)
        *pieces, last = words.split("#")
        for piece in pieces:
            page.keyboard.type(piece)
            note(page, waiting.pop(0))
        page.keyboard.type(last)
        if not words.endswith("#"):
            page.keyboard.press("Enter")


def pick(page: Page, *names: str) -> None:
    filter_ = page.get_by_label("Find a topic")
    for name in names:
        filter_.fill(name)
        page.get_by_role("checkbox", name=name, exact=True).focus()
        page.keyboard.press("Space")
    filter_.fill("")


def test_a_release_is_written_published_read_and_followed(
    page: Page, live_server, make_user, make_topic, client
):
    make_user("edith", password=PASSWORD)
    for name in NAMES:
        make_topic(name)
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))

    page.goto(f"{live_server.url}/admin/")
    page.locator("input[name=login]").fill("edith")
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/")
    page.goto(f"{live_server.url}/admin/releases/release/add/")
    page.wait_for_selector(".body-editor [role=toolbar]")
    write(page)
    pick(page, "Land, Property, Housing", "Rule Of Law", "Freedom of Association")
    page.locator("button[name=_publish]").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Publish now")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_selector(".messagelist .success")

    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(f"{live_server.url}/releases/river-towns-ask-who-signed/")
        expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        marks = page.locator(".release-body [role=doc-noteref]")
        assert marks.all_inner_texts() == ["[1]", "[2]", "[3]", "[4]", "[5]"]  # the brackets are for copies
        fourth = marks.nth(3)
        fourth.focus()
        page.keyboard.press("Enter")
        there = page.evaluate(
            "document.getElementById(decodeURIComponent(location.hash.slice(1))).textContent"
        )
        assert "Radio Pell" in there
        back = page.locator("[role=doc-endnotes] li").nth(3).locator("[role=doc-backlink]")
        back.focus()
        page.keyboard.press("Enter")
        assert page.evaluate("location.hash.slice(1)") == fourth.get_attribute("id")
    assert page.locator("nav.topic-index li").all_inner_texts() == NAMES
    description = page.locator("meta[name=description]").get_attribute("content") or ""

    for kind in ("rss", "atom"):
        for path in (f"/feeds/releases.{kind}", f"/topics/land-property-housing/feed.{kind}"):
            entry = feedparser.parse(client.get(path).content).entries[0]
            assert entry.title == TITLE
            assert {tag.term for tag in entry.tags} == {
                "Land, Property, Housing", "Rule Of Law", "Freedom of Association",
            }  # fmt: skip
            content = entry.content[0].value
            assert content.count("reversefootnote") == 5
            for words in (entry.title, entry.summary, description):
                assert "303" not in words
                assert "9.4" not in words
            assert not re.search(r"March 303|April 9\.4", content)
    assert Topic.objects.count() == len(NAMES)
    assert not faults
