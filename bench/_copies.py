"""A newsroom of any size for measuring: some releases made by the workflow, and copies of all their rows made by SQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.utils import timezone

from releases import workflow
from releases.counts import rebuild_counts
from releases.editions import raise_edition
from releases.models import (
    Address,
    Correction,
    Event,
    Release,
    ReleaseTopic,
    Revision,
    RevisionTopic,
    SearchEntry,
    SourceCitation,
    TranslationGroup,
    Version,
)
from releases.sample.load import Staff, load, load_large, staff
from releases.workflow import words_of

# The generated releases that are copied, and how many revisions each of them has.
RELEASES, REVISIONS = 180, 10
MINUTES = 37  # between a release and its copy
AS_IT_WAS = "<p>As it was.</p>"
# A guard lets nobody file a frozen revision under a topic: these rows come before their revisions.
COPIED: tuple[type[models.Model], ...] = (
    TranslationGroup, RevisionTopic, Release, Revision, Address, ReleaseTopic, Event, Correction, Version,
    SearchEntry, SourceCitation,
)  # fmt: skip


def grow(count: int) -> None:
    """Let the newsroom of the environment have `count` releases or some more; one that has as many stays as it is."""
    if not Release.objects.exists():
        _begin(staff())
    multiply(count)


def multiply(count: int) -> None:
    """Copy all releases that there are until there are `count` or some more."""
    originals = Release.objects.count()
    if originals >= count:
        return
    # A copy's keys are those of its original and so many strides more; what is copied comes before the first stride.
    last = {model: model._default_manager.aggregate(last=models.Max("pk"))["last"] or 0 for model in COPIED}
    with _without_search_index():
        for number in range(1, -(-count // originals)):
            with transaction.atomic():
                _copy(number, last)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(COPIED)):
            cursor.execute(statement)
    rebuild_counts()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    with transaction.atomic():
        raise_edition(timezone.now())


@contextmanager
def _without_search_index() -> Iterator[None]:
    """PostgreSQL builds it anew in a tenth of the time that it takes to add to it."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND indexdef LIKE %s",
            [SearchEntry._meta.db_table, "%USING gin%"],
        )
        found = cursor.fetchall()
        for name, _ in found:
            cursor.execute(f"DROP INDEX {name}")
        yield
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for _, written in found:
            cursor.execute(written)


def _begin(by: Staff) -> None:
    """The releases that are copied. Most are published, some of these have a draft; some are in each other state."""
    now = timezone.now()
    load(by=by, at=now)
    load_large(RELEASES, by=by, at=now)
    published = Release.objects.visible(now).filter(working=None, translation_group=None)
    releases = list(published.select_related("live").order_by("pk"))
    for one in releases:
        _add_revisions(one, now)
    for number, one in enumerate(releases[:50]):
        assert one.live is not None
        words = words_of(one.live)
        ahead = replace(words, publish_at=now + timedelta(days=60 + number), title=f"{words.title}, {number}")
        if number < 15:
            draft = workflow.save_draft(one, replace(words, title=f"{words.title}, again"), by=by.author)
            if number < 5:
                workflow.submit(draft, by=by.author)
        elif number == 15:
            workflow.withdraw(one, by=by.editor, notice="It was wrong.")
        else:
            draft = workflow.save_draft(None, ahead, by=by.author, language=one.language)
            if number >= 30:
                workflow.submit(draft, by=by.author)
            if number >= 35:
                workflow.approve(draft, by=by.editor)
            if number >= 40:
                workflow.schedule(draft, by=by.editor)


def _add_revisions(release: Release, at: datetime) -> None:
    """Further revisions with short bodies, and their events, as a text has them that is mended often."""
    live = release.live
    assert live is not None
    made = Revision.objects.bulk_create(
        Revision(
            release=release, number=live.number + further, title=live.title, body=AS_IT_WAS, body_page=AS_IT_WAS,
            body_feed=AS_IT_WAS, body_text="As it was.", created_at=at,
            created_by_id=live.created_by_id, edited_at=at, edited_by_id=live.edited_by_id, submitted_at=at,
            submitted_by_id=live.created_by_id, approved_at=at, approved_by_id=live.edited_by_id, frozen_at=at,
        )
        for further in range(1, REVISIONS)
    )  # fmt: skip
    Event.objects.bulk_create(
        Event(release=release, revision=one, user_id=one.created_by_id, verb="publish", at=at) for one in made
    )


def _copy(number: int, last: dict[type[models.Model], int]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Copies of rows that keep every rule keep them, too: no key is looked up for each of them.
            cursor.execute("SET LOCAL session_replication_role = replica")
        for model in COPIED:
            fields = model._meta.concrete_fields
            columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
            values = ", ".join(_value(field, number, last) for field in fields)
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(
                f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} WHERE id <= {last[model]}"
            )


def _value(field: models.Field, number: int, last: dict[type[models.Model], int]) -> str:
    column = connection.ops.quote_name(field.column)
    postgres = connection.vendor == "postgresql"
    copied = field.model if field.primary_key else field.related_model
    if copied in last:
        return f"{column} + {number * (last[copied] + 1)}"
    if isinstance(field, models.UUIDField):
        return "gen_random_uuid()" if postgres else "lower(hex(randomblob(16)))"
    if isinstance(field, models.DateTimeField):
        minutes = number * MINUTES
        ago = f"{column} - interval '{minutes} minutes'"
        return ago if postgres else f"strftime('%Y-%m-%d %H:%M:%f', {column}, '-{minutes} minutes')"
    if field.name == "slug":
        return f"{column} || '-{last[Release]}-{number}'"
    return column
