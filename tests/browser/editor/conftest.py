"""The editor as a person at the keyboard meets it: a page, keys, a clipboard, a save button."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, ViewportSize

from releases.text.clean import clean
from tests.browser.conftest import SETTLED
from tests.browser.editor import site

FIXTURES = Path(__file__).parent / "fixtures"
VIEWPORT: ViewportSize = {"width": 1280, "height": 720}
CITATION = re.compile(r'<sup class="footnote-ref"><a href="#fn-\w+" id="fnref-\w+(?:-\d+)?">(\d+)</a></sup>')


def text_of(value: str) -> str:
    """A body without its list of notes, citations written {n}."""
    return CITATION.sub(r"{\1}", value.split('<ol class="footnotes">')[0]).replace("&nbsp;", "\u00a0")


def notes_of(value: str) -> list[str]:
    """The inner HTML of the notes' paragraphs, in order."""
    return [
        re.sub(r"^<p>|</p>$", "", note).replace("</p><p>", " / ")
        for note in re.findall(r'<li id="fn-[^"]*">(.*?)</li>', value)
    ]


def in_field(html: str) -> str:
    """A document as the field holds it: without a word it is empty."""
    return html if re.sub(r"</?(?:p|h2|h3)(?: [^>]*)?>|<br>|&nbsp;|\s", "", html) else ""


def check(value: str, html: str) -> None:
    """The value is the document, and the cleaner has nothing to mend."""
    assert value == in_field(html)
    cleaned = clean(value)
    assert cleaned.html == value
    assert not cleaned.problems


