"""Whatever stands in an address, the answer is never an error of ours, on either database."""

import itertools
import logging

import pytest
from django.test import Client

from newsroom.delivery.page_cache import query_names
from tests.depth import DEEP
from tests.leaks.crawl import broken, crawl, kind_of, public_kinds

pytestmark = pytest.mark.django_db
NAMES = ("page", "q", "topic", "year", "language", "limit", "after", "url", "format", "maxwidth", "maxheight")
VALUES = (
    "%00", "a%00b", "%ED%A0%80", "%ED%B0%80x", "%FF%FE", "%C0%80", "%F4%90%80%80", "%E2%80%AE", "%0D%0ASet-Cookie:a=b",
    "0", "-1", "1.5", "1e9", "99999999999999999999", "9223372036854775808", "%D9%A3", "%C2%B2", "NaN", "None", "",
    "%27%29%3B--", "%22", "%22%22%22", "-", "*", "%28%28%28", "a AND OR NOT NEAR(b)", "%25", "%5C", "%3Cscript%3E", "[]", "{}",
    "http://testserver/releases/%2500/", "http://testserver/releases/%25ED%25A0%2580/", "http://[::1", "\u202e", "𝟙",
    "http://testserver:x/releases/title-1/", "http://testserver/releases/title-1/%2500", "//testserver//releases/title-1/",
    "2026-02-30", "0000", "10000", "x" * 5000, "%E4%BA%BA" * 1500, "%20" * 300, "a " * 2000, "%F0%9F%95%AF%EF%B8%8F",
)  # fmt: skip
PLACES = (
    "%00", "a%00b", "%ED%A0%80", "%FF", "%C0%80", "%E2%80%AE", "%2E%2E", "..%2F..%2Fetc", "%0A", "%09", "x" * 3000, "%F0%9F%95%AF",
    "../../etc/passwd", "..%5C..%5Cx", "%252e%252e%252fx", "....//x", "/etc/passwd", "C:%5Cx", "master.jpg%00.png", "%27%22%3C", "%7Bx%7D", "%25s%25d", "1", "-1", "%20",
)  # fmt: skip
ROUTES = (
    "/releases/{}/", "/releases/{}", "/releases/{}/history/", "/releases/{}/cite.bib", "/releases/{}/cite.json", "/topics/{}/",
    "/topics/{}/feed.rss", "/topics/{}/feed.json", "/zh-hans/releases/{}/", "/ug/topics/{}/", "/{}/releases/", "/{}/", "/{}",
    "/pictures/cards/{}-1.png", "/pictures/cards/00000000-0000-4000-8000-000000000000-{}.png", "/preview/{}/",
    "/pictures/00000000-0000-4000-8000-000000000000/{}", "/pictures/{}/400.jpg", "/pictures/{}", "/api/{}.json", "/preview/x/{}",
    "/sitemaps/releases-{}.xml", "/feeds/releases.{}", "/search/feed.{}", "/releases/{}/01/", "/releases/2026/{}/", "/{}.php",
)  # fmt: skip
# Of two values under one name the last counts, which has to be a good one and a bad one.
TWICE = [*itertools.permutations(("1", "land", "%00"), 2)] if DEEP else [("land", "%00"), ("%00", "1")]


def some(*matrix):
    """Half of all combinations by default, as the white fields of a chessboard: each line meets every second of each column."""
    for places in itertools.product(*(enumerate(line) for line in matrix)):
        if DEEP or sum(number for number, _ in places) % 2 == 0:
            yield tuple(value for _, value in places)


@pytest.fixture(scope="module")
def newsroom(module_makers):
    """Something to find."""
    topic = module_makers.topic("Land")
    for number in range(21):
        module_makers.release(f"Title {number}", topics=[topic])


@pytest.fixture(autouse=True)
def asked(newsroom, settings):
    """A 500 instead of an exception."""
    settings.PUBLIC_HISTORY = True
    logging.getLogger("django.request").setLevel(logging.CRITICAL)
    yield Client(raise_request_exception=False)
    logging.getLogger("django.request").setLevel(logging.NOTSET)


