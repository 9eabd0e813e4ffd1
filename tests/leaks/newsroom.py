"""A newsroom with a release in every state, in which each field of each text holds a word that stands nowhere else."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth import get_user_model
from django.utils import timezone

from newsroom.accounts.models import assign_role
from releases import workflow
from releases.models import Event, Picture, Presence, PreviewLink, Release, Source, Topic
from releases.permissions import may
from releases.workflow import Words
from tests.pictures.conftest import photo

ROLES = ("nobody", "no role", "another writer", "author", "editor", "chief")
# What the words of a state are called: what readers see, what lies over it, what was there before, who and when.
LIVE, DRAFT, OLD, LINKS, PEOPLE = "live", "draft", "old", "links", "people"
# What a live text has besides that is told to staff alone.
DESK = "desk"
STATES = (
    "draft", "submitted", "returned", "approved", "scheduled", "scheduled, draft", "published", "published, draft",
    "published, submitted", "published, approved", "corrected", "withdrawn", "withdrawn, draft",
)  # fmt: skip
# Days on which nothing else happens: of what is planned, and of what was saved.
PLANNED = datetime(2041, 3, 17, 3, 19, tzinfo=ZoneInfo("America/New_York"))
SAVED = datetime(2019, 2, 13, 4, 41, 37, tzinfo=ZoneInfo("America/New_York"))
TIMES = ("17 mar", "2041-03-17", "03:19", "13 feb", "2019-02-13", "04:41:37")


@dataclass
class Newsroom:
    """Who is there, what is there, and to which release and layer each word belongs."""

    people: dict[str, object]
    releases: dict[str, Release] = field(default_factory=dict)
    # The state and the layer to which each belongs.
    words: dict[str, tuple[str, str]] = field(default_factory=dict)
    topics: dict[str, tuple[str, str]] = field(default_factory=dict)
    control: str = ""
    # As it was made, for `writes`.
    by_pk: dict[int, Release] = field(default_factory=dict)
    rows: dict[str, dict[object, tuple]] = field(default_factory=dict)
    accounts: list[dict[str, object]] = field(default_factory=list)

    def word(self, state: str, layer: str, *, topic: bool = False) -> str:
        """A new word, as long as every other."""
        kind = self.topics if topic else self.words
        made = f"q{len(self.words) + len(self.topics):03d}zx"
        kind[made] = (state, layer)
        return made

    def granted(self, role: str, state: str, layer: str) -> bool:
        """Does `permissions` let this person know the words of that layer?"""
        user = self.people.get(role)
        release = self.releases.get(state)
        if layer == LIVE and release and release.is_visible():
            return True
        if user is None:
            return False
        if layer == PEOPLE:
            return may(user, "change people")
        if release is None:  # who saved, and when: told to whoever may read what was saved
            return may(user, "view record") or role == "author"
        verb = {LIVE: "view", DESK: "view", LINKS: "share preview"}.get(layer, "save draft")
        return may(user, verb, release)


def make() -> Newsroom:
    """The newsroom; asks for a folder for its pictures."""
    users = get_user_model().objects
    people = {}
    for name, role in {
        "author": "writer",
        "another writer": "writer",
        "editor": "editor",
        "chief": "chief",
    }.items():
        people[name] = users.create_user(name.replace(" ", "-"), password="x")
        assign_role(people[name], role)
    people["no role"] = users.create_user("no-role", password="x", is_staff=True)
    world = Newsroom(people)
    # Has left: stands in no choice of a new author, so whoever is told the name is told who saved.
    saver = users.create_user(
        "saver", password="x", last_name=world.word("", DRAFT), email=f"{world.word('', PEOPLE)}@example.org"
    )
    assign_role(saver, "editor")
    people["saver"] = saver
    world.control = world.word("", PEOPLE, topic=True)
    Topic.objects.create(name=world.control)
    for number, state in enumerate(STATES):
        world.releases[state] = _make(world, state, number)
    saver.is_active = False
    saver.save()
    now = timezone.now()
    for release in Release.objects.all():
        Presence.objects.create(release=release, user=saver, since=SAVED, at=now + timedelta(days=1))
    return world


def _text(world: Newsroom, state: str, layer: str, colour: int) -> Words:
    """A word of its own in each field."""

    def word() -> str:
        return world.word(state, layer)

    topic = Topic.objects.create(name=world.word(state, layer, topic=True))
    key = word()
    body = (
        f'<p>The {word()} was read<sup class="footnote-ref"><a href="#fn-{key}" id="fnref-{key}">1</a></sup>.</p>'
        f'<ol class="footnotes"><li id="fn-{key}"><p>{word()}, <a href="https://{word()}.example/">p. 9</a>.</p></li></ol>'
    )
    # One in every third text: to make its forms takes the longest.
    picture = colour % 3 == 0 and workflow.add_picture(
        photo(size=(240, 200), colour=f"#{colour * 0x030507 % 0xFFFFFF:06x}"), by=world.people["author"],
        name=f"{world.word(state, DESK if layer == LIVE else layer)}.jpg",
    )  # fmt: skip
    return Words(
        title=f"{word()} title", body=body, dateline=word(), summary=f"{word()}.", topics=[topic], picture=picture or None,
        picture_alt=f"{word()}.", picture_caption=f"{word()}.",
        publish_at=PLANNED if layer == DRAFT else None,
    )  # fmt: skip


def _make(world: Newsroom, state: str, number: int) -> Release:
    author, editor, saver = (world.people[name] for name in ("author", "editor", "saver"))
    first, _, over = state.partition(", ")
    unseen = first in {"draft", "submitted", "returned", "approved", "scheduled"}
    layer = DRAFT if unseen else OLD if first == "corrected" else LIVE
    at = SAVED if unseen else timezone.now() - timedelta(hours=3)
    slug = world.word(state, layer if layer != OLD else LIVE)
    words = _text(world, state, layer, 7 * number + 1)
    release = workflow.save_draft(None, words, by=author, at=at, slug=slug, comment=world.word(state, DRAFT))
    if first in {"submitted", "returned", "approved"}:
        release = workflow.submit(release, by=author, at=at, comment=world.word(state, DRAFT))
    if first == "returned":
        release = workflow.return_draft(release, by=saver, at=at, comment=world.word(state, DRAFT))
    if first == "approved":
        release = workflow.approve(release, by=saver, at=at, comment=world.word(state, DRAFT))
    if first in {"scheduled", "published", "corrected", "withdrawn"}:
        release = workflow.publish(release, by=editor, at=at)
    if first == "corrected":
        release = workflow.save_draft(release, _text(world, state, LIVE, 7 * number + 2), by=author, at=at)
        release = workflow.correct(
            release, by=editor, note=world.word(state, LIVE), at=at + timedelta(minutes=1)
        )
    if first == "withdrawn":
        release = workflow.withdraw(release, by=editor, notice=world.word(state, LIVE))
    if over:
        draft = replace(_text(world, state, DRAFT, 7 * number + 3), planned_slug=world.word(state, DRAFT))
        release = workflow.save_draft(release, draft, by=saver, at=SAVED, comment=world.word(state, DRAFT))
    if over in {"submitted", "approved"}:
        release = workflow.submit(release, by=saver, at=SAVED, comment=world.word(state, DRAFT))
    if over == "approved":
        release = workflow.approve(release, by=saver, at=SAVED, comment=world.word(state, DRAFT))
    workflow.share_preview(release, by=author, days=3, note=world.word(state, LINKS))
    return Release.objects.get(pk=release.pk)


def keys_of(model: str) -> Iterator[int | str]:
    """The keys of everything of a model that an address can name."""
    kinds = {
        "release": Release, "picture": Picture, "topic": Topic, "source": Source, "event": Event,
        "user": get_user_model(), "link": PreviewLink,
    }  # fmt: skip
    yield from kinds[model].objects.order_by("pk").values_list("pk", flat=True)
