"""A process that is killed amid an upload, a backup or a restoration, before each of its file operations and statements (six of them
by default, all in the deep run): nothing is lost, nothing is half, and it can be done after all."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.workflow.test_kills import address_of_the_database

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    "what", ["backup", *(pytest.param(what, marks=pytest.mark.alike) for what in ("upload", "restore"))]
)
def test_killed_at_every_step(what, tmp_path):
    environment = {
        **os.environ, "DATABASE_URL": address_of_the_database(), "DATA_DIR": str(tmp_path), "DEBUG": "1",
        "CACHE_URL": "locmem://", "LOG_LEVEL": "ERROR", "DJANGO_SETTINGS_MODULE": "newsroom.settings", "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--verbosity", "0", "-c",
         f"from tests.safety.killing import main; main({what!r})"],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=3600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    found = json.loads(done.stdout.splitlines()[-1])
    print(found)
    assert found["amid"] >= min(found["kills"] - 2, 4)
    assert found["steps"] >= 20
