"""POST /api/bookings for a ride: from a hold or straight away, once for one key, at the price that was shown."""

import pytest

from bookings.lifecycle.rides.request import RideDetails
from bookings.models import Booking, Ride
from bookings.tests.api.rides.test_services import ask, codes
from bookings.tests.support.api import Api, error, staff_token
from bookings.tests.support.api_rides import CUSTOMER, DOORS, ordered, starts, there_and_back, wanted
from bookings.tests.support.booked_rides import Chauffeurs, booked_from
from bookings.tests.support.factories import make_booking, make_desk, make_hold, make_manager
from bookings.tests.support.rides import let_lapse
from cars.models import Extra, Place, RideRate
from exodrive.rls import as_owner

pytestmark = pytest.mark.django_db


@pytest.fixture
def hired():
    return Chauffeurs()


def book(hired, clock="10:00", api=None, key="", **more):
    named = {"Idempotency_Key": key} if key else {}
    return (api or Api()).post("/api/bookings", ordered(hired, clock, **more), **named)


def place(hired, clock="10:00", **more):
    return Api().post("/api/holds", wanted(hired, clock, **more)).json()


def fields_of(response):
    assert error(response) == (422, "invalid")
    return sorted(response.json()["error"]["details"]["fields"])


def ride_in(answer):
    with as_owner():
        return Ride.objects.select_related("booking").get(booking=answer.json()["bookingId"])


def how_many():
    with as_owner():
        return Ride.objects.count()


def test_anybody_books_a_ride(hired, settings):
    said = DOORS | {"flightNumber": "ly 322", "signName": "Ms Silva", "passengers": 3, "bags": 1}
    answer = book(hired, ride=said, specialRequests="A quiet car", language="fr", source="mobile")
    assert answer.status_code == 201
    body = answer.json()
    assert sorted(body) == ["bookingId", "bookingUrl", "keepUntil", "quote", "reference", "status"]
    assert (body["status"], body["quote"]["total"]["amount"]) == ("pending", "180.00")
    ride = ride_in(answer)
    booking = ride.booking
    assert (booking.kind, booking.car_id, booking.full_name) == (
        "hourly",
        hired.cars[0].pk,
        CUSTOMER["fullName"],
    )
    assert (booking.email, booking.phone) == (CUSTOMER["email"], CUSTOMER["phone"])
    assert (booking.special_requests, booking.language, booking.source) == ("A quiet car", "fr", "mobile")
    assert ride.hours == hired.wish().hours
    assert (ride.from_text, ride.to_text, ride.flight_number, ride.sign_name) == (
        "Blue door 7",
        "Red door",
        "LY322",
        "Ms Silva",
    )
    assert (ride.passengers, ride.bags, ride.car_class_id) == (3, 1, hired.car_class.pk)


def test_its_link_reads_and_cancels_it(hired):
    answer = book(hired).json()
    own = Api(bearer=answer["bookingUrl"].rstrip("/").rpartition("/")[2])
    read = own.get(f"/api/bookings/{answer['bookingId']}").json()
    assert (read["kind"], read["ride"]["fromText"]) == ("hourly", "Blue door 7")
    assert own.post(f"/api/bookings/{answer['bookingId']}/cancel").json()["status"] == "cancelled"
    assert ask(hired).json()["available"] is True


def test_a_hold_becomes_the_booking(hired):
    placed = place(hired)
    assert error(book(hired)) == (409, "dates_taken")
    answer = book(hired, holdToken=placed["token"])
    assert answer.status_code == 201
    assert ride_in(answer).booking.car_id == hired.cars[0].pk
    again = book(
        hired, "15:00", holdToken=placed["token"], customer={"fullName": "X", "email": "x@example.com"}
    )
    assert (again.status_code, again.json()["bookingId"]) == (201, answer.json()["bookingId"])
    assert how_many() == 1


def test_a_held_transfer_is_booked_with_its_places():
    hired, start, end = there_and_back()
    with as_owner():
        Place.objects.filter(pk=start.pk).update(kind="airport")
    way = {"kind": "transfer", "minutes": None, "fromPlaceId": start.pk, "toPlaceId": end.pk}
    placed = place(hired, **way)
    said = {"toText": "Red door", "flightNumber": "AF1234"}
    answer = book(hired, **way, holdToken=placed["token"], ride=said)
    ride = ride_in(answer)
    assert (ride.from_place_id, ride.to_place_id, ride.flight_number) == (start.pk, end.pk, "AF1234")
    short = {"kind": "transfer", "minutes": None}  # what is left out is as it is held
    placed = place(hired, "15:00", **way)
    assert book(hired, "15:00", **short, holdToken=placed["token"], ride=said).status_code == 201


