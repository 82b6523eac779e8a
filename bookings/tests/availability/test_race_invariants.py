"""Everything that takes days, at once, by thirty threads: afterwards the ledger proves itself."""

import random
from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.availability.blocks import change_block, place_blocks, remove_block
from bookings.availability.holds import drop_expired, place_hold
from bookings.days import Days
from bookings.errors import BookingError
from bookings.lifecycle.change import change_booking
from bookings.lifecycle.change_request import ChangeRequest
from bookings.lifecycle.create import create_booking
from bookings.lifecycle.request import BookingRequest, Details, Person
from bookings.lifecycle.transitions import cancel, transition
from bookings.models import Block, Booking, BookingExtra, CarAvailability, Hold
from bookings.tests.support.factories import CarFactory, in_days, make_block, make_booking, make_hold
from bookings.tests.support.racing import all_at_once, double_days, tally
from cars.models import Car, Extra
from exodrive.rls import PUBLIC, SERVICE, STAFF, acting_as, as_owner
from inbox.audit import find_drift

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.alone]
THREADS = 30
# What a racer may lose by; anything else (a deadlock, a crash) fails the test.
FAIR = {
    "changed_meanwhile",
    "dates_taken",
    "in_progress",
    "hold_expired",
    "status_changed",
    "invalid_transition",
    "not_found",
    "invalid",
}


@pytest.fixture(autouse=True)
def proof():
    """The ledger agrees with its claimants after every race."""
    yield
    with acting_as(SERVICE):
        assert find_drift() == []
    assert double_days() == 0


def who(n):
    return Person(f"Racer {n}", f"racer{n}@example.com")


def fair(results):
    unfair = [r for r in results if isinstance(r, Exception) and getattr(r, "code", "") not in FAIR]
    assert unfair == []


def test_thirty_claim_the_last_extra():
    with as_owner():
        Extra.objects.create(name="Roof box", price=5, stock=2)
        box = Extra.objects.get()
    cars = [CarFactory() for _ in range(THREADS)]
    days = Days.starting(in_days(5), 3)

    def book(n):
        def run():
            with acting_as(PUBLIC):
                car = Car.objects.get(pk=cars[n].pk)
                asked = Details(extras=((box, 1),))
                return create_booking(
                    BookingRequest(car=car, days=days, who=who(n), language="en", details=asked),
                    at=timezone.now(),
                )

        return run

    outcome = tally(all_at_once([book(n) for n in range(THREADS)]))
    assert outcome == {"won": 2, "invalid": 28}
    with as_owner():
        assert (Booking.objects.count(), BookingExtra.objects.count()) == (2, 2)


def test_two_bookings_move_into_each_others_days_and_cars(rounds):
    for _ in range(rounds(3, 30)):
        cars = [CarFactory(), CarFactory()]
        bookings = [make_booking(car=car, start=in_days(5), length=3) for car in cars]

        def swap(n, cars=cars, bookings=bookings):
            def run():
                with acting_as(STAFF):
                    booking = Booking.objects.select_related("car").get(pk=bookings[n % 2].pk)
                    target = Car.objects.get(pk=cars[(n + 1) % 2].pk)
                    days = Days.starting(in_days(5 + n % 3), 3)
                    return change_booking(
                        booking=booking, at=timezone.now(), to=ChangeRequest(days=days, car=target)
                    )

            return run

        results = all_at_once([swap(n) for n in range(10)])
        fair(results)
        with as_owner():
            assert CarAvailability.objects.filter(booking__in=bookings).count() == 6


