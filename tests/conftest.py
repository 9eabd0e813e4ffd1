"""What every test may ask for: people, topics and releases in any state, all made through the workflow."""

import itertools
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.cache import caches
from django.db import connection
from django.utils import timezone

from releases import editions, workflow
from releases.migrations import _guards as guards
from releases.models import Release, Topic
from releases.workflow import Words
from tests.depth import DEEP

NOTE_KEYS = (f"k{number:05d}" for number in itertools.count())


# Whose code writes SQL of its own, or locks: conditions, aggregates, subqueries, indexes, triggers, constraints. What stands
# elsewhere asks for rows by key or through the querysets of these, and so shows the same on every database.
SQL = ("models", "workflow", "search", "sources", "discovery", "feeds", "pictures", "views")


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
def make_user(db, django_user_model):
    """Make a person with a role."""
    from newsroom.accounts.roles import assign_role

    def make(name="ed", role="editor", password="correct horse battery staple"):
        user = django_user_model.objects.create_user(name, password=password)
        assign_role(user, role)
        return user

    return make


@pytest.fixture
def editor(make_user):
    return make_user("edith", "editor")


@pytest.fixture
def writer(make_user):
    return make_user("walter", "writer")


@pytest.fixture
def chief(make_user):
    return make_user("charlotte", "chief")


@pytest.fixture
def make_topic(db):
    """Make a topic of the vocabulary."""

    def make(name, **fields):
        return Topic.objects.create(name=name, **fields)

    return make


@pytest.fixture
def make_draft(db, editor):
    """Make a draft; `notes` is how many it cites in as many paragraphs."""

    def make(title="A title", *, notes=0, by=None, language=None, slug="", at=None, **words):
        words.setdefault("body", body_with(notes))
        return workflow.save_draft(
            None, Words(title=title, **words), by=by or editor, language=language, slug=slug, at=at
        )

    return make


@pytest.fixture
def make_release(make_draft, editor):
    """Make a published release; `publish_at` in the future makes it an embargoed one."""

    def make(title="A title", *, publish_at: datetime | None = None, **words) -> Release:
        draft = make_draft(title, publish_at=publish_at or timezone.now() - timedelta(minutes=5), **words)
        return workflow.publish(draft, by=editor)

    return make


@pytest.fixture
def make_picture(editor, settings, tmp_path):
    """Make a picture of the library; its files lie in a folder of the test's own."""
    from tests.pictures.conftest import photo

    settings.MEDIA_ROOT = tmp_path / "media"

    def make(name="photo.jpg", *, by=None, **options):
        return workflow.add_picture(photo(**options), name=name, by=by or editor)

    return make


def body_with(notes: int) -> str:
    """A body of as many paragraphs, each citing a note of its own; one plain paragraph for none."""
    if not notes:
        return "<p>Words without a note.</p>"
    keys = [next(NOTE_KEYS) for _ in range(notes)]
    claims = "".join(
        f'<p>Claim {n}<sup class="footnote-ref"><a href="#fn-{key}" id="fnref-{key}">{n}</a></sup> of many.</p>'
        for n, key in enumerate(keys, 1)
    )
    sources = "".join(
        f'<li id="fn-{key}"><p>Source {n}, <a href="https://example.org/{n}">report</a>.</p></li>'
        for n, key in enumerate(keys, 1)
    )
    return f'{claims}<ol class="footnotes">{sources}</ol>'
