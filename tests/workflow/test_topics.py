"""Curating the vocabulary loses no tagging, and undo puts back exactly what was."""

import random

import pytest

from releases import workflow
from releases.models import Event, Refiling, Release, ReleaseTopic, RevisionTopic, Topic
from releases.workflow import Refused, topics

pytestmark = pytest.mark.django_db


def filed():
    """What readers find where: (release, topic) pairs."""
    return set(ReleaseTopic.objects.values_list("content_object_id", "tag_id"))


def naming(topic, **changes):
    fields = {
        "name": topic.name,
        "names": topic.names,
        "description": topic.description,
        "synonyms": topic.synonyms,
    }
    return topics.Naming(**{**fields, **changes})


def test_merging_carries_live_drafts_and_embargoed_releases_along(
    make_release, make_draft, make_topic, chief, editor
):
    old, new = make_topic("Uighurs"), make_topic("Uyghurs")
    live = make_release("Live", topics=[old])
    both = make_release("Both", topics=[old, new])
    draft = make_draft("Draft", topics=[old])
    topics.merge(old, new, by=chief)
    assert filed() == {(live.pk, new.pk), (both.pk, new.pk)}
    assert workflow.words_of(draft.working).topics == (new,)
    assert workflow.publish(draft, by=editor).topics.get() == new


def test_undoing_a_merge_is_exact(make_release, make_topic, chief):
    old, new = make_topic("Old"), make_topic("New")
    make_release("One", topics=[old])
    make_release("Both", topics=[old, new])
    before = filed()
    topics.merge(old, new, by=chief)
    topics.undo(Event.objects.get(verb="merge topics"), by=chief)
    assert filed() == before


def test_the_address_of_a_merged_or_renamed_topic_leads_on_in_one_hop(make_topic, chief, client):
    first, second, third = make_topic("First"), make_topic("Second"), make_topic("Third")
    topics.rename(first, naming(first, slug="primary"), by=chief)
    topics.merge(first, second, by=chief)
    topics.merge(second, third, by=chief)
    for slug in ("first", "primary", "second"):
        response = client.get(f"/topics/{slug}/")
        assert (response.status_code, response.headers["Location"]) == (301, "/topics/third/")
        for kind in ("rss", "atom", "json"):
            response = client.get(f"/topics/{slug}/feed.{kind}")
            assert (response.status_code, response.headers["Location"]) == (301, f"/topics/third/feed.{kind}")


def test_a_former_address_is_given_to_no_other_topic(make_topic, chief):
    topic = make_topic("Name")
    topics.rename(topic, naming(topic, name="Other", slug="other"), by=chief)
    assert make_topic("Name").slug == "name-2"


def test_a_split_moves_the_chosen_releases_and_undo_brings_them_back(make_release, make_topic, chief):
    whole, part = make_topic("Internet"), make_topic("Censorship of the internet")
    one, other = make_release("One", topics=[whole]), make_release("Other", topics=[whole])
    before = filed()
    topics.split(whole, {part: [one]}, by=chief)
    assert filed() == {(one.pk, part.pk), (other.pk, whole.pk)}
    topics.undo(Event.objects.get(verb="split topic"), by=chief)
    assert filed() == before
    assert not Refiling.objects.exists()


def test_a_split_that_is_merged_back_stands_where_it_came_from(make_release, make_topic, chief):
    whole, part = make_topic("Whole"), make_topic("Part")
    release = make_release(topics=[whole])
    topics.split(whole, {part: [release]}, by=chief)
    topics.merge(part, whole, by=chief)
    assert filed() == {(release.pk, whole.pk)}


def test_a_retired_topic_leaves_the_index_and_the_picker_and_keeps_its_page(
    make_release, make_topic, chief, client
):
    topic = make_topic("Olympics")
    make_release("In it", topics=[topic])
    topics.retire(topic, by=chief)
    assert "/topics/olympics/" not in client.get("/topics/").content.decode()
    assert "In it" in client.get("/topics/olympics/").content.decode()
    client.force_login(chief)
    assert "Olympics" not in client.get("/admin/releases/release/add/").content.decode()


def test_only_the_latest_verb_can_be_undone_and_only_once(make_topic, chief):
    first, second = make_topic("First"), make_topic("Second")
    topics.retire(first, by=chief)
    topics.merge(first, second, by=chief)
    retired, merged = Event.objects.get(verb="retire topic"), Event.objects.get(verb="merge topics")
    with pytest.raises(Refused, match="undo that first"):
        topics.undo(retired, by=chief)
    topics.undo(merged, by=chief)
    with pytest.raises(Refused, match="already"):
        topics.undo(merged, by=chief)
    topics.undo(retired, by=chief)
    assert Topic.objects.current().count() == 2


def test_an_editor_may_not_curate(make_topic, editor):
    with pytest.raises(Refused, match="chief"):
        topics.retire(make_topic("Kept"), by=editor)


def test_two_topics_cannot_come_to_have_one_name(make_topic, chief):
    make_topic("Tibet")
    other = make_topic("Other")
    with pytest.raises(Refused, match="already"):
        topics.rename(other, naming(other, name="ＴＩＢＥＴ"), by=chief)


@pytest.mark.parametrize("seed", range(12))
def test_random_curation_loses_no_tagging_and_undoes_to_the_start(
    make_release, make_draft, make_topic, chief, editor, seed
):
    dice = random.Random(seed)
    vocabulary = [make_topic(f"Topic {n}") for n in range(6)]
    for number in range(8):
        make_release(f"Release {number}", topics=dice.sample(vocabulary, dice.randint(1, 3)))
    start, words = filed(), set(RevisionTopic.objects.values_list("content_object_id", "tag_id"))
    done = []
    for step in range(14):
        first, second = (Topic.objects.get(pk=one.pk) for one in dice.sample(vocabulary, 2))
        act = dice.choice(["merge", "split", "rename", "retire", "undo"])
        last = Event.objects.order_by("-pk").first().pk
        try:
            if act == "merge":
                topics.merge(first, second, by=chief)
            elif act == "split":
                topics.split(first, {second: dice.sample(list(Release.objects.all()), 3)}, by=chief)
            elif act == "rename":
                topics.rename(first, naming(first, name=f"Name {seed} {step}", slug=f"name-{step}"), by=chief)
            elif act == "retire":
                topics.retire(first, by=chief)
            elif done:
                topics.undo(done.pop(), by=chief)
                continue
        except Refused:
            continue
        done += Event.objects.filter(pk__gt=last)
        # No release ever stands under nothing, and what was approved with it never changes.
        assert {release for release, _topic in filed()} == {release for release, _topic in start}
        assert set(RevisionTopic.objects.values_list("content_object_id", "tag_id")) == words
    while done:
        topics.undo(done.pop(), by=chief)
    assert filed() == start
