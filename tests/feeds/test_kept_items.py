"""An item of a feed is made once, and anew whatever changes it."""

from dataclasses import replace

import pytest
from django.core.cache import caches

from releases import workflow
from releases.feeds import formats, items
from releases.models import Release, Source, Topic
from releases.workflow import words_of

pytestmark = pytest.mark.django_db


def shown():
    """The item of the one release that there is, as feeds show it and as it is made anew."""
    (release,) = items.releases_with_items([Release.objects.get().pk])
    return items.item_of(release), items.make_item(release)


@pytest.mark.parametrize("what", ["title", "summary", "body", "correction", "topic", "topic's name", "picture's words", "address", "site", "copy", "withdrawal"])  # fmt: skip
def test_whatever_changes_an_item_it_is_made_anew(
    what, make_release, make_topic, make_picture, editor, settings
):
    settings.WITHDRAWN_IN_FEEDS = True
    topic = make_topic("Land")
    release = make_release(
        "Title", summary="Summary.", notes=1, topics=[topic], picture=make_picture(), picture_alt="A boat."
    )
    before, made = shown()
    assert before == made
    words = words_of(release.live)
    match what:
        case "title":
            workflow.correct(
                workflow.save_draft(release, replace(words, title="Another"), by=editor), by=editor, note="A."
            )
        case "summary":
            workflow.publish(
                workflow.save_draft(release, replace(words, summary="More."), by=editor), by=editor
            )
        case "body":
            workflow.publish(
                workflow.save_draft(release, replace(words, body="<p>B.</p>"), by=editor), by=editor
            )
        case "correction":
            workflow.correct(
                workflow.save_draft(release, replace(words, body="<p>B.</p>"), by=editor),
                by=editor,
                note="B.",
            )
        case "topic":
            workflow.publish(workflow.save_draft(release, replace(words, topics=()), by=editor), by=editor)
        case "topic's name":
            Topic.objects.update(name="Sea")
        case "picture's words":
            workflow.publish(
                workflow.save_draft(release, replace(words, picture_alt="Two boats."), by=editor), by=editor
            )
        case "address":
            Release.objects.update(slug="elsewhere")
        case "site":
            settings.SITE_URL = "https://elsewhere.example"
        case "copy":
            Source.objects.update(archived_on="2026-01-01", archived_url="https://web.archive.org/1")
        case "withdrawal":
            workflow.withdraw(release, by=editor, notice="It was wrong.")
    after, made = shown()
    assert after == made
    assert after != before


def test_an_item_that_stays_is_made_once(client, make_release, monkeypatch):
    make_release("One")
    feeds = [f"/feeds/releases.{suffix}" for suffix in ("rss", "atom", "json")]
    for path in feeds:
        client.get(path)
    monkeypatch.setattr(items, "make_item", None)
    monkeypatch.setattr(formats._Rss, "add_item_elements", None)
    monkeypatch.setattr(formats._Atom, "add_item_elements", None)
    make_release("Elsewhere", language="bo")
    caches["pages"].clear()
    assert all(b"One" in client.get(path).content for path in feeds)
