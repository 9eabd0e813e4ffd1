"""Verbs on releases that say the same in several languages: tying and untying them, and beginning a translation.

Readers are told of a tie where two of its releases are live, so nobody makes or ends one of those who may not publish them. A
text that is not live yet may be tied by its author: its publication, an editor's act, is what makes that tie known.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from releases.models import Release, TranslationGroup
from releases.permissions import as_seen, may
from releases.workflow.drafts import save_draft
from releases.workflow.public_change import public_change
from releases.workflow.states import Refused, demand, locked, reasons_against, record
from releases.workflow.words import words_of


@transaction.atomic
def tie(release: Release, *others: Release, by: User, at: datetime | None = None) -> Release:
    """Say that `release` and `others` say the same, each in its language; what they were tied to comes along."""
    at = at or timezone.now()
    rows = _locked([release, *others])
    sides = _sides(rows)
    release = next(one for one in rows if one.pk == release.pk)
    if len(sides) < 2:
        return release
    if reasons := _against_tying(sides, named={release.pk, *(one.pk for one in others)}, by=by, at=at):
        raise Refused(reasons)
    ids = [one.translation_group_id for one in rows if one.translation_group_id]
    with public_change(*rows, at=at):
        group = TranslationGroup.objects.get(pk=ids[0]) if ids else TranslationGroup.objects.create()
        Release.objects.filter(pk__in=[one.pk for one in rows]).update(translation_group=group)
        TranslationGroup.objects.filter(pk__in=ids).exclude(pk=group.pk).delete()
        for one in rows:
            one.translation_group = group
    for side in sides:
        new = [one.slug for one in rows if one not in side]
        for one in side:
            record("tie", one, by=by, at=at, revision=one.current, with_=new)
    return release


@transaction.atomic
def untie(release: Release, *, by: User, at: datetime | None = None) -> Release:
    """Take `release` out of what it is tied to; the others stay tied to each other."""
    at = at or timezone.now()
    rows = _locked([release])
    release = next(one for one in rows if one.pk == release.pk)
    rest = [one for one in rows if one.pk != release.pk]
    if not rest:
        raise Refused([_("It is linked to no translation.")])
    # Where readers know of none of it, it is the matter of whoever may tie this one.
    touched = _announced([[release], rest]) or [release]
    if reasons := _reasons("untie", touched, by=by, at=at):
        raise Refused(reasons)
    group = release.translation_group
    assert group is not None  # it has others
    leaving = [release, *rest] if len(rest) == 1 else [release]
    with public_change(*rows, at=at):
        Release.objects.filter(pk__in=[one.pk for one in leaving]).update(translation_group=None)
        if len(leaving) > 1:
            group.delete()
        for one in leaving:
            one.translation_group = None
    for one in rows:
        parted = rest if one is release else [release]
        record("untie", one, by=by, at=at, revision=one.current, from_=[other.slug for other in parted])
    return release


@transaction.atomic
def translate(release: Release, language: str, *, by: User, at: datetime | None = None) -> Release:
    """Begin a translation into `language`: a draft with these words to write over, their notes, topics and picture, tied to
    `release`. Asked twice by the same person it is the same draft."""
    at = at or timezone.now()
    release = as_seen(by, locked(release))
    demand("translate", release, by=by, at=at)
    if language not in dict(settings.LANGUAGES) or language == release.language:
        raise Refused([_("Choose another language to translate into.")])
    tied = [one for one in _locked([release]) if one.language == language]
    if tied and tied[0].created_by_id == by.pk and not tied[0].live_id:
        return tied[0]
    if tied:
        raise Refused([_taken(tied[0], by)])
    current = release.current
    assert current is not None  # a release is never without words
    planned = release.publish_at or current.publish_at
    words = replace(
        words_of(current), publish_at=planned if planned and planned > at else None, planned_slug=""
    )
    comment = _("To be translated from revision %(number)d of “%(title)s”.") % {
        "number": current.number, "title": current.title[:300],
    }  # fmt: skip
    made = save_draft(None, words, by=by, at=at, language=language, comment=comment)
    return tie(made, release, by=by, at=at)


def tied_to(release: Release) -> list[Release]:
    """What says the same as `release`, in the order of the site's languages."""
    if not release.translation_group_id:
        return []
    found = Release.objects.filter(translation_group=release.translation_group_id).exclude(pk=release.pk)
    order = [code for code, _name in settings.LANGUAGES]
    return sorted(
        found.select_related("live", "working", "created_by"),
        key=lambda one: order.index(one.language) if one.language in order else len(order),
    )


def _locked(releases: Iterable[Release]) -> list[Release]:
    """These and all that they are tied to, held until the transaction ends."""
    wanted = [one.pk for one in releases]
    pks: list[int] = []
    while wanted != pks:
        pks = list(
            Release.objects.select_for_update()
            .order_by("pk")
            .filter(pk__in=wanted)
            .values_list("pk", flat=True)
        )
        # Looked up again by what holds them now: a colleague who was waited for may have tied others.
        groups = Release.objects.filter(pk__in=pks, translation_group__isnull=False).values(
            "translation_group"
        )
        tied = Release.objects.filter(translation_group__in=groups).values_list("pk", flat=True)
        wanted = sorted({*pks, *tied})
    return list(Release.objects.filter(pk__in=pks).select_related("live", "working").order_by("pk"))


def _sides(rows: Iterable[Release]) -> list[list[Release]]:
    """What is tied already, together."""
    sides: dict[tuple[str, int], list[Release]] = {}
    for one in rows:
        key = ("group", one.translation_group_id) if one.translation_group_id else ("alone", one.pk)
        sides.setdefault(key, []).append(one)
    return list(sides.values())


def _announced(sides: Sequence[Sequence[Release]]) -> list[Release]:
    """Those of which readers are told something else when the sides come together, or part."""
    live = [one for side in sides for one in side if one.live_id]
    return live if sum(any(one.live_id for one in side) for side in sides) > 1 else []


def _against_tying(
    sides: Sequence[Sequence[Release]], *, named: set[int], by: User, at: datetime
) -> list[str]:
    everything = [one for side in sides for one in side]
    if not all(may(by, "view", one) for one in everything if one.pk in named):
        return [_("There is no such release.")]
    if reasons := _reasons("tie", _announced(sides), by=by, at=at):
        return reasons
    # Of any two that come together, one is theirs to tie.
    strange = [side for side in sides if not all(may(by, "tie", one) for one in side)]
    if len(strange) > 1:
        return _reasons("tie", [one for side in strange for one in side], by=by, at=at)
    by_language: dict[str, Release] = {}
    for one in everything:
        if one.language in by_language:
            known = by_language[one.language]
            return [_taken(one if known.pk in named else known, by)]
        by_language[one.language] = one
    return []


def _reasons(verb: str, touched: Iterable[Release], *, by: User, at: datetime) -> list[str]:
    """What stands against the verb for each release that it touches, said once."""
    if any(one.live_id and not may(by, verb, one) for one in touched):
        return [_("Readers see these releases, or are going to: ask an editor to do it.")]
    return list(
        dict.fromkeys(reason for one in touched for reason in reasons_against(verb, one, by=by, at=at))
    )


def _taken(there: Release, by: User) -> str:
    words = {"language": dict(settings.LANGUAGES).get(there.language, there.language)}
    if not may(by, "view", there):
        return _("Somebody has begun the translation into %(language)s already: ask an editor.") % words
    return _("There is one in %(language)s already: “%(title)s”.") % {**words, "title": as_seen(by, there)}
