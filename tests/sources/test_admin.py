"""The pages of sources for staff: the list, hosts, releases, one source, and naming its copy."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from releases.models import Event, Source
from releases.sources.copies import day_in
from tests.sources.conftest import stored
from tests.views.page import read, select

URL = "https://example.org/report"
COPY = "https://archive.example/web/20260610123456/https://example.org/report"
LIST = "/admin/releases/source/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, editor):
    client.force_login(editor)
    return client


def page_of(source):
    return f"{LIST}{source.pk}/change/"


def addresses(answer):
    return [one.text_content() for one in select(read(answer), ".source-address")]


def test_the_list_says_where_each_source_is_cited(desk, cite):
    first = cite(URL, title="The first")
    second = cite(note=[URL], title="The second")
    page = read(desk.get(LIST))
    (row,) = select(page, "#result_list tbody tr")
    assert select(row, ".source-address")[0].text_content() == "example.org/report"
    places = [" ".join(one.text_content().split()) for one in select(row, ".source-places li")]
    assert places == ["The second note 1", "The first in the text"]
    assert [a.get("href") for a in select(row, ".source-places a")] == [
        f"/admin/releases/release/{one.pk}/change/" for one in (second, first)
    ]


def test_a_source_of_many_releases_names_the_newest_and_how_many_more(desk, cite):
    for n in range(7):
        cite(URL, title=f"Release {n}")
    assert "and in 3 more" in desk.get(LIST).text


def test_the_list_holds_only_what_readers_can_see(desk, cite, make_draft, editor):
    make_draft(body=f'<p><a href="{URL}">x</a></p>')
    cite("https://embargoed.example/", publish_at=timezone.now() + timedelta(hours=1))
    source = Source.objects.get()
    assert addresses(desk.get(LIST)) == []
    for page in ("hosts/", "releases/", f"{source.pk}/change/"):
        assert "embargoed.example" not in desk.get(LIST + page, follow=True).text


@pytest.fixture
def many(cite):
    """Sources in every state."""
    at = timezone.now()
    release = cite(
        *(f"https://{state}.example/a" for state in ("alive", "moved", "gone", "unknown", "never"))
    )
    for state in ("alive", "moved", "gone", "unknown"):
        moved_to = "https://new.example/" if state == "moved" else ""
        Source.objects.filter(host=f"{state}.example").update(state=state, moved_to=moved_to, checked_at=at)
    Source.objects.filter(host="gone.example").update(archived_url=COPY, archived_on="2026-06-10")
    return release


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=alive", ["alive"]),
        ("state=moved", ["moved"]),
        ("state=gone", ["gone"]),
        ("state=unknown", ["unknown"]),
        ("state=never", ["never"]),
        ("copy=yes", ["gone"]),
        ("copy=no", ["alive", "moved", "never", "unknown"]),
        ("host=moved.example", ["moved"]),
        ("host=nobody.example", []),
        ("q=LIVE.exam", ["alive"]),
        ("q=new.example", ["moved"]),
        ("state=nonsense", ["alive", "gone", "moved", "never", "unknown"]),
    ],
)
def test_the_list_is_narrowed(desk, many, query, found):
    assert addresses(desk.get(f"{LIST}?{query}")) == [f"{one}.example/a" for one in found]


def test_the_list_is_narrowed_to_a_release(desk, many, cite):
    cite(URL, title="Another")
    assert len(addresses(desk.get(f"{LIST}?release={many.pk}"))) == 5


@pytest.mark.parametrize(
    "junk", ["release=x", "release=9999999999999999999", "host=%00", "q=%00", "page=x", "o=99"]
)
def test_junk_in_the_address_is_no_fault(desk, many, junk):
    assert desk.get(f"{LIST}?{junk}", follow=True).status_code == 200


def test_hosts_are_counted_by_state(desk, many, cite):
    cite("https://gone.example/b", title="Another")
    page = read(desk.get(LIST + "hosts/"))
    rows = [[" ".join(cell.text_content().split()) for cell in row] for row in select(page, "tbody tr")]
    assert rows[0] == ["gone.example", "2", "1", "0", "0", "0", "1", "1"], "what is gone comes first"
    assert len(rows) == 5
    (link,) = [a for a in select(page, "tbody a") if a.text == "gone.example"]
    assert len(addresses(desk.get(link.get("href")))) == 2


def test_releases_are_counted_by_state(desk, many):
    page = read(desk.get(LIST + "releases/"))
    ((*cells,),) = [[cell.text_content().strip() for cell in row] for row in select(page, "tbody tr")]
    assert cells[1:] == ["5", "1", "1", "1", "1", "1", "1"]
    (link,) = select(page, "tbody a")
    assert len(addresses(desk.get(link.get("href")))) == 5


@pytest.mark.parametrize("path", ["", "hosts/", "releases/"])
def test_lists_cost_as_many_queries_for_forty_sources_as_for_one(desk, cite, path):
    desk.get(LIST + path)
    cite(URL)
    with CaptureQueriesContext(connection) as one:
        desk.get(LIST + path)
    for n in range(8):
        cite(*(f"https://{n}.example/{i}" for i in range(5)), note=[URL], title=f"Release {n}")
    with CaptureQueriesContext(connection) as forty:
        assert desk.get(LIST + path).status_code == 200
    assert len(forty) == len(one)


def test_the_page_of_a_source_leads_to_every_note(desk, cite):
    release = cite(note=[URL], title="The title")
    source = stored(URL)
    page = read(desk.get(page_of(source)))
    form, site = (a.get("href") for a in select(page, ".source-table a"))
    assert form == f"/admin/releases/release/{release.pk}/change/#fn-aaaa1"
    assert site == f"{release.get_absolute_url()}#{release.note_prefix}fn-aaaa1"
    assert f'id="{release.note_prefix}fn-aaaa1"' in desk.get(release.get_absolute_url()).text
    assert "a source." in select(page, ".source-table")[0].text_content()


def test_the_page_of_a_source_costs_as_many_queries_for_forty_places_as_for_one(desk, cite):
    cite(URL)
    source = stored(URL)
    with CaptureQueriesContext(connection) as one:
        desk.get(page_of(source))
    for n in range(39):
        cite(note=[URL], title=f"Release {n}")
    with CaptureQueriesContext(connection) as forty:
        desk.get(page_of(source))
    assert len(forty) == len(one)


def test_an_editor_names_a_copy_and_reads_it_in_the_record(desk, source_of):
    source = source_of(URL)
    answer = desk.post(
        page_of(source), {"archived_url": COPY, "archived_on": "2026-06-11", "_continue": ""}, follow=True
    )
    source.refresh_from_db()
    assert (source.archived_url, source.archived_on) == (COPY, date(2026, 6, 11))
    assert "Readers are led to the copy" in answer.text
    assert "Added the copy of 2026-06-11" in answer.text
    assert "edith" in answer.text
    record = desk.get("/admin/releases/event/").text
    assert "added an archived copy of a source" in record
    assert URL in record


def test_the_day_is_read_from_the_address_of_an_archive(desk, source_of):
    source = source_of(URL)
    desk.post(page_of(source), {"archived_url": COPY, "archived_on": ""})
    assert stored(URL).archived_on == date(2026, 6, 10)


@pytest.mark.parametrize(
    ("address", "day"),
    [
        ("https://web.archive.org/web/20260610123456/https://example.org/", date(2026, 6, 10)),
        ("https://web.archive.org/web/20260610123456id_/https://example.org/", date(2026, 6, 10)),
        ("https://web.archive.org/web/20260610/https://example.org/", date(2026, 6, 10)),
        ("https://archive.example/2026.06.10-123456/https://example.org/", date(2026, 6, 10)),
        ("https://archive.example/web/20261399000000/https://example.org/", None),
        ("https://archive.example/AbC12", None),
    ],
)
def test_what_day_an_address_tells(address, day):
    assert day_in(address) == day


@pytest.mark.parametrize(
    ("data", "field", "words"),
    [
        ({"archived_url": "archive.example/1", "archived_on": "2026-06-10"}, "archived_url", "whole address"),
        (
            {"archived_url": "javascript:alert(1)", "archived_on": "2026-06-10"},
            "archived_url",
            "whole address",
        ),
        ({"archived_url": URL, "archived_on": "2026-06-10"}, "archived_url", "source itself"),
        ({"archived_url": "https://archive.example/1", "archived_on": ""}, "archived_on", "which day"),
        ({"archived_url": COPY, "archived_on": "10 June"}, "archived_on", "year-month-day"),
        ({"archived_url": COPY, "archived_on": "2999-01-01"}, "archived_on", "still to come"),
        ({"archived_url": "", "archived_on": "2026-06-10"}, "archived_url", "take its date away"),
    ],
)
def test_what_is_wrong_is_said_where_it_is_mended_and_what_was_typed_stays(
    desk, source_of, data, field, words
):
    source = source_of(URL)
    page = read(desk.post(page_of(source), data))
    (errors,) = select(page, f".field-{field} .errorlist")
    assert words in errors.text_content()
    for name, value in data.items():
        assert "".join(page.xpath("//input[@name=$name]/@value", name=name)) == value
    assert not stored(URL).archived_url
    assert not Event.objects.filter(verb="archive source").exists()


def test_a_copy_without_https_is_kept_with_a_warning(desk, source_of):
    source = source_of(URL)
    data = {"archived_url": "http://archive.example/1", "archived_on": "2026-06-10", "_continue": ""}
    assert "no https" in desk.post(page_of(source), data, follow=True).text
    assert stored(URL).archived_url == "http://archive.example/1"


def test_a_copy_is_taken_away_again(desk, source_of):
    source = source_of(URL)
    desk.post(page_of(source), {"archived_url": COPY, "archived_on": ""})
    answer = desk.post(page_of(source), {"archived_url": "", "archived_on": "", "_continue": ""}, follow=True)
    assert "There is no copy" in answer.text
    assert "Removed the copy" in answer.text
    assert stored(URL).archived_on is None


def test_a_writer_reads_and_cannot_write(client, writer, source_of):
    source = source_of(URL)
    client.force_login(writer)
    assert addresses(client.get(LIST)) == ["example.org/report"]
    page = client.get(page_of(source))
    assert page.status_code == 200
    assert 'name="archived_url"' not in page.text
    assert client.post(page_of(source), {"archived_url": COPY, "archived_on": ""}).status_code == 403
    assert not stored(URL).archived_url


@pytest.mark.parametrize("path", ["", "hosts/", "releases/"])
def test_who_has_no_role_sees_nothing(client, make_user, source_of, path):
    source_of(URL)
    client.force_login(make_user("nobody", None))
    assert client.get(LIST + path).status_code in {302, 403}


def test_nobody_adds_or_deletes_a_source(desk, chief, source_of):
    source = source_of(URL)
    desk.force_login(chief)
    assert desk.get(LIST + "add/").status_code == 403
    assert desk.post(f"{LIST}{source.pk}/delete/", {"post": "yes"}).status_code == 403
    assert desk.get(f"{LIST}{source.pk}/history/").status_code == 302


def test_the_desk_and_the_release_lead_here_and_here_leads_on(desk, cite):
    release = cite(URL)
    assert f'href="{LIST}"' in desk.get("/admin/").text
    assert f"{LIST}?release={release.pk}" in desk.get(f"/admin/releases/release/{release.pk}/change/").text
    assert f"{LIST}hosts/" in desk.get(LIST).text
    assert f"{LIST}releases/" in desk.get(LIST).text


def test_the_list_says_whether_anybody_looks(desk, source_of, settings):
    source_of(URL)
    assert "Checks are switched off" in desk.get(LIST).text
    settings.CHECK_SOURCES = True
    words = desk.get(LIST).text
    assert "Checks are switched off" not in words
    assert "None of them has been checked yet" in words
