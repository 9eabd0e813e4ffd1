"""Runs of the loader by themselves: under other settings, at other times, in bulk, by the command."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext

from releases import workflow
from releases.models import Edition, Event, Release, Topic
from releases.models.release import State
from releases.sample.generate import generated
from releases.sample.load import Counts, load, load_large, local, staff, uuid_of, vocabulary, words_in
from releases.sample.reader import texts, topic_names
from releases.text.clean import clean
from tests.bulk import analyses
from tests.sample.rows import NOW, everything, sample

NEW = uuid_of(next(generated(1)))


@pytest.fixture
def people(db):
    return staff()


@pytest.fixture
def two_texts(monkeypatch):
    """Of all texts these: one long published, one withdrawn."""
    chosen = [text for text in texts() if text.key in {"released", "withdrawn-dam"}]
    monkeypatch.setattr("releases.sample.load.texts", lambda: chosen)


def test_generated_bodies_are_clean_already():
    for text in generated(150):
        cleaned = clean(text.body)
        assert (cleaned.html, cleaned.problems) == (text.body, ()), text.key


def test_nobody_can_sign_in_as_the_sample_people(people):
    assert not people.author.has_usable_password()
    assert not people.editor.has_usable_password()
    assert staff() == people


def test_readers_are_told_of_a_new_edition_at_the_time_of_loading(people, two_texts):
    before = Edition.objects.get().number
    load(by=people, at=NOW)
    edition = Edition.objects.get()
    assert edition.number > before
    assert edition.raised_at == NOW


def test_on_a_clock_that_stands_earlier_what_is_not_due_is_scheduled(people, two_texts):
    early = datetime(2025, 1, 1, tzinfo=UTC)
    load(by=people, at=early)
    assert sample("withdrawn-dam").state(early) == State.SCHEDULED
    assert sample("released").state(early) == State.PUBLISHED
    assert not Event.objects.filter(at__gt=early).exists()


def test_texts_in_languages_that_the_newsroom_does_not_have_are_left_out(people, settings):
    settings.LANGUAGES = [("en", "English"), ("ug", "ئۇيغۇرچە")]
    assert load(by=people, at=NOW).left_out == 7
    assert set(Release.objects.values_list("language", flat=True)) == {"en", "ug"}


def test_the_sample_loads_where_nobody_may_publish_what_they_wrote(people, two_texts, settings):
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


def test_postgresql_analyses_its_tables_after_a_large_load_that_added_many(people, monkeypatch):
    monkeypatch.setattr("releases.intake.store.MANY", 2)
    with analyses() as first:
        load_large(2, by=people, at=NOW)
    with analyses() as again:
        load_large(2, by=people, at=NOW)
    assert (len(first), len(again)) == (connection.vendor == "postgresql", 0)


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


def test_a_word_that_leads_to_a_topic_of_the_newsrooms_own_is_not_given_to_another(db, make_topic):
    own = make_topic("Gender", names={"zh-hans": "妇女"}, synonyms=["Tibet"])
    found = vocabulary(["Tibet", "Women"])
    assert found["Tibet"] == own
    assert found["Women"].names == {"zh-hant": "婦女"}
