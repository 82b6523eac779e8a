"""Extras, delivery and the driver's age on the details page: asked for where they exist, priced by the server."""

from unittest.mock import patch

import pytest
from django.urls import reverse

from bookings.availability.extras import book_extras
from bookings.models import Booking, BookingExtra
from bookings.tests.support.factories import CarFactory, in_days, make_hold
from bookings.tests.support.site import MARTA, car_url, text_of
from cars.models import Extra, Fee
from exodrive.rls import as_owner

pytestmark = pytest.mark.django_db
BROUGHT = {"delivery": "on", "delivery_address": "Rua do Sol 1, Porto"}


@pytest.fixture
def hold():
    return make_hold(car=CarFactory(make="Calder", model="GT coupé", slug="calder-gt"), start=in_days(10))


@pytest.fixture
def url(hold):
    return reverse("details", args=[hold.token])


@pytest.fixture
def seat():
    with as_owner():
        return Extra.objects.create(name="Child seat", price="5.00", per="day", stock=3, max_per_booking=2)


@pytest.fixture
def fees():
    with as_owner():
        Fee.objects.create(name="Delivery", kind="delivery", amount="60.00")
        Fee.objects.create(name="Young driver", kind="young_driver", amount="10.00", per="day", below_age=99)


def the_form(hold, **changes):
    return {**MARTA, "car": hold.car.slug, "start": hold.start_date, "end": hold.end_date, **changes}


def test_only_what_exists_is_asked_for(client, hold, url):
    page = client.get(url).content
    assert b'name="extra_' not in page
    assert b'name="delivery"' not in page
    assert b'name="driver_age"' not in page


def test_extras_left_can_be_chosen_up_to_their_limit(client, hold, url, seat, fees):
    page = client.get(url)
    html, words = page.content.decode(), text_of(page)
    assert f'name="extra_{seat.pk}"' in html
    assert '<option value="2">' in html
    assert '<option value="3">' not in html
    for part in ("Child seat", "€5 per day", "Bring the car to me", "€60 per rental", "Driver’s age"):
        assert part in words


def test_the_price_is_updated_without_javascript_and_nothing_typed_is_lost(client, hold, url, seat, fees):
    options = {
        f"extra_{seat.pk}": "2",
        **BROUGHT,
        "driver_age": "30",
        "full_name": "Marta",
    }
    page = client.post(url, the_form(hold, **options, email="", price="1"))
    words = text_of(page)
    assert page.status_code == 200
    assert "There is a problem" not in words
    for part in ("Child seat (€5 × 8) €40", "Delivery €60", "Young driver (€10 × 4) €40", "€1,100"):
        assert part in words
    assert b'value="Marta"' in page.content
    assert b'<option value="2" selected>' in page.content


def test_htmx_gets_the_new_price_alone(client, hold, url, seat):
    headers = {"HX-Request": "true", "HX-Target": "rental-price"}
    page = client.post(url, the_form(hold, **{f"extra_{seat.pk}": "1", "price": "1"}), headers=headers)
    assert b"<html" not in page.content
    assert "€980" in text_of(page)


def test_wishes_are_booked_and_stand_on_the_booking(client, hold, url, seat, fees):
    options = {
        f"extra_{seat.pk}": "2",
        **BROUGHT,
        "driver_age": "30",
        "agreed": "1100.00 EUR 2000.00",
    }
    answer = client.post(url, the_form(hold, **options))
    assert answer.status_code == 303
    with as_owner():
        booking = Booking.objects.get()
        assert (booking.total, booking.delivery, booking.driver_age) == (1100, True, 30)
        assert BookingExtra.objects.get().quantity == 2
    words = text_of(client.get(answer.url))
    assert "Child seat (€5 × 8) €40" in words
    assert "Delivery €60" in words


@pytest.mark.parametrize(("age", "says"), [("", "Enter the driver’s age"), ("12", "or over")])
def test_the_age_is_needed_where_a_fee_depends_on_it(client, hold, url, fees, age, says):
    page = client.post(url, the_form(hold, driver_age=age))
    assert page.status_code == 422
    assert says in text_of(page)


def test_an_extra_that_is_gone_is_named(client, hold, url, seat):
    with as_owner():
        Extra.objects.update(is_offered=False)
    page = client.post(url, the_form(hold, **{f"extra_{seat.pk}": "1"}))
    assert page.status_code == 422
    assert "Child seat is not left on these days." in text_of(page)
    assert b'value="Marta Oliveira"' in page.content


def test_more_than_are_left_is_refused(client, hold, url, seat):
    with as_owner():
        Extra.objects.update(stock=1)
    page = client.post(url, the_form(hold, **{f"extra_{seat.pk}": "2"}))
    assert page.status_code == 422
    assert "Child seat: only 1 left on these days." in text_of(page)


def test_an_extra_lost_in_the_last_moment_is_named_and_nothing_is_booked(client, hold, url, seat):
    def gone_by_now(booking, extras):
        with as_owner():
            Extra.objects.update(stock=0)
        book_extras(booking, extras)

    with patch("bookings.lifecycle.made.book_extras", gone_by_now):
        page = client.post(url, the_form(hold, **{f"extra_{seat.pk}": "1", "agreed": "980.00 EUR 2000.00"}))
    assert page.status_code == 422
    assert "Child seat is not left on these days." in text_of(page)
    with as_owner():
        assert not Booking.objects.exists()


def test_wishes_are_carried_to_other_days(client, hold, url, seat):
    form = the_form(hold, **{f"extra_{seat.pk}": "2", "start": in_days(20), "end": in_days(21)})
    answer = client.post(car_url(hold.car), form)
    assert answer.status_code == 303
    assert b'<option value="2" selected>' in client.get(answer.url).content
