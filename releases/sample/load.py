"""Puts the sample newsroom into the database: the written texts through the workflow, generated ones in bulk, which
leaves the same rows.

Every text has a uuid of its own that follows from its key, so that what was loaded once is never loaded again, whatever
has become of it in the meantime.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID, uuid5

from django.conf import settings
from django.db import reset_queries, transaction
from django.db.models import DateTimeField, F, OuterRef, Subquery, Value
from django.db.models.functions import Least
from django.utils import timezone

from newsroom.accounts.models import EDITOR, WRITER, User, assign_role
from newsroom.accounts.people import find_person
from newsroom.portions import portions
from releases import workflow
from releases.intake.store import take_stock
from releases.models import Address, Event, Release, Revision, RevisionTopic, Topic, TopicWord
from releases.models.topic import key_of
from releases.sample.drawings import DRAWINGS
from releases.sample.generate import SEED, generated
from releases.sample.reader import Moment, Text, texts, topic_names, topic_translations
from releases.text.slugs import slug_of
from releases.workflow import Words
from releases.workflow.public_change import public_change
from releases.workflow.words import write

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


# ------------------------------------------------------------------ in bulk

# Rows held in memory, and the length of a write lock on SQLite, are those of one portion.
PORTION = 250


def load_large(count: int, *, by: Staff, at: datetime | None = None, seed: int = SEED) -> Counts:
    """Add what is missing of the first `count` generated texts, portion by portion, each a transaction."""
    at = at or timezone.now()
    before = Topic.objects.count()
    keys = {key_of(name) for name in topic_names()}
    new = TopicWord.objects.filter(key__in=keys).count() < len(keys)
    with transaction.atomic(), public_change(everywhere=new, at=at):
        topics = vocabulary(topic_names())
    added = left_out = 0
    for portion in portions(generated(count, seed=seed), PORTION):
        spoken = [text for text in portion if text.language in dict(settings.LANGUAGES)]
        known = known_among(spoken)
        missing = [text for text in spoken if uuid_of(text) not in known]
        if missing:
            _add_portion(missing, topics, by=by, at=at)
        added += len(missing)
        left_out += len(portion) - len(spoken)
        # With DEBUG, Django keeps the text of its last 9,000 statements, and these are long ones.
        reset_queries()
    take_stock(added)
    return Counts(Topic.objects.count() - before, added, left_out)


@transaction.atomic
def _add_portion(portion: list[Text], topics: dict[str, Topic], *, by: Staff, at: datetime) -> None:
    """Publish every text of a portion, as `save_draft` and `publish` would one at a time, in a dozen statements."""
    releases = [
        _release(text, slug, by=by, at=at) for text, slug in zip(portion, _free_slugs(portion), strict=True)
    ]
    with public_change(*releases, send=False, at=at):
        Release.objects.bulk_create(releases)
        Address.objects.bulk_create(
            Address(language=one.language, slug=one.slug, release=one) for one in releases
        )
        revisions = [
            _revision(text, release, topics) for text, release in zip(portion, releases, strict=True)
        ]
        Revision.objects.bulk_create(revisions)
        RevisionTopic.objects.bulk_create(
            RevisionTopic(content_object=revision, tag_id=topics[name].pk)
            for text, revision in zip(portion, revisions, strict=True)
            for name in text.topics
        )
        # A frozen revision takes no more topics, so freezing comes last.
        went_out = Least(F("publish_at"), Value(at, output_field=DateTimeField()))
        Revision.objects.filter(pk__in=[one.pk for one in revisions]).update(
            submitted_at=went_out,
            submitted_by=by.editor,
            approved_at=went_out,
            approved_by=by.editor,
            frozen_at=went_out,
        )
        only_words = Revision.objects.filter(release=OuterRef("pk")).values("pk")
        Release.objects.filter(pk__in=[one.pk for one in releases]).update(live=Subquery(only_words))
        for release, revision in zip(releases, revisions, strict=True):
            release.live = revision
        Event.objects.bulk_create(event for one in revisions for event in _events(one, by=by, at=at))


def _release(text: Text, slug: str, *, by: Staff, at: datetime) -> Release:
    due = local(text.date, at)
    if due is None:
        raise ValueError(f"{text.key} has no date")
    return Release(
        uuid=uuid_of(text),
        language=text.language,
        slug=slug,
        publish_at=due,
        created_at=min(due, at) - WRITING,
        created_by=by.author,
    )


def _revision(text: Text, release: Release, topics: dict[str, Topic]) -> Revision:
    at, by = release.created_at, release.created_by
    revision = Revision(
        release=release, number=1, authors=[release.created_by_id], saved_by_hand=True,
        created_at=at, created_by=by, edited_at=at, edited_by=by,
    )  # fmt: skip
    write(revision, words_in(text, topics, publish_at=release.publish_at), release)
    return revision


def _events(revision: Revision, *, by: Staff, at: datetime) -> Iterator[Event]:
    about = partial(Event, release=revision.release, revision=revision)
    yield about(user=by.author, verb="create", at=revision.created_at, detail={"number": 1})
    due = revision.publish_at or at
    if due > at:
        yield about(user=by.editor, verb="schedule", at=at, detail={"publish_at": str(due)})
    else:
        yield about(user=by.editor, verb="publish", at=due, detail={"again": False, "mend": False})


def _free_slugs(portion: list[Text]) -> list[str]:
    """A slug for each text. Titles carry a file number, so that only an address of somebody else's is in the way."""
    slugs = [slug_of(text.title) for text in portion]
    taken = set(Address.objects.filter(slug__in=slugs).values_list("language", "slug"))
    return [
        f"{slug}-{uuid_of(text).hex[:8]}" if (text.language, slug) in taken else slug
        for text, slug in zip(portion, slugs, strict=True)
    ]
