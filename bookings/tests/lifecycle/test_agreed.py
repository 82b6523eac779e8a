"""A price is agreed before it is owed: a hold keeps its own, and what changed anyway is shown and asked for again."""

import re

import pytest
from django.db import ProgrammingError
from django.urls import reverse

from bookings.lifecycle.pricing.agreed import Agreed
from bookings.models import Booking, Hold
from bookings.tests.support.api import Api, error
from bookings.tests.support.factories import CarFactory, in_days, make_booking, make_hold
from bookings.tests.support.site import MARTA, text_of
from cars.models import Car, Extra, Fee
from exodrive.rls import PUBLIC, acting_as, as_owner

pytestmark = pytest.mark.django_db
SEEN = re.compile(r'name="agreed"[^>]* value="([^"]*)"')


@pytest.fixture
def hold():
    return make_hold(car=CarFactory(daily_rate="130.00"), start=in_days(10))


@pytest.fixture
def url(hold):
    return reverse("details", args=[hold.token])


@pytest.fixture
def seat():
    with as_owner():
        return Extra.objects.create(name="Child seat", price="5.00", per="day", stock=3, max_per_booking=2)


def raise_prices():
    with as_owner():
        Car.objects.update(daily_rate="180.00", deposit="9000.00")
        Fee.objects.create(name="Cleaning", kind="cleaning", amount="40.00")


def agreed_on(page):
    return SEEN.search(page.content.decode())[1]


def booked():
    with as_owner():
        return Booking.objects.get()


def to_book(hold, **more):
    return {
        "carId": hold.car.pk,
        "startDate": hold.start_date.isoformat(),
        "endDate": hold.end_date.isoformat(),
        "customer": {"fullName": "Marta Oliveira", "email": "marta@example.com"},
        **more,
    }


def test_the_form_that_was_open_books_at_the_price_it_showed(client, hold, url):
    form = MARTA | {"agreed": agreed_on(client.get(url))}
    raise_prices()
    assert "€520" in text_of(client.get(url))
    assert client.post(url, form).status_code == 303
    assert booked().total == 520
    assert booked().deposit == hold.car.deposit
    assert booked().as_quoted == hold.as_quoted


def test_an_extra_that_became_dearer_is_asked_for_again_at_its_new_price(client, hold, url, seat):
    typed = MARTA | {f"extra_{seat.pk}": "1"}
    seen = agreed_on(client.post(url, typed | {"price": "1"}))
    with as_owner():
        Extra.objects.update(price="9.00")
    page = client.post(url, typed | {"agreed": seen})
    assert page.status_code == 422
    assert "The price is now €556 (it was €540)." in text_of(page)
    assert b'value="Marta Oliveira"' in page.content
    with as_owner():
        assert not Booking.objects.exists()
    assert client.post(url, typed | {"agreed": agreed_on(page)}).status_code == 303
    assert booked().total == 556


@pytest.mark.parametrize(
    "agreed", ["", "520.00", "nan EUR 0", "520.00 EUR 0.00", "520.00 CHF 1500.00", "1 2 3 4"]
)
def test_only_what_the_page_shows_is_agreed_to(client, hold, url, agreed):
    page = client.post(url, MARTA | {"agreed": agreed})
    assert page.status_code == 422
    assert "The price is now €520" in text_of(page)


def test_wishes_whose_price_nobody_agreed_to_are_asked_about(client, hold, url, seat):
    typed = MARTA | {f"extra_{seat.pk}": "1"}
    page = client.post(url, typed)
    assert page.status_code == 422
    assert "The price is now €540 (it was €520)." in text_of(page)
    sent = to_book(hold, holdToken=hold.token, extras=[{"id": seat.pk, "quantity": 1}])
    answer = Api().post("/api/bookings", sent)
    assert error(answer) == (409, "price_changed")
    with as_owner():
        assert not Booking.objects.exists()
    assert client.post(url, typed | {"agreed": agreed_on(page)}).status_code == 303
    assert booked().total == 540


def test_htmx_gets_what_stands_for_the_new_price(client, hold, url, seat):
    headers = {"HX-Request": "true", "HX-Target": "rental-price"}
    form = MARTA | {f"extra_{seat.pk}": "1", "price": "1"}
    assert agreed_on(client.post(url, form, headers=headers)).startswith("540.00 EUR ")


