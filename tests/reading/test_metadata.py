"""Cards, structured data, headers, languages: what a page says of itself to machines."""

import io
import json

import pytest
from PIL import Image

from releases import workflow
from releases.workflow import Words
from tests.views.page import read

pytestmark = pytest.mark.django_db


def data_of(client, release):
    page = read(client.get(release.get_absolute_url()))
    (script,) = page.xpath("//script[@type='application/ld+json']")
    return json.loads(script.text)


def test_a_release_describes_itself_as_a_news_article(client, make_release, make_topic, editor, settings):
    settings.LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
    release = make_release("Title", notes=2, topics=[make_topic("Land, Property")])
    workflow.save_draft(release, Words(title="Title", body=release.live.body), by=editor)
    workflow.correct(release, by=editor, note="Was wrong.")
    article = data_of(client, release)
    assert article["@type"] == "NewsArticle"
    assert article["headline"] == "Title"
    assert [source["url"] for source in article["citation"]] == [
        "https://example.org/1",
        "https://example.org/2",
    ]
    assert article["citation"][0]["name"] == "Source 1, report."
    assert [one["text"] for one in article["correction"]] == ["Was wrong."]
    assert article["dateModified"] > article["datePublished"]
    assert article["publisher"]["name"] == "Ledgerlight Observatory"
    assert article["license"] == settings.LICENCE_URL


def test_no_words_can_end_the_script_that_holds_the_description(client, make_release):
    hostile = "</script><script>alert(1)</script><!-- ]]> \u2028 &amp;"
    release = make_release(hostile, summary=hostile)
    text = client.get(release.get_absolute_url()).text
    assert "<script>alert" not in text
    assert data_of(client, release)["headline"] == hostile


def test_a_release_has_a_card_whose_address_changes_with_its_words(client, make_release, editor):
    release = make_release("Title")

    def card():
        page = read(client.get(release.get_absolute_url()))
        return page.xpath("//meta[@property='og:image']")

    first = card()[0].get("content").removeprefix("http://testserver")
    response = client.get(first)
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert Image.open(io.BytesIO(response.content)).size == (1200, 630)
    workflow.save_draft(release, Words(title="Another"), by=editor)
    workflow.publish(release, by=editor)
    second = card()[0].get("content").removeprefix("http://testserver")
    assert second != first
    assert client.get(first).headers["Location"].endswith(second)
    assert client.get(second).content != response.content


def test_a_release_names_its_licence_and_how_it_is_cited_in_its_header_also_in_a_304(
    client, make_release, settings
):
    settings.LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
    response = client.get(make_release("Title").get_absolute_url())
    assert '<http://testserver/releases/title/>; rel="cite-as"' in response.headers["Link"]
    assert '<https://creativecommons.org/licenses/by/4.0/>; rel="license"' in response.headers["Link"]
    again = client.get("/releases/title/", headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.headers["Link"]) == (304, response.headers["Link"])


def test_lists_of_translations_name_the_page_itself_too(client, make_release, editor):
    release, other = make_release("One"), make_release("Two", language="ug")
    workflow.tie(release, other, by=editor)
    for one in (release, other):
        page = read(client.get(one.get_absolute_url()))
        assert [link.get("hreflang") for link in page.xpath("//link[@hreflang]")] == ["en", "ug"]


@pytest.mark.parametrize(
    "path",
    [
        "/releases/%00/",
        "/releases/%00/cite.bib",
        "/topics/%00/",
        "/topics/%00/feed.rss",
        "/follow/?topic=%00",
    ],
)
def test_an_address_with_what_no_database_holds_is_not_there(client, db, path):
    assert client.get(path).status_code == (200 if "follow" in path else 404)