@pytest.mark.parametrize(
    "other",
    [
        {"start": starts("15:00")},
        {"minutes": 180},
        {"ride": DOORS | {"passengers": 2}},
        {"kind": "tour"},
        {"fromPlaceId": 1},
        {"carClassId": 2**40},
        {"serviceId": 2**40},
    ],
)
def test_a_hold_is_for_its_own_ride(hired, other):
    placed = place(hired)
    assert error(book(hired, holdToken=placed["token"], **other)) == (422, "invalid")
    assert book(hired, holdToken=placed["token"], ride=DOORS | {"passengers": 1}).status_code == 201


def test_a_hold_of_days_is_for_no_ride(hired):
    assert error(book(hired, holdToken=make_hold().token)) == (422, "invalid")


def test_a_hold_that_is_over_is_refused(hired):
    hold = hired.hold()
    let_lapse(hold)
    assert error(book(hired, holdToken=hold.token)) == (409, "hold_expired")


def test_a_hold_that_was_booked_on_the_site_answers_with_that(hired):
    hold = hired.hold()
    booking = booked_from(hold, RideDetails(from_text="Blue door 7"))
    rental = {"carId": hold.car_id, "startDate": f"{hold.start_date}", "endDate": f"{hold.end_date}"}
    answer = Api().post("/api/bookings", rental | {"customer": CUSTOMER, "holdToken": hold.token})
    assert (answer.status_code, answer.json()["bookingId"]) == (201, f"{booking.pk}")


def test_one_key_makes_one_ride(hired):
    with as_owner():
        RideRate.objects.filter(service=hired.service).update(amount=100)
    first = book(hired, key="order-1")
    for _n in range(19):
        assert book(hired, key="order-1").json() == first.json()
    assert how_many() == 1
    assert error(book(hired, "15:00", key="order-1")) == (422, "idempotency_key_reused")
    assert error(book(hired, key="order-1", ride=DOORS | {"bags": 1})) == (422, "idempotency_key_reused")
    assert error(book(hired, key="order-2")) == (409, "dates_taken")
    rental = make_booking()
    days = {"carId": rental.car_id, "startDate": f"{rental.start_date}", "endDate": f"{rental.end_date}"}
    other = Api().post("/api/bookings", days | {"customer": CUSTOMER}, Idempotency_Key="order-1")
    assert error(other) == (422, "idempotency_key_reused")


def test_what_is_taken_says_what_instead_and_that_can_be_booked(hired):
    book(hired)
    refused = book(hired, "11:00")
    assert error(refused) == (409, "dates_taken")
    others = refused.json()["error"]["details"]["alternatives"]
    assert [one["kind"] for one in others] == ["time", "time"]
    other = {
        "start": others[1]["start"],
        "minutes": others[1]["minutes"],
        "carClassId": others[1]["carClassId"],
    }
    assert book(hired, **other, agreedTotal=others[1]["quote"]["total"]).status_code == 201


def test_every_rule_is_named_and_a_manager_may_set_them_aside(hired):
    odd = {"minutes": 30, "ride": DOORS | {"passengers": 9, "bags": 9}}
    refused = book(hired, "21:05", **odd)
    assert error(refused) == (422, "rules_refused")
    reasons = [reason["code"] for reason in refused.json()["error"]["details"]["reasons"]]
    assert reasons == ["min_duration", "step", "outside_hours", "passengers", "luggage"]
    why = {"override": {"reason": "An old friend"}}
    assert error(book(hired, "21:05", **odd, **why)) == (403, "forbidden")
    desk, manager = Api(bearer=staff_token(make_desk())), Api(bearer=staff_token(make_manager()))
    assert error(book(hired, "21:05", api=desk, **odd, **why)) == (403, "forbidden")
    assert book(hired, "21:05", api=manager, **odd, **why).status_code == 201
    assert error(book(hired, "21:05", api=manager, **odd, **why)) == (409, "dates_taken")


