"""What rides cost, to the cent: the worked examples, and each rule by itself."""

from datetime import date, time, timedelta
from decimal import Decimal

import pytest

from cars.models import Extra
from cars.pricing.quote import LineItem
from cars.pricing.rides.inputs import NoPrice, RideOptions, RideTariff
from cars.pricing.rides.ride import quick_quotes, quote_ride
from cars.tests.support.priced_rides import (
    BUSINESS,
    CLASSIC,
    at,
    night,
    place,
    price,
    rate,
    service,
    surcharge,
    told,
)

TRANSFER = service("transfer", tax_rate=Decimal(10))
AIRPORT, TOWN, FARM = place(1, "airport", zone=1), place(2, "city", zone=2), place(3, zone=None)


def total(quote):
    return str(quote.total.amount)


# --- By the hour -------------------------------------------------------------------------------------------------------


def test_an_evening_by_the_hour():
    quote = price(service(), [rate(included_km_per_hour=20)], [night()], start=at("20:30"), minutes=195)
    assert told(quote) == [("ride_unit", 7, "332.50"), ("surcharge_night", 4, "38.00")]
    assert (total(quote), str(quote.tax.amount), quote.included_km) == ("370.50", "61.75", 70)


def test_quick_durations_cost_what_rides_of_that_length_cost():
    quotes = quick_quotes(service(), BUSINESS, at("12:00"), RideTariff([rate()]), RideOptions())
    assert [(minutes, total(quote)) for minutes, quote in quotes] == [
        (30, "190.00"),
        (60, "190.00"),
        (120, "190.00"),
        (240, "380.00"),
        (480, "760.00"),
    ]


@pytest.mark.parametrize(
    ("unit", "minutes", "units", "amount"),
    [(30, 120, 4, "190.00"), (30, 121, 5, "237.50"), (15, 121, 9, "213.75"), (60, 121, 3, "285.00")],
)
def test_a_unit_that_has_begun_counts(unit, minutes, units, amount):
    quote = price(service(unit_minutes=unit), [rate()], minutes=minutes)
    assert told(quote) == [("ride_unit", units, amount)]


@pytest.mark.parametrize(("day", "month"), [(31, 3), (27, 10)])
def test_three_hours_across_a_clock_change_are_three_hours(day, month):
    quote = price(service(), [rate()], start=at("01:00", day, month), minutes=180)
    assert told(quote) == [("ride_unit", 6, "285.00")]


def test_at_the_end_of_summer_the_hour_that_comes_twice_counts_twice():
    """From 01:00 to 04:00 by the clock four hours go by."""
    start, end = at("01:00", 27, 10), at("04:00", 27, 10)
    assert told(quote_ride(service(), BUSINESS, (start, end), RideTariff([rate()]))) == [
        ("ride_unit", 8, "380.00")
    ]


@pytest.mark.parametrize(
    ("hours", "off"), [(4, None), (5, "-75.00"), (24, "-1880.00"), (26, "-1880.00"), (29, "-1955.00")]
)
def test_a_day_costs_its_most_and_the_rest_goes_on_by_the_hour(hours, off):
    quote = price(service(), [rate(day_cap="400")], minutes=hours * 60)
    assert [line[2] for line in told(quote)[1:]] == ([off] if off else [])


def test_the_class_has_its_own_rate_or_the_common_one():
    rates = [rate(pk=1), rate(pk=2, amount="140", car_class=CLASSIC)]
    assert total(price(service(), rates, car_class=BUSINESS)) == "190.00"
    assert total(price(service(), rates, car_class=CLASSIC)) == "280.00"
    with pytest.raises(NoPrice):
        price(service(), rates[1:], car_class=BUSINESS)


def test_a_ride_ends_after_it_begins():
    with pytest.raises(ValueError, match="ends after"):
        price(service(), [rate()], minutes=0)


