"""The page on which a customer changes a ride, without a script."""

from datetime import time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from bookings.lifecycle.rides.change import change_ride
from bookings.lifecycle.rides.change_request import RideChangeRequest
from bookings.lifecycle.rides.request import RideDetails
from bookings.models import Booking, BookingChange, Ride, VehicleAssignment
from bookings.tests.support.booked_rides import DAY, Chauffeurs, settle
from bookings.tests.support.factories import in_days, make_manager, move_to
from bookings.tests.support.site import text_of
from cars.models import RideRate, Service
from cars.pricing.rides.inputs import RideOptions
from cars.tests.support.rides import make_place
from exodrive.rls import STAFF, acting_as, as_owner
from exodrive.tests.support.html import inputs
from inbox.models import InboxEmail

pytestmark = pytest.mark.django_db
SAID = RideDetails(phone="+351 912 345 678", from_text="12 rue de la République")


@pytest.fixture
def hired():
    return Chauffeurs(cars=2, name="Driver by the hour")


@pytest.fixture
def booking(hired):
    made = hired.book(details=SAID)
    settle()
    return made


def page_of(booking, language="en"):
    return reverse("booking_change", args=[booking.secret]).replace("/en/", f"/{language}/")


def typed_on(client, booking, **typed):
    return inputs(client.get(page_of(booking))).dict() | typed


def ride_now(booking):
    with as_owner():
        return Ride.objects.select_related("booking").get(booking=booking.pk)


def test_its_page_leads_there_until_it_is_under_way(client, booking):
    home = reverse("booking", args=[booking.secret])
    assert page_of(booking) in client.get(home).content.decode()
    move_to(booking, "active")
    assert page_of(booking) not in client.get(home).content.decode()
    assert client.get(page_of(booking)).url == home


def test_what_the_driver_has_to_know_is_saved_at_once(client, booking):
    typed = typed_on(
        client, booking, from_text="1 Main Street", to_text="The opera", passengers="2", bags="1"
    )
    assert typed["phone"] == SAID.phone
    assert "Total, paid at pick-up €180" in text_of(client.get(page_of(booking)))
    saved = client.post(page_of(booking), typed)
    assert (saved.status_code, saved.url) == (303, reverse("booking", args=[booking.secret]))
    words = text_of(client.get(saved.url))
    for part in ("Your changes are saved.", "1 Main Street", "The opera", "2 passengers", "1 bag"):
        assert part in words
    with as_owner():
        assert booking.inbox_items.filter(status="pending").exists()
        assert InboxEmail.objects.filter(booking=booking.pk, template="booking_changed").count() == 1


def test_another_time_is_priced_first_and_changed_with_consent(client, booking):
    typed = typed_on(client, booking, day=in_days(DAY + 1), time="15:00", duration="3:00", sign_name="x")
    shown = client.post(page_of(booking), typed)
    words = text_of(shown)
    assert shown.status_code == 200
    for part in ("New price", "10:00 – 12:00 · €180", "15:00 – 18:00 · €270", "€90 more, to pay at pick-up."):
        assert part in words
    assert "Free cancellation until" in words
    assert ride_now(booking).starts_at == booking.ride.starts_at
    done = client.post(page_of(booking), inputs(shown).dict() | {"change": "1"})
    assert done.status_code == 303
    now = ride_now(booking)
    assert (now.ends_at - now.starts_at, now.booking.total) == (timedelta(hours=3), 270)
    assert "15:00" in text_of(client.get(done.url))


def test_pressed_twice_it_is_one_change(client, booking):
    shown = client.post(page_of(booking), typed_on(client, booking, time="15:00"))
    sent = inputs(shown).dict() | {"change": "1"}
    assert [client.post(page_of(booking), sent).status_code for _ in range(2)] == [303, 303]
    with as_owner():
        assert BookingChange.objects.filter(booking=booking.pk).count() == 1


