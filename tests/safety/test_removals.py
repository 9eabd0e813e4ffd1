"""What was removed for somebody's safety does not come back with a backup of before: its folder has a note of it, which tells nothing."""

import os
import subprocess
import sys
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from newsroom.accounts.models import AccessEntry, Invitation
from newsroom.safety.backup import files, make, removals, status
from newsroom.safety.backup import folder as folders
from newsroom.safety.backup.verify import verify
from newsroom.safety.scrub import remains, whole, words
from releases import workflow
from releases.models import Event, Picture, PreviewLink, Release
from releases.text.removal import Removal
from tests.intake.elsewhere import ROOT
from tests.safety.conftest import PASSPHRASE, elsewhere

NAME, ANOTHER, GONE = "Zanthorpe Imin", "赞索普", "[name removed]"
BYTES = (NAME, ANOTHER, "zanthorpe-imin")


def removal(*spellings):
    return Removal(spellings or (NAME, ANOTHER), GONE)


@pytest.fixture
def named(site, makers, settings):
    """A newsroom with a name in it, and a backup of it that the machine knows of."""
    makers.release("Wells", slug="wells")
    draft = makers.draft(f"{NAME} is free", body=f"<p>{NAME} and {ANOTHER}.</p>", slug="zanthorpe-imin")
    makers.release(f"Of {NAME}", body=f"<p>{NAME} spoke.</p>", slug="spoken")
    workflow.share_preview(draft, by=makers.editor, days=3, note="for the desk")
    settings.BACKUP_PASSPHRASE = ""
    return site


def back_up(site, **options):
    call_command("backup", str(site.folder), stdout=StringIO(), **options)


def restored(site, **options):
    said = StringIO()
    call_command("restore", str(site.folder), stdout=said, stderr=said, **options)
    return said.getvalue()


def demand_nothing_left():
    assert remains.search_bytes(BYTES) == []
    assert list(words.find(removal())) == []


@pytest.mark.parametrize("passphrase", ["", PASSPHRASE])
def test_a_backup_of_before_is_restored_without_what_was_removed_since(
    named, settings, passphrase, tmp_path, migrated_once
):
    settings.BACKUP_PASSPHRASE = passphrase
    back_up(named)
    done = remains.run(removal(), BYTES, by=None)
    assert (done.hits, done.noted, done.without) == ([], [named.folder], {})
    everything = b"".join(path.read_bytes() for path in (named.folder / "removals").iterdir())
    assert not [one for one in BYTES if one.encode() in everything]
    assert verify(named.folder, passphrase).sound
    with elsewhere(tmp_path / "elsewhere"):
        said = restored(named)
        assert "1 removal of names or texts came after this backup" in said
        demand_nothing_left()
        assert Release.objects.get(slug="wells").live.title == "Wells"
        assert Release.objects.get(slug="spoken").live.title == f"Of {GONE}"
        assert status.folders() == [named.folder]  # where the next removal is to be noted
        # The backup that is made of it has had the removal.
        back_up(named)
        assert (named.folder / "removals").exists()
    with elsewhere(tmp_path / "again"):
        assert "0 removals" in restored(named)
        demand_nothing_left()


@pytest.mark.deep
def test_a_drill_of_a_backup_of_before_goes_well(named):
    back_up(named)
    remains.run(removal(), BYTES, by=None)
    said = StringIO()
    call_command("restore", str(named.folder), drill=True, stdout=said)
    assert "The drill went well" in said.getvalue()


def test_a_release_and_a_picture_that_were_removed_whole_stay_away(named, makers, tmp_path, migrated_once):
    picture = makers.picture()
    makers.release("With a picture", slug="pictured", picture=picture, picture_alt="A well")
    back_up(named)
    later = makers.release("Later, and gone", slug="later")
    for release in (Release.objects.get(slug="spoken"), later):
        assert whole.remove_release(release, by=None).noted == [named.folder]
    assert whole.remove_picture(picture, by=None).noted == [named.folder]
    with elsewhere(tmp_path / "elsewhere"):
        assert "3 removals" in restored(named)
        assert set(Release.objects.values_list("slug", flat=True)) == {"wells", "zanthorpe-imin", "pictured"}
        assert not Picture.objects.exists()
        assert list(files.paths_in()) == []
        # The one that came after the backup was not there: that is done, too.
        back_up(named)
        kept = folders.opened(named.folder, "")
        assert set(kept.manifest(kept.sets()[-1])["removals"]) == set(kept.removals())
        assert len(kept.removals()) == 3


