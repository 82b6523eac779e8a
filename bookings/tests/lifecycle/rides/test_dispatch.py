"""Staff say who drives a ride and in which car: both rides of an exchange keep a car, or nothing changes."""

import pytest
from django.utils import timezone

from bookings.availability.audit import check_ledger
from bookings.availability.hours.spans import spans_of
from bookings.errors import ChangedMeanwhile, DatesTaken, Invalid, InvalidTransition, StatusChanged
from bookings.lifecycle.request import Person
from bookings.lifecycle.rides.dispatch import Dispatch, dispatch_ride
from bookings.models import Booking, BookingChange, Ride
from bookings.tests.support.booked_rides import Chauffeurs
from bookings.tests.support.factories import CarFactory, make_block, make_booking, move_to
from bookings.tests.support.racing import all_at_once, tally
from bookings.tests.support.tours import Tours, book_seats
from cars.models import Car
from cars.tests.support.rides import make_class
from exodrive.rls import SERVICE, STAFF, acting_as, as_owner
from inbox.models import InboxEmail

BOB = Person("Bob Lee", "bob@example.com")


@pytest.fixture
def two():
    return Chauffeurs(cars=2)


def dispatch(booking, car=None, **said):
    with acting_as(STAFF):
        to = Dispatch(car=car or booking.car, **said)
        return dispatch_ride(booking=booking, to=to, at=timezone.now())


def now(booking):
    with as_owner():
        return Booking.objects.select_related("ride", "car__location").get(pk=booking.pk)


def stands_on(booking):
    with as_owner():
        return set(spans_of(booking).values_list("car_id", flat=True))


def other_of(world, booking):
    return next(car for car in world.cars if car.pk != booking.car_id)


def mailed(booking):
    with as_owner():
        return InboxEmail.objects.filter(booking=booking, template="ride_driver").count()


def sound():
    with acting_as(SERVICE):
        return check_ledger() == []


@pytest.mark.django_db(transaction=True)
class TestOne:
    def test_a_driver_is_named_and_told_once_the_ride_is_confirmed(self, two):
        ride = two.book()
        dispatch(ride, driver=" Ana Reis ")
        assert now(ride).ride.driver_name == "Ana Reis"
        assert mailed(ride) == 0  # the confirmation says it
        move_to(ride, "upcoming")
        dispatch(now(ride), driver="Rui Melo")
        assert mailed(ride) == 1
        dispatch(now(ride), driver="Rui Melo")
        assert mailed(ride) == 1

    def test_the_history_says_that_somebody_was_named_and_never_who(self, two):
        ride = two.book()
        dispatch(ride, driver="Ana Reis")
        with as_owner():
            change = BookingChange.objects.get(booking=ride)
        assert change.after["dispatch"] == {"car": False, "driver": True, "named": True}
        assert "Ana" not in str((change.before, change.after, change.reason))

    def test_another_car_takes_its_hours_and_keeps_its_price(self, two):
        ride = two.book()
        car, total = other_of(two, ride), now(ride).total
        dispatch(ride, car, reason="Tyre")
        assert (now(ride).car_id, stands_on(ride), now(ride).total) == (car.pk, {car.pk}, total)
        assert sound()

    def test_it_says_why(self, two):
        ride = two.book()
        with pytest.raises(Invalid) as refused:
            dispatch(ride, other_of(two, ride))
        assert refused.value.details["fields"].keys() == {"reason"}
        assert stands_on(ride) == {ride.car_id}

    @pytest.mark.parametrize("size", [{"passengers": 1, "bags": 9}, {"passengers": 9, "bags": 0}])
    def test_a_car_seats_those_who_come_and_their_bags(self, two, size):
        ride = two.book(passengers=2, bags=1)
        small = CarFactory(location=two.place)
        with as_owner():
            Car.objects.filter(pk=small.pk).update(car_class=make_class(**size))
        with pytest.raises(Invalid, match="too small"):
            dispatch(ride, small, reason="Tyre")

    def test_a_bigger_class_does(self, two):
        ride, van = two.book(passengers=2), CarFactory(location=two.place)
        with as_owner():
            Car.objects.filter(pk=van.pk).update(car_class=make_class(passengers=8, bags=8))
        dispatch(ride, van, reason="Tyre")
        assert stands_on(ride) == {van.pk}

    @pytest.mark.parametrize("facts", [{"status": "maintenance"}, {"car_class": None}, {"elsewhere": True}])
    def test_no_car_that_is_not_driven_here(self, two, facts):
        ride, facts = two.book(), dict(facts)
        car = CarFactory() if facts.pop("elsewhere", False) else CarFactory(location=two.place)
        with as_owner():
            Car.objects.filter(pk=car.pk).update(**{"car_class": two.car_class} | facts)
        with pytest.raises(Invalid, match="elsewhere"):
            dispatch(ride, car, reason="Tyre")

    def test_a_car_that_was_chosen_is_kept_until_the_customer_agrees(self, two):
        ride = two.book(car=two.cars[1])
        move_to(ride, "upcoming")
        with pytest.raises(Invalid) as refused:
            dispatch(now(ride), two.cars[0], reason="Tyre")
        assert refused.value.details["fields"].keys() == {"agreed"}
        dispatch(now(ride), two.cars[0], reason="Tyre", agreed=True)
        assert stands_on(ride) == {two.cars[0].pk}
        assert mailed(ride) == 1  # it is not the car that they chose

    def test_a_taken_car_changes_nothing(self, two):
        ride = two.book()
        car = other_of(two, ride)
        make_block(car=car, start=ride.start_date)
        with pytest.raises(DatesTaken):
            dispatch(ride, car, reason="Tyre", driver="Ana")
        assert (stands_on(ride), now(ride).ride.driver_name) == ({ride.car_id}, "")
        assert sound()

    def test_under_way_it_gets_a_driver_and_no_car(self, two):
        ride = two.book()
        move_to(ride, "active")
        dispatch(now(ride), driver="Ana")
        assert now(ride).ride.driver_name == "Ana"
        with pytest.raises(Invalid, match="has begun"):
            dispatch(now(ride), other_of(two, ride), reason="Tyre")

    @pytest.mark.parametrize("status", ["completed", "cancelled"])
    def test_over_is_over(self, two, status):
        ride = two.book()
        move_to(ride, status)
        with pytest.raises(InvalidTransition):
            dispatch(now(ride), driver="Ana")

    def test_rentals_have_no_driver(self):
        with pytest.raises(InvalidTransition):
            dispatch(make_booking(), driver="Ana")

    def test_who_looked_at_something_else_is_told(self, two):
        ride = two.book()
        with pytest.raises(ChangedMeanwhile):
            dispatch(ride, driver="Ana", instead_of=other_of(two, ride).pk)
        with acting_as(STAFF), pytest.raises(StatusChanged):
            dispatch_ride(booking=ride, to=Dispatch(ride.car), at=timezone.now(), from_="upcoming")

    def test_who_rides_together_has_the_departures_car_and_may_hear_who_drives(self):
        tours = Tours()
        seats, other = book_seats(tours.depart(), 2), tours.another_car()
        dispatch(seats, driver="Ana")
        assert now(seats).ride.driver_name == "Ana"
        with pytest.raises(Invalid, match="the car of the departure"):
            dispatch(seats, other, reason="Tyre")


