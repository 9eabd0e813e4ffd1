"""A verb that is cut short at any statement leaves everything as it was: no half publication, on any database."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from releases import editions, workflow
from releases.models import Correction, Edition, Event, Release, ReleaseTopic, Revision, RevisionTopic
from releases.workflow import Words

pytestmark = pytest.mark.django_db(transaction=True)


class Cut(Exception):
    """The power went."""


class After:
    """Lets so many statements pass and then none."""

    def __init__(self, statements):
        self.left = statements

    def __call__(self, execute, sql, params, many, context):
        if self.left == 0:
            raise Cut(sql)
        self.left -= 1
        return execute(sql, params, many, context)


def everything():
    tables = (Release, Revision, ReleaseTopic, RevisionTopic, Event, Correction, Edition)
    return [list(table.objects.order_by("pk").values()) for table in tables]


@pytest.fixture
def ready(make_draft, make_release, make_topic, editor):
    """A release for each verb, and the verb."""
    old, new = make_topic("Old"), make_topic("New")
    future = timezone.now() + timedelta(days=1)

    def over(release, **words):
        words = Words("Changed", "<p>New words.</p>", topics=[new], **words)
        return workflow.save_draft(release, words, by=editor)

    def make(verb):
        if verb == "publish":
            draft = make_draft(notes=2, topics=[old])
            return lambda: workflow.publish(draft, by=editor)
        if verb == "publish over":
            release = over(make_release(topics=[old]))
            return lambda: workflow.publish(release, by=editor)
        if verb == "schedule":
            draft = make_draft(notes=2, topics=[old], publish_at=future)
            return lambda: workflow.schedule(draft, by=editor)
        if verb == "unschedule":
            release = make_release(topics=[old], publish_at=future)
            return lambda: workflow.unschedule(release, by=editor)
        if verb == "correct":
            release = over(make_release(topics=[old]))
            return lambda: workflow.correct(release, by=editor, note="A figure.")
        if verb == "withdraw":
            release = make_release(topics=[old])
            return lambda: workflow.withdraw(release, by=editor, notice="Gone.")
        if verb == "restore":
            release = over(make_release(topics=[old]))
            return lambda: workflow.restore(release, release.live, by=editor)
        if verb == "save draft":
            release = make_release(topics=[old])
            return lambda: over(release)
        if verb == "submit":
            draft = make_draft()
            return lambda: workflow.submit(draft, by=editor)
        release = over(make_release(topics=[old]))
        return lambda: workflow.discard_draft(release, by=editor)

    return make


@pytest.mark.parametrize(
    "verb",
    ["publish", "publish over", "schedule", "unschedule", "correct", "withdraw", "restore", "save draft", "submit",
     "discard draft"],
)  # fmt: skip
def test_a_verb_cut_short_at_any_statement_is_not_done_at_all(ready, verb):
    act = ready(verb)
    before, edition = everything(), editions.current().name
    for statements in range(200):
        cut = After(statements)
        try:
            with connection.execute_wrapper(cut):
                act()
        except Cut:
            assert everything() == before, f"cut after {statements} statements"
            assert editions.current().name == edition
        else:
            break
    else:
        pytest.fail("the verb never came to its end")
    assert statements >= 3
    assert everything() != before
    assert Event.objects.count() == len(before[4]) + 1
