"""Every booking reaches staff, every move reaches the people it concerns, and the broker cannot get in the way."""

import socket
import time
from datetime import time as time_of_day

import pytest
from celery import Celery
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from bookings.days import Days
from bookings.lifecycle.change import change_booking
from bookings.lifecycle.change_request import ChangeRequest
from bookings.lifecycle.create import create_booking
from bookings.lifecycle.request import BookingRequest, Details
from bookings.lifecycle.transitions import cancel, transition
from bookings.models import Booking, CarAvailability, Customer
from bookings.signals import booking_created
from bookings.tests.support.factories import (
    MARTA,
    CarFactory,
    in_days,
    make_booking,
    make_desk,
    make_hold,
    move_to,
)
from exodrive.ops import jobs
from exodrive.rls import PUBLIC, SERVICE, STAFF, acting_as, as_owner
from inbox import receivers
from inbox.models import InboxEmail, InboxItem

pytestmark = pytest.mark.django_db


@pytest.fixture
def published(monkeypatch):
    """What would have gone to the worker."""
    calls: list[tuple[str, ...]] = []
    monkeypatch.setattr(receivers, "publish", lambda task, *ids: calls.append((task.name, *ids)))
    return calls


def items(booking):
    with as_owner():
        return list(InboxItem.objects.filter(booking=booking).values_list("kind", "status", "done_by"))


def mails(booking):
    with as_owner():
        rows = InboxEmail.objects.filter(booking=booking).order_by("created_at")
        return [(row.template, row.audience, row.language, row.status) for row in rows]


def book(**fields):
    days = Days.starting(in_days(3), 2)
    with acting_as(PUBLIC):
        return create_booking(
            BookingRequest(car=CarFactory(), days=days, who=MARTA, language="pt", **fields), at=timezone.now()
        )


def test_a_booking_by_a_visitor_is_filed_and_two_mails_are_queued():
    booking = book()
    assert items(booking) == [("new_booking", "pending", None)]
    assert mails(booking) == [
        ("booking_received", "customer", "pt", "queued"),
        ("new_booking", "staff", "en", "queued"),
    ]


