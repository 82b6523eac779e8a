"""axe-core on a page: WCAG 2.2 AA, best practices and the size of targets."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},
    # What passes is neither described nor sent: that took half of the time.
    "resultTypes": ["violations"],
    "selectors": False,
}
# Half-way from one scheme to the other colours are nobody's.
SETTLE = "document.getAnimations().filter(a => a.effect.getComputedTiming().endTime < Infinity).forEach(a => a.finish())"


def schemes(width: int, soak: bool) -> list[str]:
    """The colour schemes to look at: in the short run dark on a phone and light on a desk, in the long one all."""
    return ["light", "dark"] if soak else ["dark" if width == 390 else "light"]


def audit(page: Page, scheme: str) -> list[str]:
    """What axe finds, and whether the page scrolls sideways, in one colour scheme."""
    page.emulate_media(color_scheme=scheme)
    page.evaluate(SETTLE)
    found = [
        f"{rule['id']}: {node['html'][:160]}"
        for rule in Axe().run(page, options=OPTIONS).response["violations"]
        for node in rule["nodes"]
    ]
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [*found, f"scrolls sideways by {wider} px"] if wider > 0 else found
