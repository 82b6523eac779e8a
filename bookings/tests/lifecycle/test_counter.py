"""What staff may ask of a new booking that the web may not: today after the cut-off, no address, one press, no mail."""

from datetime import UTC, date, datetime, time

import pytest
from django.db import IntegrityError, transaction

from bookings.days import Days
from bookings.errors import DoNotRent, Forbidden, Invalid, RulesRefused
from bookings.lifecycle.change import change_booking
from bookings.lifecycle.change_request import ChangeRequest
from bookings.lifecycle.create import create_booking
from bookings.lifecycle.do_not_rent import lift_mark, mark_customer
from bookings.lifecycle.request import BookingRequest, Details, Person
from bookings.models import Booking, BookingEvent, Customer
from bookings.tests.support.factories import CarFactory, LocationFactory, make_desk, make_manager
from exodrive.rls import PUBLIC, STAFF, acting_as, as_owner

pytestmark = pytest.mark.django_db
WEDNESDAY = date(2031, 6, 4)
AT_15 = datetime(2031, 6, 4, 13, 7, 30, tzinfo=UTC)  # in Lyon
AT_19 = datetime(2031, 6, 4, 17, 7, tzinfo=UTC)
PHONE = "06 12 34 56 78"
BY_PHONE = Person("Yusuf Demir", "")


@pytest.fixture
def desk_user(db):
    return make_desk()


@pytest.fixture
def boss(db):
    return make_manager()


def booked(car=None, *, at, role=STAFF, user=None, days=None, who=BY_PHONE, details=None, **fields):
    days = days or Days(WEDNESDAY, WEDNESDAY)
    details = details or Details(phone=PHONE)
    request = BookingRequest(
        car=car or CarFactory(), days=days, who=who, details=details, language="en", **fields
    )
    with acting_as(role, user=user):
        return create_booking(request, at=at)


def queued(booking):
    with as_owner():
        return sorted(booking.emails.values_list("template", flat=True))


@pytest.mark.parametrize(
    "rule", [{"cut_off_hour": 12}, {"lead_time_hours": 48}, {"horizon_days": 0, "min_days": 1}]
)
def test_the_rules_of_the_web_bind_the_web(rule):
    car, days = CarFactory(**rule), Days(WEDNESDAY, date(2031, 6, 5))
    with pytest.raises(RulesRefused):
        booked(car, at=AT_15, role=PUBLIC, days=days, who=Person("Yusuf Demir", "y@example.com"))
    assert booked(car, at=AT_15, days=days).start_date == WEDNESDAY


def test_a_walk_in_gets_the_car_now(desk_user):
    assert booked(at=AT_15, user=desk_user).pickup_time == time(15, 7)


def test_a_walk_in_after_closing_time_brings_it_back_on_another_day(desk_user):
    car = CarFactory()
    with pytest.raises(Invalid):
        booked(car, at=AT_19, user=desk_user)
    booking = booked(car, at=AT_19, user=desk_user, days=Days(WEDNESDAY, date(2031, 6, 5)))
    assert booking.pickup_time == time(19, 7)


def test_opening_hours_bind_every_other_time_that_staff_type():
    with pytest.raises(Invalid) as refused:
        booked(at=AT_15, details=Details(phone=PHONE, return_time=time(18, 30)))
    assert "returnTime" in refused.value.details["fields"]


@pytest.mark.parametrize("rule", [{"min_days": 3}, {"max_days": 1}, {"status": "maintenance"}])
def test_other_rules_bind_staff_too(rule):
    with pytest.raises(RulesRefused):
        booked(CarFactory(**rule), at=AT_15, days=Days(WEDNESDAY, date(2031, 6, 5)))


def test_nobody_picks_up_yesterday():
    with pytest.raises(RulesRefused) as refused:
        booked(at=AT_15, days=Days(date(2031, 6, 3), WEDNESDAY))
    assert [reason.code for reason in refused.value.details["reasons"]] == ["past_day"]


def test_a_change_by_staff_is_past_the_rules_of_the_web_as_well():
    booking = booked(CarFactory(cut_off_hour=0, horizon_days=3), at=AT_15)
    longer = ChangeRequest(days=Days(WEDNESDAY, date(2031, 6, 14)))
    with acting_as(STAFF):
        change_booking(booking=booking, to=longer, at=AT_15)
    with as_owner():
        assert Booking.objects.get().end_date == date(2031, 6, 14)


def test_a_booking_by_phone_has_no_mailbox_and_mails_only_staff():
    booking = booked(at=AT_15)
    with as_owner():
        found = Booking.objects.select_related("customer").get(pk=booking.pk)
    assert (found.email, found.mailbox, found.customer.email) == ("", "", "")
    assert queued(booking) == ["new_booking"]


def test_two_bookings_by_one_phone_are_one_customer_however_it_is_written():
    first = booked(at=AT_15)
    second = booked(at=AT_15, details=Details(phone="0612345678"))
    other = booked(at=AT_15, details=Details(phone="06 12 34 56 79"))
    assert first.customer_id == second.customer_id != other.customer_id


@pytest.mark.parametrize("phone", ["", "12 34", "000 000 000"])
def test_without_an_address_there_is_a_phone_to_call(phone):
    with pytest.raises(Invalid) as refused:
        booked(at=AT_15, details=Details(phone=phone))
    assert list(refused.value.details["fields"]) == ["customer.email"]


