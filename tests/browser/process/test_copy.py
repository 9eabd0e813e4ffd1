"""The browser's copy is let go when the server has said that it holds the words, and offered until then."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from releases.models import Event, Release
from tests.accounts.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KEPT = "Your words are kept in this browser."


@pytest.fixture
def draft(make_draft):
    return make_draft("Begun")


@pytest.fixture
def edith(editor):
    editor.set_password(PASSWORD)
    editor.save()
    return editor


def body():
    return Release.objects.get().current.body


def press(seat, name):
    seat.page.locator(f"#release-buttons [name={name}]").click()


def end_sessions():
    Session.objects.all().delete()


def sign_in(seat, link, name="edith", password=PASSWORD):
    """In the window that opens."""
    with seat.context.expect_page() as opened:
        link.click()
    window = opened.value
    window.get_by_label("Name").fill(name)
    window.get_by_label("Password").fill(password)
    window.get_by_label("Password").press("Enter")
    return window


def looked(seat):
    seat.page.wait_for_selector("[data-kept=looked]", state="attached")
    return seat


def expect_held(seat, draft):
    """Nothing is offered of what the server holds."""
    seat.come_back(draft)
    expect(seat.page.locator("[data-kept]")).to_be_hidden()


def test_a_save_after_the_session_has_ended_goes_on_when_its_writer_is_signed_in_again_beside_it(
    sit_down, draft, edith
):
    seat = sit_down(edith).open(draft)
    end_sessions()
    seat.type(" after the end").wait_for(KEPT)
    press(seat, "_save")
    seat.wait_for("Not sent: you are signed out.")
    window = sign_in(seat, seat.page.locator("[data-pressed] a"))
    seat.page.wait_for_selector(".messagelist .success")
    assert window.is_closed()
    assert "after the end" in body()
    expect_held(seat, draft)


def test_what_would_have_gone_out_is_pressed_once_more_after_signing_in(sit_down, draft, edith):
    seat = sit_down(edith).open(draft)
    end_sessions()
    seat.type(" after the end").wait_for(KEPT)
    press(seat, "_publish")
    seat.wait_for("Not sent: you are signed out.")
    sign_in(seat, seat.page.locator("[data-pressed] a"))
    seat.wait_for("Nothing has gone out: press this once more: Publish")
    seat.saved()
    assert "after the end" in body()
    assert not Release.objects.visible().exists()


def test_a_server_that_fails_every_save_finds_the_words_still_there(sit_down, draft, editor):
    seat = sit_down(editor).open(draft)
    seat.page.route(
        "**/*",
        lambda route: route.fulfill(status=502) if route.request.method == "POST" else route.continue_(),
    )
    seat.type(" through the gateway").wait_for(KEPT)
    press(seat, "_save")
    seat.wait_for("Not sent: the server has a problem.")
    seat.come_back(draft)
    expect(seat.page.locator("[data-kept]")).to_be_visible()
    seat.page.locator("[data-kept-take]").click()
    seat.saved()
    assert "through the gateway" in body()


@pytest.mark.parametrize("after", [0, 60])
def test_a_form_that_was_lost_on_its_way_is_offered_when_its_writer_comes_back(
    sit_down, draft, editor, after
):
    seat = sit_down(editor).open(draft)
    # The question goes through, the form itself and what is saved alone do not.
    seat.page.route(
        re.compile("change/$|autosave/$"),
        lambda route: (
            route.fulfill(status=502, body="Bad gateway")
            if route.request.method == "POST"
            else route.continue_()
        ),
    )
    seat.type(" lost on the way").wait_for(KEPT)
    press(seat, "_publish")
    seat.wait_for("Bad gateway")
    seat.come_back(draft, after=after)
    if after:
        seat.page.locator("[data-kept-take]").click()
    seat.saved()
    assert "lost on the way" in body()
    assert not Release.objects.visible().exists()
    expect_held(seat, draft)


def test_a_form_that_was_kept_is_not_offered_though_its_answer_was_lost(sit_down, draft, editor):
    seat = sit_down(editor).open(draft)

    def swallow(route):
        if route.request.method == "POST":
            route.fetch(max_redirects=0)
            return route.fulfill(status=502, body="Bad gateway")
        return route.continue_()

    seat.page.route(re.compile("autosave/$"), lambda route: route.abort())
    seat.type(' and <b>"this"</b>').wait_for(KEPT)
    seat.page.route(re.compile("change/$"), swallow)
    press(seat, "_save")
    seat.wait_for("Bad gateway")
    assert "this" in body()
    expect_held(seat, draft)


def test_a_new_release_whose_first_answer_was_lost_is_not_offered_to_be_begun_again(sit_down, editor):
    seat = sit_down(editor).open()
    seat.page.route("**/autosave/", lambda route: (route.fetch(), route.abort()))
    seat.type("Begun in a tunnel", into="#id_title").wait_for(KEPT)
    expect_held(seat, None)
    assert Release.objects.get().current.title == "Begun in a tunnel"


def test_a_new_release_that_never_arrived_is_offered_and_begun_once(sit_down, editor):
    seat = sit_down(editor).open()
    seat.page.route("**/autosave/", lambda route: route.abort())
    seat.type("Begun in a tunnel", into="#id_title").wait_for(KEPT)
    seat.come_back(None)
    seat.page.locator("[data-kept-take]").click()
    seat.saved()
    assert Release.objects.get().current.title == "Begun in a tunnel"
    seat.page.wait_for_url("**/change/")


def test_a_copy_that_was_taken_over_but_not_yet_let_go_is_not_offered_again(sit_down, draft, editor):
    seat = sit_down(editor).open(draft)
    seat.page.route("**/autosave/", lambda route: route.abort())
    seat.type(" first").wait_for(KEPT)
    seat.page.close()
    seat.page = seat.context.new_page()
    # The browser dies after it has taken the words over, before it has deleted the copy.
    seat.page.add_init_script("IDBObjectStore.prototype.delete = function () { return this.get('nothing'); }")
    looked(seat.open(draft))
    seat.type(" second").saved()
    expect_held(seat, draft)
    assert "first second" in body()


def test_one_tab_never_lets_go_of_what_another_one_keeps(sit_down, draft, editor):
    seat = sit_down(editor).open(draft)
    seat.page.route("**/autosave/", lambda route: route.abort())
    seat.type(" from the first tab").wait_for(KEPT)
    first, seat.page = seat.page, seat.context.new_page()
    looked(seat.open(draft))
    expect(seat.page.locator("[data-kept]")).to_be_hidden()  # the first tab is open and sees to it itself
    seat.type(" from the second").saved()
    first.close()
    seat.come_back(draft)
    expect(seat.page.locator("[data-kept]")).to_be_visible()
    seat.page.locator("[data-kept-take]").click()
    expect(seat.page.locator(".ProseMirror")).to_contain_text("from the first tab")


def test_what_could_be_kept_in_part_is_offered_whole(sit_down, draft, editor):
    seat = sit_down(editor).open(draft)
    seat.page.locator("#id_publish_at_0").fill("half past May")
    seat.type(" beside half a date")
    line = seat.page.locator("[data-saved]:not([data-behind])")
    expect(line).to_contain_text("Not kept yet: Date and time", timeout=15_000)
    assert "beside half a date" in body()
    seat.come_back(draft)
    seat.page.locator("[data-kept-take]").click()
    expect(seat.page.locator("#id_publish_at_0")).to_have_value("half past May")
    seat.wait_for("Not kept yet: Date and time")


def test_a_note_that_goes_out_with_a_button_is_kept_as_well(sit_down, make_release, editor):
    live = make_release("Live")
    seat = looked(sit_down(editor).open(live))
    seat.page.locator("summary", has_text="Withdraw or discard").click()
    seat.page.locator("#id_notice").fill("It named somebody.")
    seat.come_back(live)
    seat.page.locator("[data-kept-take]").click()
    expect(seat.page.locator("#id_notice")).to_have_value("It named somebody.")
    expect(seat.page.locator("#id_notice")).to_be_visible()
    seat.page.locator("button[name=_withdraw]").click()
    seat.page.wait_for_selector(".messagelist .success")
    expect_held(seat, live)


def test_opening_a_draft_again_at_once_goes_on_where_it_was_and_is_no_conflict_with_oneself(
    sit_down, draft, editor
):
    seat = looked(sit_down(editor).open(draft))
    for number in range(5):
        seat.type(f" word{number}")
        seat.page.wait_for_timeout(150 * number)
        seat.come_back(draft, after=0)
        expect(seat.page.locator("[data-kept]")).to_be_hidden()
        expect(seat.page.locator(".ProseMirror")).to_contain_text(f"word{number}")
        seat.type(f" more{number}").saved()
        expect(seat.page.locator("[data-saved]")).not_to_contain_text("saved this release")
    assert [body().count(f"word{number} more{number}") for number in range(5)] == [1] * 5


def test_a_page_that_is_left_before_any_of_its_timers_has_kept_the_last_letter(sit_down, draft, editor):
    seat = sit_down(editor).open(draft)
    looked(seat).type("")  # the caret is where it will stay
    seat.page.evaluate("() => { window.setTimeout = () => 0; }")
    seat.page.keyboard.type(" at once")
    seat.come_back(draft, after=0)
    expect(seat.page.locator(".ProseMirror")).to_contain_text("at once")
    seat.type(" and more").saved()
    assert "at once and more" in body()


def test_a_save_that_arrives_after_the_page_was_opened_again_is_no_conflict(sit_down, draft, editor):
    seat = sit_down(editor).open(draft)
    late = []
    seat.page.route("**/autosave/", lambda route: late.append(route.request))
    with seat.page.expect_request("**/autosave/"):
        seat.type(" first")
    while not late:
        seat.page.wait_for_timeout(20)
    address, words, headers = late[0].url, late[0].post_data, late[0].headers
    seat.come_back(draft, after=0)
    expect(seat.page.locator(".ProseMirror")).to_contain_text("first")
    answer = seat.context.request.post(address, data=words, headers={**headers, "Cookie": cookies(seat)})
    seat.type(" second").saved()
    assert answer.status in {200, 409}
    assert body().count("first second") == 1


def cookies(seat):
    return "; ".join(f"{one['name']}={one['value']}" for one in seat.context.cookies())


def test_a_colleague_who_signs_in_at_the_same_desk_neither_gets_the_words_nor_sends_them(
    sit_down, draft, edith, make_user
):
    make_user("olga", password=PASSWORD)
    seat = sit_down(edith).open(draft)
    end_sessions()
    seat.type(" Edith’s alone").wait_for(KEPT)
    press(seat, "_save")
    seat.wait_for("Not sent: you are signed out.")
    sign_in(seat, seat.page.locator("[data-pressed] a"), name="olga")
    seat.wait_for("You are signed in as olga, and somebody else wrote this.")
    assert "alone" not in body()
    seat.come_back(draft)
    expect(seat.page.locator("[data-kept]")).to_be_hidden()
    expect(seat.page.locator(".ProseMirror")).not_to_contain_text("alone")


def test_a_page_that_comes_back_whole_goes_on_saving(sit_down, draft, editor):
    """As from the browser's back-forward cache, which does not work under a debugger."""
    seat = sit_down(editor).open(draft)
    seat.page.route(
        re.compile("change/$"),
        lambda route: route.fulfill(status=204) if route.request.method == "POST" else route.continue_(),
    )  # a form that leads nowhere
    seat.type(" one")
    with seat.page.expect_response(lambda answer: answer.status == 204):
        press(seat, "_save")
    seat.page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    seat.type(" two").saved()
    assert "one two" in body()


