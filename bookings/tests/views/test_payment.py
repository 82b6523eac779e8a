"""The payment page: what it offers and refuses, where it leads, who comes back, and what the booking page says of money."""

import re
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from bookings.lifecycle.transitions import cancel
from bookings.links.pins import set_pin
from bookings.models import Booking, Payment
from bookings.payments.deposits import capture_deposit, release
from bookings.payments.provider import Misconfigured, OutcomeUnknown, RateLimited
from bookings.payments.refunds import ask_refund, send_refund
from bookings.payments.sandbox import bank
from bookings.payments.sandbox.provider import Sandbox
from bookings.tests.support.factories import (
    CarFactory,
    in_days,
    make_booking,
    make_hold,
    move_to,
    pay_at_the_counter,
)
from bookings.tests.support.paying import again, agree, begin, hold_deposit, pay, plan_deposit
from bookings.tests.support.site import text_of
from bookings.views.cookies import PAYER
from bookings.views.payment import TURNS
from exodrive.i18n.formats import money
from exodrive.money import Money
from exodrive.rls import PUBLIC, SERVICE, STAFF, acting_as, as_owner
from exodrive.tests.support.logins import PUBLIC_LOGIN, logged_in

pytestmark = pytest.mark.django_db
CSP = "Content-Security-Policy"
PERSONAL = ["Marta", "Oliveira", "example.com", "912 000 418", "EXO-"]


@pytest.fixture(autouse=True)
def english():
    """A request in another language leaves it active in its thread."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def paid_site(settings):
    settings.PAYMENTS_SANDBOX = True
    settings.PAYMENT_METHODS = ["sandbox", "pick_up"]


@pytest.fixture
def booked():
    return make_booking(start=in_days(30))


def declined_booking():
    """Its total ends in 1 of the smallest unit."""
    car = CarFactory(daily_rate="240.01", weekend_rate="240.01")
    return make_booking(car=car, start=in_days(30), length=1)


def page_of(booking, part="booking_payment", **query):
    return reverse(part, args=[booking.secret], query=query)


def choose(client, booking, method="sandbox"):
    """POST of the page's button."""
    return client.post(page_of(booking), {"method": method})


def only_payment():
    with acting_as(SERVICE, actor="provider"):
        return Payment.objects.get()


def checked(page):
    """What is chosen on a page."""
    return re.findall(
        r'value="(\w+)"[^>]*\schecked', re.sub(r"\s+", " ", page.content.decode()).replace("<", "\n<")
    )


# --- The page -----------------------------------------------------------------------------------------------------


def test_it_says_the_sum_the_ways_and_what_comes_back(client, booked):
    page = client.get(page_of(booked))
    words = text_of(page)
    assert page.status_code == 200
    for part in (
        "We keep the car for you until",
        "Test payment",
        "At pick-up",
        "A deposit of €2,000 is held near the pick-up, not charged now.",
        "You get €960 back if you cancel before",
        "This site tries payments out: no money moves.",
        "Pay €960",
        "Go to your booking without paying",
    ):
        assert part in words
    assert checked(page) == ["sandbox"]
    assert page.headers["Cache-Control"] == "private, no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("method", ["paypal", "nothing", "", "manual"])
def test_a_way_to_pay_that_is_not_offered_is_refused_in_a_summary(client, booked, method):
    page = choose(client, booked, method)
    assert page.status_code == 422
    assert page.content.decode().count('<a href="#way-0">Choose one of the methods.</a>') == 1
    assert page.content.decode().count('id="errors"') == 1
    assert 'id="way-0"' in page.content.decode()
    assert checked(page) == ["sandbox"]
    with acting_as(SERVICE, actor="provider"):
        assert not Payment.objects.exists()


@pytest.mark.parametrize("method", ["transfer", "stripe"])
def test_a_way_that_others_offer_is_refused_as_well(client, booked, method):
    assert choose(client, booked, method).status_code == 422
    assert again(booked).payment_method == "sandbox"


@pytest.mark.parametrize("failure", [OutcomeUnknown, RateLimited, Misconfigured])
def test_a_provider_that_is_down_is_told_with_what_to_do_and_the_choice_is_kept(
    client, booked, settings, monkeypatch, failure
):
    settings.PAYMENT_METHODS = ["pick_up", "sandbox"]

    def fail(self, *args, **kwargs):
        raise failure("http_500")

    monkeypatch.setattr(Sandbox, "start", fail)
    page = choose(client, booked)
    assert (page.status_code, page.headers["Retry-After"]) == (503, "30")
    words = text_of(page)
    assert "The payment provider does not answer. Nothing is paid twice: try again in a minute." in words
    assert "At pick-up" in words
    assert "http_500" not in page.content.decode()
    assert checked(page) == ["sandbox"]


