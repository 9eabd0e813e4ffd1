"""Whatever changes what readers see, by whatever verb or way in, leaves nothing behind that says what was before."""

import ast
import inspect
import pkgutil
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

import releases
from releases import outbox, workflow
from releases.intake.records.importer import import_records
from releases.models import Event, ReleaseTopic, Revision, Source, SourceCitation, Topic
from releases.permissions import TABLE as REACH
from releases.sample.load import load_large, staff
from releases.workflow import Words
from releases.workflow import topics as vocabulary
from releases.workflow.previews import end_links_of
from releases.workflow.public_change import public_change
from releases.workflow.topics import Naming
from releases.workflow.words import rebuild_forms
from tests.intake import lines
from tests.workflow.aftermath import Aftermath, pages, raised
from tests.workflow.table import POSSIBLE, do, in_chinese, make

pytestmark = pytest.mark.django_db

# In each of them a verb has other consequences: no live words, embargoed ones, ones that readers see, withdrawn ones; with a
# draft over them that is filed and sourced otherwise.
STATES = ("D", "A", "E", "E+d", "P", "P+a", "W", "W+d")


def citing(url):
    return f'<p>As <a href="{url}">it says</a>.</p>'


@pytest.fixture(autouse=True)
def hub(settings, monkeypatch):
    settings.WEBSUB_HUB = "https://hub.example.org/"
    settings.CHECK_SOURCES = False
    monkeypatch.setattr(outbox, "notify_hub", lambda address: "")


@pytest.fixture
def topics(make_topic):
    return make_topic("Land"), make_topic("Sea")


@pytest.fixture
def in_state(topics, writer, editor):
    """A release in a state; what it says, its topic and its source are others in the draft than in the live words."""
    land, sea = topics

    def made(state):
        in_chinese(editor)
        return make(
            state,
            writer,
            editor,
            text={"body": citing("https://one.example/"), "topics": [land]},
            later_text={"body": citing("https://two.example/"), "topics": [sea]},
        )

    return made


class Undo(Exception):
    pass


# ------------------------------------------------------------------ verbs on releases


# By default each kind of live words, with a draft or without; drafts alone once.
MARKS = {"D": [pytest.mark.alike], "E+d": [], "P+a": [], "W": [], "W+d": [pytest.mark.alike]}


@pytest.mark.parametrize(
    "state", [pytest.param(state, marks=MARKS.get(state, pytest.mark.deep)) for state in STATES]
)
def test_no_verb_on_a_release_forgets_what_follows(state, in_state, chief, make_user):
    target = make_user("target", "writer")
    release = in_state(state)
    aftermath = Aftermath(release.get_absolute_url(), "/releases/elsewhere/", "/zh-hans/releases/in-chinese/")
    wrong = {}
    for verb in (verb for verb in POSSIBLE if state in POSSIBLE[verb]):
        try:
            with transaction.atomic():
                if faults := aftermath.of(lambda verb=verb: do(verb, release, chief, target)):
                    wrong[verb] = faults
                raise Undo
        except Undo:
            pass
    assert wrong == {}


def test_no_verb_on_translations_forgets_what_follows(make_release, make_draft, chief):
    english, chinese = make_release("Said"), make_release("说", language="zh-hans", slug="shuo")
    secret = make_release("秘", language="zh-hant", slug="mi", publish_at=timezone.now() + timedelta(days=1))
    paths = (english.get_absolute_url(), chinese.get_absolute_url())
    assert (
        Aftermath(*paths).of(lambda: workflow.tie(english, secret, by=chief)) == []
    )  # nobody may learn of it
    assert Aftermath(*paths).of(lambda: workflow.tie(english, chinese, by=chief)) == []
    assert Aftermath(*paths).of(lambda: workflow.untie(secret, by=chief)) == []
    assert Aftermath(*paths).of(lambda: workflow.untie(english, by=chief)) == []


