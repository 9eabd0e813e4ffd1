"""How to follow the newsroom: the addresses of its feeds, and of any choice of topics and languages."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from releases.addresses import absolute, address
from releases.models import Topic
from releases.reading.choice import MOST_FORMER, Choice, choice_of
from releases.reading.index import Entry, entries, topic_index
from releases.reading.public import everywhere, kept_as, page, public

KINDS = {
    "rss": ("RSS", "application/rss+xml"),
    "atom": ("Atom", "application/atom+xml"),
    "json": ("JSON Feed", "application/feed+json"),
}


@dataclass(frozen=True)
class Way:
    """A feed's address in one of its forms; `kind` is a media type."""

    name: str
    kind: str
    address: str


@dataclass(frozen=True)
class Tongue:
    """A language to choose."""

    code: str
    name: str
    chosen: bool


@public("topic*", "language*")
def follow(request: HttpRequest) -> HttpResponse:
    """The feeds of everything, and of what `?topic=a&topic=b&language=en&language=bo` choose."""
    index = topic_index(request.language)
    choices = _marked(index, request.GET.getlist("topic"), request.language)
    chosen = [entry for entry in choices if entry.of_release]
    slugs = [entry.topic.slug for entry in chosen]
    choice = choice_of(request.language, request.GET.getlist("language"), slugs)
    everything = choice_of(request.language, (), ())
    tongues = [Tongue(code, name, code in choice.languages) for code, name in settings.LANGUAGES]
    words = {
        "here": "follow",
        "everything": _ways(everything),
        "choices": choices,
        "chosen": chosen,
        "tongues": tongues if len(tongues) > 1 else (),
        "spoken": [tongue for tongue in tongues if tongue.chosen]
        if choice.languages != everything.languages
        else (),
        "ways": _ways(choice) if choice != everything else (),
        "opml": address("opml", language=request.language),
        "topics": address("topics", language=request.language),
        "search": address("search", language=request.language),
        "canonical": address("follow", language=request.language),
    }
    response = page(request, "releases/follow.html", words, index=index, same=everywhere("follow"))
    return kept_as(response, request, choice.page().partition("?")[2])


def _marked(index: Iterable[Entry], asked: Iterable[str], language: str) -> list[Entry]:
    """The index with what was asked for marked, by whatever address a topic has or had; a retired one is added."""
    wanted = {slug for slug in asked if slug and "\x00" not in slug}
    former = sorted(wanted - {entry.topic.slug for entry in index})[:MOST_FORMER]
    found = {topic.pk: topic for slug in former if (topic := Topic.objects.standing_at(slug))}
    marked = [
        replace(entry, of_release=entry.topic.slug in wanted or found.pop(entry.topic.pk, None) is not None)
        for entry in index
    ]
    return [*marked, *(replace(entry, of_release=True) for entry in entries(found.values(), language))]


def _ways(choice: Choice) -> list[Way]:
    return [Way(name, media, absolute(choice.feed(kind))) for kind, (name, media) in KINDS.items()]
