"""Changing a booking on the staff pages: shown first, then done, refused in words, written in the history."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.lifecycle.request import Details
from bookings.models import Booking, BookingChange, CarAvailability
from bookings.tests.support.factories import CarFactory, LocationFactory, in_days, make_booking
from cars.models import Car, Extra
from cars.models.fleet import EVERY_DAY
from exodrive.rls import as_owner
from exodrive.tests.support.html import flat

pytestmark = pytest.mark.django_db


def body(response):
    return response.content.decode()


def page_of(booking):
    return f"/staff/bookings/{booking.pk}/change/"


def typed(booking, **changes):
    return {
        "car": booking.car_id,
        "start": f"{booking.start_date}",
        "end": f"{booking.end_date}",
        "pick_up": booking.pick_up.pk,
        "drop_off": booking.drop_off.pk,
        "pickup_time": f"{booking.pickup_time:%H:%M}",
        "return_time": f"{booking.return_time:%H:%M}",
        "phone": booking.phone,
        "special_requests": booking.special_requests,
    } | {name: str(value) for name, value in changes.items()}


def agreed(answer):
    return re.search(r'name="agreed" value="(\w+)"', body(answer))[1]


def change(client, booking, **changes):
    """Look, then do it."""
    data = typed(booking, **changes)
    seen = client.post(page_of(booking), data)
    assert seen.status_code == 200
    return client.post(page_of(booking), data | {"do": "1", "agreed": agreed(seen)})


def now(booking):
    with as_owner():
        return Booking.objects.get(pk=booking.pk)


def changes_of(booking):
    with as_owner():
        return list(BookingChange.objects.filter(booking=booking).select_related("actor"))


def test_the_form_is_filled_in_and_the_booking_links_to_it(desk):
    booking = make_booking(start=in_days(5), length=2, special_requests="A child seat")
    assert f'href="{page_of(booking)}?next=' in body(desk.get(f"/staff/bookings/{booking.pk}/"))
    text = body(desk.get(page_of(booking)))
    assert f'name="start" value="{booking.start_date}"' in text
    assert f'value="{booking.pickup_time:%H:%M}"' in text
    assert "A child seat" in text
    assert 'name="do"' not in text


def test_a_preview_shows_the_price_and_changes_nothing(desk):
    booking = make_booking(start=in_days(5), length=2)
    answer = desk.post(page_of(booking), typed(booking, end=in_days(8)))
    text = body(answer)
    assert answer.status_code == 200
    for words in ("€960", "€480", "+€480", 'name="do"'):
        assert words in text
    assert now(booking).days == booking.days
    assert changes_of(booking) == []
    with as_owner():
        assert CarAvailability.objects.filter(booking=booking).count() == 2


def test_what_was_shown_is_done_and_stands_in_the_history(desk):
    booking = make_booking(start=in_days(5), length=2)
    answer = change(desk, booking, end=in_days(8), pickup_time="12:30")
    assert (answer.status_code, answer.url) == (303, f"/staff/bookings/{booking.pk}/")
    saved = now(booking)
    assert (saved.end_date, saved.total, f"{saved.pickup_time:%H:%M}") == (in_days(8), 960, "12:30")
    (row,) = changes_of(booking)
    assert (row.actor, row.difference) == (desk.user, 480)
    history = re.search(r'<ol class="log.*?</ol>', body(desk.get(answer.url)), re.S)[0]
    assert "Inès Laurent changed it." in history
    assert "+€480" in history
    assert "12:30" in history
    assert history.index("changed it") < history.index("Booking created")


def test_nothing_is_done_that_was_not_shown(desk):
    booking = make_booking(start=in_days(5), length=2)
    seen = desk.post(page_of(booking), typed(booking, end=in_days(8)))
    other = typed(booking, end=in_days(9)) | {"do": "1", "agreed": agreed(seen)}
    answer = desk.post(page_of(booking), other)
    assert (answer.status_code, "This is not what you saw before." in body(answer)) == (422, True)
    assert now(booking).days == booking.days
    assert desk.post(page_of(booking), typed(booking, end=in_days(8)) | {"do": "1"}).status_code == 422
    assert changes_of(booking) == []


def test_a_price_that_rose_meanwhile_is_said_beside_the_one_shown(desk):
    booking = make_booking(start=in_days(5), length=2)
    data = typed(booking, end=in_days(8))
    seen = desk.post(page_of(booking), data)
    shown = re.search(r'name="shown" value="([^"]+)"', body(seen))[1]
    with as_owner():
        Car.objects.update(daily_rate="300.00")
    answer = desk.post(page_of(booking), data | {"do": "1", "agreed": agreed(seen), "shown": shown})
    assert answer.status_code == 422
    assert "The price is now €1,080 (it was €960)." in body(answer)
    assert changes_of(booking) == []


def test_a_booking_changed_by_somebody_else_meanwhile_is_shown_again(desk, manager):
    booking = make_booking(start=in_days(5), length=2)
    data = typed(booking, end=in_days(8))
    seen = desk.post(page_of(booking), data)
    change(manager, booking, phone="+33 1 23 45 67 89")
    assert desk.post(page_of(booking), data | {"do": "1", "agreed": agreed(seen)}).status_code == 422
    assert now(booking).phone == "+33 1 23 45 67 89"


@pytest.mark.parametrize(("wish", "total"), [({}, 480), ({"customers_wish": "on"}, 200)])
def test_another_car_takes_its_place_at_its_own_price_if_the_customer_asked_for_it(desk, wish, total):
    booking, other = make_booking(start=in_days(5), length=2), CarFactory(daily_rate="100.00")
    place = other.location_id
    assert change(desk, booking, car=other.pk, pick_up=place, drop_off=place, **wish).status_code == 303
    saved = now(booking)
    assert (saved.car_id, saved.total) == (other.pk, total)
    assert ("−€280" in body(desk.get(f"/staff/bookings/{booking.pk}/"))) == bool(wish)


def test_phone_and_requests_change_without_a_new_price(desk):
    booking = make_booking(start=in_days(5), length=2)
    change(desk, booking, phone="", special_requests="Two\r\nlines")
    saved = now(booking)
    assert (saved.phone, saved.special_requests, saved.total) == ("", "Two\nlines", 480)


def test_taken_days_are_refused_with_what_is_free_one_press_away(desk):
    car, start = CarFactory(), in_days(10)
    booking = make_booking(car=car, start=start, length=2)
    make_booking(car=car, start=start + timedelta(days=3), length=2)
    answer = desk.post(page_of(booking), typed(booking, start=in_days(12), end=start + timedelta(days=3)))
    text = body(answer)
    assert (answer.status_code, "is booked" in text) == (409, True)
    choice = re.search(r'name="instead" value="([^"]+)"', flat(text))[1]
    chosen = desk.post(page_of(booking), typed(booking) | {"instead": choice})
    assert (chosen.status_code, 'name="do"' in body(chosen)) == (200, True)
    assert f'value="{choice.split("/")[1]}"' in body(chosen)


def test_a_sister_car_elsewhere_brings_its_place(desk):
    booking = make_booking(start=in_days(10), length=2)
    sister = CarFactory(location=LocationFactory(name="Far away"))
    choice = f"{sister.pk}/{booking.start_date}/{booking.end_date}"
    answer = desk.post(page_of(booking), typed(booking) | {"instead": choice})
    assert (answer.status_code, "Far away" in body(answer)) == (200, True)


def test_all_broken_rules_are_named_and_only_managers_make_an_exception(desk, manager):
    wanted = {"start": in_days(30), "end": in_days(35)}
    car = CarFactory(max_days=3, pickup_weekdays=EVERY_DAY ^ 1 << in_days(30).weekday())
    booking = make_booking(car=car, start=in_days(10), length=2)
    refused = desk.post(page_of(booking), typed(booking, **wanted))
    summary = re.search(r'<div class="errsum".*?</div>', body(refused), re.S)[0]
    assert (refused.status_code, summary.count("<li>")) == (422, 2)
    assert 'name="exception"' not in body(refused)
    asked = wanted | {"exception": "on", "override": "An old customer"}
    assert desk.post(page_of(booking), typed(booking, **asked)).status_code == 422
    assert 'name="exception"' in body(manager.get(page_of(booking)))
    silent = manager.post(page_of(booking), typed(booking, **wanted, exception="on"))
    assert (silent.status_code, "Enter why you make an exception" in body(silent)) == (422, True)
    assert change(manager, booking, **asked).status_code == 303
    (row,) = changes_of(booking)
    assert (row.reason, row.actor) == ("An old customer", manager.user)
    assert "An old customer" in body(manager.get(f"/staff/bookings/{booking.pk}/"))


def test_times_outside_the_opening_hours_stand_at_their_field(desk):
    booking = make_booking(start=in_days(5), length=2)
    answer = desk.post(page_of(booking), typed(booking, pickup_time="05:00"))
    assert answer.status_code == 422
    assert 'id="id_pickup_time_error"' in body(answer)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({}, "Nothing is different yet"),
        ({"start": ""}, "Choose a pick-up day"),
        ({"end": "2001-01-01"}, "Return day must be the same as or after "),
        ({"return_time": "x"}, "Enter the return time"),
        ({"start": "0001-01-02", "end": "0001-01-03"}, "There is a problem"),
        ({"end": "9999-12-30"}, "There is a problem"),
    ],
)
def test_a_form_that_makes_no_sense_is_a_422(desk, wrong, sentence):
    booking = make_booking(start=in_days(5), length=2)
    answer = desk.post(page_of(booking), typed(booking, **wrong))
    assert (answer.status_code, sentence in body(answer)) == (422, True)
    assert changes_of(booking) == []


def test_a_booking_that_is_over_cannot_be_changed(desk):
    booking = make_booking(start=in_days(5), length=2, status="cancelled")
    assert desk.get(page_of(booking)).url == f"/staff/bookings/{booking.pk}/"
    assert desk.post(page_of(booking), typed(booking, end=in_days(9))).status_code == 422
    assert page_of(booking) not in body(desk.get(f"/staff/bookings/{booking.pk}/"))


def test_the_page_opens_for_staff_and_nobody_else(client_of):
    path = page_of(make_booking())
    for who, status in {"desk": 200, "manager": 200, "anonymous": 302, "only_staff_flag": 403}.items():
        assert client_of(who).get(path).status_code == status


@pytest.mark.parametrize("who", ["anonymous", "only_staff_flag"])
def test_others_change_nothing(client_of, who):
    booking = make_booking(start=in_days(5), length=2)
    client_of(who).post(page_of(booking), typed(booking, phone="0") | {"do": "1"})
    assert now(booking).phone == booking.phone


def test_the_price_of_today_stands_beside_the_booked_one_when_it_differs(desk):
    with as_owner():
        seat = Extra.objects.create(name="Child seat", price="15.00", stock=2, max_per_booking=2)
        seat.refresh_from_db()
    booking = make_booking(start=in_days(5), length=2, details=Details(extras=((seat, 2),)))
    page = f"/staff/bookings/{booking.pk}/"
    text = body(desk.get(page))
    assert "Child seat × 2" in text
    assert "As of today" not in text
    with as_owner():
        booking.car.daily_rate = 300
        booking.car.save()
    text = body(desk.get(page))
    assert "As booked" in text
    assert "€630" in text[text.index("As of today") :]


def test_history_takes_as_many_queries_for_many_changes(desk):
    booking = make_booking(start=in_days(5), length=2)
    page, counts = f"/staff/bookings/{booking.pk}/", []
    for n in range(3):
        change(desk, booking, end=in_days(7 + n))
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(page).status_code == 200
        counts.append(len(queries))
    assert len(set(counts)) == 1
