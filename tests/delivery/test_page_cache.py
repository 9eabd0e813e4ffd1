"""What the page cache must not confuse: hosts, and people. And who may say for how long anything is stored."""

import re
from itertools import count
from pathlib import Path

import pytest
from django.core.cache import caches
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.test import Client
from django.urls import path
from django.utils.cache import patch_vary_headers

from releases import workflow
from releases.reading.public import public

ROOT = Path(__file__).resolve().parents[2]
HOSTS = ["reader.example", "mirror.example:8443"]


@pytest.fixture
def paths(make_release, make_topic, make_picture, editor, settings):
    """Addresses of every kind of public answer."""
    topic = make_topic("Land")
    settings.ALLOWED_HOSTS = ["testserver", "reader.example", "mirror.example"]
    make_release("Wells", slug="wells", notes=2, topics=[topic], picture=make_picture(), picture_alt="A well")
    make_release("Wells too", slug="wells", language="bo", topics=[topic])
    workflow.withdraw(make_release("Gone", slug="gone"), by=editor, notice="Withdrawn.")
    return [
        "/", "/bo/", "/releases/", "/releases/wells/", "/releases/gone/", "/topics/", f"/topics/{topic.slug}/", "/search/?q=wells",
        "/follow/", "/feeds/releases.rss", "/feeds/releases.atom", "/feeds/releases.json", f"/topics/{topic.slug}/feed.rss",
        "/feeds/topics.opml", "/search/feed.rss?q=wells", "/search/suggest?q=wel", "/search/opensearch.xml", "/sitemap.xml",
        "/sitemaps/pages.xml", "/sitemaps/releases-1.xml", "/sitemaps/news.xml", "/robots.txt", "/api/releases.json",
        "/api/openapi.json", "/releases/wells/cite.txt", "/oembed.json?url=http%3A//testserver/releases/wells/", "/favicon.ico",
        "/releases", "/nowhere/",
    ]  # fmt: skip


@pytest.mark.django_db
def test_an_answer_carries_the_address_of_the_site_whatever_host_was_asked_first(paths):
    """The host is not in the key, so no answer may depend on it."""
    client, answers, stored = Client(), {}, 0
    for hosts in (HOSTS, HOSTS[::-1]):
        caches["pages"].clear()
        for one in paths:
            for host in hosts:
                got = client.get(one, headers={"Host": host})
                said = got.content.decode() + str(sorted(got.headers.items()))
                assert not re.findall("reader.example|mirror.example", said), (one, hosts, host)
                first = answers.setdefault(one, (got.status_code, got.content))
                assert (got.status_code, got.content) == first, (one, hosts, host)
        stored = len(caches["pages"]._cache)
    assert stored >= 20
    assert {status for status, _content in answers.values()} == {200, 301, 302, 404, 410}


# ------------------------------------------------------------------ people

NUMBER = count()


@public()
def plain(request):
    return HttpResponse(f"answer {next(NUMBER)}")


@public()
def sets_a_cookie(request):
    response = plain(request)
    response.set_cookie("who", "anna")
    return response


@public()
def looks_who_it_is(request):
    return HttpResponse(f"{request.user} {next(NUMBER)}")


@public()
def has_a_form(request):
    return HttpResponse(f"{get_token(request)} {next(NUMBER)}")


@public()
def says_that_it_varies(request):
    response = plain(request)
    patch_vary_headers(response, ["Cookie"])
    return response


PERSONAL = [sets_a_cookie, has_a_form, says_that_it_varies]
urlpatterns = [path(f"{view.__name__}/", view) for view in (plain, looks_who_it_is, *PERSONAL)]


@pytest.fixture
def odd_views(settings, db):
    settings.ROOT_URLCONF = __name__


def test_a_public_page_is_answered_from_the_cache(odd_views):
    assert Client().get("/plain/").content == Client().get("/plain/").content


@pytest.mark.parametrize("view", PERSONAL, ids=lambda view: view.__name__)
def test_what_sets_a_cookie_or_depends_on_one_is_never_cached(odd_views, editor, view):
    """Though somebody has marked the view as public, by mistake."""
    client = Client()
    client.force_login(editor)
    first = client.get(f"/{view.__name__}/")
    second = Client().get(f"/{view.__name__}/")
    assert second.content != first.content
    assert first.headers["Cache-Control"] == second.headers["Cache-Control"] == "no-store, private"


def test_a_public_view_cannot_ask_who_is_signed_in(odd_views, editor):
    """So that what it says of a person is neither cached nor sent: the mistake is seen at once."""
    client = Client(raise_request_exception=False)
    client.force_login(editor)
    answer = client.get("/looks_who_it_is/")
    assert answer.status_code == 500
    assert editor.username not in answer.content.decode()


# ------------------------------------------------------------------ Cache-Control


def test_the_values_of_cache_control_stand_in_one_module():
    modules = [*(ROOT / "releases").rglob("*.py"), *(ROOT / "newsroom").rglob("*.py")]
    wrong = [
        str(one.relative_to(ROOT))
        for one in modules
        if re.search(
            r"max-age|no-store|no-cache|never_cache|cache_control\(|patch_cache_control", one.read_text()
        )
        and one != ROOT / "newsroom" / "http.py"
    ]
    assert wrong == []
