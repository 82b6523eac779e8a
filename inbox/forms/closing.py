"""Which day, where and from when on nobody is there."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cars.models import Location
from inbox.forms.base import Plain
from inbox.forms.blocks import day_field


class ClosingForm(Plain):
    """Without a place all of them, without a time the whole day."""

    day = day_field(_("Day"), _("Choose the day"))
    place = forms.ModelChoiceField(
        Location.objects.none(),
        label=_("Place"),
        required=False,
        empty_label=_("All places"),
        error_messages={"invalid_choice": _("Choose a place from the list")},
    )
    closes = forms.TimeField(
        label=_("Closes at"),
        help_text=_("Empty means closed all day."),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("Enter a time")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = Location.objects.all()  # type: ignore[attr-defined]
