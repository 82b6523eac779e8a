"""Real requests, jobs and faults: no secret link, no PIN and nobody's name, address or phone in logs, reports, redirects."""

import inspect
import json
import re
from io import BytesIO
from pathlib import Path

import pytest
import sentry_sdk
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.signals import request_started
from django.db import close_old_connections
from django.test import Client
from django.urls import reverse
from sentry_sdk.transport import Transport

from bookings import privacy
from bookings.links.pins import set_pin
from bookings.models import Booking, DataRequest
from bookings.tests.support.factories import make_booking, make_desk, make_hold
from exodrive.celery import app
from exodrive.ops import logging as exodrive_logging
from exodrive.rls import PUBLIC, acting_as, as_owner
from exodrive.schedule import BEAT_SCHEDULE
from exodrive.tests.support.written import given_away, secrets_held, written
from exodrive.wsgi import application
from inbox.models import InboxEmail
from inbox.tasks import send_mails

pytestmark = pytest.mark.django_db
BROKEN = "bookings.views.booking.booking_text.headline"


class Fault(Exception):
    """Something that nobody expected."""


def raise_fault(booking, *args):
    raise Fault(f"no headline for /en/booking/{booking.secret}/ of {booking.email}, {booking.phone}")


@pytest.fixture
def world():
    """A booking with a PIN, one without, a hold, and a request with its mailed link."""
    locked, booking, hold = make_booking(), make_booking(), make_hold()
    with acting_as(PUBLIC, token=locked.secret):
        set_pin(booking=locked, pin="24681357")
    with acting_as(PUBLIC, token=booking.secret):
        privacy.ask("copy")
    with as_owner():
        request = DataRequest.objects.get()
        asked = request.mailed_token()
    return {"locked": locked, "booking": booking, "hold": hold, "asked": asked}


def page_of(booking, name="booking"):
    return reverse(name, args=[booking.secret])


def everything(client, world, monkeypatch):
    """One request of every kind and outcome."""
    booking, locked, hold = world["booking"], world["locked"], world["hold"]
    bearer = {"Authorization": f"Bearer {booking.secret}"}
    api = f"/api/bookings/{booking.pk}"
    answers = [
        client.get(page_of(booking)),
        client.get(f"/booking/{booking.secret}/"),
        client.get(page_of(booking, "booking_ics")),
        client.get(f"/en/booking/{booking.secret}/nothing/"),
        client.get(f"/en/booking/{booking.secret}x/"),
        client.post(
            page_of(booking, "booking_requests"), {"phone": booking.phone, "special_requests": "Marta"}
        ),
        client.get(page_of(locked)),
        client.post(page_of(locked, "booking_entry"), {"pin": "99999999"}),
        client.post(page_of(locked, "booking_entry"), {"pin": "24681357"}),
        client.get(reverse("details", args=[hold.token])),
        client.post(
            reverse("details", args=[hold.token]), {"full_name": "Marta Oliveira", "email": "not an address"}
        ),
        client.get(reverse("data_request", args=[world["asked"]])),
        client.post(reverse("data_request", args=[world["asked"]])),
        client.post(reverse("new_link"), {"email": booking.email, "reference": booking.reference}),
        client.post("/staff/login/", {"username": booking.email, "password": "Marta Oliveira"}),
        client.get(api, headers=bearer),
        client.get(
            f"/api/bookings/{locked.pk}",
            headers={"Authorization": f"Bearer {locked.secret}", "X-Booking-Pin": "1"},
        ),
        client.get(f"/api/bookings/{booking.secret}", headers=bearer),
        client.get(
            "/api/bookings",
            {"q": booking.full_name},
            headers={"Authorization": "Bearer exo_staff_" + "a" * 32},
        ),
    ]
    staff = Client()
    staff.force_login(make_desk())
    answers += [
        staff.get("/staff/inbox/", {"q": "Marta Oliveira"}),
        staff.get(f"/staff/bookings/{booking.pk}/"),
    ]
    client.raise_request_exception = False
    monkeypatch.setattr(BROKEN, raise_fault)
    monkeypatch.setattr("bookings.api.booking.booking_out", lambda *found: raise_fault(booking))
    answers += [client.get(page_of(booking)), client.get(api, headers=bearer)]
    return answers


def test_no_log_line_of_any_request_gives_anything_away(client, world, monkeypatch):
    with written() as lines:
        statuses = [answer.status_code for answer in everything(client, world, monkeypatch)]
    text = lines.getvalue()
    assert {200, 302, 303, 401, 403, 404, 422, 500} <= set(statuses)
    assert text.count("exodrive.requests") >= len(statuses)
    assert "Fault: no headline" in text
    assert given_away(text, secrets_held() | {"24681357", "99999999"}) == []