def test_a_hold_is_converted_while_it_lapses_and_others_want_it(rounds):
    for _ in range(rounds(2, 20)):
        car = CarFactory(buffer_days=1)
        hold = make_hold(car=car)
        with as_owner():
            soon = timezone.now() + timedelta(milliseconds=60)
            Hold.objects.filter(pk=hold.pk).update(expires_at=soon)
            CarAvailability.objects.filter(hold=hold).update(expires_at=soon)

        def convert(hold=hold):
            with acting_as(PUBLIC, token=hold.token):
                mine = Hold.objects.select_related("car__location").get()
                return create_booking(
                    BookingRequest(car=mine.car, days=mine.days, who=who(0), language="en", hold=mine),
                    at=timezone.now(),
                )

        def rival(n, car=car, hold=hold):
            def run():
                with acting_as(PUBLIC):
                    mine = Car.objects.get(pk=car.pk)
                    days = Days.starting(hold.start_date + timedelta(days=n % 4), 2)
                    return place_hold(car=mine, days=days, at=timezone.now())

            return run

        def clean():
            with acting_as(SERVICE):
                return drop_expired(timezone.now())

        fair(all_at_once([convert, convert, *[rival(n) for n in range(8)], clean]))


def test_days_are_blocked_while_they_are_booked(rounds):
    for _ in range(rounds(3, 30)):
        cars = [CarFactory() for _ in range(3)]

        def block(n, cars=cars):
            def run():
                with acting_as(STAFF):
                    days = Days.starting(in_days(4 + n % 4), 3)
                    return place_blocks(cars=cars[::-1] if n % 2 else cars, days=days, kind="other")

            return run

        def book(n, cars=cars):
            def run():
                with acting_as(PUBLIC):
                    car = Car.objects.get(pk=cars[n % 3].pk)
                    days = Days.starting(in_days(3 + n % 5), 2)
                    return create_booking(
                        BookingRequest(car=car, days=days, who=who(n), language="en"), at=timezone.now()
                    )

            return run

        fair(all_at_once([block(n) if n % 3 == 0 else book(n) for n in range(THREADS)]))


def test_everything_at_once(rounds):
    """Thirty threads that book, hold, move, cancel, block and clean up, on two cars and three weeks."""
    cars = [CarFactory(buffer_days=1), CarFactory()]
    for n in range(4):
        make_booking(car=cars[n % 2], start=in_days(3 + 5 * n), length=2)
    make_block(car=cars[1], start=in_days(25), length=2)

    def racer(seed):
        chance = random.Random(seed)

        def run():
            for _ in range(rounds(4, 40)):
                try:
                    step(chance, cars)
                except BookingError as error:
                    if error.code not in FAIR | {"rules_refused", "forbidden"}:
                        raise

        return run

    fair(all_at_once([racer(seed) for seed in range(THREADS)]))


def step(chance, cars):
    """One random thing that somebody does."""
    days = Days.starting(in_days(chance.randint(2, 22)), chance.randint(1, 5))
    at = timezone.now()
    deed = chance.choice(
        ["book", "book", "hold", "move", "cancel", "confirm", "block", "unblock", "shift", "clean"]
    )
    if deed in ("book", "hold"):
        with acting_as(PUBLIC):
            car = Car.objects.get(pk=chance.choice(cars).pk)
            if deed == "hold":
                return place_hold(
                    car=car, days=days, at=at - timedelta(minutes=chance.choice([0, 14.999, 20]))
                )
            return create_booking(
                BookingRequest(car=car, days=days, who=who(chance.random()), language="en"), at=at
            )
    if deed == "clean":
        with acting_as(SERVICE):
            return drop_expired(at)
    with acting_as(STAFF):
        if deed in ("unblock", "shift"):
            block = Block.objects.order_by("?").first()
            if block is None:
                return None
            return remove_block(block=block) if deed == "unblock" else change_block(block=block, days=days)
        if deed == "block":
            return place_blocks(cars=[chance.choice(cars)], days=days, kind="other")
        booking = Booking.objects.select_related("car").order_by("?").first()
        if deed == "move":
            return change_booking(
                booking=booking, at=at, to=ChangeRequest(days=days, car=chance.choice(cars))
            )
        if deed == "confirm":
            return transition(booking=booking, to="upcoming", at=at)
        return cancel(booking=booking, at=at, reason="race")
