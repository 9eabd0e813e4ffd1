"""What is under embargo leaks nowhere before its time: every public address is crawled, guessed ones too."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from urllib.parse import quote, unquote_plus, urljoin, urlsplit

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as bounds
from hypothesis import strategies as st

from releases import editions, workflow
from releases.models import Release
from releases.workflow import Words

pytestmark = pytest.mark.django_db
TITLE, WORD, SOURCE, TOPIC, SUMMARY = (
    "Quillonar Verdict",
    "zanthorpe",
    "Brickfield Archive",
    "Umbershade",
    "Vexilline",
)
NOTE = "embargo7"
BODY = (
    f'<p>The {WORD} was read<sup class="footnote-ref"><a href="#fn-{NOTE}" id="fnref-{NOTE}">1</a></sup>.</p>'
    f'<ol class="footnotes"><li id="fn-{NOTE}"><p>{SOURCE}, p. 9.</p></li></ol>'
)
START = (
    "/", "/zh-hans/", "/releases/", "/topics/", "/follow/", "/search/", "/sitemap.xml", "/robots.txt", "/healthz",
    "/sitemaps/pages.xml", "/sitemaps/news.xml", "/api/releases.json", "/api/openapi.json", "/feeds/releases.rss",
    "/feeds/releases.atom", "/feeds/releases.json", "/feeds/topics.opml",
)  # fmt: skip
MOST = 400


def guesses(release):
    """Addresses that somebody might try who knows, or guesses, what is coming."""
    slug, day, topic = release.slug, release.publish_at, TOPIC.lower()
    page, uuid = f"/releases/{slug}/", release.uuid
    return [
        page, page.rstrip("/"), f"{page}history/", f"{page}?preview=1", f"/zh-hans{page}", f"/en{page}",
        *(f"{page}cite.{kind}" for kind in ("txt", "bib", "ris", "json")),
        f"/releases/{day:%Y}/", f"/releases/{day:%Y}/{day:%m}/", f"/topics/{topic}/", f"/topics/{topic}/?page=1",
        *(f"/topics/{topic}/feed.{kind}" for kind in ("rss", "atom", "json")),
        *(f"/feeds/releases.{kind}?topic={topic}" for kind in ("rss", "atom", "json")),
        f"/api/releases.json?q={WORD}", f"/api/releases.json?topic={topic}", f"/api/releases.json?uuid={uuid}",
        f"/oembed.json?url={quote('http://testserver' + page)}",
        *(f"/pictures/cards/{uuid}-{number}.png" for number in range(4)),
        *(f"/search/?q={quote(words)}" for words in (TITLE, WORD, SOURCE, TOPIC, slug, NOTE, str(uuid))),
        *(f"/search/feed.{kind}?q={WORD}" for kind in ("rss", "atom", "json")),
        f"/search/suggest?q={WORD[:4]}", f"/search/suggest?q={TITLE[:4]}", f"/search/suggest?q={TOPIC[:4]}",
        f"/preview/{uuid}/", f"/preview/{release.pk}/", f"/releases/{release.pk}/", f"/releases/{uuid}/",
        f"/admin/releases/release/{release.pk}/change/", f"/admin/releases/release/{release.pk}/preview/",
        f"/admin/releases/release/{release.pk}/history/", "/admin/releases/release/calendar/", "/admin/",
        *(f"/sitemaps/releases-{number}.xml" for number in (0, 1, 2)),
    ]  # fmt: skip


def crawl(start):
    """Follow every link of the site from `start`; address, and what was answered to a stranger."""
    client, waiting, answers = Client(), list(start), {}
    while waiting and len(answers) < MOST:
        path = waiting.pop(0)
        if path in answers:
            continue
        answer = client.get(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        text = body.decode("utf-8", "replace")
        headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
        answers[path] = (answer.status_code, f"{headers}\n{text}")
        links = re.findall(
            r'(?:href|src)="([^"#]*)|<(?:loc|link|id)>([^<]+)<|Location: (\S+)', answers[path][1]
        )
        for link in (unescape(one) for found in links for one in found if one):
            parts = urlsplit(urljoin(f"http://testserver{path}", link))
            if parts.netloc == "testserver" and not parts.path.startswith(
                ("/static/", "/accounts/", "/admin/")
            ):
                waiting.append(parts.path + (f"?{parts.query}" if parts.query else ""))
    return answers


def secrets(release):
    return [TITLE, WORD, SOURCE, SUMMARY, NOTE, str(release.uuid), release.uuid.hex, release.uuid.hex[:8]]


def told(answers, release):
    """Where a secret is told that was not in the question; the topic's name stands in the index by design."""
    found = []
    for path, (status, text) in answers.items():
        question = unquote_plus(path).lower()
        found += [
            (path, status, secret)
            for secret in [*secrets(release), release.slug]
            if secret.lower() in unquote_plus(text).lower() and secret.lower() not in question
        ]
    return found


@pytest.fixture
def embargoed(make_release, make_topic):
    """A release under embargo among others that are out, with a topic that nothing else uses."""
    shared = make_topic("Shared")
    for number in range(3):
        make_release(f"Already out {number}", topics=[shared])
    return make_release(
        TITLE, body=BODY, summary=f"{SUMMARY} summary.", topics=[make_topic(TOPIC), shared],
        publish_at=timezone.now() + timedelta(days=2),
    )  # fmt: skip


