"""Random sequences of all that takes and frees days, beside a model in memory: both always agree on who has what."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from bookings.availability.blocks import change_block, place_blocks, remove_block
from bookings.availability.holds import drop_expired, extend_hold, place_hold
from bookings.days import Days
from bookings.errors import BookingError
from bookings.lifecycle.change import change_booking
from bookings.lifecycle.change_request import ChangeRequest
from bookings.lifecycle.create import create_booking
from bookings.lifecycle.request import BookingRequest
from bookings.lifecycle.transitions import cancel, transition
from bookings.links.lookup import hold_for
from bookings.models import CarAvailability, Hold
from bookings.tests.support.examples import budget, taken_back
from bookings.tests.support.factories import MARTA, CarFactory, in_days
from exodrive.rls import PUBLIC, SERVICE, STAFF, acting_as, as_owner
from inbox.audit import find_drift

pytestmark = pytest.mark.django_db
BUFFERS = (2, 0)  # of the two cars


@dataclass(eq=False)
class Claim:
    """Somebody's days, as the model knows them. The row is the one in the database."""

    kind: str
    car: int
    days: Days
    row: Any
    lapsed: bool = False

    @property
    def buffer(self) -> int:
        return 0 if self.kind == "block" else BUFFERS[self.car]

    def all_days(self):
        return {(self.car, day) for day in self.days.with_buffer(self.buffer)}


class World:
    """Two cars and everything that was done to them. Each deed foretells its outcome, does it, and compares."""

    def __init__(self, cars):
        self.cars, self.claims = cars, []

    def free(self, claim, but=None):
        rivals = [other for other in self.claims if other is not but and not other.lapsed]
        return not any(claim.all_days() & other.all_days() for other in rivals)

    def some(self, kind, n):
        """One of the claims of a kind; None when there is none."""
        found = [claim for claim in self.claims if claim.kind == kind]
        return found[n % len(found)] if found else None

    def try_to(self, claim, verb, but=None):
        """Claim days by a verb. Exactly what the model calls free is had, in place of `but`."""
        foretold = "" if self.free(claim, but) else "dates_taken"
        claim.row, refused = attempt(verb)
        assert refused == foretold
        if refused:
            return
        if but:
            self.claims.remove(but)
        self.claims.append(claim)

    # --- Deeds: what visitors, staff and jobs do ---

    def hold(self, car, days, n):
        self.try_to(
            Claim("hold", car, days, None),
            public(place_hold, car=self.cars[car], days=days, at=timezone.now()),
        )

    def book(self, car, days, n):
        asked = BookingRequest(car=self.cars[car], days=days, who=MARTA, language="en")
        self.try_to(
            Claim("booking", car, days, None), public(create_booking, request=asked, at=timezone.now())
        )

    def block(self, car, days, n):
        asked = {"cars": [self.cars[car]], "days": days, "kind": "other"}
        self.try_to(Claim("block", car, days, None), lambda: staff(place_blocks, **asked)()[0])

    def move(self, car, days, n):
        if was := self.some("booking", n):
            wanted = ChangeRequest(car=self.cars[car], days=days)
            asked = {"booking": was.row, "to": wanted, "at": timezone.now()}
            to = Claim("booking", car, days, None)
            self.try_to(to, lambda: staff(change_booking, **asked)().booking, but=was)

    def shift(self, car, days, n):
        if was := self.some("block", n):
            to = Claim("block", was.car, days, None)
            self.try_to(to, staff(change_block, block=was.row, days=days), but=was)

    def convert(self, car, days, n):
        if was := self.some("hold", n):
            booking, refused = attempt(lambda: convert(was.row))
            assert refused in (("hold_expired", "not_found") if was.lapsed else ("",))
            if not refused:
                self.claims.remove(was)
                self.claims.append(Claim("booking", was.car, was.days, booking))

    def extend(self, car, days, n):
        if was := self.some("hold", n):
            first = was.row.extended_at is None
            row, refused = attempt(lambda: extend(was.row))
            gone = was.lapsed and refused in ("hold_expired", "not_found")
            assert gone or refused == ("" if first else "hold_expired")
            was.row = row or was.row

    def cancel(self, car, days, n):
        if was := self.some("booking", n):
            staff(cancel, booking=was.row, at=timezone.now())()
            self.claims.remove(was)

    def confirm(self, car, days, n):
        was = self.some("booking", n)
        if was and was.row.status == "pending":
            was.row = staff(transition, booking=was.row, to="upcoming", at=timezone.now())()

    def unblock(self, car, days, n):
        if was := self.some("block", n):
            staff(remove_block, block=was.row)()
            self.claims.remove(was)

    def lapse(self, car, days, n):
        if was := self.some("hold", n):
            # Well before the test's transaction began: that moment is PostgreSQL's now() for all examples.
            was.lapsed, past = True, timezone.now() - timedelta(days=1)
            with as_owner():
                Hold.objects.filter(pk=was.row.pk).update(expires_at=past)
                CarAvailability.objects.filter(hold=was.row).update(expires_at=past)

    def clean(self, car, days, n):
        with acting_as(SERVICE):
            drop_expired(timezone.now())

    # --- The proof ---

    def compare(self):
        """Every day that the model says is taken, by whom and how, stands in the ledger, and no other."""
        foretold = {
            (self.cars[claim.car].pk, day): (claim.kind, claim.row.pk, day not in claim.days)
            for claim in self.claims
            if not claim.lapsed
            for day in claim.days.with_buffer(claim.buffer)
        }
        with as_owner():
            rows = CarAvailability.objects.exclude(expires_at__lte=timezone.now())
            found = {(row.car_id, row.date): (*owner(row), row.status == "buffer") for row in rows}
        assert found == foretold
        with acting_as(SERVICE):
            assert find_drift() == []


