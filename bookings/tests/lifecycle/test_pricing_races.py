"""A manager adjusts a price while the desk changes the days: both count or one is told, and nothing is lost."""

import pytest
from django.utils import timezone

from bookings.days import Days
from bookings.errors import BookingError, PriceChanged
from bookings.lifecycle import change as change_module
from bookings.lifecycle.change import change_booking
from bookings.lifecycle.change_request import ChangeRequest
from bookings.lifecycle.pricing.adjusting import Adjustment
from bookings.lifecycle.pricing.agreed import Agreed
from bookings.models import Booking, BookingChange
from bookings.tests.support.factories import CarFactory, in_days, make_booking, make_desk, make_manager
from bookings.tests.support.racing import all_at_once
from exodrive.rls import STAFF, acting_as, as_owner
from exodrive.tests.support.money import eur

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.alone]
LINE = Adjustment(eur(-60), "Dirty car")


def racer(booking, user, **to):
    def run():
        with acting_as(STAFF, user=user):
            mine = Booking.objects.get(pk=booking.pk)
            return change_booking(booking=mine, to=ChangeRequest(seen=mine, **to), at=timezone.now())

    return run


def race(rounds):
    """Totals after a discount of 60 and a longer rental (240 a day) that were made at the same moment."""
    desk, manager, found = make_desk(), make_manager(), []
    for n in range(rounds(4, 30)):
        booking = make_booking(car=CarFactory(daily_rate="240.00"), start=in_days(10))
        longer = Days.starting(in_days(10), 5 + n % 3)
        results = all_at_once(
            [racer(booking, manager, adjustment=LINE), racer(booking, desk, days=longer)][:: 1 - 2 * (n % 2)]
        )
        assert not [result for result in results if isinstance(result, Exception)]
        with as_owner():
            after = Booking.objects.get(pk=booking.pk)
            sums = [row.difference for row in BookingChange.objects.filter(booking=booking)]
        found.append(after.total == 240 * len(longer) - 60 == 960 + sum(sums) == after.as_quoted.total.amount)
    return found


def test_an_adjustment_and_other_days_at_once_are_both_in_the_price(rounds):
    assert all(race(rounds))


def test_control_without_the_lock_one_of_them_is_lost(rounds, monkeypatch):
    """The same race, reading the booking without its lock: somebody's change of the price is overwritten."""

    def unlocked(booking, **kwargs):
        rows = Booking.objects.select_related("car__location").prefetch_related("places__location")
        return rows.get(pk=booking.pk)

    monkeypatch.setattr(change_module, "lock_booking", unlocked)
    assert not all(race(rounds))


def test_what_was_agreed_to_before_somebody_else_adjusted_it_is_asked_again(rounds):
    """Two windows: the desk has seen a price that the manager changes meanwhile. It is refused in words, not written."""
    booking = make_booking(car=CarFactory(daily_rate="240.00"), start=in_days(10))
    desk, manager = make_desk(), make_manager()
    longer = {"days": Days.starting(in_days(10), 5), "agreed": Agreed(eur(1200))}
    results = all_at_once([racer(booking, manager, adjustment=LINE), racer(booking, desk, **longer)])
    lost = [result for result in results if isinstance(result, BookingError)]
    with as_owner():
        after = Booking.objects.get(pk=booking.pk)
    assert (after.total, len(lost)) in ((900, 1), (1140, 0))
    assert all(isinstance(refusal, PriceChanged) for refusal in lost)
