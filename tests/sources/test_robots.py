"""What a site asks of robots, read as RFC 9309 says."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from releases.sources.politeness import ROBOTS_MAX_BYTES, ROBOTS_MAX_DELAY, Rules

AGENT = "newsroom-sources"


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /private", "/public", True),
        ("user-agent: *\ndisallow: /a\nallow: /a/b", "/a/b/c", True),
        ("User-agent: *\nAllow: /a\nDisallow: /a", "/a", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/x/report.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/x/report.pdf?download", True),
        ("User-agent: *\nDisallow: /*?session=", "/a?session=1", False),
        ("User-agent: *\nDisallow: /$", "/", False),
        ("User-agent: *\nDisallow: /$", "/a", True),
        ("User-agent: *\nDisallow: /%E4%BA%BA", "/人/", False),
        ("User-agent: *\nDisallow: /a # why\n", "/a", False),
        ("\ufeffUser-agent: *\r\nDisallow: /a\r\n", "/a", False),
        # A group of our own is the only one that counts.
        ("User-agent: *\nDisallow: /\n\nUser-agent: Newsroom-Sources\nDisallow: /x", "/a", True),
        ("User-agent: newsroom-sources/1.0\nDisallow: /\n\nUser-agent: *\nAllow: /", "/a", False),
        ("User-agent: other\nUser-agent: newsroom-sources\nDisallow: /", "/a", False),
        ("User-agent: other\nDisallow: /", "/a", True),
        ("User-agent: newsroom\nDisallow: /", "/a", True),
        # Lines of other kinds do not end a group.
        ("User-agent: *\nSitemap: https://example.org/s.xml\nDisallow: /a", "/a", False),
        ("<!doctype html><title>404</title>", "/a", True),
        ("User-agent: *\nDisallow: /a\x00b\nDisallow: /c", "/c", False),
        ("User-agent: news*\nDisallow: /", "/a", True),
        ("User agent: *\nDissallow: /a", "/a", False),
    ],
)
def test_the_longest_rule_of_the_right_group_counts(text, path, allowed):
    assert Rules(text, agent=AGENT).allows(path) is allowed


@pytest.mark.parametrize(
    ("said", "delay"),
    [("7.5", 7.5), ("1e9", ROBOTS_MAX_DELAY), ("-3", 0), ("nan", 0), ("inf", 0), ("soon", 0), ("", 0)],
)
def test_a_delay_is_kept_within_reason(said, delay):
    assert Rules(f"User-agent: *\nCrawl-delay: {said}", agent=AGENT).delay == delay


def test_rules_survive_being_stored():
    rules = Rules("User-agent: *\nDisallow: /a\nAllow: /a/b\nCrawl-delay: 2", agent=AGENT)
    again = Rules.from_stored(rules.stored(), agent=AGENT)
    assert (again.stored(), again.delay) == (rules.stored(), 2)
    assert [again.allows(path) for path in ("/a", "/a/b", "/c")] == [False, True, True]


def test_what_an_earlier_version_stored_is_fetched_again():
    assert Rules.from_stored({"rules": [[False, "/a"]], "delay": 0}, agent=AGENT) is None
    assert Rules.from_stored({}, agent=AGENT) is None


def test_no_more_of_a_file_is_read_than_its_first_part():
    text = "User-agent: *\n" + "Disallow: /a\n" * 50_000 + "Disallow: /b\n"
    assert len(text) > ROBOTS_MAX_BYTES
    rules = Rules(text, agent=AGENT)
    assert [rules.allows(path) for path in ("/a", "/b")] == [False, True]


@given(st.text(max_size=400), st.text(max_size=100))
@example("\r", "")
def test_no_file_breaks_the_reader(text, path):
    rules = Rules(f"User-agent: *\n{text}", agent=AGENT)
    assert rules.allows("/" + path) in {True, False}
    assert Rules.from_stored(rules.stored(), agent=AGENT).stored() == rules.stored()


def filled(line, first="User-agent: *\n"):
    return first + line * ((ROBOTS_MAX_BYTES - len(first)) // len(line))


HOSTILE = {
    "rules": filled("Disallow: /a\n"),
    "rules of stars": filled("Disallow: /*a*a*a*a*a*a*a*a*a*a*b\n"),
    "one rule of stars": "User-agent: *\nDisallow: /" + "*a" * (ROBOTS_MAX_BYTES // 2 - 20) + "$",
    "names and rules": "".join(f"User-agent: b{n}\n" for n in range(16_000)) + "Disallow: /a\n" * 18_000,
    "blanks": "user-agent" + " " * (ROBOTS_MAX_BYTES - 10),
    "escapes": filled("Disallow: /" + "%2" * 50 + "\n"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_file_takes_long_to_read_or_to_ask(name):
    began = time.process_time()
    Rules(HOSTILE[name], agent=AGENT).allows("/" + "a" * 4000)
    assert time.process_time() - began < 3  # below one second on an idle machine
