"""A cleaned body as a page shows it, as a feed carries it, and as plain text."""

from releases.text.render.html import Words, feed_html, page_html
from releases.text.render.plain import excerpt, plain_text, word_count

__all__ = ["Words", "excerpt", "feed_html", "page_html", "plain_text", "word_count"]