def test_km_beyond_those_included_have_a_price_by_the_hour_alone():
    assert str(price(service(), [rate(excess_km_price="2.10")]).excess_km_price.amount) == "2.10"
    band = rate("band", "40", to_km=100, excess_km_price="3")
    assert not price(TRANSFER, [band], km=Decimal(5)).excess_km_price


# --- Transfers ---------------------------------------------------------------------------------------------------------


def test_a_transfer_at_night_from_the_airport():
    quote = price(
        TRANSFER,
        [rate("route", "85", from_place=AIRPORT, to_place=TOWN)],
        [surcharge("airport", amount="8"), night(None, amount="15", per="ride", pk=8)],
        start=at("23:10"),
        from_place=AIRPORT,
        to_place=TOWN,
    )
    assert told(quote) == [
        ("ride", 1, "85.00"),
        ("surcharge_airport", 1, "8.00"),
        ("surcharge_night", 1, "15.00"),
    ]
    assert (total(quote), str(quote.tax.amount)) == ("108.00", "9.82")


BANDS = [
    rate("band", amount, pk=km, to_km=km, excess_km_price="2.10")
    for km, amount in ((50, "105"), (10, "40"), (25, "65"))
]


@pytest.mark.parametrize(
    ("km", "amount"),
    [
        ("0", "40.00"),
        ("10", "40.00"),
        ("10.1", "65.00"),
        ("50", "105.00"),
        ("50.1", "107.10"),
        ("62.4", "132.30"),
    ],
)
def test_a_distance_costs_the_shortest_band_that_is_long_enough(km, amount):
    assert total(price(TRANSFER, BANDS, km=Decimal(km))) == amount


def test_nobody_goes_farther_than_the_longest_band_without_a_price_per_km():
    bands = [rate("band", "40", to_km=10)]
    assert total(price(TRANSFER, bands, km=Decimal(10))) == "40.00"
    with pytest.raises(NoPrice):
        price(TRANSFER, bands, km=Decimal("10.1"))


def test_a_class_with_bands_of_its_own_has_no_others():
    bands = [*BANDS, rate("band", "90", pk=9, to_km=20, car_class=CLASSIC)]
    assert total(price(TRANSFER, bands, km=Decimal(5), car_class=CLASSIC)) == "90.00"
    with pytest.raises(NoPrice):
        price(TRANSFER, bands, km=Decimal(30), car_class=CLASSIC)


def test_two_places_count_before_their_zones_and_those_before_the_distance():
    rates = [
        *BANDS,
        rate("zones", "70", pk=1, from_zone_id=1, to_zone_id=2),
        rate("route", "60", pk=2, from_place=AIRPORT, to_place=TOWN),
    ]
    ends = {"from_place": AIRPORT, "to_place": TOWN}
    assert total(price(TRANSFER, rates, **ends)) == "60.00"
    assert total(price(TRANSFER, rates[:-1], **ends)) == "70.00"
    assert total(price(TRANSFER, rates[:-2], **ends)) == "40.00"
    assert total(price(TRANSFER, rates, from_place=AIRPORT, to_place=FARM)) == "40.00"


def test_a_rate_of_one_way_is_not_one_of_the_other():
    route = {"from_place": AIRPORT, "to_place": TOWN}
    back = {"from_place": TOWN, "to_place": AIRPORT}
    assert total(price(TRANSFER, [rate("route", "60", **route)], **back)) == "60.00"
    with pytest.raises(NoPrice):
        price(TRANSFER, [rate("route", "60", both_ways=False, **route)], **back)
    both = [rate("route", "60", **route), rate("route", "75", pk=2, **back)]
    assert total(price(TRANSFER, both, **back)) == "75.00"
    assert total(price(TRANSFER, both, **route)) == "60.00"


def test_a_distance_is_about_what_roads_take():
    saint_exupery, part_dieu = (
        place(1, where=("45.7256", "5.0811")),
        place(2, where=("45.7605", "4.8612")),
    )
    quote = price(TRANSFER, BANDS, from_place=saint_exupery, to_place=part_dieu)
    assert told(quote) == [("ride", 1, "65.00")]  # 17.5 km over the ground, 22.8 by road


