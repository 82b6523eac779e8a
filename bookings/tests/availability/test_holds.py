"""Holds keep days for a while, move, grow once, lapse by themselves and become bookings without a gap."""

from datetime import time, timedelta

import pytest
from django.utils import timezone

from bookings.availability.holds import drop_expired, extend_hold, place_hold, release_hold
from bookings.days import Days
from bookings.errors import DatesTaken, HoldExpired, Invalid, NotFound
from bookings.lifecycle.create import create_booking
from bookings.lifecycle.request import BookingRequest, Person
from bookings.links.lookup import booking_for, hold_for
from bookings.models import Booking, CarAvailability, Hold
from bookings.tests.support.factories import MARTA, CarFactory, in_days, make_booking, make_hold
from cars.models import Car
from exodrive.rls import PUBLIC, SERVICE, acting_as, as_owner

pytestmark = pytest.mark.django_db


def ledger(**claimant):
    with as_owner():
        rows = CarAvailability.objects.filter(**claimant).order_by("date")
        return [(row.date, row.status) for row in rows]


def own(hold):
    return acting_as(PUBLIC, token=hold.token)


def submit(hold, **fields):
    with own(hold):
        mine = hold_for(hold.token)
        who = Person("Marta Oliveira", "marta@example.com")
        fields = {"car": mine.car, "days": mine.days, "at": timezone.now(), **fields}
        at = fields.pop("at")
        return create_booking(BookingRequest(who=who, language="en", hold=mine, **fields), at=at)


def test_a_hold_takes_its_days_and_the_buffer_for_fifteen_minutes():
    at = timezone.now()
    hold = make_hold(car=CarFactory(buffer_days=1), length=2, at=at)
    assert [status for _, status in ledger(hold=hold)] == ["held", "held", "buffer"]
    assert hold.expires_at == at + timedelta(minutes=15)
    with pytest.raises(DatesTaken):
        make_booking(car=hold.car, start=hold.end_date, length=1)


def test_a_lapsed_hold_never_blocks_even_before_the_clean_up():
    hold = make_hold(at=timezone.now() - timedelta(minutes=16))
    assert make_booking(car=hold.car, start=hold.start_date).pk
    with pytest.raises((HoldExpired, DatesTaken)):
        submit(hold)


def test_a_hold_is_extended_once():
    hold, at = make_hold(), timezone.now() + timedelta(minutes=10)
    with own(hold):
        longer = extend_hold(hold=hold, at=at)
        assert longer.expires_at == at + timedelta(minutes=15)
        with pytest.raises(HoldExpired):
            extend_hold(hold=longer, at=at)
    with as_owner():
        assert set(CarAvailability.objects.filter(hold=hold).values_list("expires_at", flat=True)) == {
            longer.expires_at
        }


def test_a_lapsed_hold_cannot_be_extended():
    hold = make_hold(at=timezone.now() - timedelta(minutes=16))
    with own(hold), pytest.raises(HoldExpired):
        extend_hold(hold=hold, at=timezone.now())


def test_whether_a_hold_is_live_is_asked_of_the_clock_after_the_wait_for_the_car():
    """`at` is from before: meanwhile the hold may have lapsed, and its days may be somebody else's."""
    hold, at = make_hold(at=timezone.now() - timedelta(minutes=16)), timezone.now() - timedelta(minutes=5)
    assert hold.is_live(at)
    with acting_as(PUBLIC, token=hold.token), pytest.raises(HoldExpired):
        extend_hold(hold=hold, at=at)
    with as_owner():
        assert Hold.objects.get().extended_at is None


def test_a_hold_that_lost_a_day_is_not_extended():
    hold, at = make_hold(), timezone.now()
    with as_owner():
        hold.ledger.filter(date=hold.start_date).delete()
    with acting_as(PUBLIC, token=hold.token), pytest.raises(HoldExpired):
        extend_hold(hold=hold, at=at)
    with as_owner():
        assert Hold.objects.get().extended_at is None


def test_a_lapsed_hold_becomes_no_booking_although_nobody_took_its_days():
    hold = make_hold(at=timezone.now() - timedelta(minutes=16))
    with acting_as(PUBLIC, token=hold.token), pytest.raises(HoldExpired):
        create_booking(
            BookingRequest(car=hold.car, days=hold.days, who=MARTA, hold=hold),
            at=timezone.now() - timedelta(minutes=5),
        )
    with as_owner():
        assert not Booking.objects.exists()
        assert set(hold.ledger.values_list("status", flat=True)) == {"held"}


