"""Which languages the frame's words are to be had in, and the words around notes in each."""

from functools import cache

from django.conf import settings
from django.utils import translation
from django.utils.translation import get_language_info, gettext

from releases.text.render import FrameWords
from releases.text.render.html import CopyWords


def frame_language(language: str) -> str:
    """The language of the frame's words around a text in `language`: the same, where its catalogue ships."""
    return language if language in settings.FRAME_LANGUAGES else settings.LANGUAGE_CODE


def direction(language: str) -> str:
    """`"rtl"` or `"ltr"`: how a text in `language` runs, by Django's table and what the settings add to it. A language that
    neither knows runs from the left."""
    try:
        return "rtl" if get_language_info(language)["bidi"] else "ltr"
    except KeyError:
        return "ltr"


@cache
def in_every_frame(words: str) -> frozenset[str]:
    """`words` as each language of the frame says them."""
    found = set()
    for language in settings.FRAME_LANGUAGES:
        with translation.override(language):
            found.add(gettext(words))
    return frozenset(found)


def note_words(language: str) -> FrameWords:
    """What stands around the notes and tables of a text in `language`."""
    spoken = frame_language(language)
    with translation.override(spoken):
        return FrameWords(
            notes=gettext("Notes"),
            back=gettext("Back to the text, note {n}"),
            back_nth=gettext("Back to the text, note {n}, citation {letter}"),
            note=gettext("Note {n}"),
            table=gettext("Table"),
            language="" if spoken == language else spoken,
            text_language=language,
            direction=direction(language),
        )


def copy_words(language: str) -> CopyWords:
    """What is said of an archived copy in a text in `language`."""
    spoken = frame_language(language)
    with translation.override(spoken):
        return CopyWords(
            archived=gettext("archived"),
            of=gettext("archived: {words}"),
            language="" if spoken == language else spoken,
        )
