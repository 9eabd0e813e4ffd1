"""Puts generated texts into the database many at a time, leaving the same rows as the workflow would."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial
from itertools import islice

from django.conf import settings
from django.db import reset_queries, transaction
from django.db.models import DateTimeField, F, OuterRef, Subquery, Value
from django.db.models.functions import Least
from django.utils import timezone

from releases.models import Address, Event, Release, Revision, RevisionTopic, Topic
from releases.sample.generate import SEED, generated
from releases.sample.load import WRITING, Counts, Staff, known_among, local, uuid_of, vocabulary, words_in
from releases.sample.reader import Text, topic_names
from releases.text.slugs import slug_of
from releases.workflow.public_change import public_change
from releases.workflow.words import write

# Rows held in memory, and the length of a write lock on SQLite, are those of one portion.
PORTION = 250


def load_large(count: int, *, by: Staff, at: datetime | None = None, seed: int = SEED) -> Counts:
    """Add what is missing of the first `count` generated texts, portion by portion, each a transaction."""
    at = at or timezone.now()
    before = Topic.objects.count()
    topics = vocabulary(topic_names())
    added = left_out = 0
    for portion in portions(generated(count, seed=seed)):
        spoken = [text for text in portion if text.language in dict(settings.LANGUAGES)]
        known = known_among(spoken)
        missing = [text for text in spoken if uuid_of(text) not in known]
        if missing:
            _add(missing, topics, by=by, at=at)
        added += len(missing)
        left_out += len(portion) - len(spoken)
        # With DEBUG, Django keeps the text of its last 9,000 statements, and these are long ones.
        reset_queries()
    return Counts(Topic.objects.count() - before, added, left_out)


def portions(some: Iterable[Text]) -> Iterator[list[Text]]:
    """Lists of at most PORTION texts."""
    rest = iter(some)
    while portion := list(islice(rest, PORTION)):
        yield portion


@transaction.atomic
def _add(portion: list[Text], topics: dict[str, Topic], *, by: Staff, at: datetime) -> None:
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
