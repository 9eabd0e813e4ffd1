"""What the documents for newcomers name is there: paths, modules, make targets, links."""

import re
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/architecture.md", "docs/releasing.md", "docs/languages.md", "docs/security.md")  # fmt: skip
TARGETS = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def text_of(document):
    return (ROOT / document).read_text("utf-8")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_paths_that_a_document_names_are_there(document):
    named = re.findall(
        r"`((?:releases|newsroom|static|templates|tests|docs|locale)/[\w./-]*|[\w-]+\.(?:md|toml|in|txt|py))`",
        text_of(document),
    )
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_modules_and_names_that_a_document_names_are_there(document):
    missing = []
    for dotted in re.findall(r"`((?:releases|newsroom)\.[\w.]+)`", text_of(document)):
        module, _dot, name = dotted.rpartition(".")
        if not hasattr(import_module(module), name):
            try:
                import_module(dotted)
            except ImportError:
                missing.append(dotted)
    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_tests_that_a_document_names_are_there(document):
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", text_of(document))
    assert [
        f"{path}::{name}" for path, name in named if f"def {name}(" not in (ROOT / path).read_text("utf-8")
    ] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_make_targets_that_a_document_names_are_there(document):
    named = set(re.findall(r"(?:`|^    )make ([\w-]+)", text_of(document), re.MULTILINE))
    assert named - TARGETS == set()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_of_a_document_lead_to_files(document):
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text_of(document))
    assert [link for link in links if not (ROOT / document).parent.joinpath(link).exists()] == []


def test_each_decision_has_a_number_of_its_own_and_says_it():
    files = sorted((ROOT / "docs/decisions").glob("*.md"))
    numbers = [int(file.name[:4]) for file in files]
    assert numbers == list(range(1, len(files) + 1))
    titles = [file.read_text("utf-8").partition("\n")[0] for file in files]
    assert [int(re.match(r"# (\d+)\.? ", title)[1]) for title in titles] == numbers
