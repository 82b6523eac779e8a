"""A car's own rules before its fleet's, its texts in the reader's language, its pictures, and what it cannot be."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import override

from bookings.tests.support.factories import CarFactory, CarImageFactory, LocationFactory
from cars.models import Car, CarImage, Fleet
from exodrive.rls import PUBLIC, STAFF, acting_as, as_owner

pytestmark = pytest.mark.django_db
RULES = {
    "min_days": "shortest",
    "max_days": "longest",
    "buffer_days": "buffer",
    "horizon_days": "horizon",
    "lead_time_hours": "lead_time",
    "cut_off_hour": "cut_off",
}
WEEK = [date(2024, 6, 3) + timedelta(days=n) for n in range(7)]  # from a Monday
WEEKEND = 0b1100000


def car_of(fleet, **own):
    return Car(fleet=Fleet(**fleet), **own)


@pytest.mark.parametrize(("column", "rule"), RULES.items())
def test_a_rule_is_the_fleets_unless_the_car_has_its_own(column, rule):
    assert getattr(car_of({column: 9}), rule) == 9
    assert getattr(car_of({column: 9}, **{column: 3}), rule) == 3


@pytest.mark.parametrize("column", ["buffer_days", "lead_time_hours", "cut_off_hour"])
def test_zero_is_a_rule_of_its_own_and_not_missing(column):
    assert getattr(car_of({column: 9}, **{column: 0}), RULES[column]) == 0


@pytest.mark.parametrize(
    ("column", "asked"), [("pickup_weekdays", "may_start_on"), ("dropoff_weekdays", "may_end_on")]
)
def test_weekdays_are_bits_from_monday(column, asked):
    def allowed(car):
        return [n for n, day in enumerate(WEEK) if getattr(car, asked)(day)]

    assert allowed(car_of({})) == list(range(7))
    assert allowed(car_of({column: WEEKEND})) == [5, 6]
    assert allowed(car_of({column: WEEKEND}, **{column: 0b0000001})) == [0]


def test_the_defaults_that_nobody_should_have_to_guess():
    car = car_of({})
    assert {rule: getattr(car, rule) for rule in RULES.values()} == {
        "shortest": 1,
        "longest": 28,
        "buffer": 0,
        "horizon": 365,
        "lead_time": 0,
        "cut_off": 12,
    }
    assert (car.minimum_age, car.included_km_per_day) == (25, 200)


def test_a_car_that_names_no_fleet_belongs_to_the_first():
    with as_owner():
        Fleet.objects.all().delete()  # a migration made one
        first, _second = Fleet.objects.create(name="First"), Fleet.objects.create(name="Second")
    assert CarFactory(fleet=None).fleet == first


def test_the_first_car_ever_makes_its_fleet():
    with as_owner():
        Fleet.objects.all().delete()
    car = CarFactory(fleet=None)
    with as_owner():
        assert [fleet.name for fleet in Fleet.objects.all()] == [car.fleet.name] == ["Exodrive"]


@pytest.mark.parametrize(
    ("status", "offered"), [("offered", True), ("maintenance", False), ("retired", False)]
)
def test_only_an_offered_car_is_offered(status, offered):
    assert Car(status=status).is_offered is offered


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "A grand tourer."),
        ("fr", "Une grande routière."),
        ("pt", "A grand tourer."),
        ("de", "A grand tourer."),
    ],
)
def test_texts_are_in_the_readers_language_or_else_in_english(language, said):
    car = Car(description="A grand tourer.", description_fr="Une grande routière.")
    with override(language):
        assert car.text == said


def test_a_list_of_cars_asks_for_locations_and_fleets_at_once(django_assert_num_queries):
    for _ in range(3):
        CarFactory()
    with acting_as(PUBLIC), django_assert_num_queries(1):
        assert len([(car.location.name, car.fleet.name, car.shortest) for car in Car.objects.all()]) == 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"daily_rate": Decimal(0)},
        {"daily_rate": Decimal(-1)},
        {"weekend_rate": Decimal(0)},
        {"min_days": 8, "max_days": 7},
    ],
)
def test_the_database_refuses_what_no_car_can_be(wrong):
    car = CarFactory()
    with as_owner(), pytest.raises(IntegrityError), transaction.atomic():
        Car.objects.filter(pk=car.pk).update(**wrong)


@pytest.mark.parametrize("rules", [{"min_days": 7, "max_days": 7}, {"min_days": 30}, {"max_days": 2}])
def test_a_car_may_have_one_bound_alone(rules):
    car = CarFactory(**rules)
    with acting_as(PUBLIC):
        assert Car.objects.filter(pk=car.pk, **rules).exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"min_days": 5, "max_days": 4},
        {"min_days": 0},
        {"pickup_weekdays": 0},
        {"dropoff_weekdays": 0},
        {"pickup_weekdays": 128},
    ],
)
def test_a_fleet_always_allows_some_rental(wrong):
    with as_owner(), pytest.raises(IntegrityError), transaction.atomic():
        Fleet.objects.create(name="Other", **wrong)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("year", 1899),
        ("seats", 0),
        ("seats", 21),
        ("max_days", 366),
        ("buffer_days", 31),
        ("cut_off_hour", 25),
    ],
)
def test_people_are_told_which_number_is_out_of_range(field, value):
    car = CarFactory.build(location=LocationFactory(), **{field: value})
    with as_owner(), pytest.raises(ValidationError) as refused:
        car.full_clean(exclude=["fleet"])
    assert field in refused.value.message_dict


def test_pictures_come_in_their_order_and_the_first_is_the_cars():
    car = CarFactory()
    with acting_as(PUBLIC):
        assert Car.objects.get(pk=car.pk).picture is None
    second = CarImageFactory(car=car, art="back", position=2)
    first = CarImageFactory(car=car, art="front", position=1)
    with acting_as(PUBLIC):
        assert list(car.images.all()) == [first, second]
        assert car.picture == first
        assert car.picture.url.endswith("img/cars/front.svg")


def test_a_picture_says_what_it_shows_in_the_readers_language():
    picture = CarImage(alt="From the side", alt_es="De lado")
    with override("es"):
        assert picture.text == "De lado"
    with override("fr"):
        assert picture.text == "From the side"
    assert str(picture) == "From the side"


@pytest.mark.parametrize("both", [{"art": "", "file": ""}, {"art": "front", "file": "cars/front.jpg"}])
def test_a_picture_is_either_a_drawing_or_a_photo(both):
    car = CarFactory()
    with as_owner(), pytest.raises(IntegrityError), transaction.atomic():
        CarImage.objects.create(car=car, alt="Front", **both)


def test_the_labels_of_all_cars_are_theirs_in_one_query_of_what_is_written(django_assert_num_queries):
    cars = [CarFactory(make=make, plate=f"P-{make}") for make in ("Órbita", "Alder", "orca")]
    with acting_as(STAFF), django_assert_num_queries(1) as asked:
        labels = Car.objects.labels()
    assert list(labels.items()) == [(str(car.pk), car.label) for car in (cars[1], cars[0], cars[2])]
    assert "daily_rate" not in asked[0]["sql"]
