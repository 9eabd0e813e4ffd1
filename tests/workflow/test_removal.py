"""A whole release, or a picture, goes from everything; its address says that it is gone, and nobody brings it back."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from newsroom.safety.scrub import remains
from releases import workflow
from releases.models import (
    Address,
    Event,
    FormerPath,
    Picture,
    Ping,
    Release,
    RemovedAddress,
    Revision,
    ScrubDoor,
    Source,
    TranslationGroup,
    Version,
)  # fmt: skip
from releases.workflow import Words
from tests.makers import body_with

pytestmark = pytest.mark.django_db(transaction=True)
TITLE = "Ayshegul Hamut speaks"
LINK = '<p>Ayshegul Hamut and <a href="https://example.org/hamut">her page</a>.</p>'


@pytest.fixture
def place(settings, tmp_path):
    settings.DATA_DIR, settings.MEDIA_ROOT = tmp_path / "data", tmp_path / "data" / "media"
    settings.DATA_DIR.mkdir()


@pytest.fixture
def chief(makers):
    return makers.user("charlotte", "chief")


@pytest.fixture
def release(place, makers, make_picture):
    """Published, moved, corrected, with a picture, a link for outsiders and a draft over it; tied to a translation."""
    one = makers.draft(TITLE, body=LINK, picture=make_picture(), picture_alt="Hamut at the door")
    one = workflow.publish(one, by=makers.editor)
    FormerPath.objects.create(path="/old/hamut", release=one)
    one = workflow.readdress(one, slug="hamut-speaks", by=makers.editor)
    one = workflow.save_draft(one, Words(f"{TITLE} out", LINK), by=makers.editor)
    one = workflow.correct(one, by=makers.editor, note="Hamut, not Hamit")
    workflow.share_preview(one, by=makers.editor, days=3, note="Hamut's lawyer")
    one = workflow.save_draft(one, Words("Hamut, once more", body_with(2)), by=makers.editor)
    return workflow.save_draft(one, Words("Hamut, again", body_with(2)), by=makers.editor)


def test_nothing_is_left_and_both_addresses_answer_gone_without_a_word(release, makers, client, chief):
    other = makers.release("Wells")
    former, present = "/releases/ayshegul-hamut-speaks/", release.get_absolute_url()
    assert client.get(former).status_code == 301
    before = Event.objects.filter(release=other).count()
    count = workflow.remove_release(release, by=chief)
    assert count > 15
    remains.compact()
    assert remains.search_bytes(["Ayshegul Hamut", "hamut-speaks", "Hamut", release.uuid.hex]) == []
    assert not Release.objects.filter(pk=release.pk).exists()
    assert (Picture.objects.count(), Source.objects.count()) == (0, 0)
    for path in (former, present, "/old/hamut", f"{present}cite.ris"):
        answer = client.get(path)
        assert answer.status_code in {404, 410}
        assert b"amut" not in answer.content.replace(path.encode(), b"")
    assert [client.get(path).status_code for path in (former, present, "/old/hamut")] == [410] * 3
    assert client.get(other.get_absolute_url()).status_code == 200
    assert Event.objects.filter(release=other).count() == before
    event = Event.objects.get(verb="remove release")
    assert event.detail == {"release": release.pk, "rows": count, "pictures": 1}
    for path in ("/", "/releases/", "/feeds/releases.atom", "/sitemap.xml", "/search/?q=Hamut"):
        assert b"peaks" not in client.get(path).content


@pytest.mark.parametrize("state", ["draft", "scheduled"])
def test_what_readers_never_saw_leaves_no_trace_for_them(place, makers, client, state, chief):
    release = makers.draft(TITLE, body=LINK)
    if state == "scheduled":
        words = Words(TITLE, LINK, publish_at=timezone.now() + timedelta(days=2))
        release = workflow.publish(workflow.save_draft(release, words, by=makers.editor), by=makers.editor)
    workflow.remove_release(release, by=chief)
    assert client.get(release.get_absolute_url()).status_code == 404
    assert not RemovedAddress.objects.exists()


def test_a_withdrawn_release_is_gone_without_its_title(place, makers, client, chief):
    release = workflow.withdraw(makers.release(TITLE), by=makers.editor, notice="Hamut asked for it.")
    assert b"Hamut" in client.get(release.get_absolute_url()).content
    workflow.remove_release(release, by=chief)
    answer = client.get(release.get_absolute_url())
    assert (answer.status_code, b"Hamut" in answer.content) == (410, False)


def test_translations_stay_linked_to_each_other(place, makers, chief):
    first, second, third = (makers.release(TITLE, language=code) for code in ("en", "zh-hans", "zh-hant"))
    workflow.tie(first, second, third, by=makers.editor)
    workflow.remove_release(first, by=chief)
    assert TranslationGroup.objects.get().releases.count() == 2
    workflow.remove_release(Release.objects.get(pk=second.pk), by=chief)
    assert not TranslationGroup.objects.exists()
    told = str(list(Event.objects.values_list("detail", flat=True)))
    assert "hamut" not in told.replace(third.slug, "")


def test_nobody_brings_it_back_or_gets_its_address(release, makers, chief):
    seen = release.working.save_number
    workflow.remove_release(release, by=chief)
    for attempt in (
        lambda: workflow.save_draft(release, Words(TITLE, LINK), by=makers.editor, seen=seen),
        lambda: workflow.publish(release, by=makers.editor),
    ):
        with pytest.raises(workflow.Refused, match="no longer exists"):
            attempt()
    assert makers.release(TITLE).slug == "ayshegul-hamut-speaks-2"


def test_a_chief_alone_and_the_number_that_was_shown(release, makers, chief):
    with pytest.raises(workflow.Refused, match="ask a chief"):
        workflow.remove_release(release, by=makers.editor)
    with pytest.raises(workflow.OtherRows):
        workflow.remove_release(release, by=chief, expected=3)
    assert Release.objects.filter(pk=release.pk).exists()
    assert not RemovedAddress.objects.exists()


@transaction.atomic
def through_the_door(statement, **what):
    ScrubDoor.objects.create(edition_id=0, **what)
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_door_lets_out_the_rows_of_one_release_and_one_picture(release, makers):
    other = makers.release("Wells")
    for statement, what in (
        (f"DELETE FROM releases_event WHERE release_id = {other.pk}", {"whole": release.pk}),
        (f"DELETE FROM releases_revision WHERE release_id = {other.pk}", {"whole": release.pk}),
        ("UPDATE releases_revision SET picture_id = NULL", {"picture": 1_000_000}),
        ("UPDATE releases_revision SET picture_id = NULL", {"whole": release.pk}),
    ):
        with pytest.raises(DatabaseError, match=r"never|frozen"):
            through_the_door(statement, **what)


def test_a_picture_goes_from_frozen_revisions_and_from_the_storage(release, makers, client, chief):
    picture = Picture.objects.get()
    files = [one for one in remains.files.paths_in() if picture.digest in one]
    assert files
    count = workflow.remove_picture(picture, by=chief)
    assert count >= 1
    assert not Picture.objects.exists()
    assert not Revision.objects.exclude(picture_alt="").exists()
    assert [one for one in remains.files.paths_in() if picture.digest in one] == []
    assert "name" not in Event.objects.get(verb="add picture").detail
    assert Event.objects.filter(verb="remove picture", release=release).exists()
    assert Address.objects.filter(release=release).exists()
    assert all(b"door" not in bytes(one.words) for one in Version.objects.all())
    assert client.get(release.get_absolute_url()).status_code == 200


def test_whoever_has_it_open_is_told_and_brings_nothing_back(release, chief, client):
    client.force_login(chief)
    form = f"/admin/releases/release/{release.pk}/change/"
    workflow.remove_release(release, by=chief)
    rows = Revision.objects.count()
    sent = {"title": TITLE, "body": LINK, "seen": "2"}
    told = client.post(form, sent, follow=True)
    assert "was removed from everything" in told.content.decode()
    by_itself = client.post(f"/admin/releases/release/{release.pk}/autosave/", sent)
    assert (by_itself.status_code, by_itself.json()["reasons"]) == (404, ["This release no longer exists."])
    assert Revision.objects.count() == rows


@pytest.mark.parametrize("newest", [False, True])
def test_the_hub_hears_of_the_feeds_in_which_it_stood(place, makers, chief, settings, newest):
    settings.WEBSUB_HUB = "https://hub.example.org/"
    first, second = makers.release("Wells"), makers.release(TITLE)
    Ping.objects.all().delete()
    workflow.remove_release(second if newest else first, by=chief)
    assert "/feeds/releases.atom" in set(Ping.objects.filter(sent_at=None).values_list("path", flat=True))
