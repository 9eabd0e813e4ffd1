"""Three web machines behind haproxy: whoever is asked, the site is one."""

import io
import subprocess
import threading
import time
from contextlib import ExitStack
from datetime import datetime

import pytest

from tests.delivery.cluster import (
    MACHINES,
    Browser,
    Cluster,
    Readers,
    at,
    end,
    path_of,
    publish,
    seen_everywhere,
    status_of,
    write,
    written,
)
from tests.machine import program
from tests.pictures.conftest import photo
from tests.servers import open_folder

pytestmark = pytest.mark.deep


def test_the_configuration_of_haproxy_is_valid(tmp_path):
    binary = program("haproxy")
    assert (
        subprocess.run(
            [binary, "-c", "-f", written(tmp_path, 1, 2)], capture_output=True, check=False
        ).returncode
        == 0
    )


@pytest.fixture(scope="module")
def cluster():
    for name in ("redis-server", "haproxy"):
        program(name)
    pytest.importorskip("moto", reason="moto is not installed")
    with open_folder() as folder, ExitStack() as stack:
        one = Cluster(folder, stack)
        for number in range(MACHINES):
            one.start(number)
        yield one


def test_signed_in_on_one_written_on_another_published_on_a_third_and_read_on_all(cluster):
    browser = Browser()
    browser.sign_in(at(cluster, 0))
    where = path_of(write(browser, at(cluster, 1), "Wells of Saltmere", slug="saltmere"))
    assert Browser().get(at(cluster, 2) + "/releases/saltmere/")[0] == 404
    assert publish(browser, at(cluster, 2), where)[0] == 200
    seen_everywhere(cluster, "/releases/saltmere/", (200, "Words of Wells of Saltmere"))
    seen_everywhere(cluster, "/", (200, "Wells of Saltmere"))
    front = f"http://127.0.0.1:{cluster.front}"
    assert Browser().get(f"{front}/releases/saltmere/")[0] == 200
    # Nobody is kept to a machine.
    assert all(browser.get(f"{front}/admin/")[0] == 200 for _ in range(6))
    assert "Wells" in browser.get(front + where)[1]


def test_who_tries_passwords_is_counted_by_all_machines_together(cluster):
    front, pages = f"http://127.0.0.1:{cluster.front}", []
    for _ in range(9):
        browser = Browser()  # each request goes to another machine
        _, page, address = browser.get(f"{front}/accounts/login/")
        pages.append(browser.send(address, page, login="nobody", password="wrong wrong wrong")[1])
    assert "Too many" not in pages[0]
    assert "Too many" in pages[-1]


def test_an_embargo_ends_on_all_machines_at_its_second(cluster):
    said = (
        "from releases import workflow; from releases.workflow import Words; from releases.sample.load import staff; "
        "from datetime import UTC, datetime, timedelta; by = staff().editor; due = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=8); "
        "workflow.publish(workflow.save_draft(None, Words(title='Later', body='<p>Later.</p>', publish_at=due), by=by, slug='later', language='en'), by=by); "
        "print(due.isoformat())"
    )
    due = datetime.fromisoformat(cluster.manage("shell", "-v", "0", "-c", said).split()[-1])
    seen: dict[int, list[tuple[float, int]]] = {number: [] for number in range(MACHINES)}

    def watch(number):
        while (now := time.time()) < due.timestamp() + 2:
            status = Browser().get(at(cluster, number) + "/releases/later/")[0]
            seen[number].append((time.time() if status == 200 else now, status))
            time.sleep(0.02)

    threads = [threading.Thread(target=watch, args=(number,)) for number in range(MACHINES)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    for found in seen.values():
        # Nobody had it before it was due, and nobody who asked when it was due was told that it is not there.
        assert {status for moment, status in found if moment < due.timestamp()} == {404}
        assert {status for moment, status in found if moment > due.timestamp()} == {200}


def test_a_picture_that_came_to_one_machine_is_shown_by_all(cluster):
    (cluster.folder / "photo.jpg").write_bytes(
        photo().getvalue() if isinstance(photo(), io.BytesIO) else photo().read()
    )
    said = (
        "from releases import workflow; from releases.workflow import Words; from releases.sample.load import staff; by = staff().editor; "
        f"picture = workflow.add_picture(open('{cluster.folder / 'photo.jpg'}', 'rb'), name='photo.jpg', by=by); "
        "workflow.publish(workflow.save_draft(None, Words(title='Seen', body='<p>Seen.</p>', picture=picture, picture_alt='A well'), by=by, slug='seen', language='en'), by=by); "
        "print(picture.uuid)"
    )
    uuid = cluster.manage("shell", "-v", "0", "-c", said).split()[-1]
    for number in range(MACHINES):
        assert status_of(f"{at(cluster, number)}/pictures/{uuid}/400.jpg") == 200


def test_what_is_withdrawn_is_gone_everywhere_though_the_replica_stands_still(cluster):
    seen_everywhere(cluster, "/releases/saltmere/", (200, "Words of"))
    cluster.standby.ask("SELECT pg_wal_replay_pause()")
    try:
        said = (
            "from releases import workflow; from releases.models import Release; from releases.sample.load import staff; "
            "workflow.withdraw(Release.objects.get(slug='saltmere'), by=staff().editor, notice='It was wrong.')"
        )
        cluster.manage("shell", "-c", said)
        assert seen_everywhere(cluster, "/releases/saltmere/", (410, "It was wrong."), within=2.0) < 5
    finally:
        cluster.standby.ask("SELECT pg_wal_replay_resume()")


def test_a_machine_that_dies_costs_no_reader_a_page(cluster):
    with Readers(cluster) as readers:
        time.sleep(1)
        cluster.kill(2)
        time.sleep(3)
    assert readers.read > 20
    assert readers.failed == []
    cluster.start(2)


def test_a_lost_replica_and_a_lost_cache_server_cost_no_reader_a_page(cluster):
    with Readers(cluster) as readers:
        time.sleep(1)
        cluster.standby.stop()
        end(cluster.cache_server)
        time.sleep(4)
    assert readers.failed == []
    cluster.standby.start()
