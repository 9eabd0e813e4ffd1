"""A release as a reference."""

import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest

from releases import workflow
from releases.text.cite import Reference, bibtex, csl_json, plain, ris
from releases.workflow import Words

MOMENT = datetime(2026, 6, 10, 2, tzinfo=UTC)  # the evening of June 9 in New York
HOSTILE = 'Costs 5% & $3 {of} "it"\nER  - \nTY  - BOOK \\ #1_a ~^ 人权'


def reference(**fields):
    known = {
        "identifier": "urn:uuid:7f0f111f-0acf-4610-a34b-db87939a47d1", "title": "A title",
        "publisher": "The Lantern Trust", "address": "https://news.example.org/releases/a/",
        "published": date(2026, 6, 9), "revised": None, "language": "en",
    }  # fmt: skip
    return Reference(**{**known, **fields})


def test_the_plain_form_has_title_publisher_dates_and_address():
    assert plain(reference(revised=date(2026, 7, 1))) == (
        "The Lantern Trust. “A title.” Press release, 2026-06-09 (revised 2026-07-01). "
        "https://news.example.org/releases/a/"
    )
    assert "“Why?”" in plain(reference(title="Why?"))


def test_no_title_breaks_bibtex():
    made = bibtex(reference(title=HOSTILE))
    assert made.count("\n") == made.count(",\n") + 1
    bare = re.sub(r"\\[{}$&%#_]|\\text\w+\{\}", "", made)
    assert bare.count("{") == bare.count("}")
    assert not re.search(r"[%&$#~^\\]", bare)


def test_no_title_makes_another_field_in_ris():
    lines = ris(reference(title=HOSTILE)).split("\r\n")
    assert [line[:6] for line in lines if line][-1] == "ER  - "
    assert sum(line.startswith("TY  - ") for line in lines) == 1
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines if line)


def test_csl_json_has_the_day_and_the_publisher_as_one_name():
    (item,) = json.loads(csl_json(reference(title=HOSTILE, revised=date(2026, 7, 1))))
    assert item["issued"] == {"date-parts": [[2026, 6, 9]]}
    assert item["author"] == [{"literal": "The Lantern Trust"}]
    assert item["note"] == "Revised 2026-07-01"


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["txt", "bib", "ris", "json"])
def test_a_reference_has_the_newsrooms_day_and_the_days_of_corrections(client, make_release, editor, kind):
    release = make_release("Title", publish_at=MOMENT)
    text = client.get(f"/releases/title/cite.{kind}").text
    assert "2026-06-09" in text or "2026/06/09" in text or "[\n     2026,\n     6,\n     9" in text
    assert "http://testserver/releases/title/" in text
    assert "evised" not in text
    workflow.save_draft(release, Words(title="Title, corrected"), by=editor)
    workflow.correct(release, by=editor, note="x", at=MOMENT + timedelta(days=30))
    text = client.get(f"/releases/title/cite.{kind}").text
    assert "evised 2026-07-09" in text


@pytest.mark.django_db
def test_a_former_address_leads_on_and_a_withdrawn_release_says_so(client, make_release, editor):
    release = make_release("Title")
    workflow.readdress(release, slug="elsewhere", by=editor)
    response = client.get("/releases/title/cite.bib")
    assert (response.status_code, response.headers["Location"]) == (301, "/releases/elsewhere/cite.bib")
    workflow.withdraw(release, by=editor, notice="Wrong.")
    assert client.get("/releases/elsewhere/cite.bib").status_code == 410
    assert client.get("/releases/nothing/cite.bib").status_code == 404


@pytest.mark.django_db
def test_the_page_shows_the_reference_without_scripts(client, make_release):
    text = client.get(make_release("Title", publish_at=MOMENT).get_absolute_url()).text
    assert "<summary>Cite this release</summary>" in text
    assert "Ledgerlight Observatory. “Title.” Press release, 2026-06-09." in text
    assert 'href="/releases/title/cite.ris"' in text