def test_without_scripts_a_form_sent_after_the_session_has_ended_keeps_its_words(sit_down, draft, edith):
    seat = sit_down(edith, java_script_enabled=False)
    seat.page.goto(f"{seat.base}/admin/releases/release/{draft.pk}/change/")
    end_sessions()
    seat.page.locator("#id_title").fill("Typed “without” scripts & <all>")
    press(seat, "_publish")
    seat.wait_for("You have been signed out.")
    with seat.context.expect_page() as opened:
        seat.page.get_by_role("link", name="Sign in in another window").click()
    window = opened.value
    window.get_by_label("Name").fill("edith")
    window.get_by_label("Password").fill(PASSWORD)
    window.get_by_label("Password").press("Enter")
    window.wait_for_url("**/signed-in/")
    for _again in range(2):  # the first time the page's own token is an old one
        seat.page.get_by_role("button", name="Go on with what I wrote").click()
    seat.wait_for("Nothing has been saved yet")
    expect(seat.page.locator("#id_title")).to_have_value("Typed “without” scripts & <all>")
    assert set(Event.objects.values_list("verb", flat=True)) == {"create"}
    press(seat, "_save")
    seat.page.wait_for_selector(".messagelist .success")
    assert Release.objects.get().current.title == "Typed “without” scripts & <all>"
