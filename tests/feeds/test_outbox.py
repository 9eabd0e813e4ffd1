"""What the hub is told, and when."""

import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from releases import outbox, workflow
from releases.models import Ping
from releases.outbox import send_due
from releases.workflow import Words

pytestmark = pytest.mark.django_db
KINDS = ("rss", "atom", "json")


@pytest.fixture
def hub(settings, monkeypatch):
    """A hub that notes what it is told and says what `answer` says."""
    settings.WEBSUB_HUB = "https://hub.example.org/"

    class Hub:
        told: list[str] = []
        answer = ""

    def tell(address):
        Hub.told = [*Hub.told, address.removeprefix("http://testserver")]
        return Hub.answer

    monkeypatch.setattr(outbox, "notify_hub", tell)
    return Hub


def paths(*stems):
    return sorted(f"{stem}.{kind}" for stem in stems for kind in KINDS)


def waiting():
    return sorted(Ping.objects.filter(sent_at=None).values_list("path", flat=True))


def test_nothing_is_noted_without_a_hub(make_release):
    make_release()
    assert not Ping.objects.exists()


def test_publishing_tells_of_exactly_the_feeds_that_changed(hub, make_release, make_topic):
    make_topic("Sea")
    make_release("T", topics=[make_topic("Land")])
    make_release("中", language="zh-hans")
    assert send_due().notified == 9
    assert sorted(hub.told) == paths("/feeds/releases", "/topics/land/feed", "/zh-hans/feeds/releases")
    assert not waiting()


def test_a_release_that_leaves_a_topic_changes_that_topics_feed_too(hub, make_release, make_topic, editor):
    land, sea = make_topic("Land"), make_topic("Sea")
    release = make_release("T", topics=[land])
    send_due()
    hub.told = []
    workflow.save_draft(release, Words(title="T", topics=[sea]), by=editor)
    assert not waiting()
    workflow.correct(release, by=editor, note="Wrong topic.")
    send_due()
    assert sorted(hub.told) == paths("/feeds/releases", "/topics/land/feed", "/topics/sea/feed")


def test_withdrawing_and_readdressing_change_the_feeds(hub, make_release, editor):
    release = make_release("T")
    send_due()
    workflow.readdress(release, slug="elsewhere", by=editor)
    assert waiting() == paths("/feeds/releases")
    send_due()
    workflow.withdraw(release, by=editor, notice="Wrong.")
    assert waiting() == paths("/feeds/releases")


def test_the_hub_hears_of_an_embargoed_release_at_its_time_and_not_before(hub, make_release):
    at = timezone.now() + timedelta(hours=1)
    make_release("Secret", publish_at=at)
    assert send_due(at=at - timedelta(seconds=1)).notified == 0
    assert hub.told == []
    assert send_due(at=at).notified == 3


def test_what_is_taken_off_the_schedule_is_not_told(hub, make_release, editor):
    at = timezone.now() + timedelta(hours=1)
    release = make_release("Secret", publish_at=at)
    workflow.unschedule(release, by=editor)
    assert send_due(at=at + timedelta(days=1)).notified == 0


def test_a_publication_that_fails_tells_nothing(hub, make_draft, editor):
    draft = make_draft()

    @transaction.atomic
    def publish_and_fail():
        workflow.publish(draft, by=editor)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        publish_and_fail()
    assert not Ping.objects.exists()


def test_a_feed_that_changed_twice_is_told_of_once(hub, make_release):
    make_release("One")
    make_release("Two")
    assert send_due().notified == 3
    assert not waiting()


def test_what_failed_is_tried_again_later_and_later(hub, make_release):
    make_release()
    now = timezone.now()
    hub.answer = "HTTP 503"
    assert send_due(at=now).failed == 3
    assert send_due(at=now + timedelta(seconds=59)).failed == 0
    assert send_due(at=now + timedelta(seconds=61)).failed == 3
    assert send_due(at=now + timedelta(seconds=130)).failed == 0
    hub.answer = ""
    assert send_due(at=now + timedelta(seconds=61 + 121)).notified == 3
    assert Ping.objects.filter(error="").count() == 3


def test_a_hub_that_stays_away_is_given_up(hub, make_release):
    make_release()
    hub.answer = "HTTP 503"
    now, rounds = timezone.now(), 0
    while (sent := send_due(at=now)).failed:
        now += timedelta(hours=13)
        rounds += 1
    assert sent.given_up == 3
    assert rounds == outbox.ATTEMPTS - 1
    assert send_due(at=now + timedelta(days=1)) == outbox.Sent()


def test_what_a_dead_sender_had_taken_is_taken_again(hub, make_release):
    make_release()
    now = timezone.now()
    outbox._take(now)  # and dies
    assert send_due(at=now + timedelta(minutes=4)).notified == 0
    assert send_due(at=now + timedelta(minutes=6)).notified == 3


def test_a_slow_hub_holds_nobody_up_and_the_rest_is_for_the_next_round(hub, make_release):
    make_release()
    assert send_due(seconds=-1).notified == 0
    assert set(Ping.objects.values_list("attempts", "taken_at")) == {(0, None)}
    assert send_due().notified == 3


def test_old_pings_are_cleared_away(hub, make_release):
    make_release()
    now = timezone.now()
    send_due(at=now)
    send_due(at=now + timedelta(days=31))
    assert not Ping.objects.exists()


def test_publishing_sends_at_once_when_the_transaction_is_done(
    hub, make_draft, editor, django_capture_on_commit_callbacks
):
    draft = make_draft()
    with django_capture_on_commit_callbacks(execute=True):
        workflow.publish(draft, by=editor)
        assert hub.told == []
    assert sorted(hub.told) == paths("/feeds/releases")


def test_the_command_says_what_it_did(hub, make_release, capsys):
    make_release()
    call_command("send_pings")
    assert capsys.readouterr().out == "3 told, 0 to be tried again, 0 given up\n"


def test_the_hub_is_told_as_websub_has_it(settings):
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            length = int(self.headers["Content-Length"])
            asked.append((self.path, parse_qs(self.rfile.read(length).decode())))
            self.send_response(302 if self.path == "/moved" else 204)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *args):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{server.server_port}"
        settings.WEBSUB_HUB = f"{base}/hub"
        assert outbox.notify_hub("http://testserver/feeds/releases.rss") == ""
        settings.WEBSUB_HUB = f"{base}/moved"
        assert "302" in outbox.notify_hub("http://testserver/feeds/releases.rss")
        server.shutdown()
    assert [path for path, _ in asked] == ["/hub", "/moved"]
    assert asked[0][1] == {"hub.mode": ["publish"], "hub.url": ["http://testserver/feeds/releases.rss"]}


def test_a_hub_that_does_not_answer_is_an_error_in_words(settings):
    settings.WEBSUB_HUB = "http://127.0.0.1:9/"
    assert "refused" in outbox.notify_hub("http://testserver/")
