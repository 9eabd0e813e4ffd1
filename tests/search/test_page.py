"""The search as readers meet it: the page, its addresses, its feeds, proposals and description."""

import json
import re
from datetime import datetime, timedelta
from xml.etree import ElementTree

import feedparser
import pytest
from django.core.cache import caches
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from releases import workflow
from releases.workflow import topics
from tests.depth import times

pytestmark = pytest.mark.django_db


@pytest.fixture
def results(client):
    """The page of a search as text."""

    def get(**asked):
        answer = client.get("/search/", asked)
        assert answer.status_code == 200, answer.status_code
        return answer.content.decode()

    return get


def test_the_words_found_are_marked_and_nothing_typed_is_markup(make_release, results):
    make_release("Salt", body="<p>The price of salt &lt;b&gt; rose.</p>")
    shown = results(q='salt "salt <b>"')
    assert "<mark>Salt</mark>" in shown
    assert "price of <mark>salt &lt;b</mark>&gt; rose" in shown
    assert "price of <mark>salt</mark> &lt;b&gt; rose" in results(q="salt")
    assert "<b>" not in shown


def test_a_hit_in_a_note_says_so_and_leads_to_the_note(make_release, results):
    release = make_release("Harbour", notes=2)
    note = release.live.notes[1]
    shown = results(q='"source 2"')
    assert f'href="{release.get_absolute_url()}#{release.note_prefix}fn-{note["key"]}">In note 2</a>' in shown
    assert "<mark>Source 2</mark>, report" in shown
    assert f'id="{release.note_prefix}fn-{note["key"]}"' in release.live.body_page


def test_a_search_has_one_address_whatever_order_its_parts_came_in(make_release, make_topic, client):
    land = make_topic("Land")
    make_release("Salt", topics=[land])
    shown = client.get(
        "/search/?utm=x&language=en&topic=land&q=%20salt%20&sort=best&page=1&year="
    ).content.decode()
    assert (
        '<link rel="canonical" href="http://testserver/search/?q=salt&amp;topic=land&amp;language=en">'
        in shown
    )


def test_a_choice_narrows_and_can_be_taken_back(make_release, make_topic, results):
    make_release("Salt", topics=[make_topic("Land")])
    make_release("Salt too")
    shown = results(q="salt")
    assert "2 releases" in shown
    assert 'href="/search/?q=salt&amp;topic=land"' in shown
    narrowed = results(q="salt", topic="land")
    assert "1 release " in narrowed
    assert 'href="/search/?q=salt" rel="nofollow" aria-current="true"' in narrowed


def test_a_topic_by_an_unknown_address_finds_nothing(make_release, results):
    make_release("Salt")
    assert "0 releases" in results(q="salt", topic="nowhere")


def test_topics_of_that_name_are_offered(make_release, make_topic, results):
    make_topic("Land, Property, Housing")
    assert (
        '<a href="/topics/land-property-housing/">' in results(q="property housing").split("search-page")[0]
    )


def test_a_topic_is_offered_by_every_word_that_it_is_found_by(
    make_release, make_topic, results, client, chief
):
    topic = make_topic("Uyghurs", synonyms=["Uighur people"], names={"zh-hans": "维吾尔人"})
    topics.merge(make_topic("East Turkestan"), topic, by=chief)
    retired = make_topic("Olympics", synonyms=["Games"])
    topics.retire(retired, by=chief)
    for typed in ("uighur", "“Uighur people”", "維吾爾人", "east turkestan", "uyghurs"):
        assert '<a href="/topics/uyghurs/">Uyghurs</a>' in results(q=typed).split("<main")[1], typed
        assert json.loads(client.get("/search/suggest", {"q": typed}).content)[1] == ["Uyghurs"], typed
    assert json.loads(client.get("/search/suggest", {"q": "uigh"}).content)[1] == ["Uyghurs"]
    assert "search-topics" not in results(q="games")


