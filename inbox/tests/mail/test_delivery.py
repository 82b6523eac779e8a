"""What the mail provider reports ends up on the mail, however often, late and mixed up it comes."""

import itertools
import json
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connections
from django.test import Client
from django.utils import timezone
from svix.webhooks import Webhook

from bookings.tests.support.factories import in_days, make_booking, move_to
from bookings.tests.support.racing import all_at_once
from exodrive.rls import SERVICE, acting_as, as_owner
from exodrive.tests.support.html import flat
from inbox.desk import badge
from inbox.mail import delivery
from inbox.mail import queue as mail_queue
from inbox.models import InboxEmail, InboxItem, MailEvent
from inbox.tests.support.mails import NEW_BOOKING, RECEIVED, deliver, row, set_row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("silent_broker")]

SECRET = "whsec_" + "c2VjcmV0LWZvci10ZXN0cy1vbmx5LTMyYnl0ZXMh"
ID = "56761188-7520-42d8-8898-ff6fc54ce618"
TEN = datetime(2026, 11, 20, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def configured(settings):
    settings.ANYMAIL = {**settings.ANYMAIL, "RESEND_SIGNING_SECRET": SECRET}


@pytest.fixture
def sent(email):
    """A mail that went out under the provider's ID."""
    set_row(email, status="sent", message_id=ID)
    return email


def event(kind, *, at=TEN, message_id=ID, **data):
    return {
        "type": f"email.{kind}",
        "created_at": at.isoformat().replace("+00:00", "Z"),
        "data": {"email_id": message_id, "to": ["marta.oliveira@example.com"], **data},
    }


def post(body, *, event_id="msg_1", at=None, secret=SECRET, **headers):
    """Sign and send as the provider does."""
    text, now = body if isinstance(body, str) else json.dumps(body), at or timezone.now()
    signed = {
        "svix-id": event_id,
        "svix-timestamp": str(int(now.timestamp())),
        "svix-signature": Webhook(secret).sign(event_id, now, text),
    }
    return Client().post(
        "/api/webhooks/resend", text, content_type="application/json", headers={**signed, **headers}
    )


def state(email):
    found = row(email)
    return found.delivery, found.delivery_at


def items(booking):
    with as_owner():
        return list(
            InboxItem.objects.filter(booking=booking, kind="mail_bounced").values_list("status", flat=True)
        )


BOUNCE = {"bounce": {"message": "sent a hard bounce message", "subType": "General", "type": "Permanent"}}


@pytest.mark.parametrize(
    ("reported", "stored"),
    [
        ("sent", "sent"),
        ("delivery_delayed", "delayed"),
        ("delivered", "delivered"),
        ("failed", "failed"),
        ("suppressed", "failed"),
        ("bounced", "bounced"),
        ("complained", "complained"),
    ],
)
def test_each_event_is_written_on_its_mail(sent, reported, stored):
    answer = post(event(reported, **(BOUNCE if reported == "bounced" else {})))
    assert (answer.status_code, answer.content) == (200, b"")
    assert state(sent) == (stored, TEN)
    assert row(sent).status == "sent"


@pytest.mark.parametrize("reported", ["opened", "clicked", "scheduled", "something_new"])
def test_what_readers_do_is_not_kept(sent, reported):
    assert post(event(reported)).status_code == 200
    assert state(sent) == ("", None)
    with as_owner():
        assert MailEvent.objects.count() == 0


def test_an_unknown_mail_is_200_and_changes_nothing(sent):
    assert post(event("bounced", message_id="another", **BOUNCE)).status_code == 200
    assert state(sent) == ("", None)


def test_any_order_comes_to_the_same(sent):
    story = [
        event("sent", at=TEN),
        event("delivery_delayed", at=TEN + timedelta(minutes=1)),
        event("delivered", at=TEN + timedelta(minutes=2)),
        event("bounced", at=TEN + timedelta(minutes=3), **BOUNCE),
    ]
    kinds = {"sent": "sent", "delivery_delayed": "delayed"}
    for order in itertools.permutations(range(4)):
        with as_owner():
            MailEvent.objects.all().delete()
        set_row(sent, delivery="", delivery_at=None)
        with acting_as(SERVICE, actor="provider"):
            for n in order:
                kind = story[n]["type"].removeprefix("email.")
                at = datetime.fromisoformat(story[n]["created_at"])
                delivery.note(
                    event_id=f"e{n}", message_id=ID, kind=kinds.get(kind, kind), at=at, now=timezone.now()
                )
        assert state(sent) == ("bounced", TEN + timedelta(minutes=3)), order


@pytest.mark.parametrize(
    ("events", "ended"),
    [
        (["delivered 2", "sent 5"], "delivered"),
        (["delivered 2", "delayed 5"], "delivered"),
        (["bounced 2", "delivered 5"], "delivered"),
        (["delivered 2", "bounced 5"], "bounced"),
        (["delivered 2", "bounced 2"], "bounced"),
        (["complained 2", "delivered 5"], "complained"),
        (["delayed 5", "sent 2"], "delayed"),
    ],
)
def test_how_far_a_mail_got(events, ended):
    rows = [
        MailEvent(event_id=line, kind=line.split()[0], at=TEN + timedelta(minutes=int(line.split()[1])))
        for line in events
    ]
    for order in itertools.permutations(rows):
        assert delivery.ended_as(order).kind == ended


def test_an_event_that_comes_again_is_taken_once(sent):
    first = event("bounced", **BOUNCE)
    post(first)
    with as_owner():
        InboxItem.objects.filter(kind="mail_bounced").update(status="done")
    assert post(first, at=timezone.now() + timedelta(seconds=5)).status_code == 200
    with as_owner():
        assert MailEvent.objects.count() == 1
    assert items(sent.booking) == ["done"]


def test_another_lost_mail_brings_the_booking_back(sent):
    post(event("bounced", **BOUNCE))
    with as_owner():
        InboxItem.objects.filter(kind="mail_bounced").update(status="done")
    post(event("complained", at=TEN + timedelta(hours=1)), event_id="msg_2")
    assert items(sent.booking) == ["pending"]


# --- Who may speak -------------------------------------------------------------------------------------------------


def refusal(answer):
    error = answer.json()["error"]
    assert set(error) == {"code", "message", "details"}
    return answer.status_code, error["code"]


def test_a_signature_by_somebody_else_is_400(sent):
    other = "whsec_" + "YW5vdGhlci1zZWNyZXQtZm9yLXRlc3RzLW9ubHkhIQ=="
    assert refusal(post(event("bounced"), secret=other)) == (400, "bad_signature")
    assert state(sent) == ("", None)


def test_what_was_changed_on_the_way_is_400(sent):
    text = json.dumps(event("bounced"))
    good = Webhook(SECRET).sign("msg_1", timezone.now(), text)
    for headers in ({"svix-signature": good[:-4] + "AAA="}, {"svix-id": "msg_2"}, {"svix-signature": "v1,%"}):
        assert refusal(post(text, **headers)) == (400, "bad_signature")
    assert refusal(post(text.replace("bounced", "delivered"), **{"svix-signature": good})) == (
        400,
        "bad_signature",
    )
    assert state(sent) == ("", None)


@pytest.mark.django_db(transaction=True)
def test_what_went_wrong_is_an_event_without_names(sent, caplog):
    caplog.set_level("INFO", "exodrive.events")
    post(event("bounced", **BOUNCE), **{"svix-id": "x"})
    post(event("bounced", **BOUNCE))
    assert [record.event for record in caplog.records if record.name == "exodrive.events"] == [
        {"event": "webhook_failed", "provider": "resend", "code": "bad_signature"},
        {
            "event": "notification_failed",
            "mail_id": str(sent.pk),
            "template": "booking_received",
            "how": "bounced",
        },
    ]


def test_what_is_older_than_five_minutes_or_unsigned_is_400(sent):
    assert refusal(post(event("bounced"), at=timezone.now() - timedelta(minutes=6))) == (400, "bad_signature")
    unsigned = Client().post("/api/webhooks/resend", event("bounced"), content_type="application/json")
    assert refusal(unsigned) == (400, "bad_signature")
    assert state(sent) == ("", None)


@pytest.mark.parametrize("body", ["", "[]", "{}", '"email.sent"', "not json", '{"type": "email.sent"'])
def test_what_is_signed_but_no_event_is_400(body):
    assert refusal(post(body)) == (400, "invalid")


def test_an_event_without_its_parts_is_taken_as_far_as_it_goes(sent):
    before = timezone.now()
    assert post({"type": "email.delivered", "data": {"email_id": ID}}).status_code == 200
    assert row(sent).delivery == "delivered"
    assert row(sent).delivery_at >= before
    assert post({"type": "email.delivered", "data": {}}, event_id="msg_2").status_code == 200


def test_without_a_secret_there_is_no_such_address(settings):
    settings.ANYMAIL = {**settings.ANYMAIL, "RESEND_SIGNING_SECRET": None}
    assert refusal(post(event("sent"))) == (404, "not_found")


def test_refusals_are_in_the_language_that_was_asked_for_and_not_kept_by_anybody():
    answer = post(event("sent"), **{"svix-id": "x", "Accept-Language": "fr"})
    assert (answer["Content-Language"], answer["Cache-Control"]) == ("fr", "no-store")
    assert answer.json()["error"]["message"] != "The signature is missing or wrong."


# --- Who has to phone ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "filed"), [("bounced", 1), ("complained", 1), ("failed", 1), ("delivered", 0)]
)
def test_a_lost_mail_about_a_pick_up_ahead_reaches_staff(sent, kind, filed):
    post(event(kind, **(BOUNCE if kind == "bounced" else {})))
    assert items(sent.booking) == ["pending"] * filed
    with as_owner():
        assert badge.pending().count == 1  # one booking waits, however many reasons there are


