"""The details page: from a hold to a booking, whatever goes wrong on the way, with nothing typed lost."""

import re
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bookings.days import Days
from bookings.errors import InProgress
from bookings.models import Booking, CarAvailability, Hold
from bookings.tests.support.factories import (
    CarFactory,
    LocationFactory,
    in_days,
    make_block,
    make_booking,
    make_extra,
    make_hold,
)
from bookings.tests.support.site import MARTA, car_url, press_continue, text_of
from bookings.views.cookies import HOLD, typed_cookie
from cars.models import Location
from exodrive.rls import as_owner
from exodrive.tests.support.html import flat, inputs

pytestmark = pytest.mark.django_db


@pytest.fixture
def hold():
    return make_hold(car=CarFactory(make="Calder", model="GT coupé", slug="calder-gt"), start=in_days(10))


@pytest.fixture
def url(hold):
    return reverse("details", args=[hold.token])


def lapse(hold, *, minutes_left=-1):
    """Move the end of the hold, as if time had passed."""
    end = timezone.now() + timedelta(minutes=minutes_left)
    with as_owner():
        Hold.objects.filter(pk=hold.pk).update(expires_at=end)
        CarAvailability.objects.filter(hold=hold).update(expires_at=end)


def only_booking():
    with as_owner():
        booking = Booking.objects.select_related("car", "link").get()
        booking.secret = booking.token
        return booking


def the_form(hold, **changes):
    """What the browser posts: the visible fields and the hidden ones."""
    return {**MARTA, "car": hold.car.slug, "start": hold.start_date, "end": hold.end_date, **changes}


# --- The page -----------------------------------------------------------------------------------------------------


def test_the_page_asks_for_name_and_email_and_shows_the_rental(client, hold, url):
    page = client.get(url)
    words = text_of(page)
    assert page.status_code == 200
    for part in (
        "Your details",
        "We are holding these dates for you for 15 minutes, until",
        "Calder GT coupé",
        "€960",
        "Request this booking",
    ):
        assert part in words
    assert "Keep them" not in words
    fields = re.findall(r'<(?:input|select|textarea) [^>]*name="(\w+)"([^>]*)>', page.content.decode())
    required = [name for name, rest in fields if rest.endswith("required") or " required " in rest]
    assert required == ["full_name", "email"]


def test_it_is_private(client, url):
    page = client.get(url)
    assert page.headers["Cache-Control"] == "private, no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert b'<meta name="robots" content="noindex, nofollow">' in page.content
    assert b'hreflang="x-default"' not in page.content


def test_a_wrong_token_is_not_found(client, hold):
    page = client.get(reverse("details", args=["AAAAAAAAAAAAAAAAAAAAAA"]))
    assert page.status_code == 404
    assert "Page not found" in text_of(page)


