"""Cars that are due for a service, by km and by date."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from bookings.availability.blocks import place_blocks
from bookings.days import Days
from bookings.models import Block, Booking
from bookings.tests.support.factories import CarFactory, in_days, make_booking, make_desk
from bookings.tests.support.returns import out
from bookings.tests.support.swapping import swap
from cars.models import Car
from exodrive.rls import STAFF, acting_as, as_owner
from exodrive.tests.support.html import flat
from inbox.desk.maintenance import SOON_DAYS, SOON_KM, count_due, planned

pytestmark = pytest.mark.django_db
PAGE = "/staff/maintenance/"


def driven(km, *, days_ago=3, **fields):
    """A car whose last return said `km`."""
    car = CarFactory(**fields)
    booking = make_booking(car=car, start=in_days(-days_ago - 1), length=1)
    with as_owner():
        at = timezone.now() - timedelta(days=days_ago)
        Booking.objects.filter(pk=booking.pk).update(return_odometer_km=km, returned_at=at)
    return car


def found():
    with acting_as(STAFF):
        return {one.car.pk: one for one in planned(timezone.now())}


@pytest.mark.parametrize(
    ("left", "state"), [(0, "due"), (-5, "due"), (1, "soon"), (SOON_KM, "soon"), (SOON_KM + 1, "")]
)
def test_km_make_a_car_due(left, state):
    car = driven(40_000, service_due_km=40_000 + left)
    one = found().get(car.pk)
    assert ("due" if one and one.is_due else "soon" if one else "") == state


@pytest.mark.parametrize(
    ("left", "state"), [(0, "due"), (-5, "due"), (1, "soon"), (SOON_DAYS, "soon"), (SOON_DAYS + 1, "")]
)
def test_the_calendar_of_its_place_makes_a_car_due(left, state):
    car = CarFactory(service_due_on=in_days(left))
    one = found().get(car.pk)
    assert ("due" if one and one.is_due else "soon" if one else "") == state


def test_the_last_return_says_the_km():
    car = driven(50_000, service_due_km=51_000)
    later = make_booking(car=car, start=in_days(-2), length=1)
    with as_owner():
        Booking.objects.filter(pk=later.pk).update(return_odometer_km=50_500, returned_at=timezone.now())
    assert found()[car.pk].km_left == 500


def test_the_pick_up_of_who_has_it_now_says_more_than_the_return_before():
    car = driven(50_000, days_ago=9, service_due_km=51_000)
    out(car=car, km=50_700)
    assert found()[car.pk].km_left == 300


def test_a_swap_reads_both_cars():
    car, other = driven(50_000, days_ago=20, service_due_km=51_000), CarFactory(service_due_km=60_500)
    swap(out(car=car, km=50_100), other, odometer=50_900, new_odometer=60_000, new_fuel=8)
    assert (found()[car.pk].km_left, found()[other.pk].km_left) == (100, 500)


def test_a_return_that_was_mistyped_counts_no_longer_than_until_the_next_one():
    car = driven(90_000, days_ago=9, service_due_km=51_000)
    later = make_booking(car=car, start=in_days(-2), length=1)
    with as_owner():
        Booking.objects.filter(pk=later.pk).update(return_odometer_km=50_500, returned_at=timezone.now())
    assert found()[car.pk].km_left == 500


def test_retired_cars_and_those_without_a_plan_are_left_out():
    CarFactory(service_due_on=in_days(-1), status="retired")
    driven(900_000)
    assert found() == {}


def test_the_page_leads_to_a_block_of_the_next_free_day(desk):
    car: Any = CarFactory(service_due_on=in_days(-1))
    start = in_days(0)
    with acting_as(STAFF):
        place_blocks(cars=[car], days=Days.starting(start, 2), kind=Block.Kind.OTHER, note="", by=make_desk())
    page = flat(desk.get(PAGE))
    url = f"/staff/blocks/new/?car={car.pk}&amp;kind=maintenance&amp;start={start + timedelta(days=2)}"
    assert url in page
    form = desk.get(url.replace("&amp;", "&")).content.decode()
    assert '<option value="maintenance" selected>' in form
    assert f'name="start" value="{start + timedelta(days=2)}"' in flat(desk.get(url.replace("&amp;", "&")))


def posted(desk, car, **fields):
    prefix = f"{car.pk}-"
    seen = f"{car.service_due_km}/{car.service_due_on}"
    data = {"km": "41,000", "day": in_days(0).isoformat(), "seen": seen} | fields
    return desk.post(f"{PAGE}{car.pk}/", {prefix + name: value for name, value in data.items()})


def test_what_was_done_plans_the_next_one(desk):
    car = driven(40_900, service_due_km=41_000, service_every_km=15_000, service_every_months=12)
    assert posted(desk, car, day="2024-02-29").status_code == 303
    with as_owner():
        car.refresh_from_db()
    assert (car.service_due_km, car.service_due_on) == (56_000, date(2025, 2, 28))


def test_without_an_interval_none_is_planned(desk):
    car = CarFactory(service_due_on=in_days(-1))
    assert posted(desk, car).status_code == 303
    with as_owner():
        assert Car.objects.get(pk=car.pk).service_due_on is None
    assert "No car is due for a service." in desk.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"km": ""}, "Enter the odometer reading"),
        ({"km": "far"}, "Enter the odometer reading"),
        ({"day": "2199-01-01"}, "Choose today or a day before it"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_is_kept(desk, fields, says):
    car = driven(40_900, service_due_km=41_000, service_every_km=15_000)
    answer = posted(desk, car, **fields)
    assert answer.status_code == 422
    page = flat(answer)
    assert page.count(says) >= 2  # above and beside the field
    assert f'value="{fields.get("km", "41,000")}"' in page or fields.get("km") == ""


def test_two_people_do_not_plan_it_twice(desk):
    car = driven(40_900, service_due_km=41_000, service_every_km=15_000)
    assert posted(desk, car).status_code == 303
    late = posted(desk, car)
    assert late.status_code == 409
    with as_owner():
        assert Car.objects.get(pk=car.pk).service_due_km == 56_000


def test_a_car_that_is_not_there_is_404(desk):
    data = {"9-km": "1", "9-day": in_days(0).isoformat(), "9-seen": "None/None"}
    assert (
        desk.post(
            f"{PAGE}999999/", {name.replace("9-", "999999-"): v for name, v in data.items()}
        ).status_code
        == 404
    )


def test_today_says_how_many_are_due(desk):
    assert PAGE not in desk.get("/staff/today/").content.decode()
    CarFactory(service_due_on=in_days(-1))
    CarFactory(service_due_on=in_days(0))
    CarFactory(service_due_on=in_days(3))
    with acting_as(STAFF):
        assert count_due(timezone.now()) == 2
    assert "2 cars are due for service" in flat(desk.get("/staff/today/"))


def test_it_takes_as_many_queries_for_many(desk, django_assert_max_num_queries):
    for _n in range(3):
        driven(1_000, service_due_km=1_500)
    with django_assert_max_num_queries(14):
        assert desk.get(PAGE).status_code == 200
