"""A run of checks against a small web: every state, and what must not be asked."""

from datetime import timedelta

import pytest
from django.utils import timezone

from releases import workflow
from releases.sources import check_due, scheduler
from releases.sources.scheduler import RECHECK_AFTER, RETRY_AFTER
from tests.sources.conftest import leads_to, stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def look(source_of, check):
    """Cite an address, do a run, and return what is known of it then."""

    def run(url, times=1):
        source_of(url)
        for number in range(times):
            check(after=RETRY_AFTER * 2 * number)
        return stored(url)

    return run


# ------------------------------------------------------------------ what is found


def test_a_page_that_is_there_is_alive(web, look):
    web.pages["/report"] = 200
    source = look(web.address("/report"))
    assert (source.state, source.reason, source.status, source.failures) == ("alive", "", 200, 0)
    assert source.next_check_at - source.checked_at == RECHECK_AFTER
    assert web.asked == [("GET", "one.example", "/robots.txt"), ("HEAD", "one.example", "/report")]


@pytest.mark.parametrize("refusal", [400, 403, 404, 405, 500, 501])
def test_a_server_that_knows_no_head_is_asked_again_with_get(web, look, refusal):
    web.pages["/report"] = lambda page: page.reply(refusal if page.command == "HEAD" else 206)
    assert look(web.address("/report")).state == "alive"


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_is_gone_when_two_looks_in_a_row_did_not_find_it(web, look, check, status):
    web.pages["/report"] = status
    source = look(web.address("/report"))
    assert (source.state, source.status) == ("unknown", status)
    assert "once more" in source.reason
    assert source.next_check_at - source.checked_at == RETRY_AFTER
    check(after=RETRY_AFTER * 2)
    source.refresh_from_db()
    assert (source.state, source.failures) == ("gone", 2)
    assert f"({status})" in source.reason


def test_a_page_that_was_away_for_a_day_is_not_gone(web, look, check):
    web.pages["/report"] = 404
    url = web.address("/report")
    look(url)
    web.pages["/report"] = 200
    check(after=RETRY_AFTER * 2)
    assert (stored(url).state, stored(url).failures) == ("alive", 0)


@pytest.mark.parametrize("status", [301, 308])
def test_a_permanent_redirect_is_a_move_with_its_end(web, look, status):
    web.pages.update(
        {"/a": leads_to("/b", status), "/b": leads_to(web.address("/c", "two.example"), 301), "/c": 200}
    )
    source = look(web.address("/a"))
    assert (source.state, source.moved_to) == ("moved", web.address("/c", "two.example"))


@pytest.mark.parametrize("status", [302, 303, 307])
def test_a_passing_redirect_is_no_move(web, look, status):
    web.pages.update({"/a": leads_to("/b", status), "/b": 200})
    source = look(web.address("/a"))
    assert (source.state, source.moved_to) == ("alive", "")


def test_a_move_ends_where_the_permanent_redirects_do(web, look):
    web.pages.update({"/a": leads_to("/b", 301), "/b": leads_to("/login", 302), "/login": 200})
    assert look(web.address("/a")).moved_to == web.address("/b")


def test_a_move_to_a_page_that_is_gone_is_gone(web, look):
    web.pages.update({"/a": leads_to("/b", 301), "/b": 404})
    source = look(web.address("/a"), times=2)
    assert (source.state, source.moved_to) == ("gone", "")


@pytest.mark.parametrize(
    ("pages", "words"),
    [
        ({"/a": leads_to("/b"), "/b": leads_to("/a")}, "circle"),
        ({f"/{n}": leads_to(f"/{n + 1}") for n in range(20)} | {"/a": leads_to("/0")}, "on and on"),
        ({"/a": leads_to("javascript:alert(1)")}, "not on the web"),
        ({"/a": leads_to("http://inside.test/")}, "private network"),
        ({"/a": leads_to("http://169.254.169.254/latest/")}, "private network"),
        ({"/a": leads_to("http://[::1]/")}, "private network"),
        ({"/a": leads_to("https://one.example:22/")}, "port"),
        ({"/a": 401}, "name and password"),
        ({"/a": 403}, "403"),
        ({"/a": 451}, "legal"),
        ({"/a": 500}, "fault"),
        ({"/a": lambda page: page.connection.close()}, "connection failed"),
        ({"/a": lambda page: page.reply(301)}, "301"),
    ],
)
def test_everything_else_is_unknown_and_says_why(web, look, pages, words):
    web.pages.update(pages)
    source = look(web.address("/a"))
    assert source.state == "unknown"
    assert words in source.reason
    assert source.failures == 1


