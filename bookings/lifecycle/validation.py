"""What no door may let through: values that a booking cannot have, whoever asks. The model's fields say which."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from bookings.errors import Invalid
from bookings.lifecycle.change_request import ChangeRequest
from bookings.lifecycle.request import COLUMNS, BookingRequest, Details, Extras, Person
from bookings.models import Booking
from exodrive.phones import is_dialable
from exodrive.rls import STAFF, current

MAX_EXTRAS = 50  # of one booking
MAX_QUANTITY = 99  # of one extra
MAX_REASON = 500  # characters


def refuse_unusable(request: BookingRequest) -> None:
    """Raise Invalid, naming every field of a new booking that cannot be kept as the API spells it."""
    customer = {"full_name": request.who.full_name, "email": request.who.email}
    details = dict(request.columns)
    customer["phone"] = details.pop("phone")
    without = of_address(customer["email"], customer["phone"])
    rest = {"source": request.source, **({"language": request.language} if request.language else {})}
    problems = {f"customer.{name}": words for name, words in _problems(customer).items()}
    problems |= (
        without | _problems(details | rest) | _of_extras(request.details) | of_reason(request.override)
    )
    problems |= of_delivery(details["delivery"], details["delivery_address"])
    if problems:
        raise Invalid(fields=problems)


def refuse_unusable_person(who: Person, booking: Booking) -> None:
    """Raise Invalid for a name or an address that nobody has, as the API spells it. An address is not taken away again."""
    problems = _problems({"full_name": who.full_name, "email": who.email})
    if booking.email and not who.email:
        problems["email"] = [_("Enter the customer's email address")]
    if problems:
        raise Invalid(fields={f"customer.{name}": words for name, words in problems.items()})


def of_address(email: str, phone: str) -> dict[str, list[str]]:
    """What is wrong with how a customer is reached: only staff leave the address out, where there is a phone number."""
    if email:
        return {}
    if current().role != STAFF:
        return {"customer.email": [_("Enter your email address")]}
    if not is_dialable(phone):
        return {"customer.email": [_("Enter an email address, or a phone number to call")]}
    return {}


def refuse_unreachable(booking: Booking) -> None:
    """Raise Invalid when a booking by phone loses its number."""
    if not booking.mailbox and not is_dialable(booking.phone):
        words = _("This booking has no email address: it needs a phone number to call.")
        raise Invalid(fields={"phone": [words]})


def refuse_unusable_change(news: ChangeRequest) -> None:
    """Raise Invalid, naming every new value that cannot be kept as the API spells it."""
    details = {name: getattr(news.details, name) for name in news.details.named.intersection(COLUMNS)}
    problems = _problems(details) | _of_extras(news.details) | of_reason(news.override)
    if problems:
        raise Invalid(fields=problems)


def problems_of(model: type[Model], said: dict[str, Any]) -> dict[str, list[str]]:
    """What a model's fields say against these values, by the names that the API has for them."""
    found = {}
    for name, value in said.items():
        try:
            model._meta.get_field(name).clean(value, None)  # type: ignore[union-attr]
        except ValidationError as error:
            first, *rest = name.split("_")
            found[first + "".join(word.title() for word in rest)] = error.messages
    return found


def _problems(said: dict[str, Any]) -> dict[str, list[str]]:
    return problems_of(Booking, said)


def of_delivery(delivery: bool, address: str) -> dict[str, list[str]]:
    """What is wrong with where a car is brought to."""
    if delivery and not address.strip():
        return {"deliveryAddress": [_("Enter the address where we bring the car")]}
    if address and not delivery:
        return {"deliveryAddress": [_("An address belongs to a car that is brought")]}
    return {}


def _of_extras(details: Details) -> dict[str, list[str]]:
    return of_extras(details.extras or ())


def of_extras(wanted: Extras) -> dict[str, list[str]]:
    """What is wrong with how many are wanted."""
    if len(wanted) <= MAX_EXTRAS and all(0 <= n <= MAX_QUANTITY for _extra, n in wanted):
        return {}
    words = _("At most %(kinds)d extras, and %(n)d of each.")
    return {"extras": [words % {"kinds": MAX_EXTRAS, "n": MAX_QUANTITY}]}


def of_reason(override: str) -> dict[str, list[str]]:
    """What is wrong with why staff make an exception."""
    if len(override) <= MAX_REASON and "\0" not in override:
        return {}
    words = _("The reason for an exception has at most %(n)d characters.")
    return {"override.reason": [words % {"n": MAX_REASON}]}
