"""Writing what the demo's bookings need: somebody who made them, and the fleet."""

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from cars.models import Agency, Car, CarImage, Fleet, Location, OpeningHours, Term
from exodrive.dev.demo import fleet as cars_demo
from exodrive.dev.demo import prices
from exodrive.dev.demo.writing_rides import write_rides
from exodrive.models import MANAGER, User

EMAIL = "ines@exodrive.test"


def somebody_in_charge() -> User:
    """Whose acts the demo's history shows, refunds among them; made when there is no manager, and cannot sign in."""
    in_charge = Q(is_superuser=True) | Q(groups__name=MANAGER)
    somebody = User.objects.filter(in_charge, is_active=True).order_by("pk").first()
    if somebody is None:
        somebody = User.objects.create_user(EMAIL, full_name="Inès Laurent")
        somebody.groups.add(Group.objects.get(name=MANAGER))
    return somebody


@transaction.atomic
def write_fleet() -> None:
    """Locations, cars with their pictures, and what changes their prices."""
    agency, _ = Agency.objects.get_or_create(
        slug=cars_demo.AGENCY["slug"], defaults={"name": cars_demo.AGENCY["name"]}
    )
    locations = {}
    for data in cars_demo.LOCATIONS:
        location = Location.objects.create(
            agency=agency,
            slug=data.slug,
            name=data.name,
            address=data.address,
            latitude=data.latitude,
            longitude=data.longitude,
            time_zone=data.time_zone,
            phone=data.phone,
        )
        OpeningHours.objects.bulk_create(
            OpeningHours(location=location, weekday=weekday, opens=opens, closes=closes)
            for weekday, (opens, closes) in enumerate(data.hours)
        )
        locations[data.slug] = location
    for demo_car in cars_demo.CARS:
        car = Car.objects.create(location=locations[demo_car.location.slug], **demo_car.fields)
        CarImage.objects.bulk_create(
            CarImage(car=car, art=art, position=position, **alt.fields("alt"))
            for position, (art, alt) in enumerate(demo_car.pictures)
        )
    write_rides(locations)
    write_terms()
    for row in prices.rows(timezone.localdate()):
        row.save()


def write_terms() -> None:
    """What comes with every car, but for those that stay in their country."""
    fleet = Fleet.default()
    for kind, words in prices.TERMS:
        Term.objects.update_or_create(fleet=fleet, kind=kind, defaults=words.fields("words"))
    for car in Car.objects.filter(slug__in=prices.STAY_AT_HOME):
        Term.objects.create(car=car, kind=Term.Kind.BORDERS, **prices.AT_HOME.fields("words"))
