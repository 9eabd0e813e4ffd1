"""Pages made by chance: texts with notes in every shape, and with everything that a way in leaves out; the same for each seed."""

import random
from collections import Counter
from dataclasses import dataclass, field

# No word of these is a label, a way back or a heading of notes.
WORDS = [
    "river",
    "bridge",
    "valley",
    "herder",
    "school",
    "winter",
    "market",
    "letter",
    "council",
    "harvest",
    "garden",
    "window",
    "doctor",
    "teacher",
    "morning",
    "水坝",
    "调查",
    "牧民",
    "学校",
    "ཆུ་བོ",
    "ཟམ་པ",
    "སློབ་གྲྭ",
    "دەريا",
    "كۆۋرۈك",
    "مەكتەپ",
    "نهر",
    "جسر",
    "مدرسة",
    "civil",
    "mix",
    "vivid",
]
ENDS = (
    "Article 119.",
    "Order 325",
    "Ibid. 112",
    "Genesis 300:316",
    "Civil",
    "p. 110",
    "A. Varn, 2019.",
    "12 wells",
    "12 May 2011.",
)
UNSEEN = {
    "del": "<del>{}</del>", "s": "<s>{}</s>", "strike": "<strike>{}</strike>", "hidden": '<span style="display:none">{}</span>',
    "attribute": "<span hidden>{}</span>", "iframe": '<iframe src="https://film.example/">{}</iframe>', "video": "<video>{}</video>",
    "button": "<button>{}</button>", "select": "<select><option>{}</option></select>", "textarea": "<textarea>{}</textarea>",
    "script": "<script>{}</script>", "style": "<style>{}</style>", "svg": "<svg><text>{}</text></svg>", "nav": "<nav>{}</nav>",
    "object": "<object>{}</object>", "noscript": "<noscript>{}</noscript>", "audio": "<audio>{}</audio>", "canvas": "<canvas>{}</canvas>",
    "img": '<img src="a.png" alt="A crowd">', "input": '<input value="x">',
}  # fmt: skip
SERIES = {
    "arabic": lambda n: str(n), "indic": lambda n: "".join(chr(0x660 + int(d)) for d in str(n)),
    "persian": lambda n: "".join(chr(0x6F0 + int(d)) for d in str(n)), "wide": lambda n: "".join(chr(0xFF10 + int(d)) for d in str(n)),
    "circled": lambda n: chr(0x2460 + n - 1), "roman": lambda n: ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")[n - 1],
    "letters": lambda n: "abcdefghij"[n - 1], "stars": lambda n: ("*", "†", "‡", "§", "**", "††", "‡‡", "§§", "***", "†††")[n - 1],
    "tibetan": lambda n: "".join(chr(0xF20 + int(d)) for d in str(n)),
}  # fmt: skip
BACKS = (
    "↩",
    "↩︎",
    "^",
    "↑",
    "Back to text",
    "Return to text",
    "返回正文",
    "العودة إلى النص",
    "ཕྱིར་ལོག",
    "قايتىش",
    "[↑]",
    "⤴",
)


@dataclass
class Made:
    """A page: what was written, and the notes that it must come to (None: nothing is asked of them)."""

    seed: int
    html: str
    notes: list[str] | None = None
    shape: str = ""
    numbers: set[str] = field(default_factory=set)


