"""Every POST that the staff's side takes, sent by whoever; what it changed, and whether `permissions` lets them."""

import re
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from releases.models import Event, Release, Topic
from releases.permissions import TABLE, may
from tests.leaks.newsroom import Newsroom
from tests.leaks.staff import LEFT, addresses, routes
from tests.pictures.conftest import photo

# Written by whoever looks at a page, and nothing of record.
ANYBODYS = {
    "django_session",
    "releases_presence",
    "account_emailaddress",
    "accounts_accessentry",
    "accounts_opensession",
}
# Tables whose rows belong to a release, by the column that names it; whoever may save a draft of it may write them, where
# the event says with which verb.
OF_A_RELEASE = {
    "releases_release": "id", "releases_revision": "release_id", "releases_address": "release_id",
    "releases_releasetopic": "content_object_id", "releases_correction": "release_id", "releases_searchentry": "release_id",
    "releases_intent": "release_id",
}  # fmt: skip
# Written beside those, also by what is refused and undone in the end.
OF_ANY_VERB = {"releases_event", "releases_edition", "releases_revisiontopic"}
# The verb that lets somebody write a table that belongs to no release.
OF_A_VERB = {
    "releases_picture": "add picture", "releases_topic": "change topics", "releases_topicword": "change topics",
    "releases_formerslug": "change topics", "releases_refiling": "change topics", "releases_source": "archive source",
    "accounts_user": "change people", "accounts_invitation": "change people", "accounts_user_groups": "change people", "django_admin_log": "change people",
}  # fmt: skip
# What the record calls otherwise than the table of permissions.
SAID = {
    "revoke preview": "share preview", "rename topic": "change topics", "merge topics": "change topics",
    "split topic": "change topics", "retire topic": "change topics", "add topic": "change topics", "undo": "change topics",
}  # fmt: skip
FEW = {"nobody": 3, "no role": 3, "chief": 3}
BUTTONS = (
    "_save", "_submit", "_approve", "_publish", "_schedule", "_correct", "_return", "_unschedule", "_discard", "_hand_over",
    "_withdraw",
)  # fmt: skip


