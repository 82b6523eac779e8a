"""The pages of rides in a real browser: one page of each kind under axe, on a narrow screen and by keys."""

import pytest
from playwright.sync_api import expect

from bookings.models import Booking, Hold
from bookings.tests.support.factories import in_days
from bookings.tests.support.rides import block_hours, hours_on
from bookings.tests.views.rides.conftest import driver, place, saloon, tour, transfer, van  # noqa: F401
from exodrive.rls import as_owner
from exodrive.tests.browser.axe import audit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DAY = 10  # days from now


def test_axe_finds_nothing_and_nothing_sticks_out(new_page, driver, transfer, tour):  # noqa: F811
    day = in_days(DAY)
    pages = {
        "list": "/en/services/",
        "price": f"/en/services/driver/?day={day}&time=10:00&duration=120",
        "refusal": f"/en/services/driver/?day={day}&time=06:10&duration=own&own=13:00&passengers=9&check=1",
        "wrong": "/en/services/driver/?duration=own&own=x&check=1",
        "transfer": f"/en/services/airport/?day={day}&time=10:00&from=lys&to=town",
        "tour": f"/fr/tours/hills/?day={day}&time=10:00",
    }
    narrow, wide = new_page(width=320, height=640), new_page()
    found = {}
    for name, url in pages.items():
        for page, scheme in ((narrow, "dark"), (wide, "light")):
            page.goto(url)
            for summary in page.locator("details.more summary").all():
                summary.click()
            # The bar with the price covers nothing there.
            page.evaluate("scrollTo(0, document.body.scrollHeight)")
            if problems := audit(page, scheme):
                found[f"{name}, {scheme}"] = problems
    assert found == {}


def test_a_ride_by_keys_is_answered_in_place(new_page, driver, saloon):  # noqa: F811
    block_hours(driver.cars[0], hours_on(in_days(DAY), "12:00", 60))
    page = new_page()
    page.goto(f"/en/services/driver/?day={in_days(DAY)}")
    page.get_by_label("Time").fill("12:00")  # which keys that takes depends on the browser's own language
    status = page.locator("#ride-live")
    expect(status).to_contain_text("No car of this class is free at that time. Free instead: ")
    expect(page.locator("#price-120")).to_have_text("€180")
    page.locator("#duration-60").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#ends")).to_have_text("ends 14:00")
    expect(page.locator("#duration-120")).to_be_focused()
    assert "duration=120" in page.url
    page.locator("#class .way").nth(1).locator("input").focus()
    page.keyboard.press("Space")
    expect(status).to_contain_text("2 h, €240.")
    expect(page.locator("#answer .total dd")).to_have_text("€240")
    page.locator("#continue").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/book/**")
    with as_owner():
        assert Hold.objects.get().car == driver.cars[1]


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without one"])
def test_two_languages_book_a_ride_to_its_end(new_page, driver, transfer, script):  # noqa: F811
    """By the hour in English with a script, a transfer in Portuguese without one; axe finds nothing on the way."""
    page = new_page(width=390, java_script_enabled=script)
    if script:
        page.goto(f"/en/services/driver/?day={in_days(DAY)}&time=10:00&duration=120")
    else:
        page.goto(f"/pt/services/airport/?day={in_days(DAY)}&time=10:00&from=lys&to=town")
    page.locator("#continue").click()
    page.wait_for_url("**/book/**")
    found = audit(page, "dark") if script else []
    page.locator("[name=full_name]").fill("Marta Silva")
    page.locator("[name=email]").fill("marta@example.com")
    page.locator(f"[name={'from_text' if script else 'to_text'}]").fill("12 rue de la République")
    page.locator("#details button[data-busy]").click()
    page.wait_for_url("**/booking/**")
    found += audit(page, "light") if script else []
    assert found == []
    words = page.locator("main").inner_text()
    assert "12 rue de la République" in words
    assert ("Begins" if script else "Começa").lower() in words.lower()
    with as_owner():
        booked = Booking.objects.select_related("ride").get()
        assert (booked.kind, booked.language) == (("hourly", "en") if script else ("transfer", "pt"))
    page.locator("a.btn--danger").click()
    page.locator("main form button.btn--danger").click()
    page.wait_for_url("**/booking/**")
    with as_owner():
        assert Booking.objects.get().status == "cancelled"
