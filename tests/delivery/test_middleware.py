"""What a page for readers does not need does not run for it."""

import pytest
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.test import Client

pytestmark = pytest.mark.django_db
PAGES = (
    "/", "/releases/", "/topics/", "/search/?q=wells", "/follow/", "/feeds/releases.rss", "/sitemap.xml", "/api/releases.json",
    "/zh-hans/", "/favicon.ico", "/nowhere/", "/releases/2026/13/",
)  # fmt: skip


@pytest.fixture
def ran(monkeypatch):
    """The names of what ran of Django's middleware for people who sign in."""
    found = []

    def noted(kind, method):
        original = getattr(kind, method)

        def noting(self, *args, **kwargs):
            found.append(f"{kind.__name__}.{method}")
            return original(self, *args, **kwargs)

        monkeypatch.setattr(kind, method, noting)

    for kind in (SessionMiddleware, AuthenticationMiddleware, MessageMiddleware):
        for method in ("process_request", "process_view", "process_response"):
            if hasattr(kind, method):
                noted(kind, method)
    return found


@pytest.mark.parametrize("path", PAGES)
def test_a_page_for_readers_runs_nothing_of_sessions_users_or_messages(path, ran):
    # What a session's cookie, or one that is none, could do is done by those.
    client = Client(headers={"cookie": "newsroom_session_8000=x; newsroom_csrf_8000=x"})
    answer = client.get(path)
    assert answer.status_code < 500
    assert ran == []
    assert not answer.cookies
    assert "Cookie" not in answer.headers.get("Vary", "")


@pytest.mark.parametrize("path", ["/admin/", "/accounts/login/", "/preview/any/"])
def test_where_people_sign_in_all_of_them_run(path, client, ran):
    client.get(path)
    assert {one.partition(".")[0] for one in ran} == {
        "SessionMiddleware", "AuthenticationMiddleware", "MessageMiddleware"
    }  # fmt: skip


def test_a_cookie_that_is_no_session_makes_no_page_for_readers_personal(client, settings):
    client.cookies[settings.SESSION_COOKIE_NAME] = "x"  # Django would delete it, and vary by it
    answer = client.get("/nowhere/")
    assert not answer.cookies
    assert "Vary" not in answer.headers


def test_a_form_without_its_token_is_refused_everywhere():
    client = Client(enforce_csrf_checks=True)
    assert [client.post(path).status_code for path in ("/", "/accounts/login/")] == [403, 403]


@pytest.mark.parametrize("path", ["/", "/nowhere/", "/admin/login/", "/favicon.ico"])
def test_the_content_policy_is_that_of_the_settings(path, client, settings):
    said = client.get(path, follow=True).headers["Content-Security-Policy"]
    demanded = {"require-trusted-types-for"}  # of pages for readers and for signing in
    assert {one.split()[0] for one in said.split("; ")} == set(
        settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    ) | demanded


def test_a_length_of_more_digits_than_any_length_has_is_too_large():
    client = Client(raise_request_exception=False)
    assert client.post("/search/", CONTENT_LENGTH="9" * 5000).status_code == 413
