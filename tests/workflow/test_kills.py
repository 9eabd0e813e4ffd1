"""A process that is killed amid a verb, by SIGKILL, at every statement and at any moment: it is done wholly or not at all.

At four moments besides the statements, at fifty in the deep run; KILLS=200 in the environment makes it two hundred.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from tests.workflow.killing import AT_ANY_MOMENT

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]


def address_of_the_database():
    """The test's own database, as the environment of another process names it."""
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{known['NAME']}"
    return f"postgres://{known['USER']}:{known['PASSWORD']}@{quote(known['HOST'], safe='')}:{known['PORT']}/{known['NAME']}"


@pytest.mark.parametrize(
    "verb",
    [
        "publish",
        pytest.param("remove_release", marks=pytest.mark.deep),
        pytest.param("correct", marks=pytest.mark.alike),
        pytest.param("withdraw", marks=pytest.mark.alike),
        pytest.param("schedule", marks=pytest.mark.deep),  # to publish, at another time
    ],
)
def test_killed_at_every_statement_and_at_any_moment_a_verb_is_done_wholly_or_not_at_all(verb, tmp_path):
    environment = {
        **os.environ, "DATABASE_URL": address_of_the_database(), "DATA_DIR": str(tmp_path), "DEBUG": "1",
        "CACHE_URL": "locmem://", "WEBSUB_HUB": "https://hub.example.org/", "LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "newsroom.settings", "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--verbosity", "0", "-c",
         f"from tests.workflow.killing import main; main({verb!r})"],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=900 + 20 * AT_ANY_MOMENT, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    print(done.stdout)
    assert found["statements"] >= 8
    # At each of its statements, except those behind the commit in which the hub is told, it was killed and not done.
    assert found["undone"] >= found["statements"]
    assert found["done"] >= 1
    assert found.get("integrity", "ok") == "ok"
