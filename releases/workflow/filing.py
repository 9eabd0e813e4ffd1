"""Under which topics a release stands for readers: what its words say, read through merges and splits.

A revision keeps for ever the topics that were approved with it. What readers see follows from them, from
`Topic.merged_into` and from `Refiling`, so that undoing a merge or a split is exact.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.db import connection

from releases.models import Refiling, Release, ReleaseTopic, Revision, RevisionTopic, Topic

PORTION = 500


class Filing:
    """The merges and splits as they are at one moment, loaded once."""

    def __init__(self, releases: Iterable[int]) -> None:
        self.merged = dict(Topic.objects.exclude(merged_into=None).values_list("pk", "merged_into_id"))
        self.refiled: dict[tuple[int, int], list[int]] = defaultdict(list)
        rows = Refiling.objects.filter(release__in=list(releases)).values_list(
            "release_id", "source_id", "target_id"
        )
        for release, source, target in rows:
            self.refiled[release, source].append(target)

    def shown(self, release: int, topics: Iterable[int]) -> set[int]:
        """The topics under which `release` stands when its words are filed under `topics` (all by primary key)."""
        return {found for topic in topics for found in self._follow(release, topic)}

    def _follow(self, release: int, topic: int, seen: frozenset[int] = frozenset()) -> Iterator[int]:
        # A part of a split that was merged back leads to where one came from: there it ends, or in what that became.
        if topic in seen:
            while topic in self.merged:
                topic = self.merged[topic]
            yield topic
            return
        seen |= {topic}
        if targets := self.refiled.get((release, topic)):
            for target in targets:
                yield from self._follow(release, target, seen)
        elif topic in self.merged:
            yield from self._follow(release, self.merged[topic], seen)
        else:
            yield topic


def topics_of(revision: Revision) -> tuple[Topic, ...]:
    """The topics of a revision as they stand now."""
    filed = list(RevisionTopic.objects.filter(content_object=revision).values_list("tag_id", flat=True))
    return topics_shown(revision.release_id, filed)


def topics_shown(release: int, filed: Iterable[int]) -> tuple[Topic, ...]:
    """The topics that words of `release` filed under `filed` (all by primary key) have now."""
    shown = Filing([release]).shown(release, filed)
    return tuple(Topic.objects.filter(pk__in=shown).in_order())


def refile(releases: Iterable[int]) -> None:
    """Make the public topics of these releases (primary keys) what their live words say."""
    wanted = sorted(set(releases))
    for start in range(0, len(wanted), PORTION):
        portion = wanted[start : start + PORTION]
        while _refile(portion) and connection.features.has_select_for_update:
            # A topic's row was waited for where a merge held it: what that did is seen in a second look.
            pass


def _refile(portion: list[int]) -> bool:
    """Do it for one portion; was anything newly filed?"""
    filing = Filing(portion)
    filed: dict[int, set[int]] = {pk: set() for pk in portion}
    live = dict(Release.objects.filter(pk__in=portion, live__isnull=False).values_list("live_id", "pk"))
    for revision, topic in RevisionTopic.objects.filter(content_object__in=list(live)).values_list(
        "content_object_id", "tag_id"
    ):
        filed[live[revision]].add(topic)
    wanted = {(pk, topic) for pk, topics in filed.items() for topic in filing.shown(pk, topics)}
    have = {
        (release, topic): row
        for row, release, topic in ReleaseTopic.objects.filter(content_object__in=portion).values_list(
            "pk", "content_object_id", "tag_id"
        )
    }
    ReleaseTopic.objects.filter(pk__in=[row for key, row in have.items() if key not in wanted]).delete()
    new = sorted(wanted - have.keys())
    ReleaseTopic.objects.bulk_create(
        ReleaseTopic(content_object_id=release, tag_id=topic) for release, topic in new
    )
    return bool(new)
