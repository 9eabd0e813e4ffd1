"""How the templates of public pages write addresses, dates, languages and names."""

from datetime import date, datetime

from django import template
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.context import Context
from django.templatetags.static import static
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext

from releases import addresses, clock, languages
from releases.addresses import FeedFormat, with_query
from releases.models import Release, Revision
from releases.reading.lists import topics_of
from releases.reading.topics import TopicEntry, topic_entries
from releases.text.render import excerpt

register = template.Library()
DESCRIPTION = 200

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
    return format_html_join(
        "\n",
        '<link rel="alternate" type="{}" title="{} ({})" href="{}">',
        (
            (form.media_type, title, form.short_name, path)
            for form, path in feed_addresses(context, name, *args, query=query)
        ),
    )


@register.simple_tag
def stylesheet(name: str) -> SafeString:
    """The links of a sheet of `settings.STYLESHEETS`: to all of its parts, or to the one file that they were joined to."""
    joined = name in getattr(staticfiles_storage, "hashed_files", {})
    names = [name] if joined else settings.STYLESHEETS[name]
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', ([static(one)] for one in names))


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
    return date_format(_local(value), pgettext("a day, as Django's date format", "F j, Y"))


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


@register.filter
def entries_in(release: Release, language: str) -> list[TopicEntry]:
    """The topics of a listed release (already fetched), in the index's order."""
    return topic_entries(topics_of(release), language)


def _local(value: date) -> date:
    return clock.local(value) if isinstance(value, datetime) else value
