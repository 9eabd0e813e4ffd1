"""A baked folder holds what Django would answer, and nothing else; it changes as the site does."""

import gzip
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote

import brotli
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from releases import workflow
from releases.models import Release
from releases.static_site import bake, disk, update
from releases.static_site.inventory import public_addresses
from releases.static_site.state import Busy, NotOurs, locked
from releases.views import pages
from tests.leaks.crawl import TITLE, WORDS, secret

pytestmark = pytest.mark.django_db


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, by its name."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_each_address_without_a_query_string_is_a_file_that_says_what_django_says(baked):
    client = Client()
    addresses = [one for one in public_addresses() if "?" not in one.path and one.status != 301]
    asked = [one for one in addresses if one.name not in bake.BY_DJANGO]
    assert len(asked) > 60
    for one in asked:
        file = baked.folder / bake.Baked(baked.folder).file_of(one)
        assert file.read_bytes() == client.get(one.path).getvalue(), one.path


def test_every_compressed_form_holds_the_same_as_the_file_itself(baked):
    found = files_of(baked.folder)
    forms = [name for name in found if name.endswith((".gz", ".br"))]
    assert len(forms) > 60
    for name in forms:
        opened = gzip.decompress(found[name]) if name.endswith(".gz") else brotli.decompress(found[name])
        assert opened == found[disk.without_ending(name)]


def test_a_former_address_and_a_card_are_left_to_django(baked):
    names = files_of(baked.folder)
    assert not [name for name in names if "crossing-3" in name or "cards" in name or "node" in name]


def test_a_second_run_writes_nothing(baked):
    assert str(baked()).startswith("0 removed, 0 written")


def test_a_publication_writes_only_the_pages_that_it_changes(baked, small):
    before = {path: path.stat().st_mtime_ns for path in baked.folder.rglob("*") if path.is_file()}
    small.release("Just out", slug="just-out")
    done = baked()
    assert "site/releases/just-out/index.html" in done.files
    assert "Just out" in (baked.folder / "site/index.html").read_text()
    others = ("site/zh-hans/releases/水井", "site/releases/wells/", "site/releases/crossing-1/")
    assert not [name for name in done.files if name.startswith(others)]
    same = [path for path, date in before.items() if path.exists() and path.stat().st_mtime_ns == date]
    assert len(same) > len(before) // 2


def test_a_withdrawal_takes_every_word_out_of_the_folder(baked, small):
    shown = secret(picture=small.picture(size=(260, 200)))
    release = small.release(TITLE, slug="soon-gone", **shown)
    baked()
    picture = f"pictures/{release.live.picture.uuid}"
    assert any(picture in name for name in files_of(baked.folder))
    workflow.withdraw(
        Release.objects.get(pk=release.pk), by=small.editor, notice="For safety.", hide_title=True
    )
    baked()
    found = files_of(baked.folder)
    assert b"For safety." in found["gone/releases/soon-gone/index.html"]
    assert "site/releases/soon-gone/index.html" not in found
    assert not [name for name in found if picture in name]
    plain = {name: content for name, content in found.items() if not name.endswith((".gz", ".br"))}
    assert not [
        (name, word)
        for name, content in plain.items()
        for word in (TITLE, *WORDS)
        if word.encode() in content
    ]


def test_a_release_that_was_removed_whole_leaves_no_file_and_no_word(baked, small):
    release = small.release(
        "Unheard-of words", slug="unheard-of", picture=small.picture(size=(270, 200)), picture_alt="x"
    )
    baked()
    picture = f"pictures/{release.live.picture.uuid}"
    assert any(picture in name or "unheard-of" in name for name in files_of(baked.folder))
    workflow.remove_release(Release.objects.get(pk=release.pk), by=None)
    baked()
    found = files_of(baked.folder)
    assert not [name for name in found if picture in name or "unheard-of" in name]
    plain = [content for name, content in found.items() if not name.endswith((".gz", ".br"))]
    assert not [content for content in plain if b"Unheard-of" in content or b"unheard-of" in content]


def test_what_was_withdrawn_is_removed_before_anything_is_made(baked, small, monkeypatch):
    release = small.release("Gone at once", slug="gone-at-once")
    baked()
    workflow.withdraw(Release.objects.get(pk=release.pk), by=small.editor, notice="For safety.")
    monkeypatch.setattr(update.Renderer, "render", _fail)
    with pytest.raises(ZeroDivisionError):
        baked()
    assert not (baked.folder / "site/releases/gone-at-once").exists()


def _fail(*args: object) -> None:
    raise ZeroDivisionError


