"""Thousands of visible releases at once, without the workflow's cost."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Model
from django.utils import timezone

from newsroom.accounts.models import User
from releases import editions
from releases.counts import rebuild_counts
from releases.models import Address, Release, ReleaseTopic, Revision, Topic


def many(
    count: int, *, body: str = "", topic: Topic | None = None, newest: datetime | None = None
) -> list[Release]:
    """So many releases, a minute apart, each with `body` as its text in feeds and filed under `topic`."""
    now = newest or timezone.now()
    user, _ = User.objects.get_or_create(username="bulk")
    releases = Release.objects.bulk_create(
        [
            Release(
                slug=f"bulk-{n}", created_at=now, created_by=user, publish_at=now - timedelta(minutes=n + 1)
            )
            for n in range(count)
        ],
        batch_size=500,
    )
    Address.objects.bulk_create(
        [Address(language="en", slug=one.slug, release=one) for one in releases], batch_size=500
    )
    revisions = Revision.objects.bulk_create(
        [
            Revision(
                release=one, number=1, title="T", body=body, body_feed=body, created_at=now, edited_at=now
            )
            for one in releases
        ],
        batch_size=100,
    )
    for one, words in zip(releases, revisions, strict=True):
        one.live = words
    Release.objects.bulk_update(releases, ["live"], batch_size=400)
    if topic:
        ReleaseTopic.objects.bulk_create(
            [ReleaseTopic(tag=topic, content_object=one) for one in releases], batch_size=500
        )
    filled = (Release, Address, Revision, *((ReleaseTopic,) if topic else ()))
    analyse(*filled)
    rebuild_counts()
    return releases


def analyse(*models: type[Model]) -> None:
    """Let PostgreSQL's planner know of many new rows in these tables, as it does on a site, where they are committed.

    The lists that this process has read do not hold them, and are forgotten.

    Only of tables that hold some: of one that holds none but had some in a test before, it would believe for good that it is empty, and
    read it through for each row of another.
    """
    editions.forget_all()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for model in models:
                cursor.execute(f'ANALYZE "{model._meta.db_table}"')


@contextmanager
def analyses() -> Iterator[list[str]]:
    """The statements by which code wants to tell PostgreSQL's planner of many rows. They are kept from it: see `analyse`."""
    found: list[str] = []

    def keep(execute, sql, params, many, context):
        if not sql.startswith("ANALYZE"):
            return execute(sql, params, many, context)
        found.append(sql)
        return None

    with connection.execute_wrapper(keep):
        yield found
