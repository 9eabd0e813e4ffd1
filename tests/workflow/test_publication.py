"""What the verbs do to what readers see."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from releases import editions, workflow
from releases.models import Event, Release, Revision
from releases.workflow import Refused, Words

pytestmark = pytest.mark.django_db


def test_a_draft_is_seen_by_nobody(make_draft):
    make_draft()
    assert not Release.objects.visible().exists()


def test_a_published_release_shows_its_words_and_topics(make_draft, make_topic, editor):
    land = make_topic("Land, Property, Housing")
    release = workflow.publish(make_draft("Title", topics=[land]), by=editor)
    assert Release.objects.visible().get().live.title == "Title"
    assert list(release.topics.all()) == [land]


def test_a_draft_over_live_words_changes_nothing_for_readers(make_release, make_topic, editor):
    release = make_release("Old")
    topic = make_topic("New topic")
    workflow.save_draft(release, Words(title="New", body="<p>New</p>", topics=[topic]), by=editor)
    seen = Release.objects.visible().get()
    assert (seen.live.title, seen.working.title, list(seen.topics.all())) == ("Old", "New", [])


def test_publishing_the_draft_replaces_the_live_words_and_keeps_the_date(make_release, editor):
    release = make_release("Old")
    workflow.save_draft(release, Words(title="New", body="<p>New</p>"), by=editor)
    after = workflow.publish(release, by=editor)
    assert (after.live.title, after.working, after.publish_at) == ("New", None, release.publish_at)


def test_an_embargo_ends_by_the_clock_alone(make_draft, editor):
    due = timezone.now() + timedelta(hours=1)
    release = workflow.publish(make_draft(publish_at=due), by=editor)
    assert release.state() == "scheduled"
    assert not Release.objects.visible(due - timedelta(microseconds=1)).exists()
    assert Release.objects.visible(due).exists()


def test_the_edition_changes_with_a_publication_and_with_the_end_of_an_embargo(make_release):
    now = timezone.now()
    first = editions.current(now).name
    make_release()
    published = editions.current(now).name
    due = now + timedelta(hours=1)
    make_release(publish_at=due)
    assert editions.current(now).next_due == due
    assert len({first, published, editions.current(due).name}) == 3


def test_what_is_done_under_embargo_raises_no_edition_that_readers_could_notice(make_release, editor):
    make_release("Out")
    now = timezone.now()
    before = editions.current(now)
    due = now + timedelta(hours=1)
    release = make_release("Secret", publish_at=due)
    other = make_release("Also secret", language="ug", publish_at=due)
    workflow.readdress(release, slug="elsewhere", by=editor)
    workflow.tie(release, other, by=editor)
    release = workflow.unschedule(release, by=editor)
    workflow.schedule(release, by=editor)
    after = editions.current(now)
    assert (after.name, after.modified_at) == (before.name, before.modified_at)
    assert editions.current(due).name != before.name


def test_a_withdrawn_release_is_invisible_and_comes_back_by_publishing(make_release, editor):
    release = make_release()
    gone = workflow.withdraw(release, by=editor, notice="Withdrawn at the request of a source.")
    assert gone.state() == "withdrawn"
    assert not Release.objects.visible().exists()
    back = workflow.publish(gone, by=editor)
    assert back.state() == "published"
    assert back.publish_at == release.publish_at


def test_withdrawing_needs_a_notice(make_release, editor):
    with pytest.raises(Refused, match="notice"):
        workflow.withdraw(make_release(), by=editor, notice=" ")


def test_a_writer_cannot_publish(make_draft, writer):
    with pytest.raises(Refused, match="role"):
        workflow.publish(make_draft(by=writer), by=writer)


def test_nobody_approves_their_own_text_where_the_newsroom_says_so(make_draft, make_user, editor, settings):
    settings.APPROVAL_BY_ANOTHER = True
    draft = make_draft(by=editor)
    with pytest.raises(Refused, match="somebody else"):
        workflow.publish(draft, by=editor)
    assert workflow.publish(draft, by=make_user("second")).state() == "published"


def test_an_editor_dates_an_approved_text_without_becoming_its_author(
    make_draft, make_user, writer, editor, settings
):
    settings.APPROVAL_BY_ANOTHER = True
    draft = make_draft(by=writer)
    workflow.submit(draft, by=writer)
    approved = workflow.approve(draft, by=editor)
    due = timezone.now() + timedelta(days=1)
    dated = workflow.save_draft(
        approved, replace(workflow.words_of(approved.working), publish_at=due), by=editor
    )
    assert (dated.state(), dated.working.publish_at, dated.working.number) == ("approved", due, 2)
    assert (dated.working.submitted_by, dated.working.approved_by) == (writer, editor)
    assert dated.working.frozen_at is not None
    assert workflow.schedule(dated, by=editor).state() == "scheduled"


@pytest.mark.parametrize("change", ["body", "topics", "by the writer"])
def test_all_else_that_changes_an_approved_text_has_to_be_approved_again(
    make_draft, make_topic, writer, editor, settings, change
):
    settings.APPROVAL_BY_ANOTHER = True
    draft = make_draft(by=writer)
    workflow.submit(draft, by=writer)
    approved = workflow.approve(draft, by=editor)
    words = replace(workflow.words_of(approved.working), publish_at=timezone.now() + timedelta(days=1))
    changes = {
        "body": {"body": "<p>Other.</p>"},
        "topics": {"topics": [make_topic("New")]},
        "by the writer": {},
    }
    by = writer if change == "by the writer" else editor
    after = workflow.save_draft(approved, replace(words, **changes[change]), by=by)
    assert (after.state(), after.working.approved_at) == ("draft", None)


def test_a_correction_is_public_and_moves_the_updated_date_alone(make_release, editor):
    release = make_release()
    workflow.save_draft(release, Words(title="Mended", body="<p>x</p>"), by=editor)
    after = workflow.correct(release, by=editor, note="The figure was wrong.")
    assert after.updated_at > after.publish_at == release.publish_at
    assert after.corrections.get().note == "The figure was wrong."


def test_each_verb_leaves_one_event(make_draft, editor):
    release = make_draft()
    workflow.publish(release, by=editor)
    workflow.withdraw(release, by=editor, notice="Gone.")
    assert list(Event.objects.order_by("pk").values_list("verb", flat=True)) == [
        "create",
        "publish",
        "withdraw",
    ]


def test_saving_the_same_words_again_changes_nothing(make_draft, editor):
    release = make_draft()
    before = release.working
    workflow.save_draft(release, workflow.words_of(before), by=editor)
    assert Event.objects.count() == 1
    assert Revision.objects.get().save_number == before.save_number


def test_a_save_over_a_newer_save_is_never_silent(make_draft, make_user, editor):
    release = make_draft()
    seen = release.working.save_number
    workflow.save_draft(release, Words(title="Mine"), by=editor, seen=seen)
    with pytest.raises(workflow.Conflict) as caught:
        workflow.save_draft(release, Words(title="Theirs"), by=make_user("other"), seen=seen)
    assert caught.value.revision.title == "Mine"


def test_the_database_keeps_events_and_frozen_revisions_from_changing(make_release, make_topic):
    release = make_release(topics=[make_topic("Kept")])
    for attempt in (
        lambda: Event.objects.update(verb="forged"),
        lambda: Event.objects.all().delete(),
        lambda: Revision.objects.update(title="forged"),
        lambda: release.live.topic_items.all().delete(),
        lambda: release.live.topics.add(make_topic("Late")),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
    assert release.live.topics.get().name == "Kept"


@pytest.mark.parametrize(
    "fields",
    [
        {"slug": ""},
        {"publish_at": None},
        {"withdrawn_at": timezone.now()},
        {"withdrawal_notice": "without a date"},
        {"language": ""},
    ],
)
def test_the_database_refuses_a_release_that_cannot_be(make_release, fields):
    make_release()
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.update(**fields)


def test_slugs_are_unique_in_a_language_and_former_ones_are_never_given_away(
    make_release, make_draft, editor
):
    first = make_release("The same")
    workflow.readdress(first, slug="moved", by=editor)
    second = make_draft("The same")
    assert second.slug == "the-same-2"
    with pytest.raises(Refused, match="address"):
        workflow.readdress(second, slug="the-same", by=editor)
