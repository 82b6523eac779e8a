"""A form writes what its reader altered, and says what somebody else did meanwhile."""

import re
from datetime import date, time
from decimal import Decimal
from html import unescape

import pytest
from django import forms
from django.apps import apps
from django.contrib import admin
from django.http import QueryDict
from django.utils.translation import override

from bookings.forms.change import ChangeForm, RequestsForm
from exodrive.forms.shown import Remembers
from exodrive.staff.admin_site import ByManagers, BySuperusers
from inbox.forms.blocks import BlockForm
from inbox.forms.booking import CustomerForm
from inbox.forms.change import StaffChangeForm

pytestmark = pytest.mark.django_db


class Everything(Remembers, forms.Form):
    """A field of every kind that our forms have."""

    text = forms.CharField(required=False)
    day = forms.DateField(required=False)
    clock = forms.TimeField(required=False)
    yes = forms.BooleanField(required=False)
    one = forms.ChoiceField(choices=[("a", "First"), ("b", "Second"), ("c", "Third")], required=False)
    some = forms.MultipleChoiceField(
        choices=[("1", "Mon"), ("2", "Tue"), ("3", "Wed")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    amount = forms.DecimalField(required=False)


FIRST = {
    "text": "one",
    "day": date(2021, 3, 4),
    "clock": time(10),
    "yes": False,
    "one": "a",
    "some": ["1"],
    "amount": Decimal("45.5"),
}
SECOND = {
    "text": "two",
    "day": date(2021, 3, 5),
    "clock": time(11),
    "yes": True,
    "one": "b",
    "some": ["2", "3"],
    "amount": Decimal("46.5"),
}


def page(form) -> QueryDict:
    """What a browser would send of the form as it is drawn."""
    sent = QueryDict(mutable=True)
    for tag, rest in re.findall(r"<(input|textarea|select|option)\b([^>]*)>", form.as_p()):
        facts = dict(re.findall(r'([a-z-]+)="([^"]*)"', rest))
        if tag == "select":
            name = facts["name"]
        elif tag == "option" and "selected" in rest:
            sent.appendlist(name, unescape(facts["value"]))
        elif tag == "input" and (facts["type"] != "checkbox" or "checked" in rest):
            sent.appendlist(facts["name"], unescape(facts.get("value", "on")))
    return sent


def drawn(values):
    form = Everything(initial=values)
    form.compare()
    return page(form)


def sent(data, now):
    form = Everything(data, initial=now)
    form.compare()
    return form


@pytest.mark.parametrize("language", ["en", "es", "fr", "pt"])
@pytest.mark.parametrize("name", FIRST)
def test_a_field_left_alone_follows_what_somebody_else_wrote(name, language):
    with override(language):
        form = sent(drawn(FIRST), FIRST | {name: SECOND[name]})
        assert form.is_valid(), form.errors
        assert form.cleaned_data == FIRST | {name: SECOND[name]}
        assert form.changed_data == []


@pytest.mark.parametrize("name", FIRST)
def test_a_field_that_was_altered_is_written(name):
    data = drawn(FIRST)
    for key, values in drawn(SECOND).lists():
        if key == name:
            data.setlist(key, values)
    form = sent(data, FIRST)
    assert form.is_valid(), form.errors
    assert form.cleaned_data == FIRST | {name: SECOND[name]}


SAID = {
    "text": "three",
    "day": "6 March 2021",
    "clock": "12:00",
    "one": "Third",
    "some": "Mon, Wed",
    "amount": "47",
}
THIRD = {
    "text": "three",
    "day": date(2021, 3, 6),
    "clock": time(12),
    "one": "c",
    "some": ["1", "3"],
    "amount": Decimal(47),
}


@pytest.mark.parametrize("name", THIRD)
def test_what_two_have_altered_is_a_conflict_in_words_and_the_next_press_writes_it(name):
    data = drawn(FIRST)
    data.setlist(name, drawn(SECOND).getlist(name))
    now = FIRST | {name: THIRD[name]}
    form = sent(data, now)
    assert list(form.errors) == [name]
    (words,) = form.errors[name]
    assert words.startswith("Somebody else has changed this to “")
    assert SAID[name] in words
    again = sent(page(form), now)
    assert again.is_valid(), again.errors
    assert again.cleaned_data == FIRST | {name: SECOND[name]}


@pytest.mark.parametrize(("name", "now", "typed"), [("clock", "10:00", "11:00"), ("text", "a\nb", "a\r\nc")])
def test_what_is_kept_as_text_is_compared_as_its_field_reads_it(name, now, typed):
    data = drawn(FIRST | {name: now})
    data[name] = typed
    data[f"initial-{name}"] = now.replace("\n", "\r\n")
    form = sent(data, FIRST | {name: now})
    assert form.is_valid(), form.errors
    assert form.changed_data == [name]


def test_two_who_typed_the_same_agree():
    data = drawn(FIRST)
    data["text"] = "two"
    assert sent(data, FIRST | {"text": "two"}).is_valid()


def test_what_somebody_has_emptied_is_said_as_such():
    data = drawn(FIRST)
    data["text"] = "two"
    (words,) = sent(data, FIRST | {"text": ""}).errors["text"]
    assert words == "Somebody else has emptied this meanwhile. Save again to write what you typed."


def test_a_program_that_shows_nothing_means_all_that_it_names():
    form = sent(QueryDict("text=two"), FIRST)
    assert form.is_valid()
    assert form.cleaned_data["text"] == "two"


# --- Which forms remember --------------------------------------------------------------------------------------------


def test_every_form_of_the_admin_that_changes_something_remembers():
    forgetful = []
    for one in (admin.site.get_model_admin(m) for m in apps.get_models() if admin.site.is_registered(m)):
        editors = [one, *(inline(one.model, admin.site) for inline in one.inlines)]
        forgetful += [
            str(editor)
            for editor in editors
            if isinstance(editor, ByManagers | BySuperusers) and not issubclass(editor.form, Remembers)
        ]
    # A token is made and ended, never edited.
    assert [name for name in forgetful if "ApiToken" not in name] == []


def test_every_form_that_is_filled_with_what_stands_there_remembers():
    assert all(
        issubclass(form, Remembers)
        for form in (RequestsForm, ChangeForm, StaffChangeForm, BlockForm, CustomerForm)
    )
