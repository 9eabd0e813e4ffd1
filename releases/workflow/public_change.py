"""What follows a change of what readers see: one context manager looks before, and does all of it after."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from releases import outbox
from releases.counts import Counted, hold_edition, recount, times_refiled
from releases.editions import raise_edition
from releases.models import Refiling, Release, ReleaseTopic, Source, SourceCitation, Topic
from releases.parts import (
    EVERYTHING,
    PORTION,
    Place,
    counts_part,
    group_parts,
    neighbour_parts,
    parts_of,
    topics_under,
)
from releases.search import update_index
from releases.sources import record_sources
from releases.workflow.filing import refile


@contextmanager
def public_change(
    *releases: Release,
    topics: Sequence[Topic] = (),
    sources: Sequence[Source] = (),
    everywhere: bool = False,
    send: bool = True,
    at: datetime,
) -> Iterator[None]:
    """Change and save these very rows within. At the end, in the same transaction, everything that follows is done.

    1. Releases are filed under the public topics that their live words have now.
    2. The search knows the live words and the draft.
    3. The sources that live words cite are on record.
    4. They are counted by month and topic (`releases.counts`).
    5. The edition is raised, once, if readers see something else at `at`, and says which parts of the site that is
       (`releases.parts`). What changes everywhere, or with the vocabulary, changes everything.
    6. The hub is told of the feeds that changed, now and at the end of an embargo.

    A further step, such as a purge of caches in front of the site, or mail to subscribers, belongs here and nowhere else.

    What is to be done follows from comparing the rows before and after, so that a verb cannot forget a step. `everywhere`
    says that something changes which stands on any page and belongs to none of these rows. Without `send` the hub is told
    by the command alone.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("A public change happens inside a transaction.")
    before = _views(releases, at)
    vocabulary = _Vocabulary(topics) if topics else None
    yield
    changes = list(zip(releases, before, _views(releases, at), strict=True))
    parts = _file_and_index(changes, at=at, send=send)
    citing = _citing(sources) if sources else set()
    if everywhere or topics:
        raise_edition(at)
    elif sources or any(old.page != new.page for _one, old, new in changes):
        raise_edition(at, parts | (parts_of(citing) if len(citing) <= MOST_CHANGES else {EVERYTHING}))
    if vocabulary:
        vocabulary.follow(at=at, send=send)
    if sources:
        _notify_hub(citing, at=at, send=send)
    waiting = [due for _one, *sides in _noticed(changes) for side in sides if (due := side.waits_for)]
    if waiting:
        transaction.on_commit(partial(_came_before, min(waiting), parts))


# ------------------------------------------------------------------ releases


@dataclass(frozen=True)
class _View:
    """What follows from a release's row, as it is in memory. `item` is what feeds say, and will say after an embargo; `page`
    is what pages say at the moment."""

    words: tuple[tuple[int, int] | None, ...]
    live: int | None
    item: tuple[object, ...] | None
    page: tuple[object, ...] | None
    place: Place | None
    withdrawn: bool
    language: str
    in_feeds: bool
    waits_for: datetime | None

    def counted(self, topics: Iterable[int]) -> list[Counted]:
        """As it is counted under these topics, be it seen yet or not; not at all where it is withdrawn."""
        if self.place is None or self.withdrawn:
            return []
        return [Counted(self.place.language, self.place.publish_at, frozenset(topics))]


def _views(releases: Iterable[Release], at: datetime) -> list[_View]:
    together: dict[int | None, set[int]] = defaultdict(set)
    for one in releases:
        if one.is_visible(at):
            together[one.translation_group_id].add(one.pk)
    return [_view(one, together, at) for one in releases]


# The draft; what readers are told of translations is worked out below; who began it.
_UNNOTICED = frozenset({"working_id", "translation_group_id", "created_by_id"})


@cache
def _columns_that_readers_notice() -> tuple[str, ...]:
    """All but those, so that a column which is added cannot be forgotten here."""
    names = [field.attname for field in Release._meta.concrete_fields]
    return tuple(name for name in names if name not in _UNNOTICED)


