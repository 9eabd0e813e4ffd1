"""Where a number is read anybody may write anything: no address, question or form answers with an error of ours."""

import re
from itertools import product
from urllib.parse import quote

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from lxml import html

from releases import workflow
from releases.numbers import MOST, NumberConverter, whole
from tests.depth import DEEP

# More than a database keeps, more than Python reads, one more than 64 bits hold, digits of other scripts, and no digit.
NUMBERS = [
    "9" * 25,
    "9" * 5000,
    str(2**63),
    "-1",
    "0",
    "٣٤",
    "²",
    "𝟙𝟚",
    "1_0",
    "1e9",
    "abc",
    "",
    "\x00",
    "NaN",
    " 7 ",
]
FEW = ["9" * 25, "9" * 5000, "²", "abc"]
# In the default run a place is asked with what a database does not keep and with what `isdigit` takes and `int` refuses.
TRIED = FEW if DEEP else ["9" * 25, "²"]
# What views read behind the question mark, and the admin's own.
KEYS = [
    "page", "p", "o", "q", "year", "limit", "maxwidth", "maxheight", "topic", "language", "after", "old", "new", "release", "id",
    "id__exact", "pk", "pk__in", "created_by", "created_by__id__exact", "user__id__exact", "publish_at__year", "publish_at__month",
    "publish_at__day", "at__year", "at__month", "at__day", "date", "time", "which", "_to_field", "host", "state", "e", "all",
]  # fmt: skip
LISTS = {*(f"/admin/releases/{name}/" for name in ("release", "event", "source", "topic", "picture")), "/admin/accounts/user/", "/admin/accounts/accessentry/",
         "/admin/django_tasks_database/dbtaskresult/", "/search/", "/api/releases.json", "/admin/releases/event/export/"}  # fmt: skip
PLACE = re.compile(r"<(?:(\w+):)?(\w+)>")
PLACE_WHOLE = re.compile(r"<[^>]*>")


def test_the_reader_takes_ascii_digits_of_numbers_that_both_databases_keep():
    assert [whole(one) for one in NUMBERS] == [None] * 4 + [0] + [None] * 10
    assert [whole("7"), whole("007"), whole(7), whole(str(MOST)), whole(True)] == [7, 7, 7, MOST, None]
    assert [whole(None), whole(-1), whole(1.0), whole([]), whole("8", most=7), whole("0", least=1)] == [
        None
    ] * 6
    with pytest.raises(ValueError, match=str(2**63)):
        NumberConverter().to_python(str(2**63))


def patterns(resolver, before=""):
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from patterns(one, before + str(one.pattern))
        elif isinstance(one, URLPattern):
            yield before + str(one.pattern)


def routes():
    """Every address of the site with a place for something, and those without one."""
    return sorted({f"/{one}" for one in patterns(get_resolver()) if "(?P" not in one and "^" not in one})


def filled(route, value, known):
    """The addresses of a route with `value` in each of its places in turn, and in all of them."""
    places = [match[1] or match[2] for match in PLACE.finditer(route)]
    ways = [[number] for number in range(len(places))] + [range(len(places))]
    for chosen in ways:
        words = [
            quote(value, safe="") if number in chosen else known.get(place, "1")
            for number, place in enumerate(places)
        ]
        yield "".join(
            part for pair in zip(re.split(PLACE_WHOLE, route), [*words, ""], strict=True) for part in pair
        )


@pytest.fixture
def known(make_release, make_draft, make_topic, make_picture, editor):
    """Something at which each route leads somewhere."""
    topics = [make_topic("Land"), make_topic("Water")]
    release = make_release("Out", slug="out", topics=topics, notes=2, picture=make_picture(), picture_alt="A")
    draft = make_draft("A draft")
    link = workflow.share_preview(draft, by=editor, days=1)
    return {
        "number": str(release.pk), "path": str(release.pk), "int": "1", "year": "2026", "month": "11", "words": "out", "kind": "rss",
        "cite": "txt", "uuid": str(release.uuid), "str": str(link.token), "id": str(editor.pk), "draft": str(draft.pk),
        "topics": [str(one.pk) for one in topics],
    }  # fmt: skip


