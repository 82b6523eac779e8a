"""Changing a booking on its page: the price first, then the change; whatever is refused, nothing typed is lost."""

import re
from datetime import time, timedelta

import pytest
from django.conf import settings
from django.urls import reverse

from bookings.days import Days
from bookings.models import Booking, BookingChange
from bookings.tests.support.factories import CarFactory, LocationFactory, in_days, make_booking, move_to
from bookings.tests.support.site import text_of
from cars.models import Car, ClosedDay, OpeningHours
from exodrive.rls import as_owner
from exodrive.tests.support.html import flat

pytestmark = pytest.mark.django_db


@pytest.fixture
def booking():
    car = CarFactory(make="Calder", model="GT coupé", slug="calder-gt")
    return make_booking(car=car, start=in_days(10), length=3)


def url_of(booking):
    return reverse("booking_change", args=[booking.secret])


def typed(booking, **changes):
    """What the browser posts."""
    return {
        "start": booking.start_date.isoformat(),
        "end": booking.end_date.isoformat(),
        "pick_up": booking.pick_up.pk,
        "drop_off": booking.drop_off.pk,
        "pickup_time": "10:00",
        "return_time": "18:00",
        "phone": booking.phone,
        "special_requests": "",
        **changes,
    }


def saved(booking):
    with as_owner():
        return Booking.objects.select_related("car").get(pk=booking.pk)


def seen_in(page):
    return re.search(r'name="seen" value="([^"]+)"', page.content.decode())[1]


def change(client, booking, **changes):
    """Look at the price, then consent to it."""
    form = typed(booking, **changes)
    shown = client.post(url_of(booking), {**form, "price": "1"})
    assert shown.status_code == 200
    return client.post(url_of(booking), {**form, "seen": seen_in(shown), "change": "1"})


def test_the_booking_page_leads_here(client, booking):
    page = client.get(reverse("booking", args=[booking.secret]))
    assert f'href="{url_of(booking)}"'.encode() in page.content
    page = client.get(url_of(booking))
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "private, no-store"
    assert f'value="{booking.start_date}"'.encode() in page.content
    assert b'name="change"' not in page.content


def test_the_sum_of_what_is_booked_is_called_by_its_name(client, booking):
    assert "Total, paid at pick-up €" in text_of(client.get(url_of(booking)))


def test_the_price_comes_first_and_changes_nothing(client, booking):
    form = typed(booking, end=in_days(13).isoformat(), price="1")
    page = client.post(url_of(booking), form)
    words = text_of(page)
    assert page.status_code == 200
    for part in ("As booked", "€720", "€960", "€240 more, to pay at pick-up."):
        assert part in words
    assert saved(booking).days == booking.days
    assert b'name="change"' in page.content


def test_with_consent_to_the_price_it_is_done(client, booking):
    answer = change(client, booking, start=in_days(11).isoformat(), end=in_days(14).isoformat())
    assert (answer.status_code, answer.url) == (303, reverse("booking", args=[booking.secret]))
    assert "Your changes are saved." in text_of(client.get(answer.url))
    after = saved(booking)
    assert (after.days, after.total) == (Days(in_days(11), in_days(14)), 960)


def test_fewer_days_cost_less(client, booking):
    page = client.post(url_of(booking), typed(booking, end=in_days(11).isoformat()))
    assert "€240 less to pay at pick-up." in text_of(page)


def test_nothing_new_says_so(client, booking):
    page = client.post(url_of(booking), typed(booking, price="1"))
    assert "Nothing is different yet." in text_of(page)
    assert b'name="change"' not in page.content


def test_another_price_than_the_one_shown_is_shown_first(client, booking):
    form = typed(booking, end=in_days(13).isoformat())
    shown = client.post(url_of(booking), form)
    form = {**form, "end": in_days(14).isoformat(), "seen": seen_in(shown), "change": "1"}
    page = client.post(url_of(booking), form)
    assert page.status_code == 422
    assert "The price is now €" in text_of(page)
    assert "€480 more" in text_of(page)
    assert saved(booking).days == booking.days


def consent_in(page):
    """What the page sends along with the wish to change."""
    return dict(re.findall(r'name="(seen|shown)" value="([^"]+)"', page.content.decode()))


def test_a_price_that_rose_meanwhile_is_said_beside_the_one_shown_and_asked_for_anew(client, booking):
    form = typed(booking, end=in_days(13).isoformat(), special_requests="Late at night")
    shown = client.post(url_of(booking), form)
    with as_owner():
        Car.objects.update(daily_rate="300.00")
    page = client.post(url_of(booking), {**form, **consent_in(shown), "change": "1"})
    assert page.status_code == 422
    assert "The price is now €1,020 (it was €960)." in text_of(page)
    assert "Late at night" in page.content.decode()
    assert client.post(url_of(booking), {**form, **consent_in(page), "change": "1"}).status_code == 303
    assert saved(booking).total == 1020


