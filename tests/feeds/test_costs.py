"""What a feed fetches and holds, whether there are a few releases or ten thousand."""

import tracemalloc

import pytest
from django.db import connection
from django.db.backends.utils import CursorWrapper

from releases.models.release import FEED_LENGTH
from tests.bulk import many
from tests.depth import times

pytestmark = pytest.mark.django_db
KINDS = ("rss", "atom", "json")
BODY = "<p>" + "Eight times eight words stand here, and more. " * 90 + "</p>"  # 4 kB, so 40 MB in all
COUNT = times("FEED_RELEASES", 1_000, 10_000)


@pytest.fixture
def rows(monkeypatch):
    """How many rows were fetched, and how many characters stood in them."""
    counted = {"rows": 0, "characters": 0}

    def counting(fetch, several):
        def counted_fetch(self, *args):
            found = fetch(self.cursor, *args)
            for row in found if several else [found] if found else []:
                counted["rows"] += 1
                counted["characters"] += sum(len(value) for value in row if isinstance(value, str))
            return found

        return counted_fetch

    inner = type(connection.cursor().cursor)
    for name in ("fetchmany", "fetchall", "fetchone"):
        monkeypatch.setattr(
            CursorWrapper, name, counting(getattr(inner, name), name != "fetchone"), raising=False
        )
    return counted


def test_of_however_many_releases_a_feed_fetches_twenty_and_holds_no_more(client, make_topic, rows):
    topic = make_topic("Land")
    many(COUNT, body=BODY, topic=topic)
    paths = [
        f"{path}{page}"
        for kind in KINDS
        for path in (
            f"/feeds/releases.{kind}?",
            f"/topics/land/feed.{kind}?",
            f"/feeds/releases.{kind}?language=en&language=bo&",
            f"/feeds/releases.{kind}?language=en&language=bo&topic=land&",
        )
        for page in ("page=1", f"page={COUNT // FEED_LENGTH - 1}", "first=1")
    ]
    client.get("/feeds/releases.rss")  # whatever is loaded once
    for path in paths:
        rows.update(rows=0, characters=0)
        tracemalloc.start()
        answer = client.get(path)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert answer.status_code == 200, path
        assert answer.content.count(b"Eight times eight") >= FEED_LENGTH
        # the edition, the topic, the list or how many there are; the keys of a choice's releases; these with their words and topics
        assert rows["rows"] <= 3 + 2 * FEED_LENGTH, path
        # Each text as it is stored, for a summary, and as feeds have it.
        assert rows["characters"] < 2.5 * FEED_LENGTH * len(BODY), path
        assert peak < 20 * FEED_LENGTH * len(BODY), path
