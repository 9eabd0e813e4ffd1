"""A chief's page on which a name, a release or a picture is removed from everything: seen first, counted, and done once."""

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from newsroom.accounts.models import AccessEntry, User, assign_role
from newsroom.locks import hold
from newsroom.safety.scrub import pages, places, preview, remains
from releases import workflow
from releases.models import Event, Picture, Release
from releases.text.removal import Removal
from releases.text.spellings import variants
from releases.workflow import Words

from .test_scrub import MADE_ANEW, SPELLINGS, lines, named  # noqa: F401  a fixture

PAGE = "/admin/scrub/"
TYPED = {"words": "Gülnar Imin", "others": "\n".join(SPELLINGS[1:]), "by": "[name removed]"}


def signed_in(client, role="chief", name="charlotte"):
    user = User.objects.filter(username=name).first() or User.objects.create_user(name)
    assign_role(user, role)
    client.force_login(user)
    return client


@pytest.fixture
def chief(client, transactional_db):
    return signed_in(client)


def send(client, step, **data):
    answer = client.post(PAGE, {"step": step, **data})
    return answer, answer.content.decode()


def number_in(page):
    return int(re.search(r'name="places" value="(\d+)"', page)[1])


def test_a_name_in_a_dozen_places_and_five_scripts_goes_through_the_page_alone(named, chief):  # noqa: F811
    release, _other = named
    _answer, page = send(chief, "spellings", **TYPED)
    assert "Found by what you typed" in page
    assert "古麗娜爾" in page
    before = lines()
    _answer, page = send(chief, "places", **TYPED)
    number = number_in(page)
    assert number >= 12
    assert page.count("<mark>") == number
    assert f"/admin/releases/release/{release.pk}/change/" in page
    assert lines() == before
    there = list(places.find(Removal(SPELLINGS, "-")))

    answer, page = send(chief, "remove", **TYPED, places=number)

    assert f"removed from {number} places" in page
    assert "None: every byte" in page
    assert list(places.find(Removal([*SPELLINGS, "Gulnar Imin"], "-"))) == []
    assert remains.search_bytes([*SPELLINGS, "Gulnar Imin", "古麗娜爾"]) == []
    after = lines()
    held = {(place.table, str(place.pk)) for place in there}
    for table in before.keys() - MADE_ANEW:
        changed = {line.partition(b"\t")[0].decode() for line in before[table] if line not in after[table]}
        assert {(table, pk) for pk in changed} <= held, table
    event = Event.objects.get(verb="remove words", release=None)
    entry = AccessEntry.objects.get(kind="words removed")
    assert (event.user.username, entry.by.username) == ("charlotte", "charlotte")
    assert (event.detail["places"], entry.detail) == (number, {"places": number})
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.alike
def test_words_are_in_no_address_session_or_log(named, chief, caplog):  # noqa: F811
    caplog.set_level("DEBUG")
    for step in ("spellings", "places"):
        answer, page = send(chief, step, **TYPED)
        assert answer.status_code == 200
        assert 'method="get"' not in page
        addresses = "".join(re.findall(r'(?:href|action|src)="([^"]*)"', page)).lower()
        assert "gulnar" not in addresses.replace(named[0].slug, "")
        assert "G%C3%BClnar" not in addresses
        title = re.search(r"<title>.*?</title>", page, re.S)[0]
        assert "lnar" not in title
    assert "lnar" not in str(dict(chief.session.items()))
    assert "lnar" not in caplog.text
    assert 'spellcheck="false"' in chief.get(PAGE).content.decode()


@pytest.mark.alike
@pytest.mark.parametrize("role", ["writer", "editor"])
def test_others_are_refused_at_every_step(client, transactional_db, role):
    signed_in(client, role, "otto")
    assert client.get(PAGE).status_code == 403
    for step in pages._STEPS:
        assert client.post(PAGE, {"step": step, **TYPED, "places": 0}).status_code == 403


@pytest.mark.alike
def test_the_desk_of_a_chief_leads_here_and_that_of_others_does_not(client, transactional_db):
    signed_in(client)
    assert PAGE in client.get("/admin/").content.decode()
    signed_in(client, "editor", "otto")
    assert PAGE not in client.get("/admin/").content.decode()


