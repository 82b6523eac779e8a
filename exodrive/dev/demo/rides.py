"""What the demo offers as rides: hours with a driver, transfers from two airports, three tours. Data only.

Money in settings.CURRENCY with tax, distances in km, clock times local to the location. Classes, zones and places are
named by keys of the tables below.
"""

from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from typing import Any

from cars.models import Place, RideRate, Service, Surcharge
from exodrive.dev.demo import ride_texts as texts
from exodrive.dev.demo.fleet import FUNCHAL, LYON, DemoLocation
from exodrive.dev.demo.texts import Texts

Facts = dict[str, Any]
ALL_DAY = (time(0), time(0))


@dataclass(frozen=True, slots=True)
class DemoClass:
    """A class and the cars of the demo fleet that are of it."""

    name: Texts
    passengers: int
    bags: int
    cars: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DemoPlace:
    """A place in its zone, with latitude and longitude."""

    name: Texts
    kind: str
    zone: str
    where: tuple[str, str]


@dataclass(frozen=True, slots=True)
class DemoService:
    """A service with what belongs to it."""

    slug: str
    kind: str
    location: DemoLocation
    name: Texts
    about: Texts
    facts: Facts
    rates: tuple[Facts, ...]
    surcharges: tuple[tuple[Texts, Facts], ...] = ()
    hours: tuple[time, time] = ALL_DAY
    tour: Facts = field(default_factory=dict)


# A seat less than the car has: somebody drives.
CLASSES = {
    "comfort": DemoClass(texts.COMFORT, 4, 4, ("novara-4-estate",)),
    "business": DemoClass(texts.BUSINESS, 3, 3, ("corvane-8-saloon", "hallam-s-shooting-brake")),
    "offroad": DemoClass(texts.OFFROAD, 4, 4, ("fjell-x-offroad", "brannock-trail")),
    "classic": DemoClass(texts.CLASSIC, 5, 1, ("aldermoor-regent",)),
}
ZONES = {
    "lyon-airport": texts.LYON_AIRPORT_ZONE,
    "lyon-centre": texts.LYON_CENTRE,
    "lyon-around": texts.LYON_AROUND,
    "madeira-east": texts.MADEIRA_AIRPORT_ZONE,
    "funchal": texts.FUNCHAL_TOWN,
    "madeira-west": texts.MADEIRA_WEST,
}
AIRPORT, STATION, CITY, OTHER = Place.Kind.AIRPORT, Place.Kind.STATION, Place.Kind.CITY, Place.Kind.OTHER
PLACES = {
    "lyon-saint-exupery": DemoPlace(texts.SAINT_EXUPERY, AIRPORT, "lyon-airport", ("45.725600", "5.081100")),
    "gare-part-dieu": DemoPlace(texts.PART_DIEU, STATION, "lyon-centre", ("45.760500", "4.859400")),
    "place-bellecour": DemoPlace(texts.BELLECOUR, CITY, "lyon-centre", ("45.757800", "4.832000")),
    "vieux-lyon": DemoPlace(texts.VIEUX_LYON, CITY, "lyon-centre", ("45.762200", "4.827100")),
    "villefranche": DemoPlace(texts.VILLEFRANCHE, CITY, "lyon-around", ("45.989500", "4.718800")),
    "vienne": DemoPlace(texts.VIENNE, CITY, "lyon-around", ("45.525300", "4.874200")),
    "madeira-airport": DemoPlace(texts.MADEIRA_AIRPORT, AIRPORT, "madeira-east", ("32.697900", "-16.774500")),
    "funchal-marina": DemoPlace(texts.MARINA, CITY, "funchal", ("32.646700", "-16.910300")),
    "lido": DemoPlace(texts.LIDO, OTHER, "funchal", ("32.637400", "-16.936600")),
    "calheta": DemoPlace(texts.CALHETA, CITY, "madeira-west", ("32.719000", "-17.174000")),
}  # fmt: skip


