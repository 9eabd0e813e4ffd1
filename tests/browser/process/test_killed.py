"""Kill -9 of server and browser amid typing: on return at most the last second is gone, and nothing is doubled.

Twice here, once the server first and once the browser; fifty times with DEEP=1.
"""

import random
import re
import time

import pytest
from playwright.sync_api import expect

from tests.browser.process.outside import Chromium, Site
from tests.depth import times

pytestmark = pytest.mark.browser
KILLS = times("KILLS", 2, 50)


def open_form(page, site):
    page.goto(f"{site.address}/admin/releases/release/{site.release}/change/")
    page.wait_for_selector(".body-editor [role=toolbar]", timeout=120_000)  # everything has just been started
    page.wait_for_selector("[data-kept=looked]", state="attached", timeout=60_000)
    if page.locator("[data-kept]").is_visible():
        page.locator("[data-kept-take]").click()
        # Taken back and saved: what this browser had sent itself is no colleague's save.
        expect(page.locator("[data-saved]")).to_have_text(re.compile(r"^saved \d"), timeout=30_000)


def to_the_end(page):
    """The caret, by keys: a click would take it to where it fell, after the next key.

    20 ms after it was given the focus the editor puts the caret where it last had it, so a key within them is
    undone; no hand is as fast.
    """
    page.locator(".ProseMirror").focus()
    page.evaluate("new Promise((done) => setTimeout(done, 100))")
    page.keyboard.press("Control+End")
    page.wait_for_function(
        """() => {
            const [at, all] = [getSelection(), document.createRange()];
            all.selectNodeContents(document.querySelector(".ProseMirror"));
            all.setStart(at.focusNode, at.focusOffset);
            return !all.toString();
        }"""
    )


def words_of(page):
    """The words that were typed to their end: half a word would pass for another."""
    return re.findall(r"w\d+;", page.locator(".ProseMirror").inner_text())


def test_killed_amid_typing_at_most_the_last_second_is_lost(playwright, tmp_path):
    chance, number, lost = random.Random(7), 0, []
    site = Site(tmp_path)
    site.start()
    chromium = Chromium(playwright, tmp_path / "profile", site)
    try:
        for turn in range(KILLS):
            page = chromium.page
            open_form(page, site)
            before = words_of(page)
            to_the_end(page)
            typed, until = [], time.monotonic() + chance.uniform(0.4, 4.5)
            server_first = turn % 2 == 0
            while time.monotonic() < until:
                number += 1
                page.keyboard.type(f" w{number};")
                typed.append((time.monotonic(), f"w{number};"))
                if server_first and len(typed) == 8:
                    site.kill()
                    server_first = None
                time.sleep(chance.uniform(0, 0.15))
            killed = time.monotonic()
            if server_first is not None:
                site.kill()
            chromium.kill()
            site.start()
            chromium = Chromium(playwright, tmp_path / "profile", site)
            open_form(chromium.page, site)
            found = words_of(chromium.page)
            assert [word for word in before if word not in found] == []
            assert len(found) == len(set(found)), "something was doubled"
            assert found == sorted(found, key=lambda word: int(word[1:-1])), "something stands elsewhere"
            gone = [at for at, word in typed if word not in found]
            lost.append(killed - min(gone, default=killed))
            assert lost[-1] <= 1
        for table in ("release", "revision", "event"):
            assert site.sql(f"SELECT count(*) FROM releases_{table}") == [(1,)], f"a {table} was doubled"
    finally:
        chromium.kill()
        site.kill()
    print(
        f"{KILLS} kills, {number} words; most lost: {max(lost):.2f} s; nothing at all: {lost.count(0)} times"
    )
