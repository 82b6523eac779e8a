"""What is said of a wish for a ride: yes with its price, every reason why not, and what instead, which can then be had."""

import random
from datetime import time
from decimal import Decimal

import pytest
from django.utils import timezone

from bookings.availability.rides.offer import Offer
from bookings.availability.rides.wish import Wish, hours_from
from bookings.tests.availability.rides.test_cars import cars_of, free, ride
from bookings.tests.support.factories import LocationFactory, in_days, make_booking
from bookings.tests.support.rides import block_hours, hours_on
from cars.models import RideRate, Service
from cars.pricing.rides.inputs import NoPrice, RideOptions
from cars.pricing.rides.ride import PLAIN
from cars.tests.support.rides import make_class, make_place, make_service
from exodrive.rls import PUBLIC, acting_as, as_owner
from exodrive.tests.support.days import PARIS

pytestmark = pytest.mark.django_db(transaction=True)
DAY = 10  # days from now
CODES = {"outside_hours", "min_duration", "passengers", "luggage", "sold_out", "max_duration"}


@pytest.fixture
def saloon():
    return make_class(name="Saloon", passengers=3, bags=2, position=1)


@pytest.fixture
def van():
    return make_class(name="Van", passengers=7, bags=7, position=2)


@pytest.fixture
def service():
    """From eight to eight at 90 an hour, from one to twelve hours, a quarter of an hour kept free on both sides."""
    return make_service(kind="hourly", location=LocationFactory(), before_minutes=15, after_minutes=15)


def offer_of(service):
    with acting_as(PUBLIC):
        return Offer.of(Service.objects.select_related("location", "tour").get(pk=service.pk))


def asked(offer, car_class, clock="10:00", minutes=60, *, day=DAY, options=PLAIN, **who):
    hours = hours_from(offer.service, in_days(day), time.fromisoformat(clock), minutes)
    with acting_as(PUBLIC):
        return offer.answer(Wish(offer.service, car_class, hours, **who), options, timezone.now())


def clocks(answer):
    return [f"{start.astimezone(PARIS):%H:%M}" for start in answer.starts]


def test_yes_has_a_price_quick_durations_and_the_starts_of_the_day(service, saloon):
    cars_of(saloon, service, 1)
    answer = asked(offer_of(service), saloon, "10:00", 120)
    assert answer.available
    assert answer.quote.total.amount == Decimal(180)
    assert [(n, quote.total.amount) for n, quote in answer.quick] == [
        (30, 90),  # the shortest that is charged is an hour
        (60, 90),
        (120, 180),
        (240, 360),
        (480, 720),
    ]
    assert (clocks(answer)[0], clocks(answer)[-1], len(answer.starts)) == ("08:00", "18:00", 41)
    assert answer.instead == []


def test_starts_leave_out_what_others_have_with_its_gaps(service, saloon):
    (car,) = cars_of(saloon, service, 1)
    block_hours(car, hours_on(in_days(DAY), "12:00", 60))
    starts = clocks(asked(offer_of(service), saloon))
    assert "10:45" in starts
    assert "11:00" not in starts
    assert "13:00" not in starts
    assert "13:15" in starts


def test_another_time_on_both_sides_and_another_class_are_offered_with_their_prices(service, saloon, van):
    (car,) = cars_of(saloon, service, 1)
    cars_of(van, service, 1)
    with as_owner():
        RideRate.objects.create(service=service, car_class=van, basis="hour", amount=120)
    block_hours(car, hours_on(in_days(DAY), "12:00", 60))
    answer = asked(offer_of(service), saloon, "12:00")
    assert [reason.code for reason in answer.reasons] == ["sold_out"]
    said = [
        (one.kind, f"{one.wish.begins:%H:%M}", one.wish.car_class.name, one.quote.total.amount)
        for one in answer.instead
    ]
    assert said == [
        ("time", "10:45", "Saloon", 90),
        ("time", "13:15", "Saloon", 90),
        ("class", "12:00", "Van", 120),
    ]


def test_the_day_before_and_after_are_looked_at_too(service, saloon):
    (car,) = cars_of(saloon, service, 1)
    make_booking(car=car, start=in_days(DAY), length=1)
    found = [one.wish.begins for one in asked(offer_of(service), saloon, "12:00").instead]
    assert [at.date() for at in found] == [in_days(DAY - 1), in_days(DAY + 1)]
    assert [f"{at:%H:%M}" for at in found] == ["19:00", "08:00"]


