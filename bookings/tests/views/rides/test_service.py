"""The page of a service, as a visitor without JavaScript gets it: the form, the price, the reasons, what instead."""

import json
import re
from datetime import time
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bookings.availability.rides.offer import Offer
from bookings.forms.rides import as_query
from bookings.tests.support.factories import in_days, make_booking
from bookings.tests.support.rides import block_hours, hours_on
from bookings.tests.support.site import text_of
from cars.models import ClosedDay, Service
from cars.pricing.rides.ride import quick_quotes
from cars.tests.support.rides import make_place, make_service
from exodrive.i18n.formats import money
from exodrive.rls import PUBLIC, acting_as, as_owner
from exodrive.tests.support.html import flat

pytestmark = pytest.mark.django_db
DAY = 10  # days from now
HTMX = {"HX-Request": "true", "HX-Target": "answer"}


def ask(client, service, clock="10:00", *, day=DAY, headers=None, **more):
    """GET of a wish."""
    address = reverse("tour" if service.kind == "tour" else "service", args=[service.slug])
    query = {"day": in_days(day).isoformat(), "time": clock, **more}
    return client.get(address, query, headers=headers or {})


def reasons_of(page):
    return [reason.code for reason in page.context["choice"].against]


def tag(page, pattern):
    """The first tag with such attributes, on one line."""
    return re.search(rf"<[a-z]+ [^>]*{pattern}[^>]*>", flat(page.content.decode()))[0]


# --- The form -----------------------------------------------------------------------------------------------------


def test_nothing_is_asked_before_anything_is_chosen(client, driver):
    page = client.get("/en/services/driver/")
    assert page.status_code == 200
    assert page.context["errors"] == []
    assert "Choose a day and a time to see the price." in text_of(page)
    assert "Saloon 3 passengers · 2 bags €90 per hour" in text_of(page)
    assert "<title>Driver – " in page.content.decode()
    assert "checked" in tag(page, 'id="duration-60"')


def test_the_address_holds_the_wish_and_nobody(client, driver, van):
    page = ask(client, driver, "16:30", duration="own", own="2:30", **{"class": van.pk}, passengers=5, bags=4)
    assert page.status_code == 200
    assert "ends 19:00" in text_of(page)
    for name, value in (("time", "16:30"), ("own", "2:30"), ("passengers", 5), ("bags", 4)):
        assert f'value="{value}"' in tag(page, f'name="{name}"')
    assert f'value="{in_days(DAY)}"' in tag(page, 'name="day"')
    assert "checked" in tag(page, f'id="class-{van.pk}"')
    assert "checked" in tag(page, 'id="duration-own"')
    asked = as_query(page.context["choice"].wish)
    assert asked.keys() == {"day", "time", "duration", "own", "class", "passengers", "bags"}


def test_the_price_has_its_lines_its_km_and_its_end(client, driver, van):
    page = ask(client, driver, "10:00", duration=120, **{"class": van.pk})
    words = text_of(page)
    assert "Driver (€60 × 4) €240 Total to pay €240" in words
    assert "40 km included, €2 for each km more" in words
    assert "ends 12:00" in words
    assert f"2 h · {page.context['begins']}" in words


def test_prices_without_tax_say_it_as_on_the_page_of_a_car(client, driver, settings):
    settings.TAX_INCLUDED = False
    words = text_of(ask(client, driver, duration=60))
    assert "Tax €18" in words
    assert "Total to pay €108" in words
    assert "plus tax" in words


def test_quick_durations_cost_what_the_quote_says(client, driver, saloon):
    with as_owner():
        Service.objects.filter(pk=driver.pk).update(quick_minutes=[30, 60, 240, 480, 900])
    page = ask(client, driver, duration=60)
    said = {pick.value: pick.said for pick in page.context["durations"]}
    with acting_as(PUBLIC):
        offer = Offer.of(Service.objects.select_related("location").get(pk=driver.pk))
    choice = page.context["choice"]
    quotes = quick_quotes(
        offer.service, saloon, choice.wish.hours.starts_at, offer.tariff, choice.form.options
    )
    expected = {str(n): money(quote.total) for n, quote in quotes}
    assert said == expected | {"30": "from 1 h", "900": "up to 12 h", "own": ""}
    for value, price in said.items():
        assert price in flat(page.content.decode()).split(f'id="price-{value}">')[1][: len(price) + 1]


