"""What is large costs what it is large: work grows with the input, never with its square, in every expression and every reader."""

import importlib
import io
import json
import pkgutil
import re
import signal
import time
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.test import RequestFactory

import newsroom
import releases
from newsroom.delivery import csp_reports, limits
from newsroom.delivery.entries import range_of
from newsroom.delivery.heads import Parser
from releases.forms.typed_dates import read_clock, read_day
from releases.intake import docx as word
from releases.intake.dates import date_in
from releases.intake.html.mapping import mapping_of
from releases.intake.html.page import read_page
from releases.intake.records import jsonl
from releases.numbers import whole
from releases.reading.public import relevant_query
from releases.search import query
from releases.sources import checker, copies, fetcher
from releases.text import clean, compare, glued, hints, labels, links, notes, render, slugs
from tests.depth import DEEP, times
from tests.intake.saved import PLACES
from tests.intake.word import docx as written
from tests.intake.word import p

SIZE = times("LARGE_INPUT", 5_000, 60_000)
# Twice the input may take twice the time; a machine that has others to serve is allowed more, and a square takes four times.
MOST_TIMES = 3.0
# Less than this (seconds) is noise.
NOISE = 0.02
UNITS = (
    "a", " ", "\n", "1", ".", ",", "-", "/", "<", "<a ", "<p>", "<!--", "&", "&#", "(", "[", "[1] ", "=", "%", "\u00a0", "一", "注", "1x",
    "1.", "a ", "a-", "1/", "http://a.", "a@", "iv", "¹", "*a", "\u0301", "<sup>1</sup>", "p. 1, ", "- 1 ", "U.N.", 'a"', "x1 ", "May 1 ",
    "་", "ئۇ", "\t\n", "\u0301\u0316", "[a", "{", "'", "note ", "12 ", "{}", "\\", "_a", "; a=", "W/\"",
)  # fmt: skip
EVERY = UNITS if DEEP else ("a", "<", "1x", "\t\n", "\u0301\u0316", "U.N.")
# These are given little, or what we have written ourselves.
BOUNDED = {
    "releases.text.render.html._TAG",  # our own HTML, in which no "<" stands alone
    "releases.text.compare._NO_WORDS",  # likewise
    "releases.text.labels._LABEL",  # 32 characters
    "releases.text.labels._OPENING",  # 200
    "releases.intake.docx.headings._ADDRESS",  # a line that is short enough for a heading
}


class TooLong(BaseException):
    """It does not end in ten times as long as it may take."""


@contextmanager
def bounded(seconds=1.5):
    """A runaway expression is interrupted, so that the test fails and the run goes on."""

    def late(_signal, _frame):
        raise TooLong

    before = signal.signal(signal.SIGVTALRM, late)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def seconds_of(do, made):
    began = time.process_time()
    with bounded():
        try:
            do(made)
        except TooLong:
            raise
        except Exception:
            pass
    return time.process_time() - began


def grows_too_fast(do, make, size=SIZE):
    """Compared at a size and at twice that; the best of three, where it looks bad."""
    try:
        for _ in range(3):
            first, second = seconds_of(do, make(size)), seconds_of(do, make(2 * size))
            if second < NOISE or second < MOST_TIMES * first:
                return False
    except TooLong:
        pass
    return True


