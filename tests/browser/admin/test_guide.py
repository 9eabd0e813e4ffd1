"""A writer and an editor do what docs/editors.md says, heading by heading, with the names of the buttons it gives.

Each step stands under the heading that it follows; a button that the guide does not name there cannot be pressed.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from releases.models import Release
from tests.accounts.conftest import SECRET, code_of
from tests.browser.conftest import SETTLED

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "editors.md"
PASSWORD = "correct horse battery staple"
TITLE = "Harbour Town Asks Who Closed Its Archive"
PATH = "/releases/harbour-town-asks-who-closed-its-archive/"
STEPS: dict[str, Callable[["Walk"], None]] = {}


def sections() -> dict[str, str]:
    """The main walk: heading without its number, and the words under it."""
    parts = re.split(r"^## \d+\. (.+)$", GUIDE.read_text("utf-8"), flags=re.MULTILINE)[1:]
    return {
        heading: re.split(r"^## ", words, flags=re.MULTILINE)[0]
        for heading, words in zip(parts[::2], parts[1::2], strict=True)
    }


def step(heading: str) -> Callable[[Callable[["Walk"], None]], Callable[["Walk"], None]]:
    def register(function: Callable[["Walk"], None]) -> Callable[["Walk"], None]:
        STEPS[heading] = function
        return function

    return register


class Walk:
    """The writer's window and the editor's, and the section of the guide that is being followed."""

    def __init__(self, writer: Page, editor: Page, client, base: str) -> None:
        self.writer, self.editor, self.client, self.base = writer, editor, client, base
        self.said = ""

    def named(self, words: str) -> str:
        """`words`, which the guide must have set in bold under this heading."""
        bold = {" ".join(one.split()) for one in re.findall(r"\*\*(.+?)\*\*", self.said, flags=re.DOTALL)}
        assert words in bold, f"the guide does not name “{words}” here"
        return words

    def press(self, page: Page, words: str, role: str = "button") -> None:
        """With the keyboard."""
        control = page.get_by_role(role, name=self.named(words), exact=True).first
        control.focus()
        page.keyboard.press("Enter")

    def confirm(self, page: Page, words: str) -> None:
        """On the page that asks the button has the focus: Enter answers."""
        button = page.get_by_role("button", name=re.compile("^" + re.escape(self.named(words))))
        expect(button).to_be_focused()
        page.keyboard.press("Enter")

    def field(self, page: Page, words: str) -> Locator:
        return page.get_by_label(re.compile(rf"^\s*{self.named(words)}:?\s*$")).first

    def done(self, page: Page, words: str) -> None:
        expect(page.locator(".messagelist")).to_contain_text(words)
        ready(page)

    def unfold(self, page: Page, words: str) -> None:
        summary = page.locator("summary", has_text=self.named(words))
        if not summary.evaluate("one => one.parentElement.open"):
            summary.focus()
            page.keyboard.press("Enter")

    def open_from_the_desk(self, page: Page, under: str) -> None:
        page.goto(f"{self.base}/admin/")
        section = page.get_by_role("region", name=self.named(under))
        section.get_by_role("link", name=TITLE, exact=True).focus()
        page.keyboard.press("Enter")
        ready(page)

    def readers(self) -> int:
        """What a reader gets at the address; lists and feeds must agree."""
        status = self.client.get(PATH).status_code
        for path in ("/", "/topics/archives/", "/feeds/releases.rss", "/topics/archives/feed.atom"):
            assert (TITLE in self.client.get(path).content.decode()) == (status == 200), path
        return status


def ready(page: Page) -> None:
    page.wait_for_selector(".body-editor [role=toolbar]")


def saved(page: Page) -> None:
    """Everything: `data-behind` is there while words are still on their way."""
    line = page.locator("[data-saved]:not([data-behind])")
    expect(line).to_have_text(re.compile(r"^saved \d\d:\d\d:\d\d$"), timeout=20_000)


def give_name(walk: Walk, page: Page, name: str) -> None:
    page.goto(f"{walk.base}/admin/")
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/accounts/login/" not in address)


@step("Sign in")
def sign_in(walk: Walk) -> None:
    page = walk.writer
    give_name(walk, page, "walter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up a second factor")
    walk.press(page, "Set up an app", "link")
    secret = page.locator("#authenticator_secret").inner_text()
    page.get_by_label("Code from the app").fill(code_of(secret))
    walk.press(page, "Finish")
    expect(page.locator(".signin-codes code")).to_have_count(10)
    walk.press(page, "I have saved them: continue", "link")
    expect(page.get_by_role("heading", level=2).first).to_have_text("My drafts")
    # Somebody who has been here before gives the code that their app shows.
    give_name(walk, walk.editor, "edith")
    walk.editor.get_by_label("Code").fill(code_of())
    walk.editor.keyboard.press("Enter")
    expect(walk.editor.get_by_role("heading", level=2).first).to_have_text("My drafts")


@step("New release")
def begin(walk: Walk) -> None:
    page = walk.writer
    walk.press(page, "New release", "link")
    ready(page)
    expect(walk.field(page, "Title")).to_be_focused()
    page.keyboard.type(TITLE)
    walk.field(page, "Place").fill("Saltmere")
    walk.field(page, "Summary").fill("A town asks for its own papers.")
    saved(page)


@step("Write")
def write(walk: Walk) -> None:
    page = walk.writer
    page.locator(".ProseMirror").focus()
    page.keyboard.type("The reading room was locked on May 30")
    saved(page)


@step("Cite your sources")
def cite(walk: Walk) -> None:
    page = walk.writer
    for claim, source in (("", "Notice on the door."), (" and the key was changed on June 9.", "Own file.")):
        page.keyboard.type(claim)
        page.evaluate(SETTLED)
        page.keyboard.press(walk.named("Ctrl+Alt+F").replace("Ctrl", "Control").replace("F", "f"))
        page.evaluate(SETTLED)
        page.keyboard.type(source)
        page.keyboard.press(walk.named("Esc").replace("Esc", "Escape"))
        page.evaluate(SETTLED)
    saved(page)
    assert Release.objects.get().working.note_count == 2


@step("File it under topics")
def file(walk: Walk) -> None:
    page = walk.writer
    walk.field(page, "Find a topic").fill("arch")
    page.keyboard.press("Enter")
    expect(page.get_by_role("checkbox", name="Archives")).to_be_checked()
    saved(page)


@step("Submit it")
def submit(walk: Walk) -> None:
    page = walk.writer
    walk.press(page, "Submit for approval")
    walk.done(page, "Submitted for approval.")
    assert Release.objects.get().state() == "submitted"
    expect(page.get_by_role("button", name="Publish", exact=True)).to_have_count(0)
    assert walk.readers() == 404


@step("Return it, or approve it")
def return_and_approve(walk: Walk) -> None:
    page = walk.editor
    walk.open_from_the_desk(page, "Waiting for approval")
    walk.unfold(page, "Return with a comment")
    page.get_by_label("Comment").fill("Who locked it? Say so.")
    walk.press(page, "Return to the author")
    walk.done(page, "Returned to walter with your comment.")

    writer = walk.writer
    walk.open_from_the_desk(writer, "My drafts")
    expect(writer.locator(".release-returned")).to_contain_text("Who locked it? Say so.")
    writer.locator(".ProseMirror > p").first.click()
    writer.keyboard.press("Control+End")
    writer.keyboard.press("ArrowUp")
    writer.locator(".ProseMirror > p").first.evaluate(
        "one => { const s = getSelection(); s.selectAllChildren(one); s.collapseToEnd(); }"
    )
    writer.keyboard.type(" The council locked it.")
    saved(writer)
    walk.press(writer, "Submit for approval")
    walk.done(writer, "Submitted for approval.")

    walk.open_from_the_desk(page, "Waiting for approval")
    walk.press(page, "Approve")
    walk.done(page, "Approved.")
    assert "The council locked it." in Release.objects.get().working.body
    assert Release.objects.get().working.note_count == 2


@step("Publish it, now or later")
def schedule(walk: Walk) -> None:
    page = walk.editor
    zone = ZoneInfo("America/New_York")
    day = (timezone.now().astimezone(zone) + timedelta(days=3)).date()
    walk.field(page, "Date:").fill(f"{day:%Y-%m-%d}")
    walk.field(page, "Time:").fill("00:01")
    page.keyboard.press("Tab")
    expect(page.locator(".moment-said")).to_contain_text("00:01 New York, in ")
    walk.press(page, "Schedule")
    expect(page.get_by_role("link", name=walk.named("Cancel"))).to_be_visible()
    page.wait_for_load_state()  # whoever presses before the page's script is there presses again; this walk does not
    page.keyboard.press("Escape")
    ready(page)
    assert Release.objects.get().state() == "approved"
    expect(walk.field(page, "Time:")).to_have_value(re.compile("^00:01"))
    walk.press(page, "Schedule")
    walk.confirm(page, "Let it go out")
    walk.done(page, "Scheduled: goes out ")
    release = Release.objects.get()
    assert release.publish_at == datetime(day.year, day.month, day.day, 0, 1, tzinfo=zone)
    assert walk.readers() == 404
    walk.open_from_the_desk(page, "Scheduled")
    # Its moment comes.
    Release.objects.update(publish_at=timezone.now() - timedelta(seconds=1))
    assert walk.readers() == 200
    assert "May 30" in walk.client.get(PATH).content.decode()


@step("Correct it")
def correct(walk: Walk) -> None:
    page = walk.editor
    walk.open_from_the_desk(page, "Recently published")
    page.get_by_label("Summary").fill("A town asks for its own papers back.")
    saved(page)
    assert "papers back" not in walk.client.get(PATH).content.decode()
    walk.unfold(page, "Publish as a correction")
    walk.field(page, "What was corrected").fill("The summary left out a word.")
    walk.press(page, "Publish as a correction")
    walk.confirm(page, "Publish the correction now")
    walk.done(page, "Published.")
    read = walk.client.get(PATH).content.decode()
    assert "papers back" in read
    assert "The summary left out a word." in read


@step("Withdraw it")
def withdraw(walk: Walk) -> None:
    page = walk.editor
    walk.unfold(page, "Withdraw or discard")
    walk.field(page, "Withdrawal notice").fill("Withdrawn while we look into it.")
    walk.press(page, "Withdraw")
    walk.done(page, "Withdrawn: the address now shows the notice.")
    assert walk.readers() == 410
    assert "Withdrawn while we look into it." in walk.client.get(PATH).content.decode()
    walk.press(page, "Publish again")
    walk.confirm(page, "Publish it again now")
    walk.done(page, "Published.")
    assert walk.readers() == 200


def test_the_walk_of_the_guide_has_a_step_under_every_heading():
    assert list(sections()) == list(STEPS)


def test_two_people_new_to_it_follow_the_guide(
    browser, live_server, client, settings, writer, editor, make_topic
):
    settings.SECOND_FACTOR_REQUIRED = True
    for name in ("Archives", "Harbours"):
        make_topic(name)
    TOTP.activate(editor, SECRET)
    base = f"http://localhost:{live_server.thread.port}"
    faults: list[str] = []
    windows = [browser.new_context(viewport={"width": 1280, "height": 900}) for _person in range(2)]
    pages = [window.new_page() for window in windows]
    for page in pages:
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
    walk = Walk(*pages, client, base)
    for heading, words in sections().items():
        walk.said = words
        STEPS[heading](walk)
    for window in windows:
        window.close()
    assert faults == []
