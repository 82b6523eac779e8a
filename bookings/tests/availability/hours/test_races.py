"""The promise by the hour: threads on a real PostgreSQL, with controls that must fail."""

import random
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from bookings.availability import holds
from bookings.availability.audit import check_ledger
from bookings.availability.changing_hands import release
from bookings.availability.holds import drop_expired, place_hold
from bookings.availability.hours.spans import claim_spans, move_spans, release_spans, take_spans_over
from bookings.availability.ledger import lock_cars
from bookings.days import Days
from bookings.errors import BookingError, DatesTaken
from bookings.models import Block, CarAvailability, Hold, Ride, VehicleAssignment
from bookings.tests.support import rides
from bookings.tests.support.factories import CarFactory, in_days, make_block, make_booking
from bookings.tests.support.racing import all_at_once, double_days, tally
from bookings.tests.support.rides import (
    block_hours,
    days_in_ledger,
    hold_hours,
    hours_on,
    let_lapse,
    make_ride,
    overlapping_spans,
)
from cars.models import Car
from exodrive.rls import PUBLIC, SERVICE, STAFF, acting_as, as_owner

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.alone]
DAY = 12
RACERS = 25


@pytest.fixture(autouse=True)
def proof(request):
    """The ledger agrees with its claimants after every race but those that take its guards away."""
    yield
    if not {"no_exclusion", "no_day"} & set(request.fixturenames):
        with acting_as(SERVICE):
            assert check_ledger() == []
        assert (double_days(), overlapping_spans()) == (0, 0)


@pytest.fixture
def no_locks(monkeypatch):
    """Without the advisory lock of the car."""
    monkeypatch.setattr(rides, "lock_cars", lambda *ids: None)
    monkeypatch.setattr(holds, "lock_cars", lambda *ids: None)


def of(car):
    """As a request reads it."""
    with acting_as(PUBLIC):
        return Car.objects.select_related("location").get(pk=car.pk)


def held(car, hours):
    return lambda: hold_hours(of(car), hours)


def rented(car, day):
    def run():
        with acting_as(PUBLIC):
            return place_hold(car=of(car), days=Days(day, day), at=timezone.now())

    return run


def empty():
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE bookings, car_availability, holds, vehicle_assignments CASCADE")


def overlapping(n):
    """`n` different hours that all contain 12:00."""
    return [hours_on(in_days(DAY), f"{8 + n % 4:02}:{5 * (n // 4):02}", 240) for n in range(n)]


@pytest.mark.parametrize("locks", ["with the lock", "without"])
def test_many_want_overlapping_hours_and_one_gets_them(locks, request, rounds):
    if locks == "without":
        request.getfixturevalue("no_locks")
    car = CarFactory()
    for _ in range(rounds(2, 20)):
        outcome = tally(all_at_once([held(car, hours) for hours in overlapping(RACERS)]))
        assert outcome == {"won": 1, "dates_taken": RACERS - 1}
        empty()


@pytest.mark.parametrize("locks", ["with the lock", "without"])
def test_many_first_hours_of_a_day_that_do_not_overlap_are_all_had(locks, request, rounds):
    if locks == "without":
        request.getfixturevalue("no_locks")
    car, day = CarFactory(), in_days(DAY)
    for _ in range(rounds(2, 20)):
        runners = [held(car, hours_on(day, f"{n:02}:00")) for n in range(12)]
        assert tally(all_at_once(runners)) == {"won": 12}
        empty()


@pytest.mark.parametrize("locks", ["with the lock", "without"])
def test_hours_and_rentals_never_share_a_day(locks, request, rounds):
    if locks == "without":
        request.getfixturevalue("no_locks")
    car, day = CarFactory(), in_days(DAY)
    for _ in range(rounds(3, 30)):
        both = [rented(car, day) if n % 2 else held(car, hours_on(day, f"{n:02}:00")) for n in range(20)]
        results = all_at_once(both)
        rentals, hours = tally(results[1::2]), tally(results[::2])
        assert (rentals["won"], hours["won"]) in {(1, 0), (0, 10)}
        assert set(rentals) | set(hours) <= {"won", "dates_taken"}
        empty()


