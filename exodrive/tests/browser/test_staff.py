"""The staff pages in a real browser: with and without JavaScript, and by keyboard alone."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from bookings.lifecycle import transitions
from bookings.lifecycle.request import Person
from bookings.models import Booking
from bookings.tests.support.factories import CarFactory, in_days, make_booking, make_desk, prove
from exodrive.rls import LOGIN, STAFF, acting_as, as_owner

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NAMES = ["Marta Oliveira", "Jean-Baptiste Lefèvre", "Aisha Khan"]


def sign_in(page: Page, user: Any = None) -> Page:
    """In the inbox, with the session that the form would have begun: most tests are about what comes after it."""
    client = Client()
    with acting_as(LOGIN):
        client.force_login(user or make_desk())
    page.context.add_cookies(
        [
            {
                "name": settings.SESSION_COOKIE_NAME,
                "value": str(client.session.session_key),
                "domain": "localhost",
                "path": "/",
                "httpOnly": True,
                "sameSite": "Lax",
            }
        ]
    )
    page.goto("/staff/inbox/")
    return page


def sign_in_by_form(page: Page) -> Page:
    """As people do."""
    user = make_desk()
    page.goto("/staff/login/")
    page.get_by_label("Email address").fill(user.email)
    page.get_by_label("Password").fill("password")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(re.compile("/staff/inbox/"))  # once it is loaded: its scripts hear the keys
    return page


def three_waiting() -> list[Booking]:
    now = timezone.now()
    return [
        make_booking(
            who=Person(name, f"{name.split()[0].lower()}@example.com"),
            start=in_days(3 + n),
            at=now - timedelta(hours=3 - n),
        )
        for n, name in enumerate(NAMES)
    ]


def status_of(booking: Booking) -> str:
    with as_owner():
        return Booking.objects.values_list("status", flat=True).get(pk=booking.pk)


def row(page: Page, booking: Booking) -> Any:
    return page.locator(f"#b-{booking.pk}")


def test_mark_upcoming_changes_list_badge_title_and_panel_without_a_reload(page):
    bookings = three_waiting()
    sign_in(page)
    expect(page).to_have_title("(3) Inbox – Exodrive")
    page.evaluate("window.same = true")
    row(page, bookings[0]).get_by_role("button", name="Mark upcoming").click()
    expect(row(page, bookings[0])).to_have_count(0)
    expect(page.locator("#badge .count")).to_have_text(re.compile("2"))
    expect(page).to_have_title("(2) Inbox – Exodrive")
    expect(page.get_by_role("status")).to_have_text(
        re.compile(r"Marta Oliveira is now upcoming\. 2 pending\.")
    )
    expect(page.locator(f"#booking-{bookings[0].pk} .tag")).to_have_text("Upcoming")
    expect(page.locator(f"#l-{bookings[1].pk}")).to_be_focused()
    assert page.evaluate("window.same") is True
    assert status_of(bookings[0]) == "upcoming"


def test_the_last_row_leaves_an_empty_list_and_the_focus_on_the_words_that_say_so(page):
    booking = make_booking()
    sign_in(page)
    row(page, booking).get_by_role("button", name="Mark upcoming").click()
    expect(page.get_by_text("No pending bookings.")).to_be_visible()
    expect(page).to_have_title("Inbox – Exodrive")
    expect(page.locator("#nothing")).to_be_focused()


def test_the_same_without_javascript(new_page):
    bookings = three_waiting()
    page = sign_in_by_form(new_page(java_script_enabled=False))
    row(page, bookings[0]).get_by_role("button", name="Mark upcoming").click()
    expect(page.get_by_text("Marta Oliveira is now upcoming.")).to_be_visible()
    expect(row(page, bookings[0])).to_have_count(0)
    expect(page).to_have_title("(2) Inbox – Exodrive")
    page.get_by_role("link", name="Aisha Khan").click()
    page.get_by_role("link", name="Cancel…").click()
    page.get_by_role("button", name="Cancel booking").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter why you cancel this booking")
    page.get_by_label("Reason").fill("Double")
    page.get_by_role("button", name="Cancel booking").click()
    expect(page.get_by_text("The booking of Aisha Khan is cancelled.")).to_be_visible()
    page.get_by_role("link", name="Back").click()
    page.get_by_role("searchbox").fill("lefev")
    page.get_by_role("searchbox").press("Enter")
    expect(page.locator(".row__who")).to_have_count(1)
    assert [status_of(booking) for booking in bookings] == ["upcoming", "pending", "cancelled"]


def test_by_keyboard_alone(page):
    bookings = three_waiting()
    sign_in(page)
    page.keyboard.press("u")  # outside the list the keys do nothing
    page.locator(f"#l-{bookings[0].pk}").focus()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator(f"#l-{bookings[2].pk}")).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator(f"#l-{bookings[1].pk}")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(f"#booking-{bookings[1].pk}")).to_be_visible()
    expect(page).to_have_url(re.compile(f"booking={bookings[1].pk}"))
    expect(page.locator(f"#l-{bookings[1].pk}")).to_be_focused()
    page.keyboard.press("c")
    expect(page.get_by_role("heading", name="Cancel the booking of")).to_be_focused()
    page.keyboard.press("j")  # from a form in the panel as from its row
    expect(page.locator(f"#l-{bookings[2].pk}")).to_be_focused()
    expect(page.locator(f"#booking-{bookings[2].pk}")).to_be_visible()
    page.keyboard.press("k")
    expect(page.locator(f"#booking-{bookings[1].pk} h2").first).not_to_have_text(re.compile("Cancel"))
    page.keyboard.press("u")
    expect(row(page, bookings[1])).to_have_count(0)
    expect(page.locator(f"#l-{bookings[2].pk}")).to_be_focused()
    expect(page.locator(f"#booking-{bookings[2].pk}[data-whole]")).to_be_visible()
    page.keyboard.press("c")
    expect(page.get_by_role("heading", name="Cancel the booking of Aisha Khan")).to_be_focused()
    page.get_by_label("Reason").fill("ecu")
    page.get_by_role("link", name="Keep booking").focus()
    page.keyboard.press("c")  # what is open stays as it is filled in
    expect(page.get_by_label("Reason")).to_have_value("ecu")
    page.keyboard.press("e")  # from a form that has taken the place of the booking's own acts
    expect(page).to_have_url(re.compile(f"{bookings[2].pk}/change/"))
    assert [status_of(booking) for booking in bookings] == ["pending", "upcoming", "pending"]


def test_a_morning_by_keyboard_alone(page):
    bookings = three_waiting()
    sign_in(page)
    page.keyboard.press("j")  # from anywhere
    expect(page.locator(f"#l-{bookings[0].pk}")).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator(f"#booking-{bookings[1].pk}")).to_be_visible()  # the panel follows
    page.keyboard.press("u")
    expect(row(page, bookings[1])).to_have_count(0)
    expect(page.locator(f"#booking-{bookings[2].pk}")).to_be_visible()  # and goes on after an act
    page.keyboard.press("x")
    expect(row(page, bookings[2]).get_by_role("checkbox")).to_be_checked()
    page.locator(f"#l-{bookings[2].pk}").focus()
    page.keyboard.press("c")
    expect(page.get_by_role("heading", name="Cancel the booking of Aisha Khan")).to_be_visible()
    page.get_by_label("Reason").fill("jukes / ?")  # typing is typing
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Keep booking").click()
    page.locator("#h").focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Next or previous booking")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("ÈVRE")
    expect(page.get_by_text("There is something in:")).to_be_visible()
    page.goto("/staff/today/")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    assert [status_of(booking) for booking in bookings] == ["pending", "upcoming", "pending"]


def test_the_keys_can_be_turned_off_for_good(page):
    bookings = three_waiting()
    sign_in(page)
    page.get_by_role("button", name="Turn shortcuts off").click()
    page.reload()
    expect(page.get_by_role("button", name="Turn shortcuts on")).to_be_visible()
    page.locator(f"#l-{bookings[0].pk}").focus()
    page.keyboard.press("j")
    expect(page.locator(f"#l-{bookings[0].pk}")).to_be_focused()


def test_the_panel_has_an_address_and_the_way_back_works(page):
    bookings = three_waiting()
    sign_in(page)
    page.get_by_role("link", name="Aisha Khan").click()
    expect(page.locator(f"#booking-{bookings[2].pk}")).to_be_visible()
    expect(page.locator(f"#b-{bookings[2].pk} .row")).to_have_attribute("data-current", "")
    page.reload()
    expect(page.locator(f"#booking-{bookings[2].pk}")).to_be_visible()
    page.go_back()
    expect(page.locator(f"#booking-{bookings[0].pk}")).to_be_visible()


def test_on_a_narrow_screen_a_booking_has_a_page_of_its_own(new_page):
    bookings = three_waiting()
    page = sign_in(new_page(width=390))
    page.get_by_role("link", name="Aisha Khan").click()
    expect(page).to_have_url(re.compile(f"/staff/bookings/{bookings[2].pk}/"))
    page.get_by_role("link", name="Back").click()
    expect(page).to_have_url(re.compile("/staff/inbox/"))


def test_who_comes_too_late_sees_who_was_first(page):
    booking = make_booking()
    sign_in(page)
    with acting_as(STAFF, user=make_desk(full_name="Luc Petit")):
        transitions.transition(booking=booking, to="upcoming", at=timezone.now())
    row(page, booking).get_by_role("button", name="Mark upcoming").click()
    expect(row(page, booking)).to_contain_text("Luc Petit moved this booking to Upcoming at")
    expect(row(page, booking).get_by_role("link", name="Refresh")).to_be_focused()
    row(page, booking).get_by_role("link", name="Refresh").click()
    expect(page.get_by_text("No pending bookings.")).to_be_visible()


def test_search_while_typing(page):
    three_waiting()
    sign_in(page)
    page.get_by_role("searchbox").type("lefev")
    expect(page.locator(".row__who")).to_have_count(1)
    expect(page).to_have_url(re.compile("q=lefev"))
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.get_by_role("searchbox").fill("mart zzz")
    expect(page.get_by_text("Nothing matches “mart zzz”.")).to_be_visible()
    page.get_by_role("link", name="Clear search").click()
    expect(page.locator(".row__who")).to_have_count(3)


def test_a_new_booking_appears_by_itself(page):
    sign_in(page)
    expect(page.get_by_text("No pending bookings.")).to_be_visible()
    booking = make_booking()
    page.evaluate("htmx.trigger('#badge', 'look')")  # what the poll does every 20 seconds
    expect(row(page, booking)).to_be_visible()
    expect(page).to_have_title("(1) Inbox – Exodrive")


def test_a_refresh_by_itself_leaves_the_focus_where_it_is(page):
    first = make_booking()
    sign_in(page)
    button = row(page, first).get_by_role("button", name="Mark upcoming")
    button.focus()
    second = make_booking(who=Person("Aisha Khan", "aisha@example.com"))
    page.evaluate("htmx.trigger('#badge', 'look')")
    expect(row(page, second)).to_be_visible()
    expect(button).to_be_focused()


def test_hand_over_and_take_back_in_the_panel(page):
    booking = make_booking(status="upcoming", start=in_days(0))
    sign_in(page)
    page.get_by_role("link", name="Upcoming").click()
    panel = page.locator("#panel")
    panel.get_by_role("link", name="Hand over car").click()
    expect(panel.get_by_role("heading", name="Hand over")).to_be_focused()
    panel.get_by_label("Odometer (km)").fill("45010")
    panel.get_by_label("Fuel or charge").select_option("8")
    panel.get_by_label("I have seen the driving licence").check()
    panel.get_by_role("button", name="Hand over car").click()
    expect(panel.get_by_role("link", name="Undo the hand-over…")).to_be_visible()
    panel.get_by_role("link", name="Take car back").click()
    expect(panel.get_by_role("heading", name="Take back")).to_be_focused()
    panel.get_by_role("button", name="Take car back").click()
    expect(panel.get_by_role("alert")).to_be_focused()
    panel.get_by_label("Odometer (km)").fill("45210")
    panel.get_by_label("Fuel or charge").select_option("6")
    panel.get_by_label("No", exact=True).check()
    panel.get_by_role("button", name="Take car back").click()
    expect(panel.locator(".tag").first).to_have_text("Completed")
    expect(panel).to_contain_text("45,210 km")
    assert status_of(booking) == "completed"


PRESS_AGAIN = """({x, y}) => document.addEventListener('htmx:afterSettle', () => {
  const under = document.elementFromPoint(x, y);
  document.body.dataset.under = under.textContent.trim();
  under.dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true, detail: 1, clientX: x, clientY: y}));
}, {once: true})"""


def test_a_second_press_on_the_place_of_an_act_does_not_press_what_took_its_place(page):
    booking = prove(make_booking(start=in_days(0)))
    sign_in(page)
    panel = page.locator("#panel")
    act = panel.get_by_role("button", name="Mark upcoming")
    box = act.bounding_box()
    page.evaluate(PRESS_AGAIN, {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2})
    act.click()
    hand_over = panel.get_by_role("link", name="Hand over car")
    expect(hand_over).to_be_visible()
    expect(page.locator("body")).to_have_attribute("data-under", "Hand over car")
    expect(hand_over).to_be_enabled()
    assert panel.get_by_role("heading", name="Hand over").count() == 0
    assert status_of(booking) == "upcoming"
    hand_over.click()
    expect(panel.get_by_role("heading", name="Hand over")).to_be_focused()


def test_of_two_answers_for_the_panel_only_the_one_asked_for_last_is_shown(page):
    bookings = three_waiting()
    sign_in(page)
    slow = f"booking={bookings[1].pk}"
    page.route(lambda url: slow in url, lambda route: None)  # its answer takes its time
    row(page, bookings[1]).get_by_role("link").click()
    with page.expect_event("requestfailed", lambda request: slow in request.url):
        row(page, bookings[2]).get_by_role("link").click()
    expect(page.locator(f"#booking-{bookings[2].pk}")).to_be_visible()


def test_a_note_is_saved_in_the_panel(page):
    make_booking()
    sign_in(page)
    page.get_by_label("Add a note").fill("Calls at noon")
    page.get_by_role("button", name="Save note").click()
    expect(page.locator("#panel .notes")).to_contain_text("Calls at noon")


def test_the_calendar_opens_on_the_list_when_it_is_narrow(new_page):
    make_booking(start=in_days(0), status="upcoming")
    page = sign_in(new_page(width=390))
    page.goto("/staff/calendar/")
    expect(page.locator(".agenda")).to_be_visible()
    expect(page.locator(".fleet")).to_be_hidden()
    page.get_by_role("link", name="Timeline").click()
    expect(page.locator(".fleet")).to_be_visible()


def test_a_booking_by_hand_from_the_calendar(page):
    car = CarFactory()
    sign_in(page)
    page.goto("/staff/calendar/?view=timeline")
    today = in_days(0)
    start = today + timedelta(days=1 if today.weekday() < 6 else 2)
    page.locator(".fleet tbody td").nth((start - today).days + today.weekday()).hover()
    page.locator("td a.free").click()
    expect(page).to_have_url(re.compile(f"start={start}"))
    expect(page.locator("input[name=car]:checked")).to_have_value(str(car.pk))
    expect(page.locator("#offer")).to_contain_text("€240")
    page.get_by_label("Return day").fill((in_days(0) + timedelta(days=3)).isoformat())
    page.get_by_label("Return day").blur()
    expect(page.locator("#offer .total")).to_contain_text(re.compile("€(720|480)"))
    page.get_by_label("Full name").fill("Aisha Khan")
    page.get_by_label("Email address").fill("aisha@example.com")
    page.get_by_role("button", name="Make the booking").click()
    expect(page.get_by_role("status")).to_contain_text("is booked and pending")


def test_the_language_menu_keeps_the_page(page):
    sign_in(page)
    page.goto("/staff/calendar/")
    page.locator(".bar .menu summary").click()
    page.get_by_role("button", name="Français").click()
    expect(page).to_have_url(re.compile("/staff/calendar/"))
    expect(page.locator("html")).to_have_attribute("lang", "fr-FR")


def test_the_language_menu_keeps_what_was_typed_and_enter_still_sends(page):
    booking = make_booking(car=CarFactory(), start=in_days(2), length=1)
    sign_in(page)
    page.goto(f"/staff/bookings/{booking.pk}/change/")
    page.locator("#id_special_requests").fill("A child seat")
    page.locator(".bar .menu summary").click()
    page.get_by_role("button", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr-FR")
    expect(page.locator("#id_special_requests")).to_have_value("A child seat")
    page.locator("#id_phone").fill("+351 912 000 111")
    page.locator("#id_phone").press("Enter")
    expect(page.locator("#change")).to_contain_text("+351 912 000 111")


def test_days_are_blocked_by_keyboard_and_a_booking_in_the_way_is_shown(page):
    car, start = CarFactory(), in_days(2)
    booking = make_booking(car=car, start=start, length=1)
    sign_in(page)
    page.goto(f"/staff/calendar/?car={car.pk}&view=timeline")
    page.get_by_role("link", name="Block days").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("checkbox", name=re.compile(str(car.plate)))).to_be_checked()
    page.get_by_label("First day", exact=True).fill(start.isoformat())
    page.get_by_label("Last day", exact=True).fill(start.isoformat())
    page.get_by_label("Reason").select_option("owner_use")
    page.get_by_label("Note").fill("Ours")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").first).to_contain_text("There are bookings on these days.")
    expect(page.get_by_role("link", name=booking.full_name)).to_be_visible()
    free = in_days(3).isoformat()
    page.get_by_label("Last day", exact=True).fill(free)
    page.get_by_label("First day", exact=True).fill(free)
    page.get_by_role("button", name="Block days").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("is blocked")
    page.goto(f"/staff/calendar/?from={free}&view=timeline")
    page.locator("a.bk--block").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Remove block…").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Remove block").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("is no longer blocked")
    expect(page.locator("a.bk--block")).to_have_count(0)


def test_days_are_blocked_without_javascript(new_page):
    car = CarFactory()
    page = sign_in(new_page(java_script_enabled=False))
    page.goto(f"/staff/calendar/?car={car.pk}&view=timeline")
    page.get_by_role("link", name="Block days").click()
    page.get_by_role("button", name="Block days").click()
    expect(page.get_by_role("alert").first).to_contain_text("Choose the first day")
    page.get_by_label("First day", exact=True).fill(in_days(1).isoformat())
    page.get_by_label("Last day", exact=True).fill(in_days(2).isoformat())
    page.get_by_label("Reason").select_option("maintenance")
    page.get_by_role("button", name="Block days").click()
    expect(page.get_by_text(f"{car.name} is blocked")).to_be_visible()
    expect(page.locator("a.bk--block")).to_have_count(1)
