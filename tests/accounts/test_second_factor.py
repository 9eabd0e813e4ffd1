"""The second factor: forced enrolment, codes, recovery, and what lies in the database."""

import base64
import json
import re
import time
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test import Client

from newsroom.accounts.adapters import SecondFactorAdapter
from newsroom.accounts.middleware import SecondFactorMiddleware
from newsroom.accounts.models import User

from .conftest import SECRET, code_of, enter, is_in, recovery_codes, sign_in


def enrol(client, name="anna"):
    """Set up an authenticator app in this browser, signed in with a password; return its secret."""
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    secret = re.search(r'id="authenticator_secret">([A-Z2-7]+)<', page)[1]
    client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    return secret


def test_a_password_alone_shows_nothing_of_the_newsroom_until_a_second_factor_is_set_up(client, person):
    person()
    sign_in(client)
    for path in ("/admin/", "/admin/accounts/user/", "/admin/jsi18n/", "/admin/logout/x/"):
        response = client.get(path)
        assert (response.status_code, response.url) == (302, "/accounts/2fa/"), path
    assert "Set up a second factor" in client.get("/accounts/2fa/").content.decode()


def test_a_form_posted_before_enrolment_is_refused_in_words(client, person):
    person(role="chief")
    sign_in(client)
    response = client.post("/admin/accounts/user/add/", {"username": "mallory"})
    assert response.status_code == 403
    assert response.content.decode() == "Set up your second factor first, then try again."
    assert not User.objects.filter(username="mallory").exists()


def test_enrolment_takes_one_password_and_leads_to_the_codes_and_on_to_where_one_was_going(client, person):
    user = person(role="chief")
    sign_in(client, next="/admin/accounts/user/")
    client.get("/admin/accounts/user/")
    enrol(client)
    page = client.get("/accounts/2fa/recovery-codes/").content.decode()
    assert all(code in page for code in recovery_codes(user))
    assert 'href="/admin/accounts/user/"' in page
    assert client.get("/admin/accounts/user/").status_code == 200


class Untouchable:
    """A session, or a person, that nobody may look at."""

    def __getattr__(self, name):
        raise AssertionError(f"a public page looked at {name}")


@pytest.mark.parametrize(
    ("path", "looks"),
    [("/any/", False), ("/ug/", False), ("/favicon.ico", False), ("/preview/any/", True), ("/accounts/any/", True), ("/admin/", True)],
)  # fmt: skip
def test_public_pages_never_look_at_the_session_and_all_others_do(rf, settings, path, looks):
    request = rf.get(path)
    request.COOKIES[settings.SESSION_COOKIE_NAME] = "x"
    request.user = request.session = Untouchable()
    request.resolver_match = SimpleNamespace(view_name="any")
    door = SecondFactorMiddleware(lambda request: None)
    if looks:
        with pytest.raises(AssertionError, match="looked at"):
            door.process_view(request, None, (), {})
    else:
        assert door.process_view(request, None, (), {}) is None


