"""The filters of staff pages: selects, and text fields that suggest their options."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from bookings.called import TYPED, label_of
from cars.models import Car


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
