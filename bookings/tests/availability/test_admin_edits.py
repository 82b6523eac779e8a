"""What managers edit in the admin never contradicts a booking without asking, and afterwards stands in nobody's way."""

from datetime import time, timedelta

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.test import Client, RequestFactory
from django.utils import timezone

from bookings.days import Days
from bookings.errors import Invalid
from bookings.feeds.calendar_file import calendar_file
from bookings.lifecycle.change import change_booking
from bookings.lifecycle.change_request import ChangeRequest
from bookings.lifecycle.request import Details
from bookings.models import Booking
from bookings.tests.support.factories import (
    AgencyFactory,
    LocationFactory,
    extras_of,
    in_days,
    make_booking,
    make_extra,
    make_manager,
    move_to,
    prove,
)
from cars.models import Car, ClosedDay, Extra, Fleet, Location, OpeningHours
from exodrive.http.request import ours
from exodrive.rls import LOGIN, SERVICE, STAFF, acting_as, as_owner
from exodrive.tests.support.admin import values_of
from inbox.mail.letters import compose
from inbox.models import InboxEmail

pytestmark = pytest.mark.django_db

# Fields whose edits touch no booking that is made: what it says of the thing, prices (a booking keeps its own), and rules
# about the moment of booking. Everything else on a page of the admin must ask, with a case below.
HARMLESS = {
    "agency": {"name", "slug"},
    "car": {
        *("make", "model", "slug", "plate", "year", "seats", "doors", "gearbox", "fuel", "power_kw"),
        *("daily_rate", "weekend_rate", "deposit", "included_km_per_day", "excess_km_price"),
        *("description", "description_es", "description_fr", "description_pt"),
        *("horizon_days", "lead_time_hours", "cut_off_hour"),
        "car_class",  # of the rides to come: those booked keep their car
        # A service that is due is shown; only a block takes days.
        *("service_every_km", "service_every_months", "service_due_km", "service_due_on"),
    },
    "fleet": {"name", "horizon_days", "lead_time_hours", "cut_off_hour"},
    # An agency decides where a car may be returned from now on.
    "location": {"agency", "name", "slug", "address", "latitude", "longitude", "phone"},
    "closedday": {"name"},
    "extra": {
        *("name", "name_es", "name_fr", "name_pt", "price", "per", "about"),
        # What is booked is kept, by `book_extras`.
        *("max_per_booking", "is_offered"),
    },
    "season": None,  # prices
    "discount": None,
    "fee": None,
    # What rides are offered, at which price: a ride that is booked keeps both.
    "carclass": None,
    "zone": None,
    "place": None,
    "service": None,
}


@pytest.fixture
def booking():
    """Of four days in two weeks, with an extra, of a driver of 30."""
    extra = make_extra(stock=3, max_per_booking=3)
    details = Details(driver_age=30, extras=((extra, 2),))
    booking = prove(make_booking(start=in_days(14), length=4, details=details))
    move_to(booking, "upcoming")
    return booking


@pytest.fixture
def manager():
    client = Client()
    with acting_as(LOGIN):
        client.force_login(make_manager())
    return client


def row_of(model, booking):
    if model == "extra":
        return booking.extras.get().extra.pk
    return {
        "car": booking.car_id,
        "fleet": booking.car.fleet_id,
        "location": booking.car.location_id,
    }[model]


# (page, what is typed there); a callable is given the booking.
EDITS = [
    ("car", {"location": lambda booking: LocationFactory().pk}),
    ("car", {"status": "maintenance"}),
    ("car", {"min_days": "5"}),
    ("car", {"max_days": "3"}),
    ("car", {"minimum_age": "31"}),
    ("car", {"pickup_weekdays": lambda booking: [(booking.start_date.weekday() + 1) % 7]}),
    ("car", {"dropoff_weekdays": lambda booking: [(booking.end_date.weekday() + 1) % 7]}),
    ("fleet", {"min_days": "5"}),
    ("fleet", {"max_days": "3"}),
    ("fleet", {"pickup_weekdays": lambda booking: [(booking.start_date.weekday() + 1) % 7]}),
    ("fleet", {"dropoff_weekdays": lambda booking: [(booking.end_date.weekday() + 1) % 7]}),
    ("location", {"time_zone": "Atlantic/Azores"}),
    ("location", {"opening_hours-{pickup}-DELETE": "on"}),
    ("location", {"opening_hours-{dropoff}-closes": "12:00"}),
    ("location", {"opening_hours-{pickup}-opens": "17:00"}),
    ("extra", {"stock": "1"}),
    ("extra", {"location": lambda booking: LocationFactory().pk}),
]


