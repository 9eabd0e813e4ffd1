"""How a release is cited: as plain words, BibTeX, RIS and CSL-JSON."""

import json
import re
from dataclasses import dataclass
from datetime import date
from typing import Final

_BIBTEX: Final = str.maketrans(
    {
        "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "%": r"\%", "#": r"\#",
        "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Reference:
    """What a citation says. `identifier` is the release's for ever (a URN), `address` its permanent page;
    `revised` is the day of its last change of substance, if there was one."""

    identifier: str
    title: str
    publisher: str
    address: str
    published: date
    revised: date | None
    language: str
    kind: str = "Press release"

    @property
    def key(self) -> str:
        """A key for lists of references: letters and digits alone."""
        name = re.sub(r"[^a-z0-9]", "", self.publisher.casefold())[:20] or "release"
        return f"{name}{self.published.year}{self.identifier.rpartition(':')[2][:6]}"


def plain(reference: Reference) -> str:
    """One line. Dates are ISO's, which need no language."""
    revised = f" (revised {reference.revised.isoformat()})" if reference.revised else ""
    words = _one_line(reference.title)
    end = "" if words.endswith((".", "?", "!", "。", "？", "！", "།")) else "."
    return (
        f"{_one_line(reference.publisher)}. “{words}{end}” {reference.kind}, "
        f"{reference.published.isoformat()}{revised}. {reference.address}"
    )


def bibtex(reference: Reference) -> str:
    """BibTeX, as biblatex's `@online` with what older styles need beside it. UTF-8."""
    fields = {
        "title": f"{{{_bibtex(reference.title)}}}",
        "author": f"{{{_bibtex(reference.publisher)}}}",
        "publisher": _bibtex(reference.publisher),
        "year": str(reference.published.year),
        "date": reference.published.isoformat(),
        "howpublished": reference.kind,
        "url": reference.address,
        "langid": reference.language,
    }
    if reference.revised:
        fields["note"] = f"Revised {reference.revised.isoformat()}"
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@online{{{reference.key},\n{lines}}}\n"


def ris(reference: Reference) -> str:
    """RIS: two letters, two spaces, a hyphen and a space before each value, lines ended as the format has them."""
    rows = [
        ("TY", "PRESS"),
        ("TI", _one_line(reference.title)),
        ("AU", f"{_one_line(reference.publisher)},"),  # a name before the comma is not taken apart
        ("PB", _one_line(reference.publisher)),
        ("PY", str(reference.published.year)),
        ("DA", reference.published.strftime("%Y/%m/%d")),
        ("LA", reference.language),
        ("UR", reference.address),
        ("ID", reference.key),
    ]
    if reference.revised:
        rows.append(("N1", f"Revised {reference.revised.isoformat()}"))
    return "".join(f"{tag}  - {value}\r\n" for tag, value in [*rows, ("ER", "")])


def csl_json(reference: Reference) -> str:
    """CSL-JSON (citeproc's schema 1.0): a list of one item."""
    item: dict[str, object] = {
        "id": reference.identifier,
        "type": "webpage",
        "genre": reference.kind,
        "title": _one_line(reference.title),
        "author": [{"literal": reference.publisher}],
        "publisher": reference.publisher,
        "issued": {"date-parts": [_parts(reference.published)]},
        "URL": reference.address,
        "language": reference.language,
    }
    if reference.revised:
        item["note"] = f"Revised {reference.revised.isoformat()}"
    return json.dumps([item], ensure_ascii=False, indent=1) + "\n"


def _parts(day: date) -> list[int]:
    return [day.year, day.month, day.day]


def _one_line(words: str) -> str:
    """Nothing may look like another field."""
    if not words.isprintable():
        words = "".join(c if c.isprintable() else " " for c in words)
    return " ".join(words.split())


def _bibtex(words: str) -> str:
    return _one_line(words).translate(_BIBTEX)