def test_another_car_of_the_same_place_is_priced_and_taken(client, booking):
    other = CarFactory(make="Novara", model="4 estate", location=booking.car.location, daily_rate="130.00")
    elsewhere = CarFactory(location=LocationFactory(time_zone="Atlantic/Madeira"))
    page = text_of(client.get(url_of(booking)))
    assert "Novara 4 estate" in page
    assert elsewhere.name not in page
    shown = client.post(url_of(booking), typed(booking, car=other.pk, price="1"))
    assert "€330 less to pay at pick-up." in text_of(shown)
    assert change(client, booking, car=other.pk).status_code == 303
    assert (saved(booking).car, saved(booking).total) == (other, 390)


def test_a_car_that_is_booked_then_is_refused_and_the_old_one_stays(client, booking):
    other = CarFactory(location=booking.car.location)
    make_booking(car=other, start=in_days(11), length=1)
    refused = client.post(url_of(booking), typed(booking, car=other.pk, price="1"))
    assert refused.status_code == 409
    assert "is booked" in text_of(refused)
    assert saved(booking).car == booking.car


@pytest.mark.parametrize("car", ["0", "999999", "x", "elsewhere"])
def test_a_car_that_is_not_offered_here_cannot_be_chosen(client, booking, car):
    CarFactory(location=booking.car.location)
    far = CarFactory(location=LocationFactory(time_zone="Atlantic/Madeira"))
    refused = client.post(
        url_of(booking), typed(booking, car=far.pk if car == "elsewhere" else car, price="1")
    )
    assert refused.status_code == 422
    assert "Choose one of the cars" in text_of(refused)


def test_taken_days_are_refused_with_others_and_nothing_typed_is_lost(client, booking):
    make_booking(car=booking.car, start=in_days(14), length=2)
    form = typed(booking, start=in_days(12).isoformat(), end=in_days(14).isoformat(), phone="+33 6 00")
    page = client.post(url_of(booking), form)
    words, html = text_of(page), page.content.decode()
    assert page.status_code == 409
    assert "is booked." in words
    assert 'value="+33 6 00"' in html
    near = Days(in_days(11), in_days(13))
    assert f'name="take" value="{booking.car_id}/{near.isoformat}"' in html
    taken = client.post(url_of(booking), {**form, "take": f"{booking.car_id}/{near.isoformat}"})
    assert taken.status_code == 200
    assert f'name="start" value="{near.start}"' in taken.content.decode()
    assert "The price stays the same." in text_of(taken)


def test_a_rule_refuses_with_its_sentence(client, booking):
    with as_owner():
        ClosedDay.objects.create(location=booking.car.location, date=in_days(20))
    form = typed(booking, start=in_days(20).isoformat(), end=in_days(22).isoformat())
    page = client.post(url_of(booking), form)
    assert page.status_code == 422
    assert "closed" in text_of(page)
    assert f'/{Days(in_days(19), in_days(21)).isoformat}"' in page.content.decode()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"start": "", "end": ""}, "Choose a pick-up day and a return day"),
        ({"pickup_time": "07:00"}, "is open from 10:00 to 18:00 that day"),
    ],
)
def test_what_makes_no_sense_is_said(client, booking, changes, says):
    page = client.post(url_of(booking), typed(booking, **changes))
    assert page.status_code == 422
    assert says in text_of(page)


def test_places_times_phone_and_requests_change_without_new_days(client, booking):
    other = LocationFactory(name="Airport")
    changes = {"pick_up": booking.car.location_id, "drop_off": other.pk}
    more = {"return_time": "12:00", "phone": "+351 999", "special_requests": "A child seat"}
    assert change(client, booking, **changes, **more).status_code == 303
    after = saved(booking)
    assert (after.return_time, after.phone, after.special_requests) == (time(12), "+351 999", "A child seat")
    with as_owner():
        assert after.drop_off == other
        assert BookingChange.objects.get().actor_kind == "customer"


def late(booking, monkeypatch):
    monkeypatch.setattr(settings, "CHANGE_CUTOFF_HOURS", 24 * 30)


def test_after_the_cut_off_only_contact_and_requests(client, booking, monkeypatch):
    late(booking, monkeypatch)
    page = client.get(url_of(booking))
    assert "It is too late to change dates, places, times and extras online." in text_of(page)
    assert b'name="start"' not in page.content
    form = typed(booking, start=in_days(20), end=in_days(22), phone="+351 1", special_requests="Late")
    answer = client.post(url_of(booking), {**form, "change": "1"})
    assert answer.status_code == 303
    after = saved(booking)
    assert (after.days, after.phone, after.special_requests) == (booking.days, "+351 1", "Late")


