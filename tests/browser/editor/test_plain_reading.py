"""What plain text is read as: its lines, lists and notes; many texts in one page."""

import html
import random
import re
from typing import Any

import pytest

from releases.text.glued import glued_marks
from tests.browser.editor.conftest import Desk
from tests.browser.editor.plain_cases import LINES, NOTES
from tests.depth import times

TEXTS = times("TEXTS", 200, 3000)

pytestmark = pytest.mark.browser


def read(desk: Desk, texts: list[str], **options: bool) -> list[dict[str, Any]]:
    """What each text is read as, asked in one page."""
    found: list[dict[str, Any]] = desk.page.evaluate(
        """async ([texts, options]) => { const { readPlain } = await import('/static/js/editor/plain/read.js');
        return texts.map((text) => readPlain(text, options)) }""",
        [texts, options],
    )
    return found


MARK = re.compile(r'<sup class="footnote-ref" data-footnote="([^"]*)"><a href="#fn-(\w+)">0</a></sup>')


def shape(read_html: str) -> tuple[str, list[str]]:
    """The text as `plain_cases` writes it, and its notes."""
    keys: list[str] = []
    notes: list[str] = []

    def mark(match: re.Match[str]) -> str:
        if match[2] not in keys:
            keys.append(match[2])
            paragraphs = re.findall(r"<p>(.*?)</p>", html.unescape(match[1]).replace('\\"', '"'))
            notes.append(" / ".join(html.unescape(re.sub("<[^>]*>", "", words)) for words in paragraphs))
        return f"{{{keys.index(match[2]) + 1}}}"

    lines, depth = [], 0
    for tag, words in re.findall(r"<(/?ul)>|<p>(.*?)</p>", MARK.sub(mark, read_html)):
        if tag:
            depth += 1 if tag == "ul" else -1
        else:
            plain = html.unescape(re.sub("<[^>]*>", "", words.replace("<br>", " / ")))
            lines.append(f"{'•' * depth} {plain}".lstrip())
    return "\n".join(lines), notes


def test_lines_that_a_program_broke_are_one_paragraph_and_others_stay(shared_desk: Desk):
    answers = read(shared_desk, [text for text, _ in LINES.values()])
    for (name, (_, lines)), answer in zip(LINES.items(), answers, strict=True):
        assert shape(answer["html"]) == (lines, []), name


def test_a_list_that_counts_makes_notes_where_all_its_numbers_stand_in_the_text(shared_desk: Desk):
    answers = read(shared_desk, [text for text, _, _ in NOTES.values()])
    for (name, (_, lines, notes)), answer in zip(NOTES.items(), answers, strict=True):
        assert shape(answer["html"]) == (lines, notes), name


WORDS = {
    "en": [
        "the",
        "dams",
        "were",
        "raised",
        "in",
        "spring",
        "by",
        "authorities",
        "who",
        "asked",
        "nobody",
        "below",
        "them",
        "and",
        "never",
        "said",
        "why",
    ],
    "de": [
        "die",
        "Dämme",
        "wurden",
        "im",
        "Frühling",
        "gebaut",
        "ohne",
        "dass",
        "jemand",
        "im",
        "Tal",
        "gefragt",
        "worden",
        "wäre",
    ],
    "ar": [
        "بنيت",
        "السدود",
        "في",
        "الربيع",
        "ولم",
        "يسأل",
        "أحد",
        "من",
        "سكان",
        "الوادي",
        "عن",
        "رأيه",
        "في",
        "ذلك",
    ],
    "zh": list("春天建成了三座水坝住在下游的人没有被问过会议记录也从未公布"),
    "bo": ["ཆུ་", "རགས་", "གསུམ་", "བརྒྱབ་", "པ་", "རེད་", "སུས་", "ཀྱང་", "དྲིས་", "མེད་"],
}
LABELS = ["{}. ", "{}) ", "[{}] ", "{} "]


def generated(dice: random.Random) -> tuple[str, str, list[str]]:
    """A text with notes in some shape and language, broken at a width; the same text with {n}, and its notes."""
    language = dice.choice(list(WORDS))
    gap = "" if language in ("zh", "bo") else " "
    stop = {"zh": "。", "bo": "། "}.get(language, ".")
    count = dice.randint(2, 12)
    bracket = dice.random() < 0.3
    label = "[{}] " if bracket else dice.choice([one for one in LABELS if one[0] != "["])
    caret = dice.choice(["", " ^", " ↩"])

    def sentence() -> list[str]:
        return [dice.choice(WORDS[language]) for _ in range(dice.randint(8, 25))]

    pieces, wanted = [], []
    number = 1
    while number <= count:
        words = sentence()
        mark = f"[{number}]" if bracket else str(number)
        if dice.random() < 0.8:
            pieces.append(gap.join(words) + stop.rstrip() + mark)
            wanted.append(gap.join(words) + stop.rstrip() + f"{{{number}}}")
            number += 1
        else:
            pieces.append(gap.join(words) + stop.rstrip())
            wanted.append(pieces[-1])
    notes = [gap.join(sentence()) + stop.rstrip() for _ in range(count)]
    head = dice.choice(["", "Notes\n", "注释\n\n"]) if caret or count > 1 else "Notes\n"
    apart = dice.choice(["\n", "\n\n"])
    end = apart.join(label.format(n) + note + caret for n, note in enumerate(notes, 1))
    return "\n\n".join(pieces) + "\n\n" + head + end, "\n".join(wanted), notes


