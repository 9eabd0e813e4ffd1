"""The commands as an operator runs them, and what stands beside them in the documents."""

import io
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, models

from newsroom.accounts.models import AccessEntry
from newsroom.safety.backup import drill, restore, rows, snapshot, status
from newsroom.safety.backup.errors import BackupError
from releases.management import bar
from tests.safety.conftest import elsewhere

UNITS = sorted((Path(__file__).resolve().parents[2] / "docs" / "operate").glob("newsroom-*.*"))


def test_a_column_that_no_backup_can_keep_is_an_error_and_not_a_loss():
    fields = [models.DurationField(), models.DecimalField(max_digits=3, decimal_places=1), models.TimeField()]
    for field in fields:
        with pytest.raises(ValueError, match="does not know how to keep"):
            rows.kind_of(field)


def test_a_backup_is_not_made_among_the_files_that_it_would_hold(site, settings):
    with pytest.raises(CommandError, match="take another folder"):
        call_command("backup", str(settings.MEDIA_ROOT / "backups"))


def test_backups_that_are_there_are_listed_and_their_disk_is_named(site, capsys):
    call_command("backup", str(site.folder))
    assert "on the same disk as the newsroom" in capsys.readouterr().out
    call_command("backup", str(site.folder))
    first, second = sorted((site.folder / "sets").iterdir())
    (first / "manifest").write_bytes(b"")
    call_command("backup", str(site.folder), list=True)
    said = capsys.readouterr()
    assert first.name in said.err
    assert second.name in said.out


def test_whoever_watches_sees_how_much_time_is_left():
    class Terminal(io.StringIO):
        def isatty(self):
            return True

        def write(self, words, ending=""):
            super().write(words + ending)

    terminal = Terminal()
    draw = bar(terminal)
    for done in range(1, 101):
        draw(done, 100)
    assert "s left" in terminal.getvalue()
    assert terminal.getvalue().endswith("100/100" + " " * 20 + "\n")
    silent = io.StringIO()
    bar(silent)(1, 2)
    assert silent.getvalue() == ""


def test_a_restoration_is_refused_where_anything_is_and_says_what_to_do(
    site, makers, tmp_path, migrated_once
):
    makers.release("Wells", picture=makers.picture(), picture_alt="A well")
    call_command("backup", str(site.folder))
    with pytest.raises(CommandError, match="nothing is ever restored over"):
        call_command("restore", str(site.folder))
    with elsewhere(tmp_path / "elsewhere") as place:
        (place / "media").mkdir()
        (place / "media" / "a").write_text("mine")
        with pytest.raises(CommandError, match=r"mv .*media .*media\.before"):
            call_command("restore", str(site.folder))
        shutil.rmtree(place / "media")
        call_command("restore", str(site.folder))
        assert AccessEntry.objects.filter(kind="restored").exists()
    (name,) = [path.name for path in (site.folder / "sets").iterdir()]
    assert AccessEntry.objects.get(kind="backup").detail == {"backup": name}


def test_a_database_that_was_made_amid_a_restoration_is_neither_lost_nor_taken_for_it(
    site, tmp_path, migrated_once, monkeypatch
):
    site.backup()
    with elsewhere(tmp_path / "elsewhere"):
        monkeypatch.setattr(restore, "_database", broken_off)
        with pytest.raises(RuntimeError, match="broken off"):
            site.restore()
        monkeypatch.undo()
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("DROP TABLE newsroom_restoring")
            cursor.execute("CREATE TABLE somebodys (id integer)")
        with pytest.raises(BackupError, match="already"):
            site.restore()


def broken_off(*args):
    raise RuntimeError("broken off")


def test_a_backup_of_a_newer_version_is_refused(site, makers, monkeypatch, tmp_path):
    really = snapshot.migrated
    monkeypatch.setattr(snapshot, "migrated", lambda: [*really(), ("releases", "9999_of_tomorrow")])
    monkeypatch.setattr(snapshot, "tables_of", lambda migrations, of=snapshot.tables_of: of(migrations[:-1]))
    site.backup()
    with (
        elsewhere(tmp_path / "elsewhere"),
        pytest.raises(CommandError, match=r"newer version .*9999_of_tomorrow"),
    ):
        call_command("restore", str(site.folder))


def test_another_secret_key_is_told(site, settings, tmp_path, migrated_once, capsys):
    site.backup()
    with elsewhere(tmp_path / "elsewhere"):
        settings.SECRET_KEY = "another-" + "k" * 50
        call_command("restore", str(site.folder))
    assert "nobody's second factor can be read" in capsys.readouterr().err


def test_a_drill_that_fails_is_told_and_noted(site):
    site.backup()
    for path in (site.folder / "objects").rglob("*.gz"):
        path.unlink()
    with pytest.raises(CommandError, match=r"The drill failed: .*missing or cut off"):
        call_command("restore", str(site.folder), drill=True)
    assert status.read().failed


def test_a_drill_is_told_of_nothing_that_is_the_running_sites(site, monkeypatch, tmp_path):
    site.backup()
    for name in ("STORAGE_URL", "REPLICA_URLS", "DATABASE_DIRECT_URL", "PURGE_URLS", "WEBSUB_HUB"):
        monkeypatch.setenv(name, "https://the-site.example/")
    asked = []
    monkeypatch.setattr(
        drill.subprocess,
        "run",
        lambda *words, env, **options: asked.append(env) or subprocess.CompletedProcess([], 1, "", "x"),
    )
    with pytest.raises(BackupError):
        drill.drill(site.folder)
    (told,) = asked
    assert "the-site" not in str({name: told[name] for name in told if not name.startswith("PYTEST")})
    assert told["DATABASE_URL"] != os.environ.get("DATABASE_URL", "")
    assert told["DATA_DIR"].startswith(str(tmp_path))


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_units_of_systemd_are_valid(unit, tmp_path):
    """On a machine that has no such account and no such folder."""
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed (Debian: systemd)")
    for one in UNITS:
        words = one.read_text().replace("User=newsroom\n", "User=root\n")
        words = words.replace("/home/newsroom/newsroom/.venv/bin/python", shutil.which("true"))
        (tmp_path / one.name).write_text(words)
    command = ["systemd-analyze", "verify", "--man=no", str(tmp_path / unit.name)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, [line for line in done.stderr.splitlines() if unit.name in line]) == (0, [])


def test_there_are_a_service_and_a_timer_for_each():
    assert [one.name for one in UNITS] == [
        "newsroom-backup.service", "newsroom-backup.timer", "newsroom-drill.service", "newsroom-drill.timer"
    ]  # fmt: skip
