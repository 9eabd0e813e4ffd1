"""A crawl as staff beside the crawl as stranger: nobody is told a word that `permissions` does not grant."""

import re
from urllib.parse import urlsplit

import pytest

from tests.depth import DEEP
from tests.leaks.newsroom import LIVE, ROLES, make
from tests.leaks.staff import asked, client_of, links_in, text_of, told
from tests.leaks.writes import Writes, remember, sent, unpermitted

pytestmark = pytest.mark.django_db
# Editors may read every release, so that a question of a list can tell them nothing. Who has no role is refused the address
# itself, whatever stands behind it.
ASKING = {"no role", "another writer"} if DEEP else {"another writer"}
DONE = {
    "another writer": {"create"},
    "author": {"create", "save draft", "restore", "share preview", "revoke preview", "add picture"},
    "editor": {
        "publish",
        "schedule",
        "correct",
        "approve",
        "save draft",
        "restore",
        "change address",
        "share preview",
        "revoke preview",
        "add picture",
    },
    "chief": {"save draft", "restore", "merge topics", "retire topic", "rename topic"},
}
# What tells nothing of the newsroom.
OPEN = {"/admin/login/", "/admin/jsi18n/"}


@pytest.fixture(scope="module")
def world(module_makers):
    made = make()
    remember(made)
    return made


# A chief may read what an editor may: the table of `permissions` says so, and its own tests.
READING = [pytest.param(role, marks=pytest.mark.deep) if role == "chief" else role for role in ROLES]


@pytest.mark.parametrize("role", READING)
def test_nobody_is_told_what_is_not_theirs(world, role):
    client = client_of(world, role)
    waiting, wrong, status = asked(questions=role in ASKING), {}, {}
    first = set(waiting)
    while waiting:
        path = waiting.pop(0)
        answer = client.get(path)
        status[path] = answer.status_code
        said = text_of(answer)
        if words := told(world, role, path, said):
            wrong[path] = sorted(
                f"{word} {world.words.get(word) or world.topics.get(word)}" for word in words
            )
        if role in ASKING and path in first and "?" not in path:
            new = links_in(path, said) - status.keys() - set(waiting)
            waiting += sorted(new)
    assert wrong == {}
    assert [path for path, code in status.items() if code >= 500] == []
    opened = {urlsplit(path).path for path, code in status.items() if code == 200}
    if role == "nobody":
        assert {path for path in opened if path.startswith("/admin/")} <= OPEN
    if role == "no role":
        assert {path for path in opened if path.startswith("/admin/")} == {
            "/admin/", "/admin/jsi18n/", "/admin/password_change/done/",
            "/admin/releases/release/signed-in/",  # where a sign-in from an open form ends
        }  # fmt: skip
    assert len(status) > 300


@pytest.mark.parametrize("role", ROLES)
def test_nobody_changes_what_is_not_theirs_nor_is_told_of_it(world, role):
    client = client_of(world, role)
    wrong, number, done = {}, 0, set()
    signed_in = client.cookies.output(header="", sep=";")
    for path, data in sent(world, role):
        number += 1
        client.cookies.clear()
        client.cookies.load(signed_in)  # which the address before may have ended
        with Writes() as writes:
            answer = client.post(path, data, follow=role in ASKING)
            found = unpermitted(world, role, writes)
            done |= {event.verb for event in writes.events()}
        found |= told(world, role, f"{path} {data}", text_of(answer))
        if answer.status_code >= 500:
            found.add(f"status {answer.status_code}")
        if found:
            wrong[path, str(data)[:60]] = sorted(found)
    assert wrong == {}
    assert number > 120
    # What is sent is what the forms send: those who may do something do it.
    assert DONE.get(role, set()) <= done


def test_a_list_answers_a_question_about_what_one_may_not_read_as_one_about_nothing(world):
    client = client_of(world, "another writer")
    nothing = world.control
    lists = (
        "/admin/releases/release/?q={}", "/admin/releases/picture/?q={}", "/admin/releases/picture/choices/?q={}",
        "/admin/releases/source/?q={}", "/admin/releases/release/?topic={}",
    )  # fmt: skip
    hidden = [
        word
        for word, (state, layer) in world.words.items()
        if state and not world.granted("another writer", state, layer)
    ]
    topics = [
        word
        for word, (state, layer) in world.topics.items()
        if not world.granted("another writer", state, layer)
    ]
    for asked_for in lists:
        words = topics if "topic=" in asked_for else hidden[:: len(hidden) // 12]
        plain = said_of(client, asked_for, nothing)
        assert words
        for word in words:
            assert said_of(client, asked_for, word) == plain, (asked_for, word)


def test_what_stands_under_a_topic_that_one_may_not_see_is_not_counted(world):
    client = client_of(world, "another writer")
    page = client.get("/admin/releases/topic/?standing=all").text
    for word, (state, layer) in world.topics.items():
        row = page[page.index(f">{word}</a>") :].partition("</tr>")[0]
        number = int(re.search(r'field-used">(\d+)', row)[1])
        assert number == (layer == LIVE and world.granted("another writer", state, LIVE)), (
            word,
            state,
            layer,
        )


def test_the_order_of_the_list_does_not_tell_what_a_hidden_title_begins_with(world):
    rows = client_of(world, "another writer").get("/admin/releases/release/?o=2").text
    titles = re.findall(r"(q\d{3}zx) title</a>", rows)
    assert len(titles) == 5
    assert titles == sorted(titles)


def said_of(client, asked_for, word):
    """The answer, but for the question itself and what is made anew each time."""
    text = re.sub(
        r"<details data-filter-title.*?</details>",
        "",
        client.get(asked_for.format(word)).text,
        flags=re.DOTALL,
    )
    return re.sub(r'(name="csrfmiddlewaretoken" value|nonce)="[^"]*"', "", text).replace(word, "…")
