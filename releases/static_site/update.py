"""Brings a folder to the newest edition: what readers may not have any more goes first, then what changed is made anew."""

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from newsroom.portions import portions
from releases.editions import EditionNow, current, still_right
from releases.static_site import disk
from releases.static_site.inventory import PublicAddress, public_addresses
from releases.static_site.rendering import CLOCK, Rendered, Renderer, RenderFailed
from releases.static_site.state import Page, State, version
from releases.static_site.workers import Workers

# So many pages are a task: a tenth of a second or two, after which a withdrawal is looked for.
PORTION = 12
# What changes by the clock alone is made anew after so many seconds.
BY_CLOCK = 60.0
# How often a run that takes minutes asks for the edition, in seconds.
ASKED_EVERY = 0.5
# For fewer pages no processes are started.
WORTH_PROCESSES = 4 * PORTION


class Layout(Protocol):
    """How a folder is laid out. `offline` is as in `Renderer`."""

    root: Path
    offline: bool

    def begin(self, addresses: Sequence[PublicAddress]) -> list[PublicAddress]:
        """Those of all addresses that the folder holds, and what else it holds, in the order in which they are made."""

    def file_of(self, one: PublicAddress) -> str | None:
        """The name of an address's file; None where no disk can have it."""

    def content_of(self, one: PublicAddress, render: Callable[[], Rendered]) -> Rendered | None:
        """What its file holds; None where there is no such answer any more."""

    def forms_of(self, file: str, content: bytes) -> dict[str, bytes]:
        """The forms in which it is written (as `disk.write` takes them)."""

    def is_extra(self, file: str) -> bool:
        """Whether a file belongs to the folder though it answers no address."""


@dataclass
class Counts:
    """What a run has done; `files` are those that it wrote or removed, `failed` the addresses of pages that broke: what stood there
    stays, and they are tried again. `whole` says that the folder has all of `edition` but these."""

    edition: EditionNow
    removed: int = 0
    made: int = 0
    written: int = 0
    kept: int = 0
    files: set[str] = field(default_factory=set)
    failed: list[str] = field(default_factory=list)
    whole: bool = False

    def __str__(self) -> str:
        broken = f", {len(self.failed)} BROKEN, the first at {self.failed[0]}" if self.failed else ""
        same = self.made - self.written
        return f"{self.removed} removed, {self.written} written, {same} made and the same, {self.kept} kept{broken}"


@dataclass(frozen=True)
class Task:
    """An address whose file is to be made, and the digest of what stands there."""

    one: PublicAddress
    file: str
    digest: str


@dataclass(frozen=True)
class Made:
    """What came of it: no page where there is no such answer any more."""

    task: Task
    page: Page | None = None
    written: bool = False
    failed: bool = False


def reconcile(layout: Layout, state: State) -> None:
    """Before anything else: delete what nobody knows of (a process was killed before it had written it down), and forget what
    is gone or was cut short."""
    files = {page.file: page for page in state.pages().values()}
    lengths = dict(disk.files_in(layout.root))
    for name in lengths:
        if not {name, disk.without_ending(name)} & files.keys() and not layout.is_extra(name):
            (layout.root / name).unlink(missing_ok=True)
    state.drop(page.address for page in files.values() if lengths.get(page.file) != page.length)
    made_by = version()
    if state.fact("version") != made_by:
        state.expire()
        state.remember("version", made_by)


def update(layout: Layout, state: State, *, jobs: int = 1) -> Counts:
    """One run. It ends early where the edition changes meanwhile, so that what was withdrawn goes first."""
    counts = Counts(current())
    wanted = {
        one.path: Task(one, file, "")
        for one in layout.begin(public_addresses())
        if (file := layout.file_of(one)) is not None
    }
    known = state.pages()
    for page in list(known.values()):
        if page.address not in wanted or wanted[page.address].file != page.file:
            _remove(layout, state, page, counts)
            del known[page.address]
    now = time.time()
    stale = {page.address for page in known.values() if _is_stale(page, counts.edition, now)}
    counts.kept = len(known) - len(stale)
    # What stands there and is not true any more comes before what does not stand there: for that Django answers.
    todo = [Task(one.one, one.file, known[path].digest) for path, one in wanted.items() if path in stale]
    todo += [one for path, one in wanted.items() if path not in known]
    workers = Workers(
        jobs if len(todo) >= WORTH_PROCESSES else 1,
        _Work(layout, Renderer(offline=layout.offline), counts.edition),
    )
    watch = _Watch(counts.edition)
    try:
        for made in workers.run(portions(todo, PORTION), watch.is_same):
            state.put(one.page for one in made if one.page)
            for one in made:
                if one.failed:
                    counts.failed.append(one.task.one.path)
                elif one.page is None and one.task.one.path in known:
                    _remove(layout, state, known[one.task.one.path], counts)
                counts.made += one.page is not None
                counts.written += one.written
                if one.written:
                    counts.files.add(one.task.file)
    finally:
        workers.close()
    if watch.is_same(now=True):
        state.renew(counts.edition)
        state.expire(counts.failed)
        counts.whole = True
    return counts


def _remove(layout: Layout, state: State, page: Page, counts: Counts) -> None:
    disk.remove(layout.root, page.file)
    state.drop([page.address])
    counts.removed += 1
    counts.files.add(page.file)


def _is_stale(page: Page, edition: EditionNow, now: float) -> bool:
    """Whether a page may say something that is not so any more. What hangs on no part never changes."""
    if page.edition is None:
        return True
    if (
        page.parts == CLOCK
    ):  # nobody knows on what else it hangs: what was withdrawn must not stand there for a minute
        return now - page.at >= BY_CLOCK or page.edition.name != edition.name
    return bool(page.parts) and not still_right(page.parts, page.edition, edition)


class _Work:
    """Makes the files of a portion, in this process or in a copy of it."""

    def __init__(self, layout: Layout, renderer: Renderer, edition: EditionNow) -> None:
        self.layout, self.renderer, self.edition = layout, renderer, edition

    def __call__(self, tasks: Sequence[Task]) -> list[Made]:
        return [self._make(task) for task in tasks]

    def _make(self, task: Task) -> Made:
        one = task.one
        try:
            made = self.layout.content_of(one, lambda: self.renderer.render(one.path, self.edition))
        except RenderFailed:
            return Made(task, failed=True)
        if made is None:
            return Made(task)
        digest = hashlib.sha256(made.body).hexdigest()
        written = digest != task.digest
        if written:
            disk.write(self.layout.root, task.file, self.layout.forms_of(task.file, made.body))
        page = Page(one.path, task.file, digest, len(made.body), made.parts, self.edition, time.time())
        return Made(task, page, written=written)


class _Watch:
    """Whether the edition is still the one of the run."""

    def __init__(self, edition: EditionNow) -> None:
        self.edition, self.asked, self.same = edition, time.monotonic(), True

    def is_same(self, *, now: bool = False) -> bool:
        """Asks the database, but not each time."""
        if self.same and (now or time.monotonic() - self.asked >= ASKED_EVERY):
            self.same = current().name == self.edition.name
            self.asked = time.monotonic()
        return self.same
