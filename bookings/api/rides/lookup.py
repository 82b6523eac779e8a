"""From what a program sends to the ride that it means, by the rules by which the pages read theirs."""

from datetime import datetime

from django.utils.translation import gettext as _

from bookings.api.rides.inputs import RideAsked, RideWantedIn
from bookings.availability.rides.chosen import of_hold
from bookings.availability.rides.listed import places_of
from bookings.availability.rides.offer import Offer
from bookings.availability.rides.wish import Wish, hours_from
from bookings.errors import Invalid, NotFound
from bookings.models import Hold
from cars.catalogue import catalogue
from cars.models import CarClass, Place, Service
from cars.pricing.rides.inputs import NoPrice, RideOptions
from exodrive.i18n.formats import lasting

Chosen = tuple[Wish, RideOptions]


def offer_for(service_id: int) -> Offer:
    """A service that the caller can see, with all that its prices and rules ask. Raises NotFound."""
    services = Service.objects.select_related("location", "tour__meeting_place")
    service = services.filter(pk=service_id).first()
    if service is None:
        raise NotFound
    service.location = catalogue().location(service.location_id) or service.location
    return Offer.of(service)


def tour_for(slug: str) -> Offer:
    """The tour at that address, as far as the caller can see it. Raises NotFound."""
    tour = Service.objects.filter(slug=slug, kind=Service.Kind.TOUR).values_list("pk", flat=True).first()
    if tour is None:
        raise NotFound
    return offer_for(tour)


def offer_asked(body: RideWantedIn) -> Offer:
    """That of a body. Raises NotFound, and Invalid where it names another kind."""
    offer = offer_for(body.service_id)
    if offer.service.kind != body.kind:
        raise Invalid.field("kind", _("This service is of another kind."))
    return offer


def chosen_of(offer: Offer, asked: RideAsked, at: datetime) -> Chosen:
    """The ride that is asked for. Raises Invalid, naming what is wrong, NoSuchTime, NotFound where no car is driven."""
    options = _options(offer, asked, at)
    car_class = _class(offer, asked)
    minutes = _minutes(offer, asked, car_class, options)
    hours = hours_from(offer.service, asked.start.date(), asked.start.time(), minutes)
    return Wish(offer.service, car_class, hours, asked.passengers, asked.bags), options


def _options(offer: Offer, asked: RideAsked, at: datetime) -> RideOptions:
    ids = {"from_place_id": asked.from_place_id, "to_place_id": asked.to_place_id}
    if offer.service.kind != Service.Kind.TRANSFER:
        wrong = {
            asked.spelt(name): [_("Only a transfer goes from place to place.")] for name in ids if ids[name]
        }
        if wrong:
            raise Invalid(fields=wrong)
        return RideOptions(passengers=asked.passengers, booked_at=at)
    start, end = _places(offer, asked, ids)
    return RideOptions(start, end, passengers=asked.passengers, booked_at=at)


def _places(offer: Offer, asked: RideAsked, ids: dict[str, int | None]) -> list[Place]:
    known = {place.pk: place for place in places_of(offer.service, offer.tariff)}
    missing = {"from_place_id": _("Choose where it begins"), "to_place_id": _("Choose where it ends")}
    wrong = {asked.spelt(name): [missing[name]] for name, pk in ids.items() if pk not in known}
    if not wrong and asked.from_place_id == asked.to_place_id:
        wrong = {asked.spelt("to_place_id"): [_("Choose another place than the first")]}
    if wrong:
        raise Invalid(fields=wrong)
    return [known[pk] for pk in ids.values() if pk]


def _class(offer: Offer, asked: RideAsked) -> CarClass:
    if asked.car_class_id is None:
        found = offer.smallest_for(asked.passengers, asked.bags)
        if found is None:
            raise NotFound
        return found
    named = (one for one in offer.classes if one.pk == asked.car_class_id)
    if (chosen := next(named, None)) is None:
        raise Invalid.field(asked.spelt("car_class_id"), _("Choose a class"))
    return chosen


def _minutes(offer: Offer, asked: RideAsked, car_class: CarClass, options: RideOptions) -> int:
    if offer.service.kind == Service.Kind.HOURLY:
        if asked.minutes is None:
            raise Invalid.field(asked.spelt("minutes"), _("Choose how long"))
        return asked.minutes
    try:
        takes = offer.minutes(car_class, options)
    except NoPrice:
        takes = None
    if takes and asked.minutes not in (None, takes):
        words = _("It takes %(time)s. Leave the minutes out.") % {"time": lasting(takes)}
        raise Invalid.field(asked.spelt("minutes"), words)
    return offer.length(car_class, options)


def held_of(hold: Hold, body: RideWantedIn) -> Chosen:
    """The ride that is held, which is the one that a body means. Raises Invalid."""
    if not hold.is_ride:
        raise Invalid(_("The hold is for another ride."))
    wish, options = of_hold(hold)
    held = {
        "kind": wish.service.kind,
        "service_id": wish.service.pk,
        "car_class_id": wish.car_class.pk,
        "start": wish.begins.replace(tzinfo=None, fold=0),
        "minutes": wish.minutes,
        "from_place_id": options.from_place and options.from_place.pk,
        "to_place_id": options.to_place and options.to_place.pk,
        "departure_id": wish.departure and wish.departure.pk,
    }
    people = {"passengers": wish.passengers, "children": options.children, "bags": wish.bags}
    said = {name: getattr(body, name) for name in held} | {
        name: getattr(body.ride, name) for name in people if name in body.ride.model_fields_set
    }
    if any(value not in (None, (held | people)[name]) for name, value in said.items()):
        raise Invalid(_("The hold is for another ride."))
    return wish, options
