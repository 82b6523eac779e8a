"""Home, catalogue and car page, as a visitor without JavaScript gets them."""

import re
from datetime import UTC, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from bookings.days import Days
from bookings.models import CarAvailability, Hold
from bookings.tests.support.factories import (
    CarFactory,
    CarImageFactory,
    LocationFactory,
    in_days,
    make_booking,
    make_hold,
)
from bookings.tests.support.site import car_url, press_continue, text_of
from bookings.views.cookies import HOLD
from bookings.views.date_selection import chosen_at
from bookings.views.lists.offers import query
from cars.models import Car, Fee, Season
from exodrive.rls import as_owner
from exodrive.tests.support.html import flat

pytestmark = pytest.mark.django_db


@pytest.fixture
def car():
    return CarFactory(make="Calder", model="GT coupé", slug="calder-gt")


def four_days(start=10):
    return Days.starting(in_days(start), 4)


# --- Home and frame -----------------------------------------------------------------------------------------------


def test_home_shows_a_date_form_and_cars(client, car):
    CarImageFactory(car=car)
    page = client.get("/en/")
    assert page.status_code == 200
    assert "Special cars, by the day" in text_of(page)
    assert car_url(car).encode() in page.content
    assert b'action="/en/cars/"' in page.content


def test_home_without_any_car(client):
    assert client.get("/en/").status_code == 200


@pytest.mark.parametrize(
    ("language", "tag"), [("en", "en-GB"), ("es", "es-ES"), ("fr", "fr-FR"), ("pt", "pt-PT")]
)
def test_every_page_names_its_language_and_the_other_ones(client, car, language, tag):
    page = client.get(f"/{language}/cars/{car.slug}/", {"start": in_days(10), "end": in_days(12)})
    html = page.content.decode()
    assert f'<html lang="{tag}">' in html
    for code, _name in settings.LANGUAGES:
        assert f'hreflang="{code}" href="{settings.SITE_URL}/{code}/cars/calder-gt/"' in html
        dates = f"start={in_days(10)}&amp;end={in_days(12)}"
        assert f'<a href="/{code}/cars/calder-gt/?{dates}" lang="{code}"' in flat(html)
    assert f'hreflang="x-default" href="{settings.SITE_URL}/en/cars/calder-gt/"' in html


def test_an_address_without_a_language_leads_to_the_readers(client):
    assert client.get("/cars/", headers={"accept-language": "pt"}).url == "/pt/cars/"


def test_nothing_inline_anywhere(client, car):
    """The content security policy forbids it; htmx must not bring it back."""
    for url in ("/en/", "/en/cars/", car_url(car), "/en/terms/", "/en/link/"):
        html = client.get(url).content.decode()
        assert re.findall(r"<style|\sstyle=|\son[a-z]+=|hx-on|hx-vals|javascript:", html) == []
        assert re.findall(r"<script(?![^>]*\ssrc=| type=.application/ld\+json.>)", html) == []
        assert "unsafe" not in client.get(url).headers["Content-Security-Policy"]


# --- Catalogue ----------------------------------------------------------------------------------------------------


def test_the_catalogue_shows_offered_cars_only(client, car):
    CarFactory(make="Old", model="Banger", status=Car.Status.RETIRED)
    words = text_of(client.get("/en/cars/"))
    assert "Calder GT coupé" in words
    assert "€240 per day" in words
    assert "Banger" not in words


def test_with_dates_free_cars_come_first_and_booked_ones_with_their_next_free_days(client, car):
    free = CarFactory(make="Novara", model="4 estate", daily_rate="130.00")
    days = four_days()
    make_booking(car=car, start=days.start, length=4)
    page = client.get("/en/cars/", {"start": days.start, "end": days.end})
    words = text_of(page)
    assert "1 car is free" in words
    assert (
        words.index("Novara 4 estate") < words.index("Booked on your dates") < words.index("Calder GT coupé")
    )
    assert "€520 for 4 days" in words
    again = Days.starting(days.end + timedelta(days=1), 4)
    assert car_url(car, start=again.start, end=again.end).replace("&", "&amp;").encode() in page.content
    assert car_url(free, start=days.start, end=days.end).replace("&", "&amp;").encode() in page.content


