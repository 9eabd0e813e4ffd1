"""What a reader subscribes to, topics and languages, and the one address that each such choice has."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.conf import settings

from releases.addresses import absolute, address
from releases.models import Topic
from releases.reading.topics import Entry, entries

# Addresses that are no topic's now cost a query or two each.
MOST_FORMER = 20


@dataclass(frozen=True)
class Choice:
    """`frame` is the language of the address at which it was asked; `languages` those of the releases, one at the
    least; releases stand under any of the topics with these `slugs`, or under whatever topic where there are none.
    Both in normal order (`choice_of`)."""

    frame: str
    languages: Sequence[str]
    slugs: Sequence[str]

    @property
    def home(self) -> str:
        """The language under whose prefix its feeds stand: a single one has feeds of its own."""
        return self.languages[0] if len(self.languages) == 1 else self.frame

    @property
    def asked(self) -> list[tuple[str, str]]:
        """What has to stand behind the question mark where neither prefix nor path says it."""
        languages = self.languages if len(self.languages) > 1 else ()
        topics = () if self.of_one_topic else self.slugs
        return [*(("language", code) for code in languages), *(("topic", slug) for slug in topics)]

    @property
    def of_one_topic(self) -> bool:
        """Is it what a topic's own feeds hold?"""
        return len(self.slugs) == 1 and len(self.languages) == 1

    def feed(self, kind: str) -> str:
        """The path of its feed."""
        if self.of_one_topic:
            return address("topic_feed", self.slugs[0], kind, language=self.home)
        return with_query(address("feed", kind, language=self.home), self.asked)

    def page(self) -> str:
        """The page on which it is changed."""
        languages = self.languages if tuple(self.languages) != (self.frame,) else ()
        asked = [*(("language", code) for code in languages), *(("topic", slug) for slug in self.slugs)]
        return with_query(address("follow", language=self.frame), asked)


def choice_of(frame: str, languages: Iterable[str], slugs: Iterable[str]) -> Choice:
    """Languages in the newsroom's order, topics in that of their addresses, each once; without a language the frame's."""
    wanted = set(languages) or {frame}
    known = tuple(code for code, _name in settings.LANGUAGES if code in wanted)
    return Choice(frame, known or (frame,), tuple(sorted(set(slugs))))


def with_query(path: str, asked: Sequence[tuple[str, str]]) -> str:
    """A path with what is asked of it."""
    return f"{path}?{urlencode(asked)}" if asked else path


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
