"""Production refuses to start on an unsafe value, and says in one sentence which."""

import json
import os
import re
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
    "ENV_FILE": os.devnull,
    "DJANGO_SETTINGS_MODULE": "newsroom.settings",
}


def read(tmp_path, code="import newsroom.settings", **environment):
    """Read the settings in a process of their own."""
    return python(tmp_path, "-c", code, **environment)


def run(tmp_path, *arguments, **environment):
    """Run a command of manage.py."""
    return python(tmp_path, "manage.py", *arguments, **environment)


def with_safe(folder, change):
    wanted = {**SAFE, "DATA_DIR": str(folder), **change}
    return {key: value for key, value in wanted.items() if value is not None}


def python(tmp_path, *arguments, **environment):
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=with_safe(tmp_path, environment),
        capture_output=True,
        text=True,
        check=False,
        umask=0o022,  # as machines come
        timeout=120,
    )


# Python and Django are started once for all of them; each is then tried by a process that has read no settings yet.
TRY_EACH = """
import contextlib, json, os, sys, traceback
import django.conf, environs
for number, environment in enumerate(json.load(sys.stdin)):
    sys.stdout.flush()
    if not os.fork():
        os.environ.clear()
        os.environ.update(environment)
        os.dup2(os.open(f"{sys.argv[1]}/{number}", os.O_CREAT | os.O_WRONLY), 2)
        try:
            import newsroom.settings
        except BaseException:
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(1)
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.wait()[1]))
"""


UNSAFE = [
    ({"SECRET_KEY": None}, "SECRET_KEY is not set"),
    ({"SECRET_KEY": "short"}, "SECRET_KEY is too short"),
    ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS has a wildcard"),
    ({"DEBUG": "1"}, "ALLOWED_HOSTS names news.example.org, which is not this machine"),
    ({"SITE_URL": "news.example.org"}, "SITE_URL must be a whole address"),
    ({"DEBUG": "maybe"}, "DEBUG"),
    ({"LANGUAGE_CODE": "tlh"}, "LANGUAGES does not name"),
    (
        {"ALLOWED_HOSTS": "news.example.org,.example.org"},
        "ALLOWED_HOSTS has .example.org, which lets in every",
    ),
    ({"ALLOWED_HOSTS": "news.*.org"}, "ALLOWED_HOSTS has a wildcard"),
    ({"SITE_URL": "http://news.example.org"}, "SITE_URL is http://news.example.org: without https"),
    ({"SITE_URL": "http://10.0.0.8:8000"}, "SITE_URL is http://10.0.0.8:8000: without https"),
    ({"SECOND_FACTOR_REQUIRED": "0"}, "SECOND_FACTOR_REQUIRED is off"),
    (
        {"ACCEPTED_RISKS": "http,everything"},
        "ACCEPTED_RISKS knows http, subdomains and one-factor, not 'everything'",
    ),
    # A risk that is accepted is no other.
    (
        {"SITE_URL": "http://news.example.org", "ACCEPTED_RISKS": "subdomains,one-factor"},
        "SITE_URL is http",
    ),
    ({"ALLOWED_HOSTS": "*", "ACCEPTED_RISKS": "subdomains"}, "ALLOWED_HOSTS has a wildcard"),
    ({"WEBSUB_HUB": "hub"}, "WEBSUB_HUB must be a whole address"),
    ({"PAGE_CACHE_MB": "0"}, "PAGE_CACHE_MB must be at least 1"),
    ({"STORAGE_URL": "s3:bucket"}, "STORAGE_URL must be an address such as s3://bucket/folder"),
    ({"STORAGE_URL": "https://bucket.example"}, "STORAGE_URL must be an address such as s3://"),
    (
        {"STORAGE_URL": "s3://bucket/?endpoint=minio:9000"},
        "The endpoint of STORAGE_URL must be a whole address",
    ),
    ({"STORAGE_URL": "s3://bucket/?acl=public-read"}, "knows endpoint, region and style, not 'acl'"),
    ({"STORAGE_URL": "s3://key@bucket/"}, "names a key without its secret"),
    ({"STORAGE_URL": "s3://bucket/?style=odd"}, "must be path or virtual"),
    ({"DATABASE_URL": "postgres//nowhere"}, "DATABASE_URL must be an address such as postgres://"),
    ({"DATABASE_POOLER": "session", "DATABASE_URL": "postgres://a/b"}, "must be transaction or empty"),
    ({"DATABASE_POOLER": "transaction"}, "DATABASE_POOLER is for PostgreSQL"),
    ({"REPLICA_URLS": "postgres://a/b"}, "REPLICA_URLS names replicas of PostgreSQL"),
    ({"REPLICA_URLS": "sqlite:///b", "DATABASE_URL": "postgres://a/b"}, "REPLICA_URLS names replicas"),
    ({"DATABASE_DIRECT_URL": "sqlite:///b"}, "DATABASE_DIRECT_URL names the PostgreSQL server"),
]


