"""No deposit, no included kilometres, no tax in the rates: pages and mails say what is so, and nothing else."""

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from bookings.tests.support.factories import CarFactory, in_days, make_booking, make_hold
from bookings.tests.support.site import car_url, text_of
from bookings.views import booking_text
from cars.models import Car, Extra
from exodrive.rls import PUBLIC, SERVICE, acting_as, as_owner
from inbox.mail.letters import compose
from inbox.models import InboxEmail

pytestmark = pytest.mark.django_db

HELD = ("eposit", "card hold", "hold on your card", "€0", "0 km", "km a day")


def letters():
    with acting_as(SERVICE):
        mails = InboxEmail.objects.select_related("booking__car__location", "booking__link")
        written = [compose(mail, ["someone@example.com"], at=timezone.now()) for mail in mails]
    return [f"{mail.body} {mail.alternatives[0].content!s}" for mail in written]


def test_a_car_without_deposit_and_allowance_says_nothing_of_them(client, desk):
    car = CarFactory(deposit=0, included_km_per_day=0, excess_km_price=0)
    hold = make_hold(car=car, start=in_days(20))
    booking = make_booking(car=car, start=in_days(5))
    pages = [car_url(car), car_url(car, start=in_days(9), end=in_days(9)), reverse("terms")]
    pages += [reverse("details", args=[hold.token]), reverse("booking", args=[booking.secret])]
    shown = {url: text_of(client.get(url)) for url in pages}
    url = reverse("staff_booking", args=[booking.pk])
    for booking.status in ("upcoming", "active", "completed"):
        with acting_as(PUBLIC, token=booking.secret):
            story = booking_text.story(booking, booking.created_at)
            shown[booking.status] = " ".join([*booking_text.next_steps(booking), story.rest])
    shown |= {url: text_of(desk.get(url))} | dict(enumerate(letters()))
    assert {(where, word) for where, text in shown.items() for word in HELD if word in text} == set()


def test_with_them_they_are_said(client):
    car = CarFactory(excess_km_price="0.50")
    make_booking(car=car, start=in_days(5))
    words = text_of(client.get(car_url(car)))
    for part in ("Deposit (held, not charged)", "card hold", "200 km a day included, €0.50 for each km more"):
        assert part in words
    assert "Deposit" in text_of(client.get(reverse("terms")))
    assert any("the card for the deposit" in letter for letter in letters())


def test_without_included_kilometres_each_one_has_its_price(client):
    words = text_of(client.get(car_url(CarFactory(included_km_per_day=0, excess_km_price="0.50"))))
    assert "€0.50 for each km" in words
    assert "km a day" not in words


def test_rates_without_tax_say_so_and_a_price_has_its_line(client, settings):
    settings.TAX_INCLUDED = False
    car = CarFactory(daily_rate="100.00")
    with as_owner():
        Extra.objects.create(name="Child seat", price="5.00")
        assert Car.objects.count() == 1
    home, cars = (text_of(client.get(reverse(name))) for name in ("home", "cars"))
    assert "€100 per day plus tax" in home
    assert "€100 per day plus tax" in cars
    priced = text_of(client.get(car_url(car, start=in_days(9), end=in_days(10))))
    assert "€100 × 2 days €200 Tax €40" in priced
    assert "€240" in priced
    hold = make_hold(car=car, start=in_days(20), length=2)
    words = text_of(client.get(reverse("details", args=[hold.token])))
    assert "€5 per rental plus tax" in words
    assert "€100 × 2 days €200 Tax €40" in words
    booking = make_booking(car=car, start=in_days(5), length=2)
    settings.TAX_INCLUDED = True
    assert "€200 Tax €40" in text_of(client.get(reverse("booking", args=[booking.secret])))


@pytest.mark.parametrize("language", ["es", "fr", "pt"])
def test_plus_tax_is_translated(client, settings, language):
    settings.TAX_INCLUDED = False
    CarFactory()
    with translation.override(language):
        assert "plus tax" not in text_of(client.get(reverse("cars")))
        assert translation.gettext("plus tax") in text_of(client.get(reverse("cars")))