class Desk:
    """One page with the editor on it."""

    def __init__(self, page: Page, base: str, name: str) -> None:
        self.base = base
        self.name = name
        self.page = page
        self.messages: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", self._failed)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.messages.append(message.text)

    def _failed(self, error: Error) -> None:
        self.messages.append(str(error))

    def leave(self) -> None:
        """Give the tab back as it was."""
        self.page.remove_listener("console", self._heard)
        self.page.remove_listener("pageerror", self._failed)
        if self.page.viewport_size != VIEWPORT:
            self.page.set_viewport_size(VIEWPORT)
            self.page.emulate_media(color_scheme="light")

    def open(self, stored: str | None = None) -> "Desk":
        """Go to the page; `stored` becomes its body first."""
        if stored is not None:
            site.STORED[self.name] = stored
        self.page.bring_to_front()  # no frame is drawn in a tab behind another
        self.page.goto(f"{self.base}/admin/editing/{self.name}/")
        return self.ready()

    def ready(self) -> "Desk":
        self.page.wait_for_selector(".body-editor [role=toolbar]")
        self.settle()
        return self

    def settle(self) -> None:
        self.page.evaluate(SETTLED)

    def tell(self) -> None:
        """Wait for the "input" event of the last change: it comes 120 ms after it, and timers fire in their order."""
        self.page.evaluate("new Promise((told) => setTimeout(told, 130))")

    # ------------------------------------------------------------------ what is there

    @property
    def value(self) -> str:
        """What the form would send."""
        return self.page.locator("#id_body").input_value()

    @property
    def html(self) -> str:
        """What the whole document serialises to, by the editor's own means."""
        return in_field(self.run("e.getHTML()"))

    @property
    def stored(self) -> str:
        return site.STORED[self.name]

    @property
    def status(self) -> str:
        return self.page.locator(".body-editor [role=status]").inner_text()

    @property
    def notes(self) -> list[str]:
        """The inner HTML of the notes' paragraphs, in order."""
        return notes_of(self.value)

    @property
    def numbers(self) -> str:
        """The numbers of the citations in reading order, "1 2 1"."""
        return " ".join(re.findall(r'id="fnref-[^"]*">(\d+)</a>', self.value))

    @property
    def shape(self) -> str:
        """The value with its keys named A, B, C in order of appearance."""
        names: dict[str, str] = {}

        def name(match: re.Match[str]) -> str:
            return match[1] + names.setdefault(match[2], chr(65 + len(names)))

        return re.sub(r'((?:#|")fn-|"fnref-)([a-z0-9]+)', name, self.value)

    @property
    def where(self) -> str:
        """The path of nodes to the caret."""
        path: str = self.run(
            "((p) => Array.from({length: p.depth}, (_, d) => p.node(d + 1).type.name).join('>'))(e.state.selection.$from)"
        )
        return path

    def run(self, expression: str, *values: Any) -> Any:
        """Evaluate `expression` with the editor as `e` and values as `v`."""
        return self.page.evaluate(
            f"(v) => {{ const e = document.querySelector('.ProseMirror').editor; return {expression} }}",
            list(values),
        )

    def until(self, expression: str, seconds: float = 5) -> None:
        """Wait until an expression is true (the page's policy forbids Playwright's own way, which needs eval)."""
        for _ in range(int(seconds * 20)):
            if self.page.evaluate(expression):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"never true: {expression}")

    # ------------------------------------------------------------------ hands

    def focus_end(self) -> "Desk":
        self.run("e.commands.focus('end') && undefined")
        self.settle()
        return self

    def type(self, text: str) -> "Desk":
        self.page.keyboard.type(text)
        return self

    def key(self, *keys: str) -> "Desk":
        for key in keys:
            self.page.keyboard.press(key)
        self.settle()
        return self

    def button(self, action: str) -> "Desk":
        self.page.locator(f".body-editor__toolbar button[data-action={action}]").click()
        self.settle()
        return self

    def caret_after(self, text: str) -> "Desk":
        """Put the caret after the first occurrence of `text`."""
        found = self.run(
            """(() => { let at = null;
            e.state.doc.descendants((n, p) => { if (at === null && n.isText && n.text.includes(v[0])) at = p + n.text.indexOf(v[0]) + v[0].length });
            if (at === null) return false; e.chain().focus().setTextSelection(at).run(); return true })()""",
            text,
        )
        assert found, f"{text!r} is not in {self.html}"
        self.settle()
        return self

    def select(self, first: str, last: str) -> "Desk":
        """Select from the beginning of `first` to the end of `last` after it."""
        found = self.run(
            """(() => { let from = null, to = null;
            e.state.doc.descendants((n, p) => { if (!n.isText) return;
              const i = n.text.indexOf(v[0]); if (from === null && i >= 0) from = p + i;
              const j = n.text.indexOf(v[1]); if (from !== null && to === null && j >= 0 && p + j + v[1].length > from) to = p + j + v[1].length });
            if (from === null || to === null) return false; e.chain().focus().setTextSelection({from, to}).run(); return true })()""",
            first,
            last,
        )
        assert found, f"{first!r}…{last!r} is not in {self.html}"
        self.settle()
        return self

    def paste(self, html: str, text: str = "") -> "Desk":
        """Paste what another program put on the clipboard."""
        self.page.evaluate(
            """([html, text]) => { const d = new DataTransfer(); if (html) d.setData('text/html', html); d.setData('text/plain', text);
            const el = document.querySelector('.ProseMirror'); el.focus();
            el.dispatchEvent(new ClipboardEvent('paste', {clipboardData: d, bubbles: true, cancelable: true})) }""",
            [html, text],
        )
        self.settle()
        return self

    def paste_file(self, name: str) -> "Desk":
        return self.paste((FIXTURES / f"{name}.html").read_text(encoding="utf-8"))

    def save(self) -> "Desk":
        """Press Save and see the page again."""
        self.page.click("input[name=_save]")
        self.page.wait_for_load_state("load")
        return self.ready()

    def check(self) -> None:
        """What must hold after any edit: the value is the document, and the cleaner has nothing to mend."""
        check(self.value, self.html)


@pytest.fixture(scope="session")
def site_url() -> Iterator[str]:
    """The address of a running site that has the editor and no database."""
    with site.serving() as url:
        yield url


@pytest.fixture(scope="session")
def editor_context(browser: Browser, site_url: str) -> Iterator[BrowserContext]:
    """One browser for all tests of the editor: it has the scripts in its cache, and may use the clipboard."""
    with browser.new_context(viewport=VIEWPORT) as context:
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site_url)
        yield context


