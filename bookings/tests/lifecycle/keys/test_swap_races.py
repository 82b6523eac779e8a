"""Two who want the same car in the same moment, one of them for a swap. Threads on a real PostgreSQL, with a control."""

import pytest
from django.db import connection
from django.utils import timezone

from bookings.availability import ledger
from bookings.days import Days
from bookings.lifecycle import locked
from bookings.lifecycle.checklist import Checklist
from bookings.lifecycle.create import create_booking
from bookings.lifecycle.request import BookingRequest, Person
from bookings.lifecycle.transitions import cancel, take_back
from bookings.models import Booking, BookingSegment
from bookings.tests.support.factories import CarFactory, in_days
from bookings.tests.support.racing import ADD_DAY_PROMISE, DROP_DAY_PROMISE, all_at_once, double_days, tally
from bookings.tests.support.swapping import days_of, make_rental, swap
from exodrive.rls import PUBLIC, SERVICE, STAFF, acting_as, as_owner
from inbox.audit import find_drift

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.alone]


def drift():
    with acting_as(SERVICE):
        return find_drift()


def swapping(booking, car, **fields):
    return lambda: swap(booking, car, **fields)


def booking_it(car, n, days):
    def run():
        with acting_as(PUBLIC):
            who = Person(f"Racer {n}", f"racer{n}@example.com")
            asked = BookingRequest(car=car, days=days, who=who, language="en")
            return create_booking(asked, at=timezone.now())

    return run


def people(n):
    return [Person(f"Driver {m}", f"driver{m}@example.com") for m in range(n)]


def test_of_many_staff_who_swap_onto_one_car_at_once_one_wins(rounds):
    for _ in range(rounds(1, 10)):
        new = CarFactory()
        rentals = [make_rental(who=who) for who in people(6)]
        outcome = tally(all_at_once([swapping(rental, new) for rental in rentals]))
        assert outcome == {"won": 1, "invalid": 5}  # the others read with whom the car is out by then
        assert double_days() == 0
        assert drift() == []


def test_a_customer_who_books_the_new_car_at_that_moment_gets_it_or_the_swap_does(rounds):
    for n in range(rounds(3, 30)):
        new, rental = CarFactory(), make_rental(who=people(n + 1)[-1])
        racers = [swapping(rental, new), booking_it(new, n, Days(in_days(2), in_days(3)))]
        assert tally(all_at_once(racers)) == {"won": 1, "dates_taken": 1}
        assert double_days() == 0
        assert drift() == []


@pytest.mark.parametrize("other", ["cancel", "take_back"])
def test_a_swap_beside_a_cancellation_or_a_return_leaves_a_whole_booking(other, rounds):
    for n in range(rounds(3, 30)):
        rental = make_rental(who=people(n + 1)[-1])

        def end(rental=rental):
            with acting_as(STAFF):
                if other == "cancel":
                    return cancel(booking=rental, at=timezone.now(), reason="R", still_out=True)
                return take_back(booking=rental, at=timezone.now(), checklist=Checklist(1, 1, damage=False))

        outcome = tally(all_at_once([swapping(rental, CarFactory(), block_until=in_days(6)), end]))
        # Whoever comes second finds another car, or a booking that is over.
        assert outcome["won"] == 1
        assert set(outcome) <= {"won", "status_changed", "invalid_transition"}
        assert drift() == []


def test_one_booking_swapped_in_two_tabs_at_once_is_swapped_once():
    rental, cars = make_rental(), [CarFactory(), CarFactory()]
    outcome = tally(all_at_once([swapping(rental, car, block_until=in_days(6)) for car in cars]))
    assert outcome == {"won": 1, "status_changed": 1}
    with as_owner():
        assert BookingSegment.objects.count() == 1
        assert days_of(rental)[-1][0] == Booking.objects.get().car_id
    assert drift() == []


@pytest.fixture
def no_guards(monkeypatch):
    """Neither the locks of the cars nor the promises of ledger and keys, and a claim that takes what it finds."""
    monkeypatch.setattr(locked, "lock_cars", lambda *cars: None)
    monkeypatch.setattr(ledger, "CLAIM", ledger.CLAIM[: ledger.CLAIM.index("ON CONFLICT")])
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(DROP_DAY_PROMISE)
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'one_customer_has_the_car'")
        one_customer = cursor.fetchone()[0]
        cursor.execute("DROP INDEX one_customer_has_the_car")
    yield
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE bookings, car_availability CASCADE")
        cursor.execute(ADD_DAY_PROMISE)
        cursor.execute(one_customer)


def test_the_control_without_locks_and_constraint_two_swaps_have_the_same_days(no_guards):
    new = CarFactory()
    rentals = [make_rental(who=who) for who in people(4)]
    all_at_once([swapping(rental, new) for rental in rentals])
    assert double_days() > 0
