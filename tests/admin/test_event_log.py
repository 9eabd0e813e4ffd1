"""The record: searched, narrowed, exported as it stands, changed by nobody."""

import csv
import io

import pytest
from django.db import DatabaseError, transaction

from releases import workflow
from releases.models import Event
from releases.models.event import VERB_PHRASES

pytestmark = pytest.mark.django_db
LIST = "/admin/releases/event/"


@pytest.fixture
def signed_in(client, editor):
    client.force_login(editor)
    return client


def exported(client, query=""):
    answer = client.get(f"{LIST}export/{query}")
    return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))


def test_every_verb_is_said_in_words():
    # The beginning of a translation is recorded as a release that was started.
    assert set(workflow.TABLE) - set(VERB_PHRASES) == {"translate"}


def test_the_record_is_searched_and_narrowed(signed_in, make_release, make_draft):
    make_release("Found by its title")
    make_draft("Another one")
    html = signed_in.get(f"{LIST}?q=Found+by").content.decode()
    assert "Found by its title" in html
    assert "Another one" not in html
    assert "Another one" not in signed_in.get(f"{LIST}?verb=publish").content.decode()


def test_the_export_holds_what_the_list_shows_under_its_filters(signed_in, make_release, make_draft, editor):
    release = make_release("Published")
    make_draft("Drafted")
    workflow.withdraw(release, by=editor, notice="Gone.")
    assert {row["verb"] for row in exported(signed_in)} == {"create", "publish", "withdraw"}
    only = exported(signed_in, "?verb=withdraw")
    assert [(row["who"], row["title"], row["revision"]) for row in only] == [("edith", "Published", "1")]
    assert "Gone." in only[0]["detail"]


def test_a_title_that_looks_like_a_formula_is_exported_as_words(signed_in, make_draft):
    make_draft('=HYPERLINK("https://example.org")')
    assert exported(signed_in)[0]["title"].startswith("'=")


def test_writers_do_not_read_the_record(client, writer):
    client.force_login(writer)
    assert client.get(LIST).status_code == 403
    assert client.get(f"{LIST}export/").status_code == 403


def test_nothing_in_it_changes_by_url_or_in_the_database(signed_in, make_draft):
    make_draft()
    event = Event.objects.get()
    assert signed_in.post(f"{LIST}{event.pk}/delete/", {"post": "yes"}).status_code == 403
    signed_in.post(f"{LIST}{event.pk}/change/", {"verb": "forged"})
    with pytest.raises(DatabaseError), transaction.atomic():
        Event.objects.update(verb="forged")
    with pytest.raises(DatabaseError), transaction.atomic():
        Event.objects.all().delete()
    assert Event.objects.get().verb == "create"
