"""People at their desks: each has a browser of their own, signed in, on a running site."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Error, Page, expect

from tests.browser.conftest import SETTLED

AGE = """(older) => new Promise((done) => {
    const opened = indexedDB.open("newsroom", 1);
    opened.onupgradeneeded = () => opened.result.createObjectStore("drafts");
    opened.onsuccess = () => {
        const all = opened.result.transaction("drafts", "readwrite");
        const cursor = all.objectStore("drafts").openCursor();
        cursor.onsuccess = () => {
            if (!cursor.result) return;
            cursor.result.update({...cursor.result.value, at: cursor.result.value.at - older});
            cursor.result.continue();
        };
        all.oncomplete = () => { opened.result.close(); done(); };
    };
})"""
BASE = "/admin/releases/release/"


class Seat:
    """One person's browser window on a release."""

    def __init__(self, page: Page, base: str) -> None:
        self.context, self.base = page.context, base
        self.page = self.first = page
        self.faults: list[str] = []
        page.on("pageerror", self._failed)
        page.on("console", self._heard)

    def leave(self) -> None:
        self.first.remove_listener("pageerror", self._failed)
        self.first.remove_listener("console", self._heard)

    def _failed(self, error: Error) -> None:
        self.faults.append(str(error))

    def _heard(self, message: Any) -> None:
        # Chromium's own words about an answer that is no success, or about being offline, are no fault of the page.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.faults.append(message.text)

    def open(self, release: Any = None) -> "Seat":
        path = f"{BASE}{release.pk}/change/" if release else f"{BASE}add/"
        self.page.goto(self.base + path)
        self.page.wait_for_selector(".body-editor [role=toolbar]")
        return self

    def come_back(self, release: Any, *, after: int = 60) -> "Seat":
        """Close the page, and open the release in a new one when `after` seconds have gone by for the kept copies."""
        self.page.close()
        self.page = self.context.new_page()
        if after:
            self.page.goto(f"{self.base}/healthz")
            self.page.evaluate(AGE, after * 1000)
        self.open(release)
        self.page.wait_for_selector("[data-kept=looked]", state="attached")
        return self

    def type(self, words: str, *, into: str = ".ProseMirror > p >> nth=0") -> "Seat":
        self.page.locator(into).first.click()
        self.page.evaluate(SETTLED)  # no hand is as fast as a key would be
        self.page.keyboard.press("End")
        self.page.keyboard.type(words)
        return self

    @property
    def said(self) -> str:
        return self.page.locator("[data-saved]").inner_text()

    def saved(self, *, timeout: float = 15_000) -> "Seat":
        """Wait until the page says so and everything typed is on the server."""
        expect(self.page.locator("[data-saved]:not([data-behind])")).to_have_text(
            re.compile(r"^saved \d\d:\d\d:\d\d"), timeout=timeout
        )
        return self

    def wait_for(self, words: str) -> "Seat":
        expect(self.page.locator("body")).to_contain_text(words, timeout=15_000)
        return self


@pytest.fixture
def sit_down(window: Callable[..., Page], live_server: Any) -> Iterator[Callable[..., Seat]]:
    """Open a browser for a user; afterwards no page may have complained."""
    seats: list[Seat] = []

    def sit(user: Any, **options: Any) -> Seat:
        seats.append(Seat(window(user, **options), live_server.url))
        return seats[-1]

    yield sit
    for seat in seats:
        seat.leave()
    assert [fault for seat in seats for fault in seat.faults] == []
