"""Every kind of public page in every language, at every width and in both schemes: axe finds nothing, nothing sticks out."""

import pytest
from playwright.sync_api import Page

from tests.browser.axe import faults_of
from tests.every_page import TITLES, every_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS = (320, 768, 1280)


# The two Chinese frames are of the same letters, and their words of the same lengths.
LANGUAGES = [pytest.param(one, marks=pytest.mark.deep) if one == "zh-hant" else one for one in TITLES]


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_and_nothing_sticks_out(
    page: Page, language, live_server, makers, make_picture, settings
):
    settings.PUBLIC_HISTORY = True
    found = []
    # In all languages a page has the same parts and colours; the narrowest and the widest page show what there is.
    looked_at = (320, 1280) if language == "en" else (320,)
    coloured = (320, 1280) if language == "en" else ()
    for path, status in every_page(makers)[language].items():
        assert page.goto(live_server.url + path).status == status, path
        found += faults_of(page, path, widths=WIDTHS, coloured=coloured, shaped=looked_at)
    assert found == []
