"""Thousands of random histories of editing: no note is ever lost, left dangling, doubled or misnumbered.

The model of a release is a list of paragraphs (words and citations) and a list of notes; the oracle works out
from the model alone what must be stored.
"""

import copy
import random
import re
from dataclasses import dataclass, field

import pytest

from releases.text.clean import clean
from tests.depth import times

SEQUENCES = times("SEQUENCES", 1_000, 20_000)
BATCHES = 10
STEPS = 14

CITATION = re.compile(
    r'<sup class="footnote-ref"><a href="#fn-([a-z0-9]+)" id="fnref-([a-z0-9]+)(?:-(\d+))?">(\d+)</a></sup>'
)
NOTE = re.compile(r'<li id="fn-([a-z0-9]+)"><p>([^<]*)</p></li>')
WRAPS = (
    "<p>{}</p>",
    "<p><strong>{}</strong></p>",
    "<h2>{}</h2>",
    "<ul><li><p>{}</p></li></ul>",
    "<blockquote><p>{}</p></blockquote>",
    '<table><tbody><tr><td colspan="1"><p>{}</p></td></tr></tbody></table>',
)


@dataclass
class Cite:
    key: str
    number: int = 1
    nth: int = 1


@dataclass
class Text:
    """A release in the editor: paragraphs as (wrap, pieces), notes as (key, words), the list's place."""

    paragraphs: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    list_at: int | None = None  # None: at the end, as it should be
    lists: int = 1

    def html(self):
        blocks = [wrap.format("".join(_piece(piece) for piece in pieces)) for wrap, pieces in self.paragraphs]
        items = [f'<li id="fn-{key}"><p>{words}</p></li>' for key, words in self.notes]
        cut = len(items) // self.lists if self.lists > 1 else len(items)
        parts = [items[:cut], items[cut:]]
        lists = [f'<ol class="footnotes">{"".join(part)}</ol>' for part in parts if part]
        at = len(blocks) if self.list_at is None else min(self.list_at, len(blocks))
        return "".join(blocks[:at] + lists + blocks[at:])

    def cited(self):
        return [piece for _, pieces in self.paragraphs for piece in pieces if isinstance(piece, Cite)]


def _piece(piece):
    if isinstance(piece, Cite):
        nth = f"-{piece.nth}" if piece.nth > 1 else ""
        return (
            f'<sup class="footnote-ref"><a href="#fn-{piece.key}" id="fnref-{piece.key}{nth}">'
            f"{piece.number}</a></sup>"
        )
    return piece


