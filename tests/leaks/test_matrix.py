"""Who may do what, at every named address, by every method, in every state: one table, and a new address fails until it stands in it."""

import re
from collections import Counter
from itertools import product

import pytest
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from newsroom.accounts.models import OpenSession, assign_role
from releases.models import Picture, PreviewLink, Topic
from releases.permissions import may
from tests.depth import times
from tests.leaks.newsroom import STATES, make
from tests.leaks.staff import text_of, told
from tests.leaks.writes import Writes, a_file, confirmed, everything, form_of, remember, unpermitted

pytestmark = pytest.mark.django_db
PEOPLE = (
    "nobody", "inactive", "session ended", "no second step", "no role", "another writer", "author", "editor", "chief",
)  # fmt: skip
# To the site these are strangers, whoever they are.
STRANGERS = {"nobody", "inactive", "session ended"}
METHODS = ("GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH")
# Of each address so many cells by default; all under DEEP=1.
CELLS = times("MATRIX", 2, 0)

# What an address asks for. "all": of readers. "door": signing in and one's own account, where nothing of the newsroom stands.
# "staff": whoever is signed in. "never": there is nothing for anybody. Else a verb of `permissions`, of the release that is named.
READERS = ("releases:", "site:")
DOOR = re.compile("account_|mfa_")
# Of the sections that Django's admin draws, by page; a page that is not drawn is refused to everybody. An address of a history
# that is drawn elsewhere leads on to the page of the row, whatever the row is: that one decides.
SECTIONS = {
    "releases_release": {"changelist": "create", "add": "create", "change": "view", "history": "view", "delete": "never"},
    "releases_picture": {"changelist": "view pictures", "add": "add picture", "change": "view pictures", "history": "staff", "delete": "delete picture"},
    "releases_event": {"changelist": "view record", "add": "never", "change": "view record", "history": "staff", "delete": "never"},
    "releases_source": {"changelist": "view sources", "add": "never", "change": "view sources", "history": "staff", "delete": "never"},
    "releases_topic": {"changelist": "view sources", "add": "change topics", "change": "view sources", "history": "change topics", "delete": "never"},
    "accounts_accessentry": {"changelist": "view access record", "add": "never", "change": "view access record", "history": "staff", "delete": "never"},
    "accounts_user": {"changelist": "change people", "add": "change people", "change": "change people", "history": "change people", "delete": "never"},
    "django_tasks_database_dbtaskresult": {
        "changelist": "never", "add": "never", "change": "never", "history": "change people", "delete": "never",
    },
}  # fmt: skip
DECIDED = {
    **{f"admin:{section}_{page}": verb for section, pages in SECTIONS.items() for page, verb in pages.items()},
    "csp_reports": "all", "favicon.ico": "all", "preview": "all", "preview_picture": "all", "state": "change settings",
    "admin/": "staff", "admin/password_change/": "all", "admin/releases/": "all", "admin/accounts/": "all",
    "admin/jsi18n/": "staff", "^admin/(r|autocomplete)/": "never", "admin:login": "door", "admin:logout": "door",
    "admin:password_change_done": "staff", "admin:autocomplete": "never",
    "admin:view_on_site": "never", "admin:app_list": "all", "admin/(?P<url>.*)$": "staff", "scrub": "remove words",
    "admin:releases_picture_upload": "add picture", "admin:releases_picture_choices": "view pictures",
    "admin:releases_picture_file": "view pictures", "admin:releases_release_autosave_new": "create",
    "admin:releases_release_moment": "create", "admin:releases_release_taken": "staff", "admin:releases_release_signed_in": "staff",
    "admin:releases_release_docx": "create", "admin:releases_release_calendar": "create",
    "admin:releases_release_calendar_month": "create", "admin:releases_release_autosave": "save draft",
    "admin:releases_release_confirm": "view", "admin:releases_release_presence": "view", "admin:releases_release_compare": "view",
    "admin:releases_release_restore": "restore", "admin:releases_release_preview": "view", "admin:releases_release_widths": "view",
    "admin:releases_release_open_links": "share preview", "admin:releases_release_links": "share preview",
    "admin:releases_release_translations": "view", "admin:releases_release_revoke": "share preview",
    "admin:releases_event_export": "view record", "admin:releases_source_hosts": "view sources",
    "admin:releases_source_releases": "view sources", "admin:releases_topic_rename": "change topics",
    "admin:releases_topic_merge": "change topics", "admin:releases_topic_split": "change topics",
    "admin:releases_topic_retire": "change topics", "admin:releases_topic_changes_of": "change topics",
    "admin:releases_topic_changes": "change topics", "admin:releases_topic_undo": "change topics",
    "admin:accounts_accessentry_export": "view access record", "admin:accounts_user_link": "change people",
    "admin:accounts_user_sessions": "change people", "admin:auth_user_password_change": "change people",
}  # fmt: skip


