"""A deposit that is held: taken by managers, released by everybody, and what a provider may answer."""

import pytest
from django.utils import timezone

from bookings.models import PaymentOperation
from bookings.payments.provider import Declined, Misconfigured, OutcomeUnknown, RateLimited
from bookings.payments.sandbox.provider import Sandbox
from bookings.tests.support.factories import in_days, make_booking
from exodrive.rls import as_owner
from exodrive.tests.support.html import inputs
from inbox.tests.payments.conftest import now, proven

pytestmark = pytest.mark.django_db
TAKEN = {"amount": "300", "reason": "Scratch on the left door"}


def url_of(payment, what="capture"):
    return f"/staff/payments/{payment.pk}/{what}/"


def operations(payment, kind):
    with as_owner():
        return list(
            PaymentOperation.objects.filter(payment=payment, kind=kind).values_list("outcome", "reason")
        )


def test_the_panel_says_what_is_held_and_until_when(desk, held):
    booking, deposit = held
    text = desk.get(f"/staff/bookings/{booking.pk}/").content.decode()
    assert "guaranteed until" in text
    assert "€2,000" in text
    assert "Release the deposit…" in text
    assert "Capture the deposit…" not in text
    assert deposit.honor_until


def test_a_manager_takes_a_part_and_the_rest_is_released(manager, held):
    booking, deposit = held
    answer = manager.post(url_of(deposit), TAKEN)
    assert (answer.status_code, answer.url) == (303, f"/staff/bookings/{booking.pk}/")
    after = now(deposit)
    assert (after.state, after.captured, after.voided) == ("captured", 300, 1700)
    assert (now(booking).deposit_status, now(booking).deposit_kept) == ("captured", 300)
    text = manager.get(answer.url).content.decode()
    assert "€300 of the deposit is captured." in text
    assert "Scratch on the left door" in text
    assert proven() == []


def test_taken_once_it_is_not_taken_twice(manager, held):
    _booking, deposit = held
    manager.post(url_of(deposit), TAKEN)
    again = manager.post(url_of(deposit), TAKEN)
    assert (again.status_code, "At most €0 is held." in again.content.decode()) == (422, True)
    assert now(deposit).captured == 300
    assert len(operations(deposit, "capture")) == 1


def test_the_desk_takes_nothing_of_it(desk, held):
    _booking, deposit = held
    assert desk.get(url_of(deposit)).status_code == 403
    assert desk.post(url_of(deposit), TAKEN).status_code == 403
    assert now(deposit).captured == 0


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"amount": "2000.01"}, "At most €2,000 is held."),
        ({"amount": "0"}, "This is no amount that can be paid."),
        ({"amount": "three hundred"}, "Enter an amount"),
        ({"reason": ""}, "Enter the reason"),
    ],
)
def test_what_cannot_be_taken_is_said(manager, held, sent, said):
    _booking, deposit = held
    answer = manager.post(url_of(deposit), TAKEN | sent)
    text = answer.content.decode()
    assert (answer.status_code, said in text, 'id="errors"' in text) == (422, True, True)
    assert (now(deposit).captured, operations(deposit, "capture")) == (0, [])


def test_the_desk_releases_it_after_it_was_asked(desk, held):
    booking, deposit = held
    page = desk.get(url_of(deposit, "release"))
    assert "Nothing of it can be taken afterwards." in page.content.decode()
    assert now(deposit).state == "authorized"
    assert desk.post(url_of(deposit, "release")).status_code == 303
    assert (now(deposit).state, now(booking).deposit_status) == ("voided", "released")
    again = desk.post(url_of(deposit, "release"))
    assert (again.status_code, "There is nothing to release." in again.content.decode()) == (422, True)
    assert desk.get(url_of(deposit, "release")).url == f"/staff/bookings/{booking.pk}/"
    assert proven() == []


def test_in_the_inbox_the_answer_replaces_the_booking(desk, held):
    booking, deposit = held
    form = desk.htmx(f"{url_of(deposit, 'release')}?next=/staff/inbox/?tab=pending")
    assert f'hx-target="#booking-{booking.pk}"' in form.content.decode()
    answer = desk.htmx(url_of(deposit, "release"), inputs(form).dict(), target=f"booking-{booking.pk}")
    text = answer.content.decode()
    assert (answer.status_code, answer["HX-Reswap"]) == (200, "none")
    assert f'id="booking-{booking.pk}"' in text
    assert "The deposit of Marta Oliveira is released." in text


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Declined("instrument_declined"), "The provider declined it (instrument_declined)."),
        (Misconfigured("401"), "The provider did not let us in"),
    ],
)
def test_a_provider_that_says_no_is_quoted_in_the_form(manager, held, monkeypatch, error, said):
    _booking, deposit = held
    monkeypatch.setattr(Sandbox, "capture", raising(error))
    answer = manager.post(url_of(deposit), TAKEN)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert [outcome for outcome, _reason in operations(deposit, "capture")] == ["refused"]
    assert now(deposit).state == "authorized"


