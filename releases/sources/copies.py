"""Archived copies as readers see them: which of a release's links have one, at no query of their own."""

import re
from collections.abc import Iterable
from datetime import date

from django.db.models import JSONField, OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from releases.languages import copy_words
from releases.models.release import JSONList, ReleaseQuerySet, read_list
from releases.models.source import COPY_LENGTH, Source, SourceCitation, source_key
from releases.text.links import address_of, links_of
from releases.text.render.html import Copy
from releases.text.render.html import with_copies as marked

# No web was archived before.
FIRST_YEAR = 1996
# Archives write the moment of a copy into its address: /web/20260610123456/https://… ; /2026.06.10-123456/…
_DAY = re.compile(r"/((?:19|20)\d\d)[.-]?([01]\d)[.-]?([0-3]\d)(?:-?\d{4,6})?(?:[a-z]{2}_)?/")


def with_copies(releases: ReleaseQuerySet) -> ReleaseQuerySet:
    """Annotates `copies`: what `link_copies` needs, as a subquery of the same query."""
    found = (
        SourceCitation.objects.filter(release=OuterRef("pk"), source__archived_on__isnull=False)
        .order_by()
        .values("release")
        .annotate(
            all=JSONList(
                JSONObject(url="source__url", copy="source__archived_url", day="source__archived_on")
            )
        )
        .values("all")
    )
    return releases.annotate(copies=Subquery(found, output_field=JSONField()))


def link_copies(html: str, copies: object, language: str) -> str:
    """Rendered HTML of a release in `language` with its links to archived copies; `copies` as `with_copies` or
    `copies_in` found them."""
    found = read_list(copies)
    if not found:
        return html
    by_url = {one["url"]: Copy(one["copy"], one["day"]) for one in found}
    return marked(html, by_url, copy_words(language))


def copies_in(body: str) -> list[dict[str, str]]:
    """The copies of what a stored body cites, be it live or not: for previews."""
    keys = {source_key(place.url) for place in links_of(body)}
    if not keys:
        return []
    found = Source.objects.archived().filter(key__in=keys)
    return [{"url": one.url, "copy": one.archived_url, "day": f"{one.archived_on:%Y-%m-%d}"} for one in found]


def day_in(address: str) -> date | None:
    """The day that an archive's address tells, if it tells one."""
    for year, month, day in _DAY.findall(address):
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            continue
    return None


def copy_errors(url: str, address: str, day: date | None, *, today: date) -> dict[str, str]:
    """What is wrong with a copy of `url`, by the field in which it is mended; nothing where it may be kept."""
    if not address:
        return (
            {} if day is None else {"archived_url": _("Give the copy's address, or take its date away too.")}
        )
    return dict(_faults(url, address, day, today))


def _faults(url: str, address: str, day: date | None, today: date) -> Iterable[tuple[str, str]]:
    compared = address_of(address)
    if compared is None:
        yield "archived_url", _("Give the whole address, beginning with https:// (or http://).")
    elif compared == url:
        yield "archived_url", _("This is the source itself: give the address of a copy in an archive.")
    elif len(address) > COPY_LENGTH:
        yield "archived_url", _("The address is longer than %d characters.") % COPY_LENGTH
    elif "@" in address.split("//", 1)[1].split("/")[0]:
        yield "archived_url", _("Leave the name and password out of the address: readers will see it.")
    if day is None:
        yield "archived_on", _("Say on which day the copy was made: its address does not tell.")
    elif day > today:
        yield "archived_on", _("This day is still to come: give the day on which the copy was made.")
    elif day.year < FIRST_YEAR:
        yield "archived_on", _("No copy is as old as that: give the day on which it was made.")
