"""Extras, delivery and the driver's age on the page that changes a booking; other cars when the days are taken."""

import re

import pytest
from django.urls import reverse

from bookings.days import Days
from bookings.lifecycle.request import Details
from bookings.models import Booking
from bookings.tests.support.factories import (
    CarFactory,
    LocationFactory,
    extras_of,
    in_days,
    make_booking,
    make_extra,
)
from bookings.tests.support.site import text_of
from bookings.tests.views.test_change import change, saved, seen_in, typed, url_of
from cars.models import Fee
from exodrive.rls import as_owner
from inbox.models import InboxEmail

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat():
    return make_extra(max_per_booking=2)


@pytest.fixture
def booking(seat):
    return make_booking(start=in_days(10), length=3, details=Details(extras=((seat, 1),)))


def options(page, extra):
    """The numbers offered of an extra, the chosen one in brackets."""
    select = re.search(rf'<select name="extra_{extra.pk}".*?</select>', page.content.decode(), re.S)[0]
    found = re.findall(r'<option value="(\d+)"( selected)?>', select)
    return [f"[{n}]" if chosen else n for n, chosen in found]


def test_the_form_shows_what_one_has_and_what_is_left(client, booking, seat):
    make_booking(start=in_days(12), length=1, details=Details(extras=((seat, 1),)))
    box, gone = make_extra(name="Roof box"), make_extra(name="Snow chains", stock=0)
    page = client.get(url_of(booking))
    assert options(page, seat) == ["0", "[1]"]  # the other one of the two is taken on a day
    assert options(page, box) == ["[0]", "1"]
    assert f"extra_{gone.pk}" not in page.content.decode()
    assert client.get(reverse("booking_change", args=[make_booking().secret])).status_code == 200


def test_more_of_an_extra_is_priced_first_and_then_taken(client, booking, seat):
    shown = client.post(url_of(booking), typed(booking, **{f"extra_{seat.pk}": "2"}))
    words = text_of(shown)
    assert "€10 more, to pay at pick-up." in words
    assert "Child seat (€10 × 2) €20" in words
    assert extras_of(booking) == [(seat.pk, 1)]
    assert change(client, booking, **{f"extra_{seat.pk}": "2"}).status_code == 303
    assert (extras_of(booking), saved(booking).total) == ([(seat.pk, 2)], 740)


def test_another_extra_at_the_same_price_is_a_change_that_is_mailed(client, booking, seat):
    box = make_extra(name="Roof box")
    swap = {f"extra_{seat.pk}": "0", f"extra_{box.pk}": "1"}
    shown = client.post(url_of(booking), typed(booking, **swap))
    assert "The price stays the same." in text_of(shown)
    other = {**typed(booking, **{f"extra_{seat.pk}": "1"}), "seen": seen_in(shown), "change": "1"}
    assert client.post(url_of(booking), other).status_code == 422  # not what was shown
    assert change(client, booking, **swap).status_code == 303
    assert extras_of(booking) == [(box.pk, 1)]
    with as_owner():
        assert InboxEmail.objects.filter(booking=booking, template="booking_changed").count() == 1


def test_other_days_on_which_the_extra_is_gone_are_refused_in_words(client, booking, seat):
    for _ in range(2):
        make_booking(start=in_days(20), length=1, details=Details(extras=((seat, 1),)))
    moved = {"start": in_days(19).isoformat(), "end": in_days(21).isoformat()}
    refused = client.post(url_of(booking), typed(booking, **moved, **{f"extra_{seat.pk}": "1"}))
    assert refused.status_code == 422
    assert "Child seat is not left on these days." in text_of(refused)
    assert options(refused, seat) == ["0", "[1]"]
    assert change(client, booking, **moved, **{f"extra_{seat.pk}": "0"}).status_code == 303


@pytest.mark.parametrize("number", ["3", "99", "x"])
def test_more_than_are_left_is_refused(client, booking, seat, number):
    refused = client.post(url_of(booking), typed(booking, **{f"extra_{seat.pk}": number}))
    assert refused.status_code == 422
    assert "Child seat: only 2 left on these days." in text_of(refused)


def test_an_extra_that_is_not_there_is_refused(client, booking):
    refused = client.post(url_of(booking), typed(booking, extra_999999="1"))
    assert (refused.status_code, "The extra is not left" in text_of(refused)) == (422, True)


def test_what_was_not_asked_for_stays(client, booking, seat):
    assert change(client, booking, phone="+351 5").status_code == 303
    assert extras_of(booking) == [(seat.pk, 1)]


