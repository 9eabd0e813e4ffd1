"""What the record says of a removal: who, when, how much, and no word."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Max, Q

from newsroom.accounts.models import User
from releases.models import Event, Release, Revision, Version
from releases.workflow.removal import IN_EVENT

VERB = "remove words"


def record_removal(
    kinds: Counter[str],
    identifier: str,
    releases: Iterable[Release] = (),
    saves: Mapping[int, int] | None = None,
    *,
    by: User | None,
    at: datetime,
) -> None:
    """From how many places of which `kinds` words went; `identifier` is that of the notes beside the backups, if there are any. One
    event more for each release, with the number of its first save without the words (`first_saves`)."""
    detail: dict[str, Any] = {"places": kinds.total(), **kinds}
    if identifier:
        detail[IN_EVENT] = identifier
    Event.objects.create(verb=VERB, user=by, at=at, detail=detail)
    known = saves or {}
    Event.objects.bulk_create(
        Event(
            release=one, verb=VERB, user=by, at=at, detail={"save": known[one.pk]} if one.pk in known else {}
        )
        for one in releases
    )


def first_saves(by_table: Mapping[str, Sequence[Any]]) -> dict[int, int]:
    """Of rows that were changed (keys by table): for each of their releases, the number of the first save without the words. What a
    browser has written upon an earlier one may hold them."""
    changed = Revision.objects.filter(
        Q(pk__in=by_table.get(Revision._meta.db_table, []))
        | Q(versions__in=by_table.get(Version._meta.db_table, []))
    )
    return dict(changed.order_by().values_list("release").annotate(Max("save_number")))
