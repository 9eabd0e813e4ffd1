"""Two hundred bodies that were made to harm, pasted into the editor and opened as readers would see them: nothing executes."""

import itertools

import pytest
from playwright.sync_api import Page, Route

from releases.text.clean import clean
from tests.browser.editor.conftest import Desk
from tests.depth import DEEP

pytestmark = pytest.mark.browser
# What would run says so.
RUN = "window.__harm=(window.__harm||0)+1"
IMAGE = f"<img src=x-harm onerror='{RUN}'>"
# What runs, or asks another host.
CORES = (
    f"<script>{RUN}</script>", IMAGE, f"<svg onload='{RUN}'></svg>", f"<a href='java\tscript:{RUN}'>x</a>", f"<a href='&#1;javascript:{RUN}'>x</a>",
    f"<iframe srcdoc=\"<script>parent.{RUN.replace('window', 'parent')}</script>\"></iframe>", f"<details open ontoggle='{RUN}'>x</details>",
    "<img srcset='https://harm.example/a.png 1x'>", "<style>@import 'https://harm.example/a.css';p{background:url(https://harm.example/b)}</style>",
    "<link rel=stylesheet href=https://harm.example/c.css><base href=https://harm.example/>", "<meta http-equiv=refresh content='0;url=https://harm.example/'>",
    f"<form><input autofocus onfocus='{RUN}'><button formaction='javascript:{RUN}'>x</button></form>", "<object data=https://harm.example/d></object><embed src=https://harm.example/e>",
    f"<svg><animate onbegin='{RUN}' attributeName=x dur=1s /><use href='data:image/svg+xml,<svg/>#x' /></svg>", f"<math href='javascript:{RUN}'>x</math>",
    f"<a xlink:href='vbscript:{RUN}' id=body name=forms>\u202ex\u200b</a>",
)  # fmt: skip
# Where it stands: read once in one way, and written and read again in another.
AROUND = (
    "{}", "<svg><style>{}</style></svg>", "<svg></p><style><a id='</style>{}'></svg>", "<math><mtext><table><mglyph><style><!--</style>{}",
    "<noscript><p title=\"</noscript>{}\"></noscript>", "<template>{}</template>", "<table><tr><td>x{}<tr></table>", "<select><option>{}</select>",
    "<!--><!-- --!>{}-->", "<svg><![CDATA[><p>{}]]></svg>", "<form><math><mtext></form><form><mglyph><style></math>{}", "<textarea><p title='</textarea>{}'></textarea>",
    "<svg><desc><table><tr><td><style></desc>{}</style></svg>",
)  # fmt: skip
BODIES = [around.replace("{}", core) for around, core in itertools.product(AROUND, CORES)]
QUIET = ("Applying inline style violates", "Setting the document's base URI", "Failed to load resource")
HARM = "() => window.__harm || 0"


def test_nothing_that_is_pasted_executes_or_asks_another_host(shared_desk: Desk) -> None:
    assert len(BODIES) >= 200
    page = shared_desk.page
    asked, dialogs = watched(page, shared_desk.base)
    try:
        for number, body in enumerate(BODIES):
            if not DEEP and number % 4:
                continue
            shared_desk.run(
                "() => document.querySelector('#id_body').dispatchEvent(new CustomEvent('newsroom:set-body', {detail: ''}))"
            )
            shared_desk.paste(f"<p>before</p>{body}<p>after</p>")
            assert "before" in shared_desk.value, body
            assert clean(shared_desk.value).html == shared_desk.value, body
        assert page.evaluate(HARM) == 0
        assert asked == []
        assert dialogs == []
        # The policy speaks of styles and bases in the document that is read and never shown; of scripts it has nothing to say.
        assert [one for one in shared_desk.messages if not one.startswith(QUIET)] == []
        shared_desk.messages.clear()
    finally:
        page.unroute_all()


def watched(page: Page, base: str) -> tuple[list[str], list[str]]:
    """Requests to others, and dialogs."""
    asked: list[str] = []
    dialogs: list[str] = []

    def met(route: Route) -> None:
        if route.request.url.startswith((base, "data:", "blob:")) and "x-harm" not in route.request.url:
            route.continue_()
        else:
            asked.append(route.request.url)
            route.abort()

    page.route("**/*", met)
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss())[0])
    return asked, dialogs


def test_nothing_executes_where_readers_see_what_was_cleaned_without_any_policy(browser) -> None:
    """The policy of the pages would stop it; here there is none."""
    page = browser.new_page()
    try:
        page.goto("about:blank")
        asked, dialogs = watched(page, "about:")
        words = "".join(clean(f"<p>before</p>{body}<p>after</p>").html for body in BODIES)
        page.set_content(f"<!DOCTYPE html><html><body><article>{words}</article></body></html>")
        assert page.evaluate(HARM) == 0
        assert (asked, dialogs) == ([], [])
        assert words.count("before") == words.count("after") == len(BODIES)
        # A browser that meets them as they are is harmed: the bodies are what they are meant to be.
        page.set_content(f"<!DOCTYPE html><html><body>{IMAGE}</body></html>")
        page.wait_for_function(HARM)
    finally:
        page.close()
