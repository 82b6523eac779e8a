"""What the public role can get out of the database when a view forgets every filter: its own, and nothing else."""

import uuid
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from bookings.models import Booking, CarAvailability, Customer, Hold
from bookings.tests.support.factories import (
    CarFactory,
    CarImageFactory,
    in_days,
    make_block,
    make_booking,
    make_hold,
)
from cars.models import Car, CarImage, Location
from exodrive.rls import PUBLIC, SERVICE, STAFF, acting_as, as_owner

pytestmark = pytest.mark.django_db
READABLE = {
    "cars",
    "car_images",
    "locations",
    "rental_terms",
    "location_hours",
    "bookings",
    "booking_locations",
    "customers",
    "holds",
    "car_availability",
    "ledger_changes",
    "fleets",
    "closed_days",
    "seasons",
    "discounts",
    "fees",
    "extras",
    "catalogue_versions",
    "extra_days",
    "booking_extras",
    "booking_segments",
    "rides",
    "vehicle_assignments",
    "car_classes",
    "zones",
    "places",
    "services",
    "service_hours",
    "ride_rates",
    "surcharges",
    "tours",
    "tour_departures",
    "departure_seats",
}
LEDGER_COLUMNS = {"car_id", "date", "status", "expires_at", "hold_id", "booking_id"}
SPAN_COLUMNS = {
    *("id", "car_id", "date", "starts_at", "ends_at", "before_minutes", "after_minutes"),
    *("expires_at", "hold_id", "booking_id"),
}
READABLE_COLUMNS = {
    "car_availability": LEDGER_COLUMNS,
    "vehicle_assignments": SPAN_COLUMNS,
    "customers": {"id", "email"},
}
OURS = {"exodrive", "cars", "bookings", "inbox"}


@pytest.fixture
def world():
    """Two customers' bookings, a hold, a block, and cars in every status."""
    offered = CarFactory()
    CarImageFactory(car=offered)
    hidden = CarFactory(status="maintenance")
    CarImageFactory(car=hidden)
    retired = CarFactory(status="retired")
    mine, other = make_booking(), make_booking(who=make_other())
    hold = make_hold(car=offered)
    make_block(car=offered, start=in_days(40), length=3)
    return {"mine": mine, "other": other, "hold": hold, "hidden": [hidden.pk, retired.pk]}


def make_other():
    from bookings.lifecycle.request import Person

    return Person("Jean-Baptiste Lefèvre", "jb@example.com")


def everything(table):
    """All rows of a table, without any filter, as the identity in force: or None where it may not read."""
    columns = ", ".join(sorted(READABLE_COLUMNS.get(table, "*")))
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SELECT {columns} FROM {table}")
            return cursor.fetchall()
    except DatabaseError as error:
        if "permission denied" not in str(error):
            raise
        return None


def our_tables():
    return sorted(m._meta.db_table for m in apps.get_models() if m._meta.app_label in OURS)


@pytest.mark.parametrize("token", [None, "wrong-token"])
def test_without_a_link_the_public_sees_the_offer_and_nothing_else(world, token):
    with acting_as(PUBLIC, token=token):
        seen = {table: everything(table) for table in our_tables()}
        assert {table for table, rows in seen.items() if rows is not None} == READABLE
        assert {table for table, rows in seen.items() if rows} == {
            "cars",
            "rental_terms",
            "car_images",
            "locations",
            "location_hours",
            "fleets",
            "catalogue_versions",
            "car_availability",
            "ledger_changes",
        }
        assert not set(Car.objects.values_list("pk", flat=True)) & set(world["hidden"])
        assert not set(CarImage.objects.values_list("car_id", flat=True)) & set(world["hidden"])
        assert Location.objects.count() >= 5


def test_of_the_ledger_the_public_sees_no_more_than_the_listed_columns(world):
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.role_column_grants WHERE grantee = 'exo_public'"
            " AND table_name = 'car_availability' AND privilege_type = 'SELECT'"
        )
        assert {name for (name,) in cursor.fetchall()} == LEDGER_COLUMNS
    with acting_as(PUBLIC), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        list(CarAvailability.objects.values_list("block_id", flat=True))


