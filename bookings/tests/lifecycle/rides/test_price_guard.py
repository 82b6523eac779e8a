"""The database's own idea of what a ride costs: no honest price is refused, and no invented one passes."""

import json
from datetime import datetime, time
from decimal import Decimal

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.test import override_settings
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bookings.lifecycle.rides.change import change_ride
from bookings.lifecycle.rides.change_request import RideChangeRequest
from bookings.models import Booking
from bookings.tests.support.booked_rides import DAY, Chauffeurs, booked_from, settle
from bookings.tests.support.factories import in_days
from cars.models import Car, RideRate
from cars.pricing.rides.inputs import RideOptions
from cars.tests.support.rides import make_class, make_place, make_service
from exodrive.rls import PUBLIC, STAFF, acting_as, as_owner

pytestmark = pytest.mark.django_db
MONEY = st.decimals("0.01", "900", places=2)


def set_rate(service, amount, *, cap=None, km=None, own=None):
    with as_owner():
        facts = {"day_cap": cap and max(cap, amount), "included_km_per_hour": km}
        RideRate.objects.filter(service=service).update(amount=amount, **facts)
        RideRate.objects.filter(service=service).exclude(car_class=None).delete()
        if own:
            RideRate.objects.create(service=service, basis="hour", car_class=own[0], amount=own[1])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(
    rates=st.tuples(MONEY, MONEY),
    cap=st.none() | MONEY,
    own=st.none() | MONEY,
    unit=st.sampled_from([15, 30, 60]),
    quarters=st.integers(1, 150),
    currency=st.sampled_from(["EUR", "JPY"]),
    tax_included=st.booleans(),
)
def test_no_honest_price_by_the_hour_is_refused(rates, cap, own, unit, quarters, currency, tax_included):
    with override_settings(CURRENCY=currency, TAX_INCLUDED=tax_included):
        hired = Chauffeurs(unit_minutes=unit, max_minutes=4 * 24 * 60, deposit=Decimal("99.99"))
        with as_owner():
            hired.service.hours.update(opens="00:00", closes="00:00")
        set_rate(hired.service, rates[0], cap=cap, km=20, own=own and (hired.car_class, own))
        hold = hired.hold("09:00", max(15 * quarters, 60))
        set_rate(hired.service, rates[1])
        booked_from(hold)
        settle()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=8)
@given(
    rates=st.tuples(MONEY, MONEY),
    cap=st.none() | MONEY,
    unit=st.sampled_from([15, 30, 60]),
    quarters=st.integers(4, 150),
    held=st.booleans(),
    tax_included=st.booleans(),
)
def test_no_honest_price_of_another_time_is_refused(rates, cap, unit, quarters, held, tax_included):
    with override_settings(TAX_INCLUDED=tax_included):
        hired = Chauffeurs(unit_minutes=unit, max_minutes=4 * 24 * 60, deposit=Decimal("99.99"))
        with as_owner():
            hired.service.hours.update(opens="00:00", closes="00:00")
        set_rate(hired.service, rates[0], cap=cap, km=20)
        booking = booked_from(hired.hold("09:00", 120)) if held else hired.book("09:00", 120)
        settle()
        set_rate(hired.service, rates[1], cap=cap, km=10)
        with acting_as(PUBLIC, token=booking.secret):
            read = Booking.objects.select_related("car__location").get()
            start = datetime.combine(in_days(DAY), time(11))
            to = RideChangeRequest(start=start, minutes=15 * quarters)
            done = change_ride(booking=read, to=to, at=timezone.now())
        settle()
        assert done.booking.total == done.after.total.amount


def transfers(**rate):
    """A service from an airport to a town, its class and a car."""
    airport, town = make_place(kind="airport"), make_place()
    hired = Chauffeurs()
    with as_owner():
        service = make_service(kind="transfer", location=hired.place)
        service.rates.all().delete()
        usual = {"basis": "route", "from_place": airport, "to_place": town, "minutes": 45, "amount": 85}
        RideRate.objects.create(service=service, **usual | rate)
    hired.service = service
    return hired, airport, town


@pytest.mark.parametrize("back", [False, True])
def test_no_honest_transfer_is_refused(back):
    hired, airport, town = transfers()
    ends = (town, airport) if back else (airport, town)
    booking = hired.book("10:00", 105, options=RideOptions(*ends))
    settle()
    assert booking.total == 85


def test_no_honest_transfer_between_zones_or_by_distance_is_refused():
    hired, airport, town = transfers()
    with as_owner():
        RideRate.objects.filter(service=hired.service).update(
            basis="zones",
            from_place=None,
            to_place=None,
            from_zone=airport.zone,
            to_zone=town.zone,
            amount=70,
        )
    assert hired.book("10:00", 105, options=RideOptions(airport, town)).total == 70
    settle()
    with as_owner():
        RideRate.objects.filter(service=hired.service).delete()
        for km, amount in ((10, 40), (25, 65)):
            RideRate.objects.create(service=hired.service, basis="band", to_km=km, minutes=30, amount=amount)
    options = RideOptions(airport, town, km=Decimal("22.5"))
    assert hired.book("15:00", 60, options=options).total == 65
    settle()


