"""Prices and hours are edited while sixteen clients book: each books at what was valid while it asked, or is told."""

import itertools
import threading
import time
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

import cars.catalogue
from bookings.days import Days
from bookings.errors import PriceChanged, RulesRefused
from bookings.lifecycle.create import create_booking
from bookings.lifecycle.pricing.agreed import Agreed
from bookings.lifecycle.request import BookingRequest, Person
from bookings.tests.support.factories import CarFactory, LocationFactory, in_days
from bookings.tests.support.racing import all_at_once
from cars.catalogue import catalogue
from cars.models import Car, ClosedDay, Season
from cars.pricing.tariff import quote
from exodrive.errors import Unavailable
from exodrive.rls import PUBLIC, STAFF, acting_as, as_owner

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.alone]
CLIENTS, EACH, LENGTH = 16, 3, 2
# Seconds between two edits: a rate that never stays for as long as a booking takes is refused by the database.
PAUSE = 0.25
CLOSED = None  # the price of days on which nobody hands a car over


@dataclass
class Edits:
    """What staff wrote, and between which instants each of it may have been the truth: begun, replaced."""

    truths: list[tuple[float, int | None]] = field(default_factory=list)
    replaced: list[float] = field(default_factory=list)

    def write(self, truth, change):
        begun = time.monotonic()
        with acting_as(STAFF), transaction.atomic():
            change()
        self.truths.append((begun, truth))
        if len(self.truths) > 1:
            self.replaced.append(time.monotonic())

    def valid(self, begun, ended):
        """What may have been the truth at some moment between two instants."""
        until = [*self.replaced, float("inf")]
        return {
            truth
            for (since, truth), to in zip(self.truths, until, strict=True)
            if since <= ended and to >= begun
        }


def edit_until(done, edits, days):
    """Raise the rate, close the place for a moment, open it again, and so on."""

    def editor():
        rates = itertools.count(101)
        while not done.is_set():
            rate = next(rates)
            edits.write(rate, lambda rate=rate: Season.objects.update(rate=rate))
            done.wait(PAUSE)
            if rate % 3 == 0:
                edits.write(CLOSED, lambda: ClosedDay.objects.create(date=days.start))
                done.wait(PAUSE)
                edits.write(rate, lambda: ClosedDay.objects.all().delete())

    return editor


def client(number, fleet, days, agreeing):
    """Books car after car; for each the instants before and after, and the rate that it booked, saw or was refused for."""

    def run():
        found = []
        for n in range(EACH):
            car = fleet[number * EACH + n]
            person = Person("Race Mark", f"race-{number}-{n}@example.com")
            with acting_as(PUBLIC):
                agreed = Agreed.of(quote(car, days)) if agreeing and n else None
                begun = time.monotonic()
                asked = BookingRequest(car=car, days=days, who=person, language="en", agreed=agreed)
                try:
                    rate = create_booking(asked, at=timezone.now()).total / LENGTH
                except PriceChanged as refusal:
                    rate = refusal.details["now"].total.amount / LENGTH
                except RulesRefused:
                    rate = CLOSED
                except Unavailable:
                    continue  # asked again, five times in vain: others wrote a new rate each time
            found.append((begun, time.monotonic(), rate))
        return found

    return run


def race():
    """How many answers, and those of them that were never true while their client waited."""
    days = Days.starting(in_days(20), LENGTH)
    place = LocationFactory()
    fleet = [CarFactory(location=place, weekend_rate=None) for _n in range(CLIENTS * EACH)]
    with as_owner():
        Season.objects.all().delete()  # of the round before
        around = {"start_date": days.start - timedelta(days=9), "end_date": days.end + timedelta(days=9)}
        Season.objects.create(name="Raced", rate=100, **around)
    edits, done = Edits(), threading.Event()
    edits.write(100, lambda: None)
    with acting_as(PUBLIC):
        catalogue()

    def clients():
        return all_at_once([client(n, fleet, days, n % 2) for n in range(CLIENTS)])

    def booked():
        try:
            return clients()
        finally:
            done.set()

    _none, answers = all_at_once([edit_until(done, edits, days), booked])
    assert isinstance(answers, list), answers
    broken = [answer for answer in answers if isinstance(answer, Exception)]
    assert broken == []
    assert len(edits.truths) > 3
    found = list(itertools.chain(*answers))
    wrong = [one for one in found if one[2] not in edits.valid(one[0], one[1])]
    return len(found), wrong


def test_every_booking_costs_what_was_valid_while_it_was_made(rounds):
    for _round in range(rounds(1, 10)):
        asked, wrong = race()
        assert asked > CLIENTS * EACH / 2
        assert wrong == []


def test_control_a_catalogue_that_is_not_asked_for_again_books_at_old_prices(monkeypatch):
    """The same race with a process that trusts what it read once, and nobody who guards the price in the database."""
    ask = cars.catalogue._ask

    def trusting(wanted):
        _version, visible = ask(wanted)
        return "always the same", visible

    monkeypatch.setattr(cars.catalogue, "_ask", trusting)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE bookings DISABLE TRIGGER booking_is_priced")
    try:
        _asked, wrong = race()
    finally:
        cars.catalogue._kept.clear()
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("ALTER TABLE bookings ENABLE TRIGGER booking_is_priced")
    assert wrong != []


def test_two_who_write_at_once_do_not_wait_for_each_other_and_each_commit_is_seen():
    """Both hold their transactions open until both have written."""
    first, second = CarFactory(daily_rate=100), CarFactory(daily_rate=100)
    together = threading.Barrier(2, timeout=20)

    def rates():
        with acting_as(PUBLIC):
            found = catalogue(first.pk, second.pk)
            return [int(found.car(car.pk).daily_rate) for car in (first, second)]

    def writer(car, rate, after=None):
        def write():
            with acting_as(STAFF), transaction.atomic():
                Car.objects.filter(pk=car.pk).update(daily_rate=rate)
                together.wait()
                if after:
                    assert after.wait(20)
            return rates()

        return write

    assert rates() == [100, 100]
    seen = threading.Event()

    def one():
        try:
            return writer(first, 111)()
        finally:
            seen.set()

    assert all_at_once([one, writer(second, 222, after=seen)]) == [[111, 100], [111, 222]]
    assert rates() == [111, 222]