def typed(changes, booking):
    days = {"pickup": booking.start_date.weekday(), "dropoff": booking.end_date.weekday()}
    return {
        name.format(**days): value(booking) if callable(value) else value for name, value in changes.items()
    }


@pytest.mark.parametrize(("model", "changes"), EDITS, ids=lambda value: "-".join(value) if value else "")
def test_an_edit_that_contradicts_a_booking_lists_it_and_asks(manager, booking, model, changes):
    with acting_as(STAFF):
        url = f"/admin/cars/{model}/{row_of(model, booking)}/change/"
    sent = values_of(manager.get(url))
    assert manager.post(url, sent).status_code == 302  # unchanged: nothing to ask
    sent |= typed(changes, booking)
    page = manager.post(url, sent)
    assert page.status_code == 200
    assert f"{booking.reference} (" in page.content.decode()
    again = values_of(manager.get(url))
    assert manager.post(url, again).status_code == 302  # nothing was saved
    assert manager.post(url, sent | {"keep_bookings": "on"}).status_code == 302
    kept = values_of(manager.get(url))
    assert kept != again
    assert manager.post(url, kept).status_code == 302  # and it does not ask again about what was kept


def test_what_is_kept_free_after_a_rental_asks_when_the_next_one_is_too_near(manager, booking):
    later = make_booking(car=booking.car, start=booking.end_date + timedelta(days=1), length=2)
    for model in ("car", "fleet"):
        with acting_as(STAFF):
            url = f"/admin/cars/{model}/{row_of(model, booking)}/change/"
        page = manager.post(url, values_of(manager.get(url)) | {"buffer_days": "1"})
        assert page.status_code == 200
        assert later.reference in page.content.decode()


@pytest.mark.parametrize("whose", ["everywhere", "there", "every year"])
def test_a_closed_day_asks_on_its_own_page_and_on_its_places(manager, booking, whose):
    place = booking.car.location_id
    date = {"date": booking.start_date.isoformat()}
    if whose == "there":
        url = f"/admin/cars/location/{place}/change/"
        sent = values_of(manager.get(url)) | {
            "closed_days-TOTAL_FORMS": "1",
            "closed_days-0-location": place,
            "closed_days-0-date": date["date"],
        }
    else:
        url, sent = "/admin/cars/closedday/add/", date | ({"every_year": "on"} if "year" in whose else {})
    page = manager.post(url, sent)
    assert page.status_code == 200
    assert booking.reference in page.content.decode()
    with as_owner():
        assert not ClosedDay.objects.exists()
    assert manager.post(url, sent | {"keep_bookings": "on"}).status_code == 302
    with as_owner():
        assert ClosedDay.objects.count() == 1


def test_a_day_without_bookings_is_closed_without_a_question(manager, booking):
    day = (booking.end_date + timedelta(days=1)).isoformat()
    assert manager.post("/admin/cars/closedday/add/", {"date": day}).status_code == 302


def test_every_field_of_every_page_asks_or_is_harmless(booking):
    """A new field has to be put into one of the two."""
    asked = {("closedday", name) for name in ("location", "date", "every_year")}
    asked |= {(model, name) for model, changes in EDITS for name in changes if "opening" not in name}
    asked |= {("car", "buffer_days"), ("fleet", "buffer_days"), ("car", "fleet")}
    request = RequestFactory().get("/")
    ours(request).staff = make_manager()
    models = [model for model in apps.get_app_config("cars").get_models() if admin.site.is_registered(model)]
    pages = {model: admin.site.get_model_admin(model) for model in models}
    assert {model._meta.model_name for model in pages} == HARMLESS.keys()
    for model, page in pages.items():
        name, harmless = model._meta.model_name, HARMLESS[model._meta.model_name]
        if harmless is None:
            continue
        fields = set(flatten_fieldsets(page.get_fieldsets(request))) - {"keep_bookings"}
        assert fields == harmless | {field for about, field in asked if about == name}, name
    assert {inline.model for inline in pages[Location].inlines} == {OpeningHours, ClosedDay}


