"""The page of security events, for managers."""

import re

import pytest

from bookings.tests.support.factories import make_booking, make_desk
from exodrive.models import SecurityEvent
from exodrive.rls import as_owner
from exodrive.tests.support.html import flat
from inbox.desk.security import PER_PAGE

pytestmark = pytest.mark.django_db
PAGE = "/staff/security/"


def rows(page):
    return re.findall(r"<li><time.*?</li>", flat(page))


def event(**fields):
    with as_owner():
        return SecurityEvent.objects.create(**fields)


def test_the_newest_stands_first_with_who_whose_booking_and_address(manager):
    ines, booking = make_desk(full_name="Inès Laurent"), make_booking()
    event(kind="signed_in", user=ines, network="198.51.100.7")
    event(kind="second_step_off", user=ines, actor=manager.user)
    event(kind="link_replaced", actor=ines, booking_id=booking.pk, detail="staff")
    link, off, signed = rows(manager.get(PAGE))
    assert [words for words in ("Signed in", "Inès Laurent", "198.51.100.7") if words not in signed] == []
    assert f"by {manager.user}" in off
    assert f'href="/staff/bookings/{booking.pk}/">{booking.reference}</a>' in link


def test_by_kind_by_person_and_by_page(manager):
    ines = make_desk()
    for _n in range(PER_PAGE):
        event(kind="signed_in", user=ines)
    event(kind="token_made", user=manager.user, actor=ines)
    assert len(rows(manager.get(PAGE))) == PER_PAGE
    assert len(rows(manager.get(f"{PAGE}?page=2"))) == 1
    assert len(rows(manager.get(f"{PAGE}?kind=token_made"))) == 1
    assert len(rows(manager.get(f"{PAGE}?person={manager.user.pk}"))) == 1
    assert len(rows(manager.get(f"{PAGE}?person={ines.pk}&page=2"))) == 1
    assert "Nothing of this kind" in manager.get(f"{PAGE}?kind=pin_set").content.decode()


@pytest.mark.parametrize(
    "query", ["kind=x", "person=x", "person=99999999999999999999", "page=x", "page=999", "kind=%00"]
)
def test_what_makes_no_sense_is_left_out(manager, query):
    event(kind="signed_in")
    assert manager.get(f"{PAGE}?{query}").status_code == 200


def test_it_takes_as_many_queries_for_many(manager, django_assert_max_num_queries):
    for _n in range(20):
        event(kind="pin_set", user=manager.user, actor=make_desk(), booking_id=make_booking().pk)
    with django_assert_max_num_queries(12):
        assert len(rows(manager.get(PAGE))) == 20


def test_the_desk_neither_reads_nor_sees_the_way_to_it(desk, manager):
    assert desk.get(PAGE).status_code == 403
    assert PAGE not in desk.get("/staff/account/").content.decode()
    assert PAGE in manager.get("/staff/account/").content.decode()
