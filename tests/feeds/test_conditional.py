"""What a reader that asks again is answered, however oddly it asks."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.http import http_date

from releases import workflow

pytestmark = pytest.mark.django_db
KINDS = ("rss", "atom", "json")
BODY = "<p>" + "Words that are worth packing. " * 40 + "</p>"


@pytest.fixture
def clock(monkeypatch):
    """A moment in the middle of a second, and a way to move on from it."""
    now = {"now": timezone.now().replace(microsecond=300_000)}
    monkeypatch.setattr(timezone, "now", lambda: now["now"])
    return lambda **more: now.update(now=now["now"] + timedelta(**more))


@pytest.mark.parametrize("kind", KINDS)
def test_every_form_is_packed(client, make_release, kind):
    make_release(body=BODY)
    plain = client.get(f"/feeds/releases.{kind}")
    for encoding in ("zstd", "br", "gzip"):
        packed = client.get(f"/feeds/releases.{kind}", headers={"Accept-Encoding": encoding})
        assert packed.headers["Content-Encoding"] == encoding
        assert packed.headers["ETag"] == plain.headers["ETag"]
        assert len(packed.content) < len(plain.content)


@pytest.mark.parametrize(
    ("asked", "packed"),
    [
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.1, gzip;q=0.9", "gzip"),
        ("zstd;q=0", None),
        ("unzstd", None),
        ("*", None),
    ],
)
def test_what_was_packed_for_one_reader_is_not_given_to_another_that_cannot_unpack_it(
    client, make_release, asked, packed
):
    make_release(body=BODY)
    for first in ("zstd, br, gzip", "br, gzip", "br", "zstd"):
        client.get("/feeds/releases.rss", headers={"Accept-Encoding": first})
    answer = client.get("/feeds/releases.rss", headers={"Accept-Encoding": asked})
    assert answer.headers.get("Content-Encoding") == packed


def test_what_comes_within_a_second_of_what_a_reader_has_is_not_kept_from_it(client, make_release, clock):
    """`Last-Modified` counts seconds, so the second of a change has none: it would stand for what follows, too."""
    make_release("First")
    during = client.get("/feeds/releases.rss")
    clock(milliseconds=400)
    make_release("Second")
    clock(seconds=2)
    after = client.get("/feeds/releases.rss")
    assert "Last-Modified" not in during.headers
    since = {"If-Modified-Since": after.headers["Last-Modified"]}
    assert client.get("/feeds/releases.rss", headers=since).status_code == 304
    assert (
        client.get("/feeds/releases.rss", headers={"If-None-Match": during.headers["ETag"]}).status_code
        == 200
    )


def test_the_end_of_an_embargo_is_a_change_like_any_other(client, make_release, clock):
    make_release("Out")
    make_release("Secret", publish_at=timezone.now() + timedelta(minutes=5))
    clock(minutes=1)
    before = client.get("/feeds/releases.rss")
    has = {"If-None-Match": before.headers["ETag"]}
    since = {"If-Modified-Since": before.headers["Last-Modified"]}
    for headers in (has, since):
        assert client.get("/feeds/releases.rss", headers=headers).status_code == 304
    clock(minutes=5)
    for headers in (has, since):
        assert "Secret" in client.get("/feeds/releases.rss", headers=headers).text


@pytest.mark.parametrize(
    "headers",
    [
        {"If-None-Match": "*"},
        {"If-None-Match": '"another", W/"and another", {tag}'},
        {"If-None-Match": "{strong}"},
        {"If-None-Match": "{tag}", "If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"},
        {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"},
    ],
)
def test_a_reader_that_has_it_in_whatever_words_gets_304(client, make_release, headers):
    make_release()
    tag = client.get("/feeds/releases.atom").headers["ETag"]
    asked = {
        name: value.replace("{tag}", tag).replace("{strong}", tag.removeprefix("W/"))
        for name, value in headers.items()
    }
    later = timezone.now() + timedelta(seconds=2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: later)
        answer = client.get("/feeds/releases.atom", headers=asked)
    assert (answer.status_code, answer.content) == (304, b"")
    assert {"ETag", "Vary", "Cache-Control", "Link"} <= set(answer.headers)


@pytest.mark.parametrize(
    "headers",
    [
        {"If-None-Match": '"another"'},
        {"If-None-Match": "no tag at all"},
        {"If-None-Match": '"'},
        {"If-None-Match": '"another"', "If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"},
        {"If-Modified-Since": "yesterday"},
        {"If-Modified-Since": "Fri, 99 Jan 2100 00:00:00 GMT"},
        {"If-Modified-Since": http_date(0)},
        {"If-None-Match": "\x00"},
    ],
)
def test_a_reader_that_has_something_else_or_says_nothing_sensible_gets_it_all(client, make_release, headers):
    make_release("Whole")
    answer = client.get("/feeds/releases.atom", headers=headers)
    assert answer.status_code == 200
    assert "Whole" in answer.text


@pytest.mark.parametrize("kind", KINDS)
def test_head_has_the_headers_of_get(client, make_release, kind):
    make_release(body=BODY)
    path = f"/feeds/releases.{kind}"
    head = client.head(path, headers={"Accept-Encoding": "gzip"})
    get = client.get(path, headers={"Accept-Encoding": "gzip"})
    lasting = {"Content-Type", "ETag", "Vary", "Link", "Content-Encoding", "Content-Length", "Cache-Control"}
    assert (head.status_code, head.content) == (200, b"")
    assert {name: head.headers.get(name) for name in lasting} == {
        name: get.headers.get(name) for name in lasting
    }
    assert client.head(path, headers={"If-None-Match": get.headers["ETag"]}).status_code == 304


def test_feeds_are_read_and_nothing_else(client, make_release):
    make_release()
    for ask in (client.post, client.put, client.delete, client.patch):
        assert ask("/feeds/releases.rss").status_code == 405


def test_a_feed_says_who_may_keep_it_and_that_readers_ask_each_time(client, make_release, editor, settings):
    make_release()
    asked = "public, max-age=0, must-revalidate"
    assert client.get("/feeds/releases.rss").headers["Cache-Control"] == asked
    workflow.withdraw(make_release("Gone"), by=editor, notice="Wrong.")
    answer = client.get("/feeds/releases.rss")
    assert answer.headers["Cache-Control"] == asked
    assert not answer.cookies
