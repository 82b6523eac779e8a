"""What was written down by mistake is taken back on a form that asks first, and by whom as long as it may be."""

import pytest
from django.utils import timezone

from bookings.lifecycle.keys.handover import hand_over
from bookings.models import Booking
from bookings.tests.support.factories import in_days, make_booking
from bookings.tests.support.returns import back, days_of, fresh, missed, out
from exodrive.rls import STAFF, acting_as, as_owner
from exodrive.tests.support.html import flat

pytestmark = pytest.mark.django_db


def handed_over() -> Booking:
    with acting_as(STAFF):
        return hand_over(booking=make_booking(start=in_days(0), status="active"), at=timezone.now())


CASES = {
    "handover/undoing/": (handed_over, "Undo the hand-over"),
    "return/undo/": (lambda: back(out()), "Undo the return"),
    "no-show/undoing/": (missed, "Undo the no-show"),
}


@pytest.mark.parametrize("path", CASES)
def test_every_undoing_asks_first_says_what_follows_and_can_be_kept(desk, path):
    make, button = CASES[path]
    booking = make()
    page = f"/staff/bookings/{booking.pk}/"
    before = fresh(booking).status
    assert f'href="{page}{path}?next=' in flat(desk.get(page))
    asked = flat(desk.get(page + path))
    assert f"{button}</button>" in asked
    assert "Keep as it is" in asked
    assert (fresh(booking).status, fresh(booking).outcome) == (before, booking.outcome)
    in_panel = desk.get(page + path, headers={"HX-Request": "true"})
    assert "data-focus" in flat(in_panel)


@pytest.mark.parametrize("path", CASES)
def test_an_old_link_to_an_undoing_shows_the_booking_as_it_is(desk, path):
    booking = make_booking(start=in_days(3), status="upcoming")
    answer = desk.get(f"/staff/bookings/{booking.pk}/{path}")
    assert (answer.status_code, answer.url) == (302, f"/staff/bookings/{booking.pk}/")


def test_a_no_show_is_undone_by_the_desk_for_a_quarter_of_an_hour(desk):
    booking = missed()
    page = f"/staff/bookings/{booking.pk}/"
    answer = desk.post(f"{page}no-show/undoing/", {"from": "cancelled"})
    text = flat(desk.get(answer.url))
    assert "The no-show is undone" in text
    assert "Undone: the customer came" in text
    assert (fresh(booking).status, len(days_of(booking))) == ("active", 5)


def test_two_presses_undo_a_no_show_once(desk):
    booking = missed()
    page = f"/staff/bookings/{booking.pk}/no-show/undoing/"
    assert [desk.post(page, {"from": "cancelled"}).status_code for _press in range(2)] == [303, 303]
    with as_owner():
        assert booking.changes.filter(reason="no_show_undone").count() == 1


def test_later_a_manager_undoes_it_and_the_desk_does_not(desk, manager):
    booking = missed(minutes_ago=16)
    page = f"/staff/bookings/{booking.pk}/"
    assert "Undo the no-show" not in flat(desk.get(page))
    refused = desk.post(f"{page}no-show/undoing/", {"from": "cancelled"})
    assert refused.status_code == 403
    assert fresh(booking).status == "cancelled"
    assert "Undo the no-show…" in flat(manager.get(page))
    assert manager.post(f"{page}no-show/undoing/", {"from": "cancelled"}).status_code == 303
    assert fresh(booking).status == "active"


def test_who_has_the_days_by_now_is_in_the_way_of_undoing_a_no_show(manager):
    booking = missed()
    make_booking(car=booking.car, start=in_days(2), length=1)
    answer = manager.post(f"/staff/bookings/{booking.pk}/no-show/undoing/", {"from": "cancelled"})
    assert answer.status_code == 409
    assert "Somebody has the car by now" in flat(answer)
    assert fresh(booking).status == "cancelled"


def test_a_list_of_no_shows_asks_as_often_for_many_as_for_one(manager, django_assert_max_num_queries):
    missed(minutes_ago=20)
    with django_assert_max_num_queries(60) as one:
        manager.get("/staff/inbox/?tab=cancelled")
    for _each in range(3):
        missed(minutes_ago=20)
    with django_assert_max_num_queries(len(one.captured_queries)):
        manager.get("/staff/inbox/?tab=cancelled")


def test_the_way_back_from_a_booking_never_leads_to_itself(desk):
    booking = make_booking()
    page = f"/staff/bookings/{booking.pk}/"
    for address in (page, f"{page}?next={page}", f"{page}?next={page}%3Fnext%3D{page}"):
        crumb = flat(desk.get(address)).partition('<nav class="crumb"')[2].partition("</nav>")[0]
        assert 'href="/staff/inbox/"' in crumb
