"""Where people are signed in: seen, ended one by one, ended by not being used; and what the owner is told of it."""

from datetime import timedelta

import pytest
from django.conf import settings as site_settings
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from newsroom.accounts import sessions
from newsroom.accounts.models import OpenSession, UsedCode, User
from tests.makers import Makers

from .conftest import PASSWORD, enter, is_in, recovery_codes, sign_in
from .test_people_admin import change
from .test_record import FIREFOX, kinds, last

PAGE, LEFT = "/accounts/devices/", "/accounts/devices/left/"


def ago(**time):
    return timezone.now() - timedelta(**time)


@pytest.fixture
def two(person):
    """Anna in two browsers."""
    anna = person(app=True)
    one, other = Client(HTTP_USER_AGENT=FIREFOX), Client(REMOTE_ADDR="192.0.2.9")
    enter(one)
    enter(other, code=recovery_codes(anna)[0])
    return anna, one, other


def test_the_page_lists_where_one_is_signed_in_and_marks_this_browser(two):
    said = two[1].get(PAGE).content.decode()
    assert said.count("signin-card") == 2
    assert "Firefox, Linux" in said
    assert "192.0.2.9" in said
    assert said.count("this browser") == 1


def test_one_session_is_ended_and_is_nobodys_at_the_next_request(two):
    anna, one, other = two
    row = OpenSession.objects.get(address="192.0.2.9")
    one.post(PAGE, {"session": row.pk})
    assert is_in(one)
    assert not is_in(other)
    assert "_auth_user_id" not in other.session
    assert last("session ended").person == anna


def test_all_others_are_ended_at_once(two):
    _anna, one, other = two
    one.post(PAGE, {"others": ""})
    assert is_in(one)
    assert not is_in(other)


def test_nobody_ends_somebody_elses_session(two, person):
    person("berta", app=True)
    berta = Client(REMOTE_ADDR="192.0.2.10")
    enter(berta, "berta")
    for row in OpenSession.objects.all():
        two[1].post(PAGE, {"session": row.pk})
    assert is_in(berta)
    for junk in ("x", "", "9" * 40, "-1"):
        assert two[1].post(PAGE, {"session": junk}).status_code == 302


def test_a_new_password_ends_all_others_in_the_list_too(two):
    _anna, one, other = two
    form = {"oldpassword": PASSWORD, "password1": "ochre-41-lanterns", "password2": "ochre-41-lanterns"}
    one.post("/accounts/password/change/", form)
    assert one.get(PAGE).content.decode().count("signin-card") == 1
    assert not is_in(other)
    assert is_in(one)


def test_a_chief_sees_and_ends_the_sessions_of_others(two, as_chief):
    anna, one, other = two
    page = f"/admin/accounts/user/{anna.pk}/sessions/"
    assert "192.0.2.9" in as_chief.get(page).content.decode()
    as_chief.post(page, {"session": OpenSession.objects.get(address="192.0.2.9").pk})
    assert (is_in(one), is_in(other)) == (True, False)
    as_chief.post(page, {"all": ""})
    assert not is_in(one)
    assert "is not signed in anywhere" in as_chief.get(page).content.decode()
    assert last("session ended").by.username == "charlotte"


@pytest.mark.parametrize("role", ["writer", "editor", None])
def test_nobody_but_a_chief_sees_the_sessions_of_others(client, person, role):
    other = person("otto")
    person("anna", role, app=True)
    enter(client)
    page = f"/admin/accounts/user/{other.pk}/sessions/"
    assert client.get(page, follow=True).status_code == 403
    assert client.post(page, {"all": ""}, follow=True).status_code == 403


def test_somebody_made_inactive_is_signed_in_nowhere(two, as_chief):
    anna, one, _other = two
    change(as_chief, anna, is_active=None)
    assert not is_in(one)
    assert not sessions.of(anna).exists()


@pytest.mark.parametrize("path", [PAGE, LEFT, "/accounts/notices/", "/accounts/confirmed/"])
def test_a_stranger_sees_none_of_these_pages(client, db, path):
    answer = client.get(path)
    assert answer.status_code in {302, 405} or answer.json() == {"left": 0}


def test_without_a_second_factor_the_pages_tell_of_ones_own_account_alone(client, person):
    person("other", app=True)
    enter(Client(), "other")
    person()
    sign_in(client)
    assert client.get(PAGE).content.decode().count("signin-card") == 1


# ---------------------------------------------------------------------- not used


def test_a_session_that_nobody_uses_ends_and_leads_back_to_the_page(client, person, settings):
    person(app=True)
    enter(client)
    OpenSession.objects.update(last_at=ago(minutes=settings.SESSION_IDLE_MINUTES - 1))
    assert is_in(client)
    OpenSession.objects.update(last_at=ago(minutes=settings.SESSION_IDLE_MINUTES + 2))
    assert client.get("/admin/releases/release/").url == "/admin/login/?next=/admin/releases/release/"
    assert last("session ended").detail["why"] == "idle"


def test_the_last_use_is_written_once_a_minute(client, person, django_assert_num_queries):
    person(app=True)
    enter(client)
    began = OpenSession.objects.get().last_at
    for _page in range(3):
        client.get("/admin/")
    assert OpenSession.objects.get().last_at == began
    OpenSession.objects.update(last_at=ago(seconds=61))
    client.get("/admin/")
    assert OpenSession.objects.get().last_at >= began


