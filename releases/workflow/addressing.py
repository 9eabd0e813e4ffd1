"""The addresses of releases: made of titles, changed by a verb, never given away."""

import re
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from releases.checklist import is_taken, taken
from releases.models import Address, Release, RemovedAddress, Revision
from releases.models.address import place_of
from releases.text.slugs import slug_of
from releases.workflow.public_change import public_change
from releases.workflow.states import Refused, demand, locked, record
from releases.workflow.words import derive

# So many may start a new release of the same title at the same moment.
TWINS = 30


@transaction.atomic
def readdress(
    release: Release, *, slug: str, by: User, language: str | None = None, at: datetime | None = None
) -> Release:
    """Move the release to another address. Once it was live the old one leads on for ever."""
    at = at or timezone.now()
    release = locked(release)
    demand("change address", release, by=by, at=at)
    language = language or release.language
    if (language, slug) == (release.language, release.slug):
        return release
    if release.live_id and language != release.language:
        raise Refused([_("The language of a release that has been live cannot change.")])
    tied = Release.objects.filter(translation_group=release.translation_group_id, language=language)
    if release.translation_group_id and tied.exclude(pk=release.pk).exists():
        raise Refused(
            [_("It is linked to a translation in that language: take it out of its translations first.")]
        )
    old, relabel = release.slug, language != release.language
    with public_change(release, at=at):
        if not release.live_id:
            release.addresses.all().delete()
        release.language = language
        take_address(release, slug, new=False)
        if relabel and release.working and not release.working.frozen_at:
            derive(release.working, release)
            release.working.save()
    record("change address", release, by=by, at=at, revision=release.current, old=old, new=slug)
    return release


def free_slug(words: str, language: str) -> str:
    """A slug for `words` that no release of this language has or had."""
    stem = slug_of(words)
    taken = set(
        Address.objects.filter(language=language, slug__startswith=stem[:60]).values_list("slug", flat=True)
    )
    while RemovedAddress.objects.holds(place_of(language, slug := slug_of(words, taken=taken))):
        taken.add(slug)
    return slug


def make_address(release: Release, title: str, *, new: bool) -> None:
    """Give the release an address made of its title; one that a twin took at the same moment is made up again."""
    for left in reversed(range(TWINS)):
        slug = free_slug(title, release.language)
        try:
            return take_address(release, slug, new=new)
        except Refused:
            if not left or not Address.objects.filter(language=release.language, slug=slug).exists():
                raise
            if new:
                release.pk = None
    return None


def take_address(release: Release, slug: str, *, new: bool) -> None:
    """Save the release at `slug`, which the database gives to one release only, whoever asks at the same moment."""
    release.slug = slug
    try:
        with transaction.atomic():
            release.save() if new else release.save(update_fields=["slug", "language"])
            present = Address.objects.filter(language=release.language, slug=slug).first()
            if present is None:
                Address.objects.create(language=release.language, slug=slug, release=release)
            elif present.release_id != release.pk:
                raise IntegrityError("the address is another release's")
            if new and RemovedAddress.objects.holds(place_of(release.language, slug)):
                raise IntegrityError("a release stood there that was removed")
    except IntegrityError as error:
        raise Refused([taken(slug)]) from error


def demand_free(slug: str, release: Release) -> None:
    """Raise `Refused` where `slug`, which a draft of `release` plans, is another release's."""
    if slug and is_taken(slug, release):
        raise Refused([taken(slug)])


def carry_out_plan(release: Release, words: Revision) -> dict[str, str]:
    """Move the release to the address that its words planned, now that they are live; what the record says of that."""
    slug, old = words.planned_slug, release.slug
    if not slug:
        return {}
    words.planned_slug = ""
    words.save(update_fields=["planned_slug"])
    if slug == old:
        return {}
    take_address(release, slug, new=False)
    return {"old": old, "new": slug}


def follow_title(release: Release, before: str) -> None:
    """Until it has been live, an address that was made of the title is made anew with it."""
    current = release.current
    if release.live_id or current is None or current.title == before:
        return
    made, number = slug_of(before), release.slug.removeprefix(slug_of(before))
    if not release.slug.startswith(made) or not re.fullmatch(r"(-[0-9]+)?", number):
        return
    release.addresses.all().delete()
    make_address(release, current.title, new=False)