def test_nothing_of_an_embargo_is_told_anywhere(embargoed, settings):
    settings.PUBLIC_HISTORY = True
    answers = crawl([*START, *guesses(embargoed)])
    assert len(answers) > 80
    assert told(answers, embargoed) == []
    assert not [path for path, (status, _) in answers.items() if status >= 500]


def test_addresses_of_an_embargo_answer_as_if_it_did_not_exist(embargoed):
    client, absent = Client(), "no-such-release-anywhere"
    for pattern in ("/releases/{}/", "/releases/{}/cite.txt", "/releases/{}/history/", "/releases/{}"):
        real, made_up = client.get(pattern.format(embargoed.slug)), client.get(pattern.format(absent))
        assert real.status_code == made_up.status_code
        assert real.content.replace(embargoed.slug.encode(), b"") == made_up.content.replace(
            absent.encode(), b""
        )


def test_a_topic_used_only_under_embargo_says_nothing_of_it(embargoed):
    client = Client()
    page = client.get(f"/topics/{TOPIC.lower()}/").content.decode()
    assert TITLE not in page
    index = client.get("/topics/").content.decode()
    counted = re.search(rf"{TOPIC}\s*(?:<[^>]*>\s*)*\((\d+)\)", index)
    assert counted is None or counted[1] == "0"


def test_drafts_submitted_approved_and_withdrawn_words_are_told_nowhere_either(
    make_draft, make_release, editor
):
    words = Words(TITLE, BODY, summary=f"{SUMMARY}.")
    over = make_release("Out with a draft over it")
    workflow.save_draft(over, words, by=editor)
    submitted = make_draft("Another", body=BODY)
    workflow.submit(submitted, by=editor)
    gone = make_release("Gone", body=BODY)
    workflow.withdraw(gone, by=editor, notice="Withdrawn for safety.")
    answers = crawl([*START, *(f"/search/?q={word}" for word in (WORD, SOURCE, "Quillonar"))])
    told_of = [
        (path, s) for path, (_, text) in answers.items() for s in (TITLE, WORD, SOURCE, SUMMARY) if s in text
    ]
    assert [(path, word) for path, word in told_of if word.lower() not in unquote_plus(path).lower()] == []


def test_a_moment_later_everything_shows_it(make_release, make_topic, editor, monkeypatch):
    topic = make_topic(TOPIC)
    due = timezone.now() + timedelta(days=2)
    release = make_release(TITLE, body=BODY, topics=[topic], publish_at=due)
    client = Client()
    addresses = [
        "/", "/releases/", f"/releases/{release.slug}/", f"/topics/{topic.slug}/", "/feeds/releases.rss",
        "/feeds/releases.json", f"/search/?q={WORD}", "/api/releases.json",
    ]  # fmt: skip
    before = {path: client.get(path).content for path in addresses}
    assert not [path for path, text in before.items() if TITLE.encode() in text]
    monkeypatch.setattr(timezone, "now", lambda: due)
    after = {path: client.get(path).content for path in addresses}
    assert [path for path, text in after.items() if TITLE.encode() not in text] == []


NIGHTS = [
    datetime(2027, 3, 14, 7, tzinfo=UTC),
    datetime(2026, 11, 1, 6, tzinfo=UTC),
    datetime(2027, 6, 8, 4, 1, tzinfo=UTC),
]


@bounds(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    night=st.sampled_from(NIGHTS),
    minutes=st.integers(-180, 180),
    microseconds=st.sampled_from([0, 1, 499_999, 500_000, 999_999]),
    wait=st.sampled_from([-3600_000_000, -1_000_000, -1_000, -1, 0, 1, 1_000_000, 3600_000_000]),
)
def test_visible_from_its_microsecond_on_and_never_before(
    make_draft, editor, night, minutes, microseconds, wait
):
    due = night + timedelta(minutes=minutes, microseconds=microseconds)
    at, shown = due + timedelta(microseconds=wait), wait >= 0
    with transaction.atomic():
        start = due - timedelta(days=10)
        draft = workflow.save_draft(None, Words(TITLE, publish_at=due), by=editor, at=start)
        release = workflow.schedule(draft, by=editor, at=start)
        assert Release.objects.visible(at).filter(pk=release.pk).exists() is shown
        assert Release.objects.get(pk=release.pk).is_visible(at) is shown
        row = Release.objects.with_state(at).get(pk=release.pk)
        assert row.state_now == row.state(at) == ("published" if shown else "scheduled")
        # The page cache's name changes at that very moment, so that no page from before is served after it.
        before = editions.current(due - timedelta(microseconds=1)).name
        assert (editions.current(at).name != before) is shown
        transaction.set_rollback(True)


def test_the_crawl_knows_every_public_address_there_is(embargoed):
    """A new kind of address has to be added to the crawl, or this fails."""
    names = set()

    def walk(patterns, prefix=""):
        for one in patterns:
            route = prefix + str(getattr(one.pattern, "_route", ""))
            if hasattr(one, "url_patterns"):
                if not route.startswith(("admin", "accounts")):
                    walk(one.url_patterns, route)
            elif not route.startswith(("admin", "accounts", "favicon")):
                names.add(one.name)

    walk(get_resolver().url_patterns)
    known = {
        "front", "archive", "year", "month", "release", "cite", "history", "topics", "topic", "search", "suggest",
        "opensearch", "search_feed", "follow", "feed", "opml", "topic_feed", "sitemap", "sitemap_pages",
        "sitemap_releases", "sitemap_news", "robots", "oembed", "card", "api", "openapi", "preview",
    }  # fmt: skip
    assert names - known == set()
