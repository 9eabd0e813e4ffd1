"""Lines of JSON one at a time, each with its number and none larger than may be held: strict JSON, valid text."""

import json
import math
import re
from collections.abc import Iterator
from typing import IO, Any, NamedTuple

from django.utils.translation import gettext as _

from releases.intake.records.fields import Record

# Hundreds of revisions of a long report; what is longer is no release.
MAX_LINE = 128 * 1024 * 1024
# NUL, which PostgreSQL keeps nowhere, and halves of characters, which are no text: written out, or as bytes.
_INVALID = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])|\xed[\xa0-\xbf]")
_NOT_TEXT = re.compile("[\x00\ud800-\udfff]")


class Line(NamedTuple):
    """A line that was read; without a record, `why` says why. `repaired`: something in it was not valid text."""

    number: int
    record: Record | None
    why: str = ""
    repaired: bool = False


def lines_in(file: IO[bytes], *, first: int = 1) -> Iterator[Line]:
    """Every line from where `file` stands, which is line number `first`. One that is too long is passed over whole."""
    number = first
    while line := file.readline(MAX_LINE):
        if len(line) == MAX_LINE and not line.endswith(b"\n"):
            while line and not line.endswith(b"\n"):
                line = file.readline(1024 * 1024)
            megabytes = MAX_LINE // 1024 // 1024
            yield Line(number, None, _("This line is longer than %d MB.") % megabytes)
        else:
            yield read_line(number, line)
        number += 1


def read_line(number: int, line: bytes) -> Line:
    """One line."""
    repaired = False
    try:
        text = line.decode("utf-8-sig", "surrogatepass")
        found = json.loads(text, parse_constant=_no_number, parse_float=_finite)
        if _INVALID.search(line):
            valid = _repaired(found)
            found, repaired = valid, valid != found
    except (ValueError, RecursionError):
        return Line(number, None, _("This is no JSON object."))
    if not isinstance(found, dict):
        return Line(number, None, _("This is no JSON object."))
    return Line(number, found, repaired=repaired)


def _repaired(value: Any) -> Any:
    if isinstance(value, str):
        return _NOT_TEXT.sub(lambda match: "" if match[0] == "\x00" else "\ufffd", value)
    if isinstance(value, dict):
        return {_repaired(name): _repaired(one) for name, one in value.items()}
    return [_repaired(one) for one in value] if isinstance(value, list) else value


def _no_number(word: str) -> float:
    raise ValueError(word)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(digits)
    return number
