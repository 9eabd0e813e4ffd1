"""Which release cites what is written down when words go live, and shown only where readers can see them."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from releases import workflow
from releases.models import Source, SourceCitation
from releases.workflow import Words
from tests.sources.conftest import citing

ONE, TWO = "https://example.org/one", "https://two.example/"
pytestmark = pytest.mark.django_db


def cited(release):
    return list(
        SourceCitation.objects.filter(release=release)
        .values_list("source__url", "note", "number")
        .order_by("pk")
    )


def test_publication_writes_down_what_the_text_and_the_notes_link_to(cite):
    release = cite(ONE, note=[ONE, TWO])
    assert cited(release) == [(ONE, "", 0), (ONE, "aaaa1", 1), (TWO, "aaaa1", 1)]
    assert Source.objects.get(url=TWO).host == "two.example"


def test_one_address_is_one_source_whoever_cites_it(cite):
    cite(ONE + "#a")
    cite(ONE + "#b", title="Another")
    assert Source.objects.count() == 1


def test_links_to_this_site_are_no_sources(cite, settings):
    settings.SITE_URL = "https://news.example"
    cite("https://news.example/releases/other/", "/releases/other/", ONE)
    assert [source.url for source in Source.objects.all()] == [ONE]


def test_a_draft_brings_no_source(make_draft):
    make_draft(body=citing(ONE))
    assert not Source.objects.exists()


def test_a_mend_takes_links_away_and_brings_others(cite, editor):
    release = cite(ONE)
    workflow.save_draft(release, Words("A title", citing(TWO)), by=editor)
    assert cited(release) == [(ONE, "", 0)], "the draft changes nothing"
    workflow.publish(release, by=editor)
    assert cited(release) == [(TWO, "", 0)]
    assert [source.url for source in Source.objects.visible()] == [TWO]


def test_an_embargo_holds_its_sources_back_until_its_minute(cite):
    due = timezone.now() + timedelta(hours=1)
    cite(ONE, publish_at=due)
    assert not Source.objects.visible()
    assert Source.objects.visible(due).count() == 1


def test_what_is_taken_off_the_schedule_cites_nothing(cite, editor):
    release = cite(ONE, publish_at=timezone.now() + timedelta(hours=1))
    workflow.unschedule(release, by=editor)
    assert cited(release) == []


def test_a_withdrawn_release_takes_its_sources_from_view_and_brings_them_back(cite, editor):
    release = cite(ONE)
    workflow.withdraw(release, by=editor, notice="Gone.")
    assert not Source.objects.visible()
    workflow.publish(release, by=editor)
    assert Source.objects.visible().count() == 1


def test_a_publication_that_fails_leaves_no_trace(make_draft, editor, monkeypatch):
    draft = make_draft(body=citing(ONE))

    def cut(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("releases.workflow.public_change.raise_edition", cut)
    with pytest.raises(RuntimeError):
        workflow.publish(draft, by=editor)
    assert not Source.objects.exists()
    assert not SourceCitation.objects.exists()


def test_a_publication_costs_as_many_queries_with_sixty_links_as_with_two(make_draft, editor):
    few, many = (make_draft(f"With {n}", body=citing(*(f"{ONE}/{n}/{i}" for i in range(n)))) for n in (2, 60))
    costs = []
    for draft in (few, many):
        with CaptureQueriesContext(connection) as queries:
            workflow.publish(draft, by=editor)
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_an_address_longer_than_an_index_can_hold_is_a_source_too(cite):
    long = "https://example.org/?" + "q=0123456789abcdef&" * 300
    release = cite(long, long + "1")
    assert len(cited(release)) == 2


def test_rebuild_writes_what_was_here_before(cite, editor):
    release = cite(ONE, note=[TWO])
    embargoed = cite(TWO, title="Postponed", publish_at=timezone.now() + timedelta(hours=1))
    kept = Source.objects.get(url=TWO)
    workflow.archive_source(kept, address="https://archive.example/2", day=timezone.localdate(), by=editor)
    SourceCitation.objects.all().delete()
    Source.objects.filter(url=ONE).delete()
    Source.objects.create(key="0" * 64, url="https://nobody.example/", host="nobody.example")
    out = StringIO()
    call_command("rebuild_sources", stdout=out, stderr=StringIO())
    assert cited(release) == [(ONE, "", 0), (TWO, "aaaa1", 1)]
    assert cited(embargoed) == [(TWO, "", 0)]
    assert out.getvalue() == "Sources: 2 releases read, 2 addresses.\n"
    assert Source.objects.get(url=TWO).archived_url == "https://archive.example/2"


def test_rebuild_twice_writes_nothing_the_second_time(cite):
    cite(ONE, note=[TWO])
    pks = list(SourceCitation.objects.values_list("pk", flat=True))
    call_command("rebuild_sources", stdout=StringIO(), stderr=StringIO())
    assert list(SourceCitation.objects.values_list("pk", flat=True)) == pks


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "fine"},
        {"url": ""},
        {"state": "moved", "moved_to": ""},
        {"state": "alive", "moved_to": TWO},
        {"state": "gone", "checked_at": None},
        {"archived_url": TWO, "archived_on": None},
        {"archived_url": "", "archived_on": "2026-06-10"},
    ],
)
def test_the_database_keeps_sources_whole(source_of, wrong):
    source = source_of(ONE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Source.objects.filter(pk=source.pk).update(**({"checked_at": timezone.now()} | wrong))
