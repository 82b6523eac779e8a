"""A manager decides not to rent to somebody: staff see it on the booking and in lists, the customer nowhere."""

import pytest
from django.test import Client
from django.urls import reverse

from bookings.lifecycle.do_not_rent import mark_customer
from bookings.lifecycle.request import Person
from bookings.models import DoNotRent
from bookings.tests.support.factories import CarFactory, in_days, make_booking, make_manager
from exodrive.rls import STAFF, acting_as, as_owner
from exodrive.tests.support.html import flat
from inbox.tests.views.test_new_booking import body, typed

pytestmark = pytest.mark.django_db
WHY = "Left a car in a field"


def page_of(booking, act=""):
    return f"/staff/bookings/{booking.pk}/{act}"


def marked():
    booking = make_booking(start=in_days(9))
    with acting_as(STAFF, user=make_manager(full_name="Lise Roux")):
        mark_customer(booking=booking, reason=WHY)
    return booking


def test_a_manager_marks_with_a_reason_and_lifts_it_again(manager):
    booking = make_booking()
    assert "do-not-rent/" in body(manager.get(page_of(booking)))
    empty = manager.post(page_of(booking, "do-not-rent/"), {"reason": " \u200b"})
    assert (empty.status_code, "Enter why we do not rent" in body(empty)) == (422, True)
    assert manager.post(page_of(booking, "do-not-rent/"), {"reason": WHY}).status_code == 303
    text = body(manager.get(page_of(booking)))
    assert f"<b>Do not rent:</b> {WHY}" in text
    assert "Decided by Paul Moreau" in text
    with as_owner():
        mark = DoNotRent.objects.get()
    lifting = page_of(booking, f"do-not-rent/{mark.pk}/lifting/")
    assert manager.post(lifting).status_code == 303
    assert "<b>Do not rent:</b>" not in body(manager.get(page_of(booking)))
    assert manager.post(lifting).status_code == 409
    with as_owner():
        mark.refresh_from_db()
        assert mark.lifted_by == manager.user


def test_the_desk_sees_it_and_decides_nothing(desk):
    booking = marked()
    text = body(desk.get(page_of(booking)))
    assert f"<b>Do not rent:</b> {WHY}" in text
    assert "lifting/" not in text
    assert desk.post(page_of(booking, "do-not-rent/"), {"reason": "Me too"}).status_code == 403


def test_the_row_of_every_booking_of_theirs_says_so(desk):
    marked()
    make_booking(start=in_days(20))
    make_booking(start=in_days(30), who=Person("Aisha Khan", "aisha@example.com"))
    assert body(desk.get("/staff/inbox/")).count(">Do not rent<") == 2


def test_the_customer_reads_nothing_of_it():
    booking = marked()
    text = body(Client().get(reverse("booking", args=[booking.secret])))
    assert booking.reference in text
    assert WHY not in text
    assert "not rent" not in text


def test_a_new_booking_warns_and_refuses_the_desk_and_asks_a_manager_why(desk, manager):
    marked()
    form = typed(CarFactory(), in_days(3), in_days(3), email="Marta.Oliveira@example.com")
    looked = body(desk.post("/staff/bookings/new/", form | {"show": "1"}))
    assert WHY in looked
    answer = desk.post("/staff/bookings/new/", form)
    assert answer.status_code == 409
    assert f"We do not rent to this customer: {WHY}." in body(answer)
    assert 'value="Aisha Khan"' in body(answer)
    assert manager.post("/staff/bookings/new/", form).status_code == 409
    assert manager.post("/staff/bookings/new/", form | {"override": "Paid at last"}).status_code == 303


def test_a_known_customer_is_found_with_the_mark(desk):
    marked()
    text = flat(desk.post("/staff/bookings/new/", {"show": "1", "who": "oliveira"}))
    found = text.partition('id="known"')[2].partition("</div>")[0]
    assert "Marta Oliveira" in found
    assert "Do not rent" in found
