"""Where nobody may approve what they wrote: who is an author of a text, whatever was done to it since."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from releases import workflow
from releases.workflow import Refused, Words, reasons_against, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(make_user):
    return make_user("second", "editor")


@pytest.fixture(autouse=True)
def by_another(settings):
    settings.APPROVAL_BY_ANOTHER = True


def typed(release, by, body, **more):
    return workflow.save_draft(release, Words("Title", f"<p>{body}</p>", **more), by=by)


def may(verb, release, by):
    release.refresh_from_db()
    return not reasons_against(verb, release, by=by)


@pytest.mark.parametrize("verb", ["approve", "publish", "schedule"])
def test_a_comma_of_a_colleague_does_not_turn_it_round(make_draft, editor, second, chief, verb):
    due = timezone.now() + timedelta(days=1)
    release = typed(make_draft(by=editor), editor, "All of it is hers", publish_at=due)
    typed(release, second, "All of it is hers,", publish_at=due)
    workflow.submit(release, by=second)
    for by in (editor, second):
        release.refresh_from_db()
        with pytest.raises(Refused, match=r"Its authors: edith, second\.") as refused:
            getattr(workflow, verb)(release, by=by)
        assert len(refused.value.reasons) == 1
    assert may(verb, release, chief)


def test_a_correction_is_no_way_round(make_release, make_user, editor, second):
    release = workflow.publish(make_release_of(editor), by=make_user("third", "editor"))
    typed(release, editor, "Changed")
    typed(release, second, "Changed,")
    release.refresh_from_db()
    with pytest.raises(Refused, match="edith, second"):
        workflow.correct(release, by=editor, note="A figure.")


def make_release_of(by):
    return workflow.save_draft(None, Words("Title", "<p>Old</p>"), by=by)


def test_what_was_approved_or_live_before_is_settled(make_user, editor, second, chief):
    release = workflow.publish(make_release_of(editor), by=chief)
    typed(release, second, "Only the second wrote since")
    assert may("publish", release, editor)
    assert not may("publish", release, second)


def test_a_returned_text_keeps_its_authors(editor, second, chief):
    release = make_release_of(editor)
    workflow.submit(release, by=editor)
    workflow.approve(release, by=chief)
    workflow.return_draft(release, by=chief, comment="Not yet.")
    release.refresh_from_db()
    assert not may("publish", release, editor)
    typed(release, second, "Mended")
    assert not may("publish", release, editor)


def test_who_sets_only_the_date_is_no_author_whether_it_was_approved_or_not(editor, second):
    due = timezone.now() + timedelta(days=1)
    release = make_release_of(editor)
    workflow.save_draft(release, replace(words_of(release.working), publish_at=due), by=second)
    assert may("schedule", release, second)
    assert not may("schedule", release, editor)


def test_a_discarded_draft_leaves_no_author_behind_and_what_is_restored_of_it_does(editor, second, chief):
    release = workflow.publish(make_release_of(chief), by=editor)
    old = typed(release, editor, "Thrown away").working
    workflow.discard_draft(release, by=editor)
    typed(release, second, "Another beginning")
    assert may("publish", release, editor)
    release.refresh_from_db()
    restored = workflow.restore(release, old, by=second)
    assert not may("publish", restored, editor)
    assert not may("publish", restored, second)
    assert may("publish", restored, chief)


def test_who_restores_what_was_approved_is_its_only_author(editor, second, chief):
    release = workflow.publish(make_release_of(editor), by=chief)
    old = release.live
    release = workflow.publish(typed(release, editor, "New"), by=chief)
    restored = workflow.restore(release, old, by=second)
    assert may("publish", restored, editor)
    assert not may("publish", restored, second)


def test_handing_over_makes_nobody_forget_who_wrote_it(writer, editor, second):
    release = make_release_of(editor)
    workflow.hand_over(release, to=writer, by=editor)
    assert not may("publish", release, editor)
    assert may("publish", release, second)


def test_however_often_and_fast_it_changes_hands_nobody_is_forgotten(editor, second, chief):
    now = timezone.now()
    release = make_release_of(editor)
    for turn, by in enumerate((second, editor, second)):
        at = now + timedelta(seconds=turn)
        workflow.save_draft(release, Words("Title", f"<p>{turn}</p>"), by=by, at=at, auto=True)
    assert not may("publish", release, editor)
    assert not may("publish", release, second)
    assert may("publish", release, chief)


def test_the_button_is_not_drawn_for_an_author_and_the_reason_names_them_all(client, editor, second):
    release = make_release_of(editor)
    typed(release, second, "One more comma,")
    client.force_login(editor)
    answer = client.get(f"/admin/releases/release/{release.pk}/change/")
    drawn = {button["verb"] for found in answer.context["buttons"].values() for button in found}
    assert not drawn & {"publish", "schedule"}
    assert "submit" in drawn
    assert "Its authors: edith, second." in answer.content.decode()
