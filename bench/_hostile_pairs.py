"""Pairs of bodies, up to a megabyte each, on which comparisons are known to take for ever."""

import random
from collections.abc import Iterator
from itertools import pairwise

MEGABYTE = 1_000_000


def hostile_pairs(size: int = MEGABYTE) -> Iterator[tuple[str, str, str]]:
    """Twenty of them: a name and both sides."""
    chance = random.Random(18)
    words = [f"word{n}" for n in range(2_000)]

    def text(many: int, of: list[str]) -> str:
        return " ".join(chance.choices(of, k=many))

    row = "<tr><td><p>Same</p></td><td><p>row</p></td><td><p>again</p></td></tr>"
    rows = size // len(row)
    table = "<table><tbody>{}</tbody></table>".format
    yield "equal rows, some fewer", table(row * rows), table(row * (rows - 300))
    yield (
        "equal rows, one in ten changed",
        table(row * rows),
        table((row * 9 + row.replace("again", "anew")) * (rows // 10)),
    )
    other = row.replace("row", "line")
    mixed = ["".join(chance.choices([row, other], k=rows)) for _ in range(2)]
    yield "two rows in random order", table(mixed[0]), table(mixed[1])
    numbered = [row.replace("Same", f"{n}") for n in range(rows)]
    yield "numbered rows turned round", table("".join(numbered)), table("".join(numbered[::-1]))
    yield (
        "numbered rows, every cell changed",
        table("".join(numbered)),
        table("".join(numbered).replace("row", "line").replace("again", "anew")),
    )
    wide = "<td><p>a</p></td>"
    yield (
        "one row of many cells",
        table(f"<tr>{wide * (size // len(wide))}</tr>"),
        table(f"<tr>{wide * (size // len(wide) - 77)}<td><p>b</p></td></tr>"),
    )
    yield "one letter", f"<p>{'a ' * (size // 2)}</p>", f"<p>{'a ' * (size // 2 - 999)}b</p>"
    two = [f"<p>{text(size // 2, ['a', 'b'])}</p>" for _ in range(2)]
    yield "two letters at random in one paragraph", two[0], two[1]
    blocks = ["".join(f"<p>{one}</p>" for one in chance.choices("ab", k=size // 8)) for _ in range(2)]
    yield "two paragraphs at random", blocks[0], blocks[1]
    long = [f"<p>{text(size // 8, words)}</p>" for _ in range(2)]
    yield "other words in one paragraph", long[0], long[1]
    some = [f"word{n} " for n in range(size // 12)]
    yield "all words turned round", f"<p>{''.join(some)}</p>", f"<p>{''.join(some[::-1])}</p>"
    shuffled = some.copy()
    chance.shuffle(shuffled)
    yield "all words shuffled", f"<p>{''.join(some)}</p>", f"<p>{''.join(shuffled)}</p>"
    yield (
        "every second word changed",
        f"<p>{''.join(some)}</p>",
        f"<p>{''.join(w if n % 2 else 'x ' for n, w in enumerate(some))}</p>",
    )
    nested = size // 14
    peeled = [f"t{n} " for n in range(nested)]
    yield (
        "anchors one inside the other",
        "<p>" + "".join(a + b for a, b in pairwise(peeled)) + "</p>",
        "<p>" + "".join(b + a for a, b in pairwise(peeled)) + "</p>",
    )
    yield (
        "citations left open",
        '<sup class="footnote-ref">' * (size // 26),
        '<sup class="footnote-ref"><a href="#fn-a" ' * (size // 45),
    )
    yield "tags left open", "<" * size, "<a " * (size // 3)
    yield "entities left open", "&" * size, "&a" * (size // 2)
    note = '<li id="fn-{}"><p>Source {}.</p></li>'
    notes = [[note.format(f"k{n:06}", n + more) for n in range(size // 45)] for more in (0, 1)]
    yield (
        "many notes, all changed",
        f'<p>x</p><ol class="footnotes">{"".join(notes[0])}</ol>',
        f'<p>x</p><ol class="footnotes">{"".join(notes[1][::-1])}</ol>',
    )
    yield (
        "notes left open",
        '<ol class="footnotes">' + '<li id="fn-a" ' * (size // 14) + "</ol>",
        '<ol class="footnotes">' + '<li id="fn-b" ' * (size // 14) + "</ol>",
    )
    chinese = ["".join(chance.choices("水土风火山石田人口手目耳心日月木", k=size // 3)) for _ in range(2)]
    yield "Chinese without a stop", f"<p>{chinese[0]}</p>", f"<p>{chinese[1]}</p>"
