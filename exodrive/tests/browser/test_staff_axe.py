"""The staff pages under axe and the content security policy, narrow and wide, light and dark."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from bookings.models import Booking
from bookings.tests.factories import CarFactory, in_days, make_block, make_booking, make_hold
from exodrive.tests.browser.test_staff import sign_in, three_waiting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing(new_page, width, scheme):
    booking = busy_fleet()
    page = new_page(width=width, color_scheme=scheme)
    problems: dict[str, Any] = {}
    check(page, "/staff/login/", problems)
    sign_in(page)
    for path in (
        "/staff/inbox/",
        "/staff/inbox/?tab=all",
        f"/staff/bookings/{booking.pk}/",
        f"/staff/bookings/{booking.pk}/cancellation/",
        "/staff/today/",
        "/staff/calendar/?view=timeline",
        "/staff/calendar/?view=list",
        f"/staff/bookings/new/?car={booking.car_id}&start={in_days(1)}",
    ):
        check(page, path, problems)
    assert problems == {}


def check(page: Page, path: str, problems: dict[str, Any]) -> None:
    page.goto(path)
    found = Axe().run(page, options={"runOnly": TAGS, "rules": {"target-size": {"enabled": True}}}).response
    for violation in found["violations"]:
        problems[f"{path} {violation['id']}"] = [node["html"][:160] for node in violation["nodes"][:3]]
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wider > 0:
        problems[f"{path} scrolls sideways"] = wider


@pytest.mark.parametrize("path", ["/admin/", "/admin/bookings/booking/", "/admin/cars/car/add/"])
def test_the_admin_keeps_the_content_security_policy(page, path):
    make_booking()
    sign_in(page)
    assert page.goto(path).status in (200, 403)
    expect(page.locator("body")).to_be_visible()
