"""A web process whose database login can be nobody but exo_public: the whole public site, and no staff side at all."""

import json
import re

import psycopg
import pytest
from django.test import Client
from django.urls import reverse

from bookings.days import Days
from bookings.models import Booking
from bookings.tests.support.api import staff_token
from bookings.tests.support.factories import CarFactory, CarImageFactory, in_days, make_booking, make_manager
from bookings.tests.support.site import MARTA, car_url, press_continue, text_of
from exodrive.rls import as_owner
from exodrive.tests.support.logins import PUBLIC_LOGIN, logged_in, raw
from inbox.models import InboxEmail, InboxItem

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def published(monkeypatch):
    """The ids that were handed to the broker."""
    ids = []
    monkeypatch.setattr("inbox.receivers.publish", lambda task, *pks: ids.extend(pks))
    return ids


def test_a_visitor_rents_changes_and_cancels_on_the_pages(published):
    car = CarImageFactory(car=CarFactory()).car
    client, days = Client(), Days.starting(in_days(10), 3)
    with logged_in(PUBLIC_LOGIN):
        assert car.name in text_of(client.get("/en/cars/"))
        assert client.get(car_url(car, start=days.start, end=days.end)).status_code == 200
        held = press_continue(client, car, days)
        assert held.status_code == 303
        assert client.get(held["Location"]).status_code == 200
        booked = client.post(held["Location"], MARTA)
        assert booked.status_code == 303
        page = client.get(booked["Location"])
        assert (page.status_code, "Marta" in text_of(page)) == (200, True)
        assert client.get(f"{booked['Location']}calendar.ics").status_code == 200
        options = {"phone": "+33 6 00 00 00 01", "special_requests": "Two child seats"}
        assert client.post(f"{booked['Location']}requests/", options).status_code == 303
        assert client.get(f"{booked['Location']}change/").status_code == 200
        assert client.get(f"{booked['Location']}cancellation/").status_code == 200
        assert client.post(f"{booked['Location']}cancellation/").status_code == 303
        reference = re.search(r"EXO-\w{6}", text_of(client.get(booked["Location"]))).group()
        asked = client.post(reverse("new_link"), {"email": MARTA["email"], "reference": reference})
        assert asked.status_code in (200, 303)
    with as_owner():
        booking = Booking.objects.get()
        assert (booking.status, booking.special_requests) == ("cancelled", "Two child seats")
        assert InboxItem.objects.filter(booking=booking, status="pending").count() == 1
        mails = sorted(InboxEmail.objects.values_list("template", flat=True))
        assert mails == [
            "booking_cancelled",
            "booking_changed",
            "booking_received",
            "new_booking",
            "new_link",
        ]
        assert len(published) == 4


def send(client, method, path, body=None, token=""):
    """JSON in, status and JSON out."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    content = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
    response = client.generic(method, path, headers=headers, **content)
    return response.status_code, json.loads(response.content or "null")


def test_a_program_rents_and_changes_through_the_api(published):
    car, client = CarFactory(), Client()
    wanted = {"carId": car.pk, "startDate": str(in_days(10)), "endDate": str(in_days(12))}
    person = {"fullName": "Marta Oliveira", "email": "marta@example.com"}
    with logged_in(PUBLIC_LOGIN):
        assert send(client, "GET", "/api/cars")[1]["total"] == 1
        asked = f"/api/availability?car_id={car.pk}&start={wanted['startDate']}&end={wanted['endDate']}"
        assert send(client, "GET", asked)[1]["available"] is True
        status, hold = send(client, "POST", "/api/holds", wanted)
        assert status == 201
        assert send(client, "PATCH", f"/api/holds/{hold['id']}", {}, hold["token"])[0] == 200
        status, made = send(
            client, "POST", "/api/bookings", wanted | {"customer": person, "holdToken": hold["token"]}
        )
        assert status == 201
        token = made["bookingUrl"].rstrip("/").rpartition("/")[2]
        mine = f"/api/bookings/{made['bookingId']}"
        assert send(client, "GET", mine, token=token)[1]["customer"]["email"] == "marta@example.com"
        assert send(client, "GET", mine, token=token)[1]["payments"] == []
        assert send(client, "POST", f"{mine}/payments", {"method": "sandbox"}, token)[0] == 404
        assert send(client, "GET", f"/api/payments/{made['bookingId']}", token=token)[0] == 404
        later = {"startDate": str(in_days(20)), "endDate": str(in_days(23))}
        assert send(client, "PATCH", mine, later, token)[0] == 200
        assert send(client, "POST", f"{mine}/cancel", {}, token)[0] == 200
        assert send(client, "GET", "/api/openapi.json")[0] == 200


def test_there_is_no_staff_side():
    client = Client()
    client.force_login(make_manager())
    with logged_in(PUBLIC_LOGIN):
        for path in ("/staff/", "/staff/login/", "/staff/inbox/", "/admin/", "/admin/login/"):
            assert client.get(path).status_code == 404
            assert client.post(path, {"username": "a@b.c", "password": "x"}).status_code == 404


def test_it_says_that_it_is_ready_and_takes_no_webhooks():
    with logged_in(PUBLIC_LOGIN):
        assert Client().get("/healthz").status_code == 200
        assert Client().get("/readyz").status_code == 200
        for provider in ("resend", "sandbox", "paypal", "stripe"):
            assert send(Client(), "POST", f"/api/webhooks/{provider}", {})[0] == 404


def test_staff_are_strangers_to_its_api():
    user = make_manager()
    token, booking, signed_in = staff_token(user), make_booking(), Client()
    signed_in.force_login(user)
    with logged_in(PUBLIC_LOGIN):
        for client, bearer in ((signed_in, ""), (Client(), token)):
            assert send(client, "GET", "/api/bookings", token=bearer)[0] == 401
            assert send(client, "GET", f"/api/bookings/{booking.pk}", token=bearer)[0] == 401
            assert send(client, "GET", "/api/blocks", token=bearer)[0] == 401
        assert send(Client(), "GET", "/api/cars", token=token)[0] == 401
        assert signed_in.get("/en/").status_code == signed_in.get("/en/cars/").status_code == 200


def test_it_cannot_become_anybody_else():
    with raw(PUBLIC_LOGIN) as connection:
        for role in ("exo_staff", "exo_service", "exo_app", "exo_owner", "postgres"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"SET ROLE {role}")


def test_by_itself_it_reaches_no_table_at_all():
    with raw(PUBLIC_LOGIN) as connection:
        names = [
            row[0]
            for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        ]
        assert len(names) > 20
        for name in names:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"SELECT 1 FROM {name}")


def test_it_makes_nothing_of_its_own():
    with raw(PUBLIC_LOGIN) as connection:
        for role in ("none", "exo_public"):
            connection.execute(f"SET ROLE {role}")
            for made in ("TABLE mine (id int)", "TEMP TABLE bookings (id int)", "SCHEMA mine"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(f"CREATE {made}")
