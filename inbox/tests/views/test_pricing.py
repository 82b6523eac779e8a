"""How a change is priced and what managers adjust, on the staff pages: shown first, in words, with nothing typed lost."""

import re
from html import unescape

import pytest

from bookings.days import Days
from bookings.lifecycle.change import change_booking
from bookings.lifecycle.change_request import ChangeRequest
from bookings.lifecycle.pricing.adjusting import Adjustment
from bookings.models import Booking
from bookings.tests.support.factories import CarFactory, LocationFactory, in_days, make_booking
from cars.models import Fee
from exodrive.rls import STAFF, acting_as, as_owner
from exodrive.tests.support.html import inputs
from exodrive.tests.support.money import eur

pytestmark = pytest.mark.django_db
NEW = "/staff/bookings/new/"


@pytest.fixture
def booking():
    """Two days at €240."""
    return make_booking(car=CarFactory(daily_rate="240.00"), start=in_days(10), length=2)


def page_of(booking):
    return f"/staff/bookings/{booking.pk}/change/"


def text_of(response):
    return unescape(response.content.decode())


def now(booking):
    with as_owner():
        return Booking.objects.get(pk=booking.pk)


def adjust(booking, user, amount, reason=""):
    with acting_as(STAFF, user=user):
        to = ChangeRequest(adjustment=Adjustment(eur(amount), reason))
        change_booking(booking=Booking.objects.get(pk=booking.pk), to=to, at=booking.created_at)


def shown_and_done(client, booking, **typed):
    """Look, then do it as it is shown."""
    seen = client.post(page_of(booking), inputs(client.get(page_of(booking))) | typed)
    assert seen.status_code == 200, text_of(seen)
    return seen, client.post(page_of(booking), inputs(seen) | typed | {"do": "1"})


def history_of(client, booking):
    return re.search(r'<ol class="log.*?</ol>', text_of(client.get(f"/staff/bookings/{booking.pk}/")), re.S)[
        0
    ]


def test_a_manager_gives_a_day_for_nothing_and_sees_it_first(manager, booking):
    seen, done = shown_and_done(manager, booking, end=f"{in_days(12)}", priced="kept")
    assert "€0 × 1 day" in text_of(seen)
    assert done.status_code == 303
    assert (now(booking).end_date, now(booking).total) == (in_days(12), 480)
    assert "price kept as booked" in history_of(manager, booking)


def test_the_desk_is_refused_it_in_words_and_nothing_typed_is_lost(desk, booking):
    answer = desk.post(
        page_of(booking), inputs(desk.get(page_of(booking))) | {"end": f"{in_days(12)}", "priced": "kept"}
    )
    assert answer.status_code == 403
    assert "Only a manager may add something for nothing." in text_of(answer)
    assert re.search(r'value="kept"[^>]* checked', text_of(answer))
    assert f'value="{in_days(12)}"' in text_of(answer)
    assert now(booking).days == booking.days


def test_todays_price_for_everything_is_a_change_of_its_own(desk, booking):
    with as_owner():
        Fee.objects.create(name="Cleaning", kind="cleaning", amount="40.00")
    _seen, done = shown_and_done(desk, booking, priced="today")
    assert (done.status_code, now(booking).total) == (303, 520)
    assert "today’s price for everything; +€40" in history_of(desk, booking)


def test_an_adjustment_is_shown_with_its_reason_and_stands_in_the_history(manager, desk, booking):
    seen, done = shown_and_done(
        manager, booking, adjustment_amount="\N{MINUS SIGN}20", adjustment_reason="The car was dirty"
    )
    assert "Adjustment: The car was dirty" in text_of(seen)
    assert "−€20" in text_of(seen)
    assert (done.status_code, now(booking).total) == (303, 460)
    history = history_of(desk, booking)
    assert "Adjustment: none → −€20" in history
    assert "<q>The car was dirty</q>" in history
    assert "Adjustment: The car was dirty" in text_of(desk.get(f"/staff/bookings/{booking.pk}/"))


def test_an_adjustment_stays_when_others_change_the_days_and_goes_when_its_amount_is_emptied(
    manager, desk, booking
):
    adjust(booking, manager.user, -20, "Dirty")
    assert shown_and_done(desk, booking, end=f"{in_days(12)}")[1].status_code == 303
    assert now(booking).total == 700
    form = inputs(manager.get(page_of(booking)))
    assert (form["adjustment_amount"], form["adjustment_reason"]) == ("-20.00", "Dirty")
    shown_and_done(manager, booking, adjustment_amount="")
    assert now(booking).total == 720
    assert "Adjustment: −€20 → none" in history_of(manager, booking)


