"""Numbers as people of each language type them."""

from decimal import Decimal

import pytest
from django import forms
from django.apps import apps
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.test import RequestFactory
from django.urls import reverse
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from bookings.models import Booking
from bookings.tests.support.factories import CarFactory, in_days, make_booking, make_desk, make_manager
from cars.models import Car
from exodrive.i18n.typed_numbers import Ambiguous, DecimalNumber, WholeNumber, read, written
from exodrive.rls import as_owner

THOUSANDS = {
    "en": ["45,000", "45 000", "45'000"],
    "es": ["45.000", "45 000"],
    "fr": ["45 000"],
    "pt": ["45 000"],
}
ABROAD = {"en": ["45.000"], "es": ["45,000"], "fr": ["45,000", "45.000"], "pt": ["45,000", "45.000"]}
ASKED = {"en": "45,000", "es": "45.000", "fr": "45\u202f000", "pt": "45\u00a0000"}


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


def problem(field, typed):
    with pytest.raises(ValidationError) as refusal:
        field.clean(typed)
    return " ".join(refusal.value.messages)


@pytest.mark.parametrize("language", THOUSANDS)
def test_thousands_are_read_in_the_reader_s_notation_and_asked_about_in_another(language):
    odometer = WholeNumber(unit="km")
    with override(language):
        spaces = [f"45{space}000" for space in "\u00a0\u202f\u2009"]
        for typed in [*THOUSANDS[language], *spaces, "45000", " 45000 ", "４５０００"]:
            assert odometer.clean(typed) == 45000, typed
        for typed in ABROAD[language]:
            asked = problem(odometer, typed)
            assert f"{ASKED[language]}\u00a0km" in asked
            assert "45000" in asked
        assert odometer.clean("1.234.567") == odometer.clean("1,234,567") == 1234567


@pytest.mark.parametrize(
    ("language", "typed", "value"),
    [
        ("en", "45.5", "45.5"),
        ("en", "45,50", "45.50"),
        ("en", "1,234.56", "1234.56"),
        ("en", "1.234,56", "1234.56"),
        ("en", "1,234", "1234"),
        ("es", "45,50", "45.50"),
        ("es", "45.50", "45.50"),
        ("es", "1.234,56", "1234.56"),
        ("es", "1.234", "1234"),
        ("fr", "1 234,56", "1234.56"),
        ("fr", "0,5", "0.5"),
        ("pt", "1.234,56", "1234.56"),
        ("pt", "0.500", "0.500"),
        ("en", "-3", "-3"),
    ],
)
def test_what_has_one_meaning_is_taken(language, typed, value):
    with override(language):
        assert read(typed, decimals=2) == Decimal(value)


@pytest.mark.parametrize("typed", ["1.234", "12.345", "999.000"])
def test_what_has_two_meanings_is_asked_about(typed):
    for language in ("en", "fr", "pt"):
        with override(language), pytest.raises(Ambiguous) as asked:
            read(typed, decimals=2)
        assert asked.value.likely == Decimal(typed.replace(".", ""))
    with override("es"), pytest.raises(Ambiguous):
        read(typed.replace(".", ","), decimals=2)


@pytest.mark.parametrize(
    "typed", ["4 5", "1,23,456", "1.2.3", "45,", ",5", "1e5", "٤٥", "x", "1" * 41, "1,234 567", "NaN"]
)
def test_what_has_no_meaning_is_refused(typed):
    assert problem(WholeNumber(), typed) == "Enter a whole number."
    assert problem(DecimalNumber(max_digits=9, decimal_places=2), typed) == "Enter a number."


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        (WholeNumber(unit="km", max_value=1_999_999), "2000000", "At most 1,999,999\N{NO-BREAK SPACE}km."),
        (WholeNumber(min_value=18), "17", "At least 18."),
        (DecimalNumber(min_value=Decimal("0.5")), "0", "At least 0.5."),
        (DecimalNumber(max_digits=5, decimal_places=2), "1.2345", "At most 2 decimals."),
        (DecimalNumber(max_digits=5, decimal_places=2), "1234.5", "At most 3 digits before the decimals."),
        (DecimalNumber(max_digits=1, decimal_places=1), "12", "At most 1 digit."),
    ],
)
def test_limits_are_said_in_words_of_ours_and_as_the_reader_writes_them(field, typed, said):
    with pytest.raises(ValidationError) as refused:
        field.clean(typed)
    assert said in refused.value.messages


