"""A release's line as rows that are not saved yet; its words are cleaned and derived like everybody's."""

from dataclasses import fields
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from releases.intake.records.fields import Record, Wrong
from releases.intake.records.library import Pictures
from releases.intake.records.people import People
from releases.intake.records.topics import Vocabulary
from releases.intake.store import Happened, Parcel
from releases.models import Correction, Event, Release, Revision
from releases.models.address import former_path
from releases.models.event import back_since
from releases.models.revision import ALT_LENGTH, CAPTION_LENGTH, SLUG_LENGTH, SUMMARY_LENGTH, TITLE_LENGTH
from releases.text.clean import clean
from releases.workflow import Words
from releases.workflow.words import derive, write

LANGUAGE_LENGTH = 10


def parcel_of(
    record: Record,
    uuid: UUID,
    people: People,
    vocabulary: Vocabulary,
    pictures: Pictures,
    *,
    dry: bool,
    name: str,
) -> Parcel:
    """The rows of a release. Raises `Wrong` with what the line has wrong; in a dry run nothing is derived."""
    language = record.text("language", most=LANGUAGE_LENGTH, empty=False)
    if language not in dict(settings.LANGUAGES):
        raise Wrong(_("This newsroom has no language “%s” (LANGUAGES).") % language)
    release = Release(
        uuid=uuid, language=language, slug=record.slug("slug", most=SLUG_LENGTH),
        publish_at=record.moment("publish_at"), updated_at=record.moment("updated_at"),
        withdrawn_at=record.moment("withdrawn_at"), withdrawal_notice=record.text("withdrawal_notice"),
        # Exports of before there was a choice are of newsrooms that showed no title.
        withdrawal_hides_title=record.flag("withdrawal_hides_title", otherwise=bool(record.get("withdrawn_at"))),
        back_since=record.moment("back_since"),
        created_at=record.sure("created_at"), created_by=people.named(record, "created_by"),
    )  # fmt: skip
    parcel = Parcel(
        release, [], live=record.number("live"), working=record.number("working"),
        addresses=_addresses(record),
        former_paths=[path for one in record.words("former_paths") if (path := former_path(one)) != "/"],
        group=record.uuid("translation_group"), name=name,
    )  # fmt: skip
    for one in record.records("revisions"):
        _take_revision(one, parcel, people, vocabulary, pictures, dry=dry)
    numbers = {one.number for one in parcel.revisions}
    if len(numbers) != len(parcel.revisions) or not numbers >= {parcel.live, parcel.working} - {None}:
        raise Wrong(_("Its revisions do not have the numbers that it names."))
    if parcel.live is None and parcel.working is None:
        raise Wrong(_("It has neither live words nor a draft."))
    parcel.refilings = [
        (source, target)
        for one, other in record.pairs("refilings")
        if (source := vocabulary.pk(one)) and (target := vocabulary.pk(other))
    ]
    for one in record.records("corrections"):
        _happened(parcel, numbers, one, "note", people.named(one, "by"))
    for one in record.records("events"):
        _happened(parcel, numbers, one, "verb", people.named(one, "by"))
    if "back_since" not in record and not release.withdrawn_at:
        events = [one.row for one in parcel.happened if isinstance(one.row, Event)]
        release.back_since = back_since((one.verb, one.at) for one in events)
    return parcel


def _addresses(record: Record) -> list[tuple[str, str]]:
    found = []
    for language, slug in record.pairs("addresses"):
        if not 0 < len(language) <= LANGUAGE_LENGTH:
            raise Wrong(_("An address names no language."))
        found.append((language, Record(slug=slug).slug("slug", most=SLUG_LENGTH)))
    return found


def _take_revision(
    record: Record, parcel: Parcel, people: People, vocabulary: Vocabulary, pictures: Pictures, *, dry: bool
) -> None:
    number = record.number("number", least=1)
    if number is None:
        raise Wrong(_("A revision has no number."))
    body = record.text("body")
    cleaned = clean(body)
    if cleaned.refused:
        raise Wrong(_("The body of revision %d cannot be kept: it is too long or too deep.") % number)
    if cleaned.html != body:
        parcel.problems.append(_("The body of revision %d was not clean and was cleaned.") % number)
    words = Words(
        title=record.text("title", most=TITLE_LENGTH, empty=False), body=cleaned.html,
        dateline=record.text("dateline", most=100), summary=record.text("summary", most=SUMMARY_LENGTH),
        publish_at=record.moment("publish_at"), picture=pictures.named(record, "picture"),
        picture_alt=record.text("picture_alt", most=ALT_LENGTH),
        picture_caption=record.text("picture_caption", most=CAPTION_LENGTH),
        planned_slug=record.slug("planned_slug", most=SLUG_LENGTH) if record.get("planned_slug") else "",
    )  # fmt: skip
    people_of: dict[str, User | None] = {
        f"{step}_by": people.named(record, f"{step}_by")
        for step in ("created", "edited", "submitted", "approved")
    }
    wrote = (
        people.all_named(record, "authors")
        if "authors" in record
        else [one for one in (people_of["created_by"], people_of["edited_by"]) if one]
    )
    times: dict[str, Any] = {
        f"{step}_at": record.moment(f"{step}_at") for step in ("submitted", "approved", "frozen")
    }
    revision = Revision(
        number=number, comment=record.text("comment", most=500), created_at=record.sure("created_at"),
        edited_at=record.sure("edited_at"), save_number=record.number("save_number", least=1) or 1,
        authors=sorted({person.pk for person in wrote if person.pk}), saved_by_hand=True, **people_of, **times,
    )  # fmt: skip
    if dry:
        for one in fields(words):
            if one.name != "topics":
                setattr(revision, one.name, getattr(words, one.name))
        revision.note_count = cleaned.html.count('<li id="fn-')
    else:
        write(revision, words, parcel.release)
        if not words.body:
            derive(revision, parcel.release)
    parcel.revisions.append(revision)
    found = [vocabulary.pk(slug) for slug in dict.fromkeys(record.words("topics"))]
    parcel.topics[number] = [pk for pk in dict.fromkeys(found) if pk is not None]


def _happened(parcel: Parcel, numbers: set[int], record: Record, kind: str, who: User | None) -> None:
    number = record.number("revision")
    if number is not None and number not in numbers:
        raise Wrong(_("An event names revision %d, which is not there.") % number)
    at = record.sure("at")
    if kind == "verb":
        verb = record.text("verb", most=40, empty=False)
        parcel.happened.append(
            Happened(Event(user=who, verb=verb, at=at, detail=dict(record.mapping("detail"))), number)
        )
    elif number is None:
        raise Wrong(_("A correction names no revision."))
    else:
        note = record.text("note", most=1000, empty=False)
        parcel.happened.append(Happened(Correction(at=at, note=note, by=who), number))
