"""Acting on a booking from the inbox: what it does, what the answer replaces, and what is refused."""

import re

import pytest
from django.utils import timezone

from bookings.lifecycle import transitions
from bookings.lifecycle.keys.handover import hand_over
from bookings.lifecycle.request import Person
from bookings.models import Booking, CarAvailability
from bookings.tests.support.factories import (
    give_all_back,
    in_days,
    make_booking,
    make_desk,
    move_to,
    pay_at_the_counter,
)
from cars.catalogue import look
from exodrive.rls import PUBLIC, STAFF, acting_as, as_owner
from exodrive.tests.support.html import flat
from inbox.desk import actions as actions
from inbox.models import InboxItem

pytestmark = pytest.mark.django_db
CHECKOUT = {"odometer": "45010", "fuel": "8", "licence_seen": "on"}
CHECKLIST = {"odometer": "45210", "fuel": "6", "damage": "yes", "note": "Scratch on the left door"}


def now(booking):
    with as_owner():
        return Booking.objects.get(pk=booking.pk)


def act(client, booking, what, data, **more):
    return client.post(f"/staff/bookings/{booking.pk}/{what}/", data, **more)


def item(booking):
    with as_owner():
        return InboxItem.objects.get(booking=booking)


def handed_over(**fields):
    booking = make_booking(status="upcoming", **fields)
    with acting_as(STAFF):
        return hand_over(booking=booking, at=timezone.now())


def body(response):
    return response.content.decode()


def test_mark_upcoming_without_javascript(desk):
    booking = make_booking()
    answer = act(
        desk, booking, "status", {"to": "upcoming", "from": "pending", "next": "/staff/inbox/?tab=pending"}
    )
    assert (answer.status_code, answer.url) == (303, "/staff/inbox/?tab=pending")
    assert now(booking).status == "upcoming"
    assert (item(booking).status, item(booking).done_by) == ("done", desk.user)
    assert "Marta Oliveira is now upcoming." in body(desk.get(answer.url))


def test_mark_upcoming_in_the_inbox_replaces_all_that_changed(desk):
    booking, other = make_booking(), make_booking(who=Person("Aisha Khan", "aisha@example.com"))
    data = {"to": "upcoming", "from": "pending", "next": "/staff/inbox/?tab=pending"}
    answer = desk.htmx(f"/staff/bookings/{booking.pk}/status/", data, target=f"b-{booking.pk}")
    text = body(answer)
    assert (answer.status_code, answer["HX-Reswap"]) == (200, "none")
    assert re.findall(r'id="([^"]+)"[^>]*hx-swap-oob="true"', text) == [
        "list",
        "tabs",
        "lists",
        "today",
        "badge",
        f"booking-{booking.pk}",
    ]
    assert f'id="b-{booking.pk}"' not in text
    assert f'id="b-{other.pk}"' in text
    assert 'data-pending="1"' in text
    assert "Marta Oliveira is now upcoming. 1 pending." in text


# Who asks: 3 queries, the booking: 1. What the verb does and what the answer shows grows with nothing.
MAX_QUERIES = {"page": 15, "htmx": 37}


@pytest.mark.parametrize("way", MAX_QUERIES)
@pytest.mark.parametrize(
    ("status", "what", "data"),
    [
        ("pending", "status", {"to": "upcoming", "from": "pending"}),
        ("upcoming", "handover", CHECKOUT | {"from": "upcoming"}),
        ("pending", "cancellation", {"from": "pending", "reason": "No driver"}),
    ],
)
def test_a_move_asks_the_database_little(desk, way, status, what, data, django_assert_max_num_queries):
    booking = make_booking(start=in_days(0), status=status)
    for _ in range(3):
        make_booking()
    send = {"page": desk.post, "htmx": desk.htmx}[way]
    with acting_as(STAFF):
        look()  # the catalogue is read once for each process
    with django_assert_max_num_queries(MAX_QUERIES[way]):
        answer = send(f"/staff/bookings/{booking.pk}/{what}/", data | {"next": "/staff/inbox/?tab=all"})
    assert answer.status_code == {"page": 303, "htmx": 200}[way]


def test_take_back_asks_for_the_checklist(desk):
    booking = handed_over(start=in_days(0))
    page = desk.get(f"/staff/bookings/{booking.pk}/return/")
    assert all(f'name="{field}"' in body(page) for field in CHECKLIST)
    assert now(booking).status == "active"


