"""Makes the pictures of README and the guides from a running site with the sample newsroom (`make shots`)."""

import contextlib
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from tests.intake.word import docx, note, p, ref  # noqa: E402  found from the root, wherever this is started

PICTURES = ROOT / "docs" / "img"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
RELEASE = "/releases/land-registry-closes-its-counters-as-demolitions-spread-along-the-lower-orrin/"
ADMIN = "/admin/releases/release/"
# name: (address, width, height, colour scheme, signed in: as the editor, or by that name)
SHOTS: dict[str, tuple[str, int, int, str, bool | str]] = {
    "release": (RELEASE, 1280, 1600, "light", False),
    "release-dark": (RELEASE, 1280, 1000, "dark", False),
    "release-phone": (RELEASE, 360, 740, "light", False),
    "topics": ("/topics/", 1280, 1000, "light", False),
    "front": ("/", 1280, 1000, "light", False),
    "desk": ("/admin/", 1280, 1000, "light", True),
    "list": (ADMIN, 1280, 900, "light", True),
    "editor": (ADMIN + "2/change/", 1280, 1200, "light", True),
    "notes-search": (ADMIN + "2/change/", 1280, 900, "light", True),
    "notes-merge": (ADMIN + "2/change/", 1280, 900, "light", True),
    "notes-beside": (RELEASE, 1280, 800, "light", False),
    "guide-picture": (ADMIN + "3/change/", 1280, 640, "light", True),
    "guide-submit": (ADMIN + "3/change/", 1280, 640, "light", True),
    "guide-calendar": (ADMIN + "calendar/2026/12/", 1280, 800, "light", True),
    "guide-compare": (ADMIN + "33/compare/", 1280, 900, "light", True),
    "guide-links": (ADMIN + "33/links/", 1280, 600, "light", True),
    "guide-date": (ADMIN + "add/", 1280, 560, "light", True),
    "guide-begin": (ADMIN + "add/", 1280, 720, "light", True),
    "guide-cite": (ADMIN + "add/", 1280, 720, "light", True),
    "guide-topics": (ADMIN + "add/", 1280, 560, "light", True),
    "guide-approve": (ADMIN + "add/", 1280, 560, "light", True),
    "guide-correct": (ADMIN + "3/change/", 1280, 640, "light", True),
    "guide-sessions": ("/accounts/devices/", 1280, 560, "light", True),
    "access-record": ("/admin/accounts/accessentry/", 1280, 760, "light", "chief"),
    "people-link": ("/admin/accounts/user/add/", 1280, 480, "light", "chief"),
    "guide-remove": ("/admin/scrub/", 1280, 860, "light", "chief"),
    "sources": ("/admin/releases/source/", 1280, 800, "light", True),
    "search": ("/search/?q=registry", 1280, 900, "light", False),
    "follow": (
        "/follow/?language=en&language=zh-hant&topic=corruption&topic=environment",
        1280,
        1100,
        "light",
        False,
    ),
    "word-form": (ADMIN + "add/", 1280, 1700, "light", True),
    "word-page": (ADMIN + "docx/", 1280, 700, "light", True),
}


