"""Whatever readers get to see is asked about once: which text, what the checklist says of it, where and when."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from releases import workflow
from releases.models import Event, Intent, Release
from releases.workflow import Words, words_of
from releases.workflow.moments import when
from tests.admin.pressing import answer, asked, press
from tests.admin.test_outlook import text
from tests.admin.test_verbs_by_url import form_of
from tests.workflow.table import make

pytestmark = pytest.mark.django_db
BASE = "/admin/releases/release/"


@pytest.fixture
def signed_in(client, editor):
    client.force_login(editor)
    return client


def send(client, release, **fields):
    """Press a button; where it leads."""
    release.refresh_from_db()
    sent = client.post(f"{BASE}{release.pk}/change/", form_of(release, **fields))
    assert sent.status_code == 302, text(sent)
    return sent["Location"]


def facts(page):
    """Label and words of what the page says."""
    found = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", page.content.decode(), re.DOTALL)
    return {label: " ".join(re.sub(r"<[^>]+>", " ", unescape(words)).split()) for label, words in found}


def labels(page):
    return [
        " ".join(unescape(one).split())
        for one in re.findall(r'name="do"[^>]*>(.*?)</button>', page.content.decode())
    ]


def test_publishing_asks_first_saves_what_was_typed_and_says_what_goes_out_where_and_when(
    signed_in, make_draft, make_topic, settings
):
    settings.WEBSUB_HUB = "https://hub.example.org/"
    water = make_topic("Water")
    draft = make_draft("Old wells", topics=[water])
    address = send(signed_in, draft, title="New wells", topics=[water.pk], _publish="")
    assert not Release.objects.visible().exists()
    page = signed_in.get(address)
    assert "Publish “New wells”?" in text(page)
    said = facts(page)
    assert said["Text"].startswith("Revision 1, last edited by edith at ")
    assert said["Language"] == "English"
    assert said["When"] == "At once, dated now."
    assert said["Address"] == f"{settings.SITE_URL}/releases/new-wells/"
    assert said["Feeds and lists"] == "everything in English Water"
    assert "https://hub.example.org/" in said["Told at once"]
    assert labels(page) == ["Publish now"]
    done = answer(signed_in, address, follow=True)
    assert "Published." in text(done)
    assert Release.objects.visible().get().live.title == "New wells"


def test_a_check_that_was_not_seen_on_the_form_is_seen_there(signed_in, make_draft):
    draft = make_draft("Short")
    long = "A title that goes on " * 8
    page = signed_in.get(send(signed_in, draft, title=long, _publish=""))
    assert "Check: The title has" in text(page)
    assert "It has no topic" in text(page)


def test_what_stands_in_the_way_is_said_on_the_form_and_asked_nowhere(signed_in, make_draft):
    draft = make_draft("Wells")
    body = '<p>Claim<sup class="footnote-ref"><a href="#fn-abcd1" id="fnref-abcd1">1</a></sup>.</p><ol class="footnotes"><li id="fn-abcd1"><p></p></li></ol>'
    page = signed_in.post(f"{BASE}{draft.pk}/change/", form_of(draft, body=body, _publish=""))
    assert page.status_code == 200
    assert "Note 1 is empty" in text(page)


@pytest.mark.parametrize("moment", ["before the page is drawn", "while it is read"])
def test_words_that_a_colleague_saves_meanwhile_are_never_published_unseen(
    signed_in, make_draft, make_user, moment
):
    draft = make_draft("Seen")
    address = send(signed_in, draft, _publish="")
    page = signed_in.get(address) if moment == "while it is read" else None
    workflow.save_draft(Release.objects.get(), Words("Unseen"), by=make_user("olga"))
    if page:
        hidden, choices = asked(page)
        sent = signed_in.post(address, {**hidden, "do": choices[0]})
    else:
        sent = signed_in.get(address)
    page = text(signed_in.get(sent["Location"]))
    assert "Olga saved a newer text at" in page
    assert not Event.objects.filter(verb="publish").exists()


def test_a_withdrawal_meanwhile_is_not_undone_by_a_minor_edit(signed_in, make_release, editor):
    release = make_release("Out")
    address = send(signed_in, release, title="Mended", _publish="")
    hidden, choices = asked(signed_in.get(address))
    workflow.withdraw(Release.objects.get(), by=editor, notice="Gone.")
    sent = signed_in.post(address, {**hidden, "do": choices[0]}, follow=True)
    assert "nothing was done" in text(sent)
    assert Release.objects.get().state() == "withdrawn"


def test_a_session_that_ends_on_the_page_loses_neither_words_nor_note(client, editor, make_release):
    release = make_release("Out")
    client.force_login(editor)
    address = send(client, release, title="Mended", correction_note="A figure was wrong.", _correct="")
    hidden, choices = asked(client.get(address))
    client.logout()
    sent = client.post(address, {**hidden, "do": choices[0]})
    assert sent.status_code == 302
    assert "login" in sent["Location"]
    client.force_login(editor)
    page = client.get(address)
    assert facts(page)["What was corrected"] == "A figure was wrong."
    answer(client, address)
    release.refresh_from_db()
    assert (release.live.title, release.corrections.get().note) == ("Mended", "A figure was wrong.")
    assert not Intent.objects.exists()


def test_cancelling_leads_back_to_the_form_with_words_and_note(signed_in, make_release, editor):
    release = make_release("Out")
    page = signed_in.get(
        send(signed_in, release, title="Mended", correction_note="A figure was wrong.", _correct="")
    )
    back = re.search(r'href="([^"]+)" data-back', page.content.decode())[1]
    form = signed_in.get(back).context["adminform"].form
    assert (form["title"].value(), form["correction_note"].value()) == ("Mended", "A figure was wrong.")
    # It said what changed since those live words: over later ones it is said no more.
    workflow.publish(Release.objects.get(), by=editor)
    workflow.save_draft(Release.objects.get(), Words("Another change"), by=editor)
    assert not signed_in.get(back).context["adminform"].form["correction_note"].value()


def test_approving_over_a_schedule_asks_what_goes_out_in_two_full_sentences(signed_in, writer, editor):
    release = make("E+s", writer, editor)
    now = timezone.now()
    due, still = when(release.working.publish_at, now), when(release.publish_at, now)
    approved = when(release.live.approved_at, now)
    page = signed_in.get(send(signed_in, release, _approve=""))
    assert labels(page) == [
        f"Approve, and let this text go out {due} instead",
        f"Approve only; the text approved {approved} still goes out {still}",
    ]
    assert facts(page)["Scheduled"] == f"The text approved {approved}, to go out {still}."


@pytest.mark.parametrize(
    ("choice", "live", "events"),
    [("schedule", "Changed in E+s", ["schedule"]), ("approve", "In E+s", ["approve"])],
)
def test_what_is_answered_is_done(signed_in, client, writer, editor, choice, live, events):
    release = make("E+s", writer, editor)
    before = Event.objects.count()
    done = answer(client, send(client, release, _approve=""), choice, follow=True)
    after = Release.objects.get()
    assert after.live.title == live
    assert list(Event.objects.order_by("pk").values_list("verb", flat=True))[before:] == events
    said = "Scheduled: goes out" if choice == "schedule" else "a newer one is approved and does not"
    assert said in text(done)
    # What the clock then shows to readers.
    Release.objects.update(publish_at=timezone.now() - timedelta(seconds=1))
    assert live in client.get(after.get_absolute_url()).content.decode()


@pytest.mark.parametrize("choice", ["schedule", "approve"])
def test_an_answer_after_the_embargo_has_ended_does_nothing_and_says_what_is_so(
    signed_in, writer, editor, choice
):
    release = make("E+s", writer, editor)
    address = send(signed_in, release, _approve="")
    hidden, _choices = asked(signed_in.get(address))
    Release.objects.update(publish_at=timezone.now() - timedelta(milliseconds=1))
    page = text(signed_in.post(address, {**hidden, "do": choice}, follow=True))
    assert "nothing was done. Readers see the text approved" in page
    assert "a newer one is waiting for approval." in page
    assert Release.objects.get().live.title == "In E+s"
    # Nor is it asked any more.
    assert signed_in.get(address).status_code == 302


def test_a_draft_without_a_date_can_take_the_moment_of_the_scheduled_one(signed_in, writer, editor):
    release = make("E+d", writer, editor)
    workflow.save_draft(release, replace(words_of(release.working), publish_at=None), by=writer)
    workflow.submit(release, by=writer)
    page = signed_in.get(send(signed_in, release, publish_at_0="", publish_at_1="", _approve=""))
    due = when(Release.objects.get().publish_at, timezone.now())
    assert labels(page)[0] == f"Approve, and let this text go out {due} instead"


def test_a_draft_that_is_approved_over_nothing_scheduled_is_approved_at_once(signed_in, writer, editor):
    release = make("P+s", writer, editor)
    assert send(signed_in, release, _approve="") == f"{BASE}{release.pk}/change/"
    assert Release.objects.get().draft == "approved"


@pytest.mark.parametrize(
    ("state", "shown", "place"),
    [
        ("W", "In W", "it is the text that was withdrawn"),
        ("W+d", "Changed in W+d", "to show that one, go back and discard the draft first"),
        ("P+d", "Changed in P+d", "which readers see now"),
        ("E+d", "Changed in E+d", "it stays in the history"),
    ],
)
def test_it_says_which_text_goes_out_and_which_does_not(signed_in, writer, editor, state, shown, place):
    page = signed_in.get(send(signed_in, make(state, writer, editor), _publish=""))
    assert f"“{shown}”" in text(page)
    assert place in facts(page)["In place of"]


@pytest.mark.parametrize(
    ("state", "button", "said"),
    [
        ("W", "_publish", "counts as updated now; the notice goes."),
        ("P+d", "_publish", "counts as no update: nothing tells readers."),
        ("P+d", "_correct", "counts as updated now; readers see the note."),
        ("D", "_publish", "It goes out"),
        ("D", "_schedule", "It goes out"),
    ],
)
def test_it_says_when_and_what_that_means(signed_in, writer, editor, state, button, said):
    page = signed_in.get(send(signed_in, make(state, writer, editor), **{button: ""}))
    assert said in facts(page)["When"]


def test_a_planned_address_is_named_with_the_one_that_leads_to_it(signed_in, make_release, settings):
    release = make_release("Out", slug="old-place")
    page = signed_in.get(send(signed_in, release, slug="new-place", _publish=""))
    said = facts(page)
    assert said["Address"] == f"{settings.SITE_URL}/releases/new-place/"
    assert said["Leads to it"] == f"{settings.SITE_URL}/releases/old-place/"


def test_nobody_else_opens_the_page_and_hostile_addresses_are_no_error(client, make_user, writer, editor):
    release = make("P+d", writer, editor)
    paths = [
        f"{BASE}{release.pk}/confirm/publish/?seen={seen}" for seen in ("1", "", "x", "9" * 5000, "-1", "²")
    ]
    paths += [f"{BASE}{release.pk}/confirm/{word}/?seen=1" for word in ("withdraw", "do")]
    assert "login" in client.get(paths[0])["Location"]
    client.force_login(make_user("another", "writer"))
    assert client.get(paths[0]).status_code == 404
    assert client.post(paths[0], {"do": "publish", "seen": "1", "state": "published"}).status_code == 404
    client.force_login(writer)
    for path in paths:
        assert client.get(path).status_code in {302, 404}
    seen = release.working.save_number
    client.post(f"{BASE}{release.pk}/confirm/publish/", {"do": "publish", "seen": seen, "state": "published"})
    client.force_login(editor)
    for fields in ({}, {"do": "withdraw"}, {"do": "correct"}, {"do": "publish", "seen": "9" * 5000}):
        sent = client.post(
            f"{BASE}{release.pk}/confirm/publish/", {"seen": seen, "state": "published", **fields}
        )
        assert sent.status_code == 302
    assert Release.objects.get().draft == "written"


def test_saving_asks_nothing(signed_in, make_draft):
    draft = make_draft("Wells")
    assert send(signed_in, draft, title="New wells", _save="") == f"{BASE}{draft.pk}/change/"


def test_two_clicks_are_enough(signed_in, make_draft):
    done = press(
        signed_in, f"{BASE}{make_draft('Wells').pk}/change/", form_of(Release.objects.get(), _publish="")
    )
    assert done.status_code == 302
    assert Release.objects.visible().exists()
