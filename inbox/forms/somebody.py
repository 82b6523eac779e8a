"""Customers whom staff book for, by phone or at the counter."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.forms.base import LinesField, MailboxField, TextField
from bookings.lifecycle.request import Person
from bookings.lifecycle.validation import MAX_REASON
from bookings.models.booking import MAX_REQUESTS
from bookings.models.customer import MAX_NAME, MAX_PHONE
from exodrive.phones import is_dialable
from inbox.forms.base import Plain

NOBODY = {"autocomplete": "off", "spellcheck": "false"}  # a browser knows staff, not their customers


class ForSomebody(Plain):
    """Who it is for, how they are told, and the exception that a manager makes for them."""

    full_name = TextField(
        label=gettext_lazy("Full name"),
        max_length=MAX_NAME,
        widget=forms.TextInput(attrs=NOBODY),
        error_messages={"required": gettext_lazy("Enter the customer's full name")},
    )
    phone = TextField(
        label=gettext_lazy("Phone number"),
        max_length=MAX_PHONE,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    email = MailboxField(
        label=gettext_lazy("Email address"),
        help_text=gettext_lazy("Without one nobody is mailed: there must be a phone number then."),
        required=False,
        widget=forms.EmailInput(attrs=NOBODY),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of the emails"), choices=settings.LANGUAGES)
    special_requests = LinesField(
        label=gettext_lazy("Special requests"),
        required=False,
        max_length=MAX_REQUESTS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    silent = forms.BooleanField(
        label=gettext_lazy("Send no email about this booking now"),
        help_text=gettext_lazy("The history says so. Later emails go as usual."),
        required=False,
    )
    override = TextField(
        label=gettext_lazy("Reason for making an exception"),
        help_text=gettext_lazy(
            "Managers may break the rules, never take days that are booked. The history shows the reason."
        ),
        required=False,
        max_length=MAX_REASON,
    )
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Somebody can be told."""
        cleaned = super().clean() or {}
        if "email" in cleaned and not cleaned["email"] and not is_dialable(cleaned.get("phone", "")):
            self.add_error("email", _("Enter an email address, or a phone number to call"))
        return cleaned

    @property
    def person(self) -> Person:
        """The customer, on a form that is valid."""
        return Person(self.cleaned_data["full_name"], self.cleaned_data["email"])
