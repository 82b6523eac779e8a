"""The list of rides, and what leads there."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bookings.tests.availability.rides.test_cars import cars_of
from bookings.tests.support.factories import CarFactory, LocationFactory, make_booking
from bookings.tests.support.site import text_of
from bookings.tests.support.tours import Tours
from bookings.tests.views.rides.conftest import rate
from cars.models import Car, Service
from cars.tests.support.rides import make_class, make_service
from exodrive.rls import as_owner

pytestmark = pytest.mark.django_db
RIDES = 'href="/en/services/"'


def card_of(page, service):
    """What the card of a service says, or ""."""
    address = f"/en/{'tours' if service.kind == 'tour' else 'services'}/{service.slug}/"
    found = re.search(rf'(?s)<a class="card__in" href="{address}">(.*?)</a>', page.content.decode())
    return " ".join(re.sub("<[^>]+>", " ", found[1]).split()) if found else ""


def test_each_kind_with_its_text_its_place_and_its_lowest_price(client, driver, transfer, tour):
    with as_owner():
        Service.objects.filter(pk=driver.pk).update(description="As long as you like.")
    page = client.get("/en/services/")
    assert page.status_code == 200
    assert card_of(page, driver) == "Driver Up to 7 passengers As long as you like. Lyon from €90 per hour"
    assert card_of(page, transfer) == "Airport transfer Up to 7 passengers Lyon from €90"
    assert card_of(page, tour) == "Hills Up to 7 passengers · 3 h Lyon from €240"
    headings = re.findall(r"<h2[^>]*>(.*?)</h2>", page.content.decode())
    assert headings == ["By the hour", "Transfer", "Tour"]


def test_a_price_that_is_always_the_same_is_not_from(client, tour):
    with as_owner():
        tour.surcharges.all().delete()
    assert card_of(client.get("/en/services/"), tour).endswith("Lyon €240")


def test_only_what_is_offered_has_a_car_and_is_sold_by_the_car(client, driver, saloon):
    hidden = make_service(kind="hourly", is_offered=False, location=driver.location)
    by_the_seat = make_service(kind="tour", location=driver.location)
    nobody_drives = make_service(kind="hourly", location=LocationFactory())
    page = client.get("/en/services/")
    assert card_of(page, driver)
    assert [card_of(page, one) for one in (hidden, by_the_seat, nobody_drives)] == ["", "", ""]


def test_passengers_are_those_of_classes_that_have_a_price(client, tour, van, saloon):
    cars_of(van, tour, 1)
    with as_owner():
        tour.rates.filter(basis="vehicle").update(car_class=saloon)
    assert "Up to 3 passengers" in card_of(client.get("/en/services/"), tour)


def test_without_any_car_the_list_says_so(client, driver):
    with as_owner():
        Car.objects.update(status="maintenance")
    page = client.get("/en/services/")
    assert page.status_code == 200
    assert "No rides can be booked at the moment." in text_of(page)
    assert "No car for this ride is offered" in text_of(client.get("/en/services/driver/"))


def test_the_list_takes_the_same_queries_for_one_service_and_for_many(client, driver):
    def queries():
        client.get("/en/services/")  # what changed in the catalogue is read
        with CaptureQueriesContext(connection) as made:
            assert client.get("/en/services/").status_code == 200
        return [query["sql"] for query in made.captured_queries if "SAVEPOINT" not in query["sql"]]

    at_one = queries()
    for kind in ("hourly", "transfer", "tour"):
        for _n in range(2):
            service = make_service(kind=kind, location=LocationFactory())
            cars_of(make_class(), service, 2)
            if kind == "tour":
                rate(service, basis="vehicle", amount=100)
    assert client.get("/en/services/").content.decode().count("card__in") == 7
    at_many = queries()
    assert len(at_many) == len(at_one), at_many
    assert len(at_many) <= 7, at_many


# --- What leads there ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", ["/en/", "/en/cars/", "/en/terms/", "/en/link/"])
def test_pages_lead_to_rides_where_there_are_any(client, url):
    CarFactory()
    assert RIDES not in client.get(url).content.decode()
    with as_owner():
        assert not Service.objects.exists()
    service = make_service(kind="hourly")
    assert RIDES in client.get(url).content.decode()
    with as_owner():
        Service.objects.filter(pk=service.pk).update(is_offered=False)
    assert RIDES not in client.get(url).content.decode()


def test_a_tour_sold_by_the_seat_is_found_while_it_departs(client):
    tours = Tours(slug="hills")
    assert RIDES not in client.get("/en/terms/").content.decode()
    assert "Not free at the moment" in text_of(client.get("/en/tours/hills/"))
    departure = tours.depart()
    assert RIDES in client.get("/en/terms/").content.decode()
    with as_owner():
        type(departure).objects.filter(pk=departure.pk).update(status="closed")
    assert RIDES not in client.get("/en/terms/").content.decode()


def test_a_tour_without_a_price_leads_nowhere_until_it_is_sold_by_the_car(client):
    tour = make_service(kind="tour")
    with as_owner():
        tour.rates.all().delete()
    assert RIDES not in client.get("/en/terms/").content.decode()
    assert client.get(f"/en/tours/{tour.slug}/").status_code == 404
    rate(tour, basis="vehicle", amount=100)
    assert RIDES in client.get("/en/terms/").content.decode()
    assert client.get(f"/en/tours/{tour.slug}/").status_code == 200


def test_home_leads_to_both_worlds(client, driver):
    assert "Or be driven" in text_of(client.get("/en/"))
    page = client.get("/en/services/").content.decode()
    assert 'href="/en/cars/"' in page
    assert re.search(r'href="/en/services/"\s+aria-current="page"', page)


def test_the_site_map_has_the_list_and_each_service(client, driver, tour):
    hidden = make_service(kind="hourly", is_offered=False)
    mapped = client.get(reverse("sitemap")).content.decode()
    for code in ("en", "es", "fr", "pt"):
        for path in ("services/", "services/driver/", "tours/hills/"):
            assert f"/{code}/{path}</loc>" in mapped
    assert hidden.slug not in mapped


def test_the_site_map_without_rides(client):
    assert "/services/" not in client.get(reverse("sitemap")).content.decode()


def test_pages_behind_a_link_do_not_ask_but_know(client, driver, django_assert_max_num_queries):
    booking = make_booking()
    client.get("/en/terms/")
    with django_assert_max_num_queries(6):
        page = client.get(reverse("booking", args=[booking.secret]))
    assert RIDES in page.content.decode()
    assert RIDES in client.get("/en/nothing/").content.decode()
