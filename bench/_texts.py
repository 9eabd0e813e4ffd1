"""A large newsroom for measuring: made-up texts of about 900 words whose words are as unevenly common as in real ones."""

import random
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate
from time import perf_counter
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from bench._copies import multiply
from releases.counts import rebuild_counts
from releases.editions import raise_edition
from releases.languages import note_words
from releases.models import Address, Release, ReleaseTopic, Revision, RevisionTopic, SearchEntry, Topic
from releases.sample.load import vocabulary
from releases.sample.reader import topic_names
from releases.search.analysis import indexed
from releases.text.notes import notes_of
from releases.text.render import forms_of

SEED, PORTION = 1948, 500
WORDS, VOCABULARY = 900, 60_000
FIRST_DAY, DAYS = datetime(2006, 1, 1, tzinfo=UTC), 20 * 365
# The commonest words of English, which stand in nearly every text.
COMMON = (
    "the of and to in a is that for was on it as with by be at this are from or have an they which not had but were "
    "their has been his who one we all he would said there when no more if out so up what about into than them can only "
    "other new some time could these two may then do first any now people such over after also most made must before "
    "through years where much your way well down should because each just those how too state good very year world still "
    "own see men work long get here between both life being under never day same another know while last might great old"
)
CONSONANTS, VOWELS = "bcdfghklmnprstvw", "aeiou"
# Sentences that come up again and again: in half of all texts the first, in few the last.
STOCK, STOCK_A_TEXT = 300, 6
NOTES = 5


@dataclass(frozen=True)
class Text:
    """A text without markup."""

    number: int
    language: str
    title: str
    summary: str
    paragraphs: list[str]
    notes: list[str]
    day: datetime
    topics: list[str]


