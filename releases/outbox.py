"""The outbox of WebSub: feeds that changed are noted in the transaction that changed them, and told to the hub later."""

import logging
import time
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from newsroom.portions import portions
from newsroom.tasks import task, task_backends
from releases.addresses import FEED_FORMATS, absolute, address
from releases.models import Release, ReleaseTopic, Topic
from releases.models.edition import Ping
from releases.models.release import FEED_LENGTH

PORTION = 500
# A language, and the key of a topic; None is everything in that language.
Feed = tuple[str, int | None]


def languages_in_feeds(releases: Iterable[int], *, at: datetime) -> dict[int, str]:
    """The language of each of these releases (primary keys) that feeds hold at `at`. Nothing without a hub."""
    found: dict[int, str] = {}
    for portion in portions(releases if settings.WEBSUB_HUB else (), PORTION):
        there = Release.objects.in_feeds(at).filter(pk__in=portion)
        found |= dict(there.values_list("pk", "language"))
    return found


def feeds_of(languages: Mapping[int, str]) -> dict[int, AbstractSet[Feed]]:
    """In which feeds these releases stand under their present topics, by primary key. Nothing without a hub."""
    found: dict[int, AbstractSet[Feed]] = {}
    for portion in portions(languages if settings.WEBSUB_HUB else (), PORTION):
        topics = _topics_of(portion)
        found |= {pk: _feeds_of(languages[pk], topics[pk]) for pk in portion}
    return found


def feeds_changed(
    releases: Iterable[int],
    *,
    at: datetime,
    before: Mapping[int, AbstractSet[Feed]],
    after: Mapping[int, AbstractSet[Feed]],
    moved: bool = False,
    also: Iterable[str] = (),
    send: bool = True,
) -> None:
    """Call it inside the transaction, after the change: these releases stood in the feeds `before`, and stand in `after`.

    `moved`: of these releases only those say something else that stand elsewhere now. `also`: further paths of which the
    hub is told. Without `send` it is left to the command. Nothing happens without a hub.
    """
    pks = list(releases)
    embargoes_changed(pks, at=at, send=send)
    if not settings.WEBSUB_HUB:
        return
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
    for portion in portions(releases, PORTION):
        # One that was tried before waits for the hub: its feed did change, and still has to be told of.
        Ping.objects.filter(release__in=portion, sent_at=None, attempts=0, due_at__gt=at).delete()
        if not settings.WEBSUB_HUB:
            continue
        waiting = Release.objects.live().filter(pk__in=portion, publish_at__gt=at)
        found = {one.pk: one for one in waiting.only("language", "publish_at")}
        topics = _topics_of(found)
        pings = [
            Ping(release=one, path=path, due_at=one.publish_at)
            for one in found.values()
            if one.publish_at
            for path in paths_of(_feeds_of(one.language, topics[one.pk]))
        ]
        _note(pings, send=send)


def paths_of(feeds: Iterable[Feed]) -> list[str]:
    """Each in all its forms, at the address that its topic has in the database. Nothing without a hub."""
    feeds = list(feeds) if settings.WEBSUB_HUB else []
    slugs = dict(Topic.objects.filter(pk__in={topic for _, topic in feeds}).values_list("pk", "slug"))
    return [
        address("feed", kind, language=language)
        if topic is None
        else address("topic_feed", slugs[topic], kind, language=language)
        for language, topic in feeds
        for kind in FEED_FORMATS
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
    for portion in portions(releases, PORTION):
        newest = Release.objects.filter(pk__in=portion).in_order().values_list("publish_at", "pk")[:1]
        found += [(at, pk) for at, pk in newest if at]
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


# ------------------------------------------------------------------ sending

logger = logging.getLogger(__name__)

TIMEOUT = 5  # seconds that the hub may take to answer
# After a publication, in the editor's own request where tasks run at once: no more than this; the rest is the command's.
AT_ONCE = 5
# A sender that has not come back by then died; somebody else takes over.
TAKEN = timedelta(minutes=5)
# 1, 2, 4 … minutes, then hours: 12 attempts are nearly three days.
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=12)
ATTEMPTS = 12
BATCH = 200
KEPT = timedelta(days=30)


@dataclass(frozen=True)
class Sent:
    """How many feeds the hub was told of, how many will be tried again, how many were given up, and for how many there
    was no time."""

    notified: int = 0
    failed: int = 0
    given_up: int = 0
    left: int = 0


class _NoRedirects(HTTPRedirectHandler):
    """A hub that has moved is a matter for the operator: a redirected POST would become a GET."""

    def redirect_request(self, *args: object) -> None:
        return None


_opener = build_opener(_NoRedirects)


