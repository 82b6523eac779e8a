"""Another language on a page with a form: what was typed comes along, and nothing is done."""

import pytest

from bookings.models import Block, Booking
from bookings.tests.support.factories import CarFactory, in_days, make_block, make_booking
from exodrive.rls import as_owner
from exodrive.tests.support.html import inputs

pytestmark = pytest.mark.django_db


def pages():
    booking = make_booking(start=in_days(10), length=3)
    block = make_block(car=CarFactory(), start=in_days(20), length=2)
    page = f"/staff/bookings/{booking.pk}"
    return {
        "new booking": ("/staff/bookings/new/", "full_name"),
        "change": (f"{page}/change/", "special_requests"),
        "customer": (f"{page}/customer/", "full_name"),
        "new block": ("/staff/blocks/new/", "note"),
        "block": (f"/staff/blocks/{block.pk}/", "note"),
    }


def stored():
    with as_owner():
        rows = Booking.objects.select_related("customer")
        return [
            (booking.full_name, booking.special_requests, booking.start_date, booking.status)
            for booking in rows
        ], list(Block.objects.values_list("car", "start_date", "end_date", "note"))


@pytest.mark.parametrize("which", ["new booking", "change", "customer", "new block", "block"])
def test_what_was_typed_comes_along_and_nothing_is_done(manager, which):
    url, field = pages()[which]
    car, before = CarFactory(), stored()
    page = manager.get(url)
    assert 'form="typed"' in page.content.decode()
    whole = {"car": car.pk, "start": in_days(40), "end": in_days(41), "email": "marta@example.com"}
    sent = {**inputs(page).dict(), **(whole if which.startswith("new") else {}), field: "Words typed"}
    if which.startswith("new"):
        sent |= {"kind": "maintenance", "language": "en"}
    answer = manager.post(url, {**sent, "in_language": "fr"})
    assert answer.status_code == 200
    text = answer.content.decode()
    assert '<html lang="fr-FR">' in text
    assert "Words typed" in text
    assert stored() == before
    assert answer.cookies["django_language"].value == "fr"
    assert '<html lang="fr-FR">' in manager.get("/staff/inbox/").content.decode()
