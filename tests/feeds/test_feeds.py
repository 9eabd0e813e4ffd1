"""What a feed reader gets."""

from datetime import timedelta

import feedparser
import pytest
from django.core.cache import caches
from django.utils import timezone

from releases import editions, workflow
from releases.models import Release
from releases.workflow import Words
from tests.makers import body_with

pytestmark = pytest.mark.django_db
KINDS = ("rss", "atom")


def feed(client, kind="rss", path="/feeds/releases", **headers):
    return client.get(f"{path}.{kind}", headers=headers)


@pytest.mark.parametrize("kind", KINDS)
def test_an_item_has_its_full_text_with_absolute_links_to_notes(client, make_release, kind):
    release = make_release("Title", notes=2, summary="Short.")
    parsed = feedparser.parse(feed(client, kind).content)
    assert not parsed.bozo
    entry = parsed.entries[0]
    assert (entry.title, entry.link) == ("Title", "http://testserver/releases/title/")
    content = entry.content[0].value
    assert f'href="http://testserver/releases/title/#{release.note_prefix}fn-' in content
    assert 'class="footnote"' in content
    assert 'class="footnotes"' in content
    assert 'class="reversefootnote"' in content
    assert entry.summary == "Short." or kind == "rss"


@pytest.mark.parametrize("kind", KINDS)
def test_the_guid_outlives_a_new_slug_and_a_new_domain(client, make_release, editor, settings, kind):
    release = make_release("Title")
    before = feedparser.parse(feed(client, kind).content).entries[0].id
    workflow.readdress(release, slug="elsewhere", by=editor)
    settings.SITE_URL = "https://news.example.org"
    entry = feedparser.parse(feed(client, kind).content).entries[0]
    assert entry.id == before == release.uuid.urn
    assert entry.link == "https://news.example.org/releases/elsewhere/"


@pytest.mark.parametrize("kind", KINDS)
def test_no_title_can_break_the_xml(client, make_release, kind):
    hostile = "A\x0bB ]]> <b>&amp; \ud7ff\ufffe \x7f ‘quoted’ 人权"
    Release.objects.filter(pk=make_release("x").pk).exists()
    make_release(hostile.replace("\x0b", ""))
    assert not feedparser.parse(feed(client, kind).content).bozo


def test_published_never_moves_and_updated_moves_for_corrections_alone(client, make_release, editor):
    release = make_release("Title", body=body_with(1))

    def dates():
        entry = feedparser.parse(feed(client, "atom").content).entries[0]
        return entry.published, entry.updated

    first = dates()
    workflow.save_draft(release, Words(title="A mend"), by=editor)
    workflow.publish(release, by=editor)
    assert dates() == first
    workflow.save_draft(release, Words(title="A correction"), by=editor)
    workflow.correct(release, by=editor, note="Wrong.", at=timezone.now() + timedelta(seconds=90))
    assert dates()[0] == first[0]
    assert dates()[1] != first[1]


@pytest.mark.parametrize("kind", [*KINDS, "json"])
def test_a_reader_that_has_the_feed_already_gets_304(client, make_release, editor, monkeypatch, kind):
    make_release()
    later = timezone.now() + timedelta(seconds=2)  # the second of a change has no Last-Modified
    monkeypatch.setattr(timezone, "now", lambda: later)
    first = feed(client, kind)
    again = feed(client, kind, **{"If-None-Match": first.headers["ETag"]})
    since = feed(client, kind, **{"If-Modified-Since": first.headers["Last-Modified"]})
    assert (again.status_code, since.status_code) == (304, 304)
    assert again.headers["ETag"] == first.headers["ETag"]
    assert "Accept-Encoding" in again.headers["Vary"]
    make_release("Newer")
    assert feed(client, kind, **{"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_a_topic_has_a_feed_of_its_own(client, make_release, make_topic):
    land = make_topic("Land, Property, Housing")
    make_release("In it", topics=[land])
    make_release("Not in it")
    parsed = feedparser.parse(client.get("/topics/land-property-housing/feed.rss").content)
    assert [entry.title for entry in parsed.entries] == ["In it"]
    assert parsed.entries[0].tags[0].term == "Land, Property, Housing"
    assert client.get("/topics/unknown/feed.rss").status_code == 404


def test_an_embargoed_release_is_in_no_feed_before_its_time(client, make_release):
    make_release("Secret", publish_at=timezone.now() + timedelta(hours=1))
    assert not feedparser.parse(feed(client).content).entries


def test_a_feed_is_never_kept_beyond_the_next_embargo(client, make_release, monkeypatch, settings):
    settings.SHARED_CACHE_SECONDS = 60
    due = timezone.now().replace(second=0, microsecond=0) + timedelta(minutes=5)
    make_release("Secret", publish_at=due)
    monkeypatch.setattr(timezone, "now", lambda: due - timedelta(seconds=20))
    assert feed(client).headers["Cache-Control"] == "public, max-age=0, must-revalidate, s-maxage=20"


def test_a_feed_costs_the_same_at_1_and_at_20_items(
    client, make_release, make_topic, django_assert_num_queries
):
    topics = [make_topic("One"), make_topic("Two")]
    for count in (1, 24):
        for number in range(count):
            make_release(f"Number {count} {number}", topics=topics)
        caches["pages"].clear()
        editions.forget_all()
        # the edition, which releases there are, the newest with their words and topics
        with django_assert_num_queries(3):
            feed(client)