def test_what_is_not_found_is_looked_at_less_and_less_often(web, look, check):
    web.pages["/a"] = 500
    source = look(web.address("/a"))
    waits = []
    for _time in range(7):
        waits.append((source.next_check_at - source.checked_at).days)
        check_at = source.next_check_at - timezone.now()
        check(after=check_at + timedelta(minutes=1))
        source.refresh_from_db()
    assert waits == [1, 2, 4, 8, 16, 30, 30]


def test_a_fault_of_our_own_does_not_stop_the_round(web, check, cite, monkeypatch, caplog):
    web.pages["/b"] = 200
    cite(web.address("/a"), web.address("/b", "two.example"))
    real = scheduler.check

    def failing(url, **options):
        if url.endswith("/a"):
            raise RuntimeError
        return real(url, **options)

    monkeypatch.setattr(scheduler, "check", failing)
    done = check()
    assert (done.unknown, done.alive) == (1, 1)
    assert "itself failed" in stored(web.address("/a")).reason


# ------------------------------------------------------------------ what must not be asked


def test_nothing_is_asked_unless_the_checks_are_switched_on(web, net, source_of, settings):
    source_of(web.address("/a"))
    assert settings.CHECK_SOURCES is False
    assert check_due(net=net).checked == 0
    assert web.asked == []


def test_what_only_a_draft_or_an_embargoed_release_cites_is_not_asked(web, check, cite, make_draft):
    make_draft(body=f'<p><a href="{web.address("/draft")}">x</a></p>')
    cite(web.address("/embargoed"), publish_at=timezone.now() + timedelta(days=1))
    assert check().checked == 0
    assert web.asked == []
    assert check(after=timedelta(days=2)).checked == 1


def test_what_was_withdrawn_meanwhile_is_not_asked(web, check, cite, editor, monkeypatch):
    """The run has claimed it already, and waits for the host's turn."""
    first, second = cite(web.address("/a")), cite(web.address("/b"), title="Another")
    web.pages["/a"] = web.pages["/b"] = 200
    real = scheduler.check

    def failing(url, **options):
        workflow.withdraw(second if url.endswith("/a") else first, by=editor, notice="Gone.")
        return real(url, **options)

    monkeypatch.setattr(scheduler, "check", failing)
    assert check().checked == 1
    assert [path for _verb, _host, path in web.asked if path != "/robots.txt"] == ["/a"]


def test_robots_txt_is_honoured_and_asked_for_once_a_day(web, look, check, cite):
    web.robots["one.example"] = "User-agent: *\nDisallow: /private"
    web.pages.update({"/private/a": 200, "/b": 200})
    assert "robots.txt" in look(web.address("/private/a")).reason
    cite(web.address("/b"))
    check(after=timedelta(hours=1))
    assert stored(web.address("/b")).state == "alive"
    assert [path for _verb, _host, path in web.asked] == ["/robots.txt", "/b"]
    cite(web.address("/c"))
    check(after=timedelta(hours=30))
    assert [path for _verb, _host, path in web.asked].count("/robots.txt") == 2


def test_robots_txt_of_the_host_that_a_redirect_leads_to_counts_too(web, look):
    web.pages["/a"] = leads_to(web.address("/b", "two.example"))
    web.pages["/b"] = 200
    web.robots["two.example"] = "User-agent: *\nDisallow: /"
    source = look(web.address("/a"))
    assert source.state == "unknown"
    assert "two.example" in source.reason
    assert ("HEAD", "two.example", "/b") not in web.asked


def test_a_host_whose_robots_txt_cannot_be_read_is_left_alone(web, check, cite):
    web.robots["one.example"] = 500
    cite(web.address("/a"), web.address("/b"))
    assert check().unknown == 2
    assert [path for _verb, _host, path in web.asked] == ["/robots.txt"], "and is asked no second time"


def test_robots_txt_may_stand_elsewhere(web, look):
    web.robots["one.example"] = leads_to(web.address("/robots.txt", "two.example"), 301)
    web.robots["two.example"] = "User-agent: *\nDisallow: /"
    assert "robots" in look(web.address("/a")).reason