def test_a_lost_mail_of_what_is_over_does_not(silent_broker):
    past = make_booking(start=in_days(-9), status="upcoming")
    cancelled = make_booking(status="cancelled")
    for number, booking in enumerate([past, cancelled]):
        with as_owner():
            InboxEmail.objects.filter(booking=booking, template=RECEIVED).update(message_id=f"m{number}")
        post(event("bounced", message_id=f"m{number}", **BOUNCE), event_id=f"msg_{number}")
        assert items(booking) == []
    with as_owner():
        assert InboxEmail.objects.filter(delivery="bounced").count() == 2


def test_a_lost_mail_to_staff_is_nothing_to_phone_about(silent_broker):
    booking = make_booking()
    with as_owner():
        InboxEmail.objects.filter(booking=booking, template=NEW_BOOKING).update(message_id=ID)
    post(event("bounced", **BOUNCE))
    assert items(booking) == []


def test_a_mail_that_could_not_be_handed_over_at_all_reaches_staff_too(email, settings):
    settings.EMAIL_BACKEND = "inbox.tests.mail.test_queue.Away"
    set_row(email, attempts=len(settings.MAIL_RETRIES))
    deliver(email)
    assert (row(email).status, items(email.booking)) == ("failed", ["pending"])


def test_staff_read_it_in_the_list_and_beside_the_booking_until_it_is_seen(sent, desk):
    move_to(sent.booking, "upcoming")
    post(event("bounced", **BOUNCE))
    listed = desk.get("/staff/inbox/").content.decode()
    assert "Email problem" in listed
    page = desk.get(f"/staff/bookings/{sent.booking_id}/").content.decode()
    assert "The email “Request received” came back." in page
    assert 'Phone the customer:<a class="num" href="tel:+351912000418">' in flat(page)
    assert "Bounced" in page
    desk.post(f"/staff/bookings/{sent.booking_id}/seen/", {})
    page = desk.get(f"/staff/bookings/{sent.booking_id}/").content.decode()
    assert ("came back" in page, "Bounced" in page) == (False, True)


