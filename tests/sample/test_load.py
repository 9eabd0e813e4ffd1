"""Loading the sample newsroom: what stands in the database afterwards, and that a second run changes nothing."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from releases import workflow
from releases.models import Release, Topic
from releases.models.release import State
from releases.sample.load import Counts, load, staff, uuid_of
from releases.sample.reader import texts, topic_names
from releases.text.clean import clean
from tests.sample.rows import NOW, everything, sample

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def loaded(module_makers):
    """The people of the sample newsroom, whose texts are all there."""
    people = staff()
    load(by=people, at=NOW)
    return people


@pytest.mark.parametrize("text", list(texts()), ids=lambda text: text.key)
def test_every_body_is_clean_already(text):
    cleaned = clean(text.body)
    assert (cleaned.html, cleaned.problems) == (text.body, ())


def test_every_text_becomes_a_release_in_its_language_with_its_words_and_topics(loaded):
    written = [text for text in texts() if not text.over]
    assert Release.objects.count() == len(written)
    for text in written:
        release = Release.objects.get(uuid=uuid_of(text))
        words = release.live or release.working
        assert (release.language, words.title, words.dateline, words.body) == (
            text.language, text.title, text.place, text.body,
        )  # fmt: skip
        assert {topic.name for topic in words.topics.all()} == set(text.topics)
        if release.live_id:
            assert set(release.topics.all()) == set(words.topics.all())


def test_all_117_topics_stand_in_the_given_order_with_their_chinese_names(loaded):
    assert [topic.name for topic in Topic.objects.in_order()] == list(topic_names())
    assert Topic.objects.get(name="Corruption").name_in("zh-hant") == "腐敗"


def test_each_text_is_in_the_state_that_its_file_asks_for(loaded):
    assert sample("released").state(NOW) == State.PUBLISHED
    assert sample("embargoed-index").state(NOW) == State.SCHEDULED
    assert sample("embargoed-index").state(NOW + timedelta(days=23)) == State.PUBLISHED
    assert sample("draft-prisons").state(NOW) == State.DRAFT
    withdrawn = sample("withdrawn-dam")
    assert withdrawn.state(NOW) == State.WITHDRAWN
    assert withdrawn.withdrawal_notice.startswith("Two of the eleven letters")
    rewritten = sample("travelling-desk")
    assert rewritten.state(NOW) == State.PUBLISHED
    assert rewritten.working.title == f"{rewritten.live.title}, With Two Vans"


def test_dates_are_those_of_the_newsrooms_own_clock(loaded):
    assert timezone.localtime(sample("released").publish_at).strftime("%Y-%m-%d %H:%M") == "2023-06-02 18:20"


def test_three_releases_are_translations_of_one_another(loaded):
    group = sample("registry-lower-orrin").translation_group
    assert {release.language for release in group.releases.all()} == {"en", "zh-hans", "zh-hant"}
    assert Release.objects.exclude(translation_group=None).count() == 3


def test_the_record_says_that_one_person_wrote_and_another_published(loaded):
    events = sample("withdrawn-dam").events.order_by("at").values_list("verb", "user__username")
    assert list(events) == [
        ("create", "sample-writer"), ("publish", "sample-editor"), ("withdraw", "sample-editor"),
    ]  # fmt: skip


def test_loading_again_later_changes_nothing(loaded):
    before = everything()
    assert load(by=staff(), at=NOW + timedelta(days=400)) == Counts()
    assert everything() == before


def test_loading_again_leaves_what_the_newsroom_has_made_of_it(loaded):
    Topic.objects.filter(name="Youth").update(name="Young people", key="young people")
    workflow.withdraw(sample("released"), by=loaded.editor, notice="For a test.", at=NOW)
    before = everything()
    load(by=loaded, at=NOW)
    assert everything() == before


def test_only_a_text_that_is_new_is_added_and_only_its_topics(loaded, monkeypatch):
    first = next(texts())
    Topic.objects.filter(name="Hukou").delete()
    monkeypatch.setattr(
        "releases.sample.load.uuid_of", lambda text: uuid_of(text) if text != first else uuid4()
    )
    assert load(by=loaded, at=NOW).releases == 1
    assert not Topic.objects.filter(name="Hukou").exists()


def test_two_texts_have_pictures_drawn_of_their_figures(loaded):
    shown = [
        one.live
        for one in Release.objects.visible(NOW).exclude(live__picture=None).select_related("live__picture")
    ]
    assert sorted(one.picture.name for one in shown) == ["adjourned.png", "asset-register.png"]
    assert all(one.picture_alt and one.picture_caption for one in shown)
