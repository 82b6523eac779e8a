"""What the search finds by sets of cars is what the plain query finds, car for car, in the order of the prices."""

from itertools import product

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from bookings.availability.as_of import AsOf
from bookings.availability.fleet import bits
from bookings.availability.fleet.free import free
from bookings.availability.fleet.offered import offered
from bookings.availability.fleet.order import Order
from bookings.availability.free_cars import free_cars
from bookings.days import Days
from bookings.forms.catalogue import CatalogueForm
from bookings.tests.availability.test_cache_properties import CLOSED, RULES, TAKEN, WANTED, ZONES, give
from bookings.tests.support.api import Api
from bookings.tests.support.examples import budget, taken_back
from bookings.tests.support.factories import CarFactory, LocationFactory, in_days
from bookings.views.lists.found import PER_PAGE, find
from bookings.views.lists.offers import Offer
from cars.catalogue import one_catalogue
from cars.models import Car, ClosedDay, Discount, Fee, Season
from cars.pricing.daily import quote_rental
from cars.pricing.tariff import tariff_of
from exodrive.rls import PUBLIC, acting_as, as_owner

pytestmark = pytest.mark.django_db
CARS = st.lists(st.tuples(st.integers(0, 1), RULES, TAKEN), min_size=1, max_size=7)


def ids(among, cars):
    return {among.base + position for position in bits.positions(bits.raw(cars))}


def test_it_finds_what_the_plain_query_finds(rounds):
    answers = set()

    @budget(rounds(15, 300))
    @given(st.tuples(st.sampled_from(ZONES), st.sampled_from(ZONES)), CARS, CLOSED, WANTED)
    def run(zones, cars, closed, wanted):
        at = timezone.now()
        with taken_back():
            with as_owner():
                places = [LocationFactory(time_zone=zone) for zone in zones]
                for n in closed:
                    ClosedDay.objects.create(location=places[0], date=in_days(n, at))
                for place, own_rules, taken in cars:
                    car = CarFactory(location=places[place], **own_rules)
                    for n, length, who in taken:
                        give(car, Days.starting(in_days(n, at), min(length, 4 - n % 4)), who, at)
            with acting_as(PUBLIC), one_catalogue():
                among = offered()
                for start, length in wanted:
                    days = Days.starting(in_days(start, at), length)
                    found = ids(among, free(among, days, at))
                    assert found == set(free_cars(days, AsOf(at)).values_list("pk", flat=True))
                    answers.add(bool(found))

    run()
    assert answers == {True, False}


@given(
    st.lists(st.tuples(st.integers(0, 3), st.booleans()), min_size=1, max_size=60),
    st.integers(0, 10),
    st.integers(1, 10),
)
def test_a_page_is_cut_from_the_cars_in_order(cars, first, count):
    """Whether it walks along the order or puts the found ones in order."""

    class Fleet:
        base = 100
        kinds = [
            type("Kind", (), {"positions": [n for n, (kind, _in) in enumerate(cars) if kind == number]})
            for number in range(4)
        ]
        kind_of = [kind for kind, _in in cars]
        ids = staticmethod(lambda positions: [100 + position for position in positions])

    keys = [5, 2, 5, 9]
    wanted = bits.number(bits.put(bytearray(), [n for n, (_kind, is_in) in enumerate(cars) if is_in]))
    expected = sorted((keys[kind], 100 + n) for n, (kind, is_in) in enumerate(cars) if is_in)
    order = Order.by(Fleet, keys)
    for considered in (0, len(cars), 10**6):  # of how many cars it believes to choose from
        shown = Order(order.rank, order.groups, considered).page(Fleet, wanted, first, count)
        assert shown == [pk for _key, pk in expected[first : first + count]]