def test_a_note_is_read_by_no_other_key_and_the_words_can_be_given(
    named, settings, tmp_path, migrated_once, monkeypatch
):
    back_up(named)
    remains.run(removal(), BYTES, by=None)
    settings.SECRET_KEY = "another-" + "k" * 50
    with elsewhere(tmp_path / "refused") as place:
        with pytest.raises(CommandError, match=r"1 removals .* SECRET_KEY_FALLBACKS"):
            restored(named)
        assert list(place.iterdir()) == []
    monkeypatch.setattr("sys.stdin", StringIO(f"{NAME}\n{ANOTHER}\n"))
    with elsewhere(tmp_path / "given"):
        said = restored(named, words="-")
        assert "The words that you gave were removed, too" in said
        assert "1 more came after it whose notes cannot be read" in said
        demand_nothing_left()


def test_a_backup_that_was_under_way_counts_as_one_of_before(named, tmp_path, migrated_once, monkeypatch):
    back_up(named)
    really = make._files

    def removed_meanwhile(*args):
        remains.run(removal(), BYTES, by=None)
        return really(*args)

    monkeypatch.setattr(make, "_files", removed_meanwhile)
    back_up(named)
    monkeypatch.undo()
    assert len(list((named.folder / "removals").iterdir())) == 1
    with elsewhere(tmp_path / "elsewhere"):
        assert "1 removal of" in restored(named)
        demand_nothing_left()


def test_a_note_goes_with_the_last_backup_that_needs_it(named):
    back_up(named)
    remains.run(removal(NAME), BYTES, by=None)
    back_up(named)
    remains.run(removal(ANOTHER), BYTES, by=None)
    assert len(list((named.folder / "removals").iterdir())) == 2
    back_up(named, keep="2 last")
    assert len(list((named.folder / "removals").iterdir())) == 1
    back_up(named, keep="1 last")
    assert list((named.folder / "removals").iterdir()) == []


def test_a_disk_that_is_not_there_gets_its_note_by_the_same_once_more(named, tmp_path):
    back_up(named)
    away = named.folder.rename(tmp_path / "away")
    done = remains.run(removal(), BYTES, by=None)
    assert (done.noted, list(done.without)) == ([], [named.folder])
    assert "brings back what was removed" in done.advice()[0]
    away.rename(named.folder)
    once_more = remains.run(removal(), BYTES, by=None)
    assert (once_more.places, once_more.noted, once_more.without) == (0, [named.folder], {})
    events = Event.objects.filter(verb="remove words", release=None)
    (identifier,) = [one.name for one in (named.folder / "removals").iterdir()]
    assert [one.detail.get(removals.IN_EVENT) for one in events.order_by("pk")] == [None, identifier]
    # And a third time nothing more is written.
    remains.run(removal(), BYTES, by=None)
    assert (events.count(), len(list((named.folder / "removals").iterdir()))) == (2, 1)


def test_words_that_came_back_and_went_again_are_noted_again(named, makers):
    back_up(named)
    remains.run(removal(), BYTES, by=None)
    makers.draft(f"{NAME} once more")
    back_up(named)
    remains.run(removal(), BYTES, by=None)
    kept = folders.opened(named.folder, "")
    second = kept.manifest(kept.sets()[-1])["removals"]
    assert len(second) == 1
    assert len(kept.removals()) == 2


def test_a_note_that_was_changed_is_found_and_nothing_is_restored_without_it(named, tmp_path):
    back_up(named)
    remains.run(removal(), BYTES, by=None)
    (note,) = (named.folder / "removals").iterdir()
    content = note.read_bytes()
    note.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert verify(named.folder).changed == [f"removals/{note.name}"]
    # Another removal is done all the same, and says that it has no note there.
    assert "it says what was removed" in remains.run(removal("Wells"), BYTES, by=None).without[named.folder]
    with elsewhere(tmp_path / "elsewhere"), pytest.raises(CommandError, match="it says what was removed"):
        restored(named)


def test_folders_are_known_by_what_was_done_and_by_the_setting(site, settings, tmp_path):
    assert status.folders() == []
    settings.BACKUP_DIR = str(tmp_path / "set")
    assert status.folders() == []
    for name in ("one", "two", "set"):
        call_command("backup", str(tmp_path / name), stdout=StringIO())
    assert status.folders() == [tmp_path / "one", tmp_path / "set", tmp_path / "two"]


