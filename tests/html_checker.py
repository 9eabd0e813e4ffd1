"""The W3C's own checker of HTML (https://validator.github.io/validator/), where it and Java are there."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

# `npm install vnu-jar` in the project's folder brings it; or the environment names the file.
CHECKER = Path(os.environ.get("VNU_JAR") or settings.BASE_DIR / "node_modules/vnu-jar/build/dist/vnu.jar")

needs_checker = pytest.mark.skipif(
    not CHECKER.is_file() or shutil.which("java") is None, reason="the HTML checker or Java is not installed"
)
# The page as it stands after its scripts; style attributes that they set are the browser's own spelling.
AS_IT_STANDS = "'<!doctype html>' + document.documentElement.outerHTML"


def check(*files: Path) -> list[tuple[str, str, str]]:
    """What the checker says of files of HTML: file, message, extract. Warnings are errors too."""
    made = subprocess.run(
        ["java", "-jar", CHECKER, "--format", "json", "--exit-zero-always", "--stdout", *files],
        capture_output=True, timeout=300, check=True,
    )  # fmt: skip
    said = json.loads(made.stdout)["messages"]
    return [(Path(one["url"]).name, one["message"], one.get("extract", "")) for one in said]
