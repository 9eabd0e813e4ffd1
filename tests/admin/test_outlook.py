"""What the form, the list, the desk and the calendar say of a release with a draft beside its live words is what is so."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from releases import workflow
from releases.workflow import words_of
from releases.workflow.outlook import outlook
from tests.admin.test_verbs_by_url import form_of
from tests.workflow.table import make

pytestmark = pytest.mark.django_db
BASE = "/admin/releases/release/"
OVER = ("E+d", "E+s", "E+r", "E+a", "P+d", "P+s", "P+r", "P+a", "W+d", "W+s", "W+r", "W+a")


def made(state, writer, editor):
    base = state.replace("+r", "+s").replace("W+a", "W+s").replace("E+a", "E+s")
    release = make(base, writer, editor)
    if state.endswith("+r"):
        workflow.return_draft(release, by=editor, comment="Why?")
    if state.endswith("+a") and not base.endswith("+a"):
        workflow.approve(release, by=editor)
    release.refresh_from_db()
    return release


def text(answer):
    words = re.sub(r"<[^>]+>", " ", unescape(answer.content.decode()))
    return " ".join(words.split())


@pytest.mark.parametrize("state", ["D", "S", "A", "E", "P", "W", *OVER])
def test_the_form_says_what_is_so(client, writer, editor, state):
    release = made(state, writer, editor)
    client.force_login(editor)
    page = text(client.get(f"{BASE}{release.pk}/change/"))
    assert outlook(release) in page
    assert ("What has changed" in page) == ("+" in state)
    assert len(re.findall("Readers see th(?:e|is) text", page)) == (state[0] == "P")


@pytest.mark.parametrize("state", OVER)
def test_the_list_says_which_text_it_is_and_plain_states_need_no_sentence(client, writer, editor, state):
    release = made(state, writer, editor)
    plain = made("E", writer, editor)
    client.force_login(editor)
    page = text(client.get(BASE))
    assert outlook(release) in page
    assert outlook(plain) not in page.replace(outlook(release), "")


@pytest.mark.parametrize(
    ("state", "under"),
    [
        ("E", ["scheduled"]),
        ("E+d", ["drafts", "scheduled"]),
        ("E+s", ["scheduled", "waiting"]),
        ("E+r", ["drafts", "scheduled"]),
        ("E+a", ["scheduled", "waiting"]),
        ("P+d", ["drafts"]),
        ("P+s", ["waiting"]),
        ("P+a", ["waiting"]),
        ("W+r", ["drafts"]),
        ("W+a", ["waiting"]),
    ],
)
def test_each_place_on_the_desk_says_it_and_what_is_approved_is_never_lost_from_sight(
    client, writer, editor, state, under
):
    release = made(state, editor, editor)
    client.force_login(editor)
    page = client.get("/admin/").content.decode()
    sections = dict(re.findall(r'<section aria-labelledby="desk-([a-z]+)">(.*?)</section>', page, re.DOTALL))
    said = sorted(name for name, words in sections.items() if outlook(release) in unescape(words))
    assert said == under


def test_the_desk_and_the_calendar_name_the_text_that_goes_out_and_not_the_newer_one(client, writer, editor):
    release = made("E+s", writer, editor)
    client.force_login(editor)
    due = timezone.localtime(release.publish_at)
    desk = re.search(r'desk-scheduled">(.*?)</section>', client.get("/admin/").content.decode(), re.DOTALL)[1]
    month = text(client.get(f"{BASE}calendar/{due.year}/{due.month}/"))
    assert "In E+s" in desk
    assert "Changed in" not in desk
    assert f"{due:%H:%M} In E+s Scheduled {outlook(release)}" in month


def test_the_calendar_shows_the_other_date_of_a_newer_text_as_a_plan(client, writer, editor):
    release = made("E+d", writer, editor)
    later = release.publish_at + timedelta(days=40)
    workflow.save_draft(release, replace(words_of(release.working), publish_at=later), by=writer)
    client.force_login(editor)
    day = timezone.localtime(later)
    page = client.get(f"{BASE}calendar/{day.year}/{day.month}/")
    assert f"{day:%H:%M} Changed in E+d a newer text, not scheduled" in text(page)
    assert 'class="state-scheduled planned"' in page.content.decode()


@pytest.mark.parametrize(
    ("state", "button", "said"),
    [
        ("E+d", "_discard", "The draft has been discarded; it stays in the history. The text approved"),
        ("P+d", "_discard", "The draft has been discarded; it stays in the history. Readers see this text"),
        ("W+d", "_discard", "it stays in the history. Readers find the withdrawal notice."),
        ("P+s", "_approve", "Approved. Readers see the text approved"),
        ("W+s", "_approve", "Approved. Readers find the withdrawal notice."),
        ("S", "_approve", "Approved."),
        ("E+d", "_submit", "Submitted for approval. The text approved"),
        ("P", "_save", "Nothing has changed."),
        ("W", "_save", "Nothing has changed."),
        ("E", "_save", "Nothing has changed."),
        ("P+d", "_save", "Saved as a draft. Readers do not see it."),
    ],
)
def test_what_is_said_after_a_button_is_so(client, writer, editor, state, button, said):
    release = made(state, writer, editor)
    client.force_login(editor)
    answer = client.post(f"{BASE}{release.pk}/change/", form_of(release, **{button: ""}), follow=True)
    [message] = [str(message) for message in answer.context["messages"]]
    assert said in message
