"""A simulator, a provider that speaks to it with PayPal's specifications in between, and payments."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

import httpx
import pytest

from bookings.payments.paypal import PayPal
from bookings.payments.paypal.client import Client
from bookings.payments.provider import Kind, ProviderPayment, Snapshot
from bookings.tests.payments.paypal.data import are_here
from bookings.tests.payments.paypal.judge import Judged
from exodrive.dev.paypal_sim import Simulator
from exodrive.dev.paypal_sim.certificates import Signer
from exodrive.money import Money

BACK, AWAY = "https://rent.example/paid?booking=EXO-AMNQCN", "https://rent.example/not-paid"
MakePayment = Callable[..., ProviderPayment]


@pytest.fixture(scope="session")
def signer() -> Signer:
    """Its keys take a while to make."""
    return Signer.made(datetime.now(UTC))


@pytest.fixture
def sim(settings, tmp_path, signer) -> Iterator[Simulator]:
    """One of this test's own, which the settings point at."""
    with Simulator(signer=signer) as simulator:
        for name, value in simulator.settings(tmp_path / "authority.pem").items():
            setattr(settings, name, value)
        yield simulator


@pytest.fixture
def transport() -> httpx.BaseTransport:
    """Judged where PayPal's files are there."""
    return Judged() if are_here() else httpx.HTTPTransport()


@pytest.fixture
def client(sim, transport) -> Iterator[Client]:
    """For the simulator, with as much time as a slow machine needs."""
    client = Client(sim.url, sim.credentials, timeout=30, transport=transport)
    yield client
    client.http.close()


@pytest.fixture
def paypal(sim, client) -> PayPal:
    """The provider; its clock is the simulator's."""
    return PayPal(client, clock=sim.now)


def euros(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def make_payment(kind: Kind = Kind.CHARGE, amount: Money | None = None, **refs: str) -> ProviderPayment:
    """Of 500 euros, unless told otherwise."""
    return ProviderPayment(
        uuid4(), kind, amount or euros("500.00"), "EXO-AMNQCN", "Renault Clio, 3 days", "fr", refs
    )


def known(payment: ProviderPayment, snapshot: Snapshot) -> ProviderPayment:
    """The payment with what the provider told of it."""
    refs = {**payment.refs, **snapshot.refs}
    return ProviderPayment(
        payment.id, payment.kind, payment.amount, payment.booking, payment.description, payment.language, refs
    )


def started(paypal: PayPal, payment: ProviderPayment) -> ProviderPayment:
    """An order for it that nobody has agreed to."""
    start = paypal.start(payment, return_url=BACK, cancel_url=AWAY, request_id=f"start-{payment.id}")
    return known(payment, start.snapshot)


def completed(paypal: PayPal, sim: Simulator, payment: ProviderPayment) -> ProviderPayment:
    """Agreed to, and taken or held."""
    payment = started(paypal, payment)
    sim.choose(payment.refs["order"])
    return known(payment, paypal.complete(payment, {}, request_id=f"complete-{payment.id}"))
