"""A small newsroom in which anything may happen by chance, its clock, and everything that readers may ask it for."""

import random
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote

from django.test import Client

from releases import editions, workflow
from releases.addresses import address, machine_address
from releases.models import Address, Event, Release, Source, Topic
from releases.workflow import Refused, Words
from releases.workflow import topics as vocabulary
from releases.workflow.topics import Naming

LANGUAGES = ("en", "zh-hans", "bo")
SOURCES = [f"https://source.example/{number}" for number in range(3)]
# Without a page cache, sessions and all else that stands around a view.
MIDDLEWARE = [
    "tests.delivery.newsroom.EditionMiddleware",
    "newsroom.delivery.middleware.LanguageMiddleware",
]


class EditionMiddleware:
    """Names the edition, as the page cache does."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.edition = editions.current()
        return self.get_response(request)


class Clock:
    """The newsroom's time, for `django.utils.timezone.now`. It begins a few hours before a month ends."""

    def __init__(self):
        self.at = datetime(2026, 3, 31, 15, 0, tzinfo=UTC)

    def __call__(self):
        return self.at

    def forward(self, **delta):
        self.at += timedelta(**delta)


def ask(path):
    """What a reader gets, and on which parts it depends; None where the answer is not public."""
    answer = Client().get(path)
    if not getattr(answer, "public", False):
        return None
    return (
        answer.status_code,
        answer.headers.get("Location"),
        answer.headers.get("Link"),
        answer.content,
    ), answer.parts


def every_path():
    """Everything that readers can ask for now, former addresses and second pages among it."""
    paths = [
        "/robots.txt", "/sitemap.xml", "/sitemaps/pages.xml", "/sitemaps/releases-1.xml", "/api/openapi.json",
        "/api/releases.json", "/api/releases.json?limit=3", "/releases/2026/3/",
    ]  # fmt: skip
    topics = list(Topic.objects.order_by("pk"))
    slugs = [topic.slug for topic in topics[:2]]
    for code in LANGUAGES:
        names = ("front", "archive", "topics", "follow", "opml", "opensearch")
        paths += [address(name, language=code) for name in names]
        paths += [address("feed", kind, language=code) for kind in ("rss", "atom", "json")]
        paths += [f"{address('front', language=code)}?page=2", f"{address('archive', language=code)}?page=2"]
        paths += [f"{address('feed', 'atom', language=code)}?page=1"]
        paths += [f"{address('search', language=code)}?q={word}" for word in ("words", "note")]
        paths += [
            f"{address('suggest', language=code)}?q=wor",
            f"{address('search_feed', 'json', language=code)}?q=words",
        ]
        paths += [f"/api/releases.json?language={code}"]
        for topic in topics:
            paths += [topic.get_absolute_url(code), address("topic_feed", topic.slug, "json", language=code)]
            paths += [
                f"{topic.get_absolute_url(code)}?year=2026",
                f"/api/releases.json?language={code}&topic={topic.slug}",
            ]
        months = Release.objects.visible().filter(language=code).datetimes("publish_at", "month")
        paths += [address("month", one.year, one.month, language=code) for one in months]
        paths += [address("year", year, language=code) for year in {one.year for one in months}]
    paths.append(f"/feeds/releases.rss?language=en&language=bo&topic={min(slugs)}&topic={max(slugs)}")
    paths.append(f"/feeds/releases.json?topic={min(slugs)}&topic={max(slugs)}")
    for one in Address.objects.all():
        page = address("release", one.slug, language=one.language)
        paths += [page, address("history", one.slug, language=one.language), f"{page}cite.txt"]
        paths.append(f"/oembed.json?url={quote('http://testserver' + page)}")
    paths += [machine_address("card", one.uuid, one.live.number) for one in Release.objects.visible()[:3]]
    after = Release.objects.announced().order_by("pk").first()
    return [*paths, f"/api/releases.json?after={after.uuid}"] if after else paths