# --- Races ---------------------------------------------------------------------------------------------------------


class Provider:
    """What anymail leaves on a message that it handed over."""

    message_id = ID


@pytest.fixture
def provider(monkeypatch):
    """A mail server that gives an id, as anymail's backends do; `.before_return` runs before we learn it."""
    from django.core.mail.backends.locmem import EmailBackend

    provider = Provider()
    provider.before_return = lambda: None

    def send_messages(self, messages):
        for message in messages:
            message.anymail_status = provider
        provider.before_return()
        return len(messages)

    monkeypatch.setattr(EmailBackend, "send_messages", send_messages)
    return provider


def test_the_providers_id_is_kept(email, provider):
    assert deliver(email) is True
    assert (row(email).status, row(email).message_id) == ("sent", ID)


def test_an_id_for_each_recipient_is_kept_for_one_of_them(email, provider):
    provider.message_id = {"b", "a", None}
    deliver(email)
    assert row(email).message_id == "a"


def test_what_is_reported_before_the_worker_wrote_the_id_down_is_not_lost(email, provider):
    provider.before_return = lambda: post(event("bounced", **BOUNCE))
    assert deliver(email) is True
    assert (row(email).status, state(email)) == ("sent", ("bounced", TEN))
    assert items(email.booking) == ["pending"]


@pytest.mark.django_db(transaction=True)
def test_the_worker_and_eight_reports_at_once(email, provider):
    def report(n):
        kind = ["sent", "delivered", "bounced", "delayed"][n % 4]
        with acting_as(SERVICE, actor="provider"):
            at = TEN + timedelta(minutes=n % 4)
            return delivery.note(event_id=f"e{n % 4}", message_id=ID, kind=kind, at=at, now=timezone.now())

    results = all_at_once([lambda n=n: report(n) for n in range(8)] + [lambda: deliver(email)])
    assert sorted(map(str, results)) == ["False"] * 4 + ["True"] * 5
    assert state(email) == ("bounced", TEN + timedelta(minutes=2))
    assert items(email.booking) == ["pending"]


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_a_report_could_miss_its_mail(email, provider, monkeypatch):
    """Negative control: the report has looked for its mail and not committed; the worker sees neither."""
    monkeypatch.setattr(delivery, "lock_message", lambda message_id: None)
    monkeypatch.setattr(mail_queue, "lock_message", lambda message_id: None)
    real = delivery.settle

    def settle_then_the_worker(message_id, *, now):
        real(message_id, now=now)
        monkeypatch.setattr(delivery, "settle", real)
        all_at_once([lambda: deliver(email)])

    monkeypatch.setattr(delivery, "settle", settle_then_the_worker)
    with acting_as(SERVICE, actor="provider"):
        delivery.note(event_id="e", message_id=ID, kind="bounced", at=TEN, now=timezone.now())
    connections.close_all()
    assert (row(email).message_id, row(email).delivery) == (ID, "")


def test_old_events_are_forgotten(sent):
    post(event("bounced", **BOUNCE))
    with as_owner():
        MailEvent.objects.update(created_at=timezone.now() - timedelta(days=91))
    post(event("delivered", message_id="new"), event_id="msg_2")
    out = StringIO()
    call_command("prune_mail_events", stdout=out)
    assert out.getvalue() == "Reports deleted: 1\n"
    assert row(sent).delivery == "bounced"
