"""What staff type about a booking: a new one, its return, why it is cancelled, a note."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from bookings.days import Days
from bookings.errors import Invalid
from bookings.forms.base import LinesField, MailboxField, TextField
from bookings.lifecycle.adjusting import Adjustment
from bookings.lifecycle.request import DETAILS, BookingRequest, Details, Person
from bookings.lifecycle.validation import MAX_REASON
from bookings.models import Booking, BookingNote
from bookings.models.booking import MAX_REQUESTS
from bookings.models.customer import MAX_NAME, MAX_PHONE
from cars.models import BY_NAME, Car, Location
from exodrive.forms.shown import Remembers
from inbox.forms.adjustment import AdjustsPrice
from inbox.forms.base import Plain, dress, refuse_places

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


class NoteForm(forms.ModelForm):
    """A note that only staff see."""

    class Meta:
        model = BookingNote
        fields = ["text"]
        error_messages = {"text": {"required": _("Enter a note"), "blank": _("Enter a note")}}


class NewBookingForm(AdjustsPrice, Plain):
    """A booking by hand: which car and days, and for whom. Days are checked by the verb."""

    car = forms.ModelChoiceField(
        Car.objects.none(),
        label=_("Car"),
        empty_label=_("Choose a car"),
        error_messages={"required": _("Choose a car")},
    )
    start = forms.DateField(
        label=_("Pick-up day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose a pick-up day"), "invalid": _("Choose a pick-up day")},
    )
    end = forms.DateField(
        label=_("Return day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose a return day"), "invalid": _("Choose a return day")},
    )
    full_name = TextField(
        label=_("Full name"),
        max_length=MAX_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Enter the customer's full name")},
    )
    email = MailboxField(
        label=_("Email address"),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": _("Enter the customer's email address"),
        },
    )
    phone = TextField(
        label=_("Phone number"),
        max_length=MAX_PHONE,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    language = forms.ChoiceField(label=_("Language of the emails"), choices=settings.LANGUAGES)
    pick_up = forms.ModelChoiceField(
        Location.objects.none(), label=_("Pick-up place"), required=False, empty_label=_("Where the car is")
    )
    drop_off = forms.ModelChoiceField(
        Location.objects.none(), label=_("Return place"), required=False, empty_label=_("Same as pick-up")
    )
    special_requests = LinesField(
        label=_("Special requests"),
        required=False,
        max_length=MAX_REQUESTS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    override = TextField(
        label=_("Reason for making an exception"),
        help_text=_(
            "Managers may break the rules, never take days that are booked. The history shows the reason."
        ),
        required=False,
        max_length=MAX_REASON,
    )
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, may_override: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cars = Car.objects.exclude(status=Car.Status.RETIRED).order_by(*BY_NAME)
        self.fields["car"].queryset = cars.select_related("location")  # type: ignore[attr-defined]
        for place in ("pick_up", "drop_off"):
            self.fields[place].queryset = Location.objects.all()  # type: ignore[attr-defined]
        if may_override:
            self.offer_adjustment(Adjustment.none())
            dress(self)
        else:
            del self.fields["override"]

    def clean(self) -> dict[str, Any]:
        """A range has its end after its beginning, and a car changes hands only where it may."""
        cleaned = super().clean() or {}
        if cleaned.get("car"):
            refuse_places(self, cleaned["car"])
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end:
            try:
                cleaned["days"] = Days.parse(start, end)
            except Invalid as wrong:
                self.add_error("end", str(wrong.message))
        self.check_adjustment(cleaned)
        return cleaned

    @property
    def asked(self) -> BookingRequest:
        """What was typed, on a form that is valid."""
        data, line = self.cleaned_data, self.adjustment
        return BookingRequest(
            car=data["car"],
            days=data["days"],
            who=Person(data["full_name"], data["email"]),
            details=Details(**{name: data[name] for name in DETAILS & data.keys()}),
            language=data["language"],
            source=Booking.Source.STAFF,
            override=data.get("override", ""),
            adjustment=line if line and line.amount else None,
        )
