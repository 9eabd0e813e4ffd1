"""Rows as lines of text, in the form of PostgreSQL's COPY: the same newsroom gives the same lines on every database.

A line is a row, its values are separated by tabs, `\\N` is no value (postgresql.org/docs/current/sql-copy.html, "Text Format").
PostgreSQL reads and writes it by itself; here it is done for SQLite. Moments are in UTC, bytes in hexadecimal. JSON is the text
that the database keeps, which PostgreSQL writes in its own order.
"""

import json
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.db.models import Field, ForeignKey

Value = str | int | float | bytes | None

INTEGER, FLOAT, BOOLEAN, MOMENT, UUID, BYTES, JSON, TEXT = (
    "integer", "float", "boolean", "moment", "uuid", "bytes", "json", "text",
)  # fmt: skip
_KINDS = {
    "BooleanField": BOOLEAN, "DateTimeField": MOMENT, "UUIDField": UUID, "BinaryField": BYTES, "JSONField": JSON,
    "FloatField": FLOAT, "CharField": TEXT, "TextField": TEXT, "SlugField": TEXT, "EmailField": TEXT, "URLField": TEXT,
    "FileField": TEXT, "DateField": TEXT, "GenericIPAddressField": TEXT,
}  # fmt: skip
_NULL = b"\\N"


def kind_of(field: "Field[Any, Any]") -> str:
    """Of a column. Raises ValueError for a type that is not known to be written alike by every database."""
    while isinstance(field, ForeignKey):
        field = field.target_field
    name = field.get_internal_type()
    if name.endswith(("IntegerField", "AutoField")):
        return INTEGER
    if name not in _KINDS:
        raise ValueError(f"A backup does not know how to keep {field} ({name}).")
    return _KINDS[name]


# ------------------------------------------------------------------ from SQLite

_SPECIAL = re.compile(r"[\\\x08\t\n\v\f\r]")
_ESCAPES = {"\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\v": "\\v", "\f": "\\f", "\r": "\\r"}


def line_of(row: Sequence[Value], kinds: Sequence[str]) -> bytes:
    """A row as SQLite gives it."""
    return b"\t".join(map(_written, row, kinds)) + b"\n"


def _written(value: Value, kind: str) -> bytes:
    if value is None:
        return _NULL
    if kind in _WRITERS:
        return _WRITERS[kind](value)
    text = str(value)
    if _SPECIAL.search(text):
        text = _SPECIAL.sub(lambda found: _ESCAPES[found[0]], text)
    return text.encode("utf-8", "surrogatepass")


def _moment(value: Any) -> bytes:
    text = str(value)
    return (text.rstrip("0").rstrip(".") if "." in text else text).encode() + b"+00"


_WRITERS: dict[str, Callable[[Any], bytes]] = {
    BOOLEAN: lambda value: b"t" if value else b"f",
    MOMENT: _moment,
    UUID: lambda value: f"{value[:8]}-{value[8:12]}-{value[12:16]}-{value[16:20]}-{value[20:]}".encode(),
    BYTES: lambda value: b"\\\\x" + bytes(value).hex().encode(),
    FLOAT: lambda value: repr(float(value)).removesuffix(".0").encode(),
}

# ------------------------------------------------------------------ into SQLite

_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_UNESCAPES = {written[1]: meant for meant, written in _ESCAPES.items()}


def row_of(line: bytes, kinds: Sequence[str]) -> list[Value]:
    """The values of a line, as SQLite keeps them. Raises ValueError where they are not as many as the kinds."""
    return [_read(cell, kind) for cell, kind in zip(line.rstrip(b"\n").split(b"\t"), kinds, strict=True)]


def _read(cell: bytes, kind: str) -> Value:
    if cell == _NULL:
        return None
    if kind in _READERS:
        return _READERS[kind](cell)
    text = cell.decode("utf-8", "surrogatepass")
    return _ESCAPED.sub(lambda found: _UNESCAPES.get(found[1], found[1]), text) if "\\" in text else text


def _moment_of(cell: bytes) -> str:
    """Django compares moments of SQLite as text, so all have six digits or none."""
    whole, dot, part = cell.decode().removesuffix("+00").partition(".")
    return f"{whole}.{part:0<6}" if dot else whole


_READERS: dict[str, Callable[[bytes], Value]] = {
    INTEGER: int,
    FLOAT: float,
    BOOLEAN: lambda cell: int(cell == b"t"),
    MOMENT: _moment_of,
    UUID: lambda cell: cell.decode().replace("-", ""),
    BYTES: lambda cell: bytes.fromhex(cell[3:].decode()),
}

# ------------------------------------------------------------------ in chunks, and compared

# The mean length of a chunk, and the longest (bytes, before compression; one line may be longer).
MEAN, LONGEST = 1024 * 1024, 16 * 1024 * 1024


def chunks_of(lines: Iterable[bytes]) -> Iterator[tuple[bytes, int]]:
    """The lines in portions, and how many each of them has.

    Whether a portion ends with a line is a chance that hangs on that line's key and length alone. So a row that changes is a change of
    one portion, and all others are the same as in the backup before.
    """
    portion: list[bytes] = []
    length = 0
    for line in lines:
        portion.append(line)
        length += len(line)
        chance = zlib.crc32(line.partition(b"\t")[0]) / 2**32
        if chance < len(line) / MEAN or length >= LONGEST:
            yield b"".join(portion), len(portion)
            portion, length = [], 0
    if portion:
        yield b"".join(portion), len(portion)


def comparable(line: bytes, kinds: Sequence[str]) -> bytes:
    """The line with its JSON in one order, for comparing rows of one kind of database with those of another."""
    if JSON not in kinds:
        return line
    cells = line.rstrip(b"\n").split(b"\t")
    for number, kind in enumerate(kinds):
        if kind == JSON and cells[number] != _NULL:
            text = str(_read(cells[number], TEXT))
            cells[number] = json.dumps(json.loads(text), sort_keys=True).encode()
    return b"\t".join(cells) + b"\n"
