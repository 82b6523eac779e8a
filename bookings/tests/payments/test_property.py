"""Random orders of all that customers, providers, staff and jobs do about money. Whatever came first, once the reconciler
rests, every sum and every day is right, nobody has paid twice, and nothing is kept of what is over but its fee."""

from datetime import timedelta
from decimal import ROUND_DOWN, Decimal
from uuid import uuid4

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from bookings.days import Days
from bookings.errors import BookingError
from bookings.lifecycle.change import change_booking
from bookings.lifecycle.change_request import ChangeRequest
from bookings.lifecycle.due import expire_unpaid
from bookings.lifecycle.transitions import cancel
from bookings.models import Booking, Payment, Refund
from bookings.payments.provider import ProviderError
from bookings.payments.reconciler import reconcile
from bookings.payments.sandbox import bank
from bookings.payments.terms import fee_owed
from bookings.tests.support.cashier import (
    as_provider,
    come_back,
    come_to_rest,
    handle_reports,
    mails,
    now,
    proven,
    refund,
    report,
    start,
)
from bookings.tests.support.examples import budget, taken_back
from bookings.tests.support.factories import CarFactory, in_days, make_booking
from exodrive.money import Money
from exodrive.rls import PUBLIC, SERVICE, STAFF, acting_as, as_owner

pytestmark = pytest.mark.django_db
# The last digit of a price scripts the sandbox: at 240.01 a day, one day is declined and two are checked for a while.
RATES = ("240.00", "240.01")
SOON, FAR = 3, 30  # days until the pick-up: cancelling costs all of it, or nothing


class Story:
    """One booking and what happens to its money. A deed that is refused changes nothing and the story goes on."""

    def __init__(self, rate, ahead, length):
        car = CarFactory(daily_rate=rate, weekend_rate=rate, deposit="500.00")
        self.at, self.days = timezone.now(), in_days(ahead)
        self.booking = make_booking(car=car, start=self.days, length=length)
        self.payments, self.told = [], []

    def some(self, n):
        return self.payments[n % len(self.payments)] if self.payments else None

    # --- The customer ---

    def begin(self, n):
        payment = start(now(self.booking), at=self.at)
        if payment.pk not in {known.pk for known in self.payments}:
            self.payments.append(payment)

    def approve(self, n):
        if payment := self.some(n):
            bank.approve(payment.pk)

    def decline(self, n):
        if payment := self.some(n):
            bank.decline(payment.pk)

    def come_back(self, n):
        if payment := self.some(n):
            come_back(payment, self.at)

    def pay(self, n):
        self.begin(n)
        self.approve(-1)
        self.come_back(-1)

    def close_tab(self, n):
        """Agreed, and never seen again."""
        self.begin(n)
        self.approve(-1)

    def cancel(self, n):
        with acting_as(PUBLIC, token=self.booking.secret):
            mine = Booking.objects.select_related("car__location").get(pk=self.booking.pk)
            cancel(booking=mine, at=self.at)

    # --- The provider ---

    def report(self, n):
        if payment := self.some(n):
            self.told.append((payment, uuid4().hex[:20]))
            report(*self.told[-1])
            handle_reports(self.at)

    def report_twice(self, n):
        if self.told:
            report(*self.told[n % len(self.told)])
            handle_reports(self.at)

    def report_late(self, n):
        """It is kept, and handled when the worker comes by."""
        if payment := self.some(n):
            report(payment)

    def refund_elsewhere(self, n):
        """In the provider's dashboard, which reports it in the end."""
        if payment := self.some(n):
            with bank.changing(payment.pk) as (order, _done):
                part = (Money(order.amount, order.currency) * (n % 3 + 1) / 4).rounded()
                bank.give_back(order, part, uuid4().hex)
            report(payment)

    # --- Staff and jobs ---

    def refund(self, n):
        if payment := self.some(n):
            refund(payment, str((now(payment).amount / (n % 3 + 1)).quantize(Decimal("0.01"), ROUND_DOWN)))

    def cancel_as_staff(self, n):
        with acting_as(STAFF):
            cancel(
                booking=Booking.objects.select_related("car__location").get(pk=self.booking.pk), at=self.at
            )

    def change_days(self, n):
        with acting_as(STAFF):
            mine = Booking.objects.select_related("car__location").get(pk=self.booking.pk)
            to = ChangeRequest(car=mine.car, days=Days.starting(self.days, n % 5 + 1))
            change_booking(booking=mine, to=to, at=self.at)

    def reconcile(self, n):
        self.at += timedelta(minutes=2)
        with acting_as(SERVICE, actor="job"):
            reconcile(self.at)

    def expire(self, n):
        with acting_as(SERVICE, actor="job"):
            expire_unpaid(self.at + timedelta(hours=3))


