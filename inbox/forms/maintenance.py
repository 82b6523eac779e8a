"""A service that was done."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.lifecycle.checklist import MAX_ODOMETER
from exodrive.i18n.typed_numbers import WholeNumber
from inbox.forms.base import Plain
from inbox.forms.blocks import day_field


class ServiceForm(Plain):
    """At which km, and when."""

    km = WholeNumber(
        label=_("Odometer (km)"),
        unit="km",
        min_value=0,
        max_value=MAX_ODOMETER,
        error_messages={
            "required": _("Enter the odometer reading"),
            "invalid": _("Enter the odometer reading in whole kilometres"),
        },
    )
    day = day_field(_("Done on"), _("Choose the day"))
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
