"""Are the pages still the same? A pytest plugin for whoever lays templates out anew.

    git worktree add ../before HEAD
    pytest -p exodrive.tests.support.same_pages --templates-before ../before/templates exodrive/tests/http bookings inbox

Whatever the tests render is rendered a second time with the templates of the other folder, and both texts are compared:
white space aside, but not between things that stand in one line of text, where a blank can be seen (the style sheets say
which elements lay their children out as boxes). Tests that count queries fail meanwhile, because everything is asked
twice; what differs is listed at the end.
"""

import functools
import re
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from django.template.backends.django import DjangoTemplates, Template

BLOCKS = frozenset(
    "html head body title meta link script style template div p section article aside header footer nav main ul ol li dl "  # noqa: SIM905
    "dt dd h1 h2 h3 h4 h5 h6 form fieldset legend table caption thead tbody tfoot tr td th details summary figure "
    "figcaption address blockquote hr option optgroup noscript picture source br !doctype".split()
)
TEXT, LINE, BOX = range(3)  # goes on in it, ends it, or is a box in it with lines of its own
REPLACED = frozenset("img svg input select textarea button video iframe".split())  # noqa: SIM905
INLINE_BOXES = frozenset({"button"})
VOID = frozenset("meta link input br hr img source area base col embed track wbr".split())  # noqa: SIM905
AS_IT_IS = re.compile(r"<(pre|textarea|script|style)\b.*?</\1>", re.DOTALL | re.IGNORECASE)
PIECE = re.compile(r"<!--.*?-->|<[^>\"']*(?:\"[^\"]*\"[^>\"']*|'[^']*'[^>\"']*)*>|[^<]+|<", re.DOTALL)
_BETWEEN = re.compile(r"(\"[^\"]*\"|'[^']*')|\s+")  # white space outside of quotes
CHANGING = re.compile(r'(name="csrfmiddlewaretoken"\s+value=|data-csrf-token=)"[^"]*"')
differences: dict[str, tuple[str, str]] = {}
compared: set[str] = set()


def normal(html: str) -> list[str]:
    """Tags and texts, with one blank where white space shows: behind what closes before the next word."""
    kept: list[str] = []
    blank = False  # one is due, unless the line ends here
    solid = False  # something stands in this line
    for piece, edge in zip(*_pieces(html), strict=True):
        closes = piece.startswith("</")
        if piece == " ":
            blank = blank or solid
            continue
        if edge == LINE or (edge == BOX and closes):
            blank = False
        elif blank and not closes:
            kept.append(" ")
            blank = solid = False
        kept.append(piece)
        if edge or not piece.startswith("<") or _name(piece) in REPLACED:
            solid = edge == TEXT or (edge == BOX and closes)
    return kept


def _pieces(html: str) -> tuple[list[str], list[int]]:
    """What a page is made of, and for each piece how a line of text takes it."""
    as_it_is: list[str] = []
    html = AS_IT_IS.sub(lambda found: _put(as_it_is, found[0]), html)
    pieces: list[str] = []
    edges: list[int] = []
    inside: list[str] = []  # the elements that are open
    for piece in PIECE.findall(CHANGING.sub(r'\1"…"', html)):
        if not piece.startswith("<") or len(piece) == 1:
            text = " ".join(piece.split())
            found = (
                [" "] * piece[0].isspace()
                + [text] * bool(text)
                + [" "] * (piece[-1].isspace() and bool(text))
            )
            pieces += found
            edges += [TEXT] * len(found)
            continue
        if piece.startswith("<kept "):
            pieces.append(_squeezed(as_it_is[int(piece[6:-1])]))
            edges.append(LINE if _name(pieces[-1]) in BLOCKS else TEXT)
            continue
        piece = re.sub(r'class="([^"]*)"', lambda found: f'class="{" ".join(found[1].split())}"', piece)
        piece = re.sub(r"='\{[^']*'", lambda found: "".join(found[0].split()), piece)
        piece = re.sub(r'style="[^"]*"', lambda found: re.sub(r";\s+", ";", found[0]), piece)
        around = inside[:-1] if piece.startswith("</") else list(inside)
        item = bool(around) and _lays_boxes(around)
        opened = inside[-1] if piece.startswith("</") and inside else piece
        _follow(inside, piece)
        pieces.append(_BETWEEN.sub(lambda found: found[1] or " ", piece).replace(" >", ">"))
        inline_box = _name(piece) in INLINE_BOXES or _lays_boxes([*around, opened])
        edges.append(LINE if item or _ends_a_line([*around, opened]) else BOX if inline_box else TEXT)
    return pieces, edges


