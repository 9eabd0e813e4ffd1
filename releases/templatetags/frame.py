"""How the templates of public pages write addresses, dates, languages and names."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from html import escape
from typing import Generic, TypeVar

from django import template
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template import Engine
from django.template.context import Context
from django.templatetags.static import static
from django.urls import get_script_prefix
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, pgettext

from releases import addresses, clock, languages
from releases.addresses import FeedFormat, with_query
from releases.models import Revision
from releases.reading.lists import DESCRIPTION
from releases.reading.public import LanguageLink
from releases.reading.topics import TopicIndex
from releases.text.render import excerpt

register = template.Library()

register.filter("direction", languages.direction)
register.filter("absolute", addresses.absolute)


@register.simple_tag(takes_context=True)
def address(context: Context, name: str, *args: object, language: str | None = None) -> str:
    """The path of a public page in the language of the address asked for, whatever the frame speaks."""
    return addresses.address(name, *args, language=language or context.get("language"))


@register.simple_tag(takes_context=True)
def feed_addresses(
    context: Context, name: str, *args: object, query: str = ""
) -> list[tuple[FeedFormat, str]]:
    """The paths of a feed in every format, with a query string; `name` is that of the feed in `releases.urls`."""
    language = context.get("language")
    return [
        (form, with_query(addresses.address(name, *args, suffix, language=language), query))
        for suffix, form in addresses.FEED_FORMATS.items()
    ]


@register.simple_tag(takes_context=True)
def feed_alternates(context: Context, title: str, name: str, *args: object, query: str = "") -> SafeString:
    """The same as `<link>` elements, by which browsers and feed readers find them."""
    named = escape(title)
    return mark_safe(
        "\n".join(
            [
                f'<link rel="alternate" type="{form.media_type}" title="{named} ({form.short_name})" href="{escape(path)}">'
                for form, path in feed_addresses(context, name, *args, query=query)
            ]
        )
    )


@register.simple_tag
def stylesheet(name: str) -> SafeString:
    """The links of a sheet of `settings.STYLESHEETS`: to all of its parts, or to the one file that they were joined to."""
    joined = name in getattr(staticfiles_storage, "hashed_files", {})
    names = [name] if joined else settings.STYLESHEETS[name]
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', ([static(one)] for one in names))


# ------------------------------------------------------------------ the frame, made once

Key = TypeVar("Key", bound=Hashable)


class Marked(Generic[Key]):
    """HTML that was made once. Of some links a page says more: that it is the page, or one of its topics."""

    def __init__(self, pieces: Iterable[tuple[Key, str, str]]) -> None:
        """Each link by what it is marked with, up to the place of the mark and from there on."""
        found = list(pieces)
        self._pieces = [f"{start}{rest}" for _, start, rest in found]
        self._parts = {key: (place, start, rest) for place, (key, start, rest) in enumerate(found)}
        self._unmarked = "".join(self._pieces)

    def html(self, marks: Mapping[Key, str]) -> SafeString:
        """With these marks, by what they mark; others than its own are passed over."""
        known = [(self._parts[key], mark) for key, mark in marks.items() if key in self._parts]
        if not known:
            return mark_safe(self._unmarked)
        pieces = self._pieces.copy()
        for (place, start, rest), mark in known:
            pieces[place] = f"{start}{mark}{rest}"
        return mark_safe("".join(pieces))


# Parts of the frame: one for each part, language and section of the site, and again where a test changes a setting.
MOST_READY = 500
_ready: dict[tuple[object, ...], str] = {}


@register.simple_tag(takes_context=True)
def frame_part(context: Context, name: str) -> SafeString:
    """`releases/parts/<name>.html`, which shows nothing but the newsroom, the language and the section (`here`): rendered once
    for each of them."""
    page = context.get(_PAGE)
    if page is None:
        page = context.dicts[0][_PAGE] = _of_page(context)
    key = (name, get_language(), context.get("here"), page)
    html = _ready.get(key)
    if html is None:
        template = _engine(context).get_template(f"releases/parts/{name}.html")
        with context.push(languages_here=_LANGUAGES_HERE):
            html = template.render(context)
        if not settings.DEBUG:  # who works on a template wants to see it
            if len(_ready) >= MOST_READY:
                _ready.clear()
            _ready[key] = html
    return mark_safe(html)


_PAGE = "frame of this page"  # no template can name it


def _of_page(context: Context) -> tuple[object, ...]:
    """What all parts of the frame of a page depend on."""
    return (
        context.get("language"), context.get("newsroom") is None, bool(context.get("mirrors")), bool(context.get("offline")),
        get_script_prefix(), settings.SITE_URL, settings.TIME_ZONE, settings.LANGUAGE_CODE, settings.STATIC_URL, settings.SECUREDROP_URL,
        settings.STORAGES["staticfiles"]["BACKEND"], *settings.NEWSROOM.values(),
    )  # fmt: skip


def _engine(context: Context) -> Engine:
    if context.template is None:
        raise ValueError("a part of the frame stands in a template that is being rendered")
    return context.template.engine


# Stands for the links to other languages, which differ from page to page. No text of the frame holds a NUL.
_LANGUAGES_HERE = mark_safe("\x00languages\x00")


@register.simple_tag(takes_context=True)
def masthead(context: Context, links: Sequence[LanguageLink]) -> SafeString:
    """The head of every page, with its links to other languages."""
    return mark_safe(frame_part(context, "masthead").replace(_LANGUAGES_HERE, _languages(links)))


def _languages(links: Sequence[LanguageLink]) -> str:
    if len(links) < 2:
        return ""
    items = [
        f'<li><a href="{escape(link.path)}"{_of_language(link.language)}'
        f"{CURRENT_LANGUAGE if link.current else ''}>{escape(link.name)}</a></li>\n"
        for link in links
    ]
    return f'<ul class="nav-languages">\n{"".join(items)}</ul>'


CURRENT_LANGUAGE, CURRENT_PAGE, OF_THIS = ' aria-current="true"', ' aria-current="page"', ' class="of-this"'


@lru_cache(100)
def _of_language(code: str) -> str:
    return f' lang="{escape(code)}" hreflang="{escape(code)}" dir="{languages.direction(code)}"'


@lru_cache(100)
def language_attributes(code: str) -> str:
    """Of an element in a language; none where none is named."""
    return f' lang="{escape(code)}" dir="{languages.direction(code)}"' if code else ""


@register.simple_tag
def language_alternates(links: Iterable[LanguageLink]) -> SafeString:
    """The same page in other languages, for search engines."""
    return mark_safe(
        "".join(
            [
                f'<link rel="alternate" hreflang="{escape(link.language)}" href="{escape(addresses.absolute(link.path))}">\n'
                for link in links
                if link.translated
            ]
        )
    )


@register.simple_tag
def topic_list(
    index: TopicIndex, canonical: str, selected: Iterable[int] = (), counts: Mapping[int, int] | None = None
) -> SafeString:
    """All topics. The page of one of them is marked, and those that are `selected`; `counts` say how many releases each has."""
    marks = dict.fromkeys(selected, OF_THIS)
    if (current := index.at(canonical)) is not None:
        marks[current] = CURRENT_PAGE
    links = _topic_links(index) if counts is None else Marked(_topics(index, counts))
    return format_html('<ul class="topic-list">\n{}</ul>\n', links.html(marks))


@lru_cache(16)
def _topic_links(index: TopicIndex) -> Marked[int]:
    return Marked(_topics(index, {}))


def _topics(index: TopicIndex, counts: Mapping[int, int]) -> Iterator[tuple[int, str, str]]:
    for entry in index:
        count = counts.get(entry.topic.pk)
        number = f'&nbsp;<span class="count">({count})</span>' if count else ""
        yield (
            entry.topic.pk,
            f'<li><a href="{escape(entry.path)}"',
            f"{language_attributes(entry.name_language)}>{escape(entry.name)}</a>{number}</li>\n",
        )


@register.filter
def own_name(code: str) -> str:
    """A language's name in that language."""
    return dict(settings.LANGUAGES).get(code, code)


