"""What each staff page costs as a newsroom grows: a table of CPU milliseconds (this process and the database's) and queries.

`BENCH_COUNTS` (1000,10000; 100000 for a large one) are the numbers of releases, each with about ten revisions; the database of the environment is
filled step by step: give it one of its own. Each page is asked for through the whole site by somebody who is signed in; what is
done to a release (save, publish) is done to another one each time.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.http import HttpResponse
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import html

from bench._ask import database_cpu
from bench._copies import grow
from newsroom.accounts.models import User
from releases.models import Event, Release, Topic
from releases.sample.load import staff

ROUNDS = 3
RELEASES, EVENTS = "/admin/releases/release/", "/admin/releases/event/"
# Makes ready, which nobody times, and returns what is measured.
Prepare = Callable[[], Callable[[], HttpResponse]]


def main() -> None:
    """Fill, ask, print."""
    counts = [int(one) for one in os.environ.get("BENCH_COUNTS", "1000,10000").split(",")]
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    found: dict[str, list[tuple[float, float, int]]] = {}
    for number in counts:
        grow(number)
        with override_settings(
            DEBUG=False, SECOND_FACTOR_REQUIRED=False, ALLOWED_HOSTS=["*"], SECURE_SSL_REDIRECT=False
        ):
            for name, prepare in Pages().all():
                found.setdefault(name, []).append(_measured(prepare))
                print(f"{number} {name}: {found[name][-1]}", file=sys.stderr, flush=True)
    print(f"{connection.vendor}: web ms + database ms (queries) at {', '.join(map(str, counts))} releases")
    for name, cells in found.items():
        print(
            f"{name:34}" + "".join(f"{web:8.1f} +{base:8.1f} ({queries:3})" for web, base, queries in cells)
        )


def _measured(prepare: Prepare) -> tuple[float, float, int]:
    """The median of some rounds: milliseconds of CPU time here and in the database, and the number of queries."""
    prepare()()
    ask = prepare()
    with CaptureQueriesContext(connection) as captured:
        ask()
        queries = len(captured)
    web, base = [], []
    for _round in range(ROUNDS):
        ask = prepare()
        start, database = time.process_time(), database_cpu()
        ask()
        base.append((database_cpu() - database) * 1000)
        web.append((time.process_time() - start) * 1000)
    return statistics.median(web), statistics.median(base), queries


class Pages:
    """The pages, as an editor and a writer ask for them."""

    def __init__(self) -> None:
        people = staff()
        User.objects.filter(pk__in=[people.author.pk, people.editor.pk]).update(is_staff=True)
        self.editor, self.writer = Client(), Client()
        self.editor.force_login(people.editor, backend=settings.AUTHENTICATION_BACKENDS[0])
        self.writer.force_login(people.author, backend=settings.AUTHENTICATION_BACKENDS[0])
        self.release = Release.objects.visible().filter(working=None).in_order()[10]
        self.numbers = count(1)
        self.last = Release.objects.count() // 50
        self.last_event = Event.objects.count() // 100

    def all(self) -> Iterator[tuple[str, Prepare]]:
        """Each page by its name."""
        topic, year = Topic.objects.in_order()[3].slug, timezone.localdate().year - 3
        form = f"{RELEASES}{self.release.pk}/"
        gets = {
            "desk": "/admin/",
            "calendar": f"{RELEASES}calendar/",
            "list": RELEASES,
            "list, second page": f"{RELEASES}?p=2",
            "list, last page": f"{RELEASES}?p={self.last}",
            "list, a state": f"{RELEASES}?state=submitted",
            "list, published": f"{RELEASES}?state=published",
            "list, a topic": f"{RELEASES}?topic={topic}",
            "list, a language": f"{RELEASES}?language=en",
            "list, an author": f"{RELEASES}?created_by__id__exact={self.release.created_by_id}",
            "list, a year": f"{RELEASES}?publish_at__year={year}",
            "list, a month": f"{RELEASES}?publish_at__year={year}&publish_at__month=3",
            "list, by title": f"{RELEASES}?o=2",
            "list, by state": f"{RELEASES}?o=1",
            "search, common word": f"{RELEASES}?q=the",
            "search, rare words": f"{RELEASES}?q={self.release.slug.replace('-', '+')}",
            "search, nothing": f"{RELEASES}?q=qwxyzzy",
            "form": f"{form}change/",
            "history": f"{form}history/",
            "compare": f"{form}compare/?old=2&new=1",
            "preview": f"{form}preview/",
            "translations": f"{form}translations/",
            "event log": EVENTS,
            "event log, last page": f"{EVENTS}?p={self.last_event}",
            "event log, a verb": f"{EVENTS}?verb=withdraw",
            "event log, search": f"{EVENTS}?q={self.release.slug}",
            "sources": "/admin/releases/source/",
            "pictures": "/admin/releases/picture/",
            "topics": "/admin/releases/topic/",
            "topic": f"/admin/releases/topic/{Topic.objects.in_order()[3].pk}/change/",
        }
        for name, address in gets.items():
            yield name, partial(partial, self._get, self.editor, address)
        for name in ("desk", "list", "list, last page", "list, a state", "search, common word", "pictures"):
            yield f"{name} (writer)", partial(partial, self._get, self.writer, gets[name])
        yield "save", partial(self._send, "_save")
        yield "autosave", self._autosave
        yield "publish: the question", partial(self._send, "_publish")
        yield "publish", partial(self._confirm, "publish")

    def _get(self, client: Client, address: str) -> HttpResponse:
        response = client.get(address)
        assert response.status_code == 200, (address, response.status_code)
        return response

    def _form(self) -> tuple[str, dict[str, list[str]]]:
        """The form of another release, with one more word."""
        published = Release.objects.visible().filter(working=None, language="en").in_order()
        release = published[next(self.numbers) * 7]
        page = self._get(self.editor, f"{RELEASES}{release.pk}/change/")
        fields = _fields_of(page, "//form[@id='release_form']")
        fields["body"] = [f"{fields['body'][0]}<p>One more.</p>"]
        return f"{RELEASES}{release.pk}/", fields

    def _send(self, button: str) -> Callable[[], HttpResponse]:
        address, fields = self._form()
        return partial(self._post, f"{address}change/", {**fields, button: ""}, 302)

    def _autosave(self) -> Callable[[], HttpResponse]:
        address, fields = self._form()
        return partial(self._post, f"{address}autosave/", fields, 200)

    def _confirm(self, verb: str) -> Callable[[], HttpResponse]:
        question = self._send(f"_{verb}")()["Location"]
        fields = _fields_of(self._get(self.editor, question), "//form[.//button[@name='do']]")
        return partial(self._post, question, {**fields, "do": verb}, 302)

    def _post(self, address: str, fields: dict[str, list[str]], status: int) -> HttpResponse:
        response = self.editor.post(address, fields)
        assert response.status_code == status, (address, response.status_code, response.content[:2000])
        return response


def _fields_of(page: HttpResponse, path: str) -> dict[str, list[str]]:
    form = html.fromstring(page.content).xpath(path)[0]
    fields: dict[str, list[str]] = {}
    for name, value in form.form_values():
        fields.setdefault(name, []).append(value)
    return fields