@pytest.mark.django_db(transaction=True)
class TestExchange:
    @pytest.fixture
    def rides(self, two):
        return two.book(), two.book(who=BOB)

    def test_both_get_the_others_car(self, rides):
        one, other = rides
        done = dispatch(one, other.car, reason="A taller car", exchange=other)
        assert (stands_on(one), stands_on(other)) == ({other.car_id}, {one.car_id})
        assert done.exchanged.car_id == one.car_id
        with as_owner():
            assert BookingChange.objects.count() == 2
        assert sound()

    def test_without_the_other_one_the_car_is_taken(self, rides):
        with pytest.raises(DatesTaken):
            dispatch(rides[0], rides[1].car, reason="A taller car")

    def test_neither_moves_where_one_cannot(self, two):
        one, other = two.book(), two.book(minutes=240, who=BOB)
        two.book("12:45", car=one.car, who=Person("Cy", "cy@example.com"))  # in the way of the longer one
        with pytest.raises(DatesTaken):
            dispatch(one, other.car, reason="A taller car", exchange=other)
        assert (stands_on(one), stands_on(other)) == ({one.car_id}, {other.car_id})

    @pytest.mark.parametrize("given", [True, False])
    def test_a_chosen_car_is_not_given_away(self, two, given):
        one = two.book(car=two.cars[0])
        other = two.book(car=two.cars[1] if given else None, who=BOB)
        with as_owner():
            Ride.objects.filter(booking=one).update(given_car=False)
        if given:
            with pytest.raises(Invalid, match="keeps its car"):
                dispatch(one, other.car, reason="Why not", exchange=other)
        else:
            dispatch(one, other.car, reason="Why not", exchange=other)
        assert stands_on(one) == {two.cars[0 if given else 1].pk}

    def test_one_that_has_moved_meanwhile_is_not_exchanged(self, two, rides):
        one, other = rides
        third = CarFactory(location=two.place)
        with as_owner():
            Car.objects.filter(pk=third.pk).update(car_class=two.car_class)
        dispatch(other, third, reason="Tyre")
        with pytest.raises(ChangedMeanwhile):
            dispatch(one, other.car, reason="A taller car", exchange=other)


@pytest.mark.alone
@pytest.mark.django_db(transaction=True)
def test_many_exchanges_at_once_leave_every_ride_with_one_car(rounds):
    """Three rides of one time on three cars, exchanged in a ring by twelve threads: no ride loses its car, none has two."""
    world = Chauffeurs(cars=3)
    names = [Person(f"Guest {n}", f"guest-{n}@example.com") for n in range(3)]
    rides = [world.book(who=who) for who in names]

    def exchange(n):
        def run():
            for _ in range(rounds(2, 20)):
                one, other = now(rides[n % 3]), now(rides[(n + 1) % 3])
                try:
                    dispatch(one, other.car, reason="Race", exchange=other)
                except (ChangedMeanwhile, DatesTaken, Invalid, StatusChanged):
                    continue

        return run

    assert tally(all_at_once([exchange(n) for n in range(12)])) == {"won": 12}
    cars = [stands_on(ride) for ride in rides]
    assert sorted(car for found in cars for car in found) == sorted(car.pk for car in world.cars)
    assert [{now(ride).car_id} for ride in rides] == cars
    assert sound()
    with as_owner():
        assert BookingChange.objects.exists(), "nobody exchanged anything: the race proves nothing"
