"""Curating the vocabulary loses no tagging, and undo puts back exactly what was."""

import random
from datetime import timedelta
from itertools import product
from urllib.parse import quote

import pytest
from django.conf import settings
from django.utils import timezone

from releases import workflow
from releases.models import (
    Event,
    FormerSlug,
    Refiling,
    Release,
    ReleaseTopic,
    RevisionTopic,
    Topic,
    TopicWord,
)
from releases.models.topic import key_of
from releases.workflow import Refused, Words, topics
from tests.depth import times

pytestmark = pytest.mark.django_db


def filed():
    """What readers find where: (release, topic) pairs."""
    return set(ReleaseTopic.objects.values_list("content_object_id", "tag_id"))


def leads(word):
    """The topic to which a word leads, by the database."""
    return TopicWord.objects.get(key=key_of(word)).topic


def naming(topic, **changes):
    fields = {
        "name": topic.name,
        "names": topic.names,
        "description": topic.description,
        "synonyms": topic.synonyms,
    }
    return topics.Naming(**{**fields, **changes})


def test_merging_carries_live_embargoed_withdrawn_releases_drafts_and_history_along(
    make_release, make_draft, make_topic, chief, editor
):
    old, new = make_topic("Uighurs"), make_topic("Uyghurs")
    live = make_release("Live", topics=[old])
    both = make_release("Both", topics=[old, new])
    due = make_release("Due", topics=[old], publish_at=timezone.now() + timedelta(days=1))
    gone = workflow.withdraw(make_release("Gone", topics=[old]), by=editor, notice="Gone.")
    draft = make_draft("Draft", topics=[old])
    changed = make_release("Changed", topics=[new])
    changed = workflow.save_draft(changed, Words(title="2", body="<p>2</p>", topics=[old]), by=editor)
    topics.merge(old, new, by=chief)
    assert filed() == {(release.pk, new.pk) for release in (live, both, due, gone, changed)}
    for one in (draft, changed):
        assert workflow.words_of(one.working).topics == (new,)
        assert workflow.publish(one, by=editor).topics.get() == new
    # A revision keeps what was approved with it, and is read as what that became.
    first = RevisionTopic.objects.filter(content_object__release=live)
    assert [filed.tag for filed in first] == [old]
    assert workflow.words_of(live.live).topics == (new,)


def test_undoing_a_merge_is_exact(make_release, make_topic, chief):
    old, new = make_topic("Old"), make_topic("New")
    make_release("One", topics=[old])
    make_release("Both", topics=[old, new])
    before = filed()
    topics.merge(old, new, by=chief)
    topics.undo(Event.objects.get(verb="merge topics"), by=chief)
    assert filed() == before


ENDS = ("", "feed.rss", "feed.atom", "feed.json")


@pytest.mark.parametrize("prefix", ["", *(f"/{code}" for code, _ in settings.LANGUAGES[1:])])
def test_every_former_address_leads_on_in_one_hop_in_every_language(make_topic, chief, client, prefix):
    first, second, third = make_topic("First"), make_topic("Second"), make_topic("Third")
    topics.rename(first, naming(first, slug="primary"), by=chief)
    topics.merge(first, second, by=chief)
    second.refresh_from_db()
    topics.rename(second, naming(second, slug="ད་"), by=chief)
    topics.merge(second, third, by=chief)
    topics.rename(third, naming(third, slug="维吾尔"), by=chief)
    here = f"{prefix}/topics/{quote('维吾尔')}/"
    for slug in ("first", "primary", "second", "ད་", "third"):
        for end in ENDS:
            response = client.get(f"{prefix}/topics/{slug}/{end}")
            assert (response.status_code, response.headers.get("Location")) == (301, here + end), (slug, end)
    for end in ENDS:
        assert client.get(here + end).status_code == 200
    topics.undo(Event.objects.filter(verb="rename topic").latest("pk"), by=chief)
    for slug, end in product(("first", "second", "维吾尔"), ENDS):
        assert (
            client.get(f"{prefix}/topics/{slug}/{end}").headers["Location"] == f"{prefix}/topics/third/{end}"
        )


def test_what_was_asked_of_a_former_address_is_asked_of_the_present_one(
    make_release, make_topic, chief, client
):
    topic = make_topic("Old")
    for number in range(21):
        make_release(f"R{number}", topics=[topic])
    topics.rename(topic, naming(topic, slug="new"), by=chief)
    year = timezone.localtime(Release.objects.first().publish_at).year
    for path in (f"?year={year}", "?page=2", "feed.json?page=1"):
        answer = client.get(f"/topics/old/{path}")
        assert (answer.status_code, answer.headers["Location"]) == (301, f"/topics/new/{path}")
        assert client.get(answer.headers["Location"]).status_code == 200


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


def test_a_part_that_is_merged_back_leaves_nothing_under_itself(make_release, make_draft, make_topic, chief):
    whole, part = make_topic("Whole"), make_topic("Part")
    one, other = make_release("Both", topics=[whole, part]), make_release("One", topics=[part])
    draft = make_draft("Draft", topics=[part])
    topics.split(whole, {part: [one]}, by=chief)
    topics.merge(part, whole, by=chief)
    assert filed() == {(one.pk, whole.pk), (other.pk, whole.pk)}
    assert workflow.words_of(draft.working).topics == (whole,)


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