@pytest.fixture(scope="session")
def tab(editor_context: BrowserContext) -> Page:
    """The tab in which tests open their first page, one after the other: a tab of its own for each would start a process."""
    return editor_context.new_page()


@pytest.fixture
def desks(editor_context: BrowserContext, site_url: str, tab: Page) -> Iterator[Callable[..., Desk]]:
    """Open pages with the editor by name; afterwards none may have complained in the console."""
    opened: list[Desk] = []

    def open_desk(name: str = "one", stored: str = "", *, own_tab: bool = False) -> Desk:
        page = editor_context.new_page() if opened or own_tab else tab
        opened.append(Desk(page, site_url, name))
        return opened[-1].open(stored)

    yield open_desk
    for desk in opened:
        desk.leave()
        if desk.page is not tab:
            desk.page.close()
    assert [message for desk in opened for message in desk.messages] == []


@pytest.fixture
def desk(desks: Callable[..., Desk]) -> Desk:
    """An empty editor."""
    return desks()


@pytest.fixture(scope="session")
def opened_once(editor_context: BrowserContext, site_url: str) -> Desk:
    """The page of `shared_desk`; of use to what is asked once for many tests."""
    return Desk(editor_context.new_page(), site_url, "shared").open("")


@pytest.fixture
def shared_desk(opened_once: Desk) -> Iterator[Desk]:
    """One editor for all cases that leave nothing behind: functions of modules, asked with many values at a time."""
    yield opened_once
    assert opened_once.messages == []


@dataclass(frozen=True)
class Pasted:
    """What became of one paste: the field's value, the document, the quiet line; the value when it was opened anew, and undone."""

    value: str
    html: str
    status: str
    reopened: str
    undone: str

    @property
    def text(self) -> str:
        """The value without its list of notes, citations written {n}."""
        return text_of(self.value)

    @property
    def notes(self) -> list[str]:
        return [note.replace("&nbsp;", "\u00a0") for note in notes_of(self.value)]

    @property
    def line(self) -> str:
        """The quiet line, without the places that it names."""
        return re.sub(r" \(after “.*?”\)(?=[,.])", "", self.status)

    def check(self) -> None:
        """What must hold after any paste: the value is the document, the cleaner has nothing to mend, a save keeps it."""
        check(self.value, self.html)
        assert self.reopened == self.value


def paste_each(desk: Desk, cases: Sequence[dict[str, Any]]) -> list[Pasted]:
    """Paste many things in one page, each into a text of its own.

    A case has `html` or `text`, and may have `before`, the body that is there; `enter`, to begin a new paragraph first; and
    `undos`, how many steps take the paste back (1).
    """
    desk.page.bring_to_front()  # no frame is drawn in a tab behind another
    return [Pasted(**found) for found in desk.page.evaluate(_PASTE_EACH, list(cases))]


_PASTE_EACH = f"""async (cases) => {{
    const field = document.querySelector('#id_body'), dom = document.querySelector('.ProseMirror'), editor = dom.editor;
    const line = document.querySelector('.body-editor [role=status]'), found = [];
    const hold = (html) => field.dispatchEvent(new CustomEvent('newsroom:set-body', {{detail: html}}));
    const settled = () => {SETTLED};
    for (const {{before = '', html = '', text = '', enter = false, undos = 1}} of cases) {{
        hold(before);
        editor.commands.focus('end');
        if (enter) editor.commands.splitBlock();
        line.textContent = '';
        const data = new DataTransfer();
        if (html) data.setData('text/html', html);
        data.setData('text/plain', text);
        dom.dispatchEvent(new ClipboardEvent('paste', {{clipboardData: data, bubbles: true, cancelable: true}}));
        await settled();
        const one = {{value: field.value, html: editor.getHTML(), status: line.innerText}};
        for (let i = 0; i < undos; i++) editor.commands.undo();
        await settled();
        one.undone = field.value;
        hold(one.value);
        found.push({{...one, reopened: field.value}});
    }}
    return found }}"""
