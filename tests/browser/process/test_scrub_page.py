"""A chief removes a name by the keyboard alone; each step is looked at on a phone and in the dark."""

import pytest
from playwright.sync_api import Page, expect

from newsroom.safety.scrub.places import find
from releases.models import Release
from releases.text.removal import Removal
from tests.browser.axe import faults_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BODY = (
    "<p>Ayshegul Hamut spoke on Monday. Hamut, Ayshegul signed, and A. Hamut left. ھامۇت and 哈木提.</p><p>https://example.org/"
    + "x" * 200
    + "</p>"
)


@pytest.fixture
def newsroom(make_release, make_topic, settings, tmp_path):
    settings.DATA_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"
    make_topic("Hamut")
    return make_release("Ayshegul Hamut speaks", body=BODY)


def press(page: Page, name: str) -> None:
    """Tab until that button has the focus, then Enter."""
    for _press in range(80):
        if page.evaluate("document.activeElement.innerText || ''").strip().startswith(name):
            break
        page.keyboard.press("Tab")
    else:
        raise AssertionError(f"the keyboard does not reach {name}")
    with page.expect_navigation():
        page.keyboard.press("Enter")


def to_field(page: Page, label: str) -> None:
    wanted = page.get_by_label(label).first.get_attribute("id") or page.get_by_label(
        label
    ).first.get_attribute("value")
    for _press in range(80):
        found = page.evaluate("[document.activeElement.id, document.activeElement.value]")
        if wanted in found:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {label}")


def test_a_name_is_removed_by_the_keyboard_alone(window, live_server, chief, newsroom):
    page = window(chief)
    faults = []

    def look(where: str) -> None:
        faults.extend(faults_of(page, where, widths=(320, 1280)))

    page.goto(f"{live_server.url}/admin/scrub/")
    look("begin")
    to_field(page, "The name or passage")
    page.keyboard.type("Ayshegul Hamut")
    press(page, "Look for it")
    look("spellings")
    to_field(page, "Hamut, Ayshegul")
    page.keyboard.press("Space")
    to_field(page, "Other spellings and scripts, one a line")
    page.keyboard.type("哈木提\nھامۇت\nA. Hamut")
    press(page, "Show every place")
    look("places")
    assert page.url.endswith("/admin/scrub/")
    assert "Hamut" not in page.title()
    press(page, "Remove from")
    expect(page.get_by_role("status")).to_contain_text("The words were removed from")
    look("done")
    release = Release.objects.select_related("live").get(pk=newsroom.pk)
    assert "Hamut" not in release.live.body_text
    assert all(one.left for one in find(Removal(["Hamut", "哈木提", "ھامۇت"], "-")))
    assert faults == []


def test_a_whole_release_is_shown_and_removed(window, live_server, chief, newsroom):
    page = window(chief)
    page.goto(f"{live_server.url}/admin/scrub/?release={newsroom.pk}")
    press(page, "Look at the release")
    faults = faults_of(page, "release", widths=(320, 1280))
    press(page, "Remove the release")
    expect(page.get_by_role("status")).to_contain_text("The release was removed")
    page.goto(live_server.url + newsroom.get_absolute_url())
    expect(page.get_by_role("heading", level=1)).to_have_text("This page was removed")
    assert faults + faults_of(page, "gone", widths=(320, 1280)) == []
