"""What a preview shows of places: under their releases, in the words of the newsroom, with the ways to where people mend the rest."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from django.apps import apps
from django.core.paginator import Page, Paginator
from django.db import connection, models
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from newsroom.accounts.models import AccessEntry, User
from newsroom.portions import portions
from newsroom.safety.scrub.places import Place
from newsroom.safety.scrub.remains import mended_at
from releases import clock
from releases.models import Event, Picture, Release, Revision, Topic, TopicWord, Version
from releases.models.event import verb_phrase

PER_PAGE: Final = 200
_PORTION: Final = 500
_SHOWN: Final = 20


@dataclass(frozen=True)
class Row:
    """A place, and what the row and the column are called."""

    place: Place
    what: str
    column: str


@dataclass
class Group:
    """The places of a release on this page; of none, where `release` is None."""

    release: Release | None
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Left:
    """A place that a removal does not change: where it is, and how it is mended there."""

    place: Place
    what: str
    advice: str
    url: str


def counted(places: Iterable[Place]) -> list[tuple[str, int]]:
    """How often each spelling stands, as it is written, the most frequent first."""
    found = Counter(" ".join(one.split()) for place in places for one in place.found)
    return sorted(found.items(), key=lambda one: (-one[1], one[0]))


def grouped(places: Sequence[Place], number: int | None) -> tuple[Page[Place], list[Group]]:
    """One page of the places, those of a release together."""
    of = _releases_of(places)
    last = max(of.values(), default=0) + 1
    ordered = sorted(
        places, key=lambda one: (of.get((one.table, one.pk), last), one.table, one.pk, one.field)
    )
    page = Paginator(ordered, PER_PAGE).get_page(number)
    shown = list(page.object_list)
    titles = _titled({of[key] for one in shown if (key := (one.table, one.pk)) in of})
    groups: list[Group] = []
    for one, what in zip(shown, _called(shown), strict=True):
        release = titles.get(of.get((one.table, one.pk), 0))
        if not groups or groups[-1].release != release:
            groups.append(Group(release))
        groups[-1].rows.append(Row(one, what, _column(one)))
    return page, groups


def left_to_people(places: Iterable[Place]) -> list[Left]:
    """With the address of the page on which each is mended."""
    left = [one for one in places if one.left]
    pairs = zip(left, _called(left), strict=True)
    return [Left(one, what, mended_at(one.table), _mended_on(one)) for one, what in pairs]


def translations_without(places: Sequence[Place]) -> list[Release]:
    """Translations of releases that have the words, in which they are not found: they may name the same person in another script."""
    texts = {Revision._meta.db_table, Version._meta.db_table}  # events name translations by their addresses
    having = set(_releases_of(one for one in places if one.table in texts).values())
    groups = Release.objects.filter(pk__in=having, translation_group__isnull=False).values(
        "translation_group"
    )
    others = Release.objects.filter(translation_group__in=groups).exclude(pk__in=having)
    return list(others.select_related("live", "working").order_by("pk")[:_SHOWN])


def size_of_database() -> int:
    """In bytes; writing it anew takes as long as that and needs that room once more."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            pages, size = (
                cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size")
            )
            return int(pages) * int(size)
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


# ------------------------------------------------------------------ whose


def _releases_of(places: Iterable[Place]) -> dict[tuple[str, Any], int]:
    by_table: dict[str, list[Any]] = defaultdict(list)
    for one in places:
        by_table[one.table].append(one.pk)
    found: dict[tuple[str, Any], int] = {}
    for table, pks in by_table.items():
        model = _model(table)
        if path := _way_to_release(model):
            for portion in portions(sorted(set(pks)), _PORTION):
                rows = model._base_manager.filter(pk__in=portion).values_list("pk", path)
                found.update({(table, pk): release for pk, release in rows if release})
    return found


def _way_to_release(model: type[models.Model]) -> str:
    names = {one.name for one in model._meta.concrete_fields}
    if model is Release:
        return "pk"
    return "release_id" if "release" in names else "revision__release_id" if "revision" in names else ""


def _titled(pks: Iterable[int]) -> dict[int, Release]:
    columns = ("slug", "language", "live__title", "working__title")
    return Release.objects.select_related("live", "working").only(*columns).in_bulk(list(pks))


@cache
def _models() -> dict[str, type[models.Model]]:
    return {one._meta.db_table: one for one in apps.get_models(include_auto_created=True)}


def _model(table: str) -> type[models.Model]:
    return _models()[table]


# ------------------------------------------------------------------ what it is called


def _called(places: Sequence[Place]) -> list[str]:
    """What the row of each is called; one query a table."""
    wanted: dict[str, set[Any]] = defaultdict(set)
    for one in places:
        wanted[one.table].add(one.pk)
    columns = {
        Revision: ("number",), Version: ("at",), Event: ("verb", "at"), Picture: (), User: ("username",), Topic: ("name",),
    }  # fmt: skip
    rows = {
        table: _model(table)._base_manager.only("pk", *columns.get(_model(table), ())).in_bulk(list(pks))
        for table, pks in wanted.items()
        if _model(table) in columns
    }
    return [_name_of(one, rows.get(one.table, {}).get(one.pk)) for one in places]


def _name_of(place: Place, row: Any) -> str:
    if isinstance(row, Revision):
        return _("Revision %(number)s") % {"number": row.number}
    if isinstance(row, Version):
        return _("Version of %(moment)s") % {"moment": _moment(row.at)}
    if isinstance(row, Event):
        return _("Event of %(moment)s: %(what)s") % {"moment": _moment(row.at), "what": verb_phrase(row.verb)}
    name = str(capfirst(str(_model(place.table)._meta.verbose_name)))
    return f"{name}: {row}" if isinstance(row, User | Topic) else name


def _column(place: Place) -> str:
    if place.field == "words":
        return _("text")
    columns = {one.attname: one for one in _model(place.table)._meta.concrete_fields}
    return str(columns[place.field].verbose_name)


def _moment(at: Any) -> str:
    return date_format(clock.local(at), _("j M Y, H:i"))


def _mended_on(place: Place) -> str:
    if place.table == User._meta.db_table:
        return reverse("admin:accounts_user_change", args=[place.pk])
    if place.table == Topic._meta.db_table:
        return reverse("admin:releases_topic_change", args=[place.pk])
    if place.table == TopicWord._meta.db_table:
        topic = TopicWord.objects.filter(pk=place.pk).values_list("topic", flat=True).first()
        return reverse("admin:releases_topic_change", args=[topic])
    if place.table == AccessEntry._meta.db_table:
        return reverse("admin:accounts_accessentry_changelist")
    return ""