def test_another_pick_up_place_where_the_extra_is_not_had(client):
    car, there = CarFactory(), LocationFactory(name="Nice")
    seat = make_extra(location=car.location)
    booking = make_booking(car=car, start=in_days(10), length=2, details=Details(extras=((seat, 1),)))
    moved = {"pick_up": there.pk, "drop_off": there.pk}
    refused = client.post(url_of(booking), typed(booking, **moved, **{f"extra_{seat.pk}": "1"}))
    assert "Child seat cannot be had at Nice." in text_of(refused)
    assert change(client, booking, **moved, **{f"extra_{seat.pk}": "0"}).status_code == 303


def test_delivery_and_the_drivers_age(client, booking, seat):
    with as_owner():
        Fee.objects.create(name="Delivery", kind="delivery", amount="60.00")
        Fee.objects.create(name="Young driver", kind="young_driver", amount="10.00", per="day", below_age=30)
    one = {f"extra_{seat.pk}": "1"}
    page = client.get(url_of(booking))
    told = "Bring the car to me €60 per rental Address for the delivery"
    assert told in text_of(page)
    assert (
        change(client, booking, phone="+351 5", **one).status_code == 303
    )  # no age is needed that was never given
    brought = {"delivery": "on", "delivery_address": "Rua do Sol 1, Porto"}
    assert change(client, booking, driver_age="28", **brought, **one).status_code == 303
    after = saved(booking)
    assert (after.delivery, after.driver_age, after.total) == (True, 28, 820)
    html = client.get(url_of(booking)).content.decode()
    assert re.search(r'name="delivery"[^>]* checked', html)
    assert 'name="driver_age" value="28"' in html
    refused = client.post(url_of(booking), typed(booking, driver_age="", **one))
    assert (refused.status_code, "Enter the driver’s age" in text_of(refused)) == (422, True)
    assert change(client, booking, driver_age="28", **one).status_code == 303
    assert (saved(booking).delivery, saved(booking).total) == (False, 760)


# --- Other cars --------------------------------------------------------------------------------------------------


def test_taken_days_offer_other_days_and_cars_of_the_place_one_press_away(client, booking, seat):
    sister = CarFactory(make="Novara", model="4", location=booking.car.location, daily_rate="130.00")
    elsewhere = CarFactory(make="Far", model="Away")
    make_booking(car=booking.car, start=in_days(14), length=1)
    wanted = {"start": in_days(13).isoformat(), "end": in_days(15).isoformat(), f"extra_{seat.pk}": "1"}
    refused = client.post(url_of(booking), typed(booking, **wanted, phone="+33 6 00", car=booking.car_id))
    words, html = text_of(refused), refused.content.decode()
    assert refused.status_code == 409
    choice = f"{sister.pk}/{Days(in_days(13), in_days(15)).isoformat}"
    assert f'name="take" value="{choice}"' in html
    assert "€400 Take this car" in words  # with the child seat
    assert elsewhere.name not in words
    assert "Take these dates" in words
    taken = client.post(url_of(booking), typed(booking, **wanted, phone="+33 6 00", take=choice))
    assert taken.status_code == 200
    assert f'<option value="{sister.pk}" selected>' in taken.content.decode()
    assert 'value="+33 6 00"' in taken.content.decode()
    form = {**typed(booking, **wanted, car=sister.pk), "seen": seen_in(taken), "change": "1"}
    assert client.post(url_of(booking), form).status_code == 303
    assert (saved(booking).car, saved(booking).total) == (sister, 400)


def test_the_booking_as_it_is_is_no_alternative(client, booking):
    sister = CarFactory(location=booking.car.location)
    make_booking(car=sister, start=booking.start_date, length=1)
    refused = client.post(url_of(booking), typed(booking, car=sister.pk))
    assert refused.status_code == 409
    assert f'value="{booking.car_id}/' not in refused.content.decode()
    assert f'name="take" value="{sister.pk}/' in refused.content.decode()


@pytest.mark.parametrize("take", ["x", "1/2", "0/x/y", "//", "999999/{0}/{0}"])
def test_a_choice_that_makes_no_sense_is_refused(client, booking, take):
    CarFactory(location=booking.car.location)
    answer = client.post(url_of(booking), typed(booking, take=take.format(in_days(10))))
    assert answer.status_code in (200, 422)
    assert saved(booking).days == booking.days
    with as_owner():
        assert Booking.objects.get(pk=booking.pk).car_id == booking.car_id
