"""A process whose children upload, back up, restore and remove a name, and are killed amid it: before each file operation and statement.

`manage.py shell -c "from tests.safety.killing import main; main()"`, on the database of DATABASE_URL. A child is a fork, so that a kill
costs no start of Django. It prints, as a line of JSON for each of the four, how many steps it has and how many of the kills came amid them.
"""

import json
import os
import re
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.test import Client

from newsroom.accounts.models import User, assign_role
from newsroom.safety.backup import encryption, make, repository, restore, status
from newsroom.safety.backup.verify import verify
from newsroom.safety.scrub import remains, words
from newsroom.safety.scrub.again import remove_again
from releases import editions, workflow
from releases.models import Event, Picture, Release, Revision
from releases.pictures import MASTER, names_of
from releases.text.removal import Removal
from tests.depth import times
from tests.pictures.conftest import photo
from tests.safety.conftest import PASSPHRASE, RAISED, elsewhere, migrating_once, sums

KILLS = times("FAULT_KILLS", 3, 10**6)
DONE = 7
NAME, GONE = "Zanthorpe Imin", "[name removed]"
OPERATIONS = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "os.chmod"}


def killed(do, step, *, root):
    """Do it in a child that kills itself before that step; whether it came to its end, and how many steps it took."""
    connection.close()
    heard, tell = os.pipe()
    pid = os.fork()
    if pid:
        os.close(tell)
        with os.fdopen(heard) as told:
            said = told.read()
        os.waitpid(pid, 0)
        return bool(said), int(said or 0)
    try:
        count = [0]

        def at_a_step():
            if count[0] == step:
                os.kill(os.getpid(), signal.SIGKILL)
            count[0] += 1

        def on_file(event, args):
            if event in OPERATIONS and isinstance(args[0], str | Path) and str(args[0]).startswith(str(root)):
                at_a_step()

        def on_statement(execute, *args):
            at_a_step()
            return execute(*args)

        sys.addaudithook(on_file)
        with connection.execute_wrapper(on_statement):
            do()
        os.write(tell, str(count[0]).encode())
    finally:
        os._exit(DONE)


