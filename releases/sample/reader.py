"""Reads the sample newsroom's texts and topics from the files beside this module; no database.

A text is one `.html` file in `texts/`: lines `name: value` (`topic` once for each topic), an empty line, then the body in its
stored form. The body may be laid out over several lines, between elements and never inside a sentence: line ends
are not part of it.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

HERE = Path(__file__).parent
FIELDS = {"language", "title", "date", "place", "summary", "group", "over", "withdrawn", "notice"}
NEEDED = {"language", "title", "place", "summary"}
MOMENT = re.compile(r"(?:(?P<day>\d{4}-\d\d-\d\d)|\+(?P<offset>\d+) days) (?P<clock>\d\d:\d\d)")


class SampleError(ValueError):
    """A sample file does not say what it should; the message names the file."""


@dataclass(frozen=True)
class Moment:
    """A wall-clock time in the newsroom: on a fixed day, or so many days after the day of loading."""

    day: date | int
    clock: time

    def after(self, today: date) -> datetime:
        """The naive local time meant, given the day of loading."""
        day = self.day if isinstance(self.day, date) else today + timedelta(days=self.day)
        return datetime.combine(day, self.clock)


@dataclass(frozen=True)
class Text:
    """One sample text: without a date a draft; `over` names the published text that it is to replace one day."""

    key: str
    language: str
    title: str
    place: str
    summary: str
    body: str
    topics: tuple[str, ...]
    date: Moment | None = None
    group: str = ""
    over: str = ""
    withdrawn: Moment | None = None
    notice: str = ""


def texts() -> Iterator[Text]:
    """Every sample text, each before its own rewriting, in a stable order."""
    found = [read(path) for path in sorted((HERE / "texts").glob("*.html"))]
    yield from sorted(found, key=lambda text: (bool(text.over), text.key))


def read(path: Path) -> Text:
    """The text in a file; SampleError names what is missing or unknown in its head."""
    head, _, body = path.read_text(encoding="utf-8").partition("\n\n")
    fields: dict[str, str] = {}
    topics: list[str] = []
    for line in head.splitlines():
        name, _, value = line.partition(": ")
        if name == "topic" and value:
            topics.append(value)
        elif name in FIELDS and value and name not in fields:
            fields[name] = value
        else:
            raise SampleError(f"{path.name}: unknown, empty or repeated line “{line}”")
    if missing := NEEDED - fields.keys():
        raise SampleError(f"{path.name}: without {', '.join(sorted(missing))}")
    if "date" in fields and "over" in fields:
        raise SampleError(f"{path.name}: a rewriting is not published, so it has no date")
    return Text(
        key=path.stem,
        language=fields["language"],
        title=fields["title"],
        place=fields["place"],
        summary=fields["summary"],
        body="".join(line.strip() for line in body.splitlines()),
        topics=tuple(topics),
        date=moment(fields.get("date", ""), where=path.name),
        group=fields.get("group", ""),
        over=fields.get("over", ""),
        withdrawn=moment(fields.get("withdrawn", ""), where=path.name),
        notice=fields.get("notice", ""),
    )


def moment(written: str, *, where: str) -> Moment | None:
    """`2024-04-11 09:30` or `+21 days 06:00`; None for nothing written."""
    if not written:
        return None
    match = MOMENT.fullmatch(written)
    if match is None:
        raise SampleError(f"{where}: “{written}” is neither a date nor a number of days from now")
    day = date.fromisoformat(match["day"]) if match["day"] else int(match["offset"])
    return Moment(day, time.fromisoformat(match["clock"]))


def topic_names() -> tuple[str, ...]:
    """The names of all topics, in the order of the public index."""
    return tuple((HERE / "topics.txt").read_text(encoding="utf-8").splitlines())


def topic_translations() -> dict[str, dict[str, str]]:
    """For a topic's name, its names in other languages: `{"Corruption": {"zh-hans": "腐败", …}, …}`."""
    names: dict[str, dict[str, str]] = json.loads((HERE / "topic_names.json").read_text(encoding="utf-8"))
    return names
