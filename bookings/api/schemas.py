"""What the JSON API answers: camelCase keys, money as text with its currency, dates as YYYY-MM-DD."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.conf import settings
from pydantic import AliasGenerator, BaseModel, ConfigDict, Field, WithJsonSchema
from pydantic.alias_generators import to_camel

from bookings.models import Block, Booking
from cars.models import Car, Per

# What may be sent. What is answered are the models' own choices.
Status = Literal["pending", "upcoming", "active", "completed", "cancelled", "refunded"]
BlockKind = Literal["maintenance", "owner_use", "other"]
PaymentStatus = Literal["unpaid", "processing", "paid", "partially_refunded", "refunded", "failed"]
Language = Literal["en", "es", "fr", "pt"]
Source = Literal["web", "mobile", "api", "staff"]
Gearbox = Literal["automatic", "manual"]


def one_of(*values: str) -> WithJsonSchema:
    """Documents a text that comes from a field with choices."""
    return WithJsonSchema({"type": "string", "enum": list(values)})


StatusText = Annotated[str, one_of(*Booking.Status.values)]
KindText = Annotated[str, one_of(*Booking.Kind.values)]
OutcomeText = Annotated[str, one_of(*Booking.Ended.values)]
PaymentStatusText = Annotated[str, one_of(*Booking.PaymentStatus.values)]
LanguageText = Annotated[str, one_of(*dict(settings.LANGUAGES))]
Count = Annotated[int, Field(ge=0)]


def title_of(name: str, _field: Any) -> str:
    """`power_kw` is "Power kw" in the OpenAPI document; made from the camelCase key it would be "Powerkw"."""
    return name.strip("_").replace("_", " ").capitalize()


class Out(BaseModel):
    """Base of everything that is answered. Every key is always there unless its description says otherwise."""

    model_config = ConfigDict(
        alias_generator=AliasGenerator(serialization_alias=to_camel),
        extra="forbid",
        field_title_generator=title_of,
    )


class MoneyOut(Out):
    """An amount with the decimals of its ISO 4217 currency: two in euros, none in yen, three in Kuwaiti dinars."""

    amount: str = Field(pattern=r"^-?\d+(\.\d{1,4})?$", examples=["960.00"])
    currency: str = Field(pattern=r"^[A-Z]{3}$", examples=["EUR"])


class LineItemOut(Out):
    """One line of a quote. `amount` includes `tax`; `label` is in the reader's language."""

    code: str
    label: str
    quantity: Count
    unit_price: MoneyOut
    tax: MoneyOut
    amount: MoneyOut


class QuoteOut(Out):
    """What a rental costs. The deposit is held at pick-up and is not part of the total."""

    lines: list[LineItemOut]
    total: MoneyOut
    tax: MoneyOut
    deposit: MoneyOut


class LocationOut(Out):
    """A place; its time zone (IANA) is the one of every date there."""

    id: int
    name: str
    time_zone: str


class CarOut(Out):
    """A car that can be booked. `dailyRate` is the weekday rate."""

    id: int
    slug: str
    name: str
    seats: Count
    doors: Count
    gearbox: Annotated[str, one_of(*Car.Gearbox.values)]
    fuel: Annotated[str, one_of(*Car.Fuel.values)]
    power_kw: Count
    daily_rate: MoneyOut
    total_price: MoneyOut | None = Field(None, description="Of the days asked for; null without days")
    deposit: MoneyOut
    location: LocationOut


class CarRefOut(Out):
    """The car of a booking."""

    id: int
    slug: str
    name: str


class ReasonOut(Out):
    """Why days cannot be had: a code for machines, a sentence for people."""

    code: str
    message: str


class DayOut(Out):
    """One day of a car. A day that is not available says why; a past day is not available either."""

    date: date
    available: bool
    reason: ReasonOut | None = None


class AlternativeOut(Out):
    """What can be had instead: the same car on other days, or another car on the same days."""

    kind: Annotated[str, one_of("dates", "car")]
    car_id: int
    start: date
    end: date
    quote: QuoteOut


class OtherTimeOut(Out):
    """What a ride can become instead: the same at another time. `start` is what a clock at its place shows."""

    kind: Annotated[str, one_of("time")]
    car_class_id: int
    start: str = Field(examples=["2027-03-11T10:30"])
    starts_at: datetime
    minutes: Count
    quote: QuoteOut


class AvailabilityOut(Out):
    """Whether a car can be had from `start` to `end` (both included); with a quote if it can."""

    car_id: int
    start: date
    end: date
    available: bool
    days: list[DayOut]
    reasons: list[ReasonOut]
    quote: QuoteOut | None = None
    alternatives: list[AlternativeOut]


class ExtraOut(Out):
    """Something to add to a rental. `left` is how many can still be had on every one of the days."""

    id: int
    name: str
    price: MoneyOut
    per: Annotated[str, one_of(*Per.values)]
    left: Count
    max_per_booking: Count


class ExtrasOut(Out):
    """What can be added, cheapest first."""

    items: list[ExtraOut]


class HoldOut(Out):
    """Days kept until `expiresAt`. The token is the secret to extend, release or book them."""

    id: UUID
    token: str
    expires_at: datetime
    quote: QuoteOut


class CarPageOut(Out):
    """A page of cars, cheapest first. `total` counts all pages."""

    items: list[CarOut]
    total: Count
    page: int
    page_size: int
    next: str | None = Field(None, description="With `cursor`: the next one, null at the end")


class BlockOut(Out):
    """Days on which a car is kept off the road."""

    id: int
    car: CarRefOut
    start_date: date
    end_date: date
    start_time: str | None = Field(description="Local to the car; null for whole days", examples=["09:00"])
    end_time: str | None = Field(description="Local to the car; null for whole days", examples=["12:00"])
    kind: Annotated[str, one_of(*Block.Kind.values)]
    note: str


class BlocksOut(Out):
    """The blocks just made, one for each car."""

    items: list[BlockOut]


class BlockPageOut(Out):
    """A page of blocks by their first day. `total` counts all pages."""

    items: list[BlockOut]
    total: Count
    page: int
    page_size: int
    next: str | None = Field(None, description="With `cursor`: the next one, null at the end")
