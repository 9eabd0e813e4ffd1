"""Saves imported releases in batches, with their history: the same rows as the workflow would leave, in a few statements a batch."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import chain
from uuid import UUID

from django.db import DataError, IntegrityError, connection, reset_queries, transaction
from django.db.models import Model
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
class HistoryRow:
    """An event or correction; `revision` is a revision's number, None for none."""

    row: Event | Correction
    revision: int | None


@dataclass
class NewRelease:
    """An imported release: its words are written and derived, none of its rows is saved yet."""

    release: Release
    revisions: list[Revision]
    topics: dict[int, list[int]] = field(default_factory=dict)  # revision's number: primary keys of topics
    live: int | None = None  # the number of the live revision
    working: int | None = None
    addresses: list[tuple[str, str]] = field(default_factory=list)  # language and slug, oldest first
    former_paths: list[str] = field(default_factory=list)
    history: list[HistoryRow] = field(default_factory=list)
    refilings: list[tuple[int, int]] = field(default_factory=list)  # topics: from and to
    group: UUID | None = None
    problems: list[str] = field(default_factory=list)
    name: str = ""  # of the page or line that it came from
    deferred: dict[str, object] | None = None  # columns of the release that wait until it has live words

    @property
    def note_count(self) -> int:
        """How many notes readers see, or will see."""
        number = self.live or self.working
        return sum(one.note_count for one in self.revisions if one.number == number)

    @property
    def weight(self) -> int:
        """Roughly how many characters it holds."""
        return sum(len(one.body) for one in self.revisions)


