"""The folder of the backups: every changed byte is found, one run at a time, little is written twice, and the last one never goes."""

import os
import shutil
import stat
import subprocess
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from newsroom.safety.backup import files, folder, make, retention, rules
from newsroom.safety.backup.errors import BackupError, Busy, Damaged, WrongPassphrase
from newsroom.safety.backup.verify import verify
from releases import workflow
from releases.models import Picture, Release
from tests.depth import times
from tests.safety.conftest import PASSPHRASE, elsewhere

# Of so many objects one is harmed, or each.
OBJECTS = times("HARMED", 16, 1)


@pytest.fixture
def small(site, makers, migrated_once):
    makers.release("Wells", slug="wells", picture=makers.picture(), picture_alt="A well")
    return site


def files_of(place):
    return sorted(path for path in place.rglob("*") if path.is_file())


@pytest.mark.parametrize("passphrase", ["", PASSPHRASE])
def test_any_byte_that_is_changed_missing_cut_off_or_too_many_is_found(small, passphrase):
    small.backup(passphrase)
    assert verify(small.folder, passphrase).sound
    harms = (
        lambda content: bytes([content[0] ^ 1]) + content[1:],
        lambda content: content[:-1],
        lambda content: content + b"\0",
        None,
    )
    for number, path in enumerate(files_of(small.folder)):
        if path.name == folder.LOCK:
            continue
        content = path.read_bytes()
        for turn, harm in enumerate(harms):
            if path.is_relative_to(small.folder / "objects") and (number + turn) % OBJECTS:
                continue
            path.unlink() if harm is None else path.write_bytes(harm(content))
            try:
                found = verify(small.folder, passphrase)
            except BackupError:
                continue  # it cannot even be opened
            finally:
                path.write_bytes(content)
            assert not found.sound, path
            assert found.broken, path
    assert verify(small.folder, passphrase).sound
    planted = small.folder / "objects" / "aa" / ("0" * 62)
    planted.parent.mkdir(exist_ok=True)
    planted.write_bytes(b"planted")
    assert verify(small.folder, passphrase).extra == [f"objects/aa/{'0' * 62}"]


def test_what_is_damaged_is_not_restored_and_a_backup_mends_it(small, tmp_path):
    made = small.backup()
    master = next(path for path in files_of(small.folder / "objects") if path.suffix != ".gz")
    content = master.read_bytes()
    master.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with elsewhere(tmp_path / "elsewhere"), pytest.raises(Damaged):
        small.restore()
    with pytest.raises(CommandError, match="not as it was"):
        call_command("backup", str(small.folder), verify=True)
    master.unlink()
    small.backup()
    assert verify(small.folder).sound
    assert master.read_bytes() == content
    assert len(folder.opened(small.folder, "").sets()) == 2
    assert made.name == folder.opened(small.folder, "").sets()[0]


def test_sha256sum_finds_damage_without_the_newsroom(small):
    made = small.backup(PASSPHRASE)
    command = ["sha256sum", "--check", "--quiet", "--strict", f"sets/{made.name}/SHA256SUMS"]
    assert subprocess.run(command, cwd=small.folder, capture_output=True, check=False).returncode == 0
    one = next(path for path in files_of(small.folder / "objects"))
    one.write_bytes(one.read_bytes() + b"!")
    assert subprocess.run(command, cwd=small.folder, capture_output=True, check=False).returncode == 1


def test_only_what_changed_is_written(small, makers):
    first = small.backup()
    inodes = {path: path.stat().st_ino for path in files_of(small.folder / "objects")}
    assert small.backup().new == 0
    workflow.save_draft(Release.objects.get(slug="wells"), workflow.Words("Wells again"), by=makers.editor)
    again = small.backup()
    assert 0 < again.new < first.new / 3
    assert {path: path.stat().st_ino for path in inodes} == inodes


def test_nothing_of_it_can_be_read_by_others_or_without_its_passphrase(small):
    small.backup(PASSPHRASE)
    paths = [small.folder, *small.folder.rglob("*")]
    assert [path for path in paths if stat.S_IMODE(path.stat().st_mode) & 0o077] == []
    everything = b"".join(path.read_bytes() for path in files_of(small.folder))
    for told in (
        b"Wells",
        b"releases_release",
        b"pictures/",
        b"edith",
        Picture.objects.get().digest.encode(),
    ):
        assert told not in everything
    for wrong in ("six plain words nobody would gues", ""):
        with pytest.raises(WrongPassphrase):
            small.restore(wrong)
        with pytest.raises(WrongPassphrase):
            small.backup(wrong)
    plain = small.folder.with_name("plain")
    make.make(plain)
    with pytest.raises(BackupError, match="begun without a passphrase"):
        make.make(plain, PASSPHRASE)
    with pytest.raises(BackupError, match="too short"):
        make.make(small.folder.with_name("short"), "short")


def test_an_object_cannot_stand_in_for_another(small):
    small.backup(PASSPHRASE)
    kept = folder.opened(small.folder, PASSPHRASE)
    manifest = kept.manifest(kept.sets()[0])
    one, two = [table["chunks"][0][0] for table in manifest["tables"] if table["chunks"]][:2]
    names = [kept.folder / kept.name_of(digest, compressed=True) for digest in (one, two)]
    shutil.copy(names[0], names[1])
    with pytest.raises(Damaged):
        kept.rows(two)


def test_the_passphrase_comes_from_a_file_for_ones_own_eyes(small, tmp_path, settings):
    file = tmp_path / "passphrase"
    file.write_text(f"{PASSPHRASE}\n")
    file.chmod(0o644)
    with pytest.raises(CommandError, match="chmod 600"):
        call_command("backup", str(small.folder), passphrase_file=str(file))
    file.chmod(0o600)
    call_command("backup", str(small.folder), passphrase_file=str(file))
    settings.BACKUP_PASSPHRASE_FILE = str(file)
    call_command("backup", str(small.folder), verify=True)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("backup", str(small.folder), passphrase_file=str(tmp_path / "none"))


