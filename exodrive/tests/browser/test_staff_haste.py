"""Presses in haste on the staff pages, where the focus goes after the last act, and words that stay on one line."""

import re
from contextlib import suppress

import pytest
from django.utils import timezone
from playwright.sync_api import Error, Page, expect

from bookings.lifecycle.keys.handover import hand_over
from bookings.lifecycle.request import Person
from bookings.tests.support.factories import CarFactory, LocationFactory, in_days, make_booking, make_manager
from exodrive.rls import STAFF, acting_as
from exodrive.tests.browser.test_staff import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# The button that is pressed, and the act that the next page has, on one spot.
ONE_SPOT = """
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`#main .actions button[name=to], #main .actions a[href*="/handover/"] {
    position: fixed; left: 20px; top: 200px; width: 200px; height: 60px; z-index: 9 }`);
  document.adoptedStyleSheets = [sheet];
"""
SPOT = (120, 230)


def test_what_a_new_page_brings_under_the_pointer_is_not_pressed_by_the_second_of_two_presses(new_page):
    booking = make_booking(start=in_days(0))
    page = sign_in(new_page(width=390))
    page.add_init_script(ONE_SPOT)
    address = f"/staff/bookings/{booking.pk}/"
    page.goto(address)
    page.mouse.click(*SPOT)
    act = page.get_by_role("link", name="Hand over car")
    expect(act).to_have_attribute("aria-disabled", "true")
    page.mouse.click(*SPOT)
    expect(act).not_to_have_attribute("aria-disabled", "true")
    assert page.url.endswith(address)
    page.mouse.click(*SPOT)
    expect(page.get_by_role("heading", name="Hand over")).to_be_visible()


def test_nothing_is_painted_before_the_script_that_holds_presses_back_has_run(new_page):
    make_booking(start=in_days(0))
    page = sign_in(new_page(width=390))

    def late(route):
        answer = route.fetch()
        page.wait_for_timeout(500)
        route.fulfill(response=answer)

    page.route("**/staff*.js", late)
    page.goto("/staff/today/")
    page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
    painted, came = page.evaluate(
        """() => [performance.getEntriesByName('first-contentful-paint')[0].startTime,
                  performance.getEntriesByType('resource').find(one => /staff[^/]*\\.js/.test(one.name)).responseEnd]"""
    )
    assert painted >= came


def test_a_page_that_no_press_led_to_answers_the_first_press_at_once(new_page):
    booking = make_booking(start=in_days(0), status="upcoming")
    page = sign_in(new_page(width=390))
    page.add_init_script(ONE_SPOT)
    page.goto(f"/staff/bookings/{booking.pk}/")
    page.goto(f"/staff/bookings/{booking.pk}/")
    page.mouse.click(*SPOT)
    expect(page.get_by_role("heading", name="Hand over")).to_be_visible()


def test_after_the_last_row_the_focus_goes_to_the_row_before_and_then_to_the_words_that_nothing_is_left(page):
    first = make_booking(start=in_days(2))
    last = make_booking(start=in_days(3), who=Person("Aisha Khan", "aisha@example.com"))
    sign_in(page)
    names = page.locator("#list .row__who")
    expect(names).to_have_count(2)
    before, after = (names.nth(n).get_attribute("id") for n in (0, 1))
    assert {before, after} == {f"l-{first.pk}", f"l-{last.pk}"}
    for key in ("j", "j", "u"):
        page.keyboard.press(key)
    expect(page.locator(f"#{before}")).to_be_focused()
    expect(page.locator(f"#{after}")).to_have_count(0)
    page.keyboard.press("u")
    nothing = page.locator("#nothing")
    expect(nothing).to_be_focused()
    expect(nothing).to_have_text("No pending bookings. New ones appear here by themselves.")


def test_what_was_swapped_in_is_pressed_in_the_same_moment(page):
    """The fastest hands there are: a script that presses before the browser has drawn anything."""
    first, second = (make_booking(start=in_days(n), status="upcoming") for n in (2, 3))
    sign_in(page)
    page.goto("/staff/inbox/?tab=upcoming")
    page.evaluate("""() => document.addEventListener('htmx:afterRequest', () => {
        document.querySelector('#panel [data-key=c]').click();
    }, { once: true })""")
    opened = page.locator(f"#l-{first.pk}")
    opened.click()
    expect(page.locator("#panel").get_by_role("heading", name="Cancel the booking of")).to_be_focused()
    expect(page).to_have_url(re.compile("/staff/inbox/"))
    expect(page.locator(f"#l-{second.pk}")).to_be_visible()


