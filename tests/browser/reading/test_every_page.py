"""Every kind of public page in every language, at every width and in both schemes: axe finds nothing, nothing sticks out."""

import pytest
from playwright.sync_api import Page

from tests.browser.axe import violations
from tests.depth import DEEP
from tests.every_page import TITLES, every_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS = (320, 768, 1280)
# Width and scheme at which colours are looked at. They are the same in every language, and change with the scheme alone; the
# narrowest and the widest page show what there is.
COLOURS = [(width, scheme) for width in WIDTHS for scheme in ("light", "dark")] if DEEP else [(320, "light"), (1280, "light"), (1280, "dark")]  # fmt: skip


@pytest.mark.parametrize("language", TITLES)
def test_axe_finds_nothing_and_nothing_sticks_out(
    page: Page, language, live_server, makers, make_picture, settings
):
    settings.PUBLIC_HISTORY = True
    made = every_page(makers)[language]
    found = {}
    for path, status in made.items():
        assert page.goto(live_server.url + path).status == status, path
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme="light")
            if page.evaluate("document.documentElement.scrollWidth") > width:
                found[path, width] = "too wide"
            if broken := violations(page, colours=False):
                found[path, width] = broken
        for width, scheme in COLOURS if language == "en" or DEEP else ():
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            if broken := violations(page, shapes=False):
                found[path, width, scheme] = broken
    assert found == {}
