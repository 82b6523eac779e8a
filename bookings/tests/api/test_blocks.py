"""/api/blocks: staff block, move and free days; bookings in the way are listed."""

import pytest

from bookings.models import Block
from bookings.tests.support.api import Api, error
from bookings.tests.support.factories import CarFactory, in_days, make_block, make_booking, make_desk
from exodrive.rls import as_owner

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return make_desk()


@pytest.fixture
def api(desk):
    return Api(user=desk)


def body(*cars, start=5, end=7, **more):
    return {
        "carIds": [car.pk for car in cars],
        "startDate": str(in_days(start)),
        "endDate": str(in_days(end)),
        "kind": "maintenance",
        **more,
    }


def test_a_block_is_made_read_moved_and_removed(api, desk):
    car = CarFactory()
    made = api("POST", "/api/blocks", body(car, note="Tyres"))
    assert made.status_code == 201
    (block,) = made.json()["items"]
    assert (block["car"]["id"], block["kind"], block["note"]) == (car.pk, "maintenance", "Tyres")
    path = f"/api/blocks/{block['id']}"
    assert api.get(path).json() == block
    moved = api("PATCH", path, {"endDate": str(in_days(5))}).json()
    assert (moved["startDate"], moved["endDate"]) == (str(in_days(5)), str(in_days(5)))
    with as_owner():
        assert Block.objects.get().created_by == desk
    assert api("DELETE", path).status_code == 204
    assert error(api.get(path)) == (404, "not_found")


def test_the_whole_fleet_is_blocked_at_once(api):
    cars = [CarFactory(), CarFactory(), CarFactory(status="maintenance")]
    CarFactory(status="retired")
    made = api("POST", "/api/blocks", body(wholeFleet=True)).json()["items"]
    assert {block["car"]["id"] for block in made} == {car.pk for car in cars}


def test_bookings_in_the_way_are_listed_and_nothing_is_blocked(api):
    car, free = CarFactory(), CarFactory()
    booking = make_booking(car=car, start=in_days(6), length=2)
    refused = api("POST", "/api/blocks", body(free, car))
    assert error(refused) == (409, "dates_taken")
    (found,) = refused.json()["error"]["details"]["bookings"]
    assert (found["reference"], found["startDate"]) == (booking.reference, str(in_days(6)))
    assert api.get("/api/blocks").json()["total"] == 0


def test_blocks_are_found_by_car_and_days(api):
    first, second = CarFactory(), CarFactory()
    make_block(car=first, start=in_days(3), length=2)
    make_block(car=second, start=in_days(10), length=2)
    assert api.get("/api/blocks").json()["total"] == 2
    assert api.get("/api/blocks", car_id=first.pk).json()["total"] == 1
    assert api.get("/api/blocks", from_=str(in_days(5))).json()["items"][0]["car"]["id"] == second.pk
    assert api.get("/api/blocks", to=str(in_days(9))).json()["total"] == 1


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"carIds": []}, (422, "invalid")),
        ({"carIds": [999_999]}, (404, "not_found")),
        ({"kind": "holiday"}, (422, "invalid")),
        ({"endDate": "2001-01-01"}, (422, "invalid")),
        ({"endDate": "2999-01-01"}, (422, "invalid")),
        ({"note": "x" * 201}, (422, "invalid")),
        ({"more": 1}, (422, "invalid")),
    ],
)
def test_bad_input_is_named(api, change, expected):
    assert error(api("POST", "/api/blocks", {**body(CarFactory()), **change})) == expected


def test_a_block_of_more_than_a_year_is_invalid_new_or_changed(api):
    car = CarFactory()
    long = api.post("/api/blocks", body(car, end=5 + 366))
    (block,) = api.post("/api/blocks", body(car)).json()["items"]
    grown = api.patch(f"/api/blocks/{block['id']}", {"endDate": str(in_days(5 + 366))})
    for refused in (long, grown):
        assert error(refused) == (422, "invalid")
        assert refused.json()["error"]["details"]["fields"] == {"endDate": ["Block a year at most."]}


def test_listing_asks_the_same_number_of_questions(api, django_assert_max_num_queries):
    for _ in range(3):
        make_block(car=CarFactory(), start=in_days(3))
    with django_assert_max_num_queries(9):
        assert api.get("/api/blocks").json()["total"] == 3


def test_a_block_for_hours_is_made_read_and_changed(api):
    car = CarFactory()
    times = {"startTime": "09:00", "endTime": "12:00"}
    made = api("POST", "/api/blocks", body(car, end=5, **times))
    assert made.status_code == 201
    (block,) = made.json()["items"]
    assert {name: block[name] for name in times} == times
    path = f"/api/blocks/{block['id']}"
    assert api("PATCH", path, {"endTime": "13:30"}).json()["endTime"] == "13:30"
    assert api.get(path).json()["startTime"] == "09:00"
    whole = api("POST", "/api/blocks", body(car, start=6, end=6)).json()["items"][0]
    assert (whole["startTime"], whole["endTime"]) == (None, None)


@pytest.mark.parametrize("alone", ["startTime", "endTime"])
def test_one_time_without_the_other_is_refused(api, alone):
    answer = api("POST", "/api/blocks", body(CarFactory(), end=5, **{alone: "09:00"}))
    (missing,) = {"startTime", "endTime"} - {alone}
    assert list(answer.json()["error"]["details"]["fields"]) == [missing]
