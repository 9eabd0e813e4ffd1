"""The closed vocabulary under which releases are filed."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from releases import addresses
from releases.text.normal import normal
from releases.text.slugs import slug_of

if TYPE_CHECKING:  # taggit does not say what types its classes have

    class TagBase(models.Model):
        """A tag."""

        name = models.CharField(max_length=100)
        slug = models.SlugField(max_length=100)

        class Meta:
            abstract = True

    class ItemBase(models.Model):
        """What ties a tag to a row."""

        class Meta:
            abstract = True

else:
    from taggit.models import ItemBase as ItemBase
    from taggit.models import TagBase

# Folding may write one character as eighteen, which no name of people's does.
KEY_LENGTH = 400


@lru_cache(10_000)
def key_of(name: str) -> str:
    """What makes two names the same: NFKC, case folded, spaces folded."""
    return " ".join(normal("NFKC", normal("NFKC", name).casefold()).split())


def sort_key_of(name: str) -> str:
    """The case-folded name's code points in hexadecimal: digits sort alike under every database's collation."""
    return "".join(f"{ord(character):06x}" for character in name.casefold())


class TopicQuerySet(models.QuerySet["Topic"]):
    """Topics, in the one order that every list of them has."""

    def in_order(self) -> "TopicQuerySet":
        """By plain code points of the case-folded name."""
        return self.order_by("sort_key", "pk")

    def current(self) -> "TopicQuerySet":
        """The vocabulary as it is now: without topics that were merged into others or retired."""
        return self.filter(merged_into=None, retired_at=None)

    def at_address(self, slug: str) -> "Topic | None":
        """The topic that a slug leads to, be it present, former, or that of a topic merged into another."""
        topic = self.filter(slug=slug).first() or self.filter(former_slugs__slug=slug).first()
        while topic is not None and topic.merged_into_id:
            topic = topic.merged_into
        return topic

    def other_words(self) -> dict[int, list[str]]:
        """By primary key, what else a topic is found by: its synonyms, its names in other languages, and everything
        that the topics merged into it were called (one query)."""
        by_pk = {topic.pk: topic for topic in self.in_order()}
        words: dict[int, list[str]] = {pk: [] for pk in by_pk}
        for topic in by_pk.values():
            own = [*topic.synonyms, *topic.names.values()]
            words[end_of(topic, by_pk).pk] += [topic.name, *own] if topic.merged_into_id else own
        return words


class Topic(TagBase):
    """An entry of the vocabulary. `key` and `sort_key` follow from `name`; `fill()` sets them."""

    # As in `TagBase`; only the labels are ours, because its catalogue does not know all languages of the frame.
    name = models.CharField(_("name"), unique=True, max_length=100)
    slug = models.SlugField(_("slug"), unique=True, max_length=100, allow_unicode=True)
    key = models.CharField(max_length=KEY_LENGTH, editable=False)
    sort_key = models.CharField(max_length=1800, editable=False)
    names = models.JSONField(
        _("names in other languages"),
        default=dict,
        blank=True,
        help_text=_("By language; empty means the name above."),
    )
    description = models.TextField(_("description"), blank=True)
    synonyms = models.JSONField(
        _("synonyms"), default=list, blank=True, help_text=_("Other words by which it is found.")
    )
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="merged"
    )
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True, editable=False)

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ("sort_key", "pk")
        indexes = (models.Index(fields=("sort_key", "id"), name="releases_topic_in_order"),)
        constraints = (
            models.UniqueConstraint(
                fields=("key",),
                name="releases_topic_key_unique",
                violation_error_message=_("There is a topic of this name already."),
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="releases_topic_named"),
            models.CheckConstraint(condition=~models.Q(slug=""), name="releases_topic_addressed"),
            models.CheckConstraint(condition=~models.Q(key=""), name="releases_topic_keyed"),
            models.CheckConstraint(
                condition=models.Q(merged_into=None) | ~models.Q(merged_into=models.F("pk")),
                name="releases_topic_not_merged_into_itself",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def fill(self) -> None:
        """Set what follows from the name: key, order, and a slug where there is none."""
        self.name = " ".join(self.name.split())
        self.key = key_of(self.name)
        self.sort_key = sort_key_of(self.name)
        if not self.slug:
            taken = set(type(self).objects.exclude(pk=self.pk).values_list("slug", flat=True))
            taken.update(FormerSlug.objects.values_list("slug", flat=True))
            self.slug = slug_of(self.name, taken=taken, fallback="topic")

    def save(self, *args: object, **kwargs: object) -> None:
        """Keeps taggit's own `save` out of the way, which would invent another slug, and what follows from the name and
        the other words in step. Raises `IntegrityError` for a word that leads to another topic."""
        self.fill()
        with transaction.atomic():
            models.Model.save(self, *args, **kwargs)  # type: ignore[arg-type]  # passes through what it was given
            follow(self)

    def clean(self) -> None:
        """A name needs a letter or a digit, and may not be another topic's in other capitals or widths."""
        self.fill()
        if not any(character.isalnum() for character in self.name):
            raise ValidationError({"name": _("A topic's name needs at least one letter or digit.")})
        twin = type(self).objects.filter(key=self.key).exclude(pk=self.pk).first()
        if twin:
            raise ValidationError({"name": _("There is a topic of this name already: “%s”.") % twin.name})

    @property
    def is_current(self) -> bool:
        """Is it in the vocabulary now? Twin of `TopicQuerySet.current`."""
        return self.merged_into_id is None and self.retired_at is None

    def name_in(self, language: str) -> str:
        """The name that a reader of `language` sees."""
        return self.names.get(language) or self.name

    def get_absolute_url(self, language: str | None = None) -> str:
        """The topic's page under the prefix of `language`."""
        return addresses.address("topic", self.slug, language=language)