def test_few_queries(client, url, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        client.get(url)


# --- Sending it ---------------------------------------------------------------------------------------------------


def test_sending_it_makes_the_booking_and_leads_to_its_page(client, hold, url):
    answer = client.post(url, the_form(hold, phone="+351 912", special_requests="A child seat"))
    booking = only_booking()
    assert (answer.status_code, answer.url) == (303, reverse("booking", args=[booking.secret]))
    assert (booking.full_name, booking.email, booking.phone) == (
        "Marta Oliveira",
        "marta.oliveira@example.com",
        "+351 912",
    )
    assert (booking.special_requests, booking.language, booking.source) == ("A child seat", "en", "web")
    assert (booking.days, booking.status) == (hold.days, "pending")
    assert answer.cookies[HOLD]["max-age"] == 0
    assert "We have your request, Marta" in text_of(client.get(answer.url))


def test_the_language_of_the_page_is_that_of_the_booking(client, hold):
    client.post(reverse("details", args=[hold.token]).replace("/en/", "/pt/"), the_form(hold))
    assert only_booking().language == "pt"


def test_posting_twice_or_going_back_answers_with_the_same_booking(client, hold, url):
    first = client.post(url, the_form(hold))
    twice = client.post(url, the_form(hold))
    changed = client.post(url, the_form(hold, full_name="Somebody Else"))
    back = client.get(url)
    assert {answer.url for answer in (first, twice, changed, back)} == {first.url}
    assert {answer.status_code for answer in (first, twice, changed, back)} == {303}
    assert only_booking().full_name == "Marta Oliveira"


def busy(*args, **_kwargs):
    """The lock says that the first click is still at work."""
    raise InProgress


def test_a_double_click_is_answered_at_once_and_ends_on_the_booking_page(client, hold, url):
    with patch("bookings.views.details.create_booking", busy):
        answer = client.post(url, the_form(hold))
    assert (answer.status_code, answer.url) == (303, f"{url}?turn=1")
    waiting = client.get(answer.url)
    assert (waiting.status_code, waiting.headers["Refresh"]) == (200, f"1; url={url}?turn=2")
    assert "We are booking your car" in text_of(waiting)
    assert f'href="{url}?turn=2"'.encode() in waiting.content
    assert waiting.headers["Cache-Control"] == "private, no-store"
    assert client.post(url, the_form(hold)).status_code == 303  # the first click is done
    done = client.get(f"{url}?turn=2")
    assert (done.status_code, done.url) == (303, reverse("booking", args=[only_booking().secret]))


@pytest.mark.parametrize("turn", ["7", "0", "-1", "x", "", "1" * 5000])
def test_a_twin_that_never_finishes_gives_the_form_back_with_what_was_typed(client, hold, url, turn):
    with patch("bookings.views.details.create_booking", busy):
        client.post(url, the_form(hold, special_requests="A child seat"))
    assert client.get(f"{url}?turn=6").headers["Refresh"] == f"1; url={url}?turn=7"
    answer = client.get(f"{url}?turn={turn}")
    assert (answer.status_code, answer.url) == (303, url)
    page = client.get(url)
    assert "We could not book yet. Look at your details and try again." in text_of(page)
    assert b'value="Marta Oliveira"' in page.content
    assert b"A child seat</textarea>" in page.content
    assert client.post(url, the_form(hold)).status_code == 303


def test_waiting_for_a_hold_that_is_not_there_is_not_found(client):
    assert client.get(reverse("details", args=["AAAAAAAAAAAAAAAAAAAAAA"]) + "?turn=1").status_code == 404


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"full_name": "  "}, ["Enter your full name"]),
        ({"email": ""}, ["Enter your email address"]),
        (
            {"email": "marta.oliveira@"},
            ["Enter an email address in the correct format, like name@example.com"],
        ),
        ({"full_name": "", "email": ""}, ["Enter your full name", "Enter your email address"]),
        ({"pickup_time": "03:00"}, ["is open from 10:00 to 18:00 that day"]),
    ],
)
def test_mistakes_are_named_and_nothing_is_lost(client, hold, url, changes, says):
    typed = the_form(hold, phone="+351 912", special_requests="A child seat", **changes)
    answer = client.post(url, typed)
    words = text_of(answer)
    assert answer.status_code == 422
    assert words.startswith("Error: Your details")
    assert "There is a problem" in words
    for sentence in says:
        assert words.count(sentence) == 2
    html = answer.content.decode()
    assert 'value="+351 912"' in html
    assert "A child seat</textarea>" in html
    assert '<details class="more" open>' in flat(html)
    assert 'aria-invalid="true"' in html
    with as_owner():
        assert Booking.objects.count() == 0


def test_the_error_summary_takes_the_focus_and_leads_to_the_fields(client, hold, url):
    html = client.post(url, the_form(hold, full_name="")).content.decode()
    assert '<div class="errsum" role="alert" tabindex="-1" id="errors" autofocus>' in html
    assert '<a href="#full_name">Enter your full name</a>' in html
    assert 'id="full_name_error"' in html


def test_the_same_key_survives_a_correction(client, hold, url):
    key = "5f0f7c52-7a0c-4f86-b3e5-4a4f0d3f3c11"
    html = client.post(url, the_form(hold, full_name="", key=key)).content.decode()
    assert f'name="key" value="{key}"' in html
    assert client.post(url, the_form(hold, key=key)).status_code == 303


# --- Places and times ---------------------------------------------------------------------------------------------


def test_one_place_is_not_asked_for(client, url):
    assert b'name="pick_up"' not in client.get(url).content


def test_another_place_in_the_same_time_zone_can_be_chosen(client, hold, url):
    airport = LocationFactory(name="Lyon Airport")
    LocationFactory(name="Funchal", time_zone="Atlantic/Madeira")
    page = client.get(url)
    assert b"Lyon Airport" in page.content
    assert b"Funchal" not in page.content
    client.post(url, the_form(hold, pick_up=hold.car.location_id, drop_off=airport.pk, return_time="12:30"))
    with as_owner():
        booking = Booking.objects.prefetch_related("places__location").get()
        assert (booking.pick_up.pk, booking.drop_off.pk) == (hold.car.location_id, airport.pk)
        assert f"{booking.return_time:%H:%M}" == "12:30"


def test_a_place_in_another_zone_is_refused(client, hold, url):
    LocationFactory(name="Lyon Airport")
    far = LocationFactory(name="Funchal", time_zone="Atlantic/Madeira")
    answer = client.post(url, the_form(hold, pick_up=far.pk, drop_off=far.pk))
    assert answer.status_code == 422
    with as_owner():
        assert Location.objects.count() == 3
        assert Booking.objects.count() == 0


