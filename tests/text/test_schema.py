"""The one table, and what is made from it."""

import nh3
import pytest
from django_prose_editor.config import EXTENSION_MAPPING

from releases.text.schema import (
    BOUNDARIES,
    BY_TAG,
    DROPPED,
    RENAMED,
    allowed_value,
    editor_extensions,
    nh3_arguments,
)
from tests.text.helpers import ALLOWED

OURS = {"FootnoteDocument", "FootnoteRef", "FootnoteList", "Footnote", "FootnoteSync", "EditorAccess"}


def test_the_table_allows_what_was_agreed_and_no_more():
    table = {
        tag: set(element.attributes) | ({"class"} if element.css_class else set())
        for tag, element in BY_TAG.items()
    }
    assert table == ALLOWED


def test_nh3_is_told_the_same():
    arguments = nh3_arguments()
    assert arguments["tags"] == set(ALLOWED)
    assert arguments["url_schemes"] == {"http", "https", "mailto"}
    cleaner = nh3.Cleaner(**arguments)
    assert (
        cleaner.clean('<sup class="footnote-ref x" id="fn-aaaa">a</sup>')
        == '<sup class="footnote-ref">a</sup>'
    )
    assert cleaner.clean('<td dir="up" colspan="0">a') == "a"
    assert cleaner.clean('<a href="data:x" id="x">a</a>') == "<a>a</a>"


def test_the_editor_can_write_every_element_and_knows_every_extension():
    extensions = editor_extensions()
    assert set(extensions) - OURS <= set(EXTENSION_MAPPING)
    assert set(extensions) > OURS
    assert extensions["Document"] is False
    assert extensions["Heading"] == {"levels": [2, 3]}
    assert extensions["Link"] == {"enableTarget": False, "protocols": ["http", "https", "mailto"]}
    assert {"Table", "TableRow", "TableHeader", "TableCell", "ListItem"} <= set(extensions)


def test_each_call_gives_a_table_of_its_own():
    editor_extensions()["Heading"]["levels"].append(4)
    assert editor_extensions()["Heading"]["levels"] == [2, 3]


def test_other_names_lead_into_the_table_and_what_is_dropped_is_not_in_it():
    assert set(RENAMED.values()) <= set(BY_TAG)
    assert not set(RENAMED) & set(BY_TAG)
    assert not (DROPPED | BOUNDARIES) & set(BY_TAG)


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("lang", "zh-Hans\n"),
        ("lang", "x" * 9),
        ("lang", "en-"),
        ("dir", "RTL "),
        ("start", "1.5"),
        ("colspan", "0"),
        ("colspan", "1000"),
        ("rowspan", "-1"),
        ("colspan", "٣"),
        ("id", "fn-abc"),
        ("id", "fn-ABCD"),
        ("id", "fnref-abcd-0"),
        ("href", "//example.org"),
        ("href", "#top"),
        ("style", "color:red"),
    ],
)
def test_a_whole_value_must_be_right(attribute, value):
    assert not allowed_value(attribute, value)
