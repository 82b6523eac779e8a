"""Whatever the database refuses, the admin says in words and beside the field, before the database is asked."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction

from bookings.tests.support.factories import CarFactory, LocationFactory, in_days, make_extra
from cars.models import (
    Agency,
    Car,
    CarClass,
    Discount,
    Fee,
    Fleet,
    Location,
    OpeningHours,
    Place,
    Season,
    Service,
    Term,
)
from cars.tests.support.rides import make_class, make_place, make_service
from exodrive.models import User
from exodrive.rls import as_owner
from exodrive.tests.support.admin import pages, values_of

pytestmark = pytest.mark.django_db

# What each constraint is broken with: model of the page, what is typed, the field that the sentence stands at.
BROKEN = {
    "rates_are_positive": (Car, {"daily_rate": "0"}, "daily_rate", "Type more than 0."),
    "rates_are_positive, at weekends": (Car, {"weekend_rate": "0"}, "weekend_rate", "Type more than 0."),
    "car_minimum_below_maximum": (
        Car,
        {"min_days": "9", "max_days": "3"},
        "max_days",
        "The longest rental is shorter than the shortest.",
    ),
    "fleet_minimum_below_maximum": (
        Fleet,
        {"min_days": "9", "max_days": "3"},
        "max_days",
        "The longest rental is shorter than the shortest.",
    ),
    "fleet_weekdays_are_some": (
        Fleet,
        {"pickup_weekdays": []},
        "pickup_weekdays",
        "Choose at least one weekday.",
    ),
    "time_zone_is_area_and_city": (Location, {"time_zone": "CET"}, "time_zone", "CET is not a time zone"),
    "latitude_is_on_earth": (Location, {"latitude": "90.000001"}, "latitude", "At most 90."),
    "latitude_is_on_earth, in the south": (Location, {"latitude": "-91"}, "latitude", "At least -90."),
    "longitude_is_on_earth": (Location, {"longitude": "180.5"}, "longitude", "At most 180."),
    "longitude_is_on_earth, in the west": (Location, {"longitude": "-181"}, "longitude", "At least -180."),
    "season_starts_before_it_ends": (
        Season,
        {"end_date": "01/01/2001"},
        "end_date",
        "The last day is before the first.",
    ),
    "season_has_a_rate_or_a_percentage": (
        Season,
        {"rate": "90"},
        "rate",
        "Give a rate or a percentage, not both.",
    ),
    "discount_is_a_percentage": (Discount, {"percent": "0"}, "percent", "Type more than 0."),
    "fee_is_positive": (Fee, {"amount": "0"}, "amount", "Type more than 0."),
    "young_driver_fee_has_an_age": (
        Fee,
        {"kind": "young_driver", "below_age": ""},
        "below_age",
        "Say below which age.",
    ),
    "class_takes_somebody": (CarClass, {"passengers": "0"}, "passengers", "At least 1"),
    "place_is_on_earth": (Place, {"latitude": "91"}, "latitude", "At most 90"),
    "place_has_a_radius": (Place, {"radius_km": "0"}, "radius_km", "Type more than 0."),
    "waiting_has_an_end": (Place, {"wait_minutes": "241"}, "wait_minutes", "At most 240"),
    "shortest_ride_below_longest": (
        Service,
        {"min_minutes": "90", "max_minutes": "60"},
        "max_minutes",
        "The longest ride is shorter than the shortest",
    ),
    "units_and_steps_divide_the_hour": (Service, {"unit_minutes": "7"}, "unit_minutes", "valid choice"),
    "gaps_of_half_a_day": (Service, {"before_minutes": "721"}, "before_minutes", "At most 720"),
    "tax_is_a_percentage": (Service, {"tax_rate": "101"}, "tax_rate", "At most 100"),
    "quick_durations_are_durations": (
        Service,
        {"quick_minutes": "0, 30"},
        "quick_minutes",
        "Type at most 8 durations in minutes",
    ),
}
# The same for what stands in a part of a page.
BROKEN_PARTS = {
    "opens_before_it_closes": (Location, {"opening_hours-0-closes": "09:00"}, "It closes before it opens."),
    "one_term_of_a_kind_per_fleet": (
        Fleet,
        {"terms-1-kind": "fuel"},
        "Please correct the duplicate data for kind.",
    ),
    "one_term_of_a_kind_per_car": (
        Car,
        {"terms-1-kind": "fuel"},
        "Please correct the duplicate data for kind.",
    ),
    "term_of_a_fleet_says_something": (Fleet, {"terms-0-words": ""}, "Write the text."),
}
RATES, MORE = "rates-0-", "surcharges-0-"
# The parts of a service, by its kind.
BROKEN_PARTS_OF_SERVICES: dict[str, tuple[str, dict[str, Any], str]] = {
    "service_opens_once_at_a_time": (
        "hourly",
        {"hours-1-weekday": "0"},
        "Please correct the duplicate values below.",
    ),
    "one_rate_for_the_same_ride": (
        "hourly",
        {"rates-TOTAL_FORMS": "2", "rates-1-amount": "80"},
        "There is a rate for this already.",
    ),
    "ride_rate_is_positive": ("hourly", {f"{RATES}amount": "0"}, "Type more than 0."),
    "day_cap_covers_an_hour": (
        "hourly",
        {f"{RATES}day_cap": "89"},
        "The most in 24 hours is less than one hour costs.",
    ),
    "rate_says_from_where_to_where": (
        "transfer",
        {f"{RATES}to_km": "10"},
        "Say two places, or two zones, or up to how many km: one of the three.",
    ),
    "route_leads_somewhere": ("transfer", {}, "A transfer leads to another place."),
    "transfer_rate_has_a_duration": (
        "transfer",
        {f"{RATES}minutes": ""},
        "Say how long it usually takes.",
    ),
    "only_hours_and_distances_count_km": (
        "transfer",
        {f"{RATES}excess_km_price": "2"},
        "Only a rate per hour or by distance has a price per extra km.",
    ),
    "only_persons_are_children": (
        "tour",
        {f"{RATES}basis": "vehicle", f"{RATES}child_amount": "2"},
        "Only a rate per person has another one for children.",
    ),
    "surcharge_percent_or_amount": (
        "hourly",
        {f"{MORE}amount": "2"},
        "Give an amount or a percentage, not both.",
    ),
    "surcharge_counts_what_it_is_for": ("hourly", {f"{MORE}per": "stop"}, "Waiting is an amount per quarter"),
    "night_has_its_hours": ("hourly", {f"{MORE}to_time": "22:00"}, "A night surcharge has two times"),
    "holiday_has_its_days": ("hourly", {f"{MORE}first_day": "01/02/2019"}, "less than a year apart"),
    "short_notice_has_its_minutes": (
        "hourly",
        {f"{MORE}notice_minutes": "9"},
        "only for short notice",
    ),
    "tour_has_a_duration": ("tour", {"tour-0-duration_minutes": "14"}, "At least 15"),
    "tour_fits_its_seats": (
        "tour",
        {"tour-0-min_passengers": "7"},
        "It takes more persons to take place than it has seats.",
    ),
    "tour_is_told_in_some_language": ("tour", {"tour-0-languages": []}, "This field is required."),
}
# An extra's price has a field that takes nothing below 0; a text of a page is of that page. The kind of a service cannot be
# typed once it is stored; weekdays are ticked, and none of them is no bits; other rates have no fields for hours.
UNREACHABLE = {
    "extra_is_not_negative",
    "term_of_a_fleet_or_of_a_car",
    "service_and_its_kind",
    "service_hours_of_a_weekday",
    "surcharge_weekdays_are_some",
    "only_hours_add_up_to_a_day",
}


def rows():
    """One row of each page, by its model."""
    with as_owner():
        car = CarFactory()
        for owner in ({"car": car}, {"fleet": car.fleet}):
            for kind in ("fuel", "licence"):
                Term.objects.update_or_create(kind=kind, **owner, defaults={"words": "As it was"})
        return {
            Car: car,
            Fleet: car.fleet,
            Location: car.location,
            Agency: car.location.agency,
            Season: Season.objects.create(
                name="Summer", start_date=in_days(3), end_date=in_days(9), percent=120
            ),
            Discount: Discount.objects.create(name="Week", min_days=7, percent=10),
            Fee: Fee.objects.create(name="Cleaning", kind="cleaning", amount=30),
            CarClass: make_class(),
            Place: make_place(),
            Service: make_service(kind="hourly"),
        }


@pytest.fixture(scope="module")
def made(made_once):
    return made_once(rows)


@pytest.fixture(scope="module")
def services(made_once):
    """One of each kind."""
    return made_once(lambda: {kind: make_service(kind=kind) for kind in ("hourly", "transfer", "tour")})


def sent_back(client, row, changes):
    """The page of a row as it comes back after `changes`; nothing is written."""
    model = type(row)
    url = f"/admin/cars/{model._meta.model_name}/{row.pk}/change/"
    sent = values_of(client.get(url))
    answer = client.post(url, sent | changes)
    with as_owner():
        assert model.objects.get(pk=row.pk).updated_at == row.updated_at
    return answer


@pytest.mark.parametrize("name", BROKEN)
def test_a_constraint_is_said_beside_its_field(made, manager, name):
    model, changes, field, words = BROKEN[name]
    answer = sent_back(manager, made[model], changes)
    assert answer.status_code == 200
    assert words in " ".join(answer.context["adminform"].form.errors.get(field, []))
    assert "Constraint" not in answer.content.decode()


@pytest.mark.parametrize("name", BROKEN_PARTS)
def test_a_constraint_is_said_in_the_part_of_the_page_it_is_about(made, manager, name):
    model, changes, words = BROKEN_PARTS[name]
    answer = sent_back(manager, made[model], changes)
    assert answer.status_code == 200
    said = [
        str(i.formset.errors) + str(i.formset.non_form_errors())
        for i in answer.context["inline_admin_formsets"]
    ]
    assert words in "".join(said)
    assert "is violated" not in answer.content.decode()


@pytest.mark.parametrize("name", BROKEN_PARTS_OF_SERVICES)
def test_a_constraint_is_said_in_the_part_of_a_service_it_is_about(services, manager, name):
    kind, changes, words = BROKEN_PARTS_OF_SERVICES[name]
    url = f"/admin/cars/service/{services[kind].pk}/change/"
    sent = values_of(manager.get(url))
    if not changes:
        changes = {f"{RATES}to_place": sent[f"{RATES}from_place"]}
    answer = manager.post(url, sent | changes)
    assert answer.status_code == 200
    said = " ".join(str(part.formset.errors) for part in answer.context["inline_admin_formsets"])
    assert words in said
    assert "is violated" not in answer.content.decode()


def editable_models(client):
    """Models with a page, or with a part of one, that somebody may write to."""
    request = type("Request", (), {"staff": client.user, "user": client.user, "method": "GET"})()
    for page in pages():
        if page.has_change_permission(request):
            yield page.model
            yield from (i.model for i in page.inlines)


def test_every_constraint_of_what_can_be_edited_has_words_and_a_case_here(client_of):
    root = client_of("superuser")
    models_of = set(editable_models(root))
    assert {Car, OpeningHours, User} <= models_of
    cases = {name.partition(",")[0] for name in (*BROKEN, *BROKEN_PARTS, *BROKEN_PARTS_OF_SERVICES)}
    cases |= UNREACHABLE
    for model in models_of:
        for constraint in model._meta.constraints:
            own = models.UniqueConstraint if isinstance(constraint, models.UniqueConstraint) else None
            said = constraint.violation_error_message != constraint.default_violation_error_message
            assert said or own, constraint.name
            assert constraint.name in cases | CASES_ELSEWHERE, constraint.name


# One photo for a picture: `test_admin_photos`. Hours that meet: `test_admin_hours`.
CASES_ELSEWHERE = {"a_drawing_or_a_photo", "opens_once_at_a_time"}


@pytest.mark.parametrize(
    ("model", "field"), [(Car, "slug"), (Car, "plate"), (Location, "slug"), (Agency, "slug"), (Fleet, "name")]
)
def test_what_somebody_else_has_already_is_said_beside_its_field(made, manager, model, field):
    row = made[model]
    with as_owner():
        CarFactory(location=LocationFactory())
        if model is Fleet:
            Fleet.objects.create(name="Second")
        other = model.objects.exclude(pk=row.pk).first() or model.objects.create(name="B", slug="b")
    url = f"/admin/cars/{model._meta.model_name}/{row.pk}/change/"
    answer = manager.post(url, values_of(manager.get(url)) | {field: getattr(other, field)})
    assert answer.status_code == 200
    assert "already exists" in " ".join(answer.context["adminform"].form.errors[field])


@pytest.mark.parametrize(("column", "value"), [("latitude", 90.5), ("longitude", -180.5)])
def test_the_database_takes_no_place_beyond_the_earth(column, value):
    place = LocationFactory()
    with as_owner(), pytest.raises(IntegrityError, match=f"{column}_is_on_earth"), transaction.atomic():
        Location.objects.filter(pk=place.pk).update(**{column: Decimal(str(value))})


def test_a_price_of_an_extra_below_zero_is_refused(manager):
    extra = make_extra()
    url = f"/admin/cars/extra/{extra.pk}/change/"
    answer = manager.post(url, values_of(manager.get(url)) | {"price": "-1"})
    assert "At least 0." in " ".join(answer.context["adminform"].form.errors["price"])
