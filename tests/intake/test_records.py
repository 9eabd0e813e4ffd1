"""Out as JSON lines and in again: the same bytes, the same pages, the same feeds; and what happens to lines that are wrong."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone

from newsroom.accounts.models import User
from newsroom.accounts.roles import role_of
from releases import workflow
from releases.intake.records import LINES
from releases.intake.records.export import export
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
