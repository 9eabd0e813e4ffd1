"""Production refuses to start on an unsafe value, and says in one sentence which."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAFE = {
    "DEBUG": "0",
    "SECRET_KEY": "s3cret-" + "abcdefghij0123456789" * 3,
    "ALLOWED_HOSTS": "news.example.org",
    "SITE_URL": "https://news.example.org",
    "PATH": os.environ["PATH"],
    "DJANGO_SETTINGS_MODULE": "newsroom.settings",
}


def run(tmp_path, *arguments, **environment):
    wanted = {**SAFE, "DATA_DIR": str(tmp_path), **environment}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={key: value for key, value in wanted.items() if value is not None},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY is not set"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is too short"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS has a wildcard"),
        ({"DEBUG": "1"}, "ALLOWED_HOSTS names news.example.org, which is not this machine"),
        ({"SITE_URL": "news.example.org"}, "SITE_URL must be a whole address"),
        ({"DEBUG": "maybe"}, "DEBUG"),
        ({"LANGUAGE_CODE": "tlh"}, "LANGUAGES does not name"),
    ],
)
def test_an_unsafe_value_stops_the_start(tmp_path, change, sentence):
    done = run(tmp_path, "check", **change)
    assert done.returncode != 0
    assert sentence in done.stderr


def test_the_deployment_check_is_clean(tmp_path):
    done = run(tmp_path, "check", "--deploy", "--fail-level", "INFO")
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout + done.stderr
