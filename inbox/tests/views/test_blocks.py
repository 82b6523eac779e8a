"""Blocking days on the staff pages: the form, the block's page, the calendar's links, the admin's action."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.models import Block, BlockEvent, CarAvailability
from bookings.tests.support.factories import CarFactory, in_days, make_block, make_booking, make_hold
from exodrive.i18n.formats import span
from exodrive.rls import as_owner
from exodrive.tests.support.html import flat

pytestmark = pytest.mark.django_db
NEW = "/staff/blocks/new/"


def body(response):
    return response.content.decode()


def typed(start, end, *cars, **more):
    days = {"start": start.isoformat(), "end": end.isoformat()}
    return days | {"car": [car.pk for car in cars], "kind": "maintenance", "note": "New tyres"} | more


def blocked():
    with as_owner():
        rows = CarAvailability.objects.filter(status="blocked").order_by("car", "date")
        return [(row.car_id, row.date) for row in rows]


def test_the_form_is_prefilled_from_its_address(desk):
    car, other = CarFactory(), CarFactory()
    text = body(desk.get(f"{NEW}?car={car.pk}&start={in_days(3)}&end={in_days(5)}"))
    assert re.findall(r'name="car" value="(\d+)"[^>]* checked', text) == [str(car.pk)]
    assert f'value="{other.pk}"' in text
    assert re.findall(r'type="date" name="\w+" value="([^"]+)"', text) == [f"{in_days(3)}", f"{in_days(5)}"]
    assert "checked" in re.search(r"<input[^>]*id_fleet[^>]*>", body(desk.get(f"{NEW}?fleet=1")))[0]


def test_days_of_several_cars_are_blocked_and_one_comes_back_to_the_calendar(desk):
    cars, start = [CarFactory(), CarFactory(), CarFactory()], in_days(3)
    answer = desk.post(NEW, typed(start, start + timedelta(days=1), *cars[:2]))
    assert (answer.status_code, answer.url) == (303, f"/staff/calendar/?from={start}")
    assert blocked() == [(car.pk, start + timedelta(days=n)) for car in cars[:2] for n in (0, 1)]
    with as_owner():
        block = Block.objects.first()
        assert (block.kind, block.note, block.created_by) == ("maintenance", "New tyres", desk.user)
    assert "2 cars are blocked" in body(desk.get(answer.url))


def test_the_whole_fleet_is_every_car_but_retired_ones(desk):
    cars = [CarFactory(), CarFactory(status="maintenance")]
    CarFactory(status="retired")
    assert desk.post(NEW, typed(in_days(3), in_days(3), fleet="on")).status_code == 303
    assert [car for car, _day in blocked()] == [car.pk for car in cars]


def test_a_block_over_bookings_is_refused_and_links_to_them(desk):
    car, free, start = CarFactory(), CarFactory(), in_days(5)
    booking = make_booking(car=car, start=start, length=2)
    answer = desk.post(NEW, typed(start, start, car, free))
    text = body(answer)
    assert answer.status_code == 409
    assert f'<a class="row__who" href="/staff/bookings/{booking.pk}/" target="_blank"' in text
    assert booking.reference in text
    assert 'role="alert"' in text
    assert 'value="New tyres"' in text
    assert blocked() == []


def test_held_days_are_refused_in_words(desk):
    car, start = CarFactory(), in_days(5)
    make_hold(car=car, start=start, length=1)
    answer = desk.post(NEW, typed(start, start, car))
    assert (answer.status_code, "is booked." in body(answer)) == (409, True)
    assert blocked() == []


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"car": []}, "Choose at least one car, or the whole fleet"),
        ({"car": ["999999"]}, "Choose cars from the list"),
        ({"start": ""}, "Choose the first day"),
        ({"end": "2001-01-01"}, "The last day must be the same as or after the first day"),
        ({"end": "2190-01-01"}, "Block a year at most."),
        ({"kind": ""}, "Choose a reason"),
    ],
)
def test_a_form_with_holes_is_a_422_with_a_summary(desk, wrong, sentence):
    answer = desk.post(NEW, typed(in_days(3), in_days(3), CarFactory()) | wrong)
    summary = re.search(r'<div class="errsum".*?</div>', body(answer), re.S)[0]
    assert (answer.status_code, sentence in summary) == (422, True)
    assert blocked() == []


def test_a_block_is_moved_and_explained(desk):
    car, start = CarFactory(), in_days(5)
    block = make_block(car=car, start=start, length=3)
    page = f"/staff/blocks/{block.pk}/"
    assert f'value="{start}"' in body(desk.get(page))
    data = {"start": start.isoformat(), "end": start.isoformat(), "kind": "owner_use", "note": "Ours"}
    assert desk.post(page, data).status_code == 303
    assert blocked() == [(car.pk, start)]
    with as_owner():
        block.refresh_from_db()
        assert (block.kind, block.note) == ("owner_use", "Ours")


def test_a_block_does_not_grow_beyond_a_year(desk):
    car, start = CarFactory(), in_days(5)
    block = make_block(car=car, start=start)
    data = {"start": f"{start}", "end": f"{start + timedelta(days=366)}", "kind": "other", "note": "Parts"}
    answer = desk.post(f"/staff/blocks/{block.pk}/", data)
    summary = re.search(r'<div class="errsum".*?</div>', body(answer), re.S)[0]
    assert (answer.status_code, "Block a year at most." in summary) == (422, True)
    assert 'value="Parts"' in body(answer)
    assert blocked() == [(car.pk, start)]


def test_a_block_is_not_moved_over_a_booking(desk):
    car, start = CarFactory(), in_days(5)
    block = make_block(car=car, start=start)
    booking = make_booking(car=car, start=start + timedelta(days=2), length=1)
    data = {"start": f"{start}", "end": f"{start + timedelta(days=2)}", "kind": "other", "note": ""}
    answer = desk.post(f"/staff/blocks/{block.pk}/", data)
    assert (answer.status_code, f"/staff/bookings/{booking.pk}/" in body(answer)) == (409, True)
    assert blocked() == [(car.pk, start)]


def test_a_running_block_ends_today_and_others_do_not(desk):
    car = CarFactory()
    running = make_block(car=car, start=in_days(-2), length=5)
    later = make_block(car=car, start=in_days(9), length=2)
    assert "End today" in body(desk.get(f"/staff/blocks/{running.pk}/"))
    assert "End today" not in body(desk.get(f"/staff/blocks/{later.pk}/"))
    assert desk.post(f"/staff/blocks/{running.pk}/end/").status_code == 303
    assert desk.post(f"/staff/blocks/{later.pk}/end/").status_code == 409
    with as_owner():
        running.refresh_from_db()
        assert running.end_date == in_days(0)
    assert len(blocked()) == 5


def test_a_removed_block_frees_its_days_once(desk):
    block = make_block(car=CarFactory(), start=in_days(5))
    asked = flat(body(desk.get(f"/staff/blocks/{block.pk}/removal/")))
    assert span(block.start_date, block.end_date) in asked
    assert "Maintenance" in asked
    assert blocked() != []
    assert desk.post(f"/staff/blocks/{block.pk}/removal/").status_code == 303
    assert blocked() == []
    assert desk.post(f"/staff/blocks/{block.pk}/removal/").status_code == 404


def test_a_removal_is_written_down_by_the_database_and_stands_on_the_page_of_the_car(desk):
    block = make_block(car=CarFactory(), start=in_days(5))
    desk.post(f"/staff/blocks/{block.pk}/removal/", {"days": block.days.isoformat})
    with as_owner():
        (event,) = BlockEvent.objects.all()
    assert (event.car_id, event.start_date, event.end_date, event.kind) == (
        *(block.car_id, block.start_date, block.end_date, block.kind),
    )
    assert event.actor == desk.user
    text = flat(body(desk.get(f"/staff/cars/{block.car_id}/bookings/")))
    assert "Blocks that were removed" in text
    assert str(desk.user) in text


def test_a_block_that_was_changed_since_one_was_asked_is_not_removed(desk):
    block = make_block(car=CarFactory(), start=in_days(5))
    answer = desk.post(f"/staff/blocks/{block.pk}/removal/", {"days": f"{in_days(5)}/{in_days(7)}"})
    assert (answer.status_code, "has just changed this" in body(answer)) == (409, True)
    assert blocked() == [(block.car_id, in_days(5))]


def test_blocked_bars_link_to_their_block_and_the_calendar_to_the_form(desk):
    block = make_block(car=CarFactory(), start=in_days(1))
    text = body(desk.get(f"/staff/calendar/?from={in_days(0)}"))
    assert f'<a class="bk bk--block bk--one" href="/staff/blocks/{block.pk}/?next=' in flat(text)
    assert f"{NEW}?next=/staff/calendar/" in text


@pytest.mark.parametrize("path", [NEW, "/staff/blocks/{pk}/"])
def test_the_pages_open_for_staff_and_nobody_else(client_of, path):
    path = path.format(pk=make_block(car=CarFactory(), start=in_days(3)).pk)
    for who, status in {"desk": 200, "manager": 200, "anonymous": 302, "only_staff_flag": 403}.items():
        assert client_of(who).get(path).status_code == status


@pytest.mark.parametrize("who", ["anonymous", "only_staff_flag"])
def test_others_change_no_block(client_of, who):
    car, start = CarFactory(), in_days(3)
    block = make_block(car=car, start=start)
    for path in (NEW, f"/staff/blocks/{block.pk}/", f"/staff/blocks/{block.pk}/removal/"):
        client_of(who).post(path, typed(in_days(9), in_days(9), car))
    assert blocked() == [(car.pk, start)]


@pytest.mark.parametrize("who", ["desk", "manager"])
def test_the_admin_leads_to_the_form_with_the_cars_that_were_ticked(client_of, who):
    cars = [CarFactory() for _ in range(3)]
    client, data = client_of(who), {"action": "block_days", "_selected_action": [cars[0].pk, cars[2].pk]}
    answer = client.post("/admin/cars/car/", data)
    ticked = [int(pk) for pk in re.findall(r"[?&]car=(\d+)", answer.url)]
    assert (answer.status_code, set(ticked)) == (302, {cars[0].pk, cars[2].pk})
    whole = client.post("/admin/cars/car/", data | {"_selected_action": [car.pk for car in cars]})
    assert whole.url.startswith(f"{NEW}?fleet=1&")


def test_a_refusal_takes_as_many_queries_for_many_bookings(desk):
    cars, start = [CarFactory() for _ in range(3)], in_days(5)
    counts = []
    for _round in range(2):
        for car in cars:
            make_booking(car=car, start=start, length=1)
        start += timedelta(days=1)
        with CaptureQueriesContext(connection) as queries:
            assert desk.post(NEW, typed(in_days(5), start, *cars)).status_code == 409
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- For hours --------------------------------------------------------------------------------------------------------


def test_hours_are_blocked_shown_and_changed(desk):
    car, day = CarFactory(), in_days(3)
    answer = desk.post(NEW, typed(day, day, car, since="09:00", until="12:00"))
    assert answer.status_code == 303
    with as_owner():
        block = Block.objects.get()
        assert dict(CarAvailability.objects.values_list("date", "status")) == {day: "service"}
    assert "Blocked 09:00–12:00" in flat(body(desk.get(answer.url)))
    page = f"/staff/blocks/{block.pk}/"
    assert re.findall(r'type="time" name="\w+" value="([^"]+)"', body(desk.get(page))) == ["09:00", "12:00"]
    days = {"start": day.isoformat(), "end": day.isoformat(), "kind": "maintenance", "note": ""}
    assert desk.post(page, days | {"since": "", "until": ""}).status_code == 303
    assert blocked() == [(car.pk, day)]


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        ("09:00", "", "Give both times, or none to block whole days"),
        ("12:00", "09:00", "The end must be later than the start."),
    ],
)
def test_times_that_make_no_sense_are_said_beside_them(desk, since, until, said):
    day = in_days(3)
    answer = desk.post(NEW, typed(day, day, CarFactory(), since=since, until=until))
    assert answer.status_code == 422
    assert said in flat(body(answer))
    assert blocked() == []
