"""Feeds of any choice of topics and languages, each at its one address."""

import json

import feedparser
import pytest
from lxml import etree

from releases import workflow
from releases.workflow import Words
from releases.workflow import topics as vocabulary
from releases.workflow.topics import Naming
from tests.feeds.reading import ATOM, links_of, titles
from tests.feeds.rules import complaints

pytestmark = pytest.mark.django_db
KINDS = ("rss", "atom", "json")


@pytest.fixture
def three(make_release, make_topic):
    """Two topics, and a release under each, both and neither."""
    a, b = make_topic("Apples"), make_topic("Pears, plums")
    make_release("A", topics=[a])
    make_release("B", topics=[b])
    make_release("Both", topics=[a, b])
    make_release("Neither")
    return a, b


@pytest.mark.parametrize("kind", KINDS)
def test_a_choice_of_topics_holds_what_is_under_any_of_them_once(client, three, kind):
    response = client.get(f"/feeds/releases.{kind}?topic=apples&topic=pears-plums")
    assert sorted(titles(response)) == ["A", "B", "Both"]


def test_an_empty_choice_is_none(client, three):
    answers = [
        client.get(f"/feeds/releases.rss{asked}") for asked in ("", "?topic=", "?topic=&language=", "?page=")
    ]
    assert {(answer.status_code, answer.headers["Link"], answer.content) for answer in answers} == {
        (200, answers[0].headers["Link"], answers[0].content)
    }


@pytest.mark.parametrize(
    ("asked", "normal"),
    [
        ("?topic=pears-plums&topic=apples", "/feeds/releases.rss?topic=apples&topic=pears-plums"),
        (
            "?topic=apples&topic=apples&topic=pears-plums",
            "/feeds/releases.rss?topic=apples&topic=pears-plums",
        ),
        ("?topic=apples", "/topics/apples/feed.rss"),
        ("?topic=apples&topic=", "/topics/apples/feed.rss"),
    ],
)
def test_a_choice_of_topics_has_one_address(client, three, asked, normal):
    response = client.get(f"/feeds/releases.rss{asked}")
    assert (response.status_code, response.headers["Location"]) == (301, normal)
    assert client.get(normal).status_code == 200


def test_a_choice_with_an_unknown_topic_or_too_many_is_404(client, three):
    assert client.get("/feeds/releases.rss?topic=apples&topic=nothing").status_code == 404
    assert client.get("/feeds/releases.rss?topic=%00&topic=apples").status_code == 404
    many = "&".join(f"topic=t{number}" for number in range(100))
    assert client.get(f"/feeds/releases.rss?{many}").status_code == 404


def test_a_merged_topics_feed_leads_on_in_one_hop(client, three, chief):
    apples, pears = three
    vocabulary.merge(apples, into=pears, by=chief)
    for path in ("/topics/apples/feed.atom", "/feeds/releases.atom?topic=apples"):
        response = client.get(path)
        assert (response.status_code, response.headers["Location"]) == (301, "/topics/pears-plums/feed.atom")


def test_former_addresses_of_topics_lead_on_in_one_hop_however_often_they_moved(client, make_topic, chief):
    one, two, three = make_topic("One"), make_topic("Two"), make_topic("Three")
    vocabulary.rename(one, Naming("One", {}, slug="uno"), by=chief)
    vocabulary.merge(one, into=two, by=chief)
    vocabulary.merge(two, into=three, by=chief)
    vocabulary.rename(three, Naming("Three", {}, slug="tre"), by=chief)
    hops = {
        "/topics/one/feed.rss": "/topics/tre/feed.rss",
        "/feeds/releases.rss?topic=uno&topic=two": "/topics/tre/feed.rss",
        "/feeds/releases.rss?language=bo&topic=one": "/bo/topics/tre/feed.rss",
        "/feeds/releases.rss?language=bo&language=en&topic=one": "/feeds/releases.rss?language=en&language=bo&topic=tre",
        "/feeds/releases.rss?topic=two&page=3": "/topics/tre/feed.rss?page=3",
    }
    for path, normal in hops.items():
        response = client.get(path)
        assert (response.status_code, response.headers["Location"]) == (301, normal)
        assert client.get(normal).status_code == (404 if "page" in normal else 200)


def test_a_volumes_number_is_kept_where_a_topics_address_leads_on(client, make_release, make_topic, chief):
    old = make_topic("Old")
    for number in range(20):
        make_release(f"Number {number}", topics=[old])
    vocabulary.rename(old, Naming("New", {}, slug="new"), by=chief)
    response = client.get("/topics/old/feed.rss?page=1", follow=True)
    assert [status for _, status in response.redirect_chain] == [301]
    assert links_of(response)["self"].endswith("/topics/new/feed.rss?page=1")


