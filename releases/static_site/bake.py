"""The public site for the web server in front: a file an address, also compressed, and what was withdrawn in a tree of its own."""

import gzip
import os
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote

import brotli
from django.db import DatabaseError, InterfaceError, connections
from django.utils import timezone

from releases.editions import current
from releases.static_site import disk
from releases.static_site.inventory import OLD_SITE, PublicAddress, static_files
from releases.static_site.rendering import NOTHING, Rendered
from releases.static_site.state import NotOurs, State, locked
from releases.static_site.update import BY_CLOCK, Counts, Layout, reconcile, update
from releases.static_site.workers import WorkerFailed

# What readers get, and what stands where something was withdrawn: the web server sends it with 410.
SITE, GONE = "site", "gone"
# A folder that has it is a baked one; in every other with anything in it nothing is touched.
MARK = "baked.txt"
MARK_WORDS = "The newsroom writes this folder (manage.py bake). What stands here is deleted and made anew.\n"
# For these Django answers: drawing a card takes longer than a page, and a former address leads on to another one.
BY_DJANGO = frozenset({"site:card", OLD_SITE, "releases:search"})
STATIC = "static"
# Below that a compressed page travels in as many packets as a plain one.
WORTH_COMPRESSING = 1000
COMPRESSIBLE = (
    ".html", ".xml", ".rss", ".atom", ".json", ".opml", ".txt", ".css", ".js", ".svg", ".bib", ".ris", ".map",
)  # fmt: skip
# How long `follow` waits before it asks for the edition again, in seconds.
ASKED_EVERY = 0.5
# And how long when the database does not answer.
RETRY = 3.0


class Baked:
    """The layout of a baked folder."""

    offline = False

    def __init__(self, root: Path) -> None:
        self.root = root
        self._static: dict[str, Path] = {}

    def begin(self, addresses: Sequence[PublicAddress]) -> list[PublicAddress]:
        """What has no query string and is no redirect; and the static files that are no compressed form of another."""
        if not self._static:
            self._static = static_files()
        pages = [
            one
            for one in addresses
            if "?" not in one.path and one.status != 301 and one.name not in BY_DJANGO
        ]
        assets = [
            path for path in self._static if disk.without_ending(path) not in self._static.keys() - {path}
        ]
        return [*pages, *(PublicAddress(path, STATIC) for path in assets)]

    def file_of(self, one: PublicAddress) -> str | None:
        """As the web server looks for it: by the decoded path, `index.html` where that ends in a slash."""
        path = unquote(one.path).removeprefix("/")
        name = f"{path}index.html" if path.endswith("/") or not path else path
        return f"{GONE if one.status == 410 else SITE}/{name}" if disk.fits(name) else None

    def content_of(self, one: PublicAddress, render: Callable[[], Rendered]) -> Rendered | None:
        """What Django answers; a static file as it lies."""
        if one.name == STATIC:
            try:
                return Rendered(200, {}, self._static[one.path].read_bytes(), NOTHING)
            except FileNotFoundError:
                return None
        made = render()
        if made.status != one.status:
            return None
        # Under the same address there is never another picture.
        return Rendered(made.status, {}, made.body, NOTHING) if one.name == "site:picture" else made

    def forms_of(self, file: str, content: bytes) -> dict[str, bytes]:
        """Also as gzip and Brotli, where that is shorter; static files as `collectstatic` has compressed them."""
        forms = {"": content}
        ready = self._static.get(f"/{file.partition('/')[2]}")
        if len(content) < WORTH_COMPRESSING or not file.endswith(COMPRESSIBLE):
            return forms
        for ending, compress in COMPRESSORS.items():
            lies = ready and ready.with_name(ready.name + ending)
            made = lies.read_bytes() if lies and lies.is_file() else compress(content)
            if len(made) < len(content):
                forms[ending] = made
        return forms

    def is_extra(self, file: str) -> bool:
        """The mark."""
        return file == MARK


def _gzip(content: bytes) -> bytes:
    return gzip.compress(content, 6, mtime=0)


def _brotli(content: bytes) -> bytes:
    # At 5 it takes a millisecond and is smaller than gzip; at 11 it would take a hundred, for a tenth less.
    return bytes(brotli.compress(content, quality=5, mode=brotli.MODE_TEXT))


COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {".gz": _gzip, ".br": _brotli}


def own_folder(root: Path, mark: str, words: str) -> None:
    """Make a folder ours. Raises `NotOurs` for one with anything in it that this program has not written."""
    if root.exists() and not root.is_dir():
        raise NotOurs(f"{root} is a file.")
    if not root.parent.is_dir():
        raise NotOurs(f"{root.parent} is not there: make it, open for whoever shall read what is in it.")
    if root.is_dir() and not (root / mark).is_file() and any(root.iterdir()):
        raise NotOurs(f"{root} holds something else, which would be deleted: name an empty folder.")
    disk.make_folder(root, root.parent)
    root.chmod(disk.FOLDER_MODE)
    if not (root / mark).is_file():
        disk.write(root, mark, {"": words.encode()})


def bake(
    root: Path,
    *,
    follow: bool = False,
    jobs: int | None = None,
    said: Callable[[str], None] = lambda line: None,
) -> Counts:
    """Bring a folder to the newest edition; with `follow` go on for ever. Raises `Busy` and `NotOurs`."""
    with locked(root):
        own_folder(root, MARK, MARK_WORDS)
        for name in (SITE, GONE):
            disk.make_folder(root / name, root)
        layout, state = Baked(root), State(root)
        try:
            reconcile(layout, state)
            counts = bring_up_to_date(layout, state, jobs=jobs, said=said)
            if follow:
                _follow(layout, state, counts, jobs=jobs, said=said)
            return counts
        finally:
            state.close()


def bring_up_to_date(
    layout: Layout, state: State, *, jobs: int | None, said: Callable[[str], None]
) -> Counts:
    """Runs until the edition stands still; what the last of them has done, and all files that any of them touched."""
    touched: set[str] = set()
    while True:
        counts = update(layout, state, jobs=jobs or os.cpu_count() or 1)
        touched |= counts.files
        said(f"edition {counts.edition.name}: {counts}")
        if counts.whole:
            counts.files = touched
            return counts


def _follow(
    layout: Layout, state: State, counts: Counts, *, jobs: int | None, said: Callable[[str], None]
) -> None:
    """Look for a new edition twice a second, and at the very moment at which an embargo ends."""
    edition, looked = counts.edition, time.monotonic()
    while True:
        time.sleep(pause(edition.next_due, timezone.now()))
        try:
            now = current()
            if now.name != edition.name or time.monotonic() - looked >= BY_CLOCK:
                edition = bring_up_to_date(layout, state, jobs=jobs, said=said).edition
                looked = time.monotonic()
            else:
                edition = now
        except (DatabaseError, InterfaceError, WorkerFailed) as error:
            # The files stay as they are; the connection is made anew when there is a database again.
            said(f"The database does not answer: {type(error).__name__}")
            connections.close_all()
            time.sleep(RETRY)


def pause(next_due: datetime | None, now: datetime) -> float:
    """For how many seconds nothing has to be looked for."""
    if next_due is None:
        return ASKED_EVERY
    return min(ASKED_EVERY, max(0.0, (next_due - now).total_seconds()))
