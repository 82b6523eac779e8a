"""The catalogue in the process is the one in the database: whoever writes, commits or takes it back."""

from datetime import time
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.utils.connection import ConnectionDoesNotExist

import cars.catalogue
from bookings.tests.support.factories import (
    CarFactory,
    LocationFactory,
    in_days,
    make_booking,
    make_extra,
)
from cars.catalogue import catalogue, one_catalogue, shows_rides
from cars.models import Car, ClosedDay, Discount, Fee, Fleet, Location, OpeningHours, Season
from cars.pricing.tariff import tariff_of
from cars.tests.support.rides import make_service
from exodrive.db.replica import showing
from exodrive.rls import PUBLIC, SERVICE, STAFF, acting_as, as_owner

pytestmark = pytest.mark.django_db
YEAR = {"start_date": in_days(0), "end_date": in_days(300)}


def season(**fields):
    with as_owner():
        return Season.objects.create(**{"name": "Summer", "percent": 150, **YEAR, **fields})


def version():
    with acting_as(PUBLIC), connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(version ORDER BY version) FROM catalogue_versions")
        return cursor.fetchone()[0]


def rates():
    with acting_as(PUBLIC):
        return [row.percent for row in catalogue().seasons(in_days(1), in_days(2))]


def test_what_was_read_once_costs_one_statement(django_assert_num_queries):
    car = CarFactory()
    season(), season(car=car)
    with acting_as(PUBLIC):
        catalogue(car.pk)
        with django_assert_num_queries(1):
            known = catalogue(car.pk).car(car.pk)
            assert known.location.opens_on(in_days(3)) == time(10)
            assert not known.location.is_closed(in_days(3))
            assert known.fleet.max_days == 28
        with django_assert_num_queries(1):
            tariff = tariff_of(in_days(1), in_days(2), car)
    assert [row.percent for row in tariff.seasons] == [150, 150]


def test_a_block_asks_once(django_assert_num_queries):
    car = CarFactory()
    with acting_as(PUBLIC):
        catalogue(car.pk)
        with django_assert_num_queries(1), one_catalogue(car.pk):
            assert catalogue(car.pk).car(car.pk) == car
            tariff_of(in_days(1), in_days(2), car)
            tariff_of(in_days(1), in_days(2))
        with django_assert_num_queries(1):
            catalogue(car.pk)


def test_a_block_is_for_the_identity_that_opened_it():
    hidden = CarFactory(status="maintenance")
    with acting_as(STAFF), one_catalogue(hidden.pk) as staffs:
        assert staffs.car(hidden.pk) == hidden
        with acting_as(PUBLIC):
            assert catalogue(hidden.pk).car(hidden.pk) is None


def writes():
    car = CarFactory()
    place = Location.objects.filter(pk=car.location_id)
    return {
        "locations": lambda: place.update(name="Elsewhere"),
        "location_hours": lambda: OpeningHours.objects.filter(location=car.location_id).update(opens=time(9)),
        "closed_days": lambda: ClosedDay.objects.create(date=in_days(9)),
        "fleets": lambda: Fleet.objects.update(min_days=2),
        "cars": lambda: Car.objects.filter(pk=car.pk).update(daily_rate=77),
        "seasons": lambda: Season.objects.create(name="Summer", percent=120, **YEAR),
        "discounts": lambda: Discount.objects.create(name="Week", percent=10),
        "fees": lambda: Fee.objects.create(name="Cleaning", kind="cleaning", amount=30),
        "extras": lambda: make_extra(),
    }


@pytest.mark.parametrize(
    "table",
    [
        "locations",
        "location_hours",
        "closed_days",
        "fleets",
        "cars",
        "seasons",
        "discounts",
        "fees",
        "extras",
    ],
)
def test_every_write_makes_it_another_one_in_its_own_transaction(table):
    write = writes()[table]
    before = version()
    with as_owner(), transaction.atomic():
        write()
        within = version()
        write()
        again = version()
        transaction.set_rollback(True)
    assert len({str(before), str(within), str(again)}) == 3
    assert version() == before


def test_a_removal_counts_too():
    row = season()
    before = version()
    with as_owner():
        row.delete()
    assert version() != before
    assert rates() == []


def test_what_is_taken_back_was_never_there():
    row = season(percent=150)
    assert rates() == [150]
    with as_owner(), transaction.atomic():
        Season.objects.filter(pk=row.pk).update(percent=200)
        assert rates() == [200]  # the writer sees it, and it is kept under a name that nobody will have again
        Season.objects.filter(pk=row.pk).update(percent=300)
        assert rates() == [300]
        transaction.set_rollback(True)
    assert rates() == [150]


def test_a_car_is_read_again_after_a_write_that_was_taken_back():
    car = CarFactory(daily_rate="100.00")
    with as_owner(), transaction.atomic():
        Car.objects.filter(pk=car.pk).update(daily_rate=1)
        assert catalogue(car.pk).car(car.pk).daily_rate == 1
        transaction.set_rollback(True)
    with as_owner():
        assert catalogue(car.pk).car(car.pk).daily_rate == 100


