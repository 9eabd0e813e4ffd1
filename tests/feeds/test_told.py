"""The hub is told of exactly the feeds that changed: each of them is looked at before and after, byte for byte."""

from datetime import date, timedelta

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from releases import outbox, workflow
from releases.intake.records.importer import import_records
from releases.models import Event, Ping, Source
from releases.outbox import send_due
from releases.workflow import Words
from releases.workflow import topics as vocabulary
from releases.workflow.topics import Naming
from tests.depth import DEEP
from tests.intake import lines

pytestmark = pytest.mark.django_db
LANGUAGES = ("en", "zh-hans", "bo") if DEEP else ("en", "zh-hans")
SLUGS = ("land", "sea", "sky", "old", "shore")


@pytest.fixture(autouse=True)
def hub(settings, monkeypatch):
    settings.WEBSUB_HUB = "https://hub.example.org/"
    settings.LANGUAGES = [one for one in settings.LANGUAGES if one[0] in LANGUAGES]
    told = []
    monkeypatch.setattr(outbox, "notify_hub", lambda address: told.append(address) or "")
    return told


@pytest.fixture(scope="module")
def newsroom(module_makers):
    """More than a document holds: 45 old releases under Old, of which 23 are under Sky; a few new ones elsewhere."""
    make_release, make_topic = module_makers.release, module_makers.topic
    land, sea, sky, old = (make_topic(name) for name in ("Land", "Sea", "Sky", "Old"))
    start = timezone.now() - timedelta(days=100)
    made = {}
    for number in range(45):
        made[f"old {number}"] = make_release(
            f"Old {number}",
            publish_at=start + timedelta(hours=number),
            topics=[old, sky] if number < 23 else [old],
        )
    for number in range(21):
        made[f"new {number}"] = make_release(f"New {number}", topics=[land] if number % 7 else [land, sea])
    made["cites"] = make_release("Cites", topics=[sea], body='<p><a href="https://source.example/">x</a></p>')
    made["chinese"] = make_release("中文", language="zh-hans", slug="zh", topics=[land])
    return made


def feeds():
    """Every feed's answer, by its path. The other forms are made of the same."""
    caches["pages"].clear()
    client, found = Client(), {}
    for prefix in ("" if code == "en" else f"/{code}" for code in LANGUAGES):
        for stem in ("/feeds/releases", *(f"/topics/{slug}/feed" for slug in SLUGS)):
            answer = client.get(f"{prefix}{stem}.atom")
            found[prefix + stem] = (answer.status_code, answer.headers.get("Location"), answer.content)
    return found


def waiting(at=None):
    found = Ping.objects.filter(sent_at=None, due_at__lte=at or timezone.now())
    return set(found.values_list("path", flat=True))


def topic(slug):
    return vocabulary.Topic.objects.get(slug=slug)


def mend(release, by, *slugs, title="Mended", body="<p>Mended.</p>"):
    return workflow.save_draft(
        release, Words(title, body=body, topics=[topic(slug) for slug in slugs]), by=by
    )


def named(name, slug="", **names):
    return Naming(name, {code.replace("_", "-"): word for code, word in names.items()}, slug=slug)


def undo(by):
    vocabulary.undo(Event.objects.filter(release=None).exclude(verb="archive source").latest("pk"), by=by)


def publish(release, by):
    workflow.publish(release, by=by)