def priced_fleet():
    """Cars that differ in all that a visitor chooses by; some have prices of their own."""
    here, there = LocationFactory(slug="here"), LocationFactory(slug="there")
    cars = [
        CarFactory(location=place, seats=seats, gearbox=gearbox, daily_rate=rate, weekend_rate=weekend)
        for place, (seats, gearbox), (rate, weekend) in product(
            (here, there), ((4, "manual"), (7, "automatic")), ((100, None), (100, 150), (180, 90))
        )
    ]
    year = {"start_date": in_days(0), "end_date": in_days(300)}
    with as_owner():
        Season.objects.create(name="Own", car=cars[1], percent=200, **year)
        Season.objects.create(name="All", percent=130, start_date=in_days(12), end_date=in_days(13))
        Discount.objects.create(name="Own", car=cars[3], percent=50, min_days=2)
        Fee.objects.create(name="Own", car=cars[4], kind="cleaning", per="rental", amount=70)
        give(cars[0], Days(in_days(11), in_days(12)), "block", timezone.now())
    return cars


FILTERS: list[dict[str, object]] = [
    {},
    {"seats": 5},
    {"gearbox": "manual"},
    {"seats": 5, "gearbox": "manual"},
]


@pytest.mark.parametrize("sort", ["", "dearest"])
@pytest.mark.parametrize("with_days", [True, False])
def test_a_page_has_the_cars_that_fit_in_order_of_the_price_shown(sort, with_days):
    priced_fleet()
    at, days = timezone.now(), Days(in_days(10), in_days(13))
    dates = {"start": str(days.start), "end": str(days.end)} if with_days else {}
    with acting_as(PUBLIC), one_catalogue():
        tariff = tariff_of(days.start, days.end) if with_days else tariff_of(in_days(0), in_days(400))
        for filters, place, limit in product(
            FILTERS, ("", "here"), ({}, {"max_price": 120}, {"max_total": 500})
        ):
            form = CatalogueForm({**dates, **filters, **limit, "place": place, "sort": sort})
            assert form.is_valid()
            cars = free_cars(days, AsOf(at)) if with_days else Car.objects.filter(status="offered")
            offers = [
                Offer(car, days if with_days else None, tariff=tariff) for car in cars if form.suits(car)
            ]
            fitting = [offer for offer in offers if form.fits(offer)]
            expected = sorted(fitting, key=lambda offer: offer.price, reverse=bool(sort))
            found = find(form, at, 1)
            assert [offer.car.pk for offer in found.free] == [offer.car.pk for offer in expected]
            assert [offer.price for offer in found.free] == [offer.price for offer in expected]
            assert found.count == len(expected)


def test_the_api_lists_the_same_by_total():
    priced_fleet()
    days = Days(in_days(10), in_days(13))
    with acting_as(PUBLIC):
        tariff = tariff_of(days.start, days.end)
        totals = {
            car.pk: quote_rental(car, days, tariff).total.amount
            for car in free_cars(days, AsOf(timezone.now()))
        }
    for sort, sign in (("cheapest", 1), ("dearest", -1)):
        pages = [
            Api().get("/api/cars", start=days.start, end=days.end, sort=sort, page=page, page_size=4).json()
            for page in (1, 2, 3, 4)
        ]
        listed = [car["id"] for page in pages for car in page["items"]]
        assert listed == sorted(totals, key=lambda pk: (sign * totals[pk], pk))
        assert {page["total"] for page in pages} == {len(totals)}


def test_by_a_cursor_every_free_car_comes_once():
    cars = priced_fleet()
    asked = {"start": in_days(10), "end": in_days(13), "page_size": 5}
    seen, cursor = [], ""
    while cursor is not None:
        answer = Api().get("/api/cars", **asked, cursor=cursor).json()
        seen += [car["id"] for car in answer["items"]]
        cursor = answer.get("next")
    assert seen == sorted(car.pk for car in cars[1:])


def test_more_cars_than_a_page_has_are_on_the_next(client):
    place = LocationFactory()
    cars = [CarFactory(location=place, daily_rate=100 + n) for n in range(PER_PAGE + 2)]
    first, second = (client.get("/en/cars/", {"seats": 4, "page": page}) for page in ("", 2))
    assert [offer.car.pk for offer in first.context["free"]] == [car.pk for car in cars[:PER_PAGE]]
    assert [offer.car.pk for offer in second.context["free"]] == [car.pk for car in cars[PER_PAGE:]]
    assert 'rel="next" href="/en/cars/?seats=4&amp;page=2"' in first.content.decode()
    assert 'rel="prev" href="/en/cars/?seats=4"' in second.content.decode()
    assert client.get("/en/cars/", {"page": 99}).context["free"] == second.context["free"]