def test_no_car_free_says_so_and_offers_the_nearest(client, car):
    days = four_days()
    make_booking(car=car, start=days.start, length=4)
    words = text_of(client.get("/en/cars/", {"start": days.start, "end": days.end}))
    assert "No car is free on those dates." in words
    assert "Clear dates" in words
    assert "Next free" in words


def test_filters_narrow_the_list_and_keep_the_dates(client, car):
    CarFactory(make="Marlow", model="7 camper", seats=7, gearbox="manual", daily_rate="145.00")
    query = {"seats": 5, "gearbox": "manual", "max_price": 200, "start": in_days(10), "end": in_days(11)}
    page = client.get("/en/cars/", query)
    assert "Marlow 7 camper" in text_of(page)
    assert "Calder GT" not in text_of(page)
    assert (
        f'href="/en/cars/?start={in_days(10)}&amp;end={in_days(11)}">Clear filters' in page.content.decode()
    )
    assert '<details class="filters" open>' in flat(page)


def test_a_place_is_chosen_at_home_and_its_cars_alone_are_listed(client, car):
    there = LocationFactory(name="Funchal Marina", slug="funchal")
    CarFactory(location=there, make="Tern", model="Breeze")
    CarFactory(location=LocationFactory(name="Empty", slug="empty"), status=Car.Status.RETIRED)
    for url in ("/en/", "/en/cars/"):
        html = client.get(url).content.decode()
        assert '<option value="funchal">Funchal Marina</option>' in html
        assert "Empty</option>" not in html
    page = client.get("/en/cars/", {"place": "funchal", "start": in_days(10), "end": in_days(12)})
    assert "Tern Breeze" in text_of(page)
    assert "Calder GT" not in text_of(page)
    assert '<option value="funchal" selected>' in page.content.decode()
    assert f"start={in_days(10)}" in page.content.decode().split("Clear filters")[0].rsplit("href", 1)[1]


def test_cars_are_grouped_by_place(client, car):
    places = {name: LocationFactory(name=name) for name in ("Annecy", "Zurich")}
    for name, model in (("Annecy", "Lake"), ("Zurich", "Peak"), ("Annecy", "Hill")):
        CarFactory(location=places[name], make="Alp", model=model)
    listed = text_of(client.get("/en/cars/")).split("All cars", 1)[1]
    order = [listed.index(words) for words in ("Alp Lake", "Alp Hill", "Calder GT", "Alp Peak")]
    assert order == sorted(order)
    html = client.get("/en/cars/").content.decode()
    assert [name for name in places if f"<h3>{name}</h3>" not in html] == []


def test_a_business_of_one_place_asks_for_none(client, car):
    for url in ("/en/", "/en/cars/"):
        assert b'name="place"' not in client.get(url).content


def test_no_match_can_be_cleared(client, car):
    words = text_of(client.get("/en/cars/", {"max_price": 10}))
    assert "No car matches." in words
    assert "Clear filters" in words


def test_from_stands_only_where_days_differ_in_price_and_the_lowest_is_shown(client, car):
    CarFactory(location=car.location, make="Tern", model="Breeze", daily_rate="300.00", weekend_rate="100.00")
    words = text_of(client.get("/en/cars/"))
    assert "from €100 per day" in words
    assert "€240 per day" in words
    assert words.index("Tern Breeze") < words.index("Calder GT")
    assert "from €240" not in words
    with as_owner():
        Season.objects.create(name="Dear", start_date=in_days(20), end_date=in_days(30), percent=150)
    assert "from €240 per day" in text_of(client.get("/en/cars/"))
    assert text_of(client.get(car_url(car))).count("from €240 per day") >= 2


