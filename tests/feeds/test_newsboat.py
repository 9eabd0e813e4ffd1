"""What a real feed reader makes of the feeds: newsboat, run without its screen, its store read afterwards."""

import shutil
import sqlite3
import subprocess

import pytest

from releases import workflow
from releases.workflow import Words
from tests.makers import body_with

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(shutil.which("newsboat") is None, reason="newsboat is not installed"),
]


@pytest.fixture
def reader(tmp_path, live_server):
    """Subscribe to a feed; each call of what this gives fetches it and tells what the reader then has."""

    def subscribe(kind):
        (tmp_path / "urls").write_text(f"{live_server.url}/feeds/releases.{kind}\n")
        (tmp_path / "config").write_text("")
        store = tmp_path / "store.db"
        places = [
            "-u",
            tmp_path / "urls",
            "-c",
            store,
            "-C",
            tmp_path / "config",
            "-l",
            "2",
            "-d",
            tmp_path / "log",
        ]

        def fetch():
            made = subprocess.run(
                ["newsboat", *map(str, places), "-x", "reload"],
                capture_output=True,
                timeout=60,
                check=True,
                env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
            )
            assert made.stderr == b""
            rows = sqlite3.connect(store)
            rows.row_factory = sqlite3.Row
            try:
                return [dict(row) for row in rows.execute("SELECT * FROM rss_item ORDER BY pubDate")]
            finally:
                rows.close()

        fetch.read = lambda: _mark_read(store)
        return fetch

    return subscribe


def _mark_read(store):
    rows = sqlite3.connect(store)
    with rows:
        rows.execute("UPDATE rss_item SET unread = 0")
    rows.close()


@pytest.mark.parametrize("kind", ["rss", "atom"])
def test_a_reader_shows_every_field(reader, make_release, make_topic, kind):
    release = make_release(
        "Ein Titel & <mehr> 人权", notes=2, summary="In short.", topics=[make_topic("Land, Property")]
    )
    (item,) = reader(kind)()
    assert item["title"] == "Ein Titel & <mehr> 人权"
    assert item["author"] == "Ledgerlight Observatory"
    assert item["url"] == "http://testserver/releases/" + release.slug + "/"
    assert item["guid"] == release.uuid.urn
    assert item["pubDate"] == int(release.publish_at.timestamp())
    assert "Claim 2" in item["content"]
    assert 'class="footnotes"' in item["content"]
    assert f'href="http://testserver/releases/{release.slug}/#{release.note_prefix}fn-' in item["content"]
    assert item["unread"] == 1


@pytest.mark.parametrize("kind", ["rss", "atom"])
def test_what_was_edited_corrected_or_moved_does_not_come_back_as_new(reader, make_release, editor, kind):
    release = make_release("Before", body=body_with(1))
    make_release("Another")
    fetch = reader(kind)
    assert len(fetch()) == 2
    fetch.read()
    workflow.save_draft(release, Words(title="A mend", body=body_with(2)), by=editor)
    workflow.publish(release, by=editor)
    workflow.save_draft(release, Words(title="A correction", body=body_with(3)), by=editor)
    workflow.correct(release, by=editor, note="There were three.")
    workflow.readdress(release, slug="elsewhere", by=editor)
    items = fetch()
    assert len(items) == 2
    assert [item["unread"] for item in items] == [0, 0]
    (edited,) = [item for item in items if item["guid"] == release.uuid.urn]
    assert edited["title"] == "A correction"
    assert "There were three." in edited["content"]


def test_a_new_release_comes_and_it_alone_is_new(reader, make_release):
    make_release("Old")
    fetch = reader("rss")
    fetch()
    fetch.read()
    make_release("New")
    assert sorted((item["title"], item["unread"]) for item in fetch()) == [("New", 1), ("Old", 0)]