def test_an_own_duration_is_priced_like_a_quick_one(client, driver):
    typed = ask(client, driver, duration="own", own="2").context["quote"]
    assert typed == ask(client, driver, duration=120).context["quote"]


def test_the_class_is_the_first_that_takes_everybody(client, driver, van):
    assert ask(client, driver, duration=60, passengers=5).context["choice"].wish.car_class == van


def test_a_transfer_asks_for_places_and_knows_how_long_it_takes(client, transfer):
    make_place(name="Far away", slug="far")
    page = client.get("/en/services/airport/")
    assert "Choose from where to where, and when, to see the price." in text_of(page)
    assert "Far away" not in text_of(page)
    page = ask(client, transfer, **{"from": "lys", "to": "town"})
    assert "Total to pay €90" in text_of(page)
    assert "ends 11:40" in text_of(page)  # 40 minutes, and the hour that the driver waits at an airport
    assert page.context["durations"] == []


def test_a_tour_takes_as_long_as_it_takes(client, tour):
    page = ask(client, tour, passengers=2)
    words = text_of(page)
    assert "Total to pay €240" in words
    assert "ends 13:00" in words
    assert "Languages English" in words


def test_a_tour_and_a_service_have_one_address_each(client, driver, tour):
    moved = client.get("/en/services/hills/", {"time": "10:00"})
    assert (moved.status_code, moved.url) == (301, "/en/tours/hills/?time=10%3A00")
    assert client.get("/en/tours/driver/").url == "/en/services/driver/"


def test_what_is_not_offered_is_not_there(client):
    hidden = make_service(kind="hourly", is_offered=False)
    assert client.get(f"/en/services/{hidden.slug}/").status_code == 404
    assert client.get("/en/services/nothing/").status_code == 404


def test_every_language_has_its_address(client, driver):
    html = client.get("/pt/services/driver/").content.decode()
    for code in ("en", "es", "fr", "pt"):
        assert f'hreflang="{code}" href="http' in html
        assert f'/{code}/services/driver/"' in html


def test_search_engines_read_the_service(client, driver):
    html = client.get("/en/services/driver/").content.decode()
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html)[1])
    assert (data["@type"], data["name"], data["serviceType"]) == ("Service", "Driver", "By the hour")
    assert data["offers"]["priceSpecification"]["minPrice"] == "90.00"
    assert data["offers"]["priceSpecification"]["referenceQuantity"]["unitCode"] == "HUR"


# --- Why not ------------------------------------------------------------------------------------------------------


def closed(service):
    with as_owner():
        ClosedDay.objects.create(date=in_days(DAY), location=service.location)


def busy(service):
    for car in service.cars:
        block_hours(car, hours_on(in_days(DAY), "10:00", 60))


REASONS = [
    ("past_time", {"day": -1}, "That time is in the past.", None),
    ("horizon", {"day": 200}, "You can book until ", None),
    ("min_duration", {"duration": 30}, "Book at least 1 h.", None),
    ("max_duration", {"duration": "own", "own": "13:00"}, "Book at most 12 h.", None),
    ("step", {"clock": "10:10"}, "Choose a time on the full hour or 15, 30, 45 minutes after.", None),
    ("outside_hours", {"clock": "06:00"}, "On that day the service runs 08:00–20:00.", None),
    ("passengers", {"passengers": 8}, "This class takes 3 passengers.", None),
    ("luggage", {"bags": 9}, "This class takes 2 bags.", None),
    ("closed", {}, " is closed.", closed),
    ("sold_out", {}, "No car of this class is free at that time.", busy),
]


@pytest.mark.parametrize(("code", "wish", "sentence", "before"), REASONS, ids=[row[0] for row in REASONS])
def test_each_reason_is_said_and_costs_no_answer(client, driver, saloon, code, wish, sentence, before):
    if before:
        before(driver)
    page = ask(client, driver, **{"duration": 60, "class": saloon.pk} | wish)
    assert page.status_code == 200
    assert code in reasons_of(page)
    assert sentence in text_of(page)
    assert page.context["quote"] is None
    pressed = ask(client, driver, **{"duration": 60, "class": saloon.pk, "check": 1} | wish)
    assert sentence in " ".join(text for _name, text in pressed.context["errors"])


