"""Every feed, in every form and state, obeys the rules of the W3C's feed validator and of JSON Feed 1.1."""

from datetime import UTC, datetime, timedelta

import feedparser
import pytest
from django.utils import timezone
from lxml import etree

from releases import workflow
from releases.workflow import Words
from tests.feeds.rules import complaints
from tests.makers import body_with

pytestmark = pytest.mark.django_db
KINDS = ("rss", "atom", "json")
EVERYTHING = (
    '<h2>A part</h2><h3>A smaller one</h3><p lang="ug" dir="rtl">سۆز <strong>s</strong> <em>e</em> x<sup>2</sup> '
    'y<sub>1</sub><br>z <a href="/topics/">here</a> <a href="mailto:a@example.org">mail</a></p><hr>'
    '<blockquote><p>Said.</p></blockquote><ol start="3"><li><p>c</p></li></ol><ul><li><p>d</p></li></ul>'
    '<table><tbody><tr><th><p>h</p></th><td colspan="2"><p>v</p></td></tr></tbody></table>'
)
HOSTILE = (
    "A ]]> <b>&amp;</b> \x85\u009f\u007f ‘quoted’",
    "<script>alert(1)</script><iframe src=//evil.example>",
    "\u202eright to left\u202c 人权 བོད་ ئۇيغۇر 🕯️",
    "x" * 300,
)


def test_a_withdrawn_item_leaves_no_picture(client, make_release, editor, settings):
    settings.WITHDRAWN_IN_FEEDS = True
    workflow.withdraw(make_release("Gone"), by=editor, notice="Wrong.")
    assert "pictures/cards" not in client.get("/feeds/releases.rss").text
    assert "image" not in client.get("/feeds/releases.json").json()["items"][0]


@pytest.fixture(scope="module")
def newsroom(module_makers):
    """Enough for a volume; all that a body may hold, hostile titles, a correction, two languages, odd topics."""
    make_release, make_topic, editor = module_makers.release, module_makers.topic, module_makers.editor
    topics = [make_topic("Land, Property & <Housing>"), make_topic("Людям", names={"zh-hans": "土地"})]
    start = datetime(2027, 3, 14, 6, 59, 59, 999_999, tzinfo=UTC) - timedelta(days=400)
    for number in range(22):
        make_release(
            f"Number {number}", publish_at=start + timedelta(hours=number), notes=number % 3, topics=topics
        )
    for title in HOSTILE:
        make_release(title, summary=title, dateline="Varn", topics=topics)
    made = make_release("All of it", body=EVERYTHING + body_with(3), topics=topics)
    workflow.save_draft(made, Words(title="All of it", body=made.live.body, topics=topics), by=editor)
    workflow.correct(made, by=editor, note="It was 7 & not <8>.")
    make_release("没有", language="zh-hans", slug="没有-ئۇ", body="<p>没有。</p>", topics=topics)
    return topics


def feeds(kind, topics):
    slugs = sorted(topic.slug for topic in topics)
    chosen = "&".join(f"topic={slug}" for slug in slugs)
    return [
        f"/feeds/releases.{kind}", f"/feeds/releases.{kind}?page=1", f"/zh-hans/feeds/releases.{kind}",
        f"/bo/feeds/releases.{kind}", f"/feeds/releases.{kind}?{chosen}", f"/search/feed.{kind}?q=number",
        *(f"/topics/{slug}/feed.{kind}" for slug in slugs),
    ]  # fmt: skip