def test_a_page_of_results_that_is_not_there_is_404(make_release, client):
    make_release("Salt")
    for number in ("2", "0", "-1", "x", "999999", "²"):
        assert client.get("/search/", {"q": "salt", "page": number}).status_code == 404, number


def test_a_long_question_is_cut_and_says_so(results):
    assert "only the first part was searched for" in results(q="salt " * 20_000)
    assert "only the first part" not in results(q="salt")


def test_a_question_without_words_says_what_to_type(results):
    assert "type some letters or digits" in results(q="!!! *")


def test_the_page_is_kept_for_everybody_and_searched_by_nobody_else(make_release, client):
    make_release("Salt")
    answer = client.get("/search/", {"q": "salt"})
    assert answer.headers["Cache-Control"].startswith("public")
    assert not answer.cookies
    assert client.post("/search/").status_code == 405


def test_search_engines_are_shown_plain_questions_with_an_answer_and_no_others(
    make_release, make_topic, results
):
    make_release("Salt", topics=[make_topic("Trade")])
    noindex = '<meta name="robots" content="noindex, follow">'
    assert noindex not in results()
    assert noindex not in results(q='"salt"')
    for words in (
        {"q": "pepper"}, {"q": 'salt -"buy pepper"'}, {"q": "salt", "topic": "trade"}, {"q": "salt", "sort": "newest"}, {"topic": "trade"},
    ):  # fmt: skip
        assert noindex in results(**words), words


def test_the_page_shows_nothing_that_is_not_visible(make_draft, make_release, make_topic, editor, client):
    topic = make_topic("Secret")
    due = timezone.now() + timedelta(hours=1)
    make_release("xylophone embargoed", publish_at=due, topics=[topic])
    make_draft("xylophone draft")
    workflow.withdraw(make_release("xylophone withdrawn"), by=editor, notice="Gone.")
    nothing = client.get("/search/", {"q": "xylophonf"}).content.decode().replace("xylophonf", "xylophone")
    assert client.get("/search/", {"q": "xylophone"}).content.decode() == nothing
    assert json.loads(client.get("/search/suggest", {"q": "xylo"}).content) == ["xylo", [], [], []]
    assert feedparser.parse(client.get("/search/feed.rss", {"q": "xylophone"}).content).entries == []


def test_a_search_costs_as_many_queries_for_forty_hits_as_for_one(
    make_release, client, django_assert_num_queries
):
    make_release("Salt 0", notes=1)
    # Edition, the topics, for filters and the index alike, their other words, the bitmap index (the order, the topics), the hits; the index is asked
    # what has the words, and, where titles alone do not fill the page, what is about them.
    with django_assert_num_queries(8):
        client.get("/search/", {"q": "salt"})
    for number in range(1, 41):
        make_release(f"Salt {number}", notes=1)
    caches["pages"].clear()
    # One asks what has changed since: forty releases, which is more than is told apart, so all is read anew.
    with django_assert_num_queries(8):
        client.get("/search/", {"q": "salt"})
    # The bitmap index is built now, the topics are known, and so is what was found.
    with django_assert_num_queries(2):
        client.get("/search/", {"q": "salt", "page": "2"})
    with django_assert_num_queries(3):
        client.get("/search/", {"q": "salt", "page": "3"})


@pytest.mark.parametrize("kind", ["rss", "atom"])
def test_each_search_has_a_feed(make_release, client, kind):
    make_release("Salt", body="<p>Words.</p>")
    make_release("Pepper")
    answer = client.get(f"/search/feed.{kind}", {"q": "salt", "sort": "newest"})
    feed = feedparser.parse(answer.content)
    assert not feed.bozo
    assert [entry.title for entry in feed.entries] == ["Salt"]
    assert "salt" in feed.feed.title
    links = {link.rel: link.href for link in feed.feed.links}
    assert links["self"] == f"http://testserver/search/feed.{kind}?q=salt"
    assert links["alternate"] == "http://testserver/search/?q=salt"