def test_old_links_to_an_act_lead_to_the_booking_as_it_is(desk):
    booking = make_booking(status="cancelled")
    for act_name in ("cancellation", "return"):
        path = f"/staff/bookings/{booking.pk}/{act_name}/"
        assert desk.get(path).url == f"/staff/bookings/{booking.pk}/"
        assert f'id="booking-{booking.pk}"' in body(desk.htmx(path, target="panel"))


def test_take_back_completes_with_the_checklist(desk):
    booking = handed_over(start=in_days(0))
    answer = act(desk, booking, "return", CHECKLIST | {"from": "active"})
    assert answer.status_code == 303
    back = now(booking)
    assert (
        back.status,
        back.return_odometer_km,
        back.return_fuel_eighths,
        back.return_damage,
        back.return_note,
    ) == (
        "completed",
        45210,
        6,
        True,
        "Scratch on the left door",
    )
    text = body(desk.get(answer.url))
    for words in ("45,210", "6/8", "Scratch on the left door"):
        assert words in text
    with as_owner():
        days = [day.date for day in CarAvailability.objects.filter(booking=booking)]
    assert days == [in_days(0)]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"odometer": ""}, "Enter the odometer reading"),
        ({"odometer": "-4"}, "At least 0"),
        ({"odometer": "2000000"}, "At most 1,999,999"),
        ({"odometer": "many"}, "Enter the odometer reading in whole kilometres"),
        ({"fuel": ""}, "Choose how full it is"),
        ({"fuel": "9"}, "Select a valid choice"),
        ({"damage": ""}, "Choose whether there is new damage"),
        ({"note": ""}, "Describe the damage"),
    ],
)
def test_a_checklist_with_holes_is_a_422_with_a_summary(desk, wrong, sentence):
    booking = handed_over(start=in_days(0))
    answer = act(desk, booking, "return", CHECKLIST | {"from": "active"} | wrong)
    text = body(answer)
    assert answer.status_code == 422
    assert "There is a problem" in text
    assert sentence in text
    assert now(booking).status == "active"


def test_take_back_before_the_hand_over_is_refused(desk):
    booking = make_booking(status="active", start=in_days(0))
    answer = act(desk, booking, "return", CHECKLIST | {"from": "active"})
    assert answer.status_code == 400
    assert "Hand the car over before you take it back." in body(answer)


def test_cancel_asks_for_a_reason_and_frees_the_days(desk):
    booking = make_booking()
    empty = act(desk, booking, "cancellation", {"from": "pending", "reason": " "})
    assert empty.status_code == 422
    assert "Enter why you cancel this booking" in body(empty)
    answer = act(desk, booking, "cancellation", {"from": "pending", "reason": "The car is in the workshop"})
    assert now(booking).status == "cancelled"
    history = body(desk.get(answer.url))
    assert "Inès Laurent moved it from Pending to Cancelled" in history
    assert "The car is in the workshop" in history
    with as_owner():
        assert not CarAvailability.objects.filter(booking=booking).exists()


def test_cancelled_bookings_can_be_marked_refunded_on_their_page_once_all_money_is_back(manager):
    booking = make_booking()
    with acting_as(STAFF):
        payment = pay_at_the_counter(booking, timezone.now())
    booking = move_to(booking, "cancelled")
    page = f"/staff/bookings/{booking.pk}/"
    assert "Mark refunded" not in body(manager.get(page))
    assert act(manager, booking, "status", {"to": "refunded", "from": "cancelled"}).status_code == 400
    with acting_as(STAFF):
        give_all_back(booking, timezone.now())
    assert now(booking).refunded == payment.amount
    assert (
        "Mark refunded"
        not in re.search(r'<div id="list".*?</ul>', flat(manager.get("/staff/inbox/?tab=cancelled")))[0]
    )
    assert "Mark refunded" in body(manager.get(page))
    act(manager, booking, "status", {"to": "refunded", "from": "cancelled"})
    assert now(booking).status == "refunded"


@pytest.mark.parametrize(
    ("what", "data"),
    [
        ("status", {"to": "upcoming", "from": "pending"}),
        ("handover", CHECKOUT | {"from": "pending"}),
        ("return", CHECKLIST | {"from": "pending"}),
        ("cancellation", {"from": "pending", "reason": "x"}),
    ],
)
def test_a_stale_form_is_a_conflict_that_names_who_moved_it(desk, what, data):
    booking = make_booking(start=in_days(0))
    colleague = make_desk(full_name="Luc Petit")
    with acting_as(STAFF, user=colleague):
        transitions.transition(booking=booking, to="upcoming", at=timezone.now())
    answer = act(desk, booking, what, data)
    assert answer.status_code == 409
    assert re.search(r"Luc Petit moved this booking to Upcoming at \d\d:\d\d\.", body(answer))
    assert now(booking).status == "upcoming"