@pytest.mark.parametrize("error", [OutcomeUnknown("timeout"), RateLimited("429")])
def test_a_provider_that_is_silent_is_asked_again_and_staff_are_told(manager, held, monkeypatch, error):
    _booking, deposit = held
    with monkeypatch.context() as patched:
        patched.setattr(Sandbox, "capture", raising(error))
        answer = manager.post(url_of(deposit), TAKEN)
    assert answer.status_code == 303
    text = manager.get(answer.url).content.decode()
    assert "The provider has not answered: we keep asking, you will see it here." in text
    assert "No answer yet" in text
    assert [outcome for outcome, _reason in operations(deposit, "capture")] == ["unknown"]
    assert manager.post(url_of(deposit), TAKEN).status_code == 303  # asks with the same request
    assert (now(deposit).captured, len(operations(deposit, "capture"))) == (300, 1)
    assert proven() == []


def test_a_silent_provider_is_told_in_the_inbox_too(desk, held, monkeypatch):
    booking, deposit = held
    monkeypatch.setattr(Sandbox, "void", raising(OutcomeUnknown("timeout")))
    sent = {"next": "/staff/inbox/?tab=all"}
    answer = desk.htmx(url_of(deposit, "release"), sent, target=f"booking-{booking.pk}")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "msg--warn" in text.partition('hx-swap-oob="innerHTML:#status"')[2]
    assert "we keep asking" in text


def test_a_provider_that_is_gone_is_a_sentence(desk, held, settings):
    _booking, deposit = held
    settings.PAYMENTS_SANDBOX = False
    answer = desk.post(url_of(deposit, "release"))
    assert (answer.status_code, "did not let us in" in answer.content.decode()) == (422, True)


def test_what_was_left_at_the_counter_goes_back_once(desk, recorded):
    booking = make_booking(start=in_days(30))
    deposit = recorded(booking, "deposit")
    text = desk.get(f"/staff/bookings/{booking.pk}/").content.decode()
    assert "Deposit returned…" in text
    assert "Release the deposit…" not in text
    assert 'name="amount" value' not in desk.get(url_of(deposit, "returned")).content.decode()
    assert desk.post(url_of(deposit, "returned")).status_code == 303
    assert (now(deposit).state, now(booking).deposit_status) == ("voided", "released")
    again = desk.post(url_of(deposit, "returned"))
    assert (again.status_code, "There is nothing to release." in again.content.decode()) == (422, True)
    assert proven() == []


def test_to_keep_a_part_of_it_is_the_managers(desk, manager, recorded):
    booking = make_booking(start=in_days(30))
    deposit = recorded(booking, "deposit")
    refused = desk.post(url_of(deposit, "returned"), TAKEN)
    assert (refused.status_code, now(deposit).state) == (403, "authorized")
    for wrong in ({"amount": "2001"}, {"reason": ""}, {"amount": "-1"}):
        assert manager.post(url_of(deposit, "returned"), TAKEN | wrong).status_code == 422
    assert manager.post(url_of(deposit, "returned"), TAKEN).status_code == 303
    after = now(deposit)
    assert (after.state, after.captured, after.voided) == ("captured", 300, 1700)
    assert manager.post(url_of(deposit, "returned"), TAKEN).status_code == 422
    assert proven() == []


def test_no_provider_is_asked_about_what_lies_in_the_drawer(manager, recorded):
    booking = make_booking(start=in_days(30))
    deposit = recorded(booking, "deposit")
    assert manager.post(url_of(deposit, "release")).status_code == 422
    assert manager.post(url_of(deposit), TAKEN).status_code == 422
    assert (operations(deposit, "void"), operations(deposit, "capture")) == ([], [])


def raising(error):
    def call(*args, **kwargs):
        raise error

    return call


def test_a_hold_that_ended_is_no_longer_offered(manager, held):
    booking, deposit = held
    with as_owner():
        type(deposit).objects.filter(pk=deposit.pk).update(
            state="expired", voided=2000, expires_at=timezone.now()
        )
    text = manager.get(f"/staff/bookings/{booking.pk}/").content.decode()
    assert "Release the deposit…" not in text
    assert "Capture the deposit…" not in text
