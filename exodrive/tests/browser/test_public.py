"""The public site in a real browser: the funnel with and without JavaScript, by keyboard, on a phone; accessibility."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from bookings.models import Booking, CarAvailability, Hold
from bookings.tests.support.factories import (
    CarFactory,
    CarImageFactory,
    in_days,
    make_booking,
    make_extra,
    make_hold,
    move_to,
)
from bookings.tests.views import test_pick as pick
from cars.models import Extra
from exodrive.i18n.formats import day as short
from exodrive.rls import as_owner
from exodrive.tests.browser.axe import audit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CASES = json.loads(Path(pick.__file__).with_name("pick_cases.json").read_text())
PHONE = {"width": 390, "height": 844, "has_touch": True, "is_mobile": True}


@pytest.fixture
def car():
    car = CarFactory(make="Calder", model="GT coupé", slug="calder-gt")
    CarImageFactory(car=car)
    CarImageFactory(car=car, art="calder-gt-dusk", position=1)
    return car


def show(page, day):
    """Turn the calendar's pages until the day can be seen."""
    for _month in range(13):
        if page.locator(f"#d-{day}").is_visible():
            return
        before = page.locator("caption").first.text_content()  # inner_text would have CSS capitals
        page.locator("#next").click()
        expect(page.locator("caption").first).not_to_have_text(before)
    raise AssertionError(f"{day} is not in the calendar")


def press(page, day):
    show(page, day)
    page.locator(f"#d-{day}").click()


def only_booking():
    with as_owner():
        booking = Booking.objects.select_related("link").get()
        booking.secret = booking.token
        return booking


def fill_in(page, name="Full name", email="Email address"):
    page.get_by_label(name).fill("Marta Oliveira")
    page.get_by_label(email).fill("marta.oliveira@example.com")


# --- The funnel ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_from_the_catalogue_to_a_confirmed_booking(new_page, car, scripts):
    page = new_page(java_script_enabled=scripts)
    start, end = in_days(10), in_days(13)
    page.goto("/en/")
    page.get_by_role("link", name="Cars", exact=True).click()
    page.get_by_role("link", name="Calder GT coupé").click()
    press(page, start)
    expect(page.locator("#cal-hint")).to_have_text("Now choose your return day.")
    press(page, end)
    expect(page.locator("#price")).to_contain_text("€960")
    expect(page.locator("#cal-hint")).to_have_text(f"{short(start)} to {short(end)}")
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_title("Your details – Exodrive")
    fill_in(page)
    page.get_by_role("button", name="Request this booking").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We have your request, Marta")
    booking = only_booking()
    assert (booking.start_date, booking.end_date, booking.status) == (start, end, "pending")
    assert page.url.endswith(f"/en/booking/{booking.secret}/")
    move_to(booking, "upcoming")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("You’re booked, Marta")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("You’re booked, Marta")


def test_by_keyboard_alone(new_page, car):
    page = new_page()
    start = in_days(10)
    page.goto(f"/en/cars/calder-gt/?month={start:%Y-%m}")
    keys = 0

    def key(name, times=1):
        nonlocal keys
        for _press in range(times):
            page.keyboard.press(name)
            keys += 1

    while page.evaluate("!document.activeElement.classList.contains('day')"):
        key("Tab")
        assert keys < 40, "the calendar cannot be reached"
    focused = page.evaluate("document.activeElement.value")
    steps = (start - type(start).fromisoformat(focused)).days
    key("ArrowRight" if steps >= 0 else "ArrowLeft", abs(steps))
    expect(page.locator(f"#d-{start}")).to_be_focused()
    key("Enter")
    key("ArrowDown")
    expect(page.locator(f"#d-{start + timedelta(days=7)}")).to_be_focused()
    key("Enter")
    expect(page.locator("#cal-live")).to_contain_text("8 days, €1,920.")
    expect(page.locator(f"#d-{start + timedelta(days=7)}")).to_be_focused()
    key("Tab")
    expect(page.get_by_role("button", name="Continue")).to_be_focused()
    key("Enter")
    expect(page).to_have_title("Your details – Exodrive")
    for _stop in range(20):
        if page.evaluate("document.activeElement.id") == "full_name":
            break
        page.keyboard.press("Tab")
    page.keyboard.type("Marta Oliveira")
    page.keyboard.press("Tab")
    page.keyboard.type("marta.oliveira@example.com")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("We have your request, Marta")


