"""Sitemaps and robots.txt."""

from datetime import timedelta
from itertools import chain
from urllib.robotparser import RobotFileParser

import pytest
from django.core.cache import caches
from django.utils import timezone
from lxml import etree

from releases import sitemaps, workflow
from releases.sources.politeness import Rules
from releases.workflow import Words

pytestmark = pytest.mark.django_db
S = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
N = "{http://www.google.com/schemas/sitemap-news/0.9}"
X = "{http://www.w3.org/1999/xhtml}"


def xml(client, path):
    response = client.get(path)
    assert response.status_code == 200, path
    return etree.fromstring(response.content)


def locs(client, path):
    return [loc.text.removeprefix("http://testserver") for loc in xml(client, path).iter(f"{S}loc")]


def test_the_sitemap_leads_to_every_page_once(client, make_release, make_topic):
    land = make_topic("Land")
    make_topic("Unused")
    one = make_release("One", topics=[land])
    make_release("二", language="zh-hans")
    files = locs(client, "/sitemap.xml")
    assert files == ["/sitemaps/pages.xml", "/sitemaps/releases-1.xml"]
    found = [path for file in files for path in locs(client, file)]
    assert len(found) == len(set(found))
    assert {"/", "/zh-hans/", "/releases/", "/topics/", "/topics/land/", one.get_absolute_url()} <= set(found)
    assert (
        len([path for path in found if path.startswith("/zh-hans/releases/")]) == 2
    )  # the archive and the release
    assert not [path for path in found if "unused" in path or path.startswith("/bo/")]
    for path in found:
        assert client.get(path).status_code == 200, path


def test_a_sitemap_is_split_and_a_file_keeps_its_releases(client, make_release, monkeypatch):
    monkeypatch.setattr(sitemaps, "PER_FILE", 2)
    start = timezone.now() - timedelta(days=9)
    for number in range(3):
        make_release(f"Number {number}", publish_at=start + timedelta(days=number))
    assert locs(client, "/sitemap.xml")[1:] == ["/sitemaps/releases-1.xml", "/sitemaps/releases-2.xml"]
    assert locs(client, "/sitemaps/releases-1.xml") == ["/releases/number-0/", "/releases/number-1/"]
    assert locs(client, "/sitemaps/releases-2.xml") == ["/releases/number-2/"]
    assert client.get("/sitemaps/releases-3.xml").status_code == 404
    for number in ("0", "-1", "9" * 30):
        assert client.get(f"/sitemaps/releases-{number}.xml").status_code == 404


def test_lastmod_moves_for_a_correction_and_not_for_a_mend(client, make_release, editor):
    release = make_release("T", publish_at=timezone.now() - timedelta(days=9))

    def moments():
        found = [
            xml(client, path).findall(f".//{S}lastmod")
            for path in ("/sitemap.xml", "/sitemaps/releases-1.xml")
        ]
        return [[one.text for one in some] for some in found]

    first = moments()
    workflow.save_draft(release, Words(title="Mend"), by=editor)
    workflow.publish(release, by=editor)
    assert moments() == first
    workflow.save_draft(release, Words(title="Correction"), by=editor)
    workflow.correct(release, by=editor, note="Wrong.")
    assert all(one > other for one, other in zip(chain(*moments()), chain(*first), strict=True))


def lastmods(client, path):
    """Each address of a sitemap with the moment of its last change."""
    found = {}
    for one in xml(client, path):
        found[one.find(f"{S}loc").text.removeprefix("http://testserver")] = one.find(f"{S}lastmod").text
    return found


def test_a_file_of_the_sitemap_holds_ten_thousand():
    """The protocol allows 50,000; a file of ten thousand with their translations stays far below its 50 MB."""
    assert sitemaps.PER_FILE == 10_000


