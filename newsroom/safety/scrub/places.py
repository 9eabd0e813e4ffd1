"""Where words stand: every column of every table is read, and each place is told with what is around."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import models

from releases.models import Revision, SearchEntry, Version
from releases.text.removal import Removal
from releases.workflow.versions import words_of_version

# Tables that hold no words of texts; and those of which a person decides on their own pages: the vocabulary, and who works here.
_NO_WORDS: Final = frozenset(
    {
        "contenttypes.contenttype",
        "auth.permission",
        "releases.editionpart",
        "releases.searchentry",
        "releases.edition",
    }
)
LEFT_TO_PEOPLE: Final = (
    "accounts",
    "mfa",
    "account",
    "releases.topic",
    "releases.topicword",
    "releases.mirrorlist",
)
BODY: Final = frozenset({"body", "body_page", "body_text", "body_feed", "notes"})


# Characters that are shown on each side of a hit.
AROUND: Final = 60
_SPACE: Final = re.compile(r"\s+")
_TAG: Final = 80  # characters that the longest of these has, or fewer
_BLOCKS: Final = re.compile(
    r"</?(?:p|h[1-6]|[uo]l|li|table|t[hdr]|tbody|thead|caption|blockquote|hr)\b[^<>]{0,60}>"
)


@dataclass(frozen=True)
class Place:
    """A column of a row in which the words stand: what stands `before` and `after` the first `hit`, and how each one is written
    (`found`; empty where it is an encoded address). `left`: it is nothing that a scrub changes."""

    table: str
    pk: Any
    field: str
    before: str
    hit: str
    after: str
    found: tuple[str, ...]
    left: bool = False

    @property
    def around(self) -> str:
        """The first one on one line."""
        return f"…{self.before}{self.hit}{self.after}…"

    @property
    def times(self) -> int:
        """How often they stand there."""
        return max(len(self.found), 1)


def find(removal: Removal) -> Iterator[Place]:
    """Every place; nothing is changed."""
    for model, row, name, texts in columns():
        place: tuple[str, str, str] | None = None
        found: list[str] = []
        for text in texts:
            if spans := removal.spans(text):
                start, end = spans[0]
                if place is None:
                    before, after = around(text, start, end)
                    place = (before, text[start:end], after)
                found += [text[start:end] for start, end in spans]
            elif place is None and removal.stands_encoded_in(text):
                place = ("", text[:120], "")
        if place:
            before, hit, after = (_SPACE.sub(" ", one) for one in place)
            yield Place(model._meta.db_table, row.pk, name, before, hit, after, tuple(found), is_left(model))


def around(text: str, start: int, end: int) -> tuple[str, str]:
    """What people read before and after a hit, on one line."""
    first, last = max(start - AROUND, 0), end + AROUND
    # Of a tag that the edge would cut nothing is left.
    for tag in _BLOCKS.finditer(text, max(first - _TAG, 0), start):
        if tag.start() < first < tag.end():
            first = tag.end()
    for tag in _BLOCKS.finditer(text, end, last + _TAG):
        if tag.start() < last < tag.end():
            last = tag.start()
    sides = text[first:start], text[end:last]
    before, after = (_SPACE.sub(" ", _BLOCKS.sub(" ", one)) for one in sides)
    return before, after


def columns() -> Iterator[tuple[type[models.Model], Any, str, Iterator[str]]]:
    """Every column in which words may stand, as (model, row, name, its texts)."""
    for model in models_with_words():
        names = [one.attname for one in fields_of(model)]
        rows = model._base_manager.only(*names).order_by("pk").iterator(200) if names else ()
        for row in rows:
            for name in names:
                yield model, row, name, _texts(row, name)


def tables() -> list[str]:
    """Those in which words may have stood."""
    return sorted({SearchEntry._meta.db_table, *(one._meta.db_table for one in models_with_words())})


def models_with_words() -> list[type[models.Model]]:
    every = apps.get_models(include_auto_created=True)
    return [
        one
        for one in every
        if one._meta.managed and not one._meta.proxy and one._meta.label_lower not in _NO_WORDS
    ]


def is_left(model: type[models.Model]) -> bool:
    return model._meta.app_label in LEFT_TO_PEOPLE or model._meta.label_lower in LEFT_TO_PEOPLE


def fields_of(model: type[models.Model]) -> list[Any]:
    if model in (Session, Version):
        return [model._meta.get_field("session_data" if model is Session else "words")]
    kinds = (models.CharField, models.TextField, models.JSONField)
    every = [one for one in model._meta.concrete_fields if isinstance(one, kinds) and not one.choices]
    return [one for one in every if not (model is Revision and one.attname in BODY - {"body"})]


def _texts(row: Any, name: str) -> Iterator[str]:
    if isinstance(row, Session):
        yield json.dumps(row.get_decoded(), ensure_ascii=False, default=str)
    elif isinstance(row, Version):
        words = words_of_version(row)
        yield from (
            value for value in vars(words).values() if isinstance(value, str) and value is not words.body
        )
        yield from _plain(words.body)
    elif isinstance(row, Revision) and name == "body":
        yield from _plain(row.body)
    else:
        yield from _strings(getattr(row, name))


def _plain(html: str) -> Iterator[str]:
    """A body as people read it, and its addresses: words may be parted by elements."""
    yield (
        re.sub(
            r"</(?:p|h2|h3|li|td|th|blockquote)>",
            "\n\n",
            re.sub(r'<sup class="[^"]*">.*?</sup>|</?(?:strong|em|sup|sub|a|span|br)\b[^>]*>', "", html),
        )
        .replace("&nbsp;", " ")
        .replace("&amp;", "&")
    )
    yield from re.findall(r'href="([^"]*)"', html)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, one in value.items():
            yield str(name)
            yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)
