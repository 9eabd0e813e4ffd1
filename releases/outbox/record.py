"""Writing down exactly the feeds that a change changes: those whose newest document says something else now."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime
from functools import partial
from itertools import islice

from django.conf import settings
from django.db import transaction

from releases.addresses import address
from releases.models import Release, ReleaseTopic, Topic
from releases.models.ping import Ping
from releases.models.release import FEED_LENGTH
from releases.outbox.sending import enqueue

KINDS = ("rss", "atom", "json")
PORTION = 500
# A language, and the key of a topic; None is everything in that language.
Feed = tuple[str, int | None]


def standing(releases: Iterable[int], *, at: datetime) -> dict[int, AbstractSet[Feed]]:
    """In which feeds each of these releases (primary keys) stands. Without a hub nobody wants to know."""
    found: dict[int, AbstractSet[Feed]] = {}
    for portion in _portions(releases if settings.WEBSUB_HUB else ()):
        languages = dict(Release.objects.in_feeds(at).filter(pk__in=portion).values_list("pk", "language"))
        topics = _topics_of(languages)
        found |= {pk: _feeds_of(language, topics[pk]) for pk, language in languages.items()}
    return found


def feeds_changed(
    releases: Iterable[int],
    *,
    at: datetime,
    before: Mapping[int, AbstractSet[Feed]],
    moved: bool = False,
    also: Iterable[str] = (),
    send: bool = True,
) -> None:
    """Call it inside the transaction, after the change; `before` is where the releases stood until now (`standing`).

    `moved`: of these releases only those say something else that stand elsewhere now. `also`: further paths of which the
    hub is told. Without `send` it is left to the command. Nothing happens without a hub.
    """
    pks = list(releases)
    embargoes_changed(pks, at=at, send=send)
    if not settings.WEBSUB_HUB:
        return
    after = standing(pks, at=at)
    touched: dict[Feed, set[int]] = defaultdict(set)
    gained: Counter[Feed] = Counter()
    for pk in pks:
        was, now = before.get(pk, frozenset()), after.get(pk, frozenset())
        if moved and was == now:
            continue
        gained.update(now)
        gained.subtract(was)
        for feed in was | now:
            touched[feed].add(pk)
    newest = {feed: _newest(those) for feed, those in touched.items()}
    changed = {feed: key for feed, key in newest.items() if _shows(feed, key, gained[feed], at)}
    by_path = dict.fromkeys(also) | {
        path: pk for feed, (_, pk) in changed.items() for path in paths_of([feed])
    }
    _note([Ping(release_id=pk, path=path, due_at=at) for path, pk in by_path.items()], send=send)


def embargoes_changed(releases: Collection[int], *, at: datetime, send: bool = True) -> None:
    """What waits for the end of these releases' embargoes is written anew: end, topics or addresses may have moved."""
    for portion in _portions(releases):
        # One that was tried before waits for the hub: its feed did change, and still has to be told of.
        Ping.objects.filter(release__in=portion, sent_at=None, attempts=0, due_at__gt=at).delete()
        if not settings.WEBSUB_HUB:
            continue
        waiting = Release.objects.filter(
            pk__in=portion, live__isnull=False, withdrawn_at=None, publish_at__gt=at
        )
        found = {one.pk: one for one in waiting.only("language", "publish_at")}
        topics = _topics_of(found)
        pings = [
            Ping(release=one, path=path, due_at=one.publish_at)
            for one in found.values()
            for path in paths_of(_feeds_of(one.language, topics[one.pk]))
        ]
        _note(pings, send=send)


def paths_of(feeds: Iterable[Feed]) -> list[str]:
    """Each in all its forms."""
    feeds = list(feeds)
    slugs = dict(Topic.objects.filter(pk__in={topic for _, topic in feeds}).values_list("pk", "slug"))
    return [
        address("feed", kind, language=language)
        if topic is None
        else address("topic_feed", slugs[topic], kind, language=language)
        for language, topic in feeds
        for kind in KINDS
    ]


def _shows(feed: Feed, newest: tuple[datetime, int], gained: int, at: datetime) -> bool:
    """Does the newest document of `feed` say something else, if the newest release that was touched is `newest`, and so
    many more stand in it than before? That is so where that one is, or was, among the newest; or where another volume
    comes before them."""
    language, topic = feed
    releases = Release.objects.in_feeds(at).filter(language=language)
    if topic is not None:
        releases = releases.filter(topic_items__tag=topic)
    oldest = releases.in_order().values_list("publish_at", "pk")[FEED_LENGTH - 1 : FEED_LENGTH].first()
    if oldest is None or newest >= oldest:
        return True
    count = releases.count()
    return _volumes(count) != _volumes(count - gained)


def _volumes(count: int) -> int:
    """How many volumes it takes to bind what stands in no newest document."""
    return -(-max(count - FEED_LENGTH, 0) // FEED_LENGTH)


def _newest(releases: Iterable[int]) -> tuple[datetime, int]:
    found: list[tuple[datetime, int]] = []
    for portion in _portions(releases):
        found += Release.objects.filter(pk__in=portion).in_order().values_list("publish_at", "pk")[:1]
    return max(found)


def _feeds_of(language: str, topics: Iterable[int]) -> frozenset[Feed]:
    return frozenset({(language, None), *((language, topic) for topic in topics)})


def _topics_of(releases: Iterable[int]) -> dict[int, list[int]]:
    topics: dict[int, list[int]] = defaultdict(list)
    rows = ReleaseTopic.objects.filter(content_object__in=list(releases))
    for release, topic in rows.values_list("content_object_id", "tag_id"):
        topics[release].append(topic)
    return topics


def _note(pings: Collection[Ping], *, send: bool) -> None:
    Ping.objects.bulk_create(pings, batch_size=PORTION)
    for due_at in {ping.due_at for ping in pings} if send else ():
        transaction.on_commit(partial(enqueue, due_at))


def _portions(pks: Iterable[int]) -> Iterator[list[int]]:
    """No database takes any number of keys in one question."""
    rest = iter(pks)
    while portion := list(islice(rest, PORTION)):
        yield portion
