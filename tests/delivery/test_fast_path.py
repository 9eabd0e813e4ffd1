"""A page that is held is answered before Django, and in every respect as Django answers it."""

import functools
import itertools
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_started
from django.db import close_old_connections, connection
from django.test import RequestFactory, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from newsroom.delivery import page_cache
from newsroom.delivery.page_cache import in_front_of
from releases import editions, workflow
from releases.models import Release
from tests.depth import DEEP
from tests.every_page import MACHINES, every_page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("requests_have_one_name")]
BROWSER = {
    "HTTP_ACCEPT": "text/html,application/xhtml+xml",
    "HTTP_ACCEPT_ENCODING": "gzip, deflate, br, zstd",
}
# What is asked besides, of every page. {tag} and {date} are those of the page.
ASKED = [
    {},
    BROWSER,
    *({"HTTP_ACCEPT_ENCODING": one} for one in ("zstd", "br", "gzip", "br;q=0, gzip;q=0.5", "*", "nonsense")),
    *({"HTTP_IF_NONE_MATCH": one} for one in ("{tag}", "*", '"another", {tag}', '"another"', '"')),
    *({"HTTP_IF_MODIFIED_SINCE": one} for one in ("{date}", "Thu, 01 Jan 1970 00:00:00 GMT", "yesterday")),
    {"HTTP_IF_NONE_MATCH": '"another"', "HTTP_IF_MODIFIED_SINCE": "{date}"},
    {**BROWSER, "HTTP_IF_NONE_MATCH": "{tag}"},
    *({"HTTP_RANGE": one} for one in ("bytes=0-9", "bytes=-5", "bytes=5-", "bytes=9999999-", "bytes=1-2,4-5", "lines=1-2")),
    *({"HTTP_RANGE": "bytes=2-3", "HTTP_IF_RANGE": one} for one in ("{date}", "{tag}", "Thu, 01 Jan 1970 00:00:00 GMT")),
    {**BROWSER, "HTTP_RANGE": "bytes=0-0"},
    {"HTTP_COOKIE": "newsroom_session_8000=0123456789abcdef; who=anna"},
    {"wsgi.url_scheme": "https", "SERVER_PORT": "443"},
    {"HTTP_X_FORWARDED_PROTO": "https"},
    {"HTTP_HOST": "LOCALHOST:81"},
]  # fmt: skip


@pytest.fixture(scope="module")
def found(module_makers):
    with override_settings(PUBLIC_HISTORY=True):
        languages = every_page(module_makers)
        shown = [
            path
            for language, answers in languages.items()
            for path, status in answers.items()
            if status in {200, 410} and (DEEP or language in {"en", "ug"})
        ]
        yield [*shown, *MACHINES]


@pytest.fixture(autouse=True)
def clock_stands_still(monkeypatch):
    """So that nothing that is remembered grows old; and long enough after the last change."""
    later, ticks = timezone.now() + timedelta(seconds=5), itertools.count()
    monkeypatch.setattr(timezone, "now", lambda: later)
    monkeypatch.setattr(editions, "_changed", 0.0)
    monkeypatch.setattr(editions, "monotonic", lambda: 1 + next(ticks) / 1e6)


@pytest.fixture(autouse=True)
def the_tests_connection_is_kept():
    """As Django's own client does: each request begins with letting go of connections in a transaction."""
    request_started.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)


def environ_of(path, method="GET", **more):
    return RequestFactory().generic(method, path, **{"HTTP_HOST": "testserver", **more}).META


def ask(application, environ):
    said = []
    answer = application(environ, lambda status, headers: said.append((status, sorted(headers))))
    return *said[0], b"".join(answer)


def django(environ):
    return ask(_handler(), environ)


_handler = functools.cache(WSGIHandler)


def refuse(environ, start_response):
    raise AssertionError(f"Django was asked for {environ['PATH_INFO']}")


def before_django(environ):
    with CaptureQueriesContext(connection) as seen:
        answer = ask(in_front_of(refuse), environ)
    assert not seen.captured_queries
    return answer


def filled(asked, answer):
    headers = dict(answer[1])
    known = {"{tag}": headers["ETag"], "{date}": headers["Last-Modified"]}
    for name, value in known.items():
        asked = {key: one.replace(name, value) for key, one in asked.items()}
    return asked


def test_what_is_answered_before_django_is_what_django_answers(found):
    for path in found:
        first = django(environ_of(path))
        assert first[0] in {"200 OK", "410 Gone"}, path
        django(environ_of(path, **{"wsgi.url_scheme": "https"}))
        for method in ("GET", "HEAD"):
            for one in ASKED:
                asked = filled(one, first)
                kept = django(environ_of(path, method, **asked))
                assert before_django(environ_of(path, method, **asked)) == kept, (path, method, asked)


