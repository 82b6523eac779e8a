"""Amounts are stored as they are, in every currency, and the dearest rental still fits its columns."""

from datetime import timedelta
from decimal import Decimal

import pytest
from babel.numbers import list_currencies
from django.core.exceptions import ValidationError
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from bookings.days import FIRST_DAY, LAST_DAY, Days
from bookings.lifecycle.change import change_booking
from bookings.lifecycle.change_request import ChangeRequest
from bookings.lifecycle.validation import MAX_EXTRAS, MAX_QUANTITY
from bookings.models import Booking, BookingChange
from bookings.tests.support.api import Api
from bookings.tests.support.factories import CarFactory, in_days, make_booking, make_desk
from cars.models import Car, Extra, Fee, Season
from cars.pricing.daily import PricingOptions, Tariff, quote_rental
from exodrive.db.amounts import DECIMALS, AmountField, PriceField
from exodrive.money import Money, digits_of
from exodrive.rls import STAFF, acting_as, as_owner

DEAREST = Decimal(10) ** PriceField.WHOLE - Decimal(10) ** -DECIMALS
ROOM = Decimal(10) ** AmountField.WHOLE
FOREVER = (LAST_DAY - FIRST_DAY).days + 1
FEES = 100  # more than anybody lists

prices = st.decimals(0, DEAREST, places=DECIMALS) | st.just(DEAREST)


def test_columns_have_the_decimals_of_every_currency():
    assert max(digits_of(code) for code in list_currencies()) <= DECIMALS


@given(
    rate=prices,
    percent=st.integers(1, 1000),
    price=prices,
    length=st.integers(1, FOREVER) | st.just(FOREVER),
    currency=st.sampled_from(["EUR", "JPY", "KWD", "CLF"]),
    included=st.booleans(),
)
def test_the_sum_of_everything_there_is_fits(rate, percent, price, length, currency, included):
    extra = Extra(pk=1, name="Everything", price=price, per="day")
    fee = Fee(pk=1, name="More", kind="other", amount=price, per="day")
    season = Season(pk=1, name="Always", start_date=FIRST_DAY, end_date=LAST_DAY, percent=percent)
    car = Car(pk=1, daily_rate=rate, deposit=DEAREST, excess_km_price=DEAREST)
    days = [FIRST_DAY + timedelta(days=n) for n in (0, length - 1)]
    with override_settings(CURRENCY=currency, TAX_RATE="100", TAX_INCLUDED=included):
        one = quote_rental(
            car,
            days[:1],
            Tariff([season], (), [fee] * FEES),
            PricingOptions(extras=((extra, MAX_QUANTITY),) * MAX_EXTRAS),
        )
    assert abs(one.total.amount) * length < ROOM
    assert one.total == one.total.rounded()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("currency", "rate", "total"),
    [("EUR", "9999999.99", "279999999.72"), ("KWD", "33.335", "933.380"), ("JPY", "5000000", "140000000")],
)
def test_the_dearest_car_is_booked_and_changed(settings, currency, rate, total):
    settings.CURRENCY = currency
    car = CarFactory(daily_rate=rate, deposit=rate)
    booking = make_booking(car=car, start=in_days(3), length=28)
    with acting_as(STAFF, user=make_desk()):
        mine = Booking.objects.select_related("car").get(pk=booking.pk)
        change_booking(
            booking=mine, to=ChangeRequest(days=Days.starting(in_days(3), 27)), at=booking.created_at
        )
    with as_owner():
        saved, written = (
            Booking.objects.get(pk=booking.pk),
            BookingChange.objects.select_related("booking").get(),
        )
    one_day = Money(Decimal(rate), currency)
    assert saved.total_money + one_day == Money(Decimal(total), currency)
    assert (saved.deposit_money, written.difference_money) == (one_day, -one_day)
    shown = Api(bearer=booking.secret).get(f"/api/bookings/{booking.pk}").json()["quote"]
    assert shown["deposit"]["amount"] == rate


@pytest.mark.parametrize(
    ("currency", "fine", "too_fine"),
    [("EUR", "12.34", "12.345"), ("JPY", "12", "12.5"), ("KWD", "12.345", "12.3456")],
)
def test_managers_type_prices_with_the_decimals_of_the_currency(settings, currency, fine, too_fine):
    settings.CURRENCY = currency
    rate = Car._meta.get_field("daily_rate")
    field = rate.formfield()
    assert field.clean(fine) == rate.clean(Decimal(fine), None) == Decimal(fine)
    for check in (field.clean, lambda text: rate.clean(Decimal(text), None)):
        for wrong in (too_fine, "-1", "10000000"):
            with pytest.raises(ValidationError):
                check(wrong)
    stored = Decimal(fine).quantize(Decimal("0.0001"))
    assert str(field.prepare_value(rate.from_db_value(stored))) == fine
