"""Imports a folder of saved pages of an older site, by a mapping file that says where on a page everything is. Each page becomes
a release, published on its date; its old address redirects to it."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid5

from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from releases.intake import Unreadable
from releases.intake.dates import moment
from releases.intake.html.mapping import PageMapping, read_mapping
from releases.intake.html.page import MAX_BYTES, Page, SavedPage
from releases.intake.store import HistoryRow, NewRelease, Result, batches, save_new, take_stock
from releases.models import Event, Release, Revision, Topic, TopicWord
from releases.models.address import former_path
from releases.models.topic import key_of
from releases.permissions import may
from releases.text.slugs import slug_of
from releases.workflow import Words
from releases.workflow.words import write

__all__ = ["import_folder", "read_mapping"]

NAMESPACE = UUID("0c0e6f0e-54a1-5f5c-9a0e-3a1d9e5d8f27")
SUFFIXES = {".html", ".htm", ".xhtml"}
WRITING = timedelta(days=1)


class _Topics:
    """Topics by every word that they go by."""

    def __init__(self, mapping: PageMapping) -> None:
        self.named_as = {key_of(theirs): key_of(ours) for theirs, ours in mapping.topics_as.items()}
        words = TopicWord.objects.select_related("topic")
        self.by_key = {word.key: word.topic for word in words if word.topic.is_current}

    def find(self, name: str) -> Topic | None:
        key = key_of(name)
        return self.by_key.get(self.named_as.get(key, key))


def import_folder(
    folder: Path,
    mapping: PageMapping,
    *,
    by: User,
    dry: bool = False,
    at: datetime | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Result:
    """Import every page below `folder`. Raises `Unreadable` where there is none, or `by` may not publish.

    A page is identified by its source id. Pages that were imported before are skipped, so a run can be repeated.
    """
    at = at or timezone.now()
    if not may(by, "publish" if mapping.publish else "create"):
        raise Unreadable(_("%s may not publish releases.") % by)
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)
    if not files:
        raise Unreadable(_("There is no page (.html) in %s.") % folder)
    result, topics = Result(), _Topics(mapping)
    for batch in batches(_new_releases(files, folder, mapping, topics, by, at, result, progress)):
        save_new(batch, result, dry=dry, at=at)
    if not dry:
        take_stock(result.added)
    progress(len(files), len(files))
    return result


def _new_releases(
    files: list[Path], folder: Path, mapping: PageMapping, topics: _Topics, by: User, at: datetime, result: Result,
    progress: Callable[[int, int], None],
) -> Iterator[NewRelease]:  # fmt: skip
    seen: set[UUID] = set()
    existing = set(Release.objects.values_list("uuid", flat=True))
    home = folder.resolve()
    for done, file in enumerate(files):
        progress(done, len(files))
        name = file.relative_to(folder).as_posix()
        try:
            # A link may lead anywhere on this machine.
            if not file.resolve().is_relative_to(home) or not file.is_file():
                raise Unreadable(_("This is no file of the folder."))
            if file.stat().st_size > MAX_BYTES:
                raise Unreadable(_("The page is larger than %d MB.") % (MAX_BYTES // 1024 // 1024))
            saved = SavedPage(file.read_bytes(), mapping, name=name)
            uuid = uuid5(NAMESPACE, f"{mapping.site} {saved.source}")
            if uuid in seen:
                raise Unreadable(_("Another page has the same source id, “%s”.") % saved.source)
            if uuid in existing:  # known before its words are looked at, which takes the time
                seen.add(uuid)
                result.known += 1
                continue
            page = saved.read()
            if mapping.publish and page.day is None:
                raise Unreadable(_("No date was found, and what has none cannot be published."))
        except (Unreadable, OSError, RuntimeError) as error:
            result.refuse(name, getattr(error, "strerror", None) or str(error))
            continue
        seen.add(uuid)
        yield _new_release(page, uuid, name, mapping, topics, by, at, result)


def _new_release(
    page: Page,
    uuid: UUID,
    name: str,
    mapping: PageMapping,
    topics: _Topics,
    by: User,
    at: datetime,
    result: Result,
) -> NewRelease:
    found = [(name_, topics.find(name_)) for name_ in page.topics]
    for theirs, topic in found:
        if topic is None:
            page.report.add("topic-unknown", theirs)
            result.unknown_topics[theirs] = result.unknown_topics.get(theirs, 0) + 1
    filed = list(dict.fromkeys(topic for _theirs, topic in found if topic is not None))
    if filed:
        page.report.add("topics", count=len(filed))
    due = moment(page.day) if page.day else None
    begun = min(due or at, at) - WRITING
    release = Release(
        uuid=uuid, language=mapping.language, slug=slug_of(page.title), created_at=begun, created_by=by,
        publish_at=due if mapping.publish else None,
    )  # fmt: skip
    revision = Revision(
        number=1, created_at=begun, created_by=by, edited_at=begun, edited_by=by, comment=_("Taken in"),
        authors=[by.pk], saved_by_hand=True,
    )  # fmt: skip
    words = Words(
        title=page.title,
        body=page.body,
        dateline=page.place,
        summary=page.summary,
        topics=filed,
        publish_at=due,
    )
    write(revision, words, release)
    created = {"number": 1, "source": page.source}
    history = [HistoryRow(Event(user=by, verb="create", at=begun, detail=created), 1)]
    if mapping.publish and due is not None:
        out = min(due, at)
        revision.submitted_at = revision.approved_at = revision.frozen_at = out
        revision.submitted_by = revision.approved_by = by
        detail = {"again": False, "mend": False} if due <= at else {"publish_at": str(due)}
        verb = "publish" if due <= at else "schedule"
        history.append(HistoryRow(Event(user=by, verb=verb, at=out, detail=detail), 1))
    live, working = (1, None) if mapping.publish else (None, 1)
    path = former_path(page.path)
    return NewRelease(
        release, [revision], topics={1: [topic.pk for topic in filed]}, live=live, working=working,
        addresses=[(release.language, release.slug)], history=history,
        # At its own address it needs no old path.
        former_paths=[path] if path not in ("/", former_path(release.get_absolute_url())) else [],
        problems=page.report.sentences(), name=name,
    )  # fmt: skip
