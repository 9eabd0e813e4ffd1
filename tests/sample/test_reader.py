"""The sample newsroom's files: every shape that occurs in a newsroom is there, and each file says what it should."""

import re
from collections import Counter
from datetime import date, datetime

import pytest

from releases.sample.reader import SampleError, moment, read, texts, topic_names, topic_translations

ALL = {text.key: text for text in texts()}
CITATION = re.compile(r'<a href="#fn-([a-z0-9]+)" id="fnref-')
NOTE = re.compile(r'<li id="fn-([a-z0-9]+)">')


def notes_in(text):
    return NOTE.findall(text.body)


def citations_in(html):
    return CITATION.findall(html)


def inside(element, text):
    """The citations of a text that stand inside an element of that name, before the list of notes."""
    words = text.body.partition('<ol class="footnotes">')[0]
    return [key for part in re.findall(rf"<{element}\b.*?</{element}>", words) for key in citations_in(part)]


def test_the_newsroom_has_texts_enough_in_five_languages():
    languages = Counter(text.language for text in ALL.values() if text.date)
    assert sum(languages.values()) >= 24
    assert set(languages) == {"en", "zh-hans", "zh-hant", "bo", "ug"}


@pytest.mark.parametrize("count", [0, 1, 5, 60])
def test_there_is_a_text_with_so_many_notes(count):
    assert any(len(notes_in(text)) == count for text in ALL.values())


def test_a_note_is_cited_three_times():
    assert any(3 in Counter(citations_in(text.body)).values() for text in ALL.values())


@pytest.mark.parametrize("element", ["ul", "table", "blockquote", "h2"])
def test_a_note_stands_in_each_awkward_place(element):
    assert any(inside(element, text) for text in ALL.values())


@pytest.mark.parametrize("text", ALL.values(), ids=ALL)
def test_every_note_is_cited_and_every_citation_has_its_note(text):
    cited_in_order = list(dict.fromkeys(citations_in(text.body)))
    assert notes_in(text) == cited_in_order
    assert all(re.fullmatch(r"[a-z0-9]{6}", key) for key in cited_in_order)


def test_the_text_with_five_notes_has_the_traps_of_dates_before_numbers():
    words = re.sub(r"<[^>]+>", "", ALL["registry-lower-orrin"].body)
    assert "on March 304" in words
    assert "on April 9.5" in words
    assert any("Ibid." in note for note in ALL["registry-lower-orrin"].body.split("<li "))


def test_titles_are_short_and_long():
    lengths = [len(text.title) for text in ALL.values()]
    assert min(lengths) < 10
    assert max(lengths) > 200


def test_three_texts_say_the_same_in_three_languages():
    groups = Counter(text.group for text in ALL.values() if text.group)
    assert groups == {"registry-lower-orrin": 3}
    assert len({text.language for text in ALL.values() if text.group}) == 3


def test_one_is_withdrawn_one_embargoed_one_a_draft_and_one_a_draft_over_live_words():
    assert [bool(text.notice) for text in ALL.values() if text.withdrawn] == [True]
    assert [text.key for text in ALL.values() if text.date and isinstance(text.date.day, int)] == [
        "embargoed-index"
    ]
    assert [text.key for text in ALL.values() if not text.date and not text.over] == ["draft-prisons"]
    assert [text.over for text in ALL.values() if text.over] == ["travelling-desk"]
    assert ALL["travelling-desk"].date


def test_dates_fill_every_year_of_the_archive():
    years = {text.date.day.year for text in ALL.values() if text.date and isinstance(text.date.day, date)}
    assert years == {2023, 2024, 2025, 2026}


def test_every_topic_named_is_one_of_the_117():
    assert len(topic_names()) == len(set(topic_names())) == 117
    for text in ALL.values():
        assert text.topics, text.key
        assert set(text.topics) <= set(topic_names()), text.key
    awkward = {"Land, Property, Housing", "Thoughts/Theories", "Lawyer's rights", "Uyghurs, Uighurs"}
    assert awkward <= {topic for text in ALL.values() for topic in text.topics}


def test_topics_have_chinese_names_that_differ_from_one_another():
    translations = topic_translations()
    assert len(translations) >= 30
    assert set(translations) <= set(topic_names())
    for language in ("zh-hans", "zh-hant"):
        names = [names[language] for names in translations.values()]
        assert len(names) == len(set(names))


@pytest.mark.parametrize("text", ALL.values(), ids=ALL)
def test_sources_are_invented(text):
    hosts = set(re.findall(r'href="https?://([^/"]+)', text.body))
    assert hosts <= {"example.org", "example.com", "example.net"}


@pytest.mark.parametrize("text", ALL.values(), ids=ALL)
def test_english_texts_use_curly_quotes_and_proper_dashes(text):
    words = re.sub(r"<[^>]+>", " ", f"{text.title} {text.summary} {text.body}")
    assert not re.search(r"""["']| - |--|\.\.\.""", words)


def test_line_ends_of_a_file_are_no_part_of_the_body(tmp_path):
    file = tmp_path / "a.html"
    file.write_text(
        "language: en\ntitle: A: b\nplace: P\nsummary: S\n\n<ul>\n  <li><p>x y</p></li>\n</ul>\n", "utf-8"
    )
    assert read(file).body == "<ul><li><p>x y</p></li></ul>"
    assert read(file).title == "A: b"


@pytest.mark.parametrize(
    "head",
    [
        "language: en",
        "language: en\ntitle: A\ntitle: B",
        "colour: red",
        "topic:",
        "over: x\ndate: 2024-01-01 09:00",
    ],
)
def test_a_head_that_says_too_little_or_too_much_is_refused_with_the_name_of_the_file(head, tmp_path):
    file = tmp_path / "wrong.html"
    file.write_text(f"{head}\n\n<p>x</p>\n", "utf-8")
    with pytest.raises(SampleError, match=r"wrong\.html"):
        read(file)


def test_a_moment_is_a_day_or_a_number_of_days_from_now():
    today = date(2030, 1, 31)
    assert moment("2024-04-11 09:30", where="x").after(today) == datetime(2024, 4, 11, 9, 30)
    assert moment("+21 days 06:00", where="x").after(today) == datetime(2030, 2, 21, 6, 0)
    with pytest.raises(SampleError, match="soon"):
        moment("soon", where="x")
