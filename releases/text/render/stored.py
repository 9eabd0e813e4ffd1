"""A feed's form of a body, stored once without its address, and given the address when it goes out."""

from typing import Final

from releases.text.render.html import Words, feed_html

# Nobody can own a name under .invalid (RFC 2606), so it stands for nothing but the place of an address.
_SITE: Final = "https://release.invalid/"
_PAGE: Final = f"{_SITE}page/"


def feed_form(html: str, *, prefix: str, words: Words) -> str:
    """The body as feeds carry it, with marks where the addresses of the page and of the site belong."""
    return feed_html(html, prefix=prefix, address=_PAGE, words=words)


def addressed(form: str, *, address: str, site: str) -> str:
    """A stored form with its addresses: `address` is the page's, `site` the site's without a slash at its end."""
    return form.replace(_PAGE, address).replace(_SITE, f"{site}/")
