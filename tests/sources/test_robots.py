"""What a site asks of robots, read as RFC 9309 says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from releases.sources.robots import LONGEST_DELAY, MOST_RULES, Rules, parse

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
    ],
)
def test_the_longest_rule_of_the_right_group_counts(text, path, allowed):
    assert parse(text, agent=AGENT).allows(path) is allowed


def test_a_delay_is_kept_within_reason():
    assert parse("User-agent: *\nCrawl-delay: 7.5", agent=AGENT).delay == 7.5
    assert parse("User-agent: *\nCrawl-delay: inf", agent=AGENT).delay == LONGEST_DELAY
    assert parse("User-agent: *\nCrawl-delay: nan", agent=AGENT).delay == 0
    assert parse("User-agent: *\nCrawl-delay: soon", agent=AGENT).delay == 0


def test_rules_survive_being_stored():
    rules = parse("User-agent: *\nDisallow: /a\nAllow: /a/b\nCrawl-delay: 2", agent=AGENT)
    assert Rules.read(rules.stored()) == rules


def test_a_file_of_endless_rules_is_cut():
    assert (
        len(parse("User-agent: *\n" + "Disallow: /a\n" * (MOST_RULES * 2), agent=AGENT).rules) == MOST_RULES
    )


@given(st.text(max_size=400), st.text(max_size=100))
def test_no_file_breaks_the_reader(text, path):
    rules = parse(f"User-agent: *\n{text}", agent=AGENT)
    assert rules.allows("/" + path) in {True, False}
    assert Rules.read(rules.stored()).stored() == rules.stored()


def test_a_pattern_of_many_stars_costs_no_more_than_its_length():
    rules = Rules([(False, "/" + "*a" * 2000 + "$")])
    assert rules.allows("/" + "a" * 20000 + "b")
