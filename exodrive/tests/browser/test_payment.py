"""Paying in a real browser, with the sandbox and with a PayPal of this machine: agreed, declined, twice, in two tabs."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from bookings.models import Booking, Payment, Refund
from bookings.payments.audit import check_money
from bookings.payments.reconciler import reconcile
from bookings.tests.support.factories import CarFactory, in_days, make_booking, make_hold
from bookings.tests.support.paying import again, begin, hold_deposit, pay
from exodrive.dev.paypal_sim import Simulator
from exodrive.rls import SERVICE, acting_as, as_owner
from exodrive.tests.browser.axe import audit
from exodrive.tests.browser.test_staff import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def paid_site(settings, live_server):
    """The sandbox first, on the address where the browser finds us."""
    settings.SITE_URL = live_server.url
    settings.PAYMENTS_SANDBOX = True
    settings.PAYMENT_METHODS = ["sandbox", "pick_up"]


@pytest.fixture(autouse=True)
def money_adds_up(proof):
    """Whatever was clicked, the books agree."""
    yield
    with acting_as(SERVICE, actor="job"):
        assert check_money() == []


@pytest.fixture
def booked():
    return make_booking(start=in_days(30))


def payment_page(booking, language="en"):
    return f"/{language}/booking/{booking.secret}/payment/"


def booking_page(booking):
    return f"/en/booking/{booking.secret}/"


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def leave(page, booking, amount="€960"):
    """To the sandbox's page."""
    page.goto(payment_page(booking))
    press(page, f"Pay {amount}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Test payment")


def says(page, headline):
    expect(page.get_by_role("heading", level=1)).to_have_text(headline)


def payments(booking):
    with as_owner():
        return list(Payment.objects.filter(booking=booking, purpose="rental").order_by("created_at"))


def look_after(minutes):
    """The reconciler, as it will run in so many minutes."""
    with acting_as(SERVICE, actor="job"):
        reconcile(timezone.now() + timedelta(minutes=minutes))


# --- Paying -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_book_be_declined_pay_and_cancel(new_page, scripts):
    page, hold = new_page(java_script_enabled=scripts), make_hold(car=CarFactory(), start=in_days(30))
    page.goto(f"/en/book/{hold.token}/")
    page.get_by_label("Full name").fill("Marta Oliveira")
    page.get_by_label("Email address").fill("marta.oliveira@example.com")
    press(page, "Continue to payment")
    expect(page).to_have_title("Payment – Exodrive")
    press(page, "Pay €960")
    press(page, "Be declined")
    expect(page.get_by_role("alert")).to_contain_text("You have not been charged.")
    press(page, "Pay €960")
    press(page, "Be asked for a step more")
    expect(page.get_by_role("status")).to_have_text("One step more: show that it is you.")
    press(page, "It is me: pay")
    says(page, "You’re booked, Marta")
    expect(page.locator("main")).to_contain_text("The deposit is held near the pick-up.")
    with as_owner():
        booking = Booking.objects.get()
        assert (booking.status, booking.payment_status, booking.paid) == ("upcoming", "paid", 960)
    cancel_and_see_the_refund(page, booking)


def cancel_and_see_the_refund(page, booking):
    page.get_by_role("link", name="Cancel booking").click()
    expect(page.locator("main")).to_contain_text("You get €960 back.")
    press(page, "Cancel booking")
    says(page, "Your booking is cancelled, Marta")
    expect(page.locator("main")).to_contain_text(
        "You have paid €960. What is yours of it is on its way back."
    )
    for minutes in (2, 4, 6):  # promised, sent, moved on
        look_after(minutes)
    page.reload()
    expect(page.locator("main")).to_contain_text("We have sent all of it back: €960.")
    assert again(booking).status == "refunded"
    with as_owner():
        assert [row.amount for row in Refund.objects.all()] == [960]