def test_the_price_is_the_one_that_was_shown_or_none(hired):
    shown = ask(hired).json()["quote"]["total"]
    with as_owner():
        RideRate.objects.filter(service=hired.service).update(amount=100)
    refused = book(hired, agreedTotal=shown)
    assert error(refused) == (409, "price_changed")
    now = refused.json()["error"]["details"]["now"]["total"]
    assert (now["amount"], book(hired, agreedTotal=now).status_code) == ("200.00", 201)


def test_extras_of_its_place_are_added(hired):
    with as_owner():
        seat = Extra.objects.create(name="Child seat", price=8, per="rental", stock=1)
    answer = book(hired, extras=[{"id": seat.pk, "quantity": 1}])
    assert answer.json()["quote"]["total"]["amount"] == "188.00"
    assert fields_of(book(hired, "15:00", extras=[{"id": seat.pk, "quantity": 1}])) == ["extras"]
    assert fields_of(book(hired, "15:00", extras=[{"id": 2**40, "quantity": 1}])) == ["extras"]


def test_the_driver_must_know_the_door(hired):
    assert fields_of(book(hired, ride={})) == ["ride.fromText"]
    assert fields_of(book(hired, ride=None)) == ["ride.fromText"]
    transfer, start, end = there_and_back()
    way = {"kind": "transfer", "minutes": None, "fromPlaceId": start.pk, "toPlaceId": end.pk}
    assert fields_of(book(transfer, **way, ride={})) == ["ride.fromText", "ride.toText"]
    assert how_many() == 0


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"ride": DOORS | {"flightNumber": "flight"}}, "ride.flightNumber"),
        ({"ride": DOORS | {"passengers": True}}, "ride.passengers"),
        ({"ride": DOORS | {"fromText": "a\nb"}}, "ride.fromText"),
        ({"ride": DOORS | {"driver": "Me"}}, "ride.driver"),
        ({"customer": {"fullName": "Zoë"}}, "customer.email"),
        ({"customer": None}, "customer"),
        ({"start": "tomorrow"}, "start"),
        ({"minutes": 0}, "minutes"),
        ({"source": "staff"}, "source"),
        ({"driverAge": 30}, "driverAge"),
        ({"adjustment": None, "delivery": True}, "delivery"),
    ],
)
def test_a_wrong_field_is_named(hired, change, field):
    assert fields_of(book(hired, **change)) == [field]
    assert how_many() == 0


def test_staff_book_for_who_has_no_mailbox(hired):
    desk = Api(bearer=staff_token(make_desk()))
    by_phone = {"fullName": "Zoë", "phone": "+49 170 000 000"}
    answer = book(hired, api=desk, customer=by_phone, source="staff")
    assert (answer.status_code, ride_in(answer).booking.email) == (201, "")


def test_a_mailbox_is_asked_to_prove_itself_as_for_rentals(hired, settings):
    settings.UNPROVEN_PER_VISITOR = 2
    assert book(hired, "08:00").json()["keepUntil"] is not None
    assert book(hired, "11:00").status_code == 201
    assert error(book(hired, "15:00")) == (429, "too_many_requests")


def test_staff_list_what_they_ask_for(hired):
    rental, ride = make_booking(), hired.book()
    desk = Api(bearer=staff_token(make_desk()))

    def found(**asked):
        return [one["id"] for one in desk.get("/api/bookings", **asked).json()["items"]]

    assert found(kind="hourly") == [f"{ride.pk}"]
    assert found(kind="rental") == [f"{rental.pk}"]
    assert found(kind="tour") == []
    assert len(found()) == 2
    assert fields_of(desk.get("/api/bookings", kind="boat")) == ["kind"]
    cursor = desk.get("/api/bookings", kind="hourly", cursor="", page_size=1).json()
    assert ([one["id"] for one in cursor["items"]], cursor["next"]) == ([f"{ride.pk}"], None)


def test_a_booking_is_read_by_its_own_link_alone(hired):
    answer = book(hired).json()
    stranger = Api(bearer=make_booking().secret)
    assert error(stranger.get(f"/api/bookings/{answer['bookingId']}")) == (404, "not_found")
    with as_owner():
        assert Booking.objects.get(pk=answer["bookingId"]).kind == "hourly"


def test_its_hours_are_gone_for_others(hired):
    book(hired)
    assert codes(ask(hired)) == ["sold_out"]
