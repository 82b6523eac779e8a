"""The rows that the proof of isolation is about, and the identities that try to reach them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from bookings.availability.hours.spans import claim_spans
from bookings.hours import Hours
from bookings.lifecycle.request import Person
from bookings.models import (
    Booking,
    BookingChange,
    BookingNote,
    BookingSegment,
    DepartureSeat,
    DoNotRent,
    ExtraDay,
    IdempotencyKey,
    MailboxCode,
    ProviderEvent,
    Ride,
    SandboxOrder,
    TourDeparture,
)
from bookings.tests.support.factories import (
    CarFactory,
    CarImageFactory,
    in_days,
    make_block,
    make_booking,
    make_desk,
    make_hold,
)
from cars.models import Car, CarClass, ClosedDay, Discount, Extra, Fee, Fleet, Season, Service, Term
from cars.tests.support.rides import make_class, make_service
from exodrive.models import ApiToken, EventCount, Heartbeat, JobRun, SecurityEvent
from exodrive.rls import LOGIN, PUBLIC, SERVICE, STAFF, acting_as, as_owner
from exodrive.tests.support.forging import unchecked
from exodrive.tests.support.isolation import READERS, TABLES
from inbox.models import InboxTriage, MailEvent, SavedFilter

ROLE = dict(zip(READERS, (LOGIN, PUBLIC, PUBLIC, PUBLIC, STAFF, SERVICE), strict=True))
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
Row = dict[str, Any]


class World:
    """Two customers with a booking each, two visitors with a hold each, and at least one row in every table."""

    def __init__(self) -> None:
        names = ("offered", "hidden", "a", "b", "h", "g")
        self.cars = {name: CarFactory(slug=name) for name in names}
        people = {"a": Person("Ana", "a@example.com"), "b": Person("Bo", "b@example.com")}
        self.bookings = {name: make_booking(car=self.cars[name], who=who) for name, who in people.items()}
        self.holds = {name: make_hold(car=self.cars[name]) for name in ("h", "g")}
        make_block(car=self.cars["offered"], start=in_days(40))
        gone = make_block(car=self.cars["offered"], start=in_days(50))
        with as_owner():
            gone.delete()
        for car in self.cars.values():
            CarImageFactory(car=car)
        user = make_desk()
        with as_owner():
            self._add(user)
        self._swap()
        self._ride()
        self._depart()
        with as_owner():
            Car.objects.filter(slug__in=["hidden", "a", "h"]).update(status="maintenance")
            self.rows = {table: self._rows(table) for table in TABLES}

    def _add(self, user: Any) -> None:
        ApiToken.issue(user=user, name="t")
        SecurityEvent.objects.create(kind="signed_in", user=user)
        for car in [None, *self.cars.values()]:
            Season.objects.create(car=car, name="S", start_date=in_days(1), end_date=in_days(9), percent=120)
            Term.objects.create(
                car=car, fleet=None if car else Fleet.objects.first(), kind=Term.Kind.BORDERS, words="F"
            )
            Discount.objects.create(car=car, name="D", percent=10)
            Fee.objects.create(car=car, name="F", kind="cleaning", amount=10)
        make_class()
        for name in ("offered", "hidden"):
            make_service(slug=name, is_offered=name == "offered")
        extra = Extra.objects.create(name="Seat", price=5)
        ExtraDay.objects.create(extra=extra, date=in_days(3), taken=2)
        ClosedDay.objects.create(date=in_days(99))
        JobRun.objects.create(name="j", started_at=NOW)
        Heartbeat.objects.create(name="beat", started_at=NOW, beat_at=NOW)
        EventCount.objects.create(name="e", code="c", count=1)
        DoNotRent.objects.create(mailbox_hash="m", reason="R")
        MailboxCode.objects.create(mailbox="a@example.com", visitor="v", code="123456", expires_at=NOW)
        SavedFilter.objects.create(user=user, name="F", asked={"tab": "all"}, shared=True)
        MailEvent.objects.create(event_id="1", message_id="m", kind="sent", at=NOW)
        for name, booking in self.bookings.items():
            days = {"start_date": booking.start_date, "end_date": booking.end_date}
            booking.extras.create(extra=extra, quantity=1, **days)
            booking.events.create(kind="pin_set", actor_kind="customer")
            booking.data_requests.create(
                mailbox=booking.mailbox,
                kind="copy",
                nonce=b"",
                token_hash=name,
                asked_at=NOW,
                expires_at=NOW + timedelta(days=1),
            )
            BookingNote.objects.create(booking=booking, author=user, text="n")
            InboxTriage.objects.create(booking=booking, assigned_to=user)
            told = {"actor_kind": "customer", "before": {}, "after": {}, "difference": 0}
            BookingChange.objects.create(booking=booking, **told)
            until = NOW + timedelta(days=900)
            IdempotencyKey.objects.create(
                scope="public", key=name, fingerprint="f", booking=booking, expires_at=until
            )
            self._pay(name, booking)

    def _swap(self) -> None:
        """As if both had had another car before; no booking that has not begun can."""
        with unchecked():
            for name, booking in self.bookings.items():
                BookingSegment.objects.create(
                    booking=booking,
                    car=self.cars["hidden"],
                    car_name=name,
                    start_date=booking.start_date,
                    end_date=booking.start_date,
                    return_odometer_km=10,
                    return_fuel_eighths=8,
                )

    def _ride(self) -> None:
        """As if all of them also had hours, weeks later; nobody who has days does."""
        hours = Hours(NOW, NOW + timedelta(hours=2))
        with unchecked():
            service, car_class = Service.objects.get(slug="offered"), CarClass.objects.first()
            for booking in self.bookings.values():
                Ride.objects.create(
                    booking=booking,
                    service=service,
                    car_class=car_class,
                    starts_at=hours.starts_at,
                    ends_at=hours.ends_at,
                )
                claim_spans(booking)
            for hold in self.holds.values():
                hold.hours = hours
                claim_spans(hold)

    def _depart(self) -> None:
        """A departure of each service; of the seats of the offered one, two are booked, two held, one is free."""
        hours = {"starts_at": NOW + timedelta(days=9), "ends_at": NOW + timedelta(days=9, hours=2)}
        with unchecked():
            for service in Service.objects.filter(slug__in=["offered", "hidden"]).select_related("tour"):
                departure = TourDeparture.objects.create(
                    tour=service.tour, car=self.cars["hidden"], capacity=5, language="en", **hours
                )
            departure = TourDeparture.objects.get(tour__service__slug="offered")
            owners: list[dict[str, Any]] = [{}, *({"booking": one} for one in self.bookings.values())]
            owners += [{"hold": one, "expires_at": one.expires_at} for one in self.holds.values()]
            for n, owner in enumerate(owners, 1):
                DepartureSeat.objects.create(departure=departure, seat=n, **owner)

    def _pay(self, name: str, booking: Booking) -> None:
        paid = booking.payments.create(
            purpose="rental", kind="charge", provider="sandbox", amount=10, currency=booking.currency
        )
        asked = {"kind": "complete", "request_id": f"complete-{name}", "actor_kind": "customer"}
        paid.operations.create(**asked)
        paid.refunds.create(amount=10, reason="R")
        ProviderEvent.objects.create(provider="sandbox", event_id=name, type="t", body=b"{}", payment=paid)
        SandboxOrder.objects.create(payment_id_sent=paid.pk, kind="charge", amount=10, currency="EUR")

    def _rows(self, table: str) -> list[Row]:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table}")
            names = [column.name for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def owner(self, table: str, row: Row) -> str:
        """Whose a row is."""
        booked = {booking.pk: name for name, booking in self.bookings.items()}
        held = {hold.pk: name for name, hold in self.holds.items()}
        cars = {car.pk: name for name, car in self.cars.items()}
        customers = {row["customer_id"]: booked[row["id"]] for row in self.rows_of("bookings")}
        if table in ("bookings", "holds", "cars", "customers"):
            return {"bookings": booked, "holds": held, "cars": cars, "customers": customers}[table][row["id"]]
        if row.get("booking_id"):
            return booked[row["booking_id"]]
        if row.get("hold_id"):
            return held[row["hold_id"]]
        if table == "services":
            return str(row["slug"])
        if row.get("service_id"):
            return str(
                next(one["slug"] for one in self.rows_of("services") if one["id"] == row["service_id"])
            )
        if table == "tour_departures":
            tours = {one["id"]: one for one in self.rows_of("tours")}
            return self.owner("tours", tours[row["tour_id"]])
        if table == "departure_seats":
            return "free"
        if table in ("rental_terms", "seasons", "discounts", "fees", "car_images"):
            return cars.get(row["car_id"], "fleet")
        return "shared" if row.get("status") == "service" else "row"

    def rows_of(self, table: str) -> list[Row]:
        """All rows of a table, as its owner sees them."""
        return self.rows[table] if hasattr(self, "rows") else self._rows(table)

    def meant(self, table: str, word: str) -> list[Row]:
        """The rows that a word of the table stands for."""
        if word in "-0":
            return []
        return [
            row for row in self.rows_of(table) if word == "*" or self.owner(table, row) in word.split(",")
        ]

    def reader(self, name: str) -> Any:
        """The identity of a reader."""
        token = {"booking": self.bookings["a"].secret, "hold": self.holds["h"].token}.get(name)
        return acting_as(ROLE[name], token=token)
