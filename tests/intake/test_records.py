"""Out as JSON lines and in again: the same bytes, the same pages, the same feeds; and what happens to lines that are wrong."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.apps import apps
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from newsroom.accounts.models import User
from newsroom.accounts.roles import role_of
from releases import workflow
from releases.intake.records import LINES
from releases.intake.records.export import DERIVED, export
from releases.intake.records.take import take
from releases.models import Edition, Event, FormerPath, Release, Revision, Topic
from releases.workflow import Words, topics
from tests.conftest import body_with


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Files of its own for each test."""
    settings.MEDIA_ROOT = tmp_path / "media"


def newsroom_of_everything(make_user, make_topic):
    """A newsroom in which everything has happened that an export has to carry."""
    writer, editor, chief = (make_user(name, name) for name in ("writer", "editor", "chief"))
    make_user("gone", "writer").delete()
    at = timezone.now() - timedelta(days=400)
    land, law, old = make_topic("Land, Property, Housing"), make_topic("Rule Of Law"), make_topic("Justice")
    uyghur = make_topic("Uyghurs, Uighurs", names={"zh-hans": "维吾尔人"}, synonyms=["Uygur"])

    def draft(title, *, language="en", slug="", publish_at=None, notes=3, filed=(), when=at):
        words = Words(
            title=title,
            body=body_with(notes),
            summary="Sum.",
            dateline="Geneva",
            topics=filed,
            publish_at=publish_at,
        )
        return workflow.save_draft(None, words, by=writer, language=language, slug=slug, at=when)

    first = draft("Corrected", publish_at=at, filed=[land, old])
    workflow.publish(first, by=editor, at=at)
    workflow.save_draft(
        first,
        Words(title="Corrected well", body=body_with(2), topics=[law, old]),
        by=writer,
        at=at + timedelta(days=1),
    )
    workflow.correct(first, by=editor, note="The number was 12.", at=at + timedelta(days=2))
    workflow.save_draft(
        first,
        Words(title="A draft over it", body="<p>Draft.</p>", topics=[law]),
        by=writer,
        at=at + timedelta(days=3),
    )
    moved = workflow.publish(
        draft("Moved", slug="old-place", publish_at=at + timedelta(days=5), filed=[old]),
        by=editor,
        at=at + timedelta(days=5),
    )
    workflow.readdress(moved, slug="new-place", by=editor)
    gone = workflow.publish(
        draft("Withdrawn", publish_at=at + timedelta(days=5)), by=editor, at=at + timedelta(days=5)
    )
    workflow.withdraw(gone, by=editor, notice="It named a witness.")
    chinese = workflow.publish(
        draft("撤下的文章", language="zh-hans", publish_at=at, filed=[uyghur]), by=editor, at=at
    )
    workflow.set_translations(chinese, [Release.objects.get(pk=moved.pk)], by=editor)
    workflow.publish(
        draft("Embargoed", publish_at=timezone.now() + timedelta(days=30), filed=[law]), by=editor
    )
    submitted = draft("Submitted")
    workflow.submit(submitted, by=writer)
    workflow.return_draft(submitted, by=editor, comment="Check note 2.")
    workflow.approve(workflow.submit(draft("Approved"), by=writer), by=editor)
    draft("Only a draft", notes=0)
    FormerPath.objects.create(path="/content/17?lang=en", release=moved)
    topics.merge(old, law, by=chief)
    topics.undo(Event.objects.filter(verb="merge topics").get(), by=chief)
    topics.merge(old, law, by=chief)
    topics.rename(land, topics.Naming(name="Land and Housing", names={}, slug="land"), by=chief)
    topics.split(law, {land: [Release.objects.get(pk=moved.pk)]}, by=chief)
    topics.retire(uyghur, by=chief)
    default_storage.save("pictures/2011/a.bin", ContentFile(b"\x00\x01\xff"))


PAGES = [
    "/", "/releases/", "/topics/", "/topics/land/", "/topics/land-property-housing/", "/topics/justice/", "/topics/rule-of-law/",
    "/zh-hans/", "/zh-hans/releases/", "/feeds/releases.rss", "/feeds/releases.atom", "/feeds/releases.json",
    "/zh-hans/feeds/releases.atom", "/topics/rule-of-law/feed.rss", "/content/17?lang=en", "/releases/old-place/",
]  # fmt: skip


