"""Lists of releases, years and months as HTML; in Python, because twenty small includes take longer than all the rest."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from html import escape
from itertools import groupby

from django import template
from django.template.context import Context
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from releases.addresses import address
from releases.languages import direction
from releases.reading.lists import DayGroup, Listed, MonthCount
from releases.reading.topics import TopicEntry, TopicIndex, YearCount
from releases.templatetags import frame
from releases.templatetags.frame import CURRENT_PAGE, Marked, language_attributes, year_name

register = template.Library()
# Python's own `escape`: Django's gives the same for plain strings, and takes a sixth of the time of the whole page.


@register.simple_tag(takes_context=True)
def days(
    context: Context, shown: Sequence[DayGroup], index: TopicIndex, nothing: str, first_leads: bool = False
) -> SafeString:
    """Releases by the day. Where there are none it says `nothing`; with `first_leads` the first is shown larger."""
    if not shown:
        return mark_safe(f'<p class="empty">{conditional_escape(nothing)}</p>\n')
    language, topics = context["language"], _topics_of(get_language(), context["language"])
    links, written = _item_topics(index, get_language(), language), []
    lead = " lead" if first_leads else ""
    for day in shown:
        identity = f"day-{day.date.isoformat()}"
        written.append(
            f'<section class="day" aria-labelledby="{identity}">\n<h2 class="day-date" id="{identity}">'
            f'<time datetime="{day.date.isoformat()}">{_weekday(day.date, get_language())}</time></h2>\n'
            f'<ul class="day-items" lang="{escape(language)}" dir="{direction(language)}">\n'
        )
        for release in day.releases:
            named = "".join([links[entry.topic.pk] for entry in index.chosen(release.topics)])
            written.append(_item(release, lead, f"{topics}{named}</ul>" if named else ""))
            lead = ""
        written.append("</ul>\n</section>\n")
    return mark_safe("".join(written))


def _item(release: Listed, lead: str, topics: str) -> str:
    summary = f'<p class="item-summary">{escape(release.description)}</p>' if release.description else ""
    return (
        f'<li class="item{lead}">\n<div class="item-words">\n<h3 class="item-title"><a href="{escape(release.path)}">'
        f"{escape(release.title)}</a></h3>\n<div>\n{summary}\n{topics}\n</div>\n</div>\n</li>\n\n"
    )


def _topics_of(spoken: str, language: str) -> str:
    lang = f' lang="{escape(spoken)}"' if spoken != language else ""
    return f'<ul class="item-topics"{lang} aria-label="{escape(gettext("Topics"))}">\n'


@lru_cache(16)
def _item_topics(index: TopicIndex, spoken: str, language: str) -> dict[int, str]:
    """The link to each topic as an item of a release, by primary key."""

    def attributes(entry: TopicEntry) -> str:
        if entry.name_language or spoken == language:
            return language_attributes(entry.name_language)
        return f' lang="{escape(language)}"'

    return {
        pk: f'<li><a href="{escape(entry.path)}"{attributes(entry)}>{escape(entry.name)}</a></li>\n'
        for pk, entry in index.by_key.items()
    }


@lru_cache(5_000)
def _weekday(day: date, spoken: str) -> str:
    return escape(frame.weekday(day))


@register.simple_tag(takes_context=True)
def months_list(
    context: Context, months: Sequence[MonthCount], year: int | None = None, month: MonthCount | None = None
) -> SafeString:
    """The years and months of a list, with the one that is chosen."""
    if not months:
        return mark_safe("")
    chosen = (month.year, month.month) if month else (year or 0, 0)
    label = gettext("Years and months")  # which makemessages does not find inside of an f-string
    return mark_safe(
        f'<nav class="years" aria-label="{escape(label)}">\n<dl>\n'
        f"{_months(tuple(months), context['language'], get_language()).html({chosen: CURRENT_PAGE})}</dl>\n</nav>"
    )


@lru_cache(16)
def _months(months: tuple[MonthCount, ...], language: str, spoken: str) -> Marked[tuple[int, int]]:
    return Marked(_month_links(months, language))


def _month_links(months: Iterable[MonthCount], language: str) -> Iterator[tuple[tuple[int, int], str, str]]:
    for year, of_year in groupby(months, key=lambda one: one.year):
        yield (
            (year, 0),
            f'<dt><a href="{escape(address("year", year, language=language))}"',
            f">{escape(year_name(year))}</a></dt>\n<dd>",
        )
        for one in of_year:
            yield (
                (year, one.month),
                f'<span><a href="{escape(address("month", year, one.month, language=language))}"',
                f'>{escape(frame.month_name(one.first))}</a> <span class="count">({one.count})</span></span>\n',
            )
        yield (year, -1), "</dd>\n", ""


@register.simple_tag
def years_list(years: Iterable[YearCount], chosen: int | None) -> SafeString:
    """The years of a topic, with the one that is chosen."""
    return mark_safe(
        "".join(
            [
                f'<span><a href="?year={one.year}"{CURRENT_PAGE if one.year == chosen else ""}>{escape(year_name(one.year))}'
                f'</a> <span class="count">({one.count})</span></span>\n'
                for one in years
            ]
        )
    )
