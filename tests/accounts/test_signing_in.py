"""Name and password: what is answered, what is limited, where one comes out."""

from urllib.parse import unquote

import pytest
from django.conf import settings as site_settings
from django.contrib.auth import hashers
from django.test import Client

from newsroom.accounts.models import User

from .conftest import PASSWORD, enter, is_in, recovery_codes, sign_in

WRONG = "The name or the password is wrong."
WAIT = "Too many attempts. Wait five minutes, then try again."


def test_a_wrong_password_is_answered_in_plain_words(client, person):
    person()
    response = sign_in(client, password="not-it")
    assert WRONG in response.content.decode()
    assert 'role="alert"' in response.content.decode()
    assert not is_in(client)


def body(response, name):
    """Return what the page says, without what differs from request to request."""
    text = response.content.decode().replace(name, "NAME")
    return [line for line in text.splitlines() if "csrfmiddlewaretoken" not in line]


def test_nobody_learns_who_works_here_from_the_answer(client, person):
    person("anna")
    person("gone", is_active=False)
    known = sign_in(client, "anna", "not-it")
    unknown = sign_in(Client(), "nobody", "not-it")
    left_wrong = sign_in(Client(), "gone", "not-it")
    left_right = sign_in(Client(), "gone", PASSWORD)
    assert known.status_code == unknown.status_code == left_wrong.status_code == left_right.status_code == 200
    assert (
        body(known, "anna") == body(unknown, "nobody") == body(left_wrong, "gone") == body(left_right, "gone")
    )


@pytest.mark.parametrize("name", ["anna", "nobody", "anna@example.org", "nobody@example.org", "gone"])
def test_nobody_learns_who_works_here_from_the_time_it_takes(client, person, monkeypatch, name):
    person("anna", email="anna@example.org")
    person("gone", is_active=False)
    hashes = []
    encode = hashers.MD5PasswordHasher.encode
    monkeypatch.setattr(
        hashers.MD5PasswordHasher, "encode", lambda self, *a, **k: hashes.append(1) or encode(self, *a, **k)
    )
    sign_in(client, name, "not-it")
    assert len(hashes) == 1


def test_five_wrong_passwords_close_the_door_for_that_name_at_that_address_alone(client, person):
    person("anna", app=True)
    person("berta", app=True)
    for _attempt in range(5):
        assert WRONG in sign_in(client, password="not-it").content.decode()
    assert WAIT in sign_in(client, password="not-it").content.decode()
    assert WAIT in sign_in(client, name="ANNA").content.decode()  # the right password, too, and in capitals

    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert sign_in(elsewhere).url == "/accounts/2fa/authenticate/"
    assert sign_in(Client(), "berta").url == "/accounts/2fa/authenticate/"


def test_a_stranger_cannot_slip_away_by_claiming_another_address(client, person):
    person()
    for number in range(5):
        sign_in(client, password="not-it", HTTP_X_FORWARDED_FOR=f"203.0.113.{number}")
    assert WAIT in sign_in(client, HTTP_X_FORWARDED_FOR="203.0.113.99").content.decode()


def test_behind_a_named_proxy_the_readers_own_addresses_are_counted(client, person, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    person(app=True)
    for _attempt in range(6):
        sign_in(client, password="not-it", HTTP_X_FORWARDED_FOR="203.0.113.1")
    assert WAIT in sign_in(client, HTTP_X_FORWARDED_FOR="203.0.113.1").content.decode()
    assert sign_in(Client(), HTTP_X_FORWARDED_FOR="203.0.113.2").status_code == 302


def test_one_address_cannot_try_names_without_end(client, person):
    person()
    answers = [sign_in(client, f"name{number}", "not-it") for number in range(21)]
    assert WAIT not in answers[19].content.decode()
    assert WAIT in answers[20].content.decode()
    beyond = [sign_in(client, f"name{number}", "not-it") for number in range(21, 31)][-1]
    assert beyond.status_code == 429
    assert "Too many attempts" in beyond.content.decode()
    assert "no-store" in beyond["Cache-Control"]


def test_the_right_password_does_not_wipe_the_count_of_wrong_ones(client, person):
    person()
    for _attempt in range(4):
        sign_in(client, password="not-it")
    sign_in(client)
    sign_in(Client(), password="not-it")
    assert WAIT in sign_in(Client(), password="not-it").content.decode()


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/admin/accounts/user/?q=x", "/admin/accounts/user/?q=x"),
        ("https://evil.example/admin/", "/admin/"),
        ("//evil.example/admin/", "/admin/"),
        ("/\\evil.example", "/admin/"),
        ("javascript:alert(1)", "/admin/"),
        ("http:///evil.example", "/admin/"),
        ("https://testserver@evil.example/", "/admin/"),
    ],
)
def test_after_signing_in_one_is_where_one_was_and_never_on_another_site(client, person, wanted, reached):
    person(app=True)
    sign_in(client, next=wanted)
    response = enter(client, next=wanted)
    assert response.url == reached


