"""Static files as production serves them: collected, hashed, and the sheets that pages share joined to one."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.template.loader import render_to_string
from django.test import override_settings

from tests.views.page import read

PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"
PRODUCTION = "newsroom.delivery.storage.StaticFilesStorage"
# Of other pages than the public ones, and most of the time that collecting takes.
STAFF = ["admin", "editor", "docx-drop.js", "django_prose_editor", "account", "mfa"]


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """The public pages' static files, collected as `manage.py collectstatic` does it in production."""
    storages = {**settings.STORAGES, "staticfiles": {"BACKEND": PRODUCTION}}
    with override_settings(STORAGES=storages, STATIC_ROOT=tmp_path_factory.mktemp("static")):
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=STAFF)
        yield


def sheets(page):
    return [link.get("href") for link in page.iter("link") if link.get("rel") == "stylesheet"]


@pytest.mark.parametrize("name", ["css/public.css", "css/staff.css"])
def test_sheets_that_pages_share_are_one_file_in_their_order(collected, name):
    parts = [Path(finders.find(part)).read_text(encoding="utf-8") for part in settings.STYLESHEETS[name]]
    with staticfiles_storage.open(staticfiles_storage.stored_name(name)) as file:
        assert file.read().decode() == "\n".join(parts)


def test_the_first_rule_of_the_public_sheet_is_the_order_of_the_layers(collected):
    with staticfiles_storage.open(staticfiles_storage.stored_name("css/public.css")) as file:
        first = re.search(r"^@[^{;]*[{;]", file.read().decode(), re.MULTILINE)
    assert first[0] == "@layer tokens, base, layout, parts, print;"


def test_a_page_asks_for_the_joined_sheet_by_its_content(client, db, collected):
    first, printed = sheets(read(client.get("/")))
    assert re.fullmatch(r"/static/css/public\.[0-9a-f]{12}\.css", first)
    assert re.fullmatch(r"/static/css/print\.[0-9a-f]{12}\.css", printed)


def test_what_is_joined_is_compressed_beforehand(collected):
    stored = staticfiles_storage.stored_name("css/public.css")
    assert all(staticfiles_storage.exists(stored + suffix) for suffix in (".br", ".gz"))


def test_a_sheet_that_changes_has_a_new_name(collected, tmp_path):
    before = staticfiles_storage.url("css/public.css")
    changed = [*settings.STYLESHEETS["css/public.css"][:-1], "css/release.css"]
    with override_settings(STYLESHEETS={"css/public.css": changed}, STATIC_ROOT=tmp_path):
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=STAFF)
        assert staticfiles_storage.url("css/public.css") != before


@override_settings(STORAGES={**settings.STORAGES, "staticfiles": {"BACKEND": PLAIN}})
def test_where_nothing_is_collected_each_sheet_has_its_link(client, db):
    names = [*settings.STYLESHEETS["css/public.css"], "css/print.css"]
    assert sheets(read(client.get("/"))) == [f"/static/{name}" for name in names]


def test_a_page_that_says_that_something_failed_has_the_sheets_as_well(collected):
    assert "/static/css/public." in render_to_string("500.html", {"newsroom": settings.NEWSROOM})


@pytest.mark.parametrize(("notes", "scripts"), [(0, 0), (5, 1)])
def test_a_release_waits_for_two_sheets_and_its_notes_for_one_script(
    client, make_release, collected, notes, scripts
):
    page = read(client.get(make_release(notes=notes).get_absolute_url()))
    waited_for = [
        link for link in page.iter("link") if link.get("rel") == "stylesheet" and link.get("media") != "print"
    ]
    assert len(waited_for) == 2
    assert [script.get("type") for script in page.iter("script") if script.get("src")] == ["module"] * scripts


def test_no_script_waits_for_another_on_a_public_page(collected):
    """A module that imports is a turn more on the line before anything happens."""
    for name in ("notes", "search"):
        with staticfiles_storage.open(staticfiles_storage.stored_name(f"js/{name}.js")) as file:
            assert not re.search(rb"^import\b", file.read(), re.MULTILINE)
