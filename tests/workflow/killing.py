"""A process whose children do verbs and are killed amid them; after each kill it looks what the database holds.

`manage.py shell -c "from tests.workflow.killing import main; main(VERB)"`, on the database of DATABASE_URL. A child is a
fork, so that a kill costs no start of Django. It prints, as JSON: how many statements the verb has, and how many of the kills
left it undone and done.
"""

import json
import os
import random
import signal
import time
from datetime import timedelta

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.utils import timezone

from newsroom.accounts.models import User, assign_role
from releases import editions, outbox, search, workflow
from releases.models import (
    Correction,
    Event,
    Ping,
    Release,
    ReleaseTopic,
    RemovedAddress,
    Revision,
    SearchEntry,
    Topic,
)
from releases.models.address import place_of
from releases.search.bitmap import build_bitmap_index
from releases.workflow import Words
from tests.depth import times

AT_ANY_MOMENT = times("KILLS", 4, 50)
DONE = 7  # the status of a child that came to its end


def make(verb, number, editor, topics):
    """A release for the verb, with a word that is found nowhere else."""
    word = f"unique{verb}{number}"
    date = timezone.now() + timedelta(days=1) if verb == "schedule" else None
    words = Words(word, f"<p>First {word}.</p>", topics=topics[:1], publish_at=date)
    release = workflow.save_draft(None, words, by=editor)
    if verb in {"correct", "withdraw", "remove_release"}:
        release = workflow.publish(release, by=editor)
    if verb == "correct":
        words = Words(word, f"<p>Second {word}.</p>", topics=topics[1:])
        release = workflow.save_draft(release, words, by=editor)
    return release


def do(verb, release, editor):
    """The verb."""
    if verb == "correct":
        return workflow.correct(release, by=editor, note="A figure.")
    if verb == "withdraw":
        return workflow.withdraw(release, by=editor, notice="Gone.")
    if verb == "remove_release":
        return workflow.remove_release(release, by=None)  # the operator
    return getattr(workflow, verb)(release, by=editor)


def held(release, edition):
    """What the database holds of a release, in every table that a verb touches, whatever the keys and the moments."""
    if not Release.objects.filter(pk=release.pk).exists():
        return removed(release, edition)
    release = Release.objects.select_related("live", "working").get(pk=release.pk)
    frozen = [
        [one.number, *(bool(at) for at in (one.frozen_at, one.submitted_at, one.approved_at))]
        for one in release.revisions.order_by("number")
    ]
    found = search.find(search.parse(release.current.title), build_bitmap_index())
    return [
        str(release.state()),
        [one.number if one else None for one in (release.live, release.working)],
        [bool(at) for at in (release.publish_at, release.updated_at, release.withdrawn_at)],
        release.withdrawal_notice,
        frozen,
        list(release.events.order_by("pk").values_list("verb", flat=True)),
        Correction.objects.filter(release=release).count(),
        sorted(ReleaseTopic.objects.filter(content_object=release).values_list("tag__name", flat=True)),
        sorted(SearchEntry.objects.filter(release=release).values_list("kind", "revision__number")),
        [release.pk in found.releases, found.total],
        # What waits may have been sent since: written down it was with the rest.
        Ping.objects.filter(release=release).count(),
        editions.current().number - edition,
    ]


def removed(release, edition):
    """What it holds of one that was removed whole: that it was, and that its address is gone."""
    found = search.find(search.parse(release.current.title), build_bitmap_index())
    return [
        Event.objects.filter(verb="remove release", detail__release=release.pk).count(),
        Revision.objects.filter(title=release.current.title).count(),
        RemovedAddress.objects.holds(place_of(release.language, release.slug)),
        found.total,
        editions.current().number - edition,
    ]


def child(verb, release, editor, *, statements=None, commit=None, ready=None):
    """Fork; the child does the verb, killing itself before the statement after so many, or before or after the commit."""
    connection.close()
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        left = [statements]

        def count(execute, sql, params, many, context):
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            if left[0] is not None:
                left[0] -= 1
            return execute(sql, params, many, context)

        connection.ensure_connection()
        wrapper = connections[DEFAULT_DB_ALIAS]
        really = wrapper._commit

        def committing():
            if commit == "before":
                os.kill(os.getpid(), signal.SIGKILL)
            really()
            if commit == "after":
                os.kill(os.getpid(), signal.SIGKILL)

        wrapper._commit = committing
        if ready is not None:
            os.write(ready, b".")
        with connection.execute_wrapper(count):
            do(verb, release, editor)
        status = DONE
    finally:
        os._exit(status)


def main(verb):
    """Kill at every statement, then at any moment."""
    outbox.notify_hub = lambda address: ""  # nobody outside is told
    editor = User.objects.create_user(f"killed-{verb}")
    assign_role(editor, "editor")
    topics = [Topic.objects.create(name=f"{name} {verb}") for name in ("Old", "New")]
    chance, counts = random.Random(verb), {"undone": 0, "done": 0}

    # How it is before and after, seen at one that nobody killed.
    whole = make(verb, 0, editor, topics)
    number = editions.current().number
    before = held(whole, number)
    began = time.perf_counter()
    do(verb, whole, editor)
    lasts = time.perf_counter() - began
    after = held(whole, number)
    if before == after:
        raise SystemExit("the verb does nothing")

    def look(release, edition, how):
        with (
            transaction.atomic()
        ):  # PostgreSQL may still be ending what the dead process had sent: wait for its lock
            Release.objects.select_for_update().filter(pk=release.pk).first()
        found = held(release, edition)
        if found not in (before, after):
            raise SystemExit(
                f"{how}: {json.dumps(found)} is neither {json.dumps(before)} nor {json.dumps(after)}"
            )
        counts["done" if found == after else "undone"] += 1
        # The database works: somebody else writes, and the killed verb itself can be done.
        other = workflow.save_draft(None, Words("Afterwards"), by=editor)
        workflow.save_draft(other, Words("Afterwards too"), by=editor)
        return found == after

    release, edition = make(verb, 1, editor, topics), editions.current().number
    for statements in range(200):
        _, status = os.waitpid(child(verb, release, editor, statements=statements), 0)
        done = look(release, edition, f"killed before statement {statements + 1}")
        if os.WIFEXITED(status):
            if os.WEXITSTATUS(status) != DONE or not done:
                raise SystemExit(f"the verb failed by itself before statement {statements + 1}")
            break
        if done:
            break  # in the outbox: the verb was committed before
    for number, moment in enumerate(("before", "after")):
        release, edition = make(verb, f"commit{number}", editor, topics), editions.current().number
        os.waitpid(child(verb, release, editor, commit=moment), 0)
        if look(release, edition, f"killed {moment} the commit") != (moment == "after"):
            raise SystemExit(f"killed {moment} the commit it was not as it should be")
    for kill in range(AT_ANY_MOMENT):
        release, edition = make(verb, kill + 2, editor, topics), editions.current().number
        heard, ready = os.pipe()
        pid = child(verb, release, editor, ready=ready)
        os.close(ready)  # the child's own is the last: whoever listens hears of its end as well
        os.read(heard, 1)
        time.sleep(chance.uniform(0, 1.3 * lasts))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(heard)
        if not look(release, edition, f"killed at some moment ({kill})"):
            do(verb, Release.objects.get(pk=release.pk), editor)
            look(release, edition, "done after all")
            counts["done"] -= 1
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            counts["integrity"] = cursor.fetchone()[0]
    print(json.dumps({"verb": verb, "statements": statements, "at any moment": AT_ANY_MOMENT, **counts}))