def everything():
    """All that curating could spoil: what readers find where, what staff see under drafts, what was ever approved, and
    what every topic is called."""
    drafts = Release.objects.filter(working__isnull=False).select_related("working")
    return {
        "filed": filed(),
        "drafts": {(one.pk, topic.pk) for one in drafts for topic in workflow.words_of(one.working).topics},
        "history": set(RevisionTopic.objects.values_list("content_object_id", "tag_id")),
        "topics": set(Topic.objects.values_list("pk", "name", "slug", "merged_into", "retired_at")),
        "said": {topic.pk: (topic.names, topic.description, topic.synonyms) for topic in Topic.objects.all()},
        "words": set(TopicWord.objects.values_list("key", "topic")),
        "refiled": set(Refiling.objects.values_list("release_id", "source_id", "target_id")),
    }


def tagged(state):
    """Which releases and drafts stand under anything at all."""
    return {name: {release for release, _topic in state[name]} for name in ("filed", "drafts")}


@pytest.fixture
def newsroom(make_release, make_draft, make_topic, editor):
    """Releases in every state under six topics."""

    def make(dice):
        vocabulary = [make_topic(f"Topic {number}") for number in range(6)]

        def some():
            return dice.sample(vocabulary, dice.randint(1, 3))

        for number in range(5):
            make_release(f"Release {number}", topics=some())
        for number in range(2):
            due = timezone.now() + timedelta(days=1 + number)
            make_release(f"Embargoed {number}", topics=some(), publish_at=due)
        workflow.withdraw(make_release("Withdrawn", topics=some()), by=editor, notice="Gone.")
        make_draft("Draft", topics=some())
        changed = make_release("Changed", topics=some())
        words = Words(title="Changed", body="<p>Otherwise.</p>", topics=some())
        workflow.save_draft(changed, words, by=editor)
        again = make_release("Again", topics=some())
        again = workflow.save_draft(again, Words(title="Again", body="<p>2</p>", topics=some()), by=editor)
        workflow.publish(again, by=editor)
        return vocabulary

    return make


def act(dice, number, chief, done):
    """One verb by chance; what it did goes onto `done`, what it undid comes off."""
    first, second = dice.sample(list(Topic.objects.order_by("pk")), 2)
    last = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    verb = dice.choice(["merge", "merge", "split", "rename", "retire", "undo"])
    try:
        if verb == "merge":
            topics.merge(first, second, by=chief)
        elif verb == "split":
            chosen = dice.sample(list(Release.objects.order_by("pk")), 5)
            topics.split(first, {second: chosen}, by=chief)
        elif verb == "rename":
            changed = naming(
                first, name=f"Name {number}", names={"bo": f"མིང་ {number}"}, description=f"Of {number}.",
                slug=f"name-{number}", synonyms=[f"Word {number}"],
            )  # fmt: skip
            topics.rename(first, changed, by=chief)
        elif verb == "retire":
            topics.retire(first, by=chief)
        elif done:
            topics.undo(done.pop(), by=chief)
            return
    except Refused:
        return
    done += Event.objects.filter(pk__gt=last)


@pytest.mark.parametrize("seed", range(times("CURATIONS", 4, 60)))
def test_random_curation_loses_no_tagging_and_undoes_to_the_start(newsroom, chief, client, seed):
    dice = random.Random(seed)
    newsroom(dice)
    start, done = everything(), []
    for number in range(14):
        act(dice, number, chief, done)
        now = everything()
        # Nothing ever stands under nothing, nor under what is merged away, and what was approved never changes.
        assert tagged(now) == tagged(start)
        assert not {topic for _, topic in now["filed"] | now["drafts"]} & merged_away()
        assert now["history"] == start["history"]
    for slug in [
        *Topic.objects.values_list("slug", flat=True),
        *FormerSlug.objects.values_list("slug", flat=True),
    ]:
        prefix = dice.choice(["", *(f"/{code}" for code, _ in settings.LANGUAGES[1:])])
        for end in ENDS:
            path = f"{prefix}/topics/{slug}/{end}"
            answer = client.get(path)
            if answer.status_code == 301:
                answer = client.get(answer.headers["Location"])
            assert answer.status_code == 200, path
    while done:
        topics.undo(done.pop(), by=chief)
    assert everything() == start


def merged_away():
    return set(Topic.objects.exclude(merged_into=None).values_list("pk", flat=True))


def test_a_word_leads_to_one_topic_in_whatever_language_it_is(make_topic, chief):
    tibet = make_topic("Tibet", names={"zh-hans": "西藏"}, synonyms=["Xizang"])
    other = make_topic("Other")
    for words in (
        {"synonyms": ["ＸＩＺＡＮＧ"]},
        {"synonyms": ["西藏"]},
        {"names": {"zh-hans": "xizang"}},
        {"names": {"zh-hant": "西藏"}},
        {"name": "xizang"},
        {"name": "西藏"},
    ):
        with pytest.raises(Refused, match="Tibet"):
            topics.rename(other, naming(other, **words), by=chief)
    assert leads("xizang") == leads("西藏") == tibet


def test_the_names_of_all_that_was_merged_into_a_topic_may_be_its_synonyms(make_topic, chief):
    first, second, third = make_topic("First"), make_topic("Second"), make_topic("Third")
    topics.merge(first, second, by=chief)
    topics.merge(second, third, by=chief)
    third = topics.rename(third, naming(third, synonyms=["First", "Second"]), by=chief)
    assert leads("first") == leads("second") == third


def test_a_word_that_grows_beyond_measure_when_it_is_folded_is_refused_and_no_error(make_topic, chief):
    with pytest.raises(Refused, match="too long"):
        topics.add_topic(topics.Naming(name="ﷺ" * 100, names={}), by=chief)
    with pytest.raises(Refused, match="too long"):
        topics.rename(make_topic("Kept"), topics.Naming(name="Kept", names={"ug": "ﷺ" * 100}), by=chief)
