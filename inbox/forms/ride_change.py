"""The form with which staff change a ride: the customer's, at any time that the ledger allows."""

from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.forms.base import TextField
from bookings.forms.ride_change import RideChangeForm
from bookings.lifecycle.rides.change_limits import is_by_the_head
from bookings.lifecycle.rides.change_request import RideChangeRequest
from bookings.lifecycle.validation import MAX_REASON
from bookings.models import Booking
from inbox.forms.base import dress


class StaffRideChangeForm(RideChangeForm):
    """Managers may make an exception to the rules, and say why."""

    forgets = frozenset({"exception", "override"})
    exception = forms.BooleanField(label=gettext_lazy("Make an exception to the rules"), required=False)
    override = TextField(
        label=gettext_lazy("Reason for making an exception"),
        help_text=gettext_lazy(
            "Managers may break the rules, never take days that are booked. The history shows the reason."
        ),
        required=False,
        max_length=MAX_REASON,
    )

    def __init__(self, data: Any = None, *, booking: Booking, may_override: bool) -> None:
        seats = is_by_the_head(booking)
        super().__init__(data, booking=booking, moves=not seats, counts=not seats)
        if not may_override:
            del self.fields["exception"], self.fields["override"]
        dress(self)
        if may_override:
            self.fields["exception"].widget.attrs.pop("class", None)

    def clean(self) -> dict[str, Any]:
        """An exception with its reason."""
        cleaned = super().clean() or {}
        if cleaned.get("exception") and not cleaned.get("override"):
            self.add_error("override", _("Enter why you make an exception"))
        return cleaned

    @property
    def asked(self) -> RideChangeRequest:
        """What is different, with the reason for an exception."""
        data = self.cleaned_data
        return replace(super().asked, override=data["override"] if data.get("exception") else "")
