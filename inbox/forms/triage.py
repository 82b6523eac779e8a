"""What staff type when they share the work: a day to come back, what for, the name of a list, one reason for several."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.forms.base import TextField
from bookings.lifecycle.validation import MAX_REASON
from inbox.forms.base import Plain
from inbox.forms.blocks import day_field
from inbox.triage import MAX_FILTER_NAME, MAX_FOLLOW_UP


class SnoozeForm(Plain):
    """Until when a booking is put aside."""

    until = day_field(_("Hide from Pending until"), _("Choose the day on which it comes back"))


class FollowUpForm(Plain):
    """When to come back to a booking, and what for."""

    on = day_field(_("Follow up on"), _("Choose the day of the follow-up"))
    note = TextField(label=_("What for"), required=False, max_length=MAX_FOLLOW_UP)


class SaveFilterForm(Plain):
    """The name under which a list is kept."""

    name = TextField(
        label=_("Name of the list"),
        max_length=MAX_FILTER_NAME,
        error_messages={"required": _("Enter a name for the list")},
    )
    shared = forms.BooleanField(label=_("Show it to everybody who works here"), required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["shared"].widget.attrs.pop("class", None)


class CancelSeveralForm(Plain):
    """Why several bookings are cancelled."""

    reason = TextField(
        label=_("Reason"),
        help_text=_("Staff see it in the history. The customer does not."),
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Enter why you cancel these bookings")},
    )