def test_the_last_hours_go_while_others_want_the_day(rounds):
    for _ in range(rounds(3, 30)):
        car, day = CarFactory(), in_days(DAY)
        last = hold_hours(car, hours_on(day, "10:00"))

        def give_back(last=last):
            with acting_as(PUBLIC, token=last.token), transaction.atomic():
                lock_cars(last.car_id)
                release_spans(last)
                Hold.objects.filter(pk=last.pk).delete()

        wanted = [held(car, hours_on(day, f"{n:02}:00")) for n in range(12, 16)]
        results = all_at_once([give_back, *wanted, *[rented(car, day) for _ in range(4)]])
        assert results[0] is None
        rentals, hours = tally(results[5:])["won"], tally(results[1:5])["won"]
        assert (rentals, hours) == (0, 4) or (rentals <= 1 and hours == 0)


def test_a_lapsed_hold_is_fought_over_and_never_converted(rounds):
    for _ in range(rounds(3, 30)):
        car, day = CarFactory(), in_days(DAY)
        hours = hours_on(day)
        hold, booking = hold_hours(car, hours), make_booking(car=CarFactory())
        let_lapse(hold)

        def convert(hold=hold, booking=booking, car=car):
            with acting_as(STAFF), transaction.atomic():
                lock_cars(car.pk, booking.car_id)
                take_spans_over(hold, booking)

        def clean():
            with acting_as(SERVICE):
                return drop_expired(timezone.now() + settings.HOLD_PAUSE)  # not what rivals hold by then

        rivals = [held(car, hours) for _ in range(3)] + [rented(car, day) for _ in range(3)]
        results = all_at_once([convert, convert, *rivals, clean])
        assert [error.code for error in results[:2]] == ["hold_expired"] * 2
        assert tally(results[2:8]) == {"won": 1, "dates_taken": 5}


def test_a_visitor_points_no_hours_at_anothers_booking():
    """Committed: what this very transaction had made would be its own."""
    car, day = of(CarFactory()), in_days(DAY)
    ride, mine = make_ride(car, hours_on(day)), make_booking(car=CarFactory())
    span = (
        "INSERT INTO vehicle_assignments (id, car_id, date, starts_at, ends_at, booking_id)"
        " SELECT gen_random_uuid(), car_id, date, starts_at + interval '3 hours', ends_at + interval '3 hours', booking_id"
        " FROM vehicle_assignments"
    )
    for sql in (
        span,
        f"INSERT INTO rides (id, booking_id, starts_at, ends_at) VALUES ('{ride.pk}', '{ride.pk}', now(), now())",
    ):
        with pytest.raises(DatabaseError, match="row-level security"), acting_as(PUBLIC, token=mine.secret):
            write(sql)


def write(sql):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


# --- Everything at once ----------------------------------------------------------------------------------------------


def test_everything_at_once_by_the_day_and_by_the_hour(rounds):
    """Sixteen threads that hold, rent, ride, move, exchange, block, cancel and clean up, on three cars and a week."""
    cars = [of(CarFactory()) for _ in range(3)]
    for n in range(3):
        make_ride(cars[n], hours_on(in_days(DAY + n), "10:00"))

    def racer(seed):
        chance = random.Random(seed)

        def run():
            for _ in range(rounds(5, 60)):
                try:
                    step(chance, cars)
                except BookingError as error:
                    if error.code not in {"dates_taken", "hold_expired", "not_found", "rules_refused"}:
                        raise

        return run

    assert [r for r in all_at_once([racer(seed) for seed in range(16)]) if r is not None] == []


