"""What feeds say of a release that was corrected or withdrawn."""

from datetime import timedelta

import feedparser
import pytest
from django.utils import timezone

from releases import workflow
from releases.workflow import Words
from tests.feeds.reading import titles

pytestmark = pytest.mark.django_db
KINDS = ("rss", "atom", "json")


@pytest.mark.parametrize("kind", KINDS)
def test_a_correction_stands_before_the_text_and_moves_updated(client, make_release, editor, kind):
    release = make_release("Title")
    workflow.save_draft(release, Words(title="Title", body="<p>Mended.</p>"), by=editor)
    workflow.correct(release, by=editor, note="The figure was 7 & not <8>.")
    response = client.get(f"/feeds/releases.{kind}")
    if kind == "json":
        item = response.json()["items"][0]
        body, changed = item["content_html"], item["date_modified"] != item["date_published"]
    else:
        entry = feedparser.parse(response.content, sanitize_html=False).entries[0]
        body, changed = entry.content[-1].value, kind == "rss" or entry.updated != entry.published
    assert body.startswith('<p class="correction"><strong>Correction, ')
    assert "The figure was 7 &amp; not &lt;8&gt;.</p><p>Mended.</p>" in body
    assert changed


def test_a_withdrawn_release_leaves_the_feed(client, make_release, editor):
    release = make_release("Gone", notes=1)
    workflow.withdraw(release, by=editor, notice="It was wrong.")
    assert titles(client.get("/feeds/releases.rss")) == []


@pytest.mark.parametrize("kind", KINDS)
def test_with_the_setting_it_stays_once_as_a_notice_without_its_words(
    client, make_release, make_topic, editor, settings, kind
):
    settings.WITHDRAWN_IN_FEEDS = True
    release = make_release(
        "Gonetitle", notes=1, summary="Gonesummary", slug="an-address", topics=[make_topic("Land")]
    )
    workflow.withdraw(release, by=editor, notice="It was <wrong>.")
    for path in (f"/feeds/releases.{kind}", f"/topics/land/feed.{kind}"):
        response = client.get(path)
        assert titles(response) == ["Withdrawn"]
        assert b"Gone" not in response.content
        assert b"Claim" not in response.content
        assert release.uuid.urn.encode() in response.content


def test_with_the_setting_what_was_withdrawn_before_its_time_is_not_named(
    client, make_release, editor, settings
):
    settings.WITHDRAWN_IN_FEEDS = True
    release = make_release("Never seen", publish_at=timezone.now() + timedelta(days=1))
    release.withdrawn_at, release.withdrawal_notice = timezone.now(), "x"
    release.save()
    assert titles(client.get("/feeds/releases.rss")) == []


@pytest.mark.parametrize("kind", ["atom", "json"])
def test_what_comes_back_is_newer_than_its_notice_so_that_readers_show_it_again(
    client, make_release, editor, settings, kind
):
    settings.WITHDRAWN_IN_FEEDS = True
    published = timezone.now() - timedelta(days=3)
    release = make_release("Back", publish_at=published)

    def dates():
        answer = client.get(f"/feeds/releases.{kind}")
        if kind == "json":
            item = answer.json()["items"][0]
            return item["title"], item["date_published"], item["date_modified"]
        entry = feedparser.parse(answer.content).entries[0]
        return entry.title, entry.published, entry.updated

    workflow.withdraw(release, by=editor, notice="Wrong.", at=published + timedelta(days=1))
    notice, first, gone = dates()
    workflow.publish(release, by=editor, at=published + timedelta(days=2))
    title, again, back = dates()
    assert (notice, title) == ("Withdrawn", "Back")
    assert again == first
    assert back > gone
