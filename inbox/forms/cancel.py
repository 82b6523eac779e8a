"""Why staff cancel a booking."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bookings.forms.base import TextField
from bookings.lifecycle.validation import MAX_REASON
from bookings.models import Booking
from bookings.payments.terms import refund_if_cancelled
from exodrive.i18n.formats import money
from inbox.forms.base import Plain

CUSTOMER = "customer"


class CancelForm(Plain):
    """Why a booking is cancelled, and where something was paid, whether all of it comes back."""

    reason = TextField(
        label=_("Reason"),
        help_text=_("Staff see it in the history. The customer does not."),
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Enter why you cancel this booking")},
    )
    wish = forms.ChoiceField(
        label=_("Who wants it?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who wants the booking cancelled")},
    )

    still_out = forms.BooleanField(
        label=_("Cancel although the car is not back"),
        help_text=_("It stays on the list of overdue cars until somebody takes it back."),
        error_messages={"required": _("Take the car back first, or tick that it is still out")},
    )

    def __init__(self, *args: Any, booking: Booking, may_still_out: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["still_out"].widget.attrs["class"]
        if not (booking.is_out and may_still_out):
            del self.fields["still_out"]
        if not booking.paid:
            del self.fields["wish"]
            return
        back = {"amount": money(refund_if_cancelled(booking, timezone.now()))}
        ours = {"amount": money(booking.paid_money)}
        self.fields["wish"].choices = [  # type: ignore[attr-defined]
            (CUSTOMER, gettext("The customer: %(amount)s comes back, by the terms") % back),
            ("us", gettext("We do: %(amount)s comes back (managers only)") % ours),
        ]

    @property
    def why(self) -> dict[str, Any]:
        """What `cancel` is told: the reason, whether it is the customer's wish, and whether the car stays out."""
        data = self.cleaned_data
        return {
            "reason": data["reason"],
            "wished": data.get("wish") == CUSTOMER,
            "still_out": data.get("still_out", False),
        }
