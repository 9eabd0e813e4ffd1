"""A run is polite: delays, robots.txt, bounds, one request at a time; the next run goes on after a crash."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from newsroom.environment import TASKS
from releases.models import Source, SourceHost
from releases.sources import check_due, check_sources, scheduler
from releases.sources.checker import MAX_BACKOFF, parse_retry_after
from releases.sources.fetcher import Network
from releases.sources.politeness import CLAIM_EXPIRY
from releases.sources.scheduler import MAX_PER_HOST
from tests.sources.conftest import leads_to, stored

pytestmark = pytest.mark.django_db


# ------------------------------------------------------------------ politeness


def test_between_two_requests_to_a_host_there_is_a_pause(web, check, cite, net):
    web.pages.update({"/a": 200, "/b": 200})
    cite(web.address("/a"), web.address("/b"))
    check()
    assert len(web.asked) == 3
    assert len(net.slept) == 2
    assert all(0 < seconds <= net.delay for seconds in net.slept)


def test_a_longer_pause_is_kept_where_a_site_asks_for_it(web, check, cite, net):
    web.robots["one.example"] = "User-agent: *\nCrawl-delay: 30"
    web.pages["/a"] = 200
    cite(web.address("/a"))
    check()
    assert 25 < max(net.slept) <= 30


def test_the_pause_lasts_into_the_next_run(web, check, cite, net):
    web.pages.update({"/a": 200, "/b": 200})
    cite(web.address("/a"))
    check()
    net.slept.clear()
    cite(web.address("/b"), title="Another")
    check(after=timedelta(seconds=1))
    assert len(net.slept) == 1


def test_other_hosts_are_asked_meanwhile(web, check, cite):
    for path in ("/1", "/2"):
        web.pages[path] = 200
    cite(*(web.address(path, host) for host in ("one.example", "two.example") for path in ("/1", "/2")))
    check()
    asked = [host for verb, host, _path in web.asked if verb == "HEAD"]
    assert asked in (["one.example", "two.example"] * 2, ["two.example", "one.example"] * 2)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("after", ["7200", None])
def test_a_host_that_asks_to_be_left_alone_is(web, check, cite, status, after):
    headers = {"Retry_After": after} if after else {}
    web.pages["/a"] = web.pages["/b"] = lambda page: page.reply(status, **headers)
    cite(web.address("/a"), web.address("/b"))
    done = check()
    assert (done.unknown, done.postponed) == (1, 1)
    assert [verb for verb, _host, path in web.asked if path != "/robots.txt"] == ["HEAD"]
    check(after=timedelta(minutes=50))
    assert len(web.asked) == 2
    check(after=timedelta(hours=26))
    assert len(web.asked) > 2


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("99999999999", MAX_BACKOFF),
        ("Mon, 23 Nov 2026 12:30:00 GMT", timedelta(minutes=30)),
        ("Mon, 23 Nov 2026 11:00:00 GMT", None),
        ("0", None),
        ("soon", None),
        ("", None),
        ("-5", None),
    ],
)
def test_a_host_says_for_how_long_in_seconds_or_by_a_date(said, wait):
    at = datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert parse_retry_after(said, at) == (at + wait if wait else None)


def test_a_run_is_bounded_and_no_host_fills_it(web, check, cite):
    cite(*(web.address(f"/{n}") for n in range(MAX_PER_HOST + 10)), web.address("/a", "two.example"))
    assert check(limit=5).checked == 5
    done = check(after=timedelta(minutes=1))
    assert done.checked <= MAX_PER_HOST + 1
    assert stored(web.address("/a", "two.example")).checked_at


def test_a_run_ends_in_time(web, check, cite):
    cite(web.address("/a"))
    assert check(seconds=0).checked == 0
    assert web.asked == []
    assert check().checked == 1, "and gives back what it had taken"


# ------------------------------------------------------------------ several runs, and dead ones


def test_a_host_that_another_run_is_asking_is_not_asked(web, check, cite):
    cite(web.address("/a"))
    SourceHost.objects.create(host="one.example", taken_at=timezone.now())
    assert check().checked == 0
    assert web.asked == []


def test_a_host_that_a_dead_run_had_taken_is_taken_up_again(web, check, cite):
    cite(web.address("/a"))
    SourceHost.objects.create(host="one.example", taken_at=timezone.now())
    assert check(after=CLAIM_EXPIRY + timedelta(minutes=1)).checked == 1


def test_a_run_that_dies_leaves_what_it_had_not_looked_at_to_the_next(web, check, cite, monkeypatch):
    cite(web.address("/a"), web.address("/b"))

    def die(*args, **options):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(scheduler, "check", die)
        with pytest.raises(KeyboardInterrupt):
            check()
    assert check(after=timedelta(seconds=1)).checked == 2


def test_a_host_that_a_redirect_leads_to_is_waited_for_too(web, check, cite):
    web.pages["/a"] = leads_to(web.address("/b", "two.example"))
    web.pages["/b"] = 200
    cite(web.address("/a"))
    SourceHost.objects.create(host="two.example", taken_at=timezone.now())
    assert check().postponed == 1
    assert stored(web.address("/a")).checked_at is None
    SourceHost.objects.update(taken_at=None)
    assert check(after=timedelta(hours=1)).alive == 1
    assert not SourceHost.objects.filter(taken_at__isnull=False), "it is given back as well"


def test_a_copy_that_is_named_during_a_look_stays(web, check, cite, monkeypatch):
    url = web.address("/a")
    cite(url)
    web.pages["/a"] = 200
    real = scheduler.check

    def copied_meanwhile(*args, **options):
        Source.objects.filter(url=url).update(
            archived_url="https://archive.example/1", archived_on="2026-06-10"
        )
        return real(*args, **options)

    monkeypatch.setattr(scheduler, "check", copied_meanwhile)
    check()
    assert stored(url).archived_url == "https://archive.example/1"
    assert stored(url).state == "alive"


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_never_ask_a_host_twice_at_a_time(web, on, net, cite):
    def slowly(page):
        time.sleep(0.02)
        page.reply(200)

    for host in ("one.example", "two.example", "three.example"):
        for n in range(4):
            web.pages[f"/{n}"] = slowly
            cite(web.address(f"/{n}", host), title=f"{host} {n}")

    def run_of(_number):
        try:
            return check_due(net=net).checked
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        looked = list(pool.map(run_of, range(3)))
    assert sum(looked) == 12
    assert max(web.most_at_once.values()) == 1
    asked = [one for one in web.asked if one[0] == "HEAD"]
    assert len(asked) == len(set(asked)) == 12


# ------------------------------------------------------------------ task and command


def test_the_task_does_a_run(on, source_of, monkeypatch):
    source_of("https://private.test/")
    monkeypatch.setattr(
        "releases.sources.scheduler.Network", lambda: Network(resolve=lambda host, port: ["10.0.0.8"])
    )
    result = check_sources.enqueue()
    assert result.return_value == 1
    assert "private network" in Source.objects.get().reason


def test_the_command_says_what_it_did(on, source_of, monkeypatch):
    source_of("https://private.test/")
    monkeypatch.setattr(
        "releases.sources.scheduler.Network", lambda: Network(resolve=lambda host, port: ["10.0.0.8"])
    )
    out = StringIO()
    call_command("check_sources", stdout=out)
    assert out.getvalue() == "1 looked at: 0 alive, 0 moved, 0 gone, 1 unknown; 0 put off\n"


def test_the_command_says_that_the_checks_are_off(source_of):
    source_of("https://private.test/")
    out = StringIO()
    call_command("check_sources", stdout=out)
    assert "CHECK_SOURCES is off" in out.getvalue()
    assert Source.objects.get().checked_at is None


def test_the_command_can_leave_it_to_a_worker(on, source_of, settings):
    settings.TASKS = {"default": {"BACKEND": f"{TASKS}.backends.dummy.DummyBackend"}}
    source_of("https://private.test/")
    out = StringIO()
    call_command("check_sources", "--enqueue", stdout=out)
    assert out.getvalue() == "A round was ordered.\n"
    assert Source.objects.get().checked_at is None


def test_no_setting_leads_to_this_machine(on, web, source_of):
    """The way that tests take is an argument; without it a run is turned away."""
    source_of(web.address("/a", "127.0.0.1"))
    check_due()
    assert web.asked == []
    assert "private network" in Source.objects.get().reason


def test_a_number_that_makes_no_sense_is_refused(on):
    with pytest.raises(CommandError):
        call_command("check_sources", "--most", "many")
