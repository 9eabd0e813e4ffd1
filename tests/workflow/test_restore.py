"""Restoring an old revision brings back its words, notes and topics to the byte, whatever happened in between."""

import random

import pytest

from releases import workflow
from releases.models import Release, Revision, RevisionTopic
from releases.text.clean import clean
from releases.workflow import Words, words_of
from tests.depth import times
from tests.text.pairs import random_body, random_edit

pytestmark = pytest.mark.django_db
WORDS = ("title", "dateline", "summary", "body", "publish_at", "body_page", "body_text", "body_feed", "notes",
         "note_count", "word_count")  # fmt: skip


def stored(revision):
    """Everything that makes up the words of a revision, read anew from the database."""
    topics = set(RevisionTopic.objects.filter(content_object=revision).values_list("tag_id", flat=True))
    return Revision.objects.values_list(*WORDS).get(pk=revision.pk), topics


@pytest.mark.parametrize("seed", range(times("RESTORES", 1, 10)))
def test_of_a_hundred_random_pairs_each_restored_revision_is_the_old_one_to_the_byte(
    make_topic, make_user, seed
):
    """A hundred; a thousand in the deep run."""
    chance = random.Random(seed)
    anna, bela = make_user("anna"), make_user("bela")
    topics = [make_topic(f"Topic {number}") for number in range(6)]
    compared = 0
    for turn in range(100):
        old_body = clean(random_body(chance)).html
        new_body = clean(random_edit(chance, old_body)).html
        old_words = Words(
            f"Title {seed}", old_body, dateline=chance.choice(["", "Lhasa"]), summary=chance.choice(["", "A & b"]),
            topics=chance.sample(topics, chance.randint(0, 4)),
        )  # fmt: skip
        new_words = Words("Another", new_body, topics=chance.sample(topics, chance.randint(0, 4)))
        release = workflow.save_draft(None, old_words, by=anna, slug=f"pair-{seed}-{turn}")
        old = release.working
        before = stored(old)
        assert before[0][3] == old_body
        release = workflow.save_draft(release, new_words, by=bela)
        new = release.working
        after = stored(new)
        restored = workflow.restore(release, old, by=bela).working
        assert restored.pk not in {old.pk, new.pk}
        assert stored(restored) == before
        assert (stored(old), stored(new)) == (before, after)
        # There and back again: the other side too.
        again = workflow.restore(Release.objects.get(pk=release.pk), new, by=anna).working
        assert stored(again) == after
        assert words_of(again) == words_of(new)
        compared += before[0] != after[0]
    assert compared == 100


def test_what_readers_see_stays_while_a_revision_is_restored(make_release, make_topic, editor):
    live, later = make_topic("Live"), make_topic("Later")
    release = make_release("First", notes=2, topics=[live])
    first = release.live
    release = workflow.publish(
        workflow.save_draft(release, Words("Second", "<p>Second words.</p>", topics=[later]), by=editor),
        by=editor,
    )
    seen = stored(release.live)
    release = workflow.restore(release, first, by=editor)
    assert stored(release.live) == seen
    assert set(release.topics.values_list("pk", flat=True)) == {later.pk}
    release = workflow.publish(release, by=editor)
    assert stored(release.live) == stored(first)
    assert set(release.topics.values_list("pk", flat=True)) == {live.pk}
