"""The twelve months that figures are shown for: the last ones, or those of a year."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Max, Min
from django.http import QueryDict
from django.utils.translation import gettext as _

from bookings.models import Booking
from exodrive.numbers import small_number
from inbox.desk.choices import Choice

MONTHS = 12


@dataclass(frozen=True)
class Period:
    """The months that begin on `first` and later; `year` is "" for the last twelve."""

    first: date
    year: str = ""

    @classmethod
    def read(cls, params: QueryDict, today: date) -> "Period":
        """From the parameters of a URL; what is no year is left out."""
        year = small_number(params.get("year", ""))
        if year and date.min.year < year < date.max.year:
            return cls(date(year, 1, 1), str(year))
        return cls(next(_months(today.replace(day=1), 1 - MONTHS)))

    @property
    def months(self) -> list[date]:
        """The first day of each."""
        months = _months(self.first, 0)
        return [next(months) for _n in range(MONTHS)]

    @property
    def query(self) -> str:
        """What follows an address that shows this period."""
        return f"?{urlencode({'year': self.year})}" if self.year else ""

    @property
    def choices(self) -> list[Choice]:
        """The last months, and every year with a pick-up."""
        found: dict[str, Any] = Booking.objects.aggregate(first=Min("start_date"), last=Max("start_date"))
        years = range(found["last"].year, found["first"].year - 1, -1) if found["first"] else ()
        options = [("", _("The last 12 months")), *((str(year), str(year)) for year in years)]
        return [Choice("year", _("Months"), self.year, options)]


def _months(first: date, after: int) -> Iterator[date]:
    """First days of months, from the one `after` months later than `first`'s."""
    number = first.year * 12 + first.month - 1 + after
    while True:
        yield date(number // 12, number % 12 + 1, 1)
        number += 1
