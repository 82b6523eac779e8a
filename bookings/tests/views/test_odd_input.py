"""No page falls over what a script or a slip sends: days at the ends of the calendar, NUL, numbers without end."""

import pytest
from django.urls import reverse

from bookings.tests.support.factories import CarFactory, in_days, make_booking, make_hold, make_manager
from bookings.tests.views.test_change import typed, url_of

pytestmark = pytest.mark.django_db

ENDS = [("9999-12-30", "9999-12-31"), ("0001-01-01", "0001-01-02"), ("2001-01-01", "9999-12-31")]


@pytest.mark.parametrize(("start", "end"), ENDS)
def test_days_at_the_ends_of_the_calendar_are_refused_in_words(client, start, end):
    booking = make_booking(car=CarFactory(buffer_days=2), start=in_days(10), length=3)
    days = {"start": start, "end": end}
    assert client.get(reverse("cars"), days).status_code == 200
    assert client.get(reverse("car", args=[booking.car.slug]), days).status_code == 200
    assert client.post(reverse("car", args=[booking.car.slug]), days).status_code == 422
    assert client.post(url_of(booking), typed(booking, **days, price="1")).status_code == 422
    lost = {**days, "car": booking.car.slug, "full_name": "Ana", "email": "ana@example.com"}
    assert client.post(reverse("details", args=["x" * 22]), lost).status_code == 404
    client.force_login(make_manager())
    form = typed(booking, car=booking.car.pk, **days)
    assert client.post(reverse("staff_change", args=[booking.pk]), form).status_code == 422


@pytest.mark.parametrize("value", ["\x00", "9" * 5000, "٣", "-1"])
def test_values_that_are_none_are_refused(client, value):
    hold, booking = make_hold(), make_booking(start=in_days(10), length=3)
    lost = {"car": value, "start": in_days(20), "end": in_days(21)}
    assert client.post(reverse("details", args=["x" * 22]), lost).status_code == 404
    assert client.post(reverse("details", args=[hold.token]), {"full_name": value}).status_code == 422
    client.force_login(make_manager())
    for name in ("pick_up", "car", "instead"):
        more = {name: f"{value}/{in_days(20)}/{in_days(21)}" if name == "instead" else value}
        form = typed(booking, car=booking.car.pk) | more
        assert client.post(reverse("staff_change", args=[booking.pk]), form).status_code == 422
