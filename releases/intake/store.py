"""Keeps releases many at a time, with their history as it was: the same rows as the workflow would leave, and the forms
that it derives, in a few statements a batch."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from uuid import UUID

from django.db import DataError, IntegrityError, reset_queries, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from releases.models import (
    Address,
    Correction,
    Event,
    FormerPath,
    Refiling,
    Release,
    Revision,
    RevisionTopic,
    TranslationGroup,
)
from releases.models.revision import SLUG_LENGTH
from releases.workflow.public_change import public_change

# Rows held in memory, and the length of a write lock on SQLite, are those of one batch.
BATCH = 200
BATCH_CHARACTERS = 8_000_000


@dataclass
class Happened:
    """An event or correction; `revision` is a revision's number, None for none."""

    row: Event | Correction
    revision: int | None


@dataclass
class Parcel:
    """A release that is to be kept, its words written and derived, and not one of its rows saved."""

    release: Release
    revisions: list[Revision]
    topics: dict[int, list[int]] = field(default_factory=dict)  # revision's number: primary keys of topics
    live: int | None = None  # the number of the live revision
    working: int | None = None
    addresses: list[tuple[str, str]] = field(default_factory=list)  # language and slug, oldest first
    former_paths: list[str] = field(default_factory=list)
    happened: list[Happened] = field(default_factory=list)
    refilings: list[tuple[int, int]] = field(default_factory=list)  # topics: from and to
    group: UUID | None = None
    problems: list[str] = field(default_factory=list)
    name: str = ""  # of the page that it came from
    withheld: dict[str, object] | None = None  # of the release, until it has live words

    @property
    def weight(self) -> int:
        """Roughly how many characters it holds."""
        return sum(len(one.body) for one in self.revisions)


def batches(parcels: Iterable[Parcel | None]) -> Iterator[list[Parcel]]:
    """Parcels in lists that are neither long nor heavy. A None ends a list: what comes next needs those before it kept."""
    batch: list[Parcel] = []
    weight = 0
    for parcel in parcels:
        if parcel is not None:
            batch.append(parcel)
            weight += parcel.weight
        full = len(batch) >= BATCH or weight > BATCH_CHARACTERS
        if batch and (parcel is None or full):
            yield batch
            batch, weight = [], 0
    if batch:
        yield batch


def known(uuids: Iterable[UUID]) -> set[UUID]:
    """Those that have been taken in already."""
    return set(Release.objects.filter(uuid__in=list(uuids)).values_list("uuid", flat=True))


def keep_batch(batch: Sequence[Parcel], *, at: datetime | None = None) -> list[Parcel]:
    """Keep a batch in one transaction; returns those that were kept. Where the database refuses one, the others are kept
    one by one, and the refused one says so in its `problems`."""
    at = at or timezone.now()
    # With DEBUG, Django keeps the text of its last 9,000 statements, and these are long ones.
    reset_queries()
    try:
        _keep(batch, at)
        return list(batch)
    except (IntegrityError, DataError) as error:
        if len(batch) == 1:
            batch[0].problems.append(_("The database refused it: %s") % str(error).splitlines()[0])
            return []
    return [kept for parcel in batch for kept in keep_batch([parcel], at=at)]


@transaction.atomic
def _keep(batch: Sequence[Parcel], at: datetime) -> None:
    settle_addresses(batch)
    groups = _groups(batch)
    later = [_withhold(parcel, groups) for parcel in batch]
    # A batch would wait for the hub: the command tells it of all of them.
    with public_change(*(parcel.release for parcel in batch), send=False, at=at):
        Release.objects.bulk_create(parcel.release for parcel in batch)
        Address.objects.bulk_create(
            Address(language=language, slug=slug, release=parcel.release)
            for parcel in batch
            for language, slug in parcel.addresses
        )
        FormerPath.objects.bulk_create(
            (
                FormerPath(path=path, release=parcel.release)
                for parcel in batch
                for path in parcel.former_paths
            ),
            ignore_conflicts=True,
        )
        steps = _keep_revisions(batch)
        for parcel, withheld in zip(batch, later, strict=True):
            numbers = {one.number: one for one in parcel.revisions}
            release = parcel.release
            release.live = numbers[parcel.live] if parcel.live is not None else None
            release.working = numbers[parcel.working] if parcel.working is not None else None
            for name, value in withheld.items():
                setattr(release, name, value)
            for one in parcel.happened:
                one.row.pk, one.row.release = None, release
                one.row.revision = numbers[one.revision] if one.revision is not None else None
        # A frozen revision takes no more topics, so freezing comes after them.
        if steps:
            Revision.objects.bulk_update(steps, _STEPS, batch_size=BATCH)
        names = ["live", "working", *_WITHHELD]
        Release.objects.bulk_update([parcel.release for parcel in batch], names, batch_size=BATCH)
        rows = [one.row for parcel in batch for one in parcel.happened]
        corrections = (row for row in rows if isinstance(row, Correction))
        Correction.objects.bulk_create(corrections, batch_size=500)
        Event.objects.bulk_create((row for row in rows if isinstance(row, Event)), batch_size=500)
        Refiling.objects.bulk_create(
            Refiling(release=parcel.release, source_id=source, target_id=target)
            for parcel in batch
            for source, target in parcel.refilings
        )


