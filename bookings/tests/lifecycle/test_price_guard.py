"""The database's own idea of a price: no honest one is refused, whatever staff charge, and no invented one passes."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.test import override_settings
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.types.json import Jsonb

from bookings.days import Days
from bookings.lifecycle import create
from bookings.lifecycle.change import change_booking
from bookings.lifecycle.change_request import ChangeRequest
from bookings.lifecycle.create import create_booking
from bookings.lifecycle.pricing.adjusting import Adjustment
from bookings.lifecycle.request import BookingRequest, Details
from bookings.models import Booking, Hold
from bookings.tests.support.factories import MARTA, CarFactory, in_days, make_booking, make_hold, make_manager
from cars.models import Car, Discount, Extra, Fee, Season
from cars.pricing.agreed import Pricing
from cars.pricing.quote import CHARGES
from exodrive.rls import PUBLIC, STAFF, acting_as, as_owner
from exodrive.tests.support.money import eur

pytestmark = pytest.mark.django_db

MONEY = st.decimals("0.01", "900", places=2)
FOR_ALL = st.booleans()
SEASONS = st.lists(
    st.tuples(
        st.integers(-5, 40),
        st.integers(1, 20),
        st.integers(0, 2),
        st.one_of(MONEY, st.integers(1, 300)),
        FOR_ALL,
    ),
    max_size=3,
)
DISCOUNTS = st.lists(st.tuples(st.integers(1, 14), st.decimals("0.1", "90", places=1), FOR_ALL), max_size=2)
DAYS = st.tuples(st.integers(5, 20), st.integers(1, 14))


def set_prices(car, rates, seasons, discounts):
    """What staff charge from now on."""
    daily, weekend, deposit = rates
    with as_owner():
        for model in (Season, Discount):
            model.objects.all().delete()
        Car.objects.filter(pk=car.pk).update(daily_rate=daily, weekend_rate=weekend, deposit=deposit)
        for first, length, priority, price, for_all in seasons:
            kind = {"percent": price} if isinstance(price, int) else {"rate": price}
            Season.objects.create(
                name="S",
                car=None if for_all else car,
                start_date=in_days(first),
                end_date=in_days(first + length - 1),
                priority=priority,
                **kind,
            )
        for least, percent, for_all in discounts:
            Discount.objects.create(name="D", car=None if for_all else car, min_days=least, percent=percent)
        return Car.objects.select_related("location").get(pk=car.pk)


def days_of(days):
    return Days.starting(in_days(days[0]), days[1])


RATES = st.tuples(MONEY, st.none() | MONEY, st.decimals("0", "5000", places=2))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    before=st.tuples(RATES, SEASONS, DISCOUNTS),
    after=st.tuples(RATES, SEASONS, DISCOUNTS),
    days=st.tuples(DAYS, DAYS),
    currency=st.sampled_from(["EUR", "JPY"]),
    tax=st.sampled_from([(20, True), (20, False), (0, True)]),
)
def test_no_honest_price_is_refused(before, after, days, currency, tax):
    car = CarFactory()
    with override_settings(CURRENCY=currency, TAX_RATE=Decimal(tax[0]), TAX_INCLUDED=tax[1]):
        car = set_prices(car, *before)
        with as_owner():
            extra = Extra.objects.create(name="E", price=Decimal("7.35"), per="day", stock=9)
            Fee.objects.create(car=car, name="F", kind="cleaning", amount=Decimal("33.33"))
        asked = BookingRequest(car, days_of(days[0]), MARTA, Details(extras=((extra, 1),)))
        with acting_as(PUBLIC):
            booking = create_booking(asked, at=timezone.now())
        set_prices(car, *after)
        with acting_as(PUBLIC, token=booking.secret):
            mine = Booking.objects.get()
            changed = change_booking(booking=mine, to=ChangeRequest(days=days_of(days[1])), at=timezone.now())
        assert changed.booking.total == changed.after.total.amount


def test_another_car_is_priced_as_that_car():
    cheap, dear = CarFactory(daily_rate="10.00", deposit="0.00"), CarFactory(daily_rate="900.00")
    booking = make_booking(car=cheap)
    with acting_as(PUBLIC, token=booking.secret):
        changed = change_booking(booking=booking, to=ChangeRequest(car=dear), at=timezone.now())
    assert changed.booking.total == 4 * 900
    invented = changed.before.as_json()
    for table in ("", ", car_id = car_id"):
        assert refused(f"quote = %s, total = 40, deposit = 0{table}", booking, invented)


def refused(changes, booking, *values):
    """Whether the public is refused these changes of its own booking, as a price."""
    try:
        with acting_as(PUBLIC, token=booking.secret), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE bookings SET {changes}", [Jsonb(value) for value in values])
    except DataError:
        return True  # no quote at all
    except IntegrityError as error:
        return error.__cause__.diag.constraint_name == "booking_is_priced"
    return False


LINE = "jsonb_set(quote, '{lines,0,%s}', '%s')"
INVENTED = {
    "total alone": "total = 0",
    "nothing at all": "total = 0, quote = '{}'",
    "no lines": "total = 0, quote = jsonb_set(quote, '{lines}', '[]')",
    "not a list": "total = 0, quote = jsonb_set(quote, '{lines}', '{}')",
    "a cheaper line": f"total = 4, quote = jsonb_set({LINE % ('amount', '4')}, '{{lines,0,unit_price}}', '1')",
    "an amount below its units": f"total = 4, quote = {LINE % ('amount', '4')}",
    "fewer days": "total = 240, quote = jsonb_set("
    + LINE % ("amount", "240")
    + ", '{lines,0,quantity}', '1')",
    "a discount of one's own": "total = 480, quote = jsonb_set(quote, '{lines,1}', '"
    '{"code": "discount", "quantity": 1, "unit_price": "-480", "tax": "0", "amount": "-480"}'
    "')",
    "a negative extra": "total = 480, quote = jsonb_set(quote, '{lines,1}', '"
    '{"code": "extra", "quantity": 1, "unit_price": "-480", "tax": "0", "amount": "-480"}'
    "')",
    "no deposit": "deposit = 0, quote = jsonb_set(quote, '{deposit}', '\"0\"')",
    "a negative deposit": "deposit = -1",
    "another currency": "quote = jsonb_set(quote, '{currency}', '\"JPY\"')",
    "more kilometres": "quote = jsonb_set(quote, '{included_km}', '999999')",
    "more days for the same": "end_date = end_date + 3",
    "free cancellation for ever": "terms = terms || jsonb_build_object('free_until', '9999-01-01T00:00:00Z')",
    "terms of one's own": "terms = jsonb_build_object('hours', 0, 'free_until', start_date)",
}


@pytest.mark.parametrize("changes", INVENTED.values(), ids=INVENTED.keys())
def test_no_invented_price_passes(changes):
    booking = make_booking(car=CarFactory(daily_rate="240.00"))
    assert refused(changes.replace("%", "%%"), booking)
    assert not refused("quote = quote, total = total, terms = terms", booking)


def test_a_new_booking_has_a_price_too():
    """As SQL writes it; the same row at its own price passes."""
    booking = make_booking()
    columns = [f.column for f in Booking._meta.concrete_fields if f.column not in ("id", "reference")]
    row = "SELECT gen_random_uuid(), {reference}, {values} FROM bookings"
    for n, total in enumerate(("total", "total - 1", "0")):
        values = ", ".join(total if name == "total" else name for name in columns)
        copy = row.format(reference=f"'EXO-{n}'", values=values)
        with acting_as(PUBLIC, token=booking.secret), connection.cursor() as cursor:
            insert = f"INSERT INTO bookings (id, reference, {', '.join(columns)}) {copy}"
            if total == "total":
                with transaction.atomic():
                    cursor.execute(insert)
                    transaction.set_rollback(True)
                continue
            with pytest.raises(IntegrityError, match="says no such price"), transaction.atomic():
                cursor.execute(insert)


def test_a_line_that_was_made_cheap_does_not_make_the_next_change_cheap():
    """Two steps: first move the sum to a line that nobody compares, then let the days be cheap by what was agreed."""
    booking = make_booking(car=CarFactory(daily_rate="240.00"))
    split = (
        "quote = jsonb_set(jsonb_set(jsonb_set(quote, '{lines,0,unit_price}', '\"1\"'), '{lines,0,amount}', '\"960\"'),"
        " '{lines,0,quantity}', '4')"
    )
    assert refused(split, booking)


def test_staff_agree_on_any_price():
    booking = make_booking()
    with acting_as(STAFF), connection.cursor() as cursor:
        cursor.execute("UPDATE bookings SET total = 1")
    with as_owner():
        assert Booking.objects.get(pk=booking.pk).total == 1


def test_a_price_that_rose_in_between_is_read_again(monkeypatch):
    """Staff's new rate arrives after the quote was made and before it is written: the customer is not refused."""
    car, made = CarFactory(daily_rate="100.00"), []
    draft = create._draft

    def slow_draft(request, at, price):
        booking = draft(request, at, price)
        if not made:
            with as_owner():
                Car.objects.filter(pk=car.pk).update(daily_rate="150.00")
        made.append(booking.total)
        request.car.refresh_from_db()
        return booking

    monkeypatch.setattr(create, "_draft", slow_draft)
    asked = BookingRequest(car, Days.starting(in_days(5), 2), MARTA)
    with acting_as(PUBLIC):
        booking = create_booking(asked, at=timezone.now() + timedelta(seconds=1))
    assert booking.total in (200, 300)


