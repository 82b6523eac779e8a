"""Whom staff do not rent to: known again by keyed hashes, in the person's own copy, and past their erasure for a while."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings import privacy
from bookings.lifecycle.do_not_rent import mark_customer
from bookings.lifecycle.request import Person
from bookings.marks import hashes_in_force, hashes_of, is_marked, marks_of, marks_on
from bookings.models import Booking, DataRequest, DoNotRent
from bookings.tests.support.factories import in_days, make_booking, make_manager
from exodrive.rls import PUBLIC, SERVICE, STAFF, acting_as, as_owner
from inbox.retention import forget_what_is_over

pytestmark = pytest.mark.django_db
WHO, PHONE = Person("Zoltan Nemo", "Zoltan.Nemo@example.org"), "+36 70 998 7766"
WHY = "Left a car in a field"


def marked(reason=WHY, **fields):
    booking = make_booking(who=WHO, phone=PHONE, start=in_days(-9), status="completed", **fields)
    with acting_as(STAFF, user=make_manager()):
        mark_customer(booking=booking, reason=reason)
    return booking


def rows():
    with as_owner():
        return list(DoNotRent.objects.values())


@pytest.mark.parametrize(
    ("mailbox", "phone"),
    [("zoltan.nemo@example.org", ""), ("other@example.org", "06 70 998 7766"), ("", "0036709987766")],
)
def test_a_person_is_known_by_mailbox_or_phone_however_it_is_written(mailbox, phone):
    marked()
    with acting_as(STAFF):
        assert [mark.reason for mark in marks_on(mailbox, phone)] == [WHY]
        assert is_marked(Booking(mailbox=mailbox, phone=phone), hashes_in_force())


def test_nobody_else_is_known():
    marked()
    with acting_as(STAFF):
        assert marks_on("zoltan.nemo@example.com", "+36 70 998 7767") == marks_on("", "") == []
        assert not is_marked(Booking(mailbox="", phone="12"), hashes_in_force())


def test_the_table_names_nobody_without_the_key(settings):
    marked()
    (row,) = rows()
    assert "nemo" not in str(row).lower()
    assert "9987766" not in str(row)
    known = hashes_of("zoltan.nemo@example.org", PHONE)
    assert (row["mailbox_hash"], row["phone_hash"]) == known
    settings.LINK_KEY = "another key"
    assert set(hashes_of("zoltan.nemo@example.org", PHONE)).isdisjoint(known)


def test_the_copy_of_their_data_says_why_and_not_who_decided():
    marked()
    with acting_as(SERVICE, actor="job"):
        (mark,) = privacy.personal_data(WHO.email)["do_not_rent"]
    assert mark["reason"] == WHY
    assert {"decided_by_id", "lifted_by_id", "mailbox_hash", "phone_hash"}.isdisjoint(mark)


def test_the_public_gets_it_with_the_copy_that_the_mailbox_confirmed_and_not_before():
    booking, known = marked(), [("zoltan.nemo@example.org", PHONE)]
    with acting_as(PUBLIC, token=booking.secret):
        assert marks_of(known) == []
        privacy.ask("copy")
    with acting_as(SERVICE):
        mailed = DataRequest.objects.get(booking=booking).mailed_token()
    with acting_as(PUBLIC, token=mailed):
        assert marks_of(known) == []
        tables = privacy.confirmed_copy()
    assert [mark["reason"] for mark in tables["do_not_rent"]] == [WHY]
    assert b"index.html" in privacy.zip_of(tables, at=timezone.now())


@pytest.mark.parametrize(("reason", "kept"), [(WHY, WHY), ("Zoltan Nemo left a car in a field", "[…]")])
def test_it_outlives_the_erasure_without_the_name(reason, kept):
    marked(reason)
    before = rows()[0]
    with acting_as(SERVICE, actor="job"):
        assert privacy.erase(WHO.email).found
    (row,) = rows()
    assert row["reason"] == kept
    assert row["mailbox_hash"] == before["mailbox_hash"]
    with acting_as(STAFF):
        assert marks_on("zoltan.nemo@example.org", "")
    with acting_as(SERVICE, actor="job"):
        assert [mark["reason"] for mark in privacy.personal_data(WHO.email)["do_not_rent"]] == [kept]


def test_retention_ends_it(settings):
    marked()
    settings.DO_NOT_RENT_YEARS = 2
    with acting_as(SERVICE, actor="job"):
        assert forget_what_is_over(timezone.now() + timedelta(days=729))["marks"] == 0
        assert forget_what_is_over(timezone.now() + timedelta(days=731))["marks"] == 1
    assert rows() == []
