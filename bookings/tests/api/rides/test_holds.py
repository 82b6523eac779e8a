"""POST /api/holds for a ride, and what can be done with the hold."""

from datetime import timedelta

import pytest

from bookings.availability.holds import Visitor
from bookings.lifecycle.request import Person
from bookings.models import Hold
from bookings.tests.api.rides.test_services import ask, codes
from bookings.tests.support.api import Api, error
from bookings.tests.support.api_rides import DOORS, ordered, starts, there_and_back, wanted
from bookings.tests.support.booked_rides import DAY, Chauffeurs
from bookings.tests.support.factories import in_days, make_booking, prove
from cars.models import RideRate
from cars.tests.support.rides import make_class
from exodrive.rls import as_owner

pytestmark = pytest.mark.django_db


@pytest.fixture
def hired():
    return Chauffeurs()


def hold(hired, clock="10:00", **more):
    return Api().post("/api/holds", wanted(hired, clock, **more))


def fields_of(response):
    assert error(response) == (422, "invalid")
    return list(response.json()["error"]["details"]["fields"])


def stored(answer):
    with as_owner():
        return Hold.objects.select_related("service", "car_class").get(pk=answer.json()["id"])


def test_a_hold_keeps_the_ride_and_its_price(hired):
    answer = hold(hired, ride={"passengers": 2, "bags": 1})
    assert answer.status_code == 201
    assert sorted(answer.json()) == ["expiresAt", "id", "quote", "token"]
    assert answer.json()["quote"]["total"] == {"amount": "180.00", "currency": "EUR"}
    kept = stored(answer)
    assert (kept.service, kept.car_class, kept.hours) == (hired.service, hired.car_class, hired.wish().hours)
    assert (kept.choice["passengers"], kept.choice["bags"]) == (2, 1)
    assert codes(ask(hired)) == ["sold_out"]


def test_it_is_extended_once_at_its_price_and_given_back(hired):
    placed = hold(hired).json()
    with as_owner():
        RideRate.objects.filter(service=hired.service).update(amount=100)
    own = Api(bearer=placed["token"])
    extended = own.patch(f"/api/holds/{placed['id']}")
    assert (extended.status_code, extended.json()["quote"]) == (200, placed["quote"])
    assert error(own.patch(f"/api/holds/{placed['id']}")) == (409, "hold_expired")
    assert own.delete(f"/api/holds/{placed['id']}").status_code == 204
    assert ask(hired).json()["available"] is True


def test_what_somebody_has_is_refused_with_what_instead(hired):
    hired.book("10:00")
    answer = hold(hired, "11:00")
    assert error(answer) == (409, "dates_taken")
    details = answer.json()["error"]["details"]
    assert [reason["code"] for reason in details["reasons"]] == ["sold_out"]
    assert [(one["kind"], one["start"]) for one in details["alternatives"]] == [
        ("time", f"{in_days(DAY - 1)}T18:00"),
        ("time", starts("12:30")),
    ]
    assert hold(hired, start=details["alternatives"][1]["start"]).status_code == 201


def test_a_day_of_a_rental_is_taken(hired):
    make_booking(car=hired.cars[0], start=in_days(DAY), length=1)
    assert error(hold(hired)) == (409, "dates_taken")


def test_every_rule_is_named(hired):
    answer = hold(hired, "21:05", minutes=30, ride={"passengers": 9, "bags": 9})
    assert error(answer) == (422, "rules_refused")
    reasons = [reason["code"] for reason in answer.json()["error"]["details"]["reasons"]]
    assert reasons == ["min_duration", "step", "outside_hours", "passengers", "luggage"]


def test_a_transfer_is_held_between_its_places():
    hired, start, end = there_and_back()
    way = {"kind": "transfer", "minutes": None, "fromPlaceId": start.pk, "toPlaceId": end.pk}
    kept = stored(hold(hired, **way))
    assert kept.hours.length == timedelta(minutes=40 + start.wait)
    assert (kept.choice["from_place"], kept.choice["to_place"]) == (start.pk, end.pk)


