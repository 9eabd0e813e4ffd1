"""Verbs that change what staff see: saving, discarding, restoring, handing over."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from releases import clock
from releases.models import Release, Revision, Version
from releases.permissions import may
from releases.workflow.addressing import demand_free, follow_title, make_address, take_address
from releases.workflow.moments import demand_meant
from releases.workflow.pictures import demand_picture
from releases.workflow.previews import end_links, end_links_of_others
from releases.workflow.public_change import public_change
from releases.workflow.states import Conflict, Refused, demand, locked, record
from releases.workflow.versions import forget_held, keep_version, words_of_version
from releases.workflow.words import Words, file_under, same, words_of, write

# One sitting of one person is one revision; a pause or another hand begins the next.
SITTING = timedelta(hours=1)


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
    before: str = "",
    uuid: UUID | None = None,
) -> Release:
    """Keep `words` as the working revision, or start a new release when there is none yet.

    `seen` is the `save_number` that the writer's form was opened at: `Conflict` is raised when there is a newer one.
    `auto` marks a save that nobody pressed a button for: it is recorded only where it begins a revision.
    `before` is what these words come from (`Before`), when what they replace is to be kept for that.
    Words that say what is stored already change nothing. Raises `Refused`.
    """
    at = at or timezone.now()
    if release is None:
        return _begin(
            words, by=by, at=at, language=language, slug=slug, comment=comment, uuid=uuid, auto=auto
        )
    release = locked(release)
    demand("save draft", release, by=by, at=at)
    current = release.current
    assert current is not None  # a release is never without words; `_begin` gives the first
    if words.planned_slug == release.slug:
        words = replace(words, planned_slug="")
    stored = words_of(current)
    # First, so that a save whose answer got lost on the way can be sent again.
    if same(words, stored) and (not comment or release.working is None):
        if not auto:
            _by_hand(release)
        return release
    if seen is not None and current.save_number != seen:
        raise Conflict(current)
    if auto and release.working and release.working.submitted_at:
        raise Refused([_("It has been submitted. Press “Save draft” to take it back and go on writing.")])
    demand_picture(words.picture, current, by=by)
    _demand_date(words.publish_at, current)
    if words.planned_slug != current.planned_slug:
        demand_free(words.planned_slug, release)
    title = current.title
    working = release.working
    same_text = _same_text(stored, words)
    approved = None
    if working and working.approved_at and same_text and may(by, "approve", release):
        approved = working
    fresh = working is None or working.frozen_at is not None or not _same_sitting(working, by, at)
    with public_change(release, at=at):
        if fresh:
            if working:
                _freeze(working, at)
                forget_held(release)
            working = Revision(
                release=release, number=_next_number(release), created_at=at, created_by=by, comment=comment,
                save_number=current.save_number,
            )  # fmt: skip
        assert working is not None  # either it was there or it has just been made
        # Whoever wrote the draft: it may stay approved, by whom it was before.
        earlier = current.authors if approved else _earlier(release, current)
        working.authors = earlier if same_text else sorted({*earlier, by.pk})
        if not fresh:
            keep_version(working, stored, words, before=before, at=at)
        write(working, words, release)
        working.edited_at, working.edited_by = at, by
        working.saved_by_hand = not auto
        working.comment = comment or working.comment
        working.save_number = _next_save(release)
        working.save()
        file_under(working, words.topics)
        if approved:
            _approve_as(working, approved, at)
        if release.working_id != working.pk:
            release.working = working
            release.save(update_fields=["working"])
        follow_title(release, title)
    if fresh or not auto:
        record("save draft", release, by=by, at=at, revision=working, number=working.number)
    return release


def _begin(
    words: Words, *, by: User, at: datetime, language: str | None, slug: str, comment: str, uuid: UUID | None,
    auto: bool,
) -> Release:  # fmt: skip
    if not may(by, "create"):
        raise Refused([_("Your role does not allow you to write releases.")])
    demand_picture(words.picture, None, by=by)
    _demand_date(words.publish_at, None)
    if uuid and (begun := Release.objects.filter(uuid=uuid).first()):
        return _begun_already(begun, words, by=by, at=at, auto=auto)
    release = Release(language=language or settings.LANGUAGE_CODE, created_at=at, created_by=by)
    if uuid:
        release.uuid = uuid
    with public_change(release, at=at):
        try:
            if slug:
                take_address(release, slug, new=True)
            else:
                make_address(release, words.title, new=True)
        except Refused:
            # The same form sent twice at once is one release.
            if uuid and (begun := Release.objects.filter(uuid=uuid).first()):
                return _begun_already(begun, words, by=by, at=at, auto=auto)
            raise
        revision = Revision(
            release=release, number=1, created_at=at, created_by=by, edited_at=at, edited_by=by, comment=comment,
            authors=[by.pk], saved_by_hand=not auto,
        )  # fmt: skip
        write(revision, words, release)
        revision.save()
        file_under(revision, words.topics)
        release.working = revision
        release.save(update_fields=["working"])
    record("create", release, by=by, at=at, revision=revision, number=1)
    return release


def _begun_already(release: Release, words: Words, *, by: User, at: datetime, auto: bool) -> Release:
    """The same form sent twice, as when the first answer got lost: one release, with the later words."""
    current = release.current
    if current is None or {release.created_by_id, current.edited_by_id} != {by.pk} or release.live_id:
        raise Refused([_("This release was begun already: open it from the list.")])
    release = save_draft(release, words, by=by, at=at, seen=current.save_number, auto=True)
    if not auto:
        _by_hand(release)
    return release


@transaction.atomic
def discard_draft(release: Release, *, by: User, at: datetime | None = None) -> Release:
    """Go back to the live words. The draft stays in the history, frozen."""
    at = at or timezone.now()
    release = locked(release)
    demand("discard draft", release, by=by, at=at)
    draft = release.working
    assert draft is not None  # demanded above
    with public_change(release, at=at):
        _freeze(draft, at)
        release.working = None
        release.save(update_fields=["working"])
    ended = end_links(release, at=at, but=release.live)
    record("discard draft", release, by=by, at=at, revision=draft, number=draft.number, **ended)
    return release


@transaction.atomic
def restore(release: Release, source: Revision | Version, *, by: User, at: datetime | None = None) -> Release:
    """Make the words of an older revision, or of a version of a draft, the draft, as a new revision."""
    at = at or timezone.now()
    release = locked(release)
    demand("restore", release, by=by, at=at)
    revision = source if isinstance(source, Revision) else source.revision
    if revision.release_id != release.pk:
        raise Refused([_("That revision belongs to another release.")])
    comment = _restored_from(source)
    with public_change(release, at=at):
        if release.working:
            _freeze(release.working, at)
        new = Revision(
            release=release, number=_next_number(release), created_at=at, created_by=by, edited_at=at, edited_by=by,
            save_number=_next_save(release), comment=comment, saved_by_hand=True,
        )  # fmt: skip
        # Old words bring no old address back, and take away none that is planned.
        plan = release.working.planned_slug if release.working else ""
        old = words_of(source) if isinstance(source, Revision) else words_of_version(source)
        words = replace(old, planned_slug=plan)
        new.authors = sorted({*_earlier(release, source), by.pk})
        write(new, words, release)
        new.save()
        file_under(new, words.topics)
        release.working = new
        release.save(update_fields=["working"])
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
    ended = end_links_of_others(release, at=at)
    record(
        "hand over", release, by=by, at=at, revision=release.current, source=str(before), to=str(to), **ended
    )
    return release


def redate(release: Release, date: datetime, *, by: User, at: datetime) -> None:
    """Give the working words another date and leave them as they are, approval included: the way out of a verb."""
    old = release.working
    assert old is not None  # the verb was demanded, which needs a draft
    _freeze(old, at)
    forget_held(release)
    new = Revision(
        release=release, number=_next_number(release), created_at=at, created_by=by, edited_at=at, edited_by=by,
        authors=old.authors, save_number=_next_save(release), comment=old.comment, saved_by_hand=True,
    )  # fmt: skip
    words = replace(words_of(old), publish_at=date)
    write(new, words, release)
    new.save()
    file_under(new, words.topics)
    if old.submitted_at:
        _approve_as(new, old, at)
    release.working = new


def _demand_date(date: datetime | None, before: Revision | None) -> None:
    """One that nobody means is not taken; where it has stood already, the words beside it are not lost for it."""
    if date is None or (before and before.publish_at == date):
        return
    try:
        demand_meant(date)
    except ValidationError as error:
        raise Refused(error.messages) from error


def _same_text(stored: Words, words: Words) -> bool:
    """Do `words` change nothing of what is `stored` but its date or its address? When and where it goes out is no part of
    the text, and who sets that has not become its author."""
    return same(replace(words, publish_at=stored.publish_at, planned_slug=stored.planned_slug), stored)


def _earlier(release: Release, source: Revision | Version) -> list[int]:
    """Whose words one takes over with `source`: nobody's when they were approved or live, which settled them. A version
    never was, whatever became of its revision."""
    if isinstance(source, Version):
        return [*source.revision.authors, *([source.by_id] if source.by_id else [])]
    settled = source.approved_at is not None or source.pk == release.live_id
    return [] if settled else source.authors


def _approve_as(revision: Revision, approved: Revision, at: datetime) -> None:
    names = ("submitted_at", "submitted_by", "approved_at", "approved_by")
    for name in names:
        setattr(revision, name, getattr(approved, name))
    revision.frozen_at = at
    revision.save(update_fields=[*names, "frozen_at"])


def _freeze(revision: Revision, at: datetime) -> None:
    if not revision.frozen_at:
        revision.frozen_at = at
        revision.save(update_fields=["frozen_at"])


def _by_hand(release: Release) -> None:
    """Somebody pressed “Save draft” over words that had been kept by themselves already."""
    working = release.working
    if working and not working.frozen_at and not working.saved_by_hand:
        working.saved_by_hand = True
        working.save(update_fields=["saved_by_hand"])


def _same_sitting(revision: Revision, by: User, at: datetime) -> bool:
    return revision.edited_by_id == by.pk and at - revision.edited_at < SITTING


def _next_save(release: Release) -> int:
    """Higher than any before, discarded drafts included, so that no form takes one text for another."""
    return (release.revisions.aggregate(highest=Max("save_number"))["highest"] or 0) + 1


def _next_number(release: Release) -> int:
    return (release.revisions.order_by("-number").values_list("number", flat=True).first() or 0) + 1


def _restored_from(source: Revision | Version) -> str:
    """What the new revision says of itself: in the site's language, whatever the one who restores it reads."""
    with translation.override(settings.LANGUAGE_CODE):
        if isinstance(source, Revision):
            return _("Restored from revision %(number)d") % {"number": source.number}
        moment = date_format(clock.local(source.at), _("j M Y, H:i:s"))
        words = _("Restored from revision %(number)d as it was on %(moment)s")
        return words % {"number": source.revision.number, "moment": moment}
