"""A cleaned body as plain text: for search, summaries, descriptions and counting."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from releases.text.clean import stored_tree
from releases.text.notes import citations_in, note_list
from releases.text.tree import CLOSING, TEXT_BLOCKS, Node, NoteStyle, line_of

_OPENING: Final = frozenset("([{«“‘「『《〈（")


def plain_text(html: str, *, notes: NoteStyle = "drop") -> str:
    """The words of a body: a paragraph, heading, item or cell a block, blank lines between them.

    With `drop` neither citations nor notes are there; with `bracket` a citation is "[4]" and the notes follow
    as "[4] …". Never a bare digit: "on May 30", note 4, must not become "on May 304".
    """
    return "\n\n".join(text for _, text in _blocks(html, notes) if text)


def excerpt(html: str, *, limit: int) -> str:
    """The beginning of a body on one line, at most `limit` characters, with "…" where it was cut.

    It ends with a sentence where one ends in the second half, or with a word. Where a script has no spaces it
    ends between two characters, never inside one (letters with their marks, emoji with their joiners).
    """
    blocks = [block for block in _blocks(html, "drop") if block[1]]
    paragraphs = [text for node, text in blocks if node.tag == "p" and not _in_table(node)]
    text = " ".join(paragraphs or [text for _, text in blocks])
    if len(text) <= limit:
        return text
    if limit < 1:
        return ""
    cut = _sentence_end(text, limit - 2)
    if cut:
        return f"{text[:cut]} …" if text[cut].isspace() else f"{text[:cut]}…"
    cut = _word_end(text, limit - 1)
    return f"{text[:cut].rstrip(_TRAILING)}…"


def word_count(html: str, *, with_notes: bool) -> int:
    """How many words a body has. A Chinese or Japanese character and a Tibetan syllable count as one word."""
    text = plain_text(html)
    if with_notes:
        root = stored_tree(html)
        holder = note_list(root)
        if holder is not None:
            text += "\n\n" + "\n\n".join(line_of(block, "drop") for block in holder.iter(*TEXT_BLOCKS))
    return count_words(text)


def count_words(text: str) -> int:
    """How many words plain text has, counted alike."""
    apart = _IDEOGRAPH.sub(r" \g<0> ", text)
    return sum(any(map(str.isalnum, word)) for word in _WORD_EDGES.split(apart))


def _blocks(html: str, notes: NoteStyle) -> Iterator[tuple[Node, str]]:
    root = stored_tree(html)
    holder = note_list(root)
    if holder is not None:
        root.remove(holder)
    numbers = {}
    for number, note in enumerate(holder if holder is not None else (), 1):
        numbers[note.get("id", "")[3:]] = number
    for key, mark in citations_in(root):
        mark[0].text = str(numbers.get(key, mark[0].text))
    for block in root.iter(*TEXT_BLOCKS):
        yield block, line_of(block, notes)
    if notes == "bracket" and holder is not None:
        for number, note in enumerate(holder, 1):
            for position, block in enumerate(note.iter(*TEXT_BLOCKS)):
                label = "" if position else f"[{number}] "
                yield block, f"{label}{line_of(block, notes)}".strip()


def _in_table(node: Node) -> bool:
    return next(node.iterancestors("table"), None) is not None


# -- where a text may be cut

_IDEOGRAPHS = (
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_IDEOGRAPH: Final = re.compile(f"[{_IDEOGRAPHS}]")
# White space, dashes, and what ends a Tibetan syllable or clause.
_WORD_EDGES: Final = re.compile(r"[\s\u2013\u2014/\u0f0b-\u0f12]+")
_SENTENCE_END: Final = re.compile(
    r"(?<!\.)[.!?\u061f\u06d4]+[\u201d\u2019\"')\]»]*(?=\s)|[。！？][”’」』）]*|།"
)
_TRAILING: Final = " \t\n\xa0,;:\u2013\u2014-·、，；：" + "".join(sorted(_OPENING))
_EMOJI_MODIFIERS: Final = range(0x1F3FB, 0x1F400)
_TAGS: Final = range(0xE0020, 0xE0080)
_REGIONAL: Final = range(0x1F1E6, 0x1F200)
_JAMO: Final = range(0x1160, 0x1200)
_JOINER: Final = "\u200d"


def _sentence_end(text: str, limit: int) -> int:
    """Where the last sentence ends that fits, or 0 if that would waste more than half of the room."""
    found = 0
    for match in _SENTENCE_END.finditer(text, 0, limit + 1):
        if match.end() <= limit:
            found = match.end()
    return found if found > limit // 2 and _is_edge(text, found) else 0


def _word_end(text: str, limit: int) -> int:
    """Where the last word ends that fits; inside a long run without edges, the last whole character."""
    for cut in range(limit, limit // 2, -1):
        before, after = text[cut - 1], text[cut]
        parted = after.isspace() or before.isspace() or before == "\u0f0b"
        ideograph = (_IDEOGRAPH.match(before) or _IDEOGRAPH.match(after)) and after not in CLOSING
        if (parted or ideograph) and before not in _OPENING and _is_edge(text, cut):
            return cut
    cut = limit
    while cut > 0 and not _is_edge(text, cut):
        cut -= 1
    return cut


def _is_edge(text: str, cut: int) -> bool:
    """Whether a reader sees two characters on either side of `cut` (the main rules of UAX 29)."""
    if cut <= 0 or cut >= len(text):
        return True
    before, after = text[cut - 1], text[cut]
    code = ord(after)
    if unicodedata.category(after) in ("Mn", "Mc", "Me") or after in ("\u200c", _JOINER) or before == _JOINER:
        return False
    if code in _EMOJI_MODIFIERS or code in _TAGS or code in _JAMO:
        return False
    if code in _REGIONAL and ord(before) in _REGIONAL:
        run = 0
        while run < cut and ord(text[cut - 1 - run]) in _REGIONAL:
            run += 1
        return run % 2 == 0
    # In Indic scripts a virama ties two letters into one shape.
    return unicodedata.combining(before) != 9
