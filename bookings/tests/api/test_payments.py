"""/api/payments: customers pay with their booking's token, staff refund, capture and release."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.conf import settings as site
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bookings.links.pins import set_pin
from bookings.models import Booking, Payment, PaymentOperation, Refund, SandboxOrder, StatusChange
from bookings.payments import registry, webhooks
from bookings.payments.audit import check_money
from bookings.payments.provider import (
    AlreadyDone,
    Declined,
    InvalidState,
    Misconfigured,
    NeedsCustomerAction,
    OutcomeUnknown,
    RateLimited,
)
from bookings.payments.refunds import send_refund
from bookings.payments.refusals import refused
from bookings.payments.sandbox import bank
from bookings.payments.sandbox.provider import Sandbox
from bookings.payments.settle import settle
from bookings.tests.api.test_bookings import fields_of
from bookings.tests.support.api import Api, error, staff_token
from bookings.tests.support.factories import (
    in_days,
    make_booking,
    make_desk,
    make_hold,
    make_manager,
    pay_at_the_counter,
)
from bookings.tests.support.paying import again, begin, hold_deposit, pay, plan_deposit
from bookings.tests.support.racing import all_at_once
from exodrive.rls import PUBLIC, SERVICE, STAFF, acting_as, as_owner

pytestmark = pytest.mark.django_db

FULL = {"amount": "960.00", "currency": "EUR"}
NOTHING = {"amount": "0.00", "currency": "EUR"}
PART = {"amount": "100.00", "currency": "EUR"}


@pytest.fixture(autouse=True)
def paid_site(settings):
    settings.PAYMENTS_SANDBOX = True
    settings.PAYMENT_METHODS = ["sandbox", "pick_up"]


@pytest.fixture(autouse=True)
def money_adds_up():
    yield
    with as_owner():
        assert check_money() == []


@pytest.fixture
def booking():
    return make_booking(start=in_days(30))


@pytest.fixture
def manager():
    return Api(bearer=staff_token(make_manager()))


def start(booking, api=None, **body):
    api = api or Api(bearer=booking.secret)
    return api.post(f"/api/bookings/{booking.pk}/payments", {"method": "sandbox"} | body)


def rows(model=Payment):
    with as_owner():
        return model.objects.count()


# --- Paying ----------------------------------------------------------------------------------------------------------


def test_a_customer_pays_what_is_due_and_the_booking_is_confirmed(booking):
    customer = Api(bearer=booking.secret)
    response = start(booking)
    assert response.status_code == 201
    body = response.json()
    assert body["nextUrl"].endswith(f"/sandbox/{body['paymentId']}/")
    path = f"/api/payments/{body['paymentId']}"
    assert customer.get(path).json() == {
        "id": body["paymentId"],
        "purpose": "rental",
        "kind": "charge",
        "method": "sandbox",
        "state": "action_required",
        "amount": FULL,
        "captured": NOTHING,
        "refunded": NOTHING,
        "nextUrl": body["nextUrl"],
    }
    pay(booking)
    paid = customer.get(path).json()
    assert (paid["state"], paid["captured"], paid["nextUrl"]) == ("captured", FULL, None)
    shown = customer.get(f"/api/bookings/{booking.pk}").json()
    assert (shown["status"], shown["paymentStatus"], shown["amountDue"]) == ("upcoming", "paid", NOTHING)
    assert error(start(booking)) == (422, "invalid")


def test_the_customer_comes_back_to_our_page_and_nowhere_else(booking):
    payment = start(booking).json()["paymentId"]
    with as_owner():
        order = SandboxOrder.objects.get()
    assert order.return_url == f"{site.SITE_URL}/pay/back/{payment}/"
    assert order.cancel_url == f"{site.SITE_URL}/pay/back/{payment}/?not=1"
    for sent in ({"returnUrl": "https://evil.example/"}, {"cancel_url": "x"}, {"amount": "1.00"}):
        assert list(fields_of(start(booking, **sent))) == list(sent)


def test_a_customers_payment_stands_in_the_customers_name_and_staffs_in_theirs(booking):
    start(booking)
    desk = make_desk()
    other = make_booking(start=in_days(30))
    assert start(other, Api(bearer=staff_token(desk))).status_code == 201
    with as_owner():
        asked = PaymentOperation.objects.filter(kind="start").order_by("created_at")
        assert list(asked.values_list("actor_kind", "actor_id")) == [("customer", None), ("staff", desk.pk)]


@pytest.mark.parametrize("key", [None, "order-4711"])
def test_the_same_request_twice_is_one_payment(booking, key):
    api = Api(bearer=booking.secret)
    headers = {"Idempotency_Key": key} if key else {}
    path, body = f"/api/bookings/{booking.pk}/payments", {"method": "sandbox"}
    answers = [api.post(path, body, **headers) for _n in range(3)]
    assert [answer.status_code for answer in answers] == [201] * 3
    assert len({answer.content for answer in answers}) == 1
    assert (rows(), rows(PaymentOperation)) == (1, 1)


@pytest.mark.parametrize("key", ["", "x" * 256, "é"])
def test_an_impossible_key_is_refused_before_anything_is_asked(booking, key):
    api = Api(bearer=booking.secret)
    response = api.post(f"/api/bookings/{booking.pk}/payments", {"method": "sandbox"}, Idempotency_Key=key)
    assert error(response) == (422, "invalid")
    assert rows() == 0


@pytest.mark.parametrize("method", ["paypal", "pick_up", "manual", "nobody", "Sandbox", "", "../x"])
def test_what_is_not_offered_online_is_no_method(booking, method):
    assert list(fields_of(start(booking, method=method))) == ["method"]
    assert rows() == 0


@pytest.mark.parametrize("purpose", ["damage", "extra", "", None])
def test_only_the_rental_and_the_deposit_can_be_paid_here(booking, purpose):
    assert list(fields_of(start(booking, purpose=purpose))) == ["purpose"]


def test_the_deposit_is_held_once_it_is_planned(booking):
    assert error(start(booking, purpose="deposit")) == (422, "invalid")
    planned = plan_deposit(booking)
    body = start(booking, purpose="deposit").json()
    assert body["paymentId"] == str(planned.pk)
    hold_shown = Api(bearer=booking.secret).get(f"/api/payments/{planned.pk}").json()
    assert (hold_shown["kind"], hold_shown["amount"]["amount"]) == ("hold", "2000.00")


@pytest.mark.parametrize("status", ["cancelled", "refunded"])
def test_a_booking_that_was_called_off_is_paid_no_more(status):
    booking = make_booking(start=in_days(30), status=status)
    assert error(start(booking)) == (422, "invalid")


def test_after_the_return_what_is_still_due_is_paid():
    assert start(make_booking(start=in_days(-9), status="completed")).status_code == 201


# --- What a provider says instead ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "status", "code", "retry"),
    [
        (Declined("do_not_honor"), 409, "payment_declined", None),
        (OutcomeUnknown("timeout"), 503, "provider_unavailable", "30"),
        (RateLimited("429"), 503, "provider_unavailable", "30"),
        (Misconfigured("401"), 503, "provider_unavailable", "30"),
        (registry.NoSuchProvider("x"), 503, "provider_unavailable", "30"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_what_a_provider_says_instead_has_its_code(monkeypatch, booking, said, status, code, retry):
    def say(*args, **kwargs):
        raise said

    monkeypatch.setattr(Sandbox, "start", say)
    response = start(booking)
    assert error(response) == (status, code)
    assert response.get("Retry-After") == retry
    assert str(said) not in response.content.decode()


def test_after_a_time_out_the_same_request_asks_again_with_the_same_id(monkeypatch, booking):
    asked, real = [], Sandbox.start

    def first_time_out(self, told, **how):
        asked.append((told.id, how["request_id"]))
        if len(asked) == 1:
            raise OutcomeUnknown("timeout")
        return real(self, told, **how)

    monkeypatch.setattr(Sandbox, "start", first_time_out)
    assert [start(booking).status_code for _n in range(2)] == [503, 201]
    assert asked[0] == asked[1]
    assert rows() == 1


def test_a_customer_who_has_to_do_something_first_is_sent_there(monkeypatch, booking):
    def ask(*args, **kwargs):
        raise NeedsCustomerAction("https://bank.example/step", "step")

    monkeypatch.setattr(Sandbox, "start", ask)
    response = start(booking)
    with as_owner():
        payment = Payment.objects.get()
    assert response.status_code == 201
    assert response.json() == {"paymentId": str(payment.pk), "nextUrl": "https://bank.example/step"}


def test_a_provider_that_was_switched_off_is_unavailable(settings, booking, manager):
    payment = hold_deposit(booking)
    settings.PAYMENTS_SANDBOX = False
    response = manager.post(f"/api/payments/{payment.pk}/capture", {"amount": PART, "reason": "A scratch"})
    assert error(response) == (503, "provider_unavailable")


def test_each_error_of_a_provider_is_one_refusal():
    codes = {kind: refused(kind("x")).code for kind in (AlreadyDone, InvalidState, NeedsCustomerAction)}
    assert codes == {AlreadyDone: "invalid", InvalidState: "invalid", NeedsCustomerAction: "payment_declined"}


# --- Reading: one's own ----------------------------------------------------------------------------------------------


def test_others_payments_are_not_found(booking):
    payment = begin(booking)
    stranger = make_booking(start=in_days(30))
    for token in (stranger.secret, "x" * 22, make_hold().token):
        assert error(Api(bearer=token).get(f"/api/payments/{payment.pk}")) == (404, "not_found")
        assert error(start(booking, Api(bearer=token))) == (404, "not_found")
    assert error(Api().get(f"/api/payments/{payment.pk}")) == (401, "not_authenticated")
    assert error(start(booking, Api())) == (401, "not_authenticated")
    assert rows() == 1


def test_a_link_with_a_pin_asks_for_it_here_too(booking):
    payment = begin(booking)
    with acting_as(PUBLIC, token=booking.secret):
        set_pin(booking=booking, pin="2468")
    api, path = Api(bearer=booking.secret), f"/api/payments/{payment.pk}"
    assert error(api.get(path)) == (401, "pin_required")
    assert error(start(booking, api)) == (401, "pin_required")
    assert api("GET", path, X_Booking_Pin="2468").status_code == 200


def test_staff_read_any_payment_and_what_is_not_there_is_not_found(booking, manager):
    payment = begin(booking)
    assert manager.get(f"/api/payments/{str(payment.pk).upper()}").json()["id"] == str(payment.pk)
    assert Api(user=make_desk(), csrf=False).get(f"/api/payments/{payment.pk}").status_code == 200
    assert error(manager.get(f"/api/payments/{uuid4()}")) == (404, "not_found")
    assert list(fields_of(manager.get("/api/payments/7"))) == ["payment_id"]
    assert error(manager.post(f"/api/payments/{uuid4()}/void")) == (404, "not_found")
    for what in ("refunds", "capture"):
        gone = manager.post(f"/api/payments/{uuid4()}/{what}", {"amount": PART, "reason": "Late"})
        assert error(gone) == (404, "not_found")


def test_where_only_the_public_is_served_no_payment_is_found(monkeypatch, booking):
    payment = pay(booking)
    monkeypatch.setattr("bookings.api.lookup.serves_public_only", lambda: True)
    api = Api(bearer=booking.secret)
    assert error(api.get(f"/api/payments/{payment.pk}")) == (404, "not_found")
    assert error(start(booking)) == (404, "not_found")
    shown = api.get(f"/api/bookings/{booking.pk}").json()
    assert (shown["payments"], shown["paymentStatus"], shown["refundIfCancelledNow"]) == ([], "paid", FULL)
    assert api.post(f"/api/bookings/{booking.pk}/cancel").json()["refund"] == FULL


# --- Refunds, captures, releases -------------------------------------------------------------------------------------


def test_a_manager_gives_a_part_back(booking, manager):
    payment = pay(booking)
    response = manager.post(f"/api/payments/{payment.pk}/refunds", {"amount": PART, "reason": "Late"})
    assert response.status_code == 201
    body = response.json()
    assert (body["state"], body["amount"]) == ("created", PART)
    with acting_as(SERVICE, actor="provider"):
        send_refund(Refund.objects.get().pk, at=timezone.now())
    shown = manager.get(f"/api/payments/{payment.pk}").json()
    assert (shown["state"], shown["refunded"]) == ("partially_refunded", PART)


def test_a_key_makes_a_repeated_refund_the_same_one(booking, manager):
    payment = pay(booking)
    path, body = f"/api/payments/{payment.pk}/refunds", {"amount": PART, "reason": "Late"}
    answers = [manager.post(path, body, Idempotency_Key="back-1") for _n in range(3)]
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert rows(Refund) == 1
    for other in ({"reason": "Rain"}, {"amount": {"amount": "100.01", "currency": "EUR"}}):
        reused = manager.post(path, body | other, Idempotency_Key="back-1")
        assert error(reused) == (422, "idempotency_key_reused")
    colleague = Api(bearer=staff_token(make_manager()))
    assert colleague.post(path, body, Idempotency_Key="back-1").json() != answers[0].json()
    assert rows(Refund) == 2


@pytest.mark.parametrize(
    ("amount", "currency"),
    [("960.01", "EUR"), ("0.00", "EUR"), ("-5.00", "EUR"), ("10.001", "EUR"), ("10.00", "USD"), ("1", "XXX")],
)
def test_no_other_amount_is_given_back_or_kept(booking, manager, amount, currency):
    payment, held = pay(booking), hold_deposit(make_booking(start=in_days(30)))
    body = {"amount": {"amount": amount, "currency": currency}, "reason": "Late"}
    assert error(manager.post(f"/api/payments/{payment.pk}/refunds", body)) == (422, "invalid")
    if amount == "960.01":
        body["amount"]["amount"] = "2000.01"
    assert error(manager.post(f"/api/payments/{held.pk}/capture", body)) == (422, "invalid")
    assert rows(Refund) == 0
    assert again(held).captured == 0


@pytest.mark.parametrize("reason", ["", " ", "x" * 301, None])
def test_staff_say_why(booking, manager, reason):
    payment = hold_deposit(booking)
    for what in ("refunds", "capture"):
        response = manager.post(f"/api/payments/{payment.pk}/{what}", {"amount": PART, "reason": reason})
        assert list(fields_of(response)) == ["reason"]


def test_a_deposit_is_captured_in_part_once_and_a_repeated_request_is_answered_the_same(booking, manager):
    payment = hold_deposit(booking)
    path, body = f"/api/payments/{payment.pk}/capture", {"amount": PART, "reason": "A scratch"}
    first, second = manager.post(path, body), manager.post(path, body, Idempotency_Key="keep-1")
    assert (first.status_code, first.json()["captured"]) == (200, PART)
    assert (second.status_code, second.json()) == (200, first.json())
    assert error(manager.post(path, body | {"reason": "Another"})) == (422, "invalid")
    kept = again(payment)
    assert (kept.captured, kept.voided) == (Decimal(100), Decimal(1900))


def test_a_deposit_is_released_once_and_a_repeated_request_is_answered_the_same(booking):
    payment, desk = hold_deposit(booking), Api(user=make_desk())
    answers = [desk.post(f"/api/payments/{payment.pk}/void") for _n in range(2)]
    assert [(answer.status_code, answer.json()["state"]) for answer in answers] == [(200, "voided")] * 2
    with as_owner():
        assert PaymentOperation.objects.filter(kind="void").count() == 1


def test_a_page_that_nobody_has_paid_on_is_ended(booking, manager):
    payment = begin(booking)
    ended = manager.post(f"/api/payments/{payment.pk}/void").json()
    assert (ended["state"], ended["nextUrl"]) == ("cancelled", None)
    other = start(booking).json()["paymentId"]
    assert other != str(payment.pk)


def test_what_was_paid_is_refunded_and_not_released(booking, manager):
    payment = pay(booking)
    assert error(manager.post(f"/api/payments/{payment.pk}/void")) == (422, "invalid")


def test_what_was_left_at_the_counter_is_asked_of_no_provider(booking, manager):
    with acting_as(STAFF):
        payment = pay_at_the_counter(booking, timezone.now())
    for what, body in (("void", None), ("capture", {"amount": PART, "reason": "A scratch"})):
        assert error(manager.post(f"/api/payments/{payment.pk}/{what}", body)) == (422, "invalid")
    back = manager.post(f"/api/payments/{payment.pk}/refunds", {"amount": PART, "reason": "Late"})
    assert (back.status_code, back.json()["state"]) == (201, "created")


def test_the_desk_gives_nothing_back_and_keeps_nothing(booking):
    payment, held = pay(booking), hold_deposit(make_booking(start=in_days(30)))
    desk = Api(bearer=staff_token(make_desk()))
    for row, what in ((payment, "refunds"), (held, "capture")):
        response = desk.post(f"/api/payments/{row.pk}/{what}", {"amount": PART, "reason": "Late"})
        assert error(response) == (403, "forbidden")
    assert rows(Refund) == 0


# --- On the booking --------------------------------------------------------------------------------------------------


def test_a_booking_shows_its_payments_what_is_due_and_what_would_come_back(booking):
    api, path = Api(bearer=booking.secret), f"/api/bookings/{booking.pk}"
    assert api.get(path).json()["refundIfCancelledNow"] == NOTHING
    payment = pay(booking)
    shown = api.get(path).json()
    mine = api.get(f"/api/payments/{payment.pk}").json()
    assert mine in shown["payments"]
    assert {one["purpose"] for one in shown["payments"]} == {"rental", "deposit"}
    assert (shown["amountDue"], shown["refundIfCancelledNow"]) == (NOTHING, FULL)
    changed = api.patch(path, {"phone": "+33 1 23 45 67 89"}).json()
    assert changed["payments"] == shown["payments"]
    previewed = api("PATCH", f"{path}?preview=true", {"endDate": str(in_days(34))}).json()
    assert previewed["amountDue"] == previewed["priceDifference"] == {"amount": "240.00", "currency": "EUR"}


def test_a_move_by_staff_shows_the_payments_too(booking, manager):
    pay(booking)
    moved = manager.patch(f"/api/bookings/{booking.pk}/status", {"status": "active", "early": True}).json()
    assert moved["payments"][0]["captured"] == FULL
    assert moved["refundIfCancelledNow"] == NOTHING


def test_a_list_shows_payments_with_no_query_more_for_each(manager):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            items = manager.get("/api/bookings").json()["items"]
        return len(captured), sum(len(item["payments"]) for item in items)

    begin(make_booking(start=in_days(30)))
    queries()  # the first use of a token is written down
    one = queries()
    begin(make_booking(start=in_days(30))), begin(make_booking(start=in_days(30)))
    assert (one[1], queries()) == (1, (one[0], 3))


def test_reading_a_booking_takes_one_query_for_all_its_payments(booking):
    api, path = Api(bearer=booking.secret), f"/api/bookings/{booking.pk}"

    def about_payments():
        with CaptureQueriesContext(connection) as captured:
            api.get(path)
        return sum('FROM "payments"' in query["sql"] for query in captured)

    assert about_payments() == 1
    pay(booking)
    assert about_payments() == 1


# --- Cancelling ------------------------------------------------------------------------------------------------------


def test_a_customer_who_cancels_in_time_is_told_of_all_that_comes_back_each_time(booking):
    pay(booking)
    api, path = Api(bearer=booking.secret), f"/api/bookings/{booking.pk}/cancel"
    assert api.post(path).json() == {"status": "cancelled", "refund": FULL}
    with acting_as(SERVICE, actor="provider"):
        settle(booking.pk, at=timezone.now())
    assert api.post(path).json()["refund"] == FULL
    with acting_as(SERVICE, actor="provider"):
        send_refund(Refund.objects.get().pk, at=timezone.now())
        settle(booking.pk, at=timezone.now())
    assert api.post(path).json() == {"status": "refunded", "refund": FULL}


def with_terms(booking, *steps):
    with as_owner():
        Booking.objects.filter(pk=booking.pk).update(terms={"tiers": [list(step) for step in steps]})
    return booking


def test_what_comes_back_is_what_the_terms_of_the_booking_say(booking):
    pay(with_terms(booking, (24 * 60, 100), (24, 50)))
    api, half = Api(bearer=booking.secret), {"amount": "480.00", "currency": "EUR"}
    assert api.get(f"/api/bookings/{booking.pk}").json()["refundIfCancelledNow"] == half
    assert api.post(f"/api/bookings/{booking.pk}/cancel").json()["refund"] == half
    with acting_as(SERVICE, actor="provider"):
        settle(booking.pk, at=timezone.now())
        assert Refund.objects.get().money.as_json == half
    assert api.delete(f"/api/bookings/{booking.pk}").json()["refund"] == half


def test_when_we_cancel_everything_comes_back(booking, manager):
    pay(with_terms(booking, (24 * 60, 100), (24, 50)))
    assert manager.post(f"/api/bookings/{booking.pk}/cancel").json()["refund"] == FULL
    with as_owner():
        assert StatusChange.objects.filter(booking=booking).last().actor_kind == "staff"


def test_what_went_back_before_does_not_come_back_again(booking, manager):
    payment = pay(booking)
    manager.post(f"/api/payments/{payment.pk}/refunds", {"amount": PART, "reason": "Late"})
    with acting_as(SERVICE, actor="provider"):
        send_refund(Refund.objects.get().pk, at=timezone.now())
    api = Api(bearer=booking.secret)
    refund = api.post(f"/api/bookings/{booking.pk}/cancel").json()["refund"]
    assert refund == {"amount": "860.00", "currency": "EUR"}
    with acting_as(SERVICE, actor="provider"):
        settle(booking.pk, at=timezone.now())
        assert again(payment).refunding == Decimal(860)


def test_nobody_who_has_paid_nothing_gets_something_back(booking):
    assert Api(bearer=booking.secret).post(f"/api/bookings/{booking.pk}/cancel").json()["refund"] == NOTHING


# --- How often -------------------------------------------------------------------------------------------------------


def test_payments_count_as_changes_and_reading_them_as_reading(limits, booking):
    payment = begin(booking)
    limits(change="2/hour", read="3/hour")
    assert [start(booking).status_code for _n in range(3)] == [201, 201, 429]
    api = Api(bearer=booking.secret)
    reads = [api.get(f"/api/payments/{payment.pk}").status_code for _n in range(4)]
    assert reads == [200, 200, 200, 429]


def test_an_event_about_a_payment_that_was_paid_through_the_api_confirms_the_booking(booking):
    payment = start(booking).json()["paymentId"]
    bank.approve(payment)
    with acting_as(SERVICE, actor="provider"):
        webhooks.look(Payment.objects.get(), at=timezone.now() + timedelta(seconds=1))
    assert again(booking).status == "upcoming"


# --- At once ----------------------------------------------------------------------------------------------------------


@pytest.mark.alone
@pytest.mark.django_db(transaction=True)
def test_one_key_sent_ten_times_at_once_is_one_refund_and_one_payment(booking):
    token = staff_token(make_manager())
    started = all_at_once([lambda: start(booking).json()["paymentId"]] * 10)
    assert len(set(started)) == rows() == 1
    payment = pay(booking)
    path, body = f"/api/payments/{payment.pk}/refunds", {"amount": PART, "reason": "Late"}

    def give_back():
        return Api(bearer=token).post(path, body, Idempotency_Key="back-1").json()["refundId"]

    assert len(set(all_at_once([give_back] * 10))) == rows(Refund) == 1
