"""What the JSON API answers about bookings."""

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from bookings.api.payment_schemas import PaymentOut
from bookings.api.schemas import (
    CarRefOut,
    Count,
    KindText,
    LanguageText,
    LocationOut,
    MoneyOut,
    Out,
    OutcomeText,
    PaymentStatusText,
    QuoteOut,
    StatusText,
)
from bookings.models.segments import Turn


class CustomerOut(Out):
    """Who booked, as typed for this booking."""

    full_name: str
    email: str | None = Field(description="null: the booking was made by phone, and nobody is mailed")
    phone: str


class BookedExtraOut(Out):
    """So many of an extra; the same shape as it is sent in."""

    id: int
    quantity: Count


class BookingCreatedOut(Out):
    """A new booking. `bookingUrl` is the customer's secret page; whoever has it may change and cancel the booking."""

    booking_id: UUID
    reference: str
    status: StatusText
    booking_url: str
    quote: QuoteOut
    keep_until: datetime | None = Field(
        description="When it is cancelled, unless the link in the first email was opened before; null: it is kept"
    )


class SegmentOut(Out):
    """Days of a booking on one car, both included."""

    car_id: int
    car_name: str
    start_date: date
    end_date: date

    @classmethod
    def of(cls, turn: Turn) -> "SegmentOut":
        """A car of a booking and its days there."""
        days = turn.days
        return cls(car_id=turn.car_id, car_name=turn.car_name, start_date=days.start, end_date=days.end)


class RideOut(Out):
    """What a booking of another `kind` than `rental` is for. Instants are UTC; `timeZone` is the one of its local times."""

    service_id: int
    service: str = Field(description="Its name, in the language of the request")
    car_class_id: int
    car_class: str
    starts_at: datetime
    ends_at: datetime
    time_zone: str = Field(examples=["Europe/Paris"])
    from_place: str | None
    to_place: str | None
    from_text: str = Field(description="The door, as typed")
    to_text: str
    flight_number: str
    sign_name: str
    passengers: Count = Field(description="Children among them")
    children: Count
    bags: Count
    driver_name: str = Field(description="Empty until staff say who drives")


class BookingOut(Out):
    """A booking. Clock times are local to the pick-up and drop-off locations; instants are UTC."""

    id: UUID
    reference: str
    kind: KindText = Field(
        description="All but `rental` have a `ride`; its days are those that the ride touches"
    )
    status: StatusText
    outcome: OutcomeText = Field(description="`no_show`: cancelled because nobody came; else empty")
    payment_status: PaymentStatusText
    car: CarRefOut
    segments: list[SegmentOut] = Field(
        description="Its cars in turn, of which `car` is the last; several where one was swapped in the middle"
    )
    start_date: date
    end_date: date
    pickup_time: str = Field(examples=["10:00"])
    return_time: str = Field(examples=["18:00"])
    customer: CustomerOut
    special_requests: str
    pick_up_location: LocationOut
    drop_off_location: LocationOut
    extras: list[BookedExtraOut]
    delivery: bool
    delivery_address: str
    driver_age: int | None
    language: LanguageText
    quote: QuoteOut
    payments: list[PaymentOut] = Field(description="Oldest first")
    amount_due: MoneyOut = Field(description="Still to be paid of the rental; the deposit is not part of it")
    refund_if_cancelled_now: MoneyOut = Field(
        description="What comes back of what is paid if the customer cancels now; nothing once they cannot"
    )
    ride: RideOut | None = Field(description="null: a rental")
    handed_over_at: datetime | None
    returned_at: datetime | None
    created_at: datetime


class ChangedOut(BookingOut):
    """The booking after a change (or as it would be), and how much more it costs; negative when it costs less."""

    price_difference: MoneyOut


class CancelledOut(Out):
    """The booking after cancelling, and what goes back to the customer."""

    status: StatusText
    refund: MoneyOut


class BookingPageOut(Out):
    """A page of bookings, newest first. `total` counts all pages."""

    items: list[BookingOut]
    total: Count
    page: int
    page_size: int
    next: str | None = Field(None, description="With `cursor`: the next one, null at the end")
