"""Catalogues as they are written (`.po`), as they are compiled (`.mo`), and what the code asks of them; in Python alone."""

import ast
import gettext
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(settings.BASE_DIR)
LOCALES = sorted(path.name for path in (ROOT / "locale").iterdir() if path.is_dir())
DOMAINS = ("django", "djangojs")
NAMES = {"gettext", "gettext_lazy", "gettext_noop", "_", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy", "npgettext"}  # fmt: skip
CONTEXT = "\x04"  # stands between context and words in a compiled catalogue


@dataclass
class Entry:
    """One entry: `key` is its words, with their context before them; `forms` its translations."""

    key: str
    plural: str = ""
    forms: list[str] = field(default_factory=list)
    flags: str = ""


def path_of(locale: str, domain: str, kind: str = "po") -> Path:
    """Where a catalogue stands."""
    return ROOT / "locale" / locale / "LC_MESSAGES" / f"{domain}.{kind}"


def written(locale: str, domain: str) -> list[Entry]:
    """The entries of a `.po`, without its header."""
    found = []
    for block in path_of(locale, domain).read_text(encoding="utf-8").split("\n\n"):
        said: dict[str, str] = {}
        name = flags = ""
        for line in block.splitlines():
            if line.startswith("#,"):
                flags += line[2:]
            if line.startswith("#~"):
                flags += "obsolete"
            if match := re.fullmatch(r'(msg\w+(?:\[\d\])?) (".*")', line):
                name, line = match.groups()
            if line.startswith('"'):
                said[name] = said.get(name, "") + ast.literal_eval(line)
        if said.get("msgid") or "obsolete" in flags:
            key = "".join(
                [said["msgctxt"], CONTEXT] if "msgctxt" in said else [] or [],
            ) + said.get("msgid", "")
            forms = [words for name, words in said.items() if name.startswith("msgstr")]
            found.append(Entry(key, said.get("msgid_plural", ""), forms, flags))
    return found


def compiled(locale: str, domain: str) -> dict[str | tuple[str, int], str]:
    """What a `.mo` says; plural entries stand under (words, number of the form)."""
    with path_of(locale, domain, "mo").open("rb") as file:
        return {key: words for key, words in gettext.GNUTranslations(file)._catalog.items() if key}


def asked_by_code() -> Iterator[tuple[str, Path]]:
    """Everything that Python and templates ask the catalogue `django` for, and where."""
    for folder in ("newsroom", "releases"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield from ((key, path) for key in _in_python(path.read_text(encoding="utf-8")))
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.is_file():
            yield from ((key, path) for key in _in_template(path.read_text(encoding="utf-8")))


def asked_by_scripts() -> Iterator[tuple[str, Path]]:
    """Everything that scripts ask the catalogue `djangojs` for, and where."""
    for path in sorted((ROOT / "static" / "js").rglob("*.js")):
        text = path.read_text(encoding="utf-8")
        for match in re.finditer(r'\bn?gettext\(\s*("(?:[^"\\\n]|\\.)*")', text):
            yield ast.literal_eval(match[1]), path


def unreadable() -> list[str]:
    """Calls whose words are no literal: `makemessages` does not find them."""
    found = []
    for folder in ("newsroom", "releases"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for call in _calls(ast.parse(path.read_text(encoding="utf-8"))):
                if call.args and not isinstance(call.args[0], ast.Constant):
                    found.append(f"{path.relative_to(ROOT)}: {ast.unparse(call)}")
    for path in sorted((ROOT / "static" / "js").rglob("*.js")):
        for match in re.finditer(r"\bn?gettext\(\s*[^\s\")]", path.read_text(encoding="utf-8")):
            found.append(f"{path.relative_to(ROOT)}: {match[0]}")
    return found


def placeholders(words: str) -> list[str]:
    """What stands for something else in `words`: %(name)s, %s, {name}, {}, and the tags of HTML."""
    return sorted(
        re.findall(r"%\(\w+\)0?\d*[a-z]|(?<!%)%[sd](?![a-z])|\{\w*\}|<\w+|</\w+>", words.replace("%%", ""))
    )


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in NAMES:
            yield node


def _in_python(text: str) -> Iterator[str]:
    for call in _calls(ast.parse(text)):
        words = [one.value for one in call.args if isinstance(one, ast.Constant)]
        if words:
            assert isinstance(call.func, ast.Name)
            yield CONTEXT.join(words[:2]) if "pgettext" in call.func.id else words[0]


def _in_template(text: str) -> Iterator[str]:
    made = templatize(text)
    for match in re.finditer(r"(?<!\w)(?:n?p?gettext|_)\(", made):
        end = match.end()
        while end := made.find(")", end) + 1:
            try:
                yield from _in_python(made[match.start() : end])
                break
            except SyntaxError:
                continue
