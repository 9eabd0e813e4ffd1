"""What the site needs to work, each looked at for itself: the answer to /readyz, and the operator's page."""

import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.apps import apps
from django.conf import settings
from django.core.cache import caches
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import Error as AnyDatabaseError
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.delivery.cache_backends import FaultTolerant
from releases.models.edition import Ping

# So long after it could have been done, something in the queue is late.
LATE = timedelta(minutes=30)
# For how long an answer counts: whoever asks often costs as much as who asks once a second.
REMEMBERED = 1.0  # seconds


class Fault(Exception):
    """What is wrong, in words for whoever runs the site."""


class Found(NamedTuple):
    """One thing that was looked at. The site does without what is not `needed`."""

    name: str
    fault: str
    needed: bool

    @property
    def label(self) -> str:
        """Its name, for people."""
        return {
            "database": _("Database"), "migrations": _("Migrations"), "storage": _("Storage of files"), "disk": _("Room on the disk"),
            "cache": _("Cache"), "queue": _("What waits to be sent"),
        }[self.name]  # fmt: skip


def database() -> None:
    """It answers."""
    try:
        with connection.cursor() as cursor:
            # Where its file is gone SQLite makes an empty one, and answers for it.
            cursor.execute("SELECT 1 FROM django_migrations LIMIT 1" if _all_have_run else "SELECT 1")
    except AnyDatabaseError as error:
        raise Fault(_("The database does not answer.")) from error


_known_names: frozenset[tuple[str, str]] = frozenset()
_all_have_run = False


def migrations() -> None:
    """Every one has run. Once that is so it stays so as long as this process runs this code; until then one query tells."""
    global _known_names, _all_have_run
    if _all_have_run:
        return
    if not _known_names:
        loader = MigrationLoader(None, ignore_no_migrations=True)
        _known_names = frozenset(loader.disk_migrations) - {
            replaced for one in loader.disk_migrations.values() for replaced in one.replaces
        }
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT app, name FROM django_migrations")
            waiting = len(_known_names - set(cursor.fetchall()))
    except AnyDatabaseError as error:
        raise Fault(_("Nobody knows whether the migrations have run.")) from error
    if waiting:
        raise Fault(_("%(count)d migrations have not run.") % {"count": waiting})
    _all_have_run = True


def storage() -> None:
    """A file can be written where pictures lie."""
    try:
        if isinstance(default_storage, FileSystemStorage) or isinstance(
            getattr(default_storage, "_wrapped", None), FileSystemStorage
        ):
            settings.MEDIA_ROOT.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=settings.MEDIA_ROOT) as file:
                file.write(b"x")
                file.flush()
        else:
            default_storage.exists("readyz")
    except Exception as error:  # each kind of storage has its own
        raise Fault(_("Files cannot be written: %(fault)s.") % {"fault": type(error).__name__}) from error


def disk() -> None:
    """There is room for a picture or two, and for the database to grow."""
    try:
        free = shutil.disk_usage(settings.DATA_DIR).free // 1024**2
    except OSError as error:
        raise Fault(_("The folder of the data is not there.")) from error
    if free < settings.DISK_MIN_MB:
        raise Fault(
            _("%(free)d MB are free, less than %(least)d.") % {"free": free, "least": settings.DISK_MIN_MB}
        )


def cache() -> None:
    """It keeps what it is given."""
    backend: Any = caches["default"]
    stamp = str(time.monotonic())
    if isinstance(backend, FaultTolerant):
        kept, _nothing = backend._try("set", "readyz", stamp, 60)
    else:
        backend.set("readyz", stamp, 60)
        kept = backend.get("readyz") is not None
    if not kept:
        raise Fault(_("The cache does not answer."))


def oldest_waiting() -> datetime | None:
    """Since when the oldest of what is to be done in the background waits."""
    due = Ping.objects.filter(sent_at=None, due_at__lte=timezone.now()).order_by("due_at")
    found = [due.values_list("due_at", flat=True).first()] if settings.WEBSUB_HUB else []
    if "Database" in settings.TASKS["default"]["BACKEND"] and apps.is_installed("django_tasks_db"):
        from django_tasks_db.models import DBTaskResult

        ready = DBTaskResult.objects.filter(status="READY").order_by("enqueued_at")
        found.append(ready.values_list("enqueued_at", flat=True).first())
    return min(filter(None, found), default=None)


def queue() -> None:
    """Somebody does it."""
    try:
        oldest = oldest_waiting()
    except AnyDatabaseError as error:
        raise Fault(_("The database does not answer.")) from error
    if oldest is not None and timezone.now() - oldest > LATE:
        minutes = int((timezone.now() - oldest).total_seconds()) // 60
        raise Fault(
            _("The oldest has waited for %(minutes)d minutes: does its timer, or the worker, run?")
            % {"minutes": minutes}
        )


NEEDED: tuple[Callable[[], None], ...] = (database, migrations, storage, disk)
# Without these the site is slower, or some news late; who takes it out of service for that makes it worse.
HELPFUL: tuple[Callable[[], None], ...] = (cache, queue)

_remembered: tuple[float, tuple[Found, ...]] = (float("-inf"), ())


def found(*, anew: bool = False) -> tuple[Found, ...]:
    """All of it, looked at now or within the last second."""
    global _remembered
    at, known = _remembered
    if anew or time.monotonic() - at > REMEMBERED:
        known = tuple(
            Found(one.__name__, _fault_of(one), needed=one in NEEDED) for one in (*NEEDED, *HELPFUL)
        )
        _remembered = (time.monotonic(), known)
    return known


def _fault_of(look: Callable[[], None]) -> str:
    try:
        look()
    except Fault as fault:
        return str(fault)
    return ""