def test_what_is_wrong_is_named(hired):
    assert fields_of(hold(hired, kind="transfer")) == ["kind"]
    assert fields_of(hold(hired, kind="boat", carId=1, startDate=str(in_days(3)), endDate=str(in_days(3))))
    assert fields_of(hold(hired, minutes=None)) == ["minutes"]
    assert fields_of(hold(hired, carClassId=make_class().pk)) == ["carClassId"]
    assert fields_of(hold(hired, fromPlaceId=1)) == ["fromPlaceId"]
    assert fields_of(hold(hired, ride={"passengers": 0})) == ["ride.passengers"]
    assert fields_of(hold(hired, start=f"{starts()}Z")) == ["start"]
    assert error(hold(hired, serviceId=2**40)) == (404, "not_found")
    untried = {"email": "zoe@example.com", "code": "000000"}
    assert fields_of(hold(hired, minutes=None, proof=untried)) == ["minutes"]


def test_who_is_driven_is_not_asked_before_it_is_booked(hired):
    assert fields_of(hold(hired, ride=DOORS)) == ["ride.fromText", "ride.toText"]


def test_neither_body_takes_what_belongs_to_the_other(hired):
    days = {"startDate": str(in_days(3)), "endDate": str(in_days(4))}
    assert sorted(fields_of(hold(hired, **days))) == ["endDate", "startDate"]
    rental = {"carId": hired.cars[0].pk, **days}
    assert fields_of(Api().post("/api/holds", rental | {"serviceId": 1})) == ["serviceId"]
    assert Api().post("/api/holds", rental | {"kind": "rental"}).status_code == 201


def test_holds_of_rides_count_like_others(hired, settings):
    settings.HOLDS_PER_VISITOR = 1
    assert hold(hired, "08:00").status_code == 201
    assert error(hold(hired, "16:00")) == (429, "too_many_requests")


@pytest.fixture
def crowded(settings):
    """A place with ten cars, two of which may be kept for strangers on one day."""
    settings.UNPROVEN_SHARE = 20
    return Chauffeurs(cars=10)


def stranger(n):
    return Person("A stranger", f"stranger{n}@example.com")


def by_rentals(hired):
    for n in range(2):
        make_booking(car=hired.cars[n], start=in_days(DAY), length=1, who=stranger(n))


def by_rides(hired):
    for n in range(2):
        hired.book(car=hired.cars[n], who=stranger(n))


def by_holds(hired):
    for n in range(2):
        hired.hold(by=Visitor(visitor=f"stranger {n}"))


@pytest.mark.parametrize("keep", [by_rentals, by_rides, by_holds])
def test_too_much_kept_for_nobody_known_asks_for_proof(crowded, keep):
    keep(crowded)
    assert error(hold(crowded)) == (409, "proof_required")
    wrong = {"email": "zoe@example.com", "code": "000000"}
    assert fields_of(hold(crowded, proof=wrong)) == ["proof.code"]
    assert error(Api().post("/api/bookings", ordered(crowded))) == (409, "proof_required")
    assert hold(crowded, start=starts(day=DAY + 1)).status_code == 201


def test_rides_of_proven_mailboxes_and_several_of_one_car_are_not_too_much(crowded):
    proven, waiting = (crowded.book(car=crowded.cars[n], who=stranger(n)) for n in range(2))
    crowded.book("15:00", car=crowded.cars[1], who=stranger(3))
    with as_owner():
        prove(proven)
    assert waiting.status == "pending"
    assert hold(crowded).status_code == 201


def test_posts_are_counted_like_others(hired, limits):
    limits(hold="1/hour", booking="1/hour")
    assert hold(hired, "08:00").status_code == 201
    assert error(hold(hired, "16:00")) == (429, "too_many_requests")
    assert Api().post("/api/bookings", ordered(hired, "11:00")).status_code == 201
    assert error(Api().post("/api/bookings", ordered(hired, "16:00"))) == (429, "too_many_requests")


def test_a_booking_of_it_says_the_same(hired):
    placed = hold(hired).json()
    booked = Api().post("/api/bookings", ordered(hired, holdToken=placed["token"])).json()
    assert booked["quote"] == placed["quote"]