def _view(release: Release, together: dict[int | None, set[int]], at: datetime) -> _View:
    item: tuple[object, ...] | None = None
    page: tuple[object, ...] | None = None
    due = release.publish_at if release.live_id else None
    if due:
        item = tuple(getattr(release, name) for name in _columns_that_readers_notice())
    if due and due <= at:
        # Readers are told of a translation where they can see both.
        tied = release.translation_group_id and release.is_visible(at)
        others = together[release.translation_group_id] - {release.pk} if tied else set()
        page = (item, frozenset(others))
    return _View(
        words=tuple((one.pk, one.save_number) if one else None for one in (release.live, release.working)),
        live=release.live_id,
        item=item,
        page=page,
        place=Place(release.language, due, release.translation_group_id) if due else None,
        withdrawn=release.withdrawn_at is not None,
        language=release.language,
        in_feeds=release.is_in_feeds(at),
        waits_for=due if due and due > at else None,
    )


# A release with what is looked at, before and after.
Change = tuple[Release, _View, _View]
# Of more releases than these the parts are not looked up, one by one: their change is one of everything.
MOST_CHANGES = 20


def _noticed(changes: Iterable[Change]) -> list[Change]:
    """What readers notice, now or after an embargo."""
    return [
        (one, old, new)
        for one, old, new in changes
        if (old.item, old.page, old.place) != (new.item, new.page, new.place)
    ]


def _file_and_index(changes: Sequence[Change], *, at: datetime, send: bool) -> frozenset[str]:
    """Do what follows for the releases themselves; which parts of the site have changed with them."""
    reworded = [one for one, old, new in changes if old.words != new.words]
    relived = [one for one, old, new in changes if old.live != new.live]
    touched = [(one, old, new) for one, old, new in changes if old.item != new.item]
    noticed = _noticed(changes)
    # Under which topics they stood is still on record.
    pks_noticed = [one.pk for one, _old, _new in noticed]
    refiled = times_refiled() if noticed else 0
    topics_before = topics_under(pks_noticed)
    before = outbox.feeds_of({one.pk: old.language for one, old, _new in touched if old.in_feeds})
    if relived:
        refile(one.pk for one in relived)
    if reworded:
        update_index(reworded)
    if relived:
        record_sources(relived)
    topics_after = topics_before
    if noticed:
        # Others may have filed them elsewhere until here.
        edition, topics_after = hold_edition(), topics_under(pks_noticed)
        recount(
            edition,
            [counted for one, old, _new in noticed for counted in old.counted(topics_before[one.pk])],
            [counted for one, _old, new in noticed for counted in new.counted(topics_after[one.pk])],
            refiled=refiled,
        )
    if touched:
        after = outbox.feeds_of({one.pk: new.language for one, _old, new in touched if new.in_feeds})
        pks = [one.pk for one, _old, _new in touched]
        outbox.feeds_changed(pks, before=before, after=after, at=at, send=send)
    if len(noticed) > MOST_CHANGES:
        return frozenset({EVERYTHING})
    return _changed_parts(noticed, topics_before, topics_after)


def _changed_parts(
    noticed: Sequence[Change],
    topics_before: Mapping[int, AbstractSet[int]],
    topics_after: Mapping[int, AbstractSet[int]],
) -> frozenset[str]:
    """What shows them; and where they came, went or moved, everything that they were part of and are part of now."""
    found = set(parts_of(one.pk for one, _old, _new in noticed))
    groups: set[int | None] = set()
    moved: list[int] = []
    for one, old, new in noticed:
        was, now = topics_before[one.pk], topics_after[one.pk]
        places = [side.place for side in (old, new) if side.place]
        groups |= {place.group for place in places}
        if old.counted(was) != new.counted(now):
            found |= {part for place in places for part in place.parts(was | now)}
            found |= {counts_part(place.language) for place in places}
        if old.counted(()) != new.counted(()):
            moved.append(one.pk)
    if moved:
        found |= neighbour_parts(moved)
    return frozenset(found | group_parts(groups))


def _came_before(due: datetime, parts: frozenset[str]) -> None:
    """What readers were to see from `due` on has changed. Where that moment came before the change was committed, pages
    without it may have been kept, under the edition that began by the clock."""
    now = timezone.now()
    if due <= now:
        with transaction.atomic():
            raise_edition(now, parts)