def test_a_retired_topic_keeps_its_feeds(client, make_release, make_topic, chief):
    old = make_topic("Old")
    make_release("Kept", topics=[old])
    vocabulary.retire(old, by=chief)
    assert titles(client.get("/topics/old/feed.rss")) == ["Kept"]
    assert "topics/old" not in client.get("/feeds/topics.opml").text


def test_a_feed_is_of_its_prefixs_language(client, make_release, make_topic):
    topic = make_topic("Land", names={"zh-hans": "土地"})
    make_release("English", topics=[topic])
    make_release("中文", language="zh-hans", topics=[topic])
    response = client.get("/zh-hans/topics/land/feed.atom")
    parsed = feedparser.parse(response.content)
    assert [entry.title for entry in parsed.entries] == ["中文"]
    assert parsed.entries[0].tags[0].term == "土地"
    assert parsed.feed.title.startswith("土地")
    assert parsed.feed.links[0].href.startswith("http://testserver/zh-hans/")


LANGUAGES = "language=zh-hans&language=ug"


@pytest.fixture
def tongues(make_release, make_topic):
    """A release in each of four languages, three of them under a topic."""
    land = make_topic("Land", names={"zh-hans": "土地"})
    make_release("English", topics=[land])
    make_release("中文", language="zh-hans", topics=[land])
    make_release("ئۇيغۇرچە", language="ug", topics=[land])
    make_release("བོད་ཡིག", language="bo")
    return land


@pytest.mark.parametrize("kind", KINDS)
def test_a_choice_of_languages_holds_what_is_in_any_of_them(client, tongues, kind):
    for path in ("/feeds/releases", "/zh-hans/feeds/releases"):
        assert sorted(titles(client.get(f"{path}.{kind}?{LANGUAGES}"))) == ["ئۇيغۇرچە", "中文"]
    everything = "&".join(f"language={code}" for code in ("en", "zh-hans", "zh-hant", "bo", "ug"))
    assert len(titles(client.get(f"/feeds/releases.{kind}?{everything}"))) == 4
    assert len(titles(client.get(f"/feeds/releases.{kind}?{everything}&topic=land"))) == 3


@pytest.mark.parametrize(
    ("asked", "normal"),
    [
        ("?language=en", "/feeds/releases.atom"),
        ("?language=bo", "/bo/feeds/releases.atom"),
        ("?language=bo&topic=land", "/bo/topics/land/feed.atom"),
        ("?language=ug&language=zh-hans", f"/feeds/releases.atom?{LANGUAGES}"),
        (
            "?topic=land&language=ug&language=zh-hans&language=ug",
            f"/feeds/releases.atom?{LANGUAGES}&topic=land",
        ),
        ("?language=ug&language=zh-hans&page=2", f"/feeds/releases.atom?{LANGUAGES}&page=2"),
        ("?language=bo&page=2", "/bo/feeds/releases.atom?page=2"),
    ],
)
def test_a_choice_of_languages_has_one_address(client, tongues, asked, normal):
    response = client.get(f"/feeds/releases.atom{asked}")
    assert (response.status_code, response.headers["Location"]) == (301, normal)
    assert client.get(normal).status_code == (404 if "page" in normal else 200)


@pytest.mark.parametrize("asked", ["language=xx", "language=en&language=xx", "language=%00", "language=EN"])
def test_a_choice_with_an_unknown_language_is_404(client, tongues, asked):
    assert client.get(f"/feeds/releases.rss?{asked}").status_code == 404


@pytest.mark.parametrize("kind", KINDS)
def test_a_feed_in_several_languages_is_valid_and_says_the_language_of_each_item(client, tongues, kind):
    response = client.get(f"/feeds/releases.{kind}?language=en&{LANGUAGES}")
    assert complaints(response.content, kind, response.headers["Content-Type"]) == []
    expected = {"English": "en", "中文": "zh-hans", "ئۇيغۇرچە": "ug"}
    if kind == "json":
        feed = response.json()
        assert feed["title"] == "Ledgerlight Observatory · English, 简体中文, ئۇيغۇرچە"
        assert {one["title"]: one["language"] for one in feed["items"]} == expected
        assert {tag for one in feed["items"] for tag in one["tags"]} == {"Land", "土地"}
        return
    root = etree.fromstring(response.content)
    spoken = {}
    for item in root.iter("item", f"{ATOM}entry"):
        title = item.findtext("title") or item.findtext(f"{ATOM}title")
        spoken[title] = item.xpath("ancestor-or-self::*[@xml:lang][1]/@xml:lang")[0]
    assert spoken == expected


def test_a_feed_leads_to_the_page_on_which_the_choice_is_changed(client, tongues, make_topic):
    make_topic("Sea")
    asked = f"{LANGUAGES}&topic=land&topic=sea"
    home = client.get(f"/feeds/releases.json?{asked}").json()["home_page_url"]
    assert home == f"http://testserver/follow/?{asked}"
    page = client.get(home.removeprefix("http://testserver")).text
    assert f"http://testserver/feeds/releases.rss?{asked}".replace("&", "&amp;") in page