@pytest.mark.parametrize("hub", ["", "https://hub.example.org/"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_validator_would_find_no_error_and_no_warning(client, newsroom, settings, kind, hub):
    settings.WEBSUB_HUB = hub
    for path in feeds(kind, newsroom):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert complaints(answer.content, kind, answer.headers["Content-Type"]) == [], path


@pytest.mark.parametrize("kind", KINDS)
def test_a_feed_of_notices_is_valid_too(client, make_release, editor, settings, kind):
    settings.WITHDRAWN_IN_FEEDS = True
    workflow.withdraw(make_release("Gone"), by=editor, notice="It was <wrong> & is gone.")
    answer = client.get(f"/feeds/releases.{kind}")
    assert complaints(answer.content, kind, answer.headers["Content-Type"]) == []


def test_the_rules_object_to_what_is_wrong():
    """Otherwise the tests above would say nothing."""
    wrong = b"""<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>T</title><link>/</link>
        <description/><language>en</language><lastBuildDate>Mon, 15 Mar 2027 07:00:00 GMT</lastBuildDate>
        <image><url>/i.svg</url><title>X</title><link>/</link></image>
        <item><title>T</title><guid>1</guid><content:encoded xmlns:content="http://purl.org/rss/1.0/modules/content/"
        >&lt;script&gt;x&lt;/script&gt;&lt;a href="/x" onclick="y"&gt;z&lt;/a&gt;</content:encoded>
        <description>d</description><pubDate>Tue, 15 Mar 2027 07:00:00 GMT</pubDate></item></channel></rss>"""
    found = " ".join(complaints(wrong, "rss", "text/xml"))
    for objection in (
        "content type", "not a whole address: /", "links {}", "image is of a kind", "title and link are not the channel's",
        "content:encoded comes before", "no uuid", "not that day of the week: Tue", "element script", "attribute onclick",
        "not whole: /x", "who wrote it", "0 times link",
    ):  # fmt: skip
        assert objection in found


@pytest.mark.parametrize("kind", ["rss", "atom"])
def test_a_parser_of_feeds_sees_every_field_and_takes_nothing_out(client, newsroom, settings, kind):
    settings.WEBSUB_HUB = "https://hub.example.org/"
    text = client.get(f"/feeds/releases.{kind}").content
    kept, cleaned = feedparser.parse(text, sanitize_html=False), feedparser.parse(text)
    assert not kept.bozo
    assert kept.feed.title == "Ledgerlight Observatory"
    assert {link.rel for link in kept.feed.links} >= {"alternate", "self", "hub", "prev-archive"}
    for one, clean in zip(kept.entries, cleaned.entries, strict=True):
        assert one.title
        assert one.link.startswith("http://testserver/releases/")
        assert one.id.startswith("urn:uuid:")
        assert one.author == "Ledgerlight Observatory"
        assert len(one.tags) == 2
        assert one.media_content[0]["url"].startswith("http://testserver/pictures/cards/")
        assert one.published_parsed <= one.updated_parsed
        body = one.content[-1].value
        assert body
        # Nothing in a body is of a kind that readers of feeds take out.
        assert clean.content[-1].value.count("<") == body.count("<")


def test_the_picture_of_an_item_is_there(client, make_release):
    make_release("T")
    item = client.get("/feeds/releases.json").json()["items"][0]
    picture = client.get(item["image"].removeprefix("http://testserver"))
    assert picture.headers["Content-Type"] == "image/png"
    assert item["image"] in client.get("/feeds/releases.rss").text
    assert item["image"] in client.get("/feeds/releases.atom").text


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd"])
def test_a_feed_is_compressed_and_a_reader_that_has_it_gets_304_however_it_is_packed(
    client, newsroom, encoding, monkeypatch
):
    now = timezone.now() + timedelta(
        seconds=2
    )  # one moment for all: what is left of a minute is told by the clock
    monkeypatch.setattr(timezone, "now", lambda: now)
    plain = client.get("/feeds/releases.rss", headers={"Accept-Encoding": "identity"})
    packed = client.get("/feeds/releases.rss", headers={"Accept-Encoding": encoding})
    assert packed.headers["Content-Encoding"] == encoding
    assert len(packed.content) < len(plain.content) / 2
    tag = packed.headers["ETag"]
    assert tag == plain.headers["ETag"]
    again = client.get("/feeds/releases.rss", headers={"Accept-Encoding": encoding, "If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert (again.headers["Vary"], again.headers["Cache-Control"]) == (
        packed.headers["Vary"],
        packed.headers["Cache-Control"],
    )


@pytest.mark.parametrize("kind", ["rss", "atom"])
def test_a_browser_gets_the_same_feed_under_a_type_that_it_shows_with_its_style_sheet(
    client, make_release, kind
):
    make_release("T")
    reader = client.get(f"/feeds/releases.{kind}", headers={"Accept": "application/rss+xml, */*"})
    browser = client.get(
        f"/feeds/releases.{kind}",
        headers={"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"},
    )
    again = client.get(f"/feeds/releases.{kind}", headers={"If-None-Match": reader.headers["ETag"]})
    assert reader.headers["Content-Type"] == f"application/{kind}+xml; charset=utf-8"
    assert browser.headers["Content-Type"] == "application/xml; charset=utf-8"
    assert browser.content == reader.content
    assert again.status_code == 304
    for answer in (reader, browser, again):
        assert "Accept" in answer.headers["Vary"].split(", ")


def test_the_opml_is_well_formed_and_every_feed_in_it_answers(client, newsroom):
    root = etree.fromstring(client.get("/feeds/topics.opml").content)
    assert (root.get("version"), root.findtext("head/title")) == ("2.0", "Ledgerlight Observatory")
    outlines = [outline for outline in root.iter("outline") if outline.get("type") == "rss"]
    assert len(outlines) == 3
    for outline in outlines:
        assert outline.get("text")
        assert client.get(outline.get("xmlUrl").removeprefix("http://testserver")).status_code == 200
        assert client.get(outline.get("htmlUrl").removeprefix("http://testserver")).status_code == 200


def test_nothing_in_a_feed_depends_on_the_clock(client, newsroom, monkeypatch):
    """Else a reader that has it would never get a 304."""
    before = {kind: client.get(f"/feeds/releases.{kind}").content for kind in KINDS}
    later = timezone.now() + timedelta(days=3)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert {kind: client.get(f"/feeds/releases.{kind}?later=1").content for kind in KINDS} == before
