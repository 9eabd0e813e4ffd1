"""Verbs that change what staff see: saving, discarding, restoring, handing over, changing the address."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from releases.editions import raise_edition
from releases.models import Address, Release, Revision, TranslationGroup
from releases.outbox import feeds_changed
from releases.permissions import may
from releases.search import keep
from releases.text.slugs import slug_of
from releases.workflow.pictures import demand_picture
from releases.workflow.states import Conflict, Refused, demand, locked, record
from releases.workflow.words import Words, derive, file_under, same, words_of, write

# One sitting of one person is one revision; a pause or another hand begins the next.
SITTING = timedelta(hours=1)
# So many may begin a release of the same title at the same moment.
TWINS = 30


@transaction.atomic
def save_draft(
    release: Release | None,
    words: Words,
    *,
    by: User,
    at: datetime | None = None,
    language: str | None = None,
    slug: str = "",
    seen: int | None = None,
    comment: str = "",
    auto: bool = False,
    uuid: UUID | None = None,
) -> Release:
    """Keep `words` as the working revision, or begin a release when there is none yet.

    `seen` is the `save_number` that the writer's form was opened at: `Conflict` is raised when there is a newer one.
    `auto` marks a save that nobody pressed a button for: it is recorded only where it begins a revision.
    Words that say what is stored already change nothing. Raises `Refused`.
    """
    at = at or timezone.now()
    if release is None:
        return _begin(words, by=by, at=at, language=language, slug=slug, comment=comment, uuid=uuid)
    release = locked(release)
    demand("save draft", release, by=by, at=at)
    current = release.current
    assert current is not None  # a release is never without words; `_begin` gives the first
    # First, so that a save whose answer got lost on the way can be sent again.
    if same(words, words_of(current)) and (not comment or release.working is None):
        return release
    if seen is not None and current.save_number != seen:
        raise Conflict(current)
    if auto and release.working and release.working.submitted_at:
        raise Refused([_("It has been submitted. Press “Save draft” to take it back and go on writing.")])
    demand_picture(words.picture, current, by=by)
    before = current.title
    working = release.working
    fresh = working is None or working.frozen_at is not None or not _same_sitting(working, by, at)
    if fresh:
        if working and not working.frozen_at:
            working.frozen_at = at
            working.save(update_fields=["frozen_at"])
        working = Revision(
            release=release, number=_next_number(release), created_at=at, created_by=by, comment=comment,
            save_number=current.save_number,
        )  # fmt: skip
    assert working is not None  # either it was there or it has just been made
    write(working, words, release)
    working.edited_at, working.edited_by = at, by
    working.comment = comment or working.comment
    working.save_number = _next_save(release)
    working.save()
    file_under(working, words.topics)
    if release.working_id != working.pk:
        release.working = working
        release.save(update_fields=["working"])
    _follow_title(release, before)
    keep([release])
    if fresh or not auto:
        record("save draft", release, by=by, at=at, revision=working, number=working.number)
    return release


def _begin(
    words: Words, *, by: User, at: datetime, language: str | None, slug: str, comment: str, uuid: UUID | None
) -> Release:
    if not may(by, "create"):
        raise Refused([_("Your role does not allow you to write releases.")])
    demand_picture(words.picture, None, by=by)
    if uuid and (begun := Release.objects.filter(uuid=uuid).first()):
        return _begun_already(begun, words, by=by, at=at)
    release = Release(language=language or settings.LANGUAGE_CODE, created_at=at, created_by=by)
    if uuid:
        release.uuid = uuid
    try:
        if slug:
            _take_address(release, slug, new=True)
        else:
            _make_address(release, words.title, new=True)
    except Refused:
        # The same form sent twice at once is one release.
        if uuid and (begun := Release.objects.filter(uuid=uuid).first()):
            return _begun_already(begun, words, by=by, at=at)
        raise
    revision = Revision(
        release=release, number=1, created_at=at, created_by=by, edited_at=at, edited_by=by, comment=comment
    )
    write(revision, words, release)
    revision.save()
    file_under(revision, words.topics)
    release.working = revision
    release.save(update_fields=["working"])
    keep([release])
    record("create", release, by=by, at=at, revision=revision, number=1)
    return release


def _begun_already(release: Release, words: Words, *, by: User, at: datetime) -> Release:
    """The same form sent twice, as when the first answer got lost: one release, with the later words."""
    current = release.current
    if current is None or {release.created_by_id, current.edited_by_id} != {by.pk} or release.live_id:
        raise Refused([_("This release was begun already: open it from the list.")])
    return save_draft(release, words, by=by, at=at, seen=current.save_number, auto=True)


def _follow_title(release: Release, before: str) -> None:
    """Until it has been live, an address that was made of the title is made anew with it."""
    current = release.current
    if release.live_id or current is None or current.title == before:
        return
    made, number = slug_of(before), release.slug.removeprefix(slug_of(before))
    if not release.slug.startswith(made) or not re.fullmatch(r"(-[0-9]+)?", number):
        return
    release.addresses.all().delete()
    _make_address(release, current.title, new=False)


@transaction.atomic
def discard_draft(release: Release, *, by: User, at: datetime | None = None) -> Release:
    """Go back to the live words. The draft stays in the history, frozen."""
    at = at or timezone.now()
    release = locked(release)
    demand("discard draft", release, by=by, at=at)
    draft = release.working
    assert draft is not None  # demanded above
    _freeze(draft, at)
    release.working = None
    release.save(update_fields=["working"])
    keep([release])
    record("discard draft", release, by=by, at=at, revision=draft, number=draft.number)
    return release


@transaction.atomic
def restore(release: Release, revision: Revision, *, by: User, at: datetime | None = None) -> Release:
    """Make the words of an older revision the draft, as a new revision."""
    at = at or timezone.now()
    release = locked(release)
    demand("restore", release, by=by, at=at)
    if revision.release_id != release.pk:
        raise Refused([_("That revision belongs to another release.")])
    if release.working:
        _freeze(release.working, at)
    new = Revision(
        release=release, number=_next_number(release), created_at=at, created_by=by, edited_at=at, edited_by=by,
        save_number=_next_save(release), comment=_("Restored from revision %d") % revision.number,
    )  # fmt: skip
    words = words_of(revision)
    write(new, words, release)
    new.save()
    file_under(new, words.topics)
    release.working = new
    release.save(update_fields=["working"])
    keep([release])
    record("restore", release, by=by, at=at, revision=new, number=new.number, source=revision.number)
    return release


@transaction.atomic
def hand_over(release: Release, *, to: User, by: User, at: datetime | None = None) -> Release:
    """Make `to` the author."""
    at = at or timezone.now()
    release = locked(release)
    demand("hand over", release, by=by, at=at)
    if not may(to, "create"):
        raise Refused([_("%s may not write releases: choose somebody with a role.") % to])
    if release.created_by_id == to.pk:
        raise Refused([_("It is %s's already: choose somebody else.") % to])
    before, release.created_by = release.created_by, to
    release.save(update_fields=["created_by"])
    record("hand over", release, by=by, at=at, revision=release.current, source=str(before), to=str(to))
    return release


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
    if not release.live_id:
        release.addresses.all().delete()
    old = release.slug
    relabel = language != release.language
    release.language = language
    _take_address(release, slug, new=False)
    if relabel and release.working and not release.working.frozen_at:
        derive(release.working, release)
        release.working.save()
    record("change address", release, by=by, at=at, revision=release.current, old=old, new=slug)
    if release.live_id:
        # Also one that was withdrawn: its notice moves along.
        if release.publish_at and release.publish_at <= at:
            raise_edition(at)
        feeds_changed(release, at=at)
    return release


@transaction.atomic
def set_translations(
    release: Release, others: Iterable[Release], *, by: User, at: datetime | None = None
) -> Release:
    """Say that `release` and `others` say the same. No others: it stands alone."""
    at = at or timezone.now()
    release = locked(release)
    demand("save draft", release, by=by, at=at)
    others = list(others)
    group = next((one.translation_group for one in [*others, release] if one.translation_group_id), None)
    if not others:
        group = None
    elif group is None:
        group = TranslationGroup.objects.create()
    if (
        group is not None
        and release.translation_group_id == group.pk
        and all(one.translation_group_id == group.pk for one in others)
    ):
        return release
    if group is None and release.translation_group_id is None:
        return release
    try:
        with transaction.atomic():
            Release.objects.filter(pk__in=[release.pk, *(one.pk for one in others)]).update(
                translation_group=group
            )
    except IntegrityError as error:
        raise Refused(
            [_("The translations of a release must each be in a language of their own.")]
        ) from error
    release.refresh_from_db()
    record("set translations", release, by=by, at=at, with_=[one.slug for one in others])
    if any(one.is_visible(at) for one in (release, *others)):
        raise_edition(at)
    return release


def free_slug(words: str, language: str) -> str:
    """A slug for `words` that no release of this language has or had."""
    stem = slug_of(words)
    taken = set(
        Address.objects.filter(language=language, slug__startswith=stem[:60]).values_list("slug", flat=True)
    )
    return slug_of(words, taken=taken)


def _make_address(release: Release, title: str, *, new: bool) -> None:
    """Give the release an address made of its title; one that a twin took at the same moment is made up again."""
    for left in reversed(range(TWINS)):
        slug = free_slug(title, release.language)
        try:
            return _take_address(release, slug, new=new)
        except Refused:
            if not left or not Address.objects.filter(language=release.language, slug=slug).exists():
                raise
            if new:
                release.pk = None
    return None


def _take_address(release: Release, slug: str, *, new: bool) -> None:
    """Save the release at `slug`, which the database gives to one release only, whoever asks at the same moment."""
    release.slug = slug
    try:
        with transaction.atomic():
            release.save() if new else release.save(update_fields=["slug", "language"])
            held = Address.objects.filter(language=release.language, slug=slug).first()
            if held is None:
                Address.objects.create(language=release.language, slug=slug, release=release)
            elif held.release_id != release.pk:
                raise IntegrityError("the address is another release's")
    except IntegrityError as error:
        raise Refused(
            [_("Another release has or had the address “%s”: choose another one.") % slug]
        ) from error


def _freeze(revision: Revision, at: datetime) -> None:
    if not revision.frozen_at:
        revision.frozen_at = at
        revision.save(update_fields=["frozen_at"])


def _same_sitting(revision: Revision, by: User, at: datetime) -> bool:
    return revision.edited_by_id == by.pk and at - revision.edited_at < SITTING


def _next_save(release: Release) -> int:
    """Higher than any before, discarded drafts included, so that no form takes one text for another."""
    return (release.revisions.aggregate(highest=Max("save_number"))["highest"] or 0) + 1


def _next_number(release: Release) -> int:
    return (release.revisions.order_by("-number").values_list("number", flat=True).first() or 0) + 1
