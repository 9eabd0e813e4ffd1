"""What axe finds on a page as it is shown: WCAG 2.2 AA and best practice."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

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
