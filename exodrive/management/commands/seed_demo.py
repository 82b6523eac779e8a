"""`manage.py seed_demo`: a fleet of invented cars with bookings around today, so that a new installation is alive."""

import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone

from bookings.availability.holds import place_hold
from bookings.availability.ledger import claim, lock_cars
from bookings.days import Days
from bookings.lifecycle.checklist import Checklist
from bookings.lifecycle.create import create_booking
from bookings.lifecycle.keys.handover import hand_over
from bookings.lifecycle.request import BookingRequest, Details, Person
from bookings.lifecycle.transitions import cancel, take_back, transition
from bookings.models import Block, Booking, BookingProof
from bookings.payments import manual
from bookings.payments.refunds import ask_refund
from cars.models import Car, Extra
from exodrive.dev.demo import bookings as bookings_demo
from exodrive.dev.demo import fleet as cars_demo
from exodrive.dev.demo import rides as rides_demo
from exodrive.dev.demo.bookings import DemoBooking, Reaches
from exodrive.dev.demo.writing import somebody_in_charge, write_fleet
from exodrive.dev.demo.writing_rides import write_departures
from exodrive.models import User
from exodrive.rls import PUBLIC, SERVICE, STAFF, acting_as
from inbox.desk.actions import mark_seen
from inbox.models import InboxEmail, InboxItem

CONFIRMED_AFTER = timedelta(minutes=40)
BETWEEN_ENQUIRIES = timedelta(minutes=25)


