"""Conflicts, history, previews, links for outsiders, the calendar and the desk."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from releases import workflow
from releases.models import Event, PreviewLink, Release
from releases.workflow import Words
from tests.admin.test_verbs_by_url import form_of
from tests.makers import body_with

pytestmark = pytest.mark.django_db
BASE = "/admin/releases/release/"


@pytest.fixture
def signed_in(client, editor):
    client.force_login(editor)
    return client


@pytest.fixture
def olga(make_user):
    return make_user("Olga")


# ------------------------------------------------------------------ conflicts


def test_a_save_over_a_newer_one_shows_both_texts_marked_notes_included(signed_in, make_draft, olga):
    body = body_with(1)
    draft = make_draft("A title", body=body)
    page = form_of(draft)
    workflow.save_draft(draft, Words("Their title", body.replace("Source", "Their source")), by=olga)
    answer = signed_in.post(f"{BASE}{draft.pk}/change/", {**page, "title": "My title", "_save": ""})
    html = answer.content.decode()
    assert "Olga saved while you were writing" in html
    assert "<del>Their</del> title" in html
    assert "<ins>My</ins> title" in html
    assert "<del>Their source</del>" in html
    assert Release.objects.get().current.title == "Their title"
    # The form knows theirs now: the next save is a choice, and theirs stays in the history.
    seen = answer.context["adminform"].form["seen"].value()
    signed_in.post(f"{BASE}{draft.pk}/change/", {**page, "title": "My title", "seen": seen, "_save": ""})
    assert [one.title for one in draft.revisions.order_by("number")][-2:] == ["Their title", "My title"]


def test_nobody_approves_words_that_they_have_not_seen(signed_in, make_draft, olga):
    draft = workflow.submit(make_draft(), by=olga)
    page = form_of(draft)
    draft = workflow.save_draft(draft, Words("Changed meanwhile"), by=olga)
    workflow.submit(draft, by=olga)
    answer = signed_in.post(f"{BASE}{draft.pk}/change/", {**page, "_approve": ""})
    assert "Changed" in answer.content.decode()
    assert Release.objects.get().state() == "submitted"


def test_a_step_over_words_not_saved_is_refused_and_keeps_them(signed_in, make_draft, olga):
    draft = workflow.submit(make_draft(), by=olga)
    answer = signed_in.post(
        f"{BASE}{draft.pk}/change/", form_of(draft, title="Typed, not saved", _approve="")
    )
    assert "press “Save draft” first" in answer.content.decode()
    assert "Typed, not saved" in answer.content.decode()


def test_pressing_save_on_what_is_published_without_an_edit_makes_no_draft(signed_in, make_release):
    release = make_release()
    signed_in.post(f"{BASE}{release.pk}/change/", form_of(release, _save=""))
    assert Release.objects.get().working is None


def test_what_is_withdrawn_in_a_hurry_is_not_held_up_by_a_loose_note(signed_in, make_release):
    release = make_release()
    body = '<p>x</p><ol class="footnotes"><li id="fn-loose1"><p>Loose</p></li></ol>'
    signed_in.post(f"{BASE}{release.pk}/change/", form_of(release, body=body, _withdraw=""))
    assert Release.objects.get().state() == "withdrawn"


# ------------------------------------------------------------------ history


def test_history_lists_every_revision_with_author_time_and_comment(signed_in, make_draft, olga):
    draft = make_draft("First")
    workflow.save_draft(draft, Words("Second"), by=olga, comment="Shorter")
    html = signed_in.get(f"{BASE}{draft.pk}/history/").content.decode()
    for words in ("First", "Second", "Olga", "Shorter", "edith"):
        assert words in html


def test_any_two_revisions_are_compared_topics_and_notes_too(signed_in, make_draft, make_topic, olga):
    land, law = make_topic("Land, Property, Housing"), make_topic("Rule Of Law")
    body = body_with(2)
    draft = make_draft("First", body=body, topics=[land])
    workflow.save_draft(draft, Words("First", body.replace("Source 2", "Own file"), topics=[law]), by=olga)
    html = signed_in.get(f"{BASE}{draft.pk}/compare/?old=1&new=2").content.decode()
    assert "<del>Land, Property, Housing</del>" in html
    assert "<ins>Rule Of Law</ins>" in html
    assert "<ins>Own file</ins>" in html
    for junk in ("old=x", "new=99", "old=1'&new=2", "old=٣"):
        assert signed_in.get(f"{BASE}{draft.pk}/compare/?{junk}").status_code == 404


def test_dates_are_compared_by_the_newsrooms_clock(signed_in, make_draft, olga):
    draft = make_draft("First", publish_at=datetime(2027, 11, 7, 5, 30, tzinfo=UTC))
    later = Words("First", body_with(1), publish_at=datetime(2027, 11, 7, 6, 30, tzinfo=UTC))
    workflow.save_draft(draft, later, by=olga)
    html = signed_in.get(f"{BASE}{draft.pk}/compare/?old=1&new=2").content.decode()
    assert "Sunday 7 November 2027, 01:30 New York (UTC−<del>04</del>:00)" in html
    assert "Sunday 7 November 2027, 01:30 New York (UTC−<ins>05</ins>:00)" in html


def test_restoring_from_the_history_makes_a_new_draft(signed_in, make_release, editor):
    release = make_release("Old")
    workflow.publish(workflow.save_draft(release, Words("New"), by=editor), by=editor)
    signed_in.post(f"{BASE}{release.pk}/restore/", {"number": "1"})
    release.refresh_from_db()
    assert (release.working.title, release.live.title) == ("Old", "New")


def test_a_reader_of_a_published_release_does_not_see_its_draft(client, writer, make_release, editor):
    release = make_release("Published words")
    workflow.save_draft(release, Words("Secret draft"), by=editor)
    client.force_login(writer)
    assert "Secret draft" not in client.get(f"{BASE}{release.pk}/change/").content.decode()
    assert "Secret draft" not in client.get(f"{BASE}{release.pk}/preview/").content.decode()
    assert client.get(f"{BASE}{release.pk}/history/").status_code == 404


# ------------------------------------------------------------------ previews


def test_the_preview_is_the_public_page_of_the_draft_and_kept_by_nobody(
    signed_in, make_release, make_topic, editor
):
    release = make_release("Live title", topics=[make_topic("Old topic")])
    words = Words("Draft title", body_with(2), summary="New summary.", topics=[make_topic("New topic")])
    workflow.save_draft(release, words, by=editor)
    answer = signed_in.get(f"{BASE}{release.pk}/preview/")
    html = answer.content.decode()
    assert '<h1 class="release-title">Draft title</h1>' in html
    assert "Live title</h1>" not in html
    assert 'role="doc-endnotes"' in html
    topics = html.split('class="release-topics"')[1].split("</section>")[0]
    assert "New topic" in topics
    assert "Old topic" not in topics
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    assert "Live title" in Client().get(release.get_absolute_url()).content.decode()


def test_published_and_previewed_the_page_is_the_same_but_for_the_frame_around(signed_in, make_draft, editor):
    draft = make_draft("Same", notes=3, summary="Short.", publish_at=timezone.now() - timedelta(hours=1))
    preview = signed_in.get(f"{BASE}{draft.pk}/preview/").content.decode()
    release = workflow.publish(draft, by=editor)
    public = Client().get(release.get_absolute_url()).content.decode()

    def article(html):
        found = html.split('<article class="release"')[1].split("</article>")[0]
        # What is not published cannot be cited yet.
        found = re.sub(r'<details class="cite">.*?</details>', "", found, flags=re.DOTALL)
        return "\n".join(line for line in found.splitlines() if line.strip())

    assert article(preview) == article(public)


def test_the_form_may_frame_the_preview_and_nothing_else(signed_in, make_draft):
    answer = signed_in.get(f"{BASE}{make_draft().pk}/change/")
    assert "frame-src 'self'" in answer["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert "frame-src 'none'" in signed_in.get("/admin/")["Content-Security-Policy"]


def shared(client, draft, days=3):
    client.post(f"{BASE}{draft.pk}/links/", {"days": str(days), "note": "For counsel"})
    link = PreviewLink.objects.get()
    return link, f"/preview/{link.token}/"


def test_a_link_lets_an_outsider_read_one_draft_and_says_what_it_is(signed_in, make_draft, editor):
    draft = make_draft("For counsel’s eyes", notes=1)
    _link, address = shared(signed_in, draft)
    answer = Client().get(address)
    html = answer.content.decode()
    assert "For counsel’s eyes" in html
    assert "Not published." in html
    assert "no-store" in answer["Cache-Control"]
    assert "noindex" in answer["X-Robots-Tag"]
    assert answer["Referrer-Policy"] == "no-referrer"
    assert not answer.cookies
    workflow.publish(draft, by=editor)
    assert Event.objects.filter(verb="share preview").count() == 1


def test_a_link_shows_the_draft_it_was_made_for_and_no_later_one(signed_in, make_draft, olga):
    draft = make_draft("Shown")
    _link, address = shared(signed_in, draft)
    workflow.save_draft(draft, Words("Later and secret"), by=olga)
    assert "Later and secret" not in Client().get(address).content.decode()


def test_a_link_that_was_revoked_has_run_out_or_was_made_up_opens_nothing(signed_in, make_draft):
    draft = make_draft("Closed")
    link, address = shared(signed_in, draft)
    assert Client().get(address[:-2] + "x/").status_code == 404
    assert Client().get(f"/preview/{link.uuid}/").status_code == 404
    signed_in.post(f"{BASE}{draft.pk}/links/{link.pk}/revoke/")
    assert Client().get(address).status_code == 404
    PreviewLink.objects.update(revoked_at=None, expires_at=timezone.now() - timedelta(seconds=1))
    assert Client().get(address).status_code == 404
    assert Event.objects.filter(verb="revoke preview").count() == 1


def test_a_link_lasts_at_most_thirty_days(signed_in, make_draft):
    draft = make_draft()
    for days in ("31", "0", "-1", "x", ""):
        signed_in.post(f"{BASE}{draft.pk}/links/", {"days": days})
    assert not PreviewLink.objects.exists()


# ------------------------------------------------------------------ the desk and the calendar


def test_the_desk_shows_what_is_to_be_done(signed_in, make_draft, make_release, editor, writer):
    make_draft("My own draft")
    workflow.submit(make_draft("Waits for me", by=writer), by=writer)
    make_release("Goes out", publish_at=timezone.now() + timedelta(days=3, hours=4, minutes=1))
    make_release("Went out")
    html = signed_in.get("/admin/").content.decode()
    for words in (
        "My own draft",
        "Waits for me",
        "Goes out",
        "in 3 days 4 hours",
        "Went out",
        "Waiting for approval",
    ):
        assert words in html


def test_a_writers_desk_shows_nothing_of_others(client, writer, make_draft):
    make_draft("Of an editor")
    client.force_login(writer)
    assert "Of an editor" not in client.get("/admin/").content.decode()


def test_the_desk_costs_the_same_with_few_and_with_many_releases(signed_in, make_draft, make_release, editor):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            assert signed_in.get("/admin/").status_code == 200
        return len(caught)

    def add(number):
        for n in range(number):
            make_draft(f"Draft {n}")
            workflow.submit(make_draft(f"Waiting {n}"), by=editor)
            make_release(f"Out {n}")
            make_release(f"Due {n}", publish_at=timezone.now() + timedelta(days=n + 1))

    add(1)
    few = queries()
    add(11)
    assert queries() == few


def test_the_calendar_shows_what_is_scheduled_and_what_is_planned(signed_in, make_draft, make_release):
    at = timezone.localtime(timezone.now() + timedelta(days=40)).replace(hour=9, minute=30)
    make_release("Sure to go out", publish_at=at)
    make_draft("Only planned", publish_at=at)
    html = signed_in.get(f"{BASE}calendar/{at.year}/{at.month}/").content.decode()
    assert "09:30 Sure to go out" in html
    assert "09:30 Only planned" in html
    assert signed_in.get(f"{BASE}calendar/").status_code == 200
    assert signed_in.get(f"{BASE}calendar/2026/13/").status_code == 404


def test_the_history_says_what_was_done_without_a_dangling_word(client, make_release, editor):
    release = make_release("Shown")
    workflow.save_draft(release, Words(title="Shown again"), by=editor)
    client.force_login(editor)
    page = client.get(f"/admin/releases/release/{release.pk}/history/").text
    assert "<strong>started a new draft</strong>, revision 2" in page
