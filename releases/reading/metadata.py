"""What a release's page says of itself to machines: preview card, schema.org, oEmbed, licence, how it is cited."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.conf import settings
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe

from releases import clock
from releases.addresses import absolute, address, machine_address
from releases.models import Release
from releases.reading.pictures import Image, card_of, image_of
from releases.reading.topics import Entry
from releases.text import cite
from releases.text.render import excerpt

CITE_KINDS = {"txt": "Text", "bib": "BibTeX", "ris": "RIS", "json": "CSL-JSON"}
CSL = "application/vnd.citationstyles.csl+json"
DESCRIPTION = 300
_HREF = re.compile(r'<a href="(https?://[^"]+)"')
# What could end a script element or begin another (HTML, 4.12.1.3), and what JavaScript reads as a line's end.
_ESCAPES = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


@dataclass(frozen=True)
class About:
    """All addresses are whole. `json_ld` stands in a script element, `link` in a header."""

    card: Image
    oembed: str
    json_ld: SafeString
    link: str
    reference: str
    cite: Sequence[tuple[str, str]]


def about(release: Release, topics: Sequence[Entry]) -> About:
    """Of a visible release with its live words; one query more where there are corrections."""
    page = absolute(release.get_absolute_url())
    cited = [
        (name, address("cite", release.slug, kind, language=release.language))
        for kind, name in CITE_KINDS.items()
    ]
    links = [
        f'<{page}>; rel="cite-as"',
        f'<{absolute(dict(cited)["CSL-JSON"])}>; rel="describedby"; type="{CSL}"',
    ]
    if settings.LICENCE_URL:
        links.append(f'<{settings.LICENCE_URL}>; rel="license"')
    return About(
        card=card_of(release),
        oembed=absolute(f"{machine_address('oembed')}?{urlencode({'url': page})}"),
        json_ld=script_of(news_article(release, topics)),
        link=", ".join(links),
        reference=cite.plain(reference_of(release)),
        cite=cited,
    )


def reference_of(release: Release) -> cite.Reference:
    """A visible release as it is cited."""
    return cite.Reference(
        identifier=release.uuid.urn,
        title=release.live.title,
        publisher=settings.NEWSROOM["name"],
        address=absolute(release.get_absolute_url()),
        published=_day(release.publish_at),
        revised=_day(release.updated_at) if release.updated_at else None,
        language=release.language,
    )


def news_article(release: Release, topics: Sequence[Entry]) -> dict[str, object]:
    """schema.org's `NewsArticle` (https://schema.org/NewsArticle)."""
    words = release.live
    page = absolute(release.get_absolute_url())
    publisher = {
        "@type": "NewsMediaOrganization",
        "name": settings.NEWSROOM["name"],
        "url": f"{settings.SITE_URL}/",
        "logo": {"@type": "ImageObject", "url": absolute(static("img/touch-icon.png"))},
    }
    article: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": page,
        "mainEntityOfPage": page,
        "identifier": release.uuid.urn,
        "headline": words.title,
        "description": words.summary or excerpt(words.body, limit=DESCRIPTION),
        "inLanguage": release.language,
        "datePublished": _exactly(release.publish_at),
        "dateModified": _exactly(release.updated_at or release.publish_at),
        "image": list(dict.fromkeys(one(release).address for one in (image_of, card_of))),
        "author": publisher,
        "publisher": publisher,
        "isAccessibleForFree": True,
        "wordCount": words.word_count,
    }
    if topics:
        article["keywords"] = [entry.name for entry in topics]
    if words.notes:
        article["citation"] = [_source(note) for note in words.notes]
    if corrections := release.public_corrections():
        article["correction"] = [
            {"@type": "CorrectionComment", "text": one.note, "datePublished": _exactly(one.at)}
            for one in corrections
        ]
    if settings.LICENCE_URL:
        article["license"] = settings.LICENCE_URL
    return article


def script_of(data: object) -> SafeString:
    """JSON for a script element: whatever the words say, they cannot end it."""
    return mark_safe(json.dumps(data, ensure_ascii=False).translate(_ESCAPES))


def _source(note: dict[str, str]) -> dict[str, str]:
    """A note as the work that it names, with the first address in it."""
    source = {"@type": "CreativeWork", "name": note["text"]}
    if found := _HREF.search(note["html"]):
        source["url"] = found[1].replace("&amp;", "&")
    return source


def _exactly(at: datetime) -> str:
    return clock.local(at).isoformat(timespec="seconds")


def _day(at: datetime) -> date:
    return clock.day(at)


WRITERS = {
    "txt": (cite.plain, "text/plain"),
    "bib": (cite.bibtex, "application/x-bibtex"),
    "ris": (cite.ris, "application/x-research-info-systems"),
    "json": (cite.csl_json, CSL),
}
