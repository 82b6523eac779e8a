"""Random lives of rentals whose cars are swapped, beside a model in memory: both always agree on who has which day."""

from datetime import datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.days import Days
from bookings.errors import BookingError
from bookings.lifecycle.change import change_booking
from bookings.lifecycle.change_request import ChangeRequest
from bookings.lifecycle.checklist import Checklist
from bookings.lifecycle.keys.swap import Swap, swap_car
from bookings.lifecycle.transitions import cancel, take_back
from bookings.models import CarAvailability
from bookings.tests.support.examples import budget, taken_back
from bookings.tests.support.factories import CarFactory, in_days
from bookings.tests.support.swapping import make_rental
from exodrive.rls import SERVICE, STAFF, acting_as, as_owner
from inbox.audit import find_drift

pytestmark = pytest.mark.django_db
BUFFERS = (1, 0, 2)  # of the three cars


class World:
    """Two rentals that began yesterday, on the first two of three cars, and a day that can pass."""

    def __init__(self, cars):
        self.cars, self.today = cars, 0
        self.rentals = [make_rental(car=car, begins=-1, length=6) for car in cars[:2]]
        self.has = [dict.fromkeys(range(-1, 5), car) for car in (0, 1)]  # day: car, of each rental
        self.blocked = set()
        self.driven = {}  # cars of cancelled rentals that are still out

    @property
    def at(self):
        place = self.cars[0].location
        return datetime.combine(in_days(self.today), time(12), tzinfo=place.zone)

    def out(self, n):
        return self.rentals[n].status == "active"

    def present(self, n):
        return self.has[n][max(self.has[n])]

    def with_gap(self, has):
        if not has:
            return set()
        last = max(has)
        gap = {(has[last], last + 1 + n) for n in range(BUFFERS[has[last]])}
        return {(car, day) for day, car in has.items()} | gap

    def try_to(self, n, wanted, verb, **what):
        """A rental's days become the wanted ones, exactly when the model calls them free."""
        others = self.blocked | self.with_gap(self.has[1 - n])
        foretold = "dates_taken" if self.with_gap(wanted) & others else ""
        done, refused = attempt(lambda: verb(booking=self.rentals[n], at=self.at, **what))
        assert refused == foretold
        if refused:
            return False
        self.rentals[n] = getattr(done, "booking", done)
        self.has[n] = wanted
        return True

    # --- Deeds ---

    def swap(self, n, car, far):
        if not self.out(n) or car == self.present(n) or max(self.has[n]) < self.today:
            return
        if self.out(1 - n) and self.present(1 - n) == car:
            return  # refused by name, whatever its days
        if car in self.driven.values():
            return
        old, last = self.present(n), self.today + far
        wanted = {day: car if day >= self.today else was for day, was in self.has[n].items()}
        asked = Swap(self.cars[car], "R", 1, 1, block_until=in_days(last) if far else None)
        if self.try_to(n, wanted, swap_car, to=asked) and far:
            taken = self.blocked.union(*map(self.with_gap, self.has))
            self.blocked |= {(old, day) for day in range(self.today, last + 1)} - taken

    def extend(self, n, car, far):
        if not self.out(n):
            return
        here = self.present(n)
        wanted = {day: was for day, was in self.has[n].items() if day <= self.today + far}
        wanted |= dict.fromkeys(range(max(wanted) + 1, self.today + far + 1), here)
        to = ChangeRequest(days=Days(in_days(-1), in_days(self.today + far)))
        self.try_to(n, wanted, change_booking, to=to)

    def take_back(self, n, car, far):
        if self.out(n):
            wanted = {day: was for day, was in self.has[n].items() if day <= self.today}
            self.try_to(n, wanted, take_back, checklist=Checklist(1, 1, damage=False))

    def cancel(self, n, car, far):
        if self.out(n):
            self.driven[n] = self.present(n)
            self.try_to(n, {}, cancel, still_out=True)

    def pass_a_day(self, n, car, far):
        self.today += 1

    # --- The proof ---

    def compare(self):
        foretold = {
            (self.cars[car].pk, in_days(day))
            for car, day in self.blocked.union(*map(self.with_gap, self.has))
        }
        with as_owner():
            rows = list(CarAvailability.objects.values_list("car", "date"))
            assert (len(rows), set(rows)) == (len(foretold), foretold)
        with acting_as(SERVICE):
            assert find_drift() == []


def attempt(verb):
    """What staff made of it, and the code of its refusal."""
    try:
        with acting_as(STAFF):
            return verb(), ""
    except BookingError as refusal:
        return None, refusal.code


DEED = st.sampled_from(["swap", "swap", "swap", "extend", "extend", "pass_a_day", "take_back", "cancel"])
STEP = st.tuples(DEED, st.integers(0, 1), st.integers(0, 2), st.integers(0, 6))


def test_rentals_whose_cars_are_swapped_never_differ_from_a_model_in_memory(rounds):
    cars = [CarFactory(buffer_days=buffer) for buffer in BUFFERS]

    @budget(rounds(15, 400))
    @given(st.lists(STEP, min_size=5, max_size=12))
    def run(steps):
        with taken_back():
            world = World(cars)
            for deed, n, car, far in steps:
                getattr(world, deed)(n, car, far)
            world.compare()

    run()