def test_nothing_is_changed_at_a_price_that_was_not_seen(client, booking, hired):
    typed = typed_on(client, booking, time="15:00", change="1")
    answer = client.post(page_of(booking), typed)
    assert (answer.status_code, "Look at the price first" in text_of(answer)) == (422, True)
    with as_owner():
        RideRate.objects.filter(service=hired.service).update(amount=100)
    dearer = client.post(page_of(booking), inputs(answer).dict() | {"change": "1"})
    assert dearer.status_code == 422
    assert "The price is now €200 (it was €180)." in text_of(dearer)
    assert client.post(page_of(booking), inputs(dearer).dict() | {"change": "1"}).status_code == 303
    assert ride_now(booking).booking.total == 200


def test_all_that_is_wrong_is_said_and_nothing_typed_is_lost(client, booking):
    typed = typed_on(client, booking, day="", time="x", duration="a while", from_text="", passengers="0")
    answer = client.post(page_of(booking), typed | {"special_requests": "A quiet car"})
    words = text_of(answer)
    assert answer.status_code == 422
    for part in (
        "Choose a day",
        "Choose a time",
        "Type hours and minutes, like 2:30",
        "Enter the address where we pick you up",
    ):
        assert part in words
    assert b"A quiet car" in answer.content
    assert b'value="a while"' in answer.content


def test_every_reason_stands_at_its_field(client, booking):
    answer = client.post(
        page_of(booking), typed_on(client, booking, time="21:10", duration="0:30", passengers="9", bags="9")
    )
    words = text_of(answer)
    assert answer.status_code == 422
    for part in (
        "Book at least 1 h.",
        "Choose a time on the full hour or 15, 30, 45 minutes after.",
        "On that day the service runs",
        "This class takes 3 passengers.",
        "This class takes 2 bags.",
    ):
        assert part in words
    for field in ("time", "duration", "passengers", "bags"):
        assert f'id="{field}_error"' in answer.content.decode()


def test_a_taken_time_offers_others_one_press_away(client):
    hired = Chauffeurs()
    booking = hired.book("10:00")
    hired.book("15:00")
    settle()
    taken = client.post(page_of(booking), typed_on(client, booking, time="15:30", sign_name=""))
    assert taken.status_code == 409
    words = text_of(taken)
    assert "No car of this class is free at that time." in words
    choices = [part.split('"')[0] for part in taken.content.decode().split('name="take" value="')[1:]]
    assert choices == [f"{in_days(DAY)}T12:30", f"{in_days(DAY)}T17:30"]
    shown = client.post(page_of(booking), inputs(taken).dict() | {"take": choices[1]})
    assert "17:30 – 19:30" in text_of(shown)
    assert client.post(page_of(booking), inputs(shown).dict() | {"change": "1"}).status_code == 303
    with as_owner():
        assert (
            VehicleAssignment.objects.filter(booking=booking.pk).get().starts_at
            == ride_now(booking).starts_at
        )


def by_staff(booking, **asked):
    with acting_as(STAFF, user=make_manager(full_name="Paula Reis")):
        read = Booking.objects.select_related("car__location").get(pk=booking.pk)
        change_ride(booking=read, to=RideChangeRequest(**asked), at=timezone.now())


def test_a_page_that_is_old_says_what_was_changed_meanwhile(client, booking):
    typed = typed_on(client, booking, time="16:00", from_text="My hotel")
    by_staff(booking, minutes=180, from_text="1 Main Street", bags=1)
    answer = client.post(page_of(booking), typed)
    assert answer.status_code == 422
    assert "Exodrive has changed this to “1 Main Street” meanwhile." in text_of(answer)
    assert b'value="My hotel"' in answer.content
    shown = client.post(page_of(booking), inputs(answer))
    assert "16:00 – 19:00" in text_of(shown)  # as long as staff have made it
    assert client.post(page_of(booking), inputs(shown).dict() | {"change": "1"}).status_code == 303
    assert (ride_now(booking).from_text, ride_now(booking).bags) == ("My hotel", 1)


def test_two_who_move_it_are_told_of_each_other(client, booking):
    typed = typed_on(client, booking, time="16:00")
    shown = client.post(page_of(booking), typed)
    by_staff(booking, minutes=180)
    answer = client.post(page_of(booking), inputs(shown).dict() | {"change": "1"})
    assert answer.status_code == 422
    assert "The price is now €270 (it was €180)." in text_of(answer)
    assert ride_now(booking).starts_at == booking.ride.starts_at


