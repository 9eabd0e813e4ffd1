"""What no reader may see is told nowhere, in whichever state it is; then, at its time, everywhere."""

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from releases import workflow
from releases.models import Release
from tests.depth import DEEP
from tests.leaks.crawl import (
    KINDS,
    PLACE,
    SLUG,
    SOURCE,
    START,
    STATES,
    SUMMARY,
    TITLE,
    TONGUES,
    TOPIC,
    UNKNOWN,
    WORD,
    WORDS,
    ask,
    broken,
    crawl,
    files_of,
    guesses,
    kind_of,
    public_kinds,
    secret,
    told,
)

pytestmark = pytest.mark.django_db
# The first test follows every link with everything hidden; the others ask for the same addresses, and follow in the deep run.
# These are there once a list of mirrors was signed, and by settings.
SIGNED = (
    "/.well-known/newsroom-mirrors.json", "/.well-known/newsroom-key.pem", "/.well-known/security.txt",
    "/.well-known/security-key.asc", "/csp-reports/",
)  # fmt: skip
# A pattern that names a release, a topic or a picture; any other is asked as it is.
NAMING = frozenset({"slug", "uuid", "token"})


def test_nothing_is_told_anywhere_in_any_state(others, hide, settings, tmp_path):
    settings.PUBLIC_HISTORY = settings.WITHDRAWN_IN_FEEDS = True
    settings.LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
    settings.WEBSUB_HUB = "https://hub.example.org/"
    settings.SECUREDROP_URL = f"http://{'b' * 56}.onion"
    settings.SECURITY_CONTACTS = ["mailto:security@example.org"]
    settings.SECURITY_KEY_FILE = tmp_path / "key.asc"
    settings.SECURITY_KEY_FILE.write_text("a public key")
    workflow.sign_mirrors(["https://mirror.example.net/"], key=Ed25519PrivateKey.generate())
    hidden = {state: hide(state) for state in STATES}
    asked = {state: guesses(made, topic) for state, (made, topic) in hidden.items()}
    answers = crawl([*START, *SIGNED, *(path for paths in asked.values() for path in paths)])
    assert len(answers) > 400
    assert broken(answers) == []
    assert told(answers, list(WORDS)) == []
    # Who may see the release may see its address and uuid; with this setting readers keep those of what was withdrawn.
    names = [
        name
        for made, _ in (hidden[state] for state in UNKNOWN)
        for name in (made.slug, str(made.uuid), made.uuid.hex, made.uuid.hex[:8])
    ]
    assert told(answers, names) == []
    topics = [topic for _, topic in hidden.values()]
    sitemaps = {
        path: one for path, one in answers.items() if path.startswith("/sitemap") and one.status == 200
    }
    assert len(sitemaps) == 4
    assert told(sitemaps, topics) == []
    files = [path for made, _ in hidden.values() for path in files_of(made)]
    assert {answers[path].status for path in files} == {404}
    # A new kind of address fails here until strangers have asked it: of everything hidden, where it names anything.
    for state, paths in asked.items():
        assert public_kinds(of=NAMING) - {kind_of(path) for path in paths} == set(), state
    shown = {kind_of(path) for path, one in answers.items() if one.status == 200}
    assert public_kinds() - shown == {
        "preview",
        "preview_picture",
        "csp_reports",
    }  # the last is told, and tells nothing
    # SQL and Python know the rule; here they meet every state.
    everything = Release.objects.all()
    assert {one.pk for one in everything.announced()} == {one.pk for one in everything if one.is_announced()}
    assert {one.pk for one in everything.visible()} == {one.pk for one in everything if one.is_visible()}


def test_a_text_that_was_replaced_is_told_where_the_newsroom_shows_the_history_and_nowhere_else(
    others, hide, settings
):
    settings.PUBLIC_HISTORY = settings.WITHDRAWN_IN_FEEDS = False
    made, topic = hide("superseded")
    answers = crawl([*START, *guesses(made, topic)], follow=DEEP)
    assert told(answers, list(WORDS)) == []
    assert {answers[path].status for path in files_of(made)} == {404}
    settings.PUBLIC_HISTORY = True
    caches["pages"].clear()
    answers = crawl([*START, *guesses(made, topic)], follow=DEEP)
    assert {path for path, _, _ in told(answers, [WORD])} == {f"{made.get_absolute_url()}history/"}


def test_without_the_setting_not_even_the_address_of_what_was_withdrawn_is_told(others, hide):
    made, topic = hide("withdrawn")
    answers = crawl([*START, *guesses(made, topic)], follow=DEEP)
    assert told(answers, [*WORDS, made.slug, str(made.uuid), made.uuid.hex, made.uuid.hex[:8]]) == []
    assert answers[made.get_absolute_url()].status == 410


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
