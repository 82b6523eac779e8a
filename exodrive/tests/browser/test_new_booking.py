"""A customer at the counter, and one on the telephone: the whole booking stands in one form."""

import pytest
from playwright.sync_api import expect

from bookings.lifecycle.request import Person
from bookings.models import Booking
from bookings.tests.support.factories import (
    CarFactory,
    LocationFactory,
    extras_of,
    in_days,
    make_booking,
    make_extra,
)
from exodrive.rls import as_owner
from exodrive.tests.browser.test_staff import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def booked() -> Booking:
    with as_owner():
        return Booking.objects.select_related("car").latest("created_at")


def test_a_walk_in_takes_two_fields_and_three_presses(new_page):
    car = CarFactory(
        model="A", location=LocationFactory(name="Annecy")
    )  # before the others, whatever their numbers
    for _ in range(14):
        CarFactory()
    page = sign_in(new_page())
    page.goto("/staff/calendar/")
    page.get_by_role("link", name="New booking").click()
    page.get_by_text(car.plate).click()
    expect(page.locator("#offer")).to_contain_text(car.name)
    page.get_by_label("Full name").fill("Yusuf Demir")
    page.get_by_label("Phone number").fill("06 12 34 56 78")
    page.get_by_role("button", name="Make and confirm it").click()
    expect(page.locator("h1")).to_have_text("Yusuf Demir")
    made = booked()
    assert (made.status, made.start_date, made.car, made.email) == ("upcoming", in_days(0), car, "")


def test_on_the_phone_a_known_customer_and_a_child_seat_fit_into_the_form(new_page):
    seat, car = make_extra(), CarFactory()
    make_booking(start=in_days(40), who=Person("Aisha Khan", "aisha@example.com"), phone="07700 900 123")
    page = sign_in(new_page())
    page.goto("/staff/bookings/new/")
    page.get_by_label("Pick-up day").fill(in_days(10).isoformat())
    page.get_by_label("Return day").fill(in_days(12).isoformat())
    page.get_by_label("Has booked before?").press_sequentially("7700900123")
    page.locator("#known button").click()
    expect(page.get_by_label("Full name")).to_have_value("Aisha Khan")
    page.get_by_text(car.plate).click()
    page.get_by_label("Child seat").select_option("1")
    expect(page.locator("#offer")).to_contain_text("Child seat")
    page.get_by_role("button", name="Make and confirm it").click()
    expect(page.locator("h1")).to_have_text("Aisha Khan")
    made = booked()
    assert (made.email, made.start_date, extras_of(made)) == (
        "aisha@example.com",
        in_days(10),
        [(seat.pk, 1)],
    )
    with as_owner():
        assert made.emails.filter(audience="customer").count() == 1


def test_without_javascript_nothing_typed_is_lost_on_the_way_to_the_cars(new_page):
    car = CarFactory()
    page = sign_in(new_page(java_script_enabled=False, width=390))
    page.goto("/staff/bookings/new/")
    page.get_by_label("Full name").fill("Yusuf Demir")
    page.get_by_label("Return day").fill(in_days(5).isoformat())
    page.get_by_role("button", name="Show free cars").click()
    expect(page.get_by_label("Full name")).to_have_value("Yusuf Demir")
    expect(page.locator("#cars")).to_contain_text("€1,440")
    page.get_by_label(car.plate).check()
    page.get_by_label("Phone number").fill("06 12 34 56 78")
    page.get_by_role("button", name="Make the booking").click()
    expect(page.locator("h1")).to_have_text("Yusuf Demir")
    assert booked().status == "pending"
