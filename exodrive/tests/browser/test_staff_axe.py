"""The staff pages under axe and the content security policy, narrow and wide, light and dark."""

import pytest
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import expect

from bookings.models import Block, Booking, Payment
from bookings.payments import manual
from bookings.payments.ledger import lock_payment
from bookings.payments.problems import raise_problem
from bookings.payments.refunds import ask_refund
from bookings.tests.support.factories import (
    CarFactory,
    in_days,
    make_block,
    make_booking,
    make_hold,
    pay_at_the_counter,
)
from bookings.tests.support.returns import back, out
from exodrive.rls import STAFF, acting_as, as_owner
from exodrive.tests.browser.axe import audit, schemes
from exodrive.tests.browser.test_staff import sign_in, three_waiting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def busy_fleet() -> Booking:
    """Something of everything on the screens."""
    three_waiting()
    car = CarFactory(buffer_days=1, location=CarFactory().location)
    booking = make_booking(
        car=car, start=in_days(-5), length=3, status="active", special_requests="A child seat"
    )
    make_booking(car=car, start=in_days(1), length=1, status="upcoming")
    make_hold(car=car, start=in_days(4), length=2)
    make_block(car=car, start=in_days(8), length=2)
    make_booking(start=in_days(-3), length=2, status="completed")
    return booking


def with_money() -> tuple[Booking, Payment]:
    """A rental in cash, a part of which is owed, a deposit that is held, and a problem."""
    booking, at = make_booking(start=in_days(9)), timezone.now()
    with acting_as(STAFF):
        rental = pay_at_the_counter(booking, at)
        manual.record_payment(
            booking=booking, amount=booking.deposit_money, means="terminal", purpose="deposit", at=at
        )
        ask_refund(payment_id=rental.pk, amount=rental.kept / 2, reason="The car came late")
        with transaction.atomic():
            raise_problem(lock_payment(rental.pk), Payment.Problem.PAID_TWICE)
    return booking, rental


@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing(new_page, width, soak):
    booking = busy_fleet()
    paid, rental = with_money()
    with as_owner():
        block = Block.objects.get()
    page = new_page(width=width)
    problems: dict[str, list[str]] = {}

    def look(path: str) -> None:
        page.goto(path)
        for scheme in schemes(width, soak):
            if found := audit(page, scheme):
                problems[f"{path}, {scheme}"] = found

    look("/staff/login/")
    sign_in(page)
    driven, waits = out(start=in_days(-8)), make_booking(start=in_days(-1), status="active")
    came_back = back(out())
    laid_out_by_width = [
        "/staff/inbox/",
        f"/staff/bookings/{booking.pk}/",
        f"/staff/bookings/{paid.pk}/",
        "/staff/payments/",
        "/staff/today/",
        "/staff/figures/",
        "/staff/maintenance/",
        "/staff/calendar/?view=timeline",
        "/staff/calendar/?view=list",
        f"/staff/bookings/new/?car={booking.car_id}&start={in_days(1)}",
    ]
    others = [
        "/staff/inbox/?tab=all",
        f"/staff/bookings/{booking.pk}/cancellation/",
        f"/staff/bookings/{paid.pk}/handover/",
        f"/staff/bookings/{booking.pk}/do-not-rent/",
        f"/staff/bookings/{booking.pk}/payment/",
        f"/staff/bookings/{driven.pk}/return/",
        f"/staff/bookings/{came_back.pk}/return/correction/",
        f"/staff/bookings/{waits.pk}/no-show/",
        f"/staff/payments/{rental.pk}/refund/",
        "/staff/account/",
        "/staff/account/second-step/",
        "/staff/security/",
        f"/staff/cars/{booking.car_id}/bookings/",
        f"/staff/blocks/{block.pk}/removal/",
        f"/staff/closing/?day={in_days(1)}",
    ]
    # The short run looks at the others on a phone only.
    for path in [*laid_out_by_width, *(others if soak or width == 390 else [])]:
        look(path)
    assert problems == {}


@pytest.mark.parametrize("path", ["/admin/", "/admin/bookings/booking/", "/admin/cars/car/add/"])
def test_the_admin_keeps_the_content_security_policy(page, path):
    make_booking()
    sign_in(page)
    assert page.goto(path).status in (200, 403)
    expect(page.locator("body")).to_be_visible()
