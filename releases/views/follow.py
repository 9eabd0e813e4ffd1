"""How to follow the newsroom: the addresses of its feeds, and of any choice of topics."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse

from releases.addresses import absolute, address
from releases.views.index import Entry, topic_index
from releases.views.public import everywhere, page, public

KINDS = {"rss": "RSS", "atom": "Atom", "json": "JSON Feed"}


@dataclass(frozen=True)
class Way:
    """A feed's address in one of its forms."""

    name: str
    address: str


@public
def follow(request: HttpRequest) -> HttpResponse:
    """The feeds of everything, and of the topics that `?topic=a&topic=b` choose."""
    index = topic_index(request.language)
    asked = set(request.GET.getlist("topic"))
    choices = [replace(entry, of_release=entry.topic.slug in asked) for entry in index]
    chosen = [entry for entry in choices if entry.of_release]
    words = {
        "here": "follow",
        "everything": _ways(request.language, []),
        "choices": choices,
        "chosen": chosen,
        "ways": _ways(request.language, chosen) if chosen else (),
        "opml": address("opml", language=request.language),
        "canonical": address("follow", language=request.language),
    }
    return page(request, "releases/follow.html", words, index=index, same=everywhere("follow"))


def _ways(language: str, chosen: list[Entry]) -> list[Way]:
    """The feeds of these topics, of all releases for none."""
    slugs = sorted(entry.topic.slug for entry in chosen)
    made = []
    for kind, name in KINDS.items():
        if len(slugs) == 1:
            path = address("topic_feed", slugs[0], kind, language=language)
        else:
            query = urlencode([("topic", slug) for slug in slugs])
            path = address("feed", kind, language=language) + (f"?{query}" if query else "")
        made.append(Way(name, absolute(path)))
    return made