def test_without_places_or_km_there_is_no_price():
    with pytest.raises(NoPrice):
        price(TRANSFER, BANDS)


# --- Tours -------------------------------------------------------------------------------------------------------------


def test_a_tour_by_the_head_and_by_the_car():
    rates = [rate("person", "89", child_amount="45"), rate("vehicle", "420", pk=2)]
    heads = {"passengers": 2, "children": 1}
    quote = price(service("tour"), rates, **heads)
    assert told(quote) == [("ride_adult", 2, "178.00"), ("ride_child", 1, "45.00")]
    assert total(price(service("tour"), rates, private=True, **heads)) == "420.00"


def test_a_child_without_a_price_of_its_own_costs_what_everybody_does():
    quote = price(service("tour"), [rate("person", "89")], passengers=1, children=2)
    assert total(quote) == "267.00"
    assert total(price(service("tour"), [rate("person", "89", child_amount="0")], children=2)) == "89.00"


# --- Surcharges --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clock", "charged"),
    [("21:59", False), ("22:00", True), ("03:00", True), ("05:59", True), ("06:00", False)],
)
def test_a_night_begins_and_ends_at_its_minute(clock, charged):
    quote = price(service(), [rate()], [night(per="ride")], start=at(clock), minutes=120)
    assert ("surcharge_night" in [line.code for line in quote.lines]) == charged


@pytest.mark.parametrize(
    ("start", "charged"),
    [
        (at("23:00", 7), True),  # Friday
        (at("02:00", 8), True),  # the night of Friday still
        (at("23:00", 8), False),
        (at("02:00", 7), False),
    ],
)
def test_a_night_is_of_the_weekday_on_which_it_began(start, charged):
    quote = price(service(), [rate()], [night(per="ride", weekdays=1 << 4)], start=start)
    assert (len(quote.lines) == 2) == charged


def test_a_night_is_told_by_the_clock_of_the_service():
    madeira = service(zone="Atlantic/Madeira")
    quote = price(madeira, [rate()], [night()], start=at("22:30"), minutes=120)
    assert told(quote)[1:] == [("surcharge_night", 3, "28.50")]  # there it is 21:30


HOLIDAY = {"first_day": date(2018, 12, 24), "last_day": date(2019, 1, 1), "per": "unit"}


@pytest.mark.parametrize(
    ("day", "month", "year", "once", "yearly"),
    [
        (23, 12, 2018, False, False),
        (24, 12, 2018, True, True),
        (1, 1, 2019, True, True),
        (2, 1, 2019, False, False),
        (31, 12, 2019, False, True),
    ],
)
def test_holidays_are_once_or_every_year_also_over_new_year(day, month, year, once, yearly):
    for every_year, charged in ((False, once), (True, yearly)):
        holiday = surcharge("holiday", percent=Decimal(50), every_year=every_year, **HOLIDAY)
        quote = price(service(), [rate()], [holiday], start=at("12:00", day, month, year))
        assert (len(quote.lines) == 2) == charged


def test_only_the_units_on_the_holiday_are_charged():
    holiday = surcharge("holiday", percent=Decimal(50), **HOLIDAY)
    quote = price(service(), [rate()], [holiday], start=at("22:30", 23, 12, 2018), minutes=180)
    assert told(quote)[1:] == [("surcharge_holiday", 3, "71.25")]


@pytest.mark.parametrize(("notice", "charged"), [(239, True), (240, False), (None, False)])
def test_short_notice_is_shorter_than_its_minutes(notice, charged):
    short = surcharge("short_notice", amount="15", notice_minutes=240)
    booked = None if notice is None else at("12:00") - timedelta(minutes=notice)
    quote = price(service(), [rate()], [short], booked_at=booked)
    assert (told(quote)[1:] == [("surcharge_short_notice", 1, "15.00")]) == charged


