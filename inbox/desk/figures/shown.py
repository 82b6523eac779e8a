"""Figures as the page shows them: for each currency a chart and the same numbers in a table."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from exodrive.i18n import formats
from exodrive.money import Money
from inbox.desk.figures.kinds import COUNT, FIGURES, MONEY, SHARE, Column, Figure
from inbox.desk.figures.period import Period
from inbox.desk.figures.reading import Row, read, read_most

MOST = 12  # bars of one chart, and rows of a table by car, place …; the rest stands in the download
BAR = 14  # pixels
NOTHING = "–"
DIGITS = {COUNT: 0, "days": 1, "seconds": 0}


class Layout(NamedTuple):
    """Of a chart: the height of a line and how far below its top the bar lies, in pixels; where bars begin and how long the
    longest is, in per cent of the width."""

    line: int
    drop: int
    left: int
    longest: int


BESIDE = Layout(line=26, drop=0, left=26, longest=52)  # months: their names before the bars
ABOVE = Layout(line=42, drop=16, left=0, longest=76)  # cars, places …: theirs are as long as they are


@dataclass(frozen=True)
class Bar:
    """One bar of a chart. Positions are pixels from the top, or per cent of the width."""

    name: str
    said: str
    length: str
    number: int
    layout: Layout

    @property
    def head(self) -> int:
        """Where its name stands."""
        return self.layout.line * self.number + BAR - 3

    @property
    def top(self) -> int:
        """Where it lies."""
        return self.layout.line * self.number + self.layout.drop

    @property
    def base(self) -> int:
        """Where what it says stands."""
        return self.top + BAR - 3

    @property
    def end(self) -> str:
        """Where that begins."""
        return f"{self.layout.left + float(self.length) + 1:.1f}"

    @property
    def room(self) -> int:
        """The width of its line."""
        return 100 - self.layout.left


@dataclass(frozen=True)
class Table:
    """Heads, and rows that begin with what they are about."""

    heads: list[str]
    rows: list[list[str]]


@dataclass(frozen=True)
class Block:
    """One currency of a figure, or all of it where it is of none."""

    currency: str
    bars: list[Bar]
    table: Table
    left_out: int  # rows that only the download has

    @property
    def height(self) -> int:
        """Of the chart in pixels."""
        return sum(bar.layout.line for bar in self.bars)


@dataclass(frozen=True)
class Shown:
    """A figure with what was found, nothing where there is nothing."""

    figure: Figure
    blocks: list[Block]


def show_all(period: Period) -> list[Shown]:
    """Every figure of a period."""
    return [Shown(figure, _blocks(figure, period.months)) for figure in FIGURES]


def said(value: Any, column: Column, currency: str) -> str:
    """A number as the reader writes it."""
    if value is None:
        return NOTHING
    if column.kind == MONEY:
        return formats.money(Money(value, currency))
    return formats.percent(value) if column.kind == SHARE else formats.number(value, DIGITS[column.kind])


def _blocks(figure: Figure, months: list[date]) -> list[Block]:
    if not figure.by:
        found = _by_currency(read(figure, months))
        return [_by_month(figure, months, currency, rows) for currency, rows in found.items()]
    most, keys = read_most(figure, months, MOST)
    return [
        _by_name(figure, months, currency, rows, keys[currency])
        for currency, rows in _by_currency(most).items()
    ]


def _by_currency(rows: list[Row]) -> dict[str, list[Row]]:
    currencies = sorted({row.currency for row in rows})
    return {currency: [row for row in rows if row.currency == currency] for currency in currencies}


def _by_month(figure: Figure, months: list[date], currency: str, rows: list[Row]) -> Block:
    known = {row.month: row.values for row in rows}
    drawn = [(formats.month_short(month), known.get(month, {}).get(figure.drawn)) for month in months]
    lines = [
        [
            formats.month(month),
            *(said(known.get(month, {}).get(column.name), column, currency) for column in figure.columns),
        ]
        for month in months
    ]
    heads = [str(column.label) for column in figure.columns]
    return Block(currency, _bars(figure, currency, drawn), Table(heads, lines), 0)


def _by_name(figure: Figure, months: list[date], currency: str, rows: list[Row], keys: int) -> Block:
    """Each car, place … in a row, with its months in columns; those with the most first. `keys`: how many there are."""
    found: dict[Any, dict[date, Any]] = {}
    for row in rows:
        found.setdefault((row.key, row.name), {})[row.month] = row.values[figure.drawn]
    sums = sorted(
        ((sum(known.values()), name, known) for (_key, name), known in found.items()),
        key=lambda one: (-one[0], one[1]),
    )
    lines = [
        [name, *(said(value, figure.column, currency) for value in (total, *map(known.get, months)))]
        for total, name, known in sums
    ]
    bars = _bars(figure, currency, [(name, total) for total, name, _known in sums])
    heads = [str(figure.column.label), *map(formats.month_short, months)]
    return Block(currency, bars, Table(heads, lines), keys - len(sums))


def _bars(figure: Figure, currency: str, drawn: list[tuple[str, Any]]) -> list[Bar]:
    """The longest fills its place. A loss has no length."""
    layout = ABOVE if figure.by else BESIDE
    most = max((value for _name, value in drawn if value), default=0)
    return [
        Bar(
            name,
            said(value, figure.column, currency),
            f"{max(Decimal(0), Decimal(value or 0) / Decimal(most)) * layout.longest if most else 0:.1f}",
            number,
            layout,
        )
        for number, (name, value) in enumerate(drawn)
    ]