def named():
    """Every address of the urlconf: (name, or the route of one without a name; route)."""
    found = {}

    def walk(patterns, route="", space=""):
        for one in patterns:
            path = route + str(one.pattern)
            if hasattr(one, "url_patterns"):
                walk(one.url_patterns, path, f"{space}{one.namespace}:" if one.namespace else space)
            else:
                found.setdefault(path, f"{space}{one.name}" if one.name else path)

    walk(get_resolver().url_patterns)
    return [(name, route) for route, name in found.items()]


def decision(name):
    """What is decided of an address; KeyError for a new one."""
    if name.startswith(READERS):
        return "all"
    if DOOR.match(name):
        return "door"
    if name.startswith("admin/") and name.endswith("/<path:object_id>/"):
        return "staff"  # Django's old form of an address, which leads to the new one
    return DECIDED[name]


# Where the page of a person's password leads whoever it belongs to.
OWN_PASSWORD = "/accounts/password/change/"


# The names of what stands in an address, and the values that a state gives them.
def values(world, route, state):
    release = world.releases[state]
    picture = Picture.objects.filter(revisions__release=release).first() or Picture.objects.first()
    link = PreviewLink.objects.filter(revision__release=release).first()
    topic = Topic.objects.order_by("pk").first()
    section = route.split("/")[2] if route.startswith("admin/") and route.count("/") > 2 else ""
    pk = {
        "release": release.pk, "picture": picture.pk, "topic": topic.pk, "user": world.people["author"].pk,
        "event": release.events.order_by("pk").first().pk, "source": 1, "accessentry": 1, "dbtaskresult": 1,
    }.get(section, 1)  # fmt: skip
    return {
        "pk": pk, "object_id": pk, "id": pk, "slug": release.slug, "suffix": "json" if "cite" in route or "feed" in route else "", "link": link.pk,
        "verb": "publish", "uuid": picture.uuid if "cards" not in route else release.uuid, "name": "240.jpg", "number": 1, "form": "csv",
        "event": 1, "token": "x" * 43, "year": 2041 if "calendar" in route else release.created_at.year, "month": 3, "url": "nowhere/",
        "content_type_id": 1, "app_label": "releases",
    }  # fmt: skip


def address_of(world, route, state):
    known = values(world, route, state)
    path = (
        re.sub(r"\^?\(\?P<(\w+)>[^)]*\)", r"<\1>", route)
        .rstrip("$")
        .replace("^", "")
        .replace("(r|autocomplete)", "r")
    )
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(known[found[1]]), path)


def cells():
    """(person, address, method, state): all of them, or of each address a few, so that each person, method and state meets many."""
    for number, one in enumerate(named()):
        states = STATES if "<" in one[1] else STATES[:1]
        every = [(who, one, method, state) for who, method, state in product(PEOPLE, METHODS, states)]
        yield from (
            every if not CELLS else (every[(number * 31 + step * 17) % len(every)] for step in range(CELLS))
        )


@pytest.fixture(scope="module")
def world(module_makers):
    made = make()
    for name in ("inactive", "session ended", "no second step"):
        made.people[name] = type(made.people["chief"]).objects.create_user(
            name.replace(" ", "-"), password="x"
        )
        assign_role(made.people[name], "chief")
    remember(made)
    return made


@pytest.fixture
def browsers(world):
    """A browser of each person, as it is before anything is asked."""
    found = {}
    for who in PEOPLE:
        client = Client(raise_request_exception=False)
        if user := world.people.get(who):
            client.force_login(user)
            client.get("/admin/")
        found[who] = client, client.cookies.output(header="", sep=";")
    OpenSession.objects.filter(person=world.people["session ended"]).update(ended_at=timezone.now())
    type(world.people["inactive"]).objects.filter(pk=world.people["inactive"].pk).update(is_active=False)
    return found