def test_whoever_closes_the_tab_is_booked_all_the_same(page, booked):
    leave(page, booked)
    press(page, "Pay and close the tab")
    expect(page.get_by_role("status")).to_contain_text("Close this tab now")
    context = page.context
    page.close()
    assert again(booked).status == "pending"
    look_after(2)
    other = context.new_page()
    other.goto(booking_page(booked))
    says(other, "You’re booked, Marta")
    assert [row.state for row in payments(booked)] == ["captured"]


def test_back_without_paying_and_back_again(page, booked):
    leave(page, booked)
    press(page, "Go back without paying")
    expect(page.get_by_text("You have not paid. Your car is kept for you meanwhile.")).to_be_visible()
    press(page, "Pay €960")
    press(page, "Pay")
    says(page, "You’re booked, Marta")
    page.go_back()
    page.goto(payment_page(booked))
    says(page, "You’re booked, Marta")
    assert [row.captured for row in payments(booked)] == [960]


def test_a_double_click_pays_once(page, booked):
    page.goto(payment_page(booked))
    page.get_by_role("button", name="Pay €960").dblclick()
    says(page, "Test payment")
    page.get_by_role("button", name="Pay", exact=True).dblclick()
    says(page, "You’re booked, Marta")
    assert [(row.state, row.captured) for row in payments(booked)] == [("captured", 960)]


def test_the_back_button_after_paying_leads_nowhere_dangerous(page, booked):
    leave(page, booked)
    press(page, "Pay")
    says(page, "You’re booked, Marta")
    page.go_back()  # the sandbox's page
    expect(page.get_by_role("status")).to_have_text("This payment is over.")
    press(page, "Go on")
    says(page, "You’re booked, Marta")
    page.go_back()
    page.go_back()  # the payment page, which the browser does not keep
    says(page, "You’re booked, Marta")
    assert [(row.state, row.captured) for row in payments(booked)] == [("captured", 960)]


def test_two_tabs_pay_once(page, booked):
    leave(page, booked)
    other = page.context.new_page()
    leave(other, booked)
    assert other.url == page.url
    press(page, "Pay")
    says(page, "You’re booked, Marta")
    press(other, "Pay")
    says(other, "You’re booked, Marta")
    assert [(row.state, row.captured) for row in payments(booked)] == [("captured", 960)]


def test_a_tab_that_was_left_open_takes_no_other_way_once_it_is_paid(page, booked):
    page.goto(payment_page(booked))
    page.get_by_label("At pick-up").check()
    expect(page.get_by_role("button", name="Continue", exact=True)).to_be_visible()
    pay(booked)
    press(page, "Continue")
    says(page, "You’re booked, Marta")
    assert again(booked).payment_method == "sandbox"


def test_a_booking_whose_provider_thinks_goes_on_by_itself(new_page):
    page = new_page(java_script_enabled=False)
    car = CarFactory(daily_rate="240.02", weekend_rate="240.02")  # the sandbox looks twice at such sums
    booking = make_booking(car=car, start=in_days(30), length=1)
    leave(page, booking, "€240.02")
    press(page, "Pay")
    says(page, "We are confirming your payment")
    look_after(2)
    page.get_by_role("link", name="Look again").click()
    says(page, "You’re booked, Marta")


def test_staff_release_a_deposit(page):
    booking = make_booking(start=in_days(30), status="upcoming")
    held = hold_deposit(booking)
    sign_in(page)
    page.goto(f"/staff/bookings/{booking.pk}/")
    expect(page.locator(f"#money-{booking.pk}")).to_contain_text("guaranteed until")
    page.get_by_role("link", name=re.compile("Release the deposit…")).click()
    press(page, "Release the deposit")
    expect(page.get_by_text("The deposit of Marta Oliveira is released.")).to_be_visible()
    assert again(held).state == "voided"
    page.goto(booking_page(booking))
    expect(page.locator("main")).to_contain_text("The deposit is released.")


# --- PayPal -----------------------------------------------------------------------------------------------------


