"""What staff type about a booking: a new one, its return, why it is cancelled, a note."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bookings.errors import Invalid
from bookings.forms.base import MailboxField, TextField
from bookings.lifecycle.checklist import MAX_NOTE, Checklist
from bookings.lifecycle.request import Person
from bookings.lifecycle.validation import MAX_REASON
from bookings.models import Booking, BookingNote
from bookings.models.customer import MAX_NAME
from bookings.models.marks import MAX_WHY
from bookings.payments.terms import refund_if_cancelled
from exodrive.forms.shown import Remembers
from exodrive.i18n.formats import money
from exodrive.i18n.typed_numbers import WholeNumber
from inbox.forms.base import Plain

YES_NO = [("yes", _("Yes")), ("no", _("No"))]
FUEL = [
    ("0", _("Empty")),
    *((str(n), f"{n}/8") for n in range(1, 8)),
    ("8", _("Full")),
]


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

    def __init__(self, *args: Any, booking: Booking, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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
    def wished(self) -> bool:
        """Whether it is the customer's wish."""
        return self.cleaned_data.get("wish") == CUSTOMER


class ReturnForm(Plain):
    """The check when a car comes back: odometer in km, fuel in eighths of the tank."""

    odometer = WholeNumber(
        label=_("Odometer (km)"),
        unit="km",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Enter the odometer reading"),
            "invalid": _("Enter the odometer reading in whole kilometres"),
        },
    )
    fuel = forms.TypedChoiceField(
        label=_("Fuel or charge"),
        choices=[("", _("Choose")), *FUEL],
        coerce=int,
        error_messages={"required": _("Choose how full it is")},
    )
    damage = forms.ChoiceField(
        label=_("New damage"),
        choices=YES_NO,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether there is new damage")},
    )
    note = TextField(
        label=_("Note"), required=False, max_length=MAX_NOTE, widget=forms.Textarea(attrs={"rows": 3})
    )

    @property
    def checklist(self) -> Checklist:
        """What was noted."""
        data = self.cleaned_data
        return Checklist(data["odometer"], data["fuel"], data["damage"] == "yes", data["note"])

    def show(self, refusal: Invalid) -> bool:
        """Write what the verb refused beside the fields it is about; whether it is about any."""
        fields = refusal.details.get("fields", {})
        for name, sentences in fields.items():
            self.add_error(name, sentences)
        return bool(fields)


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