DEEDS = [name for name in vars(Story) if not name.startswith("_") and name != "some"]
STEP = st.tuples(st.sampled_from(DEEDS), st.integers(0, 5))


def tell(story, steps):
    for deed, n in steps:
        try:
            getattr(story, deed)(n)
        except (BookingError, ProviderError):
            pass


def assert_right(story):
    booking = now(story.booking)
    with as_provider():
        payments = list(Payment.objects.filter(booking=booking, purpose="rental"))
        live = Refund.objects.filter(state__in=Refund.LIVE).exists()
        held = Payment.objects.filter(booking=booking, state__in=["authorized", *Payment.OPEN]).exists()
        fee = fee_owed(booking)
    kept = Money.sum((row.kept for row in payments), booking.currency)
    assert proven() == []
    assert not live
    assert kept == booking.paid_money
    for row in payments:
        order = bank.find(row.pk)
        assert (row.captured, row.refunded) == (order.captured, bank.refunded(order))
    if booking.status in ("cancelled", "refunded"):
        assert kept <= fee
        assert not held
        assert (booking.status == "refunded") == bool(booking.refunded and not booking.paid)
    else:
        assert kept <= booking.total_money
        assert booking.status != "pending" or kept < booking.total_money
    assert mails(booking)["payment_receipt"] == sum(1 for row in payments if row.captured)


def test_whatever_happens_in_whatever_order_the_money_is_right(soak):
    @budget(400 if soak else 15)
    @given(
        st.sampled_from(RATES),
        st.sampled_from([SOON, FAR]),
        st.integers(1, 5),
        st.lists(STEP, min_size=4, max_size=14),
    )
    def run(rate, ahead, length, steps):
        with taken_back():
            story = Story(rate, ahead, length)
            tell(story, steps)
            come_to_rest(story.at)
            assert_right(story)

    run()


STORIES = {
    "declined, tried again, declined": ["begin", "decline", "come_back", "decline", "report"],
    "paid after the end": ["begin", "expire", "approve", "come_back"],
    "tab closed, then cancelled": ["close_tab", "cancel", "report"],
    "cancelled while the page is open, then agreed": ["begin", "cancel", "approve", "come_back"],
    "paid, cheaper, cancelled": ["pay", "change_days", "reconcile", "cancel"],
    "refunded here and there": ["pay", "refund_elsewhere", "refund", "report", "reconcile"],
    "refunded here and there at once": [
        "pay",
        "refund",
        "refund_elsewhere",
        "report_late",
        "cancel_as_staff",
    ],
    "dearer, paid again": ["pay", "change_days", "pay", "change_days", "reconcile"],
}


@pytest.mark.parametrize(("n", "ahead"), [(0, SOON), (4, FAR)])
@pytest.mark.parametrize("name", STORIES)
def test_it_is_right_after(name, n, ahead):
    story = Story(RATES[0], ahead, 3)
    tell(story, [(deed, n) for deed in STORIES[name]])
    come_to_rest(story.at)
    assert_right(story)


def test_a_story_that_ends_wrong_would_be_noticed():
    """The control: money that nobody gave back."""
    story = Story(RATES[0], FAR, 3)
    story.pay(0)
    story.cancel(0)
    come_to_rest(story.at)
    assert_right(story)
    with as_owner():
        Payment.objects.filter(purpose="rental").update(refunded=0)
    with pytest.raises(AssertionError):
        assert_right(story)
