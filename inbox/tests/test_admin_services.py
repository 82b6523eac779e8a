"""A service of rides in the admin: prices are shown before they are saved, and contradictions are asked about."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.tests.support.factories import CarFactory, LocationFactory
from cars.models import Car, CarClass, RideRate, Service, ServiceHours, Surcharge
from cars.tests.support.rides import make_class, make_place, make_service
from exodrive.rls import as_owner
from exodrive.tests.support.admin import values_of

pytestmark = pytest.mark.django_db


def page_of(service):
    return f"/admin/cars/service/{service.pk}/change/"


def service_with_car(kind="hourly", **facts):
    """A service of that kind, and a car of a class that takes whom the class promises."""
    place = LocationFactory()
    service = make_service(kind=kind, location=place, **facts)
    of = make_class(name="Business")
    car = CarFactory(location=place)
    with as_owner():
        Car.objects.filter(pk=car.pk).update(car_class=of)
    return service


def send(client, service, **more):
    return client.post(page_of(service), values_of(client.get(page_of(service))) | more)


def asked(answer):
    assert answer.status_code == 200, answer
    return " ".join(answer.context["adminform"].form.errors.get("go_on", []))


def test_a_new_service_is_kept_and_its_prices_come_next(manager):
    place = LocationFactory()
    typed = {
        "name": "Chauffeur",
        "kind": "hourly",
        "slug": "chauffeur",
        "location": place.pk,
        "with_driver": "on",
        "tax_rate": "20",
        "deposit": "0",
    }
    answer = manager.post("/admin/cars/service/add/", typed)
    with as_owner():
        service = Service.objects.get()
    assert answer["Location"] == page_of(service)
    assert not service.is_offered
    assert service.quick_minutes == [30, 60, 120, 240, 480]
    assert "Nothing has a price yet." in manager.get(page_of(service)).content.decode()


def test_the_page_shows_what_each_class_costs_by_day_and_by_night(desk, manager):
    service = service_with_car()
    for client, may in ((desk, False), (manager, True)):
        page = client.get(page_of(service))
        prices = page.context["prices"]
        assert prices.columns == ["By day", "Night"]
        assert ("Every class · 2 h", ["€180", "€216"]) in prices.rows
        assert ('name="_preview"' in page.content.decode()) == may


def test_a_class_with_a_price_of_its_own_stands_before_the_others(manager):
    service = service_with_car()
    with as_owner():
        RideRate.objects.create(service=service, basis="hour", amount=140, car_class=CarClass.objects.get())
    rows = dict(manager.get(page_of(service)).context["prices"].rows)
    assert (rows["Business · 1 h"], rows["Other classes · 1 h"]) == (["€140", "€168"], ["€90", "€108"])


def test_prices_are_shown_as_typed_and_nothing_is_saved(manager):
    service = service_with_car()
    answer = send(manager, service, _preview="Show prices", **{"rates-0-amount": "110"})
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "Nothing is saved yet" in text
    assert "Please correct" not in text
    assert ("Every class · 1 h", ["€110", "€132"]) in answer.context["prices"].rows
    with as_owner():
        assert RideRate.objects.get().amount == 90


@pytest.mark.parametrize(
    ("amount", "said"), [("45", True), ("45.01", False), ("180", False), ("180.01", True)]
)
def test_a_price_that_is_halved_or_more_than_doubled_is_asked_about(manager, amount, said):
    service = service_with_car()
    answer = send(manager, service, **{"rates-0-amount": amount})
    if said:
        assert "not €90 as before" in asked(answer)
        answer = send(manager, service, go_on="on", **{"rates-0-amount": amount})
    assert answer.status_code == 302
    with as_owner():
        assert RideRate.objects.get().amount == Decimal(amount)


def test_a_change_of_the_name_asks_nothing_again(manager):
    service = make_service(kind="hourly")  # offered, and no car has a class
    assert send(manager, service, name="Driver").status_code == 302


def test_what_is_offered_can_be_booked(manager):
    service = make_service(kind="tour", is_offered=False)
    with as_owner():
        RideRate.objects.all().delete()
        ServiceHours.objects.all().delete()
    said = asked(send(manager, service, is_offered="on"))
    for words in ("has no hours", "has no price", "no car of its location has a class"):
        assert words in said
    with as_owner():
        assert not Service.objects.get().is_offered


def more_surcharges(n, **facts):
    """A surcharge in the n-th place of the page."""
    usual = {
        "name": "More",
        "kind": "night",
        "per": "unit",
        "percent": "10",
        "from_time": "23:00",
        "to_time": "01:00",
    }
    typed = {f"surcharges-{n}-{name}": value for name, value in (usual | facts).items()}
    return {"surcharges-TOTAL_FORMS": n + 1} | typed


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({}, True),
        ({"from_time": "06:00", "to_time": "22:00"}, False),
        ({"from_time": "05:59", "to_time": "07:00"}, True),
        (
            {
                "kind": "extra_stop",
                "per": "stop",
                "percent": "",
                "amount": "8",
                "from_time": "",
                "to_time": "",
            },
            False,
        ),
    ],
)
def test_two_nights_that_meet_are_both_paid_and_that_is_said(manager, facts, said):
    service = service_with_car()
    answer = send(manager, service, **more_surcharges(1, **facts))
    if said:
        assert "“Night” and “More” meet: a ride in both pays both." in asked(answer)
    else:
        assert answer.status_code == 302


def test_a_button_longer_than_the_longest_duration(manager):
    said = asked(send(manager, service_with_car(), max_minutes="240"))
    assert said == "The button for 8 h is longer than the longest duration, 4 h."


def test_a_car_without_a_seat_for_its_driver(manager):
    service = service_with_car(with_driver=False)
    with as_owner():
        Car.objects.update(seats=3)
    assert "with a driver, not all passengers that “Business” promises fit" in asked(
        send(manager, service, with_driver="on")
    )


def test_a_class_without_a_price_is_named(manager):
    service = service_with_car()
    other = make_class(name="Classic")
    assert "“Business” has no price here." in asked(send(manager, service, **{"rates-0-car_class": other.pk}))


def test_a_tour_with_more_seats_than_any_car(manager):
    service = service_with_car("tour")
    with as_owner():
        CarClass.objects.update(passengers=6)
        Car.objects.update(seats=8)
    assert "no car class here takes more than 6" in asked(
        send(manager, service, **{"tour-0-default_capacity": "7"})
    )


def test_a_transfer_says_itself_what_it_is_charged_by(manager):
    service = service_with_car("transfer")
    more = {"rates-TOTAL_FORMS": 2, "rates-1-to_km": "25", "rates-1-amount": "65", "rates-1-minutes": "30"}
    assert send(manager, service, **more).status_code == 302
    with as_owner():
        assert [rate.basis for rate in RideRate.objects.order_by("pk")] == ["route", "band"]
        kinds = set(RideRate.objects.values_list("service_kind", flat=True))
    assert kinds == {"transfer"}


def test_an_empty_zone_and_a_second_price_for_the_way_back_are_named(manager):
    service = service_with_car("transfer")
    with as_owner():
        route = RideRate.objects.get()
    one, two = make_place().zone, make_place().zone
    with as_owner():
        one.places.all().delete()
    zones = {"from_zone": one.pk, "to_zone": two.pk, "amount": "70", "minutes": "40"}
    back = {"from_place": route.to_place_id, "to_place": route.from_place_id, "amount": "95", "minutes": "40"}
    more = {f"rates-1-{name}": value for name, value in zones.items()}
    more |= {f"rates-2-{name}": value for name, value in back.items()}
    said = asked(send(manager, service, **{"rates-TOTAL_FORMS": 3}, **more))
    assert f"No place lies in “{one}”" in said
    assert "is also for the other way, which has a price of its own" in said


@pytest.mark.parametrize(
    ("opens", "closes", "refused"),
    [
        ("20:00", "23:00", False),
        ("19:59", "23:00", True),
        ("21:00", "08:00", False),
        ("21:00", "08:01", True),
    ],
)
def test_hours_follow_each_other_also_after_midnight(manager, opens, closes, refused):
    """Sunday's night runs into Monday's 8:00."""
    service = service_with_car()
    more = {"hours-TOTAL_FORMS": 8, "hours-7-weekday": "6", "hours-7-opens": opens, "hours-7-closes": closes}
    answer = send(manager, service, **more)
    assert (answer.status_code == 200) == refused
    if refused:
        assert "hours of one day follow each other" in answer.content.decode()


def test_only_an_airport_has_an_airport_surcharge(manager):
    service, place = service_with_car("transfer"), make_place(kind="station", name="Part-Dieu")
    facts = {"kind": "airport", "per": "ride", "percent": "", "amount": "6", "from_time": "", "to_time": ""}
    answer = send(manager, service, **more_surcharges(1, place=place.pk, **facts))
    assert "Part-Dieu is not an airport." in answer.content.decode()


def test_a_car_takes_whom_its_class_promises(manager):
    of, car = make_class(passengers=5), CarFactory(seats=4)
    url = f"/admin/cars/car/{car.pk}/change/"
    answer = manager.post(url, values_of(manager.get(url)) | {"car_class": of.pk})
    assert "promises 5 passengers" in answer.content.decode()
    with as_owner():
        CarClass.objects.update(passengers=4)
        Car.objects.update(car_class=of)
    url = f"/admin/cars/carclass/{of.pk}/change/"
    answer = manager.post(url, values_of(manager.get(url)) | {"passengers": "5"})
    assert car.label in " ".join(answer.context["adminform"].form.errors["passengers"])


def test_a_page_asks_as_often_for_many_prices_as_for_a_few(manager):
    service = service_with_car("transfer")

    def queries():
        manager.get(page_of(service))
        with CaptureQueriesContext(connection) as asked:
            assert manager.get(page_of(service)).status_code == 200
        return len(asked)

    few = queries()
    for km in range(10, 20):
        with as_owner():
            RideRate.objects.create(service=service, basis="band", to_km=km, minutes=9, amount=km)
            Surcharge.objects.create(service=service, name="S", kind="extra_stop", per="stop", amount=km)
    assert queries() == few