def test_the_focus_stays_on_an_act_whose_booking_is_drawn_anew(page):
    """Who goes on with the Tab key before the booking has come once more."""
    booking = make_booking(start=in_days(2), status="upcoming")
    sign_in(page)
    page.goto("/staff/inbox/?tab=upcoming")
    held = []
    page.route(re.compile(f"booking={booking.pk}"), lambda route: held.append(route))
    with page.expect_request(re.compile(f"booking={booking.pk}")):
        page.locator(f"#l-{booking.pk}").press("Enter")
    act = page.locator("#panel").get_by_role("link", name="Cancel…")
    act.focus()
    with page.expect_response(re.compile(f"booking={booking.pk}")):
        held[0].continue_()
    expect(page).to_have_url(re.compile(f"booking={booking.pk}"))
    expect(act).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#panel").get_by_role("heading", name="Cancel the booking of")).to_be_focused()


def test_a_booking_that_was_asked_for_before_an_act_does_not_open_after_it(page):
    first = make_booking(start=in_days(2))
    last = make_booking(start=in_days(3), who=Person("Aisha Khan", "aisha@example.com"))
    sign_in(page)
    names, panel = page.locator("#list .row__who"), page.locator("#panel")
    expect(names).to_have_count(2)
    opens, acts = sorted((first, last), key=lambda one: names.nth(0).get_attribute("id") != f"l-{one.pk}")
    held = []
    page.route(re.compile(f"booking={acts.pk}"), lambda route: held.append(route))
    page.keyboard.press("j")
    expect(panel.locator(f"#booking-{opens.pk}")).to_be_visible()
    with page.expect_request(re.compile(f"booking={acts.pk}")):
        page.keyboard.press("j")
    page.locator(f"#b-{acts.pk} [data-key=u]").click()
    expect(names).to_have_count(1)
    with suppress(Error):  # the browser has given it up
        held[0].continue_()
    page.wait_for_timeout(300)
    expect(panel.locator(f"#booking-{acts.pk}")).to_have_count(0)


def test_who_is_in_the_way_of_an_early_hand_over_is_moved_from_the_panel(page):
    place = LocationFactory()
    booking = make_booking(car=CarFactory(location=place), start=in_days(8), status="upcoming")
    make_booking(car=booking.car, start=in_days(2), length=2, who=Person("Aisha Khan", "aisha@example.com"))
    free = CarFactory(location=place)
    sign_in(page)
    page.get_by_role("link", name="Upcoming").click()
    panel = page.locator("#panel")
    panel.get_by_role("link", name="Hand over early…").click()
    panel.get_by_label("Odometer (km)").fill("45010")
    panel.get_by_label("Fuel or charge").select_option("8")
    panel.get_by_label("I have seen the driving licence").check()
    panel.get_by_label("The car leaves today.").check()
    panel.get_by_role("button", name="Hand over early").click()
    panel.get_by_role("button", name=f"Move to {free.name}").click()
    expect(panel.get_by_role("status")).to_have_text(f"Aisha Khan has the {free.name} · {free.plate} now.")
    expect(panel.get_by_label("Odometer (km)")).to_have_value("45010")
    panel.get_by_role("button", name="Hand over early").click()
    expect(panel.get_by_role("link", name="Take car back")).to_be_visible()


def height_of_bar(page: Page) -> float:
    return page.locator(".bar__in").evaluate("el => el.getBoundingClientRect().height")


@pytest.mark.parametrize("language", ["en", "es", "fr", "pt"])
def test_the_bar_is_one_line_on_a_laptop_in_every_language(new_page, language):
    page = sign_in(new_page(width=1280), make_manager())
    page.context.add_cookies([{"name": "django_language", "value": language, "url": page.url}])
    page.goto("/staff/inbox/")
    assert page.locator("html").get_attribute("lang").startswith(language)
    for width in (1200, 1280, 1366, 1440, 1600):
        page.set_viewport_size({"width": width, "height": 900})
        assert height_of_bar(page) < 60
        assert page.locator(".bar .nav").evaluate("el => el.scrollWidth - el.clientWidth") <= 0


def test_filters_and_the_acts_above_a_calendar_are_one_line_on_a_laptop(new_page):
    page = sign_in(new_page(width=1280), make_manager())
    for address in ("/staff/inbox/?tab=all", "/staff/calendar/"):
        page.goto(address)
        for rows in page.locator(".toolbar, #filters").all():
            assert rows.evaluate("el => el.clientHeight") < 80, address


@pytest.mark.parametrize("width", [390, 1280])
def test_the_words_of_the_first_act_stay_on_one_line(new_page, width):
    booking = make_booking(start=in_days(0), status="active")
    with acting_as(STAFF):
        hand_over(booking=booking, at=timezone.now())
    page = sign_in(new_page(width=width))
    page.goto(f"/staff/bookings/{booking.pk}/")
    first = page.get_by_role("link", name="Take car back")
    assert first.evaluate("el => el.getBoundingClientRect().height") < 60
