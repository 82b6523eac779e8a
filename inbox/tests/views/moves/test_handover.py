"""Giving the keys on the staff pages: a short form first, on the day or by somebody who means it, and the way back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.lifecycle.keys.handover import hand_over
from bookings.models import Booking
from bookings.payments import manual
from bookings.tests.support.factories import CarFactory, in_days, make_booking, make_desk, pay_at_the_counter
from exodrive.i18n.formats import day_full
from exodrive.rls import STAFF, acting_as, as_owner
from exodrive.tests.support.html import flat

pytestmark = pytest.mark.django_db
CHECKOUT = {"odometer": "45010", "fuel": "8", "licence_seen": "on"}
BACK = {"odometer": "45210", "fuel": "6", "damage": "no"}


def now(booking):
    with as_owner():
        return Booking.objects.get(pk=booking.pk)


def page(booking, what="handover"):
    return f"/staff/bookings/{booking.pk}/{what}/"


def give(booking, at=None, **fields):
    with acting_as(STAFF):
        return hand_over(booking=booking, at=at or timezone.now(), **fields)


def due_today(**fields):
    return make_booking(start=in_days(0), status=fields.pop("status", "upcoming"), **fields)


def out_and_next():
    car = CarFactory()
    late = make_booking(car=car, start=in_days(-5), length=3, status="active")
    booking = due_today(car=car)  # nobody books for today a car that is out
    return give(late, timezone.now() - timedelta(days=1)), booking


def test_a_press_on_hand_over_asks_and_does_nothing_yet(desk):
    booking = due_today()
    for answer in (desk.get(page(booking)), desk.htmx(page(booking), target="panel")):
        text = flat(answer)
        assert all(
            f'name="{field}"' in text for field in ("odometer", "fuel", "licence_seen", "note", "from")
        )
        assert 'name="early"' not in text
    assert now(booking).handed_over_at is None


def test_the_check_is_kept_and_shown(desk):
    booking = due_today()
    data = CHECKOUT | {"from": "upcoming", "deposit_taken": "on", "note": "Stone chip, bonnet"}
    answer = desk.post(page(booking), data)
    assert (answer.status_code, answer.url) == (303, f"/staff/bookings/{booking.pk}/")
    kept = now(booking)
    assert (
        kept.status,
        kept.pickup_odometer_km,
        kept.pickup_fuel_eighths,
        kept.licence_seen,
        kept.deposit_taken,
        kept.pickup_note,
    ) == ("active", 45_010, 8, True, True, "Stone chip, bonnet")
    text = flat(desk.get(answer.url))
    for words in (
        "45,010",
        "Stone chip, bonnet",
        "Marta Oliveira has the car.",
        "Car handed over (Inès Laurent)",
    ):
        assert words in text


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ("odometer", "Enter the odometer reading"),
        ("fuel", "Choose how full it is"),
        ("licence_seen", "Tick that you have seen the driving licence"),
    ],
)
def test_a_check_with_holes_is_a_422_and_loses_nothing_typed(desk, missing, sentence):
    booking = due_today()
    data = {name: value for name, value in CHECKOUT.items() if name != missing}
    answer = desk.post(page(booking), data | {"from": "upcoming", "note": "Stone chip"})
    text = flat(answer)
    assert answer.status_code == 422
    assert sentence in text
    assert "There is a problem" in text
    assert "Stone chip" in text
    assert now(booking).handed_over_at is None


def test_a_deposit_that_is_held_is_shown_and_not_asked_for(desk):
    booking = due_today()
    assert 'name="deposit_taken"' in flat(desk.get(page(booking)))
    with acting_as(STAFF):
        pay_at_the_counter(booking, timezone.now())
        mine = Booking.objects.get(pk=booking.pk)
        manual.record_payment(
            booking=mine, amount=mine.deposit_money, means="cash", purpose="deposit", at=timezone.now()
        )
    text = flat(desk.get(page(booking)))
    assert 'name="deposit_taken"' not in text
    assert "€2,000</span>, Held" in text


# --- Early -----------------------------------------------------------------------------------------------------------


def test_before_the_pick_up_day_no_row_hands_over_and_the_panel_only_quietly(desk):
    booking = make_booking(start=in_days(8), status="upcoming")
    row = flat(desk.get("/staff/inbox/?tab=upcoming")).partition('<ul class="list"')[2].partition("</ul>")[0]
    assert booking.reference in row
    assert "handover" not in row
    panel = flat(desk.get(f"/staff/bookings/{booking.pk}/"))
    assert "Hand over early…" in panel
    assert "Hand over car" not in panel
    today = flat(desk.get(f"/staff/bookings/{due_today().pk}/"))
    assert "Hand over car" in today


def test_an_early_hand_over_names_the_day_and_is_confirmed(desk):
    booking = make_booking(start=in_days(8), status="upcoming")
    words = f"The rental of Marta Oliveira begins on {day_full(in_days(8))}, in 8 days. The car leaves today."
    assert words in flat(desk.get(page(booking)))
    answer = desk.post(page(booking), CHECKOUT | {"from": "upcoming"})
    assert answer.status_code == 422
    assert "Tick that the car leaves early" in flat(answer)
    assert now(booking).status == "upcoming"
    assert desk.post(page(booking), CHECKOUT | {"from": "upcoming", "early": "on"}).status_code == 303
    assert (now(booking).status, now(booking).out_from) == ("active", in_days(0))


def test_an_early_hand_over_on_days_of_somebody_else_says_so_and_keeps_what_was_typed(desk):
    booking = make_booking(start=in_days(8), status="upcoming")
    make_booking(car=booking.car, start=in_days(2), length=2)
    answer = desk.post(page(booking), CHECKOUT | {"from": "upcoming", "early": "on"})
    assert answer.status_code == 409
    assert "The car cannot leave early" in flat(answer)
    assert 'value="45010"' in flat(answer)


# --- Out -------------------------------------------------------------------------------------------------------------


def test_a_car_that_is_out_is_named_with_what_to_do(desk):
    late, booking = out_and_next()
    for answer in (
        desk.get(page(booking)),
        desk.post(page(booking), CHECKOUT | {"from": "upcoming"}),
        desk.htmx(page(booking), CHECKOUT | {"from": "upcoming"}, target=f"booking-{booking.pk}"),
    ):
        text = flat(answer)
        assert f'href="/staff/bookings/{late.pk}/"' in text
        assert f'href="/staff/bookings/{late.pk}/return/"' in text
        assert f'href="/staff/bookings/{booking.pk}/change/"' in text
    assert answer.status_code == 409
    assert 'value="45010"' in text
    assert now(booking).handed_over_at is None


# --- Undo ------------------------------------------------------------------------------------------------------------


def test_a_hand_over_is_undone_from_the_panel_for_a_quarter_of_an_hour(desk):
    booking = due_today()
    desk.post(page(booking), CHECKOUT | {"from": "upcoming"})
    assert "Undo the hand-over" in flat(desk.get(f"/staff/bookings/{booking.pk}/"))
    answer = desk.post(page(booking, "handover/undoing"), {"from": "active"})
    text = flat(desk.get(answer.url))
    assert "The hand-over is undone: Marta Oliveira does not have the car." in text
    assert "Hand-over undone (Inès Laurent)" in text
    assert "Undo the hand-over" not in text
    assert (now(booking).status, now(booking).is_out) == ("active", False)
    late = give(due_today(), timezone.now() - timedelta(minutes=16))
    assert "Undo the hand-over" not in flat(desk.get(f"/staff/bookings/{late.pk}/"))
    refusal = desk.post(page(late, "handover/undoing"), {"from": "active"})
    assert refusal.status_code == 400
    assert "This can be undone for 15 minutes only." in flat(refusal)


def test_undoing_an_early_one_says_so_in_the_history(desk):
    booking = make_booking(start=in_days(8), status="upcoming")
    desk.post(page(booking), CHECKOUT | {"from": "upcoming", "early": "on"})
    answer = desk.htmx(
        page(booking, "handover/undoing"),
        {"from": "active", "next": "/staff/inbox/?tab=upcoming"},
        target=f"booking-{booking.pk}",
    )
    text = flat(answer)
    assert "Inès Laurent moved it from Active to Upcoming" in text
    assert "Hand-over undone" in text
    assert now(booking).status == "upcoming"


def test_two_presses_hand_over_once_and_a_colleagues_second_one_is_told(desk):
    booking = due_today()
    data = CHECKOUT | {"from": "upcoming"}
    assert [desk.post(page(booking), data).status_code for _press in range(2)] == [303, 303]
    with as_owner():
        assert booking.events.filter(kind="handed_over").count() == 1
    other = due_today()
    with acting_as(STAFF, user=make_desk(full_name="Luc Petit")):
        hand_over(booking=other, at=timezone.now())
    answer = desk.post(page(other), data)
    assert answer.status_code == 409
    assert "Luc Petit moved this booking to Active" in flat(answer)


# --- Cancelling ------------------------------------------------------------------------------------------------------


def test_the_desk_is_led_to_the_return_before_it_cancels_what_is_out(desk):
    booking = give(due_today())
    text = flat(desk.get(page(booking, "cancellation")))
    assert f'href="/staff/bookings/{booking.pk}/return/"' in text
    assert 'name="reason"' not in text
    answer = desk.post(page(booking, "cancellation"), {"from": "active", "reason": "Broken down"})
    assert answer.status_code == 409
    assert "Marta Oliveira still has the car. Take it back first." in flat(answer)
    assert f'href="/staff/bookings/{booking.pk}/return/"' in flat(answer)
    forged = {"from": "active", "reason": "Broken down", "still_out": "on"}
    assert desk.post(page(booking, "cancellation"), forged).status_code == 409
    assert now(booking).status == "active"


def test_a_manager_cancels_with_a_warning_and_the_car_is_overdue_until_it_is_back(manager):
    booking = give(due_today())
    address, data = page(booking, "cancellation"), {"from": "active", "reason": "Stolen"}
    assert 'name="still_out"' in flat(manager.get(address))
    answer = manager.post(address, data)
    assert answer.status_code == 422
    assert "Take the car back first, or tick that it is still out" in flat(answer)
    assert manager.post(address, data | {"still_out": "on"}).status_code == 303
    assert now(booking).status == "cancelled"
    overdue = flat(manager.get("/staff/today/?show=overdue"))
    assert booking.reference in overdue
    assert "Take car back" in overdue
    assert ">1 overdue<" in flat(manager.get("/staff/inbox/"))
    assert manager.post(page(booking, "return"), BACK | {"from": "cancelled"}).status_code == 303
    back = now(booking)
    assert (back.status, back.returned_at is None, back.return_odometer_km) == ("cancelled", False, 45_210)
    assert booking.reference not in flat(manager.get("/staff/today/?show=overdue"))
