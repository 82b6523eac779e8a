"""The secret booking page in every status, and what its customer can do there."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from bookings.models import Booking, BookingLink, CarAvailability
from bookings.tests.support.factories import (
    CarFactory,
    LocationFactory,
    in_days,
    make_booking,
    make_desk,
    move_to,
)
from bookings.tests.support.site import text_of
from cars.models import Car, Location, OpeningHours
from exodrive.i18n.formats import day
from exodrive.rls import as_owner
from exodrive.tests.support.html import inputs

pytestmark = pytest.mark.django_db


@pytest.fixture
def booked():
    car = CarFactory(make="Calder", model="GT coupé", slug="calder-gt")
    return make_booking(car=car, start=in_days(10), special_requests="A child seat")


def page_of(booking, part="booking"):
    return reverse(part, args=[booking.secret])


def fresh(booking):
    with as_owner():
        return Booking.objects.get(pk=booking.pk)


# --- The page -----------------------------------------------------------------------------------------------------


def test_a_request_shows_everything_about_it(client, booked):
    page = client.get(page_of(booked))
    words = text_of(page)
    assert page.status_code == 200
    for part in (
        "We have your request, Marta",
        booked.reference,
        "You pay at pick-up.",
        "usually within 2 hours",
        "Calder GT coupé",
        day(booked.start_date),
        "from 10:00",
        "by 18:00",
        "12 rue de la Villette",
        "€240 × 4 days",
        "€960",
        "Free cancellation until",
        "What happens next",
        "We confirm your booking by email.",
        "Marta Oliveira",
        "A child seat",
        "Add to calendar",
        "Cancel booking",
    ):
        assert part in words
    assert re.search(r'aria-current="step"[^>]*>Pending', page.content.decode())


def test_it_is_private(client, booked):
    page = client.get(page_of(booked))
    assert page.headers["Cache-Control"] == "private, no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert b'<meta name="referrer" content="no-referrer">' in page.content


def test_the_place_has_a_map(client, booked):
    html = client.get(page_of(booked)).content.decode()
    assert (
        'href="https://www.openstreetmap.org/?mlat=45.760500&amp;mlon=4.859900#map=17/45.760500/4.859900"'
        in html
    )


def test_the_code_to_show_is_a_picture_without_styles(client, booked):
    html = client.get(page_of(booked)).content.decode()
    code = re.search(r"<svg role=\"img\".*?</svg>", html, re.DOTALL)[0]
    assert 'aria-label="QR code with the link to this booking"' in code
    assert "style" not in code


@pytest.mark.parametrize(
    ("status", "headline", "says"),
    [
        ("upcoming", "You’re booked, Marta", "Confirmed. See you"),
        ("active", "Have a good drive, Marta", "Return by"),
        ("completed", "Thank you, Marta", "The car is back."),
        ("cancelled", "Your booking is cancelled, Marta", "Nothing was charged."),
        ("refunded", "Your booking is cancelled, Marta", "All your money is on its way back."),
    ],
)
def test_every_status_has_its_words(client, booked, status, headline, says):
    move_to(booked, status)
    words = text_of(client.get(page_of(booked)))
    assert headline in words
    assert says in words
    assert ("Cancel booking" in words) == (status == "upcoming")
    assert ("Save changes" in words) == (status in ("upcoming", "active"))


def test_a_car_that_is_late(client):
    booking = make_booking(start=in_days(-5), length=2, status="active")
    words = text_of(client.get(page_of(booking)))
    assert "The car was due back on" in words
    assert "Call us" in words


def test_two_places_are_shown_apart(client):
    from bookings.lifecycle.request import Details

    other = LocationFactory(name="Lyon Airport")
    booking = make_booking(details=Details(drop_off=other))
    html = client.get(page_of(booking)).content.decode()
    assert '<h2 id="p">Pick-up</h2>' in html
    assert '<h2 id="r">Return</h2>' in html
    assert "Lyon Airport" in html


def test_someone_elses_link_does_not_open_it(client, booked):
    other = make_booking(car=CarFactory())
    words = text_of(client.get(page_of(other)))
    assert other.reference in words
    assert booked.reference not in words


@pytest.mark.parametrize("what", ["wrong", "expired", "rotated"])
def test_links_that_do_not_work_look_the_same(client, booked, what):
    url = page_of(booked)
    with as_owner():
        link = BookingLink.objects.filter(booking=booked)
        if what == "expired":
            link.update(expires_at=timezone.now() - timedelta(days=1))
        if what == "rotated":
            link.update(token_hash="0" * 64)
    answer = client.get(reverse("booking", args=["A" * 22]) if what == "wrong" else url)
    assert answer.status_code == 404
    assert "This link does not work" in text_of(answer)
    assert "Send me a new link" in text_of(answer)
    assert answer.headers["Cache-Control"] == "private, no-store"
    for part in ("booking_cancellation", "booking_ics"):
        token = "A" * 22 if what == "wrong" else booked.secret
        assert client.get(reverse(part, args=[token])).status_code == 404


def test_who_is_signed_in_as_staff_is_a_visitor_here(booked):
    client = Client()
    client.force_login(make_desk())
    assert client.get(reverse("booking", args=["A" * 22])).status_code == 404
    for url in ("/en/", "/en/cars/", "/en/cars/calder-gt/", page_of(booked)):
        assert client.get(url).status_code == 200
    answer = client.post(page_of(booked, "booking_requests"), {"phone": "+33 1"}, follow=True)
    assert "Your changes are saved." in text_of(answer)


def test_few_queries(client, booked, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        client.get(page_of(booked))


def test_a_link_without_a_language_leads_to_that_of_the_booking(client):
    booking = make_booking(language="pt")
    answer = client.get(f"/booking/{booking.secret}/", headers={"accept-language": "fr"})
    assert answer.url == f"/pt/booking/{booking.secret}/"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    wrong = client.get("/booking/AAAAAAAAAAAAAAAAAAAAAA/", headers={"accept-language": "fr"})
    assert wrong.url == "/fr/booking/AAAAAAAAAAAAAAAAAAAAAA/"


# --- The calendar file --------------------------------------------------------------------------------------------


def test_the_calendar_file(client, booked):
    answer = client.get(page_of(booked, "booking_ics"))
    event = Calendar.from_ical(answer.content).walk("VEVENT")[0]
    assert answer.headers["Content-Type"] == "text/calendar; method=PUBLISH; charset=utf-8"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{booked.reference}.ics"'
    assert event.decoded("dtstart") == booked.pickup_at
    assert event.decoded("dtend") == booked.return_at
    assert str(event["url"]).endswith(page_of(booked))
    assert event["sequence"] == 1


def test_the_branch_says_where_when_and_whom_to_call(client, booked):
    with as_owner():
        Location.objects.filter(pk=booked.pick_up.pk).update(phone="+351 291 000 000")
        OpeningHours.objects.filter(location=booked.pick_up, weekday=6).delete()
    event = Calendar.from_ical(client.get(page_of(booked, "booking_ics")).content).walk("VEVENT")[0]
    for text in (
        text_of(client.get(page_of(booked))),
        text_of(client.get(reverse("car", args=[booked.car.slug]))),
        f"{event['location']} {event['description']}",
    ):
        assert "12 rue de la Villette, 69003 Lyon" in text
        assert "Mon–Sat 10:00–18:00, closed Sun" in text
        assert "+351 291 000 000" in text


# --- Changes ------------------------------------------------------------------------------------------------------


def test_phone_and_requests_can_be_changed(client, booked):
    answer = client.post(
        page_of(booked, "booking_requests"), {"phone": "+33 1", "special_requests": "Two child seats"}
    )
    assert (answer.status_code, answer.url) == (303, page_of(booked))
    saved = fresh(booked)
    assert (saved.phone, saved.special_requests) == ("+33 1", "Two child seats")
    assert "Your changes are saved." in text_of(client.get(answer.url))


def tracks(booking):
    """How often it was changed, how its inbox items stand, and how many letters there are."""
    with as_owner():
        found = fresh(booking)
        items = list(found.inbox_items.values_list("status", flat=True))
        return found.revisions.count(), items, found.emails.count()


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("page", ["booking_requests", "booking_change"])
def test_either_page_writes_history_and_returns_the_booking_to_staff(client, booked, settings, page, late):
    move_to(booked, "upcoming")
    settings.CHANGE_CUTOFF_HOURS = 24 * 30 if late or page == "booking_change" else 48
    before = tracks(booked)
    assert before[:2] == (0, ["done"])
    answer = client.post(page_of(booked, page), {"phone": "+33 1", "special_requests": "Late\r\narrival"})
    assert answer.status_code == 303
    assert tracks(booked) == (1, ["pending"], before[2] + 1)
    with as_owner():
        change = fresh(booked).revisions.get()
        assert (change.actor_kind, change.after["contact"]) == ("customer", ["phone", "special_requests"])


def test_saving_what_was_there_writes_nothing(client):
    booking = make_booking(start=in_days(10), special_requests="Late\r\narrival", status="upcoming")
    before = tracks(booking)
    shown = {"phone": booking.phone, "special_requests": "Late\r\narrival"}
    assert client.post(page_of(booking, "booking_requests"), shown).status_code == 303
    assert tracks(booking) == before
    assert fresh(booking).special_requests == booking.special_requests


def test_a_request_that_is_too_long_is_kept_to_be_shortened(client, booked):
    answer = client.post(page_of(booked, "booking_requests"), {"special_requests": "x" * 2001})
    assert answer.status_code == 422
    assert text_of(answer).startswith("Error:")
    assert b"x" * 2001 in answer.content
    assert fresh(booked).special_requests == "A child seat"


def test_nothing_else_can_be_changed(client, booked):
    client.post(
        page_of(booked, "booking_requests"),
        {"phone": "", "total": "1", "status": "upcoming", "full_name": "X"},
    )
    saved = fresh(booked)
    assert (saved.total, saved.status, saved.full_name) == (booked.total, "pending", "Marta Oliveira")


def test_a_finished_booking_cannot_be_changed(client, booked):
    move_to(booked, "completed")
    answer = client.post(page_of(booked, "booking_requests"), {"phone": "+33 1"})
    assert answer.status_code == 403
    assert "This booking can no longer be changed." in text_of(answer)


# --- Cancelling ---------------------------------------------------------------------------------------------------


def test_cancelling_first_says_what_comes_back(client, booked):
    page = client.get(page_of(booked, "booking_cancellation"))
    words = text_of(page)
    assert "Cancel this booking?" in words
    assert "You have paid nothing, so there is nothing to give back. Cancelling is free until" in words
    assert fresh(booked).status == "pending"


def test_what_was_paid_comes_back(client, booked):
    with as_owner():
        Booking.objects.filter(pk=booked.pk).update(payment_status="paid", paid=booked.total)
    assert "You get €960 back." in text_of(client.get(page_of(booked, "booking_cancellation")))


def test_late_cancellation_says_that_it_may_cost(client):
    booking = make_booking(start=in_days(1))
    words = text_of(client.get(page_of(booking, "booking_cancellation")))
    assert "Free cancellation ended" in words
    assert "cancelling now costs €" in words


def test_cancelling_frees_the_days_and_can_be_posted_twice(client, booked):
    url = page_of(booked, "booking_cancellation")
    first, second = client.post(url), client.post(url)
    assert {(answer.status_code, answer.url) for answer in (first, second)} == {(303, page_of(booked))}
    words = text_of(client.get(first.url))
    assert "Your booking is cancelled." in words
    assert "Cancelled" in words
    with as_owner():
        assert CarAvailability.objects.count() == 0
        assert booked.changes.filter(to_status="cancelled").count() == 1


def test_on_the_pick_up_day_it_is_too_late(client):
    booking = make_booking(start=in_days(0), at=timezone.now() - timedelta(days=1), status="upcoming")
    url = page_of(booking, "booking_cancellation")
    assert client.get(url).url == page_of(booking)
    answer = client.post(url)
    assert answer.status_code == 403
    assert "call us to cancel" in text_of(answer)
    assert fresh(booking).status == "upcoming"


# --- Forgery ------------------------------------------------------------------------------------------------------


def test_a_post_needs_its_token(booked):
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(page_of(booked, "booking_cancellation"))
    assert answer.status_code == 403
    assert "Your browser did not send our cookie." in text_of(answer)
    assert fresh(booked).status == "pending"


def test_an_old_form_is_offered_once_more_with_what_was_typed(booked):
    strict = Client(enforce_csrf_checks=True)
    strict.get(page_of(booked))
    typed = {"phone": "+351 912 000 111", "special_requests": "Two\nseats", "csrfmiddlewaretoken": "old"}
    url = page_of(booked, "booking_requests")
    answer = strict.post(url, typed)
    assert answer.status_code == 403
    assert "This form is too old." in text_of(answer)
    assert "+351 912 000 111" in text_of(answer)
    again = inputs(answer)
    assert (again["phone"], again["special_requests"]) == ("+351 912 000 111", "Two\nseats")
    assert strict.post(url, again).status_code == 303
    assert fresh(booked).phone == "+351 912 000 111"


def test_what_another_site_sends_is_not_offered_again(booked):
    strict = Client(enforce_csrf_checks=True)
    strict.get(page_of(booked))
    answer = strict.post(
        page_of(booked, "booking_requests"), {"phone": "+1 900"}, headers={"origin": "https://evil.example"}
    )
    assert answer.status_code == 403
    assert "+1 900" not in answer.content.decode()


@pytest.mark.parametrize(
    ("site", "status"), [("same-origin", 303), ("cross-site", 403), ("same-site", 403), (None, 403)]
)
def test_a_browser_that_hides_its_origin_must_say_that_it_is_ours(booked, site, status):
    """Private pages send no referrer, so their forms come with `Origin: null`."""
    strict = Client(enforce_csrf_checks=True)
    url = page_of(booked, "booking_cancellation")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', strict.get(url).content.decode())[1]
    headers = {"origin": "null"} | ({"sec-fetch-site": site} if site else {})
    assert strict.post(url, {"csrfmiddlewaretoken": token}, headers=headers).status_code == status
    assert settings.MIDDLEWARE.index(
        "exodrive.http.origin.HiddenOriginMiddleware"
    ) < settings.MIDDLEWARE.index("django.middleware.csrf.CsrfViewMiddleware")


# --- Once more -----------------------------------------------------------------------------------------------------


def test_a_cancelled_booking_can_be_made_again_on_its_days(client, booked):
    assert "Book again" not in text_of(client.get(page_of(booked)))
    client.post(page_of(booked, "booking_cancellation"))
    html = client.get(page_of(booked)).content.decode()
    again = re.search(r'href="([^"]*)">\s*Book again', html)[1].replace("&amp;", "&")
    assert again == f"/en/cars/{booked.car.slug}/?start={booked.start_date}&end={booked.end_date}"
    make_booking(car=booked.car, start=booked.start_date, length=1)
    html = client.get(page_of(booked)).content.decode()
    assert f'href="/en/cars/{booked.car.slug}/">' in re.sub(r"\s+", " ", html)
    with as_owner():
        Car.objects.filter(pk=booked.car_id).update(status="retired")
    assert re.search(r'href="/en/cars/">\s*Book again', client.get(page_of(booked)).content.decode())


def test_who_cancels_late_is_not_told_that_nothing_is_owed(client):
    booking = make_booking(start=in_days(1), at=timezone.now() - timedelta(days=5), status="upcoming")
    if timezone.now() >= booking.pickup_at or not booking.customer_may_cancel(timezone.now()):
        pytest.fail("the pick-up day has begun already")
    assert "cancelling now costs €" in text_of(client.get(page_of(booking, "booking_cancellation")))
    client.post(page_of(booking, "booking_cancellation"))
    assert "There is nothing to pay." not in text_of(client.get(page_of(booking)))


def test_passwords_are_typed_anew(booked):
    strict = Client(enforce_csrf_checks=True)
    strict.get(page_of(booked))
    answer = strict.post(
        page_of(booked, "booking_requests"), {"new_password1": "correct-horse", "phone": "1"}
    )
    assert answer.status_code == 403
    assert "correct-horse" not in answer.content.decode()


def test_another_language_on_the_page_of_a_wrong_address_loses_nothing(client):
    booking = make_booking()
    there = page_of(booking, "booking_address").replace("/en/", "/es/")
    answer = client.post(there, {"phone": "+34 600", "initial-phone": "", "language": "es"})
    assert (answer.status_code, answer.url) == (303, page_of(booking).replace("/en/", "/es/"))
    assert 'value="+34 600"' in client.get(answer.url).content.decode()