def rate(basis: str, amount: str, **facts: Any) -> Facts:
    """A rate; its amounts as text."""
    money = ("day_cap", "excess_km_price", "child_amount")
    return {
        "basis": basis,
        "amount": Decimal(amount),
        **{name: Decimal(value) if name in money else value for name, value in facts.items()},
    }


Basis, Kind, Per = RideRate.Basis, Surcharge.Kind, Surcharge.Per
NIGHT_TIMES = {"kind": Kind.NIGHT, "from_time": time(22), "to_time": time(6)}
# Every year; which year it is said with is of no account.
NEW_YEAR: tuple[Texts, Facts] = (
    texts.HOLIDAYS,
    {
        "kind": Kind.HOLIDAY,
        "percent": Decimal(25),
        "per": Per.UNIT,
        "first_day": date(2001, 12, 24),
        "last_day": date(2002, 1, 1),
        "every_year": True,
    },
)
STOP: tuple[Texts, Facts] = (texts.STOP, {"kind": Kind.EXTRA_STOP, "amount": Decimal(8), "per": Per.STOP})
WAITING: tuple[Texts, Facts] = (
    texts.WAITING,
    {"kind": Kind.WAITING, "amount": Decimal(12), "per": Per.QUARTER_HOUR},
)


def transfer_surcharges(airport: str, fee: int, night: int) -> tuple[tuple[Texts, Facts], ...]:
    """What both airports have on top."""
    return (
        (texts.AIRPORT_FEE, {"kind": Kind.AIRPORT, "amount": Decimal(fee), "place": airport}),
        (texts.NIGHT, {**NIGHT_TIMES, "amount": Decimal(night)}),
        (texts.SHORT_NOTICE, {"kind": Kind.SHORT_NOTICE, "amount": Decimal(10), "notice_minutes": 240}),
        STOP,
        WAITING,
    )


