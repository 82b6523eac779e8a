"""Naming the driver of a ride and giving it another car: the form, what it refuses, and where the customer reads it."""

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from bookings.lifecycle.request import Person
from bookings.models import Booking, BookingChange, Ride
from bookings.tests.support.booked_rides import Chauffeurs
from bookings.tests.support.factories import make_booking, move_to
from bookings.tests.support.site import text_of
from exodrive.rls import SERVICE, acting_as, as_owner
from inbox.mail.queue import send_queued
from inbox.models import InboxEmail

pytestmark = pytest.mark.django_db
BOB = Person("Bob Lee", "bob@example.com")


@pytest.fixture
def world():
    return Chauffeurs(cars=3, name="Driver by the hour")


@pytest.fixture
def ride(world):
    booked = world.book()
    move_to(booked, "upcoming")
    return booked


def page(booking):
    return reverse("staff_dispatch", args=[booking.pk])


def filled_in(booking, **fields):
    usual = {"from": "upcoming", "out": str(booking.car_id), "car": str(booking.car_id), "driver": "Ana Reis"}
    return usual | {"reason": ""} | fields


def now(booking):
    with as_owner():
        return Booking.objects.select_related("ride", "car").get(pk=booking.pk)


def spare(world, *busy):
    taken = {now(booking).car_id for booking in busy}
    return next(car for car in world.cars if car.pk not in taken)


def test_the_panel_leads_to_it_and_it_names_the_free_cars(desk, world, ride):
    assert page(ride) in desk.get(reverse("staff_booking", args=[ride.pk])).content.decode()
    words = text_of(desk.get(page(ride)))
    car = spare(world, ride)
    assert f"{car.name}, {car.plate}" in words
    assert "as now" in words
    assert "in exchange with" not in words


def test_it_says_before_the_press_who_is_mailed(desk, world, ride):
    words = text_of(desk.get(reverse("staff_booking", args=[ride.pk])))
    assert "Driver and car – Marta gets the email “Driver and car” in English once a driver is named" in words
    pending = text_of(desk.get(reverse("staff_booking", args=[world.book(who=BOB).pk])))
    assert "Driver and car – no email" in pending


def test_rentals_have_no_such_page(desk):
    rental = make_booking()
    assert page(rental) not in desk.get(reverse("staff_booking", args=[rental.pk])).content.decode()
    assert desk.get(page(rental)).status_code == 400


def test_the_customer_reads_driver_car_and_plate_on_their_page_and_in_a_mail(desk, client, ride):
    address = f"/en/booking/{ride.secret}/"
    before = text_of(client.get(address, follow=True))
    assert now(ride).car.plate not in before
    answer = desk.post(page(ride), filled_in(ride))
    assert answer.status_code == 303
    after = text_of(client.get(address, follow=True))
    assert "Driver: Ana Reis" in after
    assert f"{now(ride).car.name}, {now(ride).car.plate}" in after
    mail.outbox.clear()
    with acting_as(SERVICE):
        send_queued(at=timezone.now())
    letter = next(one for one in mail.outbox if "Your driver and car" in one.subject)
    assert "Ana Reis" in letter.body
    assert now(ride).car.plate in letter.body


def test_another_car_is_given_with_a_reason(desk, world, ride):
    car = spare(world, ride)
    answer = desk.post(page(ride), filled_in(ride, car=str(car.pk)))
    assert answer.status_code == 422
    words = text_of(answer)
    assert "Enter why it is another car" in words
    assert "Ana Reis" in answer.content.decode()  # nothing typed is lost
    assert desk.post(page(ride), filled_in(ride, car=str(car.pk), reason="Tyre")).status_code == 303
    assert (now(ride).car_id, now(ride).ride.driver_name) == (car.pk, "Ana Reis")
    history = text_of(desk.get(reverse("staff_booking", args=[ride.pk])))
    assert "Tyre" in history
    assert "driver named" in history


def test_a_car_with_another_ride_is_offered_in_exchange(desk, world, ride):
    other, third = world.book(who=BOB), world.book(who=Person("Cy Ha", "cy@example.com"))
    text = desk.get(page(ride)).content.decode()
    value = f"{other.car_id}/{other.pk}"
    assert value in text
    assert f"{third.car_id}/{third.pk}" in text
    was = now(ride).car_id
    assert desk.post(page(ride), filled_in(ride, car=value, reason="Taller")).status_code == 303
    assert (now(ride).car_id, now(other).car_id) == (other.car_id, was)


def test_one_that_was_taken_meanwhile_is_said_and_nothing_is_lost(desk, world, ride):
    car = spare(world, ride)
    world.book(car=car, who=BOB)
    answer = desk.post(page(ride), filled_in(ride, car=str(car.pk), reason="Tyre"))
    assert answer.status_code == 422
    assert "Somebody has just taken this car" in text_of(answer)
    assert "Tyre" in answer.content.decode()


def test_a_car_that_was_chosen_asks_for_the_customers_word(desk, world, ride):
    with as_owner():
        Ride.objects.filter(booking=ride).update(given_car=True)
    car = spare(world, ride)
    fields = filled_in(ride, car=str(car.pk), reason="Tyre")
    answer = desk.post(page(ride), fields)
    assert answer.status_code == 422
    assert "ask them first" in text_of(answer)
    assert desk.post(page(ride), fields | {"agreed": "on"}).status_code == 303
    assert now(ride).car_id == car.pk


def test_a_second_press_says_the_same_and_mails_nothing_more(desk, ride):
    for _ in range(2):
        assert desk.post(page(ride), filled_in(ride)).status_code == 303
    with as_owner():
        assert BookingChange.objects.filter(booking=ride).count() == 1
        assert InboxEmail.objects.filter(booking=ride, template="ride_driver").count() == 1


def test_two_who_looked_at_one_car_do_not_overwrite_each_other(desk, world, ride):
    car = spare(world, ride)
    stale = filled_in(ride, driver="Rui")
    desk.post(page(ride), filled_in(ride, car=str(car.pk), reason="Tyre"))
    answer = desk.post(page(ride), stale)
    assert answer.status_code == 409
    assert now(ride).ride.driver_name == "Ana Reis"


def test_two_who_name_a_driver_at_once_are_told_of_each_other(desk, ride):
    assert 'name="after" value=""' in desk.get(page(ride)).content.decode()
    assert desk.post(page(ride), filled_in(ride, driver="Ana Reis", after="")).status_code == 303
    assert desk.post(page(ride), filled_in(ride, driver="Rui Melo", after="")).status_code == 409
    assert (
        desk.post(page(ride), filled_in(ride, driver="Ana Reis", after="")).status_code == 303
    )  # the same press twice
    assert now(ride).ride.driver_name == "Ana Reis"


@pytest.mark.parametrize("fields", [{"driver": "x" * 300}, {"car": "0"}, {"car": "abc/def"}, {"car": ""}])
def test_nonsense_is_refused(desk, ride, fields):
    assert desk.post(page(ride), filled_in(ride, **fields)).status_code == 422
    assert now(ride).ride.driver_name == ""
