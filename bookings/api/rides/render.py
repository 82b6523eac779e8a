"""From services, wishes and answers to what the JSON API says of them. No queries but for what was not selected."""

from datetime import datetime

from bookings.api.render import location_out, money_out, quote_out, reason_out
from bookings.api.rides.schemas import (
    CarClassOut,
    PlaceOut,
    QuickOut,
    RideAlternativeOut,
    RideAvailabilityOut,
    ServiceHoursOut,
    ServiceOut,
    ServiceRulesOut,
    TourOut,
)
from bookings.availability.rides.listed import ListedRide
from bookings.availability.rides.offer import Answer, Other
from bookings.availability.rides.wish import Wish
from cars.models import CarClass, Place, Service


def service_out(listed: ListedRide) -> ServiceOut:
    """A service with what a program needs to ask for a ride. Its hours are prefetched."""
    service = listed.service
    return ServiceOut(
        id=service.pk,
        kind=service.kind,
        slug=service.slug,
        name=service.text,
        description=service.about,
        location=location_out(service.location),
        with_driver=service.with_driver,
        price=money_out(listed.price),
        price_is_from=listed.is_from,
        deposit=money_out(service.deposit_money),
        classes=[_class_out(one) for one in listed.classes],
        quick_minutes=service.quick_minutes if service.kind == Service.Kind.HOURLY else [],
        places=[_place_out(place) for place in listed.places],
        tour=_tour_out(service) if service.kind == Service.Kind.TOUR else None,
        rules=_rules_out(service),
    )


def _class_out(one: CarClass) -> CarClassOut:
    return CarClassOut(id=one.pk, name=one.text, passengers=one.passengers, bags=one.bags)


def _place_out(place: Place) -> PlaceOut:
    return PlaceOut(id=place.pk, slug=place.slug, kind=place.kind, name=place.text, wait_minutes=place.wait)


def _tour_out(service: Service) -> TourOut:
    tour = service.tour
    return TourOut(
        minutes=tour.duration_minutes,
        meeting_place=_place_out(tour.meeting_place),
        languages=tour.languages,
    )


def _rules_out(service: Service) -> ServiceRulesOut:
    said = {name: getattr(service, name) for name in ServiceRulesOut.model_fields if name != "hours"}
    hours = [
        ServiceHoursOut(weekday=one.weekday, opens=f"{one.opens:%H:%M}", closes=f"{one.closes:%H:%M}")
        for one in service.hours.all()
    ]
    return ServiceRulesOut(**said, hours=hours)


def availability_out(answer: Answer) -> RideAvailabilityOut:
    """Yes or no, and all that goes with it."""
    wish = answer.wish
    return RideAvailabilityOut(
        service_id=wish.service.pk,
        car_class_id=wish.car_class.pk,
        start=wall(wish, wish.hours.starts_at),
        starts_at=wish.hours.starts_at,
        ends_at=wish.hours.ends_at,
        time_zone=wish.service.location.time_zone,
        minutes=wish.minutes,
        available=answer.available,
        reasons=[reason_out(reason) for reason in answer.reasons],
        quote=quote_out(answer.quote) if answer.quote and answer.available else None,
        quick=[QuickOut(minutes=minutes, quote=quote_out(quote)) for minutes, quote in answer.quick],
        starts=[wall(wish, start) for start in answer.starts],
        alternatives=[ride_alternative_out(other) for other in answer.instead],
    )


def ride_alternative_out(other: Other) -> RideAlternativeOut:
    """What instead."""
    wish = other.wish
    return RideAlternativeOut(
        kind=other.kind,
        car_class_id=wish.car_class.pk,
        start=wall(wish, wish.hours.starts_at),
        starts_at=wish.hours.starts_at,
        minutes=wish.minutes,
        quote=quote_out(other.quote),
    )


def wall(wish: Wish, instant: datetime) -> str:
    """As it is sent: what a clock at the service's place shows."""
    return f"{instant.astimezone(wish.service.location.zone):%Y-%m-%dT%H:%M}"
