"""Words for input that does not fit: the schema library speaks English only, Django's forms speak the reader's language."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms import DateField, Field, IntegerField
from django.utils.translation import gettext_lazy as _

from exodrive.mailboxes import INVALID

EVERYTHING = "body"  # the name for a message about the input as a whole
NOT_VALID = _("This value is not valid.")
MESSAGES = {
    "missing": Field.default_error_messages["required"],
    "extra_forbidden": _("There is no such field."),
    "date_parsing": DateField.default_error_messages["invalid"],
    "wall_time_parsing": _("Send a date and a time of the place's clock, like 2027-03-11T10:30."),
    "int_parsing": IntegerField.default_error_messages["invalid"],
    "int_type": IntegerField.default_error_messages["invalid"],
    "int_from_float": IntegerField.default_error_messages["invalid"],
    "email": INVALID,
}
LIMITS = {
    "greater_than_equal": (MinValueValidator.message, "ge"),
    "less_than_equal": (MaxValueValidator.message, "le"),
    "string_too_long": (_("At most %(limit_value)d characters."), "max_length"),
}


def fields_of(errors: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Messages by field, like `{"customer.email": ["Enter a valid email address."]}`."""
    fields: dict[str, list[str]] = {}
    for error in errors:
        message = _message(error)
        messages = fields.setdefault(_name(error["loc"]), [])
        if message not in messages:
            messages.append(message)
    return fields


def _name(loc: tuple[Any, ...]) -> str:
    """The path of the field without the part that says where the input came from."""
    source, *path = loc
    if source == "body":
        path = path[1:]  # the name of the view's argument
    return ".".join(str(step) for step in path) or EVERYTHING


def _message(error: Mapping[str, Any]) -> str:
    kind = error["type"]
    if kind in LIMITS:
        message, limit = LIMITS[kind]
        return str(message % {"limit_value": error["ctx"][limit]})
    return str(MESSAGES.get(kind, NOT_VALID))