def every_kill(do, look, *, root, begin=lambda number: None):
    """Kill at each of the steps, or at some of them, evenly; `look` at what is left of each."""
    begin(0)
    finished, steps = killed(do, None, root=root)
    assert finished
    look(0, finished=True)
    points = range(0, steps, max(1, steps // KILLS))
    amid = 0
    for number, step in enumerate(points, 1):
        begin(number)
        finished, taken = killed(do, step, root=root)
        assert not finished or taken <= step  # it has come to its end because it had no such step
        amid += not finished
        look(number, finished=finished)
    print(json.dumps({"steps": steps, "kills": len(points), "amid": amid}))


def upload(editor, root):
    """Its files and its row: both or neither, and it can be uploaded again."""
    reader = Client(SERVER_NAME="localhost")

    def do():
        workflow.add_picture(photo(colour=colour), name="a.jpg", by=editor)

    def begin(number):
        nonlocal colour
        colour = (number * 40 % 256, number * 9 % 256, number % 256)

    def look(number, *, finished):
        # In this place alone it may have been written down before the process died.
        assert Picture.objects.count() in {number, number + 1}
        for one in Picture.objects.all():
            for name in (MASTER, *names_of(one.width)):
                assert (Path(settings.MEDIA_ROOT) / one.path(name)).stat().st_size > 0
        do()
        assert Picture.objects.count() == number + 1
        assert Event.objects.filter(verb="add picture").count() == number + 1
        newest = Picture.objects.order_by("-pk").first()
        assert reader.get(f"/pictures/{newest.uuid}/{MASTER}").status_code == 404

    colour = (0, 0, 0)
    every_kill(do, look, root=root, begin=begin)


def backup(editor, root):
    """The backups before it are whole, it is never taken for one, and it goes on where it was."""
    folder = root.parent / "backups"

    def begin(number):
        shutil.rmtree(folder, ignore_errors=True)
        if number % 2:  # every other is killed beside a whole one
            make.make(folder, PASSPHRASE if number % 4 == 1 else "")
        workflow.save_draft(None, workflow.Words(f"Draft {number}"), by=editor)

    def do():
        make.make(folder, passphrase())

    def passphrase():
        return PASSPHRASE if (folder / repository.KEY).exists() else ""

    def look(number, *, finished):
        before = 1 if number % 2 else 0
        names = sorted(os.listdir(folder / "sets")) if (folder / "sets").exists() else []
        whole = [one for one in names if repository.NAME.fullmatch(one)]
        assert len(whole) in {before, before + 1}
        if whole:
            found = verify(folder, passphrase())
            assert found.sound, found
        written = {
            one: one.stat().st_ino
            for one in (folder / "objects").rglob("??*")
            if one.is_file() and one.name != ".new"
        }
        do()
        found = verify(folder, passphrase())
        assert (found.sound, found.left) == (True, []), found
        assert not (Path(settings.DATA_DIR) / "backup" / "snapshot.sqlite3").exists()
        again = [one for one, inode in written.items() if one.exists() and one.stat().st_ino != inode]
        assert again == []

    every_kill(do, look, root=root.parent, begin=begin)


def restoration(editor, root):
    """Nothing of it can be seen before its end, and the same command finishes it. What was removed after the backup is removed by then,
    and the newsroom is the one of after the removal."""
    folder = root.parent / "backups"
    workflow.save_draft(None, workflow.Words(f"Of {NAME}", f"<p>{NAME}.</p>"), by=editor)
    status.note_backup(folder, make.make(folder))
    remains.run(Removal([NAME], GONE), [NAME], by=None)
    wanted, releases = sums(), Release.objects.count()
    # Their rows have the moment, or are made anew.
    anew = RAISED | {"releases_event", "releases_searchentry", "releases_address", "releases_tally"}

    def do():
        restore.restore(folder, again=remove_again)

    def attempt(place, step):
        with elsewhere(place):
            finished, steps = killed(do, step, root=place)
            if not finished:
                _demand_nothing_half(place, releases)
                connection.close()
                do()
            found = sums()
            assert RAISED <= {name for name in wanted if wanted[name] != found[name]} <= anew
            assert remains.search_bytes([NAME]) == []
            assert not (place / "restoring").exists()
        return finished, steps

    with migrating_once():
        finished, steps = attempt(root.parent / "whole", None)
        assert finished
        points = range(0, steps, max(1, steps // KILLS))
        amid = sum(not attempt(root.parent / f"killed{step}", step)[0] for step in points)
    print(json.dumps({"steps": steps, "kills": len(points), "amid": amid}))


def _demand_nothing_half(place, releases):
    database = place / "newsroom.sqlite3"
    if connection.vendor == "sqlite" and not database.exists():
        return
    try:
        found = Release.objects.count()
    except DatabaseError:  # not even its table
        return
    assert found in {0, releases}
    if connection.vendor == "sqlite":  # else the mark says that it is not at its end
        assert not found or list(words.find(Removal([NAME], GONE))) == []


def removal(editor, root):
    """Readers see the name everywhere or nowhere. The same command finishes it; what else there is stays as it is."""
    folder, gone = root.parent / "backups", Removal([NAME], GONE)
    status.note_backup(folder, make.make(folder))
    kept = set(Revision.objects.values_list("pk", flat=True))
    wanted = list(Revision.objects.filter(pk__in=kept).order_by("pk").values())
    numbers, earlier = [], Event.objects.order_by("pk").last().pk

    def do():
        remains.run(gone, [NAME], by=None)

    def begin(number):
        shutil.rmtree(
            folder / "removals", ignore_errors=True
        )  # else each round reads one note more than the one before
        words = workflow.Words(f"Round {number}", f"<p>{NAME} and {number}.</p>", summary=f"Of {NAME}.")
        release = workflow.publish(workflow.save_draft(None, words, by=editor), by=editor)
        workflow.save_draft(release, workflow.Words(f"{NAME}, again", f"<p>{NAME}.</p>"), by=editor)
        numbers.append(release.pk)

    def look(number, *, finished):
        told = _told(number)
        assert len(told) in ({4} if number == 1 else {0, 4}), (
            told
        )  # the first is killed before anything is done
        do()
        assert remains.search_bytes([NAME]) == []
        assert list(words.find(gone)) == []
        assert _told(number) == set()
        assert list(Revision.objects.filter(pk__in=kept).order_by("pk").values()) == wanted
        done = Event.objects.filter(pk__gt=earlier, verb="remove words", release=None, detail__places__gt=0)
        assert done.count() == len(numbers)
        newest = done.order_by("-pk").values_list("detail__removal", flat=True).first()
        assert os.listdir(folder / "removals") == [newest]
        assert verify(folder).sound

    every_kill(do, look, root=root.parent, begin=begin)


def _told(number):
    """Which pages tell the name."""
    editions.forget_all()
    reader = Client(SERVER_NAME="localhost")
    pages = (f"/releases/round-{number}/", "/feeds/releases.json", "/", f"/search/?q={NAME.split()[0]}")
    return {one for one in pages if NAME in re.sub(r"<[^>]+>", "", reader.get(one).text)}


TITLES = ("Wells", "Rivers", "Lakes")


def main():
    """The four, one after the other."""
    encryption.COST = 2**10
    root = Path(tempfile.mkdtemp(dir=settings.DATA_DIR, prefix="killing-")) / "data"
    root.mkdir()
    settings.DATA_DIR, settings.MEDIA_ROOT = root, root / "media"
    editor = User.objects.create_user("edith")
    assign_role(editor, "editor")
    upload(editor, root)
    shown = Picture.objects.first()
    for other in Picture.objects.exclude(
        pk=shown.pk
    ):  # each would be some steps more of everything that follows
        workflow.delete_picture(other, by=editor)
    for title in TITLES:
        words = workflow.Words(title, f"<p>{title}.</p>", picture=shown, picture_alt="A")
        workflow.publish(workflow.save_draft(None, words, by=editor), by=editor)
    backup(editor, root)
    shutil.rmtree(root.parent / "backups")
    restoration(editor, root)
    shutil.rmtree(root.parent / "backups")
    removal(editor, root)