@pytest.mark.alike
def test_other_ways_to_write_it_are_offered_with_how_often_they_stand(chief, makers):
    body = "<p>Imin, Gülnar wrote. Mrs Imin and G. Imin came; Gulnarning kitabi. Iminov is another, Imin too.</p>"
    makers.release("Wells", body=body)
    _answer, page = send(chief, "spellings", words="Gulnar\nGülnar Imin")
    offered = dict(re.findall(r'name="spelling" value="([^"]*)">.*?<span class="scrub-times">(\d+)×', page))
    assert offered == {"Imin, Gülnar": "1", "Imin": "2", "G. Imin": "1", "Gulnarning": "1"}
    _answer, page = send(chief, "places", words="Gülnar Imin", spelling=["Imin, Gülnar", "G. Imin"])
    assert html.unescape(page).count("<mark>Imin, Gülnar</mark>") == 1
    assert number_in(page) == 1
    _answer, page = send(chief, "spellings", words="Nobody Here")
    assert "stands nowhere" in page


@pytest.mark.alike
def test_what_was_typed_is_found_whole_before_its_parts(chief, makers):
    makers.release("Wells", body="<p>Ayshegul Hamut and Hamut.</p>")
    _answer, page = send(chief, "spellings", words="Ayshegul Hamut")
    typed = page[: page.index("Found, too")]
    assert '<strong dir="auto">Ayshegul Hamut</strong> <span class="scrub-times">1×' in typed
    assert dict(re.findall(r'name="spelling" value="([^"]*)">.*?<span class="scrub-times">(\d+)×', page)) == {
        "Hamut": "1"
    }
    assert "&lt;p&gt;" not in page


def test_variants_of_a_name_and_none_of_a_passage():
    assert variants("Abdul Karim Hamut")[0] == "Hamut, Abdul Karim"
    assert {"A. K. Hamut", "Abdul Hamut", "Hamut, A. K.", "Karim Hamut, Abdul"} <= set(
        variants("Abdul Karim Hamut")
    )
    assert "依明, 古丽娜尔" in variants("古丽娜尔·依明")
    assert variants("Hamut") == variants("He said that he had seen it") == []


@pytest.mark.alike
@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"words": ""}, "This field is required"),
        ({"words": "x"}, "from 2 to 1000 letters"),
        ({"words": "Imin", "others": "Gulnar\n-"}, "“-” cannot be searched for"),
        ({"words": "Imin", "by": "not Imin"}, "holds them itself"),
        ({"words": "\n".join(f"name {n}" for n in range(101))}, "At most 100"),
    ],
)
def test_what_cannot_be_searched_for_is_said_at_its_field_and_kept(chief, data, told):
    for step in ("spellings", "places"):
        answer, page = send(chief, step, **data)
        assert answer.status_code == 422
        assert told in html.unescape(page)
        assert all(line in html.unescape(page) for line in data["words"].split("\n"))


def test_what_was_saved_since_the_preview_is_looked_at_first(named, chief, makers):  # noqa: F811
    release, _other = named
    _answer, page = send(chief, "places", **TYPED)
    number = number_in(page)
    workflow.save_draft(release, Words("Gulnar Imin", "<p>Gulnar Imin once more</p>"), by=makers.editor)
    before = lines()
    answer, page = send(chief, "remove", **TYPED, places=number)
    assert answer.status_code == 409
    assert "somebody saved meanwhile" in page
    assert number_in(page) > number
    assert html.escape("Gülnar Imin") in page
    assert lines() == before


def test_of_two_chiefs_at_once_the_second_is_told(named, chief, settings):  # noqa: F811
    _answer, page = send(chief, "places", **TYPED)
    number = number_in(page)
    with open(settings.DATA_DIR / "scrub.lock", "w") as file:
        hold(file, RuntimeError())
        answer, page = send(chief, "remove", **TYPED, places=number)
    assert answer.status_code == 409
    assert "Another removal is under way" in page
    assert "Gülnar Imin" in html.unescape(page)
    assert list(places.find(Removal(SPELLINGS, "-")))
    send(chief, "remove", **TYPED, places=number)
    answer, page = send(chief, "remove", **TYPED, places=number)
    assert (answer.status_code, "stood in no place any more" in page) == (200, True)


@pytest.mark.alike
def test_a_large_database_is_not_written_anew_while_a_browser_waits(named, chief, monkeypatch):  # noqa: F811
    monkeypatch.setattr(pages, "AT_ONCE", 0)
    _answer, page = send(chief, "places", **TYPED)
    _answer, page = send(chief, "remove", **TYPED, places=number_in(page))
    assert "Not looked for to the end" in page
    _answer, page = send(chief, "bytes", words="\n".join(SPELLINGS))
    assert "None: every byte" in page
    _answer, page = send(chief, "bytes")  # after a release or a picture, of which nothing is typed
    assert "The database was written anew." in page


