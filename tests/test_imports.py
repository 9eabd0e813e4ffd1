"""Who imports whom: the contracts of `[tool.importlinter]` in pyproject.toml, and what they cannot say. How long a module may be."""

from pathlib import Path

from importlinter.application.use_cases import lint_imports
from importlinter.configuration import configure

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 350  # lines
LONGER = {
    "newsroom/settings.py": 450,  # settings are one file, in the order of README's table
}


def test_imports_keep_to_the_contracts(capsys):
    configure()
    kept = lint_imports(config_filename=str(ROOT / "pyproject.toml"), cache_dir=None, no_logo=True)
    assert kept, capsys.readouterr().out


def test_every_folder_of_modules_is_a_package_for_others_are_not_looked_at():
    folders = {path.parent for name in ("releases", "newsroom") for path in (ROOT / name).rglob("*.py")}
    assert [folder for folder in folders if not (folder / "__init__.py").exists()] == []


def test_the_top_level_holds_no_further_package():
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages <= {"newsroom", "releases", "tests", "bench"}


def test_a_module_is_read_in_one_go():
    """One that has become longer is two thoughts, or says a third one at length (decision 47)."""
    modules = [path for name in ("releases", "newsroom") for path in (ROOT / name).rglob("*.py")]
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines())
        for path in modules
        if path.parent.name != "migrations"
    }
    assert {path: lines for path, lines in lengths.items() if lines > LONGER.get(path, LONGEST)} == {}
    assert set(LONGER) <= set(lengths)
