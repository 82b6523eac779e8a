"""What staff type about a booking: a new one, its return, why it is cancelled, a note."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.forms.base import MailboxField, TextField
from bookings.lifecycle.request import Person
from bookings.models import Booking, BookingNote
from bookings.models.customer import MAX_NAME
from bookings.models.marks import MAX_WHY
from exodrive.forms.shown import Remembers
from inbox.forms.base import Plain

YES_NO = [("yes", _("Yes")), ("no", _("No"))]
FUEL = [
    ("0", _("Empty")),
    *((str(n), f"{n}/8") for n in range(1, 8)),
    ("8", _("Full")),
]


class CustomerForm(Remembers, Plain):
    """Who booked, to be corrected."""

    def __init__(self, data: Any = None, *, booking: Booking) -> None:
        super().__init__(data, initial={"full_name": booking.full_name, "email": booking.email})
        self.fields["email"].required = bool(booking.email)
        self.compare()

    full_name = TextField(
        label=_("Full name"),
        max_length=MAX_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Enter the customer's full name")},
    )
    email = MailboxField(
        label=_("Email address"),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Enter the customer's email address")},
    )

    @property
    def person(self) -> Person:
        """As typed."""
        return Person(self.cleaned_data["full_name"], self.cleaned_data["email"])


class DoNotRentForm(Plain):
    """Why a manager does not want to rent to somebody."""

    reason = TextField(
        label=_("Reason"),
        help_text=_("Without names and numbers: it stays when the customer has their data deleted."),
        max_length=MAX_WHY,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Enter why we do not rent to this customer")},
    )


class NoteForm(forms.ModelForm):
    """A note that only staff see."""

    class Meta:
        model = BookingNote
        fields = ["text"]
        error_messages = {"text": {"required": _("Enter a note"), "blank": _("Enter a note")}}
