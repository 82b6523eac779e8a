"""What was agreed keeps its price; what is added costs what it costs today."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from cars.models import Car, Discount, Extra, Fee, Season
from cars.pricing.agreed import Rental, reprice
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