@pytest.mark.alike
def test_what_people_mend_themselves_is_named_with_the_way_there(chief, makers):
    topic = makers.topic("Gulnar Imin")
    _answer, page = send(chief, "places", **TYPED)
    assert number_in(page) == 0
    assert reverse("admin:releases_topic_change", args=[topic.pk]) in page


@pytest.mark.alike
def test_a_translation_without_the_name_is_named(chief, makers):
    first, second = makers.release("Gulnar Imin", language="en"), makers.release("她", language="zh-hans")
    workflow.tie(first, second, by=makers.editor)
    _answer, page = send(chief, "places", words="Gulnar Imin")
    assert "Translations in which none of it was found" in page
    assert f"/admin/releases/release/{second.pk}/change/" in page


def queries_of_the_preview(chief):
    with CaptureQueriesContext(connection) as queries:
        _answer, page = send(chief, "places", words="Gulnar Imin")
    return len(queries), page


@pytest.mark.alike
def test_many_places_are_shown_page_by_page_with_as_many_queries_as_few(chief, makers, monkeypatch):
    makers.release("Gulnar Imin")
    few, page = queries_of_the_preview(chief)
    assert "Page 1 of" not in page
    for _number in range(12):
        makers.release("Gulnar Imin")
    monkeypatch.setattr(preview, "PER_PAGE", 20)
    many, page = queries_of_the_preview(chief)
    assert many == few  # a table is one query, however many rows have the words
    assert "Page 1 of 2" in page
    assert page.count("<mark>") == 20
    _answer, second = send(chief, "places", words="Gulnar Imin", page=2)
    assert number_in(second) == number_in(page) == 20 + second.count("<mark>")


def test_a_release_goes_whole_by_the_page(named, chief):  # noqa: F811
    release, other = named
    answer, page = send(chief, "release", release=f"https://example.org{other.get_absolute_url()}")
    assert "Wells" in page
    answer, page = send(chief, "release", release=str(release.pk))
    number = number_in(page)
    answer, _page = send(chief, "remove release", release=release.pk, places=number + 1)
    assert (answer.status_code, Release.objects.filter(pk=release.pk).exists()) == (409, True)
    _answer, page = send(chief, "remove release", release=release.pk, places=number)
    assert f"with its {number} rows" in page
    assert not Release.objects.filter(pk=release.pk).exists()
    assert AccessEntry.objects.get(kind="release removed").detail == {"release": release.pk, "rows": number}
    answer, page = send(chief, "remove release", release=release.pk, places=number)
    assert (answer.status_code, "removed it meanwhile" in page) == (409, True)


@pytest.mark.alike
def test_what_is_no_release_or_picture_is_said(chief, makers):
    for step in ("release", "picture"):
        for asked in ("", "nothing", "/releases/\x00/", "99999999999999999999", "999"):
            answer, page = send(chief, step, **{step: asked})
            assert answer.status_code == 422
            assert 'role="alert"' in page


def test_a_picture_goes_by_the_page(chief, makers, make_picture, settings, tmp_path):
    settings.DATA_DIR = settings.MEDIA_ROOT = tmp_path
    picture = make_picture()
    release = makers.release("Wells", picture=picture, picture_alt="Hamut")
    way = f"{PAGE}?picture={picture.pk}"
    assert way in chief.get(reverse("admin:releases_picture_change", args=[picture.pk])).content.decode()
    assert f'name="picture" value="{picture.pk}"' in chief.get(way).content.decode()
    _answer, page = send(chief, "picture", picture=str(picture.pk))
    assert f"/admin/releases/release/{release.pk}/change/" in page
    _answer, page = send(chief, "remove picture", picture=picture.pk, places=number_in(page))
    assert "picture was removed from" in page
    assert not Picture.objects.exists()
    assert AccessEntry.objects.filter(kind="picture removed").exists()


def test_what_stands_around_a_hit_shows_no_piece_of_a_tag():
    tag = '<ol class="footnotes">'
    for pad in range(places.AROUND + len(tag)):
        words = "w" * pad
        text = f"{tag}{words}Velmora{words}{tag}"
        start = text.index("Velmora")
        before, after = places.around(text, start, start + len("Velmora"))
        near = "w" * min(pad, places.AROUND)
        assert (before.strip(), after.strip()) == (near, near)