class TopicWord(models.Model):
    """A word, folded, and the one topic to which it leads: its name, a synonym, its name in another language, or any of
    these of what was merged into it. Written by `follow` alone, so that the database knows what two topics cannot share.
    """

    key = models.CharField(max_length=KEY_LENGTH)
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="words")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("key",), name="releases_topicword_leads_to_one_topic"),
            models.CheckConstraint(condition=~models.Q(key=""), name="releases_topicword_said"),
        )

    def __str__(self) -> str:
        return f"{self.key} → {self.topic}"


class FormerSlug(models.Model):
    """An address that a topic had: it leads on for ever and is given to no other."""

    slug = models.CharField(max_length=100, unique=True)
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="former_slugs")

    def __str__(self) -> str:
        return self.slug


class Refiling(models.Model):
    """A split's decision for one release: what its words file under `source` stands under `target` instead."""

    release = models.ForeignKey("releases.Release", on_delete=models.CASCADE, related_name="refilings")
    source = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="refiled_from")
    target = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="refiled_to")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("release", "source", "target"), name="releases_refiling_once"),
            models.CheckConstraint(
                condition=~models.Q(source=models.F("target")), name="releases_refiling_moves"
            ),
        )

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"


def keys_of(topic: Topic) -> set[str]:
    """The keys of every word that a topic goes by."""
    return {key_of(words) for words in (topic.name, *topic.synonyms, *topic.names.values())} - {""}


def follow(topic: Topic) -> None:
    """Let every word of `topic` lead to what it is part of now. Raises `IntegrityError` where one leads elsewhere."""
    merged = dict(Topic.objects.exclude(merged_into=None).values_list("pk", "merged_into_id"))
    end = topic.pk
    while end in merged:
        end = merged[end]
    keys = _keys_at(end, merged)
    elsewhere = TopicWord.objects.filter(key__in=keys).exclude(topic=end)
    for other in set(elsewhere.values_list("topic_id", flat=True)):
        # What led there because the two were one, or because that one was not merged yet, does so no longer.
        TopicWord.objects.filter(topic=other).exclude(key__in=_keys_at(other, merged)).delete()
    there = set(TopicWord.objects.filter(topic=end).values_list("key", flat=True))
    TopicWord.objects.filter(topic=end, key__in=there - keys).delete()
    TopicWord.objects.bulk_create(TopicWord(key=key, topic_id=end) for key in sorted(keys - there))


def _keys_at(end: int, merged: Mapping[int, int]) -> set[str]:
    """The keys of a topic and of everything that was merged into it; none where it was merged away itself."""
    if end in merged:
        return set()
    parts = [end]
    for pk in parts:
        parts += [part for part, into in merged.items() if into == pk]
    return {key for topic in Topic.objects.filter(pk__in=parts) for key in keys_of(topic)}


def end_of(topic: Topic, topics: Mapping[int, Topic]) -> Topic:
    """The topic that `topic` is part of now: itself where it was merged into none. `topics` holds all of them."""
    while topic.merged_into_id:
        topic = topics[topic.merged_into_id]
    return topic


def topic_at_address(slug: str, topics: Iterable[Topic]) -> Topic | None:
    """Twin of `TopicQuerySet.at_address`. `topics` are all of them; only a former address costs a query."""
    by_pk = {topic.pk: topic for topic in topics}
    found = next((topic for topic in by_pk.values() if topic.slug == slug), None)
    if found is None:
        former = FormerSlug.objects.filter(slug=slug).values_list("topic_id", flat=True).first()
        found = by_pk.get(former) if former else None
    return end_of(found, by_pk) if found else None


def in_index_order(topics: Iterable[Topic], language: str) -> list[Topic]:
    """Topics as the index of `language` lists them: plain code points of the case-folded name shown."""
    return sorted(topics, key=lambda topic: (topic.name_in(language).casefold(), topic.pk))


def names_in_index_order(rows: Iterable[tuple[int, str, Mapping[str, str]]], language: str) -> list[str]:
    """What topics are called in `language`, in the order of `in_index_order`, of rows that are no models: primary key,
    name, names in other languages."""
    named = [(names.get(language) or name, pk) for pk, name, names in rows]
    return [name for name, _pk in sorted(named, key=lambda one: (one[0].casefold(), one[1]))]
