"""Topics in an export, and the events of the vocabulary: each imported whole, or not at all."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from django.db import DataError, IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from releases.intake.records.fields import InvalidRecord, database_refusal
from releases.intake.records.format import Values
from releases.models import Event, FormerSlug, Release, Topic, TopicWord
from releases.models.topic import key_of
from releases.workflow.public_change import public_change


class PendingTopic(NamedTuple):
    """A topic that is not saved yet; `place` says where its line stands."""

    place: str
    slug: str
    topic: Topic
    former_slugs: list[str]
    merged_into: str | None
    names: dict[str, str]
    synonyms: list[str]


class Vocabulary:
    """The topics that slugs of the export stand for. One that is there already stays as it is."""

    def __init__(self, *, dry: bool) -> None:
        self.dry = dry
        self.created = 0
        self.existing = {topic.slug: topic for topic in Topic.objects.all()}
        # A topic that is called here what another one goes by is that one.
        words = TopicWord.objects.select_related("topic")
        self.by_word = {word.key: word.topic for word in words}
        self.by_key = self.by_word | {topic.key: topic for topic in self.existing.values()}
        self.former_slugs = set(FormerSlug.objects.values_list("slug", flat=True))
        self.by_slug: dict[str, Topic] = {}  # by their slugs in the export
        self.pending: list[PendingTopic] = []
        # (place, what was left out of a topic that was imported otherwise)
        self.left_out: list[tuple[str, str]] = []
        self.merges: dict[str, str] = {}

    def add(self, values: Values, place: str) -> None:
        """One topic's line. A new topic is saved by `save`, when every line of a topic was read."""
        slug, name = values["slug"], values["name"]
        if slug in self.by_slug:
            raise InvalidRecord(_("Another line is of the topic “%s”.") % slug)
        topic = self.existing.get(slug) or self.by_key.get(key_of(name))
        if topic is None:
            if not any(character.isalnum() for character in name):
                raise InvalidRecord(_("A topic's name needs at least one letter or digit."))
            columns = values.columns(without={"slug", "names", "synonyms", "merged_into"})
            topic = Topic(slug="" if slug in self.former_slugs else slug, **columns)
            topic.fill()
            self.pending.append(
                PendingTopic(
                    place, slug, topic, values["former_slugs"], values["merged_into"], values["names"],
                    values["synonyms"],
                )
            )  # fmt: skip
            self.existing[topic.slug] = self.by_key[topic.key] = topic
        self.by_slug[slug] = topic

    def save(self) -> list[tuple[str, str]]:
        """Save the pending topics in one transaction, so that a run that is broken off never leaves half a vocabulary.

        Returns what was refused: (place, why).
        """
        pending, self.pending = self.pending, []
        problems = self._check_merges(pending)
        pending = self._assign_words(pending)
        if self.dry:
            self.created += len(pending)
            return problems
        saved: list[PendingTopic] = []
        if pending:
            with transaction.atomic(), public_change(everywhere=True, at=timezone.now()):
                for one in pending:
                    try:
                        with transaction.atomic():
                            one.topic.save()
                        saved.append(one)
                        self._save_former_slugs(one)
                    except (IntegrityError, DataError, ValueError) as error:
                        del self.by_slug[one.slug]
                        problems.append((one.place, str(database_refusal(error))))
                self._save_merges(saved)
                problems += self._save_words(saved)
        self.created += len(saved)
        return problems

    def _check_merges(self, pending: list[PendingTopic]) -> list[tuple[str, str]]:
        """Leave out merges into nothing, and one of those that lead in a circle."""
        merges = {one.slug: one.merged_into for one in pending if one.merged_into is not None}
        problems = []
        for one in pending:
            slug: str | None = merges.get(one.slug)
            passed = {one.slug}
            while slug is not None and slug not in passed and slug in self.by_slug:
                passed.add(slug)
                slug = merges.get(slug)
            if slug is not None:
                del merges[one.slug]
                why = _("It cannot be merged into “%s”: it stays as it is.") % (one.merged_into or "")
                problems.append((one.place, why))
        self.merges = merges
        return problems

    def _assign_words(self, pending: list[PendingTopic]) -> list[PendingTopic]:
        """Let each word lead to one topic. What is left out is reported.

        A name comes before a name in another language, and that before a synonym; the first line among equals.
        """
        for one in pending:
            self.by_word.setdefault(one.topic.key, self._merged(one))
        names = [
            {code: word for code, word in one.names.items() if self._claim(one, word)} for one in pending
        ]
        synonyms = [[word for word in one.synonyms if self._claim(one, word)] for one in pending]
        return [
            one._replace(names=names[number], synonyms=synonyms[number]) for number, one in enumerate(pending)
        ]

    def _claim(self, one: PendingTopic, word: str) -> bool:
        target = self._merged(one)
        topic = self.by_word.setdefault(key_of(word), target)
        if topic is target or (topic.pk and topic.pk == target.pk):
            return True
        reason = _("“%(name)s” leads to the topic “%(topic)s” already: it was left out.")
        self.left_out.append((one.place, reason % {"name": word[:100], "topic": topic.name}))
        return False

    def _merged(self, one: PendingTopic) -> Topic:
        """The topic that it is part of after all merges."""
        slug = one.slug
        while slug in self.merges:
            slug = self.merges[slug]
        topic = self.by_slug[slug]
        while topic.merged_into is not None:
            topic = topic.merged_into
        return topic

    def _save_former_slugs(self, one: PendingTopic) -> None:
        for slug in dict.fromkeys(one.former_slugs):
            if slug not in self.former_slugs and slug not in self.existing:
                FormerSlug.objects.create(slug=slug, topic=one.topic)
                self.former_slugs.add(slug)

    def _save_merges(self, saved: list[PendingTopic]) -> None:
        for one in saved:
            target = self.by_slug.get(self.merges.get(one.slug, ""))
            if target is not None and target.pk != one.topic.pk:
                one.topic.merged_into = target
                one.topic.save()

    def _save_words(self, saved: Iterable[PendingTopic]) -> list[tuple[str, str]]:
        """Other words come last: what a topic shares with one that was merged into it is nobody else's by now."""
        problems = []
        for one in saved:
            if one.names or one.synonyms:
                try:
                    with transaction.atomic():
                        one.topic.names, one.topic.synonyms = one.names, one.synonyms
                        one.topic.save()
                except (IntegrityError, DataError, ValueError) as error:
                    problems.append((one.place, str(database_refusal(error))))
        return problems

    def pk(self, slug: str) -> int | None:
        """The primary key of a topic; None in a dry run, for one that would be created."""
        if slug not in self.by_slug:
            raise InvalidRecord(_("The topic “%s” has no line of its own.") % slug[:100])
        return self.pk_or_none(slug)

    def pk_or_none(self, slug: object) -> int | None:
        """The primary key of a topic, None where there is none or it is not saved."""
        topic = self.by_slug.get(slug) if isinstance(slug, str) else None
        return topic.pk if topic else None


