"""Sign-in links: a chief makes one, the person chooses the password, and it works once."""

import logging
import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from newsroom.accounts import invitations
from newsroom.accounts.models import AccessEntry, Invitation, User

from .conftest import PASSWORD, code_of, enter, is_in, sign_in
from .test_limits import at_once
from .test_people_admin import NEW
from .test_record import kinds
from .test_second_factor import everything_in_the_database

PAGE, NEXT = "/accounts/invitation/", "/accounts/invitation/password/"
CHOSEN = {"new_password1": "ochre-41-lanterns", "new_password2": "ochre-41-lanterns"}


def link_in(answer):
    return re.search(r'value="(http[^"]+#[^"]+)"', answer.content.decode())[1]


def secret_of(link):
    return link.partition("#")[2]


@pytest.fixture
def nora_link(as_chief):
    """The link of a new writer."""
    return link_in(as_chief.post("/admin/accounts/user/add/", NEW))


def take(client, link):
    """Open it and choose the password."""
    client.post(PAGE, {"link": link})
    return client.post(NEXT, CHOSEN)


def test_the_invited_person_chooses_the_password_and_sets_up_a_second_factor_before_anything_else(nora_link):
    nora = Client()
    assert nora.post(PAGE, {"link": nora_link}).url == NEXT
    assert "You sign in as <strong>nora</strong>" in nora.get(NEXT).content.decode()
    assert nora.post(NEXT, CHOSEN).url == "/admin/"
    assert nora.get("/admin/").url == "/accounts/2fa/"
    assert User.objects.get(username="nora").check_password("ochre-41-lanterns")
    assert {"person added", "invitation made", "invitation used", "password set"} <= {
        *kinds(person=User.objects.get(username="nora"))
    }


def test_a_link_is_shown_once_and_stands_in_no_address_no_table_and_no_log(as_chief, caplog):
    caplog.set_level(logging.DEBUG)
    link = link_in(as_chief.post("/admin/accounts/user/add/", NEW))
    secret = secret_of(link)
    assert link == f"http://testserver{PAGE}#{secret}"
    nora = User.objects.get(username="nora")
    assert secret not in as_chief.get(f"/admin/accounts/user/{nora.pk}/link/").content.decode()
    browser = Client()
    answers = [
        browser.get(PAGE),
        browser.post(PAGE, {"link": link}),
        browser.get(NEXT),
        browser.post(NEXT, CHOSEN),
    ]
    assert {one.headers["Referrer-Policy"] for one in answers} == {"same-origin"}
    assert all("no-store" in one.headers["Cache-Control"] for one in answers)
    assert secret not in everything_in_the_database()
    assert not [
        one for one in caplog.records if secret in one.getMessage() and "accounts_" not in one.getMessage()
    ]
    assert not any(secret in str(one.headers) for one in answers)


def test_a_link_is_good_once(nora_link):
    take(Client(), nora_link)
    again = Client().post(PAGE, {"link": nora_link}).content.decode()
    assert "This link was used already. If that was not you, tell a chief at once." in again


@pytest.mark.django_db(transaction=True)
def test_of_two_who_press_at_once_one_wins(person, rf):
    anna = person()
    request = rf.post("/")
    link = invitations.invite(anna, request=request)
    clients = [Client() for _number in range(4)]
    for client in clients:
        client.post(PAGE, {"link": link})
    answers = at_once(4, lambda number: clients[number].post(NEXT, CHOSEN))
    assert sorted(one.status_code for one in answers) == [200, 200, 200, 302]
    assert AccessEntry.objects.filter(kind="invitation used").count() == 1


def test_an_expired_link_says_so_and_its_end_is_on_record(nora_link, settings, rf):
    later = timezone.now() + timedelta(hours=settings.INVITATION_HOURS, seconds=1)
    row = Invitation.objects.get()
    assert invitations.state_of(row, later) == "expired"
    assert not invitations.accept(row, "ochre-41-lanterns", request=rf.post("/"), at=later)
    invitations.note_expired(later)
    invitations.note_expired(later)
    assert kinds(kind="invitation expired") == ["invitation expired"]
    Invitation.objects.update(
        made_at=timezone.now() - timedelta(days=9), expires_at=timezone.now() - timedelta(1)
    )
    assert "This link has expired." in Client().post(PAGE, {"link": nora_link}).content.decode()


def test_a_link_that_dies_while_the_password_is_typed_sets_none(nora_link):
    nora = Client()
    nora.post(PAGE, {"link": nora_link})
    Invitation.objects.update(withdrawn_at=timezone.now())
    assert "This link has been withdrawn." in nora.post(NEXT, CHOSEN).content.decode()
    assert not User.objects.get(username="nora").has_usable_password()