def test_the_second_of_two_presses_of_one_button_finds_it_done(desk):
    booking = make_booking()
    data = {"to": "upcoming", "from": "pending"}
    for _press in range(2):
        assert act(desk, booking, "status", data).url == f"/staff/bookings/{booking.pk}/"
    with as_owner():
        assert booking.changes.filter(to_status="upcoming").count() == 1
    reason = {"from": "upcoming", "reason": "No driver"}
    assert [act(desk, booking, "cancellation", reason).status_code for _press in range(2)] == [303, 303]
    assert act(desk, booking, "status", data).status_code == 409


def test_a_conflict_in_the_list_takes_the_place_of_its_row(desk):
    booking = make_booking()
    move_to(booking, "upcoming")
    data = {"to": "upcoming", "from": "pending", "next": "/staff/inbox/?tab=pending"}
    answer = desk.htmx(f"/staff/bookings/{booking.pk}/status/", data, target=f"b-{booking.pk}")
    assert (answer.status_code, answer["HX-Retarget"]) == (409, f"#b-{booking.pk}")
    assert flat(answer).startswith(f'<li id="b-{booking.pk}"')
    assert '<a href="/staff/inbox/?tab=pending" data-focus>Refresh</a>' in flat(answer)


def test_a_conflict_in_the_panel_takes_the_place_of_the_booking(desk):
    booking = make_booking()
    move_to(booking, "upcoming")
    data = {"from": "pending", "reason": "x", "next": "/staff/inbox/"}
    answer = desk.htmx(f"/staff/bookings/{booking.pk}/cancellation/", data, target=f"booking-{booking.pk}")
    assert (answer.status_code, answer["HX-Retarget"]) == (409, f"#booking-{booking.pk}")
    assert f'<article id="booking-{booking.pk}"' in body(answer)


@pytest.mark.parametrize(
    ("status", "to"),
    [
        ("completed", "upcoming"),
        ("upcoming", "nonsense"),
        ("upcoming", "active"),  # only with the hand-over
        ("active", "completed"),  # only with the checklist
        ("upcoming", "cancelled"),  # only with a reason
    ],
)
def test_an_illegal_move_is_a_400_and_changes_nothing(desk, status, to):
    booking = make_booking(status=status)
    answer = act(desk, booking, "status", {"to": to, "from": status})
    assert answer.status_code == 400
    assert "Nothing was changed" in body(answer)
    assert now(booking).status == status


def test_the_panel_offers_only_legal_acts(manager):
    offered = {
        "pending": {"Mark upcoming", "Cancel…"},
        "upcoming": {"Hand over early…", "Cancel…"},
        "active": {"Hand over early…", "Cancel…"},
        "completed": set(),
        "cancelled": set(),
        "refunded": set(),
    }
    everything = set().union(*offered.values()) | {
        *("Hand over car", "Take car back", "Undo the hand-over", "Seen", "Mark refunded"),
    }
    for status, acts in offered.items():
        text = body(manager.get(f"/staff/bookings/{make_booking(status=status).pk}/"))
        assert {words for words in everything if f">{words}<" in text} == acts
    text = body(manager.get(f"/staff/bookings/{handed_over(start=in_days(0)).pk}/"))
    assert {words for words in everything if f">{words}<" in text} == {
        *("Take car back", "Undo the hand-over", "Cancel…"),
    }
    text = body(manager.get(f"/staff/bookings/{make_booking(start=in_days(0), status='upcoming').pk}/"))
    assert {words for words in everything if f">{words}<" in text} == {"Hand over car", "Cancel…"}


def test_seen_is_offered_once_the_booking_is_past_pending(desk):
    booking = make_booking()
    seen = f'action="/staff/bookings/{booking.pk}/seen/"'
    assert seen not in body(desk.get("/staff/inbox/"))
    assert act(desk, booking, "seen", {}).status_code == 400
    with acting_as(PUBLIC, token=booking.secret):
        transitions.cancel(booking=booking, at=timezone.now())
    assert seen in body(desk.get("/staff/inbox/"))
    act(desk, booking, "seen", {})
    assert (item(booking).status, item(booking).done_by) == ("done", desk.user)
    assert verbs_seen_again(booking, desk) == 0


def verbs_seen_again(booking, desk):
    with acting_as(STAFF, user=desk.user):
        return actions.mark_seen(booking=now(booking), by=desk.user, at=timezone.now())