def test_after_a_silence_the_same_button_pays(client, booked, monkeypatch):
    with monkeypatch.context() as down:
        down.setattr(Sandbox, "start", lambda *args, **kwargs: (_ for _ in ()).throw(OutcomeUnknown()))
        assert choose(client, booked).status_code == 503
    assert choose(client, booked).url.endswith(f"/sandbox/{only_payment().pk}/")


def test_a_declined_payment_is_shown_and_may_be_tried_again(client):
    booking = declined_booking()
    choose(client, booking)
    payment = only_payment()
    bank.approve(payment.pk)
    back = client.get(f"/pay/back/{payment.pk}/")
    assert (back.status_code, back.url) == (303, page_of(booking))
    words = text_of(client.get(back.url))
    assert "Your payment was not accepted. You have not been charged." in words
    assert "Try again, or choose another way to pay." in words
    assert choose(client, booking).status_code == 303


def test_paying_at_the_counter_needs_no_provider(client, booked):
    answer = choose(client, booked, "pick_up")
    assert (answer.status_code, answer.url) == (303, page_of(booked, "booking"))
    assert "You pay at pick-up. We confirm within 2 hours." in text_of(client.get(answer.url))
    assert again(booked).pay_until is None


def test_the_page_of_a_paid_booking_leads_to_the_booking(client, booked):
    pay(booked)
    for answer in (client.get(page_of(booked)), choose(client, booked)):
        assert (answer.status_code, answer.url) == (303, page_of(booked, "booking"))
    assert only_payment_of(booked, "rental").captured == booked.total


def only_payment_of(booking, purpose):
    with acting_as(SERVICE, actor="provider"):
        return Payment.objects.get(booking=booking, purpose=purpose)


@pytest.mark.parametrize("status", ["cancelled", "refunded"])
def test_the_page_of_a_booking_that_is_over_leads_to_the_booking(client, status):
    booking = make_booking(start=in_days(30), status=status)
    answer = client.get(page_of(booking))
    assert (answer.status_code, answer.url) == (303, page_of(booking, "booking"))


def test_a_booking_with_a_pin_asks_for_it_first(client, booked):
    with acting_as(PUBLIC, token=booked.secret):
        set_pin(booking=booked, pin="2468")
    for page in (client.get(page_of(booked)), choose(client, booked)):
        assert page.status_code == 403
        assert "€960" not in text_of(page)
        assert 'name="pin"' in page.content.decode()
    with acting_as(SERVICE, actor="provider"):
        assert not Payment.objects.exists()
    client.post(page_of(booked, "booking_entry"), {"pin": "2468"})
    assert "Pay €960" in text_of(client.get(page_of(booked)))
    assert choose(client, booked).status_code == 303


def test_a_wrong_link_opens_nothing_and_is_counted(client, limits):
    limits(guess="2/minute")
    for number in range(2):
        assert client.get(reverse("booking_payment", args=[f"{'A' * 21}{number}"])).status_code == 404
    assert client.get(reverse("booking_payment", args=["A" * 22])).status_code == 429


def test_a_second_start_leads_to_the_same_page_of_the_provider(client, booked):
    first, second = choose(client, booked), choose(Client(), booked)
    assert first.url == second.url
    assert first.url.endswith(f"/sandbox/{only_payment().pk}/")


def test_a_page_that_has_closed_is_replaced_by_a_new_one(client, booked):
    first = choose(client, booked)
    with acting_as(SERVICE, actor="provider"):
        Payment.objects.update(next_until=timezone.now() - timedelta(minutes=1))
    assert choose(client, booked).url != first.url


# --- Waiting for an answer ------------------------------------------------------------------------------------------


def test_while_the_provider_has_not_said_the_page_looks_again(client, booked):
    begin(booked)
    page = client.get(page_of(booked, turn=1))
    assert "We are confirming your payment" in text_of(page)
    assert page.headers["Refresh"] == f"2; url={page_of(booked, turn=2)}"
    assert f'href="{page_of(booked, turn=2)}"' in page.content.decode()


def test_the_last_turn_stops_and_says_that_we_write(client, booked):
    begin(booked)
    page = client.get(page_of(booked, turn=TURNS))
    assert "Refresh" not in page.headers
    assert "You can close this page: we write to you as soon as we know." in text_of(page)


