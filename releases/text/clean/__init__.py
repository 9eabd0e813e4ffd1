"""Sanitises a body: whatever was sent becomes a body of the schema with its notes in order, or is refused."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import nh3
from lxml import etree

from releases.text.clean.builder import build_tree
from releases.text.clean.reconcile import reconcile, shortened
from releases.text.clean.stack import Body, LimitExceeded
from releases.text.clean.tokenizer import normalise_text, tokenise
from releases.text.schema import nh3_arguments
from releases.text.tree import Node, inner_html, parse

# A release of 300 pages is about a third of this.
MAX_CHARACTERS: Final = 2_000_000
_MAX_REFUSED_LINKS: Final = 50
_PASSES: Final = 4
_CLEANER: Final = nh3.Cleaner(**nh3_arguments())


@dataclass(frozen=True)
class Problem:
    """What a writer should know: it could not be repaired without a loss.

    code      what is wrong
              fatal: "too-long", "too-deep" (too many nested elements), "too-complex" (too many elements)
              not fatal: "uncited-note" (kept at the end of the list), "dangling-citation" (dropped),
              "link-refused" (its words kept), "control-characters" (dropped)
    note      the number of the note that it is about, as the writer sees it, or None
    excerpt   words or an address by which a writer finds the place
    fatal     nothing was kept: `Cleaned.html` is ""
    """

    code: str
    note: int | None
    excerpt: str
    fatal: bool


@dataclass(frozen=True)
class Cleaned:
    """A body that may be stored, and what a writer should know about what was sent."""

    html: str
    problems: tuple[Problem, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether nothing of what was sent could be kept."""
        return any(problem.fatal for problem in self.problems)


def clean(raw: str) -> Cleaned:
    """Clean a body, whoever sent it. Never raises; cleaning `.html` again changes nothing.

    What the editor sends comes back byte for byte, if its notes are in order. Citations and notes are
    reconciled (see `reconcile`). Time and memory are linear in the length, which is at most `MAX_CHARACTERS`.
    """
    if len(raw) > MAX_CHARACTERS:
        return _refused("too-long", raw)
    source, had_controls = normalise_text(raw)
    problems = [Problem("control-characters", None, "", fatal=False)] if had_controls else []
    html = source
    for attempt in range(_PASSES):
        try:
            body = build_tree(tokenise(html))
        except LimitExceeded as refusal:
            return _refused(refusal.code, source)
        unmatched = reconcile(body)
        if attempt == 0:
            problems += [Problem(one.code, one.number, one.excerpt, fatal=False) for one in unmatched]
            problems += [
                Problem("link-refused", None, shortened(address), fatal=False)
                for address in body.refused_links[:_MAX_REFUSED_LINKS]
            ]
        html = "" if _is_empty(body) else inner_html(body.root)
        if len(html) > MAX_CHARACTERS:
            return _refused("too-long", source)
        # The builder lets through only what the schema allows. nh3 checks that independently, with a browser's
        # parser. Where the two differ, the stricter one counts.
        checked = _CLEANER.clean(html)
        if checked == html:
            return Cleaned(html, tuple(problems))
        html = checked
    return _refused("too-complex", source)


def stored_tree(html: str) -> Node:
    """The tree of a stored body. What is not clean is cleaned first: nothing else may ever be shown."""
    if _is_stored_form(html):
        try:
            return parse(html)
        except etree.XMLSyntaxError:
            pass
    return parse(clean(html).html)


@lru_cache(4)
def _is_stored_form(html: str) -> bool:
    # One save makes half a dozen forms of the same body, one after the other.
    return _CLEANER.clean(normalise_text(html)[0]) == html


def _refused(code: str, source: str) -> Cleaned:
    return Cleaned("", (Problem(code, None, shortened(normalise_text(source[:200])[0]), fatal=True),))


def _is_empty(body: Body) -> bool:
    """Only paragraphs and headings, with nothing but white space in them."""
    return not any(child.tag not in ("p", "h2", "h3") for child in body.root) and not any(
        text.strip() for text in body.root.itertext()
    )
