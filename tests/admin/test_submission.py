"""What open forms have sent: said to be kept when it is, never mistaken for a colleague's, and not lost with a session."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from releases import workflow
from releases.models import Event, Receipt, Release
from releases.workflow import Words
from tests.admin.test_verbs_by_url import form_of

pytestmark = pytest.mark.django_db
TAKEN = "/admin/releases/release/taken/"


@pytest.fixture
def signed_in(client, editor):
    client.force_login(editor)
    return client


def change(release):
    return f"/admin/releases/release/{release.pk}/change/"


def autosave(client, release, **fields):
    return client.post(f"/admin/releases/release/{release.pk}/autosave/", form_of(release, **fields))


def taken(client, visit):
    return client.post(TAKEN, {"visit": visit}).json()["taken"]


@pytest.mark.parametrize("button", ["_save", "_submit", "_publish", "_schedule", "_correct"])
def test_a_button_that_saves_says_what_it_took(signed_in, make_draft, make_release, button):
    later = timezone.localtime(timezone.now() + timedelta(days=2))
    release = make_release() if button == "_correct" else make_draft()
    date = {"publish_at_0": f"{later:%Y-%m-%d}", "publish_at_1": "09:00"} if button == "_schedule" else {}
    visit = str(uuid4())
    fields = form_of(release, title="Newer words", visit=visit, turn="7", **date, **{button: ""})
    assert signed_in.post(change(release), fields).status_code == 302
    current = Release.objects.get().current
    assert taken(signed_in, visit) == {
        "turn": 7, "whole": True, "seen": current.save_number, "pk": release.pk,
    }  # fmt: skip


def test_what_was_refused_or_kept_in_part_is_not_said_to_be_kept(signed_in, make_draft, make_user):
    draft, visit = make_draft(), str(uuid4())
    signed_in.post(change(draft), form_of(draft, title="", visit=visit, turn="1", _save=""))
    assert taken(signed_in, visit) is None
    autosave(signed_in, draft, title="x", publish_at_0="soon", visit=visit, turn="2")
    assert taken(signed_in, visit)["whole"] is False
    workflow.save_draft(draft, Words("Theirs"), by=make_user("Olga"))
    assert autosave(signed_in, draft, title="Mine", visit=visit, turn="3").status_code == 409
    assert taken(signed_in, visit)["turn"] == 2


def test_a_withdrawal_over_words_that_are_not_saved_does_not_say_that_they_are(signed_in, make_release):
    live, visit = make_release(), str(uuid4())
    signed_in.post(change(live), form_of(live, title="Not saved", visit=visit, turn="1", _withdraw=""))
    assert Release.objects.get().state() == "withdrawn"
    assert taken(signed_in, visit) is None


def test_ones_own_save_whose_answer_was_lost_is_no_conflict_also_for_the_page_that_goes_on(
    signed_in, make_draft
):
    draft, visit = make_draft(), str(uuid4())
    opened_at = draft.current.save_number
    assert autosave(signed_in, draft, title="One", visit=visit, turn="1").status_code == 200
    fields = {"seen": opened_at, "visit": visit, "turn": "2"}
    assert autosave(signed_in, draft, title="Two", **fields).status_code == 200
    fields = {"seen": opened_at, "visit": str(uuid4()), "turn": "1", "follows": visit}
    assert autosave(signed_in, draft, title="Three", **fields).status_code == 200
    fields = {"seen": opened_at, "visit": str(uuid4()), "turn": "1"}
    assert autosave(signed_in, draft, title="Four", **fields).status_code == 409
    assert Release.objects.get().current.title == "Three"


def test_a_page_whose_words_another_one_has_taken_over_is_kept_with_it_and_replaces_nothing_any_more(
    signed_in, make_draft
):
    draft, first, second = make_draft(), str(uuid4()), str(uuid4())
    opened_at = draft.current.save_number
    fields = {"seen": opened_at, "visit": second, "turn": "1", "follows": first}
    autosave(signed_in, draft, title="Both", **fields)
    assert taken(signed_in, first)["whole"]
    assert taken(signed_in, first)["turn"] > 10**6
    late = autosave(signed_in, draft, title="The first alone", seen=opened_at, visit=first, turn="9")
    assert late.status_code == 200
    assert Release.objects.get().current.title == "Both"


def test_a_colleagues_save_in_between_is_a_conflict_all_the_same(signed_in, make_draft, make_user):
    draft, visit = make_draft(), str(uuid4())
    opened_at = draft.current.save_number
    autosave(signed_in, draft, title="One", visit=visit, turn="1")
    workflow.save_draft(draft, Words("Theirs"), by=make_user("Olga"))
    answer = autosave(signed_in, draft, title="Two", seen=opened_at, visit=visit, turn="2")
    assert answer.status_code == 409
    assert Release.objects.get().current.title == "Theirs"


def test_what_arrives_late_does_not_replace_what_the_same_page_sent_after_it(signed_in, make_draft):
    draft, visit = make_draft(), str(uuid4())
    autosave(signed_in, draft, title="Later", visit=visit, turn="2")
    answer = autosave(signed_in, draft, title="Earlier", visit=visit, turn="1")
    assert answer.status_code == 200
    assert Release.objects.get().current.title == "Later"


@pytest.mark.parametrize(
    "said",
    [{"visit": "x", "turn": "1"}, {"visit": "9" * 5000, "turn": "9" * 5000}, {"visit": str(uuid4()), "turn": "-1"},
     {"visit": str(uuid4()), "turn": "9" * 10, "follows": "," * 5000}],
)  # fmt: skip
def test_numbers_that_are_none_are_no_fault(signed_in, make_draft, said):
    assert autosave(signed_in, make_draft(), title="Kept", **said).status_code == 200
    assert Release.objects.get().current.title == "Kept"


def test_nobody_is_told_what_is_kept_of_anothers_page(signed_in, make_draft, make_user):
    draft, visit = make_draft(), str(uuid4())
    autosave(signed_in, draft, title="Kept", visit=visit, turn="1")
    other = Client()
    other.force_login(make_user("Olga"))
    assert taken(other, visit) is None


def test_receipts_are_one_for_each_opened_form_and_old_ones_are_thrown_away(signed_in, make_draft):
    draft = make_draft()
    for turn in range(1, 30):
        autosave(signed_in, draft, title=f"Turn {turn}", visit=str(uuid4()) if turn < 3 else str(draft.uuid), turn=turn,
                 seen=Release.objects.get().current.save_number)  # fmt: skip
    assert Receipt.objects.count() == 3
    Receipt.objects.update(at=timezone.now() - timedelta(days=91))
    autosave(
        signed_in,
        draft,
        title="At last",
        visit=str(uuid4()),
        turn="1",
        seen=Release.objects.get().current.save_number,
    )
    assert Receipt.objects.count() == 1


@pytest.mark.parametrize("button", ["_save", "_publish", "_withdraw"])
def test_a_form_sent_after_the_session_has_ended_is_held_in_the_answer_and_does_nothing(
    client, make_draft, editor, button
):
    draft = make_draft()
    fields = form_of(draft, title="Typed “by hand” & <kept>", **{button: ""})
    answer = client.post(change(draft), fields)
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "Typed “by hand” &amp; &lt;kept&gt;" in page
    assert f'name="{button}"' not in page
    assert "no-store" in answer["Cache-Control"]
    assert Event.objects.count() == 1
    # Signed in again, the words are on the form, and still nothing has been done.
    client.force_login(editor)
    page = client.post(change(draft), {**fields, "_again": ""} | {button: ""}).content.decode()
    assert "Nothing has been saved yet" in page
    assert "Typed “by hand” &amp; &lt;kept&gt;" in page
    assert Event.objects.count() == 1


def test_a_stranger_learns_nothing_by_sending_a_form(client, make_draft):
    draft = make_draft("Hidden title")
    answers = [client.post(change(one), {"title": "x"}) for one in (draft, Release(pk=draft.pk + 1))]
    assert answers[0].status_code == answers[1].status_code == 403
    assert "Hidden title" not in answers[0].content.decode()
    assert client.post(change(draft), {"anything": "else"}).status_code == 302


@pytest.mark.parametrize("address", ["change", "autosave"])
def test_words_that_somebody_else_wrote_in_this_page_are_not_taken(signed_in, make_draft, make_user, address):
    draft = make_draft()
    fields = form_of(draft, title="Olga’s", written_by=make_user("Olga").pk, _publish="")
    answer = signed_in.post(f"/admin/releases/release/{draft.pk}/{address}/", fields)
    assert answer.status_code == 409
    assert Event.objects.count() == 1
    assert Release.objects.get().current.title == "A title"


def test_a_token_from_before_the_sign_in_shows_the_form_again_but_only_to_our_own_page(editor, make_draft):
    draft = make_draft()
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    fields = form_of(draft, title="Typed before", csrfmiddlewaretoken="x" * 64, _publish="")
    ours = client.post(change(draft), fields, headers={"Origin": "http://testserver"})
    assert "Somebody has signed in or out" in ours.content.decode()
    assert "Typed before" in ours.content.decode()
    for headers in ({}, {"Origin": "https://elsewhere.example"}):
        assert "Typed before" not in client.post(change(draft), fields, headers=headers).content.decode()
    assert Event.objects.count() == 1
