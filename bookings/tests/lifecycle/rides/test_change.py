"""Changing a ride: what the driver has to know for nothing, another time at its price, and never somebody else's hours."""

from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from icalendar import Calendar

from bookings.availability.audit import check_ledger
from bookings.availability.extras import book_extras
from bookings.errors import (
    ChangedMeanwhile,
    DatesTaken,
    Forbidden,
    Invalid,
    NotFound,
    PriceChanged,
    RulesRefused,
)
from bookings.feeds.calendar_file import calendar_file
from bookings.lifecycle.pricing.adjusting import Adjustment
from bookings.lifecycle.pricing.agreed import Agreed
from bookings.lifecycle.rides.change import change_ride
from bookings.lifecycle.rides.change_request import RideChangeRequest
from bookings.lifecycle.rides.request import RideDetails
from bookings.models import Booking, BookingChange, Ride, VehicleAssignment
from bookings.ridden import ride_of
from bookings.tests.support.booked_rides import DAY, Chauffeurs, settle
from bookings.tests.support.factories import in_days, make_extra, make_manager, move_to
from cars.models import Car, RideRate
from cars.pricing.agreed import Pricing
from cars.tests.support.rides import make_class, make_service
from exodrive.money import catalogue_price
from exodrive.rls import PUBLIC, SERVICE, STAFF, acting_as, as_owner
from inbox.mail.letters import compose
from inbox.models import InboxEmail

pytestmark = pytest.mark.django_db


def at_clock(clock, day=DAY):
    return datetime.combine(in_days(day), time.fromisoformat(clock))


def booked(hired, *asked, **more):
    """Committed, as far as the database is concerned."""
    booking = hired.book(*asked, **more)
    settle()
    return booking


def as_it_is(booking):
    with as_owner():
        found = Booking.objects.select_related("ride__service__location", "car__location").get(pk=booking.pk)
    found.secret = booking.secret
    return found


def change(booking, role=PUBLIC, *, at=None, preview=False, **asked):
    """By whoever has its link, or by a manager."""
    who = {"user": make_manager()} if role == STAFF else {"token": booking.secret}
    with acting_as(role, **who):
        read = Booking.objects.select_related("car__location").get(pk=booking.pk)
        read.secret = booking.secret
        request = RideChangeRequest(**asked)
        done = change_ride(booking=read, to=request, at=at or timezone.now(), preview=preview)
    settle()
    return done


def spans(booking):
    with as_owner():
        rows = VehicleAssignment.objects.filter(booking=booking.pk).order_by("date")
        return list(rows.values_list("car", "starts_at", "ends_at"))


def whole():
    with acting_as(SERVICE):
        return check_ledger() == []


def test_the_driver_is_told_more_for_nothing():
    booking = booked(Chauffeurs(), details=RideDetails(from_text="12 rue de la République"))
    had = spans(booking)
    done = change(booking, from_text=" 1 Main Street", sign_name="Ms Silva", flight_number="ly 322", bags=2)
    now = as_it_is(booking)
    assert (now.ride.from_text, now.ride.sign_name, now.ride.flight_number, now.ride.bags) == (
        "1 Main Street",
        "Ms Silva",
        "LY322",
        2,
    )
    assert (done.difference.amount, now.total, spans(booking)) == (0, 180, had)
    with as_owner():
        (row,) = BookingChange.objects.all()
        assert (row.actor_kind, row.difference) == ("customer", 0)
        assert row.after["contact"] == ["flight_number", "from_text", "sign_name"]
        assert (row.before["bags"], row.after["bags"]) == (0, 2)
        assert "Main Street" not in str(row.after)
        assert InboxEmail.objects.filter(booking=booking.pk, template="booking_changed").count() == 1


def test_what_costs_nothing_needs_no_price_of_today():
    """Rates that rose since it was booked are no reason to keep an address, or a passenger, to oneself."""
    hired = Chauffeurs()
    booking = booked(hired)
    with as_owner():
        RideRate.objects.filter(service=hired.service).update(amount=500)
    change(booking, from_text="1 Main Street")
    change(booking, passengers=3)
    now = as_it_is(booking)
    assert (now.total, now.ride.passengers) == (180, 3)


def test_more_people_than_the_class_takes_are_refused_with_all_reasons():
    booking = booked(Chauffeurs())
    with pytest.raises(RulesRefused) as refusal:
        change(booking, passengers=4, bags=3)
    assert [one.code for one in refusal.value.details["reasons"]] == ["passengers", "luggage"]


