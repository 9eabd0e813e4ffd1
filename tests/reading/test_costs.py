"""What the addresses for machines cost does not grow with the number of releases."""

import pytest

from tests.bulk import many

pytestmark = pytest.mark.django_db


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
        "/follow/?topic=land": 1,  # the index is there
        "/feeds/releases.rss": 3,  # the edition, which there are, the newest with words, corrections and topics
        "/feeds/releases.rss?page=1": 2,
        "/api/releases.json": 3,
        "/releases/bulk-3/cite.bib": 2,
        "/oembed.json?url=http://testserver/releases/bulk-3/": 2,
    }
    for path, queries in budget.items():
        with django_assert_num_queries(queries, info=path):
            answer = client.get(path)
        # 25 releases fill one volume; no file of the sitemap is missing
        assert answer.status_code == 200, path
