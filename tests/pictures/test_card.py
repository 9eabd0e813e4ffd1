"""The card that is drawn of a title: in the right order, joined, within its margins, and never a box for a letter."""

import io

import pytest
from PIL import Image, ImageChops, ImageDraw

from releases.pictures import SIZE, card, draw_card
from releases.pictures.bidi import embedding_levels, visual_order
from releases.pictures.card import Run, font, split_runs

LATIN, HAN, ARABIC, TIBETAN = (*card.PLAIN, *card.SHAPED)
TITLES = {
    "Latin": "On the eve of an anniversary: what the registry says",
    "Simplified": "人权观察报告：三个村庄的记录，“没有人告诉我们”",
    "Traditional": "蘆葦登記冊：下奧林河三個村莊的人被要求離開",
    "rare": "陶镕与赵堃：一份记录",
    "Tibetan": "འདམ་བུའི་ཐོ་གཞུང་། གྲོང་ཚོ་གསུམ།",
    "Uyghur": "قومۇشلۇق تىزىملىكى: دەريا كېلىشىمى (2026)",
    "Cyrillic": "Доклад о правах человека — «Хроника»",
    "Vietnamese": "Những điều đã mất",
    "emoji": "Released 🕊️ after four years 1️⃣ 👨‍👩‍👧 in prison",
    "decomposed": "Cafe\u0301",
    "forms": "𝐁𝐨𝐥𝐝 ①",
}
needs_shaping = pytest.mark.skipif(not card.has_text_shaping(), reason="Pillow finds no FriBiDi")


def drawn(title, **more):
    file = draw_card(title, **{"name": "The Newsroom", "day": "June 9, 2026", **more})
    return Image.open(io.BytesIO(file)).convert("RGB")


def ink(picture, top=card.TITLE_TOP - 20, bottom=card.DAY_TOP):
    """The box around what is drawn between the name and the day."""
    part = picture.crop((0, top, picture.width, bottom))
    return ImageChops.difference(part, Image.new("RGB", part.size, part.getpixel((2, 2)))).getbbox()


def words_of(title, *, rtl=False):
    return [(run.words, run.rtl) for run in split_runs(title, rtl=rtl)]


@needs_shaping
@pytest.mark.parametrize("title", TITLES.values(), ids=TITLES)
def test_every_letter_comes_from_a_font_that_has_it(title):
    rtl = title == TITLES["Uyghur"]
    runs = split_runs(title, rtl=rtl)
    assert runs
    for run in runs:
        assert {ord(one) for one in run.words} <= card.covered_code_points(run.face), run
    assert ink(drawn(title, rtl=rtl)) is not None


def test_emoji_leave_no_gap_and_take_nothing_with_them():
    assert words_of("Released 🕊️ after 1️⃣ year") == [("Released after 1 year", False)]


def test_a_form_of_a_letter_is_drawn_as_the_letter():
    assert words_of("𝐁𝐨𝐥𝐝 ①") == [("Bold 1", False)]
    assert words_of("Cafe\u0301") == [("Café", False)]


@pytest.mark.parametrize(
    "title", ["मानवाधिकार", "Of ไทย courts", "한국어", "🕊️🎉", "", "𠮷"], ids=lambda title: title or "none"
)
def test_where_a_letter_has_no_font_the_name_stands_in_its_place(title):
    assert drawn(title).tobytes() == drawn("🎉", name="The Newsroom").tobytes()
    left, _, right, _ = ink(drawn(title))
    assert right - left > SIZE[0] / 3


def test_without_the_library_that_joins_letters_none_is_drawn_unjoined(monkeypatch):
    monkeypatch.setattr(card, "has_text_shaping", lambda: False)
    font.cache_clear()
    try:
        assert split_runs(TITLES["Uyghur"], rtl=True) is None
        assert split_runs(TITLES["Tibetan"]) is None
        assert ink(drawn(TITLES["Uyghur"], rtl=True)) is not None
    finally:
        font.cache_clear()