def public(client):
    """What readers get: status, place and content of every address."""
    addresses = [*PAGES, *(release.get_absolute_url() for release in Release.objects.order_by("uuid"))]
    found = {}
    for address in addresses:
        response = client.get(address)
        found[address] = (response.status_code, response.headers.get("Location"), response.content)
    return found


def emptied():
    """A newsroom as it is after its migrations."""
    call_command("flush", interactive=False, verbosity=0)
    Edition.objects.get_or_create(pk=1, defaults={"raised_at": timezone.now()})
    default_storage.delete("pictures/2011/a.bin")
    for cache in caches.all():
        cache.clear()


@pytest.mark.django_db(transaction=True)
def test_out_and_in_again_everything_is_as_it_was(client, tmp_path, make_user, make_topic):
    newsroom_of_everything(make_user, make_topic)
    before = public(client)
    assert {status for status, _, _ in before.values()} >= {200, 301, 404, 410}
    export(tmp_path / "one")
    search = client.get("/search/?q=Claim").content
    emptied()
    assert not Release.objects.exists()
    result = take(tmp_path / "one")
    assert not result.problems
    assert result.complete
    export(tmp_path / "two")
    assert (tmp_path / "one" / LINES).read_bytes() == (tmp_path / "two" / LINES).read_bytes()
    assert public(client) == before
    assert client.get("/search/?q=Claim").content == search
    with default_storage.open("pictures/2011/a.bin") as file:
        assert file.read() == b"\x00\x01\xff"
    assert User.objects.get(username="editor").has_usable_password() is not True
    assert role_of(User.objects.get(username="chief")) == "chief"
    for revision in Revision.objects.all():
        assert revision.body_page or not revision.body
    # What was done to topics can still be undone, though every primary key is another.
    chief = User.objects.get(username="chief")
    topics.undo(Event.objects.filter(verb="retire topic").get(), by=chief)
    assert not Topic.objects.get(slug="uyghurs-uighurs").retired_at


@pytest.mark.django_db
def test_taking_in_again_changes_nothing(tmp_path, make_release):
    for n in range(5):
        make_release(f"Release {n}", notes=2)
    export(tmp_path)
    before = Edition.objects.get().number, Event.objects.count()
    result = take(tmp_path)
    assert (result.added, result.known, result.refused) == (0, 5, 0)
    assert (Edition.objects.get().number, Event.objects.count()) == before


@pytest.mark.django_db(transaction=True)
def test_a_run_that_was_broken_off_is_taken_up_again(tmp_path, make_release, monkeypatch):
    from releases.intake import store
    from releases.intake.records import take as module

    for n in range(7):
        make_release(f"Release {n}", notes=1)
    export(tmp_path / "one")
    emptied()
    monkeypatch.setattr(store, "BATCH", 2)
    keep_batch, calls = module.keep_batch, []

    def breaks(batch, *, at):
        calls.append(len(batch))
        if len(calls) == 3:
            raise KeyboardInterrupt
        return keep_batch(batch, at=at)

    monkeypatch.setattr(module, "keep_batch", breaks)
    with pytest.raises(KeyboardInterrupt):
        take(tmp_path / "one")
    assert Release.objects.count() == 4
    monkeypatch.setattr(module, "keep_batch", keep_batch)
    result = take(tmp_path / "one")
    assert (result.added, result.known) == (3, 4)
    export(tmp_path / "two")
    assert (tmp_path / "one" / LINES).read_bytes() == (tmp_path / "two" / LINES).read_bytes()


@pytest.mark.django_db(transaction=True)
def test_a_dry_run_says_the_same_and_keeps_nothing(tmp_path, make_release, make_topic):
    make_release("One", notes=2, topics=[make_topic("Torture")])
    default_storage.save("a.bin", ContentFile(b"a"))
    export(tmp_path)
    emptied()
    default_storage.delete("a.bin")
    dry = take(tmp_path, dry=True)
    assert (dry.added, dry.notes, dry.topics, dry.people, dry.files) == (1, 2, 1, 1, 1)
    assert not Release.objects.exists()
    assert not Topic.objects.exists()
    assert not User.objects.exists()
    assert not default_storage.exists("a.bin")
    wet = take(tmp_path)
    assert (wet.added, wet.notes, wet.topics, wet.people, wet.files) == (1, 2, 1, 1, 1)


# ---------------------------------------------------------------------- lines that are wrong

AT = "2020-01-01T12:00:00+00:00"


def revision(**changes):
    return {
        "number": 1,
        "title": "A title",
        "body": "<p>Words.</p>",
        "created_at": AT,
        "edited_at": AT,
        **changes,
    }


