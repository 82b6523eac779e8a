"""What holds for every ride: exact cents, no ride cheaper for being longer, no surcharge that takes something off."""

from datetime import date, timedelta
from decimal import Decimal

from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from cars.pricing.rides.distance import road_km
from cars.pricing.rides.inputs import RideOptions, RideTariff
from cars.pricing.rides.ride import quick_quotes
from cars.tests.support.priced_rides import BUSINESS, at, night, place, price, rate, service, surcharge

AIRPORT, TOWN = place(1, "airport"), place(2, where=("45.76", "4.83"))
cents = st.decimals("0.01", "9999.99", places=2)
minutes = st.integers(1, 3 * 24 * 60)
starts = st.integers(0, 365 * 24 * 60).map(lambda n: at("00:00", 1, 1) + timedelta(minutes=n))
percents = st.decimals("0.1", "300", places=1)
times = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))


@st.composite
def nights(draw):
    start = draw(times)
    end = draw(times.filter(lambda clock: clock != start))
    return night(draw(percents), from_time=start, to_time=end, per=draw(st.sampled_from(["ride", "unit"])))


@st.composite
def hourly(draw):
    amount = draw(cents)
    cap = draw(st.none() | st.decimals("0", "20000", places=2).map(lambda more: amount + more))
    facts = {} if cap is None else {"day_cap": cap}
    what = service(unit_minutes=draw(st.sampled_from([15, 30, 60])), min_minutes=draw(st.integers(1, 300)))
    return what, rate(amount=amount, **facts)


holidays = st.builds(
    lambda first, length, percent, yearly: surcharge(
        "holiday",
        first_day=first,
        last_day=first + timedelta(days=length),
        percent=percent,
        every_year=yearly,
        per="unit",
        pk=8,
    ),
    st.dates(date(2017, 1, 1), date(2019, 12, 31)),
    st.integers(0, 364),
    percents,
    st.booleans(),
)


@given(
    of=hourly(),
    start=starts,
    length=minutes,
    more=st.lists(nights() | holidays, max_size=3),
    added=st.booleans(),
)
def test_a_quote_is_the_sum_of_whole_cents_and_holds_its_tax(of, start, length, more, added):
    with override_settings(TAX_INCLUDED=not added):
        quote = price(of[0], [of[1]], more, start=start, minutes=length)
    assert quote.total.amount == sum(line.amount.amount for line in quote.lines)
    assert quote.total == quote.total.rounded()
    assert quote.total.amount >= 0
    for line in quote.lines:
        listed = line.listed.rounded()
        assert line.before_tax + line.tax == line.amount
        assert (line.before_tax if added else line.amount) == listed
        exact = line.before_tax.amount * 20 / 100
        assert abs(line.tax.amount - exact) <= Decimal("0.01")


@given(
    of=hourly(),
    start=starts,
    length=minutes,
    longer=st.integers(0, 600),
    more=st.lists(nights() | holidays, max_size=2),
)
def test_a_longer_ride_never_costs_less(of, start, length, longer, more):
    more = [one for one in more if one.per == "unit"]
    short, long = (
        price(of[0], [of[1]], more, start=start, minutes=n).total for n in (length, length + longer)
    )
    assert short <= long


