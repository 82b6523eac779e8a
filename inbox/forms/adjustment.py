"""What managers type to adjust a price: so much more or less, and why."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.forms.base import TextField
from bookings.lifecycle.pricing.adjusting import MAX_WHY, Adjustment
from exodrive.db.amounts import PriceField
from exodrive.i18n.typed_numbers import DecimalNumber
from exodrive.money import Money, digits_of
from inbox.forms.base import Plain

AMOUNT, WHY = "adjustment_amount", "adjustment_reason"
NO_AMOUNT = gettext_lazy("Enter the amount of the adjustment")


class SignedAmount(DecimalNumber):
    """An amount that may be below zero."""

    keypad = "text"  # the others of telephones have no minus sign


class AdjustsPrice(forms.BaseForm):
    """Mixed into a form in which managers put a line of their own on a price; for all others it has no such fields."""

    currency = ""
    initial: dict[str, Any]

    def offer_adjustment(self, had: Adjustment) -> None:
        """Add the fields, filled in with the adjustment that there is. Call it before the form is dressed."""
        self.currency = currency = had.amount.currency
        digits = digits_of(currency)
        self.fields[AMOUNT] = SignedAmount(
            label=_("%(what)s (%(currency)s)") % {"what": _("Adjustment"), "currency": currency},
            help_text=_("Tax included; with a minus sign it is a discount. Without an amount there is none."),
            unit=currency,
            required=False,
            max_digits=PriceField.WHOLE + digits,
            decimal_places=digits,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
            error_messages={"invalid": NO_AMOUNT},
        )
        self.fields[WHY] = TextField(
            label=_("Reason for the adjustment"),
            help_text=_("The customer reads it beside the amount."),
            required=False,
            max_length=MAX_WHY,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )
        if had.amount:
            self.initial |= {AMOUNT: had.amount.rounded().amount, WHY: had.reason}

    def check_adjustment(self, cleaned: dict[str, Any]) -> None:
        """Both or none of amount and reason; what stood there already may stay beside an amount that is emptied."""
        if AMOUNT not in self.fields or {AMOUNT, WHY} & self.errors.keys():
            return
        amount, why = cleaned.get(AMOUNT), cleaned.get(WHY, "")
        if amount and not why:
            self.add_error(WHY, _("Enter why you adjust the price"))
        if why and not amount and why != self.initial.get(WHY):
            self.add_error(AMOUNT, NO_AMOUNT)

    @property
    def adjustment(self) -> Adjustment | None:
        """What was typed, an amount of 0 where it was emptied; None for those who are not asked."""
        if AMOUNT not in self.fields or AMOUNT not in self.data:
            return None
        data = self.cleaned_data
        return Adjustment(Money(data.get(AMOUNT) or Decimal(0), self.currency).rounded(), data.get(WHY, ""))


class AdjustmentForm(AdjustsPrice, Plain):
    """The adjustment alone, for a price that is shown while it is typed."""

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.offer_adjustment(Adjustment.none())

    def clean(self) -> dict[str, Any]:
        """An amount with its reason."""
        cleaned = super().clean() or {}
        self.check_adjustment(cleaned)
        return cleaned