def test_when_it_is_too_late_for_another_time_the_driver_can_still_be_told(client, booking):
    over = (timezone.now() - timedelta(minutes=1)).isoformat()
    with as_owner():
        Booking.objects.update(terms={**booking.terms, "cancel_until": over})
    page = client.get(page_of(booking))
    assert "The time cannot be changed online any more." in text_of(page)
    assert 'name="time"' not in page.content.decode()
    typed = inputs(page).dict() | {"from_text": "1 Main Street", "time": "16:00", "day": str(in_days(DAY))}
    assert client.post(page_of(booking), typed).status_code == 303
    now = ride_now(booking)
    assert (now.from_text, now.starts_at) == ("1 Main Street", booking.ride.starts_at)


def test_a_transfer_asks_for_its_flight_and_keeps_its_length(client):
    hired, airport, town = Chauffeurs(), make_place(kind="airport"), make_place(name="Old town")
    with as_owner():
        RideRate.objects.all().delete()
        Service.objects.update(kind="transfer")
        RideRate.objects.create(
            service=hired.service, basis="route", from_place=airport, to_place=town, minutes=45, amount=85
        )
        hired.service = Service.objects.select_related("location").get()
    booking = hired.book(
        "10:00", 105, options=RideOptions(airport, town), details=RideDetails(to_text="1 A St")
    )
    settle()
    page = client.get(page_of(booking))
    html = page.content.decode()
    assert 'name="duration"' not in html
    assert 'name="from_text"' not in html
    assert "Address in Old town" in text_of(page)
    wrong = client.post(page_of(booking), inputs(page).dict() | {"flight_number": "?"})
    assert (wrong.status_code, "Type a flight number like AF1234." in text_of(wrong)) == (422, True)
    shown = client.post(page_of(booking), inputs(page).dict() | {"flight_number": "af 1234", "time": "11:00"})
    assert "11:00 – 12:45" in text_of(shown)
    assert client.post(page_of(booking), inputs(shown).dict() | {"change": "1"}).status_code == 303
    assert (ride_now(booking).flight_number, ride_now(booking).booking.total) == ("AF1234", 85)


WORDS = {
    "es": ("Hora", "Precio nuevo", "Cambiar la reserva", "Para tu conductor"),
    "fr": ("Heure", "Nouveau prix", "Modifier la réservation", "Pour votre chauffeur"),
    "pt": ("Hora", "Novo preço", "Alterar reserva", "Para o seu motorista"),
}


@pytest.mark.parametrize("language", WORDS)
def test_in_every_language(client, booking, language):
    url = page_of(booking, language)
    typed = inputs(client.get(url)).dict() | {"time": "15:00"}
    shown = client.post(url, typed)
    words = text_of(shown)
    for part in WORDS[language]:
        assert part in words
    assert client.post(url, inputs(shown).dict() | {"change": "1"}).status_code == 303


def test_another_language_loses_nothing_that_was_typed(client, booking):
    typed = typed_on(client, booking, from_text="1 Main Street", time="15:00", language="fr")
    there = client.post(page_of(booking, "fr"), typed)
    assert there.status_code == 200
    for kept in (b"1 Main Street", b"15:00"):
        assert kept in there.content
    assert ride_now(booking).from_text == SAID.from_text


def test_an_hour_that_is_skipped_is_said_at_its_field(client, booking):
    place = booking.car.location
    night = next(day for n in range(366) if not place.shows(day := in_days(n), time(2, 30)))
    answer = client.post(page_of(booking), typed_on(client, booking, day=str(night), time="02:30"))
    assert answer.status_code == 422
    assert "there is no 02:30" in text_of(answer)
    assert 'id="time_error"' in answer.content.decode()


def test_of_seats_only_the_notes_are_asked_for(client, booking):
    paid = booking.quote | {"lines": [line | {"code": "ride_adult"} for line in booking.quote["lines"]]}
    with as_owner():
        Booking.objects.filter(pk=booking.pk).update(quote=paid)
    page = client.get(page_of(booking))
    assert "Seats on a tour cannot be changed here: call us." in text_of(page)
    for name in ("day", "time", "duration", "passengers", "bags"):
        assert f'name="{name}"' not in page.content.decode()
    assert client.post(page_of(booking), inputs(page).dict() | {"phone": "+33 6 1"}).status_code == 303