class Maker:
    """Makes one page from one seed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.seed = seed
        self.numbers: set[str] = set()

    def page(self) -> Made:
        """A whole page."""
        count = self.chance.choice((0, 1, 2, 3, 5))
        notes = [
            self.chance.choice((f"Source {n}.", f"Note {n}", self.note(), self.note(), self.note()))
            for n in range(1, count + 1)
        ]
        shape = ""
        marks: list[str] = []
        below = ""
        if notes:
            shape, marks, below = self.shape(notes)
        blocks = [self.block() for _ in range(self.chance.randint(1, 4))]
        for mark in marks:
            # Each on a line of its own, so that the words around it are known.
            blocks.append(f"<p>{self.words()} {self.number()}{mark} {self.words()}.</p>")
        if self.chance.random() < 0.3:
            blocks.insert(self.chance.randint(0, len(blocks)), self.unseen())
        if self.chance.random() < 0.2 and not notes:
            blocks.append(self.stray())
        return Made(self.seed, "".join(blocks) + below, notes or None, shape, self.numbers)

    # ------------------------------------------------------------------ words

    def words(self, most: int = 6) -> str:
        return " ".join(self.chance.choice(WORDS) for _ in range(self.chance.randint(1, most)))

    def number(self) -> str:
        number = str(self.chance.randint(1000, 9999))
        self.numbers.add(number)
        return number

    def note(self) -> str:
        if self.chance.random() < 0.3:
            return self.chance.choice(ENDS)
        return f"{self.words().capitalize()}."

    def inline(self) -> str:
        words = self.words()
        return self.chance.choice((
            "{}", "<b>{}</b>", "<em>{}</em>", "<span>{}</span>", '<a href="https://town.example/a">{}</a>', "<u>{}</u>", "<small>{}</small>",
            "<q>{}</q>", "<ins>{}</ins>", "<code>{}</code>", "<mark>{}</mark>", '<a href="#nowhere">{}</a>', "<font color=red>{}</font>",
        )).format(words)  # fmt: skip

    # ------------------------------------------------------------------ blocks

    def block(self) -> str:
        line = f"{self.inline()} {self.words()} {self.number()}."
        return self.chance.choice((
            f"<p>{line}</p>", f"<p>{line}<br>{self.words()}</p>", f"<h2>{self.words()}</h2><p>{line}</p>", f"<div>{line}</div>",
            f"<ul><li>{self.words()}</li><li>{line}</li></ul>", f"<ol start=4><li>{line}<ul><li>{self.words()}</li></ul></li></ol>",
            f"<blockquote><p>{line}</p></blockquote>", f"<table><tr><th>{self.words()}</th><td>{line}</td></tr></table>",
            f"<dl><dt>{self.words()}</dt><dd>{line}</dd></dl>", f"<section><p>{line}</p><hr></section>", line,
            f"<p>{line} 30 m<sup>2</sup></p>", f"<pre>{self.words()}\n{self.words()}</pre>", f"<figure><figcaption>{line}</figcaption></figure>",
            f"<details><summary>{self.words()}</summary>{line}</details>",
        ))  # fmt: skip

    def unseen(self) -> str:
        kind = self.chance.choice(sorted(UNSEEN))
        return f"<p>{self.words()} {UNSEEN[kind].format(self.words())} {self.words()}.</p>"

    def stray(self) -> str:
        mark = self.chance.choice((
            '<a href="#gone">4</a>', "<sup>4</sup>", "[4]", '<a href="#gone"><sup>4</sup></a>', "<small>4</small>", '<span style="vertical-align:super">4</span>',
            '<a epub:type="noteref" href="notes.xhtml#n4">4</a>', '<span class="footnote-ref">4</span>',
        ))  # fmt: skip
        return f"<p>{self.words()} {self.number()}{mark} {self.words()}</p>"

    # ------------------------------------------------------------------ notes

    def shape(self, notes: list[str]) -> tuple[str, list[str], str]:
        """The name of a shape, the marks, and what stands below the text."""
        name = self.chance.choice(
            ("both", "both", "both", "raised", "bracketed", "known", "beside", "chapters")
        )
        return getattr(self, f"_{name}")(notes)

    def _both(self, notes: list[str]) -> tuple[str, list[str], str]:
        series = self.chance.choice(sorted(SERIES))
        label = SERIES[series]
        name = self.chance.choice(("n{}", "_ftn{}", "fn:{}", "note-{}", "cite_note-{}", "x{}"))
        frame = self.chance.choice(("{}", "[{}]", "({})", "［{}］")) if series != "circled" else "{}"
        raised = self.chance.random() < 0.6 or frame == "{}"
        marks = []
        for n in range(1, len(notes) + 1):
            link = f'<a id="r{n}" href="#{name.format(n)}">{frame.format(label(n))}</a>'
            marks.append(f"<sup>{link}</sup>" if raised else link)
        form = self.chance.choice(("list", "paragraphs", "breaks", "terms", "rows", "boxes"))
        back = self.chance.choice(BACKS)
        return (
            f"both {series} {frame} {form} {back}",
            marks,
            self._entries(notes, form, name, label, frame, back),
        )

    def _entries(self, notes, form, name, label, frame, back) -> str:
        lines = []
        for n, words in enumerate(notes, 1):
            place = name.format(n)
            printed = frame.format(label(n))
            numbered = f'<a id="{place}" href="#r{n}">{printed}</a> {words}'
            lines.append({
                "list": f'<li id="{place}">{words} <a href="#r{n}">{back}</a></li>',
                "paragraphs": f'<p id="{place}">{printed} {words} <a href="#r{n}">{back}</a></p>',
                "breaks": numbered,
                "terms": f'<dt id="{place}"><a href="#r{n}">{printed}</a></dt><dd>{words}</dd>',
                "rows": f'<tr><td><a id="{place}" href="#r{n}">{printed}</a></td><td>{words}</td></tr>',
                "boxes": f'<div id="{place}"><p><a href="#r{n}">{back}</a> {words}</p></div>',
            }[form])  # fmt: skip
        joined = "<br>".join(lines) if form == "breaks" else "".join(lines)
        return {
            "list": "<ol>{}</ol>", "paragraphs": "<hr>{}", "breaks": "<p>{}</p>", "terms": "<dl>{}</dl>", "rows": "<table>{}</table>",
            "boxes": "<div>{}</div>",
        }[form].format(joined)  # fmt: skip

    def _raised(self, notes: list[str]) -> tuple[str, list[str], str]:
        marks = [f"<sup>{n}</sup>" for n in range(1, len(notes) + 1)]
        if self.chance.random() < 0.5:
            below = "".join(f"<p><sup>{n}</sup> {words}</p>" for n, words in enumerate(notes, 1))
            return "raised, raised below", marks, below
        head = self.chance.choice(
            ("<h2>Notes</h2>", "<p>Sources:</p>", "<h3>注释</h3>", "<p><b>Footnotes</b></p>")
        )
        return (
            "raised, headed",
            marks,
            head + "".join(f"<p>{n}. {words}</p>" for n, words in enumerate(notes, 1)),
        )

    def _bracketed(self, notes: list[str]) -> tuple[str, list[str], str]:
        marks = [f"[{n}]" for n in range(1, len(notes) + 1)]
        return "bracketed", marks, "".join(f"<p>[{n}] {words}</p>" for n, words in enumerate(notes, 1))

    def _known(self, notes: list[str]) -> tuple[str, list[str], str]:
        marks = [
            f'<sup id="fnref:{n}" role="doc-noteref"><a href="#fn:{n}" rel="footnote">[footnote {n}]</a></sup>'
            for n in range(1, len(notes) + 1)
        ]
        items = "".join(
            f'<li id="fn:{n}" role="doc-endnote"><p>{words} <a href="#fnref:{n}" role="doc-backlink">↩</a></p></li>'
            for n, words in enumerate(notes, 1)
        )
        return "known", marks, f'<div class="footnotes" role="doc-endnotes"><ol>{items}</ol></div>'

    def _beside(self, notes: list[str]) -> tuple[str, list[str], str]:
        form = self.chance.choice((
            '<label for="sn" class="margin-toggle sidenote-number"></label><input type="checkbox" class="margin-toggle"><span class="sidenote">{words}</span>',
            '<sup>{n}</sup><span class="marginnote">{words}</span>', '<span class="tooltip">{n}<span class="tooltiptext">{words}</span></span>',
        ))  # fmt: skip
        return "beside", [form.format(n=n, words=words) for n, words in enumerate(notes, 1)], ""

    def _chapters(self, notes: list[str]) -> tuple[str, list[str], str]:
        """Each note at the end of its own chapter, numbered from 1 again."""
        lines = [
            f"<h2>{self.words()}</h2><p>{self.words()} {self.number()}<sup>1</sup>.</p><h3>Notes</h3><p>1. {words}</p>"
            for words in notes
        ]
        return "chapters", [], "".join(lines)


def letters(text: str) -> Counter[str]:
    """How often each letter and digit stands in a text."""
    return Counter(one for one in text if one.isalnum())
