"""`manage.py create_login`: from a bare machine to somebody who can sign in."""

import re

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.management import CommandError, call_command
from django.db import IntegrityError

from newsroom.accounts.models import User, role_of
from newsroom.accounts.people import generate_password

from .conftest import sign_in

pytestmark = pytest.mark.django_db
GOOD = "ochre-41-lanterns"


def test_it_makes_somebody_who_can_sign_in(client, monkeypatch, capsys):
    monkeypatch.setenv("LOGIN_PASSWORD", GOOD)
    call_command("create_login", "edith", "--role", "editor", "--email", "edith@example.org")
    assert capsys.readouterr().out.strip() == "Made the login “edith”, role editor."
    assert role_of(User.objects.get(username="edith")) == "editor"
    assert sign_in(client, "edith", GOOD).status_code == 302


def test_a_second_time_changes_no_password_and_says_so(monkeypatch, capsys):
    monkeypatch.setenv("LOGIN_PASSWORD", GOOD)
    call_command("create_login", "edith", "--role", "editor")
    monkeypatch.setenv("LOGIN_PASSWORD", "another-77-lantern")
    call_command("create_login", "Edith", "--role", "chief")
    assert "its role is chief, its password was not changed" in capsys.readouterr().out
    user = User.objects.get()
    assert user.check_password(GOOD)
    assert role_of(user) == "chief"


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("tiny-1", "too short"),
        ("password1234", "too common"),
        ("edith-edith1", "too similar to the username"),
        ("aaaaaaaaaaaab", "at least 5 different characters"),
        ("739201846572", "entirely numeric"),
    ],
)
def test_a_weak_password_is_refused_in_a_sentence(monkeypatch, password, words):
    monkeypatch.setenv("LOGIN_PASSWORD", password)
    with pytest.raises(CommandError, match=words) as refusal:
        call_command("create_login", "edith-edith", "--role", "editor")
    assert str(refusal.value).startswith("No login was made.")
    assert password not in str(refusal.value)
    assert not User.objects.exists()


@pytest.mark.parametrize("name", ["", "  ", "two words", "x" * 151, "a\x00b"])
def test_an_impossible_name_is_refused_in_a_sentence(monkeypatch, name):
    monkeypatch.setenv("LOGIN_PASSWORD", GOOD)
    with pytest.raises(CommandError, match="No login was made"):
        call_command("create_login", name, "--role", "editor")
    assert not User.objects.exists()


def test_an_address_of_somebody_else_is_refused_in_a_sentence(monkeypatch):
    monkeypatch.setenv("LOGIN_PASSWORD", GOOD)
    call_command("create_login", "edith", "--role", "editor", "--email", "e@example.org")
    with pytest.raises(CommandError, match="belongs to somebody else"):
        call_command("create_login", "erna", "--role", "editor", "--email", "E@example.org")


def test_a_role_that_does_not_exist_is_refused():
    with pytest.raises(CommandError, match="invalid choice"):
        call_command("create_login", "edith", "--role", "king")


def test_without_a_password_and_without_a_terminal_it_says_what_to_do(monkeypatch):
    monkeypatch.delenv("LOGIN_PASSWORD", raising=False)
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    with pytest.raises(CommandError, match="Set LOGIN_PASSWORD, or run this in a terminal"):
        call_command("create_login", "edith", "--role", "editor")


def test_generate_prints_a_password_once_and_never_again(client, capsys):
    call_command("create_login", "edith", "--role", "editor", "--generate")
    password = re.search(r"password\s+(\S+)", capsys.readouterr().out)[1]
    assert sign_in(client, "edith", password).status_code == 302

    call_command("create_login", "edith", "--role", "chief", "--generate")
    assert capsys.readouterr().out.strip() == "The login “edith” is there already."
    user = User.objects.get()
    assert user.check_password(password)
    assert role_of(user) == "editor"


def test_generated_passwords_pass_our_own_rules_and_differ():
    made = {generate_password() for _time in range(50)}
    assert len(made) == 50
    for password in made:
        validate_password(password, User(username="edith"))


def test_two_at_once_make_one_login(monkeypatch):
    monkeypatch.setenv("LOGIN_PASSWORD", GOOD)
    first = "the-other-one-was-first-1"
    # Between the look and the save somebody else makes the same name.
    monkeypatch.setattr(
        User, "validate_constraints", lambda self: User.objects.create_user("edith", password=first) and None
    )
    call_command("create_login", "edith", "--role", "editor")
    assert User.objects.get().check_password(first)


def test_names_differ_by_more_than_capitals_in_the_database_too():
    User.objects.create_user("edith", password=GOOD)
    with pytest.raises(IntegrityError):
        User.objects.create_user("EDITH", password=GOOD)
