"""A feed for each search: whoever looks for something today wants to know of it tomorrow."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from releases.addresses import address
from releases.feeds.answer import Channel, answer
from releases.models import Release
from releases.reading.public import kept_as, public
from releases.reading.vocabulary import vocabulary_of
from releases.search import NEWEST, find, shelf_of
from releases.search.asked import READS, Asked, read
from releases.search.engine import Among
from releases.views.search import filters_of

# Beyond these the archive, or another filter, is the better way.
MOST = 2000


@public(*READS)
def search_feed(request: HttpRequest, kind: str) -> HttpResponse:
    """The releases that a search finds, newest first."""
    asked = read(request.GET)
    pks = []
    if asked.anything:
        filters = filters_of(asked, vocabulary_of(request.edition, request.language))
        pks = find(asked.query, shelf_of(request.edition), filters, order=NEWEST, stop=MOST).releases
    question = asked.address(order=False)
    here = address("search_feed", kind, language=request.language)
    page = address("search", language=request.language)
    channel = Channel(
        title=_title(asked),
        page=f"{page}?{question}" if question else page,
        path=f"{here}?{question}" if question else here,
    )
    response = answer(request, kind, Release.objects.visible().filter(pk__in=Among(pks)), channel)
    volume = request.GET.get("page")
    return kept_as(response, request, f"{question}&page={volume}" if volume else question)


def _title(asked: Asked) -> str:
    filters = [*asked.topics, *([str(asked.year)] if asked.year is not None else []), asked.language]
    named = " · ".join(part for part in (asked.query.text, *filters) if part)
    return gettext("Search: %(what)s · %(newsroom)s") % {"what": named, "newsroom": settings.NEWSROOM["name"]}
