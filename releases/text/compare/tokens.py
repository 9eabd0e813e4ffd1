"""The smallest things of a body that may differ: a word, a Chinese character, a space, a tag, a citation."""

import re
from typing import Final

_CJK: Final = "\u2e80-\u9fff\uf900-\ufaff\uac00-\ud7af"
# Each alternative ends at the next `<` or after so many characters: whatever was left open is read once and not once for each
# place where it might begin.
TOKEN: Final = re.compile(
    r'<sup class="footnote-ref">(?:<a [^<>]{0,500}>[^<>]{0,50}</a>)</sup>'
    rf"|<[^<>]*>|&[a-z0-9#]{{1,40}};|[{_CJK}]|[^\W{_CJK}]+|\s+|.",
    re.DOTALL | re.IGNORECASE,
)
WORD: Final = re.compile(rf"[{_CJK}]|[^\W{_CJK}]+|\s+|.", re.DOTALL)
# What every citation has in it.
MARK: Final = "footnote-ref"
_CITATION: Final = re.compile(
    r'<sup class="footnote-ref"><a href="#fn-([a-z0-9]+)"[^<>]*>([^<>]*)</a></sup>', re.DOTALL
)
_TAG: Final = re.compile(r"</?([a-z0-9]+)")
BLOCKS: Final = frozenset(
    ["p", "h2", "h3", "li", "ul", "ol", "blockquote", "table", "thead", "tbody", "tr", "th", "td", "hr", "br"]
)


def cited(token: str) -> re.Match[str] | None:
    """A citation: its note's key, and its number as it is shown."""
    return _CITATION.fullmatch(token) if token.startswith("<sup ") else None


def meaning(token: str) -> str:
    """What makes two tokens the same: a citation is its note's key, whatever its number."""
    citation = cited(token)
    return f"<cite {citation[1]}>" if citation else token


def tag(token: str) -> str:
    """The name of a tag, "" for all else."""
    found = _TAG.match(token) if token.startswith("<") else None
    return found[1].lower() if found else ""


def is_block(token: str) -> bool:
    """Whether it is the tag of a block."""
    return tag(token) in BLOCKS