@given(of=hourly(), start=starts, length=minutes)
def test_no_24_hours_cost_more_than_their_most(of, start, length):
    what, hour = of
    quote = price(what, [hour], start=start, minutes=max(length, what.min_minutes))
    days = -(-max(length, what.min_minutes) // what.unit_minutes * what.unit_minutes // (24 * 60))
    if hour.day_cap is not None:
        assert quote.total.amount <= days * hour.day_cap


@given(
    of=hourly(), start=starts, length=minutes, one=nights() | holidays, rest=st.lists(nights(), max_size=2)
)
def test_a_surcharge_adds_what_its_line_says_and_changes_no_other(of, start, length, one, rest):
    without = price(of[0], [of[1]], rest, start=start, minutes=length)
    within = price(of[0], [of[1]], [*rest, one], start=start, minutes=length)
    assert within.lines[: len(without.lines)] == without.lines
    assert all(line.amount.amount >= 0 for line in within.lines[len(without.lines) :])


@given(of=hourly(), start=starts, length=minutes, one=nights())
def test_a_window_and_the_rest_of_the_day_are_all_units(of, start, length, one):
    """Each unit begins in the window or in what is left of the day, never in both."""
    one.per = "unit"
    rest = night(one.percent, from_time=one.to_time, to_time=one.from_time, pk=8)
    quote = price(of[0], [of[1]], [one, rest], start=start, minutes=length)
    counted = sum(line.quantity for line in quote.lines if line.code == "surcharge_night")
    assert counted == quote.lines[0].quantity


@given(amount=cents, unit=st.sampled_from([15, 30, 60]), hours=st.integers(1, 72), start=starts)
def test_an_hour_costs_its_rate_whatever_it_is_charged_by(amount, unit, hours, start):
    what = service(unit_minutes=unit, min_minutes=1)
    assert price(what, [rate(amount=amount)], start=start, minutes=60 * hours).total.amount == hours * amount


@given(of=hourly(), start=starts, more=st.lists(nights(), max_size=2))
def test_a_quick_duration_is_a_ride_of_that_length(of, start, more):
    what, hour = of
    for length, quote in quick_quotes(what, BUSINESS, start, RideTariff([hour], more), RideOptions()):
        assert quote == price(what, [hour], more, start=start, minutes=length)


@given(
    bands=st.lists(st.tuples(st.integers(1, 300), st.integers(1, 500)), min_size=1, max_size=5, unique_by=lambda b: b[0]),
    km=st.tuples(*[st.decimals(0, 900, places=1)] * 2),
    excess=st.decimals("0.01", "9", places=2),
)  # fmt: skip
def test_farther_never_costs_less_where_longer_bands_do_not(bands, km, excess):
    amounts = sorted(amount for _to, amount in bands)
    rates = [
        rate("band", str(amount), pk=to, to_km=to, excess_km_price=excess)
        for (to, _any), amount in zip(sorted(bands), amounts, strict=True)
    ]
    what = service("transfer", tax_rate=Decimal(10))
    near, far = (price(what, rates, km=distance).total for distance in sorted(km))
    assert near <= far


@given(
    amount=cents,
    others=st.lists(cents, max_size=2),
    way=st.permutations([AIRPORT, TOWN]),
    start=starts,
    stops=st.integers(0, 9),
    fee=cents,
)
def test_a_transfer_costs_its_rate_and_its_surcharges_whichever_way(amount, others, way, start, stops, fee):
    rates = [rate("route", amount, from_place=AIRPORT, to_place=TOWN)]
    rates += [rate("band", other, pk=n, to_km=n) for n, other in enumerate(others, 50)]
    more = [surcharge("airport", amount=fee), surcharge("extra_stop", amount=fee, per="stop", pk=8)]
    ends = {"from_place": way[0], "to_place": way[1]}
    quote = price(service("transfer", tax_rate=Decimal(10)), rates, more, start=start, stops=stops, **ends)
    assert quote.total.amount == amount + fee * (1 + stops)


@given(adults=st.integers(1, 60), children=st.integers(0, 60), each=cents, child=cents)
def test_a_tour_costs_its_heads(adults, children, each, child):
    quote = price(
        service("tour"), [rate("person", each, child_amount=child)], passengers=adults, children=children
    )
    assert quote.total.amount == adults * each + children * child


@given(
    where=st.lists(
        st.tuples(st.decimals(-90, 90, places=4), st.decimals(-180, 180, places=4)), min_size=3, max_size=3
    )
)
def test_distances_are_the_same_both_ways_and_no_detour_is_shorter(where):
    a, b, c = (place(n, where=one) for n, one in enumerate(where))
    assert road_km(a, b) == road_km(b, a) >= 0
    assert road_km(a, c) <= road_km(a, b) + road_km(b, c) + 1  # rounding, three times
    assert road_km(a, a) == 0
