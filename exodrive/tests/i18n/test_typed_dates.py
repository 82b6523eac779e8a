"""Dates are typed and shown day first in every language, by the fields of the admin and by its calendar alike."""

from datetime import date, time

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import formats, translation

from exodrive.i18n.typed_dates import TypedDate, TypedTime
from exodrive.tests.support.admin import pages

LANGUAGES = ["en", "es", "fr", "pt"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("05/07/2027", date(2027, 7, 5)),
        ("5/7/2027", date(2027, 7, 5)),
        ("05/07/27", date(2027, 7, 5)),
        ("5.7.2027", date(2027, 7, 5)),
        ("05-07-2027", date(2027, 7, 5)),
        ("2027-07-05", date(2027, 7, 5)),
    ],
)
def test_the_day_stands_first_and_iso_is_read_as_well(language, typed, meant):
    with translation.override(language):
        assert TypedDate().clean(typed) == meant


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("typed", ["07/31/2027", "31/31/2027", "05/07", "July 5", "2027-31-07"])
def test_what_is_no_day_first_date_is_asked_about_and_never_turned_round(language, typed):
    with translation.override(language), pytest.raises(ValidationError) as refused:
        TypedDate().clean(typed)
    assert "31/12/2027" in refused.value.messages[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_time_is_read_on_a_24_hour_clock(language):
    with translation.override(language):
        assert TypedTime().clean("18:30") == TypedTime().clean("18h30") == time(18, 30)
        with pytest.raises(ValidationError, match="18:30"):
            TypedTime().clean("6:30 pm")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_shown_is_read_back_as_it_was(language):
    with translation.override(language):
        shown = str(TypedDate().get_bound_field(a_form(), "day").as_widget())
        assert 'value="05/07/2027"' in shown
        assert TypedDate().clean("05/07/2027") == date(2027, 7, 5)


def a_form():
    return forms.Form(initial={"day": date(2027, 7, 5)})


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_calendar_beside_a_field_writes_what_the_field_shows(language):
    with translation.override(language):
        assert formats.get_format("DATE_INPUT_FORMATS")[0] == "%d/%m/%Y"
        assert formats.get_format("TIME_INPUT_FORMATS")[0] == "%H:%M"
        assert formats.get_format("FIRST_DAY_OF_WEEK") == 1
        assert "%m/%d/%Y" not in formats.get_format("DATE_INPUT_FORMATS")
        assert not any("%m/%d" in found for found in formats.get_format("DATETIME_INPUT_FORMATS"))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "5 July 2027"),
        ("es", "5 de Julio de 2027"),
        ("fr", "5 juillet 2027"),
        ("pt", "5 de Julho de 2027"),
    ],
)
def test_lists_name_the_month(language, text):
    with translation.override(language):
        assert formats.date_format(date(2027, 7, 5)).lower() == text.lower()


def test_no_field_of_the_admin_reads_a_date_or_a_time_in_another_way():
    """Every model that has a page or a part of one, as its own field says; what is only looked at has none."""
    found = 0
    for page in pages():
        for field in [f for m in (page.model, *(i.model for i in page.inlines)) for f in m._meta.fields]:
            kind = field.get_internal_type()
            if kind in ("DateField", "TimeField") and field.editable:
                typed = page.formfield_for_dbfield(field, None)
                assert isinstance(typed, TypedDate if kind == "DateField" else TypedTime), field
                assert typed.help_text, field
                found += 1
    assert found > 5
