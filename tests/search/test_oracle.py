"""The index against an oracle that reads every text, on mixed scripts; and both of them against the engine's syntax."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from releases.models import SearchEntry
from releases.search import parse
from releases.search.analysis import AFFIXED, BREAK, IDEOGRAPH, fold, indexed, simplified, tokens, words
from releases.search.find import matching_entries
from releases.search.highlight import FOLDED, _occurrences, _spans, _words_in, beginning, marked, snippets
from tests.depth import times

IDEOGRAPHS = "人权律师權師律国國发發髮後后会のカガ"
TIBETAN = ("བོད", "ཡིག", "སྐད", "ཆ", "གི")
ARABIC = ("ئۇيغۇر", "حُقُوق", "حقوق", "الإنسان", "الانسان")
LATIN = ("right", "Rights", "café", "cafe", "China’s", "china", "running", "10⁶", "x")
SIGNED = (
    "U.N.",
    "UN",
    "e-mail",
    "email",
    "X-rays",
    "10,000",
    "10000",
    "COVID-19",
    "O’Reilly",
    "O'Reilly",
    "well-known",
)
KOREAN = ("유엔은", "유엔", "인권을", "인권", "보고서")
pieces = st.one_of(
    st.text(st.sampled_from(IDEOGRAPHS), min_size=1, max_size=6),
    st.lists(st.sampled_from(TIBETAN), min_size=1, max_size=4).map("་".join),
    st.lists(st.sampled_from(ARABIC), min_size=1, max_size=3).map(" ".join),
    st.lists(st.sampled_from(KOREAN), min_size=1, max_size=3).map(" ".join),
    st.lists(st.sampled_from(LATIN + SIGNED), min_size=1, max_size=4).map(" ".join),
)
texts = st.lists(pieces, min_size=1, max_size=6).flatmap(
    lambda parts: st.sampled_from([" ", "，", ", ", " – "]).map(lambda mark: mark.join(parts))
)


def folded(text):
    """A text with one space around each thing compared: what a reader would call the same words in the same order."""
    return f" {' '.join(tokens(text))} "


def part(phrase):
    """The same of what is looked for: in scripts whose words grow it may begin and end within a word."""
    found = tokens(phrase)
    begin, end = ("" if AFFIXED.search(token) else " " for token in (found[0], found[-1]))
    return f"{begin}{' '.join(found)}{end}"


@pytest.fixture
def row(db, editor, make_draft):
    """Store paragraphs as what one draft says."""
    release = make_draft("x")

    def store(paragraphs):
        ready = indexed(title="", rest=paragraphs)
        SearchEntry.objects.filter(release=release).update(sequence=ready.sequence, terms=ready.terms)

    return store


@settings(
    max_examples=times("EXAMPLES", 160, 2000),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(paragraphs=st.lists(texts, min_size=1, max_size=3), data=st.data())
def test_a_phrase_is_found_exactly_where_a_naive_search_sees_it(row, paragraphs, data):
    row(paragraphs)
    source = data.draw(st.sampled_from(paragraphs) | texts)
    start = data.draw(st.integers(0, max(0, len(source) - 1)))
    phrase = source[start : data.draw(st.integers(start + 1, len(source)))].replace('"', "")
    if not words(phrase):
        return
    expected = any(part(phrase) in folded(paragraph) for paragraph in paragraphs)
    assert matching_entries(parse(f'"{phrase}"')).exists() == expected
    assert matching_entries(parse(f'-"{phrase}"')).exists() != expected


@settings(
    max_examples=times("EXAMPLES", 80, 1000),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(sentence=st.text(st.sampled_from(IDEOGRAPHS), min_size=2, max_size=30), data=st.data())
def test_any_part_of_a_chinese_sentence_finds_it_in_either_script(row, sentence, data):
    row([f"前{sentence}。"])
    start = data.draw(st.integers(0, len(sentence) - 1))
    part = sentence[start : data.draw(st.integers(start + 1, len(sentence)))]
    other = part.translate(simplified())
    assert matching_entries(parse(part)).exists()
    assert matching_entries(parse(other)).exists()
    absent = part + "鸡"
    assert not matching_entries(parse(absent)).exists()


SENTENCES = (
    "نُشِرَت التقارير عن حقوق الإنسان في العاصمة، وطالب المحامون بالإفراج عنهم.",
    "ئۇيغۇر تىلىدىكى خەۋەرلەر بۈگۈن ئېلان قىلىندى",
    "བོད་ཀྱི་སྐད་ཡིག་སྐོར་གྱི་ཞིབ་འཇུག་གི་སྙན་ཞུ་ཕྱི་བསྒྲགས་བྱས།",
    "東京で開かれた会議の記録を公開した。",
    "กรุงเทพมหานครประกาศ",
    "유엔은 인권보고서를 발표하고 정부에 책임을 물었다.",
)


@pytest.mark.parametrize("quote", ["", '"'])
@settings(
    max_examples=times("EXAMPLES", 60, 750),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(sentence=st.sampled_from(SENTENCES), data=st.data())
def test_any_part_of_a_sentence_finds_it_wherever_it_is_cut_and_is_marked(row, quote, sentence, data):
    row(["Before.", sentence, "After."])
    start = data.draw(st.integers(0, len(sentence) - 1))
    typed = quote + sentence[start : data.draw(st.integers(start + 1, len(sentence)))] + quote
    query = parse(typed)
    if not query.wanted:
        return
    assert matching_entries(query).exists(), typed
    assert not matching_entries(parse(f"-{typed}" if quote else f'-"{typed}"')).exists(), typed
    found, missing = snippets(sentence, query)
    assert not missing, typed
    assert any(bit.marked for bit in found[0])


@settings(max_examples=times("EXAMPLES", 120, 1500), deadline=None)
@given(st.text(max_size=80))
def test_folding_twice_is_folding_once(text):
    assert tokens(" ".join(words(text))) == tokens(text) or "'" in fold(text)
    assert fold(fold(text)) == fold(text)


@settings(max_examples=times("EXAMPLES", 160, 2000), deadline=None)
@given(st.text(max_size=400), st.text(max_size=40))
def test_terms_hold_nothing_but_letters_digits_marks_and_our_own_signs(text, title):
    ready = indexed(title=title, rest=text.split("\n\n"))
    assert not re.search(r"[\x00-\x1f!-/:-@\[-`{-~]", ready.terms)
    assert "  " not in ready.terms
    assert not re.search(rf"[^\w\s{BREAK}]", "".join(c for c in ready.sequence if c.isascii()))


@settings(max_examples=times("EXAMPLES", 120, 1500), deadline=None)
@given(st.text(max_size=120), st.text(max_size=20))
def test_marking_changes_no_character(text, typed):
    query = parse(typed)
    assert "".join(bit.text for bit in marked(text, query)) == text
    for snippet in (*snippets(text, query)[0], beginning(text)):
        shown = "".join(bit.text for bit in snippet).removeprefix("… ").removesuffix(" …")
        assert shown in text.replace("\n", " ")


@settings(max_examples=times("EXAMPLES", 120, 1500), deadline=None)
@given(paragraphs=st.lists(texts, min_size=1, max_size=3), data=st.data())
def test_what_is_found_is_shown_and_marked(paragraphs, data):
    text = "\n\n".join(paragraphs)
    source = data.draw(st.sampled_from(paragraphs))
    typed = data.draw(st.sampled_from(source.split()))
    query = parse(f'"{typed}"')
    if not query.wanted:
        return
    found, missing = snippets(text, query)
    assert not missing
    shown = tokens(" ".join(bit.text for bit in found[0] if bit.marked))
    assert part(typed) in folded(" ".join(shown))


def test_a_book_keeps_its_words_and_stays_within_what_a_row_may_hold(row):
    book = " ".join(f"word{number} other{number * 7}" for number in range(60_000))
    ready = indexed(title="Book", rest=[book])
    assert len(ready.terms.encode()) <= 900_000
    row([book])
    assert matching_entries(parse("word1 other7")).exists()


def test_a_place_is_only_taken_for_absent_at_a_glance_where_no_character_hides_a_letter():
    hiding = [
        chr(code)
        for code in range(0x80, 0x110000)
        if not 0xD800 <= code < 0xE000 and not FOLDED.match(chr(code)) and hides(chr(code))
    ]
    assert not hiding


def hides(character):
    """Does it come to be another letter or digit than it looks like, or nothing at all between two letters?"""
    alone = fold(character)
    if fold(f"a{character}a") == "aa" or any(one.isascii() and one.isalnum() for one in alone):
        return True
    if not IDEOGRAPH.search(alone):
        return False
    return alone not in (character, simplified().get(ord(character)))


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("far, far from human ———————————— rights", '"human rights"'),
        ("filed in ٢٠٢٠ and ２０２１", "2020 2021"),
        ("Azərbaycan", "azerbaycan"),
        ("hu\u00adman rights", '"human rights"'),
        ("China＇s rights", '"china rights"'),
        ("\uf901人", "更人"),
        ("使用iPhone手机", "iphone"),
        ("人's", "s"),
    ],
)
def test_what_is_written_otherwise_is_shown_all_the_same(text, typed):
    found, missing = snippets(text, parse(typed))
    assert not missing
    assert any(bit.marked for bit in found[0])


def test_the_s_of_a_possessive_is_no_word():
    assert snippets("China's, China’s rights", parse("s"))[0] == ()
    assert not any(bit.marked for bit in marked("China's, China’s rights", parse("s")))


plain_words = st.sampled_from(
    [
        *(
            "run",
            "Running",
            "runs",
            "running's",
            "rune",
            "China’s",
            "x",
            "rights",
            "right-hand",
            "人权",
            "a1",
        ),
        *(
            "U.N.",
            "un",
            "U.N.’s",
            "uns",
            "U.S.A",
            "e-mail",
            "E‑Mails",
            "email",
            "e-",
            "10,000",
            "10000",
            "1’000",
            "1000",
        ),
    ]
)
plain_texts = st.lists(plain_words, min_size=1, max_size=12).flatmap(
    lambda some: st.sampled_from([" ", ", ", "-", ""]).map(lambda joint: joint.join(some))
)


@settings(max_examples=times("EXAMPLES", 200, 2500), deadline=None)
@given(
    text=plain_texts, typed=plain_texts | plain_words.map("{}*".format) | plain_words.map("run {}*".format)
)
def test_marking_at_likely_places_is_marking_word_by_word(text, typed):
    for clause in parse(typed).wanted:
        assert sorted(_spans(text, [clause])) == sorted(_occurrences(clause, _words_in(text)))