def test_no_place_extra_or_car_goes_while_a_booking_needs_it(manager, booking):
    with acting_as(STAFF):
        rows = [(model, row_of(model, booking)) for model in ("car", "location", "extra")]
    for model, pk in rows:
        manager.post(f"/admin/cars/{model}/{pk}/delete/", {"post": "yes"})
    with as_owner():
        assert all(
            model.objects.filter(pk=pk).exists()
            for model, (_name, pk) in zip((Car, Location, Extra), rows, strict=True)
        )


# --- Afterwards ------------------------------------------------------------------------------------------------------


def change(booking, **to):
    with acting_as(STAFF):
        return change_booking(booking=booking, to=ChangeRequest(**to), at=timezone.now()).booking


def contradict(booking):
    """Everything at once: closed on both days, other weekdays, lengths and gaps, another home, out of service, no stock."""
    with as_owner():
        place, car = booking.pick_up, Car.objects.get(pk=booking.car_id)
        for day in (booking.start_date, booking.end_date):
            ClosedDay.objects.create(date=day, location=place)
        OpeningHours.objects.filter(location=place).update(opens=time(12), closes=time(13))
        far = LocationFactory(agency=AgencyFactory(slug="other"), time_zone="Atlantic/Azores")
        Extra.objects.update(stock=1)
        Fleet.objects.update(pickup_weekdays=1 << (booking.start_date.weekday() + 1) % 7)
        car.location, car.buffer_days, car.horizon_days = far, 3, 5
        car.max_days, car.status = 2, Car.Status.MAINTENANCE
        car.dropoff_weekdays = 1 << (booking.end_date.weekday() + 1) % 7
        car.save()
        return Booking.objects.get(pk=booking.pk)


def test_what_staff_changed_since_stands_in_the_way_of_nothing_else(booking):
    make_booking(car=booking.car, start=booking.end_date + timedelta(days=1), length=2)
    place = booking.pick_up.pk
    booking = contradict(booking)
    changed = change(booking, details=Details(phone="+351 912 345 678"))
    assert changed.phone == "+351 912 345 678"
    with as_owner():
        extra = Extra.objects.get()
    change(changed, details=Details(extras=((extra, 1),)))
    assert extras_of(changed) == [(extra.pk, 1)]
    # The other end: the return day stays where it was, on a day that is closed now.
    later = change(
        changed, days=Days(booking.start_date, booking.end_date), details=Details(pickup_time=time(12))
    )
    assert later.pickup_time == time(12)
    with as_owner():
        Fleet.objects.update(pickup_weekdays=127)
        OpeningHours.objects.update(opens=time(10), closes=time(18))
    later = change(later, days=Days(booking.start_date + timedelta(days=1), booking.end_date))
    assert later.days_count == 3
    assert later.pick_up.pk == later.drop_off.pk == place  # where it was booked, not where the car lives now


def test_a_contradicted_booking_is_confirmed_handed_over_and_told_its_own_place():
    booking = prove(make_booking(start=in_days(-1), length=4))
    place = booking.pick_up
    booking = contradict(booking)
    move_to(booking, "active")
    with as_owner():
        now = Booking.objects.get(pk=booking.pk)
        assert now.status == "active"
        assert now.pick_up == place
        assert now.car.location != place
        event = calendar_file(now, url="https://rent.example/", at=timezone.now()).decode()
    assert place.name in event
    with acting_as(SERVICE):
        email = InboxEmail.objects.filter(booking=now, template="booking_confirmed").get()
        assert place.address in compose(email, ["someone@example.com"], at=timezone.now()).body


@pytest.mark.django_db(transaction=True)
def test_an_extra_that_is_had_elsewhere_now_stays_with_who_has_it(booking):
    with as_owner():
        extra = Extra.objects.get()
        Extra.objects.update(location=LocationFactory())
    change(booking, days=Days(booking.start_date + timedelta(days=1), booking.end_date))
    change(booking, details=Details(extras=((extra, 1),)))
    assert extras_of(booking) == [(extra.pk, 1)]
    with pytest.raises(Invalid):  # more of it is something new
        change(booking, details=Details(extras=((extra, 2),)))
    other = LocationFactory(agency=AgencyFactory())
    with pytest.raises(Invalid):  # and so is another place
        change(booking, details=Details(pick_up=other))
