"""How a change is priced, and what managers adjust: who may, what it comes to, and that it stays."""

from decimal import Decimal

import pytest
from django.utils import timezone

from bookings.days import Days
from bookings.errors import ChangedMeanwhile, Forbidden, Invalid, PriceChanged
from bookings.lifecycle.change import change_booking
from bookings.lifecycle.change_request import ChangeRequest
from bookings.lifecycle.create import create_booking
from bookings.lifecycle.pricing.adjusting import Adjustment
from bookings.lifecycle.pricing.agreed import Agreed
from bookings.lifecycle.pricing.quote_request import quote_of
from bookings.lifecycle.pricing.repricing import price_today
from bookings.lifecycle.request import BookingRequest, Details
from bookings.models import Booking, BookingChange, Refund
from bookings.payments.audit import check_money
from bookings.payments.settle import settle
from bookings.tests.support.factories import (
    MARTA,
    CarFactory,
    LocationFactory,
    in_days,
    make_booking,
    make_desk,
    make_extra,
    make_manager,
    pay_at_the_counter,
)
from cars.models import Car, Fee
from cars.pricing.agreed import Pricing
from exodrive.money import Money
from exodrive.rls import PUBLIC, SERVICE, STAFF, acting_as, as_owner
from exodrive.tests.support.money import eur

pytestmark = pytest.mark.django_db


def span(length, start=10):
    return Days.starting(in_days(start), length)


@pytest.fixture
def desk():
    return make_desk()


@pytest.fixture
def manager():
    return make_manager()


@pytest.fixture
def booking():
    """Four days at €240, which cost €300 by now."""
    booking = make_booking(car=CarFactory(daily_rate="240.00"), start=in_days(10))
    with as_owner():
        Car.objects.update(daily_rate="300.00")
    return booking


def change(booking, user=None, *, preview=False, **to):
    who = {"user": user} if user else {"token": booking.secret}
    with acting_as(STAFF if user else PUBLIC, **who):
        mine = Booking.objects.get(pk=booking.pk)
        mine.secret = booking.secret
        return change_booking(booking=mine, to=ChangeRequest(**to), at=timezone.now(), preview=preview)


def read(booking):
    with as_owner():
        return Booking.objects.get(pk=booking.pk)


def total(booking, user, **to):
    return change(booking, user, preview=True, **to).after.total


def test_an_extension_is_priced_as_staff_choose(booking, manager):
    longer = {"days": span(6)}
    assert total(booking, manager, **longer) == eur(960 + 600)
    assert total(booking, manager, **longer, pricing=Pricing.ADDED) == eur(1560)
    assert total(booking, manager, **longer, pricing=Pricing.KEPT) == eur(960)
    assert total(booking, manager, **longer, pricing=Pricing.TODAY) == eur(1800)
    assert total(booking, manager, pricing=Pricing.TODAY) == eur(1200)


def test_a_swap_by_us_costs_nothing_not_even_the_fees_of_the_other_place(booking, desk):
    there = LocationFactory()
    other = CarFactory(daily_rate="500.00", location=there)
    with as_owner():
        Fee.objects.create(name="Airport", kind="other", amount="35.00", location=there)
    to = {"car": other, "details": Details(pick_up=there, drop_off=there)}
    assert total(booking, desk, **to) == eur(960)
    assert total(booking, desk, **to, pricing=Pricing.KEPT) == eur(960)
    assert total(booking, desk, **to, pricing=Pricing.ADDED) == eur(995)
    assert total(booking, desk, **to, customers_wish=True) == eur(2035)
    assert total(booking, desk, **to, days=span(5)) == eur(960 + 500 + 35)


def test_the_desk_gives_nothing_away_and_keeps_what_costs_no_more(booking, desk):
    seat = make_extra(price="5.00", stock=3)
    for gift in ({"days": span(5)}, {"details": Details(extras=((seat, 1),))}):
        with pytest.raises(Forbidden, match="for nothing"):
            change(booking, desk, **gift, pricing=Pricing.KEPT)
    kept = change(booking, desk, days=span(3), pricing=Pricing.KEPT)
    assert (kept.after.total, kept.difference) == (eur(960), eur(0))
    assert read(booking).as_quoted.lines[-1].label == "Price kept as booked"
    assert total(booking, desk, days=span(5), pricing=Pricing.TODAY) == eur(1500)