def test_without_backups_it_says_so(named):
    done = remains.run(removal(), BYTES, by=None)
    assert done.advice()[0].startswith("This machine knows of no backups.")


def test_no_link_that_was_ended_is_open_again(named, make_user, makers, tmp_path, migrated_once):
    person, now = make_user("invited"), timezone.now()
    invitation = Invitation.objects.create(
        person=person, digest="d" * 64, made_at=now, expires_at=now + timedelta(hours=5)
    )
    old = PreviewLink.objects.get()
    back_up(named)
    with elsewhere(tmp_path / "elsewhere"):
        said = restored(named)
        assert "2 links to previews and to passwords were ended" in said
        assert not PreviewLink.objects.get(pk=old.pk).is_open()
        assert Invitation.objects.get(pk=invitation.pk).withdrawn_at
        assert AccessEntry.objects.get(kind="restored").detail["links"] == 2


def test_a_backup_of_postgresql_is_restored_into_sqlite_without_what_was_removed(named, settings, tmp_path):
    if connection.vendor != "postgresql":
        pytest.skip("begins on PostgreSQL; the other way round is the same code")
    back_up(named)
    remains.run(removal(), BYTES, by=None)
    other = tmp_path / "sqlite"
    environment = {
        **os.environ, "DATABASE_URL": f"sqlite:///{other}/newsroom.sqlite3", "DATA_DIR": str(other),
        "DJANGO_SETTINGS_MODULE": "newsroom.settings", "DEBUG": "1", "LOG_LEVEL": "ERROR",
        "SECRET_KEY": settings.SECRET_KEY,
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "manage.py", "restore", str(named.folder)],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, "1 removal of" in done.stdout) == (0, True), done.stderr
    for path in other.rglob("*"):
        if path.is_file():
            assert not [one for one in BYTES if one.encode() in path.read_bytes()], path


def test_a_browser_is_told_to_forget_what_it_wrote_upon_a_save_of_before(named, makers, writer):
    draft = Release.objects.get(slug="zanthorpe-imin")
    secret = workflow.save_draft(None, workflow.Words(f"{NAME} in secret"), by=makers.editor)
    before = draft.working.save_number
    words.scrub(removal(), by=None)
    after = Release.objects.get(pk=draft.pk).working.save_number
    clients = {person: Client() for person in (makers.editor, writer)}
    for person, client in clients.items():
        client.force_login(person)

    def forget(person, release, upon):
        answer = clients[person].post(
            "/admin/releases/release/taken/", {"visit": "", "release": release, "upon": upon}
        )
        return answer.json()["forget"]

    assert forget(makers.editor, draft.pk, before)
    assert not forget(makers.editor, draft.pk, after)
    assert forget(makers.editor, draft.pk, "")
    # Who may not see a draft is not told that anything was removed from it.
    assert not forget(writer, secret.pk, 0)
    for nonsense in ("", "x", "9" * 5000, "-1", 10**9):
        assert not forget(makers.editor, nonsense, 0)
    answer = clients[makers.editor].post(
        f"/admin/releases/release/{draft.pk}/autosave/",
        {"title": f"{NAME} again", "body": "<p>x</p>", "seen": before, "language": "en"},
    )
    assert (answer.status_code, answer.json()["conflict"]["removed"]) == (409, True)
    page = clients[makers.editor].post(
        f"/admin/releases/release/{draft.pk}/change/",
        {"title": f"{NAME} again", "body": "<p>x</p>", "seen": before, "language": "en", "_save": "1"},
    )
    assert "may still have them" in page.text
    assert f'data-upon="{before}"' in page.text
    # The stored text is taken: what was typed does not come into the history.
    assert f'name="upon" value="{before}"' in page.text
    clients[makers.editor].post(
        f"/admin/releases/release/{draft.pk}/change/",
        {
            "title": f"{NAME} again",
            "body": "<p>x</p>",
            "seen": after,
            "upon": before,
            "language": "en",
            "_theirs": "1",
        },
    )
    assert list(words.find(removal())) == []
    # What was removed whole is forgotten whatever it was written upon.
    workflow.remove_release(secret, by=None)
    assert forget(makers.editor, secret.pk, 10**6)
    desk = clients[makers.editor].get("/admin/").text
    assert "removed words from everything" in desk
