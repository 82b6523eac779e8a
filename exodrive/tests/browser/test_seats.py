"""Joining a departure in a real browser: under axe, on a narrow screen, by keys, with and without a script."""

import pytest
from playwright.sync_api import expect

from bookings.models import Booking
from bookings.tests.support.tours import Tours, book_seats, sold
from cars.models import RideRate
from exodrive.rls import as_owner
from exodrive.tests.browser.axe import audit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def tours():
    """Three departures of a tour that is sold by the car, too: one to be had, one sold out, one in French."""
    made = Tours(seats=4, slug="hills", name="Hills")
    with as_owner():
        RideRate.objects.create(service=made.service, basis="vehicle", amount=240)
    made.departures = [made.depart(day=10), made.depart(day=11), made.depart(day=12, language="fr")]
    book_seats(made.departures[1], 4)
    return made


def test_axe_finds_nothing_and_nothing_sticks_out(new_page, tours):
    first = tours.departures[0].pk
    pages = {
        "departures": "/en/tours/hills/",
        "price": f"/fr/tours/hills/?departure={first}&adults=2&children=1",
        "wrong": "/pt/tours/hills/?departure=&adults=0",
        "sold out": f"/es/tours/hills/?departure={tours.departures[1].pk}&adults=1",
        "list": "/en/services/",
    }
    narrow, wide, found = new_page(width=320, height=640), new_page(), {}
    for name, url in pages.items():
        for page, scheme in ((narrow, "dark"), (wide, "light")):
            page.goto(url)
            if problems := audit(page, scheme):
                found[f"{name}, {scheme}"] = problems
    assert found == {}


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without one"])
def test_seats_are_booked_by_keys_and_called_off(new_page, tours, script):
    page, first = new_page(width=390, java_script_enabled=script), tours.departures[0]
    page.goto("/en/tours/hills/")
    page.locator(f"#departure-{first.pk}").focus()
    page.keyboard.press("Space")
    page.locator("#adults").fill("2")
    page.locator("#children").fill("1")
    page.locator("#seats-check").click()
    expect(page.locator("#seats-price .total dd")).to_have_text("€220")
    expect(page.locator(f"#departure-{first.pk}")).to_be_checked()
    page.locator("#seats-continue").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/book/**")
    page.locator("[name=full_name]").fill("Marta Silva")
    page.locator("[name=email]").fill("marta@example.com")
    found = audit(page, "dark") if script else []
    page.locator("#details button[data-busy]").click()
    page.wait_for_url("**/booking/**")
    found += audit(page, "light") if script else []
    assert found == []
    words = page.locator("main").inner_text()
    assert "Hills" in words
    assert "English" in words
    assert sold(first) == 3
    page.locator("a.btn--danger").click()
    page.locator("main form button.btn--danger").click()
    page.wait_for_url("**/booking/**")
    with as_owner():
        assert {"cancelled"} == {one.status for one in Booking.objects.filter(ride__departure=first)}
    assert sold(first) == 0
