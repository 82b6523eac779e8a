"""How a car came back, and what staff decide about what that costs; and that nobody came."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bookings.errors import BookingError
from bookings.forms.base import TextField, show_refusal
from bookings.lifecycle.checklist import MAX_NOTE, Bill, Charge, Checklist
from bookings.lifecycle.returning.bill import EARLY, OF_RETURNS
from bookings.lifecycle.validation import MAX_REASON
from bookings.models import Booking
from cars.pricing.quote import LABELS
from exodrive.i18n.formats import day, kilometres, money
from exodrive.i18n.typed_numbers import WholeNumber, written
from exodrive.money import Money
from inbox.forms.base import Plain, dress
from inbox.forms.booking import FUEL, YES_NO
from inbox.forms.money import NO_AMOUNT, amount_field

WHEN = _("Enter when the car came back")


class ReturnForm(Plain):
    """The check when a car comes back: when, odometer in km, fuel in eighths of the tank.

    What the facts come to is a second step: a tick and an amount for each charge, `shown` as long as nothing else is
    proposed. Left empty, the car comes back now.
    """

    day = forms.DateField(
        label=_("Returned on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": WHEN},
    )
    clock = forms.TimeField(
        label=_("Return time"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": WHEN},
    )
    odometer = WholeNumber(
        label=_("Odometer (km)"),
        unit="km",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Enter the odometer reading"),
            "invalid": _("Enter the odometer reading in whole kilometres"),
        },
    )
    fuel = forms.TypedChoiceField(
        label=_("Fuel or charge"),
        choices=[("", _("Choose")), *FUEL],
        coerce=int,
        error_messages={"required": _("Choose how full it is")},
    )
    damage = forms.ChoiceField(
        label=_("New damage"),
        choices=YES_NO,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether there is new damage")},
    )
    note = TextField(
        label=_("Note"), required=False, max_length=MAX_NOTE, widget=forms.Textarea(attrs={"rows": 3})
    )
    sure = forms.CharField(required=False, widget=forms.HiddenInput)
    why = TextField(
        label=_("Why not as proposed"),
        help_text=_("Staff see it in the history. The customer does not."),
        required=False,
        max_length=MAX_REASON,
    )
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    data: Any  # copied before it is altered
    unsure: int | None = None  # a reading that is asked about

    def __init__(
        self, data: Any = None, *, booking: Booking, initial: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=dict(initial or {}), auto_id="id_%s")
        self.booking = booking
        shown = self["shown"].value() or ""
        self.proposed = _parsed(shown, booking.currency)
        for charge in self.proposed:
            self._ask(charge)
        dress(self)

    def _ask(self, charge: Charge) -> None:
        label = str(LABELS[charge.kind])
        tick = forms.BooleanField(label=label, required=False, widget=forms.CheckboxInput())
        self.fields[f"charge_{charge.kind}"] = tick
        if charge.kind != EARLY:
            self.fields[f"amount_{charge.kind}"] = amount_field(label, charge.amount.currency, required=False)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """What the second step asks, in its order."""
        return [
            {
                "charge": charge,
                "tick": self[f"charge_{charge.kind}"],
                "amount": self[f"amount_{charge.kind}"] if charge.kind != EARLY else None,
                "proposed": money(abs(charge.amount)),
            }
            for charge in self.proposed
        ]

    def clean(self) -> dict[str, Any]:
        """Day and time belong together; what is charged has an amount."""
        cleaned = super().clean() or {}
        if (
            bool(cleaned.get("day")) != bool(cleaned.get("clock"))
            and not {"day", "clock"} & self.errors.keys()
        ):
            self.add_error("clock" if cleaned.get("day") else "day", WHEN)
        for charge in self._charged(cleaned):
            name = f"amount_{charge.kind}"
            if cleaned.get(name) is None and name not in self.errors:
                self.add_error(name, NO_AMOUNT)
        return cleaned

    def _charged(self, cleaned: Mapping[str, Any]) -> list[Charge]:
        return [one for one in self.proposed if one.kind != EARLY and cleaned.get(f"charge_{one.kind}")]

    @property
    def returned_at(self) -> datetime | None:
        """The instant that was typed; None for now."""
        data = self.cleaned_data
        return self.booking.drop_off.instant(data["day"], data["clock"]) if data["day"] else None

    @property
    def checklist(self) -> Checklist:
        """What was noted, without what it costs."""
        data = self.cleaned_data
        return Checklist(
            data["odometer"],
            data["fuel"],
            data["damage"] == "yes",
            data["note"],
            returned_at=self.returned_at,
        )

    @property
    def decided(self) -> Checklist:
        """The same, with what staff decided about the money."""
        data, proposed = self.cleaned_data, [one for one in self.proposed if one.kind != EARLY]
        charged = {one.kind for one in self._charged(data)}
        charges = [
            replace(
                one,
                amount=replace(one.amount, amount=self._amount(one) if one.kind in charged else Decimal(0)),
            )
            for one in proposed
        ]
        early = next((one.amount for one in self.proposed if one.kind == EARLY), None)
        less = early if data.get(f"charge_{EARLY}") else None
        return replace(self.checklist, bill=Bill(tuple(charges), less, data["why"]))

    def _amount(self, charge: Charge) -> Decimal:
        return Decimal(self.cleaned_data[f"amount_{charge.kind}"])

    def is_sure(self) -> bool:
        """Whether the reader has looked at this very reading again."""
        return bool(self.cleaned_data["sure"] == str(self.cleaned_data["odometer"]))

    def has_shown(self, found: Iterable[Charge]) -> bool:
        """Whether the reader has seen these charges."""
        return bool(self.cleaned_data["shown"] == written_down(found))

    def showing(self, found: list[Charge]) -> "ReturnForm":
        """The same as sent, with these charges to decide: as decided before, where they are no news."""
        data = self.data.copy()
        known = {one.kind: one for one in self.proposed}
        for charge in found:
            if known.get(charge.kind) != charge:
                data.pop(f"charge_{charge.kind}", None)
                data.update(ticked(charge))
        data["shown"] = written_down(found)
        again = type(self)(data, booking=self.booking)
        again.full_clean()
        return again

    def doubt(self, km: int, last: int, on: date) -> None:
        """Ask whether a reading is right that does not follow from the last one."""
        words = gettext("The last reading of this car was %(last)s on %(day)s. Is %(km)s right?")
        said = {"last": kilometres(last), "day": day(on), "km": kilometres(km)}
        self.add_error("odometer", words % said)
        self.unsure = km

    def show(self, refusal: BookingError) -> None:
        """Write what the verb refused beside the fields it is about."""
        fields = refusal.details.get("fields", {})
        for sentence in fields.pop("returnedAt", []):
            self.add_error("day", str(sentence))
        if not self.errors or fields:
            show_refusal(self, refusal)


def ticked(charge: Charge) -> dict[str, str]:
    """A charge as proposed. That days are taken off is a choice, and not made beforehand."""
    if charge.kind == EARLY:
        return {}
    return {f"charge_{charge.kind}": "on", f"amount_{charge.kind}": written(charge.amount.amount)}


def written_down(charges: Iterable[Charge]) -> str:
    """For a hidden field: "late_return=48.00=3 h;fuel=…"."""
    return ";".join(f"{one.kind}={one.amount.amount}={one.made_of}" for one in charges)


def _parsed(text: str, currency: str) -> list[Charge]:
    found = []
    for part in filter(None, text.split(";")[: len(OF_RETURNS)]):
        kind, _is, rest = part.partition("=")
        amount, _is, made_of = rest.partition("=")
        try:
            price = Money(Decimal(amount), currency)
        except (ArithmeticError, ValueError):
            continue
        if kind in OF_RETURNS:
            found.append(Charge(kind, price, price, made_of[:40]))
    return found


class NoShowForm(Plain):
    """What there is to say about somebody who did not come."""

    reason = TextField(
        label=_("Note"),
        help_text=_("Staff see it in the history. The customer does not."),
        required=False,
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    @property
    def said(self) -> str:
        """What was typed, on a form that is valid."""
        return str(self.cleaned_data["reason"])
