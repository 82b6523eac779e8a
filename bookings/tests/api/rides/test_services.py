"""GET /api/services and what can be had of one."""

from datetime import date, datetime, timedelta

import pytest

from bookings.tests.support.api import Api, error
from bookings.tests.support.api_rides import starts, there_and_back
from bookings.tests.support.booked_rides import DAY, Chauffeurs
from bookings.tests.support.factories import CarFactory, in_days
from cars.models import Car, Place, Service, ServiceHours
from cars.tests.support.rides import make_class, make_service
from exodrive.rls import as_owner

pytestmark = pytest.mark.django_db


@pytest.fixture
def hired():
    return Chauffeurs(name="Driver by the hour", name_fr="Chauffeur à l’heure", description="By day")


def ask(hired, clock="10:00", api=None, **more):
    params = {"start": starts(clock), "minutes": 120} | more
    said = {name: value for name, value in params.items() if value is not None}
    return (api or Api()).get(f"/api/services/{hired.service.pk}/availability", **said)


def fields_of(response):
    assert error(response) == (422, "invalid")
    return list(response.json()["error"]["details"]["fields"])


def codes(answer):
    return [reason["code"] for reason in answer.json()["reasons"]]


def test_a_service_is_listed_with_all_that_a_program_needs(hired):
    (service,) = Api().get("/api/services").json()["items"]
    rules = service.pop("rules")
    assert service == {
        "id": hired.service.pk,
        "kind": "hourly",
        "slug": hired.service.slug,
        "name": "Driver by the hour",
        "description": "By day",
        "location": {"id": hired.place.pk, "name": hired.place.name, "timeZone": hired.place.time_zone},
        "withDriver": True,
        "price": {"amount": "90.00", "currency": "EUR"},
        "priceIsFrom": True,
        "deposit": {"amount": "0.00", "currency": "EUR"},
        "classes": [
            {"id": hired.car_class.pk, "name": hired.car_class.name, "passengers": 3, "bags": 2},
        ],
        "quickMinutes": [30, 60, 120, 240, 480],
        "places": [],
        "tour": None,
    }
    assert rules.pop("hours") == [{"weekday": n, "opens": "08:00", "closes": "20:00"} for n in range(7)]
    assert rules == {
        "minMinutes": 60,
        "maxMinutes": 720,
        "unitMinutes": 30,
        "stepMinutes": 15,
        "leadTimeMinutes": 120,
        "horizonDays": 180,
        "freeCancelHours": 24,
        "cancelUntilMinutes": 60,
    }


def test_texts_come_in_the_language_that_is_asked_for(hired):
    api = Api()
    api.headers["Accept-Language"] = "fr"
    (service,) = api.get("/api/services").json()["items"]
    assert (service["name"], service["description"]) == ("Chauffeur à l’heure", "By day")


def test_a_transfer_says_its_places_and_a_tour_what_it_is():
    transfer, start, end = there_and_back()
    tour = Chauffeurs(kind="tour")
    with as_owner():
        tour.service.rates.update(basis="vehicle")
    by_kind = {one["kind"]: one for one in Api().get("/api/services").json()["items"]}
    assert {place["id"] for place in by_kind["transfer"]["places"]} == {start.pk, end.pk}
    assert by_kind["transfer"]["quickMinutes"] == []
    meeting = by_kind["tour"]["tour"].pop("meetingPlace")
    assert meeting["id"] == tour.service.tour.meeting_place_id
    assert by_kind["tour"]["tour"] == {"minutes": 180, "languages": ["en"]}
    kinds = [one["id"] for one in Api().get("/api/services", kind="tour").json()["items"]]
    there = Api().get("/api/services", location_id=transfer.place.pk).json()["items"]
    assert (kinds, [one["id"] for one in there]) == ([tour.service.pk], [transfer.service.pk])


def test_what_nobody_drives_is_not_listed(hired):
    make_service(kind="hourly")  # no car there
    with as_owner():
        Service.objects.filter(pk=hired.service.pk).update(is_offered=False)
    assert Api().get("/api/services").json()["items"] == []


def test_the_list_takes_seven_queries_for_any_number(hired, django_assert_num_queries):
    api = Api()
    for more in (0, 3):
        for _n in range(more):
            there_and_back()
        api.get("/api/services")  # reads a catalogue that has changed
        with django_assert_num_queries(7):
            assert len(api.get("/api/services").json()["items"]) == 1 + more


def test_what_can_be_had_has_a_price_and_the_free_starts(hired):
    hired.book("14:00")
    answer = ask(hired).json()
    assert (answer["available"], answer["reasons"], answer["alternatives"]) == (True, [], [])
    assert (answer["serviceId"], answer["carClassId"]) == (hired.service.pk, hired.car_class.pk)
    hours = hired.wish().hours
    assert (answer["start"], answer["minutes"], answer["timeZone"]) == (starts(), 120, hired.place.time_zone)
    assert datetime.fromisoformat(answer["startsAt"]) == hours.starts_at
    assert datetime.fromisoformat(answer["endsAt"]) == hours.ends_at
    assert answer["quote"]["total"] == {"amount": "180.00", "currency": "EUR"}
    quick = {one["minutes"]: one["quote"]["total"]["amount"] for one in answer["quick"]}
    assert (quick[60], quick[120], quick[240]) == ("90.00", "180.00", "360.00")
    assert answer["starts"][:3] == [starts("08:00"), starts("08:15"), starts("08:30")]
    # 15 minutes lie before and after each of two hours.
    assert [start for start in answer["starts"] if starts("11:30") < start < starts("16:30")] == []
    assert {starts("11:30"), starts("16:30")} <= set(answer["starts"])


