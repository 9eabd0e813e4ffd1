"""One evening before an embargo: everything comes between, and at one second past midnight the right text is public."""

import base64
import re
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.accounts.conftest import PASSWORD
from tests.browser.conftest import SETTLED
from tests.browser.intake.test_docx_drop import DROP
from tests.browser.process.outside import Site
from tests.intake.word import docx, note, p, ref
from tests.pictures.conftest import photo

pytestmark = pytest.mark.browser
BEGIN = """
from datetime import datetime
from newsroom.accounts.models import User
from newsroom.accounts.models import assign_role
from releases import workflow
from releases.workflow import Words
writer, editor = (User.objects.create_user(name, password={password!r}) for name in ("walter", "edith"))
assign_role(writer, "writer")
assign_role(editor, "editor")
words = Words("The well", "<p>Three wells were lost.</p>", publish_at=datetime.fromisoformat({midnight!r}))
release = workflow.submit(workflow.save_draft(None, words, by=writer), by=writer)
release = workflow.schedule(workflow.approve(release, by=editor), by=editor)
print("SESSION", "-", "-", release.pk)
"""
LIVE = """
SELECT picture_alt FROM releases_revision JOIN releases_release ON live_id = releases_revision.id WHERE picture_id IS NOT NULL
"""


class Evening:
    """A site whose clock stands at 23:38 before a midnight that is still to come."""

    def __init__(self, folder):
        zone = ZoneInfo("America/New_York")
        day = (datetime.now(tz=zone) + timedelta(days=2)).date()
        self.midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
        self.clock = folder / "clock"
        self.set(minutes=-22)
        begin = BEGIN.format(password=PASSWORD, midnight=self.midnight.astimezone(UTC).isoformat())
        self.site = Site(folder, begin=begin, clock=self.clock)

    def set(self, **before):
        """The clock: so long before midnight, or after it."""
        ahead = self.midnight + timedelta(**before) - datetime.now(tz=UTC)
        self.clock.write_text(str(ahead.total_seconds()))

    def public(self, path="/releases/the-well/"):
        try:
            with urllib.request.urlopen(self.site.address + path, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()


@pytest.fixture
def evening(tmp_path):
    found = Evening(tmp_path)
    found.site.start()
    yield found
    found.site.kill()


def sign_in(page, name):
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Password").press("Enter")


def sit_down(browser, evening, name):
    page = browser.new_context().new_page()
    page.set_default_timeout(90_000)
    page.goto(f"{evening.site.address}/admin/releases/release/{evening.site.release}/change/")
    sign_in(page, name)
    page.wait_for_url("**/change/")
    page.wait_for_selector(".body-editor [role=toolbar]")
    page.wait_for_selector("[data-kept=looked]", state="attached")
    return page


def type_at_the_end(page, words):
    page.locator(".ProseMirror > p").first.click()
    page.evaluate(SETTLED)
    page.keyboard.press("End")
    page.keyboard.type(words)


@pytest.fixture
def patient():
    """Servers die and are started anew."""
    expect.set_options(timeout=90_000)
    yield
    expect.set_options(timeout=None)


@pytest.mark.usefixtures("patient")
def test_the_right_text_is_public_a_second_past_midnight_and_no_word_is_lost(browser, evening):
    site = evening.site
    writer = sit_down(browser, evening, "walter")
    saved, pressed = writer.locator("[data-saved]:not([data-behind])"), writer.locator("[data-pressed]")
    save = writer.locator("#release-buttons [name=_save]")

    # 23:40. The scheduled text is corrected; nothing of that is out, or goes out by itself.
    evening.set(minutes=-20)
    type_at_the_end(writer, " Corrected: it was four.")
    expect(saved).to_have_text(re.compile(r"^saved 23:4\d"))

    # The server dies amid a sentence, and is there again.
    site.kill()
    type_at_the_end(writer, " Written while the server was down.")
    expect(writer.locator("[data-saved]")).to_contain_text("Your words are kept in this browser.")
    save.click()
    expect(pressed).to_contain_text("Not sent: the server does not answer.")
    site.start()
    expect(saved).to_have_text(re.compile(r"^saved 23:4\d"))

    # The session has ended: the page stays, somebody signs in beside it, and the save goes on.
    site.sql("DELETE FROM django_session")
    type_at_the_end(writer, " Written when signed out.")
    expect(writer.locator("[data-saved]")).to_contain_text("you are signed out")
    save.click()
    expect(pressed).to_contain_text("Not sent: you are signed out.")
    with writer.context.expect_page() as opened:
        pressed.get_by_role("link").click()
    sign_in(opened.value, "walter")
    writer.wait_for_selector(".messagelist .success")
    writer.wait_for_selector("[data-kept=looked]", state="attached")
    expect(writer.locator("[data-kept]")).to_be_hidden()
    expect(writer.locator(".ProseMirror")).to_contain_text("Written when signed out.")

    # A Word file falls on the full draft: first by mistake, then to be put in.
    file = docx(p("From the file", ref(1), "."), footnotes=note(1, "The register.")).getvalue()
    ask = writer.locator("[data-docx-ask]")
    for answer in ("", "insert"):
        type_at_the_end(writer, " ")
        writer.evaluate(DROP, ["more.docx", base64.b64encode(file).decode()])
        expect(ask).to_be_visible()
        if answer:
            ask.locator(f"button[value={answer}]").click()
            expect(writer.locator(".ProseMirror")).to_contain_text("From the file")
        else:
            writer.keyboard.press("Escape")
            expect(writer.locator(".ProseMirror")).not_to_contain_text("From the file")
        expect(ask).to_be_hidden()

    # Submitted while the picture is under way: it waits, and comes along.
    held = []
    writer.route("**/picture/bring/", lambda route: held.append(route))
    writer.get_by_label("Picture description (alt text)").fill("Four wells from above")
    writer.set_input_files(
        "#id_picture", {"name": "wells.jpg", "mimeType": "image/jpeg", "buffer": photo().getvalue()}
    )
    writer.locator("#release-buttons [name=_submit]").click()
    expect(pressed).to_contain_text("The picture is on its way")
    while not held:
        writer.wait_for_timeout(100)
    held.pop().continue_()
    expect(writer.locator(".messagelist .success")).to_contain_text("Submitted for approval")
    writer.close()

    # 23:55. The editor approves over the schedule, and says which text goes out.
    evening.set(minutes=-5)
    editor = sit_down(browser, evening, "edith")
    expect(editor.locator(".ProseMirror")).to_contain_text("Corrected: it was four.")
    editor.locator("#release-buttons [name=_approve]").click()
    editor.get_by_role("button", name=re.compile("^Approve, and let this text go out .* instead")).click()
    expect(editor.locator(".messagelist .success")).to_be_visible()
    editor.close()
    assert evening.public()[0] == 404
    evening.set(seconds=-20)
    assert evening.public()[0] == 404
    assert "The well" not in evening.public("/")[1]

    evening.set(seconds=1)
    status, page = evening.public()
    assert status == 200
    for words in (
        "Three wells were lost. Corrected: it was four. Written while the server was down. Written when signed out.",
        "From the file",
        "The register.",
        "Four wells from above",
    ):
        assert words in re.sub(r"\s+", " ", page)
    assert "The well" in evening.public("/")[1]
    bodies = [body for (body,) in site.sql("SELECT body FROM releases_revision")]
    assert "<p>Three wells were lost.</p>" in bodies, "what was approved first is in the history"
    assert site.sql(LIVE) == [("Four wells from above",)]
    assert time.time() < evening.midnight.timestamp(), "the clock of this machine was nowhere asked"
