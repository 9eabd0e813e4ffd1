"""What readers are told of changes: corrections on the page, and the history where the newsroom shows it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from releases import workflow
from releases.models import Release
from releases.workflow import Words
from tests.views.page import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def corrected(make_release, editor):
    release = make_release("Nine were held", body="<p>Nine people were held.</p>")
    workflow.save_draft(release, Words("Ten were held", "<p>Ten people were held.</p>"), by=editor)
    return workflow.correct(release, by=editor, note="Ten people were held, not nine.")


@pytest.mark.parametrize(("place", "first"), [("head", True), ("foot", False)])
def test_a_correction_stands_dated_where_the_newsroom_wants_it(client, corrected, settings, place, first):
    settings.CORRECTIONS_AT = place
    html = client.get(corrected.get_absolute_url()).content.decode()
    note, body = html.index('class="correction"'), html.index('class="release-body"')
    assert (note < body) is first
    assert "Updated" in html
    assert html.count('class="correction"') == 1


def test_a_small_mend_says_nothing_and_moves_no_date(client, make_release, editor):
    release = make_release("A titel")
    workflow.save_draft(release, Words("A title", "<p>x</p>"), by=editor)
    workflow.publish(release, by=editor)
    html = client.get(release.get_absolute_url()).content.decode()
    assert "Correction" not in html
    assert "Updated" not in html
    assert Release.objects.get().updated_at is None


@pytest.mark.parametrize("kind", ["rss", "atom", "json"])
def test_feeds_carry_the_correction_in_the_items_body_and_date(client, corrected, kind):
    feed = client.get(f"/feeds/releases.{kind}").content.decode()
    assert "Ten people were held, not nine." in feed


def test_the_history_is_a_page_only_where_the_newsroom_wants_it(client, corrected, settings):
    address = f"{corrected.get_absolute_url()}history/"
    assert client.get(address).status_code == 404
    settings.PUBLIC_HISTORY = True
    html = client.get(address).content.decode()
    assert "<del>Nine</del><ins>Ten</ins> people were held." in html
    assert "Ten people were held, not nine." in html
    assert "Version 2" in html


def test_the_history_leads_to_other_languages_as_every_page_does(client, corrected, settings):
    settings.PUBLIC_HISTORY = True
    front, history = (
        read(client.get(path)).xpath("//ul[@class='nav-languages']//a/@hreflang")
        for path in ("/", f"{corrected.get_absolute_url()}history/")
    )
    assert history == front
    assert len(front) > 1


def test_the_history_tells_nothing_that_readers_never_saw(client, make_draft, editor, settings):
    settings.PUBLIC_HISTORY = True
    now = timezone.now()
    due = now - timedelta(minutes=5)
    early = now - timedelta(hours=5)
    release = make_draft("Under embargo", body="<p>The secret name.</p>", publish_at=due, at=early)
    workflow.schedule(release, by=editor, at=early)
    words = Words("Went out", "<p>No name.</p>", publish_at=due)
    workflow.save_draft(release, words, by=editor, at=early + timedelta(hours=2))
    release = workflow.schedule(release, by=editor, at=early + timedelta(hours=2))
    workflow.save_draft(release, Words("Next draft", "<p>Draft name.</p>"), by=editor)
    html = client.get(f"{release.get_absolute_url()}history/").content.decode()
    assert "No name." in html
    assert "secret name" not in html
    assert "Under embargo" not in html
    assert "Draft name" not in html


def test_the_history_of_what_is_not_visible_is_not_there(client, make_release, editor, settings):
    settings.PUBLIC_HISTORY = True
    release = make_release("Due", publish_at=timezone.now() + timedelta(hours=1))
    assert client.get(f"{release.get_absolute_url()}history/").status_code == 404
    gone = make_release("Gone")
    workflow.withdraw(gone, by=editor, notice="Withdrawn.")
    assert client.get(f"{gone.get_absolute_url()}history/").status_code == 404
