"""Staff cancel what was paid: who wants it decides what comes back."""

import pytest

from bookings.models import Booking
from bookings.payments.terms import fee_owed
from bookings.tests.support.factories import in_days, make_booking, make_user
from bookings.tests.support.paying import pay
from exodrive.models import DESK, MANAGER
from exodrive.money import Money
from exodrive.rls import as_owner

pytestmark = pytest.mark.django_db


@pytest.fixture
def late(settings):
    """Tomorrow's rental, paid: cancelling it at the customer's wish costs all of it."""
    settings.PAYMENTS_SANDBOX, settings.PAYMENT_METHODS = True, ["sandbox", "pick_up"]
    booking = make_booking(start=in_days(1))
    pay(booking)
    return booking


def cancel(client, booking, **data):
    return client.post(f"/staff/bookings/{booking.pk}/cancellation/", {"reason": "Called us", **data})


def now(booking):
    with as_owner():
        return Booking.objects.select_related("car__location").get(pk=booking.pk)


def owed(booking):
    with as_owner():
        return fee_owed(now(booking))


def test_the_form_asks_who_wants_it_and_says_the_sums(client, late):
    client.force_login(make_user(DESK))
    page = client.get(f"/staff/bookings/{late.pk}/cancellation/").content.decode()
    assert "The customer: €0 comes back, by the terms" in page
    assert "We do: €960 comes back (managers only)" in page
    answer = cancel(client, late)
    assert answer.status_code == 422
    assert "Choose who wants the booking cancelled" in answer.content.decode()
    assert now(late).status == "upcoming"


def test_at_the_customers_wish_the_terms_decide(client, late):
    client.force_login(make_user(DESK))
    cancel(client, late, wish="customer")
    assert now(late).status == "cancelled"
    assert owed(late) == late.total_money


def test_the_desk_gives_not_all_of_it_back(client, late):
    client.force_login(make_user(DESK))
    cancel(client, late, wish="us")
    assert now(late).status == "upcoming"


def test_a_manager_does(client, late):
    client.force_login(make_user(MANAGER))
    cancel(client, late, wish="us")
    assert now(late).status == "cancelled"
    assert owed(late) == Money.zero("EUR")


def test_nothing_is_asked_where_nothing_was_paid(client):
    booking = make_booking(start=in_days(10))
    client.force_login(make_user(DESK))
    cancel(client, booking)
    assert now(booking).status == "cancelled"
