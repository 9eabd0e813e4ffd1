"""Makes any number of plausible texts from phrases and a seed, for measuring a newsroom of twenty years; no database."""

import json
import random
from collections.abc import Iterator
from datetime import date, time, timedelta
from itertools import accumulate
from typing import Any

from .reader import HERE, Moment, Text, topic_names

SEED = 1948
FIRST_DAY, DAYS = date(2006, 1, 1), 20 * 365
# One release in ten is Chinese, the rest English.
LANGUAGES, LANGUAGE_WEIGHTS = ("en", "zh-hans", "zh-hant"), (90, 6, 4)
KEY_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
MOST_NOTES, MOST_TOPICS = 12, 6
# A few releases have a long list of notes and most have some; none is as common as three.
NOTE_WEIGHTS = (18, 10, 12, 14, 11, 9, 7, 6, 5, 3, 2, 2, 1)


def generated(count: int, *, seed: int = SEED) -> Iterator[Text]:
    """So many texts, one at a time; the same for the same seed, and a shorter run is the beginning of a longer one."""
    phrases = json.loads((HERE / "phrases.json").read_text(encoding="utf-8"))
    names = list(topic_names())
    # Which topics are common must not follow the alphabet, or the first columns of the index would hold them all.
    random.Random(seed).shuffle(names)  # noqa: S311  repeatable on purpose, and no secret
    weights = list(accumulate(1 / rank for rank in range(1, len(names) + 1)))
    for number in range(count):
        # A generator of its own for each text, so that one text's length never moves the next one's choices.
        chance = random.Random(f"{seed}/{number}")  # noqa: S311  repeatable on purpose, and no secret
        language = chance.choices(LANGUAGES, LANGUAGE_WEIGHTS)[0]
        words = PhraseBook(phrases[language], chance, number)
        wanted = chance.choices(range(1, MOST_TOPICS + 1), (3, 5, 5, 3, 2, 1))[0]
        day = FIRST_DAY + timedelta(days=chance.randrange(DAYS))
        yield Text(
            key=f"generated-{number:06}",
            language=language,
            title=words.say("title"),
            place=words.place,
            summary=words.joint.join((words.say("plain"), words.say("ask"))),
            body=body(words, chance),
            # Fewer than wanted when the same common topic is drawn twice.
            topics=tuple(dict.fromkeys(chance.choices(names, cum_weights=weights, k=wanted))),
            date=Moment(day, time(chance.randrange(7, 20), chance.randrange(60))),
        )


class PhraseBook:
    """One text's way of speaking: fills a language's sentence patterns with phrases drawn by chance."""

    def __init__(self, phrases: dict[str, Any], chance: random.Random, number: int):
        self.phrases, self.chance = phrases, chance
        self.place: str = chance.choice(phrases["places"])
        self.joint: str = phrases["joint"]
        self.file = f"{number:06}"

    def say(self, pattern: str) -> str:
        """One sentence (or title, or note) of the pattern of that name."""

        def pick(kind: str) -> str:
            return str(self.chance.choice(self.phrases[kind]))

        institution = pick("bodies")
        return str(self.phrases[pattern]).format(
            place=self.place,
            body=institution,
            Body=institution[:1].upper() + institution[1:],
            verb=pick("verbs"),
            thing=pick("things"),
            reason=pick("reasons"),
            # Thousands of different names, so that a search index meets rare words as well as common ones.
            name=pick("given") + pick("first_syllables") + pick("last_syllables"),
            person=pick("people"),
            saying=pick("sayings"),
            paper=pick("papers"),
            file=self.file,
            sheet=self.chance.randrange(1, 400),
            link=f"https://example.org/files/{self.file}/{self.chance.randrange(10_000)}",
        )


def body(words: PhraseBook, chance: random.Random) -> str:
    """A body in stored form: paragraphs, perhaps headings, a list and a quotation, and 0 to 12 notes."""
    keys = note_keys(chance, chance.choices(range(MOST_NOTES + 1), NOTE_WEIGHTS)[0])
    cited = dict.fromkeys(keys, 0)
    waiting = list(reversed(keys))

    def sentence(pattern: str) -> str:
        text = words.say(pattern)
        if waiting and chance.random() < 0.5:
            return text + citation(waiting.pop(), cited)
        if cited and chance.random() < 0.04 and (known := [key for key in keys if cited[key]]):
            return text + citation(chance.choice(known), cited)
        return text

    def paragraph(first: str) -> str:
        rest = chance.choices(("plain", "said", "ask"), (6, 3, 1), k=chance.randrange(1, 5))
        return "<p>" + words.joint.join(sentence(pattern) for pattern in (first, *rest)) + "</p>"

    blocks = [paragraph("opening")]
    for _ in range(chance.randrange(2, 9)):
        kind = chance.choices(("p", "h2", "ul", "blockquote"), (12, 2, 1, 1))[0]
        if kind == "h2":
            blocks.append(f"<h2>{chance.choice(words.phrases['headings'])}</h2>")
        if kind == "ul":
            items = (f"<li><p>{sentence('plain')}</p></li>" for _ in range(chance.randrange(2, 6)))
            blocks.append(f"<ul>{''.join(items)}</ul>")
        elif kind == "blockquote":
            blocks.append(f"<blockquote><p>{sentence('said')}</p></blockquote>")
        else:
            blocks.append(paragraph("plain"))
    while waiting:
        blocks.append(paragraph("ask"))
    return "".join(blocks) + note_list(words, chance, keys)


def note_keys(chance: random.Random, count: int) -> list[str]:
    """So many different keys, in the order in which they are going to be cited first."""
    keys: dict[str, None] = {}
    while len(keys) < count:
        keys["".join(chance.choices(KEY_LETTERS, k=6))] = None
    return list(keys)


def citation(key: str, cited: dict[str, int]) -> str:
    """The next citation of a note in stored form; counts it in `cited`, whose order is that of the numbers."""
    cited[key] += 1
    number = list(cited).index(key) + 1
    further = "" if cited[key] == 1 else f"-{cited[key]}"
    return f'<sup class="footnote-ref"><a href="#fn-{key}" id="fnref-{key}{further}">{number}</a></sup>'


def note_list(words: PhraseBook, chance: random.Random, keys: list[str]) -> str:
    """The list of notes in stored form; empty without notes."""
    if not keys:
        return ""
    # A first note cannot say “ibid.”
    patterns = ["source", *chance.choices(("source", "file", "again"), (6, 3, 1), k=len(keys) - 1)]
    notes = (
        f'<li id="fn-{key}"><p>{words.say(pattern)}</p></li>'
        for key, pattern in zip(keys, patterns, strict=True)
    )
    return f'<ol class="footnotes">{"".join(notes)}</ol>'
