"""What the open page asks by itself: keeping what is typed, who else is here, what a date means."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from releases import workflow
from releases.models import Event, Presence, Release, Revision
from releases.workflow import Words
from tests.admin.test_verbs_by_url import form_of
from tests.makers import body_with

pytestmark = pytest.mark.django_db
NEW = "/admin/releases/release/add/autosave/"


@pytest.fixture
def signed_in(client, editor):
    client.force_login(editor)
    return client


def autosave(client, release, **fields):
    return client.post(f"/admin/releases/release/{release.pk}/autosave/", form_of(release, **fields))


def test_what_was_typed_becomes_the_working_revision_and_the_time_said_is_that_of_the_save(
    signed_in, make_draft
):
    draft = make_draft()
    answer = autosave(signed_in, draft, title="Typed by hand").json()
    working = Release.objects.get().working
    assert working.title == "Typed by hand"
    assert answer["saved"] == f"{timezone.localtime(working.edited_at):%H:%M:%S}"
    assert answer["seen"] == working.save_number


def test_it_never_publishes_even_when_a_button_is_named(signed_in, make_draft, make_release):
    draft, live = make_draft(), make_release("Live")
    for release in (draft, live):
        autosave(signed_in, release, title="Typed", _publish="", _correct="", _withdraw="")
    assert Release.objects.visible().get().live.title == "Live"
    assert set(Event.objects.values_list("verb", flat=True)) == {"create", "publish", "save draft"}


def test_loose_notes_are_kept_as_they_are(signed_in, make_draft):
    draft = make_draft()
    body = body_with(1).replace("</ol>", '<li id="fn-loose1"><p>Not cited yet</p></li></ol>')
    assert autosave(signed_in, draft, body=body).status_code == 200
    assert Revision.objects.get().body == body


def test_a_field_that_cannot_be_kept_yet_loses_nothing_else_and_is_named(signed_in, make_draft):
    draft = make_draft()
    answer = autosave(
        signed_in, draft, title="", summary="New summary", publish_at_0="2027-03-", publish_at_1="1"
    ).json()
    working = Release.objects.get().working
    assert (working.title, working.summary, working.publish_at) == ("A title", "New summary", None)
    assert "Date and time" in answer["unkept"][0]


def test_a_new_release_is_begun_once_however_often_it_is_sent(signed_in):
    fields = {"title": "Begun", "body": "<p>x</p>", "uuid": str(uuid4()), "language": "en"}
    first = signed_in.post(NEW, fields).json()
    again = signed_in.post(NEW, {**fields, "body": "<p>x and more</p>"}).json()
    assert first["pk"] == again["pk"]
    assert Release.objects.get().working.body == "<p>x and more</p>"
    # ... and the button of the same page adds no second one.
    signed_in.post(
        "/admin/releases/release/add/", {**fields, "body": "<p>at last</p>", "slug": "", "_save": ""}
    )
    assert Release.objects.get().working.body == "<p>at last</p>"


def test_a_release_without_a_title_is_kept_but_cannot_go_out(signed_in, editor):
    signed_in.post(NEW, {"title": "", "body": "<p>Words first</p>", "uuid": str(uuid4())})
    release = Release.objects.get()
    assert release.working.body == "<p>Words first</p>"
    with pytest.raises(workflow.Refused, match="no title"):
        workflow.publish(release, by=editor)


def test_over_a_colleagues_newer_save_it_keeps_nothing_and_says_whose(signed_in, make_draft, make_user):
    draft = make_draft()
    workflow.save_draft(draft, Words("Theirs"), by=make_user("Olga"))
    answer = autosave(signed_in, draft, title="Mine")
    assert answer.status_code == 409
    assert answer.json()["conflict"]["who"] == "Olga"
    assert Release.objects.get().current.title == "Theirs"


def test_it_does_not_take_back_what_was_submitted(signed_in, make_draft, editor):
    draft = workflow.submit(make_draft(), by=editor)
    answer = autosave(signed_in, draft, title="One key")
    assert answer.status_code == 422
    assert Release.objects.get().state() == "submitted"


def test_it_needs_the_token_against_forged_requests(editor, make_draft):
    draft = make_draft()
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    assert autosave(client, draft, title="Forged").status_code == 403
    assert Release.objects.get().working.title == "A title"


def test_who_else_is_here_is_known_until_they_leave(make_draft, editor, make_user):
    draft, other = make_draft(), make_user("Olga")
    one, two = Client(), Client()
    one.force_login(editor)
    two.force_login(other)
    address = f"/admin/releases/release/{draft.pk}/presence/"
    two.post(address)
    assert [who["name"] for who in one.post(address).json()["others"]] == ["Olga"]
    assert "Olga" in one.get(f"/admin/releases/release/{draft.pk}/change/").content.decode()
    two.post(address, {"leave": "1"})
    assert one.post(address).json()["others"] == []


def test_who_was_not_heard_of_for_half_a_minute_has_gone(signed_in, make_draft, make_user):
    draft, then = make_draft(), timezone.now() - timedelta(seconds=40)
    Presence.objects.create(release=draft, user=make_user("Olga"), since=then, at=then)
    assert signed_in.post(f"/admin/releases/release/{draft.pk}/presence/").json()["others"] == []


@pytest.mark.parametrize(
    ("query", "key", "words"),
    [
        ({"date": "2035-06-08", "time": "00:01"}, "said", "goes out Friday 8 June 2035, 00:01 New York, in "),
        (
            {"date": "8 June 2035", "time": "midnight"},
            "said",
            "Midnight is read as 00:00, when that day begins",
        ),
        (
            {"date": "08/06/2035", "time": "9am"},
            "said",
            "with the month first; for the other day write “8 June 2035”",
        ),
        ({"date": "2035-03-11", "time": "02:30"}, "refused", "Choose a time before 02:00"),
        ({"date": "2035-11-04", "time": "01:30"}, "refused", "Choose which one is meant"),
        ({"date": "2035-11-04", "time": "01:30", "which": "1"}, "said", "06:30 UTC"),
        ({"date": "x", "time": "y"}, "refused", "“x” is no date that can be read"),
        ({"date": "2035-06-08", "time": "00:01+05:00"}, "refused", "no time that can be read"),
        ({"date": "2035-06-08", "time": ""}, "refused", "Give the time as well as the date"),
        ({"date": "", "time": "9am"}, "refused", "Give the date as well as the time"),
        ({"date": "", "time": ""}, "said", ""),
        ({"date": "2099-06-08", "time": "00:01"}, "refused", "more than ten years away"),
        ({"date": "0026-06-08", "time": "09:00"}, "refused", "The year 0026 cannot be meant"),
        ({"date": "9999-12-31", "time": "23:59"}, "refused", "The year 9999 cannot be meant"),
        ({"date": "9" * 5000, "time": "9" * 5000}, "refused", "no date that can be read"),
    ],
)
def test_what_a_date_means_is_said_as_it_is_typed(signed_in, settings, query, key, words):
    settings.TIME_ZONE = "America/New_York"
    assert words in signed_in.get("/admin/releases/release/moment/", query).json()[key]


def test_what_was_read_stands_for_what_was_typed(signed_in):
    answer = signed_in.get("/admin/releases/release/moment/", {"date": "28 Nov 2031", "time": "21.30"}).json()
    assert (answer["day"], answer["clock"]) == ("2031-11-28", "21:30:00")
