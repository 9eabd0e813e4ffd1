"""Many who ask at once for a page that is not held: it is rendered once, and nobody waits for ever or for nothing."""

import threading
import time
from datetime import UTC, datetime

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from newsroom.delivery import page_cache
from newsroom.delivery.page_cache import PageCacheMiddleware
from releases import editions
from releases.parts import EVERYTHING

READERS = 60


@pytest.fixture
def edition(monkeypatch):
    """The present one, without a database; a change of it is a new number."""
    now = {"edition": editions.EditionNow(1, datetime(2026, 1, 1, tzinfo=UTC), None, None)}
    monkeypatch.setattr(editions, "remembered", lambda at: now["edition"])
    monkeypatch.setattr(editions, "read", lambda at: now["edition"])
    monkeypatch.setattr(
        editions, "changed_between", lambda old, new: frozenset() if old == new else frozenset({EVERYTHING})
    )
    return now


class Page:
    """What renders: counts, and waits until it is told to go on."""

    def __init__(self, edition):
        self.edition, self.rendered, self.go_on = edition, [], threading.Event()
        self.public = True
        self.fails = False

    def __call__(self, request):
        request.edition = self.edition["edition"]
        self.rendered.append(request)
        assert self.go_on.wait(30)
        if self.fails:
            return HttpResponse("failed", status=500)
        response = HttpResponse(f"page {len(self.rendered)}")
        response.public, response.parts = self.public, frozenset({"front"})
        return response


def storm(page, readers=READERS, path="/"):
    """The answers to so many who ask at once, after `page` has been told to go on when all are there."""
    cache, answers = PageCacheMiddleware(page), []

    def read():
        answers.append(cache(RequestFactory().get(path)))

    threads = [threading.Thread(target=read, daemon=True) for _ in range(readers)]
    for one in threads:
        one.start()
    time.sleep(0.2)
    page.go_on.set()
    for one in threads:
        one.join(timeout=30)
    return answers


def test_one_renders_and_all_are_shown_it(edition):
    page = Page(edition)
    answers = storm(page)
    assert len(page.rendered) == 1
    assert [one.content for one in answers] == [b"page 1"] * READERS


def test_where_the_first_fails_each_tries_for_itself(edition):
    page = Page(edition)
    page.fails = True
    answers = storm(page)
    assert [one.status_code for one in answers] == [500] * READERS
    page.fails = False
    assert storm(page, readers=1)[0].status_code == 200


def test_where_the_first_raises_the_others_go_on(edition):
    class Broken(Page):
        def __call__(self, request):
            response = super().__call__(request)
            if len(self.rendered) == 1:
                raise RuntimeError("the first of all")
            return response

    page = Broken(edition)
    cache, answers = PageCacheMiddleware(page), []

    def read():
        try:
            answers.append(cache(RequestFactory().get("/")).status_code)
        except RuntimeError:
            answers.append(500)

    threads = [threading.Thread(target=read, daemon=True) for _ in range(5)]
    for one in threads:
        one.start()
        time.sleep(0.05)
    page.go_on.set()
    for one in threads:
        one.join(timeout=30)
    assert sorted(answers) == [200, 200, 200, 200, 500]


def test_a_page_that_is_not_to_be_held_is_rendered_for_each_at_the_same_time(edition):
    page = Page(edition)
    page.public = False
    assert len(storm(page, readers=10)) == len(page.rendered) == 10


def test_nobody_waits_longer_than_the_longest_wait(edition, monkeypatch):
    monkeypatch.setattr(page_cache, "LONGEST_WAIT", 0.05)
    page = Page(edition)
    assert len(storm(page, readers=5)) == len(page.rendered) == 5


def test_who_waited_is_not_shown_a_page_of_before_a_change_that_came_meanwhile(edition):
    """A withdrawal, say: who asks after it may not be shown what was begun before."""
    page = Page(edition)
    cache, answers = PageCacheMiddleware(page), {}

    def read(name):
        answers[name] = cache(RequestFactory().get("/")).content

    first = threading.Thread(target=read, args=("first",), daemon=True)
    first.start()
    while not page.rendered:
        time.sleep(0.005)
    edition["edition"] = editions.EditionNow(2, datetime(2026, 1, 2, tzinfo=UTC), None, None)
    second = threading.Thread(target=read, args=("second",), daemon=True)
    second.start()
    time.sleep(0.1)
    page.go_on.set()
    first.join(timeout=30)
    second.join(timeout=30)
    assert answers == {"first": b"page 1", "second": b"page 2"}


def test_two_addresses_do_not_wait_for_each_other(edition):
    page = Page(edition)
    page.go_on.set()
    assert len(storm(page, path="/")) == READERS
    other = Page(edition)
    assert storm(other, path="/follow/")[0].content == b"page 1"
    assert len(page.rendered) == len(other.rendered) == 1
