"""What stands behind a question mark: what no view reads changes nothing and is kept once; what it reads is kept in one form."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db import connection
from django.http import HttpResponse
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from releases import editions
from releases.reading import public
from tests.every_page import MACHINES, every_page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("requests_have_one_name")]
MADE_UP = "utm_source=newsletter&fbclid=abc&gclid=1&mode=%00&x=1&x=2"


@pytest.fixture(scope="module")
def pages(module_makers):
    with override_settings(PUBLIC_HISTORY=True):
        found = every_page(module_makers)
        shown = [
            path for answers in found.values() for path, status in answers.items() if status in {200, 410}
        ]
        yield [*shown, *MACHINES]


def kept():
    return len(caches["pages"]._cache)


def answer(client, path, **headers):
    got = client.get(path, headers=headers)
    return got.status_code, dict(got.headers), got.content


def with_question(path, more):
    return f"{path}{'&' if '?' in path else '?'}{more}"


def test_what_no_view_reads_changes_no_answer_and_is_kept_once(pages, monkeypatch):
    client, later = Client(), timezone.now() + timedelta(seconds=2)
    # In the second of a change there is no Last-Modified.
    monkeypatch.setattr(timezone, "now", lambda: later)
    before = {path: answer(client, path) for path in pages}
    number = kept()
    for path in pages:
        mark = "&" if "?" in path else "?"
        for asked in (
            f"{path}{mark}{MADE_UP}",
            f"{path}{mark}utm_campaign=a&utm_campaign=b",
            f"{path}{mark}",
        ):
            again = answer(client, asked)
            assert (again[0], again[2]) == (before[path][0], before[path][2]), asked
            assert again[1] == before[path][1], asked
            assert b"utm_" not in again[2]
    assert kept() == number


def test_a_kept_page_answers_whatever_is_made_up_without_asking_the_database(pages, monkeypatch):
    monkeypatch.setattr(editions, "EDITION_MEMORY", 3600)  # the machine may be slow
    client = Client()
    for path in pages:
        client.get(path)
        with CaptureQueriesContext(connection) as seen:
            client.get(with_question(path, MADE_UP))
        assert len(seen) == 0 or path.startswith("/search/?q=%22"), path


def test_what_is_read_is_kept_in_one_form(pages):
    client = Client()
    for path, more in {
        "/?page=1": ("/?page=2&page=1", "/?page=1&utm_source=x", "/?utm=page%3D2&page=1"),
        "/search/?q=eve&year=2026": (
            "/search/?year=2026&q=eve",
            "/search/?q=x&q=eve&year=2026",
            "/search/?topic=&q=eve&year=2026&page=",
        ),
        "/follow/?language=en&language=bo&topic=rule-of-law": (
            "/follow/?topic=rule-of-law&language=en&language=bo",
        ),
    }.items():
        first = answer(client, path)
        assert first[0] == 200
        number = kept()
        for other in more:
            assert answer(client, other)[2] == first[2], other
        assert kept() == number, more


@pytest.mark.parametrize(
    "junk",
    [
        "/?page={}abc", "/?page=9{}", "/topics/rule-of-law/?year=x{}", "/search/?q=eve&year=y{}", "/search/?q=eve&sort=z{}",
        "/search/?q=eve&page=z{}", "/follow/?topic=nobody{}", "/follow/?language=zz{}", "/feeds/releases.rss?topic=nobody{}",
        "/feeds/releases.rss?page=x{}", "/api/releases.json?limit=x{}", "/api/releases.json?topic=nobody{}",
        "/oembed.json?url=http://testserver/releases/words/%3Fx={}", "/oembed.json?url=http://testserver/releases/words/&maxwidth=x{}",
        "/search/suggest?q=eve&topic=z{}", "/nowhere/{}/?page=1", "/releases/words/?page={}", "/releases/nowhere-{}/",
    ],
)  # fmt: skip
def test_values_without_sense_are_answered_and_never_kept_each(pages, junk):
    client = Client()
    client.get(junk.format(0).partition("?")[0])
    client.get(junk.format(0))
    number = kept()
    for one in range(1, 8):
        assert client.get(junk.format(one)).status_code in {200, 301, 400, 404}
    assert kept() == number


def test_a_host_with_other_ports_or_letters_is_kept_once_and_one_that_is_not_ours_is_refused(pages):
    client = Client()
    first = client.get("/")
    number = kept()
    for host in ("testserver:81", "testserver:65000", "TESTSERVER", "localhost"):
        assert client.get("/", headers={"Host": host}).content == first.content
    assert kept() == number
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400


def test_only_looking_at_the_head_keeps_nothing_and_gets_what_is_kept(pages):
    client = Client()
    assert client.head("/?utm_source=x").status_code == 200
    assert kept() == 0
    tag = client.get("/").headers["ETag"]
    assert client.head("/?utm_source=y").headers["ETag"] == tag
    assert kept() == 1


def test_each_way_of_packing_is_kept_once(pages):
    client = Client()
    for coding in (
        "gzip",
        "gzip;q=1.0, *;q=0",
        "GZIP",
        "gzip, x-made-up",
        "gzip;q=0.5",
        "identity",
        "",
        "x-made-up",
    ):
        for number in range(3):
            client.get(f"/?utm_source={number}", headers={"Accept-Encoding": coding})
    assert kept() <= 3


def test_canonical_addresses_name_what_is_read_and_nothing_else(pages):
    client = Client()
    for path, canonical in {
        "/": "/", "/search/?q=eve": "/search/?q=eve", "/topics/rule-of-law/": "/topics/rule-of-law/", "/releases/words/": "/releases/words/",
        "/releases/": "/releases/", "/follow/?topic=rule-of-law": "/follow/",
    }.items():  # fmt: skip
        got = client.get(with_question(path, MADE_UP))
        assert f'<link rel="canonical" href="http://testserver{canonical}">' in got.text
        assert "utm_" not in got.headers.get("Link", "")
    for kind in ("rss", "atom", "json"):
        got = client.get(f"/feeds/releases.{kind}?{MADE_UP}")
        assert got.headers["Link"] == f'<http://testserver/feeds/releases.{kind}>; rel="self"'


def test_a_view_sees_no_name_that_it_has_not_said_to_read(rf):
    @public.public("page", "topic*")
    def view(request):
        return HttpResponse(request.GET.urlencode())

    got = view(rf.get("/?topic=b&q=x&page=1&topic=a&page=2&topic=&utm_source=x"))
    assert got.content == b"page=2&topic=b&topic=a"
