"""The calendar by arrow keys and with its head in sight, and what both pages are on paper."""

import re

import pytest
from playwright.sync_api import Page, expect

from bookings.lifecycle.request import Person
from bookings.tests.support.factories import CarFactory, in_days, make_block, make_booking
from exodrive.tests.browser.test_staff import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WHITE, NOTHING = "rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"


def three_cars() -> None:
    """The first is out for three days and blocked later, the second free, the third comes back on the fourth day."""
    place = CarFactory(model="A").location
    first = CarFactory(model="B", location=place)
    CarFactory(model="C", location=place)
    third = CarFactory(model="D", location=place)
    make_booking(car=first, start=in_days(0), length=3, status="active")
    make_block(car=first, start=in_days(6), length=2)
    make_booking(car=third, start=in_days(3), length=2, who=Person("Aisha Khan", "aisha@example.com"))


def focused(page: Page) -> str:
    """The address of what has the focus, without what it comes back to."""
    return page.evaluate("document.activeElement.getAttribute('href') || ''").split("?next")[0]


def test_arrow_keys_go_from_bar_to_bar_and_to_days_that_can_be_booked(page):
    three_cars()
    sign_in(page)
    page.goto(f"/staff/calendar/?view=timeline&from={in_days(0)}&q=calder")
    page.locator("a.bk--active").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("td .free:focus")).to_have_attribute("href", re.compile(f"start={in_days(3)}"))
    page.keyboard.press("ArrowDown")
    expect(page.locator("td .free:focus")).to_have_attribute("href", re.compile(f"start={in_days(3)}"))
    page.keyboard.press("ArrowDown")
    expect(page.locator("a.bk--pending")).to_be_focused()
    page.keyboard.press("Home")
    expect(page.locator("th .free:focus")).to_have_count(1)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("End")
    expect(page.locator("td .free:focus")).to_have_attribute("href", re.compile(f"start={in_days(13)}"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/staff/bookings/new/.*start={in_days(13)}"))


def test_the_table_is_one_stop_for_the_tab_key_and_keeps_its_dates_and_cars_in_sight(new_page):
    three_cars()
    place = CarFactory(model="E").location
    for n in range(12):
        CarFactory(model=f"F{n}", location=place)
    page = sign_in(new_page(width=1280))
    page.goto(f"/staff/calendar/?view=timeline&days=28&from={in_days(0)}")
    assert page.locator(".fleet tbody a[tabindex='0']").count() == 1
    head, first = page.locator(".fleet thead th").nth(1), page.locator(".fleet tbody th[scope=row]").last
    page.locator(".fleet").evaluate(
        "el => { el.scrollTop = el.scrollHeight; el.scrollLeft = el.scrollWidth }"
    )
    fleet = page.locator(".fleet").bounding_box()
    assert abs(head.bounding_box()["y"] - fleet["y"]) < 3
    assert abs(first.bounding_box()["x"] - fleet["x"]) < 3


def colour(page: Page, selector: str, name: str = "background-color") -> str:
    return page.locator(selector).first.evaluate(f"el => getComputedStyle(el).getPropertyValue('{name}')")


def test_on_paper_bars_and_today_stay_dark_and_every_line_has_a_box_to_tick(page):
    three_cars()
    sign_in(page)
    page.goto(f"/staff/calendar/?view=timeline&from={in_days(0)}")
    page.emulate_media(media="print")
    for selector in (".fleet a.bk--active", ".fleet thead th[data-today] b"):
        assert colour(page, selector) not in (WHITE, NOTHING)
        assert colour(page, selector, "print-color-adjust") == "exact"
    expect(page.locator(".fleet th .free").first).to_be_hidden()
    page.emulate_media(media="screen")
    page.goto(f"/staff/today/?day={in_days(3)}")
    expect(page.locator(".sheet__line .box").first).to_be_hidden()
    page.emulate_media(media="print")
    box = page.locator(".sheet__line .box").first
    expect(box).to_be_visible()
    assert box.bounding_box()["width"] > 10
    expect(page.locator(".sheet__title")).to_be_visible()
    assert colour(page, ".sheet thead", "display") == "table-header-group"
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
