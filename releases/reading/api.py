"""The API: what it may be asked, what it answers, and its description (OpenAPI 3.1); a test holds its answers against it."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils.feedgenerator import rfc3339_date

from releases.addresses import absolute, machine_address, with_query
from releases.models import Release, Topic
from releases.models.release import ReleaseQuerySet
from releases.models.topic import in_index_order
from releases.numbers import whole
from releases.parts import RELEASES, list_part, release_part, topic_part
from releases.reading.lists import annotation, live_words, published_at, topics_of, with_topics
from releases.sources import link_copies, with_copies
from releases.text.render import addressed

# Releases of a page: without `limit`, and at most.
LIMIT, MOST = 20, 100
MOMENT = {"type": "string", "format": "date-time"}
ADDRESS = {"type": "string", "format": "uri"}
TEXT = {"type": "string"}
NUMBER = {"type": "integer"}


def _object(**properties: object) -> dict[str, object]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _parameter(name: str, schema: object, description: str) -> dict[str, object]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}


def _answer(description: str, schema: str) -> dict[str, object]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"description": description, "content": content}


DOCUMENT: dict[str, object] = {
    "openapi": "3.1.0",
    "info": {
        "title": "Releases",
        "version": "1",
        "description": "Everything that readers of the newsroom may see, read-only. Answers carry an ETag: ask again "
        "with If-None-Match.",
    },
    "paths": {
        "/api/releases.json": {
            "get": {
                "operationId": "listReleases",
                "summary": "Releases, newest first",
                "parameters": [
                    _parameter(
                        "language", TEXT, "Only releases in this language, as in the site's addresses."
                    ),
                    _parameter(
                        "topic", TEXT, "Only releases under the topic with this slug; former slugs lead on."
                    ),
                    _parameter(
                        "limit",
                        {"type": "integer", "minimum": 1, "maximum": MOST, "default": LIMIT},
                        "How many releases a page has.",
                    ),
                    _parameter(
                        "after", TEXT, "The id with which the page before ended; `next` has it already."
                    ),
                ],
                "responses": {
                    "200": _answer("A page of releases.", "Page"),
                    "400": _answer("The question made no sense.", "Error"),
                },
            }
        },
    },
    "components": {
        "schemas": {
            "Page": _object(
                releases={"type": "array", "items": {"$ref": "#/components/schemas/Release"}},
                next={"type": ["string", "null"], "format": "uri"},
            ),
            "Release": _object(
                id={"type": "string", "description": "A URN that never changes."},
                url=ADDRESS,
                language=TEXT,
                title=TEXT,
                dateline=TEXT,
                summary=TEXT,
                published=MOMENT,
                updated={**MOMENT, "description": "Moves for corrections of substance alone."},
                revision=NUMBER,
                topics={"type": "array", "items": {"$ref": "#/components/schemas/Topic"}},
                content_html={
                    "type": "string",
                    "description": "The whole text with its notes; links are absolute.",
                },
                notes={"type": "array", "items": {"$ref": "#/components/schemas/Note"}},
                word_count=NUMBER,
            ),
            "Topic": _object(slug=TEXT, name=TEXT, url=ADDRESS),
            "Note": _object(number=NUMBER, text=TEXT),
            "Error": _object(error=TEXT),
        }
    },
}


class BadParameter(Exception):
    """A query parameter makes no sense; the message is the reason."""


@dataclass(frozen=True)
class ApiParameters:
    """What a request for releases may say. `after` is the release with which the page before ended."""

    language: str
    topic: Topic | None
    limit: int
    after: Release | None

    def parts(self) -> set[str]:
        """On which parts of the site it depends which releases are the answer."""
        place = {release_part(self.after.pk)} if self.after else set()
        if not self.language:
            return {RELEASES} | place
        language, topic = self.language, self.topic
        return {topic_part(topic.pk, language) if topic else list_part(language)} | place

    def query_string(self, after: Release | None) -> str:
        """The canonical query string of the page that follows `after`."""
        query = {
            "language": self.language,
            "topic": self.topic.slug if self.topic else "",
            "limit": "" if self.limit == LIMIT else self.limit,
            "after": after.uuid if after else "",
        }
        return urlencode({name: value for name, value in query.items() if value})


def parameters_of(query: Mapping[str, str]) -> ApiParameters:
    """The parameters of a request; `BadParameter` where one makes no sense."""
    language, limit, slug, after = (query.get(name, "") for name in ("language", "limit", "topic", "after"))
    if language and language not in dict(settings.LANGUAGES):
        raise BadParameter(f"language is one of {', '.join(code for code, _ in settings.LANGUAGES)}")
    number = whole(limit, least=1, most=MOST) if limit else LIMIT
    if number is None:
        raise BadParameter(f"limit is a number from 1 to {MOST}")
    topic = Topic.objects.at_address(slug) if slug and "\x00" not in slug else None
    if slug and topic is None:
        raise BadParameter("no topic has this slug")
    return ApiParameters(language, topic, number, _last_seen(after) if after else None)


def page_of_releases(parameters: ApiParameters) -> tuple[dict[str, object], set[str]]:
    """The answer: releases, newest first; `next` is the address of the page after it. And the parts of what it shows."""
    found = list(_selected(parameters)[: parameters.limit + 1])
    shown, more = found[: parameters.limit], len(found) > parameters.limit
    after = with_query(machine_address("api"), parameters.query_string(shown[-1])) if more else ""
    answer: dict[str, object] = {
        "releases": [release_object(release) for release in shown],
        "next": absolute(after) if more else None,
    }
    return answer, {release_part(release.pk) for release in shown}


def release_object(release: Release) -> dict[str, object]:
    """A release as the API gives it: every address is whole, every moment RFC 3339."""
    words, link = live_words(release), absolute(release.get_absolute_url())
    content = addressed(words.body_feed, address=link, site=settings.SITE_URL)
    return {
        "id": release.uuid.urn,
        "url": link,
        "language": release.language,
        "title": words.title,
        "dateline": words.dateline,
        "summary": words.summary,
        "published": rfc3339_date(published_at(release)),
        "updated": rfc3339_date(release.updated_at or published_at(release)),
        "revision": words.number,
        "topics": [
            {
                "slug": topic.slug,
                "name": topic.name_in(release.language),
                "url": absolute(topic.get_absolute_url(release.language)),
            }
            for topic in in_index_order(topics_of(release), release.language)
        ],
        "content_html": link_copies(content, annotation(release, "copies"), release.language),
        "notes": [{"number": note["number"], "text": note["text"]} for note in words.notes],
        "word_count": words.word_count,
    }


def _last_seen(after: str) -> Release:
    """Also a release that was withdrawn since: paging continues after its place."""
    try:
        uuid = UUID(after)
    except ValueError as error:
        raise BadParameter("after is an id of a release") from error
    found = Release.objects.announced().filter(uuid=uuid).only("publish_at", "uuid").first()
    if found is None:
        raise BadParameter("after is an id of a release")
    return found


def _selected(parameters: ApiParameters) -> ReleaseQuerySet:
    releases = with_topics(with_copies(Release.objects.visible())).in_order().select_related("live")
    releases = releases.defer("live__body", "live__body_page", "live__body_text")
    if parameters.language:
        releases = releases.filter(language=parameters.language)
    if parameters.topic:
        releases = releases.filter(topic_items__tag=parameters.topic)
    if parameters.after:
        at, pk = parameters.after.publish_at, parameters.after.pk
        # The first condition alone lets the index be used; the second one cuts inside a moment.
        releases = releases.filter(Q(publish_at__lte=at) & (Q(publish_at__lt=at) | Q(pk__lt=pk)))
    return releases
