"""Loading the sample newsroom: what stands in the database afterwards, and that a second run changes nothing."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from releases import workflow
from releases.models import Address, Edition, Event, Release, ReleaseTopic, Revision, RevisionTopic, Topic
from releases.models.release import State
from releases.sample.generate import generated
from releases.sample.load import Counts, load, load_large, local, staff, uuid_of, vocabulary, words_in
from releases.sample.reader import texts, topic_names
from releases.text.clean import clean

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TABLES = (Release, Revision, ReleaseTopic, RevisionTopic, Address, Event, Topic, Edition)


def everything():
    """Every row of the domain."""
    return {model: list(model.objects.order_by("pk").values()) for model in TABLES}


def sample(key):
    return Release.objects.get(uuid=next(uuid_of(text) for text in texts() if text.key == key))


@pytest.fixture
def people(db):
    return staff()


@pytest.fixture
def loaded(people):
    load(by=people, at=NOW)
    return people


@pytest.mark.parametrize("text", list(texts()), ids=lambda text: text.key)
def test_every_body_is_clean_already(text):
    cleaned = clean(text.body)
    assert (cleaned.html, cleaned.problems) == (text.body, ())


def test_generated_bodies_are_clean_already():
    for text in generated(150):
        cleaned = clean(text.body)
        assert (cleaned.html, cleaned.problems) == (text.body, ()), text.key


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


def test_nobody_can_sign_in_as_the_sample_people(people):
    assert not people.author.has_usable_password()
    assert not people.editor.has_usable_password()
    assert staff() == people


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
    monkeypatch.setattr("releases.sample.load.uuid_of", lambda text: uuid_of(text) if text != first else NEW)
    assert load(by=loaded, at=NOW).releases == 1
    assert not Topic.objects.filter(name="Hukou").exists()


NEW = uuid_of(next(generated(1)))


def test_readers_are_told_of_a_new_edition_at_the_time_of_loading(people):
    before = Edition.objects.get().number
    load(by=people, at=NOW)
    edition = Edition.objects.get()
    assert edition.number > before
    assert edition.raised_at == NOW


def test_on_a_clock_that_stands_earlier_what_is_not_due_is_scheduled(people):
    early = datetime(2025, 1, 1, tzinfo=UTC)
    load(by=people, at=early)
    assert sample("withdrawn-dam").state(early) == State.SCHEDULED
    assert sample("released").state(early) == State.PUBLISHED
    assert not Event.objects.filter(at__gt=early).exists()


def test_texts_in_languages_that_the_newsroom_does_not_have_are_left_out(people, settings):
    settings.LANGUAGES = [("en", "English"), ("ug", "ئۇيغۇرچە")]
    assert load(by=people, at=NOW).left_out == 7
    assert set(Release.objects.values_list("language", flat=True)) == {"en", "ug"}


def test_the_sample_loads_where_nobody_may_publish_what_they_wrote(people, settings):
    settings.APPROVAL_BY_ANOTHER = True
    load(by=people, at=NOW)
    assert sample("released").state(NOW) == State.PUBLISHED


def rows_of(release):
    """All that the database says of a release, but for keys and slug."""

    def plain(row, *without):
        return {name: value for name, value in vars(row).items() if name not in {"_state", "id", *without}}

    return (
        plain(release, "slug", "live_id"),
        plain(release.live, "release_id"),
        [plain(event, "release_id", "revision_id") for event in release.events.order_by("at", "pk")],
        sorted(release.topics.values_list("name", flat=True)),
        sorted(release.live.topics.values_list("name", flat=True)),
        release.addresses.get().slug == release.slug,
    )


@pytest.mark.parametrize("at", [NOW, datetime(2010, 1, 1, tzinfo=UTC)], ids=["all-due", "many-not-due"])
def test_a_generated_text_leaves_the_same_rows_as_if_it_had_gone_through_the_workflow(
    people, at, monkeypatch
):
    monkeypatch.setattr("releases.sample.load.PORTION", 4)
    load_large(10, by=people, at=at)
    in_bulk = {text.key: rows_of(Release.objects.get(uuid=uuid_of(text))) for text in generated(10)}
    topics = vocabulary(topic_names())
    monkeypatch.setattr("releases.sample.load.NAMESPACE", NEW)
    for text in generated(10):
        due = local(text.date, at)
        words = words_in(text, topics, publish_at=due)
        begun = min(due, at) - timedelta(days=1)
        draft = workflow.save_draft(
            None, words, by=people.author, at=begun, language=text.language, uuid=uuid_of(text)
        )
        release = workflow.publish(draft, by=people.editor, at=min(due, at))
        expected, found = rows_of(release), in_bulk[text.key]
        # The uuids differ, and with them the prefix of the notes' ids.
        prefixes = (f"r{found[0].pop('uuid').hex[:8]}-", f"r{expected[0].pop('uuid').hex[:8]}-")
        for form in ("body_page", "body_feed"):
            found[1][form] = found[1][form].replace(*prefixes)
        assert found == expected


def test_a_large_newsroom_grows_and_is_never_loaded_twice(people):
    assert load_large(6, by=people, at=NOW) == Counts(topics=117, releases=6)
    before = everything()
    assert load_large(6, by=people, at=NOW) == Counts()
    assert everything() == before
    assert load_large(9, by=people, at=NOW) == Counts(releases=3)
    assert Release.objects.count() == 9


def test_a_generated_release_gives_way_to_an_address_that_is_taken(people):
    text = next(generated(1))
    workflow.save_draft(None, workflow.Words(title=text.title), by=people.author, language=text.language)
    load_large(1, by=people, at=NOW)
    assert Release.objects.filter(slug__endswith=f"-{uuid_of(text).hex[:8]}").count() == 1


def test_a_portion_costs_the_same_number_of_statements_however_long_it_is(people):
    load_large(1, by=people, at=NOW)
    with CaptureQueriesContext(connection) as few:
        load_large(11, by=people, at=NOW)
    with CaptureQueriesContext(connection) as many:
        load_large(111, by=people, at=NOW)
    # SQLite cuts long inserts into several statements, so a few more for ten times as many texts.
    assert len(many) < 3 * len(few)


def test_the_command_says_what_it_added_and_is_silent_when_there_is_nothing_to_add(db):
    first, second = StringIO(), StringIO()
    call_command("load_sample", count=5, stdout=first)
    call_command("load_sample", count=5, stdout=second)
    assert first.getvalue() == "Sample newsroom: added 41 releases and 117 topics.\n"
    assert second.getvalue() == ""
    busiest = Topic.objects.annotate(used=Count("release_items")).order_by("-used").first()
    assert busiest.used > 1


@pytest.mark.parametrize("count", ["0", "-3", "many"])
def test_the_command_refuses_a_count_that_is_none(count, db):
    with pytest.raises(CommandError):
        call_command("load_sample", f"--count={count}")


@pytest.mark.django_db
def test_two_texts_have_pictures_drawn_of_their_figures(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    load(by=staff())
    shown = [
        one.live
        for one in Release.objects.visible().exclude(live__picture=None).select_related("live__picture")
    ]
    assert sorted(one.picture.name for one in shown) == ["adjourned.png", "asset-register.png"]
    assert all(one.picture_alt and one.picture_caption for one in shown)


def test_a_word_that_leads_to_a_topic_of_the_newsrooms_own_is_not_given_to_another(db, make_topic):
    own = make_topic("Gender", names={"zh-hans": "妇女"}, synonyms=["Tibet"])
    found = vocabulary(["Tibet", "Women"])
    assert found["Tibet"] == own
    assert found["Women"].names == {"zh-hant": "婦女"}
