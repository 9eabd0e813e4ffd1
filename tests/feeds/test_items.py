"""What stands in an item, in every form: identity, dates, notes, pictures, words in any language and odd ones."""

from datetime import timedelta

import feedparser
import pytest
from django.core.cache import caches
from django.utils import timezone
from lxml import etree, html

from releases import workflow
from releases.models import Release
from releases.workflow import Words
from tests.feeds.rules import complaints
from tests.makers import body_with
from tests.pictures.conftest import photo

pytestmark = pytest.mark.django_db
KINDS = ("rss", "atom", "json")
XML = ("rss", "atom")


def items(client, kind, path="/feeds/releases"):
    """Every item as JSON Feed would name its parts, whatever the form; XML without any cleaning."""
    answer = client.get(path if "?" in path else f"{path}.{kind}")
    assert answer.status_code == 200, path
    assert complaints(answer.content, kind, answer.headers["Content-Type"]) == []
    if kind == "json":
        return answer.json()["items"]
    return [
        {
            "id": one.id, "url": one.link, "title": one.title, "summary": one.summary,
            "content_html": one.content[-1].value, "date_published": one.published, "date_modified": one.updated,
        }
        for one in feedparser.parse(answer.content, sanitize_html=False, resolve_relative_uris=False).entries
    ]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_happens_to_a_release_it_is_the_same_item(client, make_release, editor, settings, kind):
    settings.WITHDRAWN_IN_FEEDS = True
    release = make_release("Before", body=body_with(1))
    (first,) = items(client, kind)
    assert first["id"] == f"urn:uuid:{release.uuid}"

    def mend():
        workflow.save_draft(release, Words("A mend", body=body_with(2)), by=editor)
        workflow.publish(release, by=editor)

    def correct():
        workflow.save_draft(release, Words("A correction", body=body_with(3)), by=editor)
        workflow.correct(release, by=editor, note="There were three.")

    def move_house():
        settings.SITE_URL = "https://elsewhere.example"
        settings.ALLOWED_HOSTS = ["testserver", "elsewhere.example"]

    steps = (
        mend,
        correct,
        lambda: workflow.readdress(release, slug="another", by=editor),
        move_house,
        lambda: workflow.withdraw(release, by=editor, notice="Wrong."),
        lambda: workflow.publish(release, by=editor),
    )
    for number, step in enumerate(steps):
        step()
        client.get("/")
        (one,) = items(client, kind, f"/feeds/releases.{kind}?step={number}")
        assert (one["id"], one["date_published"]) == (first["id"], first["date_published"])
    assert one["url"] == "https://elsewhere.example/releases/another/"


@pytest.mark.parametrize("kind", KINDS)
def test_updated_moves_for_a_correction_alone(client, make_release, editor, kind):
    release = make_release("Before")

    def updated():
        return items(client, kind)[0]["date_modified"]

    first = updated()
    workflow.save_draft(release, Words("A mend", body="<p>x</p>"), by=editor)
    workflow.publish(release, by=editor)
    workflow.readdress(release, slug="another", by=editor)
    assert updated() == first
    workflow.save_draft(release, Words("A correction", body="<p>y</p>"), by=editor)
    workflow.correct(release, by=editor, note="It was x.")
    assert updated() > first


@pytest.mark.parametrize("kind", KINDS)
def test_notes_lead_to_places_that_are_on_the_page(client, make_release, kind):
    key = "abc123"
    cited = f'<sup class="footnote-ref"><a href="#fn-{key}" id="fnref-{key}">1</a></sup>'
    body = f'<p>One{cited} and again{cited}.</p><ol class="footnotes"><li id="fn-{key}"><p>The note.</p></li></ol>'
    release = make_release("Noted", body=body)
    page = f"http://testserver{release.get_absolute_url()}"
    on_page = {
        one.get("id") for one in html.fromstring(client.get(release.get_absolute_url()).content).iter()
    }
    (item,) = items(client, kind)
    tree = html.fragment_fromstring(item["content_html"], create_parent="div")
    citations = tree.findall('.//sup/a[@class="footnote"]')
    back = tree.findall('.//div[@class="footnotes"]/ol/li//a[@class="reversefootnote"]')
    assert [one.text for one in citations] == ["[1]", "[1]"]
    assert len(back) == 2
    for link in (*citations, *back):
        address, fragment = link.get("href").split("#")
        assert address == page
        assert fragment in on_page
    # In a reader that shows the item alone, the same ids stand in the item itself.
    ids = {one.get("id") for one in tree.iter() if one.get("id")}
    assert {link.get("href").split("#")[1] for link in (*citations, *back)} == ids


