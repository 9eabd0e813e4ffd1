"""Random bodies with notes, and random edits of them."""

import random
import re

WORDS = [
    "on",
    "May",
    "30",
    "the",
    "court",
    "heard",
    "nine",
    "witnesses;",
    "他说",
    "གསར",
    "ئۇ",
    "it",
    "adjourned,",
    "again:",
    "“twice”",
    "&",
    "<never>",
    "304",
    "9.5",
]


def random_words(chance: random.Random) -> str:
    words = " ".join(chance.choice(WORDS) for _ in range(chance.randint(1, 12)))
    words = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    form = chance.choice(["", "", "strong", "em"])
    return f"<{form}>{words}</{form}>" if form else words


def random_body(chance: random.Random) -> str:
    keys = [f"{chance.choice('abcdefgh')}{number:04d}" for number in range(chance.randint(0, 6))]
    blocks = []
    for _ in range(chance.randint(1, 8)):
        words = random_words(chance)
        for key in chance.sample(keys, min(len(keys), chance.randint(0, 2))):
            words += f'<sup class="footnote-ref"><a href="#fn-{key}" id="fnref-{key}">1</a></sup> {random_words(chance)}'
        blocks.append(
            chance.choice(["<p>{}</p>", "<h2>{}</h2>", "<ul><li><p>{}</p></li></ul>"]).format(words)
        )
    notes = "".join(f'<li id="fn-{key}"><p>{random_words(chance)}</p></li>' for key in keys)
    return "".join(blocks) + (f'<ol class="footnotes">{notes}</ol>' if notes else "")


def random_edit(chance: random.Random, body: str) -> str:
    """Words changed, added and taken away, paragraphs and notes moved, edited, dropped, cited again; uncleaned."""
    for _ in range(chance.randint(1, 6)):
        body = chance.choice((_word, _paragraph, *NOTE_EDITS.values()))(chance, body)
    return body


def _word(chance: random.Random, body: str) -> str:
    if chance.random() < 0.5:
        return body.replace(chance.choice(WORDS[:8]), chance.choice(WORDS[:8]), 1)
    text, notes = _parts(body)
    return _put(chance, text, f" {chance.choice(WORDS[:8])} ") + notes


def _paragraph(chance: random.Random, body: str) -> str:
    text, notes = _parts(body)
    blocks = re.findall(r"<(?:p|h2)>.*?</(?:p|h2)>", text)
    block = chance.choice(blocks) if blocks else ""
    kind = chance.choice(("new", "gone", "moved"))
    if kind == "new" or not block:
        return f"<p>{random_words(chance)}</p>{body}"
    text = text.replace(block, "", 1)
    return (block + text if kind == "moved" else text) + notes


def add_note(chance: random.Random, body: str) -> str:
    """A new note, cited somewhere."""
    text, notes = _parts(body)
    key = f"n{chance.randrange(10**8):08d}"
    item = f'<li id="fn-{key}"><p>{random_words(chance)}</p></li>'
    notes = notes.replace("</ol>", f"{item}</ol>") if notes else f'<ol class="footnotes">{item}</ol>'
    return _put(chance, text, _citation(key)) + notes


def edit_note(chance: random.Random, body: str) -> str:
    """Other words in a note."""
    text, notes = _parts(body)
    items = _items(notes)
    if not items:
        return body
    item = chance.choice(items)
    words = chance.choice((f"<p>{random_words(chance)}</p></li>", f" {chance.choice(WORDS[:8])}</p></li>"))
    new = re.sub(r"(<p>.*)?</p></li>$", lambda _: words, item) if words[0] == "<" else item[:-9] + words
    return text + notes.replace(item, new, 1)


def delete_note(chance: random.Random, body: str) -> str:
    """A note goes, with its citations, or leaving them behind; or only the citations go."""
    text, notes = _parts(body)
    items = _items(notes)
    if not items:
        return body
    item = chance.choice(items)
    kind = chance.choice(("both", "both", "note", "citations"))
    if kind != "note":
        text = re.sub(CITATION.format(_key(item)), "", text)
    if kind != "citations":
        notes = notes.replace(item, "", 1).replace('<ol class="footnotes"></ol>', "")
    return text + notes


def cite_again(chance: random.Random, body: str) -> str:
    """One more citation of a note."""
    text, notes = _parts(body)
    items = _items(notes)
    return _put(chance, text, _citation(_key(chance.choice(items)))) + notes if items else body


def move_note(chance: random.Random, body: str) -> str:
    """A note's citations stand elsewhere, so that its number may change."""
    text, notes = _parts(body)
    items = _items(notes)
    if not items:
        return body
    key = _key(chance.choice(items))
    return _put(chance, re.sub(CITATION.format(key), "", text), _citation(key)) + notes


NOTE_EDITS = {
    "added": add_note,
    "edited": edit_note,
    "deleted": delete_note,
    "again": cite_again,
    "moved": move_note,
}
CITATION = r'<sup class="footnote-ref"><a href="#fn-{}"[^>]*>[0-9]*</a></sup>'


def _parts(body: str) -> tuple[str, str]:
    text, mark, notes = body.partition('<ol class="footnotes">')
    return text, mark + notes


def _items(notes: str) -> list[str]:
    return re.findall(r'<li id="fn-.*?</li>', notes)


def _key(item: str) -> str:
    return re.match(r'<li id="fn-([a-z0-9]+)"', item)[1]


def _citation(key: str) -> str:
    return f'<sup class="footnote-ref"><a href="#fn-{key}">1</a></sup>'


def _put(chance: random.Random, text: str, what: str) -> str:
    """`what` at a space between words, or in a paragraph of its own where there is none."""
    pieces = re.split(r'(<sup class="footnote-ref">.*?</sup>|<[^>]*>)', text)
    places = [n for n, piece in enumerate(pieces) if piece[:1] != "<" and " " in piece]
    if not places:
        return f"{text}<p>More{what}.</p>"
    place = chance.choice(places)
    before, _, after = pieces[place].partition(" ")
    pieces[place] = f"{before}{what} {after}"
    return "".join(pieces)