def test_the_lead_time_is_said(client, driver):
    with as_owner():
        Service.objects.filter(pk=driver.pk).update(lead_time_minutes=40 * 24 * 60 // 2)
    assert "lead_time" in reasons_of(ask(client, driver, duration=60))


def test_all_reasons_are_said_at_once(client, driver, saloon):
    page = ask(client, driver, "06:10", duration=30, passengers=9, bags=9, **{"class": saloon.pk})
    found = ["min_duration", "step", "outside_hours", "passengers", "luggage"]
    assert [code for code in reasons_of(page) if code != "sold_out"] == found


def test_no_way_has_a_price(client, transfer):
    with as_owner():
        transfer.rates.update(both_ways=False)
    page = ask(client, transfer, **{"from": "town", "to": "lys"})
    assert reasons_of(page) == ["no_route"]
    assert "There is no price for that." in text_of(page)


def test_the_hour_that_is_skipped_is_no_time(client, driver):
    """Whichever night the clocks go forward next."""
    nights = (in_days(n) for n in range(366))
    night = next(day for day in nights if not driver.location.shows(day, time(2, 30)))
    page = client.get("/en/services/driver/", {"day": night.isoformat(), "time": "02:30", "duration": 60})
    assert page.status_code == 422
    assert "there is no 02:30" in text_of(page)


# --- What instead -------------------------------------------------------------------------------------------------


def test_another_time_and_another_class_can_be_taken_with_their_prices(client, driver, saloon, van):
    block_hours(driver.cars[0], hours_on(in_days(DAY), "12:00", 60))
    page = ask(client, driver, "12:00", duration=60, **{"class": saloon.pk})
    assert reasons_of(page) == ["sold_out"]
    found = [(link.kind, link.note) for link in page.context["instead"]]
    assert [kind for kind, _note in found] == ["time", "time", "class"]
    assert [note.rpartition(" ")[2] for _kind, note in found] == ["€90", "€90", "€120"]
    assert "Take this time" in text_of(page)
    assert "Take this class" in text_of(page)


def test_what_is_offered_instead_is_free_at_the_price_that_was_said(client, driver, saloon, van):
    """Whatever the refusal: each link opens the same price, and Continue keeps it."""
    block_hours(driver.cars[0], hours_on(in_days(DAY), "12:00", 60))
    offered = 0
    for wish in (
        {"clock": "12:00", "duration": 60},
        {"clock": "11:45", "duration": "own", "own": "1:30"},
        {"clock": "12:30", "duration": 120, "passengers": 2},
        {"clock": "10:10", "duration": 60},
        {"clock": "10:00", "duration": 60, "passengers": 5},
        {"clock": "19:30", "duration": 240},
    ):
        page = ask(client, driver, **{"class": saloon.pk} | wish)
        assert reasons_of(page)
        for link in page.context["instead"]:
            taken = client.get(link.url)
            assert reasons_of(taken) == [], link
            assert money(taken.context["quote"].total) == link.note.rpartition(" · ")[2]
            offered += 1
    assert offered > 8


def test_free_times_of_the_day_are_links_to_the_same_ride(client, driver, saloon):
    block_hours(driver.cars[0], hours_on(in_days(DAY), "12:00", 60))
    page = ask(client, driver, "10:00", duration=60, **{"class": saloon.pk})
    starts = {link.label: link for link in page.context["starts"]}
    assert {"08:00", "10:45", "13:15", "19:00"} <= starts.keys()
    assert not {"11:00", "13:00", "19:15"} & starts.keys()
    assert starts["10:00"].note
    assert "aria-current" in tag(page, re.escape(starts["10:00"].url.replace("&", "&amp;")))
    other = client.get(starts["13:15"].url)
    assert reasons_of(other) == []
    assert other.context["choice"].wish.minutes == 60


def test_a_car_for_the_day_stands_in_for_hours_that_cannot_be_had(client, driver, saloon):
    page = ask(client, driver, "06:00", duration=60, **{"class": saloon.pk})
    rent = page.context["rent"]
    assert "Or rent a car for the day, from " in text_of(page)
    cars = client.get(rent.url)
    cheapest = min(offer.price for offer in cars.context["free"])
    assert (cars.status_code, money(cheapest)) == (200, rent.label)
    assert {offer.car.location_id for offer in cars.context["free"]} == {driver.location_id}


def test_no_car_for_the_day_where_none_is_free(client, driver, saloon):
    for car in driver.cars:
        make_booking(car=car, start=in_days(DAY), length=1)
    page = ask(client, driver, "10:00", duration=60, **{"class": saloon.pk})
    assert (reasons_of(page), page.context["rent"]) == (["sold_out"], None)
    assert ask(client, driver, "10:00", day=DAY + 3, duration=60).context["rent"] is None


# --- Wrong input --------------------------------------------------------------------------------------------------

WRONG = [
    ({"day": "tomorrow"}, "day", "Choose a day"),
    ({"time": "half past"}, "time", "Choose a time"),
    ({"duration": "long"}, "duration", "Choose how long"),
    ({"duration": "own", "own": "ages"}, "own", "Type hours and minutes, like 2:30"),
    ({"duration": "own", "own": "0:00"}, "own", "Type hours and minutes, like 2:30"),
    ({"duration": "own", "own": "1:75"}, "own", "Type hours and minutes, like 2:30"),
    ({"class": "999"}, "class", "Choose a class"),
    ({"passengers": "0"}, "passengers", ""),
    ({"bags": "many"}, "bags", ""),
    ({"day": "0001-01-01"}, "day", "You can book until"),
    ({"day": "9999-12-31"}, "day", "You can book until"),
    ({"passengers": ""}, "passengers", "Type how many passengers there are"),
]


@pytest.mark.parametrize(("typed", "field", "sentence"), WRONG)
@pytest.mark.parametrize("method", ["get", "post"])
def test_wrong_input_is_said_and_nothing_is_lost(client, driver, method, typed, field, sentence):
    sent = {
        "day": in_days(DAY).isoformat(),
        "time": "10:00",
        "duration": "120",
        "bags": "1",
        "check": "1",
    } | typed
    page = getattr(client, method)("/en/services/driver/", sent)
    assert page.status_code == 422
    assert field in dict(page.context["errors"])
    assert sentence in dict(page.context["errors"])[field]
    assert "<title>Error: " in page.content.decode()
    assert 'id="errors"' in page.content.decode()
    for name in sent.keys() - {"check", "duration", "class"}:
        if sent[name] and not (name == "own" and sent["duration"] != "own"):
            assert f'value="{sent[name]}"' in tag(page, f'name="{name}"')


@pytest.mark.parametrize(
    ("ends", "field"),
    [({}, "from"), ({"from": "lys", "to": "lys"}, "to"), ({"from": "x", "to": "lys"}, "from")],
)
def test_a_transfer_needs_two_places(client, transfer, ends, field):
    page = ask(client, transfer, check=1, **ends)
    assert page.status_code == 422
    assert field in dict(page.context["errors"])


def test_what_is_missing_is_no_mistake_before_anything_is_pressed(client, driver):
    page = client.get("/en/services/driver/", {"duration": "120", "passengers": "2"})
    assert (page.status_code, page.context["errors"]) == (200, [])
    assert client.get("/en/services/driver/", {"check": "1"}).status_code == 422


# --- In place -----------------------------------------------------------------------------------------------------


def test_htmx_gets_the_answer_alone_and_the_address_of_the_wish(client, driver, saloon):
    page = ask(client, driver, "10:00", headers=HTMX, duration=120)
    html = page.content.decode()
    assert "<html" not in html
    assert 'id="answer"' in html
    for part in ("sum", "ride-live", "ends", "price-120", f"price-class-{saloon.pk}"):
        assert re.search(rf'id="{part}"\s+hx-swap-oob="innerHTML"', html)
    address = page["HX-Replace-Url"]
    assert client.get(address).context["quote"] == page.context["quote"]
    assert "2 h, €180." in unescape(html)


def test_htmx_hears_of_wrong_input_and_of_reasons(client, driver):
    wrong = ask(client, driver, headers=HTMX, duration="own", own="x")
    assert (wrong.status_code, wrong.context["problems"]) == (422, ["Type hours and minutes, like 2:30"])
    refused = ask(client, driver, "06:00", headers=HTMX, duration=60)
    assert refused.status_code == 200
    assert "the service runs 08:00–20:00. Free instead: " in text_of(refused)


# --- How many statements ------------------------------------------------------------------------------------------


def statements(client, driver, **wish):
    ask(client, driver, **wish)
    with CaptureQueriesContext(connection) as made:
        page = ask(client, driver, **wish)
    return page, [query["sql"] for query in made.captured_queries if "SAVEPOINT" not in query["sql"]]


def test_a_price_takes_seven_statements_and_a_refusal_four_more(client, driver):
    page, texts = statements(client, driver, duration=60)
    assert page.context["quote"]
    assert len(texts) <= 7, texts
    page, texts = statements(client, driver, clock="06:00", duration=60)
    assert page.context["rent"]
    assert len(texts) <= 12, texts
