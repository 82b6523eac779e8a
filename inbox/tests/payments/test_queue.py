"""The page of payments that wait for people, the number beside its link, and a problem that somebody has looked at."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.models import Booking, Payment, PaymentOperation, ProviderEvent
from bookings.payments.ledger import lock_payment
from bookings.payments.problems import raise_problem
from bookings.payments.refunds import ask_refund
from bookings.payments.totals import write_totals
from bookings.tests.support.factories import in_days, make_booking
from exodrive.rls import SERVICE, STAFF, acting_as, as_owner
from exodrive.tests.support.html import flat
from inbox.desk import payment_queue
from inbox.models import InboxEmail, InboxItem
from inbox.tests.payments.conftest import now, pay

pytestmark = pytest.mark.django_db
URL = "/staff/payments/"


def problem_with(payment, problem="paid_twice"):
    from django.db import transaction

    with acting_as(SERVICE, actor="job"), transaction.atomic():
        raise_problem(lock_payment(payment.pk), problem)


def event(**more):
    facts = {
        "provider": "sandbox",
        "event_id": "e-1",
        "type": "payment.taken",
        "body": b"{}",
        "state": "orphan",
    }
    with as_owner():
        return ProviderEvent.objects.create(**facts | {"attempts": 6} | more)


def seen(payment):
    return f"/staff/payments/{payment.pk}/seen/"


def body(client, url=URL):
    return client.get(url).content.decode()


def part(text, code):
    """What the page says under one heading."""
    return text.partition(f'aria-labelledby="p-{code}"')[2].partition("</section>")[0]


def test_nothing_waits_and_the_link_has_no_number(desk):
    text = body(desk)
    assert text.count('class="empty"') == 5
    assert "waits" not in text.partition("</nav>")[0]


def test_a_problem_is_shown_until_somebody_has_looked(desk, paid):
    booking, payment = paid
    problem_with(payment)
    text = body(desk)
    assert "Marta Oliveira" in part(text, "problems")
    assert "More was paid than is owed" in part(text, "problems")
    assert "payment waits" in text.partition("</nav>")[0]
    page = body(desk, f"/staff/bookings/{booking.pk}/")
    assert "More was paid than is owed" in page
    assert "Looked at" in page
    answer = desk.post(seen(payment), {"next": URL})
    assert (answer.status_code, answer.url) == (303, URL)
    assert now(payment).problem == ""
    with as_owner():
        item = InboxItem.objects.get(booking=booking, kind="payment")
        assert (item.status, item.done_by) == ("done", desk.user)
        assert InboxItem.objects.get(booking=booking, kind="new_booking").status == "pending"
    assert "The payment of Marta Oliveira is marked as looked at." in body(desk, answer.url)
    assert desk.post(seen(payment)).status_code == 303


def test_the_booking_stays_in_the_inbox_while_another_payment_has_a_problem(desk, held):
    booking, deposit = held
    with as_owner():
        rental = booking.payments.get(purpose="rental")
    problem_with(rental)
    problem_with(deposit, "deposit_ends")
    for payment, left in ((rental, "pending"), (deposit, "done")):
        desk.htmx(seen(payment), {"next": "/staff/inbox/"}, target=f"booking-{booking.pk}")
        with as_owner():
            assert InboxItem.objects.get(booking=booking, kind="payment").status == left


def test_what_has_no_answer_waits_after_ten_minutes(desk, held, monkeypatch):
    _booking, deposit = held
    with as_owner():
        PaymentOperation.objects.create(
            payment=deposit,
            kind="void",
            request_id="r-1",
            outcome="unknown",
            code="timeout",
            actor_kind="job",
        )
    assert "timeout" not in part(body(desk), "silent")
    assert silent_after(9) == []
    assert silent_after(11) == ["r-1"]
    monkeypatch.setattr(payment_queue, "SILENT_AFTER", timedelta(0))
    assert "No answer yet (timeout)" in flat(part(body(desk), "silent"))


def silent_after(minutes):
    """What would stand there then."""
    with acting_as(STAFF):
        return [one.request_id for one in payment_queue.silent(timezone.now() + timedelta(minutes=minutes))]


def test_a_customer_who_takes_their_time_is_no_silent_provider(desk):
    from bookings.payments import checkout
    from inbox.tests.payments.conftest import BACK

    booking = make_booking(start=in_days(30))
    with acting_as(SERVICE, actor="provider"):
        payment = checkout.start(booking, method="sandbox", purpose="rental", back=BACK, at=timezone.now())
        checkout.complete(payment.pk, at=timezone.now())
    with as_owner():
        assert PaymentOperation.objects.filter(payment=payment, outcome="started").count() == 1
    assert silent_after(20) == []


def test_a_refund_in_cash_waits_and_is_given_from_the_page(desk, recorded):
    payment = recorded(make_booking(start=in_days(30)))
    with acting_as(STAFF):
        refund = ask_refund(payment_id=payment.pk, amount=payment.kept, reason="Changed their mind")
    text = part(body(desk), "owed")
    assert "€960" in text
    assert f"/staff/refunds/{refund.pk}/given/" in text
    assert desk.post(f"/staff/refunds/{refund.pk}/given/", {"next": URL}).url == URL
    assert "€960" not in part(body(desk), "owed")


def test_a_deposit_waits_for_its_customer_once_it_is_due(desk, paid):
    booking, _payment = paid
    with as_owner():
        deposit = Payment.objects.get(booking=booking, purpose="deposit")
    assert "Marta" not in part(body(desk), "deposits")
    with as_owner():
        Payment.objects.filter(pk=deposit.pk).update(due_at=None)
    assert "€2,000" in part(body(desk), "deposits")


@pytest.mark.parametrize(("state", "error"), [("orphan", ""), ("failed", "OutcomeUnknown timeout")])
def test_a_report_that_was_given_up_is_handled_again(manager, state, error):
    lost = event(state=state, error=error)
    assert error in part(body(manager), "lost")
    answer = manager.post(f"/staff/reports/{lost.pk}/handling/")
    assert (answer.status_code, answer.url) == (303, URL)
    after = now(lost)
    assert (after.state, after.attempts, after.due_at is not None) == ("received", 0, True)
    assert "payment.taken" not in part(body(manager), "lost")


def test_one_that_is_tried_again_by_itself_does_not_wait(manager):
    event(due_at=timezone.now() + timedelta(minutes=30))
    assert "payment.taken" not in body(manager)


def test_the_desk_reads_of_lost_reports_and_leaves_them(desk):
    lost = event()
    text = part(body(desk), "lost")
    assert "payment.taken" in text
    assert "Handle again" not in text
    assert desk.post(f"/staff/reports/{lost.pk}/handling/").status_code == 403
    assert now(lost).state == "orphan"


def test_the_page_asks_the_database_as_often_for_many_as_for_one(
    desk, recorded, django_assert_max_num_queries
):
    for n in range(3):
        payment = recorded(make_booking(start=in_days(30 + n)))
        problem_with(payment)
        with acting_as(STAFF):
            ask_refund(payment_id=payment.pk, amount=payment.kept, reason="Changed their mind")
    desk.get(URL)
    with django_assert_max_num_queries(14):
        assert part(body(desk), "owed").count("Refund given") == 3


def test_a_deposit_whose_page_closed_is_listed_and_can_be_asked_for_again(desk):
    booking = make_booking(start=in_days(2))
    pay(booking)
    with as_owner():
        Payment.objects.filter(purpose="deposit").update(state="expired", due_at=None, refs={})
        write_totals(Booking.objects.get(pk=booking.pk))
    page = desk.get("/staff/payments/").content.decode()
    assert booking.reference in page
    desk.post(f"/staff/bookings/{booking.pk}/payment-link/")
    with as_owner():
        assert InboxEmail.objects.filter(booking=booking, template="deposit_link").count() == 1
