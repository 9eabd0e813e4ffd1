"""Files that are broken, locked, too much or malicious: one clear error, soon, in bounded memory."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from releases.intake.docx import Unreadable, package, read
from tests.intake import hostile
from tests.intake.word import docx, note, p, ref

ROOT = Path(__file__).resolve().parent.parent.parent
MEGABYTES = 300


ALL = [*hostile.REFUSED, *hostile.READ, hostile.pictures_at_the_limit]


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """One process reads them all, one after another: what became of each by its name, and the peak is that of the worst."""
    folder = tmp_path_factory.mktemp("hostile")
    for make in ALL:
        (folder / f"{make.__name__}.docx").write_bytes(make().getvalue())
    command = [
        sys.executable,
        "-m",
        "tests.intake.measure",
        *(f"{folder}/{make.__name__}.docx" for make in ALL),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=300)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    return {one["file"]: one for one in found}


@pytest.mark.parametrize("make", hostile.REFUSED, ids=lambda make: make.__name__)
def test_what_cannot_be_read_is_refused_in_words(measured, make):
    refused = measured[make.__name__]["result"]
    assert len(refused) > 40
    assert "root:" not in refused


@pytest.mark.parametrize("make", hostile.READ, ids=lambda make: make.__name__)
def test_what_is_odd_but_harmless_is_read(measured, make):
    assert measured[make.__name__]["result"] == "read"
    assert measured[make.__name__]["clean"]


def test_memory_stays_within_bounds(measured):
    assert list(measured) == [make.__name__ for make in ALL]
    assert measured["pictures_at_the_limit"]["pictures"] == 2
    assert [one for one in measured.values() if one["megabytes"] >= MEGABYTES] == []


def test_a_file_larger_than_the_setting_is_refused_before_it_is_opened(settings):
    settings.DOCX_MAX_MB = 1
    with pytest.raises(Unreadable, match="larger than 1 MB"):
        read(io.BytesIO(b"PK\x03\x04" + bytes(1024 * 1024)))


def test_an_error_names_the_way_out_for_each_kind_of_file():
    for make, words in (
        (hostile.encrypted, "password"),
        (hostile.old_word, "older Word"),
        (hostile.macros, "macros"),
        (hostile.bomb_in_a_picture, "unpacks to more"),
        (hostile.cut_off, "broken"),
    ):
        with pytest.raises(Unreadable, match=words):
            read(make())


def test_pictures_are_never_unpacked(monkeypatch):
    opened = []
    unpack = package.Package.read_bytes
    monkeypatch.setattr(
        package.Package,
        "read_bytes",
        lambda self, name, **more: opened.append(name) or unpack(self, name, **more),
    )
    read(docx("Words.", parts={"word/media/image1.png": b"\x89PNG"}))
    assert opened
    assert not [name for name in opened if "media" in name or "docProps" in name or "comments" in name]


def test_a_long_document_is_read_once_and_a_block_at_a_time(monkeypatch):
    """Three hundred pages: each block passes once, and is gone from the tree when the next one comes."""
    held = []
    blocks = package.Package.blocks

    def counted(self, name, root, *, level):
        for node in blocks(self, name, root, level=level):
            held.append(len(node.getparent()))
            yield node

    monkeypatch.setattr(package.Package, "blocks", counted)
    pages, notes = 300, 600
    paragraphs = [p(f"Paragraph {n}. " + "Words upon words. " * 30, ref(n)) for n in range(notes)]
    filler = [p("More words, and more. " * 12) for _ in range(pages * 4)]
    reading = read(
        docx(*paragraphs, *filler, footnotes="".join(note(n, f"Source {n}.") for n in range(notes)))
    )
    assert reading.report.counts["notes"] == notes
    assert len(held) == len(paragraphs) + len(filler) + 1 + notes + 1
    # The parser reads ahead by a piece of the file, never by the whole of it.
    assert max(held) < 400
