"""The filters of staff pages: selects, and text fields that suggest their options."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from bookings.called import TYPED, label_of
from bookings.models import Booking
from cars.models import Car
from inbox.desk.query import Query


@dataclass(frozen=True)
class Choice:
    """A filter's select; or a text field that suggests its options, with what it shows (`typed`)."""

    name: str
    label: str
    value: str
    options: list[tuple[str, Any]]
    typed: str | None = None


def car_choice(value: str) -> Choice:
    """Some cars of hundreds: by their list, or by any text that `bookings.called` reads."""
    labels = Car.objects.labels()
    return Choice(f"car{TYPED}", _("Car"), value, [*labels.items()], label_of(value, labels))


def choices_of(query: Query) -> list[Choice]:
    """The inbox's filters."""
    when = [("", _("Any pick-up date")), ("today", _("Today")), ("week", _("Next 7 days"))]
    return [
        car_choice(query.car),
        Choice("when", _("Pick-up"), query.when, when),
        Choice(
            "payment",
            _("Payment"),
            query.payment,
            [("", _("Any payment")), *Booking.PaymentStatus.choices],
        ),
        Choice(
            "who",
            _("Assigned to"),
            query.who,
            [("", _("Anybody")), ("me", _("Mine")), ("nobody", _("Unassigned"))],
        ),
        Choice(
            "sort",
            _("Order"),
            query.sort,
            [("", _("Usual order")), ("pick_up", _("By pick-up")), ("age", _("Oldest first"))],
        ),
    ]