def test_an_embargo_keeps_its_second(baked, small, monkeypatch):
    due = timezone.now() + timedelta(days=3)
    small.release(TITLE, slug="not-yet", publish_at=due, **secret())
    before = due - timedelta(microseconds=1)
    monkeypatch.setattr(timezone, "now", lambda: before)
    baked()
    early = files_of(baked.folder)
    told = [
        name
        for name, content in early.items()
        for word in (TITLE, *WORDS, "not-yet")
        if word.encode() in content
    ]
    assert told == []
    assert not [name for name in early if "not-yet" in name]
    monkeypatch.setattr(timezone, "now", lambda: due)
    baked()
    assert TITLE in (baked.folder / "site/releases/not-yet/index.html").read_text()
    assert TITLE in (baked.folder / "site/index.html").read_text()


def test_the_pause_of_a_follower_ends_with_the_embargo():
    now = timezone.now()
    assert bake.pause(now + timedelta(seconds=0.2), now) == pytest.approx(0.2)
    assert bake.pause(now - timedelta(seconds=5), now) == 0
    assert bake.pause(None, now) == bake.pause(now + timedelta(days=1), now) == bake.ASKED_EVERY


def test_what_a_killed_run_had_written_and_not_recorded_is_no_hiding_place(baked):
    names = (
        "site/releases/half-baked/index.html",
        "site/releases/half-baked/index.html.gz",
        "site/.new~17~index.html",
    )
    for name in names:
        disk.write(baked.folder, name, {"": b"Withdrawn since"})
    baked()
    assert not [name for name in names if (baked.folder / name).exists()]


def test_a_page_that_breaks_stays_as_it_was_and_is_tried_again(baked, small, monkeypatch):
    front = baked.folder / "site/index.html"
    before = front.read_bytes()
    small.release("Just out", slug="just-out")
    with monkeypatch.context() as patch:
        patch.setattr(pages, "list_context", _fail)
        done = baked()
    assert "/" in done.failed
    assert front.read_bytes() == before
    assert (baked.folder / "site/releases/just-out/index.html").exists()
    assert baked().failed == []
    assert "Just out" in front.read_text()


def test_a_run_goes_on_where_a_killed_one_ended(unbaked, monkeypatch):
    calls = []

    def give_up(self, path, edition, render=update.Renderer.render):
        calls.append(path)
        if len(calls) > 30:
            raise ZeroDivisionError
        return render(self, path, edition)

    with monkeypatch.context() as patch:
        patch.setattr(update.Renderer, "render", give_up)
        with pytest.raises(ZeroDivisionError):
            unbaked()
    assert unbaked().kept >= 24


def test_what_was_cut_short_or_deleted_by_hand_is_made_anew(baked):
    front, topics = baked.folder / "site/index.html", baked.folder / "site/topics/index.html"
    whole = front.read_bytes()
    front.write_bytes(b"")
    topics.unlink()
    baked()
    assert (front.read_bytes(), topics.exists()) == (whole, True)


def test_a_new_file_has_a_later_date_however_soon_it_comes(tmp_path):
    dates = [disk.write(tmp_path, "a/b.html", {"": content}) for content in (b"one", b"two", b"six")]
    assert dates == sorted(set(dates))
    assert int((tmp_path / "a/b.html").stat().st_mtime) == dates[-1]


def test_the_web_server_may_read_everything_and_write_nothing(baked):
    assert {path.stat().st_mode & 0o777 for path in baked.folder.rglob("*") if path.is_file()} == {0o644}
    assert {path.stat().st_mode & 0o777 for path in baked.folder.rglob("*") if path.is_dir()} == {0o755}


def test_two_do_not_bake_into_one_folder(unbaked):
    unbaked.folder.mkdir()
    with locked(unbaked.folder), pytest.raises(Busy):
        unbaked()


def test_a_folder_with_something_else_in_it_is_left_alone(unbaked):
    unbaked.folder.mkdir()
    letter = unbaked.folder / "letter.txt"
    letter.write_text("Dear all")
    with pytest.raises(NotOurs):
        unbaked()
    assert letter.read_text() == "Dear all"


def test_the_command_says_what_was_done_and_refuses_a_folder_in_nowhere(baked, tmp_path, capsys):
    call_command("bake", str(baked.folder), jobs=1)
    assert "0 removed, 0 written" in capsys.readouterr().out
    with pytest.raises(CommandError, match="is not there"):
        call_command("bake", str(tmp_path / "no/where"))


def test_a_name_that_no_disk_takes_is_left_to_django(tmp_path):
    layout = bake.Baked(tmp_path)
    long, hostile = "ཀ" * 100, ".."
    assert [layout.file_of(update.PublicAddress(f"/releases/{slug}/", "")) for slug in (long, hostile)] == [
        None
    ] * 2
    assert (
        unquote(layout.file_of(update.PublicAddress("/topics/%E5%9C%9F/", ""))) == "site/topics/土/index.html"
    )
