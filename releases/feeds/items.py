"""The items of feeds: a release, or the notice of its withdrawal, as every format shows it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db.models import DateTimeField, JSONField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject
from django.urls import get_script_prefix
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, override, pgettext

from releases import clock
from releases.addresses import absolute
from releases.languages import direction, frame_language
from releases.models import Correction, Release, ReleaseTopic, Revision
from releases.models.release import JSONList, ReleaseQuerySet, read_list, read_object
from releases.models.statement import Statement
from releases.models.topic import names_in_index_order
from releases.reading.lists import annotation, live_words, published_at
from releases.reading.pictures import Image, image_of
from releases.search.engine import IdList
from releases.sources import link_copies, with_copies
from releases.text.render import addressed, excerpt

SUMMARY = 300
_EVER = Value(datetime(1, 1, 2, tzinfo=UTC))  # before everything
# Of a text without a summary, no more than this is read for one.
BEGINNING = 2500
_COLUMNS = (
    *("uuid", "language", "slug", "publish_at", "updated_at", "withdrawn_at", "withdrawal_notice"),
    *("live__number", "live__title", "live__summary", "live__body_feed", "live__picture_alt"),
    *("live__picture__uuid", "live__picture__width", "live__picture__height"),
)
# Characters that XML 1.0 (section 2.2) cannot represent, and the control characters that it discourages.
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\u007e\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Item:
    """One release, or the notice that is left of it. `summary` is plain, `content` HTML; addresses are whole;
    `picture` is its own or that of its card, which a notice has not."""

    id: str
    link: str
    title: str
    summary: str
    content: str
    published: datetime
    updated: datetime
    topics: Sequence[str]
    language: str
    picture: Image | None = None


def releases_with_items(pks: Iterable[int]) -> list[Release]:
    """These releases, newest first, gated once more, with all that items are made of, in one query: a row for each of sixty topics
    costs more than the rest of it."""
    return _RELEASES[settings.WITHDRAWN_IN_FEEDS].rows({"pks": list(pks), "moment": timezone.now()})


def _with_columns(releases: ReleaseQuerySet) -> ReleaseQuerySet:
    live = Revision.objects.filter(pk=OuterRef("live"))
    return (
        with_copies(releases)
        .in_order()
        .select_related("live__picture")
        .only(*_COLUMNS)
        .annotate(
            corrections_json=_listed(
                # As `Release.public_corrections` has it; by the row itself, for a join would look for it again each time.
                Correction.objects.filter(
                    release=OuterRef("pk"),
                    at__gte=Coalesce(OuterRef("back_since"), _EVER, output_field=DateTimeField()),
                ),
                "release",
                at="at",
                note="note",
            ),
            topics_json=_listed(
                ReleaseTopic.objects.filter(content_object=OuterRef("pk")),
                "content_object",
                pk="tag",
                name="tag__name",
                names="tag__names",
            ),
            # Only where an excerpt has to be made of it.
            body_without_summary=Subquery(live.filter(summary="").values("body")),
        )
    )


def _listed(rows: QuerySet[Any], group: str, **columns: str) -> Subquery:
    """Rows that belong to a release, as JSON in a column of its own; `read_list` reads it."""
    found = rows.order_by().values(group).annotate(all=JSONList(JSONObject(**columns))).values("all")
    return Subquery(found, output_field=JSONField())


# By whether what was withdrawn is among them.
_RELEASES = {
    False: Statement(
        lambda pks, moment: _with_columns(Release.objects.visible(moment).filter(pk__in=IdList(pks))),
        pks=[-71],
        moment=clock.FIRST,
    ),
    True: Statement(
        lambda pks, moment: _with_columns(Release.objects.announced(moment).filter(pk__in=IdList(pks))),
        pks=[-71],
        moment=clock.FIRST,
    ),
}

# The items of the three feeds of a language, and of some topics: about a megabyte.
MOST_ITEMS = 60
_items: dict[tuple[object, ...], Item] = {}


def item_of(release: Release) -> Item:
    """The item of a release, made once while it stays as it is."""
    key = _all_of(release)
    item = _items.get(key)
    if item is None:
        if len(_items) >= MOST_ITEMS:
            _items.clear()
        item = _items[key] = make_item(release)
    return item


def _all_of(release: Release) -> tuple[object, ...]:
    """Everything that its item is made of: whatever changes the item changes this."""
    live = live_words(release)
    picture = live.picture
    return (
        *(release.uuid, release.language, release.slug, release.publish_at, release.updated_at),
        *(release.withdrawn_at, release.withdrawal_notice),
        *(live.number, live.title, live.summary, live.body_feed, live.picture_alt),
        picture and (picture.uuid, picture.width, picture.height),
        *(repr(annotation(release, name)) for name in ("corrections_json", "topics_json", "copies")),
        annotation(release, "body_without_summary"),
        *(settings.SITE_URL, settings.TIME_ZONE, settings.LANGUAGE_CODE, get_script_prefix()),
    )


def make_item(release: Release) -> Item:
    """The id is the uuid: it outlives slug, domain, scheme, title and correction."""
    link = absolute(release.get_absolute_url())
    # A feed may hold several languages.
    with override(frame_language(release.language)):
        if release.withdrawn_at:
            return _notice(release, link)
        corrections = _corrections(annotation(release, "corrections_json"))
    live = live_words(release)
    body = addressed(live.body_feed, address=link, site=settings.SITE_URL)
    body = corrections + link_copies(body, annotation(release, "copies"), release.language)
    # RFC 4287, 4.1.1.1: an entry has content; the W3C's validator refuses empty elements.
    summary = (
        live.summary
        or excerpt(_beginning(annotation(release, "body_without_summary") or ""), limit=SUMMARY)
        or live.title
    )
    topics = names_in_index_order(
        (
            (one["pk"], one["name"], read_object(one["names"]))
            for one in read_list(annotation(release, "topics_json"))
        ),
        release.language,
    )
    return Item(
        id=release.uuid.urn,
        link=link,
        title=xml_safe(live.title),
        summary=xml_safe(summary),
        content=xml_safe(_with_language(body or format_html("<p>{}</p>", summary), release.language)),
        published=published_at(release),
        updated=release.updated_at or published_at(release),
        topics=tuple(xml_safe(name) for name in topics),
        language=release.language,
        picture=image_of(release),
    )


def _notice(release: Release, link: str) -> Item:
    """What is left of a withdrawn release: that it was withdrawn, and the reason; none of its words."""
    notice = xml_safe(release.withdrawal_notice)
    return Item(
        id=release.uuid.urn,
        link=link,
        title=gettext("Withdrawn"),
        summary=notice,
        content=_with_language(f"<p>{escape(notice)}</p>", release.language),
        published=published_at(release),
        updated=release.withdrawn_at or published_at(release),
        topics=(),
        language=release.language,
    )


def _corrections(found: object) -> SafeString:
    """The public notes of what was changed, newest first, before the text that they are about."""
    dated = sorted(((_moment(one["at"]), one["note"]) for one in read_list(found)), reverse=True)
    return format_html_join(
        "",
        "{}",
        (
            (
                format_html(
                    '<p class="correction"><strong>{}</strong> {}</p>',
                    gettext("Correction, %(day)s:") % {"day": _day(at)},
                    note,
                ),
            )
            for at, note in dated
        ),
    )


def _with_language(html: str, language: str) -> str:
    """Names the language and direction: without them a reader uses those of its own language."""
    if language == settings.LANGUAGE_CODE and direction(language) == "ltr":
        return html
    return f'<div lang="{language}" dir="{direction(language)}">{html}</div>'


def _day(at: datetime) -> str:
    form = pgettext("a day, as Django's date format", "F j, Y")
    return date_format(clock.local(at), form)


def _moment(written: str) -> datetime:
    """SQLite keeps UTC without saying so."""
    at = datetime.fromisoformat(written)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _beginning(body: str) -> str:
    """The first paragraphs of a body: an excerpt needs no more, and reading all of it costs three times as much."""
    end = body.find("</p>", BEGINNING)
    return body if end < 0 else body[: end + 4]


def xml_safe(words: str) -> str:
    """Words without what XML cannot hold, so that no title can break a feed."""
    return _UNWRITABLE.sub("", words)
