"""A site and a browser in processes of their own, which can be killed."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from pathlib import Path

from playwright.sync_api import Error, Page

from tests.browser.conftest import chromium_flags, chromium_path

ROOT = Path(__file__).resolve().parents[3]
MIGRATE = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
"""
BEGIN = """
from django.conf import settings
from django.test import Client
from newsroom.accounts.models import User
from newsroom.accounts.models import assign_role
from releases import workflow
from releases.workflow import Words
user = User.objects.create_user("edith", password="correct horse battery staple")
assign_role(user, "editor")
release = workflow.save_draft(None, Words("Begun", "<p>Begin</p>"), by=user)
client = Client()
client.force_login(user)
print("SESSION", settings.SESSION_COOKIE_NAME, client.cookies[settings.SESSION_COOKIE_NAME].value, release.pk)
"""


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Site:
    """A site of its own, in a process of its own, on SQLite in a folder. Its clock may be set: `clock` is a file with the
    seconds by which it is ahead. `begin` runs in it once and prints what a test wants to know, after SESSION."""

    def __init__(self, folder, *, begin=BEGIN, clock=None):
        self.port = free_port()
        self.entry = ["-m", "tests.browser.process.clock", str(clock)] if clock else ["manage.py"]
        self.address = f"http://127.0.0.1:{self.port}"
        self.database = folder / "newsroom.sqlite3"
        self.environment = {
            **os.environ, "DEBUG": "1", "PORT": str(self.port), "DATA_DIR": str(folder), "SITE_URL": self.address,
            "DATABASE_URL": f"sqlite:///{self.database}", "SECOND_FACTOR_REQUIRED": "0", "LOG_LEVEL": "ERROR",
            "CACHE_URL": "locmem://", "SECRET_KEY": "for-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz",
            "ALLOWED_HOSTS": "127.0.0.1,localhost", "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        }  # fmt: skip
        said = self.run("shell", "--verbosity", "0", "-c", MIGRATE + begin)
        _, self.cookie, self.session, self.release = next(
            line for line in said.splitlines() if line.startswith("SESSION ")
        ).split()

    def run(self, *words):
        command = [sys.executable, *self.entry, *words]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=True, timeout=300
        )
        return done.stdout

    def sql(self, statement):
        """Straight from its file: another process would take seconds to begin."""
        with closing(sqlite3.connect(self.database, timeout=60)) as database, database:
            return database.execute(statement).fetchall()

    def start(self):
        command = [sys.executable, *self.entry, "runserver", "--noreload", f"127.0.0.1:{self.port}"]
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
        self.page.set_default_timeout(120_000)  # everything has just been started

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=30)
