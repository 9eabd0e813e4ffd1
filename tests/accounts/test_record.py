"""The record of access: what is in it, what never is, that nobody changes it, and who reads it."""

import csv
import io
import json
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from newsroom.accounts import record
from newsroom.accounts.models import AccessEntry, User
from releases import workflow
from tests.makers import Makers

from .conftest import PASSWORD, code_of, enter, recovery_codes, sign_in
from .test_people_admin import change

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def kinds(**found):
    """The kinds on record, oldest first."""
    return [*AccessEntry.objects.filter(**found).order_by("pk").values_list("kind", flat=True)]


def last(kind):
    return AccessEntry.objects.filter(kind=kind).order_by("pk").last()


def everything_on_record():
    return json.dumps([*AccessEntry.objects.values()], default=str)


def test_a_sign_in_leaves_its_steps_with_address_and_device_in_words(person):
    anna = person(app=True)
    browser = Client(REMOTE_ADDR="192.0.2.7", HTTP_USER_AGENT=FIREFOX)
    enter(browser)
    browser.post("/accounts/logout/")
    assert kinds(person=anna) == ["second step", "sign in", "sign out"]
    entry = last("sign in")
    assert (entry.by, entry.address, entry.device) == (anna, "192.0.2.7", "Firefox, Linux")
    assert entry.detail == {"steps": ["password", "totp"]}


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36", "Chrome, Android"),
        ("=cmd|' /C calc'!A0 <script>", ""),
    ],
)  # fmt: skip
def test_a_device_is_told_in_words_of_ours_alone(person, agent, words):
    person(app=True)
    enter(Client(HTTP_USER_AGENT=agent))
    assert last("sign in").device == words


def test_forty_wrong_passwords_are_a_few_rows_that_count_them(client, person):
    anna = person()
    for _attempt in range(40):
        sign_in(client, password="not-it")
    counted = {
        kind: sum(AccessEntry.objects.filter(kind=kind).values_list("count", flat=True)) for kind in kinds()
    }
    assert counted["failure"] == 5
    assert counted["failure"] + counted["limit reached"] == 40
    assert AccessEntry.objects.count() <= 6
    assert last("failure").person == anna
    assert counted["repeated failures"] == 1


def test_neither_a_wrong_password_nor_what_was_typed_for_a_name_is_kept(client, person):
    person()
    sign_in(client, "anna", "wrong-Secret-1")
    sign_in(client, "my-Password-in-the-wrong-field", "x")
    kept = everything_on_record()
    assert "wrong-Secret-1" not in kept
    assert "my-Password" not in kept.lower()
    assert last("failure").person is None
    assert len(last("failure").name) == 8


def test_a_stranger_with_many_names_and_addresses_adds_few_rows_a_minute(db):
    for number in range(200):
        record.failed("failure", person=None, name=f"name{number}", request=None)
    rows = AccessEntry.objects.filter(kind="failure")
    assert rows.count() <= 2 * (record.MOST_A_MINUTE + 1)  # the minute may have turned
    assert sum(rows.values_list("count", flat=True)) == 200


def test_wrong_codes_are_on_record_and_so_are_right_ones(client, person):
    anna = person(app=True)
    sign_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    client.post("/accounts/2fa/authenticate/", {"code": recovery_codes(anna)[0]})
    assert kinds() == ["second step failed", "second step", "recovery code", "sign in"]


def test_what_a_chief_gives_and_takes_is_on_record(as_chief, person):
    otto = person("otto", "writer", app=True)
    change(as_chief, otto, role="editor")
    assert last("rights changed").detail == {"role": ["writer", "editor"]}
    change(as_chief, otto, role="editor", first_name="Otto")
    assert last("person changed").detail == {"first_name": ["", "Otto"]}
    change(as_chief, otto, role="editor", first_name="Otto", is_active=None)
    assert last("rights changed").detail == {"active": [True, False]}
    assert (last("session ended").person, last("session ended").by.username) == (otto, "charlotte")
    data = {"action": "remove_second_factors", "_selected_action": [otto.pk]}
    as_chief.post("/admin/accounts/user/", data)
    assert last("factor removed").detail == {"factor": ["recovery_codes", "totp"]}
    assert last("factor removed").by.username == "charlotte"


def test_ones_own_factors_and_password_are_on_record(client, person, django_capture_on_commit_callbacks):
    anna = person(app=True)
    enter(client)
    form = {"oldpassword": PASSWORD, "password1": "ochre-41-lanterns", "password2": "ochre-41-lanterns"}
    client.post("/accounts/password/change/", form)
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/2fa/recovery-codes/generate/")
    client.post("/accounts/2fa/totp/deactivate/")
    assert kinds(person=anna)[2:] == ["password changed", "codes renewed", "factor removed", "factor removed"]
    assert not Authenticator.objects.exists()


