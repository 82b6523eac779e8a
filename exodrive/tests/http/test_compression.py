"""Public pages are compressed; what holds a secret is not."""

import gzip

import pytest
from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.test import Client
from django.urls import reverse

from bookings.tests.support.factories import (
    CarFactory,
    CarImageFactory,
    LocationFactory,
    in_days,
    make_booking,
    make_extra,
    make_hold,
    make_manager,
)
from bookings.tests.support.site import MARTA
from cars.models import Fee
from exodrive.rls import as_owner

pytestmark = pytest.mark.django_db
WIRE = 8 * 1024  # bytes of a car page
TAKES = {"accept-encoding": "gzip, deflate, br"}


def got(path, client=None, **headers):
    return (client or Client()).get(path, headers=TAKES | headers)


@pytest.fixture
def car():
    place = LocationFactory(name="Aéroport de Nice")
    car = CarFactory(
        location=place, make="Calder", model="GT coupé", description="A long weekend by the sea. " * 20
    )
    for position in range(6):
        CarImageFactory(car=car, position=position, alt=f"The car from side {position}")
    make_extra(name="Child seat")
    with as_owner():
        Fee.objects.create(name="Delivery", kind="delivery", amount="60.00")
    for start in (5, 20, 40):
        make_booking(car=car, start=in_days(start))
    return car


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
def test_a_car_page_is_small_on_the_wire(car, language):
    path = f"/{language}/cars/{car.slug}/?start={in_days(60)}&end={in_days(63)}"
    answer = got(path)
    assert answer["Content-Encoding"] == "gzip"
    assert int(answer["Content-Length"]) == len(answer.content) <= WIRE
    assert b"</html>" in gzip.decompress(answer.content)
    assert "Accept-Encoding" in answer["Vary"]


@pytest.mark.parametrize("path", ["/en/", "/en/cars/", "/en/terms/", "/sitemap.xml"])
def test_public_pages_are_compressed_for_who_takes_it(car, path):
    assert got(path)["Content-Encoding"] == "gzip"
    plain = Client().get(path)
    assert "Content-Encoding" not in plain
    assert "Accept-Encoding" in plain["Vary"]


def test_a_guess_is_blurred_by_a_length_of_chance():
    path = "/en/terms/"  # the same each time: no form, so no token that is masked anew
    assert len({Client().get(path).content for _ in range(3)}) == 1
    assert len({len(got(path).content) for _ in range(12)}) > 3


def test_what_holds_a_secret_goes_out_as_it_is(car):
    booking, hold = make_booking(start=in_days(80)), make_hold(car=car, start=in_days(90))
    staff = Client()
    staff.force_login(make_manager())
    for path, client in (
        (reverse("booking", args=[booking.secret]), None),
        (reverse("details", args=[hold.token]), None),
        ("/en/booking/a-wrong-link-that-opens-nothing/", None),
        ("/staff/login/", None),
        ("/staff/inbox/", staff),
        ("/admin/cars/car/", staff),
        ("/api/cars", None),
    ):
        assert "Content-Encoding" not in got(path, client), path


def test_nor_what_answers_a_post_or_brings_a_message_for_one_reader(car):
    client = Client()
    posted = client.post("/en/link/", {"email": MARTA["email"], "reference": ""}, headers=TAKES)
    assert "Content-Encoding" not in posted
    client.cookies[CookieStorage.cookie_name] = "whatever"
    assert "Content-Encoding" not in got("/en/cars/", client)
