"""Privacy, security.txt, the page that leads to a SecureDrop, and the site at its address in Tor."""

import json
import re
import shutil
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.cache import cache, caches
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone

from newsroom import environment
from newsroom.delivery import csp_reports
from tests.every_page import MACHINES, every_page

pytestmark = pytest.mark.django_db
ONION = "http://" + "a" * 56 + ".onion"
SECUREDROP = "http://" + "b" * 56 + ".onion"
KEY = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDME\n-----END PGP PUBLIC KEY BLOCK-----\n"


@pytest.fixture(scope="module")
def shown(module_makers):
    """Every page and machine's page that is there, in two languages."""
    with override_settings(PUBLIC_HISTORY=True):
        languages = every_page(module_makers)
        pages = [
            path for code in ("en", "zh-hans") for path, status in languages[code].items() if status == 200
        ]
        yield pages, [*pages, *MACHINES]


# ------------------------------------------------------------------ privacy


def test_the_page_says_what_is_so_by_the_settings(client, settings):
    def said():
        cache.clear()
        caches["pages"].clear()
        return client.get("/privacy/").content.decode()

    assert "A line for each request" in said()
    assert "reports.example" not in said()
    settings.SENTRY_DSN, settings.LOG_REQUESTS = "https://key@reports.example/1", False
    settings.PURGE_URLS, settings.WEBSUB_HUB, settings.ONION_URL = (
        ["https://cdn.example/"],
        "https://hub.example/",
        ONION,
    )
    page = said()
    assert "A line for each request" not in page
    assert "reported to reports.example" in page
    assert "handed out by servers in front" in page
    assert "hub.example" in page
    assert ONION in page


def test_the_page_is_linked_in_the_foot_and_there_in_each_language_of_the_frame(client, settings):
    for code in settings.FRAME_LANGUAGES:
        prefix = "" if code == settings.LANGUAGE_CODE else f"/{code}"
        assert f'href="{prefix}/privacy/"' in client.get(f"{prefix}/").content.decode()
        answer = client.get(f"{prefix}/privacy/")
        assert answer.status_code == 200
        assert answer.headers["Content-Language"] == code
    assert "隐私" in client.get("/zh-hans/privacy/").content.decode()


def test_nothing_of_a_reader_is_kept_in_database_caches_files_or_log(
    shown, settings, tmp_path, capfd, monkeypatch
):
    """A crawl of everything by somebody whose address, words and token can be recognised, bytes searched for afterwards."""
    settings.CACHES = {
        "default": {
            **settings.CACHES["default"],
            "BACKEND": "newsroom.delivery.cache_backends.FileCache",
            "LOCATION": str(tmp_path / "cache"),
        },
        "pages": {
            **settings.CACHES["pages"],
            "BACKEND": "newsroom.delivery.cache_backends.FileCache",
            "LOCATION": str(tmp_path / "pages"),
            "OPTIONS": {},
        },
    }
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temp"))
    (tmp_path / "temp").mkdir()
    marks = [
        "203.0.113.99",
        "markedsearchword",
        "markedtoken",
        "markedagent",
        "markedreferrer",
        "markedcookie",
        "markedname",
    ]
    reader = Client(
        REMOTE_ADDR=marks[0], HTTP_USER_AGENT=marks[3], HTTP_REFERER=f"https://{marks[4]}.example/", HTTP_X_FORWARDED_FOR=marks[0],
        raise_request_exception=False,
    )  # fmt: skip
    reader.cookies["who"] = marks[5]
    for path in shown[1]:
        reader.get(path)
        reader.get(f"{path}{'&' if '?' in path else '?'}utm_source={marks[1]}")
    for path in ("/search/", "/zh-hans/search/", "/search/suggest", "/search/feed.rss", "/nowhere/"):
        reader.get(path, {"q": marks[1]})
    for path in (f"/preview/{marks[2]}/", f"/releases/{marks[1]}/", f"/topics/{marks[1]}/"):
        reader.get(path)
        reader.post(path, {"q": marks[1]})
    report = {
        "csp-report": {
            "document-uri": f"http://testserver/search/?q={marks[1]}",
            "effective-directive": "img-src",
            "blocked-uri": f"https://{marks[4]}.example/",
        }
    }
    reader.post("/csp-reports/", json.dumps(report), content_type="application/csp-report")
    kept = "\n".join(connection.iterdump() if hasattr(connection, "iterdump") else _rows())
    files = {
        str(path): path.read_bytes()
        for folder in (tmp_path, Path(settings.MEDIA_ROOT))
        for path in folder.rglob("*")
        if path.is_file()
    }
    written = "".join(capfd.readouterr())
    for mark in marks:
        assert mark not in kept
        assert [name for name, content in files.items() if mark.encode() in content or mark in name] == []
        assert mark not in written
    shutil.rmtree(tmp_path / "cache", ignore_errors=True)