@pytest.mark.parametrize(
    "turn", ["0", "999", "-1", "41", "soon", "", "1e1", "١", "1 ", "00000001", "1&turn=x"]
)
def test_a_turn_that_is_none_shows_the_form(client, booked, turn):
    begin(booked)
    page = client.get(f"{page_of(booked)}?turn={turn}")
    assert page.status_code == 200
    assert "Pay €960" in text_of(page)
    assert "Refresh" not in page.headers


def test_a_turn_of_a_booking_whose_payment_never_began_shows_the_form(client, booked):
    assert "Pay €960" in text_of(client.get(page_of(booked, turn=1)))


def test_every_fifth_turn_asks_the_provider(client, booked):
    payment = begin(booked)
    bank.approve(payment.pk)
    assert client.get(page_of(booked, turn=4)).status_code == 200
    assert again(booked).status == "pending"
    assert client.get(page_of(booked, turn=5)).status_code == 200
    assert again(booked).status == "upcoming"
    answer = client.get(page_of(booked, turn=6))
    assert (answer.status_code, answer.url) == (303, page_of(booked, "booking"))


# --- Coming back ----------------------------------------------------------------------------------------------------


def test_without_the_cookie_nothing_of_the_booking_is_shown(client, booked):
    payment = begin(booked)
    bank.approve(payment.pk)
    page = client.get(f"/pay/back/{payment.pk}/")
    assert page.status_code == 200
    assert "We have your payment. Open the link in our email to see your booking." in text_of(page)
    said = page.content.decode() + str(page.headers)
    assert [text for text in [*PERSONAL, booked.secret, "Calder", "960"] if text in said] == []
    assert page.headers["Cache-Control"] == "private, no-store"
    assert again(booked).status == "upcoming"


def test_with_the_cookie_one_goes_on_to_the_booking(client, booked):
    leave = choose(client, booked)
    cookie = leave.cookies[PAYER]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/pay/", True, "Lax")
    payment = only_payment()
    bank.approve(payment.pk)
    back = client.get(f"/pay/back/{payment.pk}/")
    assert (back.status_code, back.url) == (303, page_of(booked))
    assert client.get(back.url).url == page_of(booked, "booking")
    assert "You’re booked, Marta" in text_of(client.get(page_of(booked, "booking")))


def test_a_booking_with_a_pin_lets_its_payer_go_on_too(client, booked):
    with acting_as(PUBLIC, token=booked.secret):
        set_pin(booking=booked, pin="2468")
    client.post(page_of(booked, "booking_entry"), {"pin": "2468"})
    choose(client, booked)
    payment = only_payment()
    bank.approve(payment.pk)
    back = client.get(f"/pay/back/{payment.pk}/")
    assert (back.status_code, back.url) == (303, page_of(booked))


def test_the_cookie_of_another_booking_opens_nothing(client, booked):
    other = make_booking(start=in_days(40))
    choose(client, other)
    page = client.get(f"/pay/back/{begin(booked).pk}/")
    assert page.status_code == 200
    assert [text for text in [*PERSONAL, booked.secret, other.secret] if text in page.content.decode()] == []


def test_a_forged_cookie_opens_nothing(client, booked):
    choose(client, booked)
    client.cookies[PAYER] = f"{booked.secret}:forged:byhand"
    page = client.get(f"/pay/back/{only_payment().pk}/")
    assert page.status_code == 200
    assert booked.secret not in page.content.decode()


def test_back_without_having_paid_the_page_is_there_again(client, booked):
    choose(client, booked)
    payment = only_payment()
    back = client.get(f"/pay/back/{payment.pk}/", {"not": "1"})
    assert (back.status_code, back.url) == (303, page_of(booked))
    assert "You have not paid. Your car is kept for you meanwhile." in text_of(client.get(back.url))
    assert again(payment).state == "action_required"


def test_an_answer_that_is_still_to_come_is_waited_for(client, booked):
    choose(client, booked)
    back = client.get(f"/pay/back/{only_payment().pk}/")
    assert (back.status_code, back.url) == (303, page_of(booked, turn=1))


def test_it_speaks_the_language_of_the_booking(client):
    payment = begin(make_booking(start=in_days(30), language="fr"))
    page = client.get(f"/pay/back/{payment.pk}/", headers={"Accept-Language": "pt"})
    assert 'lang="fr"' in page.content.decode()


