"""A name is removed from everything: however it is written, frozen or not, and down to the bytes."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from newsroom.accounts.models import AccessEntry
from newsroom.safety.backup import snapshot
from newsroom.safety.scrub import places, remains, words
from releases import workflow
from releases.models import Event, Picture, Release, Revision, ScrubDoor, Version
from releases.text.clean import clean
from releases.text.removal import Removal
from releases.workflow import Words

SPELLINGS = ["Gülnar İmin", "گۈلنار ئىمىن", "Гүлнар Имин", "古丽娜尔", "གུལ་ནར"]
GONE = "[name removed]"
CITED = '<sup class="footnote-ref"><a href="#fn-k0" id="fnref-k0">1</a></sup>'
BODY = (
    f"<p>Gul<em>nar</em>&nbsp;Imin{CITED} spoke, and GÜLNAR-IMIN’s sister, گۈلنار ئىمىن.</p><p>古麗娜爾 and Гүлнар Имин.</p>"
    '<p>See <a href="https://example.org/gulnar-imin">her page</a>.</p>'
    '<ol class="footnotes"><li id="fn-k0"><p>Gulnar\u00ad Imin, Letters.</p></li></ol>'
)

# Rows that follow from others.
MADE_ANEW = {
    "releases_searchentry", "releases_source", "releases_sourcecitation", "releases_edition", "releases_editionpart", "releases_address",
}  # fmt: skip


@pytest.fixture
def removal():
    return Removal(SPELLINGS, GONE)


@pytest.fixture
def named(transactional_db, settings, tmp_path, makers):
    """A name in a dozen places; and a release that has nothing of it."""
    settings.DATA_DIR, settings.MEDIA_ROOT = tmp_path / "data", tmp_path / "data" / "media"
    settings.DATA_DIR.mkdir()
    other = makers.release("Wells", notes=2)
    body = clean(BODY).html
    release = makers.draft("Gulnar Imin is free", body=body, summary="གུལ་ནར and Ｇｕｌｎａｒ Ｉｍｉｎ.")
    workflow.share_preview(release, by=makers.editor, days=3, note="for Gulnar Imin")
    release = workflow.publish(release, by=makers.editor)
    workflow.save_draft(release, Words("Gulnar Imin, again", body, dateline="Gulnar Imin"), by=makers.editor)
    workflow.save_draft(release, Words("Later", body), by=makers.editor)
    release = Release.objects.get(pk=release.pk)
    release = workflow.correct(release, by=makers.editor, note="The name of Gulnar Imin")
    return release, other


def lines():
    """Every table's rows as text."""
    with snapshot.opened() as taken:
        return {one.name: list(taken.lines(one)) for one in snapshot.tables_of(snapshot.migrated())}


def test_nothing_is_left_of_it_and_all_else_stays_to_the_byte(named, removal, client):
    release, other = named
    assert client.get("/search/?q=Gulnar").content.count(b"Imin") > 0
    before = lines()
    there = list(places.find(removal))
    assert len(there) >= 12

    done = remains.run(removal, [*SPELLINGS, "Gulnar Imin", "古麗娜爾"], by=None)

    assert (done.places, done.hits) == (len(there), [])
    assert list(places.find(removal)) == []
    after = lines()
    held = {(place.table, str(place.pk)) for place in there}
    for table in before.keys() - MADE_ANEW:
        changed = {line.partition(b"\t")[0].decode() for line in before[table] if line not in after[table]}
        assert {(table, pk) for pk in changed} <= held, table
    of_other = other.search_entries.values_list("terms", flat=True)
    assert "well" in of_other.get()
    fresh = Release.objects.get(pk=other.pk)
    assert (fresh.live_id, fresh.slug) == (other.live_id, other.slug)
    live = Release.objects.select_related("live").get(pk=release.pk)
    page = client.get(live.get_absolute_url()).content.decode()
    assert "Imin" not in re.sub(r"<[^>]+>", "", page)
    assert GONE in page
    assert live.live.notes[0]["text"] == f"{GONE}, Letters."
    assert client.get(release.get_absolute_url()).status_code == 404
    assert client.get("/search/?q=Imin").content.count(b"<article") == 0


def test_the_preview_changes_nothing_and_the_number_of_places_confirms(named, tmp_path):
    file = tmp_path / "name"
    file.write_text("\n".join(SPELLINGS), "utf-8")
    before, told = lines(), StringIO()
    call_command("scrub", str(file), stdout=told)
    assert lines() == before
    number = re.search(r"--places (\d+)", told.getvalue())[1]
    for other in (0, int(number) - 1, int(number) + 1):
        with pytest.raises(
            CommandError, match=f"There are {number} places, not {other}.*Nothing was changed"
        ):
            call_command("scrub", str(file), places=other)
    assert lines() == before
    told = StringIO()
    call_command("scrub", str(file), places=int(number), stdout=told)
    assert f"Removed from {number} places." in told.getvalue()
    event = Event.objects.get(verb="remove words", release=None)
    assert event.detail["places"] == int(number)