# What those who show a verb, or undo it, rely on. Other verbs may have any detail.
_DETAILS: dict[str, dict[str, type]] = {
    "add topic": {"name": str},
    "rename topic": {"before": dict, "after": dict},
    "merge topics": {"topic": str, "into": str},
    "split topic": {"topic": str, "into": list, "made": list},
    "retire topic": {"name": str},
    "undo": {"what": str},
}
_NAMING = {"name": str, "names": dict, "description": str, "slug": str, "synonyms": list}


class _PendingEvent(NamedTuple):
    place: str
    event: Event


class VocabularyEvents:
    """The events of the vocabulary. They name topics, releases and each other; here those are other rows."""

    def __init__(self, vocabulary: Vocabulary, *, dry: bool) -> None:
        self.vocabulary = vocabulary
        self.dry = dry
        self.pending: list[_PendingEvent] = []

    def add(self, values: Values, place: str) -> None:
        """One event's line. It is saved by `save`."""
        event = Event(**values.columns())
        if not _is_complete(event.verb, event.detail):
            raise InvalidRecord(_("“detail” does not say what “%s” has to say.") % event.verb)
        self.pending.append(_PendingEvent(place, event))

    def save(self) -> tuple[int, list[tuple[str, str]]]:
        """Save them all in one transaction: how many, and what was wrong.

        Where such events are known already none is imported. They name each other by their places, and a second series
        would say things about topics that did not happen here.
        """
        if Event.objects.filter(release=None).exists():
            return 0, []
        if self.dry:
            return len(self.pending), []
        keys: list[int] = []
        try:
            with transaction.atomic():
                for one in self.pending:
                    one.event.detail = self._resolved(one.event.detail, keys)
                    one.event.save()
                    keys.append(one.event.pk)
        except (IntegrityError, DataError, ValueError) as error:
            return 0, [(self.pending[len(keys)].place, str(database_refusal(error)))]
        return len(keys), []

    def _resolved(self, detail: dict[str, Any], keys: list[int]) -> dict[str, Any]:
        """A detail with the primary keys of this database; `keys` are those of the events before it."""
        topic = self.vocabulary.pk_or_none
        if isinstance(detail.get("topics"), list):
            detail["topics"] = [topic(slug) for slug in detail["topics"]]
        if isinstance(detail.get("made"), list):
            wanted = {uuid for uuid, _slug in detail["made"] if uuid}
            found = Release.objects.filter(uuid__in=wanted).values_list("uuid", "pk")
            releases = {str(uuid): pk for uuid, pk in found}
            detail["made"] = [[releases.get(uuid), topic(slug)] for uuid, slug in detail["made"]]
        if "undone" in detail:
            place = detail["undone"]
            known = isinstance(place, int) and 0 < place <= len(keys)
            detail["undone"] = keys[place - 1] if known else None
        return detail


def _is_complete(verb: str, detail: Mapping[str, Any]) -> bool:
    """Whether a detail has what its verb needs, each of the right type."""
    if verb not in _DETAILS:
        return True
    topics = detail.get("topics")
    if not topics or not isinstance(topics, list) or not all(isinstance(one, str | None) for one in topics):
        return False
    if not all(isinstance(detail.get(name), kind) for name, kind in _DETAILS[verb].items()):
        return False
    if verb == "rename topic":
        return all(_is_naming(detail[one]) for one in ("before", "after"))
    if verb == "split topic":
        return all(_is_move(one) for one in detail["made"]) and all(
            isinstance(one, str) for one in detail["into"]
        )
    return verb != "undo" or isinstance(detail.get("undone", ""), int | None)


def _is_naming(naming: Mapping[str, Any]) -> bool:
    return "name" in naming and all(
        isinstance(naming.get(one, kind()), kind) for one, kind in _NAMING.items()
    )


def _is_move(move: object) -> bool:
    """The UUID of a release and the slug of a topic, as text, or None for what is not known."""
    if not isinstance(move, list) or len(move) != 2 or not isinstance(move[1], str | None):
        return False
    try:
        return move[0] is None or str(UUID(move[0])) == move[0]
    except (TypeError, ValueError, AttributeError):
        return False
