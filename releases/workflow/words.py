"""The words of a release as they go in and out of a revision, and the forms made of them."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from releases.languages import note_words
from releases.models import Picture, Release, Revision, RevisionTopic, Topic
from releases.text.notes import notes_of
from releases.text.render import count_words, forms_of
from releases.workflow.filing import topics_of
from releases.workflow.public_change import public_change

PORTION = 250


@dataclass(frozen=True)
class Words:
    """What a writer writes. `body` is clean (`releases.text.clean`); `publish_at` the planned date, None for "now";
    `planned_slug` the address at which it shall stand, "" for where it stands."""

    title: str
    body: str = ""
    dateline: str = ""
    summary: str = ""
    topics: Sequence[Topic] = ()
    publish_at: datetime | None = None
    picture: Picture | None = None
    picture_alt: str = ""
    picture_caption: str = ""
    planned_slug: str = ""


# The one list of them; topics are rows of their own, everything else is a column of the revision.
NAMES = tuple(one.name for one in fields(Words))
COLUMNS = tuple(name for name in NAMES if name != "topics")


def words_of(revision: Revision) -> Words:
    """The words of a stored revision."""
    columns = {name: getattr(revision, name) for name in COLUMNS}
    return Words(topics=topics_of(revision), **columns)


def same(one: Words, other: Words) -> bool:
    """Do both say the same, topics in whatever order?"""
    topics = [{topic.pk for topic in words.topics} for words in (one, other)]
    return topics[0] == topics[1] and all(getattr(one, name) == getattr(other, name) for name in COLUMNS)


def write(revision: Revision, words: Words, release: Release) -> None:
    """Put `words` and the forms derived from them into an unsaved or unfrozen revision (topics: `file_under`)."""
    to_render = revision.pk is None or revision.body != words.body
    for name in COLUMNS:
        setattr(revision, name, getattr(words, name))
    if to_render:
        derive(revision, release)


def derive(revision: Revision, release: Release) -> None:
    """Make the forms that readers get from the stored body, once, here, and never while a reader waits."""
    notes = notes_of(revision.body)
    for name, form in _forms(revision, release).items():
        setattr(revision, name, form)
    revision.notes = [asdict(note) for note in notes]
    revision.note_count = len(notes)
    revision.word_count = count_words(revision.body_text)


def _forms(revision: Revision, release: Release) -> dict[str, str]:
    return forms_of(revision.body, prefix=release.note_prefix, words=note_words(release.language))


def rebuild_forms(
    *,
    missing: bool = False,
    at: datetime | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[int, int]:
    """Render the forms of all revisions anew, after a change of how they are rendered: how many there are, and how many
    have changed. With `missing` only of those of which a migration has emptied the form for feeds. The words stay, and so do
    the dates of the releases. Whoever saves meanwhile need not wait."""
    revisions = Revision.objects.select_related("release").order_by("pk")
    if missing:
        revisions = revisions.filter(body_feed="").exclude(body="")
    total, changed = revisions.count(), 0
    for done, revision in enumerate(revisions.iterator(PORTION), 1):
        release = revision.release
        forms = _forms(revision, release)
        if any(getattr(revision, name) != form for name, form in forms.items()):
            live = release.live_id is not None
            with transaction.atomic(), public_change(everywhere=live, at=at or timezone.now()):
                # Of a body that was saved since, the newer forms stand there already.
                changed += Revision.objects.filter(pk=revision.pk, body=revision.body).update(**forms)
        progress(done, total)
    return total, changed


def file_under(revision: Revision, topics: Sequence[Topic]) -> None:
    """Set the topics of a saved, unfrozen revision."""
    wanted = {topic.pk for topic in topics}
    have = set(RevisionTopic.objects.filter(content_object=revision).values_list("tag_id", flat=True))
    if have - wanted:
        RevisionTopic.objects.filter(content_object=revision, tag_id__in=have - wanted).delete()
    RevisionTopic.objects.bulk_create(
        RevisionTopic(content_object=revision, tag_id=pk) for pk in sorted(wanted - have)
    )
