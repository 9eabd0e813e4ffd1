"""Each state with each draft beside it, and the sentence that is true of it."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from releases import workflow
from releases.models.release import Draft, State
from releases.workflow import Conflict, Refused, Words, words_of
from releases.workflow.outlook import outlook

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("America/New_York")
BEGUN = datetime(2026, 11, 27, 21, 0, tzinfo=ZONE)
APPROVED = datetime(2026, 11, 27, 21, 40, tzinfo=ZONE)
NOW = datetime(2026, 11, 27, 23, 40, tzinfo=ZONE)
DUE = datetime(2026, 11, 28, 0, 0, tzinfo=ZONE)

UNSEEN, OUT = "Readers do not see it", "The text approved at 21:40 goes out on 28 November at 00:00"
SEEN, GONE = "Readers see the text approved at 21:40", "Readers find the withdrawal notice."
NEWER = "A newer text than the one approved at 21:40"
AGAIN = "“Publish again” shows the newer one."
SENTENCES = {
    ("draft", "written"): f"{UNSEEN}: it is being written.",
    ("submitted", "submitted"): f"{UNSEEN}: it is waiting for approval.",
    ("draft", "returned"): f"{UNSEEN}: it was returned to its author.",
    ("approved", "approved"): f"{UNSEEN}: it is approved, and neither published nor scheduled.",
    ("scheduled", "none"): f"{OUT}.",
    ("scheduled", "written"): f"{OUT}; a newer one is being written.",
    ("scheduled", "submitted"): f"{OUT}; a newer one is waiting for approval.",
    ("scheduled", "returned"): f"{OUT}; a newer one was returned to its author.",
    ("scheduled", "approved"): f"{OUT}; a newer one is approved and does not, until it is scheduled.",
    ("published", "none"): "Readers see this text, approved at 21:40.",
    ("published", "written"): f"{SEEN}; a newer one is being written.",
    ("published", "submitted"): f"{SEEN}; a newer one is waiting for approval.",
    ("published", "returned"): f"{SEEN}; a newer one was returned to its author.",
    ("published", "approved"): f"{SEEN}; a newer one is approved and not published.",
    ("withdrawn", "none"): f"{GONE} “Publish again” shows the text approved at 21:40.",
    ("withdrawn", "written"): f"{GONE} {NEWER} is being written: {AGAIN}",
    ("withdrawn", "submitted"): f"{GONE} {NEWER} is waiting for approval: {AGAIN}",
    ("withdrawn", "returned"): f"{GONE} {NEWER} was returned to its author: {AGAIN}",
    ("withdrawn", "approved"): f"{GONE} {NEWER} is approved: {AGAIN}",
}


def make(state, draft, *, author, editor):
    """A release in `state` at `NOW`, with such a draft; the live words were approved at 21:40."""
    date = DUE if state == "scheduled" else None
    release = workflow.save_draft(None, Words("The first text", publish_at=date), by=author, at=BEGUN)
    if state in {"scheduled", "published", "withdrawn"}:
        release = workflow.publish(release, by=editor, at=APPROVED)
        if draft != "none":
            release = workflow.save_draft(
                release,
                Words("The newer text", publish_at=date),
                by=author,
                at=APPROVED + timedelta(minutes=5),
            )
    if draft in {"submitted", "returned", "approved"}:
        workflow.submit(release, by=author, at=APPROVED + timedelta(minutes=10))
    if draft == "returned":
        workflow.return_draft(release, by=editor, comment="Why?", at=APPROVED + timedelta(minutes=20))
    if draft == "approved":
        workflow.approve(release, by=editor, at=APPROVED + timedelta(minutes=20))
    if state == "withdrawn":
        workflow.withdraw(release, by=editor, notice="Gone.", at=APPROVED + timedelta(minutes=30))
    release.refresh_from_db()
    return release


def test_the_table_has_every_state_and_every_draft():
    over = {State.SCHEDULED, State.PUBLISHED, State.WITHDRAWN}
    assert {state for state, _draft in SENTENCES} == set(State)
    for state in over:
        assert {draft for one, draft in SENTENCES if one == state} == set(Draft)


@pytest.mark.parametrize(("state", "draft"), SENTENCES)
def test_what_is_said_of_it(state, draft, writer, editor):
    release = make(state, draft, author=writer, editor=editor)
    assert (release.state(NOW), release.draft) == (state, draft)
    assert outlook(release, at=NOW) == SENTENCES[state, draft]


def test_a_date_that_was_changed_in_the_draft_holds_for_nothing_until_that_is_scheduled(writer, editor):
    release = make("scheduled", "written", author=writer, editor=editor)
    moved = replace(words_of(release.working), publish_at=DUE + timedelta(hours=9))
    release = workflow.save_draft(release, moved, by=writer, at=NOW)
    assert release.publish_at == DUE
    said = "The date of the newer one, on 28 November at 09:00, holds once that is scheduled."
    assert outlook(release, at=NOW).endswith(f"; a newer one is being written. {said}")
    assert workflow.schedule(release, by=editor, at=NOW).publish_at == DUE + timedelta(hours=9)


def test_a_plan_that_nobody_has_scheduled_is_called_one(writer):
    release = workflow.save_draft(None, Words("A text", publish_at=DUE), by=writer, at=BEGUN)
    said = "Its date, on 28 November at 00:00, is a plan: nobody has scheduled it."
    assert outlook(release, at=NOW) == f"{UNSEEN}: it is being written. {said}"


# ------------------------------------------------------------------ what goes out, and what is too late


def test_a_draft_without_a_date_takes_over_the_moment_of_the_words_whose_place_it_takes(writer, editor):
    release = make("scheduled", "written", author=writer, editor=editor)
    release = workflow.save_draft(release, Words("The newer text"), by=writer, at=NOW)
    workflow.submit(release, by=writer, at=NOW)
    release = workflow.schedule(release, by=editor, at=NOW)
    assert (release.live.title, release.publish_at, release.live.publish_at) == ("The newer text", DUE, DUE)
    assert (release.live.submitted_by, release.live.approved_by) == (writer, editor)
    assert outlook(release, at=NOW).startswith("The text approved at 23:40 goes out")


def test_what_is_approved_over_a_schedule_is_approved_and_no_more(writer, editor):
    release = make("scheduled", "submitted", author=writer, editor=editor)
    release = workflow.approve(release, by=editor, at=NOW)
    assert (release.live.title, release.draft) == ("The first text", Draft.APPROVED)


def test_a_choice_that_comes_after_the_moment_is_refused_and_says_what_is_so(writer, editor):
    release = make("scheduled", "submitted", author=writer, editor=editor)
    with pytest.raises(Refused, match="It is published already"):
        workflow.schedule(release, by=editor, at=DUE)
    assert (
        workflow.schedule(release, by=editor, at=DUE - timedelta(microseconds=1)).live.title
        == "The newer text"
    )


def test_words_that_somebody_has_not_seen_are_neither_approved_nor_published(writer, editor):
    release = make("scheduled", "submitted", author=writer, editor=editor)
    seen = release.working.save_number
    workflow.save_draft(release, Words("Typed since", publish_at=DUE), by=writer, at=NOW)
    for verb in (workflow.approve, workflow.publish, workflow.schedule, workflow.submit):
        with pytest.raises(Conflict):
            verb(release, by=editor, at=NOW, seen=seen)
    release.refresh_from_db()
    assert (release.live.title, release.draft) == ("The first text", Draft.WRITTEN)
