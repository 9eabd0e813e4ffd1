"""Every address of the staff, found in the urlconf, with everything that it can be asked about; and who was told what."""

import re
from collections.abc import Iterable, Iterator
from html import unescape
from urllib.parse import quote, unquote_plus, urljoin, urlsplit

from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import get_resolver

from releases.admin.release.confirm import CONFIRMED_VERBS
from releases.models import Picture, PreviewLink, Release, Topic
from tests.leaks.newsroom import ROLES, TIMES, Newsroom, keys_of

STAFF = ("admin/", "^admin/", "accounts/")
# Questions of an address besides the bare one. `{word}` is every hidden word, `{release}` and `{topic}` every one of them.
QUESTIONS = {
    "admin/releases/release/": (
        "all=", "o=1", "o=2.-3.4", "o=-5", "_popup=1", "_popup=1&_to_field=id", "_to_field=working", "p=1", "e=1", "_facets=True",
        "state=draft", "state=published", "language=en", "created_by__id__exact=1", "publish_at__year=2041",
        "working__isnull=False", "working__title__startswith=q", "q=title", "q=q",
        "live__isnull=True", "translation_group__isnull=True", "slug__startswith=q",
    ),
    "admin/releases/release/<number:pk>/compare/": ("old=1&new=2", "old=2&new=1"),
    "admin/releases/release/<number:pk>/preview/": ("as=print",),
    "admin/releases/release/<path:object_id>/change/": ("_popup=1",),
    "admin/releases/release/docx/": ("release={release}",),
    "admin/releases/release/moment/": ("date=2041-03-17&time=03:19",),
    "admin/releases/release/calendar/<number:year>/<number:month>/": (),
    "admin/releases/picture/": ("_popup=1", "q=jpg", "o=2", "revisions__title__startswith=q"),
    "admin/releases/picture/choices/": ("q=jpg", "q=q"),
    "admin/releases/event/": ("q=title", "verb=save+draft", "at__year=2019", "_popup=1"),
    "admin/releases/event/export/": ("q=title", "verb=submit"),
    "admin/releases/source/": ("release={release}", "q=example", "host=example", "citations__release__slug__startswith=q"),
    "admin/releases/topic/": ("standing=all", "o=3", "_popup=1", "q=q"),
    "admin/releases/topic/<number:pk>/merge/": ("into=1",),
    "admin/releases/topic/<number:pk>/split/": ("into=1", "into=1&q=title"),
    "admin/login/": ("next=/admin/",),
}  # fmt: skip
# Addresses that are not asked: they end the session.
LEFT = {"admin/logout/", "accounts/logout/"}


def routes() -> list[str]:
    """Every route of the staff, as the urlconf writes it."""
    found: list[str] = []

    def walk(patterns: list, path: str = "") -> None:
        for one in patterns:
            route = path + str(one.pattern)
            if hasattr(one, "url_patterns"):
                walk(one.url_patterns, route)
            elif route.startswith(STAFF):
                found.append(route)

    walk(get_resolver().url_patterns)
    return list(dict.fromkeys(found))


def addresses(route: str) -> list[str]:
    """The addresses of a route, one for each thing that it can name. Raises KeyError for one that it has no entry for."""
    parts = route.split("/")
    model = parts[2] if len(parts) > 3 and parts[1] in {"releases", "accounts"} else ""
    if route in LEFT:
        return []
    if route == "^admin/(r|autocomplete)/":
        return []  # asked as the stock routes that it covers
    if "app_label>" in route:
        return ["/admin/releases/", "/admin/accounts/", "/admin/django_tasks_database/"]
    if "<url>" in route:
        return ["/admin/nowhere/", "/admin/releases/revision/1/change/"]
    if route == "admin/r/<path:content_type_id>/<path:object_id>/":
        kind = ContentType.objects.get_for_model(Release).pk
        return [f"/admin/r/{kind}/{pk}/" for pk in keys_of("release")]
    if route == "admin/autocomplete/":
        return ["/admin/autocomplete/", *_autocompletes()]
    if "<number:year>" in route:
        return ["/admin/releases/release/calendar/2041/3/", "/admin/releases/release/calendar/2019/2/"]
    if "accessentry" in route:
        return [_fill(route.replace("<slug:form>", "csv"), ["1"])[0]]
    if "<uuid:uuid>" in route:
        return [
            f"/admin/releases/picture/file/{one.uuid}/{name}"
            for one in Picture.objects.all()[:6]
            for name in ("240.jpg", "x")
        ]
    if "<number:link>" in route:
        links = PreviewLink.objects.select_related("revision")
        return [f"/admin/releases/release/{one.revision.release_id}/links/{one.pk}/revoke/" for one in links]
    if "django_tasks_database" in route or route.startswith("accounts/"):
        return [_fill(route, ["1"])[0]]
    if "<slug:verb>" in route:
        releases = Release.objects.select_related("live", "working").order_by("pk")
        return [
            f"/admin/releases/release/{one.pk}/confirm/{verb}/?seen={one.current.save_number}"
            for one in releases
            for verb in CONFIRMED_VERBS
        ]
    names = re.findall(r"<(?:\w+:)?(\w+)>", route)
    if not names:
        return [f"/{route}"]
    keys = {"pk": model, "object_id": model, "id": "user", "event": "event"}[names[0]]
    few = keys in {"event", "topic", "source"} or (keys == "picture" and "change" not in route)
    return _fill(route, [str(key) for key in keys_of(keys)][: 6 if few else None])


