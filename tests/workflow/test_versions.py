"""What a draft said before it was written over comes back: what is kept, what it is called, and what is thinned out."""

import random
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from releases import workflow
from releases.models import Release, Revision, Version
from releases.text.clean import clean
from releases.workflow import Refused, Words, words_of, words_of_version
from releases.workflow.versions import EVERY
from tests.makers import body_with
from tests.text.pairs import random_body

pytestmark = pytest.mark.django_db
EVENING = datetime(2026, 6, 8, 18, tzinfo=UTC)


def text(number, of="word"):
    """So many different words."""
    return f"<p>{' '.join(f'{of}{n}' for n in range(number))}</p>"


class Sitting:
    """One person at one draft, second by second."""

    def __init__(self, release, by):
        self.release, self.by, self.at = release, by, EVENING

    def save(self, body, *, after=1, auto=True, **options):
        self.at += timedelta(seconds=after)
        self.release = workflow.save_draft(
            self.release, Words("A title", body), by=self.by, auto=auto, at=self.at, **options
        )

    @property
    def kept(self):
        """Bodies, the oldest first."""
        return [words_of_version(one).body for one in reversed(Version.objects.in_history())]


@pytest.fixture
def sitting(editor):
    first = workflow.save_draft(None, Words("A title", text(30)), by=editor, auto=True, at=EVENING)
    return Sitting(first, editor)


def test_each_save_by_hand_stays_when_the_next_one_is_written_over_it(sitting):
    for number in (31, 32, 33):
        sitting.save(text(number), auto=False)
    assert Revision.objects.count() == 1
    assert sitting.kept == [text(31), text(32)]
    assert [one.by_hand for one in Version.objects.in_history()] == [True, True]


def test_pressing_save_over_words_kept_by_themselves_already_keeps_them_as_saved_by_hand(sitting):
    sitting.save(text(31))
    sitting.save(text(31), auto=False)
    sitting.save(text(32))
    assert [(one.by_hand, words_of_version(one).body) for one in Version.objects.all()] == [(True, text(31))]


