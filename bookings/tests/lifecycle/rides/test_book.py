"""A ride is held, booked, confirmed, driven and called off; its hours are its own all the while, and nobody else's after."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bookings.availability.audit import check_ledger
from bookings.availability.holds import extend_hold, release_hold
from bookings.days import ONE_DAY
from bookings.errors import DatesTaken, HoldExpired, Invalid, PriceChanged, RulesRefused
from bookings.lifecycle.due import advance_due
from bookings.lifecycle.idempotency import Idempotency
from bookings.lifecycle.pricing.agreed import Agreed
from bookings.lifecycle.rides.create import book_ride
from bookings.lifecycle.rides.request import RideDetails, RideRequest
from bookings.lifecycle.transitions import ACTIVE, COMPLETED, UPCOMING, cancel, transition
from bookings.models import Booking, VehicleAssignment
from bookings.tests.support.booked_rides import DAY, Chauffeurs, booked_from
from bookings.tests.support.factories import MARTA, in_days, make_booking, make_manager
from bookings.tests.support.rides import days_in_ledger, let_lapse
from cars.models import Extra, RideRate, Service
from cars.pricing.rides.inputs import RideOptions
from cars.pricing.rides.ride import PLAIN
from exodrive.rls import PUBLIC, SERVICE, STAFF, acting_as, as_owner
from exodrive.tests.support.days import monday
from exodrive.tests.support.money import eur
from inbox.models import InboxEmail, InboxItem

pytestmark = pytest.mark.django_db

SAID = RideDetails(
    phone="+33 6 12 34 56 78",
    special_requests="Two child seats",
    from_text="12 rue de la République",
    to_text="Hôtel de Ville",
    flight_number="af 1234",
    sign_name="Marta Silva",
)


@pytest.fixture
def chauffeurs():
    return Chauffeurs()


def whole():
    """At commit, as it were: what the deferred triggers say, then what the ledger's proof does."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    with acting_as(SERVICE):
        return check_ledger()


def fresh(booking):
    with as_owner():
        return Booking.objects.select_related("ride", "car__location").get(pk=booking.pk)


def test_a_ride_is_booked_with_all_that_belongs_to_it(chauffeurs):
    booking = chauffeurs.book(details=SAID, passengers=3, bags=1)
    assert whole() == []
    found = fresh(booking)
    assert (found.kind, found.status, found.total_money) == ("hourly", "pending", eur(180))
    assert (found.start_date, f"{found.pickup_time:%H:%M}", f"{found.return_time:%H:%M}") == (
        in_days(DAY),
        "10:00",
        "12:00",
    )
    assert found.buffer_days == 0
    ride = found.ride
    assert (ride.hours, ride.passengers, ride.bags) == (chauffeurs.wish().hours, 3, 1)
    assert (ride.from_text, ride.flight_number, ride.sign_name) == (
        "12 rue de la République",
        "AF1234",
        "Marta Silva",
    )
    assert (found.phone, found.special_requests) == ("+33 6 12 34 56 78", "Two child seats")
    assert days_in_ledger(chauffeurs.cars[0]) == {in_days(DAY): "service"}
    with as_owner():
        assert InboxItem.objects.get(booking=booking).kind == "new_booking"
        assert set(InboxEmail.objects.filter(booking=booking).values_list("template", flat=True)) == {
            "booking_received",
            "new_booking",
        }


def test_its_terms_are_the_services(chauffeurs):
    booking = fresh(chauffeurs.book())
    begins = booking.ride.starts_at
    assert booking.free_cancellation_until == begins - timedelta(hours=24)
    assert booking.customer_may_cancel(begins - timedelta(minutes=61))
    assert not booking.customer_may_cancel(begins - timedelta(minutes=60))


