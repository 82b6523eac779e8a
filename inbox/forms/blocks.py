"""Forms for blocking days: which cars, when and why."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.availability.hours.blocks import WHOLE_DAYS, clock_of
from bookings.days import Days
from bookings.errors import Invalid
from bookings.forms.base import TextField
from bookings.models import Block
from bookings.search import cars_called
from cars.models import BY_NAME, Car
from exodrive.forms.shown import Remembers
from inbox.forms.base import Plain


class CarsField(forms.ModelMultipleChoiceField):
    """Some cars, told apart by their plates and places."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        """Name, plate and place."""
        return str(obj.label)


def day_field(label: Any, missing: Any) -> forms.DateField:
    """A native date input."""
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": missing, "invalid": missing},
    )


def time_field(label: Any) -> forms.TimeField:
    """A native time input, which may stay empty."""
    return forms.TimeField(
        label=label,
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": gettext_lazy("Choose a time, like 09:00")},
    )


class BlockForm(Remembers, Plain):
    """First and last day of a block, its times if it is for hours, and its reason.

    `cleaned_data["days"]` is the range, `cleaned_data["clock"]` the times of both ends, () for whole days.
    """

    start = day_field(gettext_lazy("First day"), gettext_lazy("Choose the first day"))
    end = day_field(gettext_lazy("Last day"), gettext_lazy("Choose the last day"))
    since = time_field(gettext_lazy("From, on the first day"))
    until = time_field(gettext_lazy("Until, on the last day"))
    kind = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=[("", gettext_lazy("Choose a reason")), *Block.Kind.choices],
        error_messages={"required": gettext_lazy("Choose a reason")},
    )
    note = TextField(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy("Staff see it in the calendar."),
        required=False,
        max_length=200,
    )

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first; times come in pairs."""
        cleaned = super().clean() or {}
        self._pair_times(cleaned)
        start, end = cleaned.get("start"), cleaned.get("end")
        if not (start and end):
            return cleaned
        if end < start:
            self.add_error("end", _("The last day must be the same as or after the first day"))
        else:
            cleaned["days"] = Days(start, end)
        return cleaned

    def _pair_times(self, cleaned: dict[str, Any]) -> None:
        since, until = cleaned.get("since"), cleaned.get("until")
        # Midnight is a time, too.
        cleaned["clock"] = WHOLE_DAYS if since is None or until is None else (since, until)
        if (since is None) != (until is None) and not {"since", "until"} & self.errors.keys():
            missing = "since" if since is None else "until"
            self.add_error(missing, _("Give both times, or none to block whole days"))

    def show(self, refusal: Invalid) -> None:
        """Write what the verb refused beside its time, or beside the last day."""
        fields = refusal.details.get("fields", {})
        for said, name in (("startTime", "since"), ("endTime", "until")):
            for message in fields.get(said, []):
                self.add_error(name, str(message))
        if not {"startTime", "endTime"} & fields.keys():
            self.add_error("end", str(refusal.message))

    @classmethod
    def of(cls, block: Block, data: Any = None) -> "BlockForm":
        """Filled in with what a block is, or with what of it was altered."""
        initial = {"start": block.start_date, "end": block.end_date, "kind": block.kind, "note": block.note}
        initial |= dict(zip(("since", "until"), clock_of(block), strict=False))
        form = cls(data, initial=initial)
        form.compare()
        return form


class NewBlockForm(BlockForm):
    """Also asks which cars; `cleaned_data["cars"]` has them."""

    car = CarsField(
        Car.objects.none(),
        label=gettext_lazy("Cars"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose cars from the list")},
    )
    fleet = forms.BooleanField(
        label=gettext_lazy("The whole fleet"), required=False, widget=forms.CheckboxInput()
    )
    find = forms.CharField(
        label=gettext_lazy("Name, plate or place of a car"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
    )
    field_order = ("fleet", "find", "car", "start", "end", "since", "until", "kind", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fleet"].widget.attrs.pop("class", None)
        self.fields["car"].queryset = fleet().order_by(*BY_NAME)  # type: ignore[attr-defined]

    @property
    def ticks(self) -> list[Any]:
        """The boxes of the cars that are looked for, and of those that are ticked."""
        text = str(self["find"].value() or "").replace("\0", "").strip()
        if not text:
            return list(self["car"])
        shown = {str(pk) for pk in cars_called(fleet(), text).values_list("pk", flat=True)}
        shown |= {str(pk) for pk in self["car"].value() or ()}
        return [tick for tick in self["car"] if str(tick.data["value"]) in shown]

    def clean(self) -> dict[str, Any]:
        """At least one car."""
        cleaned = super().clean()
        chosen: Iterable[Car] = fleet() if cleaned.get("fleet") else cleaned.get("car") or ()
        cleaned["cars"] = list(chosen)
        if not cleaned["cars"] and "car" not in self.errors:
            self.add_error("car", _("Choose at least one car, or the whole fleet"))
        return cleaned


def fleet() -> Any:
    """Every car that is not retired."""
    return Car.objects.exclude(status=Car.Status.RETIRED).select_related("location")
