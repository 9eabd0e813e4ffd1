"""The operator's guide, followed to the letter on an empty machine; and what `make serve` and `make demo` do."""

import os
import re
import shutil
import stat
import subprocess
import sys
import time
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.delivery.test_caches import free_port

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "operators.md").read_text()
PARTS = ("manage.py", "Makefile", "requirements.txt", "newsroom", "releases", "templates", "static", "locale")
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE)
# Installing is what the tests' own environment has behind it; gathering the same files again takes long and shows nothing.
INSTALLS = re.compile(r"^(?:python3 -m venv|\.venv/bin/pip install) .*\n", re.MULTILINE)
COLLECTS = ".venv/bin/python manage.py collectstatic --noinput\n"


class Machine:
    """A home folder with the newsroom in it, and nothing in its environment."""

    def __init__(self, home):
        self.home, self.folder, self.port = home, home / "newsroom", free_port()
        self.folder.mkdir(parents=True)
        for part in PARTS:
            source = ROOT / part
            copy = shutil.copytree if source.is_dir() else shutil.copy
            copy(
                source,
                self.folder / part,
                **({"ignore": shutil.ignore_patterns("__pycache__")} if source.is_dir() else {}),
            )
        (self.folder / ".venv").symlink_to(sys.prefix)
        self.pages, self.said = {}, ""

    def follow(self, block):
        """Run a frame of the guide as somebody would who copies it into a new terminal."""
        script = INSTALLS.sub("", block).replace("8000", str(self.port))
        command = ["bash", "-euo", "pipefail", "-c", script]
        environment = {"HOME": str(self.home), "PATH": f"{sys.prefix}/bin:{os.defpath}", "LANG": "C.UTF-8"}
        options = {
            "cwd": self.folder,
            "env": environment,
            "text": True,
            "umask": 0o022,
            "stderr": subprocess.STDOUT,
        }
        if "newsroom.serve" in block:
            with subprocess.Popen(command, stdout=subprocess.DEVNULL, **options) as server:
                try:
                    for path in ("/readyz", "/", "/admin/", "/accounts/login/"):
                        self.pages[path] = self.get(path)
                finally:
                    server.terminate()
        else:
            done = subprocess.run(command, stdout=subprocess.PIPE, timeout=300, check=False, **options)
            assert done.returncode == 0, f"{script}\n{done.stdout}"
            self.said += done.stdout

    def get(self, path):
        for _ in range(300):
            try:
                with closing(HTTPConnection("127.0.0.1", self.port, timeout=30)) as web:
                    web.request(
                        "GET", path, headers={"Host": "news.example.org", "X-Forwarded-Proto": "https"}
                    )
                    answer = web.getresponse()
                    return answer.status, answer.read().decode()
            except OSError:
                time.sleep(0.1)
        raise AssertionError("the server does not start")


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    """A machine on which the whole guide has been followed."""
    made, collected = Machine(tmp_path_factory.mktemp("machine") / "home"), False
    for block in BLOCKS:
        made.follow(block.replace(COLLECTS, "") if collected else block)
        collected = collected or COLLECTS in block
    return made


def test_the_guide_works_to_the_letter(machine):
    assert {path: status for path, (status, _text) in machine.pages.items()} == {
        "/readyz": 200, "/": 200, "/admin/": 302, "/accounts/login/": 200,
    }  # fmt: skip
    assert 'href="https://news.example.org/"' in machine.pages["/"][1]
    assert "System check identified no issues" in machine.said
    assert "Made the login “anna”, role chief." in machine.said


def test_static_files_are_gathered_under_hashed_names_with_their_modules_rewritten(machine):
    static = machine.home / "newsroom-data" / "static"
    door = next(static.glob("js/editor/tiptap.*.js"))
    assert 'from "../../django_prose_editor/editor.' in door.read_text()
    assert "/editor.js" not in door.read_text()
    main = next(static.glob("js/editor/main.*.js"))
    imported = re.findall(r'^import [^;]*?"(\./[^"]+)";', main.read_text(), re.MULTILINE)
    assert len(imported) > 5
    assert [one for one in imported if not re.search(r"\.[0-9a-f]{12}\.js$", one)] == []


def test_what_the_site_writes_is_for_its_own_account_alone(machine):
    """Under the umask that machines come with, with which all could read."""
    folders = [machine.home / name for name in ("newsroom-data", "export", "backup")]
    written = [
        machine.folder / ".env",
        *folders,
        *(one for folder in folders for one in folder.rglob("*")),
    ]
    assert {one.name for one in written} > {"newsroom.sqlite3", "media", "cache", "newsroom.jsonl"}
    assert [one for one in written if stat.S_IMODE(one.stat().st_mode) & 0o077] == []


def test_the_service_starts_what_was_tried_by_hand():
    unit = re.search(r"^ExecStart=/home/newsroom/newsroom/(.*)$", GUIDE, re.MULTILINE)
    assert [unit[1]] == [block.strip() for block in BLOCKS if "newsroom.serve" in block]


# ------------------------------------------------------------------ make


def steps(tmp_path, target):
    """What make would do, where nothing has to be installed."""
    if not shutil.which("make"):
        pytest.skip("make is not installed")
    (tmp_path / ".run").touch()
    done = subprocess.run(
        ["make", "--dry-run", target, f"VENV={tmp_path}", f"DATA_DIR={tmp_path}/data"],
        cwd=ROOT, env={"PATH": os.environ["PATH"], "ENV_FILE": os.devnull}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [
        one for one in re.findall(r"manage\.py (\w+)|-m newsroom\.(serve)", done.stdout) for one in one if one
    ]


def test_make_serve_is_for_production_and_make_demo_has_a_sample_and_a_login(tmp_path):
    assert steps(tmp_path, "serve") == ["migrate", "collectstatic", "serve"]
    assert steps(tmp_path, "demo") == ["migrate", "load_sample", "create_login", "collectstatic", "serve"]
    assert steps(tmp_path, "run") == ["migrate", "load_sample", "create_login", "runserver"]