def test_in_portuguese_on_a_phone(new_page, car):
    page = new_page(**PHONE, locale="pt-PT")
    start, end = in_days(10), in_days(11)
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", "pt-PT")
    page.goto("/pt/cars/")
    page.get_by_role("link", name="Calder GT coupé").tap()
    expect(page).to_have_url(re.compile("/pt/cars/calder-gt/"))
    press(page, start)
    press(page, end)
    expect(page.locator("#sum")).to_contain_text("480\u00a0€")
    pay_bar = page.locator(".pay").bounding_box()
    assert pay_bar["y"] + pay_bar["height"] <= 845, "the pay bar is at the bottom of the screen"
    page.locator("#continue").tap()
    page.locator("#full_name").fill("Marta Oliveira")
    page.locator("#email").fill("marta.oliveira@example.com")
    page.locator("#details .btn--primary").tap()
    expect(page).to_have_url(re.compile(r"/pt/booking/"))
    assert only_booking().language == "pt"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


# --- The calendar -------------------------------------------------------------------------------------------------


def test_the_rule_in_javascript_is_that_in_python(page, car):
    """The same cases as bookings/tests/views/test_pick.py."""
    page.goto("/en/cars/calder-gt/")
    got = page.evaluate(
        """({blocked, longest, cases}) => cases.map(c => {
            const r = exodrive.pick(c.start, c.end, c.day, new Set(blocked), longest);
            return [r.start, r.end, r.note ?? '', r.hit ?? ''];
        })""",
        CASES,
    )
    assert got == [[*case["then"], case["note"], case.get("hit", "")] for case in CASES["cases"]]


def test_photos_are_links_and_with_javascript_a_viewer(new_page, car):
    plain = new_page(java_script_enabled=False)
    plain.goto("/en/cars/calder-gt/")
    photos = plain.locator("#photos a")
    assert plain.request.get(photos.nth(1).get_attribute("href")).ok
    expect(plain.locator("#viewer")).to_be_hidden()
    page = new_page(width=390)
    page.goto("/en/cars/calder-gt/")
    second = page.locator("#photos a").nth(1)
    second.focus()
    page.keyboard.press("Enter")
    said = page.locator("#viewer [role=status]")
    expect(said).to_have_text("Photo 2 of 2")
    expect(page.locator("#viewer img").nth(1)).to_be_in_viewport(ratio=0.9)
    page.keyboard.press("ArrowLeft")
    expect(said).to_have_text("Photo 1 of 2")
    expect(page.locator("#viewer img").first).to_be_in_viewport(ratio=0.9)
    page.get_by_role("button", name="Next photo").click()
    expect(said).to_have_text("Photo 2 of 2")
    page.locator("#viewer ul").evaluate("strip => strip.scrollTo({left: 0})")  # as a finger does
    expect(said).to_have_text("Photo 1 of 2")
    assert all(page.locator("#viewer img").evaluate_all("all => all.map(img => img.alt)"))
    assert audit(page, "dark") == []
    page.keyboard.press("Escape")
    expect(second).to_be_focused()


def test_crossing_a_booked_day_starts_again_and_says_so(page, car):
    make_booking(car=car, start=in_days(12), length=1)
    page.goto(f"/en/cars/calder-gt/?month={in_days(10):%Y-%m}")
    press(page, in_days(10))
    press(page, in_days(14))
    expect(page.locator("#cal-hint")).to_contain_text(
        "is booked, so we started again from the day you chose."
    )
    expect(page.locator("#start")).to_have_value(in_days(14).isoformat())
    expect(page.locator("#end")).to_have_value("")


def test_a_booked_day_says_so_and_does_nothing(page, car):
    make_booking(car=car, start=in_days(10), length=1)
    page.goto("/en/cars/calder-gt/")
    show(page, in_days(10))
    # A month that was turned to is said aloud a moment later, and would talk over the day.
    page.wait_for_function("!document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')")
    page.locator(f"#d-{in_days(10)}").click(force=True)
    expect(page.locator("#cal-live")).to_contain_text(", booked")
    expect(page.locator("#start")).to_have_value("")


