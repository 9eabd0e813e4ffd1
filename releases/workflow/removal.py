"""Verbs for somebody's safety: a whole release, or a picture, goes from everything, frozen revisions included. Nothing brings it back."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from releases.models import (
    Address,
    Event,
    FormerPath,
    Intent,
    Picture,
    Ping,
    Presence,
    Receipt,
    Release,
    RemovedAddress,
    Revision,
    ScrubDoor,
    Source,
    Version,
)
from releases.models.address import place_of
from releases.permissions import may
from releases.workflow.public_change import public_change
from releases.workflow.states import Refused, locked
from releases.workflow.versions import reword

# What a note beside the backups is told, and its identifier for the event (under this name in its detail); see `newsroom.safety.scrub`.
Noted = Callable[[int], str]
IN_EVENT = "removal"


class OtherRows(Exception):
    """There are not as many rows or places as somebody has looked at; `count` says how many there are."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


def demand_removal(by: User | None) -> None:
    """Raise `Refused` for somebody who may not. Nobody is the operator, at the machine."""
    if by is not None and not may(by, "remove words"):
        raise Refused([_("Your role does not allow you to remove words for good; ask a chief.")])


def rows_of(release: Release) -> Counter[str]:
    """How many rows of which kind go with a release; what a preview tells. Without those of the moment, which come and go by themselves."""
    found: Counter[str] = Counter()
    each_row(release, lambda model, pks: found.update({model._meta.model_name or "": len(pks)}))
    for model in (Intent, Ping, Presence, Receipt):
        found.pop(model._meta.model_name or "", None)
    return found


def pictures_of(release: Release) -> list[Picture]:
    """Those that no other release has, or ever had."""
    used = Picture.objects.filter(revisions__release=release) | Picture.objects.filter(
        pk__in=Version.objects.filter(revision__release=release).values("picture")
    )
    others = Revision.objects.exclude(release=release).filter(picture__isnull=False).values("picture")
    of_versions = Version.objects.exclude(revision__release=release).filter(picture__isnull=False)
    unused = used.exclude(pk__in=others).exclude(pk__in=of_versions.values("picture"))
    return list(unused.distinct().order_by("pk"))


@transaction.atomic
def remove_release(
    release: Release,
    *,
    by: User | None,
    expected: int | None = None,
    noted: Noted = lambda rows: "",
    at: datetime | None = None,
) -> int:
    """Delete it with its history, its events and the pictures that it alone has; how many rows that were.

    An address at which readers could see it answers 410 ever after, by a digest. What readers never saw leaves none: it would say
    that there was something. `expected` is the number that a preview has told. Raises `Refused` and `OtherRows`.
    """
    at = at or timezone.now()
    demand_removal(by)
    release = locked(release)
    count = rows_of(release).total()
    if expected not in (None, count):
        raise OtherRows(count)
    identifier = noted(count)
    pictures = pictures_of(release)
    if release.is_announced(at) or release.back_since:
        addresses = Address.objects.filter(release=release).values_list("language", "slug")
        paths = FormerPath.objects.filter(release=release).values_list("path", flat=True)
        RemovedAddress.objects.keep([place_of(*one) for one in addresses] + list(paths))
    door = ScrubDoor.objects.create(edition_id=0, whole=release.pk)
    sources = set(release.source_citations.values_list("source", flat=True))
    _forget_addresses(release)
    _leave_translations(release, at)
    with public_change(release, everywhere=True, at=at):
        release.live = release.working = None
        release.updated_at = release.withdrawn_at = release.back_since = None
        release.withdrawal_notice, release.withdrawal_hides_title = "", False
        release.save()
    # The hub is told of the feeds, which outlast it.
    Ping.objects.filter(release=release).update(release=None)
    each_row(release, lambda model, pks: model._base_manager.filter(pk__in=pks).delete())
    # Of a page that nobody cites any more there is nothing to know.
    Source.objects.filter(pk__in=sources, citations=None).delete()
    for picture in pictures:
        _delete(picture)
    detail = {"release": release.pk, "rows": count, "pictures": len(pictures)}
    _record("remove release", detail, identifier, by=by, at=at)
    door.delete()
    return count


def _leave_translations(release: Release, at: datetime) -> None:
    """The others stay linked to each other; one that is left alone is linked to nothing."""
    group = release.translation_group
    if group is None:
        return
    rest = list(group.releases.exclude(pk=release.pk).select_related("live", "working"))
    leaving = [release, *rest] if len(rest) == 1 else [release]
    with public_change(release, *rest, at=at):
        Release.objects.filter(pk__in=[one.pk for one in leaving]).update(translation_group=None)
        if len(rest) <= 1:
            group.delete()
        for one in leaving:
            one.translation_group = None


