"""A figure as a file for a spreadsheet: every row of its view, numbers as programs write them."""

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Any

from exodrive.money import Money
from inbox.desk.figures.kinds import MONEY, Figure
from inbox.desk.figures.period import Period
from inbox.desk.figures.reading import Row, read
from inbox.desk.triage.export import cell

MARK = "\ufeff"  # by which spreadsheets know that it is UTF-8


def as_csv(figure: Figure, period: Period) -> str:
    """Heads in English codes, as the API has them; months as their first day."""
    heads = ["month", *(["currency"] if figure.in_currencies else []), *(["name"] if figure.by else [])]
    text = StringIO()
    text.write(MARK)
    writer = csv.writer(text)
    writer.writerow([*heads, *(column.name for column in figure.columns)])
    writer.writerows(list(_cells(figure, row)) for row in read(figure, period.months))
    return text.getvalue()


def _cells(figure: Figure, row: Row) -> Iterator[str]:
    yield row.month.isoformat()
    if figure.in_currencies:
        yield row.currency
    if figure.by:
        yield cell(row.name)
    for column in figure.columns:
        value = row.values[column.name]
        yield str(Money(value, row.currency).rounded().amount) if column.kind == MONEY else _number(value)


def _number(value: Any) -> str:
    if value is None or isinstance(value, int):
        return "" if value is None else str(value)
    return f"{value:.4f}".rstrip("0").rstrip(".")
