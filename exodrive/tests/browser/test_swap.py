"""Swapping a car in the panel of the inbox, beside the list."""

import pytest
from playwright.sync_api import expect

from bookings.models import Booking
from bookings.tests.support.factories import CarFactory
from bookings.tests.support.swapping import make_rental
from exodrive.rls import as_owner
from exodrive.tests.browser.looks import misfits
from exodrive.tests.browser.test_staff import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_car_is_swapped_in_the_panel_and_what_is_missing_is_said_there(page):
    rental, other = make_rental(), CarFactory(model="Quick")
    sign_in(page)
    page.goto(f"/staff/inbox/?tab=active&booking={rental.pk}")
    page.evaluate("window.same = true")
    panel = page.locator("#panel")
    panel.get_by_role("link", name="Swap car…").click()
    expect(panel.get_by_role("heading", name="Swap the")).to_be_focused()
    panel.get_by_label("New car", exact=True).select_option(str(other.pk))
    panel.get_by_label("Odometer of the old car").fill("45120")
    panel.get_by_label("Reason", exact=True).fill("Gearbox broke")
    panel.get_by_role("button", name="Swap the car").click()
    expect(panel.get_by_text("Choose how full it is").first).to_be_visible()
    expect(panel.get_by_label("Reason", exact=True)).to_have_value("Gearbox broke")
    assert misfits(page, "") == []
    panel.get_by_label("Fuel or charge of the old car").select_option("4")
    panel.get_by_role("button", name="Swap the car").click()
    expect(panel.get_by_role("heading", name="Marta Oliveira")).to_be_visible()
    expect(panel.get_by_text(other.plate).first).to_be_visible()
    assert page.evaluate("window.same") is True
    with as_owner():
        assert Booking.objects.get().car == other
