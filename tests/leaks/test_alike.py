"""A stranger cannot tell what is hidden from what is not there: not by an answer, a header, a length or the steps it took."""

import re
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from releases import workflow
from releases.models import Release
from releases.workflow import Words
from tests.leaks.crawl import SLUG, START, TITLE, UNKNOWN, ask, files_of, secret

pytestmark = pytest.mark.django_db
# Whose steps are counted by default: without live words, with some of which the time has not come, and withdrawn.
COUNTED = [
    state
    if state in {"draft", "scheduled", "withdrawn before its time"}
    else pytest.param(state, marks=pytest.mark.deep)
    for state in UNKNOWN
]


@pytest.mark.parametrize("state", UNKNOWN)
def test_its_addresses_answer_as_if_it_did_not_exist(others, hide, settings, state, monkeypatch):
    settings.PUBLIC_HISTORY = True
    made, _ = hide(state)
    # At one moment: how long a page may be kept is told by the clock.
    now = timezone.now() + timedelta(seconds=2)
    monkeypatch.setattr(timezone, "now", lambda: now)
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


@pytest.mark.parametrize("state", COUNTED)
def test_finding_that_it_may_not_be_seen_takes_the_same_steps_as_finding_nothing(
    others, hide, settings, state, monkeypatch
):
    """What a stranger could time: the same questions to the database, whatever was asked and however."""
    settings.PUBLIC_HISTORY = True
    made, _ = hide(state)
    # Whether the second of a change is over, in which there is no Last-Modified, is not the question here.
    later = timezone.now() + timedelta(seconds=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    absent, unknown, client = "no-such-release-anywhere", "00000000-0000-4000-8000-000000000000", Client()
    picture = files_of(made)[0].split("/")[2]
    pairs = [
        *((pattern.format(made.slug), pattern.format(absent)) for pattern in (
            "/releases/{}/", "/releases/{}/history/", "/releases/{}/cite.bib", "/zh-hans/releases/{}/",
            "/oembed.json?url=http://testserver/releases/{}/",
        )),
        *((pattern.format(made.uuid), pattern.format(unknown)) for pattern in (
            "/pictures/cards/{}-1.png", "/api/releases.json?after={}", "/preview/{}/",
        )),
        (f"/pictures/{picture}/card.jpg", f"/pictures/{unknown}/card.jpg"),
        (f"/pictures/{picture}/400.jpg", f"/pictures/{picture}/none.jpg"),
        (f"/admin/releases/release/{made.pk}/change/", "/admin/releases/release/999999/change/"),
    ]  # fmt: skip
    ways = [("get", {}), ("head", {}), ("options", {}), ("post", {}), ("get", {"If-None-Match": "*"}),
            ("get", {"Range": "bytes=0-9"}), ("get", {"Accept": "application/json"})]  # fmt: skip

    def steps(path, method, headers):
        with CaptureQueriesContext(connection) as seen:
            answer = getattr(client, method)(path, headers=headers)
        return (
            answer.status_code,
            sorted(answer.headers),
            [re.sub(r"'[^']*'|\d+", "?", one["sql"]) for one in seen],
        )

    different = []
    for real, made_up in pairs:
        for method, headers in ways:
            steps(made_up, method, headers)  # what is kept for everybody is there
            if steps(real, method, headers) != steps(made_up, method, headers):
                different.append((method, headers, real))
    assert different == []


def _without(body, name):
    """What was asked stands in the answer of a search."""
    return body.replace(name, "").replace(name.replace("-", " "), "")


def test_staffs_work_under_embargo_leaves_every_public_answer_as_it_was_to_the_last_header(
    others, hide, editor, monkeypatch
):
    """No ETag, no Last-Modified, no length tells that something is being written, approved, dated or put off."""
    topics = [hide(state)[1] for state in ("draft", "scheduled")]
    # Both times at one moment: what may be kept for how long is told by the clock, for every page alike.
    later = timezone.now() + timedelta(minutes=2)
    watched = [*START, *(f"/topics/{slug}/" for slug in topics), "/releases/already-out-1/", "/nowhere/"]

    def look():
        for cache in caches.all():
            cache.clear()
        client = Client()
        with monkeypatch.context() as patch:
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