CHEAP_HOLDS = {
    "cheaper days": "jsonb_set(jsonb_set(quote, '{lines,0,amount}', '4'), '{lines,0,unit_price}', '1')",
    "a discount of one's own": "jsonb_set(quote, '{lines,1}', '"
    '{"code": "discount", "quantity": 1, "unit_price": "-900", "amount": "-900"}'
    "')",
    "fewer days": "jsonb_set(quote, '{lines,0,quantity}', '1')",
    "no lines": "jsonb_set(quote, '{lines}', '[]')",
    "no deposit": "jsonb_set(quote, '{deposit}', '0')",
}


@pytest.mark.parametrize("quote", ["quote", *CHEAP_HOLDS.values()], ids=["as it was", *CHEAP_HOLDS])
def test_a_hold_keeps_no_invented_price_either(quote):
    """A booking may cost what its hold said: so that is looked at as well."""
    hold = make_hold(car=CarFactory(daily_rate="240.00"))
    columns = [f.column for f in Hold._meta.concrete_fields if f.column not in ("id", "quote", "token_hash")]
    names = ", ".join(columns)
    copy = f"SELECT gen_random_uuid(), {quote}, 'copy', {names} FROM holds"
    with acting_as(PUBLIC, token=hold.token), connection.cursor() as cursor, transaction.atomic():
        insert = f"INSERT INTO holds (id, quote, token_hash, {names}) {copy}"
        if quote == "quote":
            cursor.execute(insert)
        else:
            with pytest.raises(IntegrityError, match="says no such price"), transaction.atomic():
                cursor.execute(insert)
        transaction.set_rollback(True)


