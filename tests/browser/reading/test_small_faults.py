"""What readers stumble over: letters that are covered, lists that are widened, notes torn apart, tables that end at an edge."""

from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page

from releases import workflow
from releases.models import Release
from releases.workflow.words import words_of
from tests.browser.reading.conftest import cite

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2
NARROW = {"width": 320, "height": 700}

LETTERS = """() => {
    const mark = document.querySelector(".note-ref"), range = document.createRange();
    const before = mark.previousSibling;
    range.setStart(before, before.length - 2);
    range.setEnd(before, before.length);
    const {x, y, width, height} = range.getBoundingClientRect();
    return {x: Math.floor(x), y: Math.floor(y), width: Math.ceil(width), height: Math.ceil(height)};
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("way", ["target", "focus"])
def test_following_a_note_back_covers_no_letter_beside_it(
    page: Page, live_server, make_release, scheme: str, way: str
):
    body = (
        f"<p>Signed on May 30{cite(1, 'aaaa')} in town.</p>"
        '<ol class="footnotes"><li id="fn-aaaa"><p>First source.</p></li></ol>'
    )
    release = make_release("A signature", body=body)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.goto(live_server.url + release.get_absolute_url())

    def drawn() -> Image.Image:
        return Image.open(BytesIO(page.screenshot(clip=page.evaluate(LETTERS))))

    before = drawn()
    citation = page.locator(".note-ref a")
    plain = citation.screenshot()
    if way == "target":
        page.locator(".note-back").click()
        page.mouse.move(0, 0)
        page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    else:
        page.keyboard.press("Shift+Tab")
        citation.focus()
        page.locator(".note-beside").evaluate_all("boxes => boxes.forEach(box => box.remove())")
    after = drawn()
    # All of the 3, and of the 0 all but the pixels at its edge.
    part = (0, 0, round(before.width * 0.9), before.height)
    assert before.crop(part).tobytes() == after.crop(part).tobytes()
    assert citation.screenshot() != plain


def test_a_long_word_widens_no_page(
    page: Page, live_server, make_release, make_topic, make_picture, editor, settings
):
    settings.PUBLIC_HISTORY = True
    topic = make_topic(LONG[:60], description=LONG)
    body = (
        f"<h2>{LONG}</h2><p>{LONG}{cite(1, 'aaaa')}</p><blockquote><p>{LONG}</p></blockquote><ul><li><p>{LONG}</p></li></ul>"
        f"<table><tbody><tr><th><p>{LONG}</p></th><td><p>{LONG}</p></td></tr></tbody></table>"
        f'<ol class="footnotes"><li id="fn-aaaa"><p>{LONG}</p></li></ol>'
    )
    words = {
        "summary": LONG, "dateline": LONG[:90], "topics": [topic], "body": body,
        "picture": make_picture(), "picture_alt": LONG, "picture_caption": LONG,
    }  # fmt: skip
    make_release(f"{LONG} 1", slug="one", **words)
    release = make_release(f"{LONG} 2", slug="two", **words)
    make_release(f"{LONG} 3", slug="three", **words)
    withdrawn = make_release(f"{LONG} 4", slug="four", **words)
    workflow.withdraw(withdrawn, by=editor, notice=LONG)
    workflow.save_draft(Release.objects.get(pk=release.pk), words_of(release.live), by=editor)
    workflow.save_draft(
        Release.objects.get(pk=release.pk),
        type(words_of(release.live))(**{**vars(words_of(release.live)), "title": f"{LONG} 5"}),
        by=editor,
    )
    workflow.correct(Release.objects.get(pk=release.pk), by=editor, note=LONG)
    page.set_viewport_size(NARROW)
    paths = [
        "/", "/releases/", "/releases/two/", "/releases/two/history/", "/releases/four/", "/topics/", topic.get_absolute_url(),
        f"/search/?q={LONG}", "/search/?q=word", f"/search/?q={LONG[:30]}*", "/follow/", f"/follow/?topic={topic.slug}",
    ]  # fmt: skip
    wide = {}
    for path in paths:
        answer = page.goto(live_server.url + path)
        assert answer.status in {200, 410}, path
        if (width := page.evaluate("document.documentElement.scrollWidth")) > NARROW["width"]:
            wide[path] = width
    assert wide == {}


def test_chinese_notes_and_cells_are_not_justified_and_paragraphs_are(page: Page, live_server, make_release):
    words = "西藏人權觀察今日發表報告。" * 8
    body = (
        f"<p>{words}{cite(1, 'aaaa')}</p><table><tbody><tr><td><p>{words}</p></td></tr></tbody></table><ul><li><p>{words}</p></li></ul>"
        f'<ol class="footnotes"><li id="fn-aaaa"><p>{words}</p></li></ol>'
    )
    release = make_release("報告", language="zh-hant", body=body)
    page.goto(live_server.url + release.get_absolute_url())
    aligned = "place => getComputedStyle(document.querySelector(place)).textAlign"
    assert page.evaluate(aligned, ".release-body > p") == "justify"
    for place in (".notes li p", ".release-body td p", ".release-body ul li p"):
        assert page.evaluate(aligned, place) == "start"


COLUMNS = 9
TABLE = "<table><tbody>" + "".join(
    "<tr>" + "".join(f"<td><p>Column {row} {column} words</p></td>" for column in range(COLUMNS)) + "</tr>"
    for row in range(2)
) + "</tbody></table>"  # fmt: skip


@pytest.mark.parametrize("language", ["en", "ug"])
def test_a_wide_table_uses_the_empty_margin_and_never_widens_the_page(
    page: Page, live_server, make_release, language: str
):
    release = make_release("Tables", slug="tables", language=language, body=f"<p>Words.</p>{TABLE}")
    page.goto(live_server.url + release.get_absolute_url())
    for width in (1280, 1600, 768, 375, 320):
        page.set_viewport_size({"width": width, "height": 800})
        box, main, words = (
            page.locator(place).bounding_box() for place in (".table-scroll", "main", ".release-body > p")
        )
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert main["x"] <= box["x"]
        assert box["x"] + box["width"] <= main["x"] + main["width"]
        if width >= 1280:
            assert box["width"] > words["width"] * 1.3, width


def test_a_table_that_scrolls_shows_it_and_is_reached_by_the_keyboard(page: Page, live_server, make_release):
    small = "<table><tbody><tr><td><p>a</p></td><td><p>b</p></td></tr></tbody></table>"
    release = make_release("Tables", slug="tables", body=f"{TABLE}<p>Words.</p>{small}")
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto(live_server.url + release.get_absolute_url())
    wide, narrow = page.get_by_role("region", name="Table").all()

    def shade(box, *, end: bool) -> bool:
        """Is there another colour at an edge of the box than the page's own?"""
        picture = Image.open(BytesIO(box.screenshot())).convert("L")
        x = picture.width - 2 if end else 1
        column = [picture.getpixel((x, y)) for y in range(picture.height)]
        # Rules between rows are darker than any shade, and few.
        paper = (
            Image.open(BytesIO(page.locator(".release-body > p").screenshot())).convert("L").getpixel((2, 0))
        )
        return sum(pixel != paper for pixel in column) > len(column) * 0.6

    assert shade(wide, end=True)
    assert not shade(wide, end=False)
    assert not shade(narrow, end=True)
    wide.focus()
    for _ in range(40):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('.table-scroll').scrollLeft > 0")
    wide.evaluate("box => { box.scrollLeft = box.scrollWidth }")
    page.evaluate("document.activeElement.blur()")
    assert not shade(wide, end=True)
    assert shade(wide, end=False)