@pytest.mark.parametrize(
    ("name", "value"), [("flight_number", "?"), ("from_text", "x" * 251), ("sign_name", "a\nb"), ("bags", -1)]
)
def test_what_cannot_be_kept_is_named(name, value):
    booking = booked(Chauffeurs())
    with pytest.raises(Invalid) as refusal:
        change(booking, **{name: value})
    (field,) = refusal.value.details["fields"]
    assert field.removeprefix("ride.").lower() == name.replace("_", "")


def test_another_time_on_the_same_car_at_the_same_price():
    booking = booked(Chauffeurs(cars=2))
    done = change(booking, start=at_clock("15:00", DAY + 1))
    now = as_it_is(booking)
    assert (now.car_id, done.difference.amount) == (booking.car_id, 0)
    assert now.ride.starts_at == now.car.location.instant(in_days(DAY + 1), time(15))
    assert (now.start_date, f"{now.pickup_time:%H:%M}", f"{now.return_time:%H:%M}") == (
        in_days(DAY + 1),
        "15:00",
        "17:00",
    )
    assert spans(booking) == [(booking.car_id, now.ride.starts_at, now.ride.ends_at)]
    assert whole()


def test_it_overlaps_itself_and_stays_on_its_car():
    booking = booked(Chauffeurs(cars=2))
    change(booking, start=at_clock("11:00"))
    assert [car for car, _start, _end in spans(booking)] == [booking.car_id]
    assert whole()


def test_a_longer_ride_costs_more_and_a_shorter_one_less():
    booking = booked(Chauffeurs())
    assert change(booking, minutes=180).difference.amount == 90
    assert as_it_is(booking).total == 270
    assert change(booking, minutes=60).difference.amount == -180
    now = as_it_is(booking)
    assert (now.total, now.ride.ends_at - now.ride.starts_at) == (90, timedelta(hours=1))


def test_another_time_costs_what_it_does_today():
    hired = Chauffeurs()
    booking = booked(hired)
    with as_owner():
        RideRate.objects.filter(service=hired.service).update(amount=100)
    with pytest.raises(PriceChanged):
        change(booking, start=at_clock("15:00"), agreed=Agreed.of(booking.as_quoted))
    assert as_it_is(booking).total == 180
    assert change(booking, start=at_clock("15:00")).after.total.amount == 200
    assert as_it_is(booking).total == 200


def test_what_a_manager_put_on_the_price_stays():
    booking = booked(Chauffeurs())
    change(booking, STAFF, adjustment=Adjustment(catalogue_price(Decimal(-20)), "A regular"))
    assert as_it_is(booking).total == 160
    change(booking, minutes=180)
    assert as_it_is(booking).total == 250


def test_staff_keep_the_price_and_customers_cannot():
    booking = booked(Chauffeurs())
    change(booking, STAFF, minutes=180, pricing=Pricing.KEPT)
    assert as_it_is(booking).total == 180
    with pytest.raises(Forbidden):
        change(booking, minutes=240, pricing=Pricing.KEPT)


def test_another_car_of_the_class_takes_it_where_its_own_is_busy():
    hired = Chauffeurs(cars=2)
    booking = booked(hired, "10:00")
    rival = booked(hired, "15:00", car=booking.car)
    assert rival.car_id == booking.car_id
    change(booking, start=at_clock("15:00"))
    now = as_it_is(booking)
    assert now.car_id != booking.car_id
    assert [car for car, _start, _end in spans(booking)] == [now.car_id]
    assert whole()


def test_a_car_that_was_chosen_is_not_changed_for_another():
    hired = Chauffeurs(cars=2)
    booking = booked(hired, "10:00", car=hired.cars[0])
    booked(hired, "15:00", car=hired.cars[0])
    had = spans(booking)
    with pytest.raises(DatesTaken):
        change(booking, start=at_clock("15:00"))
    assert spans(booking) == had


def test_taken_hours_are_refused_and_the_old_ones_stay():
    hired = Chauffeurs()
    booking = booked(hired, "10:00")
    booked(hired, "15:00")
    had = spans(booking)
    with pytest.raises(DatesTaken):
        change(booking, start=at_clock("13:30"), minutes=120)
    with pytest.raises(DatesTaken):
        change(booking, STAFF, start=at_clock("13:30"))
    now = as_it_is(booking)
    assert (spans(booking), now.total, now.ride.starts_at) == (had, 180, booking.ride.starts_at)
    assert whole()


