"""People, exports and whatever else an open laptop must not give away ask once more who somebody is, and lose no word by it."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from newsroom.accounts.models import OpenSession, User, role_of

from .conftest import PASSWORD, enter
from .test_people_admin import NEW, change
from .test_record import kinds

PEOPLE = "/admin/accounts/user/"


def a_quarter_of_an_hour_later():
    OpenSession.objects.update(confirmed_at=timezone.now() - timedelta(minutes=16))


def names_and_views():
    """Every page of the staff: (name, whether it asks)."""
    found = []

    def walk(patterns, route=""):
        for one in patterns:
            path = route + str(one.pattern)
            if hasattr(one, "url_patterns"):
                walk(one.url_patterns, path)
            elif path.startswith(("admin/", "accounts/")) and one.name:
                found.append((one.name, getattr(one.callback, "asks_again", False)))

    walk(get_resolver().url_patterns)
    return found


# Sections that an editor works in all day. Of these, too, a page whose name says so asks.
NEED_NOT = (
    "releases_release_", "releases_picture_", "releases_source_", "releases_topic_", "releases_event_", "accounts_accessentry_",
    "django_tasks_database_dbtaskresult_",
)  # fmt: skip
ALWAYS = re.compile("export|people|user_|key|scrub|setting|backup|restore_|invite")
# Pages of no section, and those of one's own account: allauth asks at its own (`test_second_factor`), and the others give nothing away.
ALONE = {
    "index", "state", "login", "logout", "password_change", "password_change_done", "autocomplete", "jsi18n", "view_on_site", "app_list",
    "account_login", "account_logout", "account_inactive", "account_reauthenticate", "account_change_password", "account_language",
    "account_devices", "account_left", "account_notices", "account_confirmed", "account_invitation", "account_first_password",
    "account_set_password", "mfa_index", "mfa_authenticate", "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp",
    "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes", "mfa_list_webauthn", "mfa_add_webauthn",
    "mfa_reauthenticate_webauthn", "mfa_remove_webauthn", "mfa_edit_webauthn", "mfa_login_webauthn",
}  # fmt: skip


def test_every_page_of_the_staff_asks_or_is_known_not_to_need_it():
    pages = names_and_views()
    assert len(pages) > 100
    undecided = {
        name
        for name, asks in pages
        if not asks and name not in ALONE and (not name.startswith(NEED_NOT) or ALWAYS.search(name))
    }
    assert undecided == set(), "put `Confirmed` on the section, `confirmed` on the view, or name it above"
    assert {name for name, asks in pages if asks} >= {
        "accounts_user_changelist", "accounts_user_add", "accounts_user_change", "accounts_user_link", "accounts_user_sessions",
        "accounts_accessentry_export", "releases_event_export", "scrub",
    }  # fmt: skip


@pytest.mark.parametrize(
    "path", [PEOPLE, f"{PEOPLE}add/", f"{PEOPLE}?q=an&role=editor", "/admin/releases/event/export/?verb=submit",
    "/admin/accounts/accessentry/export/csv/"]
)  # fmt: skip
def test_a_page_asks_after_a_quarter_of_an_hour_and_leads_back_to_where_one_was(as_chief, path):
    assert as_chief.get(path).status_code == 200
    a_quarter_of_an_hour_later()
    asked = as_chief.get(path)
    assert asked.url.startswith("/accounts/reauthenticate/?next=")
    back = as_chief.post(asked.url, {"password": PASSWORD})
    assert back.url == path
    assert as_chief.get(path).status_code == 200
    assert kinds()[-1] in {"confirmed", "export"}


def test_a_code_confirms_as_well_as_the_password(as_chief):
    a_quarter_of_an_hour_later()
    from newsroom.accounts.models import UsedCode

    from .conftest import code_of

    UsedCode.objects.all().delete()
    back = as_chief.post(f"/accounts/2fa/reauthenticate/?next={PEOPLE}", {"code": code_of()})
    assert back.url == PEOPLE
    assert as_chief.get(PEOPLE).status_code == 200


def test_a_form_that_meets_the_question_is_kept_and_done_with_the_password(as_chief):
    a_quarter_of_an_hour_later()
    asked = as_chief.post(f"{PEOPLE}add/?_changelist_filters=q%3Dx", NEW | {"first_name": 'N"ora <b>'})
    said = asked.content.decode()
    assert asked.status_code == 403
    assert "Is it still you?" in said
    assert 'name="username" value="nora"' in said
    assert 'value="N&quot;ora &lt;b&gt;"' in said
    assert not User.objects.filter(username="nora").exists()
    sent = NEW | {"first_name": 'N"ora <b>'}
    wrong = as_chief.post(f"{PEOPLE}add/", sent | {"_confirm_password": "not-it"}).content.decode()
    assert "Wrong password." in wrong
    assert 'name="username" value="nora"' in wrong
    assert "not-it" not in wrong
    done = as_chief.post(f"{PEOPLE}add/", sent | {"_confirm_password": PASSWORD})
    assert done.status_code == 200
    assert User.objects.get(username="nora").first_name == 'N"ora <b>'
    assert {"confirmation failed", "confirmed"} <= {*kinds()}


def test_whoever_confirms_in_another_window_sends_the_kept_form_on_without_the_password(as_chief, person):
    otto = person("otto", "writer")
    a_quarter_of_an_hour_later()
    assert change(as_chief, otto, role="editor").status_code == 403
    as_chief.post("/accounts/reauthenticate/?next=/accounts/confirmed/", {"password": PASSWORD})
    assert as_chief.get("/accounts/confirmed/").status_code == 200
    assert change(as_chief, otto, role="editor", _confirm_password="").status_code == 302
    assert role_of(User.objects.get(pk=otto.pk)) == "editor"


def test_the_question_cannot_be_guessed_without_end(as_chief):
    a_quarter_of_an_hour_later()
    answers = [as_chief.post(f"{PEOPLE}add/", NEW | {"_confirm_password": f"no-{n}"}) for n in range(7)]
    assert "Too many attempts" in answers[-1].content.decode()
    right = as_chief.post(f"{PEOPLE}add/", NEW | {"_confirm_password": PASSWORD})
    assert "Too many attempts" in right.content.decode()
    assert not User.objects.filter(username="nora").exists()


@pytest.mark.parametrize("role", ["writer", "editor"])
def test_whoever_may_not_is_refused_and_not_asked(person, role):
    person("anna", role, app=True)
    client = Client()
    enter(client)
    assert client.get(PEOPLE).status_code == 403
    assert client.get(PEOPLE, headers={"accept": "text/html"}).status_code == 403


def test_what_one_writes_all_day_asks_nothing(as_chief):
    a_quarter_of_an_hour_later()
    for path in (
        "/admin/",
        "/admin/releases/release/",
        "/admin/releases/release/add/",
        "/admin/accounts/accessentry/",
    ):
        assert as_chief.get(path).status_code == 200