def test_the_worker_is_woken_once_the_booking_is_committed(published, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        booking = book()
        assert published == []
    with as_owner():
        ids = [str(pk) for pk in InboxEmail.objects.filter(booking=booking).values_list("pk", flat=True)]
    assert [(name, set(args)) for name, *args in published] == [("inbox.tasks.send_mails", set(ids))]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("broken", ["inbox.receivers.insert", "inbox.receivers.queue"])
def test_a_booking_that_cannot_be_filed_does_not_exist(broken, monkeypatch, published):
    car, days = CarFactory(), Days.starting(in_days(3), 2)
    monkeypatch.setattr(broken, lambda *args, **kwargs: 1 / 0)
    with acting_as(PUBLIC), pytest.raises(ZeroDivisionError):
        create_booking(BookingRequest(car=car, days=days, who=MARTA, language="en"), at=timezone.now())
    with as_owner():
        left = [
            model.objects.count() for model in (Booking, Customer, CarAvailability, InboxItem, InboxEmail)
        ]
    assert left == [0, 0, 0, 0, 0]
    assert published == []
    monkeypatch.undo()
    with acting_as(PUBLIC):
        assert (
            create_booking(
                BookingRequest(car=car, days=days, who=MARTA, language="en"), at=timezone.now()
            ).status
            == "pending"
        )


@pytest.mark.django_db(transaction=True)
def test_any_other_receiver_that_fails_takes_the_booking_with_it(published):
    def refuse(sender, booking, **kwargs):
        raise RuntimeError("no")

    booking_created.connect(refuse)
    try:
        with pytest.raises(RuntimeError):
            book()
    finally:
        booking_created.disconnect(refuse)
    with as_owner():
        assert (Booking.objects.count(), InboxItem.objects.count(), InboxEmail.objects.count()) == (0, 0, 0)
    assert published == []


@pytest.mark.django_db(transaction=True)
def test_a_move_that_cannot_be_told_does_not_happen(monkeypatch, published):
    booking = make_booking()
    monkeypatch.setattr(receivers, "queue", lambda *args, **kwargs: 1 / 0)
    with acting_as(STAFF), pytest.raises(ZeroDivisionError):
        transition(booking=booking, to="upcoming", at=timezone.now())
    with as_owner():
        assert Booking.objects.get().status == "pending"
    assert items(booking) == [("new_booking", "pending", None)]


def test_staff_who_confirm_are_done_and_the_customer_hears_of_it():
    booking, person = make_booking(language="fr"), make_desk()
    with acting_as(STAFF, user=person):
        transition(booking=booking, to="upcoming", at=timezone.now())
    assert items(booking) == [("new_booking", "done", person.pk)]
    assert mails(booking)[2:] == [("booking_confirmed", "customer", "fr", "queued")]


def test_the_first_to_be_done_stays_written_down():
    booking, first, second = make_booking(), make_desk(), make_desk()
    with acting_as(STAFF, user=first):
        transition(booking=booking, to="upcoming", at=timezone.now())
    with acting_as(STAFF, user=second):
        transition(booking=booking, to="active", at=timezone.now())
    assert items(booking) == [("new_booking", "done", first.pk)]
    assert len(mails(booking)) == 3


def test_a_customer_who_cancels_comes_back_to_the_inbox():
    booking = make_booking(status="upcoming")
    assert [status for _kind, status, _by in items(booking)] == ["done"]
    with acting_as(PUBLIC, token=booking.secret):
        cancel(booking=booking, at=timezone.now())
    assert items(booking) == [("new_booking", "pending", None)]
    assert mails(booking)[-1] == ("booking_cancelled", "customer", "en", "queued")


def test_a_customer_reopens_no_item_but_their_own():
    mine, other = make_booking(status="upcoming"), make_booking(status="upcoming")
    with acting_as(PUBLIC, token=mine.secret), connection.cursor() as cursor:
        cursor.execute("SELECT reopen_inbox_item()")
    assert [items(mine)[0][1], items(other)[0][1]] == ["pending", "done"]
    with acting_as(PUBLIC), connection.cursor() as cursor:
        cursor.execute("SELECT reopen_inbox_item()")
    assert items(other)[0][1] == "done"


def test_the_public_cannot_touch_items_otherwise():
    booking = make_booking(status="upcoming")
    for write in (InboxItem.objects.update, InboxItem.objects.filter(booking=booking).update):
        with acting_as(PUBLIC, token=booking.secret), pytest.raises(DatabaseError), transaction.atomic():
            write(status="done")


def test_a_payment_provider_brings_a_booking_to_the_inbox_and_the_calendar_does_not():
    confirmed, started = make_booking(), make_booking(start=in_days(0))
    move_to(started, "upcoming")
    with as_owner():
        InboxItem.objects.update(status="done")
    with acting_as(SERVICE, actor="provider"):
        transition(booking=confirmed, to="upcoming", at=timezone.now())
    with acting_as(SERVICE, actor="job"):
        transition(booking=started, to="active", at=timezone.now())
    assert [items(confirmed)[0][1], items(started)[0][1]] == ["pending", "done"]
    assert mails(confirmed)[-1][0] == "booking_confirmed"


OTHER_DAYS = ChangeRequest(days=Days(in_days(10), in_days(12)))
ROUND_THE_RENTAL = [OTHER_DAYS, ChangeRequest(details=Details(pickup_time=time_of_day(11)))]
CONTACT = ChangeRequest(details=Details(phone="+351 1"))


@pytest.mark.parametrize("change", ROUND_THE_RENTAL)
def test_a_change_by_the_customer_is_mailed_and_comes_back_to_the_inbox(change):
    booking = make_booking(start=in_days(5), status="upcoming", language="pt")
    before = len(mails(booking))
    with acting_as(PUBLIC, token=booking.secret):
        change_booking(booking=booking, to=change, at=timezone.now())
    assert mails(booking)[before:] == [("booking_changed", "customer", "pt", "queued")]
    assert items(booking) == [("new_booking", "pending", None)]


def test_a_change_by_staff_is_mailed_and_marks_nothing():
    waiting, done, person = make_booking(), make_booking(status="upcoming"), make_desk()
    for booking, status in ((waiting, "pending"), (done, "done")):
        before = len(mails(booking))
        with acting_as(STAFF, user=person):
            change_booking(booking=booking, to=OTHER_DAYS, at=timezone.now())
        assert mails(booking)[before:] == [("booking_changed", "customer", "en", "queued")]
        assert [item_status for _kind, item_status, _by in items(booking)] == [status]


@pytest.mark.parametrize(
    ("change", "status", "letters"),
    [(CONTACT, "pending", ["booking_changed"]), (ChangeRequest(), "done", [])],
)
def test_a_change_of_the_contact_is_mailed_and_one_of_nothing_is_not(change, status, letters):
    booking = make_booking(status="upcoming")
    before = len(mails(booking))
    with acting_as(PUBLIC, token=booking.secret):
        change_booking(booking=booking, to=change, at=timezone.now())
    assert [mail[0] for mail in mails(booking)[before:]] == letters
    assert items(booking)[0][1] == status


def test_a_preview_of_a_change_tells_nobody(published, django_capture_on_commit_callbacks):
    booking = make_booking(start=in_days(5), status="upcoming")
    before = mails(booking)
    with django_capture_on_commit_callbacks(execute=True), acting_as(PUBLIC, token=booking.secret):
        change_booking(booking=booking, to=OTHER_DAYS, at=timezone.now(), preview=True)
    assert (mails(booking), published) == (before, [])
    assert items(booking)[0][1] == "done"


@pytest.mark.parametrize(
    ("status", "letters"),
    [
        ("upcoming", ["booking_confirmed"]),
        ("active", ["booking_confirmed"]),
        ("completed", ["booking_confirmed"]),
        ("cancelled", ["booking_cancelled"]),
        ("refunded", ["payment_receipt", "booking_cancelled", "refund_sent"]),
    ],
)
def test_customers_are_mailed_about_what_concerns_them_and_once(status, letters):
    booking = make_booking(status=status)
    assert [template for template, *_rest in mails(booking)[2:]] == letters


def test_a_booking_answered_twice_is_filed_once():
    hold = make_hold()
    with acting_as(PUBLIC, token=hold.token):
        first, second = (
            create_booking(
                BookingRequest(car=hold.car, days=hold.days, who=MARTA, language="en", hold=hold),
                at=timezone.now(),
            )
            for _ in range(2)
        )
    assert (second.pk, second.replayed) == (first.pk, True)
    assert len(items(first)) == 1
    assert len(mails(first)) == 2


# --- The broker is away ------------------------------------------------------------------------------------------


def _nobody_listens():
    """A port that refuses."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1], None


def _somebody_is_silent():
    """A port that accepts and says nothing."""
    server = socket.create_server(("127.0.0.1", 0))
    return server.getsockname()[1], server


@pytest.fixture(params=[_nobody_listens, _somebody_is_silent])
def dead_broker(request, monkeypatch, settings):
    """The sending task on a broker that is away, and no memory of earlier failures."""
    port, server = request.param()
    app = Celery("away", broker=f"redis://127.0.0.1:{port}/0", set_as_current=False)
    app.conf.broker_transport_options = settings.PUBLISH_TIMEOUTS

    @app.task(name="inbox.tasks.send_mails")
    def send_mails(*email_ids):
        """Never runs."""

    monkeypatch.setattr(receivers, "send_mails", send_mails)
    monkeypatch.setattr(jobs, "_asked_again_at", 0.0)
    yield port
    app.close()
    if server:
        server.close()


@pytest.mark.django_db(transaction=True)
def test_a_booking_is_made_and_its_mails_wait_while_the_broker_is_away(dead_broker, caplog):
    started = time.perf_counter()
    booking = book()
    print(f"booked in {time.perf_counter() - started:.3f} s without a broker")
    assert items(booking) == [("new_booking", "pending", None)]
    assert [status for *_rest, status in mails(booking)] == ["queued", "queued"]
    warnings = [record for record in caplog.records if record.name == "exodrive.ops.jobs"]
    assert [record.levelname for record in warnings] == ["WARNING"]  # asked once, then left alone
    assert "inbox.tasks.send_mails" in warnings[0].getMessage()