DEEDS = [
    "hold",
    "book",
    "block",
    "move",
    "shift",
    "convert",
    "extend",
    "cancel",
    "confirm",
    "unblock",
    "lapse",
    "clean",
]
SPAN = st.builds(
    lambda start, length: Days.starting(in_days(start), length), st.integers(2, 10), st.integers(1, 4)
)
# Taking days comes more often than freeing them, or most of the ledger would stay empty.
DEED = st.sampled_from([*DEEDS, "hold", "book", "book", "move", "move"])
STEP = st.tuples(DEED, st.integers(0, 1), SPAN, st.integers(0, 5))


def attempt(verb):
    """What it made, and the code of its refusal."""
    try:
        return verb(), ""
    except BookingError as refusal:
        return None, refusal.code


def public(verb, **asked):
    return lambda: _as(PUBLIC, verb, asked)


def staff(verb, **asked):
    return lambda: _as(STAFF, verb, asked)


def _as(role, verb, asked):
    with acting_as(role):
        return verb(**asked)


def convert(hold):
    with acting_as(PUBLIC, token=hold.token):
        mine = hold_for(hold.token)
        at = timezone.now()
        return create_booking(
            BookingRequest(car=mine.car, days=mine.days, who=MARTA, language="en", hold=mine), at=at
        )


def extend(hold):
    with acting_as(PUBLIC, token=hold.token):
        return extend_hold(hold=hold_for(hold.token), at=timezone.now())


def owner(row):
    for kind in ("booking", "hold", "block"):
        if pk := getattr(row, f"{kind}_id"):
            return kind, pk
    raise AssertionError("a day of nobody")


def test_the_ledger_never_differs_from_a_model_in_memory(rounds):
    cars = [CarFactory(buffer_days=buffer) for buffer in BUFFERS]

    @budget(rounds(15, 500))
    @given(st.lists(STEP, min_size=6, max_size=14))
    def run(steps):
        with taken_back():
            world = World(cars)
            for deed, car, days, n in steps:
                getattr(world, deed)(car, days, n)
            world.compare()

    run()
