"""The judge of all pages finds what it is asked for, so that silence means something."""

import pytest
from playwright.sync_api import Page

from tests.browser.axe import violations

pytestmark = pytest.mark.browser
PALE = '<html lang="en"><title>x</title><main><h1 style="color:#999;background:#aaa">Pale</h1><img src="x"></main>'


def test_a_picture_without_words_and_pale_letters_are_found(page: Page):
    page.set_content(PALE)
    assert {"image-alt", "color-contrast"} <= set(violations(page))


def test_of_colours_alone_pale_letters_are_found(page: Page):
    page.set_content(PALE)
    assert set(violations(page, shapes=False)) == {"color-contrast"}


def test_without_colours_the_picture_is_found_and_pale_letters_are_not(page: Page):
    page.set_content(PALE)
    found = violations(page, colours=False)
    assert "image-alt" in found
    assert "color-contrast" not in found
