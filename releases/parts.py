"""The parts of the public site: what each is called, and which of them a release is part of.

A page says on which parts it depends; a public change says which parts it changes. What both have in common has to be made
anew, everything else stays as it is. A name too many costs time, a name too few leaves a stale page.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Q, Subquery

from releases import clock
from releases.models import Release, ReleaseTopic

# No database takes any number of keys in one question.
PORTION = 500
# What is changed with everything, and a page that does not say on what it depends.
EVERYTHING = "everything"
# What no release changes: the vocabulary, the settings. EVERYTHING alone changes it.
FRAME = "frame"
# Any release in any language: search, sitemaps, the API.
RELEASES = "releases"
_RELEASE = "release:"


def release_part(pk: int) -> str:
    """What a release says, where it stands, and whether it can be seen."""
    return f"{_RELEASE}{pk}"


def tells_of_words(part: str) -> bool:
    """Whether it changes with what a release says, or with the site around it; others say where releases stand and how many there
    are."""
    return part.startswith(_RELEASE) or part in {EVERYTHING, FRAME, RELEASES}


def neighbours_part(pk: int) -> str:
    """Which releases come before and after it in its language."""
    return f"neighbours:{pk}"


def list_part(language: str) -> str:
    """Which releases there are in a language, and in which order: for the front page, the archive, the feeds."""
    return f"list:{language}"


def counts_part(language: str) -> str:
    """How many releases in a language stand in each month and under each topic."""
    return f"counts:{language}"


def year_part(language: str, year: int) -> str:
    """Which releases there are of a year, by the newsroom's clock."""
    return f"year:{language}:{year:04d}"


def month_part(language: str, year: int, month: int) -> str:
    """Which releases there are of a month, by the newsroom's clock."""
    return f"month:{language}:{year:04d}-{month:02d}"


def topic_part(pk: int, language: str) -> str:
    """Which releases there are in a language under a topic, and how many share other topics with it."""
    return f"topic:{pk}:{language}"


@dataclass(frozen=True)
class Place:
    """Where live words stand: a language, a date, and a group of translations (primary key)."""

    language: str
    publish_at: datetime
    group: int | None

    def parts(self, topics: Iterable[int]) -> set[str]:
        """The lists in which they stand under these topics."""
        day = clock.day(self.publish_at)
        return {
            RELEASES,
            list_part(self.language),
            year_part(self.language, day.year),
            month_part(self.language, day.year, day.month),
            *(topic_part(topic, self.language) for topic in topics),
        }


def topics_under(releases: Collection[int]) -> dict[int, set[int]]:
    """The public topics of these releases, all by primary key (one query for five hundred)."""
    found: dict[int, set[int]] = {pk: set() for pk in releases}
    pks = list(found)
    for start in range(0, len(pks), PORTION):
        rows = ReleaseTopic.objects.filter(content_object__in=pks[start : start + PORTION])
        for release, topic in rows.values_list("content_object_id", "tag_id"):
            found[release].add(topic)
    return found


def group_parts(groups: Iterable[int | None]) -> set[str]:
    """The releases of these groups: the page of each names the others (one query)."""
    wanted = {group for group in groups if group}
    if not wanted:
        return set()
    tied = Release.objects.filter(translation_group__in=wanted)
    return {release_part(pk) for pk in tied.values_list("pk", flat=True)}


def neighbour_parts(releases: Collection[int]) -> set[str]:
    """Where these releases stand between others now (one query).

    Those under embargo count: one whose moment comes while a change is being committed is a neighbour by then. Dates put
    all of them behind what can be seen, so that this finds the neighbours among what can be seen as well.
    """
    live = Release.objects.live()
    here = live.filter(language=OuterRef("language"))
    at, pk = OuterRef("publish_at"), OuterRef("pk")
    # The first condition alone lets the index be used; the second one cuts inside a moment.
    earlier = here.filter(Q(publish_at__lte=at) & (Q(publish_at__lt=at) | Q(pk__lt=pk))).in_order()
    later = here.filter(Q(publish_at__gte=at) & (Q(publish_at__gt=at) | Q(pk__gt=pk)))
    rows = (
        live.filter(pk__in=releases)
        .order_by()
        .annotate(
            earlier=Subquery(earlier.values("pk")[:1]),
            later=Subquery(later.order_by("publish_at", "pk").values("pk")[:1]),
        )
    )
    return {neighbours_part(one) for row in rows.values_list("pk", "earlier", "later") for one in row if one}


def parts_of(releases: Iterable[int]) -> frozenset[str]:
    """What changes where these releases (primary keys) say something else and stand where they stood: whatever shows one of them
    names its part."""
    return frozenset({RELEASES, *map(release_part, releases)})


def parts_of_arrival(releases: Collection[int]) -> frozenset[str]:
    """Everything that changes when these releases (primary keys) come to be seen (five queries)."""
    places = _places(releases)
    topics = topics_under(places)
    found = group_parts(place.group for place in places.values()) | neighbour_parts(releases)
    for pk, place in places.items():
        found |= {counts_part(place.language), *place.parts(topics[pk])}
    return parts_of(places) | found


def _places(releases: Collection[int]) -> dict[int, Place]:
    rows = Release.objects.filter(pk__in=releases, publish_at__isnull=False).order_by()
    return {
        pk: Place(language, at, group)
        for pk, language, at, group in rows.values_list("pk", "language", "publish_at", "translation_group")
        if at
    }
