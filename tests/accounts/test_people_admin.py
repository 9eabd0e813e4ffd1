"""People in the admin: a chief's page, and nobody else's."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from newsroom.accounts.models import User, assign_role, role_of

from .conftest import PASSWORD, enter, is_in

NEW = {
    "username": "nora",
    "first_name": "Nora",
    "last_name": "Ng",
    "email": "nora@example.org",
    "role": "writer",
}


def change(client, user, **fields):
    """Post the form of `user` with some fields changed."""
    form = {
        "username": user.username,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "email": user.email,
        "role": role_of(user) or "writer",
        "is_active": "on",
    } | fields
    return client.post(
        f"/admin/accounts/user/{user.pk}/change/", {k: v for k, v in form.items() if v is not None}
    )


def test_a_chief_makes_a_person_who_has_no_password_yet(as_chief):
    assert as_chief.post("/admin/accounts/user/add/", NEW).status_code == 200
    nora = User.objects.get(username="nora")
    assert (role_of(nora), nora.is_staff, nora.is_superuser) == ("writer", True, False)
    assert not nora.has_usable_password()
    assert nora.display_name == "Nora Ng"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("username", "CHARLOTTE", "already exists"),
        ("role", "superuser", "not one of the available choices"),
        ("role", "", "required"),
    ],
)
def test_a_mistake_in_a_new_person_is_said_beside_its_field(as_chief, field, value, words):
    response = as_chief.post("/admin/accounts/user/add/", NEW | {field: value})
    assert words in response.content.decode()
    assert not User.objects.filter(username="nora").exists()


def test_a_password_that_a_chief_sends_along_is_not_taken(as_chief):
    chosen = {
        "password1": "ochre-41-lanterns",
        "password2": "ochre-41-lanterns",
        "password": "ochre-41-lanterns",
    }
    as_chief.post("/admin/accounts/user/add/", NEW | chosen)
    assert not User.objects.get(username="nora").has_usable_password()


def test_an_address_belongs_to_one_person_in_any_capitals(as_chief, person):
    person("otto", email="Nora@Example.org")
    assert "belongs to somebody else" in as_chief.post("/admin/accounts/user/add/", NEW).content.decode()


@pytest.mark.parametrize("role", ["writer", "editor", None])
@pytest.mark.parametrize(
    "path", ["", "add/", "{pk}/change/", "{pk}/password/", "{pk}/link/", "{pk}/history/", "{pk}/delete/"]
)
def test_nobody_but_a_chief_comes_near_people(client, person, role, path):
    other = person("otto")
    person("anna", role, app=True)
    enter(client)
    path = f"/admin/accounts/user/{path.format(pk=other.pk)}"
    # Without any role even the way to the admin is closed: the answer comes at the admin's own sign-in.
    assert client.get(path, follow=True).status_code == 403
    assert client.post(path, {"role": "chief"}, follow=True).status_code == 403


@pytest.mark.parametrize("role", ["writer", "editor"])
def test_nobody_but_a_chief_can_run_the_actions(client, person, role):
    other = person("otto", app=True)
    person("anna", role, app=True)
    enter(client)
    data = {"action": "remove_second_factors", "_selected_action": [other.pk]}
    assert client.post("/admin/accounts/user/", data).status_code == 403
    assert Authenticator.objects.filter(user=other).exists()


def test_fields_that_are_not_shown_cannot_be_sent(as_chief, person):
    otto = person("otto", "writer")
    change(
        as_chief,
        otto,
        is_superuser="on",
        is_staff="on",
        user_permissions=["1"],
        groups=["1"],
        sessions_ended="9",
    )
    otto = User.objects.get(pk=otto.pk)
    assert (otto.is_superuser, otto.sessions_ended, otto.user_permissions.count()) == (False, 0, 0)
    assert role_of(otto) == "writer"


def test_a_changed_role_holds_from_the_next_page_and_is_on_record(as_chief, person):
    otto = person("otto", "editor")
    change(as_chief, otto, role="writer")
    assert role_of(User.objects.get(pk=otto.pk)) == "writer"
    assert "Role" in LogEntry.objects.latest("pk").get_change_message()


def test_somebody_made_inactive_is_out_at_once_and_stays_out_when_active_again(as_chief, person):
    otto = person("otto", app=True)
    browser = Client(REMOTE_ADDR="192.0.2.7")
    enter(browser, "otto")
    assert is_in(browser)
    change(as_chief, otto, is_active=None)
    assert not is_in(browser)
    change(as_chief, otto, is_active="on")
    assert not is_in(browser)


def test_nobody_changes_their_own_role_or_shuts_themselves_out(as_chief):
    me = User.objects.get(username="charlotte")
    assert change(as_chief, me, role="writer", is_active=None, first_name="Lotte").status_code == 302
    me = User.objects.get(pk=me.pk)
    assert (role_of(me), me.is_active, me.first_name) == ("chief", True, "Lotte")


def test_nobody_sets_anybodys_password_and_ones_own_only_with_the_old_one(as_chief, person):
    otto = person("otto")
    form = {"password1": "ochre-41-lanterns", "password2": "ochre-41-lanterns"}
    answer = as_chief.post(f"/admin/accounts/user/{otto.pk}/password/", form)
    assert answer.url == f"/admin/accounts/user/{otto.pk}/link/"
    assert User.objects.get(pk=otto.pk).check_password(PASSWORD)
    me = User.objects.get(username="charlotte")
    for page in ("password", "link"):
        assert (
            as_chief.post(f"/admin/accounts/user/{me.pk}/{page}/", form).url == "/accounts/password/change/"
        )
    assert User.objects.get(pk=me.pk).check_password(PASSWORD)


def test_a_superuser_sets_no_password_either(client, person):
    root, otto = person("root", None, app=True, is_superuser=True, is_staff=True), person("otto")
    assign_role(root, None)
    enter(client, "root")
    answer = client.get(f"/admin/accounts/user/{otto.pk}/password/")
    assert answer.url == f"/admin/accounts/user/{otto.pk}/link/"
    assert 'type="password"' not in client.get("/admin/accounts/user/add/").content.decode()


def test_a_chief_does_not_reach_a_superuser(as_chief):
    root = User.objects.create_superuser("root", "", PASSWORD)
    assert change(as_chief, root, username="mine").status_code == 403
    assert as_chief.post(f"/admin/accounts/user/{root.pk}/password/", {}).status_code == 403
    assert as_chief.post(f"/admin/accounts/user/{root.pk}/link/", {"make": ""}).status_code == 403
    as_chief.post("/admin/accounts/user/", {"action": "sign_out", "_selected_action": [root.pk]})
    root.refresh_from_db()
    assert (root.username, root.sessions_ended) == ("root", 0)


def test_a_lost_telephone_is_one_action(as_chief, person):
    otto = person("otto", app=True)
    browser = Client(REMOTE_ADDR="192.0.2.7")
    enter(browser, "otto")
    data = {"action": "remove_second_factors", "_selected_action": [otto.pk]}
    response = as_chief.post("/admin/accounts/user/", data, follow=True)
    assert "has no second factor now and is signed out everywhere." in response.content.decode()
    assert not Authenticator.objects.filter(user=otto).exists()
    assert not is_in(browser)
    assert "second factor" in LogEntry.objects.latest("pk").get_change_message()


def test_people_are_never_deleted(as_chief, person):
    otto = person("otto")
    assert as_chief.post(f"/admin/accounts/user/{otto.pk}/delete/", {"post": "yes"}).status_code == 403
    as_chief.post(
        "/admin/accounts/user/", {"action": "delete_selected", "_selected_action": [otto.pk], "post": "yes"}
    )
    assert User.objects.filter(pk=otto.pk).exists()


def test_the_list_costs_the_same_for_two_people_and_for_forty(as_chief, person):
    person("otto", "writer", app=True)
    with CaptureQueriesContext(connection) as few:
        as_chief.get("/admin/accounts/user/")
    for number in range(40):
        person(f"name{number}", "writer", app=number % 2 == 0)
    with CaptureQueriesContext(connection) as many:
        page = as_chief.get("/admin/accounts/user/").content.decode()
    assert page.count("Writer") >= 40
    assert len(many) == len(few)


def test_secrets_and_permission_matrices_are_nowhere_in_the_admin():
    labels = {model._meta.label for model in admin.site._registry}
    assert "accounts.User" in labels
    assert Group not in admin.site._registry
    assert not {label for label in labels if label.startswith(("mfa.", "account."))}


def test_the_filter_by_role_knows_only_roles(as_chief, person):
    person("otto", "writer")
    assert "otto" in as_chief.get("/admin/accounts/user/?role=writer").content.decode()
    assert "otto</a>" not in as_chief.get("/admin/accounts/user/?role=chief").content.decode()
    assert as_chief.get("/admin/accounts/user/?role=nonsense").status_code in (200, 302)


def test_roles_are_one_at_a_time(person):
    user = person(role="writer")
    assign_role(user, "chief")
    assert [group.name for group in user.groups.all()] == ["chief"]
    assign_role(user, None)
    assert (role_of(user), user.is_staff, user.groups.count()) == (None, False, 0)
    with pytest.raises(ValueError, match="There is no role 'king'"):
        assign_role(user, "king")


def test_the_three_groups_are_there_from_the_first_migration(db):
    assert set(Group.objects.values_list("name", flat=True)) >= {"writer", "editor", "chief"}
