"""Topics in an export, and what was done to them: known by slug or name, made where they are not there."""

from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _

from releases.intake.records.fields import Record, Wrong
from releases.intake.records.people import People
from releases.models import Event, FormerSlug, Release, Topic
from releases.models.topic import key_of


class Vocabulary:
    """Which topic of this newsroom each slug of the export means. One that is there already stays as it is."""

    def __init__(self, *, dry: bool) -> None:
        self.dry = dry
        self.made = 0
        self.by_slug = {topic.slug: topic for topic in Topic.objects.all()}
        self.by_key = {topic.key: topic for topic in self.by_slug.values()}
        self.former = set(FormerSlug.objects.values_list("slug", flat=True))
        self.meant: dict[str, Topic | None] = {}
        self.merges: list[tuple[Topic, str]] = []
        self.places: list[int | None] = []
        self.new_events: bool | None = None

    def take(self, record: Record) -> None:
        """One topic's line."""
        slug = record.text("slug", most=100, empty=False)
        name = record.text("name", most=100, empty=False)
        known = self.by_slug.get(slug) or self.by_key.get(key_of(name))
        if known is None:
            self.made += 1
            known = Topic(
                name=name, slug="" if slug in self.former else slug, names=dict(record.mapping("names")),
                description=record.text("description"), synonyms=record.words("synonyms"),
                retired_at=record.moment("retired_at"),
            )  # fmt: skip
            if self.dry:
                self.meant[slug] = None
                return
            try:
                with transaction.atomic():
                    known.save()
            except (IntegrityError, DataError, ValueError) as error:
                raise Wrong(_("The database refused it: %s") % str(error).splitlines()[0]) from error
            with transaction.atomic():
                for former in record.words("former_slugs"):
                    if former not in self.former and former not in self.by_slug:
                        FormerSlug.objects.create(slug=former, topic=known)
                        self.former.add(former)
            self.by_slug[known.slug] = self.by_key[known.key] = known
            if target := record.get("merged_into"):
                self.merges.append((known, str(target)))
        self.meant[slug] = known

    def settle(self) -> None:
        """All topics are known: those that were merged into others are merged."""
        for topic, slug in self.merges:
            target = self.meant.get(slug)
            if target is not None and target.pk != topic.pk:
                topic.merged_into = target
                topic.save()
        self.merges = []

    def pk(self, slug: str) -> int | None:
        """The primary key of a topic; None in a dry run, for one that would be made."""
        if slug not in self.meant:
            raise Wrong(_("The topic “%s” has no line of its own.") % slug)
        topic = self.meant[slug]
        return topic.pk if topic else None

    def take_event(self, record: Record, people: People) -> int:
        """One event of the vocabulary: 1 if it was kept. Where such events are known already none is taken in: they name
        each other by their places, and a second series would say things about topics that did not happen here."""
        if self.new_events is None:
            self.new_events = not Event.objects.filter(release=None).exists()
        if not self.new_events or self.dry:
            self.places.append(None)
            return int(self.new_events)
        detail = dict(record.mapping("detail"))
        if isinstance(detail.get("topics"), list):
            detail["topics"] = [self._pk_or_none(slug) for slug in detail["topics"]]
        if isinstance(detail.get("made"), list):
            pks = dict(
                Release.objects.filter(uuid__in=[uuid for uuid, _slug in detail["made"] if uuid]).values_list(
                    "uuid", "pk"
                )
            )
            by_text = {str(uuid): pk for uuid, pk in pks.items()}
            detail["made"] = [[by_text.get(uuid), self._pk_or_none(slug)] for uuid, slug in detail["made"]]
        place = detail.get("undone")
        if isinstance(place, int):
            detail["undone"] = self.places[place - 1] if 0 < place <= len(self.places) else None
        event = Event.objects.create(
            user=people.named(record, "by"), verb=record.text("verb", most=40, empty=False),
            at=record.sure("at"), detail=detail,
        )  # fmt: skip
        self.places.append(event.pk)
        return 1

    def _pk_or_none(self, slug: object) -> int | None:
        topic = self.meant.get(slug) if isinstance(slug, str) else None
        return topic.pk if topic else None
