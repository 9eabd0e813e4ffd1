"""How the page of the search writes what it found: in Python, because a hundred small includes take longer than finding."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from releases.addresses import address
from releases.languages import direction
from releases.search.hits import Hit, InNote
from releases.search.snippets import Snippet
from releases.templatetags.frame import moment
from releases.views.search import Choice

register = template.Library()


@dataclass(frozen=True)
class Row:
    """A hit, ready to be put down: everything is HTML."""

    path: str
    tongue: SafeString
    title: SafeString
    day: SafeString
    language: str
    snippets: list[SafeString]
    notes: list[tuple[InNote, SafeString]]


@register.filter
def rows(hits: Iterable[Hit], language: str) -> list[Row]:
    """Hits as a list in `language` shows them; those in another language say which."""
    return [
        Row(
            path=_path(hit.release.slug, hit.release.language),
            tongue=spoken(hit.release.language),
            title=marks(hit.title),
            day=_moment(hit.release.publish_at, get_language()),
            language="" if hit.release.language == language else hit.release.language,
            snippets=[marks(snippet) for snippet in hit.snippets],
            notes=[(note, marks(note.snippet)) for note in hit.notes],
        )
        for hit in hits
    ]


@lru_cache(5_000)
def _path(slug: str, language: str) -> str:
    return address("release", slug, language=language)


@lru_cache(5_000)
def _moment(at: datetime, frame: str) -> SafeString:
    return moment(at)


def marks(snippet: Snippet) -> SafeString:
    """A snippet, its words marked."""
    return mark_safe(
        "".join([f"<mark>{escape(bit.text)}</mark>" if bit.marked else escape(bit.text) for bit in snippet])
    )


@register.filter
def spoken(language: str) -> SafeString:
    """The attributes of an element in `language`; none in the frame's own."""
    return _spoken(language) if language and language != get_language() else mark_safe("")


@lru_cache(100)
def _spoken(language: str) -> SafeString:
    return format_html(' lang="{}" dir="{}"', language, direction(language))


@register.filter
def choices(some: Iterable[Choice]) -> SafeString:
    """Choices as items of a list; a chosen one says that it can be taken back."""
    back = format_html('<span class="visually-hidden">{} </span>', gettext("Remove:"))
    return mark_safe("".join(_choice(one, back if one.chosen else "") for one in some))


def _choice(one: Choice, back: str) -> str:
    current = ' aria-current="true"' if one.chosen else ""
    name = f"<span{spoken(one.spoken)}>{escape(one.name)}</span>"
    return (
        f'<li><a href="{escape(one.path)}" rel="nofollow"{current}>{back}{name} '
        f'<span class="count">{one.count}</span></a></li>'
    )