def test_a_search_is_followed_as_json_too(make_release, client):
    make_release("Salt", body="<p>Words.</p>")
    make_release("Pepper")
    answer = client.get("/search/feed.json", {"q": "salt", "sort": "newest"})
    feed = json.loads(answer.content)
    assert [item["title"] for item in feed["items"]] == ["Salt"]
    assert feed["feed_url"] == "http://testserver/search/feed.json?q=salt"
    assert feed["home_page_url"] == "http://testserver/search/?q=salt"


def test_the_page_leads_to_both_orders_to_its_feeds_and_to_itself(make_release, client, results):
    now = timezone.now()
    make_release("Salt", publish_at=now - timedelta(days=2))
    make_release("Newer", body="<p>salt</p>", publish_at=now - timedelta(days=1))
    best, newest = results(q="salt"), results(q="salt", sort="newest")
    assert best.index("/releases/salt/") < best.index("/releases/newer/")
    assert newest.index("/releases/newer/") < newest.index("/releases/salt/")
    assert 'href="/search/?q=salt&amp;sort=newest" rel="nofollow"' in best
    assert '<a href="/search/?q=salt&amp;sort=newest" rel="bookmark">' in newest
    for kind in ("rss", "atom", "json"):
        assert f'href="/search/feed.{kind}?q=salt"' in newest
    assert 'rel="search" type="application/opensearchdescription+xml"' in newest


def test_years_and_languages_narrow_with_their_counts(make_release, results):
    make_release("Salt", publish_at=timezone.make_aware(datetime(2020, 6, 1)))
    make_release(
        "盐", body="<p>salt</p>", language="zh-hans", publish_at=timezone.make_aware(datetime(2021, 6, 1))
    )
    shown = " ".join(
        re.sub("<[^>]*>", " ", results(q="salt").split('id="narrow"')[1].split("</nav>")[0]).split()
    )
    assert "2021 1 2020 1" in shown
    assert "English 1 简体中文 1" in shown
    assert "1 release " in results(q="salt", year="2020")
    assert "1 release " in results(q="salt", language="zh-hans")


def test_proposals_come_while_a_word_is_typed(make_release, make_topic, client):
    make_topic("Land Rights")
    release = make_release("The land registry closed")
    answer = client.get("/search/suggest", {"q": "lan"})
    assert answer.headers["Content-Type"].startswith("application/x-suggestions+json")
    assert json.loads(answer.content) == [
        "lan",
        ["Land Rights", "The land registry closed"],
        ["topic", "en"],
        ["http://testserver/topics/land-rights/", f"http://testserver{release.get_absolute_url()}"],
    ]


def test_browsers_are_told_how_to_search(client):
    answer = client.get("/zh-hans/search/opensearch.xml")
    root = ElementTree.fromstring(answer.content)
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    urls = {url.get("type"): url.get("template") for url in root.findall(f"{space}Url")}
    assert urls["text/html"] == "http://testserver/zh-hans/search/?q={searchTerms}"
    assert len(root.find(f"{space}ShortName").text) <= 16


@settings(
    max_examples=times("EXAMPLES", 60, 750),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.dictionaries(
        st.sampled_from(["q", "topic", "year", "language", "sort"]),
        st.text(max_size=60) | st.text("\"'-*()&|!:<>\\^~%_;\x00 aé人ཀ", max_size=40),
    )
)
@example({"q": 'a" OR terms:b NEAR(c) AND NOT *'})
@example({"q": "'\\'); DROP TABLE x; --"})
@example({"q": "\x00\ud800 👩‍👩‍👧 \u202e -"})
@example({"q": '"' * 101})
@example({"q": "-" * 50 + " a*b* :* !a & | <-> ((("})
@example({"q": "é" * 100_000})
@example({"topic": "\x00", "language": "\x00", "year": "٢٠٢٠"})
def test_whatever_is_typed_the_answer_is_a_page(client, asked):
    asked = {
        name: value.encode("utf-8", "surrogateescape" if value.isascii() else "replace")
        for name, value in asked.items()
    }
    for path in ("/search/", "/search/suggest", "/search/feed.json"):
        assert client.get(path, asked).status_code == 200