def test_an_ended_session_leads_through_the_door_back_to_the_page(client, person):
    user = person(role="chief", app=True)
    enter(client)
    user.end_sessions()
    response = client.get("/admin/accounts/user/add/", follow=True)
    assert unquote(response.redirect_chain[-1][0]) == "/accounts/login/?next=/admin/accounts/user/add/"
    assert 'name="next" value="/admin/accounts/user/add/"' in response.content.decode()
    back = enter(client, code=recovery_codes(user)[0], next="/admin/accounts/user/add/")
    assert back.url == "/admin/accounts/user/add/"


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/",
        "/accounts/signup/",
        "/accounts/email/",
        "/accounts/confirm-email/",
        "/accounts/confirm-email/abc/",
        "/accounts/password/reset/",
        "/accounts/password/reset/key/1-abc/",
        "/accounts/login/code/",
        "/accounts/login/code/confirm/",
        "/accounts/3rdparty/",
        "/accounts/social/signup/",
        "/accounts/sessions/",
        "/accounts/2fa/trust/",
        "/accounts/2fa/webauthn/signup/",
        "/accounts/phone/change/",
    ],
)
def test_what_makes_no_sense_in_a_newsroom_is_not_there(client, db, path):
    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/login/",
        "/accounts/inactive/",
        "/accounts/logout/",
        "/accounts/reauthenticate/",
        "/accounts/password/change/",
        "/accounts/2fa/",
        "/accounts/2fa/authenticate/",
        "/accounts/2fa/totp/activate/",
        "/accounts/2fa/webauthn/add/",
        "/accounts/2fa/recovery-codes/",
    ],
)
def test_no_page_of_signing_in_is_kept_in_any_cache(client, person, path):
    assert "no-store" in client.get(path)["Cache-Control"]
    person(app=True)
    enter(client)
    response = client.get(path)
    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]


def test_only_a_posted_form_signs_out(client, person):
    person(app=True)
    enter(client)
    assert "Do you want to sign out" in client.get("/accounts/logout/").content.decode()
    assert is_in(client)
    assert client.post("/accounts/logout/").url == "/accounts/login/"
    assert not is_in(client)


def test_a_form_without_its_token_signs_nobody_out(person):
    person(app=True)
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(username="anna"))
    assert client.post("/accounts/logout/").status_code == 403


def test_somebody_without_a_role_sees_nothing(client, person):
    person(role=None, app=True)
    enter(client)
    assert client.get("/admin/", follow=True).status_code == 403


def test_leaving_ends_what_is_open_at_once(client, person):
    user = person(app=True)
    enter(client)
    assert is_in(client)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert not is_in(client)


def test_a_new_password_signs_out_everywhere_else_and_is_not_a_weak_one(client, person):
    user = person(app=True)
    other = Client()
    enter(client)
    enter(other, code=recovery_codes(user)[0])
    assert is_in(client)
    assert is_in(other)
    form = {"oldpassword": PASSWORD, "password1": "anna12345", "password2": "anna12345"}
    assert "too short" in client.post("/accounts/password/change/", form).content.decode()
    form["password1"] = form["password2"] = "ochre-41-lanterns"
    assert client.post("/accounts/password/change/", form).status_code == 302
    assert is_in(client)
    assert not is_in(other)


def test_changing_the_password_needs_the_old_one(client, person):
    person(app=True)
    enter(client)
    form = {"oldpassword": "not-it", "password1": "ochre-41-lanterns", "password2": "ochre-41-lanterns"}
    assert client.post("/accounts/password/change/", form).status_code == 200
    assert User.objects.get(username="anna").check_password(PASSWORD)


def test_the_admins_own_form_for_the_password_leads_to_the_one_with_limits(client, person):
    person(app=True)
    enter(client)
    assert client.get("/admin/password_change/").url == "/accounts/password/change/"


def test_passwords_are_kept_with_argon2(settings):
    settings.PASSWORD_HASHERS = [name for name in settings.PASSWORD_HASHERS if "MD5" not in name]
    assert hashers.make_password("x").startswith("argon2$argon2id$")


def test_a_session_cookie_is_out_of_reach_of_scripts_and_other_sites(client, person):
    person()
    sign_in(client)
    cookie = client.cookies[site_settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert int(cookie["max-age"]) == site_settings.SESSION_COOKIE_AGE <= 12 * 3600