@pytest.fixture
def sim(settings, tmp_path):
    with Simulator() as simulator:
        for name, value in simulator.settings(tmp_path / "authority.pem").items():
            setattr(settings, name, value)
        settings.PAYMENT_METHODS = ["paypal", "pick_up"]
        yield simulator


def test_paypals_page_is_elsewhere_and_the_browser_goes_there_and_comes_back(page, booked, sim):
    """The page's content security policy names PayPal's origin, else the browser would stop at the form."""
    page.goto(payment_page(booked))
    press(page, "Pay €960")
    says(page, "PayPal simulator")
    assert page.url.startswith(f"{sim.url}/checkoutnow?token=")
    press(page, "Cancel and go back")
    expect(page.get_by_text("You have not paid. Your car is kept for you meanwhile.")).to_be_visible()
    press(page, "Pay €960")
    press(page, "Agree and pay")
    says(page, "You’re booked, Marta")
    assert page.url.endswith(booking_page(booked))
    assert [(row.provider, row.state, row.captured) for row in payments(booked)] == [
        ("paypal", "captured", 960)
    ]


# --- How it looks -------------------------------------------------------------------------------------------------


WIDE_TOO = 2  # the other pages are looked at on a phone only


def sideways(page):
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_on_the_way_to_pay(new_page, width):
    page = new_page(width=width)
    fresh, paid = make_booking(start=in_days(30)), make_booking(start=in_days(30))
    pay(paid)
    open_page = begin(fresh)
    problems = {}

    pages = {
        payment_page(fresh): "Payment",
        booking_page(paid): f"Booking {paid.reference}",
        f"{payment_page(fresh)}?turn=40": "We are confirming your payment",
        f"/sandbox/{open_page.pk}/": "Sandbox",
        f"/pay/back/{open_page.pk}/?not=1": "Your payment",
    }
    for path, title in list(pages.items())[: None if width == 390 else WIDE_TOO]:
        page.goto(path)
        expect(page).to_have_title(f"{title} – Exodrive")
        if found := audit(page, "dark" if width == 390 else "light"):
            problems[path] = found
    page.goto(payment_page(fresh))
    page.evaluate("document.querySelector('[name=method]:checked').value = 'nothing'")
    page.locator("#payment .btn").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose one of the methods.")
    if found := audit(page, "light"):
        problems["refused"] = found
    assert problems == {}


@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_where_staff_see_money(new_page, width):
    page, booking = new_page(width=width), make_booking(start=in_days(30))
    pay(booking)
    held = hold_deposit(make_booking(start=in_days(40), status="upcoming"))
    sign_in(page)
    problems = {}
    paths = [
        f"/staff/bookings/{held.booking_id}/",
        "/staff/payments/",
        f"/staff/bookings/{booking.pk}/",
        f"/staff/payments/{held.pk}/release/",
    ]
    for path in paths if width == 390 else paths[:WIDE_TOO]:
        page.goto(path)
        if found := audit(page, "dark" if width == 390 else "light"):
            problems[path] = found
    assert problems == {}


def test_no_language_makes_a_phone_scroll_sideways(new_page, settings):
    settings.PAYMENT_METHODS = ["stripe", "paypal", "sandbox", "pick_up", "transfer"]
    settings.BANK_ACCOUNT = "IBAN FR76 3000 6000 0112 3456 7890 189, BIC AGRIFRPP"
    page, wide = new_page(width=390), {}
    fresh, paid = make_booking(start=in_days(30)), make_booking(start=in_days(30))
    pay(paid)
    open_page = begin(fresh)
    for language in ("en", "es", "fr", "pt"):
        for path in (
            payment_page(fresh, language),
            f"{payment_page(fresh, language)}?turn=1",
            f"/{language}/booking/{paid.secret}/",
            f"/sandbox/{open_page.pk}/",
        ):
            page.goto(path)
            if by := sideways(page):
                wide[path] = by
    assert wide == {}