def _put(kept: list[str], element: str) -> str:
    kept.append(element)
    return f"<kept {len(kept) - 1}>"


def _squeezed(element: str) -> str:
    """What is kept as it is, but for the white space in its tag, and in a style sheet."""
    tag, _, rest = element.partition(">")
    if _name(tag) == "style":
        rest = re.sub(r"\s*([{};:,!])\s*|\s+", lambda found: found[1] or " ", rest).strip().replace(";}", "}")
    return f"{' '.join(tag.split())}>{rest}"


def _name(tag: str) -> str:
    found = re.match(r"</?(!?[a-zA-Z0-9]+)", tag)
    return found[1].lower() if found else ""


def _follow(inside: list[str], tag: str) -> None:
    if not _name(tag) or _name(tag) in VOID or tag.endswith("/>") or tag.startswith("<!"):
        return
    if tag.startswith("</"):
        if inside:
            inside.pop()
    else:
        inside.append(tag)


def _named(tag: str) -> set[str]:
    classes = re.search(r'class="([^"]*)"', tag)
    name = re.match(r"<([a-zA-Z0-9]+)", tag)
    return {f".{one}" for one in (classes[1].split() if classes else ())} | ({name[1]} if name else set())


def _lays_boxes(inside: list[str]) -> bool:
    """Whether the innermost of these elements lays its children out as boxes."""
    return _matches(inside, _styled(r"(?:inline-)?(?:flex|grid)"))


def _ends_a_line(inside: list[str]) -> bool:
    tag = inside[-1]
    is_block = _name(tag) in BLOCKS or 'type="hidden"' in tag
    return is_block or _matches(inside, _styled("(?:flex|grid|block)"))


def _matches(inside: list[str], selectors: frozenset[tuple[str, ...]]) -> bool:
    own = _named(inside[-1])
    around = set().union(*(_named(tag) for tag in inside[:-1]))
    return any(last in own and around.issuperset(outer) for *outer, last in selectors)


@functools.cache
def _styled(display: str) -> frozenset[tuple[str, ...]]:
    """The selectors of everything with such a display, part by part."""
    sheets = "".join(sheet.read_text() for sheet in sorted(Path("static/css").glob("*.css")))
    rules = re.findall(rf"([^{{}}]+)\{{[^{{}}]*display:\s*{display}[;\s}}]", sheets)
    selectors = [one for rule in rules for one in rule.rpartition("*/")[2].replace(">", " ").split(",")]
    return frozenset(tuple(one.split()) for one in selectors if one.split())


def first_difference(before: str, after: str) -> tuple[str, str] | None:
    """Where two texts part, with a few pieces around it; None when they are the same page."""
    if "<" not in before + after:  # plain text, as it is
        return None if before.strip() == after.strip() else (before, after)
    old, new = normal(before), normal(after)
    if old == new:
        return None
    at = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    return "".join(old[max(at - 3, 0) : at + 4]), "".join(new[max(at - 3, 0) : at + 4])


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--templates-before`."""
    parser.addoption("--templates-before", type=Path, help="the templates as they were")


@pytest.fixture(autouse=True, scope="session")
def twice(request: pytest.FixtureRequest) -> Generator[None, None, None]:
    """Render everything with the templates of both folders."""
    from django.conf import settings

    folder = request.config.getoption("--templates-before")
    other = DjangoTemplates(_engine_of(settings.TEMPLATES[0], folder.resolve()))
    render = Template.render

    def both(self: Template, context: Any = None, request: Any = None) -> Any:
        after = render(self, context, request)
        if self.backend is not other and self.template.name:
            before = render(other.get_template(self.template.name), context, request)
            compared.add(self.template.name)
            if found := first_difference(before, after):
                differences.setdefault(self.template.name, found)
        return after

    Template.render = both
    yield
    Template.render = render


def _engine_of(engine: dict[str, Any], folder: Path) -> dict[str, Any]:
    params = {key: value for key, value in engine.items() if key != "BACKEND"}
    return params | {"NAME": "before", "DIRS": [folder], "OPTIONS": dict(engine["OPTIONS"])}


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """What differs."""
    terminalreporter.section("pages before and after")
    for name, (before, after) in sorted(differences.items()):
        terminalreporter.line(f"{name}\n  before: {before}\n  after:  {after}")
    terminalreporter.line(f"{len(compared)} templates compared, {len(differences)} differ")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail when a page differs, or when nothing was compared."""
    if differences or not compared:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
