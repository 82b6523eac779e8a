"""What all forms of the staff pages share."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from bookings.availability.locations import locations_for
from bookings.errors import BookingError
from bookings.forms.base import show_refusal
from cars.models import Car


class Plain(forms.Form):
    """A form whose fields look like the site's and carry their errors to screen readers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self)


def dress(form: forms.BaseForm) -> None:
    """Give every control the class of its kind; the labels of `_field.html` do the rest."""
    for field in form.fields.values():
        if isinstance(field.widget, forms.Select) and not isinstance(field.widget, forms.RadioSelect):
            field.widget.attrs["class"] = "select select--wide"
        elif not isinstance(field.widget, forms.HiddenInput | forms.RadioSelect):
            field.widget.attrs["class"] = "input"


def refuse_places(form: forms.BaseForm, car: Car) -> None:
    """Say beside each place that was chosen where the car may change hands, when it may not there."""
    allowed = locations_for(car)
    for name in ("pick_up", "drop_off"):
        if form.cleaned_data.get(name) and form.cleaned_data[name] not in allowed:
            words = _("This car changes hands at: %(places)s")
            form.add_error(name, words % {"places": ", ".join(place.name for place in allowed)})


def show_days_refused(form: forms.BaseForm, refusal: BookingError) -> None:
    """Rules and taken days beside the pick-up day; everything else where it belongs."""
    reasons = refusal.details.get("reasons")
    if not reasons:
        show_refusal(form, refusal)
    for reason in reasons or []:
        form.add_error("start", str(reason.message))


def errors_of(form: forms.BaseForm) -> list[tuple[str, str]]:
    """The error summary: (id of the field, sentence) in the order of the fields."""
    found = [("", str(error)) for error in form.non_field_errors()]
    for name in form.fields:
        found += [(form[name].auto_id, str(error)) for error in form.errors.get(name, [])]
    return found
