"""What every test may ask for: people, topics and releases in any state, all made through the workflow."""

import gc
from pathlib import Path

import pytest
from django.core.cache import caches
from django.db import connection, transaction
from django.test import override_settings

from releases import editions
from releases.migrations import _guards as guards
from tests.depth import DEEP
from tests.makers import Makers

# Whose code writes SQL of its own, or locks: conditions, aggregates, subqueries, indexes, triggers, constraints. What stands
# elsewhere asks for rows by key or through the querysets of these, and so shows the same on every database.
SQL = ("models", "workflow", "search", "sources", "reading", "feeds", "pictures", "views")


def pytest_addoption(parser):
    parser.addoption(
        "--only-with-database",
        action="store_true",
        help="leave out what never asks the database, and so has been tested when it ran on another",
    )
    parser.addoption(
        "--only-sql",
        action="store_true",
        help="run what another database can change: transactions, locks, and the directories whose code writes SQL",
    )


def pytest_collection_modifyitems(config, items):
    wanted = list(items)
    if not DEEP:
        wanted = [item for item in wanted if item.get_closest_marker("deep") is None]
    if config.getoption("--only-with-database"):
        wanted = [item for item in wanted if _asks_the_database(item)]
    if config.getoption("--only-sql"):
        wanted = [item for item in wanted if _asks_the_database(item) and _is_sql(item)]
    kept = set(wanted)
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = wanted


def pytest_collection_finish(session):
    """What has been imported and collected stays until the end: the garbage collector need not look through it again and again."""
    gc.collect()
    gc.freeze()


def _asks_the_database(item):
    if item.get_closest_marker("django_db") is not None:
        return True
    return not {"db", "transactional_db", "django_db_setup", "live_server"}.isdisjoint(item.fixturenames)


def _is_sql(item):
    marker = item.get_closest_marker("django_db")
    transactional = marker is not None and marker.kwargs.get("transaction", False)
    where = item.path.relative_to(Path(__file__).parent).parts[0]
    return transactional or where in SQL or item.get_closest_marker("sql") is not None


@pytest.fixture(autouse=True)
def empty_caches():
    """A page kept by one test is not another's."""
    for cache in caches.all():
        cache.clear()
    editions.forget_all()
    yield
    for cache in caches.all():
        cache.clear()


@pytest.fixture(autouse=True, scope="session")
def flush_lifts_the_guards():
    """Emptying the tables after a transactional test takes events away, which the triggers refuse; lift them for it."""
    operations = type(connection.ops)
    flush = operations.sql_flush

    def sql_flush(self, *args, **kwargs):
        found = flush(self, *args, **kwargs)
        return (
            [*guards.removals(self.connection), *found, *guards.statements(self.connection)]
            if found
            else found
        )

    operations.sql_flush = sql_flush


@pytest.fixture
def makers(db):
    return Makers()


@pytest.fixture(scope="module")
def module_makers(django_db_setup, django_db_blocker, tmp_path_factory):
    """Makers of what all tests of a module share: it is there until the module ends, and what a test does is taken back."""
    media = tmp_path_factory.mktemp("media")
    with override_settings(MEDIA_ROOT=media), django_db_blocker.unblock(), transaction.atomic():
        yield Makers()
        transaction.set_rollback(True)


@pytest.fixture
def make_user(makers):
    return makers.user


@pytest.fixture
def editor(makers):
    return makers.editor


@pytest.fixture
def writer(make_user):
    return make_user("walter", "writer")


@pytest.fixture
def chief(make_user):
    return make_user("charlotte", "chief")


@pytest.fixture
def make_topic(makers):
    return makers.topic


@pytest.fixture
def make_draft(makers, editor):
    return makers.draft


@pytest.fixture
def make_release(makers, editor):
    return makers.release


@pytest.fixture
def make_picture(makers, editor, settings, tmp_path):
    """Its files lie in a folder of the test's own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return makers.picture
