"""The editor as a person at the keyboard meets it: a page, keys, a clipboard, a save button."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from releases.text.clean import clean
from tests.browser.editor import site

FIXTURES = Path(__file__).parent / "fixtures"
_SETTLED = "new Promise(r => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(r, 20))))"


class Desk:
    """One page with the editor on it."""

    def __init__(self, context: BrowserContext, base: str, name: str) -> None:
        self.base = base
        self.name = name
        self.page: Page = context.new_page()
        self.messages: list[str] = []
        self.page.on(
            "console", lambda m: self.messages.append(m.text) if m.type in ("error", "warning") else None
        )
        self.page.on("pageerror", lambda e: self.messages.append(str(e)))

    def open(self, stored: str | None = None) -> "Desk":
        """Go to the page; `stored` becomes its body first."""
        if stored is not None:
            site.STORED[self.name] = stored
        self.page.goto(f"{self.base}/admin/editing/{self.name}/")
        return self.ready()

    def ready(self) -> "Desk":
        self.page.wait_for_selector(".body-editor [role=toolbar]")
        self.settle()
        return self

    def settle(self) -> None:
        self.page.evaluate(_SETTLED)

    # ------------------------------------------------------------------ what is there

    @property
    def value(self) -> str:
        """What the form would send."""
        return self.page.locator("#id_body").input_value()

    @property
    def html(self) -> str:
        """What the whole document serialises to, by the editor's own means."""
        html: str = self.run("e.getHTML()")
        # A body without a word is an empty field.
        return html if re.sub(r"</?(?:p|h2|h3)(?: [^>]*)?>|<br>|&nbsp;|\s", "", html) else ""

    @property
    def stored(self) -> str:
        return site.STORED[self.name]

    @property
    def status(self) -> str:
        return self.page.locator(".body-editor [role=status]").inner_text()

    @property
    def notes(self) -> list[str]:
        """The inner HTML of the notes' paragraphs, in order."""
        return [
            re.sub(r"^<p>|</p>$", "", note).replace("</p><p>", " / ")
            for note in re.findall(r'<li id="fn-[^"]*">(.*?)</li>', self.value)
        ]

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
        assert self.value == self.html
        cleaned = clean(self.value)
        assert cleaned.html == self.value
        assert not cleaned.problems


@pytest.fixture
def desks(context: BrowserContext, live_server: Any) -> Iterator[Callable[..., Desk]]:
    """Open pages with the editor by name; afterwards none may have complained in the console."""
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=live_server.url)
    opened: list[Desk] = []

    def open_desk(name: str = "one", stored: str = "") -> Desk:
        desk = Desk(context, live_server.url, name)
        opened.append(desk)
        return desk.open(stored)

    yield open_desk
    assert [message for desk in opened for message in desk.messages] == []


@pytest.fixture
def desk(desks: Callable[..., Desk]) -> Desk:
    """An empty editor."""
    return desks()