def test_a_booking_link_opens_that_booking_its_customer_and_places(world):
    mine = world["mine"]
    with acting_as(PUBLIC, token=mine.secret):
        assert [b.pk for b in Booking.objects.all()] == [mine.pk]
        assert list(Customer.objects.values_list("email", flat=True)) == ["marta.oliveira@example.com"]
        assert [place[0] for place in mine.places.values_list("booking_id")] == [mine.pk] * 2
        assert Hold.objects.count() == 0
        for table in ("inbox_items", "inbox_emails", "booking_secure_tokens", "booking_status_changes"):
            assert everything(table) is None


def test_an_expired_link_opens_nothing(world):
    mine = world["mine"]
    with as_owner():
        mine.link.expires_at = timezone.now() - timedelta(hours=1)
        mine.link.save(update_fields=["expires_at"])
    with acting_as(PUBLIC, token=mine.secret):
        assert Booking.objects.count() == Customer.objects.count() == 0


def test_a_link_shows_the_car_of_its_booking_whatever_its_status(world):
    mine = world["mine"]
    with as_owner():
        Car.objects.filter(pk=mine.car_id).update(status="retired")
    with acting_as(PUBLIC):
        assert not Car.objects.filter(pk=mine.car_id).exists()
    with acting_as(PUBLIC, token=mine.secret):
        assert Car.objects.filter(pk=mine.car_id).exists()


def test_a_hold_link_opens_that_hold_and_no_booking(world):
    with acting_as(PUBLIC, token=world["hold"].token):
        assert [h.pk for h in Hold.objects.all()] == [world["hold"].pk]
        assert Booking.objects.count() == Customer.objects.count() == 0


WRITES = {
    "another's booking": "UPDATE bookings SET special_requests = 'x' WHERE id = %(other)s",
    "another's places": "UPDATE booking_locations SET location_id = location_id WHERE booking_id = %(other)s",
    "another's days": "DELETE FROM car_availability WHERE booking_id = %(other)s",
    "another's days by update": "UPDATE car_availability SET status = 'buffer' WHERE booking_id = %(other)s",
    "another's hold": "DELETE FROM holds WHERE id = %(hold)s",
}


@pytest.mark.parametrize("what", WRITES)
def test_the_public_cannot_touch(world, what):
    ids = {"other": world["other"].pk, "hold": world["hold"].pk}
    with acting_as(PUBLIC, token=world["mine"].secret), connection.cursor() as cursor:
        cursor.execute(WRITES[what], ids)
        assert cursor.rowcount == 0