def test_stops_and_waiting_are_counted():
    more = [
        surcharge("extra_stop", amount="8", per="stop"),
        surcharge("waiting", amount="12", per="quarter_hour", pk=8),
    ]
    quote = price(service(), [rate()], more, stops=2, waited=16)
    assert told(quote)[1:] == [("surcharge_extra_stop", 2, "16.00"), ("surcharge_waiting", 2, "24.00")]
    assert len(price(service(), [rate()], more).lines) == 1


def test_a_surcharge_of_a_place_or_a_class_touches_no_other():
    fee = surcharge("airport", amount="8")
    route = [rate("band", "40", to_km=1000)]
    for start, charged in ((AIRPORT, 2), (TOWN, 1)):
        assert len(price(TRANSFER, route, [fee], from_place=start, to_place=FARM).lines) == charged
    fee.place = TOWN
    assert len(price(TRANSFER, route, [fee], from_place=FARM, to_place=TOWN).lines) == 2
    assert len(price(TRANSFER, route, [fee], from_place=AIRPORT, to_place=FARM).lines) == 1
    of_classic = night(per="ride", car_class=CLASSIC)
    for car_class, lines in ((BUSINESS, 1), (CLASSIC, 2)):
        quote = price(service(), [rate()], [of_classic], start=at("23:00"), car_class=car_class)
        assert len(quote.lines) == lines


def test_surcharges_are_on_the_rate_and_not_on_each_other():
    both = [night(per="ride"), surcharge("airport", percent=Decimal(10), pk=8)]
    quote = price(
        TRANSFER,
        [rate("route", "100", from_place=AIRPORT, to_place=TOWN)],
        both,
        start=at("23:00"),
        from_place=AIRPORT,
        to_place=TOWN,
    )
    assert [line[2] for line in told(quote)] == ["100.00", "20.00", "10.00"]


# --- Lines -------------------------------------------------------------------------------------------------------------


def test_extras_cost_each_day_that_the_ride_touches():
    seat = Extra(pk=5, name="Child seat", price=Decimal(8), per="day")
    quote = price(service(), [rate()], start=at("23:00"), minutes=120, extras=((seat, 2),))
    assert told(quote)[1:] == [("extra", 4, "32.00")]
    ends_at_midnight = price(service(), [rate()], start=at("22:00"), minutes=120, extras=((seat, 2),))
    assert told(ends_at_midnight)[1:] == [("extra", 2, "16.00")]


def test_every_line_keeps_the_tax_rate_of_the_service(settings):
    settings.TAX_RATE = "99"
    seat = Extra(pk=5, name="Child seat", price=Decimal(11))
    quote = price(TRANSFER, [rate("band", "40", to_km=1000)], km=Decimal(1), extras=((seat, 1),))
    assert {line.tax_rate for line in quote.lines} == {Decimal(10)}
    assert str(quote.lines[1].tax.amount) == "1.00"
    again = LineItem.from_json(quote.lines[0].as_json(), "EUR")
    assert again == quote.lines[0]


def test_tax_is_added_where_prices_are_without(settings):
    settings.TAX_INCLUDED = False
    quote = price(TRANSFER, [rate("band", "40", to_km=1000)], km=Decimal(1))
    assert (total(quote), str(quote.tax.amount)) == ("44.00", "4.00")


def test_a_line_of_a_rental_is_frozen_as_it_was():
    line = LineItem.from_json(
        {"code": "day", "quantity": 1, "unit_price": "10", "tax": "1", "amount": "10"}, "EUR"
    )
    assert line.tax_rate is None
    assert "tax_rate" not in line.as_json()


def test_night_hours_that_do_not_cross_midnight():
    lunch = night(from_time=time(12), to_time=time(13))
    quote = price(service(), [rate()], [lunch], start=at("11:30"), minutes=120)
    assert told(quote)[1:] == [("surcharge_night", 2, "19.00")]