def _fill(route: str, keys: Iterable[str]) -> list[str]:
    return list(dict.fromkeys("/" + re.sub(r"<[^>]+>", key, route) for key in keys))


def _autocompletes() -> Iterator[str]:
    """Whatever leads from any model to one that the admin shows."""
    ways = {
        one.related_model: f"app_label={model._meta.app_label}&model_name={model._meta.model_name}&field_name={one.name}"
        for model in apps.get_models()
        for one in model._meta.get_fields()
        if one.is_relation and one.related_model in admin.site._registry and not one.auto_created
    }
    for way in ways.values():
        yield f"/admin/autocomplete/?{way}&term="


def asked(*, questions: bool) -> list[str]:
    """Every address, on request with every question."""
    found = []
    for route in routes():
        plain = addresses(route)
        found += plain
        for question in QUESTIONS.get(route, ()) if questions else ():
            for filled in _filled(question):
                found += [f"{path}?{filled}" for path in plain]
    return list(dict.fromkeys(found))


def _filled(question: str) -> list[str]:
    if "{release}" in question:
        return [question.format(release=pk) for pk in keys_of("release")]
    if "{topic}" in question:
        return [question.format(topic=quote(slug)) for slug in Topic.objects.values_list("slug", flat=True)]
    return [question]


def text_of(answer) -> str:
    """Everything that is said: headers and body."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    kind = answer.headers.get("Content-Type", "")
    said = "" if kind.startswith("image/") else body.decode()
    headers = "\n".join(
        f"{name}: {value}" for name, value in answer.headers.items() if name != "Content-Security-Policy"
    )
    return unquote_plus(unescape(f"{headers}\n{said}")).lower()


def told(world: Newsroom, role: str, question: str, said: str) -> set[str]:
    """What `said` holds of what this person may not know and has not asked with."""
    asked_with = unquote_plus(question).lower()
    holds = set(re.findall(r"q\d{3}zx", said))
    found = {
        word
        for word in holds & world.words.keys()
        if word not in asked_with and not world.granted(role, *world.words[word])
    }
    if not world.granted(role, "", ""):
        found |= {
            time
            for time in TIMES
            if re.search(rf"(?<![\d:]){time}", said)  # not in what the clock of this run says (12:03:19)
            and time not in asked_with
            and "calendar" not in question
            and "moment" not in question
        }
    # The vocabulary is everybody's who writes; what is filed under it is not. A topic that nothing has tells how often one
    # stands there by itself.
    control = said.count(world.control)
    for topic in holds & world.topics.keys() - {world.control} if "/releases/topic/" not in question else ():
        hidden = not world.granted(role, *world.topics[topic])
        if hidden and topic not in asked_with and said.count(topic) > control:
            found.add(topic)
    return found


def links_in(path: str, said: str) -> set[str]:
    """Where a page leads on the staff's side, by link or by what a script is told."""
    found = set()
    for link in re.findall(r'(?:href|src|action|data-[a-z]+)="((?:/admin/|/accounts/|\?)[^"#]*)', said):
        parts = urlsplit(urljoin(f"http://testserver{path}", link))
        found.add(parts.path + (f"?{parts.query}" if parts.query else ""))
    return {one for one in found if "logout" not in one}


def client_of(world: Newsroom, role: str) -> Client:
    """Signed in as that person."""
    client = Client(raise_request_exception=False)
    if user := world.people.get(role):
        client.force_login(user)
    return client


__all__ = ["LEFT", "ROLES", "addresses", "asked", "client_of", "links_in", "routes", "text_of", "told"]
