"""The page on which a reader composes a feed."""

import re
from html import unescape

import pytest

from releases.workflow import topics as vocabulary

pytestmark = pytest.mark.django_db


def shown(client, asked="", prefix=""):
    """The addresses of "Your feed", what is ticked, and the page."""
    page = client.get(f"{prefix}/follow/{asked}")
    assert page.status_code == 200
    text = unescape(page.text)
    yours = text.partition('id="chosen-feed"')[2].partition("</section>")[0]
    addresses = re.findall(r'<dd><a href="([^"]+)"', yours)
    ticked = re.findall(r'name="(\w+)" value="([^"]*)" checked', text)
    return [one.removeprefix("http://testserver") for one in addresses], ticked, text


def test_at_first_there_is_everything_and_the_language_of_the_page_is_ticked(client, make_topic):
    make_topic("Land")
    addresses, ticked, text = shown(client, prefix="/bo")
    assert (addresses, ticked) == ([], [("language", "bo")])
    for kind in ("rss", "atom", "json"):
        assert f'href="http://testserver/bo/feeds/releases.{kind}"' in text


@pytest.mark.parametrize(
    ("asked", "stem"),
    [
        ("?language=en&topic=land", "/topics/land/feed.{}"),
        ("?language=bo&topic=land", "/bo/topics/land/feed.{}"),
        ("?language=bo", "/bo/feeds/releases.{}"),
        ("?topic=sea&topic=land", "/feeds/releases.{}?topic=land&topic=sea"),
        ("?language=ug&language=en", "/feeds/releases.{}?language=en&language=ug"),
        ("?language=ug&language=bo&topic=land", "/feeds/releases.{}?language=bo&language=ug&topic=land"),
        ("?topic=land&language=", "/topics/land/feed.{}"),
        ("?topic=land&language=xx", "/topics/land/feed.{}"),
        ("?topic=land&topic=nothing&topic=%00", "/topics/land/feed.{}"),
    ],
)
def test_every_choice_has_feeds_in_three_forms_that_answer_at_once(client, make_topic, asked, stem):
    make_topic("Land")
    make_topic("Sea")
    addresses, _ticked, text = shown(client, asked)
    assert addresses == [stem.format(kind) for kind in ("rss", "atom", "json")]
    for address, media in zip(addresses, ("rss+xml", "atom+xml", "feed+json"), strict=True):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Content-Type"]) == (
            200,
            f"application/{media}; charset=utf-8",
        )
        # Browsers and readers find the feed by the page's own address.
        assert re.search(
            rf'<link rel="alternate" type="application/{re.escape(media)}"[^>]*{re.escape(address)}"', text
        )


@pytest.mark.parametrize("asked", ["", "?language=en", "?topic=", "?topic=nothing", "?language=xx"])
def test_what_chooses_nothing_shows_no_feed_of_ones_own(client, make_topic, asked):
    make_topic("Land")
    assert shown(client, asked)[:2] == ([], [("language", "en")])


def test_ticking_the_whole_vocabulary_gives_an_address_that_answers(client, make_topic):
    asked = "&".join(f"topic={make_topic(f'Topic {number:03}').slug}" for number in range(120))
    addresses, ticked, _text = shown(client, f"?{asked}")
    assert len(ticked) == 121
    assert client.get(addresses[0]).status_code == 200


def test_an_old_choice_leads_to_the_topics_as_they_are_now(client, make_topic, chief):
    land, sea, old = make_topic("Land"), make_topic("Sea"), make_topic("Old")
    vocabulary.merge(land, into=sea, by=chief)
    vocabulary.retire(old, by=chief)
    addresses, ticked, _text = shown(client, "?topic=land&topic=old")
    assert addresses[0] == "/feeds/releases.rss?topic=old&topic=sea"
    assert ("topic", "sea") in ticked
    # What is ticked stays so when the form is sent again.
    assert ("topic", "old") in ticked
    assert "Old" not in shown(client)[2]


def test_a_newsroom_with_one_language_asks_for_none(client, make_topic, settings):
    settings.LANGUAGES = [("en", "English")]
    make_topic("Land")
    addresses, _ticked, text = shown(client, "?topic=land")
    assert addresses[0] == "/topics/land/feed.rss"
    assert 'name="language"' not in text