def test_a_class_that_is_too_small_leads_to_one_that_is_not(service, saloon, van):
    cars_of(saloon, service, 1)
    cars_of(van, service, 1)
    offer = offer_of(service)
    answer = asked(offer, saloon, passengers=5)
    assert [reason.code for reason in answer.reasons] == ["passengers"]
    assert [(one.kind, one.wish.car_class) for one in answer.instead] == [("class", van)]
    assert offer.smallest_for(3, 2) == saloon
    assert offer.smallest_for(3, 3) == van
    assert offer.smallest_for(20, 0) == saloon


def test_that_no_car_is_left_is_said_beside_the_rest(service, saloon):
    (car,) = cars_of(saloon, service, 1)
    block_hours(car, hours_on(in_days(DAY), "10:00"))
    answer = asked(offer_of(service), saloon, "10:00", passengers=5, bags=3)
    assert [reason.code for reason in answer.reasons] == ["passengers", "luggage", "sold_out"]


def test_only_classes_whose_cars_stand_there_are_offered(service, saloon, van):
    cars_of(saloon, service, 1)
    cars_of(van, make_service(kind="hourly", location=LocationFactory()), 1)
    assert offer_of(service).classes == [saloon]


def test_a_transfer_takes_the_way_and_the_waiting_that_is_included(saloon):
    airport, town = make_place(kind="airport"), make_place(kind="city")
    service = make_service(kind="transfer", location=LocationFactory())
    with as_owner():
        RideRate.objects.filter(service=service).update(from_place=airport, to_place=town)
    cars_of(saloon, service, 1)
    offer = offer_of(service)
    there, nowhere = RideOptions(airport, town), RideOptions(town, make_place())
    assert offer.minutes(saloon, there) == 100
    assert offer.minutes(saloon, RideOptions(town, airport)) == 50
    answer = asked(offer, saloon, minutes=100, options=there)
    assert (answer.available, answer.quote.total.amount, answer.quick) == (True, 90, [])
    with pytest.raises(NoPrice):
        offer.minutes(saloon, nowhere)
    answer = asked(offer, saloon, options=nowhere)
    assert ([reason.code for reason in answer.reasons], answer.quote, answer.instead) == (
        ["no_route"],
        None,
        [],
    )


def test_what_is_offered_instead_can_be_had(service, saloon, van, rounds):
    """Random refusals, each with something else; whatever is offered is free and is then ridden."""
    chance = random.Random(11)
    cars = [*cars_of(saloon, service, 2), *cars_of(van, service, 1)]
    for car in cars:
        for hour in chance.sample(range(8, 20), 4):
            block_hours(car, hours_on(in_days(DAY), f"{hour:02}:00", 45))
    offer, refused, ridden = offer_of(service), set(), 0
    for _ in range(rounds(20, 200)):
        clock = f"{chance.randrange(7, 20):02}:{chance.choice((0, 15, 30)):02}"
        who = {"passengers": chance.choice((1, 2, 5)), "bags": chance.choice((0, 3))}
        answer = asked(offer, chance.choice((saloon, van)), clock, chance.choice((60, 90, 240, 30)), **who)
        codes = {reason.code for reason in answer.reasons}
        assert answer.available == (not codes)
        refused |= codes
        for other in answer.instead:
            assert free(other.wish)
            assert other.quote.total.amount > 0
        if answer.instead:
            assert ride(answer.instead[0].wish) in {car.pk for car in cars}
            ridden += 1
    assert refused <= CODES
    assert {"passengers", "sold_out"} <= refused
    assert ridden > 5


def test_an_answer_costs_the_same_for_one_car_and_for_many(service, saloon, django_assert_num_queries):
    cars_of(saloon, service, 12)
    offer = offer_of(service)
    with acting_as(PUBLIC):
        hours = hours_from(offer.service, in_days(DAY), time(10), 60)
        offer.answer(Wish(offer.service, saloon, hours), PLAIN, timezone.now())
        with django_assert_num_queries(1):
            offer.answer(Wish(offer.service, saloon, hours), PLAIN, timezone.now())
