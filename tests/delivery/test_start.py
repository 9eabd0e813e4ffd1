"""What a process imports before its first answer."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# What the first search, the first save or the first Word file needs, and nothing else.
LATER = {
    "opencc",
    "snowballstemmer",
    "lxml.html",
    "releases.intake.docx",
    "releases.sample",
    "redis",
    "qrcode",
}


def test_a_site_that_starts_imports_what_its_first_page_needs():
    code = (
        "import sys; from newsroom.wsgi import application; import newsroom.urls;"
        f"print(sorted({LATER!r} & set(sys.modules)))"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "newsroom.settings", "DEBUG": "1"}
    environment.pop("CACHE_URL", None)
    out = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert out.stdout.strip() == "[]"


def test_workers_share_what_the_server_imported_once():
    for name in ("Makefile", "Containerfile", "docs/operators.md"):
        starts = [line for line in (ROOT / name).read_text().split("gunicorn")[1:] if "newsroom.wsgi" in line]
        assert starts, name
        assert all("--preload" in start for start in starts), name
