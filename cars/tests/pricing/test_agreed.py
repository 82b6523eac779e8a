"""What was agreed keeps its price; what is added costs what it costs today."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cars.models import Car, Discount, Extra, Fee, Season
from cars.pricing.adjust import with_adjustment
from cars.pricing.agreed import Pricing, Rental, as_of_today, keep_total, price, reprice
from cars.pricing.daily import PricingOptions, Quote, Tariff, quote_rental
from exodrive.tests.support.money import eur

MONDAY = date(2027, 3, 1)  # only its weekday counts


def days(n, start=0):
    return tuple(MONDAY + timedelta(days=start + i) for i in range(n))


def car(rate="50", **fields):
    return Car(
        pk=fields.pop("pk", 1),
        daily_rate=Decimal(rate),
        deposit=Decimal(300),
        excess_km_price=Decimal(0),
        **fields,
    )


NO_WISH, NO_TARIFF = PricingOptions(), Tariff()


def repriced(agreed, was, now, options=NO_WISH, wanted=None, tariff=NO_TARIFF):
    (old, old_days), (new, new_days) = was, now
    return reprice(agreed, Rental(old, old_days, options), Rental(new, new_days, wanted or options), tariff)


def test_an_extension_costs_todays_price_for_the_days_added_alone():
    agreed = quote_rental(car("50"), days(4))
    after = repriced(agreed, (car("70"), days(4)), (car("70"), days(6)))
    assert [(line.quantity, line.unit_price) for line in after.lines] == [(4, eur(50)), (2, eur(70))]
    assert after.total == eur(340)
    assert after.included_km == 6 * 200


def test_days_that_go_give_back_what_they_cost():
    agreed = quote_rental(car("50", weekend_rate=Decimal(80)), days(6))  # Monday to Saturday
    today = car("90", weekend_rate=Decimal(100))
    assert agreed.total == eur(330)
    assert repriced(agreed, (today, days(6)), (today, days(5))).total == eur(250)
    assert repriced(agreed, (today, days(6)), (today, days(2, 4))).total == eur(130)


def test_at_the_same_rates_it_costs_what_a_new_booking_does():
    rates = car("33.33", weekend_rate=Decimal("44.44"))
    tariff = Tariff(
        seasons=[Season(pk=1, name="March", start_date=MONDAY, end_date=days(9)[-1], percent=120)]
    )
    agreed = quote_rental(rates, days(4), tariff)
    after = repriced(agreed, (rates, days(4)), (rates, days(13)), tariff=tariff)
    assert after == quote_rental(rates, days(13), tariff)


def test_another_car_costs_its_own_price_and_the_same_car_by_another_name_none():
    agreed, other = quote_rental(car("50"), days(4)), car("90", pk=2)
    assert repriced(agreed, (car("50"), days(4)), (other, days(4))).total == eur(360)
    assert repriced(agreed, (other, days(4)), (other, days(4))) == agreed


def test_a_discount_stays_on_the_days_that_had_it_and_goes_with_their_number():
    week = Discount(pk=1, name="Week", min_days=7, percent=Decimal(10))
    agreed = quote_rental(car("50"), days(8), Tariff(discounts=[week]))
    dearer = car("100")
    assert agreed.total == eur(360)
    for tariff in (Tariff(), Tariff(discounts=[week])):
        assert repriced(agreed, (dearer, days(8)), (dearer, days(8)), tariff=tariff) == agreed
    longer = repriced(agreed, (dearer, days(8)), (dearer, days(9)), tariff=Tariff(discounts=[week]))
    shorter = repriced(agreed, (dearer, days(8)), (dearer, days(5)), tariff=Tariff(discounts=[week]))
    assert (longer.total, shorter.total) == (eur(450), eur(250))


def test_fees_and_extras_stay_as_many_as_they_were_and_more_cost_todays_price():
    seat = Extra(pk=1, name="Child seat", price=Decimal(5), per="day")
    wash = Fee(pk=1, name="Cleaning", kind="cleaning", amount=Decimal(20))
    one, two = PricingOptions(1, 1, extras=((seat, 1),)), PricingOptions(1, 1, extras=((seat, 2),))
    agreed = quote_rental(car(), days(4), Tariff(fees=[wash]), one)
    seat.price, wash.amount = Decimal(8), Decimal(35)
    new = Fee(pk=2, name="Parking", kind="other", amount=Decimal(99))
    tariff = Tariff(fees=[wash, new])
    same = (car(), days(4))
    assert agreed.total == eur(240)
    assert repriced(agreed, same, same, one, tariff=tariff) == agreed
    assert repriced(agreed, same, same, one, two, tariff).total == eur(240 + 4 * 8)
    assert repriced(agreed, same, (car(), days(5)), one, tariff=tariff).total == eur(240 + 50 + 8)
    assert repriced(agreed, same, same, one, PricingOptions(1, 1), tariff).total == eur(220)
    assert repriced(agreed, same, same, one, tariff=Tariff()).total == eur(240)


def test_a_fee_that_a_wish_brings_costs_what_it_costs_today():
    agreed = quote_rental(car(), days(2), Tariff(), PricingOptions(1, 1))
    way = Fee(pk=1, name="One-way", kind="one_way", amount=Decimal(60))
    same = (car(), days(2))
    after = repriced(agreed, same, same, PricingOptions(1, 1), PricingOptions(1, 2), Tariff(fees=[way]))
    assert after.total == eur(160)
    back = repriced(after, same, same, PricingOptions(1, 2), PricingOptions(1, 1), Tariff(fees=[way]))
    assert back == agreed


@pytest.mark.parametrize("length", [1, 9])
def test_a_quote_that_does_not_say_which_days_it_counts_keeps_them_all_the_same(length):
    rates = car("50", weekend_rate=Decimal(80))
    frozen = quote_rental(rates, days(length)).as_json()
    for line in frozen["lines"]:
        del line["dates"]
    agreed, today = Quote.from_json(frozen), car("60", weekend_rate=Decimal(90))
    after = repriced(agreed, (today, days(length)), (today, days(length + 1)))
    assert after.total == agreed.total + eur(60)


# --- Keeping the price, asking today's, and what staff put there by hand -----------------------------------------


def kept(agreed, was, now, options=NO_WISH, wanted=None, tariff=NO_TARIFF):
    (old, old_days), (new, new_days) = was, now
    return keep_total(
        agreed, Rental(old, old_days, options), Rental(new, new_days, wanted or options), tariff
    )


def test_days_for_nothing_stand_on_the_quote_and_go_again_for_nothing():
    agreed, today = quote_rental(car("50"), days(4)), car("70")
    longer = kept(agreed, (today, days(4)), (today, days(6)))
    assert [(line.quantity, line.unit_price) for line in longer.lines] == [(4, eur(50)), (2, eur(0))]
    assert (longer.total, longer.included_km) == (eur(200), 6 * 200)
    again = repriced(longer, (today, days(6)), (today, days(4)))
    assert again == agreed
    assert repriced(longer, (today, days(6)), (today, days(7))).total == eur(270)


def test_days_that_go_give_nothing_back_and_days_that_move_take_their_price_along():
    agreed, today = quote_rental(car("50"), days(4)), car("70")
    shorter = kept(agreed, (today, days(4)), (today, days(3)))
    assert [(line.code, line.amount) for line in shorter.lines] == [("day", eur(150)), ("kept", eur(50))]
    assert kept(shorter, (today, days(3)), (today, days(4))).total == eur(200)
    later = kept(agreed, (today, days(4)), (today, days(4, 9)))
    assert [(line.quantity, line.unit_price) for line in later.lines] == [(4, eur(50))]
    assert later.lines[0].dates == days(4, 9)


def test_another_car_and_wishes_cost_nothing_where_the_price_is_kept():
    seat = Extra(pk=1, name="Child seat", price=Decimal(5), per="day")
    way = Fee(pk=1, name="One-way", kind="one_way", amount=Decimal(60))
    week = Discount(pk=1, name="Week", min_days=4, percent=Decimal(10))
    tariff = Tariff(fees=[way], discounts=[week])
    agreed = quote_rental(car("50"), days(4), tariff, PricingOptions(1, 1))
    wanted = PricingOptions(1, 2, extras=((seat, 1),))
    after = kept(
        agreed, (car("50"), days(4)), (car("90", pk=2), days(5)), PricingOptions(1, 1), wanted, tariff
    )
    assert after.total == agreed.total == eur(180)
    assert [line.code for line in after.lines] == ["day", "day", "discount", "fee_one_way", "extra"]


def test_what_staff_put_there_by_hand_stays_whatever_changes():
    agreed = with_adjustment(quote_rental(car("50"), days(4)), eur(-20), "Dirty")
    today = car("70")
    for length, total in ((4, 180), (6, 320), (2, 80)):
        after = repriced(agreed, (today, days(4)), (today, days(length)))
        assert (after.total, after.lines[-1]) == (eur(total), agreed.lines[-1])
    assert repriced(agreed, (today, days(4)), (car("90", pk=2), days(4))).total == eur(340)
    assert kept(agreed, (today, days(4)), (today, days(6))).total == eur(180)
    now = as_of_today(agreed, Rental(today, days(6), NO_WISH), NO_TARIFF)
    assert (now.total, now.lines[-1].label) == (eur(400), "Adjustment: Dirty")
    shorter = kept(agreed, (today, days(4)), (today, days(3)))
    assert as_of_today(shorter, Rental(today, days(3), NO_WISH), NO_TARIFF).total == eur(190)


def test_a_fee_a_day_that_has_left_the_catalogue_goes_with_its_days():
    parking = Fee(pk=1, name="Parking", kind="other", amount=Decimal(3), per="day")
    agreed = quote_rental(car(), days(4), Tariff(fees=[parking]))
    assert repriced(agreed, (car(), days(4)), (car(), days(2))).total == eur(2 * 53)
    assert repriced(agreed, (car(), days(4)), (car(), days(5))).total == eur(4 * 53 + 50)


FEES = st.lists(
    st.tuples(
        st.sampled_from(["cleaning", "other", "young_driver", "delivery", "one_way"]),
        st.sampled_from(["day", "rental"]),
        st.integers(1, 90),
    ),
    max_size=4,
)


def fees_of(drawn, first=1):
    return [
        Fee(pk=first + n, name="F", kind=kind, per=per, amount=Decimal(amount), below_age=25)
        for n, (kind, per, amount) in enumerate(drawn)
    ]


@given(
    then=FEES,
    later=FEES,
    length=st.integers(1, 9),
    more=st.integers(0, 5),
    options=st.builds(
        PricingOptions,
        pick_up=st.just(1),
        drop_off=st.sampled_from([1, 2]),
        delivery=st.booleans(),
        driver_age=st.sampled_from([None, 20, 40]),
    ),
)
def test_fees_made_after_the_booking_are_owed_for_added_days_alone(then, later, length, more, options):
    """Whatever they are: what was agreed stays to the cent, and the rest is what the added days cost by themselves."""
    old, new = fees_of(then), fees_of(later, first=50)
    agreed = quote_rental(car("50"), days(length), Tariff(fees=old), options)
    today = Tariff(fees=[*old, *new])
    same = (car("70"), days(length))
    assert repriced(agreed, same, same, options, tariff=today) == agreed
    longer = repriced(agreed, same, (car("70"), days(length + more)), options, tariff=today)
    per_day = [fee for fee in [*old, *new] if fee.per == "day"]
    added = quote_rental(car("70"), days(more), Tariff(fees=per_day), options).total if more else eur(0)
    assert longer.total == agreed.total + added
    kept_total = kept(agreed, same, (car("70"), days(length + more)), options, tariff=today)
    assert kept_total.total == agreed.total


@given(
    length=st.integers(1, 9),
    steps=st.lists(
        st.tuples(st.integers(0, 12), st.integers(1, 9), st.sampled_from(["added", "kept", "today"])),
        min_size=1,
        max_size=4,
    ),
    by_hand=st.integers(-20, 90),
    percent=st.integers(0, 30),
)
def test_whatever_changes_a_kept_price_is_kept_and_every_day_is_counted_once(length, steps, by_hand, percent):
    tariff = Tariff(
        discounts=[Discount(pk=1, name="D", min_days=3, percent=Decimal(percent))] if percent else []
    )
    quote, was = quote_rental(car("50"), days(length), tariff), days(length)
    quote = with_adjustment(quote, eur(by_hand), "by hand")
    hand = quote.lines[-1:] if by_hand else ()
    for start, n, how in steps:
        now, before = days(n, start), quote.total
        pair = Rental(car("70"), was, NO_WISH), Rental(car("70"), now, NO_WISH)
        quote = price(Pricing(how), quote, *pair, tariff)
        assert how != "kept" or quote.total == before
        assert how != "today" or quote.total == quote_rental(car("70"), now, tariff).total + eur(by_hand)
        counted = [day for line in quote.lines for day in line.dates]
        assert sorted(counted) == list(now)
        assert sum(line.quantity for line in quote.lines if line.is_days) == n
        assert tuple(line for line in quote.lines if line.code == "adjustment") == hand
        was = now