def test_what_commands_do_is_on_record_with_the_machines_account(db, monkeypatch, capsys):
    monkeypatch.setattr("getpass.getuser", lambda: "newsroom")
    call_command("create_login", "nora", role="writer", generate=True)
    monkeypatch.setenv("LOGIN_PASSWORD", "x")
    call_command("create_login", "nora", role="chief")
    call_command("remove_second_factor", "nora")
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", username="root", email="", interactive=False)
    said = AccessEntry.objects.order_by("pk").values_list("kind", "device", "name")
    assert [*said] == [
        ("person added", "manage.py create_login", "newsroom"),
        ("rights changed", "manage.py create_login", "newsroom"),
        ("factor removed", "manage.py remove_second_factor", "newsroom"),
        ("session ended", "manage.py remove_second_factor", "newsroom"),
        ("person added", "manage.py createsuperuser", "newsroom"),
    ]
    assert last("rights changed").detail == {"role": ["writer", "chief"]}
    assert last("person added").detail == {"superuser": [False, True]}


def test_a_password_that_the_operator_sets_is_on_record(person, monkeypatch):
    anna = person()
    monkeypatch.setattr("getpass.getpass", lambda **_words: "ochre-41-lanterns")
    call_command("changepassword", "anna", stdout=io.StringIO())
    assert (last("password set").person, last("password set").device) == (anna, "manage.py changepassword")


def test_a_stranger_at_a_preview_leaves_neither_address_nor_device_nor_token(client, db):
    made = Makers()
    link = workflow.share_preview(made.draft(), by=made.editor, days=1)
    client.get(f"/preview/{link.token}/", REMOTE_ADDR="192.0.2.66", HTTP_USER_AGENT=FIREFOX)
    entry = last("preview opened")
    assert (entry.person, entry.by, entry.address, entry.device) == (None, None, "", "")
    assert entry.detail == {"release": link.revision.release_id, "revision": 1, "link": link.pk}
    assert link.token not in everything_on_record()


def test_previews_of_staff_and_exports_are_on_record(as_chief, tmp_path):
    made = Makers()
    draft = made.draft()
    for _again in range(3):
        as_chief.get(f"/admin/releases/release/{draft.pk}/preview/")
    entry = last("preview opened")
    assert (entry.by.username, entry.count) == ("charlotte", 3)
    as_chief.get("/admin/releases/event/export/")
    assert last("export").detail == {"what": "activity log"}
    call_command("export_releases", tmp_path / "out", stdout=io.StringIO(), stderr=io.StringIO())
    assert last("export").device == "manage.py export_releases"


def test_guesses_at_ones_own_old_password_are_on_record(client, person):
    anna = person(app=True)
    enter(client)
    form = {"oldpassword": "not-it", "password1": "ochre-41-lanterns", "password2": "ochre-41-lanterns"}
    client.post("/accounts/password/change/", form)
    assert kinds(person=anna)[-1] == "confirmation failed"


# ---------------------------------------------------------------------- nobody changes it


CHANGES = ["kind = 'x'", "at = '2020-01-01 00:00:00'", "person_id = NULL", "by_id = NULL", "name = 'x'", "address = ''", "device = ''",
           "detail = '{}'", "tally = NULL", "id = id + 1000", "count = count + 2", "count = 1"]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_the_database_itself_refuses_to_change_an_entry(person, change):
    record.count("failure", person=person(), name="n", request=None, what="y")
    record.count("failure", person=User.objects.get(), name="n", request=None, what="y")
    before = [*AccessEntry.objects.values()]
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        connection.cursor().execute(f"UPDATE accounts_accessentry SET {change}")
    assert [*AccessEntry.objects.values()] == before


def test_an_entry_that_counts_nothing_cannot_be_counted_up(db):
    record.note("sign in")
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        connection.cursor().execute("UPDATE accounts_accessentry SET count = count + 1")


def test_no_entry_can_be_deleted_before_its_time(db, settings):
    now = timezone.now()
    settings.ACCESS_RECORD_DAYS = 30
    record.note("sign in", at=now - timedelta(days=31))
    record.note("sign out", at=now - timedelta(days=29))
    with pytest.raises(DatabaseError, match="by their age"), transaction.atomic():
        connection.cursor().execute("DELETE FROM accounts_accessentry")
    assert record.expire(now) == 1
    assert kinds() == ["sign out", "record expired"]
    with pytest.raises(DatabaseError, match="by their age"), transaction.atomic():
        connection.cursor().execute("DELETE FROM accounts_accessentry")