def test_every_rule_that_forbids_another_time_is_said():
    booking = booked(Chauffeurs())
    with pytest.raises(RulesRefused) as refusal:
        change(booking, start=at_clock("21:10", 900), minutes=30)
    codes = {one.code for one in refusal.value.details["reasons"]}
    assert codes == {"horizon", "min_duration", "step", "outside_hours"}


def test_managers_break_rules_with_a_reason():
    booking = booked(Chauffeurs())
    change(booking, STAFF, start=at_clock("21:10"), override="He is the mayor")
    with as_owner():
        assert BookingChange.objects.get().reason == "He is the mayor"
    assert whole()


def test_a_service_that_is_not_offered_any_more_is_still_ridden_shorter():
    hired = Chauffeurs()
    booking = booked(hired)
    with as_owner():
        type(hired.service).objects.update(is_offered=False)
    change(booking, minutes=60)
    with pytest.raises(RulesRefused) as refusal:
        change(booking, start=at_clock("15:00"))
    assert [one.code for one in refusal.value.details["reasons"]] == ["not_offered"]


def test_customers_change_the_time_as_long_as_they_may_cancel():
    booking = booked(Chauffeurs(cancel_until_minutes=90, lead_time_minutes=0))
    starts = booking.ride.starts_at
    change(booking, start=at_clock("12:00"), at=starts - timedelta(minutes=91))
    starts += timedelta(hours=2)
    with pytest.raises(Forbidden):
        change(booking, start=at_clock("15:00"), at=starts - timedelta(minutes=90))
    change(booking, sign_name="Ms Silva", at=starts - timedelta(minutes=1))
    with pytest.raises(Invalid):
        change(booking, sign_name="Mr Silva", at=starts)
    change(booking, STAFF, minutes=180, at=starts - timedelta(minutes=1))


def test_the_terms_follow_and_free_cancelling_is_not_won_back():
    booking = booked(Chauffeurs(free_cancel_hours=24, cancel_until_minutes=60))
    starts = booking.ride.starts_at
    change(booking, start=at_clock("12:00"))
    moved = as_it_is(booking)
    assert moved.free_cancellation_until == starts + timedelta(hours=2 - 24)
    assert datetime.fromisoformat(moved.terms["cancel_until"]) == starts + timedelta(hours=1)
    change(booking, start=at_clock("12:00", DAY + 7), at=starts - timedelta(hours=5))
    assert as_it_is(booking).free_cancellation_until == starts + timedelta(hours=2 - 24)


@pytest.mark.parametrize("status", ["completed", "cancelled"])
def test_what_is_over_stays(status):
    booking = move_to(booked(Chauffeurs()), status)
    with pytest.raises(Invalid):
        change(booking, STAFF, sign_name="Ms Silva")


def test_under_way_its_end_moves_and_its_start_does_not():
    booking = move_to(booked(Chauffeurs()), "active")
    change(booking, STAFF, minutes=180)
    assert as_it_is(booking).total == 270
    with pytest.raises(Invalid):
        change(booking, STAFF, start=at_clock("15:00"))
    with pytest.raises(Invalid):
        change(booking, from_text="Elsewhere")


def test_a_preview_changes_nothing():
    booking = booked(Chauffeurs())
    had = spans(booking)
    seen = change(booking, minutes=180, preview=True)
    assert (seen.after.total.amount, seen.difference.amount) == (270, 90)
    now = as_it_is(booking)
    assert (now.total, now.ride.ends_at, spans(booking)) == (180, booking.ride.ends_at, had)
    with as_owner():
        assert not BookingChange.objects.exists()
        assert not InboxEmail.objects.filter(template="booking_changed").exists()


def test_what_is_asked_for_already_is_no_change():
    booking = booked(Chauffeurs())
    change(booking, start=at_clock("10:00"), minutes=120, passengers=1)
    with as_owner():
        assert not BookingChange.objects.exists()


def test_a_change_in_between_is_not_written_over():
    booking = booked(Chauffeurs())
    with acting_as(PUBLIC, token=booking.secret):
        read = Booking.objects.select_related("car__location").get()
        ride_of(read)
    change(booking, start=at_clock("15:00"))
    with acting_as(PUBLIC, token=booking.secret), pytest.raises(ChangedMeanwhile):
        change_ride(booking=read, to=RideChangeRequest(minutes=180), at=timezone.now())


