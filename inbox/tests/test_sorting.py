"""Lists are sorted as their readers sort: whatever capitals, accents and apostrophes there are."""

import re

import pytest
from django.urls import reverse

from bookings.lifecycle.request import Person
from bookings.tests.support.factories import (
    AgencyFactory,
    CarFactory,
    LocationFactory,
    in_days,
    make_booking,
    make_manager,
    make_user,
)
from cars.models import Location
from exodrive.rls import STAFF, acting_as, as_owner
from inbox.forms.new_booking import NewBookingForm

pytestmark = pytest.mark.django_db
SORTED = ["Ávila", "bilbao", "Čačak", "Évora", "Faro", "Łódź", "Oaxaca", "O'Brien", "Öland", "Zagreb"]
MIXED = sorted(SORTED, reverse=True)


def in_order(text):
    """The names as they follow each other in a page's body."""
    found = re.findall("|".join(SORTED), re.sub("&#x27;", "'", text))
    return list(dict.fromkeys(found))


def admin_list(client, path, **get):
    page = client.get(reverse(f"admin:{path}_changelist"), get).content.decode()
    return in_order(page[page.index('id="result_list"') :])


@pytest.fixture
def boss(client):
    client.force_login(make_manager(is_superuser=True))
    return client


def test_places_everywhere(boss):
    for name in MIXED:
        LocationFactory(name=name)
    with acting_as(STAFF):
        assert [place.name for place in Location.objects.all()] == SORTED
        assert [place.name for place in NewBookingForm().fields["pick_up"].queryset] == SORTED
    assert admin_list(boss, "cars_location") == SORTED
    assert admin_list(boss, "cars_location", o="-1") == SORTED[::-1]


def test_cars_where_staff_look_for_one(boss):
    for name in MIXED:
        CarFactory(make=name, model="x")
    assert in_order(boss.get("/staff/inbox/").content.decode()) == SORTED
    with acting_as(STAFF):
        assert [car.make for car in NewBookingForm().fields["car"].queryset] == SORTED
    assert admin_list(boss, "cars_car") == SORTED
    assert in_order(boss.get(reverse("admin:cars_fee_add")).content.decode()) == SORTED
    assert in_order(boss.get("/staff/blocks/new/").content.decode()) == SORTED


def test_the_calendar_by_place_and_car(boss):
    for name in MIXED:
        CarFactory(location=LocationFactory(name="lyon"), make=name, model="x")
    place = LocationFactory(name="Évreux")
    first = CarFactory(location=place, make="Zonda", model="x")
    page = boss.get("/staff/calendar/?view=timeline").content.decode()
    assert page.index(first.name) < page.index(f"{SORTED[0]} x")


def test_customers_and_who_comes_at_one_time(boss):
    for name in MIXED:
        make_booking(
            who=Person(f"{name} Reis", f"{len(name)}-{ord(name[0])}{ord(name[1])}@example.com"),
            start=in_days(2),
        )
    assert admin_list(boss, "bookings_customer") == SORTED
    assert admin_list(boss, "bookings_customer", o="-0") == SORTED[::-1]
    assert admin_list(boss, "bookings_booking", o="4") == SORTED
    listed = boss.get("/staff/calendar/?view=list").content.decode()
    assert in_order(listed) == SORTED


def test_agencies_and_the_people_who_work_here(boss):
    for n, name in enumerate(MIXED):
        AgencyFactory(name=name, slug=f"a{n}")
        make_user(full_name=name, email=f"u{n}@exodrive.test")
    assert admin_list(boss, "cars_agency") == SORTED
    with as_owner():
        assert admin_list(boss, "exodrive_user", o="2") == SORTED
