"""Services, rates and surcharges that were never stored, for prices that ask no database."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from cars.models import CarClass, Location, Place, RideRate, Service, Surcharge, Zone
from cars.pricing.rides.inputs import RideOptions, RideTariff
from cars.pricing.rides.ride import quote_ride

PARIS = ZoneInfo("Europe/Paris")
BUSINESS, CLASSIC = (
    CarClass(pk=n, name=name, passengers=3) for n, name in enumerate(("Business", "Classic"), 1)
)


def at(clock, day=5, month=6, year=2019):
    """An instant by the clock in Paris; 5 June 2019 was a Wednesday."""
    hours, minutes = map(int, clock.split(":"))
    return datetime(year, month, day, hours, minutes, tzinfo=PARIS)


def service(kind="hourly", zone="Europe/Paris", **facts):
    facts = {"tax_rate": Decimal(20), "min_minutes": 120, "max_minutes": 10080, "deposit": Decimal(0)} | facts
    return Service(pk=1, kind=kind, name="Ride", location=Location(time_zone=zone), **facts)


def rate(basis="hour", amount="95.00", pk=1, **facts):
    money = ("day_cap", "excess_km_price", "child_amount")
    facts = {name: Decimal(value) if name in money else value for name, value in facts.items()}
    return RideRate(pk=pk, service_id=1, basis=basis, amount=Decimal(amount), **facts)


def night(percent=20, **facts):
    facts = {"from_time": time(22), "to_time": time(6), "per": "unit"} | facts
    return surcharge("night", percent=None if percent is None else Decimal(percent), **facts)


def surcharge(kind, pk=7, **facts):
    if facts.get("amount") is not None:
        facts["amount"] = Decimal(facts["amount"])
    return Surcharge(pk=pk, service_id=1, kind=kind, name=kind.title(), **facts)


def place(pk, kind="other", zone=None, where=("45.75", "4.85")):
    latitude, longitude = map(Decimal, where)
    zone = Zone(pk=zone) if zone else None
    return Place(pk=pk, name=f"P{pk}", kind=kind, zone=zone, latitude=latitude, longitude=longitude)


def price(what, rates, surcharges=(), *, start=None, minutes=60, car_class=BUSINESS, private=False, **chosen):
    """The quote of a ride."""
    start = start or at("12:00")
    span = (start, start.astimezone(ZoneInfo("UTC")) + timedelta(minutes=minutes))
    tariff = RideTariff(tuple(rates), tuple(surcharges))
    return quote_ride(what, car_class, span, tariff, RideOptions(**chosen), private=private)


def told(quote):
    """Code, quantity and amount of each line."""
    return [(line.code, line.quantity, str(line.amount.amount)) for line in quote.lines]
