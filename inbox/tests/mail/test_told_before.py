"""What a return sends is said before the press that sends it, and each form says it of its own act."""

from decimal import Decimal

import pytest
from django.utils import timezone

from bookings.lifecycle.checklist import Bill, Charge, Checklist
from bookings.lifecycle.keys.returns import correct_return, mark_of, undo_return
from bookings.lifecycle.transitions import cancel, take_back
from bookings.models import Booking
from bookings.tests.support.factories import in_days, make_booking, make_manager
from bookings.tests.support.returns import BACK, back, fresh, missed, out
from exodrive.money import Money
from exodrive.rls import STAFF, acting_as, as_owner
from exodrive.tests.support.html import flat
from inbox.desk.triage.tells import sentence
from inbox.tests.views.test_by_phone import by_phone

pytestmark = pytest.mark.django_db
PERHAPS = "Marta gets the email “Booking changed” in English if the price changes, else none."
SURELY = "Marta gets the email “Booking changed” in English."


def costing(amount: int) -> Checklist:
    charge = Charge("fuel", Money(Decimal(amount), "EUR"), Money(Decimal(amount), "EUR"), "2/8")
    return Checklist(odometer=45_210, fuel=6, damage=False, bill=Bill((charge,)))


def told_changes(booking: Booking) -> int:
    with as_owner():
        return booking.emails.filter(template="booking_changed").count()


def test_a_return_sends_an_email_if_it_changes_the_price():
    for checklist, sent in ((BACK, 0), (costing(40), 1)):
        booking = out()
        assert sentence(booking, "take_back") == PERHAPS
        assert told_changes(back(booking, checklist)) == sent


def test_a_correction_sends_one_if_it_changes_the_price():
    booking = back(out())
    assert sentence(booking, "correct_return") == PERHAPS
    for checklist, sent in ((Checklist(odometer=45_220, fuel=6, damage=False), 0), (costing(40), 1)):
        with acting_as(STAFF):
            now = fresh(booking)
            correct_return(booking=now, at=timezone.now(), checklist=checklist, mark=mark_of(now))
        assert told_changes(booking) == sent


def test_undoing_a_return_sends_one_if_the_return_had_changed_the_price():
    for checklist, said, sent in ((BACK, "no email.", 0), (costing(40), SURELY, 2)):
        booking = back(out(), checklist)
        assert sentence(booking, "undo_return") == said
        with acting_as(STAFF):
            undo_return(booking=booking, at=timezone.now())
        assert told_changes(booking) == sent


def test_taking_back_the_car_of_a_booking_that_is_over_sends_none():
    booking = out()
    with acting_as(STAFF, user=make_manager()):
        cancel(booking=booking, at=timezone.now(), still_out=True)
        over = fresh(booking)
        assert sentence(over, "take_back") == "no email."
        take_back(booking=over, at=timezone.now(), checklist=BACK)
    assert told_changes(booking) == 0


FORMS = {
    "return/": (out, PERHAPS),
    "return/correction/": (lambda: back(out()), PERHAPS),
    "return/undo/": (lambda: back(out(), costing(40)), SURELY),
    "swap/": (out, SURELY),
    "no-show/": (
        lambda: make_booking(start=in_days(-1), status="active"),
        "Marta gets the email “Booking cancelled” in English.",
    ),
    "no-show/undoing/": (missed, "Marta gets the email “Booking confirmed” in English."),
    "cancellation/": (
        lambda: make_booking(start=in_days(2), status="upcoming"),
        "Marta gets the email “Booking cancelled” in English.",
    ),
}


@pytest.mark.parametrize("path", FORMS)
def test_the_form_of_an_act_says_what_its_button_sends(desk, path):
    make, said = FORMS[path]
    booking = make()
    assert said in flat(desk.get(f"/staff/bookings/{booking.pk}/{path}"))


def test_without_an_address_no_form_promises_an_email(desk):
    booking = by_phone()
    page = flat(desk.get(f"/staff/bookings/{booking.pk}/cancellation/"))
    assert "No email, there is no address." in page
    assert "gets an email" not in page
