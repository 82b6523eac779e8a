"""The staff pages under axe and the content security policy, narrow and wide, light and dark."""

import pytest
from playwright.sync_api import expect

from bookings.models import Booking
from bookings.tests.support.factories import CarFactory, in_days, make_block, make_booking, make_hold
from exodrive.tests.browser.axe import audit, schemes
from exodrive.tests.browser.test_staff import sign_in, three_waiting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def busy_fleet() -> Booking:
    """Something of everything on the screens."""
    three_waiting()
    car = CarFactory(buffer_days=1, location=CarFactory().location)
    booking = make_booking(
        car=car, start=in_days(-5), length=3, status="active", special_requests="A child seat"
    )
    make_booking(car=car, start=in_days(1), length=1, status="upcoming")
    make_hold(car=car, start=in_days(4), length=2)
    make_block(car=car, start=in_days(8), length=2)
    make_booking(start=in_days(-3), length=2, status="completed")
    return booking


@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing(new_page, width, soak):
    booking = busy_fleet()
    page = new_page(width=width)
    problems: dict[str, list[str]] = {}

    def look(path: str) -> None:
        page.goto(path)
        for scheme in schemes(width, soak):
            if found := audit(page, scheme):
                problems[f"{path}, {scheme}"] = found

    look("/staff/login/")
    sign_in(page)
    for path in (
        "/staff/inbox/",
        "/staff/inbox/?tab=all",
        f"/staff/bookings/{booking.pk}/",
        f"/staff/bookings/{booking.pk}/cancellation/",
        "/staff/today/",
        "/staff/account/",
        "/staff/account/second-step/",
        "/staff/security/",
        "/staff/calendar/?view=timeline",
        "/staff/calendar/?view=list",
        f"/staff/bookings/new/?car={booking.car_id}&start={in_days(1)}",
    ):
        look(path)
    assert problems == {}


@pytest.mark.parametrize("path", ["/admin/", "/admin/bookings/booking/", "/admin/cars/car/add/"])
def test_the_admin_keeps_the_content_security_policy(page, path):
    make_booking()
    sign_in(page)
    assert page.goto(path).status in (200, 403)
    expect(page.locator("body")).to_be_visible()
