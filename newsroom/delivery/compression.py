"""Compression of what is worth it: what the library knows, and JSON Feed."""

import re

from django_http_compression.middleware import HttpCompressionMiddleware


class CompressionMiddleware(HttpCompressionMiddleware):
    """The library's list of types names neither this one nor all that end in `+json`."""

    content_type_re = re.compile(
        rf"{HttpCompressionMiddleware.content_type_re.pattern} | ^application/feed\+json",
        HttpCompressionMiddleware.content_type_re.flags,
    )
