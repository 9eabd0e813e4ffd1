"""Reads a page as a browser would: elements by the plain selectors that its style sheets use."""

import re

from django.http import HttpResponse
from lxml import html
from lxml.html import HtmlElement

_PART = re.compile(
    r"(?P<tag>^[a-z][a-z0-9]*)|\.(?P<class>[\w-]+)|#(?P<id>[\w-]+)|\[(?P<name>[\w-]+)(?:=(?P<value>[\w-]+))?\]"
)


def read(answer: HttpResponse) -> HtmlElement:
    """The document of an answer."""
    return html.fromstring(answer.content)


def select(page: HtmlElement, selector: str) -> list[HtmlElement]:
    """Elements by tag, class, id, attribute and descent: `nav.topic-index a[lang]`."""
    path = "".join(f"//*[{_condition(step)}]" for step in selector.split())
    return page.xpath(f".{path}")


def _condition(step: str) -> str:
    parts = list(_PART.finditer(step))
    assert "".join(part[0] for part in parts) == step, f"cannot read the selector {step}"
    return " and ".join(
        f"self::{part['tag']}" if part["tag"]
        else f"contains(concat(' ', @class, ' '), ' {part['class']} ')" if part["class"]
        else f"@id='{part['id']}'" if part["id"]
        else f"@{part['name']}='{part['value']}'" if part["value"]
        else f"@{part['name']}"
        for part in parts
    )  # fmt: skip