def _forget_addresses(release: Release) -> None:
    """Events of its translations name it by its address."""
    slugs = set(release.addresses.values_list("slug", flat=True))
    told = Event.objects.filter(verb__in=("tie", "untie", "set translations", "translate"))
    for event in told.exclude(release=release):
        detail = {
            name: ["…" if one in slugs else one for one in value]
            if isinstance(value, list)
            else "…"
            if isinstance(value, str) and value in slugs
            else value
            for name, value in event.detail.items()
        }
        if detail != event.detail:
            Event.objects.filter(pk=event.pk).update(detail=detail)


def each_row(release: Release, do: Callable[[type[models.Model], list[Any]], object]) -> None:
    """Everything that hangs on the release, what hangs on others first: found from the models, so that a new one is not forgotten."""
    done: set[tuple[type[models.Model], Any]] = set()

    def go(model: type[models.Model], pks: list[Any]) -> None:
        pks = [pk for pk in pks if (model, pk) not in done]
        if not pks:
            return
        done.update((model, pk) for pk in pks)
        for relation in model._meta.get_fields(include_hidden=True):
            if not isinstance(relation, models.ManyToOneRel):
                continue
            other: Any = relation.related_model
            if other is not Release:
                rows = other._base_manager.filter(**{f"{relation.field.name}__in": pks})
                go(other, list(rows.values_list("pk", flat=True)))
        do(model, pks)

    go(Release, [release.pk])


def _delete(picture: Picture) -> None:
    """The row, the name of its file in events, and its files; in the transaction that has the door."""
    for event in Event.objects.filter(detail__picture=str(picture.uuid)):
        told = {name: value for name, value in event.detail.items() if name != "name"}
        Event.objects.filter(pk=event.pk).update(detail=told)
    Picture.objects.filter(pk=picture.pk).delete()
    transaction.on_commit(picture.remove_files)


def uses_of(*pictures: Picture) -> tuple[list[Revision], list[Version]]:
    """Where they stand: revisions, and versions of drafts."""
    revisions = (
        Revision.objects.filter(picture__in=pictures).select_related("release").order_by("release", "pk")
    )
    versions = Version.objects.filter(picture__in=pictures).select_related("revision__release").order_by("pk")
    return list(revisions), list(versions)


@transaction.atomic
def remove_picture(
    picture: Picture,
    *,
    by: User | None,
    expected: int | None = None,
    noted: Noted = lambda places: "",
    at: datetime | None = None,
) -> int:
    """Take a picture out of every revision, frozen or not, with what is said of it there, and delete its files; from how many places.

    A twin of it, the same picture that somebody else brought, goes along. Raises `Refused` and `OtherRows`.
    """
    at = at or timezone.now()
    demand_removal(by)
    twins = list(Picture.objects.select_for_update().filter(digest=picture.digest).order_by("pk"))
    if not twins:
        raise Refused([_("This picture no longer exists.")])
    uses = [uses_of(one) for one in twins]
    count = sum(len(revisions) + len(versions) for revisions, versions in uses)
    if expected not in (None, count):
        raise OtherRows(count)
    identifier = noted(count)
    touched = {one.release_id for revisions, _versions in uses for one in revisions}
    releases = list(Release.objects.filter(pk__in=touched).select_related("live", "working").order_by("pk"))
    for twin, (revisions, versions) in zip(twins, uses, strict=True):
        door = ScrubDoor.objects.create(edition_id=0, picture=twin.pk)
        with public_change(*releases, everywhere=True, at=at):
            _take_out(revisions)
            read_words_anew(releases)
        for version in versions:
            _forget_picture(version)
        _delete(twin)
        door.delete()
    _record("remove picture", {"places": count, "releases": len(releases)}, identifier, by=by, at=at)
    # A browser's copy of before is known by the first save without it.
    saves: dict[int, int] = {}
    for revisions, _versions in uses:
        for one in revisions:
            saves[one.release_id] = max(one.save_number, saves.get(one.release_id, 0))
    for release in releases:
        detail = {"save": saves[release.pk]}
        Event.objects.create(verb="remove picture", release=release, user=by, at=at, detail=detail)
    return count


def _record(verb: str, detail: dict[str, Any], identifier: str, *, by: User | None, at: datetime) -> None:
    """One event of the removal; with the identifier of the notes beside the backups, if there are any."""
    if identifier:
        detail = {**detail, IN_EVENT: identifier}
    Event.objects.create(verb=verb, user=by, at=at, detail=detail)


def read_words_anew(releases: Iterable[Release]) -> None:
    """What these releases hold in memory of their texts, after the rows were changed."""
    for release in releases:
        for words in (release.live, release.working):
            if words is not None:
                words.refresh_from_db()


def _take_out(revisions: Iterable[Revision]) -> None:
    for one in revisions:
        one.picture, one.picture_alt, one.picture_caption = None, "", ""
        # Whoever has it open is told that it was saved meanwhile.
        one.save_number += 1
        one.save(update_fields=["picture", "picture_alt", "picture_caption", "save_number"])


def _forget_picture(version: Version) -> None:
    """What its words say of it goes; the row lets go of it when the picture is deleted."""
    reword(version, lambda name, text: "" if name in {"picture_alt", "picture_caption"} else text)