SERVICES = (
    DemoService(
        "chauffeur-by-the-hour", Service.Kind.HOURLY, LYON, texts.CHAUFFEUR, texts.CHAUFFEUR_ABOUT,
        {"tax_rate": Decimal(20), "min_minutes": 30, "max_minutes": 12 * 60, "quick_minutes": [30, 60, 120, 240, 480]},
        (
            rate(Basis.HOUR, "70", car_class="comfort", day_cap="560", included_km_per_hour=20, excess_km_price="1.20"),
            rate(Basis.HOUR, "95", car_class="business", day_cap="760", included_km_per_hour=20, excess_km_price="1.60"),
            rate(Basis.HOUR, "82", car_class="offroad", day_cap="656", included_km_per_hour=25, excess_km_price="1.40"),
            rate(Basis.HOUR, "150", car_class="classic", included_km_per_hour=15, excess_km_price="3.00"),
        ),
        (
            (texts.NIGHT, {**NIGHT_TIMES, "percent": Decimal(20), "per": Per.UNIT}),
            NEW_YEAR,
            (texts.SHORT_NOTICE, {"kind": Kind.SHORT_NOTICE, "amount": Decimal(15), "notice_minutes": 240}),
            WAITING,
        ),
    ),
    DemoService(
        "lyon-airport-transfer", Service.Kind.TRANSFER, LYON, texts.LYON_TRANSFER, texts.TRANSFER_ABOUT,
        {"tax_rate": Decimal(10)},
        (
            rate(Basis.ROUTE, "68", from_place="lyon-saint-exupery", to_place="gare-part-dieu", minutes=35),
            rate(Basis.ROUTE, "89", from_place="lyon-saint-exupery", to_place="gare-part-dieu", minutes=35,
                 car_class="business"),
            rate(Basis.ZONES, "75", from_zone="lyon-airport", to_zone="lyon-centre", minutes=40),
            rate(Basis.ZONES, "98", from_zone="lyon-airport", to_zone="lyon-centre", minutes=40, car_class="business"),
            rate(Basis.ZONES, "120", from_zone="lyon-airport", to_zone="lyon-around", minutes=60),
            rate(Basis.BAND, "35", to_km=10, minutes=25),
            rate(Basis.BAND, "60", to_km=25, minutes=45),
            rate(Basis.BAND, "105", to_km=50, minutes=75, excess_km_price="2.10"),
        ),
        transfer_surcharges("lyon-saint-exupery", 6, 15),
    ),
    DemoService(
        "funchal-airport-transfer", Service.Kind.TRANSFER, FUNCHAL, texts.FUNCHAL_TRANSFER, texts.TRANSFER_ABOUT,
        {"tax_rate": Decimal(4)},
        (
            rate(Basis.ROUTE, "38", from_place="madeira-airport", to_place="funchal-marina", minutes=25),
            rate(Basis.ZONES, "42", from_zone="madeira-east", to_zone="funchal", minutes=30),
            rate(Basis.ZONES, "56", from_zone="madeira-east", to_zone="funchal", minutes=30, car_class="business"),
            rate(Basis.ZONES, "85", from_zone="madeira-east", to_zone="madeira-west", minutes=55),
            rate(Basis.BAND, "30", to_km=15, minutes=25),
            rate(Basis.BAND, "58", to_km=40, minutes=50, excess_km_price="1.60"),
        ),
        transfer_surcharges("madeira-airport", 4, 10),
    ),
    DemoService(
        "old-lyon-by-limousine", Service.Kind.TOUR, LYON, texts.OLD_LYON, texts.OLD_LYON_ABOUT,
        {"tax_rate": Decimal(10), "lead_time_minutes": 720},
        (rate(Basis.VEHICLE, "290", car_class="classic"),),
        hours=(time(9), time(20)),
        tour={"duration_minutes": 120, "meeting_place": "place-bellecour", "languages": ["en", "fr"],
              "default_capacity": 5, "min_passengers": 1},
    ),
    DemoService(
        "beaujolais-villages", Service.Kind.TOUR, LYON, texts.BEAUJOLAIS, texts.BEAUJOLAIS_ABOUT,
        {"tax_rate": Decimal(10), "lead_time_minutes": 1440},
        (rate(Basis.PERSON, "95", child_amount="48"), rate(Basis.VEHICLE, "360")),
        hours=(time(9), time(18)),
        tour={"duration_minutes": 300, "meeting_place": "gare-part-dieu", "languages": ["en", "fr", "es"],
              "default_capacity": 4, "min_passengers": 2},
    ),
    DemoService(
        "sunrise-at-pico-do-arieiro", Service.Kind.TOUR, FUNCHAL, texts.SUNRISE, texts.SUNRISE_ABOUT,
        {"tax_rate": Decimal(4), "lead_time_minutes": 720},
        (rate(Basis.PERSON, "55", child_amount="30"), rate(Basis.VEHICLE, "190")),
        hours=(time(4), time(12)),
        tour={"duration_minutes": 240, "meeting_place": "funchal-marina", "languages": ["en", "pt", "fr", "es"],
              "default_capacity": 4, "min_passengers": 2},
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DemoDeparture:
    """A departure of a tour; `day` is counted from today at its place. No demo booking has the car then."""

    tour: str
    car: str
    day: int
    clock: time
    language: str


DEPARTURES = (
    DemoDeparture("beaujolais-villages", "novara-4-estate", 6, time(9, 30), "en"),
    DemoDeparture("beaujolais-villages", "novara-4-estate", 24, time(9, 30), "fr"),
    DemoDeparture("beaujolais-villages", "fjell-x-offroad", 26, time(10), "es"),
    DemoDeparture("sunrise-at-pico-do-arieiro", "brannock-trail", 5, time(5), "en"),
    DemoDeparture("sunrise-at-pico-do-arieiro", "brannock-trail", 13, time(5), "pt"),
    DemoDeparture("sunrise-at-pico-do-arieiro", "brannock-trail", 20, time(5), "fr"),
)