def changes(made, make_draft, by):
    """What happens, step by step; each begins where the one before ended."""
    new, last, old, ends = made["new 20"], made["cites"], made["old 3"], made["old 44"]
    ago = timezone.now() - timedelta(days=200)
    draft = make_draft("Fresh", topics=[topic("land"), topic("sea")])
    backdated = make_draft("Backdated", topics=[topic("old")], publish_at=ago)
    bare = make_draft("Bare")
    yield "publish", lambda: publish(draft, by)
    yield "publish what is filed under nothing", lambda: publish(bare, by)
    yield "publish at a date long ago", lambda: publish(backdated, by)
    yield "mend", lambda: publish(mend(new, by, "land"), by)
    yield (
        "mend what stands in older volumes alone, but among the newest of a topic",
        lambda: publish(mend(ends, by, "old"), by),
    )
    yield (
        "mend what is among the newest nowhere",
        lambda: publish(mend(made["old 1"], by, "old", "sky", title="Old 1"), by),
    )
    yield (
        "correct into another topic",
        lambda: workflow.correct(mend(new, by, "sea"), by=by, note="Wrong topic."),
    )
    yield (
        "correct an old one out of a topic",
        lambda: workflow.correct(mend(old, by, "old"), by=by, note="Wrong."),
    )
    yield "save a draft", lambda: mend(last, by, "land")
    yield "discard it", lambda: workflow.discard_draft(last, by=by)
    yield "another address", lambda: workflow.readdress(new, slug="elsewhere", by=by)
    yield "another address of an old one", lambda: workflow.readdress(old, slug="old-elsewhere", by=by)
    yield "withdraw", lambda: workflow.withdraw(new, by=by, notice="Wrong.")
    yield "publish again", lambda: publish(new, by)
    for number in range(10, 16):  # the link to the volume before moves once in these
        yield (
            f"withdraw old {number}",
            lambda number=number: workflow.withdraw(made[f"old {number}"], by=by, notice="Wrong."),
        )
    yield "archive a source", lambda: workflow.archive_source(
        Source.objects.get(url="https://source.example/"),
        address="https://archive.example/x", day=date(2020, 1, 2), by=by,
    )  # fmt: skip
    yield "rename a topic", lambda: vocabulary.rename(topic("land"), named("Soil"), by=by)
    yield (
        "rename it in one language",
        lambda: vocabulary.rename(topic("land"), named("Soil", zh_hans="土地"), by=by),
    )
    yield (
        "describe it",
        lambda: vocabulary.rename(
            topic("land"), Naming("Soil", {"zh-hans": "土地"}, description="x", synonyms=["Earth"]), by=by
        ),
    )
    yield (
        "another address for a topic",
        lambda: vocabulary.rename(topic("sea"), named("Sea", slug="shore"), by=by),
    )
    yield "back to the old one", lambda: undo(by)
    yield "merge", lambda: vocabulary.merge(topic("sea"), into=topic("land"), by=by)
    yield "undo the merge", lambda: undo(by)
    yield "merge what is old", lambda: vocabulary.merge(topic("sky"), into=topic("land"), by=by)
    yield "undo that merge", lambda: undo(by)
    yield "split", lambda: vocabulary.split(topic("land"), {topic("sky"): [made["new 19"]]}, by=by)
    yield "undo the split", lambda: undo(by)
    yield "retire", lambda: vocabulary.retire(topic("old"), by=by)
    yield "undo retiring", lambda: undo(by)
    yield "add a topic", lambda: vocabulary.add_topic(named("Shoreline"), by=by)
    yield "tie translations", lambda: workflow.tie(last, made["chinese"], by=by)


@pytest.mark.parametrize("notices", [False, True])
def test_whatever_happens_the_hub_is_told_of_the_feeds_that_changed_and_of_no_other(
    newsroom, make_draft, chief, settings, notices
):
    settings.WITHDRAWN_IN_FEEDS = notices
    before = feeds()
    wrong, quiet = {}, 0
    for what, happen in changes(newsroom, make_draft, chief):
        if notices and not DEEP and "withdraw" not in what and "again" not in what:
            continue  # by this setting only what happens to notices is another thing
        happen()
        after = feeds()
        changed = {
            f"{path}.{kind}"
            for path in after
            # What leads elsewhere is no feed; but one that came to do so has changed.
            if after[path] != before[path] and 200 in {after[path][0], before[path][0]}
            for kind in ("rss", "atom", "json")
        }
        if waiting() != changed:
            wrong[what] = {"too many": waiting() - changed, "too few": changed - waiting()}
        quiet += not changed
        send_due()
        before = after
    assert wrong == {}
    assert quiet >= 8 or notices  # else nothing would show that it can keep quiet


