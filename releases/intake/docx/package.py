"""The .docx package, a zip of XML parts: its limits, and its parts read block by block."""

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Any
from urllib.parse import unquote

from django.utils.translation import gettext as _
from lxml import etree

from releases.intake import Unreadable

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"

MAX_ENTRIES = 4_000
MAX_TOTAL = (
    400 * 1024 * 1024
)  # of everything unpacked, pictures included; only the parts below are ever unpacked
MAX_PART = 32 * 1024 * 1024  # a document of 300 pages has two to six
MAX_RATIO = 200  # Word's XML packs ten to thirty to one
RATIO_MATTERS = 8 * 1024 * 1024
# Limits of one block in memory (a table or a note with its content), as counted in the raw text:
# an element or attribute costs libxml2 some hundred bytes each, whatever its length.
MAX_BLOCK_TAGS = 500_000
MAX_BLOCK_ATTRIBUTES = 400_000
MAX_BLOCK_BYTES = 12 * 1024 * 1024
MAX_ELEMENTS = 600_000  # of a part
MAX_BLOCKS = 60_000
_CHUNK = 32 * 1024
# Nothing that Word writes has a longer tag or run of text; libxml2 would gather it all in one node.
_LONG = re.compile(rb"<[^<]{2000000}")

_ZIP = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", W[1:-1].encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", R[1:-1].encode()),
    (
        b"http://purl.oclc.org/ooxml/drawingml/main",
        b"http://schemas.openxmlformats.org/drawingml/2006/main",
    ),
)
_DECLARATION = re.compile(r"<\?xml[^>]*\?>")
_ZIP_ERRORS = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, OSError, ValueError, OverflowError,
    NotImplementedError, RuntimeError,
)  # fmt: skip

# lxml ships no types; the name says what is meant.
Node = Any


def damaged_file() -> Unreadable:
    """The error for a file that is no whole Word document."""
    return Unreadable(
        _("This file is broken or no Word document. Open it in Word and save it again as .docx.")
    )


def too_large() -> Unreadable:
    """The error for a file that unpacks to more than a document can be."""
    return Unreadable(
        _("This file unpacks to more than a document can be. Save it again from Word, or import it in parts.")
    )


