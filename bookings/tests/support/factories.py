"""What tests start from: cars made as the owner, holds and bookings made through the real verbs.

    car = CarFactory(buffer_days=1)
    booking = make_booking(car=car, start=in_days(3), length=2)

Every function sets its own identity, so a test needs none for the set-up.
"""

import itertools
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import factory
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone

from bookings.availability.holds import place_hold
from bookings.availability.ledger import claim, lock_cars
from bookings.days import Days
from bookings.lifecycle import transitions
from bookings.lifecycle.create import create_booking
from bookings.lifecycle.idempotency import Idempotency
from bookings.lifecycle.request import DETAILS, BookingRequest, Details, Person
from bookings.models import Block, Booking, BookingExtra, BookingProof, Hold, Payment
from bookings.payments import manual
from bookings.payments.refunds import ask_refund
from cars.models import Agency, Car, CarImage, Extra, Fleet, Location, OpeningHours
from exodrive.models import DESK, MANAGER, User
from exodrive.rls import PUBLIC, STAFF, acting_as, as_owner


class OwnerFactory(factory.django.DjangoModelFactory):
    """Writes past every policy: the set-up is not what a test is about."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        with as_owner():
            return super()._create(model_class, *args, **kwargs)


class AgencyFactory(OwnerFactory):
    class Meta:
        model = Agency
        django_get_or_create = ("slug",)

    name = "Exodrive"
    slug = "exodrive"


class LocationFactory(OwnerFactory):
    """Open every day from 10:00 to 18:00."""

    class Meta:
        model = Location

    agency = factory.SubFactory(AgencyFactory)
    name = factory.Sequence(lambda n: f"Lyon {n}")
    slug = factory.Sequence(lambda n: f"lyon-{n}")
    address = "12 rue de la Villette, 69003 Lyon"
    latitude = "45.760500"
    longitude = "4.859900"
    time_zone = "Europe/Paris"

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        location = super()._create(model_class, *args, **kwargs)
        with as_owner():
            OpeningHours.objects.bulk_create(
                OpeningHours(location=location, weekday=n, opens=time(10), closes=time(18)) for n in range(7)
            )
        return location


class FleetFactory(OwnerFactory):
    """The one fleet of a test, with the default rules."""

    class Meta:
        model = Fleet
        django_get_or_create = ("name",)

    name = "Exodrive"


class CarFactory(OwnerFactory):
    """An offered car at 240 a day, the same at weekends, deposit 2000."""

    class Meta:
        model = Car

    location = factory.SubFactory(LocationFactory)
    fleet = factory.SubFactory(FleetFactory)
    make = "Calder"
    model = factory.Sequence(lambda n: f"GT {n}")
    slug = factory.Sequence(lambda n: f"calder-gt-{n}")
    year = 2021
    seats = 4
    doors = 2
    power_kw = 375
    plate = factory.Sequence(lambda n: f"FG-{n:03d}-KL")
    daily_rate = "240.00"
    deposit = "2000.00"
    description = "A long-legged grand tourer."

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        car = super()._create(model_class, *args, **kwargs)
        with as_owner():
            # Decimals, not the strings above.
            return Car.objects.select_related("location").get(pk=car.pk)


class CarImageFactory(OwnerFactory):
    class Meta:
        model = CarImage

    car = factory.SubFactory(CarFactory)
    art = "calder-gt"
    alt = "Calder GT, dark green, seen from the side"


_numbers = itertools.count(1)


def make_user(group: str | None = None, **fields: Any) -> User:
    """A user with the password `password`, in a group if one is named."""
    email = fields.pop("email", f"{(group or 'someone').lower()}-{next(_numbers)}@exodrive.test")
    with as_owner():
        user = User.objects.create_user(email, "password", **fields)
        if group:
            user.groups.add(Group.objects.get_or_create(name=group)[0])
    return user


def make_desk(**fields: Any) -> User:
    """Somebody who works at the desk."""
    return make_user(DESK, full_name=fields.pop("full_name", "Inès Laurent"), is_staff=True, **fields)


def make_manager(**fields: Any) -> User:
    """A manager."""
    return make_user(MANAGER, full_name=fields.pop("full_name", "Paul Moreau"), is_staff=True, **fields)


def in_days(n: int, at: datetime | None = None) -> date:
    """The date `n` days from today in Europe/Paris, where LocationFactory's locations are."""
    return LocationFactory.build().today(at or timezone.now()) + timedelta(days=n)


