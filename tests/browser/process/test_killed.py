"""Kill -9 of server and browser amid typing: on return at most the last second is gone, and nothing is doubled.

Five times here; KILLS=50 in the environment makes it fifty.
"""

import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, expect

from tests.browser.conftest import chromium_flags, chromium_path

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[3]
KILLS = int(os.environ.get("KILLS", "5"))
BEGIN = """
from django.conf import settings
from django.test import Client
from newsroom.accounts.models import User
from newsroom.accounts.roles import assign_role
from releases import workflow
from releases.workflow import Words
user = User.objects.create_user("edith", password="correct horse battery staple")
assign_role(user, "editor")
release = workflow.save_draft(None, Words("Begun", "<p>Begin</p>"), by=user)
client = Client()
client.force_login(user)
print("SESSION", settings.SESSION_COOKIE_NAME, client.cookies[settings.SESSION_COOKIE_NAME].value, release.pk)
"""
COUNT = """
from releases.models import Event, Release, Revision
print(Release.objects.count(), Revision.objects.count(), Event.objects.count())
"""


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Site:
    """A site of its own, in a process of its own, on SQLite in a folder."""

    def __init__(self, folder):
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **os.environ, "DEBUG": "1", "PORT": str(self.port), "DATA_DIR": str(folder), "SITE_URL": self.address,
            "DATABASE_URL": f"sqlite:///{folder}/newsroom.sqlite3", "SECOND_FACTOR_REQUIRED": "0", "LOG_LEVEL": "ERROR",
            "CACHE_URL": "locmem://", "SECRET_KEY": "for-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz",
            "ALLOWED_HOSTS": "127.0.0.1,localhost", "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        }  # fmt: skip
        self.run("migrate", "--verbosity", "0")
        said = self.run("shell", "--verbosity", "0", "-c", BEGIN)
        _, self.cookie, self.session, self.release = next(
            line for line in said.splitlines() if line.startswith("SESSION ")
        ).split()

    def run(self, *words):
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=True, timeout=300
        )
        return done.stdout

    def start(self):
        command = [sys.executable, "manage.py", "runserver", "--noreload", f"127.0.0.1:{self.port}"]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{self.address}/healthz", timeout=2).close()
                return
            except OSError:
                time.sleep(0.1)
        raise TimeoutError("the server did not start")

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=30)


class Chromium:
    """A browser with a profile on disk, in processes of its own that can be killed."""

    def __init__(self, playwright, profile, site):
        self.port = free_port()
        command = [
            chromium_path(), "--headless=new", *chromium_flags(), f"--remote-debugging-port={self.port}",
            f"--user-data-dir={profile}", "about:blank",
        ]  # fmt: skip
        self.process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        for _ in range(300):
            try:
                self.browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{self.port}")
                break
            except Error:
                time.sleep(0.1)
        context = self.browser.contexts[0]
        context.add_cookies([{"name": site.cookie, "value": site.session, "url": site.address}])
        self.page: Page = context.new_page()

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=30)


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
        for _ in range(KILLS):
            page = chromium.page
            open_form(page, site)
            before = words_of(page)
            to_the_end(page)
            typed, until = [], time.monotonic() + chance.uniform(0.4, 4.5)
            server_first = chance.random() < 0.5
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
        counted = site.run("shell", "--verbosity", "0", "-c", COUNT).split()
        assert counted[-3:] == ["1", "1", "1"], "a release, a revision or an event was doubled"
    finally:
        chromium.kill()
        site.kill()
    print(
        f"{KILLS} kills, {number} words; most lost: {max(lost):.2f} s; nothing at all: {lost.count(0)} times"
    )
