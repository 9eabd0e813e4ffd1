"""What autosave compares, sends and keeps: the words of a form as a string, and the copies in the browser; all in one page."""

import json
from typing import Any

import pytest

from tests.browser.editor.conftest import Desk

pytestmark = pytest.mark.browser

FORM = """
  <input name="title"><textarea name="body"></textarea><textarea name="comment"></textarea><input name="seen" value="4">
  <select name="language"><option>en<option>bo</select>
  <input type="checkbox" name="topics" value="12"><input type="checkbox" name="topics" value="2">
  <details><textarea name="notice"></textarea></details><input name="csrfmiddlewaretoken" value="t">"""
# name -> what is typed (a field's value, or the topics that are ticked) -> what the form says: words, and words beside them
SAID: dict[str, tuple[dict[str, Any], list[list[str]], list[list[str]]]] = {
    "nothing": ({}, [["body", ""], ["language", "en"], ["title", ""]], []),
    "words": ({"title": "T", "body": "<p>b</p>"}, [["body", "<p>b</p>"], ["language", "en"], ["title", "T"]], []),
    "line ends are one kind": ({"body": "a\r\nb\rc\n"}, [["body", "a\nb\nc\n"], ["language", "en"], ["title", ""]], []),
    "topics in the order of their numbers": (
        {"topics": ["12", "2"]}, [["body", ""], ["language", "en"], ["title", ""], ["topics", "2"], ["topics", "12"]], [],
    ),
    "another language": ({"language": "bo"}, [["body", ""], ["language", "bo"], ["title", ""]], []),
    "what stands beside the words": ({"comment": "Why?"}, [["body", ""], ["language", "en"], ["title", ""]], [["comment", "Why?"]]),
    "spaces beside the words are nothing": ({"comment": "  \n"}, [["body", ""], ["language", "en"], ["title", ""]], []),
    "what is no word of the release": ({"seen": "9"}, [["body", ""], ["language", "en"], ["title", ""]], []),
}  # fmt: skip

READ_EACH = """async ([html, cases]) => { const { snapshot, beside, fill, fillBeside } = await import('/static/js/admin/fields.js');
  const made = () => { const form = document.createElement('form'); form.innerHTML = html; return form };
  return cases.map((typed) => { const form = made();
    for (const [name, value] of Object.entries(typed))
      if (name === 'topics') for (const one of value) form.querySelector(`[value="${one}"]`).checked = true;
      else form.elements[name].value = value;
    const other = made(), told = [];
    other.addEventListener('input', ({target}) => told.push(target.name));
    fill(other, snapshot(form)); fillBeside(other, beside(form));
    return {words: snapshot(form), beside: beside(form), again: snapshot(other), besideAgain: beside(other), told,
            open: other.querySelector('details').open} }) }"""


@pytest.fixture(scope="module")
def read(opened_once: Desk) -> dict[str, dict[str, Any]]:
    answers = opened_once.page.evaluate(READ_EACH, [FORM, [typed for typed, _, _ in SAID.values()]])
    return dict(zip(SAID, answers, strict=True))


@pytest.mark.parametrize("name", SAID)
def test_the_words_of_a_form_are_what_is_saved_of_it(read: dict[str, dict[str, Any]], name: str):
    _, words, beside = SAID[name]
    assert json.loads(read[name]["words"]) == words
    assert json.loads(read[name]["beside"] or "[]") == beside


@pytest.mark.parametrize("name", SAID)
def test_words_put_into_another_form_are_the_same_and_each_change_is_announced(
    read: dict[str, dict[str, Any]], name: str
):
    typed, _, beside = SAID[name]
    assert (read[name]["again"], read[name]["besideAgain"]) == (read[name]["words"], read[name]["beside"])
    changed = {field for field, value in typed.items() if field not in ("topics", "seen") and value.strip()}
    assert set(read[name]["told"]) - {"topics"} == changed
    assert read[name]["open"] is any(field == "notice" for field, _ in beside)


COPIES = """async () => { const { drop, find, keep } = await import('/static/js/admin/local-copies.js');
  const said = [], now = Date.now(), month = 30 * 24 * 3600 * 1000;
  await keep('draft 1:aa', {at: now - 3, words: 'one'}); await keep('draft 1:bb', {at: now - 2, words: 'two'}); await keep('draft 12:cc', {at: now, words: 'x'});
  said.push((await find('draft 1')).map(({words}) => words));
  await drop('draft 1:aa');
  said.push((await find('draft 1')).map(({words}) => words));
  await keep('draft 1:bb', {at: now, words: 'newer'});
  said.push((await find('draft 1')).map(({words}) => words));
  await keep('draft 1:dd', {at: now - 12 * month, words: 'forgotten'});
  said.push((await find('draft 1')).map(({words}) => words));
  for (const key of ['draft 1:bb', 'draft 12:cc']) await drop(key);
  return [...said, await find('draft 1')] }"""


def test_copies_are_kept_by_release_and_visit_found_newest_first_and_let_go_after_months(shared_desk: Desk):
    assert shared_desk.page.evaluate(COPIES) == [["two", "one"], ["two"], ["newer"], ["newer"], []]