def test_a_private_tour_is_paid_by_the_car_and_a_ride_of_others_by_the_head():
    hired = Chauffeurs()
    service = make_service(kind="tour", location=hired.place)
    with as_owner():
        RideRate.objects.create(service=service, basis="vehicle", amount=240)
    hired.service = service
    booking = hired.book("10:00", 180, passengers=3)
    settle()
    assert booking.total == 240


def refused(sql, booking, *values):
    """Whether the public is refused this change of its own booking, as a price."""
    try:
        with acting_as(PUBLIC, token=booking.secret), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, list(values))
            settle()
    except DataError:
        return True
    except IntegrityError as error:
        return error.__cause__.diag.constraint_name in ("booking_is_priced", "booking_has_its_hours")
    return False


CHANGES = {
    "total alone": "UPDATE bookings SET total = 0",
    "no lines": "UPDATE bookings SET total = 0, quote = jsonb_set(quote, '{lines}', '[]')",
    "a cheaper line": "UPDATE bookings SET total = 4, quote = jsonb_set(jsonb_set(quote, '{lines,0,amount}', '4'),"
    " '{lines,0,unit_price}', '1')",
    "a line that takes off": "UPDATE bookings SET total = total - 50, quote = jsonb_set(quote, '{lines,1}',"
    ' \'{"code": "ride_cap", "quantity": 1, "unit_price": -50, "amount": -50, "tax": 0}\')',
    "a line by hand": "UPDATE bookings SET total = total - 50, quote = jsonb_set(quote, '{lines,1}',"
    ' \'{"code": "adjustment", "quantity": 1, "unit_price": -50, "amount": -50, "tax": 0}\')',
    "free km": "UPDATE bookings SET quote = jsonb_set(quote, '{included_km}', '9000')",
    "no deposit": "UPDATE bookings SET deposit = 0, quote = jsonb_set(quote, '{deposit}', '0')",
    "longer hours after other people": "UPDATE rides SET ends_at = ends_at + interval '3 hours'; UPDATE rides SET bags = 1",
    "a line that staff have not put there": "UPDATE bookings SET total = total - 50, quote = jsonb_set(quote, '{lines,1}',"
    ' \'{"code": "kept", "quantity": 1, "unit_price": -50, "amount": -50, "tax": 0}\')',
    "longer hours": "UPDATE rides SET ends_at = ends_at + interval '3 hours'",
    "more people than it takes": "UPDATE rides SET passengers = 9",
    "another car": "UPDATE bookings SET car_id = (SELECT max(id) FROM cars)",
}


@pytest.mark.parametrize("sql", CHANGES.values(), ids=CHANGES.keys())
def test_no_invented_price_passes(sql):
    hired = Chauffeurs(deposit=100)
    booking = hired.book()
    settle()
    dear = Chauffeurs(location=hired.place)
    assert dear.cars[0].pk > hired.cars[0].pk
    assert refused(sql, booking)


def test_what_staff_charge_stands():
    Chauffeurs().book()
    settle()
    with acting_as(STAFF), connection.cursor() as cursor:
        cursor.execute("UPDATE bookings SET total = 1, quote = jsonb_set(quote, '{lines,0,amount}', '1')")
        settle()


@pytest.mark.parametrize("where", ["hold", "booking"])
def test_a_dearer_class_is_not_had_at_the_price_of_another(where):
    """Injected SQL: a hold that says another quote than its service has; a ride whose class is not its car's."""
    hired = Chauffeurs()
    with as_owner():
        grand = make_class(passengers=3, bags=9)
        RideRate.objects.create(service=hired.service, basis="hour", car_class=grand, amount=900)
    hold = hired.hold()
    if where == "hold":
        sql = "INSERT INTO holds SELECT (jsonb_populate_record(h, %s)).* FROM holds h"
        new = {
            "id": "8b3a2b9e-0000-4000-8000-000000000000",
            "car_class_id": grand.pk,
            "token_hash": "other",
        }
        with (
            pytest.raises(IntegrityError, match="no such price"),
            transaction.atomic(),
            acting_as(PUBLIC, token=hold.token),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql, [json.dumps(new)])
        return
    booking = booked_from(hold)
    settle()
    with as_owner():
        Car.objects.filter(pk=booking.car_id).update(car_class=grand)
    assert refused("UPDATE bookings SET quote = quote", booking)


def test_what_was_agreed_when_it_was_held_stays_and_nothing_else_does():
    hired = Chauffeurs()
    hold = hired.hold()
    set_rate(hired.service, 500)
    booking = booked_from(hold)
    settle()
    assert booking.total == 180
    assert refused("UPDATE rides SET ends_at = ends_at + interval '15 minutes'", booking)
    with as_owner():
        assert Booking.objects.get(pk=booking.pk).total == 180
