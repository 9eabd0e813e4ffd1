"""Every kind of public page is HTML without an error, by the W3C's own checker (https://validator.github.io/validator/)."""

import json
import os
import shutil
import subprocess
from collections import ChainMap
from pathlib import Path

import pytest
from django.conf import settings

from tests.every_page import every_page

# `npm install vnu-jar` in the project's folder brings it; or the environment names the file.
CHECKER = Path(os.environ.get("VNU_JAR") or settings.BASE_DIR / "node_modules/vnu-jar/build/dist/vnu.jar")

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        not CHECKER.is_file() or shutil.which("java") is None,
        reason="the HTML checker or Java is not installed",
    ),
]


def check(*files):
    """What the checker says of files of HTML; warnings are errors too."""
    made = subprocess.run(
        ["java", "-jar", CHECKER, "--format", "json", "--exit-zero-always", "--stdout", *files],
        capture_output=True, timeout=300, check=True,
    )  # fmt: skip
    said = json.loads(made.stdout)["messages"]
    return [(Path(one["url"]).name, one["message"], one.get("extract", "")) for one in said]


def test_no_page_has_an_error(client, make_release, make_topic, make_picture, editor, settings, tmp_path):
    makers = {"make_release": make_release, "make_topic": make_topic, "make_picture": make_picture}
    made = dict(ChainMap(*every_page(**makers, editor=editor, settings=settings).values()))
    files = []
    for path, status in made.items():
        answer = client.get(path)
        assert answer.status_code == status, path
        files.append(tmp_path / f"{len(files):03}{path.replace('/', '_')[:60]}.html")
        files[-1].write_bytes(answer.content)
    assert check(*files) == []


def test_the_checker_objects_to_what_is_wrong(tmp_path):
    wrong = tmp_path / "wrong.html"
    wrong.write_text('<!doctype html><html lang="en"><title>x</title><p id="a"><p id="a"><img src="x">')
    assert len(check(wrong)) >= 2
