"""What all forms of the public pages share."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from bookings.days import Days
from bookings.errors import Invalid
from exodrive.i18n.formats import day_long

LONGEST_REQUEST = 2000  # characters of special requests, as in the API


class LinesField(forms.CharField):
    """A text with line breaks. Browsers send line ends of their own; they are no change and count once."""

    def to_python(self, value: Any) -> str:
        """With plain line ends."""
        return str(super().to_python(value)).replace("\r\n", "\n")


class SiteForm(forms.Form):
    """A form whose fields are named as in the page's links, and which can list its errors for the summary."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "%s", **kwargs})
        for field in self.fields.values():
            if not isinstance(field.widget, forms.HiddenInput):
                field.widget.attrs.setdefault("class", "input")

    @property
    def summary(self) -> list[tuple[str, str]]:
        """(id of the field, sentence) for every error, in the order of the fields."""
        names = [*self.fields, "__all__"]
        return [
            ("" if name == "__all__" else name, str(text))
            for name in names
            for text in self.errors.get(name, [])
        ]


def parse_days(start: Any, end: Any) -> Days:
    """Days from two date fields. Raises Invalid with a sentence for the field to look at first."""
    if not (start and end):
        missing = "start" if not start else "end"
        raise Invalid.field(missing, _("Choose a pick-up day and a return day"))
    try:
        return Days.parse(start, end)
    except Invalid as error:
        if str(start) > str(end):
            first = Days.parse(start, start).start
            words = _("Return day must be the same as or after %(day)s") % {"day": day_long(first)}
            raise Invalid.field("end", words) from error
        raise