def test_old_entries_go_by_command_and_when_somebody_signs_in(client, person, settings, capsys):
    settings.ACCESS_RECORD_DAYS = 30
    person(app=True)
    record.note("sign out", at=timezone.now() - timedelta(days=31))
    enter(client)
    assert "sign out" not in kinds()
    record.note("export", at=timezone.now() - timedelta(days=31))
    call_command("expire_access_record")
    assert capsys.readouterr().out == "1 entries deleted\n"
    assert "export" not in kinds()


# ---------------------------------------------------------------------- who reads it


PAGES = [
    "/admin/accounts/accessentry/",
    "/admin/accounts/accessentry/export/csv/",
    "/admin/accounts/accessentry/export/json/",
    "/admin/accounts/accessentry/1/change/",
]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("role", ["writer", "editor", None])
def test_nobody_but_chiefs_reads_the_record(client, person, role, path):
    person("anna", role, app=True)
    enter(client)
    assert client.get(path, follow=True).status_code == 403


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_is_led_to_the_door(client, db, path):
    assert client.get(path).url.startswith("/admin/login/")


@pytest.mark.parametrize(
    "path", [*PAGES[:1], "/admin/accounts/accessentry/1/delete/", "/admin/accounts/accessentry/add/"]
)
def test_a_chief_can_change_nothing_in_it(as_chief, path):
    number = AccessEntry.objects.count()
    assert as_chief.post(
        path, {"action": "delete_selected", "_selected_action": ["1"], "post": "yes"}
    ).status_code in {200, 302, 403}
    assert AccessEntry.objects.count() == number


def test_the_page_is_narrowed_by_person_kind_and_day(as_chief, person):
    otto = person("otto")
    record.note("export", person=otto, what="x", at=timezone.now() - timedelta(days=10))
    record.note("key made", person=otto)
    page = "/admin/accounts/accessentry/"
    day = f"{timezone.localdate() - timedelta(days=10)}"
    everything = as_chief.get(page).content.decode()
    assert everything.count("<tr><td>") >= 4
    of_otto = as_chief.get(f"{page}?person={otto.pk}").content.decode()
    assert of_otto.count("<tr><td>") == 2
    assert as_chief.get(f"{page}?kind=key made").content.decode().count("<tr><td>") == 1
    assert as_chief.get(f"{page}?since={day}&until={day}").content.decode().count("<tr><td>") == 1


@pytest.mark.parametrize(
    "query", ["person=99999999999999999999999", "person=x%00", "kind=nothing", "since=0000-99-99", "until=9999-12-31", "before=x",
    "before=999999999999999999-1", "before=0-0", "before=-"]
)  # fmt: skip
def test_a_question_that_makes_no_sense_is_answered(as_chief, query):
    assert as_chief.get(f"/admin/accounts/accessentry/?{query}").status_code == 200


def test_pages_follow_one_another_without_a_gap_and_cost_the_same(as_chief, monkeypatch):
    monkeypatch.setattr("newsroom.accounts.admin.access.PER_PAGE", 10)
    page = "/admin/accounts/accessentry/"
    as_chief.get(page)
    with CaptureQueriesContext(connection) as few:
        as_chief.get(page)
    now = timezone.now()
    for number in range(35):
        record.note("key made", at=now, key=f"key-{number:02d}-")
    with CaptureQueriesContext(connection) as many:
        as_chief.get(page)
    assert len(many) == len(few)
    seen, query = [], "?kind=key+made"
    while query:
        said = as_chief.get(page + query).content.decode()
        seen += [number for number in range(35) if f"key-{number:02d}-" in said]
        links = [
            part.partition('"')[0]
            for part in said.split('href="')
            if ">Older<" in part.partition("\n")[0][:200]
        ]
        query = links[-1].replace("&amp;", "&") if links else ""
    assert sorted(seen) == [*range(35)]


def test_the_record_is_taken_along_as_csv_that_runs_no_formula_and_as_json(as_chief, person):
    otto = person("otto")
    record.note("person changed", person=otto, first_name=["", '=HYPERLINK("x")'])
    AccessEntry.objects.create(kind="failure", name="=1+1", at=timezone.now())
    answer = as_chief.get("/admin/accounts/accessentry/export/csv/?kind=failure")
    rows = [*csv.reader(io.StringIO(b"".join(answer).decode()))]
    assert rows[0][:4] == ["when", "kind", "person", "by"]
    assert rows[1][4] == "'=1+1"
    said = json.loads(b"".join(as_chief.get("/admin/accounts/accessentry/export/json/")))
    assert said[0]["kind"] == "export"
    assert {"person changed", "failure", "sign in"} <= {one["kind"] for one in said}
    assert as_chief.get("/admin/accounts/accessentry/export/xml/").status_code == 404


def test_a_code_is_never_on_record(client, person):
    person(app=True)
    code = code_of()
    enter(client, code=code)
    assert f'"{code}"' not in everything_on_record()
