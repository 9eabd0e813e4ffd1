"""The database itself keeps the record: raw SQL cannot change or take away an event or a frozen revision."""

import pytest
from django.db import DatabaseError, connection, transaction

from releases import workflow
from releases.migrations._guards import FROZEN, KEPT
from releases.models import Event, Revision, RevisionTopic, Version
from releases.workflow import Words

pytestmark = pytest.mark.django_db
sqlite_only = pytest.mark.skipif("sqlite" not in connection.vendor, reason="REPLACE is SQLite's")
postgres_only = pytest.mark.skipif(connection.vendor != "postgresql", reason="TRUNCATE is PostgreSQL's")

# Another value for a column of any type, in both dialects.
OTHERWISE = {
    "id": "id + 100000", "release_id": "release_id + 100000", "number": "number + 100", "title": "'Otherwise'",
    "dateline": "'Otherwise'", "summary": "'Otherwise'", "body": "'<p>Otherwise.</p>'",
    "publish_at": "'2020-01-01 00:00:00'", "notes": "'[1]'", "note_count": "note_count + 1",
    "word_count": "word_count + 1", "comment": "'Otherwise'", "created_at": "'2020-01-01 00:00:00'",
    "created_by_id": "NULL", "edited_at": "'2020-01-01 00:00:00'", "edited_by_id": "NULL",
    "save_number": "save_number + 1", "frozen_at": "NULL", "picture_id": "1", "picture_alt": "'Otherwise'",
    "picture_caption": "'Otherwise'", "authors": "'[1, 2]'", "saved_by_hand": "NOT saved_by_hand",
    "planned_slug": "'otherwise'",
}  # fmt: skip


@pytest.fixture
def release(make_release, make_topic, editor):
    """A release with a frozen revision that readers see and a draft over it, each under a topic."""
    release = make_release("On record", topics=[make_topic("Old")], notes=1)
    words = Words("Being written", "<p>New words.</p>", topics=[make_topic("New")])
    return workflow.save_draft(release, words, by=editor)


def everything():
    return [
        list(table.objects.order_by("pk").values()) for table in (Event, Revision, RevisionTopic, Version)
    ]


def refused(sql, *parameters):
    """Run it; the refusal in the database's own words. Nothing may have changed."""
    before = everything()
    with pytest.raises(DatabaseError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)
    assert everything() == before
    return str(refusal.value)


def run(sql, *parameters):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.rowcount


@pytest.mark.parametrize(
    "change", ["verb = 'approve'", "at = '2020-01-01 00:00:00'", "user_id = NULL", "detail = '{}'",
    "release_id = NULL", "revision_id = NULL", "id = id + 1000"]
)  # fmt: skip
def test_no_event_is_changed(release, change):
    assert "events are never changed" in refused(f"UPDATE releases_event SET {change}")


def test_no_event_is_deleted(release):
    assert "events are never deleted" in refused("DELETE FROM releases_event")
    last = release.events.first()
    assert "events are never deleted" in refused("DELETE FROM releases_event WHERE id = %s", last.pk)


@pytest.mark.parametrize("column", FROZEN)
def test_no_column_of_a_frozen_revision_is_changed(release, column):
    sql = f"UPDATE releases_revision SET {column} = {OTHERWISE[column]} WHERE id = %s"
    assert "a frozen revision cannot change" in refused(sql, release.live_id)


def test_every_column_of_a_revision_is_guarded_or_known_to_change_later():
    """A new column of words belongs into FROZEN (and a migration that renews the guards)."""
    later = {
        "body_page",
        "body_text",
        "body_feed",
        "submitted_at",
        "submitted_by_id",
        "approved_at",
        "approved_by_id",
    }
    assert {field.column for field in Revision._meta.fields} == {*FROZEN, *later}


def test_the_words_of_a_draft_are_changed_by_the_same_sql(release):
    for column in ("title", "summary", "body", "comment", "save_number"):
        sql = f"UPDATE releases_revision SET {column} = {OTHERWISE[column]} WHERE id = %s"
        assert run(sql, release.working_id) == 1


def test_what_may_follow_upon_freezing_is_not_refused(release):
    sql = (
        "UPDATE releases_revision SET approved_at = NULL, approved_by_id = NULL, body_page = '' WHERE id = %s"
    )
    assert run(sql, release.live_id) == 1


def test_no_frozen_revision_is_deleted(release):
    assert "a frozen revision cannot be deleted" in refused(
        "DELETE FROM releases_revision WHERE id = %s", release.live_id
    )


def test_a_frozen_revision_keeps_its_topics(release, make_topic):
    other = make_topic("Other")
    kept, free = release.live_id, release.working_id
    for sql, parameters in (
        ("DELETE FROM releases_revisiontopic WHERE content_object_id = %s", (kept,)),
        ("UPDATE releases_revisiontopic SET tag_id = %s WHERE content_object_id = %s", (other.pk, kept)),
        (
            "UPDATE releases_revisiontopic SET content_object_id = %s WHERE content_object_id = %s",
            (free, kept),
        ),
        (
            "UPDATE releases_revisiontopic SET content_object_id = %s WHERE content_object_id = %s",
            (kept, free),
        ),
        ("INSERT INTO releases_revisiontopic (content_object_id, tag_id) VALUES (%s, %s)", (kept, other.pk)),
    ):
        assert "a frozen revision keeps its topics" in refused(sql, *parameters)
    assert (
        run("UPDATE releases_revisiontopic SET tag_id = %s WHERE content_object_id = %s", other.pk, free) == 1
    )