@pytest.mark.parametrize("kind", KINDS)
def test_every_address_in_a_feed_is_whole(client, make_release, make_topic, kind):
    release = make_release("T", notes=2, topics=[make_topic("Land")])
    live = release.live
    draft = workflow.save_draft(
        None,
        Words(
            title="Links", body='<p><a href="/topics/">here</a> <a href="https://example.org/">there</a></p>'
        ),
        by=release.created_by,
    )
    workflow.publish(draft, by=release.created_by)
    text = client.get(f"/feeds/releases.{kind}").text.replace("\\", "")
    assert live.body_feed
    assert "release.invalid" not in text
    assert 'href="http://testserver/topics/"' in text.replace("&lt;", "<").replace("&gt;", ">")
    assert 'href="/' not in text.replace('href="/static/css/feed.css"', "")


def test_a_summary_is_plain_words_in_every_form(client, make_release):
    make_release("T", summary="5 < 6 & <b>so</b>")
    assert client.get("/feeds/releases.json").json()["items"][0]["summary"] == "5 < 6 & <b>so</b>"
    for kind in ("rss", "atom"):
        entry = feedparser.parse(client.get(f"/feeds/releases.{kind}").content, sanitize_html=False).entries[
            0
        ]
        assert entry.summary == "5 &lt; 6 &amp; &lt;b&gt;so&lt;/b&gt;"


def test_a_feed_says_who_wrote_it_and_how_it_is_shown(client, make_release):
    make_release("T")
    response = client.get("/feeds/releases.rss")
    parsed = feedparser.parse(response.content)
    assert parsed.entries[0].author == "Ledgerlight Observatory"
    for kind in ("rss", "atom"):
        styled = b'<?xml-stylesheet href="/static/css/feed.css" type="text/css"?>'
        assert client.get(f"/feeds/releases.{kind}").content.count(styled) == 1
    assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_another_releases_change_leaves_a_topics_feed_as_it_was(client, make_release, make_topic):
    make_release("In it", topics=[make_topic("Land")])
    tag = client.get("/topics/land/feed.rss").headers["ETag"]
    make_release("Elsewhere")
    assert client.get("/topics/land/feed.rss", headers={"If-None-Match": tag}).status_code == 304


def test_the_hub_is_named_only_where_it_is_told(client, three, settings):
    assert "hub" not in client.get("/feeds/releases.rss").text
    settings.WEBSUB_HUB = "https://hub.example.org/"
    for cache_buster, path in enumerate(("/feeds/releases.atom", "/topics/apples/feed.atom")):
        response = client.get(f"{path}?fresh={cache_buster}")
        assert links_of(response)["hub"] == "https://hub.example.org/"
        assert '<https://hub.example.org/>; rel="hub"' in response.headers["Link"]
    assert client.get("/feeds/releases.json?fresh=1").json()["hubs"][0]["type"] == "WebSub"
    assert "hub" not in links_of(client.get("/feeds/releases.atom?topic=apples&topic=pears-plums"))


def test_the_list_of_feeds_is_opml_with_every_topic(client, three):
    response = client.get("/feeds/topics.opml")
    root = etree.fromstring(response.content)
    addresses = [outline.get("xmlUrl") for outline in root.iter("outline") if outline.get("xmlUrl")]
    assert addresses == [
        "http://testserver/feeds/releases.rss",
        "http://testserver/topics/apples/feed.rss",
        "http://testserver/topics/pears-plums/feed.rss",
    ]
    assert "x-opml" in response.headers["Content-Type"]


def test_a_topics_or_a_choices_feed_costs_four_queries_or_fewer(
    client, make_release, make_topic, editor, django_assert_max_num_queries
):
    topics = [make_topic("One"), make_topic("Two")]
    for number in range(25):
        release = make_release(f"Number {number}", topics=topics, notes=2)
    workflow.save_draft(release, Words(title="Mended"), by=editor)
    workflow.correct(release, by=editor, note="A correction.")
    # the edition, the topics asked for, the releases with words and corrections, their topics
    asked = ("topic=one&topic=two", "language=en&language=bo", "language=en&language=bo&topic=one")
    for path in (
        "/feeds/releases.rss",
        "/topics/one/feed.rss",
        *(f"/feeds/releases.rss?{one}" for one in asked),
    ):
        with django_assert_max_num_queries(4):
            assert client.get(path).status_code == 200


def test_an_address_that_only_looks_like_ours_is_not_touched(client, make_release):
    make_release("T", body="<p>https://release.invalid.example.org/x</p>")
    assert "https://release.invalid.example.org/x" in json.dumps(client.get("/feeds/releases.json").json())