def test_customers_choose_no_pricing_and_adjust_nothing(booking):
    for wish in ({"pricing": Pricing.KEPT}, {"adjustment": Adjustment(eur(-5), "Please")}):
        with pytest.raises(Forbidden):
            change(booking, days=span(5), **wish)
    asked = BookingRequest(CarFactory(), span(2), MARTA, adjustment=Adjustment(eur(-5), "Please"))
    with acting_as(PUBLIC), pytest.raises(Forbidden):
        create_booking(asked, at=timezone.now())


def test_an_adjustment_stays_through_every_change_until_a_manager_takes_it_off(booking, desk, manager):
    line = Adjustment(eur(-60), "Dirty\n car ")
    done = change(booking, manager, adjustment=line)
    assert (done.difference, read(booking).total) == (eur(-60), 900)
    assert read(booking).as_quoted.lines[-1].label == "Adjustment: Dirty car"
    change(booking, desk, days=span(5))
    change(booking, days=span(3))
    with acting_as(STAFF, user=desk):
        assert price_today(Booking.objects.prefetch_related("extras__extra").get(pk=booking.pk)).total == eur(
            840
        )
    change(booking, desk, pricing=Pricing.TODAY)
    assert (read(booking).total, read(booking).as_quoted.lines[-1].amount) == (840, eur(-60))
    off = Adjustment(eur(0))
    with pytest.raises(Forbidden):
        change(booking, desk, adjustment=off)
    assert change(booking, manager, adjustment=off).difference == eur(60)
    rows = revisions(booking)
    assert [(row.before["adjustment"], row.after["adjustment"]) for row in (rows[0], rows[-1])] == [
        ("0.00", "-60.00"),
        ("-60.00", "0.00"),
    ]
    assert (rows[0].reason, rows[3].after["pricing"]) == ("Dirty car", "today")


def revisions(booking):
    with as_owner():
        return list(BookingChange.objects.filter(booking=booking))


@pytest.mark.parametrize(
    ("line", "field", "words"),
    [
        (Adjustment(eur(-5), " \u200b"), "adjustment.reason", "why"),
        (Adjustment(eur(5), "x" * 201), "adjustment.reason", "at most 200"),
        (Adjustment(eur(5), "a\0b" + "x" * 199), "adjustment.reason", "at most 200"),
        (Adjustment(eur("-960.01"), "Ours"), "adjustment.amount", "below zero"),
        (Adjustment(eur("0.005"), "Ours"), "adjustment.amount", "at most seven digits"),
        (Adjustment(eur(10**7), "Ours"), "adjustment.amount", "at most seven digits"),
        (Adjustment(Money(Decimal(5), "CHF"), "Ours"), "adjustment.amount", "in EUR"),
    ],
)
def test_an_adjustment_that_cannot_be_is_refused_in_words(booking, manager, line, field, words):
    with pytest.raises(Invalid) as refusal:
        change(booking, manager, adjustment=line)
    assert words in str(refusal.value.details["fields"][field][0])
    assert revisions(booking) == []


def test_a_change_that_leaves_less_than_the_discount_is_refused(booking, desk, manager):
    change(booking, manager, adjustment=Adjustment(eur(-500), "Ours"))
    with pytest.raises(Invalid) as refusal:
        change(booking, desk, days=span(2))
    assert "below zero" in str(refusal.value.details["fields"]["adjustment.amount"][0])
    assert read(booking).days == span(4)


def test_naming_the_same_adjustment_again_changes_nothing(booking, manager):
    line = Adjustment(eur(-60), "Dirty car")
    change(booking, manager, adjustment=line)
    change(booking, manager, adjustment=line)
    assert len(revisions(booking)) == 1