def test_an_open_page_that_asks_by_itself_uses_nothing_and_autosave_does(client, person):
    anna = person(app=True)
    enter(client)
    draft = Makers().draft(by=anna)
    before = ago(minutes=30)
    OpenSession.objects.update(last_at=before)
    client.post(f"/admin/releases/release/{draft.pk}/presence/")
    assert 0 < client.get(LEFT).json()["left"] <= 30 * 60
    assert OpenSession.objects.get().last_at == before
    answer = client.post(f"/admin/releases/release/{draft.pk}/autosave/", {"title": "More", "seen": "1"})
    assert answer.status_code == 200
    assert OpenSession.objects.get().last_at > ago(minutes=1)


def test_to_press_stay_signed_in_is_a_use(client, person):
    person(app=True)
    enter(client)
    OpenSession.objects.update(last_at=ago(minutes=59))
    assert client.get(LEFT).json()["left"] <= 60
    client.post(LEFT)
    assert client.get(LEFT).json()["left"] > 3500


def test_what_was_typed_into_a_form_is_kept_where_the_session_has_ended(client, person):
    anna = person(app=True)
    enter(client)
    draft = Makers().draft(by=anna)
    OpenSession.objects.update(last_at=ago(hours=3))
    answer = client.post(
        f"/admin/releases/release/{draft.pk}/change/", {"title": "Words of an hour", "body": "<p>x</p>"}
    )
    assert answer.status_code == 403
    assert 'value="Words of an hour"' in answer.content.decode()


def test_the_day_ends_a_session_however_much_it_is_used(client, person):
    person(app=True)
    enter(client)
    assert client.cookies[site_settings.SESSION_COOKIE_NAME]["max-age"] == site_settings.SESSION_COOKIE_AGE
    OpenSession.objects.update(began_at=ago(seconds=site_settings.SESSION_COOKIE_AGE + 60))
    assert client.get(LEFT).json() == {"left": 0}


def test_a_session_of_an_older_version_goes_on_and_is_asked_before_people(client, person):
    person(role="chief", app=True)
    enter(client)
    OpenSession.objects.all().delete()
    session = client.session
    del session[sessions.KEY]
    session.save()
    assert is_in(client)
    assert OpenSession.objects.count() == 1
    assert client.get("/admin/accounts/user/").url.startswith("/accounts/reauthenticate/")


def test_a_session_whose_row_is_gone_or_another_persons_is_nobodys(client, person):
    person(app=True)
    berta = person("berta", app=True)
    enter(client)
    session = client.session
    session[sessions.KEY] = OpenSession.objects.create(
        person=berta, began_at=ago(), last_at=ago(), confirmed_at=ago()
    ).pk
    session.save()
    assert not is_in(client)


def test_a_bad_limit_is_refused_in_words(monkeypatch):
    import subprocess
    import sys

    result = subprocess.run(
        [sys.executable, "-c", "import newsroom.settings"],
        env={"DEBUG": "1", "SESSION_IDLE_MINUTES": "1", "PATH": ""}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "SESSION_IDLE_MINUTES must be 5 to 720, not 1." in result.stderr


# ---------------------------------------------------------------------- told of it


def desk(client):
    said = client.get("/admin/").content.decode()
    return said.partition('id="desk-notices"')[2].partition("</section>")[0]


def test_the_first_sign_in_tells_nothing_and_a_new_device_does_until_it_is_dismissed(client, person):
    anna = person(app=True)
    enter(client)
    assert desk(client) == ""
    UsedCode.objects.all().delete()
    other = Client(REMOTE_ADDR="192.0.2.9", HTTP_USER_AGENT=FIREFOX)
    enter(other)
    assert "signed in from a new device" in desk(client)
    assert "192.0.2.9" in desk(client)
    seen = desk(client).partition('name="seen" value="')[2].partition('"')[0]
    assert client.post("/accounts/notices/", {"seen": seen}).url == "/admin/"
    assert desk(client) == ""
    assert desk(other) == ""
    UsedCode.objects.all().delete()
    other.post("/accounts/logout/")
    enter(other)
    assert desk(other) == ""  # known by now
    assert kinds(person=anna).count("new device") == 1


def test_five_failures_are_told_to_the_owner(client, person):
    person(app=True)
    for number in range(5):
        sign_in(Client(REMOTE_ADDR=f"203.0.113.{number}"), password="not-it")
    enter(client)
    assert "five wrong passwords or codes within an hour" in desk(client)


def test_a_changed_factor_and_a_password_that_the_operator_set_are_told(
    person, monkeypatch, settings, as_chief
):
    anna = person(app=True)
    as_chief.post("/admin/accounts/user/", {"action": "remove_second_factors", "_selected_action": [anna.pk]})
    monkeypatch.setattr("getpass.getpass", lambda **_words: PASSWORD)
    call_command("changepassword", "anna", verbosity=0)
    settings.SECOND_FACTOR_REQUIRED = False
    browser = Client()
    sign_in(browser)
    said = desk(browser)
    assert "second factor removed" in said
    assert "charlotte" in said
    assert "password set" in said


def test_a_chiefs_own_desk_tells_nothing_of_others(person, as_chief):
    anna = person(app=True)
    as_chief.post("/admin/accounts/user/", {"action": "remove_second_factors", "_selected_action": [anna.pk]})
    assert desk(as_chief) == ""


@pytest.mark.parametrize("junk", ["", "x", "-1", "9" * 30])
def test_a_dismissal_that_makes_no_sense_changes_nothing(client, person, junk):
    anna = person(app=True)
    enter(client)
    client.post("/accounts/notices/", {"seen": junk})
    assert User.objects.get(pk=anna.pk).notices_seen == 0
