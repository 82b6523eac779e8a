"""/api/bookings: make and list bookings."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Body, Header, Query, Router, Status

from bookings.api.auth import Scope, anyone_or_staff, refuse_adjusting, refuse_override, staff_only
from bookings.api.booking_schemas import BookingCreatedOut, BookingOut, BookingPageOut
from bookings.api.inputs.bookings import NOT_SENT, BookingIn
from bookings.api.inputs.queries import BookingQuery
from bookings.api.inputs.types import IdempotencyKeyText
from bookings.api.lookup import car_for, details_for, hold_by
from bookings.api.render import booking_created_out, booking_out
from bookings.api.responses import answers
from bookings.api.rides.asked import book_asked, ride_again, ride_asked
from bookings.api.rides.inputs import NewBooking, RideBookingIn
from bookings.availability.alternatives import with_alternatives
from bookings.availability.as_of import AsOf
from bookings.errors import Invalid
from bookings.lifecycle.create import create_booking
from bookings.lifecycle.idempotency import Idempotency
from bookings.lifecycle.request import BookingRequest, Details, Person
from bookings.lifecycle.rides.request import RideRequest
from bookings.models import PLACES, Booking, Hold
from bookings.ridden import RIDES
from bookings.search import matching
from bookings.visitors import address_of, network_of, sender_of
from exodrive.http.request import ours
from exodrive.limits.rates import hit
from exodrive.mailboxes import canonical
from exodrive.models import User
from exodrive.rls import PUBLIC, STAFF, acting_as

router = Router(by_alias=True, tags=["Bookings"])

NEWEST = ("-created_at", "pk")
Keyed = Callable[[BookingRequest | RideRequest], Idempotency | None]

IDEMPOTENCY_KEY = Header(
    NOT_SENT,
    alias="Idempotency-Key",
    description="The same key with the same body within 24 hours gets the first answer again;"
    " with another body 422 `idempotency_key_reused`. A key is its sender's own: of the holder of `holdToken`,"
    " else of the network that the request comes from; the same key of somebody else is another request.",
)


@router.post(
    "/bookings",
    url_name="bookings",
    **anyone_or_staff(Scope.BOOK),
    response=answers({201: BookingCreatedOut}, 401, 403, 404, 409),
    operation_id="createBooking",
    summary="Make a booking",
)
def create(
    request: HttpRequest, body: Body[NewBooking], idempotency_key: IdempotencyKeyText = IDEMPOTENCY_KEY
) -> Any:
    """Book a car or a ride, from a hold or straight away. The booking is `pending` until staff confirm it.

    Posting a hold that became a booking already answers with that booking, whatever else is sent.
    """
    at, staff = timezone.now(), ours(request).staff
    _may_ask(body, request)
    if staff is None:
        hit("booking_email", canonical(body.customer.email))
    with _as_holder(body.hold_token, staff):
        hold = hold_by(body.hold_token) if body.hold_token else None
        booked = hold if hold and hold.booking_id else None
        make = _book_ride if (booked.is_ride if booked else isinstance(body, RideBookingIn)) else _book_car
        common = {
            "who": Person(body.customer.full_name, body.customer.email or ""),
            "language": body.language,
            "source": body.source,
            "hold": hold,
            "override": body.reason,
            "visitor": "" if staff else address_of(request),
            "network": "" if staff else network_of(request),
            "agreed": body.agreed,
        }

        def key(asked: BookingRequest | RideRequest) -> Idempotency | None:
            return None if idempotency_key is None or booked else _key(idempotency_key, asked, request, staff)

        booking = make(body, booked, common, key, at)
    return Status(201, booking_created_out(booking))


def _book_car(body: Any, booked: Hold | None, common: dict[str, Any], key: Keyed, at: datetime) -> Booking:
    car, days = (booked.car, booked.days) if booked else (car_for(body.car_id), body.days())
    details = Details() if booked else details_for(body, car.location)
    details = replace(details, phone=body.customer.phone)
    adjustment = None if booked else body.adjusts
    asked = BookingRequest(car=car, days=days, details=details, adjustment=adjustment, **common)
    with with_alternatives(as_of=AsOf.by_asker(at, asked.hold)):
        return create_booking(asked, at=at, idempotency=key(asked))


def _book_ride(body: Any, booked: Hold | None, common: dict[str, Any], key: Keyed, at: datetime) -> Booking:
    asked = ride_again(body, **common) if booked else ride_asked(body, at, **common)
    return book_asked(asked, at, key(asked))


@router.get(
    "/bookings",
    **staff_only(Scope.READ),
    response=answers({200: BookingPageOut}, 401, 403),
    operation_id="listBookings",
    summary="List bookings",
)
def list_bookings(request: HttpRequest, query: Query[BookingQuery]) -> Any:
    """Bookings, newest first. `from` and `to` find those that touch these days, `kind` rentals or rides.

    `q` finds parts of name, email, reference, plate, car or phone.
    """
    bookings = _filtered(query)
    if query.q.strip():
        bookings = matching(bookings, query.q)
    newest = bookings.select_related("car__location", *RIDES).order_by(*NEWEST)
    return query.of(newest.prefetch_related(PLACES, "extras", "payments", "segments"), _listed, by=NEWEST)


def _listed(booking: Booking) -> BookingOut:
    return booking_out(booking, booking.payments.all())


def _key(
    key: str, asked: BookingRequest | RideRequest, request: HttpRequest, staff: User | None
) -> Idempotency:
    if staff:
        return Idempotency.of(key, asked.canonical, user_id=staff.pk)
    return Idempotency.of(key, asked.canonical, visitor=sender_of(request, asked.hold))


def _may_ask(body: BookingIn | RideBookingIn, request: HttpRequest) -> None:
    """Raise for what only staff may send."""
    if body.source == Booking.Source.STAFF and ours(request).staff is None:
        raise Invalid.field("source", _("Only staff may say so."))
    if not body.customer.email and ours(request).staff is None:
        raise Invalid.field("customer.email", _("Enter your email address"))
    refuse_override(body.override, request)
    refuse_adjusting("adjustment" in body.model_fields_set, request)


@contextmanager
def _as_holder(token: str | None, staff: User | None) -> Iterator[None]:
    """The caller's own identity; with a hold's token in the body also what that token opens."""
    if not token:
        yield
        return
    with acting_as(STAFF, user=staff, token=token) if staff else acting_as(PUBLIC, token=token):
        yield


def _filtered(query: BookingQuery) -> QuerySet[Booking]:
    wanted = {
        "status": query.status,
        "kind": query.kind,
        "car_id": query.car_id,
        "end_date__gte": query.from_,
        "start_date__lte": query.to,
        "payment_status": query.payment,
    }
    return Booking.objects.filter(**{field: value for field, value in wanted.items() if value is not None})
