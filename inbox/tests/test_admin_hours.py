"""Opening hours in the admin: several spans a day, that follow each other, and a word where there are none."""

import pytest

from bookings.tests.support.factories import LocationFactory
from cars.models import OpeningHours
from exodrive.rls import as_owner
from exodrive.tests.support.admin import values_of

pytestmark = pytest.mark.django_db


def page_of(client, place):
    url = f"/admin/cars/location/{place.pk}/change/"
    return url, values_of(client.get(url))


def with_afternoon(sent, opens, *, closes="18:00", weekday="0"):
    """A second span on a Monday that ends at twelve."""
    new = {"weekday": weekday, "opens": opens, "closes": closes}
    return (
        sent
        | {"opening_hours-0-closes": "12:00", "opening_hours-TOTAL_FORMS": "8"}
        | {f"opening_hours-7-{name}": value for name, value in new.items()}
    )


@pytest.mark.parametrize("opens", ["14:00", "12:00"])
def test_a_place_opens_again_after_a_break(manager, opens):
    url, sent = page_of(manager, LocationFactory())
    assert manager.post(url, with_afternoon(sent, opens)).status_code == 302
    with as_owner():
        assert OpeningHours.objects.filter(weekday=0).count() == 2


@pytest.mark.parametrize("opens", ["11:00", "10:00"])
def test_spans_of_one_day_do_not_meet(manager, opens):
    url, sent = page_of(manager, LocationFactory())
    answer = manager.post(url, with_afternoon(sent, opens))
    assert answer.status_code == 200
    (hours,) = [i.formset for i in answer.context["inline_admin_formsets"] if i.opts.model is OpeningHours]
    said = str(hours.errors) + str(hours.non_form_errors())
    assert "It is open then already" in said or "duplicate" in said


def test_a_place_without_hours_is_said_to_count_as_open(manager):
    place = LocationFactory()
    url, sent = page_of(manager, place)
    gone = {f"opening_hours-{n}-DELETE": "on" for n in range(7)}
    text = manager.post(url, sent | gone, follow=True).content.decode()
    assert f"{place.name} has no opening hours" in text
    assert "None known" in text


def test_a_place_with_hours_is_saved_without_a_word(manager):
    url, sent = page_of(manager, LocationFactory())
    text = manager.post(url, sent, follow=True).content.decode()
    assert "has no opening hours" not in text
    assert "Mon–Sun 10:00–18:00" in text
