"""What readers see of archived copies: on the page, in feeds and in the API; and what they must never see."""

import json
from datetime import date, timedelta

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from releases import workflow
from releases.models import Edition, Event, Source
from releases.workflow import Refused, Words
from tests.sources.conftest import citing
from tests.views.page import read, select

URL = "https://example.org/report"
COPY = "https://archive.example/web/20260610000000/https://example.org/report"
DAY = date(2026, 6, 10)
pytestmark = pytest.mark.django_db


@pytest.fixture
def archive(editor):
    """Name the copy of an address."""

    def name(url=URL, address=COPY, day=DAY, by=None):
        return workflow.archive_source(Source.objects.get(url=url), address=address, day=day, by=by or editor)

    return name


def test_a_copy_is_shown_behind_the_link_in_text_and_notes(client, cite, archive):
    release = cite(URL, note=[URL + "#p3"])
    archive()
    page = read(client.get(release.get_absolute_url()))
    links = select(page, ".release-body a[data-versionurl]")
    assert [link.get("href") for link in links] == [URL, URL + "#p3"]
    assert {(link.get("data-versionurl"), link.get("data-versiondate")) for link in links} == {
        (COPY, "2026-06-10")
    }
    copies = select(page, ".release-body .archived a")
    assert [(one.get("href"), one.text, one.get("aria-label")) for one in copies] == [
        (COPY, "archived", "archived: this report"),
        (COPY, "archived", "archived: a source"),
    ]


def test_the_stored_words_stay_as_they_were_approved(cite, archive):
    release = cite(URL)
    before = (release.live.body, release.live.body_page, release.live.body_feed)
    archive()
    release.live.refresh_from_db()
    assert (release.live.body, release.live.body_page, release.live.body_feed) == before


def test_a_kept_page_is_not_shown_any_more_once_there_is_a_copy(client, cite, archive):
    release = cite(URL)
    first = client.get(release.get_absolute_url())
    archive()
    second = client.get(release.get_absolute_url(), headers={"If-None-Match": first.headers["ETag"]})
    assert second.status_code == 200
    assert "archived" in second.text
    archive(address="", day=None)
    assert "archived" not in client.get(release.get_absolute_url()).text


@pytest.mark.parametrize(
    ("language", "word", "spoken"),
    [("zh-hans", "存档", None), ("zh-hant", "存檔", None), ("ug", "archived", "en")],
)
def test_the_word_is_in_the_language_of_the_frame(client, cite, archive, language, word, spoken):
    release = cite(URL, language=language)
    archive()
    (mark,) = select(read(client.get(release.get_absolute_url())), ".archived")
    assert mark.text_content() == f"[{word}]"
    assert (mark.get("lang"), mark.get("dir")) == (spoken, "ltr" if spoken else None)


def test_a_page_with_copies_costs_no_query_more(client, cite, archive):
    """The copies come with the release; the edition's query is the middleware's."""
    release = cite(URL, note=[f"https://example.org/{n}" for n in range(30)])
    costs = []
    for copied in (0, 1, 31):
        for source in Source.objects.order_by("-pk")[:copied]:
            archive(source.url)
        with CaptureQueriesContext(connection) as queries:
            client.get(release.get_absolute_url())
        costs.append(len(queries))
    assert len(set(costs)) == 1


@pytest.mark.parametrize("kind", ["rss", "atom", "json"])
def test_feeds_have_the_copy_too_at_no_query_more(client, cite, archive, kind):
    cite(URL)
    with CaptureQueriesContext(connection) as before:
        client.get(f"/feeds/releases.{kind}")
    archive()
    caches["pages"].clear()  # whether a cached one is still right would be one query
    with CaptureQueriesContext(connection) as after:
        answer = client.get(f"/feeds/releases.{kind}")
    assert "archived" in answer.text
    assert COPY in answer.text
    assert len(after) == len(before)


def test_the_api_has_the_copy_too(client, cite, archive):
    cite(URL)
    archive()
    (release,) = json.loads(client.get("/api/releases.json").content)["releases"]
    assert f'data-versionurl="{COPY}"' in release["content_html"]


def test_a_preview_shows_the_page_as_it_would_be(client, cite, archive, editor):
    release = cite(URL)
    archive()
    workflow.save_draft(release, Words("Changed", citing(URL)), by=editor)
    client.force_login(editor)
    assert COPY in client.get(f"/admin/releases/release/{release.pk}/preview/").text


PUBLIC = ["/", "/releases/", "/topics/", "/search/?q=report", "/feeds/releases.rss", "/feeds/releases.json",
          "/api/releases.json", "/sitemap.xml", "/sitemaps/releases-1.xml"]  # fmt: skip


@pytest.mark.parametrize("hidden", ["draft", "embargoed", "withdrawn"])
def test_what_only_a_hidden_release_cites_is_nowhere_to_be_seen(
    client, cite, make_draft, archive, editor, hidden
):
    secret, copy = "https://secret.example/file", "https://archive.example/secret"
    cite(secret, title="Seen once")  # so that there is a source to be archived
    archive(secret, copy)
    seen = Source.objects.get().citations.get().release
    workflow.withdraw(seen, by=editor, notice="Gone.")
    if hidden == "draft":
        make_draft("Hidden", body=citing(secret))
    elif hidden == "embargoed":
        cite(secret, title="Hidden", publish_at=timezone.now() + timedelta(hours=1))
    cite(URL, title="Open")
    for path in [*PUBLIC, "/releases/hidden/", "/releases/seen-once/", "/releases/open/"]:
        words = client.get(path).text
        assert "secret.example" not in words, path
        assert copy not in words, path


def test_naming_a_copy_is_an_event_and_a_new_edition(cite, archive, editor):
    cite(URL)
    number = Edition.objects.get().number
    archive()
    event = Event.objects.get(verb="archive source")
    assert (event.user, event.release, event.detail["source"]) == (editor, None, URL)
    assert event.detail["after"] == {"address": COPY, "day": "2026-06-10"}
    assert Edition.objects.get().number == number + 1


def test_naming_the_same_copy_again_changes_nothing(cite, archive):
    cite(URL)
    archive()
    number = Edition.objects.get().number
    archive()
    assert Event.objects.filter(verb="archive source").count() == 1
    assert Edition.objects.get().number == number


def test_a_writer_names_no_copy(cite, archive, writer):
    cite(URL)
    with pytest.raises(Refused):
        archive(by=writer)
    assert not Source.objects.archived()


@pytest.mark.parametrize(
    ("address", "day"),
    [
        ("javascript:alert(1)", DAY),
        ("ftp://archive.example/1", DAY),
        ("/releases/here/", DAY),
        ("https://", DAY),
        (URL + "#x", DAY),
        ("https://name:word@archive.example/1", DAY),
        (COPY, None),
        (COPY, date(2999, 1, 1)),
        (COPY, date(1980, 1, 1)),
        ("", DAY),
        ("https://archive.example/" + "a" * 2000, DAY),
    ],
)
def test_what_is_no_copy_is_refused_with_a_reason(cite, archive, address, day):
    cite(URL)
    with pytest.raises(Refused) as refusal:
        archive(address=address, day=day)
    assert all(refusal.value.reasons)
    assert not Source.objects.archived()