def allowed(world, who, decided, release):
    """Whether the table lets this person see what stands there."""
    if decided in {"all", "door"}:
        return True
    if decided == "never" or who in STRANGERS or who == "no second step":
        return False
    if decided == "staff":
        return True
    named = release if decided in {"view", "save draft", "restore", "share preview"} else None
    return may(world.people[who], decided, named)


def judged(who, name, method, answer, *, may_see, decided):
    """What is wrong with an answer."""
    status, to = answer.status_code, answer.headers.get("Location", "")
    if status >= 500 and not (name == "site:oembed" and status == 501):
        return f"status {status}"
    if may_see:
        refused = status == 403 or (status == 302 and "/login/" in to and decided not in {"all", "door"})
        return "refused to whom it is given" if refused and method in {"GET", "HEAD"} else ""
    if who in STRANGERS:
        return (
            ""
            if status in {302, 403, 404, 405} and (status != 302 or "/login/" in to)
            else f"a stranger: {status} {to}"
        )
    if who == "no second step":
        return (
            ""
            if status in {302, 403, 404, 405} and (status != 302 or "/2fa/" in to)
            else f"no second step: {status} {to}"
        )
    # Who is sent on is told why there, or stands before a page that decides by itself; what was written is compared beside this.
    return (
        ""
        if status in {403, 404, 405} or (status == 302 and (to.startswith("/admin/") or to == OWN_PASSWORD))
        else f"given: {status} {to}"
    )


def test_every_address_is_decided():
    undecided = [name for name, _route in named() if not _is_decided(name)]
    assert undecided == [], "say in `DECIDED` whom it is for"
    assert DECIDED.keys() - {name for name, _route in named()} == set()


def _is_decided(name):
    try:
        return bool(decision(name))
    except KeyError:
        return False


def test_everybody_is_given_by_every_method_in_every_state_what_is_theirs_and_no_more(
    world, browsers, settings
):
    wrong, kinds, number = {}, Counter(), 0
    demanded = None
    for who, (name, route), method, state in sorted(cells(), key=lambda cell: PEOPLE.index(cell[0])):
        number += 1
        if demanded is not (demanded := who == "no second step"):
            settings.SECOND_FACTOR_REQUIRED = demanded
        path, release = address_of(world, route, state), world.by_pk[world.releases[state].pk]
        client, cookies = browsers[who]
        client.cookies.clear()
        client.cookies.load(cookies)
        sent = {}
        if method == "POST":
            sent = {**everything(world), **form_of(release), "file": a_file(path)}
            sent |= confirmed(world, path) if "/confirm/" in path else {}
        decided = decision(name)
        with Writes() as writes:
            answer = (
                client.generic(method, path)
                if method not in {"GET", "POST", "HEAD"}
                else getattr(client, method.lower())(path, sent)
            )
            known_as = (
                who
                if who in world.people and who not in {"inactive", "session ended", "no second step"}
                else "nobody"
            )
            found = unpermitted(world, known_as, writes) if decided != "door" else set()
            if method not in {"POST"} and decided != "door":
                found |= {f"{method} did {event.verb}" for event in writes.events()}
        found |= told(world, known_as, f"{path} {sent}", text_of(answer))
        if (
            answer.status_code == 410 and release.live
        ):  # what readers are told of a withdrawn text: its title, and why
            found -= set(re.findall(r"q\d{3}zx", f"{release.live.title} {release.withdrawal_notice}"))
        if method == "HEAD" and not answer.streaming and answer.content:
            found.add("a body")
        said = judged(
            who,
            name,
            method,
            answer,
            may_see=allowed(world, who, decided, release if "<" in route else None),
            decided=decided,
        )
        found |= {said} - {""}
        kinds[answer.status_code] += 1
        if found:
            wrong[who, method, path, state] = sorted(found)
    assert wrong == {}
    assert number >= len(named()) * (CELLS or 60)
    # Nothing of this is one answer to all.
    assert {200, 302, 403, 404, 405} <= kinds.keys()
