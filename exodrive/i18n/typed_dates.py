"""Dates and times as people type them: day before month, a 24-hour clock; ISO beside that. Nothing else is guessed at."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

DAY_FIRST = _("Day/month/year, like 31/12/2027.")
CLOCK = _("Hours:minutes, like 18:30.")


class Hinted(forms.Field):
    """Says beside the field how it is typed, unless it says something there already."""

    hint: Any = ""

    def __init__(self, **kwargs: Any) -> None:
        kwargs["help_text"] = kwargs.get("help_text") or self.hint
        super().__init__(**kwargs)


class TypedDate(Hinted, forms.DateField):
    """A date, as `exodrive.i18n.reading` reads it."""

    hint = DAY_FIRST
    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": _("Type the date as day/month/year, like 31/12/2027."),
    }


class TypedTime(Hinted, forms.TimeField):
    """A time of the day."""

    hint = CLOCK
    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": _("Type the time as hours:minutes, like 18:30.")
    }
