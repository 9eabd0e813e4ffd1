"""What axe finds on a page as it is shown: WCAG 2.2 AA and best practice."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.depth import DEEP

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# All that a dark scheme changes.
COLOURS = ["color-contrast", "link-in-text-block"]


def violations(
    page: Page, *, colours: bool = True, shapes: bool = True, frames: bool = True
) -> dict[str, list[str]]:
    """For each rule that is broken the elements that break it: of the rules on `colours`, the dearest ones, and of all others."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE_SCRIPT)
    page.evaluate("document.getAnimations().forEach(one => one.finish())")  # colours fade over
    options: dict[str, Any] = {"resultTypes": ["violations"], "iframes": frames}
    options["runOnly"] = {"type": "tag", "values": RULES} if shapes else {"type": "rule", "values": COLOURS}
    options["rules"] = {name: {"enabled": colours} for name in COLOURS}
    found = page.evaluate("options => axe.run(document, options)", options)["violations"]
    return {one["id"]: [node["html"][:160] for node in one["nodes"]] for one in found}


def faults_of(
    page: Page,
    where: str,
    *,
    widths: tuple[int, ...] = (768, 1280),
    coloured: tuple[int, ...] = (1280,),
    shaped: tuple[int, ...] | None = None,
) -> list[str]:
    """What axe finds, and what sticks out, on a page that is loaded once: shapes at each width, or at those that are `shaped`.

    Colours hang on the scheme and hardly on the width. They are looked at where the page shows the most, at the widths that are
    `coloured`, the last of them in the dark scheme too. With DEEP=1 everything is looked at everywhere.
    """
    shaped = widths if shaped is None or DEEP else shaped
    coloured = widths if DEEP else coloured
    looks = [(width, "light", width in shaped, width in coloured) for width in widths]
    looks += [(width, "dark", DEEP, True) for width in (coloured if DEEP else coloured[-1:])]
    found = []
    for width, scheme, shapes, colours in looks:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        wide = page.evaluate("document.documentElement.scrollWidth") - width
        if wide > 0:
            found.append(f"{where}, {width} {scheme}: {wide} px too wide")
        if not shapes and not colours:
            continue
        # As tall as the page: at any other height the buttons that stay in view cut through what lies below them.
        tall = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": width, "height": max(900, tall)})
        for rule, nodes in violations(page, shapes=shapes, colours=colours, frames=False).items():
            found.append(f"{where}, {width} {scheme}: {rule}: {'; '.join(nodes[:3])}")
    return found
