"""Choosing one car of hundreds: a text field that suggests all of them and takes every spelling, without a script too."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bookings.called import TYPED, UNKNOWN, cars_by, label_of

MOST_NAMED = 3  # cars in an error message


class CarInput(forms.TextInput):
    """A text field with a list. Its form reads what it sends by `bookings.called.with_cars`."""

    choices: Any = ()  # set by the field: ids and labels

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The car's label, and those of all cars to choose from."""
        labels = {str(pk): str(label) for pk, label in self.choices if pk}
        listed = f"{(attrs or {}).get('id', name)}_list"
        attrs = {**(attrs or {}), "list": listed, "autocomplete": "off", "spellcheck": "false"}
        typed = super().render(name + TYPED, label_of(value, labels), attrs, renderer)
        options = format_html_join("", '<option value="{}"></option>', ((one,) for one in labels.values()))
        return format_html('{}<datalist id="{}">{}</datalist>', typed, listed, options)


class CarField(forms.ModelChoiceField):
    """A car by its id, or by what `with_cars` made of a text."""

    widget = CarInput

    def label_from_instance(self, obj: Any) -> str:
        """Name, plate and place."""
        return str(obj.label)

    def to_python(self, value: Any) -> Any:
        """Raises ValidationError, with the cars that were meant, for a text that is no one car's."""
        text = str(value or "")
        if not text.startswith(UNKNOWN):
            return super().to_python(value)
        meant = cars_by(text.removeprefix(UNKNOWN))
        if not meant:
            raise ValidationError(_("No car has this name, plate or place"), code="invalid_choice")
        named = ", ".join(car.label for car in meant[:MOST_NAMED])
        words = _("Several cars are meant, like %(cars)s: choose one")
        raise ValidationError(words % {"cars": named}, code="invalid_choice")
