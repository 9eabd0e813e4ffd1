"""Makes saved pages of an older site, and reads them, for the tests of taking them in."""

import re

from releases.intake.html.mapping import mapping_of
from releases.intake.html.page import read_page

PLACES = {"version": 1, "title": "h1", "date": ".date", "body": ".body"}


def mapping(**more):
    return mapping_of({**PLACES, **more})


def html(body, *, title="A title", when="June 10, 2011", more=""):
    return (
        f"<!DOCTYPE html><html><head><meta charset=utf-8><title>x</title></head><body><h1>{title}</h1>"
        f"<p class=date>{when}</p><div class=body>{body}</div>{more}</body></html>"
    ).encode()


def page(body, **more):
    places = more.pop("places", {})
    return read_page(html(body, **more), mapping(**places), name="2011/a.html")


def plain(body):
    """A body with citations as [n] and without keys."""
    body = re.sub(r'<sup class="footnote-ref"><a [^>]*>(\d+)</a></sup>', r"[\1]", body)
    return re.sub(r' id="fn-[a-z0-9]+"', "", body)


def notes(*lines):
    return '<ol class="footnotes">' + "".join(f"<li><p>{line}</p></li>" for line in lines) + "</ol>"
