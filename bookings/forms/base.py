"""What all forms of the public pages share."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from bookings.days import Days
from bookings.errors import BookingError, Invalid, PriceChanged
from exodrive import mailboxes
from exodrive.i18n.formats import day_long, money
from exodrive.text import tidy


class MailboxField(forms.CharField):
    """An email address as typed, without characters that show nothing. It means one mailbox, or it is refused."""

    widget = forms.EmailInput
    default_validators = [mailboxes.validate_mailbox]

    def __init__(self, **kwargs: Any) -> None:
        kwargs["error_messages"] = {"invalid": mailboxes.INVALID, **kwargs.get("error_messages", {})}
        super().__init__(max_length=mailboxes.MAX_ADDRESS, **kwargs)

    def to_python(self, value: Any) -> str:
        """What shows of it."""
        return mailboxes.visible(str(super().to_python(value))).strip()


class TextField(forms.CharField):
    """A text of which invisible characters are no part: one of nothing else is missing."""

    def to_python(self, value: Any) -> str:
        """Without them."""
        return str(super().to_python(tidy(value) if isinstance(value, str) else value))


class LinesField(TextField):
    """A text with line breaks. Browsers send line ends of their own; they are no change and count once."""

    def to_python(self, value: Any) -> str:
        """With plain line ends."""
        return super().to_python(value).replace("\r\n", "\n")


# What a verb names as the API does, and a form calls otherwise than its column.
FIELDS = {
    "carId": "car",
    "startDate": "start",
    "endDate": "end",
    "pickUpLocationId": "pick_up",
    "dropOffLocationId": "drop_off",
    "adjustment.amount": "adjustment_amount",
    "adjustment.reason": "adjustment_reason",
}
CAPITAL = re.compile(r"([A-Z])")


def show_refusal(form: forms.BaseForm, refusal: BookingError) -> None:
    """Write what a verb refused beside the fields that it is about, or above the form.

    A price that changed is asked for once more: the page shows it, and its next press agrees to it.
    """
    if isinstance(refusal, PriceChanged):
        form.add_error(None, _new_price(refusal.details["was"], refusal.details["now"]))
        return
    for name, sentences in refusal.details.get("fields", {"": [refusal.message]}).items():
        last = name.rpartition(".")[2]
        field = FIELDS.get(name) or FIELDS.get(last) or CAPITAL.sub(r"_\1", last).lower()
        for sentence in sentences:
            form.add_error(field if field in form.fields else None, str(sentence))


def _new_price(was: Any, now: Any) -> str:
    if was is None or was.total in (None, now.total):
        words = _("The price is now %(price)s. Look at it, then press again to agree to it.")
        return words % {"price": money(now.total)}
    words = _("The price is now %(price)s (it was %(was)s). Look at it, then press again to agree to it.")
    return words % {"price": money(now.total), "was": money(was.total)}


class SiteForm(forms.Form):
    """A form whose fields are named as in the page's links, and which can list its errors for the summary."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "%s", **kwargs})
        for field in self.fields.values():
            if not isinstance(field.widget, forms.HiddenInput):
                field.widget.attrs.setdefault("class", "input")

    @property
    def summary(self) -> list[tuple[str, str]]:
        """(id of the field, sentence) for every error, in the order of the fields."""
        names = [*self.fields, "__all__"]
        return [
            ("" if name == "__all__" else name, str(text))
            for name in names
            for text in self.errors.get(name, [])
        ]


def errors_of(form: SiteForm | None) -> list[tuple[str, str]]:
    """The summary of a form that was sent."""
    return form.summary if form is not None and form.is_bound else []


def parse_days(start: Any, end: Any) -> Days:
    """Days from two date fields. Raises Invalid with a sentence for the field to look at first."""
    if not (start and end):
        missing = "start" if not start else "end"
        raise Invalid.field(missing, _("Choose a pick-up day and a return day"))
    try:
        return Days.parse(start, end)
    except Invalid as error:
        if str(start) > str(end):
            first = Days.parse(start, start).start
            words = _("Return day must be the same as or after %(day)s") % {"day": day_long(first)}
            raise Invalid.field("end", words) from error
        raise