# --- What staff put on a price by hand ----------------------------------------------------------------------------

BY_HAND = '{"code": "%s", "quantity": 1, "unit_price": "-100", "tax": "0", "amount": "-100"}'


@pytest.mark.parametrize("code", CHARGES)
def test_the_public_puts_nothing_on_a_price_by_hand_and_staff_do(code):
    booking = make_booking(car=CarFactory(daily_rate="240.00"))
    changes = f"total = 860, quote = jsonb_set(quote, '{{lines,1}}', '{BY_HAND % code}')"
    assert refused(changes, booking)
    with acting_as(STAFF), connection.cursor() as cursor:
        cursor.execute(f"UPDATE bookings SET {changes}")
    less = "total = 810, quote = jsonb_set(quote, '{lines,1,amount}', '\"-150\"')"
    gone = "total = 960, quote = quote #- '{lines,1}'"
    below = (
        "end_date = start_date, total = -90, quote = jsonb_set(jsonb_set(quote, '{lines,0,quantity}', '1'), "
    )
    assert refused(less, booking)
    assert refused(gone, booking)
    assert refused(f"{below}'{{lines,0,amount}}', '10')", booking)
    assert not refused("total = 860, quote = quote", booking)


def test_a_hold_of_the_public_has_nothing_by_hand_either():
    hold = make_hold(car=CarFactory(daily_rate="240.00"))
    columns = [f.column for f in Hold._meta.concrete_fields if f.column not in ("id", "quote", "token_hash")]
    names = ", ".join(columns)
    quote = f"jsonb_set(quote, '{{lines,1}}', '{BY_HAND % 'adjustment'}')"
    insert = f"INSERT INTO holds (id, quote, token_hash, {names}) SELECT gen_random_uuid(), {quote}, 'copy', {names}"
    refusal = pytest.raises(IntegrityError, match="says no such price")
    with acting_as(PUBLIC, token=hold.token), connection.cursor() as cursor, refusal, transaction.atomic():
        cursor.execute(f"{insert} FROM holds")


def test_a_customer_changes_a_booking_with_days_for_nothing_and_a_line_by_hand_and_gets_no_more_of_it():
    booking = make_booking(car=CarFactory(daily_rate="240.00"), start=in_days(10))
    line = Adjustment(eur(-100), "For the trouble")
    to = ChangeRequest(days=Days.starting(in_days(10), 6), pricing=Pricing.KEPT, adjustment=line)
    with acting_as(STAFF, user=make_manager()):
        assert change_booking(booking=booking, to=to, at=timezone.now()).after.total == eur(860)
    for length, total in ((7, 1100), (3, 620)):
        with acting_as(PUBLIC, token=booking.secret):
            mine = Booking.objects.get()
            days = ChangeRequest(days=Days.starting(in_days(10), length))
            assert change_booking(booking=mine, to=days, at=timezone.now(), preview=True).after.total == eur(
                total
            )
    more = "jsonb_set(jsonb_set(quote, '{lines,1,quantity}', '3'), '{lines,1,dates}', "
    mine = f"quote = {more}quote #> '{{lines,1,dates}}' || to_jsonb(end_date + 1)), end_date = end_date + 1"
    assert refused(mine, booking)
    other = f"quote = {more}quote #> '{{lines,1,dates}}' || (quote #> '{{lines,1,dates,0}}')), end_date = end_date + 1"
    assert refused(other, booking)
