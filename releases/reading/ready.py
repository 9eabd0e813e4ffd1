"""Lists of releases, each read once while it stays as it is: which releases stand where in it."""

import json
from array import array
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast

from django.conf import settings
from django.db import connection

from releases import clock
from releases.databases import read_connection
from releases.edition_cache import EditionCache
from releases.editions import EditionNow
from releases.models import Release, Topic
from releases.models.release import ReleaseQuerySet
from releases.parts import list_part, topic_part

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, eq=False)
class ReadyList:
    """The primary keys of visible releases, newest first, and their moments in seconds: sixteen bytes a release. With it
    every page of the list, however deep, is twenty look-ups by key."""

    pks: Sequence[int]
    moments: Sequence[int]

    def between(self, year: int | None = None, month: int | None = None) -> Sequence[int]:
        """Those of a year, or of one month of it, by the newsroom's clock; without a year all."""
        if year is None:
            return self.pks
        first, last = month or 1, month or 12
        end = clock.start_of(year + last // 12, last % 12 + 1)
        return self.pks[self._place(end) : self._place(clock.start_of(year, first))]

    def _place(self, at: datetime) -> int:
        """How many are at that moment or later."""
        seconds = (at - _EPOCH) // timedelta(seconds=1)
        return bisect_right(self.moments, -seconds, key=lambda moment: -moment)


_lists: EditionCache[ReadyList] = EditionCache()


def releases_in(edition: EditionNow, language: str) -> ReadyList:
    """All releases in a language."""
    return _lists.get(
        edition,
        lambda: ready_list(Release.objects.visible().filter(language=language)),
        language,
        parts={list_part(language)},
    )


def releases_under(edition: EditionNow, topic: Topic, language: str) -> ReadyList:
    """The releases in a language under a topic."""
    return _lists.get(
        edition,
        lambda: ready_list(Release.objects.visible().filter(language=language, topic_items__tag=topic)),
        f"{language} {topic.pk}",
        parts={topic_part(topic.pk, language)},
    )


def fed_in(edition: EditionNow, language: str, topic: Topic | None = None) -> ReadyList:
    """What the feed of a language holds, or that of a topic in it: the same, and by a setting what was withdrawn as well."""
    if not settings.WITHDRAWN_IN_FEEDS:
        return releases_under(edition, topic, language) if topic else releases_in(edition, language)
    fed = Release.objects.in_feeds().filter(language=language)
    return _lists.get(
        edition,
        lambda: ready_list(fed.filter(topic_items__tag=topic) if topic else fed),
        f"fed {language} {topic.pk if topic else ''}",
        parts={topic_part(topic.pk, language) if topic else list_part(language)},
    )


def ready_list(releases: ReleaseQuerySet) -> ReadyList:
    """The list of `releases` (in any order, already gated), in one query and one value: no row for each of a hundred thousand."""
    inner, params = releases.in_order().values_list("pk", "publish_at").query.sql_with_params()
    with read_connection().cursor() as cursor:
        cursor.execute(_PACKED[connection.vendor].format(inner), params)
        (packed,) = cursor.fetchone()
    if connection.vendor == "sqlite":
        pairs = array("q", cast(list[int], json.loads(f"[{packed or ''}]")))
    else:
        pairs = array("q")
        pairs.frombytes(packed or b"")
        pairs.byteswap()
    return ReadyList(pairs[::2], pairs[1::2])


# Both keep the order of the inner query. Seconds are cut, not rounded: in a month is what its clock shows.
_PACKED = {
    "sqlite": "WITH listed(pk, moment) AS ({}) "
    "SELECT group_concat(pk || ',' || strftime('%%s', substr(moment, 1, 19))) FROM listed",
    "postgresql": "SELECT string_agg(int8send(pk) || int8send(floor(extract(epoch FROM moment))::bigint), ''::bytea) "
    "FROM ({}) AS listed(pk, moment)",
}
