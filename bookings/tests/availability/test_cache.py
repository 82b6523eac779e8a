"""The calendar's cache: fewer questions, forgotten on commit, never asked when booking."""

from datetime import timedelta

import pytest
import redis
from django.utils import timezone

from bookings.availability.as_of import AsOf
from bookings.availability.cache import cached_taken_dates
from bookings.availability.ledger import taken_dates
from bookings.errors import DatesTaken
from bookings.lifecycle.keys.handover import hand_over
from bookings.lifecycle.transitions import cancel, take_back
from bookings.models import Booking
from bookings.tests.support.factories import CarFactory, in_days, make_booking, make_hold, make_manager
from bookings.tests.support.returns import BACK, back, out
from exodrive.cache import client
from exodrive.rls import PUBLIC, STAFF, acting_as

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def cache(settings):
    settings.AVAILABILITY_CACHE_SECONDS = 60
    client.breaker.closed_until = 0.0
    server = client.client()
    server.flushdb()
    yield
    server.flushdb()
    client.breaker.closed_until = 0.0


def shown(car, **options):
    with acting_as(PUBLIC):
        return cached_taken_dates(
            car, in_days(0), in_days(90), as_of=AsOf(**{"at": timezone.now()} | options)
        )


def test_a_second_look_asks_no_database(django_assert_num_queries):
    booking = make_booking(start=in_days(3), length=2)
    assert shown(booking.car) == {in_days(3), in_days(4)}
    with django_assert_num_queries(0):
        assert shown(booking.car) == {in_days(3), in_days(4)}


def test_every_claim_and_release_is_seen_at_once():
    car = CarFactory()
    assert shown(car) == set()
    booking = make_booking(car=car, start=in_days(3), length=1)
    assert shown(car) == {in_days(3)}
    hold = make_hold(car=car, start=in_days(6), length=1)
    assert shown(car) == {in_days(3), in_days(6)}
    with acting_as(PUBLIC, token=booking.secret):
        cancel(booking=Booking.objects.get(), at=timezone.now())
    assert shown(car) == {in_days(6)}
    assert shown(car, ignoring=hold) == set()


def test_a_hold_lapses_in_the_cache_too():
    hold = make_hold(start=in_days(6), length=1)
    assert shown(hold.car) == {in_days(6)}
    assert shown(hold.car, at=hold.expires_at + timedelta(seconds=1)) == set()


def test_who_is_late_is_known_without_a_question_until_the_car_is_back(django_assert_num_queries):
    booking = out(start=in_days(-4), length=2)
    assert shown(booking.car) == {in_days(0)}
    with django_assert_num_queries(0):
        assert shown(booking.car) == {in_days(0)}
        with acting_as(STAFF):
            taken = cached_taken_dates(booking.car, in_days(0), in_days(90), as_of=AsOf(timezone.now()))
        assert taken == set()
    back(booking)
    assert shown(booking.car) == set()


def test_the_keys_given_and_a_rental_called_off_are_seen_at_once():
    booking = make_booking(start=in_days(-4), length=2, status="active")
    assert shown(booking.car) == set()
    with acting_as(STAFF, user=make_manager()):
        given = hand_over(booking=booking, at=timezone.now())
    assert shown(booking.car) == {in_days(0)}
    with acting_as(STAFF, user=make_manager()):
        gone = cancel(booking=given, at=timezone.now(), still_out=True)
    assert shown(booking.car) == {in_days(0)}
    with acting_as(STAFF):
        take_back(booking=gone, at=timezone.now(), checklist=BACK)
    assert shown(booking.car) == set()


def test_a_refused_claim_forgets_nothing(django_assert_num_queries):
    booking = make_booking(start=in_days(3), length=2)
    shown(booking.car)
    with pytest.raises(DatesTaken):
        make_booking(car=booking.car, start=in_days(3), length=1)
    with django_assert_num_queries(0):
        shown(booking.car)


def test_a_lying_cache_sells_nothing():
    """Even when Redis shows a taken day as free, the claim does not succeed."""
    booking = make_booking(start=in_days(3), length=1)
    car = booking.car
    shown(car)
    server = client.client()
    for key in server.keys("*:days:*"):
        server.set(key, "[false, []]")
    assert shown(car) == set()
    with pytest.raises(DatesTaken):
        make_booking(car=car, start=in_days(3), length=1)


def test_without_redis_the_ledger_answers(monkeypatch):
    booking = make_booking(start=in_days(3), length=1)
    away = redis.Redis(port=1, socket_timeout=0.1, socket_connect_timeout=0.1, retry=None)
    monkeypatch.setattr(client, "client", lambda: away)
    monkeypatch.setattr(client.breaker, "closed_until", 0.0)
    assert shown(booking.car) == {in_days(3)}
    with acting_as(PUBLIC):
        assert taken_dates(booking.car, in_days(0), in_days(9), as_of=AsOf(timezone.now())) == {in_days(3)}