def release(n=1, **changes):
    return {
        "kind": "release", "uuid": f"00000000-0000-4000-8000-{n:012d}", "language": "en", "slug": f"release-{n}",
        "created_at": AT, "live": None, "working": 1, "addresses": [["en", f"release-{n}"]], "revisions": [revision()],
        **changes,
    }  # fmt: skip


def lines(tmp_path, *records, head=None, end=True):
    head = head or {"format": "newsroom", "version": 1, "changed_at": AT}
    every = [head, *records, *([{"kind": "end"}] if end else [])]
    path = tmp_path / "lines.jsonl"
    path.write_text(
        "".join((one if isinstance(one, str) else json.dumps(one)) + "\n" for one in every), "utf-8"
    )
    return path


@pytest.mark.django_db
def test_the_least_that_a_release_needs_is_enough(tmp_path):
    result = take(lines(tmp_path, release()))
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
    result = take(lines(tmp_path, release(1), release(2, **changes), release(3)))
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
    result = take(lines(tmp_path, release(1), line, release(2)))
    assert (result.added, result.refused) == (2, 1)
    assert "line 3" in result.problems[0][0]


@pytest.mark.django_db
def test_hostile_words_are_cleaned_on_their_way_in(tmp_path):
    body = '<p onclick="x()">Words<script>alert(1)</script> <a href="javascript:x">link</a>.</p>'
    result = take(lines(tmp_path, release(revisions=[revision(body=body)])))
    assert Revision.objects.get().body == "<p>Words link.</p>"
    assert "cleaned" in result.problems[0][1]


@pytest.mark.django_db
def test_an_address_that_is_taken_stays_with_the_release_that_has_it(tmp_path, make_release):
    mine = make_release("Mine", slug="release-1")
    result = take(lines(tmp_path, release(1, addresses=[["en", "release-1"], ["en", "older"]])))
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
    take(lines(tmp_path, *people, release(created_by="edith")))
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
    result = take(folder)
    assert (result.files, result.refused) == (0, 1)


@pytest.mark.django_db
def test_an_export_that_was_cut_off_is_said(tmp_path):
    result = take(lines(tmp_path, release(), end=False))
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


# ---------------------------------------------------------------------- nothing is forgotten

LEFT_OUT = {
    "SearchEntry", "Ping", "Presence",  # made anew, or of this moment
    "PreviewLink",  # keys to drafts belong in no file
}  # fmt: skip
CARRIED = {
    "Release", "Revision", "Event", "Correction", "Address", "FormerPath", "TranslationGroup", "Topic", "FormerSlug",
    "Refiling", "RevisionTopic", "ReleaseTopic", "Edition",
}  # fmt: skip


def test_every_model_is_carried_or_left_out_on_purpose():
    """A new model of record needs its place in the export (`docs/format.md`) before it can be named here."""
    assert {model.__name__ for model in apps.get_app_config("releases").get_models()} == CARRIED | LEFT_OUT


@pytest.mark.django_db
def test_every_column_is_carried_or_derived(tmp_path, make_release, make_topic):
    make_release("One", topics=[make_topic("Torture")])
    export(tmp_path)
    found = {}
    for line in (tmp_path / LINES).read_text("utf-8").splitlines():
        record = json.loads(line)
        found.setdefault(record.get("kind"), record)
    of_release = {field.name for field in Release._meta.concrete_fields} - {"id"}
    assert of_release <= set(found["release"])
    of_revision = {field.name for field in Revision._meta.concrete_fields} - {"id", "release", *DERIVED}
    assert of_revision <= set(found["release"]["revisions"][0])
    assert {field.name for field in Topic._meta.concrete_fields} - {"id", "key", "sort_key"} <= set(
        found["topic"]
    )


@pytest.mark.django_db
def test_queries_grow_with_batches_and_not_with_releases(tmp_path, django_assert_max_num_queries):
    """One batch of fifty costs what one of five does: a statement for each table, and those of each topic and person."""
    every = [release(n, revisions=[revision(frozen_at=AT)]) for n in range(100)]
    take(lines(tmp_path, *every[:1]))
    with django_assert_max_num_queries(60):
        take(lines(tmp_path, *every[1:100]))


def test_times_are_written_in_utc_with_their_distance():
    from releases.intake.records.export import _moment

    assert _moment(datetime(2011, 6, 10, 16, tzinfo=UTC)) == "2011-06-10T16:00:00+00:00"
