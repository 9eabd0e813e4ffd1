"""One newsroom with every kind of public page in every language, and their addresses."""

from dataclasses import replace
from datetime import timedelta

from django.utils import timezone

from releases import workflow
from releases.addresses import address
from releases.models import Release
from releases.workflow.words import words_of
from tests.makers import Makers

TITLES = {
    "en": ("On the eve of an anniversary", "Withdrawn words"),
    "zh-hans": ("芦苇登记册", "撤回的稿件"),
    "zh-hant": ("蘆葦登記冊", "撤回的稿件"),
    "bo": ("འདམ་བུ་ཐོ་གཞུང་།", "ཕྱིར་འཐེན།"),
    "ug": ("قومۇشلۇق تىزىملىكى", "قايتۇرۇۋېلىنغان"),
}
PART = "<h2>A part</h2><blockquote><p>Somebody said so.</p></blockquote><ul><li><p>One.</p></li></ul>"
NAMES = {"zh-hans": "土地、房屋", "zh-hant": "土地、房屋", "bo": "ས་ཞིང་།", "ug": "يەر"}

# What machines ask for, where the newsroom of `every_page` stands.
MACHINES = [
    "/feeds/releases.rss", "/feeds/releases.atom", "/feeds/releases.json", "/topics/rule-of-law/feed.rss", "/feeds/topics.opml",
    "/search/feed.rss?q=eve", "/search/suggest?q=eve", "/search/opensearch.xml", "/sitemap.xml", "/sitemaps/pages.xml",
    "/sitemaps/releases-1.xml", "/robots.txt", "/api/releases.json", "/api/openapi.json", "/releases/words/cite.txt",
    "/oembed.json?url=http%3A//testserver/releases/words/",
]  # fmt: skip


def every_page(makers: Makers) -> dict[str, dict[str, int]]:
    """Makes it, for a site with PUBLIC_HISTORY; for each language every address with the status of its answer."""
    land = makers.topic("Land, Property, Housing", names=NAMES, description="Who may live where.")
    others = [makers.topic(name) for name in ("Rule Of Law", "Non-Governmental Organization (NGO)")]
    picture, found, group = makers.picture(), {}, []
    for code, (title, gone) in TITLES.items():
        before = timezone.now() - timedelta(days=400)
        makers.release(f"{title} 1", language=code, slug="earlier", topics=[land], publish_at=before)
        release = makers.release(
            title, language=code, slug="words", notes=2, summary=title, dateline="Varn", topics=[land, *others],
            picture=picture, picture_alt=title, picture_caption=title,
        )  # fmt: skip
        changed = replace(words_of(release.live), body=f"{PART}{release.live.body}")
        workflow.save_draft(release, changed, by=makers.editor)
        release = workflow.correct(Release.objects.get(pk=release.pk), by=makers.editor, note=f"{title}.")
        withdrawn = makers.release(gone, language=code, slug="gone")
        workflow.withdraw(withdrawn, by=makers.editor, notice=f"{gone}.\n\n{title}.")
        group.append(release)
        found[code] = _of(code, title, release)
    workflow.tie(group[0], *group[1:], by=makers.editor)
    return found


def _of(code: str, title: str, release: Release) -> dict[str, int]:
    def at(name: str, *args: object) -> str:
        return address(name, *args, language=code)

    day = timezone.localdate(release.publish_at)
    shown = [
        at("front"), at("archive"), at("year", day.year), at("month", day.year, day.month), at("topics"),
        at("topic", "land-property-housing"), f"{at('topic', 'land-property-housing')}?year={day.year}", at("topic", "rule-of-law"),
        at("search"), f"{at('search')}?q={title.split()[0]}", f"{at('search')}?q=zzzz+nothing", f"{at('search')}?q=%22-%22",
        at("follow"), f"{at('follow')}?topic=land-property-housing&topic=rule-of-law&language=en&language=ug",
        at("privacy"), at("release", "words"), at("history", "words"),
    ]  # fmt: skip
    absent = [at("release", "nowhere"), f"{at('front')}?page=99"]
    return {**dict.fromkeys(shown, 200), **dict.fromkeys(absent, 404), at("release", "gone"): 410}