def pages():
    """Every public address that takes a question, one of each kind."""
    return [
        "/", "/releases/", "/releases/2026/", "/releases/title-1/", "/releases/title-1/history/", "/releases/title-1/cite.txt",
        "/topics/", "/topics/land/", "/topics/land/feed.rss", "/search/", "/search/suggest", "/search/opensearch.xml",
        "/search/feed.rss", "/search/feed.json", "/follow/", "/feeds/releases.rss", "/feeds/releases.atom",
        "/feeds/releases.json", "/feeds/topics.opml", "/sitemap.xml", "/sitemaps/pages.xml", "/sitemaps/releases-1.xml",
        "/sitemaps/news.xml", "/robots.txt", "/oembed.json", "/api/releases.json", "/api/openapi.json", "/healthz", "/nowhere/",
        "/zh-hans/search/", "/ug/follow/", "/preview/x/", "/favicon.ico",
        "/.well-known/newsroom-mirrors.json", "/.well-known/newsroom-key.pem",
        "/.well-known/security.txt", "/.well-known/security-key.asc", "/privacy/", "/securedrop/", "/csp-reports/",
    ]  # fmt: skip


def errors(client, paths):
    """Those that are answered by an error of ours; oEmbed wants 501 for a format that is not spoken."""
    return [path[:200] for path in paths if client.get(path).status_code in {500, 502, 503, 504}]


def read_at(page):
    """The names that a page reads, and one that it does not: for the others are all the same to it (`test_questions`)."""
    known = query_names(page)
    if DEEP or known is None:
        return NAMES
    return [*(name for name in NAMES if name in {one.rstrip("*") for one in known}), "other"]


def test_hostile_words_in_a_question(asked):
    """Each value under each name, at the addresses that read a question; the others are asked with a few."""
    reading = (
        "/search/",
        "/search/suggest",
        "/search/feed.json",
        "/feeds/releases.rss",
        "/api/releases.json",
        "/oembed.json",
    )
    paths = [f"{page}?{name}={value}" for page in reading for name, value in some(read_at(page), VALUES)]
    assert errors(asked, paths) == []


def test_a_few_hostile_words_at_every_address(asked):
    few = ("%00", "%ED%A0%80", "-1", "99999999999999999999", "x" * 5000)
    names = ("page", "topic", "q", "year", "")
    paths = [f"{page}?{name}={value}" for page, value, name in some(pages(), few, names)]
    assert errors(asked, paths) == []


def test_hostile_words_in_the_place_of_a_name(asked):
    assert errors(asked, [route.format(place) for route, place in some(ROUTES, PLACES)]) == []


def test_questions_put_twice_or_a_thousand_times(asked):
    twice = [
        f"{page}?{name}={first}&{name}={second}"
        for page in pages()
        for name in read_at(page)
        for first, second in TWICE
    ]
    often = [f"{page}?{'&'.join(['topic=land', 'page=1'] * 400)}" for page in pages()]
    many = [f"{page}?{'&'.join(f'a{n}=b' for n in range(1200))}" for page in pages()]
    assert errors(asked, [*twice, *often, *many]) == []


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch", "options", "trace", "head"])
def test_other_methods_than_reading(asked, method):
    send = getattr(asked, method)
    assert [page for page in pages() if send(page).status_code >= 500] == []


@pytest.mark.parametrize(
    "headers",
    [
        {"If-None-Match": 'W/"' + "x" * 5000}, {"If-None-Match": "\x00"}, {"If-Modified-Since": "yesterday"},
        {"If-Modified-Since": "Mon, 99 Foo 99999 99:99:99 GMT"}, {"If-Modified-Since": "Mon, 01 Jan 0000 00:00:00 GMT"},
        {"Range": "bytes=0-0,-1,5-"}, {"Range": "lines=1-2"}, {"Range": "bytes=" + "0-1," * 2000}, {"Accept": "text/html;q=\ud83d"},
        {"Accept": "application/xml;q=2, ,;" * 300}, {"Accept": ""}, {"If-Range": "\x00"}, {"Accept-Charset": "utf-7"},
        {"Accept-Encoding": "gzip;q=x, *;q=-1, \x00"}, {"Accept-Language": "\x00, zz;q=9" * 500}, {"Range": "bytes=9-1"},
        {"Cookie": "sessionid=\x00; " + "a=b; " * 500}, {"Accept": "*/*;\x00"}, {"X-Forwarded-For": "\x00"},
    ],
    ids=lambda headers: next(iter(headers)),
)  # fmt: skip
def test_hostile_headers(asked, headers):
    assert [page for page in pages() if asked.get(page, headers=headers).status_code >= 500] == []


def test_a_crawl_of_the_whole_site_meets_no_error(asked):
    answers = crawl(pages())
    assert len(answers) > 100
    assert broken(answers) == []


def test_every_kind_of_public_address_is_asked():
    """A new one has to be added to the lists above, or this fails."""
    places = ("1", "2026", "rss", "x", "00000000-0000-4000-8000-000000000000", "400.jpg")
    asked = [*pages(), *(route.format(place) for route in ROUTES for place in places)]
    assert public_kinds() - {kind_of(path) for path in asked} == set()
