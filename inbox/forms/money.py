"""What staff type about money: a payment that was taken, a refund, what is kept of a deposit. In one known currency."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.forms.base import TextField
from bookings.models import Booking, Payment
from bookings.payments.manual import purposes_due
from bookings.payments.refunds import MAX_REASON
from exodrive.db.amounts import AmountField
from exodrive.i18n.formats import money
from exodrive.i18n.typed_numbers import DecimalNumber
from exodrive.money import Money, digits_of
from inbox.forms.base import Plain, dress

NO_AMOUNT = _("Enter an amount")


def amount_field(label: Any, currency: str, *, help_text: Any = "", required: bool = True) -> DecimalNumber:
    """With the decimals of its currency, whose code stands behind the label; never below zero."""
    digits = digits_of(currency)
    return DecimalNumber(
        label=_("%(what)s (%(currency)s)") % {"what": label, "currency": currency},
        help_text=help_text,
        unit=currency,
        required=required,
        min_value=Decimal(0),
        max_digits=AmountField.WHOLE + digits,
        decimal_places=digits,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": NO_AMOUNT, "invalid": NO_AMOUNT},
    )


def reason_field(help_text: Any, *, required: bool = True) -> TextField:
    """Why."""
    return TextField(
        label=_("Reason"),
        help_text=help_text,
        required=required,
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Enter the reason")},
    )


class MoneyForm(Plain):
    """One amount in one currency. `key` stands for this very form: sent twice, it happens once."""

    currency: str
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial={"key": uuid4(), **(initial or {})})

    def put(self, **fields: forms.Field) -> None:
        """Fields whose words or decimals hang on what the form is about."""
        self.fields |= fields
        dress(self)

    def hide(self, *names: str) -> None:
        """Fields that this reader is not asked for; the verb refuses what comes in them all the same."""
        for name in names:
            self.fields[name].widget = forms.HiddenInput()

    @property
    def amount(self) -> Money:
        """What was typed, on a form that is valid; nothing where nothing was."""
        return Money(self.cleaned_data.get("amount") or Decimal(0), self.currency)


class NothingForm(Plain):
    """Only whether."""


class RecordForm(MoneyForm):
    """Money that was taken without a provider. What is due stands there already."""

    def __init__(self, data: Any = None, *, booking: Booking) -> None:
        self.currency, purposes = booking.currency, purposes_due(booking)
        due = {
            Payment.Purpose.RENTAL.value: booking.amount_due,
            Payment.Purpose.DEPOSIT.value: booking.deposit_money,
        }
        first = next(iter(purposes), "")
        amount = due[first].rounded().amount if first in due else None
        super().__init__(data, initial={"purpose": first, "amount": amount})
        labels = dict(Payment.Purpose.choices)
        choices = [(one, _label(labels[one], due.get(one))) for one in purposes]
        self.put(
            purpose=forms.ChoiceField(
                label=_("What for"), choices=choices, error_messages={"required": _("Choose what it is for")}
            ),
            amount=amount_field(_("Amount"), self.currency),
            means=forms.ChoiceField(
                label=_("Paid by"),
                choices=[("", _("Choose")), *Payment.Means.choices],
                error_messages={"required": _("Choose how it was paid")},
            ),
        )


class RefundForm(MoneyForm):
    """Money to give back: at most what is there."""

    def __init__(self, data: Any = None, *, payment: Payment) -> None:
        self.currency = payment.currency
        most = _("At most %(amount)s") % {"amount": money(payment.kept)}
        super().__init__(data, initial={"amount": payment.kept.rounded().amount})
        self.put(
            amount=amount_field(_("Amount"), self.currency, help_text=most),
            reason=reason_field(_("The customer may read it.")),
        )


class KeepForm(MoneyForm):
    """What is taken of a deposit that is held: never more, and for a reason."""

    def __init__(self, data: Any = None, *, payment: Payment, optional: bool = False) -> None:
        self.currency = payment.currency
        most = _("At most %(amount)s") % {"amount": money(payment.held)}
        if optional:
            most = _("Leave it empty when all of it went back. At most %(amount)s") % {
                "amount": money(payment.held)
            }
        super().__init__(data)
        label = _("Part that was kept") if optional else _("Amount")
        self.put(
            amount=amount_field(label, self.currency, help_text=most, required=not optional),
            reason=reason_field(_("The customer is told."), required=not optional),
        )


def _label(purpose: Any, due: Money | None) -> str:
    return f"{purpose}, {money(due)}" if due else str(purpose)
