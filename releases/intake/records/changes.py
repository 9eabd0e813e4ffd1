"""What was done to the vocabulary of an export: taken in whole, so that it can still be undone, or not at all."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from releases.intake.records.fields import Record, Wrong, refused
from releases.intake.records.people import People
from releases.intake.records.vocabulary import Vocabulary
from releases.models import Event, Release

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
