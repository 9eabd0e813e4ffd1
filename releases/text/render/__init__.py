"""A cleaned body as a page shows it, as a feed carries it, and as plain text; the forms that are stored beside it."""

from typing import Final

from releases.text.render.html import FrameWords, feed_html, page_html
from releases.text.render.plain import count_words, excerpt, plain_text, word_count

__all__ = [
    "FrameWords", "addressed", "count_words", "excerpt", "feed_form", "feed_html", "forms_of", "page_html", "plain_text", "word_count",
]  # fmt: skip


# Nobody can own a name under .invalid (RFC 2606), so it stands for nothing but the place of an address.
_SITE: Final = "https://release.invalid/"
_PAGE: Final = f"{_SITE}page/"


def forms_of(html: str, *, prefix: str, words: FrameWords) -> dict[str, str]:
    """The rendered forms by the names of a revision's fields. They may be made anew when rendering improves."""
    return {
        "body_page": page_html(html, prefix=prefix, words=words),
        "body_text": plain_text(html),
        "body_feed": feed_form(html, prefix=prefix, words=words),
    }


def feed_form(html: str, *, prefix: str, words: FrameWords) -> str:
    """The body as feeds carry it, with marks where the addresses of the page and of the site belong."""
    return feed_html(html, prefix=prefix, address=_PAGE, words=words)


def addressed(form: str, *, address: str, site: str) -> str:
    """A stored form with its addresses: `address` is the page's, `site` the site's without a slash at its end."""
    return form.replace(_PAGE, address).replace(_SITE, f"{site}/")
