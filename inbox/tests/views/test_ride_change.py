"""Changing a ride on the staff pages: shown first, then done, and written in the history."""

import pytest
from django.urls import reverse

from bookings.lifecycle.rides.request import RideDetails
from bookings.models import Booking
from bookings.tests.support.booked_rides import DAY, Chauffeurs, settle
from bookings.tests.support.factories import in_days, move_to
from bookings.tests.support.site import text_of
from exodrive.i18n.formats import day
from exodrive.rls import as_owner
from exodrive.tests.support.html import inputs

pytestmark = pytest.mark.django_db


@pytest.fixture
def hired():
    return Chauffeurs(name="Driver by the hour")


@pytest.fixture
def booking(hired):
    made = hired.book("10:00", details=RideDetails(from_text="12 rue de la République"))
    settle()
    return made


def page_of(booking):
    return reverse("staff_change", args=[booking.pk])


def typed_on(client, booking, **typed):
    sent = inputs(client.get(page_of(booking))).dict()
    return {name: value for name, value in sent.items() if name not in ("q", "in_language")} | typed


def now(booking):
    with as_owner():
        return Booking.objects.select_related("ride").get(pk=booking.pk)


def test_the_panel_leads_there_and_a_change_is_shown_first(desk, booking):
    home = reverse("staff_booking", args=[booking.pk])
    assert page_of(booking) in desk.get(home).content.decode()
    typed = typed_on(desk, booking, time="15:00", duration="3", from_text="1 Main Street", bags="1")
    seen = desk.post(page_of(booking), typed)
    words = text_of(seen)
    on = day(in_days(DAY))
    assert seen.status_code == 200
    for part in (f"{on}, 10:00 – 12:00", f"{on}, 15:00 – 18:00", "1 Main Street", "Bags", "+€90"):
        assert part in words
    assert now(booking).total == 180
    sent = {name: inputs(seen)[name] for name in (*typed, "agreed", "shown")} | {"do": "1"}
    assert desk.post(page_of(booking), sent).status_code == 303
    changed = now(booking)
    assert (changed.total, changed.ride.from_text, changed.ride.bags) == (270, "1 Main Street", 1)
    history = text_of(desk.get(home))
    assert f"Time: {on}, 10:00 – 12:00 → {on}, 15:00 – 18:00; Bags: 0 → 1; Pick-up address; +€90" in history
    assert desk.post(page_of(booking), sent).status_code == 422  # pressed twice


def test_nothing_is_done_that_was_not_seen(desk, booking):
    typed = typed_on(desk, booking, time="15:00")
    answer = desk.post(page_of(booking), typed | {"do": "1"})
    assert (answer.status_code, "Look at it again." in text_of(answer)) == (422, True)
    assert now(booking).ride.starts_at == booking.ride.starts_at
    assert "Nothing is different yet" in text_of(desk.post(page_of(booking), typed_on(desk, booking)))


def test_a_taken_time_offers_others(desk, hired, booking):
    hired.book("15:00")
    settle()
    typed = typed_on(desk, booking, time="15:30")
    taken = desk.post(page_of(booking), typed)
    assert taken.status_code == 409
    assert f'value="{in_days(DAY)}T17:30"' in taken.content.decode()
    shown = desk.post(page_of(booking), typed | {"take": f"{in_days(DAY)}T17:30"})
    assert "17:30 – 19:30" in text_of(shown)


def test_managers_break_rules_with_a_reason_and_the_desk_cannot(desk, manager, booking):
    late = typed_on(desk, booking, time="21:10")
    refused = desk.post(page_of(booking), late | {"exception": "on", "override": "VIP"})
    assert (refused.status_code, "On that day the service runs" in text_of(refused)) == (422, True)
    silent = manager.post(page_of(booking), late | {"exception": "on"})
    assert (silent.status_code, "Enter why you make an exception" in text_of(silent)) == (422, True)
    excused = late | {"exception": "on", "override": "VIP"}
    seen = manager.post(page_of(booking), excused)
    assert seen.status_code == 200
    done = manager.post(page_of(booking), excused | {"do": "1", "agreed": inputs(seen)["agreed"]})
    assert (done.status_code, f"{now(booking).pickup_time:%H:%M}") == (303, "21:10")


def test_what_is_over_is_not_changed(desk, booking):
    move_to(booking, "completed")
    assert desk.get(page_of(booking)).status_code == 302
    assert desk.post(page_of(booking), {"time": "15:00"}).status_code == 422