@contextlib.contextmanager
def site() -> Iterator[tuple[str, str]]:
    """A site of its own with the sample newsroom; its address and the editor's password."""
    with socket.socket() as free, tempfile.TemporaryDirectory() as folder:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        password = secrets.token_urlsafe(16)
        environment = {
            **os.environ,
            "DEBUG": "1",
            "PORT": str(port),
            "DATA_DIR": folder,
            "LOGIN_PASSWORD": password,
        }

        def manage(*words: str) -> None:
            subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, env=environment, check=True)

        manage("migrate", "--verbosity", "0")
        manage("load_sample")
        manage("create_login", "editor", "--role", "editor")
        manage("create_login", "chief", "--role", "chief")
        server = subprocess.Popen(
            [sys.executable, "manage.py", "runserver", "--noreload", str(port)],
            cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            for _ in range(100):
                with contextlib.suppress(OSError):
                    urllib.request.urlopen(f"http://localhost:{port}/healthz", timeout=1)
                    break
                time.sleep(0.2)
            yield f"http://localhost:{port}", password
        finally:
            server.terminate()
            server.wait(timeout=30)


def sign_in(page: Page, base: str, password: str, name: str) -> None:
    """As the editor, or as a chief."""
    page.goto(f"{base}/admin/")
    page.locator("input[name=login]").fill(name)
    page.locator("input[name=password]").fill(password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/")


def search(page: Page) -> None:
    """Seek a word of the first paragraph in the text and in its notes."""
    page.locator(".ProseMirror p").first.click()
    page.keyboard.press("Control+h")
    page.get_by_role("textbox", name="Find", exact=True).fill("the")
    page.get_by_label("Replace with").fill("a")


def merge(page: Page) -> None:
    """Write the first note's words into a second note, and look at the notes."""
    words = page.locator(".ProseMirror ol.footnotes > li").first.inner_text()
    page.locator(".ProseMirror p").first.click()
    page.keyboard.press("End")
    page.keyboard.press("Control+Alt+f")
    page.keyboard.insert_text(" ".join(words.split()))
    page.locator(".body-editor__merge").first.evaluate("button => button.scrollIntoView({ block: 'center' })")


def beside(page: Page) -> None:
    """Point at a citation."""
    citation = page.locator(".note-ref a").nth(1)
    citation.evaluate("link => link.scrollIntoView({ block: 'center' })")
    citation.hover()


def bring_word_file(page: Page) -> None:
    """A Word file with two notes, into the form."""
    words = docx(
        p("Court orders the registry to open its counters", style="Title"), "Mirelle, 3 March 2026",
        p("The court found that nobody may be sent away unheard", ref(1), "."),
        p("The registry has thirty days", ref(2), " and may not ask for a fee."),
        footnotes=note(1, "Judgment of 27 February 2026, paragraph 14.") + note(2, "The same, paragraph 31."),
    )  # fmt: skip
    page.locator(".ProseMirror").wait_for()
    file = {"name": "statement.docx", "mimeType": "application/octet-stream", "buffer": words.getvalue()}
    page.locator(".docx-drop input[type=file]").set_input_files([file])
    page.locator(".docx-said li").first.wait_for()


def picture(page: Page) -> None:
    """Look at the picture's fields."""
    page.locator(".picture-field").evaluate("field => field.closest('fieldset').scrollIntoView()")


def checklist(page: Page) -> None:
    """Look at what is asked before a release goes out, and at the buttons."""
    page.locator(".release-checklist").evaluate("list => list.scrollIntoView()")


def date(page: Page) -> None:
    """Plan a moment."""
    page.locator("#id_title").fill("Register of Assets: The Blank Pages Are Still Blank")
    page.locator("#id_publish_at_0").fill("2027-06-08")
    page.locator("#id_publish_at_1").fill("00:01")
    page.locator("#id_publish_at_1").blur()
    page.wait_for_timeout(1500)


def begin(page: Page) -> None:
    """New release, until it is saved."""
    page.locator("#id_title").fill("Harbour Town Asks Who Closed Its Archive")
    page.locator("#id_dateline").fill("Saltmere")
    page.locator("#id_summary").fill("A town asks for its own papers.")
    page.locator("[data-saved]:not([data-behind])").filter(has_text=re.compile(r"^saved \d")).wait_for()


def cite(page: Page) -> None:
    """Write a sentence and cite its source."""
    begin(page)
    page.locator(".ProseMirror").focus()
    page.keyboard.type("The reading room was locked on May 30")
    page.keyboard.press("Control+Alt+f")
    page.keyboard.type("Notice on the door of the reading room, read on June 2.")
    page.wait_for_timeout(1500)
    page.locator(".body-editor").evaluate("box => box.scrollIntoView()")


def file_under(page: Page) -> None:
    """Find a topic."""
    begin(page)
    page.get_by_label("Find a topic").fill("right")
    page.get_by_label("Find a topic").evaluate("field => field.closest('fieldset').scrollIntoView()")


def approve(page: Page) -> None:
    """Submit it, and look at it as the editor who decides."""
    cite(page)
    page.get_by_role("button", name="Submit for approval").click()
    page.locator(".messagelist").wait_for()
    page.locator("#id_comment").evaluate("field => { field.closest('details').open = true; }")
    page.locator("#id_comment").fill("Who locked it? Say so in the first sentence.")
    page.locator(".release-checklist").evaluate("list => list.scrollIntoView()")


def correct(page: Page) -> None:
    """Change a published release, and say what was wrong."""
    page.locator("#id_summary").fill("A summary that says something else than the one that was published.")
    page.wait_for_timeout(1500)
    page.get_by_role("button", name="Save draft", exact=True).first.click()
    page.locator(".messagelist").wait_for()
    page.locator("summary", has_text="Publish as a correction").click()
    page.get_by_label("What was corrected").fill("The summary gave the wrong number of declarations.")
    page.locator("summary", has_text="Publish as a correction").evaluate(
        "one => one.scrollIntoView({ block: 'center' })"
    )


def desk(page: Page) -> None:
    """As on any day: each picture is taken in a new browser, of which the desk tells."""
    seen = page.get_by_role("button", name="I have seen this")
    if seen.count():
        seen.click()
        page.wait_for_load_state("networkidle")


def invite(page: Page) -> None:
    """Add a person, and see the link."""
    page.locator("#id_username").fill("nora")
    page.locator("#id_first_name").fill("Nora")
    page.locator("#id_last_name").fill("Quill")
    page.get_by_label("Writer").check()
    page.get_by_role("button", name="Save", exact=True).click()
    page.locator("#link").wait_for()


def remove(page: Page) -> None:
    """A name is looked for, and its places are shown."""
    page.get_by_label("The name or passage").fill("Edda Quillon")
    page.get_by_role("button", name="Look for it").click()
    page.get_by_role("button", name="Show every place").click()
    page.get_by_role("heading", name="Every place").wait_for()


# What is done on a page before its picture is taken.
SCENES = {
    "guide-picture": picture, "guide-submit": checklist, "guide-date": date, "guide-begin": begin, "guide-cite": cite,
    "desk": desk, "people-link": invite, "guide-remove": remove, "guide-topics": file_under, "guide-approve": approve, "guide-correct": correct,
    "notes-search": search, "notes-merge": merge, "notes-beside": beside, "word-form": bring_word_file,
}  # fmt: skip


def main() -> None:
    """Take every picture, or those named on the command line."""
    wanted = sys.argv[1:] or list(SHOTS)
    PICTURES.mkdir(parents=True, exist_ok=True)
    names = ("chromium", "chromium-browser", "google-chrome")
    chromium = next((path for name in names if (path := shutil.which(name))), None)
    with site() as (base, password), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for name in wanted:
            address, width, height, scheme, staff = SHOTS[name]
            context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
            page = context.new_page()
            if staff:
                sign_in(page, base, password, staff if isinstance(staff, str) else "editor")
            page.goto(base + address)
            page.wait_for_load_state("networkidle")
            if name in SCENES:
                SCENES[name](page)
                page.wait_for_timeout(500)
            page.screenshot(path=PICTURES / f"{name}.png")
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
