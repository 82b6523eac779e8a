"""What opens a booking: a PIN, or a request for a new link."""

from django import forms
from django.utils.translation import gettext_lazy

from bookings.forms.base import MailboxField, SiteForm, TextField
from exodrive.mailboxes import canonical


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


class AddressForm(SiteForm):
    """An email address, typed once more or before anything else."""

    email = MailboxField(
        label=gettext_lazy("Email address"),
        error_messages={"required": gettext_lazy("Enter your email address")},
        widget=forms.EmailInput({"autocomplete": "email", "spellcheck": "false"}),
    )

    @property
    def mailbox(self) -> str:
        """Which mailbox was typed."""
        return canonical(self.cleaned_data["email"])


class CodeForm(AddressForm):
    """An address, and the code that was sent there."""

    code = forms.CharField(
        label=gettext_lazy("Code from the email"),
        help_text=gettext_lazy("6 digits"),
        required=False,
        max_length=20,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "one-time-code"}),
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
