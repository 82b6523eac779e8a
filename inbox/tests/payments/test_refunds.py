"""Giving money back: managers only, never more than is there, once; and what staff give back by hand."""

import pytest
from django.utils import timezone

from bookings.models import Refund
from bookings.payments.refunds import send_refund
from bookings.tests.support.factories import in_days, make_booking
from exodrive.rls import SERVICE, acting_as, as_owner
from exodrive.tests.support.html import inputs
from inbox.tests.payments.conftest import now, proven

pytestmark = pytest.mark.django_db


def url_of(payment):
    return f"/staff/payments/{payment.pk}/refund/"


def typed(client, payment, **more):
    return inputs(client.get(url_of(payment))).dict() | {"reason": "Car broke down"} | more


def refunds():
    with as_owner():
        return list(Refund.objects.values_list("amount", "state", "reason"))


def test_a_manager_promises_and_the_worker_sends(manager, paid):
    booking, payment = paid
    assert inputs(manager.get(url_of(payment)))["amount"] == "960.00"
    answer = manager.post(url_of(payment), typed(manager, payment, amount="60"))
    assert (answer.status_code, answer.url) == (303, f"/staff/bookings/{booking.pk}/")
    assert refunds() == [(60, "created", "Car broke down")]
    assert "€60 is on its way back." in manager.get(answer.url).content.decode()
    with acting_as(SERVICE, actor="job"):
        send_refund(Refund.objects.get().pk, at=timezone.now())
    assert (now(payment).state, now(booking).refunded) == ("partially_refunded", 60)
    text = manager.get(answer.url).content.decode()
    assert "Paul Moreau" in text
    assert "Car broke down" in text
    assert proven() == []


def test_the_desk_is_not_offered_it_and_refused(desk, paid):
    booking, payment = paid
    assert "Refund…" not in desk.get(f"/staff/bookings/{booking.pk}/").content.decode()
    assert desk.get(url_of(payment)).status_code == 403
    answer = desk.post(url_of(payment), {"amount": "60", "reason": "Because"})
    assert (answer.status_code, "Only a manager may do this." in answer.content.decode()) == (403, True)
    assert refunds() == []


def test_the_same_form_sent_twice_gives_back_once(manager, paid):
    _booking, payment = paid
    sent = typed(manager, payment, amount="60")
    assert [manager.post(url_of(payment), sent).status_code for _ in range(2)] == [303, 303]
    assert len(refunds()) == 1
    assert manager.post(url_of(payment), sent | {"amount": "70"}).status_code == 422
    assert now(payment).refunding == 60


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"amount": "960.01"}, "At most €960 can be given back."),
        ({"amount": "0"}, "This is no amount that can be paid."),
        ({"amount": ""}, "Enter an amount"),
        ({"reason": " "}, "Enter the reason"),
        ({"reason": "x" * 301}, "at most 300 characters"),
    ],
)
def test_what_cannot_be_given_back_is_said(manager, paid, sent, said):
    _booking, payment = paid
    answer = manager.post(url_of(payment), typed(manager, payment, **sent))
    text = answer.content.decode()
    assert (answer.status_code, said in text, 'id="errors"' in text) == (422, True, True)
    assert refunds() == []


def test_what_is_back_already_leads_to_the_booking_as_it_is(manager, paid):
    booking, payment = paid
    manager.post(url_of(payment), typed(manager, payment))
    assert manager.get(url_of(payment)).url == f"/staff/bookings/{booking.pk}/"
    assert f'id="booking-{booking.pk}"' in manager.htmx(url_of(payment)).content.decode()
    assert "Refund…" not in manager.get(f"/staff/bookings/{booking.pk}/").content.decode()


def test_cash_is_owed_until_somebody_has_handed_it_over(desk, manager, recorded):
    booking = make_booking(start=in_days(30))
    payment = recorded(booking)
    answer = manager.post(url_of(payment), typed(manager, payment))
    page = desk.get(answer.url).content.decode()
    assert "Refund given" in page
    with as_owner():
        given = f"/staff/refunds/{Refund.objects.get().pk}/given/"
    assert desk.post(given).status_code == 303
    assert (now(booking).payment_status, now(booking).refunded) == ("refunded", 960)
    assert "€960 was given back." in desk.get(answer.url).content.decode()
    again = desk.post(given)
    assert (again.status_code, "This refund is over already." in again.content.decode()) == (422, True)
    assert "Refund given" not in desk.get(answer.url).content.decode()
    assert proven() == []


def test_a_refund_that_a_provider_sends_is_not_given_by_hand(manager, paid):
    _booking, payment = paid
    manager.post(url_of(payment), typed(manager, payment))
    with as_owner():
        refund = Refund.objects.get()
    assert manager.post(f"/staff/refunds/{refund.pk}/given/").status_code == 422
    assert now(refund).state == "created"