MARTA = Person("Marta Oliveira", "marta.oliveira@example.com")
USUAL = Details()
PHONE = "+351 912 000 418"  # hers


def make_hold(
    *, car: Car | None = None, start: date | None = None, length: int = 4, at: datetime | None = None
) -> Hold:
    """A live hold by a visitor, from three days ahead unless told."""
    at = at or timezone.now()
    with acting_as(PUBLIC):
        return place_hold(car=car or CarFactory(), days=Days.starting(start or in_days(3, at), length), at=at)


def make_booking(
    *,
    car: Car | None = None,
    start: date | None = None,
    length: int = 4,
    who: Person = MARTA,
    at: datetime | None = None,
    status: str = Booking.Status.PENDING,
    idempotency: Idempotency | None = None,
    details: Details = USUAL,
    **fields: Any,
) -> Booking:
    """A visitor's booking, from three days ahead unless told, moved by staff to `status`. `secret` is its token.

    `fields` are those of a `BookingRequest` and of its `Details`.

    A start today or in the past books and moves as of that morning at the car's location.
    """
    start, car = start or in_days(3), car or CarFactory()
    at = at or min(timezone.now(), datetime.combine(start, time(8), tzinfo=car.location.zone))
    days = Days.starting(start, length)
    said = {name: fields.pop(name) for name in DETAILS & fields.keys()}
    details = replace(details, **({"phone": PHONE} if who is MARTA else {}) | said)
    fields = {"language": "en", "details": details, **fields}
    with acting_as(PUBLIC):
        booking = create_booking(
            BookingRequest(car=car, days=days, who=who, **fields), at=at, idempotency=idempotency
        )
    return move_to(booking, status, at=at)


def prove(booking: Booking, how: str = "mail") -> Booking:
    """Whoever booked has opened the link of the first mail."""
    with as_owner():
        BookingProof.objects.filter(booking=booking).update(proven_at=timezone.now(), how=how)
    return booking


ROUTES = {
    "pending": [],
    "upcoming": ["upcoming"],
    "active": ["upcoming", "active"],
    "completed": ["upcoming", "active", "completed"],
    "cancelled": ["cancelled"],
    "refunded": ["cancelled", "refunded"],
}


def move_to(booking: Booking, status: str, *, at: datetime | None = None) -> Booking:
    """Walk a pending booking to `status` as staff would."""
    secret, at = booking.secret, at or timezone.now()
    with acting_as(STAFF):
        if status == "refunded":
            pay_at_the_counter(booking, at)
        for step in ROUTES[status]:
            if step == "refunded":
                give_all_back(booking, at)
            booking = transitions.transition(booking=booking, to=step, at=at)
    booking.secret = secret
    return booking


def pay_at_the_counter(booking: Booking, at: datetime) -> Payment:
    """All of the rental, in cash."""
    return manual.record_payment(booking=booking, amount=booking.amount_due, means="cash", at=at)


def give_all_back(booking: Booking, at: datetime) -> None:
    """In cash, all that was paid for a booking."""
    for payment in booking.payments.all():
        given = ask_refund(payment_id=payment.pk, amount=payment.kept, reason="Changed their mind")
        manual.refund_given(given.pk, at=at)


def make_block(*, car: Car, start: date, length: int = 1, kind: str = Block.Kind.MAINTENANCE) -> Block:
    """Days that staff keep free of rentals."""
    days = Days.starting(start, length)
    with acting_as(STAFF), transaction.atomic():
        lock_cars(car.pk)
        block = Block.objects.create(car=car, start_date=days.start, end_date=days.end, kind=kind)
        claim(block)
    return block


def make_extra(**fields: Any) -> Extra:
    """An extra for every location: two child seats at 10.00 a rental unless told."""
    with as_owner():
        made = Extra.objects.create(**{"name": "Child seat", "price": "10.00", "stock": 2, **fields})
        return Extra.objects.get(pk=made.pk)


def extras_of(booking: Booking) -> list[tuple[int, int]]:
    """The ids of a booking's extras, and how many of each."""
    with as_owner():
        return list(BookingExtra.objects.filter(booking=booking).values_list("extra", "quantity"))