def test_what_is_taken_says_why_and_what_instead(hired):
    hired.book("10:00")
    answer = ask(hired, "11:00")
    assert (answer.json()["available"], codes(answer), answer.json()["quote"]) == (False, ["sold_out"], None)
    others = answer.json()["alternatives"]
    assert [(one["kind"], one["start"]) for one in others] == [
        ("time", f"{in_days(DAY - 1)}T18:00"),
        ("time", starts("12:30")),
    ]
    again = ask(hired, others[1]["start"][-5:])
    assert (again.json()["available"], again.json()["quote"]) == (True, others[1]["quote"])


def test_another_class_is_an_alternative(hired):
    bigger = make_class(passengers=6, bags=6, position=2)
    with as_owner():
        van = CarFactory(location=hired.place)
        Car.objects.filter(pk=van.pk).update(car_class=bigger)
    hired.book("10:00")
    others = ask(hired, class_id=hired.car_class.pk).json()["alternatives"]
    assert ("class", bigger.pk, starts()) in [(o["kind"], o["carClassId"], o["start"]) for o in others]
    assert ask(hired, passengers=5).json()["carClassId"] == bigger.pk
    assert ask(hired).json()["carClassId"] == hired.car_class.pk


def test_every_reason_is_told(hired):
    answer = ask(hired, "21:05", minutes=30, passengers=9, bags=9)
    assert codes(answer) == ["min_duration", "step", "outside_hours", "passengers", "luggage"]
    assert answer.json()["starts"] == []


def test_a_hold_does_not_stand_in_its_own_way(hired):
    hold = hired.hold()
    assert codes(ask(hired)) == ["sold_out"]
    assert ask(hired, api=Api(bearer=hold.token)).json()["available"] is True


def test_a_transfer_takes_its_own_time():
    hired, start, end = there_and_back()
    way = {"from_place_id": start.pk, "to_place_id": end.pk}
    takes = 40 + start.wait
    answer = ask(hired, minutes=None, **way).json()
    assert (answer["minutes"], answer["available"], answer["quick"]) == (takes, True, [])
    assert ask(hired, minutes=takes, **way).json() == answer
    assert fields_of(ask(hired, minutes=takes + 1, **way)) == ["minutes"]


def test_what_is_missing_or_wrong_is_named_as_it_is_sent(hired):
    assert fields_of(ask(hired, minutes=None)) == ["minutes"]
    assert fields_of(ask(hired, class_id=make_class().pk)) == ["class_id"]
    assert fields_of(ask(hired, from_place_id=1, to_place_id=2)) == ["from_place_id", "to_place_id"]
    transfer, start, end = there_and_back()
    assert fields_of(ask(transfer, minutes=None)) == ["from_place_id", "to_place_id"]
    same = {"from_place_id": start.pk, "to_place_id": start.pk}
    assert fields_of(ask(transfer, minutes=None, **same)) == ["to_place_id"]
    assert fields_of(ask(transfer, minutes=None, from_place_id=end.pk, to_place_id=2**40)) == ["to_place_id"]


@pytest.mark.parametrize(
    "start",
    [
        "",
        "10:00",
        "{day}",
        "{day}T10:00Z",
        "{day}T10:00+01:00",
        "{year}-02-30T10:00",
        "{day}T24:00",
        "{day}T10:00:30",
        "{day} 10:00",
        "1999-12-31T10:00",
        "2199-12-31T23:00",
    ],
)
def test_a_start_is_a_local_date_and_time(hired, start):
    answer = ask(hired, start=start.format(day=in_days(DAY), year=in_days(DAY).year))
    assert fields_of(answer) == ["start"]


@pytest.fixture
def by_night():
    """Day and night, for longer than a year ahead."""
    hired = Chauffeurs(horizon_days=800)
    with as_owner():
        ServiceHours.objects.filter(service=hired.service).update(opens="00:00", closes="00:00")
    return hired


def clock_change(month):
    """The next Sunday on which the clocks of Paris change in that month."""
    ends = (date(in_days(30).year + n, month, 31) for n in range(3))
    sundays = (end - timedelta(days=(end.weekday() + 1) % 7) for end in ends)
    return next(sunday for sunday in sundays if sunday > in_days(2))


def test_a_time_that_the_clocks_skip_is_no_time(by_night):
    sunday = clock_change(3)
    answer = ask(by_night, start=f"{sunday}T02:30")
    assert error(answer) == (422, "no_such_time")
    assert list(answer.json()["error"]["details"]["fields"]) == ["start"]
    later = ask(by_night, start=f"{sunday}T03:30").json()
    assert (later["available"], later["startsAt"]) == (True, f"{sunday}T01:30:00Z")
    assert {start for start in later["starts"] if f"{sunday}T01:45" < start < f"{sunday}T03:00"} == set()


def test_a_time_that_comes_twice_is_the_first(by_night):
    sunday = clock_change(10)
    answer = ask(by_night, start=f"{sunday}T02:30").json()
    assert (answer["startsAt"], answer["available"]) == (f"{sunday}T00:30:00Z", True)


def test_nobody_sees_what_is_not_offered(hired):
    with as_owner():
        Service.objects.filter(pk=hired.service.pk).update(is_offered=False)
    assert error(ask(hired)) == (404, "not_found")


def test_a_place_that_the_service_does_not_go_to_is_refused():
    hired, start, _end = there_and_back()
    with as_owner():
        far = Place.objects.create(name="Far", slug="far", latitude="10", longitude="10")
    answer = ask(hired, minutes=None, from_place_id=start.pk, to_place_id=far.pk)
    assert fields_of(answer) == ["to_place_id"]