@dataclass
class Result:
    """What an import did, or would do. What its way in does not know stays 0."""

    added: int = 0
    known: int = 0
    refused: int = 0
    notes: int = 0
    people: int = 0
    topics: int = 0
    pictures: int = 0
    copies: int = 0
    files: int = 0
    events: int = 0
    unknown_topics: dict[str, int] = field(default_factory=dict)
    complete: bool = True
    reports: list[tuple[str, list[str]]] = field(default_factory=list)  # of a page or line: what became of it

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Each sentence of the reports by itself, with the page or line."""
        return [(name, sentence) for name, sentences in self.reports for sentence in sentences]

    def report(self, name: str, *sentences: str) -> None:
        """Say what became of a page or line."""
        self.reports.append((name, list(sentences)))

    def refuse(self, name: str, reason: str) -> None:
        """Leave a page or line out."""
        self.refused += 1
        self.report(name, reason)


# From so many new releases on the database is told at once; of fewer it hears in its own time.
MANY = 500


def take_stock(added: int) -> None:
    """Let PostgreSQL's planner know of many new rows. Until its own housekeeping comes round, it believes that the tables are
    empty, and reads them through for each row of another."""
    if added >= MANY and connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def batches(new_releases: Iterable[NewRelease | None]) -> Iterator[list[NewRelease]]:
    """Releases in lists of limited length and size. A None ends a list: what comes next needs those before it saved."""
    batch: list[NewRelease] = []
    weight = 0
    for new_release in new_releases:
        if new_release is not None:
            batch.append(new_release)
            weight += new_release.weight
        full = len(batch) >= BATCH or weight > BATCH_CHARACTERS
        if batch and (new_release is None or full):
            yield batch
            batch, weight = [], 0
    if batch:
        yield batch


def existing_uuids(uuids: Iterable[UUID]) -> set[UUID]:
    """Those of releases that exist already."""
    return set(Release.objects.filter(uuid__in=list(uuids)).values_list("uuid", flat=True))


def save_new(batch: Sequence[NewRelease], result: Result, *, dry: bool, at: datetime) -> None:
    """Save those of a batch that do not exist yet, and count them: another import may run at the same time. `dry` saves
    nothing, and counts what would be saved."""
    existing = existing_uuids(one.release.uuid for one in batch)
    new = [one for one in batch if one.release.uuid not in existing]
    saved = new
    if dry:
        resolve_addresses(new)
    elif new:
        saved = save_batch(new, at=at)
    result.known += len(batch) - len(new)
    result.added += len(saved)
    result.refused += len(new) - len(saved)
    result.notes += sum(one.note_count for one in saved)
    result.reports += [(one.name, one.problems) for one in new]


def save_batch(batch: Sequence[NewRelease], *, at: datetime | None = None) -> list[NewRelease]:
    """Save a batch in one transaction; returns those that were saved.

    Where the database refuses one, the others are saved one by one, and the refused one has the reason in its `problems`.
    """
    at = at or timezone.now()
    # With DEBUG, Django keeps the text of its last 9,000 statements, and these are long ones.
    reset_queries()
    try:
        _save(batch, at)
        return list(batch)
    except (IntegrityError, DataError) as error:
        if len(batch) == 1:
            batch[0].problems.append(_("The database refused it: %s") % str(error).splitlines()[0])
            return []
    return [saved for one in batch for saved in save_batch([one], at=at)]


@transaction.atomic
def _save(batch: Sequence[NewRelease], at: datetime) -> None:
    resolve_addresses(batch)
    groups = _groups(batch)
    later = [_defer(new_release, groups) for new_release in batch]
    # A batch would wait for the hub: the command tells it of all of them.
    with public_change(*(new_release.release for new_release in batch), send=False, at=at):
        Release.objects.bulk_create(new_release.release for new_release in batch)
        Address.objects.bulk_create(
            Address(language=language, slug=slug, release=new_release.release)
            for new_release in batch
            for language, slug in new_release.addresses
        )
        FormerPath.objects.bulk_create(
            (
                FormerPath(path=path, release=new_release.release)
                for new_release in batch
                for path in new_release.former_paths
            ),
            ignore_conflicts=True,
        )
        steps = _insert_revisions(batch)
        for new_release, deferred in zip(batch, later, strict=True):
            numbers = {one.number: one for one in new_release.revisions}
            release = new_release.release
            release.live = numbers[new_release.live] if new_release.live is not None else None
            release.working = numbers[new_release.working] if new_release.working is not None else None
            for name, value in deferred.items():
                setattr(release, name, value)
            for one in new_release.history:
                one.row.pk, one.row.release = None, release
                one.row.revision = numbers[one.revision] if one.revision is not None else None
        # A frozen revision takes no more topics, so freezing comes after them.
        if steps:
            _update_each(Revision, steps, _STEPS)
        _update_each(Release, [one.release for one in batch], ["live", "working", *_deferred()])
        rows = [one.row for new_release in batch for one in new_release.history]
        corrections = (row for row in rows if isinstance(row, Correction))
        Correction.objects.bulk_create(corrections, batch_size=500)
        Event.objects.bulk_create((row for row in rows if isinstance(row, Event)), batch_size=500)
        Refiling.objects.bulk_create(
            Refiling(release=new_release.release, source_id=source, target_id=target)
            for new_release in batch
            for source, target in new_release.refilings
        )


_STEPS = ["submitted_at", "submitted_by", "approved_at", "approved_by", "frozen_at"]
_AT_ONCE = frozenset({
    "id", "uuid", "language", "slug", "publish_at", "live", "working", "translation_group", "created_at", "created_by",
})  # fmt: skip


@cache
def _deferred() -> dict[str, object]:
    """What a release may only have once it has live words, with what it has until then: every other column, so that none that is
    added is forgotten."""
    return {one.name: one.get_default() for one in Release._meta.concrete_fields if one.name not in _AT_ONCE}


def _update_each(model: type[Model], rows: Sequence[Model], names: Collection[str]) -> None:
    """Write these columns of each row: one short statement, prepared once. `bulk_update` would build a CASE with a branch for
    every row and column, which took a fifth of an import."""
    fields = [one for one in model._meta.concrete_fields if one.name in names]
    quote = connection.ops.quote_name
    columns = ", ".join(f"{quote(one.db_column or one.attname)} = %s" for one in fields)
    table, key = quote(model._meta.db_table), quote(model._meta.pk.attname)
    statement = f"UPDATE {table} SET {columns} WHERE {key} = %s"  # noqa: S608  names of our own tables
    with connection.cursor() as cursor:
        cursor.executemany(
            statement,
            [
                [*(one.get_db_prep_save(getattr(row, one.attname), connection) for one in fields), row.pk]
                for row in rows
            ],
        )


def _insert_revisions(batch: Sequence[NewRelease]) -> list[Revision]:
    """Insert every revision as an unfrozen one, with its topics. Returns those that were submitted or frozen, with that set."""
    with_steps: list[tuple[Revision, dict[str, object]]] = []
    revisions = list(chain.from_iterable(new_release.revisions for new_release in batch))
    for new_release in batch:
        for revision in new_release.revisions:
            revision.pk, revision.release = None, new_release.release
            steps = {name: getattr(revision, name) for name in _STEPS}
            if any(steps.values()):
                with_steps.append((revision, steps))
                for name in _STEPS:
                    setattr(revision, name, None)
    try:
        Revision.objects.bulk_create(revisions, batch_size=BATCH)
        RevisionTopic.objects.bulk_create(
            RevisionTopic(content_object=revision, tag_id=topic)
            for new_release in batch
            for revision in new_release.revisions
            for topic in new_release.topics.get(revision.number, ())
        )
    finally:
        for revision, steps in with_steps:
            for name, value in steps.items():
                setattr(revision, name, value)
    return [revision for revision, _steps in with_steps]


def _defer(new_release: NewRelease, groups: dict[UUID, TranslationGroup]) -> dict[str, object]:
    """Clear the columns that a release may only have once it has live words; returns their values."""
    release = new_release.release
    release.pk = release.live = release.working = None
    if new_release.group is not None:
        release.translation_group = groups[new_release.group]
    if new_release.deferred is None:
        new_release.deferred = {name: getattr(release, name) for name in _deferred()}
    for name, default in _deferred().items():
        setattr(release, name, default)
    return new_release.deferred


def _groups(batch: Sequence[NewRelease]) -> dict[UUID, TranslationGroup]:
    wanted = {new_release.group for new_release in batch if new_release.group is not None}
    found = {group.uuid: group for group in TranslationGroup.objects.filter(uuid__in=wanted)}
    for uuid in sorted(wanted - found.keys()):
        found[uuid] = TranslationGroup.objects.create(uuid=uuid)
    return found


def resolve_addresses(batch: Sequence[NewRelease]) -> None:
    """Give each release an address that no other release has or had. Reports where its own is not free."""
    slugs = {slug for new_release in batch for _language, slug in new_release.addresses}
    slugs |= {new_release.release.slug for new_release in batch}
    taken = set(Address.objects.filter(slug__in=slugs).values_list("language", "slug"))
    for new_release in batch:
        release = new_release.release
        own = (release.language, release.slug)
        if own in taken:
            tail = f"-{release.uuid.hex[:8]}"
            release.slug = release.slug[: SLUG_LENGTH - len(tail)] + tail
            new_release.problems.append(
                _("The address “%(old)s” belongs to another release; it stands at “%(new)s” now.")
                % {"old": own[1], "new": release.slug}
            )
            new_release.addresses = [
                (release.language, release.slug) if one == own else one for one in new_release.addresses
            ]
            own = (release.language, release.slug)
        free = [one for one in dict.fromkeys(new_release.addresses) if one not in taken or one == own]
        for language, slug in set(new_release.addresses) - set(free):
            new_release.problems.append(
                _("The former address “%(slug)s” (%(language)s) belongs to another release.")
                % {"slug": slug, "language": language}
            )
        new_release.addresses = free if own in free else [*free, own]
        taken.update(new_release.addresses)