def test_the_web_asks_everybody_for_an_address():
    with pytest.raises(Invalid) as refused:
        booked(at=AT_15, role=PUBLIC)
    assert list(refused.value.details["fields"]) == ["customer.email"]


def test_the_database_keeps_no_booking_that_nobody_can_be_told_of():
    booking = booked(at=AT_15)
    for change in ({"phone": ""}, {"email": "a@b.de"}):
        with as_owner(), pytest.raises(IntegrityError), transaction.atomic():
            Booking.objects.filter(pk=booking.pk).update(**change)
    with as_owner(), pytest.raises(IntegrityError), transaction.atomic():
        Customer.objects.update(phone="none")


def test_the_phone_of_a_booking_without_an_address_stays_one():
    booking = booked(at=AT_15)
    with acting_as(STAFF), pytest.raises(Invalid) as refused:
        change_booking(booking=booking, to=ChangeRequest(details=Details(phone="")), at=AT_15)
    assert list(refused.value.details["fields"]) == ["phone"]


def test_one_press_makes_and_confirms_with_one_mail(desk_user):
    with_address = Person("Yusuf Demir", "yusuf@example.com")
    booking = booked(at=AT_15, user=desk_user, who=with_address, confirmed=True)
    with as_owner():
        found = Booking.objects.get(pk=booking.pk)
        assert (found.status, found.inbox_items.get().status) == ("upcoming", "done")
        assert [move.to_status for move in found.changes.all()] == ["pending", "upcoming"]
        assert set(found.ledger.values_list("status", flat=True)) == {"booked"}
    assert queued(booking) == ["booking_confirmed", "new_booking"]


def test_no_mail_is_about_the_making_alone_and_stands_in_the_history(desk_user):
    with_address = Person("Yusuf Demir", "yusuf@example.com")
    days = Days(WEDNESDAY, date(2031, 6, 5))
    booking = booked(at=AT_15, user=desk_user, who=with_address, confirmed=True, silent=True, days=days)
    assert queued(booking) == ["new_booking"]
    with as_owner():
        event = BookingEvent.objects.get(booking=booking)
    assert (event.kind, event.actor) == ("not_mailed", desk_user)
    with acting_as(STAFF):
        change_booking(
            booking=Booking.objects.get(pk=booking.pk),
            to=ChangeRequest(details=Details(return_time=time(12))),
            at=AT_15,
        )
    assert queued(booking) == ["booking_changed", "new_booking"]


@pytest.mark.parametrize("wish", ["confirmed", "silent"])
def test_customers_neither_confirm_nor_silence_their_bookings(wish):
    with pytest.raises(Forbidden):
        booked(at=AT_15, role=PUBLIC, who=Person("Yusuf Demir", "y@example.com"), **{wish: True})


def marked(booking, boss, reason="Left a car in a field"):
    with acting_as(STAFF, user=boss):
        return mark_customer(booking=booking, reason=reason)


@pytest.mark.parametrize(
    ("who", "phone"),
    [
        (Person("Y. Demir", "Yusuf@Example.com"), ""),
        (Person("Somebody Else", "other@example.com"), "+33 6 12 34 56 78"),
        (BY_PHONE, "0612345678"),
    ],
)
def test_whom_a_manager_marked_the_desk_cannot_book_and_a_manager_can_with_a_reason(
    desk_user, boss, who, phone
):
    mark = marked(booked(at=AT_15, who=Person("Yusuf Demir", "yusuf@example.com")), boss)
    again = {"at": AT_15, "who": who, "details": Details(phone=phone)}
    for user in (desk_user, boss):
        with pytest.raises(DoNotRent) as refused:
            booked(user=user, **again)
        assert "Left a car in a field." in str(refused.value.message)
    with pytest.raises(Forbidden):
        booked(user=desk_user, override="He is sorry", **again)
    assert booked(user=boss, override="He is sorry", **again).pk
    with acting_as(STAFF, user=boss):
        lift_mark(mark=mark, at=AT_15)
    assert booked(user=desk_user, **again).pk


def test_the_public_never_learns_of_a_mark(boss):
    who = Person("Yusuf Demir", "yusuf@example.com")
    marked(booked(at=AT_15, who=who), boss)
    later = Days(date(2031, 6, 10), date(2031, 6, 10))
    booking = booked(at=AT_15, role=PUBLIC, who=who, days=later)
    assert (booking.status, queued(booking)) == ("pending", ["booking_received", "new_booking"])


def test_the_desk_marks_nobody_by_verb_or_by_sql(desk_user, boss):
    booking = booked(at=AT_15)
    with acting_as(STAFF, user=desk_user), pytest.raises(Forbidden):
        mark_customer(booking=booking, reason="Because")
    mark = marked(booking, boss)
    with acting_as(STAFF, user=desk_user), pytest.raises(Forbidden):
        lift_mark(mark=mark, at=AT_15)
    with acting_as(STAFF, user=desk_user):
        assert type(mark).objects.update(lifted_at=AT_15) == 0


def test_a_place_that_is_closed_binds_staff():
    place = LocationFactory()
    with as_owner():
        place.opening_hours.filter(weekday=WEDNESDAY.weekday()).delete()
    with pytest.raises(RulesRefused):
        booked(CarFactory(location=place), at=AT_15)
