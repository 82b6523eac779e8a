"""Cars as staff call them in one text: by name, plate and place, as a list of them suggests or in their own spelling."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from bookings.search import cars_called
from cars.models import Car
from exodrive.numbers import small_number

TYPED = "_called"  # a page sends the text under the field's name with this; links and programs send an id as the field
UNKNOWN = "?"  # before a text that is no one car's


def with_cars(sent: Any, *names: str) -> Any:
    """What a page sent, with the id of the one car that was called in each of these fields, or else with the text, marked.

    `sent` is a QueryDict; one that names no car by text comes back as it is. A query for each text.
    """
    texts = {name: sent[name + TYPED].strip() for name in names if name + TYPED in sent}
    if not texts:
        return sent
    read = sent.copy()
    for name, text in texts.items():
        del read[name + TYPED]
        found = cars_by(text) if text else []
        read[name] = str(found[0].pk) if len(found) == 1 else UNKNOWN + text if text else ""
    return read


def cars_by(text: str) -> list[Car]:
    """The car that the list calls so; else all that have these words."""
    found = list(cars_called(Car.objects.all(), text))
    exact = [car for car in found if _folded(car.label) == _folded(text)]
    return exact or found


def _folded(label: str) -> str:
    return " ".join(label.casefold().split())


def chosen_cars(value: str) -> QuerySet[Car]:
    """The cars that a filter's value stands for: one by its id, or all that a marked text calls."""
    if value.startswith(UNKNOWN):
        return cars_called(Car.objects.all(), value.removeprefix(UNKNOWN))
    return Car.objects.filter(pk=small_number(value) or 0)


def label_of(value: Any, labels: Mapping[str, str]) -> str:
    """What the text field shows for such a value; `labels` are those of all cars by id."""
    text = str(value or "")
    return text.removeprefix(UNKNOWN) if text.startswith(UNKNOWN) else labels.get(text, "")