def test_another_currency_is_shown_and_asked_for_again(client, hold, url, settings):
    form = MARTA | {"agreed": agreed_on(client.get(url))}
    settings.CURRENCY = "CHF"
    page = client.post(url, form)
    assert page.status_code == 422
    assert client.post(url, form | {"agreed": agreed_on(page)}).status_code == 303
    assert booked().currency == "CHF"


def test_a_hold_without_a_quote_costs_what_it_costs_today(client, hold, url):
    raise_prices()
    with as_owner():
        Hold.objects.update(quote=None)
    assert "€760" in text_of(client.get(url))
    assert client.post(url, MARTA).status_code == 303
    assert booked().total == 760


def test_whoever_holds_writes_no_price_afterwards(hold):
    with acting_as(PUBLIC, token=hold.token), pytest.raises(ProgrammingError, match="permission denied"):
        Hold.objects.filter(pk=hold.pk).update(quote={"lines": []})


def test_the_api_keeps_the_price_of_a_hold(hold):
    api = Api()
    wanted = to_book(hold, carId=CarFactory(daily_rate="130.00").pk)
    held = api.post("/api/holds", {name: wanted[name] for name in ("carId", "startDate", "endDate")})
    raise_prices()
    token = held.json()["token"]
    longer = Api(bearer=token).patch(f"/api/holds/{held.json()['id']}")
    assert longer.json()["quote"] == held.json()["quote"]
    answer = api.post("/api/bookings", wanted | {"holdToken": token})
    assert answer.status_code == 201
    assert answer.json()["quote"] == held.json()["quote"]


def test_the_api_refuses_a_price_that_nobody_agreed_to_and_says_both(hold, settings):
    settings.CURRENCY = "CHF"
    sent = to_book(hold, holdToken=hold.token)
    answer = Api().post("/api/bookings", sent)
    assert error(answer) == (409, "price_changed")
    was, now = (answer.json()["error"]["details"][name]["total"] for name in ("was", "now"))
    assert was == {"amount": "520.00", "currency": "EUR"}
    assert now == {"amount": "520.00", "currency": "CHF"}
    assert Api().post("/api/bookings", sent | {"agreedTotal": now}).status_code == 201


def test_without_a_hold_the_api_books_at_the_total_that_was_shown_or_not_at_all(hold):
    with as_owner():
        hold.ledger.all().delete()
    sent = to_book(hold, agreedTotal={"amount": "520.00", "currency": "EUR"})
    raise_prices()
    answer = Api().post("/api/bookings", sent, Idempotency_Key="k1")
    assert error(answer) == (409, "price_changed")
    assert answer.json()["error"]["details"]["was"] == {"total": sent["agreedTotal"]}
    now = answer.json()["error"]["details"]["now"]["total"]
    first = Api().post("/api/bookings", sent | {"agreedTotal": now}, Idempotency_Key="k1")
    with as_owner():
        Car.objects.update(daily_rate="1.00")
    again = Api().post("/api/bookings", sent | {"agreedTotal": now}, Idempotency_Key="k1")
    assert (first.status_code, first.json()) == (201, again.json())


def test_a_change_is_made_at_the_price_that_was_shown_or_not_at_all():
    booking = make_booking(car=CarFactory(daily_rate="130.00"), start=in_days(10))
    api, to = Api(bearer=booking.secret), {"endDate": in_days(14).isoformat()}
    shown = api.patch(f"/api/bookings/{booking.pk}?preview=true", to).json()["quote"]["total"]
    raise_prices()
    answer = api.patch(f"/api/bookings/{booking.pk}", to | {"agreedTotal": shown})
    assert error(answer) == (409, "price_changed")
    now = answer.json()["error"]["details"]["now"]["total"]
    assert api.patch(f"/api/bookings/{booking.pk}", to | {"agreedTotal": now}).status_code == 200


def test_an_odd_sum_agrees_to_nothing():
    assert Agreed.typed({"agreed": "1E+400 EUR 0"}) == Agreed()


def test_a_price_without_a_deposit_is_agreed_to_as_any_other(client, seat):
    """Zero is a deposit that was shown: with an extra added, the form says what it agrees to."""
    free = make_hold(car=CarFactory(deposit=0), start=in_days(10))
    url = reverse("details", args=[free.token])
    wishes = {**MARTA, f"extra_{seat.pk}": "1"}
    agreed = agreed_on(client.post(url, {**wishes, "price": "1"}))
    assert agreed.endswith(" 0.00")
    assert client.post(url, {**wishes, "agreed": agreed}).status_code == 303
