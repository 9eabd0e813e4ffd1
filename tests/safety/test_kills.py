"""A process that is killed amid an upload, a backup, a restoration or the removal of a name, before each of its file operations and
statements (some of them by default, all in the deep run): nothing is lost, nothing is half, and it can be done after all."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.workflow.test_kills import address_of_the_database

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]


def test_killed_at_every_step_nothing_is_lost_and_nothing_is_half(tmp_path):
    environment = {
        **os.environ, "DATABASE_URL": address_of_the_database(), "DATA_DIR": str(tmp_path), "DEBUG": "1",
        "CACHE_URL": "locmem://", "LOG_LEVEL": "ERROR", "DJANGO_SETTINGS_MODULE": "newsroom.settings", "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--verbosity", "0", "-c",
         "from tests.safety.killing import main; main()"],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=3600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    found = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    print(found)
    assert len(found) == 4
    for one in found:
        # Beside an earlier backup the next one has fewer steps than the first, and the last kills come when it has ended.
        assert one["amid"] >= one["kills"] / 2 > 0
        assert one["steps"] >= 20
