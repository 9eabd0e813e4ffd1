"""Saved pages, mappings and folders that nobody made in good faith: said by name, and nothing half kept."""

import os

import pytest

from releases.intake import Unreadable
from releases.intake.html import import_folder
from releases.intake.html.mapping import mapping_of, read_mapping
from releases.intake.html.page import MAX_ELEMENTS, read_page
from releases.models import Release
from releases.text.clean import clean
from tests.intake.saved import PLACES, html, mapping, page
from tests.text.helpers import assert_safe


@pytest.mark.parametrize(
    "place", ["title", "date", "body", "notes", "topics", "summary", "source_id", "former_path"]
)
@pytest.mark.parametrize(
    "words",
    ["//p[nofunction()]", "//x:p", "//p[1", "count(//p)", "1 div 0", "string(//p)", "//@id", "//comment()"],
)
def test_a_place_that_is_no_place_is_refused_before_or_on_the_page(place, words):
    try:
        found = read_page(html("<p>Words.</p>"), mapping_of({**PLACES, place: words}), name="a.html")
    except Unreadable:
        return
    assert found.title
    assert clean(found.body).html == found.body


@pytest.mark.parametrize(
    ("said", "why"),
    [({"date_format": "%H"}, "date_format"), ({"date_format": "%Q"}, "date_format"), ({"date_format": "("}, "date_format"),
     ({"encoding": "utf-99"}, "utf-99"), ({"encoding": "hex"}, "hex"), ({"title": "//p["}, "XPath"), ({"remove": ["p:hover"]}, "XPath")],
)  # fmt: skip
def test_a_mapping_that_could_never_work_is_refused_at_once(said, why):
    with pytest.raises(Unreadable, match=why):
        mapping(**said)


@pytest.mark.parametrize(
    "data",
    [
        b"\x00",
        b"\xff\xfe",
        b"[[",
        b"version = 1\nversion = 1",
        b"title = 1979-05-27T07:32:00Z",
        b"a" * 100_000,
    ],
)
def test_what_is_no_mapping_is_refused_with_its_name(tmp_path, data):
    (tmp_path / "m.toml").write_bytes(data)
    with pytest.raises(Unreadable, match=r"m\.toml"):
        read_mapping(tmp_path / "m.toml")


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 5000 + "<p>Words.",
        "<p " + " ".join(f"a{n}=''" for n in range(20_000)) + ">Words.</p>",
        "<p>" + "<a id=x href='#x'>1</a>" * 3000 + "</p>",
        "".join(f"<p><a id=r{n} href=#n{n}>{n % 100}</a></p>" for n in range(2500))
        + "".join(f"<p id=n{n}><a href=#r{n}>^</a> x</p>" for n in range(2500)),
        "<p>" + "<sup>1</sup>" * 5000 + "</p><hr>" + "<p>1. a ^</p>" * 5000,
        "<p>Words<sup><a id=r href=#n>1</a></sup></p><p id=n><a href=#r>1</a><p id=n><a href=#r>1</a>",
        "<p>Words<sup><a id=r href=#r>1</a></sup></p>",
        "<ol id=n><li><a id=a href=#b>1</a><li><a id=b href=#a>1</a></ol>",
        "<script>alert(1)</script><p onclick=x()>W<style>p{}</style><iframe src=//x></iframe><svg><script>x</script></svg>",
        "<p><a href='java&#10;script:x'>1</a><a href='data:text/html,x'>2</a><a href='//[::1'>3</a><a href='http://[x'>4</a>",
        "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><p>&e;</p>",
        "<table>" * 300 + "<td>x",
        "<p>\x00\x01\x0c￾\ud7ff😀</p>",
        "<h1>" + "x" * 5000,
    ],
)
def test_any_page_gives_a_clean_body_or_a_reason(body):
    try:
        found = page(body)
    except Unreadable:
        return
    assert_safe(found.body)
    assert clean(found.body).html == found.body
    assert "passwd" not in found.body


@pytest.mark.django_db
def test_links_out_of_the_folder_and_what_is_no_file_are_left_where_they_are(tmp_path, editor):
    (tmp_path / "secret.html").write_bytes(html("<p>Secret.</p>", title="Secret"))
    folder = tmp_path / "site"
    (folder / "more.html").mkdir(parents=True)
    (folder / "good.html").write_bytes(html("<p>Words.</p>", title="Good"))
    (folder / "out.html").symlink_to(tmp_path / "secret.html")
    (folder / "up.html").symlink_to("../secret.html")
    (folder / "loop.html").symlink_to("loop.html")
    (folder / "lost.html").symlink_to("nowhere.html")
    os.mkfifo(folder / "pipe.html")
    (folder / "inside.html").symlink_to("good.html")
    result = import_folder(folder, mapping(), by=editor)
    assert sorted(release.slug for release in Release.objects.all())[0] == "good"
    assert (result.added, result.refused) == (2, 6)
    assert "Secret" not in {release.live.title for release in Release.objects.all()}


@pytest.mark.django_db
def test_two_pages_of_one_source_id_are_one_release_and_said(tmp_path, editor):
    for name in ("a", "b"):
        (tmp_path / f"{name}.html").write_bytes(html("<p>Words.</p>", more="<i id=n>17</i>"))
    result = import_folder(tmp_path, mapping(source_id="#n"), by=editor)
    assert (result.added, result.refused) == (1, 1)
    assert "17" in dict(result.reports)["b.html"][0]


def test_a_text_of_a_million_elements_is_refused_before_any_of_them_is_looked_at(monkeypatch):
    monkeypatch.setattr("releases.intake.html.page.remove_unwanted", None)  # the first that looks
    with pytest.raises(Unreadable, match="too long"):
        read_page(html("<p>x" * (MAX_ELEMENTS + 1)), mapping_of(PLACES), name="a.html")
