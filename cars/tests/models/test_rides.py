"""The catalogue of rides: what the database refuses, also past every form."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import override

from cars.models import CarClass, Place, RideRate, Service, ServiceHours, Surcharge, Tour
from cars.tests.support.rides import make_class, make_place, make_service
from exodrive.rls import PUBLIC, acting_as, as_owner

pytestmark = pytest.mark.django_db


def rate(basis, **facts):
    return RideRate, {"basis": basis, "amount": Decimal(90)} | facts


def extra(kind, **facts):
    return Surcharge, {"name": "S", "kind": kind, "amount": Decimal(9)} | facts


NIGHT = {"from_time": time(22), "to_time": time(6)}
DAYS = {"first_day": date(2018, 12, 24), "last_day": date(2018, 12, 26)}
# By kind of service: what is refused, and the constraint that does.
REFUSED = [
    ("hourly", rate("hour", amount=0), "ride_rate_is_positive"),
    ("hourly", rate("hour", day_cap=Decimal("89.99")), "day_cap_covers_an_hour"),
    ("hourly", rate("hour", to_km=10), "rate_says_from_where_to_where"),
    ("hourly", rate("hour", child_amount=5), "only_persons_are_children"),
    ("hourly", rate("hour", minutes=60), "transfer_rate_has_a_duration"),
    ("hourly", rate("band", to_km=10, minutes=20), "rate_of_the_kind_of_its_service"),
    ("hourly", rate("person"), "rate_of_the_kind_of_its_service"),
    ("transfer", rate("hour"), "rate_of_the_kind_of_its_service"),
    ("transfer", rate("band", to_km=10), "transfer_rate_has_a_duration"),
    ("transfer", rate("band", minutes=10), "rate_says_from_where_to_where"),
    ("transfer", rate("route", minutes=10), "rate_says_from_where_to_where"),
    ("transfer", rate("zones", minutes=10), "rate_says_from_where_to_where"),
    ("transfer", rate("band", to_km=10, minutes=20, day_cap=900), "only_hours_add_up_to_a_day"),
    ("tour", rate("vehicle", excess_km_price=2), "only_hours_and_distances_count_km"),
    ("tour", rate("hour"), "rate_of_the_kind_of_its_service"),
    ("hourly", extra("night", percent=5, **NIGHT), "surcharge_percent_or_amount"),
    ("hourly", extra("night", amount=None, **NIGHT), "surcharge_percent_or_amount"),
    ("hourly", extra("night", amount=0, **NIGHT), "surcharge_percent_or_amount"),
    ("hourly", extra("night"), "night_has_its_hours"),
    ("hourly", extra("night", from_time=time(22)), "night_has_its_hours"),
    ("hourly", extra("night", from_time=time(22), to_time=time(22)), "night_has_its_hours"),
    ("hourly", extra("airport", **NIGHT), "night_has_its_hours"),
    ("hourly", extra("holiday"), "holiday_has_its_days"),
    (
        "hourly",
        extra("holiday", first_day=date(2019, 1, 2), last_day=date(2019, 1, 1)),
        "holiday_has_its_days",
    ),
    (
        "hourly",
        extra("holiday", first_day=date(2018, 1, 1), last_day=date(2019, 1, 1)),
        "holiday_has_its_days",
    ),
    ("hourly", extra("airport", **DAYS), "holiday_has_its_days"),
    ("hourly", extra("short_notice"), "short_notice_has_its_minutes"),
    ("hourly", extra("airport", notice_minutes=5), "short_notice_has_its_minutes"),
    ("hourly", extra("waiting"), "surcharge_counts_what_it_is_for"),
    ("hourly", extra("extra_stop", per="quarter_hour"), "surcharge_counts_what_it_is_for"),
    ("hourly", extra("airport", per="stop"), "surcharge_counts_what_it_is_for"),
    ("hourly", extra("airport", weekdays=0), "surcharge_weekdays_are_some"),
    ("hourly", extra("airport", weekdays=128), "surcharge_weekdays_are_some"),
    (
        "hourly",
        (ServiceHours, {"weekday": 7, "opens": time(8), "closes": time(9)}),
        "service_hours_of_a_weekday",
    ),
    (
        "hourly",
        (ServiceHours, {"weekday": 0, "opens": time(8), "closes": time(9)}),
        "service_opens_once_at_a_time",
    ),
]


@pytest.mark.parametrize(
    ("kind", "what", "name"), REFUSED, ids=[f"{n}-{r[2]}" for n, r in enumerate(REFUSED)]
)
def test_the_database_refuses_by_name(kind, what, name):
    service = make_service(kind=kind)
    model, facts = what
    with as_owner(), pytest.raises(IntegrityError, match=name), transaction.atomic():
        model.objects.create(service=service, **facts)


@pytest.mark.parametrize("kind", ["hourly", "transfer"])
def test_only_a_tour_has_what_a_tour_is(kind):
    service, place = make_service(kind=kind), make_place()
    facts = {"meeting_place": place, "languages": ["en"], "default_capacity": 3, "duration_minutes": 60}
    with (
        as_owner(),
        pytest.raises(IntegrityError, match="tour_of_a_service_that_is_one"),
        transaction.atomic(),
    ):
        Tour.objects.create(service=service, **facts)


def test_a_service_with_a_rate_keeps_its_kind():
    service = make_service(kind="hourly")
    with as_owner():
        with pytest.raises(IntegrityError, match="rate_of_the_kind"), transaction.atomic():
            Service.objects.update(kind="transfer")
        RideRate.objects.all().delete()
        Service.objects.update(kind="transfer")
        assert Service.objects.get(pk=service.pk).kind == "transfer"


@pytest.mark.parametrize(
    ("basis", "facts"),
    [("hour", {}), ("person", {}), ("band", {"to_km": 10, "minutes": 20}), ("route", {"minutes": 20})],
)
@pytest.mark.parametrize("of_class", [True, False])
def test_one_rate_for_one_ride_also_where_columns_are_empty(basis, facts, of_class):
    kind = next(kind for kind, bases in RideRate.OF_KIND.items() if basis in bases)
    service = make_service(kind=kind)
    ends = {"from_place": make_place(), "to_place": make_place()} if basis == "route" else {}
    facts |= {"car_class": make_class() if of_class else None, **ends}
    with as_owner():
        RideRate.objects.all().delete()
        RideRate.objects.create(service=service, basis=basis, amount=9, **facts)
        with pytest.raises(IntegrityError, match="one_rate_for_the_same_ride"), transaction.atomic():
            RideRate.objects.create(service=service, basis=basis, amount=8, **facts)


SERVICES = [
    ({"min_minutes": 90, "max_minutes": 60}, "shortest_ride_below_longest"),
    ({"max_minutes": 10081}, "shortest_ride_below_longest"),
    ({"min_minutes": 0}, "shortest_ride_below_longest"),
    ({"unit_minutes": 7}, "units_and_steps_divide_the_hour"),
    ({"step_minutes": 7}, "units_and_steps_divide_the_hour"),
    ({"after_minutes": 721}, "gaps_of_half_a_day"),
    ({"tax_rate": Decimal("100.01")}, "tax_is_a_percentage"),
    ({"quick_minutes": [0, 30]}, "quick_durations_are_durations"),
    ({"quick_minutes": [10081]}, "quick_durations_are_durations"),
    ({"quick_minutes": list(range(1, 10))}, "quick_durations_are_durations"),
]


@pytest.mark.parametrize(("facts", "name"), SERVICES)
def test_a_service_that_makes_no_sense_is_refused(facts, name):
    make_service()
    with as_owner(), pytest.raises(IntegrityError, match=name), transaction.atomic():
        Service.objects.update(**facts)


@pytest.mark.parametrize("quick", [[], [1], [30, 10080]])
def test_quick_durations_may_be_few(quick):
    service = make_service()
    with as_owner():
        Service.objects.update(quick_minutes=quick)
        service.refresh_from_db()
        service.full_clean()
    assert service.quick_minutes == quick


def test_quick_durations_are_kept_in_order_and_once():
    service = Service(name="R", slug="r", kind="hourly", tax_rate=20, quick_minutes=[120, 30, 120])
    with as_owner(), pytest.raises(ValidationError):  # it has no location
        service.full_clean()
    assert service.quick_minutes == [30, 120]


@pytest.mark.parametrize(
    ("model", "facts", "name"),
    [
        (CarClass, {"passengers": 0}, "class_takes_somebody"),
        (CarClass, {"passengers": 21}, "class_takes_somebody"),
        (Place, {"latitude": Decimal("90.1")}, "place_is_on_earth"),
        (Place, {"longitude": Decimal("-180.1")}, "place_is_on_earth"),
        (Place, {"radius_km": 0}, "place_has_a_radius"),
        (Place, {"wait_minutes": 241}, "waiting_has_an_end"),
        (Tour, {"min_passengers": 7}, "tour_fits_its_seats"),
        (Tour, {"duration_minutes": 14}, "tour_has_a_duration"),
        (Tour, {"languages": []}, "tour_is_told_in_some_language"),
    ],
)
def test_what_services_share_makes_sense(model, facts, name):
    make_class()
    make_service(kind="tour")
    with as_owner(), pytest.raises(IntegrityError, match=name), transaction.atomic():
        model.objects.update(**facts)


def test_the_public_sees_what_is_offered_and_nothing_of_the_rest():
    offered, _hidden = make_service(), make_service(is_offered=False)
    with acting_as(PUBLIC):
        assert list(Service.objects.all()) == [offered]
        for model in (RideRate, Surcharge, ServiceHours, Tour):
            assert set(model.objects.values_list("service", flat=True)) == {offered.pk}


@pytest.mark.parametrize(
    ("kind", "own", "minutes"),
    [("airport", None, 60), ("station", None, 15), ("hotel", None, 10), ("airport", 0, 0)],
)
def test_a_driver_waits_as_long_as_is_usual_at_such_a_place(kind, own, minutes):
    assert Place(kind=kind, wait_minutes=own).wait == minutes


def test_hours_may_end_after_midnight_and_all_day_is_from_midnight_to_midnight():
    service = make_service()
    with as_owner():
        ServiceHours.objects.all().delete()
        night = ServiceHours.objects.create(service=service, weekday=4, opens=time(22), closes=time(4))
        ServiceHours.objects.create(service=service, weekday=6, opens=time(0), closes=time(0))
    assert str(night) == "Friday 22:00–04:00"


def test_a_surcharge_without_days_or_hours_is_always():
    always = Surcharge(kind="airport")
    assert always.covers_day(date(2019, 2, 3))
    assert always.covers_clock(datetime(2019, 2, 3, 4, tzinfo=UTC))


def test_a_service_is_told_in_the_readers_language():
    service = Service(description="By car", description_fr="En voiture", tax_rate=Decimal(20))
    with override("fr"):
        assert service.about == "En voiture"
    with override("pt"):
        assert service.about == "By car"
    assert service.tax_share == Decimal("0.2")


@pytest.mark.parametrize("kind", ["hourly", "transfer", "tour"])
def test_a_service_goes_with_all_that_is_its_own(kind):
    service = make_service(kind=kind)
    with as_owner():
        service.delete()
        assert not any(model.objects.exists() for model in (RideRate, Surcharge, ServiceHours, Tour))
        assert Place.objects.exists()
