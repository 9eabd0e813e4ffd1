"""The index by which a script finds words in a mirror without a server: inverted, in segments, in files that a script tag loads.

A segment holds a thousand releases and never the words of others, so that a publication touches one of them. Its terms stand in
order, cut into files of a size that loads at once; `contents.js` names the first term of each. Script and this module fold and cut
words alike (`static/js/mirror-search.js`); a test compares the two.
"""

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote
from uuid import UUID

from releases import clock
from releases.models import Release
from releases.reading.lists import live_words, published_at
from releases.search.analysis import MARKS, simplified
from releases.static_site import disk
from releases.text.normal import normal
from releases.text.render import excerpt

FOLDER = "search-index"
SEGMENT, CARDS, SHARD = 1000, 100, 32_000
SUMMARY = 200
LONGEST = 48
# Written without spaces: every character, and every two neighbours, is a term.
UNSPACED = "\u3005-\u3007\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(f"(?:[^\\W_]|[{MARKS}])+")
_RUN = re.compile(f"[{UNSPACED}]+|[^{UNSPACED}]+")
_IS_UNSPACED = re.compile(f"[{UNSPACED}]")
# Accents of Latin, Greek and Cyrillic: people leave them out. Marks of other scripts are letters to their readers.
_ACCENTS = re.compile("[\u0300-\u036f]")


def fold(text: str) -> str:
    """Text as it is compared: without accents, capitals, and the forms of characters that differ in looks alone; Traditional
    characters as Simplified ones."""
    plain = _ACCENTS.sub("", normal("NFKD", text)).lower()
    return plain.translate(simplified()) if _IS_UNSPACED.search(plain) else plain


def terms(text: str) -> Iterator[str]:
    """The terms of a text, as often as they come."""
    for word in _WORD.findall(fold(text)):
        if word.isascii():
            yield word[:LONGEST]
            continue
        for run in _RUN.findall(word):
            if not _IS_UNSPACED.match(run):
                yield run[:LONGEST]
                continue
            yield from run
            yield from (run[place : place + 2] for place in range(len(run) - 1))


@dataclass(frozen=True)
class Entry:
    """A release of a segment. `title` and `text` are what it is found by, the rest is what is shown."""

    path: str
    title: str
    summary: str
    language: str
    day: str
    text: str


