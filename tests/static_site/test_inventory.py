"""The inventory names every public address that has an end."""

from urllib.parse import unquote

import pytest
from django.test import Client

from releases.editions import current
from releases.static_site.inventory import LISTS, OF_THE_MOMENT, QUESTIONS, public_addresses
from releases.static_site.rendering import Renderer
from tests.leaks.crawl import START, crawl, kind_of, public_kinds

# Behind a link that somebody on the staff gave.
PRIVATE = {"preview", "preview_picture"}
pytestmark = pytest.mark.django_db


def test_each_public_pattern_of_the_urlconf_is_listed_or_answers_questions():
    assert public_kinds() - PRIVATE == set(LISTS) | QUESTIONS | OF_THE_MOMENT


def test_each_pattern_that_is_listed_has_an_address_in_a_full_newsroom(newsroom):
    assert {one.name for one in public_addresses()} >= set(LISTS)


@pytest.fixture(scope="module")
def answered(newsroom):
    """What the site answers at each address, asked once."""
    client = Client()
    return {one.path: client.get(one.path) for one in public_addresses()}


def test_each_address_is_answered_as_the_inventory_says(answered):
    for one in public_addresses():
        answer = answered[one.path]
        said = (answer.status_code, unquote(answer.headers.get("Location", "")))
        assert said == (one.status, unquote(one.target)), one


def test_no_address_is_named_twice(newsroom):
    paths = [one.path for one in public_addresses()]
    assert len(paths) == len(set(paths))


def test_whoever_follows_every_link_finds_no_page_that_the_inventory_lacks(newsroom):
    known = {unquote(one.path) for one in public_addresses()}
    found = {path for path, answer in crawl(START).items() if answer.status in {200, 410}}
    questions = (
        "/accounts/",
        "/search/",
        "/oembed.json?",
        "/api/releases.json?",
        "/follow/?",
        "?language=",
        "?topic=",
    )
    missing = [
        path
        for path in found
        if unquote(path) not in known and kind_of(path) and not any(sign in path for sign in questions)
    ]
    assert missing == []


def test_the_renderer_answers_as_the_site_does(answered):
    renderer, edition = Renderer(), current()
    for one in public_addresses():
        if one.name not in {"site:card", "old site"}:
            mine, theirs = renderer.render(one.path, edition), answered[one.path]
            assert (mine.status, mine.body) == (theirs.status_code, theirs.getvalue()), one.path
            assert mine.headers["Content-Type"] == theirs.headers["Content-Type"]
