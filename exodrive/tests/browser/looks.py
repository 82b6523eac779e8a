"""What a page looks like, measured in the browser: layout shifts, text that does not fit, states that look alike."""

from playwright.sync_api import Page

# Set before any script of the page runs, so that the first paint counts too.
WATCH_SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    if (entry.hadRecentInput) continue;
    const where = entry.sources.map((s) => s.node && (s.node.outerHTML || s.node.textContent || "").slice(0, 80));
    window.shifts.push(`${entry.value.toFixed(4)} ${where.join(" | ")}`);
  }
}).observe({type: "layout-shift", buffered: true});
"""
SLOW = {"offline": False, "latency": 80, "downloadThroughput": 200_000, "uploadThroughput": 90_000}

LARGE = "html { font-size: 200% }"
SPACED = """
* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
p { margin-bottom: 2em !important }
"""
# A sheet made by script is no inline style, so the content security policy stays as it is.
ADD_SHEET = """css => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [sheet];
}"""
MISFITS = """() => {
  const found = [], root = document.documentElement;
  const name = (el) => `<${el.localName} class="${el.className}"> ${el.textContent.trim().slice(0, 40)}`;
  if (root.scrollWidth > root.clientWidth) {
    found.push(`scrolls sideways by ${root.scrollWidth - root.clientWidth} px`);
    const scrolls = (el) => el && (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(el).overflowX)
      || scrolls(el.parentElement));
    for (const el of document.body.querySelectorAll("*"))
      if (el.getBoundingClientRect().right > root.clientWidth + 1 && !scrolls(el)) found.push(`sticks out: ${name(el)}`);
  }
  for (const el of document.body.querySelectorAll("*")) {
    const box = el.getBoundingClientRect(), style = getComputedStyle(el);
    if (!el.checkVisibility({visibilityProperty: true}) || box.width < 4 || box.height < 4) continue;
    const hides = (overflow) => ["hidden", "clip"].includes(overflow);
    // What a title says in full may be cut short.
    const whole = el.textContent.trim() && !el.closest("[title]");
    if (whole && style.display !== "inline"
        && (hides(style.overflowX) && el.scrollWidth > el.clientWidth + 1
        || hides(style.overflowY) && el.scrollHeight > el.clientHeight + 2)) found.push(`clips its text: ${name(el)}`);
    if (!el.matches("button, .btn, .tag, [role=button]")) continue;
    const range = document.createRange();
    for (const node of el.childNodes) {
      if (node.nodeType !== Node.TEXT_NODE || !node.data.trim()) continue;
      range.selectNodeContents(node);
      const text = range.getBoundingClientRect();
      if (text.left < box.left - 1 || text.right > box.right + 1 || text.bottom > box.bottom + 4)
        found.push(`text outside its box: ${name(el)}`);
    }
  }
  return found.slice(0, 8);
}"""


def watch_shifts(page: Page) -> Page:
    """On a slow line and a slow machine, where pictures, styles and scripts arrive one after the other."""
    page.add_init_script(WATCH_SHIFTS)
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW)
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.send("Emulation.setCPUThrottlingRate", {"rate": 2})
    return page


def shifts(page: Page, url: str) -> list[str]:
    """What moved while the page loaded, and just after."""
    page.goto(url, wait_until="load")
    page.wait_for_timeout(250)
    return page.evaluate("window.shifts")


def misfits(page: Page, css: str) -> list[str]:
    """What does not fit once the reader's own style is laid over the page."""
    page.evaluate(ADD_SHEET, css)
    return page.evaluate(MISFITS)


STATES = """([like, states]) => {
  const shelf = document.createElement("div");
  shelf.id = "states";
  for (const [name, attributes] of Object.entries(states)) {
    const el = document.createElement(like), cell = document.createElement("p");
    for (const [key, value] of Object.entries(attributes)) el.setAttribute(key, value);
    el.textContent = "11";
    cell.dataset.state = name;
    cell.append(el);
    shelf.append(cell);
  }
  document.querySelector("main").prepend(shelf);
}"""


def alike(page: Page, element: str, states: dict[str, dict[str, str]]) -> list[set[str]]:
    """The states of an element that cannot be told apart by their pixels, all with the same text."""
    page.evaluate(STATES, [element, states])
    seen: dict[bytes, set[str]] = {}
    for name in states:
        seen.setdefault(page.locator(f"#states [data-state='{name}'] > *").screenshot(), set()).add(name)
    page.evaluate("document.getElementById('states').remove()")
    return [names for names in seen.values() if len(names) > 1]


def report(wrong: dict[str, list[str]]) -> str:
    """All of it, line by line: pytest shortens a comparison."""
    return "\n".join(["", *(f"{where}: {what}" for where, found in wrong.items() for what in found)])