@pytest.mark.parametrize("path", ["/pay/back/{}/", "/sandbox/{}/"])
def test_an_unknown_payment_is_not_there(client, path):
    assert client.get(path.format(uuid4())).status_code == 404
    assert client.get(path.format("nothing")).status_code == 404


def test_only_looking_is_allowed_where_one_comes_back(client, booked):
    assert client.post(f"/pay/back/{begin(booked).pk}/").status_code == 405


# --- The sandbox ----------------------------------------------------------------------------------------------------


def test_the_sandbox_is_not_there_when_it_is_off(client, booked, settings):
    page = f"/sandbox/{begin(booked).pk}/"
    assert client.get(page).status_code == 200
    settings.PAYMENTS_SANDBOX = False
    assert client.get(page).status_code == 404
    assert client.post(page, {"what": "approve"}).status_code == 404
    assert again(booked).status == "pending"


@pytest.mark.parametrize("what", ["", "nothing", "APPROVE"])
def test_the_sandbox_does_nothing_for_a_button_that_it_has_not(client, booked, what):
    payment = begin(booked)
    assert client.post(f"/sandbox/{payment.pk}/", {"what": what}).status_code == 200
    assert bank.find(payment.pk).state == "action_required"


# --- A process that serves the public only ---------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_process_of_the_public_alone_takes_no_payments(client, booked):
    payment = begin(booked)
    bearer = {"Authorization": f"Bearer {booked.secret}"}
    with logged_in(PUBLIC_LOGIN):
        assert client.get(page_of(booked, "booking")).status_code == 200
        for answer in (
            client.get(page_of(booked, turn=1)),
            choose(client, booked),
            client.get(f"/pay/back/{payment.pk}/"),
            client.get(f"/sandbox/{payment.pk}/"),
            client.post(f"/sandbox/{payment.pk}/", {"what": "approve"}),
            client.get(f"/api/payments/{payment.pk}", headers=bearer),
            client.post(
                f"/api/bookings/{booked.pk}/payments",
                '{"method": "sandbox"}',
                content_type="application/json",
                headers=bearer,
            ),
        ):
            assert answer.status_code == 404
    assert again(payment).state == "action_required"


@pytest.mark.django_db(transaction=True)
def test_a_process_of_the_public_alone_shows_no_payment_page(client, booked):
    with logged_in(PUBLIC_LOGIN):
        assert client.get(page_of(booked)).status_code == 404


# --- Where a form may lead ------------------------------------------------------------------------------------------

ORIGINS = ["https://www.paypal.com", "https://checkout.stripe.com"]


def form_action(response):
    return next(
        part.split()[1:] for part in response.headers[CSP].split(";") if part.split()[0] == "form-action"
    )


def test_the_payment_page_alone_may_lead_to_providers(client, booked, settings):
    settings.PAYMENT_METHODS = ["paypal", "stripe", "pick_up"]
    hold = make_hold()
    assert set(form_action(client.get(page_of(booked)))) == {"'self'", *ORIGINS}
    assert set(form_action(choose(client, booked, "nothing"))) == {"'self'", *ORIGINS}
    begin(booked)
    for page in (
        "/en/",
        "/en/cars/",
        reverse("details", args=[hold.token]),
        page_of(booked, "booking"),
        page_of(booked, "booking_change"),
        page_of(booked, "booking_cancellation"),
        page_of(booked, turn=1),
        f"/pay/back/{only_payment().pk}/",
        f"/sandbox/{only_payment().pk}/",
        "/staff/login/",
    ):
        assert form_action(client.get(page)) == ["'self'"], page


@pytest.mark.parametrize(
    ("methods", "origins"),
    [
        (["paypal", "pick_up"], ORIGINS[:1]),
        (["stripe"], ORIGINS[1:]),
        (["sandbox", "pick_up"], []),
        (["pick_up"], []),
    ],
)
def test_it_names_the_providers_that_are_offered_and_no_other(client, booked, settings, methods, origins):
    settings.PAYMENT_METHODS = methods
    assert form_action(client.get(page_of(booked))) == ["'self'", *origins]


# --- What other pages say -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("methods", "said", "button"),
    [
        (
            ["sandbox", "pick_up"],
            "Nothing is charged now. You choose how to pay on the next page.",
            "Continue to payment",
        ),
        (
            ["pick_up"],
            "Nothing is charged now. You pay at pick-up, and we confirm within 2 hours.",
            "Request this booking",
        ),
    ],
)
def test_the_details_page_says_what_happens_next(client, settings, methods, said, button):
    settings.PAYMENT_METHODS = methods
    words = text_of(client.get(reverse("details", args=[make_hold().token])))
    assert said in words
    assert button in words
    assert words.count("Nothing is charged") == 1