def test_a_released_hold_gives_its_days_back():
    hold = make_hold()
    with own(hold):
        release_hold(hold=hold)
    assert ledger(hold_id=hold.pk) == []
    with own(hold), pytest.raises(NotFound):
        release_hold(hold=hold)
    with own(hold):
        assert not hold_for(hold.token).is_live(timezone.now())


def test_nobody_releases_anothers_hold():
    hold, other = make_hold(), make_hold()
    with own(other), pytest.raises(NotFound):
        release_hold(hold=hold)
    assert len(ledger(hold=hold)) == 4


def test_other_days_replace_the_old_hold_in_one_step():
    hold = make_hold(length=2)
    days = Days.starting(hold.start_date, 4)
    with own(hold):
        new = place_hold(car=hold.car, days=days, at=timezone.now(), replaces=hold)
    assert len(ledger(hold=new)) == 4
    assert ledger(hold=hold) == []
    with as_owner():
        assert not Hold.objects.get(pk=hold.pk).is_live(timezone.now())


def test_when_the_new_days_are_taken_the_old_hold_stays():
    car = CarFactory()
    hold = make_hold(car=car, start=in_days(3), length=2)
    make_booking(car=car, start=in_days(5), length=2)
    with own(hold), pytest.raises(DatesTaken):
        place_hold(car=car, days=Days.starting(in_days(3), 3), at=timezone.now(), replaces=hold)
    assert len(ledger(hold=hold)) == 2


def test_a_hold_becomes_a_booking_without_a_gap():
    hold = make_hold(car=CarFactory(buffer_days=1), length=2)
    booking = submit(hold)
    assert [status for _, status in ledger(booking=booking)] == ["pending", "pending", "buffer"]
    assert ledger(hold=hold) == []
    assert booking.dates_chosen_at == hold.dates_chosen_at


def test_a_hold_posted_again_answers_with_its_booking():
    hold = make_hold()
    first = submit(hold)
    second = submit(hold)
    assert (second.pk, second.secret, second.replayed) == (first.pk, first.secret, True)
    with acting_as(PUBLIC, token=first.secret):
        assert booking_for(first.secret).pk == first.pk
    with as_owner():
        assert Booking.objects.count() == 1


def test_the_frozen_buffer_counts_even_when_the_car_changed_meanwhile():
    hold = make_hold(car=CarFactory(buffer_days=2), length=1)
    with as_owner():
        Car.objects.filter(pk=hold.car_id).update(buffer_days=0)
    assert len(ledger(booking=submit(hold))) == 3


def test_a_hold_is_not_for_another_car_or_other_days():
    hold = make_hold()
    with pytest.raises(Invalid):
        submit(hold, days=Days.starting(hold.start_date, 1))


def test_a_pick_up_held_before_the_cut_off_is_kept_after_it():
    today = in_days(0)
    before = make_hold().car.location.instant(today, time(11, 55))
    hold = make_hold(start=today, length=1, at=before)
    with as_owner():  # the database's clock is the real one; only the rule's clock is asked here
        later = timezone.now() + timedelta(minutes=10)
        Hold.objects.filter(pk=hold.pk).update(expires_at=later)
        CarAvailability.objects.filter(hold=hold).update(expires_at=later)
    assert submit(hold, at=before + timedelta(minutes=10)).start_date == today


def test_a_car_taken_out_of_the_offer_is_refused_even_from_a_hold():
    hold = make_hold()
    with as_owner():
        Car.objects.filter(pk=hold.car_id).update(status="maintenance")
    with pytest.raises(Exception, match="cannot be rented") as refusal:
        submit(hold)
    assert [r.code for r in refusal.value.details["reasons"]] == ["not_offered"]


def test_clean_up_deletes_lapsed_holds_and_old_converted_ones_only():
    live = make_hold()
    lapsed = make_hold(at=timezone.now() - timedelta(minutes=21))
    fresh, old = make_hold(), make_hold()
    submit(fresh)
    submit(old)
    with as_owner():
        Hold.objects.filter(pk=old.pk).update(expires_at=timezone.now() - timedelta(days=31))
    with acting_as(SERVICE):
        assert drop_expired(timezone.now()) == 2
        assert drop_expired(timezone.now()) == 0
    with as_owner():
        assert set(Hold.objects.values_list("pk", flat=True)) == {live.pk, fresh.pk}
        assert not CarAvailability.objects.filter(hold_id=lapsed.pk).exists()


@pytest.mark.parametrize("token", ["", "wrong", "AAAAAAAAAAAAAAAAAAAAAA"])
def test_a_wrong_token_opens_no_hold(token):
    make_hold()
    with acting_as(PUBLIC, token=token), pytest.raises(NotFound):
        hold_for(token)