@pytest.mark.parametrize("is_late", [False, True])
def test_another_language_keeps_what_was_typed_and_changes_nothing(client, booking, monkeypatch, is_late):
    if is_late:
        late(booking, monkeypatch)
    there = url_of(booking).replace("/en/", "/fr/")
    assert f'formaction="{there}"' in flat(client.get(url_of(booking)))
    page = client.post(there, typed(booking, phone="+351 912 000 444", language="fr"))
    assert page.status_code == 200
    assert 'lang="fr-FR"' in page.content.decode()
    assert b'value="+351 912 000 444"' in page.content
    assert saved(booking).phone == booking.phone


def test_a_booking_that_is_over_cannot_be_changed(client, booking):
    move_to(booking, "cancelled")
    answer = client.get(url_of(booking))
    assert (answer.status_code, answer.url) == (302, reverse("booking", args=[booking.secret]))
    assert b"/change/" not in client.get(answer.url).content


def test_a_wrong_link_is_not_found(client):
    assert client.get(reverse("booking_change", args=["wrong"])).status_code == 404


def test_another_day_may_be_chosen_without_looking_at_its_opening_hours(client, booking):
    day = booking.end_date + timedelta(days=1)
    with as_owner():
        hours = OpeningHours.objects.filter(location=booking.car.location, weekday=day.weekday())
        hours.update(closes=time(16))
    assert change(client, booking, end=day.isoformat()).status_code == 303
    assert (saved(booking).end_date, saved(booking).return_time) == (day, time(16))


def nudged(page):
    return re.findall(r'name="take" value="([^"]+)">\s*([^<]+?)\s*<', page.content.decode())


def test_one_day_more_or_less_is_one_press(client, booking):
    page = client.get(url_of(booking))
    first = booking.start_date.isoformat()
    later, earlier = (booking.end_date + timedelta(days=by) for by in (1, -1))
    assert nudged(page) == [
        (f"{booking.car_id}/{first}/{later}", "+1 day"),
        (f"{booking.car_id}/{first}/{earlier}", "\N{MINUS SIGN}1 day"),
    ]
    assert "€240 more, to pay at pick-up." in text_of(page)
    shown = client.post(url_of(booking), typed(booking, take=f"{booking.car_id}/{first}/{later}"))
    assert "€240 more" in text_of(shown)
    assert saved(booking).days == booking.days
    sent = typed(booking, end=later.isoformat(), seen=seen_in(shown), change="1")
    assert client.post(url_of(booking), sent).status_code == 303
    assert saved(booking).end_date == later


def test_a_day_that_is_taken_or_against_the_rules_is_not_offered(client, booking):
    make_booking(car=booking.car, start=booking.end_date + timedelta(days=1), length=1)
    with as_owner():
        Car.objects.filter(pk=booking.car_id).update(min_days=len(booking.days))
    assert nudged(client.get(url_of(booking))) == []


# --- The calendar -------------------------------------------------------------------------------------------------------


def days_of(page, attribute):
    return re.findall(rf'id="d-([0-9-]+)"[^>]*{attribute}', page.content.decode())


def test_the_calendar_shows_the_booked_days_as_chosen_and_others_as_taken(client, booking):
    other = make_booking(car=booking.car, start=booking.end_date + timedelta(days=3), length=1)
    page = client.get(url_of(booking))
    chosen = days_of(page, 'data-s="')
    assert chosen == [day.isoformat() for day in booking.days]
    taken = days_of(page, 'data-k="booked"')
    assert other.start_date.isoformat() in taken
    assert not set(chosen) & set(taken)


def test_a_day_pressed_without_javascript_keeps_what_was_typed(client, booking):
    first = booking.start_date + timedelta(days=1)
    page = client.post(url_of(booking), typed(booking, phone="+351 1", pick=first.isoformat()))
    assert page.status_code == 200
    assert f'id="start" name="start" value="{first}"' in flat(page)
    assert 'id="end" name="end" value=""' in flat(page)
    assert 'value="+351 1"' in page.content.decode()
    assert saved(booking).days == booking.days
    last = first + timedelta(days=2)
    form = typed(booking, start=first.isoformat(), end="", pick=last.isoformat())
    page = client.post(url_of(booking), form)
    assert f'id="end" name="end" value="{last}"' in flat(page)


def test_another_month_is_posted_for_and_answers_the_calendar_alone(client, booking):
    month = booking.start_date.replace(day=1) + timedelta(days=32)
    form = typed(booking, view=f"{month:%Y-%m}")
    part = client.post(url_of(booking), form, headers={"HX-Request": "true", "HX-Target": "calendar"})
    html = flat(part)
    assert html.startswith('<div id="calendar"')
    assert f'hx-post="{url_of(booking)}"' in html
    assert f'name="view" id="view" value="{month:%Y-%m}"' in html
