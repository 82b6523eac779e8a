"""Showing never disagrees with booking: for random rules and random ledgers, what is called free can be had, and no more."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from bookings.availability import rules
from bookings.availability.alternatives import nearest_ranges
from bookings.availability.as_of import AsOf
from bookings.availability.calendar import day_states
from bookings.availability.free_cars import free_cars
from bookings.availability.holds import place_hold
from bookings.availability.ledger import reasons
from bookings.availability.rules import Now
from bookings.days import Days
from bookings.errors import DatesTaken, RulesRefused
from bookings.models import Block, CarAvailability, Hold
from bookings.tests.support.examples import budget, taken_back
from bookings.tests.support.factories import CarFactory, LocationFactory
from cars.models import Car, ClosedDay
from exodrive.rls import PUBLIC, acting_as, as_owner

pytestmark = pytest.mark.django_db
ZONES = ["Europe/Paris", "America/New_York", "Pacific/Auckland"]  # so that "now" is any time of the day
WINDOW = 16  # days from today


def seldom(*values):
    """Mostly nothing of its own: where every rule speaks, hardly anything is ever free."""
    return st.sampled_from([None] * 2 * len(values) + list(values))


RULES = st.fixed_dictionaries(
    {
        "min_days": seldom(2, 3),
        "max_days": seldom(3, 4),
        "buffer_days": st.integers(0, 3),
        "pickup_weekdays": seldom(31, 64, 96, 85),
        "dropoff_weekdays": seldom(31, 64, 96, 42),
        "horizon_days": seldom(5, 10),
        "lead_time_hours": seldom(12, 30, 72),
        "cut_off_hour": seldom(0, 6, 18),
        "status": st.sampled_from(["offered"] * 9 + ["maintenance"]),
    }
)
# (first day from today, days, who has them)
TAKEN = st.lists(
    st.tuples(st.integers(0, WINDOW), st.integers(1, 3), st.sampled_from(["block", "hold", "lapsed hold"])),
    max_size=4,
    unique_by=lambda row: row[0] // 4,
)
CLOSED = st.lists(st.integers(0, WINDOW), max_size=4, unique=True)
WANTED = st.lists(st.tuples(st.integers(-1, 12), st.integers(1, 5)), min_size=6, max_size=6, unique=True).map(
    sorted
)


def world(zone, own_rules, taken, closed, at):
    """A car with these rules whose days are partly taken."""
    with as_owner():
        place = LocationFactory(time_zone=zone)
        today = place.today(at)
        for n in closed:
            ClosedDay.objects.create(location=place, date=today + timedelta(days=n))
        car = CarFactory(location=place, **own_rules)
        for n, length, who in taken:
            give(car, Days.starting(today + timedelta(days=n), min(length, 4 - n % 4)), who, at)
        return Car.objects.select_related("location", "fleet").get(pk=car.pk), today


def give(car, days, who, at):
    """Rows of the ledger as a verb would have left them."""
    span = {"car": car, "start_date": days.start, "end_date": days.end}
    lapses = None if who == "block" else at + timedelta(days=1 if who == "hold" else -1)
    block = Block.objects.create(**span) if who == "block" else None
    hold = lapses and Hold.objects.create(
        **span, expires_at=lapses, dates_chosen_at=at, since=at, nonce=b"", token_hash=f"{car.pk} {days}"
    )
    status = "blocked" if who == "block" else "held"
    CarAvailability.objects.bulk_create(
        CarAvailability(car=car, date=day, status=status, expires_at=lapses, block=block, hold=hold)
        for day in days
    )


def can_be_had(car, days, at):
    """Whether the verb gives them; what it takes is given back."""
    with taken_back(), acting_as(PUBLIC):
        try:
            place_hold(car=car, days=days, at=at)
        except (DatesTaken, RulesRefused):
            return False
    return True


def free_in_the_calendar(car, days, at):
    """What a reader concludes from the calendar and the rules about length and weekdays beside it."""
    now = Now.of(car.location, at)
    last = days.with_buffer(car.buffer).end
    states = {state.date: state for state in day_states(car, days.start, last, as_of=AsOf(at))}
    beside = [rule for rule in rules.RULES if rule not in rules.DAY_RULES]
    return (
        all(states[day].is_free for day in days)
        and not any(state.state == "booked" for state in states.values())
        and not any(rule(car, days, now) for rule in beside)
    )


def test_what_is_shown_as_free_is_exactly_what_can_be_had(rounds):
    answers = set()

    @budget(rounds(10, 300))
    @given(st.sampled_from(ZONES), RULES, TAKEN, CLOSED, WANTED)
    def run(zone, own_rules, taken, closed, wanted):
        at = timezone.now()
        with taken_back():
            car, today = world(zone, own_rules, taken, closed, at)
            for start, length in wanted:
                days = Days.starting(today + timedelta(days=start), length)
                answer = can_be_had(car, days, at)
                assert shown(car, days, at) == dict.fromkeys(["reasons", "calendar", "search"], answer)
                answers.add(answer)

    run()
    assert answers == {True, False}


def shown(car, days, at):
    """Whether the days are free by each of the ways in which we say so."""
    with acting_as(PUBLIC):
        return {
            "reasons": not reasons(car, days, as_of=AsOf(at)),
            "calendar": free_in_the_calendar(car, days, at),
            "search": free_cars(days, AsOf(at)).filter(pk=car.pk).exists(),
        }


def test_what_is_offered_instead_can_be_had(rounds):
    offered = []

    @budget(rounds(10, 300))
    @given(st.sampled_from(ZONES), RULES, TAKEN, CLOSED, WANTED)
    def run(zone, own_rules, taken, closed, wanted):
        at = timezone.now()
        with taken_back():
            car, today = world(zone, own_rules, taken, closed, at)
            for start, length in wanted[::2]:
                days = Days.starting(today + timedelta(days=start), length)
                with acting_as(PUBLIC):
                    ranges = nearest_ranges(car, days, as_of=AsOf(at))
                assert [near for near in ranges if not can_be_had(car, near, at)] == []
                offered.extend(ranges)

    run()
    assert offered