DENIED = {
    "the payment of its own booking": "UPDATE bookings SET payment_status = 'paid' WHERE id = %(mine)s",
    "dates of its own booking past the verb": "UPDATE bookings SET status = 'completed' WHERE id = %(mine)s",
    "an extra": "UPDATE extra_days SET taken = 0",
    "the extras of a booking": "DELETE FROM booking_extras",
    "another's extras": "SELECT book_extras(%(other)s, '{}', '{}')",
    "the rules": "UPDATE fleets SET max_days = 99",
    "a change in another's name": "INSERT INTO booking_changes (id, booking_id, actor_kind, before, after, difference,"
    " reason) VALUES (%(new)s, %(other)s, 'customer', '{}', '{}', 0, '')",
    "a change in staff's name": "INSERT INTO booking_changes (id, booking_id, actor_kind, before, after, difference,"
    " reason) VALUES (%(new)s, %(mine)s, 'staff', '{}', '{}', 0, '')",
    "the price": "UPDATE cars SET daily_rate = 1",
    "a booking away": "DELETE FROM bookings WHERE id = %(mine)s",
    "a customer": "UPDATE customers SET full_name = 'x'",
    "a block": "INSERT INTO car_availability (car_id, date, status, block_id) VALUES (%(car)s, '2150-01-01', 'blocked', 1)",
    "booked days": "INSERT INTO car_availability (car_id, date, status, booking_id)"
    " VALUES (%(car)s, '2150-01-01', 'booked', %(other)s)",
    "days for ever": "INSERT INTO car_availability (car_id, date, status, hold_id, expires_at)"
    " VALUES (%(car)s, '2150-01-01', 'held', %(hold)s, now() + interval '9 years')",
    "a second key to another's booking": "INSERT INTO booking_secure_tokens"
    " (id, booking_id, nonce, token_hash, expires_at) VALUES (%(new)s, %(other)s, '', 'x', now())",
    "history": "INSERT INTO booking_status_changes (booking_id, from_status, to_status, actor_kind, reason, at)"
    " VALUES (%(mine)s, '', 'upcoming', 'staff', '', now())",
    "a key kept for others": "SELECT * FROM idempotency_keys",
    "a user": "SELECT * FROM users",
    "the payments of its own booking": "SELECT state FROM payments WHERE booking_id = %(mine)s",
    "what was paid": "UPDATE bookings SET paid = total WHERE id = %(mine)s",
    "what was given back": "UPDATE bookings SET refunded = 0, payment_status = 'unpaid' WHERE id = %(mine)s",
    "its deposit": "UPDATE bookings SET deposit_status = 'held', deposit_kept = 0 WHERE id = %(mine)s",
    "more time to pay": "UPDATE bookings SET pay_until = now() + interval '9 years' WHERE id = %(mine)s",
    "another way to pay": "UPDATE bookings SET payment_method = 'pick_up', pay_until = NULL WHERE id = %(mine)s",
    "a payment": "INSERT INTO payments (id, booking_id, purpose, kind, provider, state, amount, currency)"
    " VALUES (%(new)s, %(mine)s, 'rental', 'charge', 'manual', 'captured', 1, 'EUR')",
    "a payment that is there": "UPDATE payments SET captured = amount, authorized = amount",
    "what was done with a payment": "SELECT outcome FROM payment_operations",
    "an operation away": "DELETE FROM payment_operations",
    "refunds": "SELECT amount FROM refunds",
    "a refund": "UPDATE refunds SET state = 'done'",
    "what providers report": "SELECT body FROM provider_events",
    "what a provider reported away": "DELETE FROM provider_events",
    "the sandbox's orders": "SELECT state FROM sandbox_orders",
    "an order of the sandbox": "UPDATE sandbox_orders SET state = 'approved'",
}


@pytest.mark.parametrize("what", DENIED)
def test_the_public_is_refused(world, what):
    ids = {
        "mine": world["mine"].pk,
        "other": world["other"].pk,
        "hold": world["hold"].pk,
        "car": world["mine"].car_id,
        "new": uuid.uuid4(),
    }
    with (
        acting_as(PUBLIC, token=world["mine"].secret),
        connection.cursor() as cursor,
        pytest.raises(DatabaseError),
        transaction.atomic(),
    ):
        cursor.execute(DENIED[what], ids)


def test_an_anonymous_booking_never_changes_a_known_customer(world):
    from bookings.lifecycle.request import Person

    make_booking(who=Person("Somebody Else", "MARTA.Oliveira@example.com"), start=in_days(60))
    with as_owner():
        customer = Customer.objects.get(email="marta.oliveira@example.com")
    assert (customer.full_name, customer.phone) == ("Marta Oliveira", "+351 912 000 418")


@pytest.mark.parametrize("role", [STAFF, SERVICE])
def test_nobody_who_works_here_deletes_bookings(world, role):
    with (
        acting_as(role),
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
    ):
        cursor.execute("DELETE FROM bookings")


def test_the_job_role_reads_cars_but_does_not_change_them(world):
    with acting_as(SERVICE):
        assert Car.objects.count() >= 3
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            Car.objects.update(daily_rate=1)


def test_a_hold_cannot_be_kept_for_longer_than_a_day_by_sql(world):
    hold = world["hold"]
    far = timezone.now() + timedelta(days=400)
    with acting_as(PUBLIC, token=hold.token), pytest.raises(DatabaseError), transaction.atomic():
        Hold.objects.filter(pk=hold.pk).update(expires_at=far)
