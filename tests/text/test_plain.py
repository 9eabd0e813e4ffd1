"""Plain text, excerpts and counts."""

import unicodedata

import pytest

from releases.text.render import excerpt, plain_text, word_count
from tests.text.helpers import cite, note_list

TRAP = (
    f"<p>to China on May 30{cite('dddd')}; and on June 9.{cite('eeee', 2)} Such  acts\n end</p>"
    + note_list(dddd="First, <em>Reuters</em>.</p><p>Also.", eeee="Second.")
)


def test_a_citation_never_runs_into_a_date():
    assert plain_text(TRAP) == "to China on May 30; and on June 9. Such acts end"
    assert plain_text(TRAP, notes="bracket") == (
        "to China on May 30[1]; and on June 9.[2] Such acts end"
        "\n\n[1] First, Reuters.\n\nAlso.\n\n[2] Second."
    )


def test_a_space_before_a_dropped_citation_does_not_stay_before_a_comma():
    html = f"<p>one {cite('aaaa')}, two {cite('aaaa', 1, 2)} three {cite('aaaa', 1, 3)}</p>" + note_list(
        aaaa="x"
    )
    assert plain_text(html) == "one, two three"


def test_a_raised_number_is_not_joined_to_the_one_before_it():
    assert plain_text("<p>10<sup>6</sup> m<sup>2</sup> x<sup>-1</sup> 5<sup>th</sup> H<sub>2</sub>O</p>") == (
        "10⁶ m² x⁻¹ 5th H₂O"
    )


def test_each_block_is_a_paragraph_of_its_own():
    html = (
        "<h2>T</h2><p>a<br>b</p><ul><li><p>c</p><ol><li><p>d</p></li></ol></li></ul><hr>"
        "<blockquote><p>e</p></blockquote>"
        "<table><tbody><tr><td><p>f</p></td><td><p>g</p></td></tr></tbody></table>"
        "<p></p><p>&nbsp;h&nbsp;&amp; i</p>"
    )
    assert plain_text(html).split("\n\n") == ["T", "a b", "c", "d", "e", "f", "g", "h & i"]


def test_an_empty_body_is_no_text():
    assert plain_text("") == excerpt("", limit=10) == ""
    assert word_count("", with_notes=True) == 0


# -- excerpts


def test_a_short_text_is_its_own_excerpt():
    assert excerpt("<h2>T</h2><p>a</p><p>b</p>", limit=10) == "a b"
    assert excerpt("<h2>Only a heading</h2>", limit=20) == "Only a heading"


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        (44, "The court met today. It heard two people. …"),
        (30, "The court met today. …"),
        (16, "The court met…"),
        (10, "The court…"),
        (6, "The…"),
        (2, "T…"),
        (1, "…"),
        (0, ""),
    ],
)
def test_an_excerpt_ends_with_a_sentence_or_a_word(limit, expected):
    html = "<p>The court met today. It heard two people.</p><p>Then it rose, slowly (and late).</p>"
    assert excerpt(html, limit=limit) == expected


def test_an_excerpt_never_ends_with_a_comma_or_an_open_bracket():
    html = "<p>It rose, slowly (and late), for the day</p>"
    assert excerpt(html, limit=10) == "It rose…"
    assert excerpt(html, limit=18) == "It rose, slowly…"


def test_a_chinese_excerpt_ends_between_characters_and_not_before_a_comma():
    html = "<p>人权组织今天发布声明，呼吁各国政府停止遣返。声明指出，情况严重，需要关注</p>"
    assert excerpt(html, limit=6) == "人权组织今…"
    assert excerpt(html, limit=12) == "人权组织今天发布声明…"
    assert excerpt(html, limit=26) == "人权组织今天发布声明，呼吁各国政府停止遣返。…"


def test_a_tibetan_excerpt_ends_behind_a_syllable_and_splits_no_stack():
    html = "<p>" + "བཀྲ་ཤིས་བདེ་ལེགས་ཞུ་" * 4 + "</p>"
    for limit in range(2, 70):
        text = excerpt(html, limit=limit)
        assert len(text) <= limit
        kept = text.removesuffix("…")
        assert limit < 12 or kept.endswith("་")
        assert unicodedata.category("བཀྲ་ཤིས་བདེ་ལེགས་ཞུ་"[len(kept) % 20]) != "Mn"


@pytest.mark.parametrize(
    "cluster",
    ["e\u0301", "👩\u200d👩\u200d👧", "👍🏽", "🇹🇼", "☎\ufe0f", "葛\U000e0100", "क्षि", "각"],
)
def test_an_excerpt_never_ends_inside_what_a_reader_sees_as_one_character(cluster):
    html = f"<p>{cluster * 20}</p>"
    for limit in range(1, len(cluster) * 20):
        kept = excerpt(html, limit=limit).removesuffix("…")
        assert len(kept) % len(cluster) == 0, (limit, kept)


# -- counts


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>one two, three—four (five) – six</p>", 6),
        ("<p>it's well-known: 1,500.5 a@b.example</p>", 4),
        ("<p>人权组织 said 2008年，OK。</p>", 8),
        ("<p>ひらがなカナ</p>", 6),
        ("<p>བཀྲ་ཤིས་བདེ་ལེགས།</p>", 4),
        ("<p>ئۇيغۇر خەلقى</p>", 2),
        ("<p>대한민국 서울</p>", 2),
        ("<p>a</p><p>b</p>", 2),
        ("<p>— … *</p>", 0),
    ],
)
def test_words_are_counted_as_a_reader_of_the_script_counts(html, words):
    assert word_count(html, with_notes=False) == words


def test_notes_count_only_when_asked_and_numbers_never():
    assert word_count(TRAP, with_notes=False) == 12
    assert word_count(TRAP, with_notes=True) == 16