class Command(BaseCommand):
    """Does nothing when there are cars. Bookings go through the verbs: nothing here writes a status or a day."""

    help = "Fill an empty installation with a demo fleet and bookings around today."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line with what was made. Raises CommandError in production."""
        if settings.PRODUCTION:
            raise CommandError(
                "This is production (ENVIRONMENT): invented cars and bookings have no place beside real ones."
            )
        with acting_as(STAFF):
            there = Car.objects.count()
        if there:
            self.stdout.write(f"Nothing to do: there are {there} cars already.")
            return
        with acting_as(STAFF):
            staff = somebody_in_charge()
            write_fleet()
            cars = {
                car.slug: car
                for car in Car.objects.select_related("location").prefetch_related("location__opening_hours")
            }
            demo = _Demo(cars, staff, timezone.now())
        with _no_events():
            made = demo.make()
        if options["verbosity"] == 0:
            return
        counts = ", ".join(f"{count} {status}" for status, count in sorted(made.items()))
        self.stdout.write(
            f"Demo: {len(cars_demo.LOCATIONS)} locations, {len(cars)} cars, {made.total()} bookings ({counts}),"
            f" {len(bookings_demo.BLOCKS)} blocks, 1 hold, {len(rides_demo.SERVICES)} ride services,"
            f" {len(rides_demo.DEPARTURES)} departures."
        )


@contextmanager
def _no_events() -> Iterator[None]:
    """Nobody booked anything: the demo must not be counted."""
    events = logging.getLogger("exodrive.events")
    level = events.level
    events.setLevel(logging.WARNING)
    try:
        yield
    finally:
        events.setLevel(level)


class _Demo:
    """Plays the demo's bookings, each as the people who would have made and moved it, at the time they would have."""

    def __init__(self, cars: dict[str, Car], staff: User, now: datetime) -> None:
        self.cars, self.staff, self.now = cars, staff, now
        self.enquiries_today = 0
        self.extras = {extra.name: extra for extra in Extra.objects.all()}

    def make(self) -> Counter[str]:
        """Make everything; how many bookings by status, the overdue among them."""
        made: Counter[str] = Counter()
        for plan in bookings_demo.BOOKINGS:
            booking = self.play(plan)
            made["overdue" if booking.is_overdue(self.now) else booking.status] += 1
        for block in bookings_demo.BLOCKS:
            self.block(block)
        slug, start, length = bookings_demo.HELD
        with acting_as(STAFF, user=self.staff):
            write_departures(self.now)
        with acting_as(PUBLIC):
            place_hold(car=self.cars[slug], days=self.days(slug, start, length), at=self.now)
        _put_the_inbox_in_the_past()
        return made

    def days(self, slug: str, start: int, length: int) -> Days:
        """`length` days from `start` days after today where the car is."""
        today = self.cars[slug].location.today(self.now)
        return Days.starting(today + timedelta(days=start), length)

    def play(self, plan: DemoBooking) -> Booking:
        """The booking as far as it gets."""
        booking = self.book(plan)
        confirmed = min(booking.created_at + CONFIRMED_AFTER, self.now)
        if plan.reaches is Reaches.PENDING:
            return booking
        if plan.reaches is Reaches.WITHDRAWN:
            with acting_as(PUBLIC, token=booking.secret):
                booking = cancel(booking=booking, at=confirmed)
            if plan.booked < -1:
                with acting_as(STAFF, user=self.staff):
                    mark_seen(booking=booking, by=self.staff, at=confirmed)
            return booking
        with acting_as(STAFF, user=self.staff):
            booking = transition(booking=booking, to=Booking.Status.UPCOMING, at=confirmed)
            if plan.reaches is Reaches.REFUNDED:
                self.pay(booking, "transfer", confirmed)
            if plan.reaches in (Reaches.CANCELLED, Reaches.REFUNDED):
                booking = cancel(booking=booking, at=confirmed, reason=plan.note)
            if plan.reaches is Reaches.REFUNDED:
                booking = self.give_back(booking, plan.note, confirmed)
        if plan.reaches in (Reaches.WAITING, Reaches.OUT, Reaches.COMPLETED):
            booking = self.drive(plan, booking)
        return booking

    def pay(self, booking: Booking, means: str, at: datetime) -> None:
        """At the counter or by transfer, as staff write it down."""
        manual.record_payment(booking=booking, amount=booking.amount_due, means=means, at=at)

    def give_back(self, booking: Booking, why: str, at: datetime) -> Booking:
        """All that was paid."""
        for payment in booking.payments.all():
            refund = ask_refund(payment_id=payment.pk, amount=payment.kept, reason=why)
            manual.refund_given(refund.pk, at=at)
        return transition(booking=booking, to=Booking.Status.REFUNDED, at=at)

    def book(self, plan: DemoBooking) -> Booking:
        """By the customer on the site, or by staff on the phone."""
        car = self.cars[plan.car]
        by = acting_as(STAFF, user=self.staff) if plan.source == "staff" else acting_as(PUBLIC)
        with by:
            booking = create_booking(
                BookingRequest(
                    car=car,
                    days=self.days(plan.car, plan.start, plan.length),
                    who=Person(plan.full_name, plan.email),
                    details=Details(
                        phone=plan.phone,
                        special_requests=plan.special_requests,
                        extras=tuple((self.extras[name], 1) for name in plan.extras),
                    ),
                    language=plan.language,
                    source=plan.source,
                    payment_method=Booking.PaymentMethod.PICK_UP,
                ),
                at=self.booked_at(plan, car),
            )
        # Nobody reads the demo's mails: without this its pending bookings would end within two hours.
        with acting_as(SERVICE, actor="job"):
            waiting = BookingProof.objects.filter(booking=booking, proven_at=None)
            waiting.update(proven_at=booking.created_at, how=BookingProof.How.MAIL)
        return booking

    def booked_at(self, plan: DemoBooking, car: Car) -> datetime:
        """Today's enquiries came in one after the other until now; the others at some time of their day."""
        if plan.booked == 0:
            self.enquiries_today += 1
            return self.now - self.enquiries_today * BETWEEN_ENQUIRIES
        day = car.location.today(self.now) + timedelta(days=plan.booked)
        number = bookings_demo.BOOKINGS.index(plan)
        return min(car.location.instant(day, time(8 + number % 9, number * 7 % 60)), self.now)

    def drive(self, plan: DemoBooking, booking: Booking) -> Booking:
        """The calendar makes it active; staff hand the car over and take it back."""
        place = booking.pick_up
        with acting_as(SERVICE, actor="job"):
            booking = transition(
                booking=booking,
                to=Booking.Status.ACTIVE,
                at=place.instant(booking.start_date, time(0, 10)),
            )
        if plan.reaches is Reaches.WAITING:
            return booking
        with acting_as(STAFF, user=self.staff):
            self.pay(booking, "terminal", min(booking.pickup_at, self.now))
            booking = hand_over(booking=booking, at=min(booking.pickup_at, self.now))
            if plan.reaches is Reaches.COMPLETED:
                number = bookings_demo.BOOKINGS.index(plan)
                checklist = Checklist(
                    odometer=12_400 + 1_830 * number, fuel=8 - number % 3, damage=plan.damage, note=plan.note
                )
                booking = take_back(
                    booking=booking, at=booking.return_at - timedelta(minutes=20), checklist=checklist
                )
        return booking

    def block(self, plan: bookings_demo.DemoBlock) -> None:
        """Days on which staff keep the car off the road."""
        car, days = self.cars[plan.car], self.days(plan.car, plan.start, plan.length)
        with acting_as(STAFF, user=self.staff), transaction.atomic(durable=True):
            lock_cars(car.pk)
            block = Block.objects.create(
                car=car,
                start_date=days.start,
                end_date=days.end,
                kind=plan.kind,
                note=plan.note,
                created_by=self.staff,
            )
            claim(block)


def _put_the_inbox_in_the_past() -> None:
    """Items and mails came with their bookings. The mails of invented people are history, not work for the worker."""
    booking = Booking.objects.filter(pk=OuterRef("booking_id"))
    booked, address = (Subquery(booking.values(name)[:1]) for name in ("created_at", "email"))
    template = InboxEmail.Template
    with acting_as(SERVICE, actor="job"):
        InboxItem.objects.update(created_at=booked)
        mails = InboxEmail.objects.filter(status=InboxEmail.Status.QUEUED)
        first = mails.filter(template__in=[template.BOOKING_RECEIVED, template.NEW_BOOKING])
        first.update(created_at=booked)
        mails.filter(audience=InboxEmail.Audience.CUSTOMER).update(recipient=address)
        mails.update(status=InboxEmail.Status.SENT, sent_at=F("created_at"), attempts=1)
