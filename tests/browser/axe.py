"""What axe finds on a page as it is shown: WCAG 2.2 AA and best practice."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# All that a dark scheme changes.
COLOURS = ["color-contrast", "link-in-text-block"]


def violations(page: Page, *, colours: bool = False, frames: bool = True) -> dict[str, list[str]]:
    """For each rule that is broken the elements that break it; with `colours` of those rules alone that look at them."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE_SCRIPT)
    page.evaluate("document.getAnimations().forEach(one => one.finish())")  # colours fade over
    rules = {"type": "rule", "values": COLOURS} if colours else {"type": "tag", "values": RULES}
    options = {"runOnly": rules, "resultTypes": ["violations"], "iframes": frames}
    found = page.evaluate("options => axe.run(document, options)", options)["violations"]
    return {one["id"]: [node["html"][:160] for node in one["nodes"]] for one in found}
