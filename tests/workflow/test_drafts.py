"""Drafts: nothing is overwritten unseen, nothing is made twice, addresses follow titles until they are promises."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from releases import workflow
from releases.models import Event, Release, Revision
from releases.workflow import Conflict, Refused, Words

pytestmark = pytest.mark.django_db


def test_a_form_opened_at_a_discarded_draft_never_matches_a_later_one(make_release, editor, make_user):
    release = make_release()
    workflow.save_draft(release, Words(title="First draft"), by=editor)
    seen = Release.objects.get().working.save_number
    workflow.discard_draft(release, by=editor)
    workflow.save_draft(release, Words(title="Second draft"), by=editor)
    with pytest.raises(Conflict):
        workflow.save_draft(release, Words(title="Over it"), by=make_user("other"), seen=seen)


def test_a_save_sent_again_after_its_answer_was_lost_is_no_conflict(make_draft, editor):
    release = make_draft()
    seen = release.working.save_number
    for _again in range(2):
        saved = workflow.save_draft(release, Words(title="Once"), by=editor, seen=seen, auto=True)
    assert saved.current.save_number == seen + 1


def test_a_release_begun_twice_by_one_form_is_one(editor):
    uuid = uuid4()
    workflow.save_draft(None, Words("Begun"), by=editor, uuid=uuid)
    workflow.save_draft(None, Words("Begun and gone on"), by=editor, uuid=uuid, auto=True)
    assert Release.objects.get().current.title == "Begun and gone on"
    assert Event.objects.count() == 1


def test_nobody_writes_into_anothers_release_by_its_uuid(make_draft, make_user):
    release = make_draft()
    with pytest.raises(Refused):
        workflow.save_draft(None, Words("Mine now"), by=make_user("other"), uuid=release.uuid)


def test_saving_by_itself_never_makes_a_revision_a_second_nor_fills_the_record(make_draft, editor):
    at = timezone.now()
    release = make_draft(at=at)
    for second in range(60):
        workflow.save_draft(
            release, Words(f"Second {second}"), by=editor, auto=True, at=at + timedelta(seconds=second)
        )
    assert (Revision.objects.count(), Event.objects.count()) == (1, 1)


def test_another_hand_or_a_long_pause_begins_a_revision_and_the_old_one_is_kept(
    make_draft, editor, make_user
):
    at = timezone.now()
    release = make_draft("Mine", at=at)
    workflow.save_draft(release, Words("Theirs"), by=make_user("other"), at=at + timedelta(minutes=1))
    workflow.save_draft(release, Words("Mine again"), by=editor, at=at + timedelta(minutes=2))
    workflow.save_draft(release, Words("After lunch"), by=editor, at=at + timedelta(hours=2))
    titles = Revision.objects.order_by("number").values_list("title", flat=True)
    assert list(titles) == ["Mine", "Theirs", "Mine again", "After lunch"]


def test_what_was_submitted_is_not_taken_back_by_saving_by_itself(make_draft, editor):
    release = workflow.submit(make_draft(), by=editor)
    with pytest.raises(Refused, match="Save draft"):
        workflow.save_draft(release, Words("One key too many"), by=editor, auto=True)
    assert Release.objects.get().state() == "submitted"


def test_the_address_follows_the_title_until_it_was_live(make_draft, editor):
    release = make_draft("A")
    release = workflow.save_draft(release, Words("A title in full"), by=editor, auto=True)
    assert release.slug == "a-title-in-full"
    assert [one.slug for one in release.addresses.all()] == ["a-title-in-full"]
    release = workflow.publish(release, by=editor)
    release = workflow.save_draft(release, Words("Another"), by=editor)
    assert release.slug == "a-title-in-full"


def test_an_address_that_was_typed_does_not_follow_the_title(make_draft, editor):
    release = make_draft("A title", slug="typed-by-hand")
    assert workflow.save_draft(release, Words("Another"), by=editor).slug == "typed-by-hand"


def test_restoring_makes_the_old_words_notes_and_topics_a_new_draft(
    make_draft, make_topic, editor, make_user
):
    from tests.makers import body_with

    topic, body = make_topic("Kept"), body_with(3)
    release = make_draft("Old", body=body, topics=[topic])
    old = release.working
    release = workflow.save_draft(release, Words("New", "<p>x</p>"), by=make_user("other"))
    release = workflow.restore(release, old, by=editor)
    assert workflow.words_of(release.working) == workflow.words_of(old)
    assert (release.working.number, release.working.comment) == (3, "Restored from revision 1")


def test_handing_over_needs_somebody_else_who_may_write(make_draft, editor, writer, make_user):
    release = make_draft()
    stranger = make_user("stranger", None)
    for to in (editor, stranger):
        with pytest.raises(Refused):
            workflow.hand_over(release, to=to, by=editor)
    assert workflow.hand_over(release, to=writer, by=editor).created_by == writer


@pytest.mark.parametrize("year", [1, 26, 1799, 2201, 9999])
def test_a_date_that_nobody_means_is_not_taken_but_words_beside_an_old_one_are_not_lost(
    make_draft, editor, year
):
    draft, date = make_draft(), datetime(year, 6, 8, tzinfo=UTC)
    with pytest.raises(workflow.Refused, match="cannot be meant"):
        workflow.save_draft(draft, Words("Dated", publish_at=date), by=editor)
    with pytest.raises(workflow.Refused, match="cannot be meant"):
        workflow.save_draft(None, Words("Dated", publish_at=date), by=editor)
    Revision.objects.update(publish_at=date)
    workflow.save_draft(draft, Words("Mended", publish_at=date), by=editor)
    assert Release.objects.get().working.title == "Mended"