@pytest.fixture
def versions(release, editor):
    """What the draft said before it was written over twice: saved by hand, and kept by itself before a deletion."""
    workflow.save_draft(release, Words("Again", "<p>One two three four five.</p>"), by=editor, auto=True)
    workflow.save_draft(release, Words("Again", "<p></p>"), by=editor, auto=True)
    return list(Version.objects.order_by("pk"))


@pytest.mark.parametrize("column", KEPT)
def test_no_word_of_a_version_is_changed(versions, column):
    other = {
        "id": "id + 1000", "revision_id": "revision_id - 1", "at": "'2020-01-01 00:00:00'", "by_id": "NULL",
        "title": "'Otherwise'", "word_count": "word_count + 1", "note_count": "note_count + 1", "words": "NULL",
        "digest": "'x'",
    }  # fmt: skip
    for version in versions:
        sql = f"UPDATE releases_version SET {column} = {other[column]} WHERE id = %s"
        assert "a version cannot change" in refused(sql, version.pk)


def test_a_version_saved_by_hand_stays_and_one_kept_by_itself_may_be_thinned_out(versions):
    by_hand, by_itself = versions
    assert (by_hand.by_hand, by_itself.by_hand) == (True, False)
    sql = "DELETE FROM releases_version WHERE id = %s"
    assert "saved by hand cannot be deleted" in refused(sql, by_hand.pk)
    made_out = "UPDATE releases_version SET by_hand = NOT by_hand WHERE id = %s"
    assert "a version cannot change" in refused(made_out, by_hand.pk)
    assert run(sql, by_itself.pk) == 1


@sqlite_only
def test_replacing_a_version_saved_by_hand_is_no_way_round(versions):
    columns = ", ".join(f'"{field.column}"' for field in Version._meta.fields)
    values = columns.replace('"title"', "'Otherwise'")
    assert "saved by hand cannot be deleted" in refused(
        f"REPLACE INTO releases_version ({columns}) SELECT {values} FROM releases_version WHERE id = %s",
        versions[0].pk,
    )


@sqlite_only
def test_replacing_a_row_is_no_way_round(release):
    columns = ", ".join(f'"{field.column}"' for field in Event._meta.fields)
    assert "events are never changed" in refused(
        f"REPLACE INTO releases_event ({columns}) SELECT {columns.replace(chr(34) + 'verb' + chr(34), chr(39) + 'x' + chr(39))} "
        "FROM releases_event"
    )
    columns = [f'"{field.column}"' for field in Revision._meta.fields]
    for changed in ("id", "number"):  # in the frozen one's place by the key, and by release and number
        given = {
            '"title"': "'Otherwise'",
            '"frozen_at"': "NULL",
            '"id"': "id" if changed == "id" else "id + 1000",
        }
        if changed == "id":
            given['"number"'] = "number + 1000"
        values = ", ".join(given.get(column, column) for column in columns)
        assert "a frozen revision cannot be deleted" in refused(
            f"REPLACE INTO releases_revision ({', '.join(columns)}) SELECT {values} FROM releases_revision WHERE id = %s",
            release.live_id,
        )
        assert "a frozen revision cannot be deleted" in refused(
            f"UPDATE OR REPLACE releases_revision SET {changed} = %s WHERE id = %s",
            getattr(release.live, changed), release.working_id,
        )  # fmt: skip
    kept = RevisionTopic.objects.get(content_object=release.live)
    free = RevisionTopic.objects.get(content_object=release.working)
    assert "a frozen revision keeps its topics" in refused(
        "REPLACE INTO releases_revisiontopic (id, content_object_id, tag_id) VALUES (%s, %s, %s)",
        kept.pk, release.working_id, kept.tag_id,
    )  # fmt: skip
    assert "a frozen revision keeps its topics" in refused(
        "UPDATE OR REPLACE releases_revisiontopic SET id = %s WHERE id = %s", kept.pk, free.pk
    )


@postgres_only
@pytest.mark.django_db(transaction=True)  # with its rows committed a table could be emptied
@pytest.mark.parametrize(
    "table", ["releases_event", "releases_revision", "releases_revisiontopic", "releases_version"]
)
def test_emptying_a_table_is_no_way_round(release, table):
    said = refused(f"TRUNCATE {table} CASCADE")
    assert any(words in said for words in ("events are never", "a frozen revision", "saved by hand"))


@postgres_only
def test_inserting_over_an_event_is_no_way_round(release):
    assert "events are never changed" in refused(
        "INSERT INTO releases_event SELECT * FROM releases_event ON CONFLICT (id) DO UPDATE SET verb = 'x'"
    )
