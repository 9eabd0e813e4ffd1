"""The image and what stands around it: in form always, and built where something can build it."""

import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[2]
IMAGE = [
    line for line in (ROOT / "Containerfile").read_text().splitlines() if line and not line.startswith("#")
]
SECRET = re.compile(r"SECRET|PASSWORD|KEY|TOKEN")


def steps(word):
    """What follows an instruction of the Containerfile, in order."""
    return [line.removeprefix(f"{word} ") for line in IMAGE if line.startswith(f"{word} ")]


def read_yaml(text):
    """As much of YAML as compose.yaml needs: mappings by indentation, lists in brackets, an anchor and its merging."""
    anchors, merged, root = {}, [], {}
    open_at = [(-1, root)]
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.strip().startswith("#"):
            continue
        found = re.fullmatch(r"( *)([\w<-]+):(?: (.*))?", line)
        assert found, f"line {number} is more than this reader knows: {line}"
        indent, key, value = len(found[1]), found[2], (found[3] or "").strip()
        while open_at[-1][0] >= indent:
            open_at.pop()
        parent = open_at[-1][1]
        assert isinstance(parent, dict), line
        assert key not in parent, f"line {number} says {key} twice"
        if key == "<<":
            merged.append((parent, value.removeprefix("*")))
        elif not value or value.startswith("&"):
            parent[key] = {}
            open_at.append((indent, parent[key]))
            if value:
                anchors[value.removeprefix("&")] = parent[key]
        else:
            parent[key] = json.loads(value) if value[0] in '["' else value
    for mapping, name in merged:
        mapping.update({key: value for key, value in anchors[name].items() if key not in mapping})
    return root


@pytest.fixture(scope="module")
def compose():
    return read_yaml((ROOT / "compose.yaml").read_text())


def read_settings():
    code = "".join((ROOT / "newsroom" / name).read_text() for name in ("settings.py", "environment.py"))
    return set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', code))


def commands_of(words):
    return re.findall(r"manage\.py (\w+)", shlex.join(words).replace("'", " "))


# ------------------------------------------------------------------ the image


def test_the_image_runs_as_nobody_in_particular():
    assert steps("USER") == ["newsroom"]
    assert [line for line in IMAGE if line.startswith(("USER", "RUN"))][-1] == "USER newsroom"


def test_the_image_holds_what_is_named_and_no_settings():
    copied = [step.split()[:-1] for step in steps("COPY")]
    ignored = (ROOT / ".containerignore").read_text().splitlines()
    assert all((ROOT / one).exists() for names in copied for one in names)
    assert ignored[1] == "*"
    assert sorted(f"!{one}" for names in copied for one in names) == sorted(
        line for line in ignored if line[0] == "!"
    )
    assert (ROOT / ".dockerignore").read_text() == (ROOT / ".containerignore").read_text()
    assert not [
        word
        for step in steps("ENV") + steps("ARG")
        for word in step.split()
        if SECRET.search(word.partition("=")[0])
    ]


def test_the_image_keeps_its_data_outside_of_itself():
    settings = dict(word.split("=") for step in steps("ENV") for word in step.split())
    assert steps("VOLUME") == [settings["DATA_DIR"]] == ["/data"]
    assert set(settings) - {"PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"} <= read_settings()


def test_the_image_serves_as_the_operators_guide_does():
    command = json.loads(steps("CMD")[0])
    guide = (ROOT / "docs" / "operators.md").read_text()
    assert shlex.join(command) in guide
    assert re.search(r"\bBIND=0\.0\.0\.0 PORT=(\d+)", " ".join(steps("ENV")))[1] == steps("EXPOSE")[0]


# ------------------------------------------------------------------ what stands around it


def test_compose_starts_the_site_a_worker_and_what_they_need(compose):
    assert set(compose["services"]) == {"setup", "web", "worker", "database", "cache"}
    for name in ("setup", "web", "worker"):
        service = compose["services"][name]
        assert service["build"] == {"context": ".", "dockerfile": "Containerfile"}
        assert service["cap_drop"] == ["ALL"]
        assert service["read_only"] == "true"
        assert set(service["environment"]) <= read_settings()
        assert service["env_file"] == ".env"
        assert set(service["depends_on"]) <= set(compose["services"])


def test_compose_names_commands_that_are_there(compose):
    named = [one for name in ("setup", "worker") for one in commands_of(compose["services"][name]["command"])]
    assert named == ["migrate", "collectstatic", "db_worker"]
    assert set(named) <= set(get_commands())


def test_compose_leads_to_its_own_services_and_volumes(compose):
    services = compose["services"]
    wanted = [services["web"]["environment"][name] for name in ("DATABASE_URL", "CACHE_URL")]
    assert [re.search(r"(?:@|//)(\w+)(?::\d+)?/\w+$", one)[1] for one in wanted] == ["database", "cache"]
    mounted = {one.split(":")[0] for service in services.values() for one in service.get("volumes", [])}
    assert mounted == set(compose["volumes"])
    assert all(
        port.startswith("127.0.0.1:") for service in services.values() for port in service.get("ports", [])
    )


def test_compose_holds_no_secret(compose):
    for service in compose["services"].values():
        for name, value in service.get("environment", {}).items():
            if SECRET.search(name):
                assert value.startswith("${"), name
            assert not re.search(r"://\w+:(?!\$\{)[^/@]+@", value), name


@pytest.mark.deep
def test_the_image_can_be_built():
    builder = next(
        (one for one in ("podman", "docker") if shutil.which(one) and not _fails(one, "info")), None
    )
    if builder is None:
        pytest.skip("neither podman nor docker is here and answers")
    done = subprocess.run(
        [builder, "build", "--file", "Containerfile", "."],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def _fails(*command):
    return subprocess.run(command, capture_output=True, check=False, timeout=30).returncode
