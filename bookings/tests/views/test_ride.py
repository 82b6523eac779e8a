"""From a service to the end of a ride, on the pages that a customer sees; without a script."""

import re
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from bookings.lifecycle.rides.request import RideDetails
from bookings.models import Booking
from bookings.tests.support.booked_rides import DAY, Chauffeurs
from bookings.tests.support.factories import in_days, move_to, prove
from bookings.tests.support.rides import let_lapse
from bookings.tests.support.site import text_of
from cars.models import Extra, RideRate, Service
from cars.pricing.rides.inputs import RideOptions
from cars.tests.support.rides import make_place
from exodrive.rls import SERVICE, acting_as, as_owner
from inbox.mail.letters import compose
from inbox.models import InboxEmail

pytestmark = pytest.mark.django_db
WHO = {
    "full_name": "Marta Oliveira",
    "email": "marta.oliveira@example.com",
    "phone": "+351 912 345 678",
    "from_text": "12 rue de la République, Lyon",
}


@pytest.fixture
def hired():
    found = Chauffeurs(name="Driver by the hour")
    with as_owner():
        Service.objects.update(name_fr="Chauffeur à l’heure")
    return found


def details_of(hold):
    return reverse("details", args=[hold.token])


def only_booking():
    with as_owner():
        booking = Booking.objects.select_related("ride", "link", "car__location").get()
        booking.secret = booking.token
        return booking


def test_from_the_service_to_the_booking(client, hired):
    asked = {"day": in_days(DAY), "time": "10:00", "duration": "120", "passengers": 2, "bags": 1}
    page = reverse("service", args=[hired.service.slug])
    assert "€180" in text_of(client.get(page, asked))
    held = client.post(page, asked)
    assert held.status_code == 303
    form = client.get(held.url)
    words = text_of(form)
    for part in ("Your ride", "Driver by the hour", "2 passengers", "1 bag", "10:00", "12:00", "2 h", "€180"):
        assert part in words
    made = client.post(held.url, WHO)
    assert (made.status_code, made.url) == (303, reverse("booking", args=[only_booking().secret]))
    words = text_of(client.get(made.url))
    for part in ("We have your request, Marta", "From 12 rue de la République, Lyon", "Begins", "10:00"):
        assert part in words
    assert "licence" not in words
    assert client.post(held.url, WHO).url == made.url  # double click


def test_what_is_missing_is_said_and_nothing_typed_is_lost(client, hired):
    url = details_of(hired.hold())
    page = client.post(url, {**WHO, "from_text": "", "special_requests": "A quiet car"})
    assert page.status_code == 422
    assert "Enter the address where we pick you up" in text_of(page)
    assert b"A quiet car" in page.content
    with as_owner():
        assert not Booking.objects.exists()


def test_the_other_language_keeps_what_was_typed(client, hired):
    url = details_of(hired.hold()).replace("/en/", "/fr/")
    there = client.post(url, {**WHO, "language": "fr"})
    page = client.get(there.url)
    assert b"12 rue de la R" in page.content
    assert "Chauffeur à l’heure" in text_of(page)


def test_a_lapsed_hold_leads_back_to_the_choice_with_all_that_was_typed(client, hired):
    hold = hired.hold(passengers=3)
    let_lapse(hold)
    back = client.post(details_of(hold), WHO)
    assert back.status_code == 303
    assert back.url.startswith(reverse("service", args=[hired.service.slug]))
    assert "passengers=3" in back.url
    page = client.get(back.url)
    assert "We no longer hold this ride for you" in text_of(page)
    address = urlsplit(back.url)
    again = client.post(address.path, dict(parse_qsl(address.query)))
    assert b"12 rue de la R" in client.get(again.url).content


def test_extras_are_priced_before_they_are_booked(client, hired):
    with as_owner():
        seat = Extra.objects.create(name="Child seat", price="7.00", per="rental", stock=2)
    url = details_of(hired.hold())
    page = client.post(url, {**WHO, f"extra_{seat.pk}": "1", "price": "1"})
    assert "€187" in text_of(page)
    agreed = re.search(r'name="agreed"[^>]*value="([^"]*)"', page.content.decode())[1]
    assert client.post(url, {**WHO, f"extra_{seat.pk}": "1", "agreed": "180 EUR 0"}).status_code == 422
    assert client.post(url, {**WHO, f"extra_{seat.pk}": "1", "agreed": agreed}).status_code == 303
    assert only_booking().total == 187


