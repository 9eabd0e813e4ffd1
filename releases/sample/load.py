"""Puts the sample newsroom into the database: the written texts through the workflow, generated ones in bulk.

Every text has a uuid of its own that follows from its key, so that what was loaded once is never loaded again, whatever
has become of it in the meantime.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from newsroom.accounts.models import User
from newsroom.accounts.people import find_person
from newsroom.accounts.roles import EDITOR, WRITER, assign_role
from releases import workflow
from releases.models import Release, Topic, TopicWord
from releases.models.topic import key_of
from releases.sample.drawings import DRAWINGS
from releases.sample.reader import Moment, Text, texts, topic_names, topic_translations
from releases.workflow import Words
from releases.workflow.public_change import public_change

NAMESPACE = UUID("6b0f3a52-5d0e-4f0c-9a39-8c2f7f1f6a11")
# How long before its publication a text was begun.
WRITING = timedelta(days=1)


@dataclass(frozen=True)
class Counts:
    """What a run added. `left_out` are texts in languages that this newsroom does not publish in."""

    topics: int = 0
    releases: int = 0
    left_out: int = 0


@dataclass(frozen=True)
class Staff:
    """Who writes the sample texts and who publishes them: two people, for newsrooms where nobody may do both."""

    author: User
    editor: User


def staff() -> Staff:
    """The two invented people of the sample newsroom, made when they are not there; nobody can sign in as them."""
    return Staff(
        author=_person("sample-writer", "Lorna", "White", WRITER),
        editor=_person("sample-editor", "Edda", "Quillon", EDITOR),
    )


def _person(username: str, first: str, last: str, role: str) -> User:
    person = find_person(username)
    if person is None:
        person = User(username=username, first_name=first, last_name=last)
        person.set_unusable_password()
        person.save()
        assign_role(person, role)
    return person


@transaction.atomic
def load(*, by: Staff, at: datetime | None = None) -> Counts:
    """Add what is missing of the written texts and, the first time, all topics; `at` is the time of loading.

    A topic that the newsroom has renamed, merged or deleted since does not come back, unless a new text needs it.
    """
    at = at or timezone.now()
    every = list(texts())
    rewritings = {text.over: text for text in every if text.over}
    written = [text for text in every if text.language in dict(settings.LANGUAGES) and not text.over]
    known = known_among(written)
    missing = [text for text in written if uuid_of(text) not in known]
    left_out = len(every) - len(rewritings) - len(written)
    if not missing:
        return Counts(left_out=left_out)
    # The verbs within are done at the texts' own dates; readers are told of all of it now.
    with public_change(everywhere=True, at=at):
        before = Topic.objects.count()
        topics = vocabulary({topic for text in missing for topic in text.topics} if known else topic_names())
        for text in missing:
            release = _add(text, topics, by=by, at=at)
            if (rewriting := rewritings.get(text.key)) and release.live:
                words = words_in(rewriting, topics, publish_at=release.live.publish_at)
                workflow.save_draft(release, words, by=by.author, at=at)
        _join_translations(written, by=by, at=at)
    return Counts(Topic.objects.count() - before, len(missing), left_out)


def _add(text: Text, topics: dict[str, Topic], *, by: Staff, at: datetime) -> Release:
    """One text: begun a day before its date, published on it, or put on the schedule when that is still to come."""
    due = local(text.date, at)
    published = min(due or at, at)
    words = words_in(text, topics, publish_at=due)
    if drawing := DRAWINGS.get(text.key):
        name = f"{drawing.key}.png"
        picture = workflow.add_picture(drawing.file(), name=name, by=by.author, at=published - WRITING)
        words = replace(words, picture=picture, picture_alt=drawing.alt, picture_caption=drawing.caption)
    release = workflow.save_draft(
        None,
        words,
        by=by.author,
        at=published - WRITING,
        language=text.language,
        uuid=uuid_of(text),
    )
    if due:
        release = workflow.publish(release, by=by.editor, at=published)
    withdrawn = local(text.withdrawn, at)
    # A clock that stands before the text's own date has nothing to withdraw yet.
    if withdrawn and release.is_visible(at):
        release = workflow.withdraw(release, by=by.editor, notice=text.notice, at=min(withdrawn, at))
    return release


def _join_translations(written: Iterable[Text], *, by: Staff, at: datetime) -> None:
    groups: dict[str, list[Release]] = {}
    for text in written:
        if text.group:
            groups.setdefault(text.group, []).append(Release.objects.get(uuid=uuid_of(text)))
    for release, *others in groups.values():
        if others and not release.translation_group_id:
            workflow.tie(release, *others, by=by.editor, at=at)


def words_in(text: Text, topics: dict[str, Topic], *, publish_at: datetime | None) -> Words:
    """A text as the workflow takes it."""
    return Words(
        title=text.title,
        body=text.body,
        dateline=text.place,
        summary=text.summary,
        topics=[topics[name] for name in text.topics],
        publish_at=publish_at,
    )


def uuid_of(text: Text) -> UUID:
    """The uuid under which a text is loaded, the same in every newsroom."""
    return uuid5(NAMESPACE, text.key)


def known_among(some: Iterable[Text]) -> set[UUID]:
    """The uuids of those texts that have been loaded before, in one query."""
    uuids = [uuid_of(text) for text in some]
    return set(Release.objects.filter(uuid__in=uuids).values_list("uuid", flat=True))


def vocabulary(names: Iterable[str]) -> dict[str, Topic]:
    """Topics by the names asked for; those that are not there are made, with their Chinese names."""
    known = {word.key: word.topic for word in TopicWord.objects.select_related("topic")}
    translations = topic_translations()

    def made(name: str) -> Topic:
        # A word that leads to a topic of the newsroom's own is not given to another.
        others = {
            code: word for code, word in translations.get(name, {}).items() if key_of(word) not in known
        }
        topic: Topic = Topic.objects.create(name=name, names=others)
        return topic

    return {name: known.get(key_of(name)) or made(name) for name in names}


def local(moment: Moment | None, at: datetime) -> datetime | None:
    """What a text's date means in the newsroom's own time zone when it is loaded at `at`, in UTC as the database has it."""
    return timezone.make_aware(moment.after(timezone.localdate(at))).astimezone(UTC) if moment else None
