"""A program that changes what it reads sees everything exactly once; anything but our cursors is refused."""

import pytest

from bookings.models import Booking
from bookings.tests.support.api import Api, staff_token
from bookings.tests.support.factories import CarFactory, in_days, make_block, make_booking, make_manager
from cars.models import Car
from exodrive.rls import as_owner

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return Api(bearer=staff_token(make_manager()))


def read(api, path, *, size=2, each=lambda item: None, **filters):
    """The ids of a list, read by cursor to its end; `each` is done with an item as soon as it is read."""
    seen, cursor = [], ""
    while cursor is not None:
        answer = api.get(path, cursor=cursor, page_size=size, **filters)
        assert answer.status_code == 200
        body = answer.json()
        for item in body["items"]:
            seen.append(item["id"])
            each(item)
        cursor = body["next"]
        assert len(seen) < 50
    return seen


def test_a_loop_that_confirms_what_it_reads_confirms_every_booking_once(staff):
    made = [str(make_booking().pk) for _ in range(5)]

    def confirm(item):
        assert staff.patch(f"/api/bookings/{item['id']}/status", {"status": "upcoming"}).status_code == 200

    assert read(staff, "/api/bookings", each=confirm, status="pending") == made[::-1]
    with as_owner():
        assert Booking.objects.filter(status="upcoming").count() == 5


def test_bookings_of_the_same_instant_are_all_seen_once(staff):
    made = {str(make_booking().pk) for _ in range(5)}
    with as_owner():
        at = Booking.objects.values_list("created_at", flat=True).first()
        Booking.objects.update(created_at=at)
    seen = read(staff, "/api/bookings")
    assert (len(seen), set(seen)) == (5, made)


def test_a_loop_that_moves_blocks_sees_each_once(staff):
    car = CarFactory()
    made = [make_block(car=car, start=in_days(n), length=1).pk for n in range(1, 6)]

    def move(item):
        day = in_days(item["id"] - made[0] + 20).isoformat()
        assert staff.patch(f"/api/blocks/{item['id']}", {"startDate": day, "endDate": day}).status_code == 200

    assert read(staff, "/api/blocks", each=move) == made


def test_a_loop_over_cars_is_not_lost_when_their_prices_change():
    made = [CarFactory(daily_rate=str(100 + n)).pk for n in range(5)]

    def make_dearer(item):
        with as_owner():
            Car.objects.filter(pk=item["id"]).update(daily_rate=500)

    assert read(Api(), "/api/cars", each=make_dearer) == made


@pytest.mark.parametrize("path", ["/api/bookings", "/api/cars", "/api/blocks"])
def test_anything_but_its_own_cursor_is_refused(staff, path):
    for _ in range(2):
        make_block(car=make_booking().car, start=in_days(40))
    others = {"/api/bookings": "/api/cars", "/api/cars": "/api/blocks", "/api/blocks": "/api/bookings"}
    good = staff.get(path, cursor="", page_size=1).json()["next"]
    assert staff.get(path, cursor=good, page_size=5).status_code == 200
    wrong = [
        ({"cursor": "nonsense"}, "cursor"),
        ({"cursor": good[:-1] + ("A" if good[-1] != "A" else "B")}, "cursor"),
        ({"cursor": staff.get(others[path], cursor="", page_size=1).json()["next"]}, "cursor"),
        ({"cursor": good, "car_id" if path != "/api/cars" else "seats": "2"}, "cursor"),
        ({"cursor": good, "page": "2"}, "page"),
        ({"cursor": "é"}, "cursor"),
    ]
    for params, field in wrong:
        answer = staff.get(path, **params)
        assert answer.status_code == 422, params
        assert answer.json()["error"]["code"] == "invalid"
        assert set(answer.json()["error"]["details"]["fields"]) == {field}


def test_pages_say_no_cursor(staff):
    make_booking()
    assert staff.get("/api/bookings").json()["next"] is None
