"""Every kind of public page at every width and in both schemes: axe finds nothing, nothing sticks out, thumbs can hit."""

import pytest
from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KINDS = {
    "release": "", "front": "/", "topics": "/topics/", "topic": "/topics/rule-of-law/", "archive": "/releases/",
    "follow": "/follow/", "missing": "/nowhere/", "chinese": "/zh-hant/", "uyghur": "/ug/", "tibetan": "/bo/",
}  # fmt: skip


@pytest.fixture
def addresses(shown: str, live_server) -> dict[str, str]:
    return {kind: live_server.url + path if path else shown for kind, path in KINDS.items()}


@pytest.mark.parametrize("width", [320, 1280])
def test_citations_and_ways_back_are_24_pixels_square(page: Page, shown: str, width: int):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(shown)
    for link in page.locator(".note-ref a, .note-back").all():
        box = link.bounding_box()
        assert box["width"] >= 24
        assert box["height"] >= 24


def test_a_citation_moves_no_line(page: Page, shown: str):
    page.goto(shown)
    words = page.locator(".release-body p").first
    with_marks = words.bounding_box()["height"]
    words.evaluate("p => p.querySelectorAll('sup').forEach(sup => sup.remove())")
    assert abs(words.bounding_box()["height"] - with_marks) < 1


def test_the_first_tab_skips_to_the_content(page: Page, shown: str):
    page.goto(shown)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    assert page.locator(".skip a").first.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_the_index_is_six_wide_on_a_desk_and_two_on_a_phone(page: Page, shown: str):
    page.goto(shown)
    for width, columns in ((1280, 6), (320, 2)):
        page.set_viewport_size({"width": width, "height": 800})
        if width == 320:
            page.locator(".fold summary").click()
        assert (
            page.locator(".topic-list").evaluate(
                "e => getComputedStyle(e).gridTemplateColumns.split(' ').length"
            )
            == columns
        )


def test_print_says_where_links_lead_and_leaves_the_frame_out(page: Page, shown: str):
    page.goto(shown)
    page.emulate_media(media="print")
    link = page.locator(".notes a[href^=http]").first
    assert "https://example.org/1" in link.evaluate("a => getComputedStyle(a, '::after').content + a.href")
    assert link.evaluate("a => getComputedStyle(a, '::after').content") != "none"
    assert page.locator(".notes").is_visible()
    for hidden in (".skip", ".nav-bar", ".menu-button", ".fold", ".neighbours", ".note-back >> nth=0"):
        assert not page.locator(hidden).is_visible()


def test_a_page_asks_no_other_host_for_anything_and_breaks_no_policy(
    page: Page, addresses: dict[str, str], live_server
):
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    for address in addresses.values():
        page.goto(address)
    assert [url for url in asked if not url.startswith((live_server.url, "data:"))] == []
    assert [words for words in said if "404" not in words] == []


def test_the_frame_keeps_its_faces_inside_a_text_in_another_script(page: Page, shown: str, live_server):
    faces = """place => getComputedStyle(document.querySelector(place)).fontFamily"""
    page.goto(shown)
    english = page.evaluate(faces, ".release-foot .foot-head")
    page.goto(live_server.url + "/ug/")
    page.locator(".item-title a").first.click()
    assert page.locator("article.release").get_attribute("lang") == "ug"
    assert page.evaluate(faces, ".release-foot .foot-head") == english
    assert page.evaluate(faces, ".release-body p") != english


def test_words_in_scripts_without_italics_are_not_slanted(page: Page, shown: str):
    page.goto(shown)
    styles = page.evaluate(
        """() => ["zh-hans", "bo", "ug"].map(language => {
            const words = document.createElement("p");
            words.lang = language;
            words.append(Object.assign(document.createElement("em"), {textContent: "x"}));
            document.querySelector(".release-body").append(words);
            return getComputedStyle(words.firstChild).fontStyle;
        })"""
    )
    assert styles == ["normal"] * 3