class Maker:
    """Makes the same texts each time; the first hundred are the same whether a hundred or a hundred thousand follow."""

    def __init__(self) -> None:
        chance = _chance("words")
        common = COMMON.split()
        made = {self._word(chance) for _ in range(VOCABULARY)} - set(common)
        # Sets have another order in each process.
        self.words = [*common, *sorted(sorted(made), key=lambda word: chance.random())]
        self.weights = list(accumulate(1 / (rank + 2.7) for rank in range(len(self.words))))
        # Level one of GB 2312: the 3,755 characters that texts are made of.
        self.characters = [
            bytes((row, cell)).decode("gb2312", "ignore")
            for row in range(0xB0, 0xD8)
            for cell in range(0xA1, 0xFF)
        ]
        self.characters = [one for one in self.characters if one]
        chance.shuffle(self.characters)
        self.chinese = list(accumulate(1 / (rank + 20) for rank in range(len(self.characters))))
        self.topics = list(topic_names())
        chance.shuffle(self.topics)
        self.by_topic = list(accumulate(1 / (rank + 1) for rank in range(len(self.topics))))
        self.stock = {
            language: [self._sentence(chance, language, 9) for _ in range(STOCK)]
            for language in ("en", "zh-hans")
        }
        self.by_stock = list(accumulate(1 / (rank + 1) for rank in range(STOCK)))

    def texts(self, first: int, last: int) -> Iterator[Text]:
        """Those from number `first` to before `last`."""
        for number in range(first, last):
            yield self._text(number, _chance(f"text {number}"))

    def _text(self, number: int, chance: random.Random) -> Text:
        language = chance.choices(("en", "zh-hans", "zh-hant"), (90, 6, 4))[0]
        spoken = "en" if language == "en" else "zh-hans"
        known = chance.choices(self.stock[spoken], cum_weights=self.by_stock, k=STOCK_A_TEXT)
        length = chance.randrange(WORDS - 400, WORDS + 400) - STOCK_A_TEXT * 9 - NOTES * 12
        per_paragraph = max(1, length // (STOCK_A_TEXT * 2))
        joint = " " if language == "en" else ""
        paragraphs = []
        for sentence in known:
            paragraphs.append(joint.join((sentence, self._sentence(chance, spoken, per_paragraph))))
            paragraphs.append(self._sentence(chance, spoken, per_paragraph))
        # One name that no other text has.
        paragraphs[-1] += f" {_name(number)}."
        return Text(
            number=number,
            language=language,
            title=self._sentence(chance, spoken, chance.randrange(5, 12)).rstrip(".。"),
            summary=self._sentence(chance, spoken, 25),
            paragraphs=paragraphs,
            notes=[self._sentence(chance, spoken, 12) for _ in range(NOTES)],
            day=FIRST_DAY + timedelta(days=chance.randrange(DAYS), seconds=chance.randrange(86_400)),
            topics=list(dict.fromkeys(chance.choices(self.topics, cum_weights=self.by_topic, k=3))),
        )

    def _sentence(self, chance: random.Random, language: str, length: int) -> str:
        if language == "en":
            return " ".join(chance.choices(self.words, cum_weights=self.weights, k=length)).capitalize() + "."
        # A character and a half says what a word says.
        return "".join(chance.choices(self.characters, cum_weights=self.chinese, k=length * 3 // 2)) + "。"

    @staticmethod
    def _word(chance: random.Random) -> str:
        syllables = chance.choices((1, 2, 3), (1, 4, 3))[0]
        made = "".join(chance.choice(CONSONANTS) + chance.choice(VOWELS) for _ in range(syllables))
        return made + chance.choice(CONSONANTS)


# Beyond so many texts the database copies those that it has, in a fifth of the time.
DISTINCT = 10_000


def fill(count: int) -> None:
    """Put texts into the database until there are `count`, as publishing them would, and let the database take stock."""
    _make(min(count, DISTINCT))
    multiply(count)


def _make(count: int) -> None:
    have = Release.objects.count()
    if have >= count:
        return
    started = perf_counter()
    topics = vocabulary(topic_names())
    maker = Maker()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous = OFF")
    for first in range(have, count, PORTION):
        _store(list(maker.texts(first, min(first + PORTION, count))), topics)
        if first % 5000 == 0:
            print(f"  {first} of {count} texts, {perf_counter() - started:.0f} s", flush=True)
    rebuild_counts()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
    print(f"filled in {perf_counter() - started:.0f} s")


@transaction.atomic
def _store(texts: list[Text], topics: dict[str, Topic]) -> None:
    now = timezone.now()
    releases = Release.objects.bulk_create(
        Release(
            language=one.language, slug=f"text-{one.number}", publish_at=one.day, created_at=one.day
        )
        for one in texts
    )  # fmt: skip
    pairs = list(zip(texts, releases, strict=True))
    Address.objects.bulk_create(
        Address(language=one.language, slug=one.slug, release=one) for one in releases
    )
    revisions = Revision.objects.bulk_create(_revision(text, release) for text, release in pairs)
    for release, revision in zip(releases, revisions, strict=True):
        release.live = revision
    Release.objects.bulk_update(releases, ["live"], batch_size=PORTION)
    filed = [(place, topics[name].pk) for place, text in enumerate(texts) for name in text.topics]
    RevisionTopic.objects.bulk_create(
        RevisionTopic(content_object=revisions[place], tag_id=tag) for place, tag in filed
    )
    ReleaseTopic.objects.bulk_create(
        ReleaseTopic(content_object=releases[place], tag_id=tag) for place, tag in filed
    )
    SearchEntry.objects.bulk_create(
        (_entry(text, revision) for text, revision in zip(texts, revisions, strict=True)), batch_size=100
    )
    raise_edition(now)


def _revision(text: Text, release: Release) -> Revision:
    forms = _written(text, release.note_prefix)
    return Revision(
        release=release,
        number=1,
        title=text.title[:300],
        summary=text.summary[:600],
        **forms,
        note_count=len(text.notes),
        word_count=sum(len(one.split()) for one in text.paragraphs),
        created_at=text.day,
        edited_at=text.day,
    )


def _written(text: Text, prefix: str) -> dict[str, Any]:
    """Body, rendered forms and notes, as saving would leave them: rendered once for each number of paragraphs, and the words
    put into that."""
    forms, notes = _rendered(len(text.paragraphs), len(text.notes), text.language)
    words = {f"@p{number}@": words for number, words in enumerate(text.paragraphs)}
    words |= {f"@n{number}@": words for number, words in enumerate(text.notes)}
    words[NO_PREFIX] = prefix

    def with_words(form: str) -> str:
        return PLACE.sub(lambda found: words[found[0]], form)

    return {
        **{name: with_words(form) for name, form in forms.items()},
        "notes": [
            {name: with_words(value) if isinstance(value, str) else value for name, value in note.items()}
            for note in notes
        ],
    }


NO_PREFIX = "r00000000-"
PLACE = re.compile(rf"@[pn]\d+@|{NO_PREFIX}")


@cache
def _rendered(
    paragraphs: int, notes: int, language: str
) -> tuple[dict[str, str], tuple[dict[str, object], ...]]:
    """The forms of a body with so many paragraphs and notes, with marks where the words belong."""
    marks = [
        f'<sup class="footnote-ref"><a href="#fn-note{n}" id="fnref-note{n}">{n + 1}</a></sup>'
        for n in range(notes)
    ] + [""] * paragraphs
    body = "".join(f"<p>@p{n}@{marks[n]}</p>" for n in range(paragraphs))
    sources = "".join(
        f'<li id="fn-note{n}"><p>@n{n}@ <a href="https://example.org/{n}">report</a></p></li>'
        for n in range(notes)
    )
    body += f'<ol class="footnotes">{sources}</ol>'
    forms = forms_of(body, prefix=NO_PREFIX, words=note_words(language))
    return {"body": body, **forms}, tuple(asdict(note) for note in notes_of(body))


def _entry(text: Text, revision: Revision) -> SearchEntry:
    ready = indexed(title=text.title, summary=[text.summary], rest=[*text.paragraphs, *text.notes])
    return SearchEntry(
        release=revision.release,
        kind=SearchEntry.LIVE,
        revision=revision,
        save_number=revision.save_number,
        sequence=ready.sequence,
        terms=ready.terms,
    )


def _name(number: int) -> str:
    letters = ""
    while True:
        number, rest = divmod(number, 80)
        letters += CONSONANTS[rest // 5] + VOWELS[rest % 5]
        if not number:
            return f"X{letters}x"


def _chance(name: str) -> random.Random:
    return random.Random(f"{SEED}/{name}")