def test_an_embargo_tells_of_its_feeds_at_its_end_as_they_are_then(newsroom, hub, make_release, chief):
    at = timezone.now() + timedelta(hours=1)
    make_release("Secret", publish_at=at, topics=[topic("sea"), topic("sky")])
    vocabulary.merge(topic("sky"), into=topic("land"), by=chief)
    vocabulary.rename(topic("sea"), named("Sea", slug="shore"), by=chief)
    send_due()
    hub.clear()
    assert send_due(at=at - timedelta(seconds=1)).notified == 0
    send_due(at=at)
    stems = ("/feeds/releases", "/topics/land/feed", "/topics/shore/feed")
    assert sorted(hub) == sorted(
        f"http://testserver{stem}.{kind}" for stem in stems for kind in ("rss", "atom", "json")
    )


def test_nothing_about_an_embargo_is_told_before_its_end_whatever_staff_do(newsroom, hub, make_draft, chief):
    at = timezone.now() + timedelta(hours=1)
    release = make_draft("Secret", topics=[topic("sea")], publish_at=at)
    make_draft("Another")
    hub.clear()
    release = workflow.schedule(release, by=chief)
    workflow.readdress(release, slug="moved", by=chief)
    workflow.schedule(
        workflow.save_draft(
            release, Words("More", topics=[topic("sky")], publish_at=at + timedelta(hours=1)), by=chief
        ),
        by=chief,
    )
    send_due(at=at)
    assert hub == []
    assert {path.partition("feed")[0] for path in waiting(at + timedelta(hours=1))} == {"/", "/topics/sky/"}
    workflow.unschedule(release, by=chief)
    send_due(at=at + timedelta(days=1))
    assert hub == []


def test_what_the_hub_has_not_heard_yet_is_not_forgotten_when_more_happens(
    newsroom, hub, monkeypatch, editor
):
    now = timezone.now()
    release = newsroom["new 20"]
    workflow.correct(mend(release, editor, "sky"), by=editor, note="Sky.")
    monkeypatch.setattr(outbox, "notify_hub", lambda address: "HTTP 503")
    send_due(at=now + timedelta(minutes=1))
    workflow.correct(mend(release, editor, "sky", title="Again"), by=editor, note="Again.")
    monkeypatch.setattr(outbox, "notify_hub", lambda address: hub.append(address) or "")
    hub.clear()
    send_due(at=now + timedelta(hours=1))
    # It left Land with the first correction; the second one knows nothing of it.
    assert "http://testserver/topics/land/feed.atom" in hub


def test_an_import_tells_of_what_it_brought_to_the_newest(newsroom, hub, tmp_path):
    hub.clear()
    ago, soon = "2020-01-01T12:00:00+00:00", (timezone.now() + timedelta(hours=1)).isoformat()
    live = {"live": 1, "working": None}
    approved = dict.fromkeys(("submitted_at", "approved_at", "frozen_at"), lines.AT)
    path = lines.lines(
        tmp_path,
        lines.release(1, publish_at=ago, revisions=[lines.revision(**approved)], **live),
        lines.release(
            2, publish_at=ago, language=LANGUAGES[-1], addresses=[[LANGUAGES[-1], "release-2"]],
            revisions=[lines.revision(**approved)], **live,
        ),
        lines.release(3, publish_at=soon, revisions=[lines.revision(**approved)], **live),
        lines.release(4),
    )  # fmt: skip
    result = import_records(path)
    assert (result.added, result.refused) == (4, 0)
    every = {f"/feeds/releases.{kind}" for kind in ("rss", "atom", "json")}
    assert waiting() == {f"/{LANGUAGES[-1]}{path}" for path in every}
    assert waiting(timezone.now() + timedelta(hours=2)) - waiting() == every
    assert hub == []


def test_a_task_that_could_not_tell_all_leaves_the_rest_to_another_one(
    settings, hub, make_release, monkeypatch
):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    make_release("T")
    monkeypatch.setattr(outbox, "notify_hub", lambda address: "HTTP 503")
    DBTaskResult.objects.all().delete()
    assert outbox.send_pings.call() == 0
    (again,) = DBTaskResult.objects.all()
    assert timedelta(seconds=30) < again.run_after - timezone.now() <= timedelta(minutes=1)
    monkeypatch.setattr(outbox, "notify_hub", lambda address: "")
    Ping.objects.update(due_at=timezone.now())
    assert outbox.send_pings.call() == 3
    assert DBTaskResult.objects.count() == 1
