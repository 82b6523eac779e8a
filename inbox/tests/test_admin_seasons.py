"""A season in the admin: its prices are shown before it is saved, and what may be a slip is asked about once."""

import pytest

from bookings.tests.support.factories import CarFactory, in_days
from cars.models import Season
from exodrive.rls import as_owner
from exodrive.tests.support.admin import values_of

pytestmark = pytest.mark.django_db

ADD = "/admin/cars/season/add/"


def typed(**more):
    facts = {
        "name": "Summer",
        "start_date": in_days(10),
        "end_date": in_days(16),
        "priority": "0",
        "percent": "120",
    }
    facts |= more
    return {name: f"{value:%d/%m/%Y}" if hasattr(value, "year") else value for name, value in facts.items()}


def made(**more):
    facts = {"name": "Fair", "start_date": in_days(12), "end_date": in_days(13), "percent": 130} | more
    with as_owner():
        return Season.objects.create(**facts)


def asked(answer):
    assert answer.status_code == 200
    return answer.context["adminform"].form.errors.get("go_on", [])


def test_a_season_that_meets_no_other_is_saved_at_once(manager):
    CarFactory()
    assert manager.post(ADD, typed()).status_code == 302
    with as_owner():
        assert Season.objects.get().start_date == in_days(10)


def test_prices_are_shown_and_nothing_is_saved(manager):
    car = CarFactory(daily_rate=100)
    page = manager.post(ADD, typed() | {"_preview": "Show prices"})
    assert page.status_code == 200
    assert page.context["prices"]["rows"] == [(car, "€100", "€120")]
    text = page.content.decode()
    assert "Nothing is saved yet" in text
    assert "Please correct" not in text
    assert 'value="Summer"' in text
    with as_owner():
        assert not Season.objects.exists()


def test_a_preview_of_what_is_no_season_says_what_is_wrong(manager):
    page = manager.post(ADD, typed(percent="") | {"_preview": "Show prices"})
    assert page.context["prices"] is None
    assert "Give a rate or a percentage, not both." in page.content.decode()


def test_the_page_of_a_season_shows_its_prices_to_everybody_who_works_here(desk, manager):
    CarFactory(daily_rate=100)
    season = made()
    for client, may in ((desk, False), (manager, True)):
        text = client.get(f"/admin/cars/season/{season.pk}/change/").content.decode()
        assert "€130" in text
        assert ('name="_preview"' in text) == may


@pytest.mark.parametrize(
    ("priority", "words"),
    [(0, "There this season counts."), (3, "There “Fair” counts, not this season.")],
)
def test_a_season_that_meets_another_is_saved_after_it_was_said_which_counts(manager, priority, words):
    made(priority=priority)
    (said,) = asked(manager.post(ADD, typed()))
    assert words in said
    assert manager.post(ADD, typed(go_on="on")).status_code == 302


@pytest.mark.parametrize(
    ("percent", "words"),
    [("50", "costs half or less"), ("201", "costs more than twice"), ("51", None), ("200", None)],
)
def test_a_price_that_is_halved_or_more_than_doubled_is_asked_about(manager, percent, words):
    CarFactory(daily_rate=100)
    answer = manager.post(ADD, typed(percent=percent))
    if words:
        (said,) = asked(answer)
        assert words in said
        answer = manager.post(ADD, typed(percent=percent, go_on="on"))
    assert answer.status_code == 302


def test_a_change_of_the_name_asks_nothing(manager):
    CarFactory(daily_rate=100)
    season = made(percent=40)
    url = f"/admin/cars/season/{season.pk}/change/"
    sent = values_of(manager.get(url)) | {"name": "Great fair"}
    assert manager.post(url, sent).status_code == 302


def test_a_retired_car_counts_for_nothing(manager):
    CarFactory(daily_rate=1000, status="retired")
    assert manager.post(ADD, typed(percent="", rate="100")).status_code == 302
