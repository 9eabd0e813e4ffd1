"""A seeded run of random edits in a real browser: no note is ever lost, dangling, doubled or misnumbered."""

import random
import re
from collections import Counter

import pytest

from releases.text.clean import clean
from tests.browser.editor.conftest import FIXTURES, Desk
from tests.browser.editor.test_edges import BODY
from tests.depth import times

pytestmark = pytest.mark.browser

STEPS = times("STEPS", 50, 500)
_POINT = """(() => { const spots = []; e.state.doc.descendants((n, p) => { if (n.isTextblock) for (let i = 0; i <= n.content.size; i++) spots.push(p + 1 + i) });
  const at = f => spots[Math.min(spots.length - 1, Math.floor(f * spots.length))];
  e.view.focus(); e.commands.setTextSelection(v.length > 1 ? {from: Math.min(at(v[0]), at(v[1])), to: Math.max(at(v[0]), at(v[1]))} : at(v[0])) })()"""


class Chance:
    """Does something at random, by keyboard, and remembers what, so that a failure can be read."""

    def __init__(self, seed: int, desk: Desk) -> None:
        self.random = random.Random(seed)
        self.desk = desk
        self.done: list[str] = []
        self.words = 0

    def caret(self) -> None:
        self.desk.run(_POINT, self.random.random())
        self.desk.settle()

    def select(self) -> None:
        start = self.random.random()
        width = self.random.choice((0.02, 0.1, 0.4))
        self.desk.run(_POINT, start, min(1, start + width))
        self.desk.settle()

    def word(self) -> str:
        self.words += 1
        return f"w{self.words} "

    # ------------------------------------------------------------------ deeds

    def insert_note(self) -> None:
        self.caret()
        self.desk.key("Control+Alt+f")
        self.desk.type(self.word())

    def type_a_word(self) -> None:
        self.caret()
        self.desk.type(self.word())

    def type_over(self) -> None:
        self.select()
        self.desk.type(self.word())

    def delete(self) -> None:
        self.select()
        self.desk.key(self.random.choice(("Backspace", "Delete")))

    def delete_a_letter(self) -> None:
        self.caret()
        self.desk.key(*[self.random.choice(("Backspace", "Delete"))] * 3)

    def cut(self) -> None:
        self.select()
        self.desk.key("Control+x")

    def copy(self) -> None:
        self.select()
        self.desk.key("Control+c")

    def paste(self) -> None:
        self.random.choice((self.caret, self.select))()
        self.desk.key("Control+v")

    def paste_from_elsewhere(self) -> None:
        self.caret()
        name = self.random.choice(
            ("pandoc", "single", "wikipedia-short", "word-lists", "google-docs", "own-page")
        )
        self.desk.paste((FIXTURES / f"{name}.html").read_text(encoding="utf-8"))

    def break_a_line(self) -> None:
        self.caret()
        self.desk.key("Enter")

    def format(self) -> None:
        self.select()
        self.desk.key(
            self.random.choice(
                ("Control+b", "Control+i", "Control+Alt+2", "Control+Shift+8", "Control+Shift+b")
            )
        )

    def undo(self) -> None:
        self.desk.key(*["Control+z"] * self.random.randint(1, 4))

    def redo(self) -> None:
        self.desk.key(*["Control+Shift+z"] * self.random.randint(1, 3))

    def save(self) -> None:
        before = self.desk.value
        self.desk.save()
        assert self.desk.value == before

    def reload(self) -> None:
        """Leave without saving and come back: what was saved is there."""
        self.desk.open()

    def move_over_edges(self) -> None:
        self.caret()
        self.desk.key("Home", "Backspace", "End", "Delete")

    def step(self) -> None:
        deeds = (
            *(self.insert_note, self.type_over, self.delete, self.paste) * 3,
            *(self.cut, self.copy, self.undo, self.delete_a_letter) * 2,
            self.redo, self.type_a_word, self.break_a_line, self.format, self.save, self.reload,
            self.paste_from_elsewhere, self.move_over_edges,
        )  # fmt: skip
        deed = self.random.choice(deeds)
        self.done.append(deed.__name__)
        deed()
        self.desk.settle()
        self.check()

    def check(self) -> None:
        value = self.desk.value
        trail = f"{' '.join(self.done)}\n{value}"
        assert value == self.desk.html, trail
        cited = re.findall(r'href="#fn-(\w+)" id="([\w-]+)">(\d+)<', value)
        notes = re.findall(r'<li id="fn-(\w+)">', value)
        order = list(dict.fromkeys(key for key, _, _ in cited))
        assert notes == order, f"lost, dangling, doubled or out of order: {trail}"
        assert all(int(number) == order.index(key) + 1 for key, _, number in cited), f"misnumbered: {trail}"
        assert not [i for i, n in Counter(i for _, i, _ in cited).items() if n > 1], f"doubled ids: {trail}"
        cleaned = clean(value)
        assert cleaned.html == value, trail
        assert not cleaned.problems, trail


@pytest.mark.parametrize("seed", [1, 2, 20])
def test_random_edits_keep_citations_and_notes_one_set(desks, seed: int):
    chance = Chance(seed, desks("random", BODY))
    for _ in range(STEPS):
        chance.step()
