"""A new version takes the place of the one before while people read and write."""

import subprocess
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.delivery.cluster import (
    MACHINES,
    ROOT,
    Browser,
    Cluster,
    Readers,
    at,
    path_of,
    publish,
    seen_everywhere,
    write,
)
from tests.machine import program
from tests.servers import open_folder

pytestmark = pytest.mark.deep


def version_before(folder: Path) -> Path:
    """The site as it was before the last migration came in."""
    if not (ROOT / ".git").exists():
        pytest.skip("the version before is looked up in git, and this is no working copy")
    git = ["git", "-C", str(ROOT)]
    migrations = ["releases/migrations", "newsroom/accounts/migrations"]
    found = subprocess.run(
        [*git, "log", "-1", "--diff-filter=A", "--format=%H", "--", *migrations],
        capture_output=True,
        text=True,
    )
    if found.returncode or not found.stdout.strip():
        pytest.skip("git knows of no version before")
    archive = subprocess.run(
        [*git, "archive", f"{found.stdout.strip()}~1"], capture_output=True, check=True
    ).stdout
    folder.mkdir()
    subprocess.run(["tar", "-x", "-C", str(folder)], input=archive, check=True)
    return folder


def test_the_version_before_goes_on_while_the_new_one_migrates_and_takes_its_place():
    for name in ("redis-server", "haproxy"):
        program(name)
    with open_folder() as folder, ExitStack() as stack:
        old = version_before(folder / "old")
        cluster = Cluster.__new__(Cluster)
        manage = Cluster.manage
        # The tables of the version before.
        Cluster.manage = lambda self, *command, **more: manage(self, *command, code=old, **more)
        try:
            cluster.__init__(folder, stack)
        finally:
            Cluster.manage = manage
        for number in range(MACHINES):
            cluster.start(number, code=old)
        with Readers(cluster) as readers:
            cluster.manage("migrate", "--verbosity", "0")
            cluster.manage("collectstatic", "--noinput", "--verbosity", "0")
            browser = Browser()
            browser.sign_in(at(cluster, 0))
            where = path_of(write(browser, at(cluster, 1), "Between two versions", slug="between"))
            for number in range(MACHINES):
                cluster.kill(number)
                time.sleep(1)
                cluster.start(number)
            # The new version may ask who somebody is once more; what they wrote is there.
            browser = Browser()
            browser.sign_in(at(cluster, 0))
            publish(browser, at(cluster, 1), where)
        assert readers.failed == []
        seen_everywhere(cluster, "/releases/between/", (200, "Between two versions"))
