"""What no reader may see is told nowhere, in whichever state it is; then, at its time, everywhere."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from releases import workflow
from releases.models import Release
from releases.workflow import Words
from tests.leaks.crawl import (
    KINDS,
    PLACE,
    SLUG,
    SOURCE,
    START,
    SUMMARY,
    TITLE,
    TONGUES,
    TOPIC,
    WORD,
    WORDS,
    ask,
    broken,
    crawl,
    guesses,
    secret,
    secret_words,
    told,
)

pytestmark = pytest.mark.django_db
STATES = (
    "draft",
    "submitted",
    "approved",
    "scheduled",
    "scheduled with a draft",
    "draft over live",
    "withdrawn",
)


@pytest.fixture
def hide(make_draft, make_release, make_topic, editor, chief):
    """Make a release in a state in which readers may not see the secret words; a topic that is used by it alone."""

    def make(state):
        topic = make_topic(f"{TOPIC} {state}")
        name = f"{SLUG}-{state.replace(' ', '-')}-x"  # none is the beginning of another
        due = timezone.now() + timedelta(days=2)
        words = secret(topics=[topic], slug=name)
        if state == "draft over live":
            plain = make_release("Out with a draft over it", slug=name)
            made = workflow.save_draft(plain, secret_words(topics=[topic]), by=editor)
        elif state == "withdrawn":
            made = workflow.withdraw(make_release(TITLE, **words), by=editor, notice="Withdrawn for safety.")
        elif state.startswith("scheduled"):
            made = make_release(TITLE, publish_at=due, **words)
            if state != "scheduled":
                made = workflow.save_draft(made, secret_words(topics=[topic]), by=editor)
        else:
            made = make_draft(TITLE, publish_at=due, **words)
            if state != "draft":
                made = workflow.submit(made, by=editor)
            if state == "approved":
                made = workflow.approve(made, by=chief)
        assert str(made.state()) in (state, "published", "scheduled")
        workflow.share_preview(made, by=editor, days=1)
        return made, topic.slug

    return make


@pytest.fixture
def others(make_release, make_topic):
    """What is out, so that there is something to follow: enough for a volume, in two languages."""
    shared = make_topic("Shared")
    for number in range(21):
        make_release(f"Already out {number}", topics=[shared])
    make_release("已经", language="zh-hans", slug="out-zh", topics=[shared])
    return shared


def test_nothing_is_told_anywhere_in_any_state(others, hide, settings):
    settings.PUBLIC_HISTORY = settings.WITHDRAWN_IN_FEEDS = True
    settings.LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
    settings.WEBSUB_HUB = "https://hub.example.org/"
    hidden = {state: hide(state) for state in STATES}
    answers = crawl([*START, *(path for made, topic in hidden.values() for path in guesses(made, topic))])
    assert len(answers) > 400
    assert broken(answers) == []
    assert told(answers, list(WORDS)) == []
    # Who may see the release may see its address and uuid; with this setting readers keep those of what was withdrawn.
    names = [
        name
        for state, (made, _) in hidden.items()
        if state not in ("draft over live", "withdrawn")
        for name in (made.slug, str(made.uuid), made.uuid.hex, made.uuid.hex[:8])
    ]
    assert told(answers, names) == []
    topics = [topic for _, topic in hidden.values()]
    sitemaps = {
        path: one for path, one in answers.items() if path.startswith("/sitemap") and one.status == 200
    }
    assert len(sitemaps) == 4
    assert told(sitemaps, topics) == []


def test_without_the_setting_not_even_the_address_of_what_was_withdrawn_is_told(others, hide):
    made, topic = hide("withdrawn")
    answers = crawl([*START, *guesses(made, topic)])
    assert told(answers, [*WORDS, made.slug, str(made.uuid), made.uuid.hex, made.uuid.hex[:8]]) == []
    assert answers[made.get_absolute_url()].status == 410


@pytest.mark.parametrize("state", ["draft", "submitted", "approved", "scheduled", "scheduled with a draft"])
def test_its_addresses_answer_as_if_it_did_not_exist(others, hide, settings, state):
    settings.PUBLIC_HISTORY = True
    made, _ = hide(state)
    absent, client = "no-such-release-anywhere", Client()
    patterns = [
        "/releases/{}/", "/releases/{}", "/releases/{}/history/", "/zh-hans/releases/{}/",
        *(f"/releases/{{}}/cite.{kind}" for kind in ("txt", "bib", "ris", "json")),
        "/oembed.json?url=http://testserver/releases/{}/", "/preview/{}/", "/search/?q={}", "/search/suggest?q={}",
    ]  # fmt: skip
    for pattern in patterns:
        real, made_up = (ask(client, pattern.format(name)) for name in (made.slug, absent))
        assert real.status == made_up.status, pattern
        assert _without(real.body, made.slug) == _without(made_up.body, absent), pattern
    uuid = "00000000-0000-4000-8000-000000000000"
    for pattern in ("/pictures/cards/{}-1.png", "/api/releases.json?after={}"):
        real, made_up = (ask(client, pattern.format(name)) for name in (made.uuid, uuid))
        assert (real.status, real.text.replace(str(made.uuid), uuid)) == (made_up.status, made_up.text)


def _without(body, name):
    """What was asked stands in the answer of a search."""
    return body.replace(name, "").replace(name.replace("-", " "), "")


def test_staffs_work_under_embargo_leaves_every_public_answer_as_it_was_to_the_last_header(
    others, hide, editor, monkeypatch
):
    """No ETag, no Last-Modified, no length tells that something is being written, approved, dated or put off."""
    topics = [hide(state)[1] for state in ("draft", "scheduled")]
    watched = [*START, *(f"/topics/{slug}/" for slug in topics), "/releases/already-out-1/", "/nowhere/"]

    def look():
        for cache in caches.all():
            cache.clear()
        client, later = Client(), timezone.now() + timedelta(seconds=2)
        with monkeypatch.context() as patch:
            # What was published a moment ago has a Last-Modified when its second is over, whatever staff do meanwhile.
            patch.setattr(timezone, "now", lambda: later)
            return {path: ask(client, path) for path in watched}

    before = look()
    release = Release.objects.get(slug=f"{SLUG}-draft-x")
    due = timezone.now() + timedelta(days=2)
    topic = release.working.topics.get()
    workflow.save_draft(release, Words(f"{TITLE}, more", **secret(topics=[topic], publish_at=due)), by=editor)
    release = workflow.submit(Release.objects.get(pk=release.pk), by=editor)
    release = workflow.approve(release, by=editor)
    release = workflow.schedule(release, by=editor)
    release = workflow.unschedule(release, by=editor)
    workflow.schedule(release, by=editor)
    scheduled = Release.objects.get(slug=f"{SLUG}-scheduled-x")
    workflow.readdress(scheduled, slug="moved-in-secret", by=editor)
    after = look()
    assert [path for path in watched if _lasting(before[path]) != _lasting(after[path])] == []


def _lasting(answer):
    """Without what is drawn by lot for every answer."""
    drawn = ("csrfmiddlewaretoken", "Content-Security-Policy", "Set-Cookie", "Expires")
    lines = [line for line in answer.text.splitlines() if not any(word in line for word in drawn)]
    return answer.status, lines


def test_a_page_may_be_kept_until_the_moment_and_no_longer(others, make_release):
    """The one thing that a header tells: in the last minute, that something is due."""
    client, paths = (
        Client(),
        ("/", "/feeds/releases.rss", "/sitemap.xml", "/api/releases.json", "/search/?q=out"),
    )

    def ages():
        return {int(client.get(path).headers["Cache-Control"].split("max-age=")[1]) for path in paths}

    assert ages() == {60}
    release = make_release(TITLE, publish_at=timezone.now() + timedelta(seconds=61 + 30))
    assert ages() == {60}
    Release.objects.filter(pk=release.pk).update(publish_at=timezone.now() + timedelta(seconds=30))
    assert max(ages()) <= 30


def test_a_topic_that_only_hidden_releases_use_is_a_topic_that_nothing_uses(others, hide, make_topic):
    _, used = hide("scheduled")
    unused = make_topic("Pellowick Scheduled").slug
    client = Client()
    for pattern in (
        "/topics/{}/",
        "/topics/{}/?page=2",
        "/topics/{}/feed.rss",
        "/search/?topic={}",
        "/follow/?topic={}",
    ):
        first, second = (client.get(pattern.format(slug)) for slug in (used, unused))
        assert first.status_code == second.status_code, pattern
        assert first.text.lower().count(used) == second.text.lower().count(unused), pattern
    for path in ("/topics/", "/", "/search/?q=out", "/sitemaps/pages.xml"):
        text = client.get(path).text
        assert text.count(used) == text.count(unused), path


def test_a_moment_later_everything_shows_it(others, make_release, make_topic, monkeypatch, settings):
    settings.PUBLIC_HISTORY = True
    topic = make_topic(TOPIC)
    due = timezone.now() + timedelta(days=2)
    release = make_release(TITLE, publish_at=due, slug=SLUG, **secret(topics=[topic, others]))
    chosen = f"topic=shared&topic={topic.slug}"
    expected = {
        "/": TITLE, "/releases/": TITLE, f"/releases/{due:%Y}/": TITLE, f"/topics/{topic.slug}/": TITLE,
        f"/releases/{SLUG}/": WORD, f"/releases/{SLUG}/history/": TITLE, "/topics/shared/": TITLE,
        **{f"/releases/{SLUG}/cite.{kind}": TITLE for kind in ("txt", "bib", "ris", "json")},
        **{f"/feeds/releases.{kind}": SOURCE for kind in KINDS}, "/api/releases.json": PLACE,
        **{f"/topics/{topic.slug}/feed.{kind}": SUMMARY for kind in KINDS},
        **{f"/feeds/releases.{kind}?{chosen}": WORD for kind in KINDS},
        **{f"/feeds/releases.{kind}?{TONGUES}&topic={topic.slug}": WORD for kind in KINDS},
        **{f"/search/feed.{kind}?q={WORD}": SOURCE for kind in KINDS},
        f"/search/?q={WORD}": TITLE, f"/search/?q={SUMMARY}": TITLE, f"/search/suggest?q={TITLE[:6]}": TITLE,
        f"/search/?topic={topic.slug}": TITLE, f"/api/releases.json?topic={topic.slug}": str(release.uuid),
        "/sitemaps/releases-1.xml": SLUG, "/sitemaps/news.xml": TITLE, "/sitemaps/pages.xml": topic.slug,
        f"/oembed.json?url=http://testserver/releases/{SLUG}/": TITLE,
        f"/pictures/cards/{release.uuid}-1.png": "picture",
    }  # fmt: skip
    client = Client()

    def shows():
        answers = {path: ask(client, path) for path in expected}
        return {
            path
            for path, word in expected.items()
            if answers[path].status == 200 and word in answers[path].body
        }

    monkeypatch.setattr(timezone, "now", lambda: due - timedelta(microseconds=1))
    assert shows() == set()
    monkeypatch.setattr(timezone, "now", lambda: due)
    assert set(expected) - shows() == set()
