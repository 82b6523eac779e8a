"""What staff note when they give a customer the keys."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bookings.errors import BookingError
from bookings.forms.base import TextField, show_refusal
from bookings.lifecycle.checklist import MAX_NOTE, HandOver
from bookings.lifecycle.keys.given import is_early
from bookings.models import Booking
from exodrive.i18n.formats import day_full, money
from exodrive.i18n.typed_numbers import WholeNumber
from inbox.forms.base import Plain
from inbox.forms.booking import FUEL

KNOWN = (Booking.DepositStatus.HELD, Booking.DepositStatus.CAPTURED)  # nobody has to take what we have
TICKS = ("early", "licence_seen", "deposit_taken")


class HandOverForm(Plain):
    """The check when a car leaves: odometer in km, fuel in eighths of the tank, papers, deposit, marks.

    Before the pick-up day it also asks whether that is meant, naming the day.
    """

    early = forms.BooleanField(error_messages={"required": gettext_lazy("Tick that the car leaves early")})
    odometer = WholeNumber(
        label=gettext_lazy("Odometer (km)"),
        unit="km",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Enter the odometer reading"),
            "invalid": gettext_lazy("Enter the odometer reading in whole kilometres"),
        },
    )
    fuel = forms.TypedChoiceField(
        label=gettext_lazy("Fuel or charge"),
        choices=[("", gettext_lazy("Choose")), *FUEL],
        coerce=int,
        error_messages={"required": gettext_lazy("Choose how full it is")},
    )
    licence_seen = forms.BooleanField(
        label=gettext_lazy("I have seen the driving licence"),
        error_messages={"required": gettext_lazy("Tick that you have seen the driving licence")},
    )
    deposit_taken = forms.BooleanField(required=False)
    note = TextField(
        label=gettext_lazy("Marks on the car"),
        required=False,
        max_length=MAX_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any = None, *, booking: Booking, at: datetime) -> None:
        super().__init__(data)
        for name in TICKS:
            del self.fields[name].widget.attrs["class"]
        self.fields["deposit_taken"].label = _("Deposit taken: %(amount)s") % {
            "amount": money(booking.deposit_money)
        }
        if not booking.deposit or booking.deposit_status in KNOWN:
            del self.fields["deposit_taken"]
        self.is_early = is_early(booking, at)
        if self.is_early:
            self.fields["early"].label = _early(booking, at)
        else:
            del self.fields["early"]

    @property
    def noted(self) -> HandOver:
        """What was noted, on a form that is valid."""
        data = self.cleaned_data
        return HandOver(
            odometer=data["odometer"],
            fuel=data["fuel"],
            licence_seen=data["licence_seen"],
            deposit_taken=data.get("deposit_taken"),
            note=data["note"],
            early=data.get("early", False),
        )

    def show(self, refusal: BookingError) -> None:
        """Write what the verb refused beside the fields it is about, else above them."""
        show_refusal(self, refusal)


def _early(booking: Booking, at: datetime) -> str:
    """ "The rental of Marta Oliveira begins on Friday 4 December 2026, in 8 days. The car leaves today." """
    days = (booking.start_date - booking.pick_up.today(at)).days
    words = ngettext(
        "The rental of %(name)s begins on %(day)s, in %(n)d day. The car leaves today.",
        "The rental of %(name)s begins on %(day)s, in %(n)d days. The car leaves today.",
        days,
    )
    return words % {"name": booking.full_name, "day": day_full(booking.start_date), "n": days}