def _rows():
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            yield from map(repr, cursor.fetchall())


# ------------------------------------------------------------------ whom to tell


def test_security_txt_names_whom_to_tell_and_is_never_about_to_expire(client, settings, tmp_path):
    key = tmp_path / "key.asc"
    key.write_text(KEY)
    settings.SECURITY_CONTACTS, settings.SECURITY_KEY_FILE = ["mailto:security@example.org"], key
    settings.SECURITY_POLICY_URL = "https://example.org/policy"
    answer = client.get("/.well-known/security.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert fields["Contact"] == "mailto:security@example.org"
    assert fields["Canonical"] == "http://testserver/.well-known/security.txt"
    assert fields["Policy"] == "https://example.org/policy"
    left = datetime.fromisoformat(fields["Expires"]) - timezone.now()
    assert timedelta(days=50) < left < timedelta(days=100)
    assert client.get(fields["Encryption"].removeprefix("http://testserver")).content.decode() == KEY


def test_without_a_contact_there_is_no_security_txt(client, settings):
    settings.SECURITY_CONTACTS = []
    settings.SECURITY_KEY_FILE = None
    assert client.get("/.well-known/security.txt").status_code == 404
    assert client.get("/.well-known/security-key.asc").status_code == 404


def test_a_private_key_is_refused(tmp_path):
    key = tmp_path / "key.asc"
    key.write_text(KEY + "-----BEGIN PGP PRIVATE KEY BLOCK-----")
    with pytest.raises(environment.ImproperlyConfigured, match="public PGP key"):
        environment.key_file("SECURITY_KEY_FILE", str(key))


# ------------------------------------------------------------------ documents


def test_where_documents_can_be_handed_in_keeps_the_rules_of_such_pages(client, settings):
    settings.SECUREDROP_URL = SECUREDROP
    for path in ("/securedrop/", "/zh-hant/securedrop/"):
        answer = client.get(path)
        page = answer.content.decode()
        assert SECUREDROP in page
        assert "<script" not in page
        assert not answer.cookies
        assert "no-store" in answer.headers["Cache-Control"]
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert "script-src" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert "Onion-Location" not in answer.headers


def test_a_newsroom_that_runs_none_has_no_such_page(client):
    assert client.get("/securedrop/").status_code == 404
    assert "/securedrop/" not in client.get("/").content.decode()


def test_every_page_leads_there_and_loads_nothing_from_others_and_sets_no_cookie(shown, settings):
    """Whoever comes to hand something in has come through one of them."""
    settings.SECUREDROP_URL = SECUREDROP
    caches["pages"].clear()
    for path in shown[0]:
        answer = Client().get(path)
        page = answer.content.decode()
        assert "/securedrop/" in page, path
        loaded = re.findall(
            r'<(?:script|img|iframe|source|video|audio|embed|object)\b[^>]*?\b(?:src|srcset|data)="([^"]+)"',
            page,
        )
        loaded += re.findall(
            r'<link\b[^>]*rel="(?:stylesheet|icon|preload|apple-touch-icon)"[^>]*href="([^"]+)"', page
        )
        assert [one for one in loaded if not one.startswith(("/", "data:"))] == [], path
        assert not answer.cookies, path
        assert "require-trusted-types-for 'script'" in answer.headers["Content-Security-Policy"], path
    caches["pages"].clear()


# ------------------------------------------------------------------ in Tor


@pytest.fixture
def onion(settings):
    settings.ONION_URL = ONION
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, ONION.removeprefix("http://")]
    settings.SECURE_SSL_REDIRECT = True
    settings.CSRF_TRUSTED_ORIGINS = [ONION]
    caches["pages"].clear()
    yield {"HTTP_HOST": ONION.removeprefix("http://")}
    caches["pages"].clear()


