"""What commands are told of words that are to go: read from a file or the keyboard, never from the command line."""

import sys
from pathlib import Path

from django.utils import translation
from django.utils.translation import gettext

from releases.text.removal import Removal


def removal_of(
    file: str, by: str | None = None, *, language: str = "en", whole_words: bool = True
) -> Removal:
    """A spelling a line, from a file, or from standard input where it is called "-". Raises ValueError and OSError."""
    text = sys.stdin.read() if file == "-" else Path(file).read_text("utf-8")
    with translation.override(language):
        return Removal(lines(text), gettext("[name removed]") if by is None else by, whole_words=whole_words)


def lines(text: str) -> list[str]:
    """Those that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]