def test_arrow_keys_turn_the_page_and_escape_starts_again(page, car):
    first = (in_days(40)).replace(day=1)
    page.goto(f"/en/cars/calder-gt/?month={first:%Y-%m}")
    page.locator(f"#d-{first}").focus()
    page.keyboard.press("PageDown")
    month_after = (first + timedelta(days=32)).replace(day=1)
    expect(page.locator(f"#d-{month_after}")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(f"#d-{month_after - timedelta(days=1)}")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#start")).to_have_value((month_after - timedelta(days=1)).isoformat())
    page.keyboard.press("Escape")
    expect(page.locator("#start")).to_have_value("")
    expect(page.locator("#cal-hint")).to_have_text("Choose your pick-up day.")
    assert page.locator(".day[tabindex='0']:visible").count() == 1


def test_the_arrow_keeps_the_focus_when_the_month_changes(page, car):
    page.goto("/en/cars/calder-gt/")
    before = page.locator("caption").first.inner_text()
    page.locator("#next").click()
    expect(page.locator("caption").first).not_to_have_text(before)
    expect(page.locator("#next")).to_be_focused()
    expect(page.locator("#cal-live")).to_have_text(page.locator("caption").first.inner_text())


def test_typed_dates_turn_the_page_and_get_their_price(page, car):
    start, end = in_days(100), in_days(101)
    page.goto("/en/cars/calder-gt/")
    page.locator("#start").fill(start.isoformat())
    page.locator("#end").fill(end.isoformat())
    expect(page.locator("#price")).to_contain_text("€480")
    expect(page.locator(f"#d-{start}")).to_be_visible()
    expect(page.locator(f"#d-{end}")).to_have_attribute("data-s", "end")
    expect(page).to_have_url(re.compile(f"start={start}&end={end}"))
    page.locator("#end").fill((start - timedelta(days=2)).isoformat())
    expect(page.locator("#dates-error")).to_contain_text("Return day must be the same as or after")
    expect(page.locator("#price")).to_contain_text("–")


@pytest.mark.parametrize("scripts", [True, False])
def test_enter_in_a_date_field_asks_for_the_price(new_page, car, scripts):
    page = new_page(java_script_enabled=scripts)
    page.goto("/en/cars/calder-gt/")
    page.locator("#start").fill(in_days(20).isoformat())
    page.locator("#end").fill(in_days(21).isoformat())
    page.locator("#end").press("Enter")
    expect(page.locator("#price")).to_contain_text("€480")
    expect(page.locator("#start")).to_have_value(in_days(20).isoformat())


def test_nothing_moves_when_days_are_picked(page):
    CarFactory(slug="weekender", weekend_rate="300.00")
    month = in_days(40).replace(day=8)
    friday = month + timedelta(days=(4 - month.weekday()) % 7)
    page.goto(f"/en/cars/weekender/?month={month:%Y-%m}")
    before = page.locator("#continue").bounding_box()
    press(page, friday)
    press(page, friday + timedelta(days=1))
    expect(page.locator("#price")).to_contain_text("€540")
    assert page.locator("#price dt").count() == 4
    assert page.locator("#continue").bounding_box() == before


def test_the_other_languages_get_the_dates_chosen_meanwhile(page, car):
    start = in_days(10)
    page.goto("/en/cars/calder-gt/")
    press(page, start)
    press(page, start)
    expect(page).to_have_url(re.compile(f"start={start}&end={start}"))
    page.locator(".menu summary").click()
    page.get_by_role("link", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr-FR")
    expect(page.locator("#start")).to_have_value(start.isoformat())


# --- Details ------------------------------------------------------------------------------------------------------


def test_mistakes_take_the_focus_and_lead_to_their_field(page, car):
    hold = make_hold(car=car)
    page.goto(f"/en/book/{hold.token}/")
    page.get_by_role("button", name="Request this booking").click()
    expect(page).to_have_title("Error: Your details – Exodrive")
    expect(page.locator("#errors")).to_be_focused()
    page.get_by_role("link", name="Enter your full name").click()
    expect(page.locator("#full_name")).to_be_focused()


def test_a_slip_in_the_mail_domain_gets_an_offer(page, car):
    hold = make_hold(car=car)
    page.goto(f"/en/book/{hold.token}/")
    email, offer = page.get_by_label("Email address"), page.locator("#did-you-mean")
    for typed, words in (
        ("marta@gmial.com", "Use marta@gmail.com"),
        ("marta@gmail.com", ""),
        ("marta@hotmal.com", "Use marta@hotmail.com"),
        ("marta@example.com", ""),
    ):
        email.fill(typed)
        page.get_by_label("Full name").focus()
        expect(offer).to_have_text(words)
        expect(offer).to_be_visible(visible=bool(words))
    email.fill("marta@gmial.com")
    page.get_by_label("Full name").focus()
    offer.click()
    expect(email).to_have_value("marta@gmail.com")
    expect(email).to_be_focused()
    expect(offer).to_be_hidden()


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_moves_under_a_press(page, car, width):
    page.set_viewport_size({"width": width, "height": 844})
    hold = make_hold(car=car)
    page.goto(f"/en/book/{hold.token}/")
    page.get_by_label("Full name").fill("Marta Oliveira")
    page.get_by_label("Email address").fill("marta.oliveira@gmial.com")
    button = page.locator("#details .pay").get_by_role("button", name="Request this booking")
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 3)
    page.mouse.down()  # the field loses its focus, and the offer appears
    expect(page.locator("#did-you-mean")).to_be_visible()
    pressed = button.bounding_box()
    assert abs(pressed["y"] - box["y"]) <= 1  # how far a pressed button goes down
    page.mouse.up()
    expect(page).to_have_url(re.compile("/en/booking/"))


def test_one_more_and_one_less_of_an_extra(page, car):
    make_extra(name="Child seat", max_per_booking=2)
    hold = make_hold(car=car)
    page.goto(f"/en/book/{hold.token}/")
    page.get_by_text("Times and extras").click()
    less = page.get_by_role("button", name="One less: Child seat")
    more = page.get_by_role("button", name="One more: Child seat")
    expect(less).to_be_disabled()
    more.click()
    more.click()
    expect(more).to_be_disabled()
    expect(page.locator("#wishes-said")).to_contain_text("Child seat × 2")
    expect(page.get_by_label("Child seat", exact=True)).to_have_value("2")


def test_another_language_and_other_dates_lose_nothing_that_was_typed(page, car):
    page.goto(f"/en/cars/{car.slug}/?start={in_days(3)}&end={in_days(5)}")
    page.get_by_role("button", name="Continue").click()
    token = re.search(r"/en/book/([^/]+)/", page.url)[1]
    page.get_by_label("Full name").fill("Marta Oliveira")
    page.get_by_label("Email address").fill("marta@example.com")
    page.locator("summary", has_text="EN").click()
    page.get_by_role("button", name="Français").click()
    expect(page).to_have_url(re.compile(f"/fr/book/{token}/$"))
    expect(page.locator("#full_name")).to_have_value("Marta Oliveira")
    page.locator("summary", has_text="FR").click()
    page.get_by_role("button", name="English").click()
    page.locator("aside").get_by_role("button", name="Change dates").click()
    expect(page).to_have_url(re.compile("/en/cars/"))
    assert "Marta" not in page.url
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_url(re.compile("/en/book/"))
    expect(page.locator("#full_name")).to_have_value("Marta Oliveira")
    expect(page.locator("#email")).to_have_value("marta@example.com")


def test_the_end_of_the_hold_is_said_on_the_reader_s_clock(browser, live_server, car):
    hold = make_hold(car=car)
    for zone, visible in (("Europe/Paris", False), ("America/New_York", True)):
        context = browser.new_context(timezone_id=zone, base_url=live_server.url)
        page = context.new_page()
        page.goto(f"/en/book/{hold.token}/")
        expect(page.locator("#hold")).to_contain_text("for 15 minutes, until")
        expect(page.locator("[data-here]")).to_be_visible(visible=visible)
        if visible:
            expect(page.locator("[data-here]")).to_contain_text("Paris time;")
        context.close()


def test_more_time_without_losing_a_letter(page, car):
    hold = make_hold(car=car)
    end = timezone.now() + timedelta(seconds=60)
    with as_owner():
        Hold.objects.update(expires_at=end)
        CarAvailability.objects.update(expires_at=end)
    page.goto(f"/en/book/{hold.token}/")
    page.get_by_label("Full name").fill("Marta Oliv")
    page.get_by_role("button", name="Keep them 15 more minutes").click()
    expect(page.locator("#hold")).to_contain_text("We are holding these dates for you for")
    expect(page.locator("#hold")).to_be_focused()
    expect(page.get_by_label("Full name")).to_have_value("Marta Oliv")


def test_the_notice_changes_by_itself(page, car):
    hold = make_hold(car=car)
    end = timezone.now() + timedelta(seconds=122)
    with as_owner():
        Hold.objects.update(expires_at=end)
        CarAvailability.objects.update(expires_at=end)
    page.goto(f"/en/book/{hold.token}/")
    expect(page.get_by_role("button", name="Keep them 15 more minutes")).to_be_visible()


def test_a_double_click_makes_one_booking(page, car):
    hold = make_hold(car=car)
    page.goto(f"/en/book/{hold.token}/")
    fill_in(page)
    page.get_by_role("button", name="Request this booking").dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text("We have your request, Marta")
    only_booking()


def test_who_loses_the_race_takes_another_car_with_one_press(new_page, car):
    sister = CarFactory(make="Novara", model="4 estate", slug="novara")
    page = new_page(java_script_enabled=False)
    start, end = in_days(10), in_days(12)
    page.goto(f"/en/cars/calder-gt/?start={start}&end={end}")
    make_booking(car=car, start=in_days(11), length=1)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Those dates were just booked")
    page.get_by_role("button", name=re.compile("Take this car.*Novara 4 estate")).click()
    expect(page).to_have_title("Your details – Exodrive")
    fill_in(page)
    page.get_by_role("button", name="Request this booking").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We have your request, Marta")
    with as_owner():
        booking = Booking.objects.get(car_id=sister.pk)
    assert (booking.start_date, booking.end_date) == (start, end)


@pytest.mark.parametrize(
    ("language", "why", "take", "total", "scripts"),
    [
        ("en", "is booked.", "Take these dates", "Total to pay", True),
        ("es", "está reservado", "Elegir estas fechas", "Total a pagar", True),
        ("fr", "est réservé", "Prendre ces dates", "Total à payer", True),
        ("pt", "está reservad", "Escolher estas datas", "Total a pagar", True),
        ("pt", "está reservad", "Escolher estas datas", "Total a pagar", False),
    ],
)
def test_an_impossible_range_is_explained_and_one_click_takes_another(
    new_page, car, language, why, take, total, scripts
):
    make_booking(car=car, start=in_days(11), length=1)
    page = new_page(java_script_enabled=scripts)
    page.goto(f"/{language}/cars/calder-gt/")
    page.locator("#start").fill(in_days(10).isoformat())
    page.locator("#end").fill(in_days(12).isoformat())
    if not scripts:
        page.locator("#check").click()
    expect(page.locator("#dates-error")).to_contain_text(why)
    if scripts:
        expect(page.locator("#cal-live")).to_contain_text(why)
    page.get_by_role("link", name=re.compile(take)).first.click()
    expect(page.locator("#price")).to_contain_text(total)
    expect(page.locator("#price")).to_contain_text("720")
    expect(page.locator("#dates-error")).to_have_count(0)
    start, end = (page.locator(name).input_value() for name in ("#start", "#end"))
    assert (start, end) in {(f"{in_days(a)}", f"{in_days(a + 2)}") for a in (8, 12)}


def test_the_price_follows_the_extras(page, car):
    with as_owner():
        Extra.objects.create(name="Child seat", price="5.00", per="day", stock=2)
    hold = make_hold(car=car)
    page.goto(f"/en/book/{hold.token}/")
    page.get_by_text("Times and extras").click()
    page.get_by_label("Child seat", exact=True).select_option("1")
    expect(page.locator("#rental-price")).to_contain_text("€980")
    expect(page.locator("#price-live")).to_have_text("Total, paid at pick-up: €980")
    fill_in(page)
    page.get_by_role("button", name="Request this booking").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We have your request, Marta")
    expect(page.get_by_text("Child seat (€5 × 4)")).to_be_visible()


def test_without_javascript_a_price_that_was_not_shown_is_asked_for_once_more(new_page, car):
    with as_owner():
        Extra.objects.create(name="Child seat", price="5.00", per="day", stock=2)
    page = new_page(java_script_enabled=False)
    page.goto(f"/en/book/{make_hold(car=car).token}/")
    page.get_by_text("Times and extras").click()
    page.get_by_label("Child seat", exact=True).select_option("1")
    fill_in(page)
    page.get_by_role("button", name="Request this booking").click()
    expect(page.get_by_text("The price is now €980")).to_be_visible()
    page.get_by_role("button", name="Request this booking").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We have your request, Marta")


def test_other_days_are_picked_and_priced_on_the_page_that_changes_a_booking(page, car):
    booking = make_booking(car=car, start=in_days(10), length=3)
    first, last = in_days(12), in_days(15)
    page.goto(f"/en/booking/{booking.secret}/change/")
    expect(page.locator(f"#d-{in_days(10)}")).to_have_attribute("data-s", "start")
    page.get_by_label("Phone number").fill("+351 912 000 111")
    press(page, first)
    press(page, last)
    expect(page.locator("#priced")).to_contain_text("€960")
    expect(page.locator("#cal-hint")).to_be_empty()
    expect(page.locator(f"#d-{last}")).to_be_focused()
    expect(page.get_by_label("Phone number")).to_have_value("+351 912 000 111")
    page.locator("#next").click()
    expect(page.locator(f"#d-{in_days(60)}, #d-{in_days(40)}").first).to_be_visible()
    assert "912" not in page.url
    page.get_by_role("button", name="Change booking").click()
    expect(page.get_by_text("Your changes are saved.")).to_be_visible()
    with as_owner():
        booking.refresh_from_db()
    assert (booking.start_date, booking.end_date, booking.phone) == (first, last, "+351 912 000 111")


# --- The booking page ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_changing_the_days_shows_the_price_first(new_page, car, scripts):
    booking = make_booking(car=car, start=in_days(10), length=3)
    page = new_page(java_script_enabled=scripts)
    page.goto(f"/en/booking/{booking.secret}/")
    page.get_by_role("link", name="Change booking").click()
    page.locator("#end").fill(in_days(13).isoformat())
    page.get_by_role("button", name="Show price").last.click()
    expect(page.get_by_text("€240 more, to pay at pick-up.")).to_be_visible()
    page.get_by_role("button", name="Change booking").click()
    expect(page.get_by_text("Your changes are saved.")).to_be_visible()
    assert only_booking().end_date == in_days(13)


def test_cancelling_on_the_page(page, car):
    booking = make_booking(car=car)
    page.goto(f"/en/booking/{booking.secret}/")
    page.get_by_role("link", name="Cancel booking").click()
    expect(page.get_by_text("there is nothing to give back")).to_be_visible()
    page.get_by_role("button", name="Cancel booking").click()
    expect(page.get_by_role("status")).to_contain_text("Your booking is cancelled.")
    assert only_booking().status == "cancelled"


def test_it_prints_on_one_page(new_page, car):
    booking = make_booking(car=car)
    page = new_page(width=794, height=1123)
    page.goto(f"/en/booking/{booking.secret}/")
    pdf = page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page[^s]", pdf)) == 1


def test_a_pin_keeps_a_shared_link_shut_in_every_browser_but_ones_own(new_page, car):
    booking = make_booking(car=car, start=in_days(10))
    mine, theirs = new_page(java_script_enabled=False), new_page(width=390)
    mine.goto(f"/en/booking/{booking.secret}/")
    mine.get_by_role("link", name="Protect this page with a PIN").click()
    mine.get_by_label("PIN").fill("24681357")
    mine.get_by_role("button", name="Set the PIN").click()
    expect(mine.get_by_role("heading", level=1)).to_have_text("We have your request, Marta")
    theirs.goto(f"/en/booking/{booking.secret}/")
    expect(theirs.get_by_role("heading", level=1)).to_have_text("Enter the PIN")
    theirs.get_by_label("PIN").fill("11112222")
    theirs.get_by_role("button", name="Open the booking").click()
    expect(theirs.locator("#errors")).to_contain_text("This PIN is not right")
    theirs.get_by_label("PIN").fill("24681357")
    theirs.get_by_role("button", name="Open the booking").click()
    expect(theirs.get_by_role("heading", level=1)).to_have_text("We have your request, Marta")
    theirs.goto(f"/pt/booking/{booking.secret}/change/")
    expect(theirs.get_by_role("heading", level=1)).not_to_have_text("Escreva o PIN")
    expect(theirs.locator("html")).to_have_attribute("lang", "pt-PT")
