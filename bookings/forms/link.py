"""What opens a booking: a PIN, or a request for a new link."""

from django import forms
from django.utils.translation import gettext_lazy

from bookings.forms.base import MailboxField, SiteForm, TextField


class PinForm(SiteForm):
    """A PIN, to be shown or to be set."""

    pin = forms.RegexField(
        r"^[0-9]{4,8}$",
        label=gettext_lazy("PIN"),
        help_text=gettext_lazy("4 to 8 digits"),
        error_messages={
            "required": gettext_lazy("Enter a PIN of 4 to 8 digits"),
            "invalid": gettext_lazy("Enter a PIN of 4 to 8 digits"),
        },
        widget=forms.PasswordInput({"inputmode": "numeric", "autocomplete": "off"}),
    )


class LinkForm(SiteForm):
    """Asks for a new link to a booking."""

    email = MailboxField(
        label=gettext_lazy("Email address"),
        help_text=gettext_lazy("The one you booked with"),
        error_messages={
            "required": gettext_lazy("Enter your email address"),
        },
        widget=forms.EmailInput({"autocomplete": "email", "spellcheck": "false"}),
    )
    reference = TextField(
        label=gettext_lazy("Booking reference"),
        help_text=gettext_lazy("It begins with EXO- and stands in every email about the booking"),
        max_length=40,
        error_messages={"required": gettext_lazy("Enter your booking reference")},
        widget=forms.TextInput(
            {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}
        ),
    )
