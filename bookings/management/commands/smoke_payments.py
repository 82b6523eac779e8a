"""Try a provider with real test keys: charge, refund, hold, release. For whoever has an account; nothing is written down."""

import time
from argparse import ArgumentParser
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from bookings.payments.provider import (
    Kind,
    Provider,
    ProviderError,
    ProviderPayment,
    RefundState,
    Snapshot,
    State,
)
from bookings.payments.registry import PROVIDERS, provider_of
from exodrive.checks import live_keys
from exodrive.money import Money

PAUSE = 3.0  # seconds between two looks whether the customer has agreed
HELD, TAKEN = (State.AUTHORIZED,), (State.CAPTURED,)


class Command(BaseCommand):
    """Exit code 1 at the first thing that is not as expected."""

    help = "Charges and refunds 1.00, then holds and releases 1.00, with a provider's test keys."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which provider, and how long to wait for whoever agrees."""
        parser.add_argument("provider", choices=sorted(set(PROVIDERS) - {"sandbox"}))
        parser.add_argument("--minutes", type=float, default=10, help="to wait for an agreement (default 10)")
        parser.add_argument("--live", action="store_true", help="with keys that move real money")

    def handle(self, *args: Any, provider: str, minutes: float, live: bool, **options: Any) -> None:
        """Say what was seen at each step. Raises CommandError."""
        if live_keys() and not live:
            raise CommandError(f"{', '.join(live_keys())} moves real money. Add --live if you mean it.")
        self.patience = minutes * 60
        one, amount = provider_of(provider), Money(Decimal(1), settings.CURRENCY).rounded()
        try:
            self._charge(one, amount)
            self._hold(one, amount)
        except ProviderError as error:
            raise CommandError(f"{type(error).__name__}: {error.code or error}") from error
        self.stdout.write("All as expected.")

    def _charge(self, one: Provider, amount: Money) -> None:
        payment, told = self._agreed(one, Kind.CHARGE, amount, TAKEN)
        self.stdout.write(f"Charged {told.captured}.")
        known = _known(payment, told)
        given = one.refund(known, amount, reason="requested_by_customer", request_id=f"refund-{payment.id}")
        if given.state not in (RefundState.DONE, RefundState.PENDING):
            raise CommandError(f"The refund is {given.state} {given.failure}.")
        self.stdout.write(f"Refunded {given.amount}: {given.state}.")

    def _hold(self, one: Provider, amount: Money) -> None:
        payment, told = self._agreed(one, Kind.HOLD, amount, HELD)
        self.stdout.write(f"Held {told.authorized}, until {told.expires_at}.")
        after = one.void(_known(payment, told), request_id=f"void-{payment.id}")
        if after.state not in (State.VOIDED, State.CANCELLED):
            raise CommandError(f"The hold is {after.state} after it was released.")
        self.stdout.write("Released.")

    def _agreed(
        self, one: Provider, kind: Kind, amount: Money, wanted: tuple[State, ...]
    ) -> tuple[ProviderPayment, Snapshot]:
        """A payment that somebody has agreed to on the provider's page. Raises CommandError when nobody does in time."""
        payment = ProviderPayment(uuid4(), kind, amount, "EXO-SMOKE", "Smoke test", "en")
        home = settings.SITE_URL
        started = one.start(payment, return_url=home, cancel_url=home, request_id=f"start-{payment.id}")
        payment = _known(payment, started.snapshot)
        self.stdout.write(f"Agree to the {kind} here: {started.next_url}")
        self.stdout.flush()
        until = time.monotonic() + self.patience
        while time.monotonic() < until:
            told = one.complete(payment, {}, request_id=f"complete-{payment.id}")
            if told.state in wanted:
                return payment, told
            time.sleep(PAUSE)
        raise CommandError(f"Nobody agreed to the {kind} in time.")


def _known(payment: ProviderPayment, told: Snapshot) -> ProviderPayment:
    return ProviderPayment(
        payment.id,
        payment.kind,
        payment.amount,
        payment.booking,
        payment.description,
        payment.language,
        {**payment.refs, **told.refs},
    )