@pytest.mark.alike
def test_of_an_hour_of_writing_there_is_a_version_every_few_minutes(sitting):
    for second in range(3600):
        if second % 15 == 0:
            sitting.save(text(30 + second // 15), after=15)
    times = [one.at for one in reversed(Version.objects.in_history())]
    gaps = [after - before for before, after in pairwise(times)]
    assert 15 <= len(times) <= 60 * 60 / EVERY.total_seconds()
    assert max(gaps) <= EVERY + timedelta(seconds=15)


def test_what_was_left_standing_over_lunch_is_kept_before_the_first_word_after_it(sitting):
    sitting.save(text(31))
    sitting.save(text(31) + "<p>After lunch.</p>", after=1800)
    assert sitting.kept == [text(31)]


@pytest.mark.parametrize(
    "left", ["<p>x</p>", "<p></p>", text(200, of="other")], ids=["a letter", "nothing", "as much"]
)
def test_select_all_and_type_is_always_a_large_deletion_whatever_stands_there_then(sitting, left):
    sitting.save(text(200), after=20)
    sitting.save(left)
    assert sitting.kept == [text(200)]
    assert Version.objects.get().before == "deletion"


def test_a_note_a_summary_and_topics_that_go_count_as_well(sitting, make_topic, editor):
    topics = tuple(make_topic(f"Topic {n}") for n in range(4))
    full = Words("A title", body_with(5), summary="Six words that somebody wrote today.", topics=topics)
    workflow.save_draft(sitting.release, full, by=editor, auto=True, at=EVENING + timedelta(seconds=2))
    Version.objects.all().delete()
    workflow.save_draft(
        sitting.release,
        Words("A title", body_with(0)),
        by=editor,
        auto=True,
        at=EVENING + timedelta(seconds=3),
    )
    assert words_of_version(Version.objects.get()) == full


def test_holding_the_key_down_is_one_large_deletion_with_every_word_in_it(sitting):
    """Saved by itself each second, it is many small ones."""
    sitting.save(text(100), after=20)
    for left in range(94, 0, -6):
        sitting.save(text(left))
    sitting.save("<p></p>")
    assert sitting.kept == [text(100)]
    assert not Version.objects.filter(held=True).exists()


def test_mending_a_word_here_and_there_makes_none(sitting):
    for n in range(8):
        sitting.save(text(30).replace(f"word{n} ", f"mended{n} "), after=2)
        sitting.save(text(30), after=2)
    assert sitting.kept == []
    assert Version.objects.count() <= 1


def test_what_is_replaced_for_a_reason_is_kept_with_it_however_little_goes(sitting):
    sitting.save(text(30) + "<p>Of the file.</p>", before="import")
    assert (sitting.kept, Version.objects.get().before) == ([text(30)], "import")


def test_the_same_words_make_no_second_version(sitting):
    for _again in range(3):
        sitting.save("<p>x</p>", after=5)
        sitting.save(text(30), after=5)
    assert sitting.kept.count(text(30)) == 1


def test_a_restored_version_has_its_words_topics_and_picture_as_a_new_revision(
    make_topic, make_picture, editor
):
    chance = random.Random(7)
    for turn in range(20):
        words = Words(
            f"Title {turn} & more", clean(random_body(chance)).html, dateline="Lhasa", summary="A\nB “C”",
            topics=(make_topic(f"Topic {turn}"),), publish_at=EVENING + timedelta(days=turn),
            picture=make_picture(size=(700 + turn, 500)), picture_alt="A crowd", picture_caption="Photo: somebody",
            planned_slug="planned",
        )  # fmt: skip
        assert all(getattr(words, one.name) for one in fields(Words))
        release = workflow.save_draft(None, words, by=editor, at=EVENING)
        workflow.save_draft(release, Words("Over it"), by=editor, at=EVENING + timedelta(seconds=9))
        version = Version.objects.get(revision__release=release)
        assert words_of_version(version) == words
        restored = workflow.restore(release, version, by=editor).working
        # What address it shall have is not a matter of old words.
        assert words_of(restored) == replace(words, planned_slug="")
        assert restored.number == 2
        assert Revision.objects.get(release=release, number=1).title == "Over it"


def test_restoring_discarding_and_another_hand_lose_nothing_for_they_freeze_what_stands_there(
    make_release, editor, make_user
):
    release = make_release("Live")
    live = release.live
    workflow.save_draft(release, Words("Typed"), by=editor, auto=True)
    workflow.restore(release, live, by=editor)
    workflow.save_draft(release, Words("Typed again"), by=make_user("other"), auto=True)
    workflow.discard_draft(release, by=editor)
    titles = {one.title for one in Revision.objects.filter(frozen_at__isnull=False)}
    assert titles == {"Live", "Typed", "Typed again"}


def test_who_wrote_a_version_is_an_author_of_what_is_restored_from_it(sitting, make_user, editor, chief):
    olga = make_user("Olga")
    release = workflow.publish(sitting.release, by=chief)
    release = workflow.save_draft(release, Words("Theirs"), by=make_user("other"))
    version = workflow.set_aside(release, Words("Olga’s"), by=olga)
    restored = workflow.restore(workflow.publish(release, by=chief), version, by=editor).working
    assert {editor.pk, olga.pk} <= set(restored.authors)


def test_a_version_of_another_release_is_not_restored(sitting, make_draft, editor):
    sitting.save("<p>x</p>")
    other = make_draft("Other")
    with pytest.raises(Refused):
        workflow.restore(other, Version.objects.get(), by=editor)
    with pytest.raises(Refused):
        workflow.version_of(other, Version.objects.get().pk)


def test_what_was_typed_over_a_colleagues_save_is_set_aside_and_theirs_stays_the_draft(
    sitting, editor, make_user
):
    release = workflow.save_draft(sitting.release, Words("Theirs"), by=make_user("Olga"))
    version = workflow.set_aside(release, Words("Mine", "<p>My words.</p>"), by=editor)
    assert Release.objects.get().current.title == "Theirs"
    assert workflow.restore(release, version, by=editor).working.title == "Mine"


def test_a_picture_that_only_a_version_has_can_be_deleted_and_the_words_come_back_without_it(
    make_picture, sitting, editor, chief
):
    picture = make_picture()
    for words in (Words("A title", text(30), picture=picture), Words("A title", text(30))):
        workflow.save_draft(sitting.release, words, by=editor, at=EVENING + timedelta(seconds=5))
    version = Version.objects.in_history().get(picture=picture)
    workflow.delete_picture(picture, by=chief)
    version.refresh_from_db()
    assert words_of_version(version) == Words("A title", text(30))


# ------------------------------------------------------------------ thinned out


def age(sitting, moments, **fields):
    """Versions as if they had been kept then."""
    sitting.save("<p>x</p>")
    one = Version.objects.in_history().first()
    Version.objects.bulk_create(
        Version(
            revision=one.revision, at=at, by=one.by, title=one.title, words=one.words, digest=f"{at}",
            **{"before": "", **fields},
        )
        for at in moments
    )  # fmt: skip
    Version.objects.filter(pk__lte=one.pk, by_hand=False).delete()


def moments():
    return sorted(Version.objects.in_history().values_list("at", flat=True))


def test_old_ones_thin_out_to_one_an_hour_and_then_one_a_day_and_those_of_the_last_day_all_stay(sitting):
    now = EVENING + timedelta(seconds=1)
    every = [now - timedelta(minutes=3 * n) for n in range(1, 20 * 24 * 40)]  # forty days, day and night
    age(sitting, every)
    sitting.save(text(30))
    left = moments()
    assert sum(now - at <= timedelta(days=1) for at in left) == 20 * 24 + 1
    month = [at for at in left if timedelta(days=1) < now - at <= timedelta(days=30)]
    assert 29 * 24 - 2 <= len(month) <= 29 * 24 + 2
    assert 9 <= sum(now - at > timedelta(days=30) for at in left) <= 12


def test_those_saved_by_hand_stay_for_ever_and_of_the_others_what_something_became_of_first(sitting):
    hour = EVENING - timedelta(days=3)
    age(sitting, [hour + timedelta(minutes=n) for n in range(50)], by_hand=True)
    by_hand = set(moments())
    age_more = Version.objects.first()
    for minute, before in ((3, ""), (10, "deletion"), (40, "")):
        at = hour + timedelta(minutes=minute, seconds=1)
        Version.objects.create(
            revision=age_more.revision,
            at=at,
            title="x",
            words=age_more.words,
            digest=f"{minute}",
            before=before,
        )
    sitting.save(text(30), after=400)
    sitting.save(text(31), after=400)
    left = set(moments())
    assert by_hand <= left
    assert [at.minute for at in left - by_hand if at < EVENING - timedelta(days=1)] == [hour.minute + 10]


def test_a_save_costs_the_same_with_one_and_with_hundreds_of_versions(sitting):
    def cost(body, after=1):
        with CaptureQueriesContext(connection) as caught:
            sitting.save(body, after=after)
        return len(caught)

    def costs():
        """One more word; a word less; more words after a pause, which keep a version and thin the old ones."""
        sitting.save(text(40))
        return cost(text(41)), cost(text(40)), cost(text(42), after=400)

    few = costs()
    age(sitting, [EVENING - timedelta(minutes=3 * n) for n in range(2000)])
    sitting.save(text(42), after=400)  # thins them
    many = costs()
    assert many[:2] == few[:2]
    assert many[2] <= few[2] + 1, "the statement that takes thinned ones away"
