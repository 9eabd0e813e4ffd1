"""The API: what it may be asked, what it answers, and its description (OpenAPI 3.1); a test holds its answers against it."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils.feedgenerator import rfc3339_date

from releases.addresses import absolute, machine_address
from releases.models import Release, Topic
from releases.models.release import ReleaseQuerySet
from releases.models.topic import in_index_order
from releases.numbers import whole
from releases.sources import link_copies, with_copies
from releases.text.render import addressed

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


def _asked(name: str, schema: object, description: str) -> dict[str, object]:
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
                    _asked("language", TEXT, "Only releases in this language, as in the site's addresses."),
                    _asked(
                        "topic", TEXT, "Only releases under the topic with this slug; former slugs lead on."
                    ),
                    _asked(
                        "limit",
                        {"type": "integer", "minimum": 1, "maximum": 100, "default": 20},
                        "How many releases a page has.",
                    ),
                    _asked("after", TEXT, "The id with which the page before ended; `next` has it already."),
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


LIMIT, MOST = 20, 100


class BadQuestion(Exception):
    """What was asked makes no sense; says why."""


@dataclass(frozen=True)
class Asked:
    """The questions that the address may ask. `after` is the release that the page before ended with."""

    language: str
    topic: Topic | None
    limit: int
    after: Release | None


def described(release: Release) -> dict[str, object]:
    """A release as the API gives it: every address is whole, every moment RFC 3339."""
    words, link = release.live, absolute(release.get_absolute_url())
    return {
        "id": release.uuid.urn,
        "url": link,
        "language": release.language,
        "title": words.title,
        "dateline": words.dateline,
        "summary": words.summary,
        "published": rfc3339_date(release.publish_at),
        "updated": rfc3339_date(release.updated_at or release.publish_at),
        "revision": words.number,
        "topics": [
            {
                "slug": topic.slug,
                "name": topic.name_in(release.language),
                "url": absolute(topic.get_absolute_url(release.language)),
            }
            for topic in in_index_order(release.topics.all(), release.language)
        ],
        "content_html": link_copies(
            addressed(words.body_feed, address=link, site=settings.SITE_URL), release.copies, release.language
        ),
        "notes": [{"number": note["number"], "text": note["text"]} for note in words.notes],
        "word_count": words.word_count,
    }


def _read(query: Mapping[str, str]) -> Asked:
    language, limit, slug, after = (query.get(name, "") for name in ("language", "limit", "topic", "after"))
    if language and language not in dict(settings.LANGUAGES):
        raise BadQuestion(f"language is one of {', '.join(code for code, _ in settings.LANGUAGES)}")
    most = whole(limit, least=1, most=MOST) if limit else LIMIT
    if most is None:
        raise BadQuestion(f"limit is a number from 1 to {MOST}")
    topic = Topic.objects.standing_at(slug) if slug and "\x00" not in slug else None
    if slug and topic is None:
        raise BadQuestion("no topic has this slug")
    return Asked(language, topic, most, _last_seen(after) if after else None)


def _last_seen(after: str) -> Release:
    """Also one that was withdrawn since: whoever is paging goes on behind its place."""
    try:
        uuid = UUID(after)
    except ValueError as error:
        raise BadQuestion("after is an id of a release") from error
    found = Release.objects.told().filter(uuid=uuid).only("publish_at", "uuid").first()
    if found is None:
        raise BadQuestion("after is an id of a release")
    return found


def _chosen(asked: Asked) -> ReleaseQuerySet:
    chosen = with_copies(Release.objects.visible()).in_order().select_related("live")
    chosen = chosen.prefetch_related("topics")
    chosen = chosen.defer("live__body", "live__body_page", "live__body_text")
    if asked.language:
        chosen = chosen.filter(language=asked.language)
    if asked.topic:
        chosen = chosen.filter(topic_items__tag=asked.topic)
    if asked.after:
        at, pk = asked.after.publish_at, asked.after.pk
        # The first condition alone lets the index be used; the second one cuts inside a moment.
        chosen = chosen.filter(Q(publish_at__lte=at) & (Q(publish_at__lt=at) | Q(pk__lt=pk)))
    return chosen


def _address(asked: Asked, last: Release) -> str:
    return absolute(f"{machine_address('api')}?{_question(asked, last)}")


def _question(asked: Asked, last: Release | None) -> str:
    query = {
        "language": asked.language,
        "topic": asked.topic.slug if asked.topic else "",
        "limit": "" if asked.limit == LIMIT else asked.limit,
        "after": last.uuid if last else "",
    }
    return urlencode({name: value for name, value in query.items() if value})
