"""What pages say of themselves to search engines and to other sites: canonical address, languages, Open Graph, Twitter cards."""

from collections import ChainMap
from functools import cache

import pytest

from releases import workflow
from releases.workflow import Words
from tests.every_page import every_page
from tests.views.page import read

pytestmark = pytest.mark.django_db
SITE = "http://testserver"


def meta(page):
    """Each `<meta>` with what it says."""
    return {
        (one.get("property") or one.get("name")): one.get("content")
        for one in page.xpath("//meta[@property or @name]")
    }


def test_every_page_has_one_canonical_address_and_languages_that_name_each_other(
    client, makers, make_picture, settings
):
    settings.PUBLIC_HISTORY = True
    made = dict(ChainMap(*every_page(makers).values()))

    @cache
    def seen(path):
        """Its canonical address, and its address in each language that it names."""
        page = read(client.get(path))
        others = {one.get("hreflang"): one.get("href") for one in page.xpath("//link[@hreflang]")}
        return page.xpath("//link[@rel='canonical']/@href"), others, meta(page).get("robots")

    named = 0
    for path, status in made.items():
        canonical, others, robots = seen(path)
        if status != 200:
            assert (others, robots) == ({}, "noindex"), path
            continue
        (whole,) = canonical
        assert seen(whole.removeprefix(SITE))[0] == [whole], path
        if whole != SITE + path:
            continue
        for other in others.values():
            assert seen(other.removeprefix(SITE))[:2] == ([other], others), (path, other)
            named += 1
    assert named > 100
    assert sorted(seen("/releases/words/")[1]) == ["bo", "en", "ug", "zh-hans", "zh-hant"]


def test_a_release_has_open_graph_and_a_twitter_card(client, make_release, make_topic, make_picture, editor):
    land = make_topic("Land")
    plain = make_release("Plain", summary="In short.", topics=[land])
    workflow.save_draft(plain, Words(title="Plain", body="<p>More.</p>", topics=[land]), by=editor)
    workflow.correct(plain, by=editor, note="Was wrong.")
    shown = make_release("Shown", summary="In short.", picture=make_picture(), picture_alt="A disc")
    for release, kind, alt in ((plain, "image/png", "Plain"), (shown, "image/jpeg", "A disc")):
        page = read(client.get(release.get_absolute_url()))
        said = meta(page)
        assert said["og:type"] == "article"
        assert said["og:url"] == page.xpath("//link[@rel='canonical']/@href")[0]
        assert said["og:site_name"] == "Ledgerlight Observatory"
        assert said["twitter:card"] == "summary_large_image"
        assert (said["og:image:type"], said["og:image:alt"]) == (kind, alt)
        answer = client.get(said["og:image"].removeprefix(SITE))
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, kind)
        assert (said["og:image:width"], said["og:image:height"]) == ("1200", "630")
    said = meta(read(client.get(plain.get_absolute_url())))
    assert said["article:tag"] == "Land"
    assert said["article:modified_time"] > said["article:published_time"]
    said = meta(read(client.get(shown.get_absolute_url())))
    assert (said["og:title"], said["og:description"]) == ("Shown", "In short.")
    assert "article:modified_time" not in said
