"""Breaks a rule of weight at a time in a copy of the tree, and says which test notices: `python -m tests.mutants [NUMBER …]`.

Each mutant is run against the narrowest tests of the default run that should notice. One that none of them notices, and one
whose text is no longer there, fail the run, so that this list stays true. The tests that noticed have to pass with nothing
broken.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

ROOT = Path(__file__).resolve().parent.parent
AT_ONCE = 2
LONGEST = 600  # seconds


@dataclass(frozen=True)
class Mutant:
    """`sentence` says what goes wrong when `text` in `file` is `broken`; `tests` should fail then."""

    sentence: str
    file: str
    text: str
    broken: str
    tests: str


MUTANTS = (
    Mutant(
        "Readers see a release before its embargo ends",
        "releases/models/release.py",
        "return Q(live__isnull=False, withdrawn_at=None, publish_at__lte=at or timezone.now())",
        "return Q(live__isnull=False, withdrawn_at=None)",
        "tests/leaks/test_moments.py",
    ),
    Mutant(
        "A withdrawal raises no edition, so that cached pages go on showing the words",
        "releases/workflow/public_change.py",
        "any(old.page != new.page for _one, old, new in changes)",
        "any(old.page != new.page and not one.withdrawn_at for one, old, new in changes)",
        "tests/workflow/test_public_change.py",
    ),
    Mutant(
        "What is published leaves the pages of its neighbours without a link to it",
        "releases/workflow/public_change.py",
        "found |= neighbour_parts(moved)",
        "pass",
        "tests/delivery/test_parts.py",
    ),
    Mutant(
        "What is scheduled is counted before its time",
        "releases/counts.py",
        "_NONE, _ONE, _LESS = Value(0), Value(1), Value(-1)",
        "_NONE, _ONE, _LESS = Value(0), Value(1), Value(0)",
        "tests/reading/test_counts.py",
    ),
    Mutant(
        "The end of an embargo is no new edition: a page cached before it is shown after it",
        "releases/editions.py",
        'return f"{self.number}-{self.newest.timestamp() if self.newest else 0:.6f}"',
        'return f"{self.number}"',
        "tests/workflow/test_editions.py",
    ),
    Mutant(
        "A page that sets a cookie is cached for everybody",
        "newsroom/delivery/entries.py",
        'response.cookies\n        or has_vary_header(response, "Cookie")',
        'has_vary_header(response, "Cookie")',
        "tests/delivery/test_page_cache.py",
    ),
    Mutant(
        "A writer may publish",
        "releases/permissions.py",
        '"publish": (NOBODY, ALL, ALL),',
        '"publish": (OWN, ALL, ALL),',
        "tests/workflow/test_table.py",
    ),
    Mutant(
        "An author approves the own text where another has to",
        "releases/workflow/states.py",
        '        return [_("It has been approved already.")]\n    return own_text(working, by)',
        '        return [_("It has been approved already.")]\n    return []',
        "tests/workflow/test_authors.py",
    ),
    Mutant(
        "In plain text the number of a note is glued to the figure before it: May 304",
        "releases/text/tree.py",
        'if notes == "bracket" and len(child) else None',
        'if notes == "bracket" and len(child) else child[0].text',
        "tests/text/test_plain.py",
    ),
    Mutant(
        "Cleaning lets an attribute have any value whatever",
        "releases/text/schema.py",
        "return pattern is not None and pattern.fullmatch(value) is not None",
        "return pattern is not None",
        "tests/text/test_clean.py tests/text/test_clean_hostile.py",
    ),
    Mutant(
        "Autosaving writes over what stood there and keeps no version of it",
        "releases/workflow/drafts.py",
        "        if not fresh:\n            keep_version(",
        "        if not fresh and not auto:\n            keep_version(",
        "tests/workflow/test_versions.py",
    ),
    Mutant(
        "A receipt confirms words of which only a part was stored",
        "releases/workflow/receipts.py",
        '"whole": whole,',
        '"whole": True,',
        "tests/admin/test_submission.py",
    ),
    Mutant(
        "The address of a topic that was merged leads nowhere",
        "releases/models/topic.py",
        "return end_of(found, by_pk) if found else None",
        "return found",
        "tests/views/test_topic_page.py tests/workflow/test_topics.py",
    ),
    Mutant(
        "A feed's entry is called by its address, so that a move to https makes every item new",
        "releases/feeds/items.py",
        "id=release.uuid.urn",
        "id=absolute(release.get_absolute_url())",
        "tests/feeds/test_items.py tests/feeds/test_feeds.py",
    ),
    Mutant(
        "The search goes on finding what was withdrawn",
        "releases/search/bitmap.py",
        "release__in=Release.objects.visible(at))",
        "release__in=Release.objects.announced(at))",
        "tests/search/test_find.py",
    ),
    Mutant(
        "The picture of what readers may not see yet, or any more, is served to whoever guesses its address",
        "releases/reading/pictures.py",
        "shown = Release.objects.visible().filter(live__picture__uuid=uuid)",
        "shown = Release.objects.filter(live__picture__uuid=uuid)",
        "tests/pictures/test_gate.py",
    ),
    Mutant(
        "A preview link opens after its end",
        "releases/models/drafting.py",
        "return self.revoked_at is None and (at or timezone.now()) < self.expires_at",
        "return self.revoked_at is None",
        "tests/workflow/test_previews.py",
    ),
    Mutant(
        "Staff without a second factor see everything",
        "newsroom/accounts/middleware.py",
        "        if not has_second_factor(user):\n            return self._enrol(request, match.view_name)\n",
        "        if not has_second_factor(user):\n            return None\n",
        "tests/accounts/test_second_factor.py",
    ),
    Mutant(
        "Passwords may be guessed without end",
        "newsroom/settings.py",
        '"login_failed": "20/m/ip,5/5m/key",',
        '"login_failed": "20000/m/ip,5000/5m/key",',
        "tests/accounts/test_signing_in.py",
    ),
    Mutant(
        "Pages that should come in as drafts are published at once",
        "releases/intake/html/__init__.py",
        "live, working = (1, None) if mapping.publish else (None, 1)",
        "live, working = (1, None)",
        "tests/intake/test_folder.py",
    ),
    Mutant(
        "A picture keeps the place where it was taken",
        "releases/pictures/renditions.py",
        'picture.save(file, "JPEG", quality=quality, progressive=True, optimize=True, exif=b"", icc_profile=None)',
        'picture.save(file, "JPEG", quality=quality, progressive=True, optimize=True, exif=picture.getexif(), icc_profile=None)',
        "tests/pictures",
    ),
    Mutant(
        "The sitemap names what is under embargo",
        "releases/sitemaps.py",
        'return Release.objects.visible().order_by("publish_at", "pk")',
        'return Release.objects.filter(live__isnull=False, withdrawn_at=None).order_by("publish_at", "pk")',
        "tests/test_sitemaps.py",
    ),
)


@dataclass(frozen=True)
class Run:
    """How pytest ended: its status, the test that failed first (all its cases), and all that it printed."""

    status: int
    failed: str
    printed: str


def main(numbers: Sequence[int]) -> int:
    """Try all mutants, or those of these numbers; the exit status."""
    chosen = [(number, MUTANTS[number - 1]) for number in numbers or range(1, len(MUTANTS) + 1)]
    gone = [f"{number}: {mutant.file}" for number, mutant in chosen if not _stands(mutant)]
    if gone:
        print("The text to break is no longer there:", *gone, sep="\n  ")
        return 1
    with tempfile.TemporaryDirectory(prefix="newsroom-mutants-") as folder:
        trees: SimpleQueue[Path] = SimpleQueue()
        for number in range(AT_ONCE):
            trees.put(_copy(Path(folder) / str(number)))
        with ThreadPoolExecutor(AT_ONCE) as pool:
            noticed = list(pool.map(lambda one: _tried(trees, *one), chosen))
        tests = sorted({test for test in noticed if test})
        whole = _run(trees.get(), tests)
    if whole.status:
        print("These tests fail with nothing broken:", whole.printed[-3000:], sep="\n")
    survivors = noticed.count("")
    print(f"{len(chosen) - survivors} of {len(chosen)} were noticed.")
    return int(survivors > 0 or whole.status != 0)


def _stands(mutant: Mutant) -> bool:
    path = ROOT / mutant.file
    return path.exists() and mutant.text in path.read_text("utf-8")


def _copy(folder: Path) -> Path:
    """What git knows, and what it would: no caches, no data."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    return folder