@needs_shaping
def test_arabic_letters_are_joined():
    made = font(ARABIC, 60)
    apart = sum(made.getlength(one, direction="rtl") for one in "قومۇش")
    assert made.getlength("قومۇش", direction="rtl") < apart


@needs_shaping
def test_tibetan_letters_are_stacked():
    made = font(TIBETAN, 60)
    _, _, _, alone = made.getbbox("ས", anchor="ls")
    _, _, _, stacked = made.getbbox("སྒྲ", anchor="ls")
    assert stacked > alone


@needs_shaping
@pytest.mark.parametrize(
    ("title", "rtl", "seen"),
    [
        ("2026-06-09: قومۇش", True, [": قومۇش", "2026", "-", "06", "-", "09"]),
        ("قومۇش (دەريا)", True, [")", "دەريا", "(", "قومۇش"]),
        ("بيان NGO Watch حول", True, ["حول", "NGO Watch", "بيان"]),
        ("For قومۇش دەريا (a)", False, ["For", "قومۇش دەريا", "(a)"]),
    ],
    ids=["date", "brackets", "Latin in Arabic", "Arabic in Latin"],
)  # fmt: skip
def test_words_of_both_directions_stand_in_the_order_in_which_they_are_read(title, rtl, seen):
    """From left to right; within a run that runs to the left, the font's own library does the same."""
    assert [run.words.strip() for run in split_runs(title, rtl=rtl) if run.words.strip()] == seen


@needs_shaping
def test_a_bracket_among_words_that_run_to_the_left_opens_to_the_left():
    assert Run(LATIN, "(", rtl=True) in split_runs("قومۇش (دەريا)", rtl=True)
    shapes = []
    for bracket, way in (("(", "rtl"), (")", "ltr")):
        shape = Image.new("L", (60, 90))
        ImageDraw.Draw(shape).text((10, 10), bracket, font=font(LATIN, 60), fill=255, direction=way)
        shapes.append(shape.tobytes())
    assert shapes[0] == shapes[1]


# What Unicode's own reference implementation says of these (UAX #9): a letter of either way, figures, signs, brackets.
LEVELS = [
    ("a(ب)1", False, "00102"), ("a(ب)1", True, "21112"), ("ب1-2", True, "1212"), ("1-2ب", True, "2221"), ("aب 1", False, "0112"),
    ("ب[a]c ", True, "112121"), ("5%ب", True, "221"), ("ا1,2", False, "1222"), ("ب.a", False, "100"), ("", True, ""),
]  # fmt: skip


@pytest.mark.parametrize(("line", "rtl", "expected"), LEVELS)
def test_levels_are_those_of_the_standard(line, rtl, expected):
    assert "".join(map(str, embedding_levels(line, rtl=rtl))) == expected


def test_runs_are_turned_from_the_innermost_outwards():
    assert visual_order([1, 1, 2, 2, 1]) == [4, 2, 3, 1, 0]
    assert visual_order([0, 1, 2, 2, 1, 0]) == [0, 4, 2, 3, 1, 5]


@pytest.mark.parametrize("rtl", [False, True])
@pytest.mark.parametrize(
    "title",
    [title * 12 for title in TITLES.values()] + ["Kapitaen" * 20, "人" * 200, "a " * 150],
    ids=[*TITLES, "one word", "no pause", "short words"],
)
def test_the_longest_title_stays_within_its_margins(title, rtl):
    left, _, right, bottom = ink(drawn(title[:300], rtl=rtl), top=card.NAME_TOP + 50)
    assert left >= card.MARGIN - 12
    assert right <= SIZE[0] - card.MARGIN + 12
    assert bottom + card.NAME_TOP + 50 < card.DAY_TOP + 6


@needs_shaping
def test_what_runs_to_the_left_stands_at_the_right():
    _, _, right, _ = ink(drawn("قومۇش", rtl=True))
    left, _, _, _ = ink(drawn("Reeds"))
    assert abs(SIZE[0] - card.MARGIN - right) < 12
    assert abs(card.MARGIN - left) < 12
