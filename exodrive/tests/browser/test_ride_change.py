"""Changing a ride in a real browser: on a phone and on a wide screen, with a script and without one."""

import pytest
from django.urls import reverse

from bookings.lifecycle.rides.request import RideDetails
from bookings.models import Booking
from bookings.tests.support.booked_rides import DAY, Chauffeurs
from bookings.tests.support.factories import in_days
from exodrive.rls import as_owner
from exodrive.tests.browser.axe import audit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("width", "script"), [(390, True), (1280, False), (320, True)])
def test_a_ride_moves_to_the_next_free_time(new_page, width, script):
    hired = Chauffeurs(name="Driver by the hour")
    booking = hired.book("10:00", details=RideDetails(from_text="12 rue de la République"))
    hired.book("15:00")
    page = new_page(width=width, java_script_enabled=script)
    page.goto(reverse("booking", args=[booking.secret]))
    page.get_by_role("link", name="Change booking").click()
    found = audit(page, "dark") if script else []
    page.get_by_label("Time", exact=True).fill("15:30")
    page.get_by_label("Pick-up address").fill("1 Main Street")
    page.get_by_role("button", name="Save changes").last.click()
    assert "No car of this class is free at that time." in page.locator("main").inner_text()
    found += audit(page, "light") if script else []
    page.get_by_role("button", name="Take this time").last.click()
    panel = page.locator("#new-price")
    assert "17:30 – 19:30" in panel.inner_text()
    assert page.get_by_label("Pick-up address").input_value() == "1 Main Street"
    found += audit(page, "dark") if script else []
    panel.get_by_role("button", name="Change booking").click()
    page.wait_for_url("**/booking/*/")
    words = page.locator("main").inner_text()
    assert "17:30" in words
    assert "1 Main Street" in words
    assert found == []
    with as_owner():
        moved = Booking.objects.select_related("ride").get(pk=booking.pk)
    assert (moved.start_date, f"{moved.pickup_time:%H:%M}") == (in_days(DAY), "17:30")