@pytest.fixture(scope="module")
def tried(tmp_path_factory):
    """The exit status and the last line of an error of each."""
    folder = tmp_path_factory.mktemp("tried")
    environments = [with_safe(folder, change) for change, _sentence in UNSAFE]
    done = subprocess.run(
        [sys.executable, "-c", TRY_EACH, str(folder)],
        cwd=ROOT, env=with_safe(folder, {}), input=json.dumps(environments), capture_output=True, text=True, check=True,
        timeout=120,
    )  # fmt: skip
    return [
        (int(status), ((folder / str(number)).read_text().splitlines() or [""])[-1])
        for number, status in enumerate(done.stdout.split())
    ]


@pytest.mark.parametrize("number", range(len(UNSAFE)), ids=lambda number: UNSAFE[number][1][:40])
def test_an_unsafe_value_stops_the_start(tried, number):
    status, error = tried[number]
    assert status != 0
    assert UNSAFE[number][1] in error


@pytest.mark.parametrize(
    ("change", "risk"),
    [
        ({"SITE_URL": "http://news.example.org"}, "http"),
        ({"ALLOWED_HOSTS": ".example.org"}, "subdomains"),
        ({"SECOND_FACTOR_REQUIRED": "0"}, "one-factor"),
    ],
)
def test_a_risk_that_is_meant_is_said_in_a_setting_which_the_refusal_names(tmp_path, change, risk):
    refused = read(tmp_path, **change)
    assert f"ACCEPTED_RISKS={risk}." in refused.stderr
    assert read(tmp_path, **change, ACCEPTED_RISKS=risk).returncode == 0


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_this_machine_needs_no_certificate(tmp_path, host):
    assert read(tmp_path, SITE_URL=f"http://{host}:8000", ALLOWED_HOSTS=host).returncode == 0


# ------------------------------------------------------------------ files


def test_the_settings_file_fills_up_the_environment(tmp_path):
    file = tmp_path / "settings.env"
    file.write_text("SITE_URL=https://file.example\nALLOWED_HOSTS=file.example\nTIME_ZONE=Asia/Urumqi\n")
    file.chmod(0o600)
    shown = "import newsroom.settings as s; print(s.SITE_URL, s.ALLOWED_HOSTS, s.TIME_ZONE)"
    done = read(tmp_path, shown, ENV_FILE=str(file), SITE_URL=None, ALLOWED_HOSTS="set.example")
    assert done.stdout == "https://file.example ['set.example'] Asia/Urumqi\n"


def test_a_settings_file_that_others_can_read_stops_the_start(tmp_path):
    file = tmp_path / "settings.env"
    file.write_text("TIME_ZONE=UTC\n")
    file.chmod(0o640)
    assert f"chmod 600 {file}" in read(tmp_path, ENV_FILE=str(file)).stderr


@pytest.mark.parametrize("debug", ["0", "1"])
def test_what_a_process_of_the_site_writes_is_for_its_own_account(tmp_path, debug):
    """Also under `make run`."""
    code = "from newsroom.settings import DATA_DIR as d, FILE_UPLOAD_PERMISSIONS as p; (d / 'new').write_text('x'); print(oct(p))"
    done = read(tmp_path, code, DEBUG=debug, ALLOWED_HOSTS="localhost", DATA_DIR=str(tmp_path / "data"))
    assert done.stdout == "0o600\n"
    modes = [one.stat().st_mode & 0o777 for one in (tmp_path / "data", tmp_path / "data" / "new")]
    assert modes == [0o700, 0o600]


def test_the_key_that_was_made_once_is_the_key_of_every_command(tmp_path):
    (tmp_path / "secret_key").write_text(SAFE["SECRET_KEY"][::-1] + "\n")
    shown = "import newsroom.settings as s; print(s.SECRET_KEY)"
    assert read(tmp_path, shown, SECRET_KEY=None).stdout.strip() == SAFE["SECRET_KEY"][::-1]
    assert read(tmp_path, shown).stdout.strip() == SAFE["SECRET_KEY"]


def test_the_readme_lists_every_variable_that_is_read_and_no_other():
    code = "".join((ROOT / "newsroom" / name).read_text() for name in ("settings.py", "environment.py"))
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', code)) | {"ENV_FILE"}
    table = (ROOT / "README.md").read_text().partition("## Settings")[2].partition("## ")[0]
    listed, family = set(), ""
    for name in re.findall(
        r"`([A-Z…_]+)`", "".join(row.split("|")[1] for row in table.splitlines() if row[:3] == "| `")
    ):
        listed.add(family + name.removeprefix("…_") if name.startswith("…") else name)
        family = family if name.startswith("…") else name.partition("_")[0] + "_"
    assert listed == read


def test_the_deployment_check_is_clean(tmp_path):
    done = run(tmp_path, "check", "--deploy", "--fail-level", "INFO")
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout + done.stderr