def test_extras_are_counted_on_the_new_day():
    booking = booked(Chauffeurs())
    seat = make_extra(stock=1)
    with acting_as(SERVICE):
        book_extras(as_it_is(booking), [(seat, 1)])
    change(booking, start=at_clock("10:00", DAY + 2))
    with as_owner():
        (row,) = as_it_is(booking).extras.all()
    assert (row.start_date, row.end_date) == (in_days(DAY + 2), in_days(DAY + 2))


def test_a_foreign_link_changes_nothing():
    hired = Chauffeurs(cars=2)
    booking, other = booked(hired, "10:00"), booked(hired, "15:00")
    with acting_as(PUBLIC, token=booking.secret):
        assert Ride.objects.get().booking_id == booking.pk
    with as_owner():
        foreign = Booking.objects.select_related("car__location", "ride__service__location").get(pk=other.pk)
    with acting_as(PUBLIC, token=booking.secret), pytest.raises((NotFound, Ride.DoesNotExist)):
        change_ride(booking=foreign, to=RideChangeRequest(sign_name="Me"), at=timezone.now())
    assert as_it_is(other).ride.sign_name == ""


def test_the_calendar_file_and_the_mail_say_the_new_time():
    booking = booked(Chauffeurs(name="Driver by the hour"))

    def event():
        with acting_as(SERVICE):
            file = calendar_file(as_it_is(booking), url="https://x.example", at=timezone.now())
        return Calendar.from_ical(file).walk("VEVENT")[0]

    before = event()
    change(booking, start=at_clock("15:00"), minutes=180)
    after = event()
    assert (before["uid"], before["sequence"] + 1) == (after["uid"], after["sequence"])
    assert after["dtstart"].dt == as_it_is(booking).ride.starts_at
    with acting_as(SERVICE):
        email = InboxEmail.objects.get(template="booking_changed")
        email.booking = Booking.objects.select_related("car__location", "link", "proof").get(pk=booking.pk)
        letter = compose(email, ["x@example.com"], at=timezone.now())
    assert "15:00" in letter.subject
    for words in ("15:00", "18:00", "It costs €90 more."):
        assert words in letter.body


def test_a_car_that_left_the_class_keeps_no_customer_from_another_time():
    hired = Chauffeurs(cars=2)
    booking = booked(hired)
    with as_owner():
        Car.objects.filter(pk=booking.car_id).update(car_class=None)
    change(booking, start=at_clock("15:00"))
    assert as_it_is(booking).car_id != booking.car_id


def test_in_a_car_of_another_class_that_staff_gave_it_there_are_other_people_too():
    hired = Chauffeurs()
    booking = booked(hired, "10:00")
    with as_owner():
        Car.objects.filter(pk=booking.car_id).update(car_class=make_class(passengers=8, bags=8))
    change(booking, passengers=3)
    assert as_it_is(booking).ride.passengers == 3


def test_of_a_private_tour_more_people_cost_nothing_more():
    hired = Chauffeurs()
    hired.service = make_service(kind="tour", location=hired.place)
    with as_owner():
        RideRate.objects.create(service=hired.service, basis="vehicle", amount=240)
    booking = booked(hired, "10:00", 180)
    with as_owner():
        RideRate.objects.filter(service=hired.service).update(amount=900)
    change(booking, passengers=3)
    assert (as_it_is(booking).total, as_it_is(booking).ride.passengers) == (240, 3)


def test_seats_that_were_paid_by_the_head_are_left_alone():
    booking = booked(Chauffeurs(), "10:00", passengers=2)
    paid = booking.quote | {"lines": [line | {"code": "ride_adult"} for line in booking.quote["lines"]]}
    with as_owner():
        Booking.objects.filter(pk=booking.pk).update(quote=paid)
    for role in (PUBLIC, STAFF):
        for asked in ({"start": at_clock("15:00")}, {"minutes": 180}, {"passengers": 1}, {"bags": 1}):
            with pytest.raises(Invalid, match="Seats on a tour"):
                change(booking, role, **asked)
    change(booking, sign_name="Ms Silva")
    assert as_it_is(booking).ride.sign_name == "Ms Silva"