def _tried(trees: SimpleQueue[Path], number: int, mutant: Mutant) -> str:
    """The test that noticed; nothing where none did."""
    tree = trees.get()
    path, began = tree / mutant.file, time.monotonic()
    whole = path.read_text("utf-8")
    try:
        path.write_text(whole.replace(mutant.text, mutant.broken), "utf-8")
        run = _run(tree, mutant.tests.split())
    finally:
        path.write_text(whole, "utf-8")
        trees.put(tree)
    # 1 is that a test failed; anything else, as a mutant that cannot be imported, proves nothing.
    noticed = run.status == 1 and bool(run.failed)
    said = run.failed if noticed else f"NOBODY (status {run.status})\n{run.printed[-1500:]}"
    print(f"{number:2} {mutant.sentence}\n   {said} ({time.monotonic() - began:.0f} s)", flush=True)
    return run.failed if noticed else ""


def _run(tree: Path, tests: Sequence[str]) -> Run:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-x",
        "-p",
        "no:cacheprovider",
        "-m",
        "not browser and not deep",
    ]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            [*command, *tests], cwd=tree, env=environment, capture_output=True, text=True, check=False,
            timeout=LONGEST,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Run(2, "", f"went on for {LONGEST} s")
    failed = re.search(r"^(?:FAILED|ERROR) ([^\s\[]+)", done.stdout, re.MULTILINE)
    return Run(done.returncode, failed[1] if failed else "", done.stdout + done.stderr)


if __name__ == "__main__":
    sys.exit(main([int(number) for number in sys.argv[1:]]))
