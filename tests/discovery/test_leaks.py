"""Nothing that a reader may not see is found by any of these addresses."""

from datetime import timedelta

import pytest
from django.utils import timezone

from newsroom.accounts.models import User
from releases import workflow
from releases.models import Address, Release, Revision
from releases.workflow import Words

pytestmark = pytest.mark.django_db
SECRET = "Zyzzogeton"


def addresses(release):
    """Every address of this part of the site, those that are made of the release included."""
    topic = "secret-topic"
    yield from (
        "/sitemap.xml",
        "/sitemaps/pages.xml",
        "/sitemaps/releases-1.xml",
        "/sitemaps/news.xml",
        "/robots.txt",
    )
    yield from (
        "/api/releases.json",
        f"/api/releases.json?topic={topic}",
        "/api/openapi.json",
        "/feeds/topics.opml",
    )
    yield f"/follow/?topic={topic}&topic=other"
    for kind in ("rss", "atom", "json"):
        yield from (
            f"/feeds/releases.{kind}",
            f"/topics/{topic}/feed.{kind}",
            f"/feeds/releases.{kind}?page=1",
        )
        yield f"/feeds/releases.{kind}?topic=other&topic={topic}"
    for kind in ("txt", "bib", "ris", "json"):
        yield f"{release.get_absolute_url()}cite.{kind}"
    yield f"/oembed.json?url=http://testserver{release.get_absolute_url()}"
    for number in (1, 2):
        yield f"/pictures/cards/{release.uuid}-{number}.png"


@pytest.fixture
def hidden(request, make_release, make_draft, make_topic, editor):
    """A release in a state in which readers see nothing of it, among some that they see."""
    topic, other = make_topic("Secret topic"), make_topic("Other")
    make_release("Seen", topics=[other])
    body = f"<p>{SECRET}</p>"
    words = {"body": body, "summary": SECRET, "topics": [topic], "slug": "a-plain-address"}
    if request.param == "draft":
        return make_draft(SECRET, **words)
    if request.param == "embargoed":
        return make_release(SECRET, publish_at=timezone.now() + timedelta(hours=1), **words)
    if request.param == "draft over live":
        release = make_release("Plain", slug="a-plain-address")
        return workflow.save_draft(
            release, Words(title=SECRET, body=body, summary=SECRET, topics=[topic]), by=editor
        )
    release = make_release(SECRET, **words)
    return workflow.withdraw(release, by=editor, notice="Taken back.")


@pytest.mark.parametrize("hidden", ["draft", "embargoed", "draft over live", "withdrawn"], indirect=True)
def test_no_address_shows_what_is_hidden(client, hidden):
    for path in addresses(hidden):
        response = client.get(path)
        assert response.status_code in {200, 301, 302, 404, 410}, path
        assert (
            SECRET not in response.text if "image" not in response.headers.get("Content-Type", "") else True
        ), path
        if hidden.state() != "published":
            if "cite." in path and response.status_code != 410:
                assert response.status_code == 404, path
            if "cards" in path or "oembed" in path:
                assert response.status_code == 404, path
            if path.startswith(("/sitemap", "/api/releases", "/feeds/releases", "/topics/")):
                assert "a-plain-address" not in response.text, path
    assert "secret-topic" not in client.get("/sitemaps/pages.xml").text


@pytest.mark.parametrize("hidden", ["embargoed"], indirect=True)
def test_at_its_time_it_is_everywhere(client, hidden):
    Release.objects.filter(pk=hidden.pk).update(publish_at=timezone.now() - timedelta(seconds=1))
    for path in addresses(hidden):
        response = client.get(path)
        if path.startswith(("/api/releases", "/feeds/releases", "/topics/")) and "page=1" not in path:
            assert SECRET in response.text, path


def test_a_draft_over_live_words_leaves_the_live_card(client, make_release, editor):
    release = make_release("Plain")
    workflow.save_draft(release, Words(title=SECRET), by=editor)
    assert client.get(f"/pictures/cards/{release.uuid}-2.png").headers["Location"].endswith("-1.png")


def many(count):
    """So many visible releases, without the workflow's cost."""
    now = timezone.now()
    user = User.objects.create_user("bulk")
    releases = Release.objects.bulk_create(
        Release(slug=f"bulk-{n}", created_at=now, created_by=user, publish_at=now - timedelta(minutes=n + 1))
        for n in range(count)
    )
    Address.objects.bulk_create(Address(language="en", slug=one.slug, release=one) for one in releases)
    revisions = Revision.objects.bulk_create(
        Revision(release=one, number=1, title="T", created_at=now, edited_at=now) for one in releases
    )
    for one, words in zip(releases, revisions, strict=True):
        one.live = words
    Release.objects.bulk_update(releases, ["live"], batch_size=400)


@pytest.mark.parametrize("count", [25, 2500])
def test_queries_do_not_grow_with_releases(client, make_topic, django_assert_num_queries, count):
    make_topic("Land")
    many(count)
    budget = {
        "/sitemap.xml": 4,  # the edition, how many there are, the newest of all, the newest of the one file
        "/sitemaps/releases-1.xml": 3,  # the edition, the releases, their translations
        "/sitemaps/pages.xml": 3,  # the edition, the languages, the topics
        "/sitemaps/news.xml": 2,  # the edition, the news
        "/robots.txt": 1,
        "/feeds/topics.opml": 2,  # the edition, the topics
        "/follow/?topic=land": 2,
        "/feeds/releases.rss": 3,  # the edition, the releases with words and corrections, their topics
        "/feeds/releases.rss?page=1": 3,
        "/api/releases.json": 3,
        "/releases/bulk-3/cite.bib": 2,
        "/oembed.json?url=http://testserver/releases/bulk-3/": 2,
    }
    for path, queries in budget.items():
        with django_assert_num_queries(queries, info=path):
            answer = client.get(path)
        # 25 releases fill one volume; no file of the sitemap is missing
        assert answer.status_code == 200, path