def test_a_hold_keeps_car_hours_and_price_and_becomes_the_booking(chauffeurs):
    hold = chauffeurs.hold(passengers=2)
    with pytest.raises(DatesTaken):
        chauffeurs.book()
    with as_owner():
        RideRate.objects.update(amount=500)
    booking = booked_from(hold, SAID)
    assert whole() == []
    assert (fresh(booking).total_money, fresh(booking).ride.passengers) == (eur(180), 2)
    assert booked_from(hold, SAID).pk == booking.pk  # the back button
    with as_owner():
        assert VehicleAssignment.objects.get().booking_id == booking.pk


def test_a_hold_that_lapsed_books_nothing(chauffeurs):
    hold = chauffeurs.hold()
    let_lapse(hold)
    with pytest.raises(HoldExpired):
        booked_from(hold)
    assert chauffeurs.book().pk


def test_a_hold_is_extended_once_and_given_back(chauffeurs):
    hold = chauffeurs.hold()
    with acting_as(PUBLIC, token=hold.token):
        longer = extend_hold(hold=hold, at=timezone.now() + timedelta(minutes=5))
        with pytest.raises(HoldExpired):
            extend_hold(hold=longer, at=timezone.now())
    with as_owner():
        assert VehicleAssignment.objects.get().expires_at == longer.expires_at
    with acting_as(PUBLIC, token=hold.token):
        release_hold(hold=hold)
    assert days_in_ledger(chauffeurs.cars[0]) == {}


def test_another_choice_gives_the_old_hold_back_and_takes_the_same_car(chauffeurs):
    from bookings.availability.rides.holds import hold_ride

    hold = chauffeurs.hold()
    with acting_as(PUBLIC, token=hold.token):
        other = hold_ride(wish=chauffeurs.wish("10:30"), options=PLAIN, at=timezone.now(), replaces=hold)
    assert other.car_id == hold.car_id
    with as_owner():
        assert VehicleAssignment.objects.get().hold_id == other.pk


def test_the_extras_are_priced_as_of_today_beside_a_held_price(chauffeurs):
    with as_owner():
        seat = Extra.objects.create(name="Child seat", price=Decimal(7), per="rental", stock=1)
    details = RideDetails(extras=((seat, 1),))
    hold = chauffeurs.hold()
    with pytest.raises(PriceChanged):
        booked_from(hold, details)
    booking = booked_from(hold, details, agreed=Agreed(eur(187)))
    assert fresh(booking).total_money == eur(187)
    with pytest.raises(Invalid) as none_left:
        Chauffeurs().book(details=details)
    assert "extras" in none_left.value.details["fields"]


def test_rules_are_said_all_at_once_and_a_price_is_agreed_to(chauffeurs):
    with pytest.raises(RulesRefused) as refused:
        chauffeurs.book("06:00", 30, passengers=9)
    codes = {reason.code for reason in refused.value.details["reasons"]}
    assert codes == {"outside_hours", "min_duration", "passengers"}
    with pytest.raises(PriceChanged):
        chauffeurs.book(agreed=Agreed(eur(1)))


def test_what_nobody_can_keep_is_refused_by_its_field(chauffeurs):
    with pytest.raises(Invalid) as refused:
        chauffeurs.book(
            details=RideDetails(flight_number="nonsense", from_text="x" * 251),
            options=RideOptions(passengers=0, children=1),
        )
    assert refused.value.details["fields"].keys() == {"ride.flightNumber", "ride.fromText", "ride.children"}


def test_a_withdrawn_service_is_refused(chauffeurs):
    with as_owner():
        Service.objects.update(is_offered=False)
    with pytest.raises(RulesRefused) as refused:
        chauffeurs.book()
    assert [reason.code for reason in refused.value.details["reasons"]] == ["not_offered"]


def test_the_same_key_is_the_same_ride(chauffeurs):
    request = RideRequest(chauffeurs.wish(), PLAIN, MARTA, language="en")
    key = Idempotency.of("k", request.canonical, visitor="v")
    with acting_as(PUBLIC):
        first = book_ride(request, at=timezone.now(), idempotency=key)
        again = book_ride(request, at=timezone.now(), idempotency=key)
    assert (again.pk, again.replayed) == (first.pk, True)


