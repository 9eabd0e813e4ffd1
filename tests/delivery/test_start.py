"""What a process imports before its first answer."""

import os
import re
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


def test_who_serves_looks_for_garbage_in_what_came_after_the_imports():
    """With an address that is not this machine's the server ends before it serves."""
    code = (
        "import gc, runpy, sys; whole = []\n"
        "gc.callbacks.append(lambda phase, info: info['generation'] == 2 and whole.append(phase))\n"
        "try: runpy.run_module('newsroom.serve', run_name='__main__')\n"
        "except SystemExit as ended: print(ended.code, len(whole), gc.isenabled())\n"
        "from newsroom import serve; serve.settle(); print(gc.get_freeze_count() > 100_000, gc.isenabled())"
    )
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        "DEBUG": "1",
        "BIND": "192.0.2.1",
    }
    out = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert out.stdout.split() == ["1", "0", "False", "True", "True"]


def test_whoever_starts_the_site_starts_the_server_whose_processes_share_what_was_imported_once():
    """That they share it, and what a process takes, is measured in test_serve.py."""
    for name in ("Makefile", "Containerfile", "docs/operators.md"):
        assert re.search(r"-m\W+newsroom\.serve", (ROOT / name).read_text()), name