def test_the_whole_site_is_served_there_by_http_with_the_same_canonical_addresses(onion, shown):
    for path in shown[1]:
        there = Client().get(path, **onion)
        here = Client().get(path, secure=True)
        assert there.status_code == here.status_code == 200, path
        assert there.content == here.content, path
        assert "Onion-Location" not in there.headers
        assert "Strict-Transport-Security" not in there.headers
    assert Client().get("/").status_code == 301  # elsewhere http leads to https
    assert Client().get("/accounts/login/", **onion).status_code == 200


def test_tor_browser_is_told_of_it_with_nothing_that_only_this_reader_asked(onion):
    answer = Client().get("/search/?utm_source=me&q=water&page=1", secure=True)
    assert answer.headers["Onion-Location"].startswith(f"{ONION}/search/?")
    assert "utm_source" not in answer.headers["Onion-Location"]
    assert Client().get("/", secure=True).headers["Onion-Location"] == f"{ONION}/"
    assert "Onion-Location" not in Client().get("/admin/", secure=True).headers


# ------------------------------------------------------------------ what browsers stop


def report(**more):
    return {
        "csp-report": {
            "document-uri": "http://testserver/topics/?secret=1",
            "effective-directive": "script-src",
            **more,
        }
    }


def sent(body, **more):
    text = body if isinstance(body, str) else json.dumps(body)
    return Client().post("/csp-reports/", text, content_type="application/csp-report", **more).status_code


@pytest.fixture
def counts():
    csp_reports.forget()
    yield csp_reports.counted
    csp_reports.forget()


def test_reports_are_counted_by_rule_and_kind_of_page(counts):
    assert sent(report()) == sent(report()) == 204
    new_form = [
        {
            "type": "csp-violation",
            "body": {"documentURL": "http://testserver/releases/wells/", "effectiveDirective": "img-src"},
        }
    ]
    assert sent(new_form) == 204
    assert counts() == {"script-src topics/": 2, "img-src releases/<any_slug:slug>/": 1}


def test_what_is_no_report_is_not_counted(counts):
    for body in (
        "",
        "{",
        "[]",
        "null",
        "[" * 5_000,
        '{"csp-report": 5}',
        '{"csp-report": {"effective-directive": "made-up"}}',
        "x" * 20_000,
    ):
        assert sent(body) == 204
    assert counts() == {}
    assert Client().get("/csp-reports/").status_code == 405


def test_strangers_fill_nothing(counts, monkeypatch):
    monkeypatch.setattr(csp_reports, "MOST_KINDS", 5)
    for directive in sorted(csp_reports.DIRECTIVES):
        sent(
            report(
                **{"effective-directive": directive, "document-uri": f"https://elsewhere.example/{directive}"}
            )
        )
    assert len(counts()) == 5


def test_chiefs_see_them_and_begin_anew(client, chief, counts):
    sent(report())
    client.force_login(chief)
    assert "<code>script-src</code>" in client.get("/admin/state/").content.decode()
    client.post("/admin/state/")
    assert counts() == {}


def test_every_policy_says_where_reports_go(client):
    for path in ("/", "/admin/login/", "/accounts/login/"):
        assert "report-uri /csp-reports/" in client.get(path, follow=True).headers["Content-Security-Policy"]
    assert (
        "require-trusted-types-for 'script'"
        in client.get("/accounts/login/").headers["Content-Security-Policy"]
    )
