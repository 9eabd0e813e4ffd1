"""Metadata of a release for machines: preview card, schema.org, oEmbed, licence, citations."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe

from releases import clock
from releases.addresses import absolute, address, machine_address
from releases.models import Release
from releases.reading.lists import live_words, published_at
from releases.reading.pictures import Image, card_of, fitting, image_of, images_of
from releases.reading.topics import TopicEntry
from releases.text import cite
from releases.text.render import excerpt

DESCRIPTION = 300
_HREF = re.compile(r'<a href="(https?://[^"]+)"')
# What could end a script element or begin another (HTML, 4.12.1.3), and what JavaScript reads as a line's end.
_ESCAPES = [(c, f"\\u{ord(c):04x}") for c in "<>&\u2028\u2029"]


@dataclass(frozen=True)
class CitationFormat:
    """A form in which a release can be cited; `write` makes it of a reference."""

    name: str
    media_type: str
    write: Callable[[cite.Reference], str]


# By the suffix of the address. Addresses, links in pages and answers follow this table.
CITATION_FORMATS = {
    "txt": CitationFormat("Text", "text/plain", cite.plain),
    "bib": CitationFormat("BibTeX", "application/x-bibtex", cite.bibtex),
    "ris": CitationFormat("RIS", "application/x-research-info-systems", cite.ris),
    "json": CitationFormat("CSL-JSON", "application/vnd.citationstyles.csl+json", cite.csl_json),
}


@dataclass(frozen=True)
class Metadata:
    """All addresses are whole. `json_ld` is for a script element, `link` for a header; `citations` are names and paths."""

    card: Image
    oembed: str
    json_ld: SafeString
    link: str
    reference: str
    citations: Sequence[tuple[str, str]]


def metadata_of(release: Release, topics: Sequence[TopicEntry]) -> Metadata:
    """The metadata of a visible release with its live words; one query more where there are corrections."""
    page = absolute(release.get_absolute_url())
    citations = [
        (one.name, address("cite", release.slug, suffix, language=release.language))
        for suffix, one in CITATION_FORMATS.items()
    ]
    links = [
        f'<{page}>; rel="cite-as"',
        f'<{absolute(dict(citations)["CSL-JSON"])}>; rel="describedby"; type="{CITATION_FORMATS["json"].media_type}"',
    ]
    if settings.LICENCE_URL:
        links.append(f'<{settings.LICENCE_URL}>; rel="license"')
    card = card_of(release)
    return Metadata(
        card=card,
        oembed=absolute(f"{machine_address('oembed')}?{urlencode({'url': page})}"),
        json_ld=json_script(news_article(release, topics, card)),
        link=", ".join(links),
        reference=cite.plain(reference_of(release)),
        citations=citations,
    )


def reference_of(release: Release) -> cite.Reference:
    """A visible release as it is cited."""
    return cite.Reference(
        identifier=release.uuid.urn,
        title=live_words(release).title,
        publisher=settings.NEWSROOM["name"],
        address=absolute(release.get_absolute_url()),
        published=clock.day(published_at(release)),
        revised=clock.day(release.updated_at) if release.updated_at else None,
        language=release.language,
    )


def news_article(
    release: Release, topics: Sequence[TopicEntry], card: Image | None = None
) -> dict[str, object]:
    """schema.org's `NewsArticle` (https://schema.org/NewsArticle); `card` is the release's, if that is there already."""
    words, card, published = live_words(release), card or card_of(release), _exactly(published_at(release))
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
        "datePublished": published,
        "dateModified": _exactly(release.updated_at) if release.updated_at else published,
        "image": list(dict.fromkeys((image_of(release).address, card.address))),
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


def oembed_of(release: Release, *, width: int | None, height: int | None) -> dict[str, object]:
    """A visible release as oEmbed 1.0 (https://oembed.com/): a link, with a picture that fits into `width` and `height`."""
    answer: dict[str, object] = {
        "version": "1.0",
        "type": "link",
        "title": live_words(release).title,
        "author_name": settings.NEWSROOM["name"],
        "author_url": f"{settings.SITE_URL}/",
        "provider_name": settings.NEWSROOM["name"],
        "provider_url": f"{settings.SITE_URL}/",
        "cache_age": 3600,
    }
    if image := fitting(images_of(release), width, height):
        answer |= {
            "thumbnail_url": image.address,
            "thumbnail_width": image.width,
            "thumbnail_height": image.height,
        }
    return answer


def json_script(data: object) -> SafeString:
    """JSON for a script element: whatever the words say, they cannot end it."""
    written = json.dumps(data, ensure_ascii=False)
    for character, escaped in _ESCAPES:
        written = written.replace(character, escaped)
    return mark_safe(written)


def _source(note: Mapping[str, str]) -> dict[str, str]:
    """A note as the work that it names, with the first address in it."""
    source = {"@type": "CreativeWork", "name": note["text"]}
    if found := _HREF.search(note["html"]):
        source["url"] = found[1].replace("&amp;", "&")
    return source


def _exactly(at: datetime) -> str:
    return clock.local(at).isoformat(timespec="seconds")