def test_notes_of_generated_texts_come_whole_in_every_script(shared_desk: Desk):
    dice = random.Random(13)
    texts = [generated(dice) for _ in range(TEXTS)]
    for (text, lines, notes), answer in zip(
        texts, read(shared_desk, [text for text, _, _ in texts]), strict=True
    ):
        assert shape(answer["html"]) == (lines, notes), text


def wrapped(words: list[str], width: int, gap: str) -> str:
    lines, line = [], ""
    for word in words:
        wide = sum(2 if "\u4e00" <= sign <= "\u9fff" else 1 for sign in line + gap + word)
        if line and wide > width:
            lines.append(line)
            line = word
        else:
            line = f"{line}{gap}{word}" if line else word
    return "\n".join([*lines, line])


def test_what_was_broken_at_any_width_is_joined_in_every_script(shared_desk: Desk):
    dice = random.Random(9)
    texts, wanted = [], []
    for _ in range(TEXTS):
        language = dice.choice(list(WORDS))
        gap = "" if language in ("zh", "bo") else " "
        width = dice.randint(44, 110)
        paragraphs = [[dice.choice(WORDS[language]) for _ in range(dice.randint(60, 120))] for _ in range(2)]
        texts.append("\n\n".join(wrapped(words, width, gap) for words in paragraphs))
        wanted.append("\n".join(gap.join(words) for words in paragraphs))
    for text, lines, answer in zip(texts, wanted, read(shared_desk, texts), strict=True):
        assert shape(answer["html"])[0] == lines, text


def test_no_letter_is_lost_whatever_is_read(shared_desk: Desk):
    dice = random.Random(14)
    bits = [
        "\n",
        "\n\n",
        "- ",
        "• ",
        "1. ",
        "2. ",
        "[1] ",
        "[^1]",
        "[^1]: ",
        "^ ",
        "May 304 ",
        "Asia,2 ",
        "word1 ",
        "(b) ",
        "über-\n",
        "¹",
        "①",
        "    ",
    ]
    texts = [
        "".join(
            dice.choice([*bits, *(f"{word} " for words in WORDS.values() for word in words)])
            for _ in range(dice.randint(5, 120))
        )
        for _ in range(300)
    ]

    def signs(text: str, *, figures: bool) -> str:
        return "".join(sorted(sign for sign in text if sign.isalpha() or (figures and sign.isdecimal())))

    for text, answer in zip(texts, read(shared_desk, texts), strict=True):
        lines, notes = shape(answer["html"])
        # Figures go where they were the numbers of notes.
        figures = not notes
        assert signs(lines + "".join(notes), figures=figures) == signs(text, figures=figures), text


def test_both_languages_say_which_numbers_are_glued(shared_desk: Desk):
    texts = [text for text, _, _ in NOTES.values()]
    texts += [
        "In km2, 5 m2, H2O, G20, iPhone4, COVID19, May 2011, May 31, May 32, Jan. 152, on 30 May4 and in 20114.",
        "U.S.3 and v.2, 9:30, 5'3, (b)2 a/RES/Rev.1, x_y1, name@a.example1, $5.2 Such, 40%3, 12,2 and May 12,2.",
        "第3条、第4。见5。恐怖主义6、6月15日，٣٠٤ مايو ٣٠٤.",
    ]
    texts = [line for text in texts for line in text.split("\n")]
    answers = shared_desk.page.evaluate(
        """async (texts) => { const { gluedIn } = await import('/static/js/editor/plain/glued.js');
        return texts.map((text) => gluedIn(text).map(({from, to, value, sure}) => [from, to, value, sure])) }""",
        texts,
    )
    for text, found in zip(texts, answers, strict=True):
        assert found == [list(one) for one in glued_marks(text)], text


def test_long_and_hostile_text_is_read_in_bounded_steps(shared_desk: Desk):
    took = shared_desk.page.evaluate(
        """async () => { const { readPlain } = await import('/static/js/editor/plain/read.js'); const t = performance.now();
        for (const part of ['a1 ', 'AB1 AB2 ', '1. a\\n', '- a\\n', '[^1] ', '[^1]: a\\n', '12345', 'May 304 ', '^ a\\n', 'long line of words ', 'a-\\n', '[1][2] '])
          readPlain(part.repeat(Math.ceil(100000 / part.length))); return performance.now() - t }"""
    )
    assert took < 60_000, took