def as_person(person):
    client = Client(raise_request_exception=False)
    if not isinstance(person, AnonymousUser):
        client.force_login(person)
    return client


@pytest.fixture(params=["stranger", "chief"])
def asking(request, known, chief):
    return as_person(chief if request.param == "chief" else AnonymousUser())


@pytest.mark.django_db
def test_numbers_in_addresses(asking, known):
    wrong = []
    for route, value in product(routes(), TRIED):
        for path in dict.fromkeys(filled(route, value, known)) if PLACE.search(route) else ():
            if asking.get(path).status_code >= 500 or asking.post(path).status_code >= 500:
                wrong.append(path[:120])
    assert wrong == []


@pytest.mark.django_db
def test_numbers_in_questions(asking, known):
    wrong = []
    plain = [
        next(filled(route, known["number"], known)) if PLACE.search(route) else route for route in routes()
    ]
    plain += [f"/admin/releases/release/{known['draft']}/compare/"]
    for path in dict.fromkeys(plain):
        # What the admin's lists refuse for one key must not hide the others. Other pages are asked for all at once.
        alone = [{key: FEW[0]} for key in (KEYS if path in LISTS else KEYS[:2] if DEEP else ())]
        for asked in (*alone, *(dict.fromkeys(KEYS, value) for value in TRIED)):
            if asking.get(path, asked).status_code >= 500:
                wrong.append((path, *asked.items()))
    assert wrong == []


@pytest.mark.django_db
def test_numbers_in_forms(known, chief):
    """Every form of the admin, each field in turn with the others as they stand, then every field at once.

    By default a field that several forms have is tried alone in the first of them.
    """
    client = as_person(chief)
    release, draft = known["number"], known["draft"]
    pages = [
        f"/admin/releases/release/{release}/change/", f"/admin/releases/release/{draft}/change/", "/admin/releases/release/add/",
        f"/admin/releases/release/{release}/history/", f"/admin/releases/release/{release}/links/", "/admin/releases/topic/add/",
        *(f"/admin/releases/topic/{known['topics'][0]}/{rest}/" for rest in ("change", "merge", "split")),
        "/admin/releases/picture/add/", f"/admin/accounts/user/{chief.pk}/change/",
    ]  # fmt: skip
    more = {"pk": "1", "number": "1", "seen": "1", "days": "1", "release": "1", "into": "1", "parts": "1", "_selected_action": "1",
            "action": "sign_out", "select_across": "0", "index": "0"}  # fmt: skip
    live = [f"/admin/releases/release/{release}/{rest}/" for rest in ("autosave", "presence", "restore")]
    live += [f"/admin/releases/topic/{known['topics'][0]}/{rest}/" for rest in ("rename", "retire")]
    live += [
        "/admin/accounts/user/",
        "/admin/accounts/accessentry/",
        "/admin/releases/source/",
        "/admin/releases/release/add/autosave/",
        "/admin/releases/release/docx/",
    ]
    wrong, asked, alone = [], 0, set()
    for path in (*pages, *live):
        fields = dict(more)
        if path in pages:
            answer = client.get(path)
            assert answer.status_code == 200, path
            form = html.fromstring(answer.content)
            for one in form.xpath("//form[@method='post']//*[@name]"):
                if one.get("name") != "csrfmiddlewaretoken" and one.get("type") not in {"submit", "file"}:
                    fields[one.get("name")] = one.get("value") or "1"
        tried = [{**fields, name: FEW[0]} for name in fields if DEEP or name not in alone]
        tried += [dict.fromkeys(fields, value) for value in TRIED]
        alone |= fields.keys()
        for data in tried:
            asked += 1
            if client.post(path, data).status_code >= 500:
                wrong.append((path, {name: one[:30] for name, one in data.items() if one != fields[name]}))
    assert wrong == []
    assert len(alone) > 40
    assert asked > len(alone)