def test_cars_are_sorted_and_filtered_by_the_total_shown(client, car):
    tern = CarFactory(location=car.location, make="Tern", model="Breeze", daily_rate="200.00")
    with as_owner():
        Fee.objects.create(name="Cleaning", car=tern, kind="cleaning", per="rental", amount=300)
    days = four_days()
    asked = {"start": days.start, "end": days.end}
    words = text_of(client.get("/en/cars/", asked))
    assert words.index("Calder GT") < words.index("Tern Breeze")
    words = text_of(client.get("/en/cars/", asked | {"sort": "dearest"}))
    assert words.index("Tern Breeze") < words.index("Calder GT")
    words = text_of(client.get("/en/cars/", asked | {"max_total": "960"}))
    assert "1 car is free" in words
    assert "Tern Breeze" not in words
    words = text_of(client.get("/en/cars/", asked | {"max_total": "959.99"}))
    assert "Leave out “Highest total price: 959.99”" in words


def test_each_filter_of_an_empty_list_is_one_press_away_from_gone(client, car):
    page = client.get("/en/cars/", {"seats": 7, "max_price": 10})
    words = text_of(page)
    assert "Leave out “Seats: 7 or more”" in words
    assert "Leave out “Highest price per day: 10”" in words
    html = page.content.decode()
    assert 'href="/en/cars/?max_price=10"' in html
    assert 'href="/en/cars/?seats=7"' in html


def test_a_rule_that_forbids_the_days_to_all_says_so_with_days_that_it_allows(client, car):
    with as_owner():
        Car.objects.update(min_days=3)
    CarFactory(min_days=2)
    start = in_days(10)
    page = client.get("/en/cars/", {"start": start, "end": start})
    assert "Rentals start at 2 days." in text_of(page)
    assert "No car matches." not in text_of(page)
    fixed = query(start=start, end=start + timedelta(days=1)).replace("&", "&amp;")
    assert f'href="/en/cars/{fixed}"' in page.content.decode()
    assert "1 car is free" in text_of(client.get("/en/cars/" + fixed.replace("&amp;", "&")))


def test_a_car_that_is_only_booked_is_no_matter_of_rules(client, car):
    make_booking(car=car, start=in_days(10), length=2)
    CarFactory(min_days=5)
    days = Days.starting(in_days(10), 2)
    words = text_of(client.get("/en/cars/", {"start": days.start, "end": days.end}))
    assert "No car is free on those dates." in words
    assert "Rent this car" not in words


@pytest.mark.parametrize(
    ("start", "end", "says"),
    [
        ("2001-03-14", "2001-03-11", "Return day must be the same as or after Wed 14 March 2001"),
        ("2001-03-14", "", "Choose a pick-up day and a return day"),
        ("tomorrow", "2001-03-14", "Choose a pick-up day"),
    ],
)
def test_dates_that_make_no_sense_get_an_error_and_all_cars(client, car, start, end, says):
    page = client.get("/en/cars/", {"start": start, "end": end})
    words = text_of(page)
    assert words.startswith("Error: Cars")
    assert words.count(says) == 2  # in the summary and beside the field
    assert "Calder GT coupé" in words


@pytest.mark.parametrize(
    ("start", "end"),
    [("0001-01-01", "0001-01-03"), ("9999-12-31", "9999-12-31"), ("0001-01-01", "9999-01-01")],
)
def test_days_at_the_ends_of_the_calendar_are_taken_for_a_slip(client, car, start, end):
    page = client.get(reverse("cars"), {"start": start, "end": end})
    assert page.status_code == 200
    assert page.context["date_error"].startswith("Choose a ")
    assert page.context["days"] is None


def test_filters_that_make_no_sense_are_left_out(client, car):
    page = client.get("/en/cars/", {"seats": "many", "gearbox": "none", "max_price": "cheap"})
    assert page.status_code == 200
    assert "Calder GT coupé" in text_of(page)


def queries_of(client, url, query):
    with CaptureQueriesContext(connection) as made:
        assert client.get(url, query).status_code == 200
    return len(made)