def booking_words(client, booking):
    return text_of(client.get(page_of(booking, "booking")))


def test_the_booking_page_says_what_is_due_and_leads_to_paying(client, booked):
    words = booking_words(client, booked)
    assert "Not paid yet." in words
    assert "We keep the car for you until" in words
    assert "Pay €960" in words


def test_nothing_is_offered_to_pay_where_everybody_pays_at_the_counter(client, settings):
    settings.PAYMENT_METHODS = ["pick_up"]
    words = booking_words(client, make_booking(start=in_days(30)))
    assert "You pay at pick-up, by card." in words
    assert "Pay €960" not in words


def test_the_booking_page_says_that_it_is_paid(client, booked):
    pay(booked)
    words = booking_words(client, booked)
    assert "Paid €960" in words
    assert "The deposit is held near the pick-up." in words
    assert "Pay €960" not in words
    assert "Not paid yet" not in words


def test_the_booking_page_says_what_is_still_to_be_paid(client, booked):
    pay(booked)
    dearer(booked, "40.00")
    words = booking_words(client, booked)
    assert "€960 is paid, €40 is still to be paid." in words
    assert "Pay €40" in words


def dearer(booking, by):
    """The booking costs so much more now."""
    with as_owner():
        row = Booking.objects.get(pk=booking.pk)
        row.total += Decimal(by)
        row.save(update_fields=["total"])


def test_the_booking_page_says_that_a_deposit_is_held_kept_or_released(client, booked):
    pay(booked)
    hold = only_payment_of(booked, "deposit")
    with acting_as(SERVICE, actor="provider"):
        Payment.objects.filter(pk=hold.pk).update(due_at=None)
    held = agree(begin(booked, "deposit"))
    assert "The deposit of €2,000 is held. It is not charged." in booking_words(client, booked)
    with acting_as(SERVICE, actor="provider"):
        capture_deposit(held.pk, Money(Decimal(300), "EUR"), reason="A scratch", at=timezone.now())
    assert "We have kept €300 of the deposit." in booking_words(client, booked)


def test_the_booking_page_says_that_the_deposit_is_released(client):
    booking = make_booking(start=in_days(30), status="upcoming")
    held = hold_deposit(booking)
    with acting_as(SERVICE, actor="provider"):
        release(held.pk, at=timezone.now())
    assert "The deposit is released." in booking_words(client, booking)


def test_the_booking_page_asks_for_a_deposit_that_waits(client):
    booking = make_booking(start=in_days(1), status="upcoming")
    with acting_as(STAFF):
        pay_at_the_counter(booking, timezone.now())
    plan_deposit(booking)
    assert "Hold the deposit of €2,000" in booking_words(client, booking)
    page = client.get(page_of(booking))
    words = text_of(page)
    assert "Hold €2,000" in words
    assert "We hold €2,000 and do not charge it. You get it back after the return." in words
    assert "At pick-up" not in words
    assert checked(page) == ["sandbox"]
    assert choose(client, booking, "pick_up").status_code == 422


def test_a_cancelled_booking_says_what_comes_back_and_then_that_it_was_sent(client, booked):
    payment = pay(booked)
    with acting_as(PUBLIC, token=booked.secret):
        cancel(booking=Booking.objects.select_related("car__location").get(), at=timezone.now())
    assert "You have paid €960. What is yours of it is on its way back." in booking_words(client, booked)
    with acting_as(SERVICE, actor="provider"):
        refund = payment.refunds.first() or ask_refund(
            payment_id=payment.pk, amount=payment.money, reason="Cancelled"
        )
        send_refund(refund.pk, at=timezone.now())
    assert "We have sent all of it back: €960." in booking_words(client, booked)


def test_the_cancellation_page_says_the_sum_that_comes_back(client, booked):
    pay(booked)
    assert "You get €960 back." in text_of(client.get(page_of(booked, "booking_cancellation")))


def test_sums_are_written_as_in_the_language_of_the_page(client):
    booking = make_booking(start=in_days(30), language="fr")
    page = client.get(page_of(booking).replace("/en/", "/fr/", 1))
    with translation.override("fr"):
        amount = " ".join(money(booking.total_money).split())
    assert f"Payer {amount}" in text_of(page)


def test_a_booking_that_staff_have_confirmed_can_still_be_paid(client):
    booking = move_to(make_booking(start=in_days(30)), "upcoming")
    assert choose(client, booking).status_code == 303
