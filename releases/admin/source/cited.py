"""Where a source is cited, with the ways to the place in the form and on the site, and what was done to its copy."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext

from releases.models import Event, Release, Source, SourceCitation

PER_PAGE = 50
EXCERPT = 160
EVENTS = 20


@dataclass(frozen=True)
class CitedPlace:
    """One place: `number` is the note's, 0 in the text; `words` how the note begins; `name` what it is called."""

    release: Release
    number: int
    words: str
    form: str
    page: str

    @property
    def name(self) -> str:
        """The release and the place in it, for links that say the same in every row."""
        place = gettext("note %d") % self.number if self.number else gettext("in the text")
        return f"{self.release.live.title}, {place}"


def cited_in(source: Source, number: Any) -> tuple[Page, list[CitedPlace]]:
    """A page of the places in visible releases, newest first."""
    found: QuerySet[SourceCitation] = (
        SourceCitation.objects.visible()
        .filter(source=source)
        .select_related("release__live")
        .only(
            "note", "number", "release__language", "release__slug", "release__uuid", "release__publish_at",
            "release__live__title", "release__live__notes",
        )
        .order_by("-release__publish_at", "-release", "number", "pk")
    )  # fmt: skip
    page = Paginator(found, PER_PAGE).get_page(number)
    return page, [_place(one) for one in page]


def _place(citation: SourceCitation) -> CitedPlace:
    release = citation.release
    form, page = reverse("admin:releases_release_change", args=[release.pk]), release.get_absolute_url()
    if not citation.note:
        return CitedPlace(release, 0, "", form, page)
    notes: Iterable[dict[str, Any]] = release.live.notes
    words = next((str(note["text"]) for note in notes if note["key"] == citation.note), "")
    key = f"fn-{citation.note}"
    return CitedPlace(
        release,
        citation.number,
        Truncator(words).chars(EXCERPT),
        f"{form}#{key}",
        f"{page}#{release.note_prefix}{key}",
    )


def record_of(source: Source) -> list[tuple[Event, str]]:
    """History of the copy, newest first, in sentences."""
    events = Event.objects.filter(release=None, verb="archive source", detail__source=source.url)
    return [(event, _sentence(event)) for event in events.select_related("user").order_by("-pk")[:EVENTS]]


def _sentence(event: Event) -> str:
    after = event.detail["after"]
    if not after["address"]:
        return gettext("Removed the copy: %s") % event.detail["before"]["address"]
    return gettext("Added the copy of %(day)s: %(address)s") % after