def test_no_answer_leads_to_another_site_or_tells_one_where_it_came_from(client, world, monkeypatch):
    for answer in everything(client, world, monkeypatch):
        assert not re.match(r"(https?:)?//", answer.headers.get("Location", "")), answer.headers["Location"]
    pages = [page_of(world["booking"]), reverse("details", args=[world["hold"].token])]
    for page in [*pages, reverse("data_request", args=[world["asked"]])]:
        assert Client(raise_request_exception=False).get(page).headers.get("Referrer-Policy") in (
            "no-referrer",
            "strict-origin-when-cross-origin",  # the page of a fault: other sites get the origin only
        )


class Kept(Transport):
    """Keeps what would have left for Sentry."""

    def __init__(self):
        super().__init__()
        self.sent = []

    def capture_envelope(self, envelope):
        self.sent += [item.get_bytes().decode() for item in envelope.items]


def test_a_report_of_a_fault_has_no_url_header_breadcrumb_or_variable_that_names_or_opens(world, monkeypatch):
    kept, original = Kept(), sentry_sdk.init
    monkeypatch.setattr(sentry_sdk, "init", lambda **options: original(transport=kept, **options))
    monkeypatch.setattr(BROKEN, raise_fault)
    booking = world["booking"]
    path = page_of(booking)
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": "q=Marta+Oliveira",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
        "REMOTE_ADDR": "203.0.113.77",
        "HTTP_REFERER": f"http://testserver{path}change/",
        "HTTP_COOKIE": "sessionid=abcdefabcdef; pin_en=proofproofproof",
        "HTTP_AUTHORIZATION": f"Bearer {booking.secret}",
        "HTTP_X_BOOKING_PIN": "24681357",
        "HTTP_X_FORWARDED_FOR": "203.0.113.78",
    }
    try:
        exodrive_logging.start_sentry(dsn="https://key@sentry.invalid/1", environment="test", release="")
        request_started.disconnect(close_old_connections)  # the connection has the test's transaction
        application(environ, lambda status, headers: None)
        sentry_sdk.flush(timeout=2)
    finally:
        request_started.connect(close_old_connections)
        sentry_sdk.get_client().close(timeout=0)
        sentry_sdk.get_global_scope().set_client(None)
    text = "\n".join(kept.sent)
    assert "no headline for /en/booking/[…]/" in json.loads(kept.sent[0])["exception"]["values"][-1]["value"]
    assert "/en/booking/[…]/" in json.loads(kept.sent[0])["request"]["url"]
    assert '"vars"' not in text
    others = {"24681357", "abcdefabcdef", "proofproofproof", "203.0.113.77", "203.0.113.78"}
    assert given_away(text, secrets_held() | others) == []


IDS = {"email_id", "email_ids", "booking_id", "payment_id", "refund_id"}
OTHERS = {"bookings.tasks.post_sandbox_event": {"body"}}  # an event of the sandbox: ids as well


def test_jobs_are_given_ids_and_nothing_else():
    ours = {
        name: task
        for name, task in app.tasks.items()
        if name.startswith(("bookings.", "inbox.", "exodrive."))
    }
    assert "inbox.tasks.send_mails" in ours
    for name, task in ours.items():
        assert set(inspect.signature(task.run).parameters) <= IDS | OTHERS.get(name, set()), name
    assert [entry for entry in BEAT_SCHEDULE.values() if {"args", "kwargs"} & set(entry)] == []


def test_a_mail_server_that_quotes_addresses_leaves_no_trace(world, monkeypatch):
    def refuse(self, *args, **kwargs):
        raise OSError(f"550 no such user: {self.to[0]}, greeting Marta Oliveira")

    monkeypatch.setattr(EmailMessage, "send", refuse)
    with as_owner():
        ids = [str(pk) for pk in InboxEmail.objects.values_list("pk", flat=True)]
    with written() as lines:
        send_mails.apply(args=ids)
    assert "failed, attempt 1: OSError" in lines.getvalue()
    assert given_away(lines.getvalue(), secrets_held()) == []
    with as_owner():
        assert given_away(str(list(InboxEmail.objects.values_list("error", flat=True))), secrets_held()) == []


def test_gunicorn_is_not_told_to_write_an_access_log():
    web = next(line for line in Path("Procfile").read_text().splitlines() if line.startswith("web:"))
    assert "access" not in web


def test_a_broken_constraint_does_not_quote_the_row(client, world):
    from django.db import IntegrityError, transaction

    with written() as lines, as_owner():
        try:
            with transaction.atomic():
                Booking.objects.filter(pk=world["booking"].pk).update(return_fuel_eighths=9)
        except IntegrityError:
            exodrive_logging.requests.exception("broken")
    assert "fuel_in_eighths" in lines.getvalue()
    assert given_away(lines.getvalue(), secrets_held()) == []


def test_the_check_sees_what_it_looks_for(world):
    """The negative control: a careless line is found."""
    with written() as lines:
        exodrive_logging.requests.warning("hello %s", "Marta Oliveira")
    assert given_away(lines.getvalue(), secrets_held()) == ["Marta", "Marta Oliveira", "Oliveira"]
    assert settings.LOGGING_CONFIG is None