class Nothing(Exception):
    """There is nothing to which it could be done."""


class Chance:
    """What staff and the clock do, by chance. `chief` does it."""

    def __init__(self, chance: random.Random, clock: Clock, chief, picture):
        self.chance, self.clock, self.chief, self.picture = chance, clock, chief, picture
        self.number = 0

    # -------------------------------------------------------------- what there is

    def topics(self, *, most=3):
        current = list(Topic.objects.current().order_by("pk"))
        return self.chance.sample(current, min(len(current), self.chance.randint(0, most)))

    def moment(self):
        """Now, in the past, at the moment of another release, or ahead."""
        kind = self.chance.choice(["now", "now", "past", "same", "ahead", "ahead", "ahead"])
        if kind == "past":
            return self.clock.at - timedelta(hours=self.chance.randint(1, 24 * 500))
        if kind == "ahead":
            return self.clock.at + timedelta(minutes=self.chance.randint(1, 8) * 30)
        if kind == "same":
            return self.chance.choice(
                [None, *Release.objects.exclude(publish_at=None).values_list("publish_at", flat=True)]
            )
        return None

    def words(self, **given):
        self.number += 1
        body = "<p>Words of it.</p>"
        if self.chance.random() < 0.4:
            url = self.chance.choice(SOURCES)
            body = (
                '<p>Words of it<sup class="footnote-ref"><a href="#fn-k00001" id="fnref-k00001">1</a></sup>.</p>'
                f'<ol class="footnotes"><li id="fn-k00001"><p>A note, <a href="{url}">here</a>.</p></li></ol>'
            )
        with_picture = self.chance.random() < 0.3
        return Words(
            title=f"Words {self.number}",
            body=body,
            summary=self.chance.choice(["", f"Summary {self.number}"]),
            topics=self.topics(),
            picture=self.picture if with_picture else None,
            picture_alt=f"Seen {self.number}" if with_picture else "",
            **given,
        )

    def pick(self, rows):
        found = list(rows.order_by("pk"))
        if not found:
            raise Nothing
        return self.chance.choice(found)

    def one(self, **conditions):
        return self.pick(Release.objects.filter(**conditions))

    # -------------------------------------------------------------- what happens

    def begin(self):
        words = self.words(publish_at=self.moment())
        made = workflow.save_draft(None, words, by=self.chief, language=self.chance.choice(LANGUAGES))
        if self.chance.random() < 0.9:
            workflow.publish(made, by=self.chief)

    def write_over(self):
        release = self.one()
        planned = self.chance.choice(["", f"planned-{self.number}"])
        at = None if release.is_visible() else self.moment()
        workflow.save_draft(release, self.words(publish_at=at, planned_slug=planned), by=self.chief)
        return release

    def publish_over(self):
        workflow.publish(self.write_over(), by=self.chief)

    def correct(self):
        release = self.pick(Release.objects.visible())
        workflow.save_draft(release, self.words(), by=self.chief)
        workflow.correct(release, by=self.chief, note=f"Correction {self.number}.")

    def withdraw(self):
        hides = self.chance.random() < 0.3
        workflow.withdraw(
            self.pick(Release.objects.visible()),
            by=self.chief,
            notice=f"Gone {self.number}.",
            hide_title=hides,
        )

    def bring_back(self):
        release = self.one(withdrawn_at__isnull=False)
        if self.chance.random() < 0.5:
            workflow.save_draft(release, self.words(), by=self.chief)
        workflow.publish(release, by=self.chief)

    def unschedule(self):
        workflow.unschedule(self.one(publish_at__gt=self.clock.at), by=self.chief)

    def reschedule(self):
        release = self.one(publish_at__gt=self.clock.at, withdrawn_at=None)
        at = self.clock.at + timedelta(minutes=self.chance.randint(1, 200))
        workflow.save_draft(release, self.words(publish_at=at), by=self.chief)
        workflow.schedule(release, by=self.chief)

    def go_through_approval(self):
        release = self.one(working__isnull=False)
        workflow.submit(release, by=self.chief)
        if self.chance.random() < 0.5:
            workflow.return_draft(release, by=self.chief, comment="Name the source.")
        else:
            workflow.approve(release, by=self.chief)

    def throw_away(self):
        release = self.one(working__isnull=False)
        if self.chance.random() < 0.5:
            workflow.discard_draft(release, by=self.chief)
        else:
            workflow.restore(release, release.revisions.order_by("number")[0], by=self.chief)

    def change_address(self):
        release = self.one()
        former = list(release.addresses.exclude(slug=release.slug).values_list("slug", flat=True))
        self.number += 1
        workflow.readdress(release, slug=self.chance.choice([f"moved-{self.number}", *former]), by=self.chief)

    def tie(self):
        one, other = self.one(), self.one()
        workflow.tie(one, other, by=self.chief)

    def untie(self):
        workflow.untie(self.one(translation_group__isnull=False), by=self.chief)

    def translate(self):
        made = workflow.translate(self.one(), self.chance.choice(LANGUAGES), by=self.chief)
        workflow.publish(made, by=self.chief)

    def archive(self):
        source = self.pick(Source.objects.all())
        self.number += 1
        if source.archived_on:
            workflow.archive_source(source, address="", day=None, by=self.chief)
        else:
            copy = f"https://archive.example/{self.number}"
            workflow.archive_source(source, address=copy, day=date(2020, 1, 2), by=self.chief)

    def share(self):
        workflow.share_preview(self.one(working__isnull=False), by=self.chief, days=1)

    def add_topic(self):
        self.number += 1
        vocabulary.add_topic(Naming(f"Topic {self.number}", {}), by=self.chief)

    def rename(self):
        topic = self.pick(Topic.objects.all())
        self.number += 1
        new = Naming(
            self.chance.choice([topic.name, f"Renamed {self.number}"]),
            {"bo": f"མིང་ {self.number}"} if self.chance.random() < 0.5 else dict(topic.names),
            slug=self.chance.choice(["", f"slug-{self.number}"]),
            description=f"About {self.number}",
        )
        vocabulary.rename(topic, new, by=self.chief)

    def merge(self):
        one, other = self.pick(Topic.objects.all()), self.pick(Topic.objects.all())
        vocabulary.merge(one, into=other, by=self.chief)

    def split(self):
        one, other = self.pick(Topic.objects.all()), self.pick(Topic.objects.all())
        vocabulary.split(
            one, {other: list(Release.objects.filter(topic_items__tag=one).order_by("pk")[:2])}, by=self.chief
        )

    def retire(self):
        vocabulary.retire(self.pick(Topic.objects.all()), by=self.chief)

    def undo(self):
        vocabulary.undo(
            self.pick(Event.objects.filter(release=None, verb__in=vocabulary.VERBS)), by=self.chief
        )

    def wait(self):
        self.clock.forward(minutes=self.chance.randint(1, 300))

    # How often what happens, in proportion.
    HAPPENS = {
        begin: 8, write_over: 2, publish_over: 4, correct: 3, withdraw: 4, bring_back: 3, unschedule: 1, reschedule: 2,
        go_through_approval: 1, throw_away: 1, change_address: 4, tie: 5, untie: 2, translate: 2, archive: 2, share: 1,
        add_topic: 1, rename: 1, merge: 1, split: 1, retire: 1, undo: 1, wait: 6,
    }  # fmt: skip

    def step(self):
        """Something happens, and some time goes by; its name, or nothing where that was refused."""
        self.clock.forward(seconds=self.chance.randint(1, 90))
        (happen,) = self.chance.choices(list(self.HAPPENS), weights=list(self.HAPPENS.values()))
        try:
            happen(self)
        except (Refused, Nothing):
            return ""
        return happen.__name__