_STEPS = ["submitted_at", "submitted_by", "approved_at", "approved_by", "frozen_at"]
_WITHHELD = ("updated_at", "withdrawn_at", "withdrawal_notice", "withdrawal_hides_title", "back_since")


def _keep_revisions(batch: Sequence[Parcel]) -> list[Revision]:
    """Insert every revision as an unfrozen one, with its topics; returns those that took steps, with these set."""
    taken: list[tuple[Revision, dict[str, object]]] = []
    revisions = list(chain.from_iterable(parcel.revisions for parcel in batch))
    for parcel in batch:
        for revision in parcel.revisions:
            revision.pk, revision.release = None, parcel.release
            steps = {name: getattr(revision, name) for name in _STEPS}
            if any(steps.values()):
                taken.append((revision, steps))
                for name in _STEPS:
                    setattr(revision, name, None)
    try:
        Revision.objects.bulk_create(revisions, batch_size=BATCH)
        RevisionTopic.objects.bulk_create(
            RevisionTopic(content_object=revision, tag_id=topic)
            for parcel in batch
            for revision in parcel.revisions
            for topic in parcel.topics.get(revision.number, ())
        )
    finally:
        for revision, steps in taken:
            for name, value in steps.items():
                setattr(revision, name, value)
    return [revision for revision, _steps in taken]


def _withhold(parcel: Parcel, groups: dict[UUID, TranslationGroup]) -> dict[str, object]:
    """Take from a release what it may only have once it has live words; returns it."""
    release = parcel.release
    release.pk = release.live = release.working = None
    if parcel.group is not None:
        release.translation_group = groups[parcel.group]
    if parcel.withheld is None:
        parcel.withheld = {name: getattr(release, name) for name in _WITHHELD}
    release.updated_at = release.withdrawn_at = release.back_since = None
    release.withdrawal_notice, release.withdrawal_hides_title = "", False
    return parcel.withheld


def _groups(batch: Sequence[Parcel]) -> dict[UUID, TranslationGroup]:
    wanted = {parcel.group for parcel in batch if parcel.group is not None}
    found = {group.uuid: group for group in TranslationGroup.objects.filter(uuid__in=wanted)}
    for uuid in sorted(wanted - found.keys()):
        found[uuid] = TranslationGroup.objects.create(uuid=uuid)
    return found


def settle_addresses(batch: Sequence[Parcel]) -> None:
    """Give each release an address that nobody has or had, its own where that is free; say where it is not."""
    slugs = {slug for parcel in batch for _language, slug in parcel.addresses}
    slugs |= {parcel.release.slug for parcel in batch}
    taken = set(Address.objects.filter(slug__in=slugs).values_list("language", "slug"))
    for parcel in batch:
        release = parcel.release
        own = (release.language, release.slug)
        if own in taken:
            tail = f"-{release.uuid.hex[:8]}"
            release.slug = release.slug[: SLUG_LENGTH - len(tail)] + tail
            parcel.problems.append(
                _("The address “%(old)s” belongs to another release; it stands at “%(new)s” now.")
                % {"old": own[1], "new": release.slug}
            )
            parcel.addresses = [
                (release.language, release.slug) if one == own else one for one in parcel.addresses
            ]
            own = (release.language, release.slug)
        free = [one for one in dict.fromkeys(parcel.addresses) if one not in taken or one == own]
        for language, slug in set(parcel.addresses) - set(free):
            parcel.problems.append(
                _("The former address “%(slug)s” (%(language)s) belongs to another release.")
                % {"slug": slug, "language": language}
            )
        parcel.addresses = free if own in free else [*free, own]
        taken.update(parcel.addresses)
