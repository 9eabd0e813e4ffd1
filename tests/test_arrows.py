"""Imports run one way: what stands right may import what stands left, never the other way round."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Each row may import the rows above it, and what shares its own row only within the same name.
ORDER = [
    {"text", "pictures", "addresses", "clock", "numbers"},
    {"languages"},
    {"models", "migrations"},
    {"permissions", "search", "editions", "outbox", "checklist", "sources"},
    {"workflow"},
    {"intake", "widgets"},
    {"forms"},
    {"reading"},
    {"views", "feeds", "sitemaps", "templatetags", "tasks"},
    {"urls", "admin"},
    {"mirror", "sample", "management"},
]
RANK = {name: rank for rank, names in enumerate(ORDER) for name in names}
# What answers readers or staff: each is made of `reading`, and none of these imports another.
APART = {"views", "feeds", "sitemaps", "templatetags", "admin"}
FREE = {"apps", "__init__"}
# What the site's own package may be asked for by the domain.
NEWSROOM_LEAVES = ("newsroom.accounts.", "newsroom.http")


def modules():
    return sorted((ROOT / "releases").rglob("*.py"))


def place(path):
    parts = path.relative_to(ROOT / "releases").parts
    return Path(parts[0]).stem


def imports(path):
    """Every import of the file, wherever in it, as dotted names."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module
            if node.module in {"releases", "newsroom"}:
                yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_only_what_stands_left_of_it(path):
    here = place(path)
    if here in FREE:
        return
    assert here in RANK, f"{here} has no place in the order: give it one in ORDER"
    for name in imports(path):
        parts = name.split(".")
        if parts[0] == "newsroom":
            assert here == "management" or name.startswith(NEWSROOM_LEAVES), f"{path} imports {name}"
        if parts[0] != "releases" or len(parts) < 2 or parts[1] not in RANK:
            continue
        there = parts[1]
        assert there == here or RANK[there] <= RANK[here], f"{here} imports {there}, which stands right of it"
        assert there == here or not {here, there} <= APART, f"{here} imports {there}: share it in reading"


@pytest.mark.parametrize(
    "path", sorted((ROOT / "releases" / "text").rglob("*.py")), ids=lambda path: path.name
)
def test_the_text_package_knows_nothing_of_django(path):
    assert not [
        name for name in imports(path) if name.split(".")[0] in {"django", "releases.models", "newsroom"}
    ]


def test_no_two_modules_of_a_row_import_each_other_in_a_circle():
    arrows = {
        (place(path), name.split(".")[1])
        for path in modules()
        for name in imports(path)
        if name.startswith("releases.") and place(path) in RANK
    }
    circles = [(a, b) for a, b in arrows if a != b and (b, a) in arrows]
    assert not circles


def test_the_top_level_holds_no_further_package():
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages <= {"newsroom", "releases", "tests", "bench"}