def test_links_and_pictures_change_nothing_that_readers_see(in_state, make_picture, chief):
    release, picture = in_state("P"), make_picture()
    made = []
    for happen in (
        lambda: made.append(workflow.share_preview(release, by=chief, days=1)),
        lambda: workflow.revoke_preview(made[0], by=chief),
        lambda: end_links_of(chief, by=chief),
        lambda: make_picture("another.jpg", size=(640, 480)),
        lambda: workflow.delete_picture(picture, by=chief),
        lambda: workflow.set_aside(release, Words("Typed over"), by=chief),
    ):
        assert Aftermath(release.get_absolute_url()).of(happen) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("verb", ["schedule", "unschedule", "change address"])
def test_words_whose_moment_came_before_the_verb_was_committed_leave_no_page_behind(
    verb, in_state, chief, monkeypatch
):
    release = in_state("E+d")
    with transaction.atomic():
        do(verb, release, chief, None)
        number = raised()
        late = timezone.now() + timedelta(days=4)
        monkeypatch.setattr("django.utils.timezone.now", lambda: late)
    assert raised() == number + 1


# ------------------------------------------------------------------ vocabulary and sources


def test_no_verb_on_the_vocabulary_or_on_sources_forgets_what_follows(in_state, make_release, topics, chief):
    land, sea = topics
    in_state("P")
    moved = make_release("To be moved", topics=[land])
    make_release("Embargoed", topics=[land, sea], publish_at=timezone.now() + timedelta(days=1))
    sky = vocabulary.add_topic(Naming("Sky", {}), by=chief)
    aftermath = Aftermath("/topics/land/", "/topics/sea/", "/topics/sky/", moved.get_absolute_url())

    def undo():
        vocabulary.undo(Event.objects.filter(release=None, verb__in=vocabulary.VERBS).latest("pk"), by=chief)

    def fresh(topic):
        return Topic.objects.get(pk=topic.pk)

    source = Source.objects.get(url="https://one.example/")
    wrong = {}
    for what, happen in (
        ("add", lambda: vocabulary.add_topic(Naming("Air", {}), by=chief)),
        ("rename", lambda: vocabulary.rename(land, Naming("Soil", {}), by=chief)),
        ("undo rename", undo),
        (
            "another address",
            lambda: vocabulary.rename(fresh(land), Naming("Land", {}, slug="soil"), by=chief),
        ),
        ("undo address", undo),
        ("split", lambda: vocabulary.split(fresh(land), {fresh(sky): [moved]}, by=chief)),
        ("undo split", undo),
        ("merge", lambda: vocabulary.merge(fresh(sea), into=fresh(land), by=chief)),
        ("undo merge", undo),
        ("retire", lambda: vocabulary.retire(fresh(sea), by=chief)),
        ("undo retire", undo),
        (
            "archive source",
            lambda: workflow.archive_source(
                source, address="https://archive.example/1", day=date(2020, 1, 2), by=chief
            ),
        ),
    ):
        if faults := aftermath.of(happen):
            wrong[what] = faults
    assert wrong == {}


# ------------------------------------------------------------------ ways in


def test_an_import_of_releases_forgets_nothing_that_follows(make_topic, tmp_path):
    approved = dict.fromkeys(("submitted_at", "approved_at", "frozen_at"), lines.AT)
    words = {"body": citing("https://one.example/"), "topics": ["land"]}
    topic = {"kind": "topic", "slug": "land", "name": "Land"}
    soon = (timezone.now() + timedelta(hours=1)).isoformat()
    path = lines.lines(
        tmp_path,
        topic,
        lines.release(
            1, live=1, working=None, publish_at=lines.AT, revisions=[lines.revision(**approved, **words)]
        ),
        lines.release(
            2, live=1, working=None, publish_at=soon, revisions=[lines.revision(**approved, **words)]
        ),
        lines.release(3, revisions=[lines.revision(**words)]),
    )
    make_topic("Land")  # the import brings no other
    assert Aftermath("/releases/release-1/", "/topics/land/").of(lambda: import_records(path)) == []
    assert ReleaseTopic.objects.count() == SourceCitation.objects.count() == 2


