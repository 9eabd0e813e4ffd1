"""Tokenises HTML into text, start tags and end tags, in time linear in its length."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from html.entities import html5
from typing import Final, Literal

from releases.text.schema import BY_TAG, DROPPED

# HTML's own white space is space, tab and newline here (CR and FF are gone by now). Possessive quantifiers
# throughout (Python 3.11): no input makes these patterns go back.
_NAME = r"[ \t\n/]*+([^ \t\n/>=][^ \t\n/>=]*+|=[^ \t\n/>=]*+)"
_VALUE = r"""(?:[ \t\n]*+=[ \t\n]*+(?:"([^"]*+)"|'([^']*+)'|([^ \t\n>"'][^ \t\n>]*+)))?+"""
_ATTRIBUTES: Final = re.compile(_NAME + _VALUE)
_UNNAMED = re.sub(r"\((?!\?)", "(?:", _NAME + _VALUE)
_TAG: Final = re.compile(rf"<(/?)([a-zA-Z][^ \t\n/>]*+)((?:{_UNNAMED})*+)[ \t\n/]*+>")
_ROUGH_TAG: Final = re.compile(r"<(/?)([a-zA-Z][^ \t\n/>]*+)([^>]*+)>")
_COMMENT_END: Final = re.compile(r"--!?>")
_DROPPED_END: Final = {tag: re.compile(rf"</{tag}(?=[ \t\n/>])[^>]*+>", re.IGNORECASE) for tag in DROPPED}
_REFERENCE: Final = re.compile(r"&(#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[A-Za-z][A-Za-z0-9]*+;?)(=?)")

# Invisible characters. XML forbids most of them, and some hide text from a reader of the source.
_CONTROLS: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_OTHER_PLANES: Final = re.compile(
    "[" + "".join(f"{chr(p * 0x10000 + 0xFFFE)}{chr(p * 0x10000 + 0xFFFF)}" for p in range(1, 17)) + "]"
)
_BEYOND_FIRST_PLANE: Final = re.compile("[\U00010000-\U0010ffff]")
_SURROGATES: Final = re.compile("[\ud800-\udfff]")
_SPACES: Final = re.compile("[\x0b\x0c\x85]")


@dataclass(slots=True)
class Token:
    """A piece of text (`data` is plain text, decoded) or a tag (`data` is its name in lower case)."""

    kind: Literal["text", "start", "end"]
    data: str
    attributes: dict[str, str] = field(default_factory=dict)


def normalise_text(text: str) -> tuple[str, bool]:
    """Text without control characters and lone surrogates, and whether there were any; newlines are LF."""
    if text.isascii() and text.isprintable():
        return text, False
    changed = False
    if _SURROGATES.search(text):
        # Two halves that belong together become one character; a half alone goes.
        joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
        changed = True
        text = joined
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _SPACES.sub(" ", text)
    # Most texts have nothing of the other planes, and one range is found out ten times as fast as 32 characters.
    patterns = (_CONTROLS, _OTHER_PLANES) if _BEYOND_FIRST_PLANE.search(text) else (_CONTROLS,)
    for pattern in patterns:
        text, found = pattern.subn("", text)
        changed = changed or found > 0
    return text, changed


def _decoded(text: str) -> str:
    return normalise_text(unescape(text))[0] if "&" in text else text


def _decoded_reference(match: re.Match[str]) -> str:
    # In an attribute "&copy=1" and "&copying" are no references (HTML, "named character reference state").
    name, equals = match[1], match[2]
    if name[0] == "#":
        return unescape(f"&{name}") + equals
    if name[-1] == ";":
        return html5.get(name, f"&{name}") + equals
    if equals or name not in html5:
        return match[0]
    return html5[name]


def _attributes(tag: str, source: str) -> dict[str, str]:
    element = BY_TAG.get(tag)
    if not source:
        return {}
    wanted = {"class", "lang", "dir"} | set(element.attributes if element else ())
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTES.findall(source):
        name = name.lower()
        if name in wanted and name not in found:
            value = double or single or bare
            found[name] = (
                normalise_text(_REFERENCE.sub(_decoded_reference, value))[0] if "&" in value else value
            )
    return found


def tokenise(source: str) -> Iterator[Token]:
    """The tokens of `source` (after `normalise_text`), read as the HTML standard's tokeniser reads them.

    It differs where the standard would lose what a person wrote: a tag, a comment or a script that never
    ends takes nothing along; what follows it is text. Comments, and `DROPPED` elements that do end, are
    left out.
    """
    position, strict = 0, True
    unended: set[str] = set()
    while True:
        less = source.find("<", position)
        if less < 0:
            break
        if less > position:
            yield Token("text", _decoded(source[position:less]))
        position = less
        follows = source[less + 1 : less + 3]
        letter = follows[1:] if follows[:1] == "/" else follows[:1]
        if letter.isascii() and letter.isalpha():
            match = _TAG.match(source, less) if strict else None
            if match is None:
                # A quote that is never closed. From here on a tag ends at the next ">", whatever the quotes
                # say: trying again at each tag would make the time quadratic.
                strict = False
                match = _ROUGH_TAG.match(source, less)
            if match is None:
                break  # not one ">" left
            position = match.end()
            name = match[2].lower()
            if match[1]:
                yield Token("end", name)
                continue
            if name in DROPPED:
                end = None if name in unended else _DROPPED_END[name].search(source, position)
                if end is None:
                    unended.add(name)
                else:
                    position = end.end()
                continue
            yield Token("start", name, _attributes(name, match[3]))
        elif follows[:1] in ("!", "?", "/") and follows:
            comment = source.startswith("<!--", less)
            end = None
            if comment and "--" not in unended:
                end = _COMMENT_END.search(source, less + 2)
                if end is None:
                    unended.add("--")
            if end is not None:
                position = end.end()
            elif comment:
                position = less + 4
            else:
                greater = source.find(">", less)
                if greater < 0:
                    break
                position = greater + 1
        else:
            yield Token("text", "<")
            position = less + 1
    if position < len(source):
        yield Token("text", _decoded(source[position:]))
