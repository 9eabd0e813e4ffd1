"""The second step: it is not guessed without end, whoever holds the password cannot shut it, and a right code is never a wrong one."""

import threading
from datetime import timedelta

import pytest
from django.conf import settings as site_settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.utils import timezone

from newsroom.accounts import limits
from newsroom.accounts.models import AccessEntry, User, WrongCodes
from tests.depth import DEEP

from .conftest import PASSWORD, code_of, enter, is_in, recovery_codes, sign_in

STEP = "/accounts/2fa/authenticate/"
WAIT = "Too many attempts"


def at_once(number, act):
    """Run `act(n)` in as many threads, all of them let go at one moment; what each gave."""
    gate, found = threading.Barrier(number), [None] * number

    def run(place):
        try:
            gate.wait(timeout=30)
            found[place] = act(place)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[place]) for place in range(number)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return found


def guess(address, times=1, **more):
    """Wrong codes from there, by somebody who has the password; the last answer."""
    client = Client(REMOTE_ADDR=address, **more)
    sign_in(client)
    return [client.post(STEP, {"code": "000000"}) for _attempt in range(times)][-1].content.decode()


@pytest.mark.django_db(transaction=True)
def test_eight_right_passwords_at_once_are_eight_right_ones(person):
    person(app=True)
    clients = [Client() for _number in range(8)]
    answers = at_once(8, lambda number: sign_in(clients[number]))
    assert [one.status_code for one in answers] == [302] * 8
    assert {one.url for one in answers} == {STEP}


@pytest.mark.django_db(transaction=True)
def test_of_one_code_sent_eight_times_at_once_one_opens_and_none_is_counted_as_wrong(person):
    person(app=True)
    clients = [Client(REMOTE_ADDR=f"192.0.2.{number}") for number in range(8)]
    for client in clients:
        sign_in(client)
    code = code_of()
    answers = at_once(8, lambda number: clients[number].post(STEP, {"code": code}))
    assert sorted(one.status_code for one in answers) == [200] * 7 + [302]
    assert not WrongCodes.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_one_recovery_code_sent_eight_times_at_once_one_opens(person):
    code = recovery_codes(person(app=True))[3]
    clients = [Client(REMOTE_ADDR=f"192.0.2.{number}") for number in range(8)]
    for client in clients:
        sign_in(client)
    answers = at_once(8, lambda number: clients[number].post(STEP, {"code": code}))
    assert sorted(one.status_code for one in answers) == [200] * 7 + [302]
    assert AccessEntry.objects.filter(kind="recovery code").count() == 1


@pytest.mark.django_db(transaction=True)
def test_wrong_codes_at_the_same_moment_are_all_counted(person):
    person(app=True)
    clients = [Client() for _number in range(4)]
    for client in clients:
        sign_in(client)
    at_once(4, lambda number: clients[number].post(STEP, {"code": "000000"}))
    assert {one.number for one in WrongCodes.objects.all()} == {4}


def test_whoever_has_the_password_shuts_the_second_step_for_their_own_address_alone(person):
    person(app=True)
    assert WAIT in guess("203.0.113.5", 40 if DEEP else 8)
    owner = Client(REMOTE_ADDR="192.0.2.7")
    enter(owner)
    assert is_in(owner)


def test_guesses_from_many_addresses_never_keep_the_owner_out_of_a_known_browser(person):
    anna = person(app=True)
    owner = Client(REMOTE_ADDR="192.0.2.7")
    enter(owner)
    owner.post("/accounts/logout/")
    for number in range(21):
        guess(f"203.0.113.{number}")
    assert WAIT in guess("203.0.113.99")
    enter(owner, code=recovery_codes(anna)[0])
    assert is_in(owner)
    stranger = Client(REMOTE_ADDR="192.0.2.8")
    enter(stranger, code=recovery_codes(anna)[0])
    assert not is_in(stranger)


