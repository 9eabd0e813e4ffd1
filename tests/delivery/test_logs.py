"""The log: a line an event, with the request's name, and nothing of readers or drafts."""

import io
import json
import logging
import logging.config
import re

import pytest
from django.db import IntegrityError, OperationalError
from django.http import Http404
from django.test import Client
from django.urls import path

from newsroom.delivery import logs
from newsroom.urls import urlpatterns as site

pytestmark = pytest.mark.django_db
MARKED = "Marked-Word-Of-A-Draft"
TOKEN = "marked-token-0123456789"


def fails(request, kind):
    """A view that breaks with the draft in its hands: in a local, in the message, in the cause."""
    draft = f"{MARKED} in a local"
    if kind == "value":
        int(draft)
    if kind == "row":
        raise IntegrityError(f"DETAIL: Key (title)=({draft}) already exists.")
    if kind == "database":
        raise OperationalError(f'near "{draft}": syntax error')
    if kind == "chain":
        try:
            int(draft)
        except ValueError as error:
            raise RuntimeError(draft) from error
    if kind == "gone":
        raise Http404(draft)
    raise PermissionError(draft)


urlpatterns = [path("breaks/<str:kind>/", fails), *site]
handler500 = "newsroom.delivery.health.failed"
handler404 = "releases.reading.errors.not_found"
KINDS = ("value", "row", "database", "chain", "gone", "other")


@pytest.fixture(params=["line", "json"])
def written(request, settings):
    """What is written, as on a real site."""
    settings.LOG_REQUESTS = True
    found = logs.configuration(level="DEBUG", form=request.param, debug=False)
    stream = io.StringIO()
    found["handlers"]["stderr"]["stream"] = stream
    before = logging.root.handlers[:], logging.root.level
    logging.config.dictConfig(found)
    for name in ("django.db.backends", "faker", "factory"):
        logging.getLogger(name).setLevel(logging.WARNING)
    yield stream
    logging.root.handlers, logging.root.level = before[0], before[1]
    logging.config.dictConfig(logs.configuration(level="ERROR", form="line", debug=False))


def test_no_error_writes_a_word_of_a_draft_a_search_an_address_or_a_token(written, settings):
    settings.ROOT_URLCONF = __name__
    reader = Client(raise_request_exception=False, REMOTE_ADDR="192.0.2.77")
    for kind in KINDS:
        for method in (reader.get, reader.post):
            method(f"/breaks/{kind}/?q=Marked-Search", {"body": MARKED})
    reader.get(f"/preview/{TOKEN}/")
    reader.get("/search/", {"q": "Marked-Search"})
    reader.post("/accounts/login/", {"login": "Marked-Name", "password": "Marked-Password"})
    reader.get("/nowhere/Marked-Path/", HTTP_HOST="Marked-Host.example")
    said = written.getvalue()
    assert "breaks/<str:kind>/" in said
    assert "ValueError" in said
    assert [one for one in ("Marked", "192.0.2.77", TOKEN, "marked") if one in said] == []


def test_a_line_names_the_request_as_its_answer_does_and_no_name_is_taken_from_a_client(written):
    answer = Client().get("/topics/", HTTP_X_REQUEST_ID="theirs-0123456789")
    name = answer.headers["X-Request-ID"]
    assert re.fullmatch(r"[0-9a-f]{16}", name)
    assert name in written.getvalue()
    assert "theirs" not in written.getvalue()
    assert Client().get("/topics/").headers["X-Request-ID"] != name


def test_json_is_one_object_a_line(settings, written):
    Client().get("/topics/")
    logging.getLogger("newsroom.tests").warning("Said %s", "so")
    lines = written.getvalue().splitlines()
    if lines[0].startswith("{"):
        found = [json.loads(line) for line in lines]
        assert {"method": "GET", "route": "topics/", "status": 200}.items() <= found[-2].items()
        assert found[-1]["event"] == "Said so"
    else:
        assert "WARNING newsroom.tests: Said so" in lines[-1]


def test_a_foreign_host_is_one_line_however_often_it_comes_and_no_traceback(written, settings):
    settings.LOG_REQUESTS = False
    for number in range(50):
        for at in ("/", "/admin/", "/search/?q=a"):
            assert Client().get(at, HTTP_HOST=f"marked-{number}.example").status_code == 400
    said = written.getvalue()
    assert said.count("a host that is not ours") == 1
    assert len(said.splitlines()) == 1
    assert "marked" not in said


def test_an_exception_is_its_type_and_the_places_that_it_came_through():
    try:
        try:
            int(MARKED)
        except ValueError as error:
            raise RuntimeError(MARKED) from error
    except RuntimeError as error:
        found = logs.places(error)
    assert [one["type"] for one in found] == ["RuntimeError", "ValueError"]
    assert "test_logs.py" in found[0]["at"][0]
    assert MARKED not in repr(found)


def test_links_from_staff_pages_and_previews_tell_no_other_site_where_they_stood(client):
    assert client.get("/accounts/login/").headers["Referrer-Policy"] == "same-origin"
    assert client.get("/admin/").headers["Referrer-Policy"] == "same-origin"
    assert client.get(f"/preview/{TOKEN}/").headers["Referrer-Policy"] == "no-referrer"
