"""The topic index and the pages of topics."""

from datetime import timedelta
from pathlib import Path

from django.utils import timezone

import releases.sample
from tests.views.page import read, select


def names_in(answer):
    return [a.text for a in select(read(answer), "nav.topic-index a")]


def given_order():
    return (
        (Path(releases.sample.__file__).parent / "topics.txt").read_text(encoding="utf-8").split("\n")[:117]
    )


def test_the_index_is_whole_and_in_the_given_order_at_the_foot_of_every_page(
    client, make_topic, make_release
):
    names = given_order()
    for name in sorted(names, key=lambda name: name[::-1]):
        make_topic(name)
    assert len(names) == 117
    for path in ("/", "/topics/", "/releases/", "/follow/", "/nowhere/", make_release().get_absolute_url()):
        assert names_in(client.get(path)) == names


def test_the_index_of_another_language_is_in_the_order_of_the_names_shown(client, make_topic):
    make_topic("Youth", names={"zh-hans": "一"})
    make_topic("Censorship", names={"zh-hans": "丁"})
    make_topic("Women")
    answer = client.get("/zh-hans/topics/")
    assert names_in(answer) == ["Women", "一", "丁"]
    (english,) = select(read(answer), "nav.topic-index a[lang]")
    assert (english.text, english.get("lang")) == ("Women", "en")


def test_counts_are_of_what_a_reader_finds(client, make_topic, make_release):
    topic = make_topic("Tibet")
    make_release("One", topics=[topic])
    make_release("二", topics=[topic], language="zh-hans")
    make_release("Embargoed", topics=[topic], publish_at=timezone.now() + timedelta(days=1))
    assert '<span class="count">(1)</span>' in client.get("/topics/").text


def test_a_topic_that_only_an_embargoed_release_uses_looks_unused(client, make_topic, make_release):
    quiet, loud = make_topic("Quiet"), make_topic("Loud")
    before = client.get("/topics/").text
    make_release("Embargoed", topics=[loud], publish_at=timezone.now() + timedelta(days=1))
    assert client.get("/topics/").text == before
    assert 'class="empty"' in client.get(loud.get_absolute_url()).text
    assert 'class="empty"' in client.get(quiet.get_absolute_url()).text


def test_a_topic_page_has_its_description_releases_and_feeds(client, make_topic, make_release):
    topic = make_topic("Land, Property, Housing", description="Homes and fields.")
    make_release("Filed", topics=[topic])
    make_release("Not filed")
    page = client.get("/topics/land-property-housing/")
    assert "Homes and fields." in page.text
    assert ">Filed<" in page.text
    assert "Not filed" not in page.text
    for kind in ("rss", "atom", "json"):
        assert f'href="/topics/land-property-housing/feed.{kind}"' in page.text


def test_a_topic_page_is_turned_like_any_list(client, make_topic, make_release):
    topic = make_topic("Tibet")
    for number in range(21):
        make_release(
            f"R{number:02d}", topics=[topic], publish_at=timezone.now() - timedelta(days=30 - number)
        )
    assert "R00" in client.get("/topics/tibet/?page=2").text
    assert client.get("/topics/tibet/?page=3").status_code == 404


def test_an_unknown_topic_is_404(client, db):
    assert client.get("/topics/nothing/").status_code == 404


def test_a_topic_stands_in_every_language_and_says_so(client, make_topic):
    make_topic("Tibet", names={"bo": "བོད"})
    page = read(client.get("/bo/topics/tibet/"))
    assert select(page, "h1")[0].text == "བོད"
    assert select(page, "h1")[0].get("lang") == "bo"
    assert {link.get("hreflang") for link in select(page, "head link[hreflang]")} == {
        "en",
        "zh-hans",
        "zh-hant",
        "bo",
        "ug",
    }