class Desk:
    """Two releases, a clipboard, and a writer who does anything."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.releases = [Text(), Text()]
        self.clipboard = None
        self.undone = []
        self.done = []
        self.made = 0
        for release in self.releases:
            release.paragraphs = [self.paragraph() for _ in range(3)]
        self.insert_note(self.releases[0])
        self.insert_note(self.releases[1])

    def name(self):
        self.made += 1
        return self.made

    def paragraph(self):
        return (self.random.choice(WRAPS), [f"w{self.name()} "])

    def step(self):
        release = self.random.choice(self.releases)
        if not release.paragraphs:
            release.paragraphs.append(self.paragraph())
        action = self.random.choice(ACTIONS)
        if action not in (Desk.undo, Desk.redo):
            self.done.append(copy.deepcopy(self.releases))
            self.undone.clear()
            action(self, release)
        else:
            action(self)

    def somewhere(self, release):
        _, pieces = self.random.choice(release.paragraphs)
        return pieces, self.random.randint(0, len(pieces))

    def insert_note(self, release):
        pieces, at = self.somewhere(release)
        key = f"k{self.name():05d}"
        pieces.insert(at, Cite(key))
        release.notes.append((key, f"n{self.name()}"))

    def insert_empty_note(self, release):
        pieces, at = self.somewhere(release)
        key = f"e{self.name():05d}"
        pieces.insert(at, Cite(key))
        release.notes.append((key, ""))

    def insert_words(self, release):
        pieces, at = self.somewhere(release)
        pieces.insert(at, f"w{self.name()} ")

    def cite_again(self, release):
        if release.notes:
            pieces, at = self.somewhere(release)
            pieces.insert(at, Cite(self.random.choice(release.notes)[0]))

    def delete_citation(self, release):
        pieces, _ = self.somewhere(release)
        pieces[:] = [piece for piece in pieces if not isinstance(piece, Cite) or self.random.random() < 0.5]

    def delete_note(self, release):
        if release.notes:
            release.notes.remove(self.random.choice(release.notes))

    def delete_paragraph(self, release):
        release.paragraphs.remove(self.random.choice(release.paragraphs))

    def delete_paragraph_and_its_notes(self, release):
        gone = release.paragraphs.pop(self.random.randrange(len(release.paragraphs)))
        keys = {piece.key for piece in gone[1] if isinstance(piece, Cite)} - {
            cite.key for cite in release.cited()
        }
        release.notes = [note for note in release.notes if note[0] not in keys]

    def cut(self, release):
        self.copy(release)
        del release.paragraphs[-len(self.clipboard[0]) :]

    def copy(self, release):
        taken = release.paragraphs[-self.random.randint(1, 2) :]
        keys = {piece.key for _, pieces in taken for piece in pieces if isinstance(piece, Cite)}
        notes = [note for note in release.notes if note[0] in keys]
        self.clipboard = copy.deepcopy((taken, notes))

    def paste(self, release):
        if self.clipboard:
            taken, _ = copy.deepcopy(self.clipboard)
            at = self.random.randint(0, len(release.paragraphs))
            release.paragraphs[at:at] = taken

    def paste_with_notes(self, release):
        """The notes come along, under the keys that they had: those may stand here already."""
        self.paste(release)
        if self.clipboard:
            at = self.random.randint(0, len(release.notes))
            release.notes[at:at] = self.clipboard[1]

    def duplicate(self, release):
        release.paragraphs.append(copy.deepcopy(self.random.choice(release.paragraphs)))

    def reorder(self, release):
        self.random.shuffle(release.paragraphs)

    def reorder_notes(self, release):
        self.random.shuffle(release.notes)

    def drop_list(self, release):
        release.notes.clear()

    def double_list(self, release):
        release.notes *= 2
        release.lists = 2

    def move_list(self, release):
        release.list_at = self.random.randint(0, len(release.paragraphs))

    def scramble_numbers(self, release):
        for citation in release.cited():
            citation.number = self.random.randint(0, 99)
            citation.nth = self.random.randint(1, 9)

    def rewrite_note(self, release):
        if release.notes:
            at = self.random.randrange(len(release.notes))
            release.notes[at] = (release.notes[at][0], f"n{self.name()}")

    def undo(self):
        if self.done:
            self.undone.append(self.releases)
            self.releases = self.done.pop()

    def redo(self):
        if self.undone:
            self.done.append(self.releases)
            self.releases = self.undone.pop()

    def save_and_reload(self, release):
        """What was stored is what is edited from now on; that it is right is checked first."""
        self.releases[self.releases.index(release)] = reloaded(check(release))


ACTIONS = [
    Desk.insert_note, Desk.insert_note, Desk.insert_empty_note, Desk.insert_words, Desk.cite_again,
    Desk.delete_citation, Desk.delete_note, Desk.delete_paragraph, Desk.delete_paragraph_and_its_notes,
    Desk.cut, Desk.copy, Desk.paste, Desk.paste, Desk.paste_with_notes, Desk.paste_with_notes, Desk.duplicate,
    Desk.reorder, Desk.reorder_notes, Desk.drop_list, Desk.double_list, Desk.move_list, Desk.scramble_numbers,
    Desk.rewrite_note, Desk.undo, Desk.redo, Desk.save_and_reload, Desk.save_and_reload,
]  # fmt: skip


def expected(release):
    """What must be stored, from the model: the citations that stay, their notes, the notes that nobody cites."""
    first, others = {}, []
    for key, words in release.notes:
        if not first.get(key):
            first[key] = words
        elif words and words != first[key] and (key, words) not in others:
            others.append((key, words))
    citations = [citation.key for citation in release.cited() if citation.key in first]
    order = list(dict.fromkeys(citations))
    loose = [words for key, words in first.items() if key not in order and words]
    loose += [words for _, words in others]
    return citations, [(key, first[key]) for key in order], sorted(loose)


def check(release):
    """Clean what the model says, and compare with what the oracle says. Returns what is stored."""
    raw = release.html()
    cleaned = clean(raw)
    citations, cited, uncited = expected(release)
    found = CITATION.findall(cleaned.html)
    assert [key for key, *_ in found] == citations, raw
    assert cleaned.html.count("<sup") == len(citations), raw
    numbers = {key: number for number, (key, _) in enumerate(cited, 1)}
    times = {}
    for key, place, nth, number in found:
        times[key] = times.get(key, 0) + 1
        assert place == key, raw
        assert int(nth or 1) == times[key], raw
        assert int(number) == numbers[key], raw
    notes = NOTE.findall(cleaned.html)
    assert notes[: len(cited)] == cited, raw
    assert sorted(words for _, words in notes[len(cited) :]) == uncited, raw
    assert len({key for key, _ in notes}) == len(notes), raw
    assert cleaned.html.count("<ol") == (1 if notes else 0), raw
    assert not notes or cleaned.html.endswith("</li></ol>"), raw
    codes = [problem.code for problem in cleaned.problems]
    assert codes.count("uncited-note") == len(uncited), raw
    assert codes.count("dangling-citation") == len(release.cited()) - len(citations), raw
    assert re.findall(r"w\d+", cleaned.html) == re.findall(r"w\d+", raw), raw
    assert clean(cleaned.html).html == cleaned.html, raw
    return cleaned.html


def reloaded(html):
    """The model of what is stored."""
    body, _, tail = html.partition('<ol class="footnotes">')
    text = Text(notes=NOTE.findall(tail))
    wraps = "|".join(re.escape(wrap).replace(r"\{\}", "(.*?)") for wrap in reversed(WRAPS))
    for match in re.finditer(wraps, body):
        inner = next(group for group in match.groups() if group is not None)
        wrap = WRAPS[::-1][next(i for i, group in enumerate(match.groups()) if group is not None)]
        pieces, at = [], 0
        for mark in CITATION.finditer(inner):
            pieces += [inner[at : mark.start()]] if mark.start() > at else []
            pieces.append(Cite(mark[1], int(mark[4]), int(mark[3] or 1)))
            at = mark.end()
        pieces += [inner[at:]] if at < len(inner) else []
        text.paragraphs.append((wrap, pieces))
    assert text.html() == html
    return text


@pytest.mark.parametrize("batch", range(BATCHES))
def test_no_history_of_editing_loses_leaves_doubles_or_misnumbers_a_note(batch):
    for seed in range(batch * SEQUENCES // BATCHES, (batch + 1) * SEQUENCES // BATCHES):
        desk = Desk(seed)
        for _ in range(STEPS):
            desk.step()
        for release in desk.releases:
            check(release)
