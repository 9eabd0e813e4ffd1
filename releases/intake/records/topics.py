"""Topics in an export, and what was done to them: each taken in whole, or not at all."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from django.db import DataError, IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from releases.intake.records.fields import Record, Wrong, refused
from releases.intake.records.people import People
from releases.models import Event, FormerSlug, Release, Topic, TopicWord
from releases.models.topic import key_of
from releases.workflow.public_change import public_change


class Waiting(NamedTuple):
    """A topic that is not saved yet; `place` says where its line stands."""

    place: str
    slug: str
    topic: Topic
    former: list[str]
    merged_into: str | None
    names: dict[str, str]
    synonyms: list[str]


class Vocabulary:
    """Which topic of this newsroom each slug of the export means. One that is there already stays as it is."""

    def __init__(self, *, dry: bool) -> None:
        self.dry = dry
        self.made = 0
        self.by_slug = {topic.slug: topic for topic in Topic.objects.all()}
        # A topic that is called here what another one goes by is that one.
        words = TopicWord.objects.select_related("topic")
        self.leads_to = {word.key: word.topic for word in words}
        self.by_key = self.leads_to | {topic.key: topic for topic in self.by_slug.values()}
        self.former = set(FormerSlug.objects.values_list("slug", flat=True))
        self.meant: dict[str, Topic | None] = {}
        self.waiting: list[Waiting] = []
        # (place, what was left out of a topic that was taken in otherwise)
        self.left_out: list[tuple[str, str]] = []

    def take(self, record: Record, place: str) -> None:
        """One topic's line. A new topic is saved by `settle`, when every line of a topic was read."""
        slug = record.slug("slug", most=100)
        name = record.text("name", most=100, empty=False)
        if slug in self.meant:
            raise Wrong(_("Another line is of the topic “%s”.") % slug)
        topic = self.by_slug.get(slug) or self.by_key.get(key_of(name))
        if topic is None:
            if not any(character.isalnum() for character in name):
                raise Wrong(_("A topic's name needs at least one letter or digit."))
            topic = Topic(
                name=name, slug="" if slug in self.former else slug,
                description=record.text("description"), retired_at=record.moment("retired_at"),
            )  # fmt: skip
            topic.fill()
            former, target = record.slugs("former_slugs", most=100), record.get("merged_into")
            if target is not None and not isinstance(target, str):
                raise Wrong(_("“merged_into” is the slug of another topic."))
            names, synonyms = record.names("names"), record.words("synonyms")
            self.waiting.append(Waiting(place, slug, topic, former, target, names, synonyms))
            self.by_slug[topic.slug] = self.by_key[topic.key] = topic
        self.meant[slug] = topic

    def settle(self) -> list[tuple[str, str]]:
        """Save what waits, in one transaction, so that a run that is broken off never leaves half a vocabulary behind.
        Returns what was refused: (place, why)."""
        waiting, self.waiting = self.waiting, []
        problems = self._check_merges(waiting)
        waiting = self._share_out_words(waiting)
        if self.dry:
            self.made += len(waiting)
            return problems
        kept: list[Waiting] = []
        if waiting:
            with transaction.atomic(), public_change(everywhere=True, at=timezone.now()):
                for one in waiting:
                    try:
                        with transaction.atomic():
                            one.topic.save()
                        kept.append(one)
                        self._keep_former(one)
                    except (IntegrityError, DataError, ValueError) as error:
                        del self.meant[one.slug]
                        problems.append((one.place, str(refused(error))))
                self._merge(kept)
                problems += self._say_words(kept)
        self.made += len(kept)
        return problems

    def _check_merges(self, waiting: list[Waiting]) -> list[tuple[str, str]]:
        """Leave out merges into nothing, and one of those that lead in a circle."""
        leads = {one.slug: one.merged_into for one in waiting if one.merged_into is not None}
        problems = []
        for one in waiting:
            slug: str | None = leads.get(one.slug)
            passed = {one.slug}
            while slug is not None and slug not in passed and slug in self.meant:
                passed.add(slug)
                slug = leads.get(slug)
            if slug is not None:
                del leads[one.slug]
                problems.append(
                    (
                        one.place,
                        _("It cannot be merged into “%s”: it stays as it is.") % (one.merged_into or ""),
                    )
                )
        self.leads = leads
        return problems

    def _share_out_words(self, waiting: list[Waiting]) -> list[Waiting]:
        """Let each word lead to one topic: a name before a name in another language, and that before a synonym; the
        first line among equals. What is left out is said."""
        for one in waiting:
            self.leads_to.setdefault(one.topic.key, self._end(one))
        names = [
            {code: word for code, word in one.names.items() if self._claim(one, word)} for one in waiting
        ]
        synonyms = [[word for word in one.synonyms if self._claim(one, word)] for one in waiting]
        return [
            one._replace(names=names[number], synonyms=synonyms[number]) for number, one in enumerate(waiting)
        ]

    def _claim(self, one: Waiting, word: str) -> bool:
        topic = self.leads_to.setdefault(key_of(word), self._end(one))
        if topic is self._end(one) or (topic.pk and topic.pk == self._end(one).pk):
            return True
        reason = _("“%(name)s” leads to the topic “%(topic)s” already: it was left out.")
        self.left_out.append((one.place, reason % {"name": word[:100], "topic": topic.name}))
        return False

    def _end(self, one: Waiting) -> Topic:
        """The topic that it is part of when all merges stand."""
        slug = one.slug
        while slug in self.leads:
            slug = self.leads[slug]
        topic = self.meant[slug]
        while topic.merged_into_id:
            topic = topic.merged_into
        return topic

    def _keep_former(self, one: Waiting) -> None:
        for former in dict.fromkeys(one.former):
            if former not in self.former and former not in self.by_slug:
                FormerSlug.objects.create(slug=former, topic=one.topic)
                self.former.add(former)

    def _merge(self, kept: list[Waiting]) -> None:
        for one in kept:
            target = self.meant.get(self.leads.get(one.slug, ""))
            if target is not None and target.pk != one.topic.pk:
                one.topic.merged_into = target
                one.topic.save()

    def _say_words(self, kept: Iterable[Waiting]) -> list[tuple[str, str]]:
        """Other words come last: what a topic shares with one that was merged into it is nobody else's by now."""
        problems = []
        for one in kept:
            if one.names or one.synonyms:
                try:
                    with transaction.atomic():
                        one.topic.names, one.topic.synonyms = one.names, one.synonyms
                        one.topic.save()
                except (IntegrityError, DataError, ValueError) as error:
                    problems.append((one.place, str(refused(error))))
        return problems

    def pk(self, slug: str) -> int | None:
        """The primary key of a topic; None in a dry run, for one that would be made."""
        if slug not in self.meant:
            raise Wrong(_("The topic “%s” has no line of its own.") % slug[:100])
        return self.pk_or_none(slug)

    def pk_or_none(self, slug: object) -> int | None:
        """The primary key of a topic, None where there is none or it is not saved."""
        topic = self.meant.get(slug) if isinstance(slug, str) else None
        return topic.pk if topic else None