def test_the_number_of_queries_does_not_grow_with_the_cars(client):
    days = four_days()
    query = {"start": days.start, "end": days.end}

    def one_more():
        make_booking(car=CarFactory(), start=days.start, length=4)
        CarImageFactory(car=CarFactory())

    one_more()
    at_one = [
        queries_of(client, "/en/cars/", query),
        queries_of(client, "/en/cars/", {}),
        queries_of(client, "/en/", {}),
    ]
    one_more()
    one_more()
    at_three = [
        queries_of(client, "/en/cars/", query),
        queries_of(client, "/en/cars/", {}),
        queries_of(client, "/en/", {}),
    ]
    assert at_three == at_one
    assert max(at_one) <= 18


# --- Car page: the calendar ---------------------------------------------------------------------------------------


def cell(page, day):
    return re.search(rf'<button class="day[^>]*id="d-{day.isoformat()}".*?</button>', flat(page))[0]


def test_the_calendar_says_what_each_day_is(client, car):
    make_booking(car=car, start=in_days(5), length=2)

    def shown(day):  # each on the page of its own month: the month may end in between
        return cell(client.get(car_url(car, month=f"{day:%Y-%m}")), day)

    booked = shown(in_days(5))
    assert 'name="pick" aria-pressed="false"' in shown(in_days(4))
    assert 'type="button" aria-disabled="true" tabindex="-1" data-k="booked"' in booked
    assert "name=" not in booked
    assert ", booked</span>" in booked
    assert 'aria-current="date"' in shown(in_days(0))


def test_a_car_that_is_not_offered_has_no_page(client):
    assert client.get(car_url(CarFactory(status=Car.Status.MAINTENANCE))).status_code == 404
    assert client.get("/en/cars/none/").status_code == 404


def test_picking_by_plain_links_of_a_form(client, car):
    days = four_days()
    first = client.get(car_url(car, start="", end="", pick=days.start))
    assert "Now choose your return day." in text_of(first)
    assert f'id="start" name="start" value="{days.start}"' in first.content.decode()
    second = client.get(car_url(car, start=days.start, end="", pick=days.end))
    words = text_of(second)
    assert "€960" in words
    assert "Total to pay €960" in words
    assert 'data-s="start"' in cell(second, days.start)
    assert 'data-s="mid"' in cell(second, days.start + timedelta(days=1))
    assert 'data-s="end"' in cell(second, days.end)


def test_picking_over_a_booked_day_starts_again_and_says_so(client, car):
    make_booking(car=car, start=in_days(12), length=1)
    page = client.get(car_url(car, start=in_days(10), pick=in_days(14)))
    words = text_of(page)
    assert "is booked, so we started again from the day you chose." in words
    assert f'name="start" value="{in_days(14)}"' in page.content.decode()


def test_a_booked_day_cannot_be_picked(client, car):
    make_booking(car=car, start=in_days(12), length=1)
    page = client.get(car_url(car, start=in_days(10), pick=in_days(12)))
    assert f'name="start" value="{in_days(10)}"' in page.content.decode()


def test_changing_the_month_keeps_the_dates(client, car):
    days = four_days()
    later = (days.end + timedelta(days=70)).replace(day=1)
    page = client.get(
        car_url(car, start=days.start, end=days.end, view=f"{days.start:%Y-%m}", month=f"{later:%Y-%m}")
    )
    assert f'<input type="hidden" name="view" id="view" value="{later:%Y-%m}">' in page.content.decode()
    assert "Total to pay €960" in text_of(page)


def test_typed_dates_move_the_calendar_to_their_month(client, car):
    days = Days.starting(in_days(100), 2)
    page = client.get(car_url(car, start=days.start, end=days.end, view=f"{in_days(0):%Y-%m}", check=1))
    assert f'id="view" value="{days.start:%Y-%m}"' in page.content.decode()
    assert "Total to pay €480" in text_of(page)


