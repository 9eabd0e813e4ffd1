"""What stands around a release's words as HTML; in Python, because its eighty variables take a template as long as all the rest."""

from collections.abc import Sequence
from html import escape

from django import template
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from releases.addresses import absolute
from releases.models import Release, Revision
from releases.reading.lists import published_at
from releases.reading.metadata import Metadata
from releases.reading.release import Neighbour, Neighbours
from releases.reading.topics import TopicEntry
from releases.templatetags.frame import described, exactly, language_attributes

register = template.Library()


@register.simple_tag
def description(
    words: Revision,
    metadata: Metadata | None,
    release: Release,
    topics: Sequence[TopicEntry],
    canonical: str,
) -> SafeString:
    """What the head of the page says of the release: to search engines; and, where there is `metadata`, to sites that show it."""
    said = escape(described(words))
    found = [f'<meta name="description" content="{said}">\n' if said else "\n"]
    if metadata:
        found += _discovery(words, said, metadata, release, topics, canonical)
    return mark_safe("".join(found))


def _discovery(
    words: Revision,
    said: str,
    metadata: Metadata,
    release: Release,
    topics: Sequence[TopicEntry],
    canonical: str,
) -> list[str]:
    """Open Graph, oEmbed, a citation and schema.org."""
    title, card = escape(words.title), metadata.card
    properties = [
        ("og:type", "article"),
        ("og:title", title),
        ("og:description", said),
        ("og:url", escape(absolute(canonical))),
        ("og:site_name", escape(settings.NEWSROOM["name"])),
        ("og:image", escape(card.address)),
        ("og:image:type", card.media_type),
        ("og:image:width", str(card.width)),
        ("og:image:height", str(card.height)),
        ("og:image:alt", escape(card.alt)),
        ("article:published_time", exactly(published_at(release))),
        ("article:modified_time", exactly(release.updated_at) if release.updated_at else ""),
        *(("article:tag", escape(entry.name)) for entry in topics),
    ]
    citation = dict(metadata.citations)["CSL-JSON"]
    return [
        *(
            f'<meta property="{name}" content="{value}">\n'
            for name, value in properties
            if value or name == "og:image:alt"
        ),
        '<meta name="twitter:card" content="summary_large_image">\n'
        f'<link rel="alternate" type="application/json+oembed" title="{title}" href="{escape(metadata.oembed)}">\n'
        f'<link rel="describedby" type="application/vnd.citationstyles.csl+json" href="{escape(citation)}">\n'
        f'<script type="application/ld+json">{metadata.json_ld}</script>\n',
    ]


@register.simple_tag
def release_topics(topics: Sequence[TopicEntry], language: str) -> SafeString:
    """The topics under which it is filed."""
    if not topics:
        return mark_safe("")
    items = [
        f'<li><a href="{escape(entry.path)}"{language_attributes(entry.name_language)}>{escape(entry.name)}</a></li>\n'
        for entry in topics
    ]
    return mark_safe(
        '<section class="release-topics" aria-labelledby="release-topics">\n'
        f'<h2 class="foot-head" id="release-topics">{escape(gettext("Topics"))}</h2>\n'
        f"<ul{language_attributes(language)}>\n{''.join(items)}</ul>\n</section>"
    )


@register.simple_tag
def earlier_and_later(around: Neighbours, language: str) -> SafeString:
    """The releases before and after it, where there are any."""
    links = [
        _neighbour(around.earlier, "previous", "prev", gettext("Earlier"), language),
        _neighbour(around.later, "next", "next", gettext("Later"), language),
    ]
    if not any(links):
        return mark_safe("")
    label = escape(gettext("Earlier and later releases"))
    return mark_safe(f'<nav class="neighbours" aria-label="{label}">\n' + "\n".join(links) + "\n</nav>")


def _neighbour(release: Neighbour | None, name: str, relation: str, word: str, language: str) -> str:
    if release is None:
        return ""
    return (
        f'<p class="{name}"><span class="foot-head">{escape(word)}</span> <a rel="{relation}" '
        f'href="{escape(release.get_absolute_url())}"{language_attributes(language)}>'
        f"{escape(release.title)}</a></p>"
    )


@register.simple_tag
def citation(metadata: Metadata | None) -> SafeString:
    """How it is cited; nothing where it cannot be."""
    if metadata is None:
        return mark_safe("")
    files = [f'<li><a href="{escape(path)}">{escape(name)}</a></li>\n' for name, path in metadata.citations]
    # Which makemessages does not find inside of an f-string.
    summary, label = gettext("Cite this release"), gettext("This reference as a file")
    return mark_safe(
        f'<details class="cite">\n<summary>{escape(summary)}</summary>\n'
        f'<p class="cite-words">{escape(metadata.reference)}</p>\n'
        f'<ul aria-label="{escape(label)}">\n{"".join(files)}</ul>\n</details>\n'
    )
