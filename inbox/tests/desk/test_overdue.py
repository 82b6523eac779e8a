"""Cars that are not back: drawn until today, said where they are booked again, and who waits for them."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.utils import timezone

from bookings.days import Days
from bookings.lifecycle.keys.handover import hand_over
from bookings.lifecycle.request import Person
from bookings.lifecycle.transitions import cancel
from bookings.tests.support.factories import CarFactory, LocationFactory, in_days, make_booking, make_manager
from exodrive.rls import STAFF, acting_as
from exodrive.tests.support.html import flat
from inbox.desk.schedule import overdue, timeline

pytestmark = pytest.mark.django_db
AISHA = Person("Aisha Khan", "aisha@example.com")


def out_since(days, length=2, **fields):
    booking = make_booking(start=in_days(-days), length=length, status="active", **fields)
    with acting_as(STAFF):
        return hand_over(booking=booking, at=timezone.now() - timedelta(hours=1))


def bars(car):
    with acting_as(STAFF):
        built = timeline.build([car], Days(in_days(-6), in_days(7)), timezone.now())
    row = built.places[0][1][0]
    return [(cell.day, cell.bar.span, cell.bar.look, cell.bar.late) for cell in row.cells if cell.bar]


def test_an_overdue_car_is_drawn_up_to_today_over_its_own_buffer():
    car = CarFactory(buffer_days=1)
    out_since(5, car=car)
    assert bars(car) == [(in_days(-5), 6, "active", True)]


def test_days_of_the_next_booking_stay_drawn_as_its_own():
    car = CarFactory()
    make_booking(car=car, start=in_days(-1), length=3, status="active", who=AISHA)
    out_since(5, car=car)
    assert bars(car) == [(in_days(-5), 4, "active", True), (in_days(-1), 3, "active", False)]


def test_a_car_of_a_cancelled_booking_is_drawn_until_it_is_back():
    booking = out_since(2, length=6)
    with acting_as(STAFF, user=make_manager()):
        cancel(booking=booking, at=timezone.now(), still_out=True)
    assert bars(booking.car) == [(in_days(-2), 3, "active", True)]


def test_a_car_that_is_out_in_its_time_is_drawn_as_booked():
    booking = out_since(1, length=3)
    assert bars(booking.car) == [(in_days(-1), 3, "active", False)]


def test_who_waits_for_an_overdue_car_is_listed_on_today(desk):
    late = out_since(5)
    soon = make_booking(car=late.car, start=in_days(1), length=2, who=AISHA)
    make_booking(car=late.car, start=in_days(9), length=2)
    make_booking(start=in_days(1), length=2)
    with acting_as(STAFF):
        assert [(item.booking, item.late) for item in overdue.at_risk(timezone.now())] == [(soon, late)]
    text = flat(desk.get("/staff/today/"))
    assert "Their next bookings" in text
    assert "still out with Marta Oliveira" in text
    assert f'href="/staff/bookings/{soon.pk}/change/"' in text
    assert "Their next bookings" not in flat(desk.get("/staff/today/?show=returns"))


def test_a_week_ahead_is_counted_from_the_date_at_the_pick_up():
    """Where it is tomorrow already, the week ends a day later than by UTC."""
    place = LocationFactory(time_zone="Pacific/Auckland")
    at = datetime.combine(in_days(0), time(20), tzinfo=UTC)
    late = out_since(5, car=CarFactory(location=place))
    eighth = place.today(at) + overdue.AT_RISK_FOR
    assert eighth == at.date() + timedelta(days=8)
    soon = make_booking(car=late.car, start=eighth, length=1)
    make_booking(car=late.car, start=eighth + timedelta(days=1), length=1)
    with acting_as(STAFF):
        assert [item.booking for item in overdue.at_risk(at)] == [soon]


def test_a_new_booking_of_an_overdue_car_is_warned_about(desk):
    late = out_since(5)
    asked = f"?car={late.car_id}&start={in_days(1)}&end={in_days(2)}"
    for answer in (
        desk.get(f"/staff/bookings/new/{asked}"),
        desk.htmx(f"/staff/bookings/new/{asked}"),
    ):
        text = flat(answer)
        assert "This car is still out with Marta Oliveira" in text
        assert late.reference in text
    other = f"?car={CarFactory().pk}&start={in_days(1)}&end={in_days(2)}"
    assert "still out" not in flat(desk.get(f"/staff/bookings/new/{other}"))


def test_another_car_that_is_overdue_is_warned_about_before_the_change(desk):
    late = out_since(5)
    booking = make_booking(start=in_days(2), length=2, status="upcoming", who=AISHA)
    answer = desk.post(
        f"/staff/bookings/{booking.pk}/change/",
        {
            "car": late.car_id,
            "start": booking.start_date,
            "end": booking.end_date,
            "pick_up": late.car.location_id,
            "drop_off": late.car.location_id,
            "pickup_time": "10:00",
            "return_time": "18:00",
            "phone": booking.phone,
        },
    )
    assert "This car is still out with Marta Oliveira" in flat(answer)


def test_the_overdue_cars_are_found_with_as_many_queries_for_many(django_assert_max_num_queries):
    for _car in range(3):
        late = out_since(5)
        make_booking(car=late.car, start=in_days(1), length=1)
    with acting_as(STAFF), django_assert_max_num_queries(6):
        assert len(overdue.at_risk(timezone.now())) == 3
