"""Every kind of public page in every language, at every width and in both schemes: axe finds nothing, nothing sticks out."""

import pytest
from playwright.sync_api import Page

from tests.browser.axe import violations
from tests.depth import DEEP
from tests.every_page import TITLES, every_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# The dark scheme changes colours alone, and the widest page shows the most of them.
VIEWS = {width: ("light", "dark") if width == 1280 or DEEP else ("light",) for width in (320, 768, 1280)}


@pytest.mark.parametrize("language", TITLES)
def test_axe_finds_nothing_and_nothing_sticks_out(
    page: Page, language, live_server, make_release, make_topic, make_picture, editor, settings
):
    makers = {"make_release": make_release, "make_topic": make_topic, "make_picture": make_picture}
    made = every_page(**makers, editor=editor, settings=settings)[language]
    found = {}
    for path, status in made.items():
        assert page.goto(live_server.url + path).status == status, path
        for width, schemes in VIEWS.items():
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate("document.documentElement.scrollWidth") > width:
                found[path, width] = "too wide"
            for scheme in schemes:
                page.emulate_media(color_scheme=scheme)
                if broken := violations(page, colours=scheme == "dark"):
                    found[path, width, scheme] = broken
    assert found == {}
