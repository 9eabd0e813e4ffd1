"""A release's line as rows that are not saved yet; its words are cleaned and derived like everybody's."""

from django.utils.translation import gettext as _

from releases.intake.records.fields import InvalidRecord
from releases.intake.records.format import Values
from releases.intake.store import HistoryRow, NewRelease
from releases.models import Correction, Event, Release, Revision
from releases.models.address import former_path
from releases.models.event import back_since
from releases.text.clean import clean
from releases.workflow import Words
from releases.workflow.words import COLUMNS, derive, write


def release_rows(values: Values, *, dry: bool, name: str) -> NewRelease:
    """The rows of a release. Raises `InvalidRecord`; in a dry run nothing is derived from the words."""
    release = Release(**values.columns())
    new_release = NewRelease(
        release, [], live=values["live"], working=values["working"], addresses=values["addresses"],
        former_paths=[path for one in values["former_paths"] if (path := former_path(one)) != "/"],
        group=values["translation_group"], name=name,
    )  # fmt: skip
    for one in values["revisions"]:
        _add_revision(one, new_release, dry=dry)
    numbers = {one.number for one in new_release.revisions}
    if len(numbers) != len(new_release.revisions) or not numbers >= {
        new_release.live,
        new_release.working,
    } - {None}:
        raise InvalidRecord(_("Its revisions do not have the numbers that it names."))
    if new_release.live is None and new_release.working is None:
        raise InvalidRecord(_("It has neither live words nor a draft."))
    new_release.refilings = values["refilings"]
    for one in values["corrections"]:
        new_release.history.append(HistoryRow(Correction(**one.columns()), _revision(one, numbers)))
    for one in values["events"]:
        new_release.history.append(HistoryRow(Event(**one.columns()), _revision(one, numbers)))
    if "back_since" not in values and not release.withdrawn_at:
        events = [one.row for one in new_release.history if isinstance(one.row, Event)]
        release.back_since = back_since((one.verb, one.at) for one in events)
    return new_release


def _revision(values: Values, numbers: set[int]) -> int | None:
    """The number of the revision to which something happened."""
    number: int | None = values["revision"]
    if number is not None and number not in numbers:
        raise InvalidRecord(_("An event names revision %d, which is not there.") % number)
    return number


def _add_revision(values: Values, new_release: NewRelease, *, dry: bool) -> None:
    number, body = values["number"], values["body"]
    cleaned = clean(body)
    if cleaned.refused:
        raise InvalidRecord(_("The body of revision %d cannot be kept: it is too long or too deep.") % number)
    if cleaned.html != body:
        new_release.problems.append(_("The body of revision %d was not clean and was cleaned.") % number)
    words = Words(**{name: values[name] for name in COLUMNS} | {"body": cleaned.html})
    revision = Revision(
        **values.columns(without={*COLUMNS, "authors", "save_number"}),
        save_number=values["save_number"] or 1,
        saved_by_hand=True,
    )
    has_authors = "authors" in values
    authors = values["authors"] if has_authors else (revision.created_by, revision.edited_by)
    revision.authors = sorted({person.pk for person in authors if person and person.pk})
    if dry:
        for name in COLUMNS:
            setattr(revision, name, getattr(words, name))
        revision.note_count = cleaned.html.count('<li id="fn-')
    else:
        write(revision, words, new_release.release)
        if not words.body:
            derive(revision, new_release.release)
    new_release.revisions.append(revision)
    new_release.topics[number] = values["topics"]
