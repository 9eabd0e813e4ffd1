"""What a public page may cost, on whatever machine: bytes on the line, and how many files a reader's browser waits for."""

import gzip
import re
import sys
import tracemalloc
from datetime import timedelta
from pathlib import Path, PurePosixPath

import pytest
from django.contrib.staticfiles import finders
from django.core.cache import caches
from django.utils import timezone

from releases.models import Release
from releases.sample.load import load_large, staff
from tests.views.page import read, select

pytestmark = pytest.mark.django_db

KIB = 1024
KINDS = ("front", "release", "archive", "topic", "topics", "search", "follow")
# A sheet's or a script's address, as a plain static storage gives it.
STATIC = "/static/"


@pytest.fixture(scope="module")
def newsroom(module_makers):
    """Two pages of releases of the usual length, under the whole vocabulary."""
    load_large(40, by=staff(), at=timezone.now() - timedelta(minutes=1))


@pytest.fixture
def pages(client, newsroom):
    """Each kind of page as it is sent; the release is the longest of its language."""
    releases = Release.objects.filter(language="en").select_related("live")
    release = max(releases, key=lambda one: len(one.live.body))
    addresses = ("/", release.get_absolute_url(), "/releases/", release.topics.first().get_absolute_url(), "/topics/",
                 "/search/?q=release", "/follow/")  # fmt: skip
    return dict(zip(KINDS, map(client.get, addresses), strict=True))


def packed(*contents):
    return sum(len(gzip.compress(content, 6)) for content in contents)


def linked(page, tag, attribute):
    """The names of the static files that elements of a page lead to."""
    found = (
        element.get(attribute, "") for element in page.iter(tag) if element.get("rel") in (None, "stylesheet")
    )
    return {address.removeprefix(STATIC) for address in found if address.startswith(STATIC)}


def modules(names):
    """Scripts with everything that they import."""
    known = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in known:
            continue
        known.add(name)
        source = Path(finders.find(name)).read_text(encoding="utf-8")
        for path in re.findall(r'^import\b[^;]*?"(\.[^"]+)";', source, re.MULTILINE):
            waiting.append(str(PurePosixPath(finders_path(name, path))))
    return known


def finders_path(name, path):
    parts = list(PurePosixPath(name).parent.parts)
    for step in PurePosixPath(path).parts:
        if step == "..":
            parts.pop()
        elif step != ".":
            parts.append(step)
    return "/".join(parts)


def content_of(names):
    return [Path(finders.find(name)).read_bytes() for name in names]


def test_what_is_weighed_is_a_whole_release_with_notes_and_the_topic_index(pages):
    page = read(pages["release"])
    assert len(select(page, ".release-body")[0].text_content().split()) > 300
    assert select(page, "a[role=doc-noteref]")
    assert len(select(page, "nav.topic-index a")) >= 117


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_takes_at_most_20_kib(pages, kind):
    assert packed(pages[kind].content) <= 20 * KIB


@pytest.mark.parametrize("kind", KINDS)
def test_the_style_sheets_of_a_page_take_at_most_15_kib(pages, kind):
    sheets = linked(read(pages[kind]), "link", "href")
    assert {"css/tokens.css", "css/print.css"} <= sheets
    assert packed(*content_of(sheets)) <= 15 * KIB


@pytest.mark.parametrize("kind", KINDS)
def test_the_scripts_of_a_page_take_at_most_10_kib(pages, kind):
    scripts = modules(linked(read(pages[kind]), "script", "src"))
    assert ("js/notes.js" in scripts) == (kind == "release")
    assert ("js/search.js" in scripts) == (kind == "search")
    assert packed(*content_of(scripts)) <= 10 * KIB


# ------------------------------------------------------------------ what a page takes to be made

# Made anew, while the process holds the topic index and the lists: queries, files opened, templates rendered, and kilobytes that
# Python has allocated at most at one time. The edition is a query of each.
MADE = {
    "front": (2, 0, 2, 230),  # the releases of the page
    "release": (2, 0, 1, 210),  # the release with its neighbours
    "archive": (2, 0, 1, 250),
    "topic": (2, 0, 1, 185),
    "topics": (1, 0, 1, 165),
    "search": (2, 0, 1, 115),  # the hits
    "follow": (1, 0, 2, 205),
    "feed": (2, 0, 0, 700),  # the items
}


@pytest.fixture
def remade(client, newsroom):
    """Makes the page of a kind anew, for the third time: what a process makes once is there."""
    release = Release.objects.filter(language="en", live__note_count__gt=0).first()
    addresses = ("/", release.get_absolute_url(), "/releases/", release.topics.first().get_absolute_url(), "/topics/",
                 f"/search/?q={release.live.title.split()[-1]}", "/follow/", "/feeds/releases.rss")  # fmt: skip
    paths = dict(zip((*KINDS, "feed"), addresses, strict=True))

    def ask(kind):
        caches["pages"].clear()
        return client.get(paths[kind])

    for kind in paths:
        ask(kind)
        ask(kind)
    return ask


@pytest.mark.parametrize("kind", MADE)
def test_a_page_asks_the_database_so_often(remade, kind, django_assert_num_queries):
    with django_assert_num_queries(MADE[kind][0]):
        remade(kind)


@pytest.mark.parametrize("kind", MADE)
def test_a_page_opens_no_file(remade, kind):
    opened = []

    def note(event, arguments):
        if event == "open" and watching:
            opened.append(arguments[0])

    watching = False
    sys.addaudithook(note)
    watching = True
    remade(kind)
    watching = False
    assert len(opened) <= MADE[kind][1], opened


@pytest.mark.parametrize("kind", MADE)
def test_a_page_renders_so_many_templates(remade, kind):
    assert len(remade(kind).templates) <= MADE[kind][2]


@pytest.mark.parametrize("kind", MADE)
def test_a_page_allocates_so_much(remade, kind):
    tracemalloc.start()
    try:
        remade(kind)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak <= MADE[kind][3] * KIB