@pytest.mark.parametrize(
    ("start", "end", "says"),
    [
        ("", "", "Choose a pick-up day and a return day"),
        (10, "", "Choose a pick-up day and a return day"),
        (10, 8, "Return day must be the same as or after"),
        (10, 60, "Rent this car for 28 days at most."),
        (-3, 2, "The pick-up day is in the past."),
        (12, 14, "is booked"),
    ],
)
def test_checking_dates_says_what_is_wrong_with_them(client, car, start, end, says):
    make_booking(car=car, start=in_days(13), length=1)
    dates = {"start": in_days(start) if start != "" else "", "end": in_days(end) if end != "" else ""}
    page = client.get(car_url(car, **dates, check=1))
    words = text_of(page)
    assert words.startswith("Error: Calder GT coupé")
    assert "There is a problem" in words
    assert words.count(says) == 2
    assert 'id="start" name="start"' in page.content.decode()
    assert 'aria-invalid="true" aria-describedby="dates-error"' in flat(page)


@pytest.mark.parametrize(
    "query", [{"start": "x", "end": "y"}, {"month": "2001-13"}, {"view": "no"}, {"pick": "2001-02-30"}]
)
def test_nonsense_in_the_address_is_ignored(client, car, query):
    assert client.get(car_url(car, **query)).status_code == 200


def test_htmx_gets_the_part_it_asks_for(client, car):
    days = four_days()
    quote = client.get(
        car_url(car, start=days.start, end=days.end, check=1),
        headers={"hx-request": "true", "hx-target": "price"},
    )
    assert quote.content.decode().lstrip().startswith('<dl class="quote num" id="price">')
    assert quote.headers["HX-Replace-Url"] == car_url(car, start=days.start, end=days.end)
    assert ". 4 days, €960." in text_of(quote)
    month = client.get(
        car_url(car, month=f"{days.start:%Y-%m}"), headers={"hx-request": "true", "hx-target": "calendar"}
    )
    assert flat(month).startswith('<div id="calendar"')
    assert "HX-Request" in quote.headers["Vary"]


def test_the_car_page_asks_few_questions(client, car, django_assert_max_num_queries):
    CarImageFactory(car=car)
    make_booking(car=car, start=in_days(5), length=2)
    with django_assert_max_num_queries(10):
        client.get(car_url(car, start=in_days(10), end=in_days(12)))


# --- Continue -----------------------------------------------------------------------------------------------------


def test_continue_places_a_hold_and_leads_to_the_details(client, car):
    answer = press_continue(client, car, four_days())
    with as_owner():
        hold = Hold.objects.get(expires_at__gt=timezone.now())
    assert (answer.status_code, answer.url) == (303, reverse("details", args=[hold.token]))
    assert (hold.car_id, hold.days) == (car.pk, four_days())
    cookie = answer.cookies[HOLD]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert hold.token not in client.get(car_url(car)).content.decode()


def test_the_same_days_again_lead_to_the_same_hold(client, car):
    first = press_continue(client, car, four_days())
    second = press_continue(client, car, four_days())
    assert (second.status_code, second.url) == (303, first.url)
    with as_owner():
        assert Hold.objects.count() == 1


def test_other_days_replace_the_hold(client, car):
    press_continue(client, car, four_days())
    other = press_continue(client, car, Days.starting(in_days(11), 2))
    with as_owner():
        hold = Hold.objects.get(expires_at__gt=timezone.now())
        assert set(CarAvailability.objects.values_list("date", flat=True)) == set(hold.days)
    assert other.url == reverse("details", args=[hold.token])


def test_another_car_replaces_the_hold(client, car):
    press_continue(client, car, four_days())
    press_continue(client, CarFactory(), four_days())
    with as_owner():
        assert Hold.objects.get(expires_at__gt=timezone.now()).car_id != car.pk


def test_ones_own_days_are_shown_as_free_to_oneself_only(client, car):
    days = four_days()
    press_continue(client, car, days)
    month = f"{days.start:%Y-%m}"
    assert 'aria-pressed="false"' in cell(client.get(car_url(car, month=month)), days.start)
    assert 'data-k="booked"' in cell(Client().get(car_url(car, month=month)), days.start)


def test_a_forged_cookie_is_ignored(client, car):
    hold = make_hold(car=car)
    client.cookies[HOLD] = f"{hold.token}:forged:signature"
    page = client.get(car_url(car, month=f"{hold.start_date:%Y-%m}"))
    assert 'data-k="booked"' in cell(page, hold.start_date)


