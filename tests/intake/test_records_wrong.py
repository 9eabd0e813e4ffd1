"""Lines that are wrong: each is refused with its place, and the others come in."""

import hashlib
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from newsroom.accounts.models import User, role_of
from releases.intake.records.format import LINES
from releases.intake.records.importer import import_records
from releases.models import Release, Revision, RevisionTopic, Topic
from tests.intake.lines import AT, lines, release, revision


@pytest.mark.django_db
def test_the_least_that_a_release_needs_is_enough(tmp_path):
    result = import_records(lines(tmp_path, release()))
    assert (result.added, result.problems) == (1, [])
    kept = Release.objects.get()
    assert (kept.state(), kept.working.word_count) == ("draft", 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"uuid": "7"}, "UUID"),
        ({"language": "xx"}, "no language"),
        ({"slug": ""}, "slug"),
        ({"created_at": "yesterday"}, "created_at"),
        ({"created_at": "2020-01-01T12:00:00"}, "UTC"),
        ({"created_at": "0026-11-30T12:00:00+00:00"}, "between 1800 and 2200"),
        ({"created_at": "9999-12-31T23:59:59-12:00"}, "between 1800 and 2200"),
        ({"created_at": "0001-01-01T00:00:00+14:00"}, "between 1800 and 2200"),
        ({"created_by": "nobody"}, "names nobody"),
        ({"working": 7}, "numbers"),
        ({"working": None}, "neither live words nor a draft"),
        ({"revisions": "x"}, "list of objects"),
        ({"revisions": [revision(), revision()]}, "numbers"),
        ({"revisions": [revision(title=" ")]}, "title"),
        ({"revisions": [revision(title="x" * 301)]}, "title"),
        ({"revisions": [revision(body="x" * 2_000_001)]}, "too long"),
        ({"revisions": [revision(topics=["unknown"])]}, "unknown"),
        ({"revisions": [revision(number=True)]}, "number"),
        ({"events": [{"verb": "create", "at": AT, "revision": 5}]}, "revision 5"),
        ({"live": 1, "working": None}, "database refused"),  # live words without a date
        ({"withdrawn_at": AT}, "database refused"),
    ],
)  # fmt: skip
def test_a_wrong_release_is_refused_with_its_line_and_the_others_come_in(tmp_path, changes, why):
    result = import_records(lines(tmp_path, release(1), release(2, **changes), release(3)))
    assert (result.added, result.refused) == (2, 1)
    [(place, said)] = result.problems
    assert why in said
    assert "line 3" in place or place == "release-2"
    assert set(Release.objects.values_list("slug", flat=True)) == {"release-1", "release-3"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "line", ["", "no json", "[1]", "[" * 100_000, '{"kind": "surprise"}', '{"kind": "topic"}']
)
def test_a_line_that_means_nothing_is_said(tmp_path, line):
    result = import_records(lines(tmp_path, release(1), line, release(2)))
    assert (result.added, result.refused) == (2, 1)
    assert "line 3" in result.problems[0][0]


@pytest.mark.django_db
def test_hostile_words_are_cleaned_on_their_way_in(tmp_path):
    body = '<p onclick="x()">Words<script>alert(1)</script> <a href="javascript:x">link</a>.</p>'
    result = import_records(lines(tmp_path, release(revisions=[revision(body=body)])))
    assert Revision.objects.get().body == "<p>Words link.</p>"
    assert "cleaned" in result.problems[0][1]


@pytest.mark.django_db
def test_an_address_that_is_taken_stays_with_the_release_that_has_it(tmp_path, make_release):
    mine = make_release("Mine", slug="release-1")
    result = import_records(lines(tmp_path, release(1, addresses=[["en", "release-1"], ["en", "older"]])))
    theirs = Release.objects.exclude(pk=mine.pk).get()
    assert theirs.slug.startswith("release-1-")
    assert set(theirs.addresses.values_list("slug", flat=True)) == {theirs.slug, "older"}
    assert "belongs to another release" in result.problems[0][1]


