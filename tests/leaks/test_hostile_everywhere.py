"""What harms stands in every field that somebody writes, and each page of readers and of the staff is read as a browser reads it."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from django.test import Client
from lxml import etree

from releases import workflow
from releases.models import Release
from releases.workflow.words import words_of
from tests.browser.editor.test_hostile_paste import BODIES
from tests.depth import DEEP
from tests.every_page import MACHINES
from tests.leaks.crawl import crawl
from tests.leaks.staff import links_in

pytestmark = pytest.mark.django_db
# Out of a text, an attribute, a script, a style, a comment, CDATA, and a template.
SHAPES = (
    "<script>harm()</script>", "\"><img src=x-harm onerror=harm()>", "'><svg onload=harm()>", "</title></textarea><script>harm()</script>",
    "</script><script>harm()</script>", "--><script>harm()</script>", "]]><script>harm()</script>", "{{ harm() }}{% harm() %}${harm()}",
    "javascript:harm()", "\" autofocus onfocus=\"harm()", "&lt;script&gt;harm()&lt;/script&gt;", "</style><script>harm()</script>\u2028\u202e",
)  # fmt: skip
# One of each kind by default; a page of the staff for each of them takes a while.
TRIED = SHAPES if DEEP else SHAPES[1::4]
FRAMES = {"iframe", "frame", "object", "embed", "base", "applet"}
ADDRESSES = {"href", "src", "srcset", "action", "formaction", "data", "poster", "xlink:href"}
MOST = 400 if DEEP else 150


class Page(HTMLParser):
    """Notes what would run."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.found, self.script = [], None

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        for name, value in given.items():
            address = re.sub(r"[\x00-\x20]", "", value.lower()) if name in ADDRESSES else ""
            if name.startswith("on") or address.startswith(("javascript:", "vbscript:", "x-harm")):
                self.found.append(f"<{tag} {name}={value[:60]!r}>")
        # The staff's own frames show the preview, or nothing yet.
        own = tag == "iframe" and (
            not given.get("src") or given["src"].startswith("/admin/releases/release/")
        )
        framed = tag in FRAMES and not own
        if framed or "srcdoc" in given or "refresh" in given.get("http-equiv", "").lower():
            self.found.append(f"<{tag}>")
        if tag == "script":
            self.script = given.get("type", "")

    def handle_data(self, data):
        if self.script is None:
            return
        if "json" in self.script:
            json.loads(data)
        elif "harm()" in data:
            self.found.append(f"<script>{data[:60]}")

    def handle_endtag(self, tag):
        if tag == "script":
            self.script = None


def harm_in(kind, content):
    """What would run of an answer; XML and JSON have to be what they say."""
    if "html" in kind:
        page = Page()
        page.feed(content.decode())
        page.close()
        return page.found
    if "xml" in kind:
        every = etree.fromstring(content, etree.XMLParser(resolve_entities=False)).iter(etree.Element)
        return [
            one
            for element in every
            if _is_html(element)
            for one in harm_in("html", (element.text or "").encode())
        ]
    if "json" in kind:
        json.loads(content)
    return []


def _is_html(element):
    """What feed readers show as HTML: the text of an item. Titles and names are words."""
    name = etree.QName(element).localname
    of_item = name == "description" and etree.QName(element.getparent()).localname == "item"
    return of_item or name == "encoded" or element.get("type") == "html"


def kind_of(answer):
    """Of an answer to the crawl, which has its headers as lines."""
    found = re.search(r"^content-type: (.+)$", answer.headers, re.IGNORECASE | re.MULTILINE)
    return found[1] if found else ""


def content_of(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.fixture(scope="module")
def newsroom(module_makers):
    """Every shape in every field, and a release for each."""
    makers = module_makers
    editor, chief = makers.editor, makers.user("charlotte", "chief")
    editor.first_name, editor.last_name = SHAPES[0][:30], SHAPES[1][:30]
    editor.save()
    picture = makers.picture(f"{SHAPES[1]}.jpg")
    for number, shape in enumerate(TRIED):
        topic = makers.topic(f"{number} {shape}"[:90], description=shape)
        words = {
            "summary": shape,
            "dateline": shape[:60],
            "picture": picture,
            "picture_alt": shape,
            "picture_caption": shape,
        }
        body = f"<p>Before.</p>{shape}<p>{shape}</p>" + "".join(
            BODIES[number :: len(TRIED)] if DEEP else BODIES[number::40]
        )
        release = makers.release(
            f"{number} {shape}", slug=f"harm-{number}", topics=[topic], body=body, **words
        )
        changed = replace(words_of(release.live), body=release.live.body + "<p>Changed.</p>")
        workflow.save_draft(release, changed, by=editor, comment=shape)
        release = workflow.correct(Release.objects.get(pk=release.pk), by=editor, note=shape)
        if number % 3 == 2:
            workflow.withdraw(release, by=editor, notice=shape)
        draft = makers.draft(f"Draft {number} {shape}", **{**words, "body": f"<p>{shape}</p>"})
        workflow.share_preview(draft, by=editor, days=7, note=shape[:80])
    return chief


def test_nothing_that_is_written_runs_on_any_page_of_readers(newsroom, settings):
    settings.PUBLIC_HISTORY = True
    asked = [path.replace("/words/", "/harm-0/").replace("%2Fwords%2F", "%2Fharm-0%2F") for path in MACHINES]
    answers = crawl(
        ["/", "/releases/", "/topics/", *(f"/releases/harm-{n}/" for n in range(len(TRIED))), *asked]
    )
    wrong = {
        path: found
        for path, answer in answers.items()
        if (found := harm_in(kind_of(answer), answer.body.encode()))
    }
    assert wrong == {}
    assert len(answers) > 100


def test_nor_on_any_page_of_the_staff(newsroom):
    client, waiting, wrong, seen = Client(raise_request_exception=False), ["/admin/"], {}, set()
    client.force_login(newsroom)
    while waiting and len(seen) < MOST:
        path = waiting.pop(0)
        if path in seen:
            continue
        seen.add(path)
        answer = client.get(path)
        content, kind = content_of(answer), answer.headers.get("Content-Type", "")
        assert answer.status_code != 500, path
        if found := harm_in(kind, content):
            wrong[path] = found
        if "html" in kind:
            waiting += sorted(links_in(path, content.decode()) - seen)
    assert wrong == {}
    assert len(seen) > 100


@pytest.mark.parametrize(
    "shape", [*SHAPES[:5], "<a href=' java\tscript:harm()'>x</a>", "<p onfocus=harm()>x</p>"]
)
def test_what_would_run_is_noticed(shape):
    page = f"<!doctype html><title>{shape}</title><p>{shape}</p>"
    assert harm_in("text/html", page.encode())