def test_on_one_day_the_car_comes_back_after_it_went(client):
    hold = make_hold(length=1)
    url = reverse("details", args=[hold.token])
    answer = client.post(url, the_form(hold, pickup_time="15:00", return_time="11:00"))
    assert answer.status_code == 422
    assert "The return must be after the pick-up." in text_of(answer)
    with as_owner():
        assert Booking.objects.count() == 0
    assert client.post(url, the_form(hold, pickup_time="11:00", return_time="15:00")).status_code == 303


# --- Running out of time ------------------------------------------------------------------------------------------


def test_two_minutes_before_the_end_more_time_is_offered(client, hold, url):
    lapse(hold, minutes_left=1.5)
    page = client.get(url)
    assert "Keep them 15 more minutes" in text_of(page)
    notice = client.get(url, headers={"hx-request": "true", "hx-target": "hold"})
    assert flat(notice).startswith('<div id="hold" class="msg msg--warn"')


def test_the_notice_asks_again_when_it_has_something_new_to_say(client, hold, url):
    html = client.get(url).content.decode()
    wait = int(html.partition('hx-trigger="load delay:')[2].partition("s")[0])
    assert wait == 5 * 60  # the minutes left
    lapse(hold, minutes_left=4)
    html = client.get(url).content.decode()
    wait = int(html.partition('hx-trigger="load delay:')[2].partition("s")[0])
    assert 110 < wait <= 121  # more time is offered then


def test_more_time_is_given_once_and_keeps_what_was_typed(client, hold, url):
    lapse(hold, minutes_left=1)
    answer = client.post(
        reverse("hold_extension", args=[hold.token]), the_form(hold, special_requests="A child seat")
    )
    assert (answer.status_code, answer.url) == (303, url)
    page = client.get(url)
    assert b'value="Marta Oliveira"' in page.content
    assert b"A child seat</textarea>" in page.content
    assert "We are holding these dates" in text_of(page)
    with as_owner():
        assert Hold.objects.get().expires_at > timezone.now() + timedelta(minutes=14)
    lapse(hold, minutes_left=1)
    assert "Keep them" not in text_of(client.get(url))


def test_htmx_gets_the_new_notice_alone(client, hold):
    lapse(hold, minutes_left=1)
    answer = client.post(
        reverse("hold_extension", args=[hold.token]), headers={"hx-request": "true", "hx-target": "hold"}
    )
    assert flat(answer).startswith('<div id="hold" class="msg"')
    assert b"data-focus" in answer.content


def test_a_lapsed_hold_offers_the_same_days_again(client, hold, url):
    lapse(hold)
    answer = client.post(url, the_form(hold, special_requests="A child seat"))
    words = text_of(answer)
    assert answer.status_code == 409
    assert "Your dates are no longer held" in words
    assert "What you typed is kept." in words
    again = press_continue(client, hold.car, hold.days, **MARTA, special_requests="A child seat")
    page = client.get(again.url)
    assert b'value="Marta Oliveira"' in page.content
    assert b"A child seat</textarea>" in page.content
    assert client.post(again.url, the_form(hold)).status_code == 303
    assert only_booking().days == hold.days


def test_coming_back_to_a_lapsed_hold(client, hold, url):
    lapse(hold)
    page = client.get(url)
    assert page.status_code == 200
    assert "Hold these dates again" in text_of(page)


def test_a_lapsed_hold_whose_days_are_gone_offers_others(client, hold, url):
    lapse(hold)
    make_booking(car=hold.car, start=hold.start_date, length=1)
    answer = client.post(url, the_form(hold))
    assert answer.status_code == 409
    words = text_of(answer)
    assert "Those dates were just booked" in words
    assert "What you typed is kept." in words
    assert b'<input type="hidden" name="full_name" value="Marta Oliveira">' in answer.content


def test_a_hold_that_was_cleaned_up_loses_nothing_either(client, hold, url):
    with as_owner():
        CarAvailability.objects.all().delete()
        Hold.objects.all().delete()
    answer = client.post(url, the_form(hold))
    assert answer.status_code == 409
    assert "Your dates are no longer held" in text_of(answer)
    assert b'name="email" value="marta.oliveira@example.com"' in answer.content
    notice = client.get(url, headers={"hx-request": "true", "hx-target": "hold"})
    assert "We no longer hold these dates." in text_of(notice)
    assert client.post(url, {**MARTA}).status_code == 404
    assert client.post(url, the_form(hold, start="x")).status_code == 404