def test_a_place_that_came_since_the_preview_is_looked_at_first(named, removal, makers):
    release, _other = named
    number = len([one for one in places.find(removal) if not one.left])
    workflow.save_draft(release, Words("Gulnar Imin", "<p>Gulnar Imin once more</p>"), by=makers.editor)
    before = lines()
    with pytest.raises(words.OtherRows):
        words.scrub(removal, by=None, expected=number)
    assert lines() == before


def test_who_has_the_text_open_does_not_bring_the_name_back(named, removal, makers):
    release, _other = named
    draft = workflow.save_draft(release, Words("Gulnar Imin", "<p>x</p>"), by=makers.editor)
    seen = draft.working.save_number
    words.scrub(removal, by=None)
    with pytest.raises(workflow.Conflict):
        workflow.save_draft(draft, Words("Gulnar Imin", "<p>xy</p>"), by=makers.editor, seen=seen)


@pytest.mark.django_db(transaction=True)
def test_the_door_cannot_stay_open():
    with pytest.raises(IntegrityError), transaction.atomic():
        ScrubDoor.objects.create(edition_id=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        ScrubDoor.objects.create(edition_id=1)
    assert not ScrubDoor.objects.exists()


@transaction.atomic
def _through_the_door(statement):
    ScrubDoor.objects.create(edition_id=0)
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_door_lets_words_through_and_nothing_else(named):
    release, _other = named
    for statement in (
        "UPDATE releases_revision SET created_by_id = NULL", "DELETE FROM releases_event", "UPDATE releases_event SET verb = 'x'",
        "DELETE FROM releases_revision",
    ):  # fmt: skip
        with pytest.raises(DatabaseError, match=r"never|frozen"):
            _through_the_door(statement)
    with pytest.raises(DatabaseError), transaction.atomic():
        Revision.objects.filter(pk=release.live_id).update(title="Otherwise")
    with pytest.raises(DatabaseError), transaction.atomic():
        Version.objects.filter(revision__release=release).update(title="Otherwise")


@pytest.mark.parametrize("spelling", ["", "x", " . ", "-", "a" * 10_000])
def test_a_spelling_that_says_nothing_is_refused(spelling):
    with pytest.raises(ValueError, match="letters"):
        Removal([spelling], GONE)


def test_what_takes_its_place_may_not_hold_it():
    with pytest.raises(ValueError, match="itself"):
        Removal(["Imin"], "not Imin")


def test_signs_of_patterns_and_of_markup_are_letters_like_others():
    removal = Removal(["A.*B (c)"], "<b>&")
    assert removal.text("xA.*B (c)") == "xA.*B (c)"
    assert removal.html("<p>A.*B (c) stays</p>") == "<p>&lt;b&gt;&amp; stays</p>"


def test_a_name_that_is_part_of_other_words_stays_in_them():
    assert Removal(["Ali"], GONE).text("Ali’s alibi, ALI.") == f"{GONE}’s alibi, {GONE}."
    assert Removal(["Ali"], "-", whole_words=False).text("alibi") == "-bi"


def test_a_passage_takes_its_note_along_and_the_others_are_numbered_anew(makers):
    from tests.makers import body_with

    first = body_with(2)
    html = Removal(["Claim 1 of many."], "…").html(first)
    assert html.count("Source 2") == 1
    assert "Source 1" not in html
    assert clean(html).html == html
    assert 'id="fnref-' in html
    assert ">1</a></sup>" in html


def scrubbed(*args, **options):
    told = StringIO()
    call_command("scrub", *args, **options, stdout=told)
    return told.getvalue()


def test_a_release_and_a_picture_go_by_the_command_and_the_record_says_so(named, makers, make_picture):
    release, other = named
    picture = make_picture()
    shown = makers.release("Gates", picture=picture, picture_alt="At the gate")
    person = makers.user("charlotte", "chief")
    told = scrubbed(release=release.slug)
    number = int(re.search(r"--places (\d+)", told)[1])
    with pytest.raises(CommandError, match=f"There are {number} places, not 1"):
        scrubbed(release=release.slug, places=1)
    told = scrubbed(release=str(release.pk), places=number, person="charlotte")
    assert f"Removed from {number} places." in told
    assert "found none of them" in told
    assert "places 1." in scrubbed(picture=str(picture.pk))
    scrubbed(picture=str(picture.uuid), places=1)
    assert set(Release.objects.values_list("pk", flat=True)) == {other.pk, shown.pk}
    assert not Picture.objects.exists()
    rows = AccessEntry.objects.filter(device="manage.py scrub").order_by("pk")
    assert list(rows.values_list("kind", "by", "detail")) == [
        ("release removed", person.pk, {"release": release.pk, "rows": number}),
        ("picture removed", None, {"places": 1}),
    ]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({}, "Say one of them"),
        ({"release": "1", "picture": "1"}, "Say one of them"),
        ({"release": "nothing"}, "No release stands there"),
        ({"picture": "nothing"}, "no such picture"),
        ({"release": "1", "person": "nobody"}, "nobody of that sign-in name"),
    ],
)
def test_the_command_says_what_it_lacks(db, options, told):
    with pytest.raises(CommandError, match=told):
        scrubbed(**options)
