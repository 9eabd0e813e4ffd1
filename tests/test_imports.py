"""Who imports whom: the contracts of `[tool.importlinter]` in pyproject.toml, and what they cannot say."""

from pathlib import Path

from importlinter.application.use_cases import lint_imports
from importlinter.configuration import configure

ROOT = Path(__file__).resolve().parent.parent


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
