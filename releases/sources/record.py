"""Writing down which release cites which address, in the transaction that changes its live words."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from releases.models import Release
from releases.models.source import Source, SourceCitation, source_key
from releases.text.links import host_of, links_of

PORTION = 100
# As many parameters as a statement of SQLite is sure to take.
AT_ONCE = 500
# key of the source, key of the note, number of the note
Cited = tuple[str, str, int]


def record_sources(releases: Iterable[Release]) -> None:
    """Make the rows say what the live words of these releases cite: call it in the transaction that changes them.

    A release without live words cites nothing. What is withdrawn or embargoed is held back where rows are read
    (`SourceQuerySet.visible`), so that an embargo ends by the clock here too.
    """
    releases = list(releases)
    urls: dict[str, str] = {}
    wanted: dict[int, list[Cited]] = {}
    own = urlsplit(settings.SITE_URL).hostname
    for release in releases:
        cited: list[Cited] = []
        for place in links_of(release.live.body) if release.live else ():
            host = host_of(place.url)
            if host != own:
                key = source_key(place.url)
                urls[key] = place.url
                cited.append((key, place.note, place.number))
        wanted[release.pk] = cited
    have: dict[int, list[Cited]] = {pk: [] for pk in wanted}
    rows = SourceCitation.objects.filter(release__in=list(wanted)).order_by("release", "pk")
    for pk, key, note, number in rows.values_list("release_id", "source__key", "note", "number"):
        have[pk].append((key, note, number))
    changed = [pk for pk in wanted if wanted[pk] != have[pk]]
    if not changed:
        return
    pks = _pks_of({key: urls[key] for pk in changed for key, _note, _number in wanted[pk]})
    SourceCitation.objects.filter(release__in=[pk for pk in changed if have[pk]]).delete()
    SourceCitation.objects.bulk_create(
        (
            SourceCitation(source_id=pks[key], release_id=pk, note=note, number=number)
            for pk in changed
            for key, note, number in wanted[pk]
        ),
        batch_size=AT_ONCE,
    )


def _pks_of(urls: dict[str, str]) -> dict[str, int]:
    """The primary keys of the sources of these addresses by their keys; those that are new are made."""
    pks = dict(_stored(list(urls)))
    new = [Source(key=key, url=url, host=host_of(url)) for key, url in sorted(urls.items()) if key not in pks]
    if new:
        # A release that goes out at the same moment may cite the same address.
        Source.objects.bulk_create(new, ignore_conflicts=True, batch_size=AT_ONCE)
        pks.update(_stored([source.key for source in new]))
    return pks


def _stored(keys: Sequence[str]) -> Iterator[tuple[str, int]]:
    for start in range(0, len(keys), AT_ONCE):
        portion = Source.objects.filter(key__in=keys[start : start + AT_ONCE])
        yield from portion.values_list("key", "pk")


def rebuild(*, progress: Callable[[int, int], None] = lambda done, total: None) -> tuple[int, int]:
    """Write the rows of all releases anew, for a site that was here before them; returns how many releases were read and
    how many sources there are. Copies and checks stay; what nobody cites any more and has no copy goes."""
    pks = list(Release.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(pks), PORTION):
        with transaction.atomic():
            portion = Release.objects.select_for_update(of=("self",)).select_related("live")
            record_sources(portion.filter(pk__in=pks[start : start + PORTION]))
        progress(min(start + PORTION, len(pks)), len(pks))
    cited = SourceCitation.objects.filter(source=OuterRef("pk"))
    Source.objects.filter(~Exists(cited), archived_on=None).delete()
    return len(pks), Source.objects.count()
