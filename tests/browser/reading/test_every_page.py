"""Every kind of public page in every language, at every width and in both schemes: axe finds nothing, nothing sticks out."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.every_page import TITLES, every_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
WIDTHS, SCHEMES = (320, 768, 1280), ("light", "dark")


@pytest.mark.parametrize("language", TITLES)
def test_axe_finds_nothing_and_nothing_sticks_out(
    page: Page, language, live_server, make_release, make_topic, make_picture, editor, settings
):
    makers = {"make_release": make_release, "make_topic": make_topic, "make_picture": make_picture}
    made = every_page(**makers, editor=editor, settings=settings)[language]
    axe, found = Axe(), {}
    for path, status in made.items():
        assert page.goto(live_server.url + path).status == status, path
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate("document.documentElement.scrollWidth") > width:
                found[path, width] = "too wide"
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                for one in axe.run(page, options=OPTIONS).response["violations"]:
                    found[path, width, scheme, one["id"]] = [node["html"] for node in one["nodes"]]
    assert found == {}