def test_continue_without_dates_is_an_error_on_the_same_page(client, car):
    answer = client.post(car_url(car), {"start": "", "end": ""})
    assert answer.status_code == 422
    words = text_of(answer)
    assert words.startswith("Error:")
    assert words.count("Choose a pick-up day and a return day") == 2


def test_continue_with_days_that_a_rule_forbids(client, car):
    answer = press_continue(client, car, Days.starting(in_days(10), 29))
    assert answer.status_code == 422
    assert text_of(answer).count("Rent this car for 28 days at most.") == 2
    with as_owner():
        assert Hold.objects.count() == 0


def test_continue_on_days_that_were_just_booked_offers_others(client, car):
    sister = CarFactory(make="Novara", model="4")
    days = four_days()
    make_booking(car=car, start=days.start, length=1)
    answer = press_continue(client, car, days)
    assert answer.status_code == 409
    words = text_of(answer)
    assert "Those dates were just booked" in words
    assert "Nothing was charged." in words
    assert "Novara 4" in words
    after = Days.starting(days.start + timedelta(days=1), 4)
    assert f'name="start" value="{after.start}"' in answer.content.decode()
    taken = client.post(car_url(sister), {"start": days.start, "end": days.end})
    assert taken.status_code == 303


def test_a_lost_race_keeps_the_hold_one_had(client, car):
    first = press_continue(client, car, four_days())
    rival = CarFactory()
    make_hold(car=rival, start=in_days(10))
    assert press_continue(client, rival, four_days()).status_code == 409
    assert press_continue(client, car, four_days()).url == first.url


def test_the_moment_of_choosing_travels_to_the_hold(client, car):
    days, before = four_days(), timezone.now()
    page = client.get(car_url(car, start=days.start, end=days.end))
    stamp = re.search(r'name="chosen" value="([^"]+)"', page.content.decode())[1]
    seen = chosen_at(stamp, car, days) or before - timedelta(days=1)
    assert before.replace(microsecond=0) <= seen <= timezone.now()
    again = client.get(car_url(car, start=days.start, end=days.end, chosen=stamp))
    assert f'name="chosen" value="{stamp}"' in again.content.decode()
    press_continue(client, car, days, chosen=stamp)
    with as_owner():
        assert Hold.objects.get().dates_chosen_at == seen.astimezone(UTC)


def test_a_stamp_for_other_days_is_not_believed(client, car):
    days = four_days()
    page = client.get(car_url(car, start=days.start, end=days.end))
    stamp = re.search(r'name="chosen" value="([^"]+)"', page.content.decode())[1]
    assert chosen_at(stamp, car, Days.starting(days.start, 2)) is None
    assert chosen_at("rubbish", car, days) is None


def test_a_telephone_is_noticed(client, car):
    client.post(
        car_url(car),
        {"start": in_days(10), "end": in_days(10)},
        headers={"user-agent": "Mozilla/5.0 (iPhone) Mobile"},
    )
    with as_owner():
        assert Hold.objects.get().source == "mobile"


def test_prices_and_dates_follow_the_language(client, car):
    days = four_days()
    for language, total in (("es", "960 €"), ("fr", "960 €"), ("pt", "960 €")):
        with translation.override(language):
            url = car_url(car, start=days.start, end=days.end)
        assert total in text_of(client.get(url)).replace("\xa0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("language", "typed", "found", "asked"),
    [
        ("es", "1.240", True, ""),
        ("en", "1,240", True, ""),
        ("en", "1.240", True, "Did you mean 1,240?"),
        ("fr", "100,50", False, ""),
        ("en", "100.50", False, ""),
    ],
)
def test_the_highest_price_is_read_as_its_reader_writes_it(client, language, typed, found, asked):
    car = CarFactory(daily_rate="240.00")
    with translation.override(language):
        address = reverse("cars")
    page = client.get(address, {"max_price": typed}).content.decode()
    assert (car.name in page) is found
    assert asked in page
    assert ("Did you mean" in page) is bool(asked)