@register.filter
def zone_name(zone: str) -> str:
    """A time zone by its place: `America/New_York` is New York."""
    return zone.rpartition("/")[2].replace("_", " ")


@register.filter
def day(value: date) -> str:
    """June 10, 2026."""
    local = _local(value)
    return _day(local.date() if isinstance(local, datetime) else local, get_language())


@lru_cache(5_000)
def _day(value: date, spoken: str) -> str:
    return date_format(value, pgettext("a day, as Django's date format", "F j, Y"))


@register.filter
def weekday(value: date) -> str:
    """Wednesday, June 10, 2026."""
    return date_format(
        _local(value), pgettext("a day with its weekday, as Django's date format", "l, F j, Y")
    )


@register.filter
def month(value: date) -> str:
    """June 2026."""
    return date_format(_local(value), pgettext("a month, as Django's date format", "F Y"))


@register.filter
def month_name(value: date) -> str:
    """June."""
    return date_format(_local(value), pgettext("a month without its year, as Django's date format", "F"))


@register.filter
def year_name(value: int) -> str:
    """2026."""
    return gettext("%(year)s") % {"year": value}


@register.filter
def moment(value: datetime) -> SafeString:
    """A moment as `<time>`: the day by the newsroom's clock, exact to the second for machines."""
    return format_html('<time datetime="{}">{}</time>', exactly(value), day(value))


@register.filter
def exactly(value: datetime) -> str:
    """A moment as machines write it (RFC 3339)."""
    return clock.local(value).isoformat(timespec="seconds")


@register.filter
def described(words: Revision) -> str:
    """The summary, or how the text begins; never a note's number in it."""
    return words.summary or excerpt(words.body, limit=DESCRIPTION)


def _local(value: date) -> date:
    return clock.local(value) if isinstance(value, datetime) else value
