"""The newsroom beside Wagtail with footnotes: the same texts, the same database server, the same client, in one run.

Wagtail stands in an environment of its own (`.venv-beside`, pinned in `requirements.txt`), with a site as its documentation sets one
up (`site/`). `BENCH_BESIDE` is the number of texts (10,000); those in English are what both have, a tenth is in other languages and
stands in the newsroom alone.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench._postgres import Postgres, postgres

ROOT = Path(__file__).resolve().parents[2]
HERE, VENV = Path(__file__).parent, ROOT / ".venv-beside"
COUNT = int(os.environ.get("BENCH_BESIDE", "10000"))


def main() -> None:
    """Both, and their ratio."""
    with postgres() as server:
        ours = newsroom(server, COUNT)
        theirs = wagtail(server, COUNT)
    print(f"{'':26}{'newsroom':>18}{'Wagtail':>20}{'web':>9}{'database':>10}")
    for name, cost in theirs["pages"].items():
        here = ours["pages"][name]
        print(
            f"{name:26}{here['web']:8.2f} +{here['database']:8.2f}{cost['web']:10.2f} +{cost['database']:8.2f}"
            f"{ratio(here['web'], cost['web']):>9}{ratio(here['database'], cost['database']):>10}"
        )
    print(f"{'memory, MB':26}{ours['memory']:8.0f}{'':10}{theirs['memory']:10.0f}")


def ratio(ours: float, theirs: float) -> str:
    """As a fraction of theirs."""
    return f"1/{theirs / ours:.1f}" if ours < theirs else f"{ours / max(theirs, 0.01):.1f}"


def newsroom(server: Postgres, count: int) -> dict[str, Any]:
    """The figures of this newsroom with so many releases."""
    return _measured(
        server, f"newsroom_{count}", [sys.executable, "-m", "bench", "pages"], BENCH_COUNT=str(count)
    )


def wagtail(server: Postgres, count: int) -> dict[str, Any]:
    """The figures of Wagtail with those of them that are in English. The newsroom has to be there."""
    python = _environment()
    texts = server.folder / "texts.jsonl"
    with texts.open("w", encoding="utf-8") as file:
        subprocess.run(
            [sys.executable, "-m", "bench.beside.texts", str(count)],
            cwd=ROOT, env=server.environ(f"newsroom_{count}"), check=True, stdout=file,
        )  # fmt: skip
    return _measured(server, "wagtail", [str(python), "-m", "bench.beside.measure", str(texts)])


def _measured(server: Postgres, database: str, command: list[str], **environ: str) -> dict[str, Any]:
    file = server.folder / f"{database}.json"
    subprocess.run(
        command, cwd=ROOT, env={**server.environ(database), "BENCH_JSON": str(file), **environ}, check=True
    )
    found: dict[str, Any] = json.loads(file.read_text())
    return found


def _environment() -> Path:
    """Made where it is missing or older than its list."""
    python, pinned, mark = VENV / "bin" / "python", HERE / "requirements.txt", VENV / "made"
    if not mark.exists() or mark.stat().st_mtime < pinned.stat().st_mtime:
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
        subprocess.run(
            [str(python), "-m", "pip", "install", "--quiet", "--require-hashes", "--only-binary", ":all:", "-r", str(pinned)],
            check=True,
        )  # fmt: skip
        mark.touch()
    return python
