"""What becomes of a car whose bookings are looked at."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.forms.base import TextField
from bookings.models import Block
from cars.models import Car
from inbox.forms.base import Plain


class StatusForm(Plain):
    """Another status for a car; `keep` leaves it its bookings."""

    status = forms.ChoiceField(
        label=_("Status"),
        error_messages={"required": _("Choose a status"), "invalid_choice": _("Choose a status")},
    )
    keep = forms.BooleanField(label=_("Although bookings count on it: they stay as booked"), required=False)

    def __init__(self, data: Any = None, *, car: Car, wanted: str = "") -> None:
        super().__init__(data, initial={"status": wanted})
        others = [choice for choice in Car.Status.choices if choice[0] != car.status]
        self.fields["status"].choices = [("", _("Choose")), *others]  # type: ignore[attr-defined]
        self.fields["keep"].widget.attrs.pop("class", None)


class FillForm(Plain):
    """Why the days are blocked that become free."""

    kind = forms.ChoiceField(
        label=_("Reason"),
        choices=[("", _("Choose a reason")), *Block.Kind.choices],
        error_messages={"required": _("Choose a reason")},
    )
    note = TextField(
        label=_("Note"), help_text=_("Staff see it in the calendar."), required=False, max_length=200
    )