def test_a_withdrawal_changes_what_it_left_and_no_moment_goes_back(
    client, make_release, make_topic, editor, monkeypatch
):
    monkeypatch.setattr(sitemaps, "PER_FILE", 2)
    start = timezone.now() - timedelta(days=9)
    land, water = make_topic("Land"), make_topic("Water")
    made = [
        make_release(f"Number {number}", publish_at=start + timedelta(days=number), topics=[[land], [water]][number // 4])
        for number in range(5)
    ]  # fmt: skip
    make_release("六", language="ug", publish_at=start)
    files, lists = lastmods(client, "/sitemap.xml"), lastmods(client, "/sitemaps/pages.xml")
    workflow.withdraw(made[2], by=editor, notice="Wrong.")
    now = {path: at > files[path] for path, at in lastmods(client, "/sitemap.xml").items()}
    assert now == {
        "/sitemaps/pages.xml": True,
        "/sitemaps/releases-1.xml": False,  # everything in it is older
        "/sitemaps/releases-2.xml": True,
        "/sitemaps/releases-3.xml": True,  # one of its releases moved up
    }
    now = {path for path, at in lastmods(client, "/sitemaps/pages.xml").items() if at > lists[path]}
    assert now == {"/", "/releases/", "/topics/", "/follow/", "/privacy/", "/topics/land/"}
    workflow.withdraw(made[4], by=editor, notice="Wrong.")
    assert "/topics/water/" not in lastmods(client, "/sitemaps/pages.xml")


def test_what_is_under_embargo_is_in_no_sitemap(client, make_release):
    make_release("Out", slug="out")
    make_release("Secret", slug="secret", publish_at=timezone.now() + timedelta(days=1))
    for path in ("/sitemap.xml", "/sitemaps/pages.xml", "/sitemaps/releases-1.xml", "/sitemaps/news.xml"):
        assert "/secret/" not in client.get(path).text, path
    assert "/releases/out/" in client.get("/sitemaps/releases-1.xml").text


def test_a_withdrawal_before_its_time_changes_nothing(client, make_release, editor):
    make_release("One")
    before = [lastmods(client, path) for path in ("/sitemap.xml", "/sitemaps/pages.xml")]
    release = make_release("Secret", publish_at=timezone.now() + timedelta(days=1))
    release.withdrawn_at, release.withdrawal_notice = timezone.now(), "Not to be said."
    release.save()
    caches["pages"].clear()
    assert [lastmods(client, path) for path in ("/sitemap.xml", "/sitemaps/pages.xml")] == before


def test_a_sitemap_names_translations(client, make_release, editor):
    release, other = make_release("One"), make_release("One too", language="ug")
    make_release("Alone")
    workflow.tie(release, other, by=editor)
    root = xml(client, "/sitemaps/releases-1.xml")
    found = {url.find(f"{S}loc").text: [x.get("hreflang") for x in url.iter(f"{X}link")] for url in root}
    assert sorted(map(len, found.values())) == [0, 2, 2]
    assert found["http://testserver/releases/one/"] == ["en", "ug"]


def test_news_are_those_of_48_hours(client, make_release):
    now = timezone.now()
    make_release("New & <fresh>", publish_at=now - timedelta(hours=47))
    make_release("Old", publish_at=now - timedelta(hours=49))
    make_release("Secret", publish_at=now + timedelta(seconds=30))
    response = client.get("/sitemaps/news.xml")
    root = etree.fromstring(response.content)
    assert [one.text for one in root.iter(f"{N}title")] == ["New & <fresh>"]
    assert [one.text for one in root.iter(f"{N}language")] == ["en"]
    assert response.headers["Cache-Control"] == "public, max-age=0, must-revalidate"


def test_robots_may_read_what_readers_may_and_are_shown_the_sitemaps(client, db):
    robots = RobotFileParser()
    robots.parse(client.get("/robots.txt").text.splitlines())
    assert robots.site_maps() == ["http://testserver/sitemap.xml", "http://testserver/sitemaps/news.xml"]
    rules = Rules(client.get("/robots.txt").text, agent="any")
    for path in (
        "/",
        "/releases/x/",
        "/search/",
        "/search/?q=a",
        "/zh-hans/search/?q=a",
        "/topics/x/?year=2026",
    ):
        assert rules.allows(path), path
    for path in (
        "/admin/", "/preview/x/", "/search/?q=a&topic=x", "/search/?year=2026", "/zh-hans/search/?q=a&page=2", "/search/feed.rss?q=a",
        "/search/suggest?q=a",
    ):  # fmt: skip
        assert not rules.allows(path), path