def step(chance, cars):
    """One random thing that somebody does."""
    car, day = chance.choice(cars), in_days(DAY + chance.randint(0, 6))
    hours = hours_on(
        day,
        f"{chance.randint(0, 23):02}:00",
        chance.choice([30, 60, 240, 900]),
        gaps=(chance.choice([0, 20]), 10),
    )
    deed = chance.choice(["hold", "hold", "rent", "garage", "move", "exchange", "cancel", "clean", "lapse"])
    if deed == "hold":
        return hold_hours(car, hours, lapses=timedelta(seconds=chance.choice([0.2, 60])))
    if deed == "rent":
        return rented(car, day)()
    if deed == "garage":
        return block_hours(car, hours)
    if deed == "clean":
        with acting_as(SERVICE):
            return drop_expired(timezone.now() + settings.HOLD_PAUSE)  # not what rivals hold by then
    if deed == "cancel":
        return give_up(chance)
    if deed == "lapse":
        return None
    return reassign(chance, cars, hours, exchange=deed == "exchange")


def give_up(chance):
    with acting_as(STAFF), transaction.atomic():
        found = list(Block.objects.select_related("car__location"))
        if not found:
            return
        block = chance.choice(found)
        lock_cars(block.car_id)
        release(block)
        release_spans(block)
        Block.objects.filter(pk=block.pk).delete()


def reassign(chance, cars, hours, *, exchange):
    with as_owner(), transaction.atomic():
        lock_cars(*(car.pk for car in cars))
        found = [r.booking for r in Ride.objects.select_related("booking__car__location")]
        chance.shuffle(found)
        chosen = found[: 2 if exchange else 1]
        if exchange:
            chosen[0].car, chosen[1].car = chosen[1].car, chosen[0].car
        else:
            chosen[0].car, chosen[0].ride.hours = chance.choice(cars), hours
        for booking in chosen:
            booking.save(update_fields=["car"])
            booking.ride.save()
        move_spans(*chosen)


# --- Controls --------------------------------------------------------------------------------------------------------


@pytest.fixture
def no_exclusion():
    """Without the constraint that keeps hours apart, for as long as the test runs."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'no_car_twice_at_once'"
        )
        definition = cursor.fetchone()[0]
        cursor.execute("ALTER TABLE vehicle_assignments DROP CONSTRAINT no_car_twice_at_once")
    yield
    empty()
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE vehicle_assignments ADD CONSTRAINT no_car_twice_at_once {definition}")


def check_then_insert(claimant):
    """How others do it: look whether the hours are free, then take them."""
    hours = claimant.hours
    there = VehicleAssignment.objects.filter(
        car=claimant.car_id, starts_at__lt=hours.ends_at, ends_at__gt=hours.starts_at
    )
    if there.values_list("pk", flat=True):
        raise DatesTaken
    claim_spans(claimant)


def test_control_without_the_exclusion_the_same_race_does_overlap(no_exclusion, no_locks, monkeypatch):
    monkeypatch.setattr(rides, "claim_spans", check_then_insert)
    car, overlaps = CarFactory(), 0
    for _ in range(10):
        assert set(tally(all_at_once([held(car, hours) for hours in overlapping(RACERS)]))) <= {
            "won",
            "dates_taken",
        }
        overlaps = overlapping_spans()
        if overlaps:
            break
        empty()
    assert overlaps > 0, "the race does not bite: the tests above prove nothing"
    with acting_as(SERVICE):
        assert any("two spans at one time" in line for line in check_ledger())


@pytest.fixture
def no_day():
    """Without the day between hours and rentals: neither the foreign key nor the trigger."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'span_on_a_service_day'"
        )
        definition = cursor.fetchone()[0]
        cursor.execute(
            "ALTER TABLE vehicle_assignments DROP CONSTRAINT span_on_a_service_day, DISABLE TRIGGER keep_service_day"
        )
    yield
    empty()
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            f"ALTER TABLE vehicle_assignments ADD CONSTRAINT span_on_a_service_day {definition},"
            " ENABLE TRIGGER keep_service_day"
        )


def test_control_without_the_day_hours_stand_on_days_of_rentals(no_day):
    car, day = CarFactory(), in_days(DAY)
    make_block(car=car, start=day)
    results = all_at_once([held(car, hours_on(day, f"{n:02}:00")) for n in range(6)])
    assert tally(results) == {"won": 6}
    assert days_in_ledger(car) == {day: "blocked"}
    with as_owner():
        assert CarAvailability.objects.count() == 1
    with acting_as(SERVICE):
        assert any("spans without their service day" in line for line in check_ledger())
