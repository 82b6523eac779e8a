"""What figures there are. Each is one view of the database, `figure_CODE`, a row a month (and currency, car …)."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

COUNT, DAYS, SECONDS, SHARE, MONEY = "count", "days", "seconds", "share", "money"


@dataclass(frozen=True)
class Column:
    """One number of a row. `kind` says what it is of: a count, days, seconds, a share between 0 and 1, an amount."""

    name: str
    label: Any
    kind: str = COUNT


@dataclass(frozen=True)
class Figure:
    """One of them. `drawn` is the column that its chart shows; `by` are the columns that tell its rows of a month apart."""

    code: str
    label: Any
    says: Any
    columns: tuple[Column, ...]
    drawn: str
    by: tuple[str, ...] = ()
    who: Any = ""  # what stands above the names of `by`

    @property
    def view(self) -> str:
        """Its view's name."""
        return f"figure_{self.code}"

    @property
    def column(self) -> Column:
        """The one that is drawn."""
        return next(column for column in self.columns if column.name == self.drawn)

    @property
    def in_currencies(self) -> bool:
        """Whether a row is of one currency: amounts of two are never added."""
        return self.column.kind == MONEY


RENTALS = Column("rentals", _("Rentals"))
REVENUE = Column("revenue", _("Revenue"), MONEY)
COMES_TO = _(
    "By the month of the pick-up: the price of rentals that stand, and what was kept of cancelled ones. Tax is included."
)


def _revenue(by: str, label: Any, who: Any, *columns: str) -> Figure:
    return Figure(f"revenue_by_{by}", label, COMES_TO, (RENTALS, REVENUE), "revenue", columns, who)


FIGURES = (
    Figure(
        "utilisation",
        _("Utilisation"),
        _(
            "Days on which cars are rented, of the days on which they could be. Blocked days do not count; the current month"
            " counts what is booked so far."
        ),
        (
            Column("rented", _("Rented car-days")),
            Column("available", _("Available car-days")),
            Column("share", _("Utilisation"), SHARE),
        ),
        "share",
    ),
    _revenue("car", _("Revenue per car"), _("Car"), "car_id"),
    _revenue("class", _("Revenue per class"), _("Seats and gearbox"), "seats", "gearbox"),
    _revenue("place", _("Revenue per place"), _("Pick-up place"), "location_id"),
    Figure(
        "length",
        _("Average length"),
        _("By the month of the pick-up: how many days rentals take, first and last day included."),
        (RENTALS, Column("days", _("Rental days")), Column("average", _("Days, average"), DAYS)),
        "average",
    ),
    Figure(
        "lead_time",
        _("Lead time"),
        _("By the month of the booking: how many days before the pick-up confirmed bookings were made."),
        (
            Column("bookings", _("Bookings")),
            Column("average", _("Days, average"), DAYS),
            Column("median", _("Days, median"), DAYS),
        ),
        "average",
    ),
    Figure(
        "cancellation",
        _("Cancellation"),
        _("By the month of the pick-up: confirmed bookings that were cancelled."),
        (
            Column("confirmed", _("Confirmed")),
            Column("cancelled", _("Cancelled")),
            Column("share", _("Cancelled, of all confirmed"), SHARE),
            Column("never_confirmed", _("Cancelled before they were confirmed")),
        ),
        "share",
    ),
    Figure(
        "no_show",
        _("No-show"),
        _("By the month of the pick-up: rentals whose day has come and that nobody came for."),
        (
            Column("due", pgettext_lazy("rentals", "Due")),
            Column("no_shows", _("No-shows")),
            Column("share", _("No-shows, of all due"), SHARE),
        ),
        "share",
    ),
    Figure(
        "payment_completion",
        _("Payment completion"),
        _(
            "By the month of the first try: bookings that somebody began to pay for online, and those that were paid."
        ),
        (
            Column("started", _("Payments begun")),
            Column("completed", _("Paid")),
            Column("share", _("Paid, of all begun"), SHARE),
        ),
        "share",
    ),
    Figure(
        "refusals",
        _("Refusals by reason"),
        _(
            "What customers and staff asked for and did not get. What two rules forbid counts for both. Counted every 30"
            " seconds, to within a few."
        ),
        (Column("refusals", _("Refusals")),),
        "refusals",
        ("code",),
        _("Reason"),
    ),
    Figure(
        "seconds_to_confirm",
        _("Seconds to confirm"),
        _(
            "By the month of the booking: from when the dates were chosen to the booking, on the site's pages."
        ),
        (
            Column("bookings", _("Bookings")),
            Column("average", _("Seconds, average"), SECONDS),
            Column("median", _("Seconds, median"), SECONDS),
            Column("nine_of_ten", _("Seconds, nine of ten at most"), SECONDS),
        ),
        "median",
    ),
)
BY_CODE = {figure.code: figure for figure in FIGURES}