def test_with_the_setting_off_a_password_is_enough(client, person, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    person()
    sign_in(client)
    assert is_in(client)


def test_a_set_up_factor_is_asked_for_even_with_the_setting_off(client, person, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    person(app=True)
    assert sign_in(client).url == "/accounts/2fa/authenticate/"
    assert not is_in(client)


def test_somebody_who_waits_with_a_stolen_password_is_not_let_in_by_the_owners_enrolment(person):
    person()
    thief, owner = Client(), Client()
    sign_in(thief)
    sign_in(owner)
    enrol(owner)
    assert is_in(owner)
    assert not is_in(thief)
    assert "_auth_user_id" not in thief.session


def test_a_session_made_without_the_second_step_is_ended(client, person):
    user = person(app=True)
    client.force_login(user)
    assert client.get("/admin/?x=1").url == "/accounts/login/?next=/admin/%3Fx%3D1"
    assert not is_in(client)


def test_signing_in_takes_the_password_and_the_apps_code(client, person):
    person(app=True)
    assert sign_in(client).url == "/accounts/2fa/authenticate/"
    assert not is_in(client)
    response = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert "This code is wrong" in response.content.decode()
    assert not is_in(client)
    assert client.post("/accounts/2fa/authenticate/", {"code": code_of()}).url == "/admin/"
    assert is_in(client)


@pytest.mark.parametrize(("steps", "opens"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_half_a_minute_off_and_no_more(client, person, monkeypatch, steps, opens):
    monkeypatch.setattr("time.time", lambda: 1_800_000_010.0)
    person(app=True)
    enter(client, code=code_of(steps=steps))
    assert ("_auth_user_id" in client.session) is opens


def test_a_code_opens_the_door_once_however_long_it_is_valid(person, monkeypatch):
    moment = [1_800_000_001.0]
    monkeypatch.setattr("time.time", lambda: moment[0])
    person(app=True)
    ahead = code_of(steps=1)
    first, second = Client(), Client()
    enter(first, code=ahead)
    assert "_auth_user_id" in first.session
    moment[0] += 45  # past the period for which allauth itself remembers it; still within the tolerance
    enter(second, code=ahead)
    assert "_auth_user_id" not in second.session


def test_codes_cannot_be_guessed_without_end_from_any_number_of_addresses(person):
    person(app=True)
    for number in range(20):
        enter(Client(REMOTE_ADDR=f"192.0.2.{number}"), code="000000")
    late = Client(REMOTE_ADDR="192.0.2.99")
    sign_in(late)
    response = late.post("/accounts/2fa/authenticate/", {"code": code_of()})
    assert "Too many attempts" in response.content.decode()


def test_each_recovery_code_opens_once(person):
    user = person(app=True)
    codes = recovery_codes(user)
    first, again, other = Client(), Client(), Client()
    enter(first, code=codes[0])
    enter(again, code=codes[0])
    enter(other, code=codes[1])
    assert is_in(first)
    assert not is_in(again)
    assert is_in(other)
    assert recovery_codes(user) == codes[2:]


def test_recovery_codes_come_as_a_file_and_can_be_made_anew(client, person):
    user = person(app=True)
    enter(client)
    codes = recovery_codes(user)
    file = client.get("/accounts/2fa/recovery-codes/download/")
    assert all(code in file.content.decode() for code in codes)
    assert "no-store" in file["Cache-Control"]
    client.post("/accounts/2fa/recovery-codes/generate/")
    assert set(recovery_codes(user)).isdisjoint(codes)


def test_old_sessions_are_asked_again_before_codes_are_shown(client, person, monkeypatch):
    real = time.time
    person(app=True)
    enter(client)
    monkeypatch.setattr("time.time", lambda: real() + 16 * 60)
    assert client.get("/accounts/2fa/recovery-codes/").url.startswith("/accounts/reauthenticate/")
    assert client.post("/accounts/2fa/recovery-codes/generate/").url.startswith("/accounts/reauthenticate/")
    assert client.get("/accounts/2fa/webauthn/add/").url.startswith("/accounts/reauthenticate/")
    assert client.post("/accounts/2fa/totp/deactivate/").url.startswith("/accounts/reauthenticate/")


def test_removing_the_last_factor_leads_straight_back_to_setting_one_up(client, person):
    person(app=True)
    enter(client)
    client.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.exists()
    assert client.get("/admin/").url == "/accounts/2fa/"


def everything_in_the_database():
    """Return all rows of all tables as text, with session data unpacked."""
    rows = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows += [str(row) for row in cursor.fetchall()]
    rows += [json.dumps(session.get_decoded()) for session in Session.objects.all()]
    return "\n".join(rows)


def test_no_secret_lies_in_clear_in_the_database_during_and_after_enrolment(client, person):
    user = person()
    sign_in(client)
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    secret = re.search(r'id="authenticator_secret">([A-Z2-7]+)<', page)[1]
    assert "mfa.totp.secret" in everything_in_the_database()
    assert secret not in everything_in_the_database()

    wrong = client.post("/accounts/2fa/totp/activate/", {"code": "1"}).content.decode()
    assert secret in wrong  # a typing mistake does not mean scanning again
    client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})

    stored = everything_in_the_database()
    seed = SecondFactorAdapter().decrypt(
        Authenticator.objects.get(user=user, type="recovery_codes").data["seed"]
    )
    for clear in (secret, base64.b32decode(secret).hex(), seed, *recovery_codes(user)):
        assert clear not in stored
    assert "mfa.totp.secret" not in stored
    assert is_in(client)


def test_a_changed_secret_key_keeps_second_factors_as_long_as_the_old_one_is_named(client, person, settings):
    person(app=True)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 50, [settings.SECRET_KEY]
    enter(client)
    assert is_in(client)


def test_a_changed_secret_key_says_what_to_do_and_opens_to_nobody(client, person, settings):
    person(app=True)
    settings.SECRET_KEY = "n" * 50
    sign_in(client)
    empty = code_of("")
    for code in (code_of(), empty):
        response = client.post("/accounts/2fa/authenticate/", {"code": code})
        assert "Ask a chief to remove it" in response.content.decode()
    assert not is_in(client)


def test_the_same_secret_is_never_stored_the_same_way_twice():
    adapter = SecondFactorAdapter()
    assert adapter.encrypt(SECRET) != adapter.encrypt(SECRET)
    assert adapter.decrypt(adapter.encrypt(SECRET)) == SECRET
    with pytest.raises(ValidationError):
        adapter.decrypt("nonsense")


def test_the_operator_can_remove_a_lost_second_factor(client, person, capsys):
    user = person(app=True)
    enter(client)
    call_command("remove_second_factor", "ANNA")
    assert "has no second factor now" in capsys.readouterr().out
    assert not Authenticator.objects.filter(user=user).exists()
    assert not is_in(client)
    sign_in(client)
    assert client.get("/admin/").url == "/accounts/2fa/"


JUNK = ["", "x", "null", "[]", "{}", '{"response": 5}', '{"id": "x", "rawId": 3, "type": "public-key"}', '"\\ud800"',
        '{"id":"AA","rawId":"AA","type":"public-key","response":{"userHandle":"AA","clientDataJSON":"AA",'
        '"authenticatorData":"AA","signature":"AA"},"clientExtensionResults":{}}',
        '{"id":"AA","rawId":"AA","type":"public-key","response":{"userHandle":[],"clientDataJSON":"e30",'
        '"authenticatorData":"AAAA","signature":"AA"},"clientExtensionResults":{}}', "[" * 5000]  # fmt: skip


@pytest.mark.parametrize("junk", JUNK)
def test_a_forged_passkey_is_refused_without_an_error_page(client, person, junk):
    person(app=True)
    client.get("/accounts/2fa/webauthn/login/", HTTP_ACCEPT="application/json")
    response = client.post("/accounts/2fa/webauthn/login/", {"credential": junk})
    assert response.status_code in (200, 302)
    assert not is_in(client)
    sign_in(client)
    response = client.post("/accounts/2fa/authenticate/", {"credential": junk})
    assert response.status_code in (200, 302)
    assert not is_in(client)


@pytest.mark.parametrize("junk", JUNK)
def test_a_forged_registration_is_refused_without_an_error_page(client, person, junk):
    person(app=True)
    enter(client)
    client.get("/accounts/2fa/webauthn/add/")
    assert client.post("/accounts/2fa/webauthn/add/", {"name": "k", "credential": junk}).status_code == 200
    assert not Authenticator.objects.filter(type="webauthn").exists()
