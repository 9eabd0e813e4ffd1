"""What every test may ask for: people, topics and releases in any state, all made through the workflow."""

import gc
from pathlib import Path

import pytest
from django.core.cache import caches
from django.db import transaction
from django.test import TransactionTestCase, override_settings
from django.test.client import ClientHandler

from newsroom.delivery.page_cache import pages
from releases import editions
from tests import database
from tests.depth import DEEP
from tests.makers import Makers

# What runs on PostgreSQL by default. Whose subject is what a database does: locks, conditions, aggregates, orders, triggers,
# constraints, text and times; and, of the others, the few that between them ask nearly every kind of statement that the site has.
SQL = (
    "accounts/test_invitations",
    "accounts/test_limits",
    "accounts/test_people_admin",
    "accounts/test_record",
    "accounts/test_second_factor",
    "admin/test_base",
    "admin/test_event_log",
    "admin/test_process_pages",
    "admin/test_together",
    "admin/test_topics",
    "admin/test_translations",
    "admin/test_versions",
    "delivery/test_faults",
    "delivery/test_page_cache",
    "delivery/test_pooler",
    "delivery/test_real_faults",
    "delivery/test_replicas",
    "feeds/test_outbox",
    "intake/test_docx_in_the_admin",
    "intake/test_folder",
    "intake/test_format",
    "intake/test_killed",
    "intake/test_records.",
    "intake/test_round_trip",
    "leaks/test_alike",
    "leaks/test_moments",
    "models/",
    "pictures/test_gate",
    "pictures/test_library",
    "pictures/test_twins",
    "reading/test_api",
    "reading/test_history",
    "reading/test_withdrawn",
    "safety/test_backup",
    "safety/test_remains",
    "safety/test_scrub_page",
    "safety/test_under_load",
    "search/test_engine",
    "search/test_find",
    "search/test_page",
    "search/test_staff",
    "sources/test_admin",
    "sources/test_check",
    "sources/test_manners",
    "sources/test_record",
    "test_database",
    "test_sitemaps",
    "views/test_ends_of_the_calendar",
    "views/test_follow",
    "views/test_lists",
    "views/test_topic_page",
    "workflow/test_addresses",
    "workflow/test_drafts",
    "workflow/test_editions",
    "workflow/test_faults",
    "workflow/test_kills",
    "workflow/test_previews",
    "workflow/test_public_change",
    "workflow/test_publication",
    "workflow/test_rebuild",
    "workflow/test_removal",
    "workflow/test_table",
    "workflow/test_together",
    "workflow/test_topics",
    "workflow/test_translations",
    "workflow/test_versions",
)


# What takes long to make for a module. These come first: the first process has them whole, and none stands at the end, when
# the others have nothing left to do.
FIRST = ("newsroom/test_operators_guide", "intake/test_docx_hostile")


def pytest_addoption(parser):
    parser.addoption(
        "--only-with-database",
        action="store_true",
        help="leave out what never asks the database, and so has been tested when it ran on another",
    )
    parser.addoption(
        "--only-sql",
        action="store_true",
        help="run what another database can change: the modules that SQL names, without the cases marked `alike`",
    )


def pytest_ignore_collect(collection_path, config):
    """With --only-sql the other modules are not even imported."""
    other = collection_path.name.startswith("test_") and not _is_sql(collection_path)
    return True if other and config.getoption("--only-sql") else None


def pytest_collection_modifyitems(config, items):
    wanted = list(items)
    if not DEEP:
        wanted = [item for item in wanted if item.get_closest_marker("deep") is None]
    if config.getoption("--only-with-database"):
        wanted = [item for item in wanted if _asks_the_database(item)]
    if config.getoption("--only-sql"):
        wanted = [
            item
            for item in wanted
            if _asks_the_database(item) and _is_sql(item.path) and item.get_closest_marker("alike") is None
        ]
    kept = set(wanted)
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = sorted(wanted, key=lambda item: not _is_in(item.path, FIRST))


def pytest_collection_finish(session):
    """What has been imported and collected stays until the end: the garbage collector need not look through it again and again.
    Nor need it look after each 700 new objects, as it does by itself; a request makes tens of thousands."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _asks_the_database(item):
    if item.get_closest_marker("django_db") is not None:
        return True
    return not {"db", "transactional_db", "django_db_setup", "live_server"}.isdisjoint(item.fixturenames)


def _is_sql(path):
    return _is_in(path, SQL)


def _is_in(path, modules):
    return path.relative_to(Path(__file__).parent).as_posix().startswith(modules)


@pytest.fixture(autouse=True)
def files_are_read_to_the_end(monkeypatch):
    """As every browser does, and every server that sends them: a file that is sent is open until then."""
    answer = ClientHandler.__call__

    def read(self, environ):
        response = answer(self, environ)
        if response.streaming:
            response.streaming_content = [b"".join(response.streaming_content)]
        return response

    monkeypatch.setattr(ClientHandler, "__call__", read)


@pytest.fixture(autouse=True)
def empty_caches():
    """A page kept by one test is not another's."""
    for cache in (*caches.all(), pages()):
        cache.clear()
    editions.forget_all()
    yield
    for cache in caches.all():
        cache.clear()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, django_db_modify_db_settings):
    """A copy of a database that has been migrated already, in the place of one that is migrated now."""
    with django_db_blocker.unblock():
        database.create()
    yield
    with django_db_blocker.unblock():
        database.remove()


@pytest.fixture(autouse=True, scope="session")
def after_commits_migrated_rows_are_brought_back():
    """Django's way empties each table and makes what belongs to models anew, which takes longer than most tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: database.bring_back())
        yield


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


@pytest.fixture
def requests_have_one_name(monkeypatch):
    """So that answers can be compared to the last header."""
    monkeypatch.setattr("newsroom.delivery.requests.new_name", lambda: "0" * 16)