# ------------------------------------------------------------------ vocabulary and sources


def _citing(sources: Iterable[Source]) -> set[int]:
    """The releases whose live words cite any of these."""
    rows = SourceCitation.objects.filter(source__in=sources)
    return set(rows.values_list("release_id", flat=True))


def _notify_hub(
    releases: Iterable[int], *, at: datetime, send: bool, also: Iterable[str] = (), anew: bool = False
) -> None:
    """Of the feeds in which these releases (primary keys) stand, though their rows have not changed. `anew`: they are filed
    anew first, and only those that stand elsewhere then count."""
    pks = list(releases)
    languages = outbox.languages_in_feeds(pks, at=at)
    before = after = outbox.feeds_of(languages)
    if anew:
        _refile_and_count(pks)
        after = outbox.feeds_of(languages)
    outbox.feeds_changed(pks, before=before, after=after, moved=anew, also=also, at=at, send=send)


def _refile_and_count(pks: Sequence[int]) -> None:
    """What stands elsewhere now is counted there; the rows of the releases have not changed."""
    edition = hold_edition()
    for start in range(0, len(pks), PORTION):
        portion = pks[start : start + PORTION]
        before = topics_under(portion)
        refile(portion)
        after = topics_under(portion)
        moved = [pk for pk in portion if before[pk] != after[pk]]
        rows = Release.objects.live().filter(pk__in=moved)
        counted = list(rows.values_list("pk", "language", "publish_at"))
        recount(
            edition,
            [Counted(language, at, frozenset(before[pk])) for pk, language, at in counted if at],
            [Counted(language, at, frozenset(after[pk])) for pk, language, at in counted if at],
        )


class _Vocabulary:
    """What some topics are called and where they lead, before and after."""

    def __init__(self, topics: Sequence[Topic]) -> None:
        self.topics = topics
        self.codes = [code for code, _name in settings.LANGUAGES]
        self.before = [self._look(topic) for topic in topics]
        self.paths = [self._paths(topic, self.codes) for topic in topics]
        self.refilings = self._refilings()

    def follow(self, *, at: datetime, send: bool) -> None:
        """Do what follows from the difference."""
        merged = []
        for topic, (names, slug, end), paths in zip(self.topics, self.before, self.paths, strict=True):
            if (names, slug) != self._look(topic)[:2]:
                self._follow_name(topic, names, slug, paths, at=at, send=send)
            if end != topic.merged_into_id:
                merged.append(topic)
        if merged or self.refilings != self._refilings():
            # The feeds of what is merged lead elsewhere now, or did so before.
            also = [path for topic in merged for path in self._paths(topic, self.codes)]
            _notify_hub(self._under(self.topics), at=at, send=send, also=also, anew=True)

    def _follow_name(
        self, topic: Topic, names: dict[str, str], slug: str, paths: list[str], *, at: datetime, send: bool
    ) -> None:
        """The hub hears of the topic's feeds, at their old addresses too, and of every feed with an item that names it, in
        the languages in which it is called something else."""
        spoken = [code for code in self.codes if topic.name_in(code) != names[code]]
        if topic.slug != slug:
            outbox.embargoes_changed(self._under([topic]), at=at, send=send)
            also = [*paths, *self._paths(topic, self.codes)]
        else:
            also = self._paths(topic, spoken)
        naming = Release.objects.filter(pk__in=self._under([topic]), language__in=spoken)
        _notify_hub(naming.values_list("pk", flat=True), at=at, send=send, also=also)

    def _look(self, topic: Topic) -> tuple[dict[str, str], str, int | None]:
        return {code: topic.name_in(code) for code in self.codes}, topic.slug, topic.merged_into_id

    def _paths(self, topic: Topic, codes: Iterable[str]) -> list[str]:
        return outbox.paths_of((code, topic.pk) for code in codes)

    def _under(self, topics: Iterable[Topic]) -> set[int]:
        """The releases that stand under any of these topics."""
        return set(ReleaseTopic.objects.filter(tag__in=topics).values_list("content_object_id", flat=True))

    def _refilings(self) -> set[tuple[int, int, int]]:
        rows = Refiling.objects.filter(source__in=self.topics)
        return set(rows.values_list("release_id", "source_id", "target_id"))