@pytest.mark.django_db
def test_people_come_in_without_a_password_and_nobody_is_changed(tmp_path, make_user):
    make_user("Edith", "writer")
    people = [
        {"kind": "person", "username": name, "role": "chief", "active": True} for name in ("edith", "new")
    ]
    import_records(lines(tmp_path, *people, release(created_by="edith")))
    assert role_of(User.objects.get(username="Edith")) == "writer"
    assert not User.objects.get(username="new").has_usable_password()
    assert Release.objects.get().created_by.username == "Edith"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["../secret.txt", "/etc/passwd", "a/../../secret.txt", "missing.txt", "changed.txt"]
)
def test_a_file_that_is_not_of_the_export_is_refused(tmp_path, path):
    folder = tmp_path / "export"
    (folder / "files").mkdir(parents=True)
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "files" / "changed.txt").write_text("changed")
    digest = hashlib.sha256(b"secret").hexdigest()
    lines(folder, {"kind": "file", "path": path, "sha256": digest, "size": 6}).rename(folder / LINES)
    result = import_records(folder)
    assert (result.files, result.refused) == (0, 1)


@pytest.mark.django_db
def test_an_export_that_was_cut_off_is_said(tmp_path):
    result = import_records(lines(tmp_path, release(), end=False))
    assert (result.added, result.complete) == (1, False)


@pytest.mark.django_db
@pytest.mark.parametrize("head", [{"format": "other"}, {"format": "newsroom", "version": 2}, {}])
def test_what_is_no_export_of_this_version_is_refused_whole(tmp_path, head):
    with pytest.raises(CommandError):
        call_command(
            "import_releases", str(lines(tmp_path, release(), head=head or {"x": 1})), stdout=StringIO()
        )
    assert not Release.objects.exists()


@pytest.mark.django_db
def test_the_command_says_what_it_did_and_fails_when_something_was_refused(tmp_path):
    out = StringIO()
    call_command("import_releases", str(lines(tmp_path, release())), stdout=out)
    assert "1 releases with 0 notes taken in" in out.getvalue()
    with pytest.raises(CommandError, match="Not everything"):
        call_command("import_releases", str(lines(tmp_path, release(2, slug=""))), stdout=StringIO())
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_releases", str(tmp_path / "nowhere.jsonl"), stdout=StringIO())


def topic(slug, name, **changes):
    return {"kind": "topic", "slug": slug, "name": name, **changes}


@pytest.mark.django_db
@pytest.mark.parametrize("dry", [False, True])
def test_a_word_that_leads_to_another_topic_is_left_out_and_said(tmp_path, make_topic, dry):
    make_topic("Tibet", names={"zh-hans": "西藏"}, synonyms=["Xizang"])
    records = [
        topic("a", "A", synonyms=["ＸＩＺＡＮＧ", "B", "Both"], names={"zh-hans": "西藏", "bo": "ཀ"}),
        topic("b", "B", synonyms=["both", "A's own"], names={"ug": "ཀ"}),
    ]
    result = import_records(lines(tmp_path, *records), dry=dry)
    assert (result.topics, result.refused) == (2, 0)
    assert result.problems == [
        ("line 2 (a)", "“西藏” leads to the topic “Tibet” already: it was left out."),
        ("line 3 (b)", "“ཀ” leads to the topic “A” already: it was left out."),
        ("line 2 (a)", "“ＸＩＺＡＮＧ” leads to the topic “Tibet” already: it was left out."),
        ("line 2 (a)", "“B” leads to the topic “B” already: it was left out."),
        ("line 3 (b)", "“both” leads to the topic “A” already: it was left out."),
    ]
    if not dry:
        a, b = Topic.objects.get(slug="a"), Topic.objects.get(slug="b")
        assert (a.synonyms, a.names, b.synonyms, b.names) == (["Both"], {"bo": "ཀ"}, ["A's own"], {})


@pytest.mark.django_db
def test_topics_that_were_merged_share_their_words_as_they_did(tmp_path):
    records = [
        topic("old", "Old", merged_into="new", synonyms=["Ancient"], names={"bo": "ཀ"}),
        topic("new", "New", synonyms=["Old", "ancient"], names={"bo": "ཀ"}),
    ]
    result = import_records(lines(tmp_path, *records))
    assert (result.topics, result.problems) == (2, [])
    old, new = Topic.objects.get(slug="old"), Topic.objects.get(slug="new")
    assert (old.merged_into, old.names, new.synonyms, new.names) == (
        new,
        {"bo": "ཀ"},
        ["Old", "ancient"],
        {"bo": "ཀ"},
    )


@pytest.mark.django_db
def test_a_topic_that_is_another_ones_synonym_here_is_that_one(tmp_path, make_topic):
    here = make_topic("Uyghurs", synonyms=["Uighurs"])
    record = release(1, revisions=[revision(topics=["uighurs"])])
    result = import_records(lines(tmp_path, topic("uighurs", "UIGHURS"), record))
    assert (result.topics, result.refused) == (0, 0)
    assert [filed.tag for filed in RevisionTopic.objects.all()] == [here]
