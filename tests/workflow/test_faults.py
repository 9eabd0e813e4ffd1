"""A verb that is cut short at any statement leaves everything as it was: no half publication, on any database."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, OperationalError, connection, connections
from django.test import Client
from django.utils import timezone

from releases import editions, outbox, search, workflow
from releases.models import Event, Ping, Presence, Release
from releases.search.bitmap import build_bitmap_index
from releases.workflow import Words, topics
from tests.admin.pressing import asked
from tests.admin.test_verbs_by_url import form_of
from tests.depth import DEEP

pytestmark = pytest.mark.django_db(transaction=True)
# Every row of the domain; who has a page open is no part of any verb.
TABLES = [table for table in apps.get_app_config("releases").get_models() if table is not Presence]


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
    """All rows, the edition's name, and what the index of the search itself answers."""
    edition = editions.current()
    index = build_bitmap_index()
    found = [
        search.find(search.parse(typed), index, search.Filters()).releases
        for typed in ("new", "words", "old")
    ]
    rows = {table.__name__: list(table.objects.order_by("pk").values()) for table in TABLES}
    return {**rows, "edition": edition.name, "found": [list(one) for one in found]}


@pytest.fixture
def act(make_draft, make_release, make_topic, make_user, editor, chief, writer, settings, monkeypatch):
    """A release for each verb, and the verb. There is a hub, which hears of everything."""
    settings.WEBSUB_HUB = "https://hub.example.org/"
    monkeypatch.setattr(outbox, "notify_hub", lambda address: "")
    old, new = make_topic("Old"), make_topic("New")
    future = timezone.now() + timedelta(days=1)
    client = Client()
    client.force_login(editor)

    def draft(**words):
        return make_draft(notes=2, topics=[old], **words)

    def live(**words):
        return make_release(notes=1, topics=[old], **words)

    def over(release):
        return workflow.save_draft(
            release,
            Words("Changed", "<p>New words.</p>", topics=[new], publish_at=release.current.publish_at),
            by=editor,
        )

    def changed():
        return over(live())

    def withdrawn():
        return workflow.withdraw(live(), by=editor, notice="Gone.")

    def submitted():
        return workflow.submit(draft(), by=editor)

    def shared():
        return workflow.share_preview(draft(), by=editor, days=1)

    def under():
        live()
        return old

    def press(release, **fields):
        """The button of the form, after typing: what is typed is saved and readdressed, or nothing of it."""
        fields = {
            "body": "<p>New words.</p>", "topics": [new.pk], "slug": "moved", "correction_note": "A figure.", **fields
        }  # fmt: skip
        sent = client.post(f"/admin/releases/release/{release.pk}/change/", form_of(release, **fields))
        assert sent.status_code == 302, sent.content
        return sent["Location"]

    def asked_for(release, **fields):
        """The page that asks, with the answer to be sent."""
        address = press(release, **fields)
        hidden, choices = asked(client.get(address))
        return address, {**hidden, "do": choices[0]}

    def confirm(page):
        """The button of the page that asks: it goes out, or nothing of it."""
        address, data = page
        assert client.post(address, data).status_code == 302

    chinese = make_draft("In Chinese", language="zh-hans")
    made = {
        # verb: what it is done to, and the doing
        "create": (None, lambda _: workflow.save_draft(None, Words("New", topics=[new]), by=editor)),
        "save draft": (draft, over),
        "save draft over live words": (live, over),
        "discard draft": (changed, lambda one: workflow.discard_draft(one, by=editor)),
        "restore": (changed, lambda one: workflow.restore(one, one.live, by=editor)),
        "submit": (draft, lambda one: workflow.submit(one, by=editor)),
        "return": (submitted, lambda one: workflow.return_draft(one, by=editor, comment="Why?")),
        "approve": (submitted, lambda one: workflow.approve(one, by=editor)),
        "schedule": (lambda: draft(publish_at=future), lambda one: workflow.schedule(one, by=editor)),
        "unschedule": (lambda: live(publish_at=future), lambda one: workflow.unschedule(one, by=editor)),
        "publish": (draft, lambda one: workflow.publish(one, by=editor)),
        "publish over": (changed, lambda one: workflow.publish(one, by=editor)),
        "publish again": (withdrawn, lambda one: workflow.publish(one, by=editor)),
        "correct": (changed, lambda one: workflow.correct(one, by=editor, note="A figure.")),
        "withdraw": (live, lambda one: workflow.withdraw(one, by=editor, notice="Gone.")),
        "hand over": (draft, lambda one: workflow.hand_over(one, to=writer, by=editor)),
        "change address": (live, lambda one: workflow.readdress(one, slug="moved", by=editor)),
        "tie": (draft, lambda one: workflow.tie(one, chinese, by=editor)),
        "untie": (
            lambda: workflow.tie(draft(), chinese, by=editor),
            lambda one: workflow.untie(one, by=editor),
        ),
        "translate": (draft, lambda one: workflow.translate(one, "zh-hant", by=editor)),
        "share preview": (draft, lambda one: workflow.share_preview(one, by=editor, days=1)),
        "revoke preview": (shared, lambda link: workflow.revoke_preview(link, by=editor)),
        "rename topic": (under, lambda topic: topics.rename(topic, topics.Naming("Renamed", {}), by=chief)),
        "merge topics": (under, lambda topic: topics.merge(topic, new, by=chief)),
        "split topic": (under, lambda topic: topics.split(topic, {new: Release.objects.all()}, by=chief)),
        "press publish": (draft, lambda one: press(one, _publish="")),
        "press correct": (live, lambda one: press(one, _correct="")),
        "confirm publish": (lambda: asked_for(draft(), _publish=""), confirm),
        "confirm correct": (lambda: asked_for(live(), _correct=""), confirm),
    }

    def act(verb):
        make, do = made[verb]
        subject = make() if make else None
        return lambda: do(subject)

    return act