def test_a_whole_number_has_no_decimals_and_nothing_is_nothing():
    assert problem(WholeNumber(), "45.5") == "Enter a whole number."
    assert WholeNumber().clean("45.00") == 45
    assert WholeNumber(required=False).clean(" ") is None
    assert problem(WholeNumber(min_value=1), "0")


@pytest.mark.parametrize("language", THOUSANDS)
@given(
    amount=st.decimals(0, 9_999_999, places=2),
    coordinate=st.decimals(-180, 180, places=6),
    places=st.integers(0, 6),
)
def test_what_a_form_shows_is_read_back_as_it_was(language, amount, coordinate, places):
    with override(language):
        coordinate = round(coordinate, places)
        assert read(written(amount), decimals=2) == amount
        assert read(written(coordinate), decimals=6) == coordinate
        assert read(written(amount, grouped=True), decimals=2) == amount


@pytest.mark.django_db
def test_the_return_of_a_car_asks_for_what_it_does_not_know(client):
    booking = make_booking(start=in_days(-2), status="active")
    with as_owner():
        Booking.objects.filter(pk=booking.pk).update(handed_over_at=booking.created_at)
    client.force_login(make_desk())
    url = f"/staff/bookings/{booking.pk}/return/"
    typed = {"odometer": "45.000", "fuel": "8", "damage": "no", "note": ""}
    asked = client.post(url, typed)
    assert asked.status_code == 422
    assert "Did you mean 45,000\u00a0km? Then type 45000" in asked.content.decode()
    spanish = client.post(url, typed, headers={"Accept-Language": "es"})
    assert spanish.status_code == 303
    with as_owner():
        assert Booking.objects.get(pk=booking.pk).return_odometer_km == 45000


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "typed", "rate"),
    [("es", "1.240,50", "1240.50"), ("en", "1,240.50", "1240.50"), ("fr", "1 240", "1240")],
)
def test_prices_in_the_admin_are_the_reader_s(client, language, typed, rate):
    car = CarFactory(daily_rate="240.50")
    client.force_login(make_manager())
    url = reverse("admin:cars_car_change", args=[car.pk])
    header = {"Accept-Language": language}
    form = client.get(url, headers=header).context["adminform"].form
    data = {name: form[name].value() for name in form.fields}
    data = {name: value for name, value in data.items() if value not in (None, False)}
    assert data["daily_rate"] == ("240.50" if language == "en" else "240,50")
    data |= {"terms-TOTAL_FORMS": 0, "terms-INITIAL_FORMS": 0}
    data |= {"images-TOTAL_FORMS": 0, "images-INITIAL_FORMS": 0}
    saved = client.post(url, data | {"daily_rate": typed}, headers=header)
    assert saved.status_code == 302
    with as_owner():
        assert Car.objects.get(pk=car.pk).daily_rate == Decimal(rate)
    asked = client.post(url, data | {"deposit": "2,000" if language != "en" else "2.000"}, headers=header)
    assert asked.status_code == 200
    assert {
        name: [e.code for e in errors.as_data()]
        for name, errors in asked.context["adminform"].form.errors.items()
    } == {"deposit": ["ambiguous"]}


@pytest.mark.django_db
def test_every_number_field_of_a_form_reads_numbers_so(client):
    request = RequestFactory().get("/")
    request.user = request.staff = make_manager()
    plain = (forms.IntegerField, forms.DecimalField, forms.FloatField)
    for model in filter(admin.site.is_registered, apps.get_models()):
        for name, field in admin.site.get_model_admin(model).get_form(request).base_fields.items():
            assert not isinstance(field, plain) or isinstance(field, WholeNumber | DecimalNumber), (
                model,
                name,
            )
