"""`manage.py smoke_payments`, with the simulator in the place of PayPal's sandbox."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from bookings.management.commands import smoke_payments
from bookings.payments import registry
from bookings.payments.paypal.provider import PayPal


@pytest.fixture
def smoke(sim, client, monkeypatch):
    """The command; whoever agrees does so while it waits."""
    monkeypatch.setattr(smoke_payments, "provider_of", lambda name: PayPal(client))

    def agree(seconds):
        for order in list(
            sim.state.orders.values() if hasattr(sim.state.orders, "values") else sim.state.orders
        ):
            if order.status == "PAYER_ACTION_REQUIRED":
                sim.choose(order.id)

    monkeypatch.setattr(smoke_payments.time, "sleep", agree)
    return agree


def said(*args):
    out = StringIO()
    call_command("smoke_payments", "paypal", *args, stdout=out)
    return out.getvalue()


def test_it_charges_refunds_holds_and_releases(smoke):
    words = said()
    for step in (
        "Agree to the charge",
        "Charged 1.00",
        "Refunded 1.00",
        "Held 1.00",
        "Released",
        "All as expected",
    ):
        assert step in words


def test_it_gives_up_when_nobody_agrees(smoke, monkeypatch):
    with pytest.raises(CommandError, match="Nobody agreed"):
        said("--minutes", "0")


def test_live_keys_are_refused(settings):
    settings.STRIPE_SECRET_KEY = "sk_live_x"
    with pytest.raises(CommandError, match="moves real money"):
        said()


def test_it_knows_every_provider_that_has_keys():
    assert set(registry.PROVIDERS) - {"sandbox"} == {"paypal", "stripe"}