def enqueue(due_at: datetime) -> None:
    """Have the pings sent: now, or at the embargo's end where the tasks' backend can wait (else by the command)."""
    waits = task_backends["default"].supports_defer
    if due_at <= timezone.now():
        send_pings.enqueue()
    elif waits:
        send_pings.using(run_after=due_at).enqueue()


@task()
def send_pings() -> int:
    """Send what is due; how many feeds the hub was told of. Where the tasks' backend can wait, what is left is its own
    next task; else it is the command's."""
    sent = send_due(seconds=AT_ONCE)
    if (sent.failed or sent.left) and task_backends["default"].supports_defer:
        waiting = Ping.objects.filter(sent_at=None, taken_at=None, attempts__lt=ATTEMPTS)
        if due_at := waiting.values_list("due_at", flat=True).first():
            send_pings.using(run_after=max(due_at, timezone.now())).enqueue()
    return sent.notified


def send_due(*, at: datetime | None = None, seconds: float | None = None) -> Sent:
    """Tell the hub of every feed that is due, in `seconds` at the most. Any number of senders may run at once."""
    started = time.monotonic()
    if not settings.WEBSUB_HUB:
        return Sent()
    sent = Sent()
    while taken := _take(at or timezone.now()):
        sent = _send(taken, sent, at, started + seconds if seconds is not None else None)
        if sent.left:
            break
    Ping.objects.filter(sent_at__lt=(at or timezone.now()) - KEPT).delete()
    return sent


def _send(taken: Mapping[str, list[Ping]], sent: Sent, at: datetime | None, until: float | None) -> Sent:
    """Tell of what was taken, and count it to what was `sent` before; `until` is a moment of the monotonic clock."""
    notified, failed, given_up, left = sent.notified, sent.failed, sent.given_up, 0
    for path, pings in taken.items():
        if until is not None and time.monotonic() > until:
            _put_back(pings)
            left += 1
            continue
        error = notify_hub(absolute(path))
        now = at or timezone.now()
        if not error:
            notified += 1
            Ping.objects.filter(pk__in=[ping.pk for ping in pings]).update(
                sent_at=now, taken_at=None, error=""
            )
            continue
        for ping in pings:
            ping.error, ping.taken_at = error[:300], None
            ping.due_at = now + wait_after(ping.attempts)
            ping.save(update_fields=["error", "taken_at", "due_at"])
        over = all(ping.attempts >= ATTEMPTS for ping in pings)
        given_up, failed = given_up + over, failed + (not over)
        logger.warning("the hub was not told of %s: %s", path, error)
    return Sent(notified, failed, given_up, left)


def notify_hub(address: str) -> str:
    """Tell the hub that the feed at `address` changed (WebSub, 7); what went wrong, or nothing."""
    form = urlencode({"hub.mode": "publish", "hub.url": address}).encode()
    request = Request(settings.WEBSUB_HUB, data=form, headers={"User-Agent": "newsroom"})  # noqa: S310  settings takes http(s) alone
    try:
        with _opener.open(request, timeout=TIMEOUT) as answer:
            return "" if 200 <= answer.status < 300 else f"HTTP {answer.status}"
    except (URLError, OSError, ValueError) as error:
        return str(error) or type(error).__name__


def wait_after(attempts: int) -> timedelta:
    """How long to leave the hub alone after so many attempts."""
    doubled: timedelta = FIRST_WAIT * 2 ** (attempts - 1)
    return min(doubled, LONGEST_WAIT)


@transaction.atomic
def _take(at: datetime) -> dict[str, list[Ping]]:
    """What is due, marked as being sent, by feed: a feed that changed three times is told of once."""
    free = Q(taken_at=None) | Q(taken_at__lt=at - TAKEN)
    waiting = Ping.objects.filter(free, sent_at=None, due_at__lte=at, attempts__lt=ATTEMPTS)
    locks = connection.features.has_select_for_update_skip_locked
    # Of each feed all there is, so that it is told of once.
    paths = dict.fromkeys(waiting.values_list("path", flat=True)[:BATCH])
    pings = list(waiting.filter(path__in=paths).select_for_update(skip_locked=locks))
    by_path: dict[str, list[Ping]] = defaultdict(list)
    for ping in pings:
        ping.taken_at, ping.attempts = at, ping.attempts + 1
        by_path[ping.path].append(ping)
    Ping.objects.bulk_update(pings, ["taken_at", "attempts"])
    return by_path


def _put_back(pings: list[Ping]) -> None:
    for ping in pings:
        ping.taken_at, ping.attempts = None, ping.attempts - 1
    Ping.objects.bulk_update(pings, ["taken_at", "attempts"])