_SAYS: dict[str, dict[str, type]] = {
    "add topic": {"name": str},
    "rename topic": {"before": dict, "after": dict},
    "merge topics": {"topic": str, "into": str},
    "split topic": {"topic": str, "into": list, "made": list},
    "retire topic": {"name": str},
    "undo": {"what": str},
}
_NAMING = {"name": str, "names": dict, "description": str, "slug": str, "synonyms": list}


class _Waiting(NamedTuple):
    place: str
    verb: str
    who: User | None
    record: Record


class Changes:
    """The events of the vocabulary. They name topics, releases and each other; here those are other rows."""

    def __init__(self, vocabulary: Vocabulary, *, dry: bool) -> None:
        self.vocabulary = vocabulary
        self.dry = dry
        self.waiting: list[_Waiting] = []

    def take(self, record: Record, people: People, place: str) -> None:
        """One event's line; `settle` keeps it."""
        verb = record.text("verb", most=40, empty=False)
        record.sure("at")
        if not _says(verb, record.mapping("detail")):
            raise Wrong(_("“detail” does not say what “%s” has to say.") % verb)
        self.waiting.append(_Waiting(place, verb, people.named(record, "by"), record))

    def settle(self) -> tuple[int, list[tuple[str, str]]]:
        """Keep them all in one transaction: how many, and what was wrong. Where such events are known already none is taken
        in: they name each other by their places, and a second series would say things about topics that did not happen here."""
        if Event.objects.filter(release=None).exists():
            return 0, []
        if self.dry:
            return len(self.waiting), []
        places: list[int] = []
        try:
            with transaction.atomic():
                for one in self.waiting:
                    event = Event.objects.create(
                        user=one.who,
                        verb=one.verb,
                        at=one.record.sure("at"),
                        detail=self._detail(one.record, places),
                    )
                    places.append(event.pk)
        except (IntegrityError, DataError, ValueError) as error:
            return 0, [(self.waiting[len(places)].place, str(refused(error)))]
        return len(places), []

    def _detail(self, record: Record, places: list[int]) -> dict[str, Any]:
        detail = dict(record.mapping("detail"))
        here = self.vocabulary.pk_or_none
        if isinstance(detail.get("topics"), list):
            detail["topics"] = [here(slug) for slug in detail["topics"]]
        if isinstance(detail.get("made"), list):
            wanted = {uuid for uuid, _slug in detail["made"] if uuid}
            found = Release.objects.filter(uuid__in=wanted).values_list("uuid", "pk")
            pks = {str(uuid): pk for uuid, pk in found}
            detail["made"] = [[pks.get(uuid), here(slug)] for uuid, slug in detail["made"]]
        place = detail.get("undone")
        if "undone" in detail:
            known = isinstance(place, int) and 0 < place <= len(places)
            detail["undone"] = places[place - 1] if known else None
        return detail


def _says(verb: str, detail: Mapping[str, Any]) -> bool:
    """Whether a detail holds what those who show this verb, or undo it, rely on. Other verbs say what they like."""
    if verb not in _SAYS:
        return True
    topics = detail.get("topics")
    if not topics or not isinstance(topics, list) or not all(isinstance(one, str | None) for one in topics):
        return False
    if not all(isinstance(detail.get(name), kind) for name, kind in _SAYS[verb].items()):
        return False
    if verb == "rename topic":
        return all(_names(detail[one]) for one in ("before", "after"))
    if verb == "split topic":
        return all(_is_move(one) for one in detail["made"]) and all(
            isinstance(one, str) for one in detail["into"]
        )
    return verb != "undo" or isinstance(detail.get("undone", ""), int | None)


def _names(naming: Mapping[str, Any]) -> bool:
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
