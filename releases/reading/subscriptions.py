"""What a reader subscribes to, topics and languages, and the one address that each such choice has."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.http import Http404

from releases.addresses import FEED_FORMATS, FeedFormat, absolute, address, with_query
from releases.models import Topic
from releases.parts import list_part, topic_part
from releases.reading.topics import TopicEntry, topic_entries

# Whoever ticks all of a large vocabulary still gets an address that answers.
MOST_TOPICS = 500
# Beyond these topics, a feed is made anew with every release in its languages.
MOST_PARTS = 20
# Addresses that topics had before cost a query or two each.
MOST_FORMER = 20


@dataclass(frozen=True)
class Subscription:
    """`page_language` is the language of the address at which it was chosen. It holds releases in any of `languages`, one at
    the least, and under any of the topics with these `slugs`, or under any topic without them. Both are in canonical
    order (`subscription_of`)."""

    page_language: str
    languages: Sequence[str]
    slugs: Sequence[str]

    @property
    def feed_language(self) -> str:
        """The language under whose prefix its feeds are: a single language has feeds of its own."""
        return self.languages[0] if len(self.languages) == 1 else self.page_language

    @property
    def feed_query(self) -> list[tuple[str, str]]:
        """The query of the feed: what its prefix and its path do not express."""
        languages = self.languages if len(self.languages) > 1 else ()
        topics = () if self.of_one_topic else self.slugs
        return [*(("language", code) for code in languages), *(("topic", slug) for slug in topics)]

    @property
    def of_one_topic(self) -> bool:
        """Is it what a topic's own feeds hold?"""
        return len(self.slugs) == 1 and len(self.languages) == 1

    def feed(self, suffix: str) -> str:
        """The path of its feed in a format (`FEED_FORMATS`)."""
        if self.of_one_topic:
            return address("topic_feed", self.slugs[0], suffix, language=self.feed_language)
        return with_query(address("feed", suffix, language=self.feed_language), self.feed_query)

    def feeds(self) -> list[tuple[FeedFormat, str]]:
        """The whole addresses of its feeds in every format."""
        return [(form, absolute(self.feed(suffix))) for suffix, form in FEED_FORMATS.items()]

    def parts(self, topics: Sequence[Topic]) -> set[str]:
        """On which parts of the site its feed depends; `topics` are those with its slugs."""
        if not topics or len(topics) > MOST_PARTS:
            return {list_part(code) for code in self.languages}
        return {topic_part(topic.pk, code) for topic in topics for code in self.languages}

    @property
    def page_query(self) -> list[tuple[str, str]]:
        """The canonical query of the page on which it is changed."""
        languages = self.languages if tuple(self.languages) != (self.page_language,) else ()
        return [*(("language", code) for code in languages), *(("topic", slug) for slug in self.slugs)]

    def page(self) -> str:
        """The page on which it is changed."""
        return with_query(address("follow", language=self.page_language), self.page_query)


def subscription_of(page_language: str, languages: Iterable[str], slugs: Iterable[str]) -> Subscription:
    """Languages in the newsroom's order, topics by slug, each once; without a language that of the page."""
    wanted = set(languages) or {page_language}
    known = tuple(code for code, _name in settings.LANGUAGES if code in wanted)
    return Subscription(page_language, known or (page_language,), tuple(sorted(set(slugs))))


@dataclass(frozen=True)
class LanguageOption:
    """A language to choose."""

    code: str
    name: str
    selected: bool


def language_options(subscription: Subscription) -> list[LanguageOption]:
    """Every language of the newsroom; those of the subscription are selected."""
    return [LanguageOption(code, name, code in subscription.languages) for code, name in settings.LANGUAGES]


def topic_options(index: Sequence[TopicEntry], slugs: Iterable[str], language: str) -> list[TopicEntry]:
    """The index with the topics of these slugs selected, present or former ones. A retired topic is added."""
    wanted = {slug for slug in slugs if slug and "\x00" not in slug}
    former = sorted(wanted - {entry.topic.slug for entry in index})[:MOST_FORMER]
    found = {topic.pk: topic for slug in former if (topic := Topic.objects.at_address(slug))}
    options = [
        replace(entry, selected=entry.topic.slug in wanted or found.pop(entry.topic.pk, None) is not None)
        for entry in index
    ]
    return [*options, *(replace(entry, selected=True) for entry in topic_entries(found.values(), language))]


def follow_context(subscription: Subscription, options: Sequence[TopicEntry]) -> dict[str, object]:
    """What the page shows on which a reader composes a feed; `options` are the topics to choose from."""
    language = subscription.page_language
    everything = subscription_of(language, (), ())
    languages = language_options(subscription)
    chosen = [option for option in languages if option.selected]
    return {
        "here": "follow",
        "everything": everything.feeds(),
        "topic_options": options,
        "chosen_topics": [entry for entry in options if entry.selected],
        "language_options": languages if len(languages) > 1 else (),
        "chosen_languages": chosen if subscription.languages != everything.languages else (),
        "feeds": subscription.feeds() if subscription != everything else (),
        "opml": address("opml", language=language),
        "topics": address("topics", language=language),
        "search": address("search", language=language),
        "canonical": address("follow", language=language),
    }


def topics_at(slugs: Iterable[str]) -> list[Topic]:
    """The topics that have, or had, these slugs; 404 where no topic ever had one."""
    wanted = {slug for slug in slugs if slug}
    if not wanted:
        return []
    if len(wanted) > MOST_TOPICS or any("\x00" in slug for slug in wanted):
        raise Http404("too many topics, or what no topic is called")
    topics = list(Topic.objects.filter(slug__in=wanted, merged_into=None))
    former = wanted - {topic.slug for topic in topics}
    if len(former) > MOST_FORMER:
        raise Http404("too many topics that are called so no more")
    for slug in former:
        topic = Topic.objects.at_address(slug)
        if topic is None:
            raise Http404("no such topic")
        topics.append(topic)
    return topics