@pytest.mark.parametrize(
    ("amount", "reason", "words"),
    [
        ("-20", "", "Enter why you adjust the price"),
        ("", "Dirty", "Enter the amount of the adjustment"),
        ("twenty", "Dirty", "Enter the amount of the adjustment"),
        ("-480.01", "Dirty", "The price would be below zero."),
    ],
)
@pytest.mark.parametrize("page", ["change", "new"])
def test_what_cannot_be_is_said_beside_its_field_and_stays_typed(
    manager, booking, page, amount, reason, words
):
    path, typed = page_of(booking), inputs(manager.get(page_of(booking)))
    if page == "new":
        path, typed = NEW, new_booking(CarFactory(daily_rate="240.00"))
    answer = manager.post(path, typed | {"adjustment_amount": amount, "adjustment_reason": reason})
    text = text_of(answer)
    assert answer.status_code == 422
    assert words in re.search(r'<div class="field field--err">.*?</div>', text, re.S)[0]
    assert f'value="{amount}"' in text or not amount
    assert f'value="{reason}"' in text or not reason


def test_the_desk_has_no_field_for_it_and_a_forged_one_does_nothing(desk, booking):
    assert 'name="adjustment_amount"' not in text_of(desk.get(page_of(booking)))
    assert 'name="adjustment_amount"' not in text_of(desk.get(NEW))
    forged = {"adjustment_amount": "-20", "adjustment_reason": "Mine", "end": f"{in_days(12)}"}
    assert shown_and_done(desk, booking, **forged)[1].status_code == 303
    assert now(booking).total == 720


def test_two_windows_on_one_adjustment_are_told_of_each_other(manager, booking):
    typed = inputs(manager.get(page_of(booking)))
    adjust(booking, manager.user, -20, "Dirty")
    answer = manager.post(page_of(booking), typed | {"adjustment_amount": "-50", "adjustment_reason": "Late"})
    assert answer.status_code == 422
    assert "has changed this to “-20.00” meanwhile." in text_of(answer)
    assert 'value="-50"' in text_of(answer)
    assert now(booking).total == 460


def test_days_that_somebody_changed_meanwhile_are_shown_before_a_price_is_adjusted(manager, booking):
    typed = inputs(manager.get(page_of(booking))) | {"adjustment_amount": "-20", "adjustment_reason": "Dirty"}
    seen = manager.post(page_of(booking), typed)
    with acting_as(STAFF, user=manager.user):
        longer = ChangeRequest(days=Days.starting(in_days(10), 3))
        change_booking(booking=Booking.objects.get(pk=booking.pk), to=longer, at=booking.created_at)
    answer = manager.post(page_of(booking), inputs(seen) | {"do": "1"})
    assert answer.status_code == 422
    assert "The price is now €700 (it was €460)." in text_of(answer)
    assert manager.post(page_of(booking), inputs(answer) | {"do": "1"}).status_code == 303
    assert now(booking).total == 700


# --- New booking -----------------------------------------------------------------------------------------------------


def new_booking(car, **more):
    return {
        "car": car.pk,
        "start": f"{in_days(3)}",
        "end": f"{in_days(4)}",
        "full_name": "Aisha Khan",
        "email": "aisha@example.com",
        "phone": "",
        "language": "en",
        "pick_up": "",
        "drop_off": "",
        "special_requests": "",
        "key": "k1",
    } | more


def test_a_new_booking_is_adjusted_and_made_at_the_price_shown(manager):
    car, there = CarFactory(daily_rate="240.00"), LocationFactory()
    with as_owner():
        Fee.objects.create(name="One-way", kind="one_way", amount="90.00")
    line = {"adjustment_amount": "-20", "adjustment_reason": "Regular"}
    typed = new_booking(car, drop_off=there.pk, **line)
    shown = manager.get(NEW, typed, headers={"HX-Request": "true"})
    assert "€550" in text_of(shown)
    agreed = inputs(shown)["agreed"]
    assert manager.post(NEW, typed | {"agreed": agreed}).status_code == 303
    with as_owner():
        booking = Booking.objects.get()
    assert booking.total == 550
    assert booking.as_quoted.lines[-1].label == "Adjustment: Regular"


def test_an_adjustment_that_the_price_did_not_show_is_asked_about_first(manager):
    car = CarFactory(daily_rate="240.00")
    agreed = inputs(manager.get(f"{NEW}?car={car.pk}&start={in_days(3)}&end={in_days(4)}"))["agreed"]
    typed = new_booking(car, adjustment_amount="-20", adjustment_reason="Regular", agreed=agreed)
    answer = manager.post(NEW, typed)
    assert answer.status_code == 422
    assert "The price is now €460" in text_of(answer)
    assert manager.post(NEW, typed | {"agreed": inputs(answer)["agreed"]}).status_code == 303
