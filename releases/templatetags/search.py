"""The results of a search as HTML; in Python, because a hundred small includes take longer than the search."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from html import escape

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from releases.languages import direction
from releases.reading.search import Facet, FacetValue
from releases.search.find import Hit
from releases.search.highlight import Snippet
from releases.templatetags.frame import moment, own_name

register = template.Library()
# Python's own `escape`: Django's gives the same for plain strings, and takes a sixth of the time of the whole page.


@register.simple_tag
def items(hits: Iterable[Hit], language: str) -> SafeString:
    """Hits as items of a list in `language`; those in another language say which."""
    spoken = get_language()
    in_note = escape(gettext("In note %(number)s"))
    return mark_safe("".join([_item(hit, language, spoken, in_note) for hit in hits]))


def _item(hit: Hit, language: str, spoken: str, in_note: str) -> str:
    """Written once, as long as what was found is kept."""
    key = (hit.slug, hit.publish_at, language, spoken, in_note)
    html = hit.found.written.get(key)
    if html is None:
        html = hit.found.written[key] = _written(hit, language, spoken, in_note)
    return html


def _written(hit: Hit, language: str, spoken: str, in_note: str) -> str:
    path, attributes = hit.path, _attributes(hit.language, spoken)
    named = (
        f" · <span{attributes}>{escape(own_name(hit.language))}</span>" if hit.language != language else ""
    )
    parts = [
        f'<li class="item hit">\n<h2 class="item-title"{attributes}>'
        f'<a href="{escape(path)}">{marks(hit.found.title)}</a></h2>\n'
        f'<p class="item-facts">{_moment(hit.publish_at, spoken)}{named}</p>\n'
    ]
    parts += [f'<p class="item-summary"{attributes}>{marks(one)}</p>\n' for one in hit.found.snippets]
    parts += [
        f'<p class="item-summary in-note"><a href="{escape(path + note.anchor)}">{in_note % {"number": note.number}}</a> '
        f"<span{attributes}>{marks(note.snippet)}</span></p>\n"
        for note in hit.found.notes
    ]
    return "".join((*parts, "</li>\n"))


@lru_cache(5_000)
def _moment(at: datetime, frame: str) -> SafeString:
    return moment(at)


def marks(snippet: Snippet) -> SafeString:
    """A snippet, its words marked. It is escaped whole: its pieces are ten times as many."""
    bare = "".join([f"{_BEGIN}{text}{_END}" if marked else text for text, marked in snippet])
    return mark_safe(escape(bare).replace(_BEGIN, "<mark>").replace(_END, "</mark>"))


# Two characters that no text has: those of control go when words are saved.
_BEGIN, _END = "\x02", "\x03"


@lru_cache(100)
def _lang(language: str) -> SafeString:
    return format_html(' lang="{}" dir="{}"', language, direction(language))


@register.filter
def facet_values(values: Iterable[FacetValue]) -> SafeString:
    """The values of a facet as items of a list; a selected one says that it can be removed."""
    spoken = get_language()
    kept = values.written if isinstance(values, Facet) else {}
    html = kept.get(spoken)
    if html is None:
        html = kept[spoken] = _values(values, spoken)
    return mark_safe(html)


def _values(values: Iterable[FacetValue], spoken: str) -> str:
    said = gettext("Remove:")  # which makemessages does not find inside of an f-string
    remove = f'<span class="visually-hidden">{escape(said)} </span>'
    return "".join(
        [
            f'<li><a href="{escape(one.path)}" rel="nofollow"{CURRENT if one.selected else ""}>'
            f"{remove if one.selected else ''}<span{_attributes(one.name_language, spoken)}>{escape(one.name)}</span> "
            f'<span class="count">{one.count}</span></a></li>'
            for one in values
        ]
    )


CURRENT = ' aria-current="true"'


def _attributes(language: str, spoken: str) -> str:
    return _lang(language) if language and language != spoken else ""
