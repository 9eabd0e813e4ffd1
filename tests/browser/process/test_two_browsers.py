"""Two people in one release at the same moment: no word is lost, and whoever comes second always sees it.

Twenty saves and six rounds here; two hundred and fifty with DEEP=1.
"""

import re

import pytest
from playwright.sync_api import expect

from releases.models import Release, Revision
from tests.depth import times

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SAVES = times("SAVES", 20, 200)
BY_HAND = 10  # every tenth turn is typed, seen and merged on the page itself
ROUNDS = times("ROUNDS", 6, 50)

# A save as the page sends it, by its own cookies and fields: a word is put at the end of the text that was opened.
LAY = """() => {
    const page = document.getElementById('release-page');
    const form = page.closest('form');
    window.mine = { seen: form.elements.seen.value, body: form.elements.body.value };
    window.send = async (word) => {
        const body = new URLSearchParams(new FormData(form));
        const words = window.mine.body.replace(/<\\/p>$/, ` ${word}</p>`);
        body.set('seen', window.mine.seen);
        body.set('body', words);
        const began = Date.now();
        const response = await fetch(page.dataset.autosave, { method: 'POST', body });
        const answer = await response.json();
        if (response.ok) window.mine = { seen: answer.seen, body: words };
        return { ...answer, status: response.status, began, ended: Date.now() };
    };
    // Opening what the other has saved, as a reload would.
    window.open_again = async () => {
        const html = await (await fetch(location.href)).text();
        const found = new DOMParser().parseFromString(html, 'text/html');
        window.mine = {
            seen: found.querySelector('[name=seen]').value, body: found.querySelector('[name=body]').value,
        };
    };
}"""


@pytest.fixture
def pair(sit_down, make_draft, make_user):
    """A release, and two people who have it open."""
    draft = make_draft("Shared", body="<p>Begin</p>")
    seats = [sit_down(make_user(name)).open(draft) for name in ("anna", "bela")]
    for seat in seats:
        seat.page.evaluate(LAY)
    return draft, seats


def stored():
    return Release.objects.get().current.body


def missing(written):
    """The words that are not stored exactly once."""
    body = stored()
    return [word for word in written if len(re.findall(rf"\b{word}\b", body)) != 1]


def merge_on_the_page(seat, word, other, others_word):
    """Type a word over a colleague's newer save; see it, see both texts, merge them by hand and save."""
    seat.type(f" {word}").wait_for(f"{other} saved this release at")
    before = stored()
    assert word not in before
    seat.page.get_by_role("button", name="See both texts").click()
    seat.wait_for(f"{other} saved while you were writing")
    seat.page.wait_for_selector(".body-editor [role=toolbar]")
    assert others_word in " ".join(seat.page.locator(".sides del").all_inner_texts())
    assert word in " ".join(seat.page.locator(".sides ins").all_inner_texts())
    seat.page.locator(".ProseMirror").first.click()
    seat.page.keyboard.press("Control+a")
    seat.page.keyboard.insert_text(f"{before.removeprefix('<p>').removesuffix('</p>')} {word}")
    seat.page.locator("#release-buttons [name=_save]").click()
    seat.page.wait_for_selector(".messagelist .success")
    seat.page.wait_for_selector(".body-editor [role=toolbar]")
    seat.page.evaluate(LAY)


def test_interleaved_saves_in_two_browsers_lose_no_word_and_each_conflict_is_seen(pair):
    _, seats = pair
    written = []
    on_the_page = 0
    for turn in range(SAVES):
        seat, name, other = seats[turn % 2], *(("anna", "bela"), ("bela", "anna"))[turn % 2]
        word = f"word{turn}x"
        if turn % BY_HAND == BY_HAND - 1 - (turn // BY_HAND) % 2:  # each of the two in turn
            merge_on_the_page(seat, word, other, written[-1])
            on_the_page += 1
        else:
            answer = seat.page.evaluate("(word) => send(word)", word)
            if turn:  # the other has saved since
                assert (answer["status"], answer["conflict"]["who"]) == (409, other), name
                assert word not in stored()
                seat.page.evaluate("open_again()")
                answer = seat.page.evaluate("(word) => send(word)", word)
            assert answer["status"] == 200, answer
        written.append(word)
    assert missing(written) == []
    assert on_the_page == SAVES // BY_HAND
    # Each took over from the other, so each save is a revision of its own, and every one but the last is of record.
    assert Revision.objects.count() == SAVES + 1
    assert Revision.objects.filter(frozen_at=None).count() == 1


def test_of_two_saves_in_flight_at_once_one_is_kept_and_the_other_is_told_each_time(pair):
    _, seats = pair
    written, at_once = [], 0
    for turn in range(ROUNDS):
        words = [f"{who}{turn}x" for who in "ab"]
        order = seats if turn % 2 else seats[::-1]
        for seat in order:
            seat.page.evaluate("open_again()")
        for seat, word in zip(order, words, strict=True):
            seat.page.evaluate("(word) => { window.going = send(word); }", word)
        answers = [seat.page.evaluate("window.going") for seat in order]
        assert sorted(answer["status"] for answer in answers) == [200, 409], answers
        at_once += max(one["began"] for one in answers) < min(one["ended"] for one in answers)
        second = answers.index(next(answer for answer in answers if answer["status"] == 409))
        assert words[second] not in stored()
        order[second].page.evaluate("open_again()")
        assert order[second].page.evaluate("(word) => send(word)", words[second])["status"] == 200
        written += words
    assert missing(written) == []
    assert at_once >= ROUNDS // 2
    print(f"{ROUNDS} rounds, {at_once} of them with both saves in flight at once")


def test_overtaken_while_typing_both_texts_are_seen_and_merged_by_hand(sit_down, make_draft, make_user):
    draft = make_draft("Shared", body="<p>Begin</p>")
    anna, bela = (sit_down(make_user(name)).open(draft) for name in ("anna", "bela"))
    for turn in range(2):
        anna.type(f" a{turn}").saved()
        bela.type(f" b{turn}").wait_for("anna saved this release at")
        bela.page.get_by_role("button", name="See both texts").click()
        bela.wait_for("anna saved while you were writing")
        bela.page.wait_for_selector(".body-editor [role=toolbar]")
        assert any(f"a{turn}" in words for words in bela.page.locator(".sides td del").all_inner_texts())
        # By hand: their word into the own text, then save.
        bela.type(f" a{turn}")
        bela.page.locator("#release-buttons [name=_save]").click()
        bela.page.wait_for_selector(".messagelist .success")
        bela.page.wait_for_selector(".body-editor [role=toolbar]")
        anna.open(draft)
        expect(anna.page.locator(".ProseMirror")).to_contain_text(f"b{turn} a{turn}")
        body = stored()
        assert all(body.count(f"{who}{n}") == 1 for who in "ab" for n in range(turn + 1)), body