def test_an_import_of_topics_alone_is_seen_at_once(tmp_path):
    path = lines.lines(tmp_path, {"kind": "topic", "slug": "land", "name": "Land"})
    assert Aftermath("/topics/").of(lambda: import_records(path)) == []
    assert Topic.objects.get().slug == "land"


def test_the_sample_newsroom_forgets_nothing_that_follows():
    people = staff()
    faults = Aftermath().of(lambda: load_large(20, by=people))
    # Topics come first, each portion of texts after them; the hub is left to the command.
    assert [one for one in faults if not one.startswith("edition raised")] == []
    assert ReleaseTopic.objects.exists()
    assert SourceCitation.objects.exists()


def test_words_that_are_rendered_anew_are_seen_at_once(in_state):
    release = in_state("P")
    Revision.objects.filter(pk=release.live_id).update(body_page="<p>As it was rendered before.</p>")
    aftermath = Aftermath(release.get_absolute_url())
    caches["pages"].clear()
    assert b"rendered before" in pages(release.get_absolute_url())[release.get_absolute_url()][2]
    assert [one for one in aftermath.of(rebuild_forms) if not one.startswith("feed")] == []
    assert b"rendered before" not in pages(release.get_absolute_url())[release.get_absolute_url()][2]


def test_the_rebuilt_search_is_seen_at_once(in_state):
    in_state("P")
    number = raised()
    call_command("rebuild_search")
    assert raised() == number + 1


# ------------------------------------------------------------------ that nothing is left out here

# Helpers of verbs, and notes of no consequence: they ask for a person or a moment, but change nothing that readers see.
NO_VERBS = {
    "acknowledge", "against_correction", "demand", "demand_picture", "is_outdated", "own_text", "reasons_against",
    "base_save_number", "must_forget", "receipt_of", "record", "redate", "demand_removal",
}  # fmt: skip
ON_RELEASES = {
    "save_draft", "discard_draft", "restore", "submit", "return_draft", "approve", "schedule", "unschedule", "publish",
    "correct", "withdraw", "hand_over", "readdress", "tie", "translate", "untie",
}  # fmt: skip
ELSEWHERE = {
    "share_preview", "revoke_preview", "end_links_of", "add_picture", "delete_picture", "set_aside", "add_topic", "rename",
    "merge", "split", "retire", "undo", "archive_source", "remove_release", "remove_picture",
}  # fmt: skip


def test_every_verb_of_the_workflow_is_among_these():
    names = set()
    for module in pkgutil.iter_modules(workflow.__path__):
        for name, member in inspect.getmembers(
            import_module(f"releases.workflow.{module.name}"), inspect.isfunction
        ):
            here = inspect.unwrap(member)
            if (
                here.__module__.startswith("releases.workflow.")
                and "by" in inspect.signature(here).parameters
            ):
                names.add(name)
    verbs = {name for name in names if not name.startswith("_")} - NO_VERBS
    assert verbs == ON_RELEASES | ELSEWHERE
    assert len(ON_RELEASES) == len(POSSIBLE) + 1  # untying stands apart
    assert set(POSSIBLE) <= set(REACH)


# Who may do one of the steps by themselves: those that make an index anew, and raise the edition for it.
STEPS = {
    "raise_edition",
    "recount",
    "feeds_changed",
    "embargoes_changed",
    "refile",
    "record_sources",
    "update_index",
}
ALONE = {
    "workflow/public_change.py",
    "search/engine.py",
    "sources/record.py",
    "outbox.py",
    "workflow/filing.py",
}


def test_nobody_else_does_a_step_of_what_follows():
    root = Path(releases.__file__).parent
    found = {
        (path.relative_to(root).as_posix(), name)
        for path in root.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        for name in [getattr(node.func, "id", getattr(node.func, "attr", ""))]
        if name in STEPS
    }
    assert {path for path, _name in found} <= ALONE
    assert {name for path, name in found if path == "workflow/public_change.py"} == STEPS


def test_a_public_change_outside_of_a_transaction_is_refused(transactional_db):
    with (
        pytest.raises(RuntimeError, match="inside a transaction"),
        public_change(everywhere=True, at=timezone.now()),
    ):
        pass