class Writes:
    """Notes which tables are written while it is open, and which rows differ; puts all back."""

    def __enter__(self) -> "Writes":
        self.before = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        self.tables: set[str] = set()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.noting = connection.execute_wrapper(self._note)
        self.noting.__enter__()
        return self

    def _note(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if found := re.match(r'(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM) "(\w+)"', sql):
            self.tables.add(found[1])
        return execute(sql, params, many, context)

    def events(self) -> list[Event]:
        return list(Event.objects.filter(pk__gt=self.before).select_related("release"))

    def __exit__(self, *raised: object) -> None:
        self.noting.__exit__(*raised)
        transaction.set_rollback(True)
        self.atomic.__exit__(*raised)


def unpermitted(world: Newsroom, role: str, writes: Writes) -> set[str]:
    """What was done that this person may not."""
    user = world.people.get(role)
    tables = writes.tables - ANYBODYS
    if "accounts_user" in tables and world.accounts == accounts_but_for_the_language_of(user):
        tables -= {"accounts_user"}  # anybody chooses the language of the pages that they read
    if not tables:
        return set()
    if user is None or role == "no role":
        return {f"wrote {table}" for table in tables}
    found = set()
    for event in writes.events():
        verb = SAID.get(event.verb, event.verb)
        as_it_was = world.by_pk.get(event.release_id)
        if event.user_id != user.pk:
            found.add(f"{event.verb} as somebody else")
        if verb not in TABLE or not may(user, verb, as_it_was):
            found.add(f"{event.verb} {as_it_was}")
    for table, column in OF_A_RELEASE.items():
        if table in tables:
            found |= {
                f"wrote {table} of {pk}"
                for pk in changed(world, table, column)
                if not theirs(world, user, pk)
            }
    known = {*OF_A_RELEASE, *OF_A_VERB}
    found |= {f"wrote {table}" for table in tables & OF_A_VERB.keys() if not may(user, OF_A_VERB[table])}
    if not writes.events():
        found |= {f"wrote {table} without an event" for table in tables - known - OF_ANY_VERB}
    return found


def theirs(world: Newsroom, user: Any, pk: int) -> bool:
    """A release that this person may write, or has just begun."""
    return pk not in world.by_pk or may(user, "save draft", world.by_pk[pk])


def rows(table: str) -> dict[Any, tuple]:
    model = next(one for one in apps.get_models(include_auto_created=True) if one._meta.db_table == table)
    return {
        row[0]: row
        for row in model.objects.values_list("pk", *(field.attname for field in model._meta.concrete_fields))
    }


def changed(world: Newsroom, table: str, column: str) -> set[int]:
    """The releases whose rows of this table are others now."""
    model = next(one for one in apps.get_models() if one._meta.db_table == table)
    names = ["pk", *(field.attname for field in model._meta.concrete_fields)]
    place = names.index(column if column != "id" else "pk")
    now, then = rows(table), world.rows[table]
    return {row[place] for row in {*map(repr_of, now.values())} ^ {*map(repr_of, then.values())}}


def repr_of(row: tuple) -> tuple:
    return tuple(value if isinstance(value, int | None) else repr(value) for value in row)


def accounts_but_for_the_language_of(user: Any) -> list[dict[str, Any]]:
    found = [
        {**one, "last_login": None, "notices_seen": 0}
        for one in get_user_model().objects.order_by("pk").values()
    ]
    return [{**one, "language": ""} if user and one["id"] == user.pk else one for one in found]


def remember(world: Newsroom) -> None:
    """The rows as they are before anything is sent."""
    world.accounts = accounts_but_for_the_language_of(None)
    world.by_pk = {one.pk: one for one in Release.objects.select_related("live", "working")}
    world.rows = {table: rows(table) for table in OF_A_RELEASE}


def sent(world: Newsroom, role: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every address with what its form would send, and the release's form with each of its buttons."""
    for route in routes():
        if route in LEFT:
            continue
        # Who may nothing, or everything, may it of one release as of the next.
        for path in addresses(route)[: FEW.get(role)]:
            place = path.partition("?")[0]
            more = confirmed(world, place) if "/confirm/" in place else {}
            yield place, {**everything(world), "file": a_file(path), **more}
    # The table of buttons has a test of its own (`tests.admin.test_verbs_by_url`); here a stranger to the release presses.
    if role in {"no role", "another writer"}:
        for release in world.by_pk.values():
            for button in BUTTONS if may(world.people[role], "view", release) else BUTTONS[3:4]:
                yield (
                    f"/admin/releases/release/{release.pk}/change/",
                    {**everything(world), **form_of(release), button: ""},
                )


def a_file(path: str) -> SimpleUploadedFile:
    if "picture" in path:
        return SimpleUploadedFile("posted.jpg", photo(size=(220, 200)).read(), "image/jpeg")
    return SimpleUploadedFile("posted.docx", b"no Word file")


def confirmed(world: Newsroom, path: str) -> dict[str, Any]:
    """What the page sends that asks before anything goes out."""
    *_before, pk, _confirm, verb, _end = path.split("/")
    release = world.by_pk[int(pk)]
    return {"do": verb, "seen": release.current.save_number, "state": release.state().value}


def form_of(release: Release) -> dict[str, Any]:
    return {
        "seen": release.current.save_number,
        "slug_was": release.slug,
        "slug": release.slug,
        "uuid": str(release.uuid),
    }


def everything(world: Newsroom) -> dict[str, Any]:
    """A field for whatever a form may ask."""
    topic = Topic.objects.order_by("-pk").values_list("pk", flat=True)[0]
    return {
        "title": "Posted", "body": "<p>Posted.</p>", "language": "en", "slug": "posted", "number": "1", "days": "3", "note": "Posted",
        "comment": "Posted.", "notice": "Posted.", "correction_note": "Posted.", "into": topic, "name": "Posted", "q": "",
        "post": "yes", "action": "sign_out", "_selected_action": world.people["chief"].pk, "username": "posted",
        "password1": "correct horse battery", "password2": "correct horse battery", "role": "chief", "seen": "1",
        "hand_over_to": world.people["editor"].pk, "to": world.people["editor"].pk, "_confirm": "", "archived_url": "",
        "archived_on": "", "synonyms": "", "description": "",
    }  # fmt: skip