@pytest.mark.parametrize("kind", KINDS)
def test_the_lead_picture_stands_for_its_release(client, make_release, editor, settings, tmp_path, kind):
    settings.MEDIA_ROOT = tmp_path
    picture = workflow.add_picture(photo(), name="photo.jpg", by=editor)
    make_release("Pictured", picture=picture, picture_alt="A weir & <a mill>")
    answer = client.get(f"/feeds/releases.{kind}")
    assert complaints(answer.content, kind, answer.headers["Content-Type"]) == []
    if kind == "json":
        address = answer.json()["items"][0]["image"]
    else:
        (media,) = etree.fromstring(answer.content).iter("{http://search.yahoo.com/mrss/}content")
        address = media.get("url")
        assert (media.get("type"), media.get("medium")) == ("image/jpeg", "image")
        assert media[0].text == "A weir & <a mill>"
    shown = client.get(address.removeprefix("http://testserver"))
    assert address.startswith("http://testserver/pictures/")
    assert (shown.status_code, shown.headers["Content-Type"]) == (200, "image/jpeg")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "words", [{"body": ""}, {"body": "", "summary": "In short."}, {"body": "<p>Only a body.</p>"}]
)
def test_an_item_is_never_empty(client, make_release, kind, words):
    make_release("Only a title", **words)
    (item,) = items(client, kind)
    assert item["summary"]
    assert item["content_html"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_xml_cannot_write_is_left_out_of_every_part(client, make_release, make_topic, kind):
    odd = "A\x01B\x08\x1b\x7f\x85\ufffeC"
    topic = make_topic(f"Topic {odd}", slug="odd")
    make_release(odd, topics=[topic], summary=odd, body=f"<p>{odd}</p>")
    feed = client.get(f"/topics/odd/feed.{kind}")
    assert complaints(feed.content, kind, feed.headers["Content-Type"]) == []
    assert "Topic AB C" in feed.text
    etree.fromstring(client.get("/feeds/topics.opml").content)


@pytest.mark.parametrize("kind", KINDS)
def test_a_text_that_runs_from_right_to_left_says_so_wherever_it_is_read(client, make_release, kind):
    make_release("سەرلەۋھە", language="ug", body="<p>تېكىست.</p>")
    make_release("English")
    (item,) = items(client, kind, "/ug/feeds/releases")
    assert item["content_html"] == '<div lang="ug" dir="rtl"><p>تېكىست.</p></div>'
    (english,) = items(client, kind)
    assert english["content_html"].startswith("<p>")


@pytest.mark.parametrize("kind", KINDS)
def test_corrections_and_notices_speak_the_language_of_their_release(
    client, make_release, editor, settings, kind
):
    settings.WITHDRAWN_IN_FEEDS = True
    release = make_release("更正", language="zh-hans", slug="a", body="<p>旧。</p>")
    workflow.save_draft(release, Words("更正", body="<p>新。</p>"), by=editor)
    workflow.correct(release, by=editor, note="原文有误。")
    workflow.withdraw(make_release("撤回", language="zh-hans", slug="b"), by=editor, notice="错误。")
    for path in (f"/zh-hans/feeds/releases.{kind}?", f"/feeds/releases.{kind}?language=en&language=zh-hans"):
        notice, corrected = items(client, kind, path)
        assert "更正：</strong> 原文有误。" in corrected["content_html"]
        assert notice["title"] == "已撤回"


@pytest.mark.parametrize("kind", KINDS)
def test_a_withdrawn_release_stands_in_no_volume_either(client, make_release, editor, settings, kind):
    start = timezone.now() - timedelta(days=50)
    made = [make_release(f"Number {n}", publish_at=start + timedelta(hours=n)) for n in range(42)]
    workflow.withdraw(made[5], by=editor, notice="It named a witness.")
    assert "Number 5" not in [one["title"] for one in items(client, kind, f"/feeds/releases.{kind}?page=1")]
    settings.WITHDRAWN_IN_FEEDS = True
    caches["pages"].clear()  # a setting is no edition
    titles = [one["title"] for one in items(client, kind, f"/feeds/releases.{kind}?page=1")]
    assert titles.count("Withdrawn") == 1
    assert len(titles) == 20
    assert Release.objects.count() == 42
