"""In the last minutes before an embargo no header of any public page tells of it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from releases import editions, workflow
from releases.models import Release
from tests.depth import DEEP
from tests.leaks.crawl import START, TITLE, secret

pytestmark = pytest.mark.django_db
DUE = datetime(2027, 6, 8, 4, 1, tzinfo=UTC)
# The form for signing in has a token of its own in every answer.
PAGES = (*(path for path in START if not path.startswith("/accounts/")), "/releases/already-out-1/", "/topics/shared/", "/topics/shared/feed.json", "/releases/already-out-1/cite.txt",
         "/search/?q=already", "/search/suggest?q=already", "/search/feed.rss?q=already", "/follow/?topic=shared", "/releases/2026/")  # fmt: skip
BEFORE = [90, 60.5, 60, 59.5, 31, 30, 2, 1.000001, 1, 0.999999, 0.5, 0.000001]
BEFORE = (
    BEFORE if DEEP else BEFORE[1::3] + BEFORE[-1:]
)  # before and after a full minute, within one, and the last moment


@pytest.fixture
def look(monkeypatch, settings):
    """Every header and body at a moment, of pages drawn then, and once more of the kept ones."""

    settings.SHARED_CACHE_SECONDS = 60

    def at(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)
        client = Client()
        found = {}
        for path in PAGES:
            for time in (1, 2):
                got = client.get(path)
                found[path, time] = (got.status_code, sorted(got.headers.items()), got.content)
        return found

    return at


def test_no_header_counts_an_embargo_down(others, make_draft, editor, look):
    moments = [DUE - timedelta(seconds=seconds) for seconds in BEFORE]

    def looked():
        for cache in caches.all():
            cache.clear()
        editions.forget_all()
        return [look(moment) for moment in moments]

    without = looked()
    draft = make_draft(TITLE, publish_at=DUE, slug="hidden", at=DUE - timedelta(days=1), **secret())
    workflow.schedule(draft, by=editor, at=DUE - timedelta(days=1))
    for seconds, was, now in zip(BEFORE, without, looked(), strict=True):
        assert [(seconds, asked, was[asked], now[asked]) for asked in was if was[asked] != now[asked]] == []
    # It was there to be told of: at its moment the pages change.
    assert look(DUE)["/", 1] != without[-1]["/", 1]


def test_no_page_is_kept_beyond_the_end_of_an_embargo_and_none_beyond_a_full_minute(others, look):
    for seconds in BEFORE:
        moment = DUE - timedelta(seconds=seconds)
        for (path, _time), (status, headers, _body) in look(moment).items():
            control = dict(headers).get("Cache-Control", "")
            if "s-maxage" not in control or status >= 400 or path == "/favicon.ico":
                continue
            assert control.startswith("public, max-age=0, must-revalidate, s-maxage="), path
            age = int(control.rpartition("s-maxage=")[2])
            expires = moment + timedelta(seconds=age)
            assert expires <= DUE or seconds > 60, (path, control)
            assert (expires - timedelta(microseconds=1)).minute == moment.minute or age == 0, (path, control)


def test_what_is_typed_for_the_future_goes_out_at_a_full_minute(client, editor, monkeypatch):
    client.force_login(editor)
    data = {"title": "Wells", "body": "<p>Words.</p>", "language": "en", "publish_at_0": "2027-06-08", "publish_at_1": "09:00:30",
            "_publish": "1"}  # fmt: skip
    client.post("/admin/releases/release/add/", data)
    release = Release.objects.get(slug="wells")
    words = release.current
    assert (words.publish_at.minute, words.publish_at.second) == (1, 0)
    said = client.get("/admin/releases/release/moment/", {"date": "2027-06-08", "time": "09:00:30"}).json()[
        "said"
    ]
    assert "09:01 " in said