def test_one_press_takes_an_alternative_with_everything_typed(client, hold, url):
    lapse(hold)
    make_block(car=hold.car, start=hold.start_date)
    answer = client.post(url, the_form(hold, phone="+351 912"))
    later = Days.starting(hold.start_date + timedelta(days=1), 4)
    assert f'name="start" value="{later.start}"' in answer.content.decode()
    held = press_continue(client, hold.car, later, **MARTA, phone="+351 912")
    assert held.cookies[typed_cookie(held.url)]["path"] == held.url
    page = client.get(held.url)
    assert b'value="+351 912"' in page.content
    booked = client.post(held.url, {**MARTA, "phone": "+351 912"})
    assert booked.status_code == 303
    for path in (held.url, held.url.replace("/en/", "/fr/"), "/en/cars/"):
        assert booked.cookies[typed_cookie(path)]["max-age"] == 0


def test_changing_the_dates_starts_from_those_held_and_keeps_what_was_typed(client, hold, url):
    answer = client.post(url, {**the_form(hold), **MARTA, "dates": "1"})
    assert (answer.status_code, answer.url) == (
        303,
        car_url(hold.car, start=hold.start_date, end=hold.end_date),
    )
    assert answer.cookies[typed_cookie("/en/cars/")]["path"] == "/en/cars/"
    assert "Marta" not in answer.url + answer.cookies[typed_cookie("/en/cars/")].value
    with as_owner():
        assert Booking.objects.count() == 0


def test_another_language_keeps_what_was_typed(client, hold, url):
    there = url.replace("/en/", "/fr/")
    answer = client.post(there, {**the_form(hold), **MARTA, "language": "fr"})
    assert (answer.status_code, answer.url) == (303, there)
    assert f'value="{MARTA["full_name"]}"' in client.get(there).content.decode()


@pytest.mark.parametrize("gone", [False, True])
def test_other_dates_keep_what_was_typed_when_the_hold_has_lapsed(client, hold, url, gone):
    lapse(hold)
    if gone:
        make_booking(car=hold.car, start=hold.start_date, length=1)
    page = client.post(url, {**the_form(hold), **MARTA})
    assert b'name="dates"' in page.content
    calendar = car_url(hold.car)
    kept = {name: value for name, value in inputs(page).items() if name in MARTA}
    assert kept == MARTA
    answer = client.post(calendar, {**inputs(page).dict(), "dates": "1"})
    assert (answer.status_code, answer.url) == (
        303,
        car_url(hold.car, start=hold.start_date, end=hold.end_date),
    )
    assert "Marta" not in answer.url + answer.cookies[typed_cookie("/en/cars/")].value
    again = press_continue(client, hold.car, Days(in_days(60), in_days(61)))
    assert b'value="Marta Oliveira"' in client.get(again.url).content


@pytest.mark.parametrize("gone", [False, True])
def test_another_language_keeps_what_was_typed_when_the_hold_has_lapsed(client, hold, url, gone):
    lapse(hold)
    if gone:
        make_booking(car=hold.car, start=hold.start_date, length=1)
    there = url.replace("/en/", "/fr/")
    page = client.post(url, {**the_form(hold), **MARTA})
    assert f'formaction="{there}"' in flat(page)
    answer = client.post(there, {**inputs(page).dict(), "language": "fr"})
    assert (answer.status_code, answer.url) == (303, there)
    assert b'name="full_name" value="Marta Oliveira"' in client.get(there).content


def test_what_is_folded_away_is_said_in_a_line_and_opens_when_it_is_wrong(client, hold, url):
    seat = make_extra(name="Child seat", max_per_booking=2)
    html = flat(client.get(url))
    assert 'id="wishes"><summary>' in html
    assert "from 10:00 · by 18:00" in html
    wrong = flat(client.post(url, {**the_form(hold), **MARTA, "pickup_time": "03:00"}))
    assert 'id="wishes" open>' in wrong
    chosen = flat(client.post(url, {**the_form(hold), f"extra_{seat.pk}": "2", "price": "1"}))
    assert "from 10:00 · by 18:00 · Child seat × 2" in chosen
    assert 'id="wishes" open>' in chosen


def test_a_hold_of_another_window_is_not_somebody_else_s_booking(client, hold, url):
    lapse(hold, minutes_left=-1)
    mine = press_continue(client, hold.car, hold.days)
    page = client.post(url, {**the_form(hold), **MARTA})
    assert page.status_code == 409
    assert "You are holding those dates already" in text_of(page)
    assert f'href="{mine.url}"' in page.content.decode()


def test_a_hold_of_somebody_else_may_end(client, hold, url):
    lapse(hold, minutes_left=-1)
    press_continue(Client(), hold.car, hold.days)
    page = client.post(url, {**the_form(hold), **MARTA})
    words = text_of(page)
    assert "Those dates are being booked" in words
    assert "Somebody is booking the Calder GT coupé" in words
    assert "booked the" not in words


def test_queries_do_not_grow_with_the_places(client, hold, url):
    def count():
        with CaptureQueriesContext(connection) as made:
            client.get(url)
        return len(made)

    LocationFactory()
    at_one = count()
    LocationFactory()
    LocationFactory()
    assert count() == at_one