class Package:
    """An opened .docx. Raises `Unreadable` for another kind of file or one that is too large. Unpacks only what is asked for."""

    def __init__(self, file: IO[bytes], *, max_bytes: int) -> None:
        file.seek(0, 2)
        size = file.tell()
        file.seek(0)
        if size > max_bytes:
            raise Unreadable(
                _("This file is larger than %(mb)d MB. Remove the pictures, or import it in parts.")
                % {"mb": max_bytes // (1024 * 1024)}
            )
        self._check_zip(file)
        try:
            self.zip = zipfile.ZipFile(file)
        except _ZIP_ERRORS as error:
            raise damaged_file() from error
        self.entries = {info.filename.lstrip("/"): info for info in self.zip.infolist()}
        self._check_size(size)
        self._check_macros()
        self.main = self._main_part()

    def _check_zip(self, file: IO[bytes]) -> None:
        head = file.read(8)
        if head == _COMPOUND:
            encrypted = any(_ENCRYPTED in piece for piece in _pieces(file))
            raise Unreadable(
                _("This file is locked with a password. Remove the password in Word and save it again.")
                if encrypted
                else _("This is a file of an older Word (.doc). Open it in Word and save it as .docx.")
            )
        if not head.startswith(_ZIP):
            raise damaged_file()
        file.seek(0)

    def _check_size(self, size: int) -> None:
        infos = self.zip.infolist()
        if len(infos) > MAX_ENTRIES or sum(info.file_size for info in infos) > MAX_TOTAL:
            raise too_large()
        for info in infos:
            if info.file_size > RATIO_MATTERS and info.file_size > MAX_RATIO * max(info.compress_size, 1):
                raise too_large()
            if info.flag_bits & 1:
                raise Unreadable(_("This file is locked with a password. Remove it and save the file again."))

    def _check_macros(self) -> None:
        types = self.read_bytes("[Content_Types].xml", missing=damaged_file())
        if b"macroEnabled" in types or any("vbaproject" in name.lower() for name in self.entries):
            raise Unreadable(
                _("This file holds macros. Save it in Word as “Word document (.docx)”, without them.")
            )

    def _main_part(self) -> str:
        for kind, target, external in self.relations("").values():
            if kind.endswith("/officeDocument") and not external and target in self.entries:
                return target
        raise damaged_file()

    def read_bytes(self, name: str, *, missing: Unreadable | None = None, most: int = MAX_PART) -> bytes:
        """The raw part, never more than `most` of it whatever the directory says; b"" where there is none."""
        info = self.entries.get(name)
        if info is None:
            if missing:
                raise missing
            return b""
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise damaged_file()
        if info.file_size > most:
            raise too_large()
        try:
            with self.zip.open(info) as part:
                data = part.read(most + 1)
        except _ZIP_ERRORS as error:
            raise damaged_file() from error
        if len(data) > most:
            raise too_large()
        return data

    def xml(self, name: str) -> bytes:
        """A part as UTF-8 in the namespaces of Word's own files. Raises for anything that declares entities."""
        data = self.read_bytes(name)
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            try:
                data = _DECLARATION.sub("", data.decode("utf-16"), count=1).encode()
            except UnicodeError as error:
                raise damaged_file() from error
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
            raise Unreadable(_("This file declares things that Word never writes, and was not read."))
        if _LONG.search(data):
            raise too_large()
        for strict, usual in _STRICT:
            data = data.replace(strict, usual)
        return data

    def tree(self, name: str) -> Node | None:
        """A small part (styles, numbering, relations) as a tree; None where there is none."""
        data = self.xml(name)
        if not data.strip():
            return None
        if data.count(b"<") > MAX_BLOCK_TAGS or data.count(b"=") > MAX_BLOCK_ATTRIBUTES:
            raise too_large()
        try:
            return etree.fromstring(data, etree.XMLParser(**_PARSING))
        except (etree.XMLSyntaxError, ValueError) as error:
            raise damaged_file() from error

    def blocks(self, name: str, root: str, *, level: int) -> Iterator[Node]:
        """Each element at `level` (the root's children are 1) with all that is in it, one at a time."""
        data = self.xml(name)
        if not data.strip():
            return
        parser = etree.XMLPullParser(events=("start", "end"), **_PARSING)
        budget = _ParseBudget()
        depth = count = blocks = 0
        seen_root = False
        for start in range(0, len(data) + 1, _CHUNK):
            piece = data[start : start + _CHUNK]
            budget.add(piece)
            try:
                parser.feed(piece) if piece else parser.close()
            except (etree.XMLSyntaxError, ValueError) as error:
                raise damaged_file() from error
            for event, node in parser.read_events():
                if event == "start":
                    if not depth and not seen_root:
                        seen_root = True
                        if node.tag != root:
                            raise damaged_file()
                    depth += 1
                    count += 1
                    continue
                depth -= 1
                if depth == level:
                    blocks += 1
                    yield node
                    budget.clear()
                    node.clear()
                    while node.getprevious() is not None:
                        del node.getparent()[0]
            if count > MAX_ELEMENTS or blocks > MAX_BLOCKS:
                raise too_large()
        if depth or not seen_root:
            raise damaged_file()

    def relations(self, part: str) -> dict[str, tuple[str, str, bool]]:
        """Id to (kind, target, external) of a part; "" is the package. Inner targets are names of parts."""
        folder, name = posixpath.split(part)
        root = self.tree(posixpath.join(folder, "_rels", f"{name}.rels"))
        found: dict[str, tuple[str, str, bool]] = {}
        for node in root if root is not None else ():
            external = node.get("TargetMode") == "External"
            target = node.get("Target") or ""
            if not external:
                target = posixpath.normpath(posixpath.join("/", folder, unquote(target))).lstrip("/")
            found[node.get("Id") or ""] = (node.get("Type") or "", target, external)
        return found


class _ParseBudget:
    """Counts what the tree holds since it was last cleared, before libxml2 parses it."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.bytes = self.tags = self.attributes = 0

    def add(self, piece: bytes) -> None:
        self.bytes += len(piece)
        self.tags += piece.count(b"<")
        self.attributes += piece.count(b"=")
        if (
            self.bytes > MAX_BLOCK_BYTES
            or self.tags > MAX_BLOCK_TAGS
            or self.attributes > MAX_BLOCK_ATTRIBUTES
        ):
            raise too_large()


_PARSING: dict[str, Any] = {
    "resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False,
    "remove_comments": True, "remove_pis": True, "encoding": "utf-8",
}  # fmt: skip


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    """The file in pieces that overlap by more than the longest word looked for."""
    before = b""
    while piece := file.read(1024 * 1024):
        yield before + piece
        before = piece[-64:]