VERBS = {
    # verb: how many events it writes
    "create": 1, "save draft": 1, "save draft over live words": 1, "discard draft": 1, "restore": 1, "submit": 1, "return": 1,
    "approve": 1, "schedule": 1, "unschedule": 1, "publish": 1, "publish over": 1, "publish again": 1, "correct": 1,
    "withdraw": 1, "hand over": 1, "change address": 1, "tie": 2, "untie": 2, "translate": 3, "share preview": 1, "revoke preview": 1,
    "rename topic": 1, "merge topics": 1, "split topic": 1, "press publish": 2, "press correct": 1,
    "confirm publish": 1, "confirm correct": 1,
}  # fmt: skip


# Of all kinds: a new row and changed ones, many rows, several releases, a form with several verbs.
KINDS = {"create", "publish over", "restore", "merge topics", "untie", "confirm correct"}
EVERY = [verb if verb in KINDS else pytest.param(verb, marks=pytest.mark.alike) for verb in VERBS]


@pytest.mark.parametrize("verb", EVERY)
def test_a_verb_cut_short_at_any_statement_is_not_done_at_all(act, verb):
    run = act(verb)
    before = everything()
    # By default at every third one, from the first, second or third on; the verbs share what they do, so that all are met.
    step = 1 if DEEP else 3
    for statements in range(len(verb) % step, 300, step):
        try:
            with connection.execute_wrapper(After(statements)):
                run()
        except Cut:
            assert everything() == before, f"cut after {statements} statements"
        else:
            break
    else:
        pytest.fail("the verb never came to its end")
    assert statements >= 3
    after = everything()
    assert after != before
    assert Event.objects.count() == len(before["Event"]) + VERBS[verb]


@pytest.mark.parametrize("verb", EVERY)
def test_a_verb_whose_commit_fails_is_not_done_at_all(act, verb, monkeypatch):
    run = act(verb)
    before = everything()

    def fail():
        raise OperationalError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(connections[DEFAULT_DB_ALIAS], "_commit", fail)
        # A form that was pressed is answered 503, which is not the answer that the press asserts.
        with pytest.raises((OperationalError, AssertionError), match=r"(?s)the disk is full|503 == 302"):
            run()
    assert everything() == before
    run()
    assert everything() != before


@pytest.mark.parametrize("verb", ["publish", "publish over", "correct", "withdraw", "confirm publish"])
def test_what_goes_wrong_while_the_hub_is_told_undoes_nothing_and_the_pings_wait(act, verb, monkeypatch):
    def dead(address):
        raise Cut(address)

    monkeypatch.setattr(outbox, "notify_hub", dead)
    run = act(verb)
    events = Event.objects.count()
    run()
    assert Event.objects.count() == events + VERBS[verb]
    assert Ping.objects.filter(sent_at=None).exists()
    monkeypatch.setattr(outbox, "notify_hub", lambda address: "")
    later = timezone.now() + timedelta(hours=1)
    assert outbox.send_due(at=later).notified
    assert not Ping.objects.filter(sent_at=None).exists()