def test_the_public_sees_no_car_that_is_not_offered_whoever_looked_before():
    car = CarFactory(status="maintenance")
    booked = CarFactory()
    booking = make_booking(car=booked)
    with as_owner():
        Car.objects.filter(pk=booked.pk).update(status="retired")
    with acting_as(PUBLIC, token=booking.secret):
        assert catalogue(car.pk, booked.pk).car(booked.pk).status == "retired"
        assert catalogue(car.pk).car(car.pk) is None
    with acting_as(SERVICE):
        assert catalogue(car.pk).car(car.pk) == car
    with acting_as(PUBLIC):
        assert catalogue(car.pk, booked.pk).car(booked.pk) is None
        assert catalogue(car.pk).car(car.pk) is None


@pytest.mark.parametrize("first", ["customer", "visitor"])
def test_prices_of_a_car_that_is_not_offered_any_more_are_its_customers(first):
    car = CarFactory()
    booking = make_booking(car=car)
    season(car=car, percent=170)
    with as_owner():
        Discount.objects.create(name="Week", percent=10, car=car)
        Fee.objects.create(name="Cleaning", kind="cleaning", amount=30, car=car)
        Car.objects.filter(pk=car.pk).update(status="retired")

    def prices(token):
        with acting_as(PUBLIC, token=token):
            found = tariff_of(in_days(3), in_days(6), car)
        return [len(found.seasons), len(found.discounts), len(found.fees)]

    asked = [booking.secret, None] if first == "customer" else [None, booking.secret]
    seen = {token: prices(token) for token in asked}
    assert seen == {booking.secret: [1, 1, 1], None: [0, 0, 0]}


def test_named_cars_bring_their_own_prices_and_those_for_all():
    car, other = CarFactory(), CarFactory()
    season(percent=110), season(car=car, percent=120), season(car=other, percent=130)
    with acting_as(PUBLIC):
        assert {row.percent for row in tariff_of(in_days(1), in_days(2), car).seasons} == {110, 120}
        assert {row.percent for row in tariff_of(in_days(1), in_days(2)).seasons} == {110, 120, 130}
        assert tariff_of(in_days(301), in_days(302), car).seasons == ()


def test_nobody_changes_what_the_next_one_is_given():
    car = CarFactory(daily_rate="100.00")
    row = season(percent=110)
    with acting_as(PUBLIC):
        mine = catalogue(car.pk)
        given = mine.car(car.pk)
        given.daily_rate, given.location.name, given.fleet.max_days = Decimal(1), "Mine", 1
        given.location = LocationFactory.build()
        mine.locations[0].name = mine.seasons(in_days(1), in_days(2))[0].name = "Mine"
        next_one = catalogue(car.pk)
    assert next_one.car(car.pk).daily_rate == 100
    assert next_one.car(car.pk).location == car.location
    assert next_one.car(car.pk).location.name == car.location.name
    assert next_one.car(car.pk).fleet.max_days == 28
    assert "Mine" not in {place.name for place in next_one.locations}
    assert next_one.seasons(in_days(1), in_days(2))[0].name == row.name


def test_only_so_many_cars_are_kept(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(cars.catalogue, "MAX_CARS", 2)
    monkeypatch.setattr(cars.catalogue, "READ_AHEAD", 0)
    fleet = [CarFactory() for _n in range(3)]
    with acting_as(PUBLIC):
        for car in fleet:
            assert catalogue(car.pk).car(car.pk) == car
        with django_assert_num_queries(1):
            catalogue(fleet[1].pk, fleet[2].pk)
        with django_assert_num_queries(3):  # the name, the car, and that the name is still the same
            assert catalogue(fleet[0].pk).car(fleet[0].pk) == fleet[0]


def change_past_the_triggers(row, percent):
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else the table cannot be altered
        cursor.execute("ALTER TABLE seasons DISABLE TRIGGER USER")
        Season.objects.filter(pk=row.pk).update(percent=percent)
        cursor.execute("ALTER TABLE seasons ENABLE TRIGGER USER")


def test_a_state_without_a_name_is_not_kept():
    row = season(percent=110)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM catalogue_versions")
    assert rates() == [110]
    change_past_the_triggers(row, 120)
    assert rates() == [120]


def test_control_what_is_written_past_the_triggers_goes_unseen():
    row = season(percent=110)
    assert rates() == [110]
    change_past_the_triggers(row, 120)
    assert rates() == [110]


def test_it_is_read_where_its_version_is_whatever_is_shown_from_elsewhere():
    car = CarFactory()
    season()
    with acting_as(PUBLIC), showing():
        found = catalogue(car.pk)
        assert (found.car(car.pk), [row.percent for row in found.seasons(in_days(1), in_days(2))]) == (
            car,
            [150],
        )
        with pytest.raises(ConnectionDoesNotExist):  # the control: there is no replica here
            Car.objects.first()


def test_whether_there_are_rides_is_known_with_the_rest(django_assert_num_queries):
    with acting_as(PUBLIC):
        assert not shows_rides()
    make_service(kind="hourly")
    with acting_as(PUBLIC):
        assert shows_rides()
        with django_assert_num_queries(1):
            assert shows_rides()
        with django_assert_num_queries(0):
            assert shows_rides(ask=False)
    with acting_as(PUBLIC), one_catalogue(), django_assert_num_queries(0):
        assert shows_rides()