def test_what_is_held_is_answered_as_what_was_made_anew(found, settings):
    """And every page with the security headers that a page has which is never held."""
    staff = {name for name, _value in django(environ_of("/accounts/login/"))[1]}
    security = {
        name
        for name in staff
        if name.startswith(("Content-Security", "Permissions", "Cross-Or", "X-", "Referrer"))
    }
    assert len(security) >= 7
    for path in found[:: 1 if DEEP else 4]:
        for asked in (ASKED[0], ASKED[1], ASKED[3]):
            caches["pages"].clear()
            made = django(environ_of(path, **asked))
            assert before_django(environ_of(path, **asked)) == made, (path, asked)
            assert security - {"X-Robots-Tag"} <= {name for name, _value in made[1]}, path


@pytest.mark.parametrize("asked", [{"HTTP_HOST": "evil.example"}, {"HTTP_HOST": ""}, {"REQUEST_METHOD": "POST"}, {"QUERY_STRING": "&".join(f"a{n}=1" for n in range(1_001))},
                                   {"PATH_INFO": "/\xff\xfe"}, {"SCRIPT_NAME": "/elsewhere"}, {"wsgi.url_scheme": "https"}])  # fmt: skip
def test_whatever_is_unusual_is_for_django(found, asked):
    assert before_django(environ_of("/", **django_has("/")))[0] == "200 OK"
    with pytest.raises(AssertionError, match="Django was asked"):
        before_django({**environ_of("/"), **asked})


def django_has(path):
    django(environ_of(path))
    return {}


def test_a_foreign_host_is_refused_though_the_page_is_held_and_with_every_header(found):
    usual = {"Content-Security-Policy", "Permissions-Policy", "X-Content-Type-Options", "Referrer-Policy"}
    django(environ_of("/"))
    status, headers, _body = ask(in_front_of(_handler()), environ_of("/", HTTP_HOST="evil.example"))
    assert status == "400 Bad Request"
    assert usual <= {name for name, _value in headers}


def test_with_tls_of_ones_own_the_page_by_http_is_not_shown(found, settings):
    django(environ_of("/"))
    caches["pages"].clear()
    settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS = True, 60
    _handler.cache_clear()
    by_tls = django(environ_of("/", **{"wsgi.url_scheme": "https"}))
    assert before_django(environ_of("/", **{"wsgi.url_scheme": "https"})) == by_tls
    assert "Strict-Transport-Security" in dict(by_tls[1])
    assert ask(in_front_of(_handler()), environ_of("/"))[0] == "301 Moved Permanently"
    _handler.cache_clear()


def test_a_withdrawal_is_seen_by_the_very_next_request(make_release, editor, found):
    """Though a moment has not passed since the edition was read."""
    release = make_release("Wells", slug="wells")
    django(environ_of("/releases/wells/"))
    assert before_django(environ_of("/releases/wells/"))[0] == "200 OK"
    workflow.withdraw(Release.objects.get(pk=release.pk), by=editor, notice="Withdrawn.")
    assert ask(in_front_of(_handler()), environ_of("/releases/wells/"))[0] == "410 Gone"


def test_the_end_of_an_embargo_keeps_its_second(make_release, found, monkeypatch):
    now = timezone.now()
    due = now + timedelta(seconds=30)
    make_release("Embargoed wells", slug="embargoed", publish_at=due)
    django(environ_of("/"))
    monkeypatch.setattr(timezone, "now", lambda: due - timedelta(microseconds=1))
    assert b"Embargoed wells" not in before_django(environ_of("/"))[2]
    monkeypatch.setattr(timezone, "now", lambda: due)
    assert b"Embargoed wells" in ask(in_front_of(_handler()), environ_of("/"))[2]
    monkeypatch.setattr(timezone, "now", lambda: due - timedelta(microseconds=1))  # a clock that is set back
    assert b"Embargoed wells" not in ask(in_front_of(_handler()), environ_of("/"))[2]


def test_what_nobody_reads_of_the_query_finds_the_same_entry(found):
    plain = django(environ_of("/topics/rule-of-law/"))
    assert before_django(environ_of("/topics/rule-of-law/?utm_source=x&fbclid=%00&page=")) == plain


def test_a_path_and_a_query_are_never_taken_for_each_other(found):
    django(environ_of("/search/?q=eve"))
    odd = {**environ_of("/"), "PATH_INFO": "/search/?q=eve", "QUERY_STRING": ""}
    with pytest.raises(AssertionError, match="Django was asked"):
        before_django(odd)
    assert page_cache.key_of("/a b", None, way="-") != page_cache.key_of("/a", None, way="-")