def repeated(unit):
    return lambda size: (unit * (size // len(unit) + 1))[:size] + "\x01"


# ------------------------------------------------------------------ every expression


def expressions():
    """Every compiled expression that stands in a module, by its place."""
    found = {}
    for package in (releases, newsroom):
        for one in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if re.search(r"migrations|management|newsroom\.(serve|wsgi|asgi|settings)$", one.name):
                continue
            for name, value in vars(importlib.import_module(one.name)).items():
                if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                    found.setdefault(value, f"{one.name}.{name}")
    return {place: value for value, place in found.items()}


ROOT = Path(releases.__file__).parents[1]
_LOOKING = {"search", "finditer", "findall", "sub", "subn", "split"}


def ways(place):
    """How the module that an expression stands in uses it: looked for in a text, or compared with one from its beginning on. Both,
    where others use it."""
    module, _dot, name = place.rpartition(".")
    path = ROOT / module.replace(".", "/")
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    methods = re.findall(rf"(?<![\w.]){name}\.([a-z]+)\(", path.read_text())
    return {"search" if one in _LOOKING else "match" for one in methods} or {"search", "match"}


def test_no_expression_takes_four_times_as_long_for_twice_as_much():
    known = expressions()
    assert len(known) > 60
    slow = []
    for place, expression in known.items():
        do = {
            "search": lambda text, e=expression: sum(1 for _ in e.finditer(text)),
            "match": expression.match,
        }
        for how in ways(place) if place not in BOUNDED else ():
            slow += [(place, unit, how) for unit in EVERY if grows_too_fast(do[how], repeated(unit))]
    assert slow == []


# ------------------------------------------------------------------ every reader


def cookies(text):
    return limits.session_key(f"newsroom_session_8000=a; {text}")


def head(text):
    parser = Parser(ADJUSTMENTS)
    for start in range(0, len(text), 1_000):
        parser.received(text[start : start + 1_000].encode("utf-8", "replace"))


class ADJUSTMENTS:
    max_request_header_size, max_request_body_size, inbuf_overflow, url_scheme = 16_384, 10**7, 10**6, "http"


def chunks(text):
    parser = Parser(ADJUSTMENTS)
    parser.received(b"POST /admin/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
    sent = b"1\r\na\r\n" * (len(text) // 6)
    for start in range(0, len(sent), 1_000):
        parser.received(sent[start : start + 1_000])


def questions(text):
    relevant_query(QueryDict(f"topic={text}&" + f"topic={text[:3]}&" * (len(text) // 10)), ("topic*",))


def report(text):
    csp_reports._read(RequestFactory().post("/", text, content_type="application/json"))


def readable(text):
    """What XML can hold of it."""
    return re.sub(r"[^\t\n\x20-\ud7ff\ue000-\ufffd]", "", text)


def word_file(text):
    word.read(written(*[p(readable(text[at : at + 1_000])) for at in range(0, len(text), 1_000)]))


def one_paragraph(text):
    word.read(written(p(readable(text))))


def saved_page(text):
    """Written into the page as it is: its elements are the reader's."""
    head = "<!DOCTYPE html><h1>T</h1><p class=date>June 10, 2011</p><div class=body>"
    read_page(f"{head}{text}</div>".encode("utf-8", "replace"), mapping_of(PLACES), name="a.html")


def records(text):
    lines = json.dumps({"kind": "release", "title": text}).encode() + b"\n"
    for line in jsonl.lines_in(io.BytesIO(lines * 2)):
        assert line


def broken_record(text):
    list(jsonl.lines_in(io.BytesIO(text.encode("utf-8", "replace"))))


def redirect(text):
    fetcher._readable(text)
    copies.day_in(f"https://web.archive.org/web/{text}")
    checker.parse_retry_after(text, datetime(2026, 1, 1, tzinfo=UTC))


READERS = {
    "a Word file": word_file,
    "a Word file of one paragraph": one_paragraph,
    "a saved page": saved_page,
    "records": records,
    "a damaged record": broken_record,
    "where a cited page has moved to": redirect,
    "the text of a release": clean.clean,
    "notes": notes.notes_of,
    "labels of notes": labels.label,
    "a label at the beginning": labels.opening,
    "marks that stuck to words": glued.glued_marks,
    "words that refer back": hints.back_reference,
    "an address": links.clean_link,
    "links": links.links_of,
    "a slug": slugs.slug_of,
    "plain text": render.plain.plain_text,
    "words counted": render.plain.count_words,
    "a search": query.parse,
    "a search while it is typed": lambda text: query.parse(text, typing=True),
    "a comparison": lambda text: compare.compare(text, text[: len(text) // 2] + "x" + text[len(text) // 2 :]),
    "a date in a text": date_in,
    "a day that was typed": lambda text: read_day(text, today=date(2026, 1, 1)),
    "a time that was typed": read_clock,
    "a number": whole,
    "a range of bytes": lambda text: range_of(f"bytes={text}", 1000),
    "cookies": cookies,
    "the head of a request": head,
    "the chunks of a body": chunks,
    "what a page reads of the query string": questions,
    "JSON": lambda text: json.load(io.StringIO(json.dumps({"a": text}))),
    "a report of a browser": report,
}


@pytest.mark.parametrize("read", READERS.values(), ids=list(READERS))
def test_no_reader_takes_four_times_as_long_for_twice_as_much(read):
    with suppress(ValueError, ValidationError):
        read("a")  # what it makes once
    assert [unit for unit in EVERY if grows_too_fast(read, repeated(unit))] == []


# ------------------------------------------------------------------ what an enemy would send, as large as it may be

FIVE_MEGABYTES = 5_000_000
# CPU seconds. What is refused for its size costs nothing; what is read costs about a second for each five megabytes.
MOST_SECONDS = 10.0


@pytest.mark.deep
@pytest.mark.parametrize("read", READERS.values(), ids=list(READERS))
def test_five_megabytes_end(read):
    slow = {}
    for unit in ("a", "<", "1x", "\u0301\u0316", "<p>x", "a "):
        began = time.process_time()
        try:
            with bounded(MOST_SECONDS), suppress(Exception):
                read(repeated(unit)(FIVE_MEGABYTES))
        except TooLong:
            slow[unit] = "does not end"
        if (took := time.process_time() - began) >= MOST_SECONDS:
            slow[unit] = f"{took:.1f} s"
        elif took > 1:
            print(f"{took:.1f} s for {unit!r}")  # seen with -rP
    assert slow == {}