def test_a_chief_withdraws_a_link(as_chief, nora_link):
    nora = User.objects.get(username="nora")
    as_chief.post(f"/admin/accounts/user/{nora.pk}/link/", {"withdraw": ""})
    assert "This link has been withdrawn." in Client().post(PAGE, {"link": nora_link}).content.decode()
    assert kinds(person=nora)[-1] == "invitation withdrawn"


@pytest.mark.parametrize(
    "junk", ["", "x", "a#b", "http://testserver/accounts/invitation/#", "\x00", "#" * 400, "x" * 600, "a:b:c"]
)
def test_what_is_no_link_is_said_to_be_none(client, db, junk):
    answer = client.post(PAGE, {"link": junk})
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()


def test_a_forged_link_asks_nothing_of_the_database(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert invitations.find("abcdefghijklmnopqrstuvwxyz:0123456789") is None


def test_without_a_link_nobody_chooses_a_password(client, db):
    assert client.get(NEXT).url == PAGE
    assert client.post(NEXT, CHOSEN).url == PAGE


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"new_password1": "short-1", "new_password2": "short-1"}, "too short"),
        (
            {"new_password1": "aaaaaaaaaaaa", "new_password2": "aaaaaaaaaaaa"},
            "at least 5 different characters",
        ),
        ({"new_password2": "another-41-lantern"}, "didn’t match"),
        ({"new_password1": "nora@example", "new_password2": "nora@example"}, "too similar"),
    ],
)
def test_a_bad_password_is_refused_in_words_and_the_link_stays_good(nora_link, fields, words):
    nora = Client()
    nora.post(PAGE, {"link": nora_link})
    assert words in nora.post(NEXT, CHOSEN | fields).content.decode()
    assert nora.post(NEXT, CHOSEN).url == "/admin/"


def test_in_a_browser_of_somebody_else_the_link_asks_first(as_chief, nora_link):
    said = as_chief.post(PAGE, {"link": nora_link}).content.decode()
    assert "In this browser charlotte is signed in, and the link is for Nora Ng." in said
    assert is_in(as_chief)
    assert as_chief.post(PAGE, {"link": secret_of(nora_link), "sign_out": ""}).url == NEXT
    assert not is_in(as_chief)
    assert as_chief.post(NEXT, CHOSEN).url == "/admin/"


def test_a_forgotten_password_is_mended_by_a_new_link_and_the_second_factor_stays(as_chief, person):
    otto = person("otto", app=True)
    browser = Client(REMOTE_ADDR="192.0.2.7")
    enter(browser, "otto")
    first = link_in(as_chief.post(f"/admin/accounts/user/{otto.pk}/link/", {"make": ""}))
    assert not is_in(browser)
    assert sign_in(Client(), "otto").status_code == 200
    second = link_in(as_chief.post(f"/admin/accounts/user/{otto.pk}/link/", {"make": ""}))
    assert "withdrawn" in browser.post(PAGE, {"link": first}).content.decode()
    assert take(browser, second).url == "/accounts/2fa/authenticate/"
    assert not is_in(browser)
    from newsroom.accounts.models import UsedCode

    UsedCode.objects.all().delete()  # the code of this half minute was used above
    browser.post("/accounts/2fa/authenticate/", {"code": code_of()})
    assert is_in(browser)
    assert {"password ended", "session ended"} <= {*kinds(person=otto)}


def test_a_lost_factor_goes_with_the_password_where_a_chief_says_so(as_chief, person):
    otto = person("otto", app=True)
    link = link_in(as_chief.post(f"/admin/accounts/user/{otto.pk}/link/", {"make": "", "reset_factor": "on"}))
    assert not Authenticator.objects.filter(user=otto).exists()
    browser = Client()
    take(browser, link)
    assert browser.get("/admin/").url == "/accounts/2fa/"
    assert "factor removed" in kinds(person=otto)


def test_somebody_who_has_left_gets_in_by_no_link(as_chief, person, nora_link):
    User.objects.filter(username="nora").update(is_active=False)
    assert "withdrawn" in Client().post(PAGE, {"link": nora_link}).content.decode()
    otto = person("otto", is_active=False)
    as_chief.post(f"/admin/accounts/user/{otto.pk}/link/", {"make": ""})
    assert not Invitation.objects.filter(person=otto).exists()
    assert User.objects.get(pk=otto.pk).check_password(PASSWORD)


def test_the_list_says_who_has_not_chosen_a_password_yet(as_chief, nora_link):
    assert "open until" in as_chief.get("/admin/accounts/user/").content.decode()
    Invitation.objects.update(withdrawn_at=timezone.now())
    assert "none, and no password" in as_chief.get("/admin/accounts/user/").content.decode()
