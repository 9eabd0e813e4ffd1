"""Topics in an export: known by slug or name, made where they are not there, all of them or none."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _

from releases.intake.records.fields import Record, Wrong, refused
from releases.models import FormerSlug, Topic, TopicWord
from releases.models.topic import key_of


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
            with transaction.atomic():
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