def test_a_known_browser_is_known_for_one_person_and_until_they_are_signed_out_everywhere(person):
    anna, berta = person("anna", app=True), person("berta", app=True)
    browser = Client()
    enter(browser, "anna")
    request = request_from(cookies={name: one.value for name, one in browser.cookies.items()})
    assert limits.is_known(request, anna)
    assert not limits.is_known(request, berta)
    anna.end_sessions()
    assert not limits.is_known(request, anna)
    request.COOKIES[site_settings.DEVICE_COOKIE_NAME] += "x"
    assert not limits.is_known(request, User.objects.get(pk=anna.pk))


def test_a_password_without_the_second_step_makes_no_browser_known(person):
    anna = person(app=True)
    thief = Client()
    sign_in(thief)
    request = request_from(cookies={name: one.value for name, one in thief.cookies.items()})
    assert not limits.is_known(request, anna)


def request_from(address="192.0.2.1", cookies=None):
    from django.test import RequestFactory

    request = RequestFactory(REMOTE_ADDR=address).post(STEP)
    request.user = AnonymousUser()
    request.COOKIES.update(cookies or {})
    return request


def test_each_wrong_code_beyond_the_free_ones_makes_the_wait_twice_as_long(person):
    anna, request, now = person(app=True), request_from(), timezone.now()
    for _free in range(5):
        limits.demand(anna, request, now)
        limits.wrong(anna, request, now)
    waits = []
    for _more in range(8):
        with pytest.raises(ValidationError, match=WAIT):
            limits.demand(anna, request, now)
        wait = next(
            minutes
            for minutes in range(1, 200)
            if is_allowed(anna, request, now + timedelta(minutes=minutes))
        )
        waits.append(wait)
        now += timedelta(minutes=wait)
        limits.wrong(anna, request, now)
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
    assert is_allowed(anna, request, now + timedelta(days=1, seconds=1))


def is_allowed(user, request, at):
    try:
        limits.demand(user, request, at)
    except ValidationError:
        return False
    return True


def test_a_year_of_guessing_from_everywhere_finds_a_code_with_less_than_one_chance_in_thirty(person):
    """With a thousand addresses, each trying whenever it may: what a whole day lets through, and three codes are right at a time."""
    anna, now = person(app=True), timezone.now()
    tried, end = 0, now + timedelta(days=1)
    while now < end:
        request = request_from(f"198.51.{tried // 250}.{tried % 250}")
        if is_allowed(anna, request, now):
            limits.wrong(anna, request, now)
            tried += 1
        else:
            now += timedelta(minutes=5)
    assert tried < 60
    assert 1 - (1 - 3 / 1_000_000) ** (24 * 365) < 1 / 30


def test_a_forged_key_is_counted_against_nobody(client, person):
    person(app=True)
    sign_in(client)
    for _attempt in range(12):
        client.post(STEP, {"credential": '{"id": "x"}'})
    assert not WrongCodes.objects.exists()
    assert client.post(STEP, {"code": code_of()}).url == "/admin/"


def test_a_right_code_forgives_ones_own_mistakes(client, person):
    person(app=True)
    sign_in(client)
    for _attempt in range(4):
        client.post(STEP, {"code": "000000"})
    client.post(STEP, {"code": code_of()})
    assert not WrongCodes.objects.filter(place__startswith="address").exists()
    assert is_in(client)


def test_what_is_wrong_with_too_many_codes_is_said_with_how_long_to_wait(person):
    person(app=True)
    said = guess("203.0.113.5", 6)
    assert "Too many attempts. Wait 1 minute, or sign in with a passkey" in said
    assert AccessEntry.objects.filter(kind="limit reached").exists()


def test_the_password_is_still_not_guessed_without_end(client, person):
    person()
    answers = [sign_in(client, password="not-it").content.decode() for _attempt in range(7)]
    assert [WAIT in one for one in answers] == [False] * 5 + [True] * 2
    assert WAIT in sign_in(client, password=PASSWORD).content.decode()