def test_cancelling_the_last_ride_of_a_day_frees_it_and_the_first_of_two_does_not(chauffeurs):
    car = chauffeurs.cars[0]
    early, late = chauffeurs.book("10:00"), chauffeurs.book("15:00")
    for booking, left in ((early, {in_days(DAY): "service"}), (late, {})):
        with acting_as(PUBLIC, token=booking.secret):
            cancel(booking=fresh(booking), at=timezone.now())
        assert days_in_ledger(car) == left
    assert whole() == []
    assert make_booking(car=car, start=in_days(DAY), length=1).pk


def test_it_is_confirmed_begins_by_the_clock_and_ends_early(chauffeurs):
    booking, other = chauffeurs.book("10:00", 240), chauffeurs.book("17:00", 60)
    begins = fresh(booking).ride.starts_at
    with acting_as(STAFF):
        transition(booking=fresh(booking), to=UPCOMING, at=timezone.now())
    assert whole() == []
    with acting_as(SERVICE):
        assert advance_due(begins - timedelta(minutes=1)) == {}
        assert advance_due(begins) == {ACTIVE: 1}
        assert advance_due(fresh(other).ride.starts_at) == {"cancelled": 1}
    with acting_as(STAFF):
        transition(booking=fresh(booking), to=COMPLETED, at=begins + timedelta(minutes=59, seconds=30))
    assert whole() == []
    assert fresh(booking).ride.ends_at == begins + timedelta(minutes=60)
    assert not fresh(booking).is_overdue(begins + timedelta(days=3))


def test_over_midnight_it_takes_two_days_and_the_gap_counts_beyond_it(chauffeurs):
    with as_owner():
        chauffeurs.service.hours.update(opens="00:00", closes="00:00")
        Service.objects.update(max_minutes=720)
    car, day = chauffeurs.cars[0], monday(ahead=DAY)  # no night on which the clocks change
    booking = chauffeurs.book("22:00", 240, day=day)
    assert days_in_ledger(car) == {day: "service", day + ONE_DAY: "service"}
    assert (fresh(booking).start_date, fresh(booking).end_date) == (day, day + ONE_DAY)
    with pytest.raises(DatesTaken):
        chauffeurs.book("02:15", day=day + ONE_DAY)
    assert whole() == []


@pytest.mark.parametrize("held", [True, False])
def test_locks_are_taken_in_the_order_of_rentals(chauffeurs, held):
    """Car, extras, customer: in another order a ride and a rental of one customer could wait for each other."""
    with as_owner():
        seat = Extra.objects.create(name="Child seat", price=Decimal(7), per="rental", stock=1)
    details, hold = RideDetails(extras=((seat, 1),)), chauffeurs.hold() if held else None
    with CaptureQueriesContext(connection) as asked:
        if hold:
            booked_from(hold, details, agreed=Agreed(eur(187)))
        else:
            chauffeurs.book(details=details)
    steps = ("pg_advisory_xact_lock", "lock_extra_days", "customer_of_mailbox")
    sql = [one["sql"] for one in asked]
    first = [next(n for n, text in enumerate(sql) if step in text) for step in steps]
    assert first == sorted(first)


@pytest.mark.parametrize("held", [True, False])
def test_without_any_price_it_is_refused_whoever_books_and_whatever_they_pass_over(
    chauffeurs, settings, held
):
    hold = chauffeurs.hold() if held else None
    settings.CURRENCY = "CHF"  # in which the catalogue's rates of a minute ago say nothing
    with as_owner():
        RideRate.objects.all().delete()
    if hold:
        with pytest.raises(RulesRefused):
            booked_from(hold)
        return
    request = RideRequest(
        chauffeurs.wish(), PLAIN, MARTA, RideDetails(phone="1"), language="en", override="Asked by phone"
    )
    with acting_as(STAFF, user=make_manager()), pytest.raises(RulesRefused) as refused:
        book_ride(request, at=timezone.now())
    assert [reason.code for reason in refused.value.details["reasons"]] == ["no_route"]