def test_two_at_once_are_refused(small):
    small.backup()
    with folder.locked(small.folder), pytest.raises(Busy):
        small.backup()


def test_a_folder_of_something_else_is_not_taken(small):
    small.folder.mkdir()
    (small.folder / "letters").write_text("mine")
    with pytest.raises(BackupError, match="letters"):
        small.backup()
    with pytest.raises(BackupError, match="holds no backups"):
        verify(small.folder)
    assert os.listdir(small.folder) == ["letters"]


def test_a_disk_that_is_too_small_is_told_before_anything_is_written(small, monkeypatch):
    usage = shutil.disk_usage(small.folder.parent)
    monkeypatch.setattr(make.shutil, "disk_usage", lambda path: usage._replace(free=1024))
    with pytest.raises(BackupError, match="make room"):
        small.backup()
    assert not files_of(small.folder / "objects")


# ------------------------------------------------------------------ pictures that come and go


def test_a_picture_that_the_snapshot_names_is_in_it_though_it_was_deleted_meanwhile(
    small, makers, monkeypatch, tmp_path
):
    going = makers.picture("going.jpg", colour="#105030")
    really = make._files

    def deleted_meanwhile(*args):
        if going.pk:
            workflow.delete_picture(going, by=makers.editor)
        return really(*args)

    monkeypatch.setattr(make, "_files", deleted_meanwhile)
    assert small.backup().missing == []
    with elsewhere(tmp_path / "elsewhere"):
        small.restore()
        assert default_storage.exists(Picture.objects.get(name="going.jpg").path("master.jpg"))


def test_a_picture_that_came_and_went_unseen_takes_another_snapshot(small, makers, monkeypatch):
    states, really_database, really_files = [], make._database, make._files

    def uploaded_before(*args):
        states.append(makers.picture("brief.jpg", colour="#105030") if not states else None)
        return really_database(*args)

    def deleted_after(*args):
        if states[-1]:
            workflow.delete_picture(states[-1], by=makers.editor)
        return really_files(*args)

    monkeypatch.setattr(make, "_database", uploaded_before)
    monkeypatch.setattr(make, "_files", deleted_after)
    assert small.backup().missing == []
    assert len(states) == 2


def test_half_an_upload_is_no_part_of_it(small, tmp_path):
    default_storage.save("pictures/ab/abc/640.jpg", ContentFile(b"half"))
    default_storage.save("papers/a.bin", ContentFile(b"whole"))
    small.backup()
    with elsewhere(tmp_path / "elsewhere"):
        small.restore()
        assert not default_storage.exists("pictures/ab/abc/640.jpg")
        assert files.digest_of("papers/a.bin") == sha256(b"whole").hexdigest()


def test_backups_go_on_when_the_last_picture_was_deleted(small):
    small.backup()
    workflow.remove_picture(Picture.objects.get(), by=None)
    assert (small.backup().files, list(files.paths_in())) == (0, [])


def test_a_file_that_is_missing_on_the_site_is_named(small, capsys):
    default_storage.delete(Picture.objects.get().path("card.jpg"))
    call_command("backup", str(small.folder))
    assert "1 files of pictures are missing on the site itself" in capsys.readouterr().err


# ------------------------------------------------------------------ how long


def test_rules_keep_the_newest_of_each_period_and_the_newest_of_all():
    first = datetime(2026, 1, 1, 3, tzinfo=UTC)
    names = [f"{day + 1:06}-{first + timedelta(days=day):%Y-%m-%dT%H%M%SZ}" for day in range(400)]
    kept = rules.kept_of(names, rules.read_rules("7 daily, 4 weekly, 12 monthly"))
    assert sorted(kept)[-7:] == names[-7:]
    assert 18 <= len(kept) <= 22
    assert rules.kept_of(names[:1], {"yearly": 1}) == set(names[:1])
    # The clock was set back: the newest is known by its number.
    back = [names[0], f"000402-{first - timedelta(hours=1):%Y-%m-%dT%H%M%SZ}"]
    assert back[1] in rules.kept_of(back, rules.read_rules("1 daily"))
    # Three of one second are three.
    at_once = [f"00000{number}-2026-01-01T030000Z" for number in (1, 2, 3)]
    assert rules.kept_of(at_once, {"last": 2}) == set(at_once[1:])
    for wrong in ("daily", "0 daily", "7 dayly", "3 daily, 4 daily", "-1 weekly"):
        with pytest.raises(ValueError, match="7 daily"):
            rules.read_rules(wrong)


def test_what_is_not_kept_goes_with_what_only_it_needed_and_never_the_last_good_one(small, makers):
    gone = makers.picture("gone.jpg", colour="#105030")
    first = small.backup()
    workflow.delete_picture(gone, by=makers.editor)
    small.backup()
    before = len(files_of(small.folder / "objects"))
    call_command("backup", str(small.folder), keep="1 last")
    kept = folder.opened(small.folder, "")
    assert len(kept.sets()) == 1
    assert first.name not in kept.sets()
    assert len(files_of(small.folder / "objects")) < before
    assert verify(small.folder).sound
    # The newest is damaged: nothing else goes.
    small.backup()
    newest = kept.sums(kept.sets()[-1])
    one = next(small.folder / name for name in newest if name.startswith("objects/"))
    one.write_bytes(b"")
    with pytest.raises(BackupError, match="no older one was removed"):
        retention.prune(small.folder, {"last": 1})
    assert len(kept.sets()) == 2
