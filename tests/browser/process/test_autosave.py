"""Typing is kept: on the server within about a second, in the browser when there is no server."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from releases import workflow
from releases.models import Event, Release, Revision
from releases.workflow import Words

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_what_is_typed_is_kept_without_a_button_and_the_time_is_said(sit_down, make_draft, editor):
    draft = make_draft("Begun")
    seat = sit_down(editor).open(draft)
    seat.type(" and more of them").saved()
    working = Release.objects.get().working
    assert "Words without a note. and more of them" in working.body
    assert Revision.objects.count() == 1
    assert Event.objects.count() == 1


def test_a_new_release_is_begun_once_and_has_its_own_address_from_then_on(sit_down, editor):
    seat = sit_down(editor).open()
    seat.type("A new release", into="#id_title").saved()
    seat.type("Its words.")
    seat.page.wait_for_url("**/change/")
    expect(seat.page.locator("[name=seen]")).not_to_have_value("1")
    release = Release.objects.get()
    assert release.slug == "a-new-release"
    seat.page.reload()
    seat.page.wait_for_selector(".body-editor [role=toolbar]")
    expect(seat.page.locator(".ProseMirror")).to_contain_text("Its words.")
    assert Release.objects.count() == 1


def test_pressing_a_button_amid_typing_meets_no_conflict_and_doubles_nothing(sit_down, make_draft, editor):
    seat = sit_down(editor).open(make_draft("Begun"))
    for number in range(3):
        with seat.page.expect_request("**/autosave/"):
            seat.type(f" word{number}")
        seat.type(" last")
        with seat.page.expect_navigation():
            seat.page.locator("#release-buttons [name=_save]").click()
        seat.page.wait_for_selector(".messagelist .success")
        seat.page.wait_for_selector(".body-editor [role=toolbar]")
        assert "saved while you were writing" not in seat.page.content()
    body = Release.objects.get().current.body
    assert [body.count(f"word{number}") for number in range(3)] == [1, 1, 1]


def test_offline_words_stay_in_the_browser_and_go_out_when_it_is_online_again(sit_down, make_draft, editor):
    seat = sit_down(editor).open(make_draft("Begun"))
    seat.context.set_offline(True)
    seat.type(" typed in a tunnel").wait_for("Your words are kept in this browser.")
    assert "tunnel" not in Release.objects.get().current.body
    seat.context.set_offline(False)
    seat.saved()
    assert "typed in a tunnel" in Release.objects.get().current.body


def test_words_kept_by_the_browser_are_offered_back_on_return(sit_down, make_draft, editor):
    draft = make_draft("Begun")
    seat = sit_down(editor).open(draft)
    seat.page.route("**/autosave/", lambda route: route.abort())
    seat.type(" typed before the crash").wait_for("Your words are kept in this browser.")
    seat.come_back(draft)
    expect(seat.page.locator("[data-kept]")).to_be_visible()
    seat.page.locator("[data-kept-take]").click()
    seat.saved()
    assert Release.objects.get().current.body.count("typed before the crash") == 1
    seat.open(draft)
    expect(seat.page.locator("[data-kept]")).to_be_hidden()


def test_a_double_click_discards_one_copy_and_the_next_is_still_offered(sit_down, make_draft, editor):
    draft = make_draft("Begun")
    seat = sit_down(editor).open(draft)
    for words in (" of the first visit", " of the second visit"):
        seat.page.route("**/autosave/", lambda route: route.abort())
        seat.type(words).wait_for("Your words are kept in this browser.")
        seat.page.wait_for_timeout(500)
        seat.come_back(draft)
    seat.page.locator("[data-kept-drop]").dblclick()
    seat.page.wait_for_timeout(500)
    seat.page.locator("[data-kept-take]").click()
    seat.saved()
    assert "of the first visit" in Release.objects.get().current.body
    assert "of the second visit" not in Release.objects.get().current.body


def test_a_browser_that_died_before_the_answer_came_meets_no_conflict_with_its_own_save(
    sit_down, make_draft, editor
):
    draft = make_draft("Begun")
    seat = sit_down(editor).open(draft)
    seat.page.route("**/autosave/", lambda route: (route.fetch(), route.abort()))
    seat.type(" first").wait_for("Your words are kept in this browser.")
    assert " first" in Release.objects.get().current.body  # kept, but the answer got lost on the way
    seat.type(" second")
    seat.come_back(draft)
    seat.page.locator("[data-kept-take]").click()
    seat.saved()
    assert "words without a note. first second</p>" in Release.objects.get().current.body.lower()


def test_words_beside_a_colleagues_text_survive_a_closed_browser_and_the_choice_is_asked_for_again(
    sit_down, make_draft, make_user, editor
):
    draft = make_draft("Begun")
    seat = sit_down(editor).open(draft)
    workflow.save_draft(draft, Words("Begun", "<p>Olga’s words.</p>"), by=make_user("Olga"))
    seat.type(" mine").wait_for("Olga saved this release at")
    for more in ("", " merged"):  # nothing typed beside the other text, and something
        seat.page.get_by_role("button", name="See both texts").click()
        seat.wait_for("Olga saved while you were writing")
        seat.page.wait_for_selector(".body-editor [role=toolbar]")
        if more:
            seat.type(more)
        seat.come_back(draft, after=0)
        expect(seat.page.locator(".ProseMirror")).to_contain_text("Olga’s words.")
        seat.page.locator("[data-kept-take]").click()
        expect(seat.page.locator(".ProseMirror")).to_contain_text(f"mine{more}")
        seat.wait_for("Olga saved this release at")
        assert Release.objects.get().current.body == "<p>Olga’s words.</p>"


def test_words_of_a_page_that_was_refused_are_kept_all_the_same(sit_down, make_draft, editor):
    draft = make_draft("Begun")
    seat = sit_down(editor).open(draft)
    seat.page.locator("#id_summary").fill("A new summary")
    seat.page.locator("#id_title").fill("")
    seat.page.evaluate("document.getElementById('id_title').removeAttribute('required')")
    seat.page.locator("#release-buttons [name=_save]").click()
    seat.page.wait_for_selector(".errornote")
    expect(seat.page.locator("[data-saved]")).to_contain_text("saved", timeout=15_000)
    working = Release.objects.get().working
    assert (working.title, working.summary) == ("Begun", "A new summary")


def test_an_expired_session_keeps_the_words_and_goes_on_after_signing_in_again(sit_down, make_draft, editor):
    draft = make_draft("Begun")
    seat = sit_down(editor).open(draft)
    cookies = seat.context.cookies()
    seat.context.clear_cookies()
    seat.type(" after the session").wait_for("you are signed out")
    assert "after the session" not in Release.objects.get().current.body
    seat.context.add_cookies(cookies)
    seat.saved()
    assert "after the session" in Release.objects.get().current.body


def test_a_colleagues_newer_save_stops_it_in_words_and_both_texts_are_shown(
    sit_down, make_draft, make_user, editor
):
    draft = make_draft("Begun")
    seat = sit_down(editor).open(draft)
    workflow.save_draft(draft, Words("Begun", "<p>Olga’s words.</p>"), by=make_user("Olga"))
    seat.type(" mine").wait_for("Olga saved this release at")
    assert Release.objects.get().current.body == "<p>Olga’s words.</p>"
    seat.page.get_by_role("button", name="See both texts").click()
    seat.wait_for("Olga saved while you were writing")
    expect(seat.page.locator(".sides ins").first).to_be_visible()
    seat.page.wait_for_selector(".body-editor [role=toolbar]")
    seat.page.get_by_role("button", name="Keep mine").click()
    seat.page.wait_for_selector(".messagelist .success")
    assert "mine" in Release.objects.get().current.body
    assert "Olga’s words." in list(Revision.objects.order_by("number"))[-2].body


def test_taking_theirs_throws_the_own_copy_away(sit_down, make_draft, make_user, editor):
    draft = make_draft("Begun")
    seat = sit_down(editor).open(draft)
    workflow.save_draft(draft, Words("Begun", "<p>Olga’s words.</p>"), by=make_user("Olga"))
    seat.type(" mine").wait_for("Olga saved this release at")
    seat.page.get_by_role("button", name="See both texts").click()
    seat.page.wait_for_selector(".release-conflict")
    seat.page.get_by_role("button", name="Take theirs").click()
    seat.wait_for("Olga’s words.")
    seat.page.wait_for_selector(".body-editor [role=toolbar]")
    expect(seat.page.locator("[data-kept]")).to_be_hidden()


def test_who_else_is_here_is_shown(sit_down, make_draft, make_user, editor):
    draft = make_draft()
    sit_down(make_user("Olga")).open(draft)
    seat = sit_down(editor).open(draft)
    expect(seat.page.locator("[data-others]")).to_contain_text("Olga")


def test_a_date_is_said_in_a_sentence_and_a_time_that_comes_twice_is_asked_about(
    sit_down, make_draft, editor
):
    seat = sit_down(editor).open(make_draft())
    seat.page.locator("#id_publish_at_0").fill("2035-06-08")
    seat.page.locator("#id_publish_at_1").fill("00:01")
    expect(seat.page.locator(".moment-said")).to_contain_text(
        "goes out Friday 8 June 2035, 00:01 New York, in "
    )
    seat.page.locator("#id_publish_at_0").fill("2035-11-04")
    seat.page.locator("#id_publish_at_1").fill("01:30")
    choice = seat.page.get_by_label("Which one:")
    expect(choice).to_be_visible()
    choice.select_option(index=2)
    expect(seat.page.locator(".moment-said")).to_contain_text("06:30 UTC")


def test_a_date_is_typed_as_people_write_it_and_what_was_read_takes_its_place(sit_down, make_draft, editor):
    seat = sit_down(editor).open(make_draft())
    day, clock, said = (
        seat.page.locator(one) for one in ("#id_publish_at_0", "#id_publish_at_1", ".moment-said")
    )
    day.click()
    seat.page.keyboard.type("28 Nov 2031")
    seat.page.keyboard.press("Tab")
    clock.click()
    seat.page.keyboard.type("9pm")
    expect(said).to_contain_text("goes out Friday 28 November 2031, 21:00 New York, in ")
    seat.page.locator("#id_title").click()
    expect(day).to_have_value("2031-11-28")
    expect(clock).to_have_value("21:00:00")
    seat.saved()
    assert Release.objects.get().current.publish_at == datetime(2031, 11, 29, 2, tzinfo=UTC)
    clock.fill("half past eight")
    seat.page.locator("#id_title").click()
    expect(said).to_contain_text("“half past eight” is no time that can be read")
    expect(clock).to_have_value("half past eight")


@pytest.mark.parametrize("state", ["published", "withdrawn"])
def test_a_date_on_record_is_shown_and_offers_nothing_that_would_be_lost(
    sit_down, make_release, editor, state
):
    release = make_release("Out")
    if state == "withdrawn":
        workflow.withdraw(release, by=editor, notice="Gone.")
    workflow.save_draft(release, Words("Newer"), by=editor)
    seat = sit_down(editor).open(release)
    local = timezone.localtime(release.publish_at)
    expect(seat.page.locator("#id_publish_at_0")).to_have_value(f"{local:%Y-%m-%d}")
    expect(seat.page.locator("#id_publish_at_0")).to_be_disabled()
    expect(seat.page.locator(".moment .datetimeshortcuts").first).to_be_hidden()
    expect(seat.page.locator(".moment-said")).to_contain_text("dated ")


def test_the_preview_beside_the_text_follows_what_is_typed(sit_down, make_draft, editor):
    seat = sit_down(editor, viewport={"width": 1600, "height": 1000}).open(make_draft("Beside"))
    seat.page.get_by_text("Preview beside the text").click()
    frame = seat.page.frame_locator(".release-beside iframe")
    expect(frame.locator("h1.release-title")).to_have_text("Beside", timeout=15_000)
    seat.type(" typed beside")
    expect(frame.locator(".release-body")).to_contain_text("typed beside", timeout=15_000)


def test_a_question_mark_lists_the_shortcuts_and_in_the_text_it_is_a_question_mark(
    sit_down, make_draft, editor
):
    seat = sit_down(editor).open(make_draft())
    seat.type(" Why?")
    expect(seat.page.locator("#keys")).to_be_hidden()
    seat.page.goto(f"{seat.base}/admin/")
    seat.page.keyboard.press("?")
    expect(seat.page.get_by_role("dialog")).to_be_visible()
    seat.page.keyboard.press("Escape")
    seat.page.keyboard.press("g")
    seat.page.keyboard.press("c")
    seat.page.wait_for_url("**/calendar/")