def test_an_airport_asks_for_the_flight_and_not_for_a_door(client):
    hired, airport, town = (
        Chauffeurs(),
        make_place(kind="airport", name="Airport"),
        make_place(name="Old town"),
    )
    with as_owner():
        Service.objects.all().delete()
        hired.service = Service.objects.create(
            kind="transfer",
            slug="transfer",
            location=hired.place,
            name="Transfer",
            is_offered=True,
            tax_rate=10,
        )
        hired.service.hours.create(weekday=in_days(DAY).weekday(), opens="06:00", closes="22:00")
        RideRate.objects.create(
            service=hired.service, basis="route", from_place=airport, to_place=town, minutes=45, amount=85
        )
    hold = hired.hold("10:00", 105, options=RideOptions(airport, town))
    words = text_of(client.get(details_of(hold)))
    assert "Flight number" in words
    assert "Pick-up address" not in words
    assert "Address in Old town" in words
    said = {**WHO, "to_text": "1 Main Street", "flight_number": "ly 322", "sign_name": "Ms Silva"}
    assert client.post(details_of(hold), said).status_code == 303
    ride = only_booking().ride
    assert (ride.flight_number, ride.sign_name, ride.from_text, ride.to_text) == (
        "LY322",
        "Ms Silva",
        "",
        "1 Main Street",
    )
    wrong = client.post(
        details_of(hired.hold("15:00", 105, options=RideOptions(airport, town))),
        {**said, "flight_number": "?"},
    )
    assert wrong.status_code == 422
    assert "Type a flight number like AF1234." in text_of(wrong)


def test_its_page_cancels_and_its_calendar_file_says_when_and_where(client, hired):
    client.post(details_of(hired.hold()), WHO)
    booking = only_booking()
    url = reverse("booking", args=[booking.secret])
    event = Calendar.from_ical(client.get(reverse("booking_ics", args=[booking.secret])).content).walk(
        "VEVENT"
    )[0]
    assert (event["summary"], event["location"], event["transp"]) == (
        "Ride: Driver by the hour",
        "12 rue de la République, Lyon",
        "OPAQUE",
    )
    assert event["dtstart"].dt == booking.ride.starts_at
    saved = client.post(
        reverse("booking_requests", args=[booking.secret]),
        {"phone": "+351 1234567", "special_requests": "Hi"},
    )
    assert saved.status_code == 303
    assert only_booking().special_requests == "Hi"
    cancellation = reverse("booking_cancellation", args=[booking.secret])
    assert "Driver by the hour" in text_of(client.get(cancellation))
    assert client.post(cancellation).url == url
    words = text_of(client.get(url))
    assert "The time is free again." in words
    assert hired.service.slug in client.get(url).content.decode()
    assert hired.hold().pk


def test_it_is_too_late_to_cancel_an_hour_before(client, hired):
    client.post(details_of(hired.hold()), WHO)
    booking = only_booking()
    soon = timezone.now() + timedelta(minutes=30)
    with as_owner():
        Booking.objects.update(terms={**booking.terms, "cancel_until": soon.isoformat()})
    assert "Cancel booking" in text_of(client.get(reverse("booking", args=[booking.secret])))
    with as_owner():
        Booking.objects.update(
            terms={**booking.terms, "cancel_until": (soon - timedelta(hours=1)).isoformat()}
        )
    assert "Cancel booking" not in text_of(client.get(reverse("booking", args=[booking.secret])))
    assert client.post(reverse("booking_cancellation", args=[booking.secret])).status_code == 403


@pytest.mark.parametrize("status", ["pending", "upcoming", "active", "completed", "cancelled"])
def test_every_state_has_words_of_a_ride(client, hired, status):
    client.post(details_of(hired.hold()), WHO)
    booking = only_booking()
    if status != "pending":
        move_to(booking, status)
    words = text_of(client.get(reverse("booking", args=[booking.secret])))
    said = {
        "pending": "We have your request",
        "upcoming": "See you",
        "active": "Have a good ride",
        "completed": "The ride is over.",
        "cancelled": "The time is free again.",
    }
    assert said[status] in words
    for of_a_rental in ("Return by", "The car is back", "The days are free", "Pick-up and return", "licence"):
        assert of_a_rental not in words


@pytest.mark.parametrize("proven", [False, True])
@pytest.mark.parametrize(
    "template", ["booking_received", "booking_confirmed", "booking_cancelled", "new_booking"]
)
def test_the_mails_say_the_ride(hired, template, proven):
    booking = hired.book(details=RideDetails(phone="+33 6 12 34 56 78", from_text="Blue door 7"))
    if proven:
        prove(booking)
    staff = template == "new_booking"
    email = InboxEmail(
        template=template,
        audience="staff" if staff else "customer",
        language="en",
    )
    with acting_as(SERVICE):
        email.booking = Booking.objects.select_related("car__location", "link", "proof").get(pk=booking.pk)
        body = compose(email, ["x@example.com"], at=timezone.now()).body
    assert "Ride: Driver by the hour" in body
    assert "10:00" in body
    assert "Return" not in body
    assert ("Blue door 7" in body) == (proven or staff)
