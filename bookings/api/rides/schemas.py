"""What the JSON API answers about rides that are not booked yet."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from bookings.api.schemas import Count, LocationOut, MoneyOut, Out, QuoteOut, ReasonOut, one_of
from cars.models import Place, Service

RideKindText = Annotated[str, one_of(*Service.Kind.values)]
ClockText = Annotated[str, Field(examples=["08:00"])]
WallTimeText = Annotated[str, Field(examples=["2027-03-11T10:30"])]


class CarClassOut(Out):
    """Cars that replace each other on rides; whom and what each takes beside a driver."""

    id: int
    name: str
    passengers: Count
    bags: Count


class PlaceOut(Out):
    """Where a ride can begin or end. A driver waits `waitMinutes` there at no extra cost."""

    id: int
    slug: str
    kind: Annotated[str, one_of(*Place.Kind.values)]
    name: str
    wait_minutes: Count


class ServiceHoursOut(Out):
    """When it runs on one weekday, by the clock of its location; closing at or before opening is on the next day."""

    weekday: Count = Field(description="0 is Monday")
    opens: ClockText
    closes: ClockText


class TourOut(Out):
    """What only a tour has."""

    minutes: Count
    meeting_place: PlaceOut
    languages: list[str] = Field(description="In which it is told")


class ServiceRulesOut(Out):
    """What a ride has to keep to. Whatever is asked for, an answer names every rule against it."""

    min_minutes: Count = Field(description="The shortest and the longest, of what is paid by the hour")
    max_minutes: Count
    unit_minutes: Count = Field(
        description="What is paid by the hour is charged by this; each that has begun counts"
    )
    step_minutes: Count = Field(description="Starts lie so many minutes apart, from the full hour")
    lead_time_minutes: Count
    horizon_days: Count
    free_cancel_hours: Count = Field(description="Before the start: until then cancelling is free")
    cancel_until_minutes: Count = Field(description="Before the start: until then customers can cancel")
    hours: list[ServiceHoursOut]


class ServiceOut(Out):
    """Something that is ridden: by the hour, from place to place, or as a tour with a car of one's own."""

    id: int
    kind: RideKindText
    slug: str
    name: str
    description: str
    location: LocationOut = Field(description="Whose cars drive, and whose clock counts")
    with_driver: bool
    price: MoneyOut = Field(description="Of an hour, as listed; else the total of the cheapest ride")
    price_is_from: bool = Field(description="Whether other classes, ways or times cost more")
    deposit: MoneyOut
    classes: list[CarClassOut] = Field(description="Smallest first, as staff have put them")
    quick_minutes: list[Count] = Field(description="Usual durations, of what is paid by the hour")
    places: list[PlaceOut] = Field(description="Where a transfer can begin and end")
    tour: TourOut | None = Field(description="null: it is none")
    rules: ServiceRulesOut


class ServicesOut(Out):
    """What is ridden, in the order of kinds."""

    items: list[ServiceOut]


class QuickOut(Out):
    """What a usual duration costs at the time asked for."""

    minutes: Count
    quote: QuoteOut


class DepartureOut(Out):
    """A tour that departs anyhow. `start` is what a clock shows in `timeZone`, `startsAt` is UTC."""

    id: int
    start: WallTimeText
    starts_at: datetime
    ends_at: datetime
    time_zone: str = Field(examples=["Europe/Paris"])
    language: str = Field(description="In which it is told")
    capacity: Count
    seats_left: Count
    price: MoneyOut = Field(description="Of an adult")
    child_price: MoneyOut | None = Field(description="Of a child that comes with an adult")


class DeparturesOut(Out):
    """Those on sale, sold out ones too, the first one first."""

    items: list[DepartureOut]


def wall_text(local: datetime) -> str:
    """As it is sent, of a time in its own zone."""
    return f"{local:%Y-%m-%dT%H:%M}"


class RideAlternativeOut(Out):
    """What can be had instead: the same at another time, or in another class of cars."""

    kind: Annotated[str, one_of("time", "class")]
    car_class_id: int
    start: WallTimeText
    starts_at: datetime
    minutes: Count
    quote: QuoteOut


class RideAvailabilityOut(Out):
    """Whether a ride can be had; with a quote if it can. `start` is what a clock shows in `timeZone`, `startsAt` is UTC."""

    service_id: int
    car_class_id: int
    start: WallTimeText
    starts_at: datetime
    ends_at: datetime
    time_zone: str = Field(examples=["Europe/Paris"])
    minutes: Count
    available: bool
    reasons: list[ReasonOut]
    quote: QuoteOut | None
    quick: list[QuickOut]
    starts: list[WallTimeText] = Field(description="The free starts of that day, for the same length")
    alternatives: list[RideAlternativeOut]
