"""Reads Word documents made in a test and says what came of them."""

import re

from releases.intake.docx import read
from tests.intake.word import docx


def body(*blocks, **parts):
    return read(docx(*blocks, **parts)).body


def numbers(html):
    """A body with its keys left out: citations as [n], notes as a list."""
    html = re.sub(r'<sup class="footnote-ref"><a [^>]*>(\d+)</a></sup>', r"[\1]", html)
    return re.sub(r' id="fn-[a-z0-9]+"', "", html)


def said(reading, code):
    return reading.report.counts.get(code, 0)