class SearchIndex:
    """The index of a folder, in which `files` stand by their addresses. Which release stands in which segment is remembered, so that
    segments stay what they are."""

    def __init__(self, root: Path, rows: sqlite3.Connection, files: Mapping[str, str]) -> None:
        self.root, self.rows, self.files = root, rows, files
        self.rows.execute(
            "CREATE TABLE IF NOT EXISTS entry (uuid TEXT PRIMARY KEY, segment INTEGER NOT NULL, said TEXT NOT NULL)"
        )

    def update(self) -> None:
        """Write the segments whose releases are others than before, and what names all segments."""
        now = {
            str(uuid): f"{live} {language} {slug} {at}"
            for uuid, live, language, slug, at in Release.objects.visible()
            .order_by("publish_at", "pk")
            .values_list("uuid", "live", "language", "slug", "publish_at")
        }
        before: dict[str, tuple[int, str]] = {
            uuid: (segment, said)
            for uuid, segment, said in self.rows.execute("SELECT uuid, segment, said FROM entry")
        }
        segments = {uuid: before[uuid][0] for uuid in now if uuid in before}
        sizes: dict[int, int] = defaultdict(int)
        for segment in segments.values():
            sizes[segment] += 1
        last = max(sizes, default=0)
        for uuid in now:
            if uuid not in segments:
                last += sizes[last] >= SEGMENT
                segments[uuid] = last
                sizes[last] += 1
        changed = {segment for uuid, (segment, said) in before.items() if now.get(uuid) != said}
        changed |= {segments[uuid] for uuid in now if uuid not in before}
        changed |= {one for one in sizes if not (self.root / FOLDER / f"{one}-cards-0.js").is_file()}
        contents = json.loads(self._remembered() or "{}")
        for segment in sorted(changed):
            uuids = [uuid for uuid in now if segments[uuid] == segment]
            contents[str(segment)] = self._write(segment, self._entries(uuids))
        contents = {name: one for name, one in contents.items() if sizes.get(int(name))}
        table = {one: other for one, other in simplified().items() if one > 0x7F}
        pair = ["".join(map(chr, table)), "".join(table.values())]
        self._write_file("simplified", f"mirrorSearch.simplified({_json(pair)});\n")
        self._write_file("contents", f"mirrorSearch.contents({_json(contents)});\n")
        with self.rows:
            self.rows.execute("DELETE FROM entry")
            self.rows.executemany(
                "INSERT INTO entry VALUES (?, ?, ?)",
                [(uuid, segments[uuid], said) for uuid, said in now.items()],
            )
            self.rows.execute("INSERT OR REPLACE INTO fact VALUES ('contents', ?)", (_json(contents),))

    def _remembered(self) -> str:
        row = self.rows.execute("SELECT value FROM fact WHERE name = 'contents'").fetchone()
        return row[0] if row else ""

    def _write(self, segment: int, entries: Sequence[Entry]) -> dict[str, object]:
        """The files of a segment; returns how many entries it has and the first term of each of its shards."""
        keep = set()
        for start in range(0, len(entries), CARDS):
            cards = [
                [one.path, one.title, one.summary, one.language, one.day]
                for one in entries[start : start + CARDS]
            ]
            name = f"{segment}-cards-{start // CARDS}"
            keep.add(self._write_file(name, f'mirrorSearch.cards("{name}", {_json(cards)});\n'))
        firsts = []
        for number, lines in enumerate(_shards(_postings(entries))):
            name = f"{segment}-{number}"
            firsts.append(lines[0].partition(" ")[0])
            text = "\n".join(lines)
            keep.add(self._write_file(name, f'mirrorSearch.terms("{name}", {_json(text)});\n'))
        for path in (self.root / FOLDER).glob(f"{segment}-*.js"):
            if path.name not in keep:
                path.unlink()
        return {"entries": len(entries), "first": firsts}

    def _entries(self, uuids: Sequence[str]) -> list[Entry]:
        by_uuid: dict[str, Entry] = {}
        for start in range(0, len(uuids), CARDS):
            wanted = [UUID(one) for one in uuids[start : start + CARDS]]
            releases = Release.objects.visible().filter(uuid__in=wanted).select_related("live")
            for one in releases.only(
                "uuid", "language", "slug", "publish_at", "live__title", "live__summary", "live__dateline",
                "live__body", "live__body_text", "live__notes",
            ):  # fmt: skip
                words = live_words(one)
                notes = (str(note["text"]) for note in words.notes)
                by_uuid[str(one.uuid)] = Entry(
                    path=self.files[unquote(one.get_absolute_url())],
                    title=words.title,
                    summary=words.summary[:SUMMARY] or excerpt(words.body, limit=SUMMARY),
                    language=one.language,
                    day=clock.day(published_at(one)).isoformat(),
                    text="\n".join((words.summary, words.dateline, words.body_text, *notes)),
                )
        # What was withdrawn between two questions is not among them; the next run, which has begun by then, leaves it out.
        return [by_uuid[one] for one in uuids if one in by_uuid]

    def _write_file(self, name: str, content: str) -> str:
        path = self.root / FOLDER / f"{name}.js"
        written = content.encode()
        if not path.is_file() or path.read_bytes() != written:
            disk.write(self.root, f"{FOLDER}/{name}.js", {"": written})
        return path.name


def _postings(entries: Sequence[Entry]) -> Iterator[str]:
    """A line a term, in the order of terms: the term, and the distance of each entry from the one before, doubled, and one more where
    the term stands in the title. Numbers are written to the base 36."""
    found: dict[str, list[int]] = defaultdict(list)
    for number, one in enumerate(entries):
        title = set(terms(one.title))
        for term in title.union(terms(one.text)):
            found[term].append(2 * number + (term in title))
    for term in sorted(found, key=lambda term: term.encode("utf-16-be")):
        last, written = 0, []
        for place in found[term]:
            written.append(_base36(2 * (place // 2 - last) + place % 2))
            last = place // 2
        yield f"{term} {' '.join(written)}"


def _shards(lines: Iterable[str]) -> Iterator[list[str]]:
    shard: list[str] = []
    size = 0
    for line in lines:
        if size + len(line) > SHARD and shard:
            yield shard
            shard, size = [], 0
        shard.append(line)
        size += len(line) + 1
    if shard:
        yield shard


_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def _base36(number: int) -> str:
    written = ""
    while True:
        number, digit = divmod(number, 36)
        written = _DIGITS[digit] + written
        if not number:
            return written


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