def test_an_adjustment_that_somebody_else_changed_is_looked_at_again(booking, manager):
    seen = read(booking)
    change(booking, manager, adjustment=Adjustment(eur(-60), "Dirty car"))
    with pytest.raises(ChangedMeanwhile):
        change(booking, manager, adjustment=Adjustment(eur(-10), "Late"), seen=seen)
    assert read(booking).total == 900


def test_a_new_booking_costs_what_its_quote_said_with_everything_in_it(manager):
    car, there = CarFactory(daily_rate="100.00"), LocationFactory()
    seat = make_extra(price="5.00", per="day", stock=3)
    with as_owner():
        for kind, amount in (("one_way", "90.00"), ("delivery", "30.00"), ("young_driver", "7.00")):
            Fee.objects.create(
                name=kind, kind=kind, amount=amount, below_age=26 if kind == "young_driver" else None
            )
    details = Details(
        drop_off=there, extras=((seat, 1),), delivery=True, delivery_address="Rua 1", driver_age=25
    )
    asked = BookingRequest(car, span(2), MARTA, details, adjustment=Adjustment(eur(-20), "Regular"))
    with acting_as(STAFF, user=manager):
        price = quote_of(asked)
        booking = create_booking(asked, at=timezone.now())
    assert price.total == eur(200 + 90 + 30 + 7 + 10 - 20)
    assert booking.as_quoted == price
    assert booking.total == price.total.amount


def test_a_price_that_changed_since_staff_were_shown_it_is_asked_for_again(manager, desk):
    car = CarFactory(daily_rate="100.00")
    asked = BookingRequest(car, span(2), MARTA, agreed=Agreed(eur(200)))
    dearer = BookingRequest(
        car, span(2), MARTA, agreed=Agreed(eur(200)), adjustment=Adjustment(eur(5), "Why")
    )
    with acting_as(STAFF, user=manager), pytest.raises(PriceChanged):
        create_booking(dearer, at=timezone.now())
    with acting_as(STAFF, user=desk), pytest.raises(Forbidden):
        create_booking(dearer, at=timezone.now())
    with acting_as(STAFF, user=desk):
        assert create_booking(asked, at=timezone.now()).total == 200


def test_fees_made_after_the_booking_are_not_owed_for_what_was_agreed(booking, desk):
    """Whoever changes it: per rental not at all, per day for added days alone."""
    with as_owner():
        Fee.objects.create(name="Cleaning", kind="cleaning", amount="40.00")
        Fee.objects.create(name="Parking", kind="other", amount="3.00", per="day")
    for user in (desk, None):
        assert total(booking, user, days=span(6)) == eur(960 + 2 * 303)
        assert total(booking, user, days=span(3)) == eur(720)
        assert total(booking, user, details=Details(phone="+351 1")) == eur(960)


def test_what_was_paid_too_much_after_an_adjustment_goes_back(booking, manager):
    at = timezone.now()
    with acting_as(STAFF, user=manager):
        paid = pay_at_the_counter(booking, at)
    change(booking, manager, adjustment=Adjustment(eur(-60), "Dirty car"))
    with acting_as(SERVICE):
        settle(booking.pk, at=at)
        assert check_money() == []
    with as_owner():
        assert [refund.amount for refund in paid.refunds.all()] == [60]
        assert read(booking).amount_due == eur(0)


def test_what_was_paid_in_two_parts_was_not_paid_twice_when_the_price_falls(booking, manager):
    """A smaller second payment, for a day that was added, would fit into what comes back."""
    at = timezone.now()
    with acting_as(STAFF, user=manager):
        pay_at_the_counter(booking, at)
    change(booking, manager, days=span(5))
    with acting_as(STAFF, user=manager):
        second = pay_at_the_counter(read(booking), at)
    change(booking, manager, adjustment=Adjustment(eur(-400), "Broke down"))
    with acting_as(SERVICE):
        settle(booking.pk, at=at)
    with as_owner():
        refunds = Refund.objects.filter(payment__booking=booking).values_list("amount", "reason")
        assert sorted(refunds) == [(100, "The booking costs less now"), (300, "The booking costs less now")]
        second.refresh_from_db()
    assert second.problem == ""
