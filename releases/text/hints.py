"""Hints for editors, computed from the text alone: notes, empty blocks, raised numbers and scripts to look at again."""

import re
from collections.abc import Iterable
from typing import Final, Protocol

from releases.text.tables import table
from releases.text.tree import Node

# Said in a note's first words they mean "the source in the note before", or in one before that; static/js/editor/duplicates.js
# asks the same of a note that is being written.
_TABLE: Final = table("notes")


def _any_of(words: list[str]) -> str:
    """A pattern for the words, the longer one first; one that ends in a Latin letter is a whole word."""
    longest_first = sorted(words, key=len, reverse=True)
    return "|".join(
        re.escape(word).replace("\\ ", r"\s?")
        + (r"(?!\w)" if word[-1].isascii() and word[-1].isalpha() else "")
        for word in longest_first
    )


_BACK_REFERENCE: Final = re.compile(rf"[\s\"'“”‘’«»(\[*_]*({_any_of(_TABLE['leaning'])})", re.IGNORECASE)
# "Smith, op. cit., p. 3": these lean on an earlier note wherever they stand.
_LATER_REFERENCE: Final = re.compile(rf"(?<!\w)({_any_of(_TABLE['leaning_anywhere'])})", re.IGNORECASE)
_LINK: Final = re.compile(r'<a href="([^"]*)"')


class NoteText(Protocol):
    """The key, HTML and text of a note."""

    @property
    def key(self) -> str: ...
    @property
    def html(self) -> str: ...
    @property
    def text(self) -> str: ...


def back_reference(text: str) -> str:
    """The words by which a note refers to another note ("Ibid."), or ""."""
    found = _BACK_REFERENCE.match(text) or _LATER_REFERENCE.search(text)
    return found[1] if found else ""


def duplicate_notes(notes: Iterable[NoteText]) -> list[tuple[str, str]]:
    """Pairs of keys: a note, and a later one with the same content.

    The same is: the same words, whatever the spaces; and where both have links, the same links. Notes that lean on
    another say the same everywhere, and mean another source each time.
    """
    known: dict[str, list[tuple[str, frozenset[str]]]] = {}
    found: list[tuple[str, str]] = []
    for note in notes:
        words = " ".join(note.text.split())
        if not words or back_reference(words):
            continue
        links = frozenset(_LINK.findall(note.html))
        others = known.setdefault(words, [])
        twin = next((key for key, had in others if had == links or not had or not links), None)
        if twin is not None:
            found.append((twin, note.key))
        others.append((note.key, links))
    return found


# No language has this sign among its words, so what stands around it was put there.
_PICTURE: Final = re.compile(r"\[\U0001f5bc [^\[\]]*\]")


def picture_mark(name: str) -> str:
    """The placeholder in a body for a picture that it cannot hold."""
    return f"[\U0001f5bc {' '.join(re.sub(r'[][]', ' ', name).split())[:120]}]"


def picture_marks(text: str) -> list[str]:
    """The placeholders of pictures that are still in a text."""
    return _PICTURE.findall(text)


# What has to hold words; a cell of a table may be empty.
_HOLDING: Final = ("h2", "h3", "p", "li", "ul", "ol", "blockquote", "table")
_DIGITS: Final = re.compile(r"\s*[\[(]?\d{1,3}[\])]?\s*")
# A raised figure behind these is a power, as in m².
_UNITS: Final = re.compile(r"(?:^|[\s\d/·])(?:[kcdmµ]?m|ha|ft|in|yd|mi|s|x|n)$|\^$|10$")


def empty_blocks(root: Node) -> dict[str, int]:
    """How many empty elements there are, by tag. Those inside another empty one are not counted."""
    found: dict[str, int] = {}
    for node in root.iter(*_HOLDING):
        if _has_content(node) or any(not _has_content(one) for one in node.iterancestors(*_HOLDING)):
            continue
        if node.tag in ("p", "li") and any(True for _cell in node.iterancestors("td", "th")):
            continue
        found[node.tag] = found.get(node.tag, 0) + 1
    return found


def _has_content(node: Node) -> bool:
    return bool("".join(node.itertext()).strip("\\s\u200b\ufeff\u00a0 \n\t")) or (
        node.tag != "table" and next(node.iterdescendants("img", "hr"), None) is not None
    )


def raised_figures(root: Node) -> list[str]:
    """Superscript numbers that are neither citations nor powers, each with the words before it."""
    found = []
    for node in root.iter("sup"):
        words = "".join(node.itertext())
        if node.get("class") or not _DIGITS.fullmatch(words):
            continue
        previous = node.getprevious()
        before = (previous.tail if previous is not None else node.getparent().text) or ""
        if before.strip() and not _UNITS.search(before):
            found.append(f"{before[-30:].strip()}{words.strip()}")
    return found


# The scripts in which languages are written, as far as one cannot be taken for another.
_SCRIPTS: Final = {
    "Latin": re.compile("[A-Za-z\u00c0-\u024f]"),
    "Chinese": re.compile("[\u3400-\u9fff]"),
    "Tibetan": re.compile("[\u0f40-\u0fbc]"),
    "Arabic": re.compile("[\u0620-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]"),
    "Cyrillic": re.compile("[\u0400-\u052f]"),
    "Korean": re.compile("[\uac00-\ud7a3]"),
}
_WRITTEN_IN: Final = {
    "zh": "Chinese", "ja": "Chinese", "bo": "Tibetan", "dz": "Tibetan", "ug": "Arabic", "ar": "Arabic", "fa": "Arabic",
    "ur": "Arabic", "ru": "Cyrillic", "uk": "Cyrillic", "mn": "Cyrillic", "kk": "Cyrillic", "ky": "Cyrillic", "ko": "Korean",
}  # fmt: skip
# Fewer letters say nothing: a title may be a name.
_ENOUGH: Final = 40
# One character of these says as much as so many Latin letters.
_WEIGHT: Final = {"Chinese": 4, "Korean": 3}


def other_script(text: str, language: str) -> str:
    """The script of most letters of a text, if its language is not written in that script; "" otherwise."""
    counts = {name: len(pattern.findall(text)) * _WEIGHT.get(name, 1) for name, pattern in _SCRIPTS.items()}
    most = max(counts, key=counts.__getitem__)
    expected = _WRITTEN_IN.get(language.split("-")[0].lower(), "Latin")
    if counts[most] < _ENOUGH or most == expected or counts[expected] * 2 > counts[most]:
        return ""
    return most
