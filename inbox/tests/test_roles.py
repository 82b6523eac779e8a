"""Desk and Manager: every act, through every door, by everybody who can sign in."""

import pytest
from django.test import Client
from django.utils import timezone

from bookings.models import Block, Booking
from bookings.tests.support.api import Api, staff_token
from bookings.tests.support.factories import (
    CarFactory,
    give_all_back,
    in_days,
    make_booking,
    make_desk,
    make_manager,
    make_user,
    move_to,
    pay_at_the_counter,
)
from exodrive.models import User
from exodrive.rls import STAFF, acting_as, as_owner
from exodrive.routes import Tag, routes
from exodrive.tests.support.made_once import MadeOnce, own
from inbox.tests.conftest import signed_in
from inbox.tests.views.test_blocks import typed as typed_block
from inbox.tests.views.test_change import page_of, typed
from inbox.tests.views.test_new_booking import typed as typed_new

pytestmark = pytest.mark.django_db
REASON = "A friend of the house"
PEOPLE = {
    "flag": lambda: make_user(is_staff=True),
    "desk": make_desk,
    "manager": make_manager,
    "superuser": lambda: make_user(is_staff=True, is_superuser=True),
}


class World:
    """A booking in each status that a verb begins with, a car that may not be rented for long, and everybody."""

    def __init__(self) -> None:
        self.bookings = {status: booking_that_is(status) for status in ("pending", "upcoming", "given back")}
        self.car = CarFactory(max_days=2)
        self.people: dict[str, User] = {who: make() for who, make in PEOPLE.items()}


def booking_that_is(status: str) -> Booking:
    """In that status; "given back" is paid, cancelled, and all of the money is back."""
    booking = make_booking(start=in_days(5), length=2, status="pending")
    if status != "given back":
        return move_to(booking, status)
    with acting_as(STAFF):
        pay_at_the_counter(booking, timezone.now())
    booking = move_to(booking, "cancelled")
    with acting_as(STAFF):
        give_all_back(booking, timezone.now())
    return booking


@pytest.fixture(scope="module")
def made(made_once: MadeOnce[World]) -> World:
    return made_once(World)


@pytest.fixture
def world(made: World, db: None) -> World:
    return own(made)


class Case:
    """One booking, one car that may not be rented for long, and somebody who asks."""

    def __init__(self, world: World, who: str, status: str = "pending") -> None:
        self.booking, self.car = world.bookings[status], world.car
        self.user: User = world.people[who]
        self.browser: Client = signed_in(self.user)

    @property
    def path(self) -> str:
        return f"/staff/bookings/{self.booking.pk}"

    def api(self) -> list[Api]:
        """By token and by session."""
        return [Api(bearer=staff_token(self.user)), Api(user=self.user)]

    def admin(self, model: str, action: str, **more: str) -> None:
        chosen = {"action": action, "index": "0", "_selected_action": [str(self.booking.pk)]}
        self.browser.post(f"/admin/{model}/", chosen | more)

    def reread(self) -> Booking:
        with as_owner():
            return Booking.objects.select_related("link").get(pk=self.booking.pk)


def by_page(case, act, **data):
    case.browser.post(f"{case.path}/{act}/", data)


def by_htmx(case, act, **data):
    headers = {"HX-Request": "true", "HX-Target": f"b-{case.booking.pk}"}
    case.browser.post(f"{case.path}/{act}/", data, headers=headers)


def by_api(n, method, path, body):
    """By the token (0) or the session (1)."""
    return lambda case: case.api()[n](method, path(case), body(case))


def of_booking(part=""):
    return lambda case: f"/api/bookings/{case.booking.pk}{part}"


def moves(to):
    return {
        "page": lambda case: by_page(case, "status", to=to),
        "htmx": lambda case: by_htmx(case, "status", to=to),
        "token": by_api(0, "PATCH", of_booking("/status"), lambda case: {"status": to}),
        "session": by_api(1, "PATCH", of_booking("/status"), lambda case: {"status": to}),
    }


def days(length):
    return {"startDate": str(in_days(9)), "endDate": str(in_days(8 + length))}


def new_by_api(case):
    customer = {"fullName": "Aisha Khan", "email": "aisha@example.com"}
    return {"carId": case.car.pk, **days(4), "customer": customer, "override": {"reason": REASON}}


def new_by_page(case):
    return case.browser.post(
        "/staff/bookings/new/", typed_new(case.car, in_days(9), in_days(12), override=REASON)
    )


def make_strict(case):
    """The booking's own car may not be rented for longer than it is."""
    with as_owner():
        type(case.booking.car).objects.filter(pk=case.booking.car_id).update(max_days=2)


def longer_by_page(case):
    make_strict(case)
    with as_owner():
        booking = Booking.objects.select_related("car__location").get(pk=case.booking.pk)
        data = typed(booking, end=in_days(9), exception="on", override=REASON)
    seen = case.browser.post(page_of(booking), data)
    if b'name="agreed"' in seen.content:
        agreed = seen.content.decode().partition('name="agreed" value="')[2].partition('"')[0]
        case.browser.post(page_of(booking), data | {"do": "1", "agreed": agreed})


def longer(n):
    def change(case):
        make_strict(case)
        body = {"endDate": str(in_days(9)), "override": {"reason": REASON}}
        case.api()[n].patch(of_booking()(case), body)

    return change


def block_by_page(case):
    case.browser.post("/staff/blocks/new/", typed_block(in_days(2), in_days(2), case.car))


def block_by_api(n):
    body = {"kind": "other", "startDate": str(in_days(2)), "endDate": str(in_days(2))}
    return lambda case: case.api()[n].post("/api/blocks", body | {"carIds": [case.car.pk]})


def blocked(case):
    with as_owner():
        return Block.objects.filter(car=case.car).exists()


def booked(case):
    with as_owner():
        return Booking.objects.filter(car=case.car).exists()


ALL, MANAGERS = {"desk", "manager", "superuser"}, {"manager", "superuser"}
# What, how the booking stands before, who may, whether it happened, and every door there is.
VERBS = {
    "move": (
        "pending",
        ALL,
        lambda case: case.reread().status == "upcoming",
        moves("upcoming") | {"admin": lambda case: case.admin("bookings/booking", "mark_upcoming")},
    ),
    "cancel": (
        "upcoming",
        ALL,
        lambda case: case.reread().status == "cancelled",
        {
            "page": lambda case: by_page(case, "cancellation", reason=REASON),
            "htmx": lambda case: by_htmx(case, "cancellation", reason=REASON),
            "token": by_api(0, "POST", of_booking("/cancel"), lambda case: {"reason": REASON}),
            "session": by_api(1, "DELETE", of_booking(), lambda case: None),
            "admin": lambda case: case.admin("bookings/booking", "cancel", reason=REASON),
        },
    ),
    "block": (
        "pending",
        ALL,
        blocked,
        {"page": block_by_page, "token": block_by_api(0), "session": block_by_api(1)},
    ),
    "refund": ("given back", MANAGERS, lambda case: case.reread().status == "refunded", moves("refunded")),
    "override for a new booking": (
        "pending",
        MANAGERS,
        booked,
        {
            "page": new_by_page,
            "token": by_api(0, "POST", lambda case: "/api/bookings", new_by_api),
            "session": by_api(1, "POST", lambda case: "/api/bookings", new_by_api),
        },
    ),
    "override for a change": (
        "pending",
        MANAGERS,
        lambda case: case.reread().end_date == in_days(9),
        {"page": longer_by_page, "token": longer(0), "session": longer(1)},
    ),
    "replace the link": (
        "pending",
        MANAGERS,
        lambda case: bytes(case.reread().link.nonce) != bytes(case.booking.link.nonce),
        {"page": lambda case: by_page(case, "link"), "htmx": lambda case: by_htmx(case, "link")},
    ),
}
TABLE = [
    (verb, way, who)
    for verb, (_status, _may, _happened, ways) in VERBS.items()
    for way in ways
    for who in PEOPLE
]


@pytest.mark.parametrize(("verb", "way", "who"), TABLE)
def test_who_may_do_what_through_which_door(world, verb, way, who):
    status, may, happened, ways = VERBS[verb]
    case = Case(world, who, status)
    with as_owner():
        case.booking.link.refresh_from_db()
    assert not happened(case)
    ways[way](case)
    assert happened(case) == (who in may)


def test_a_refund_is_offered_to_managers_and_refused_in_words_to_the_desk(world):
    case, manager = Case(world, "desk", "given back"), signed_in(make_manager())
    assert "Mark refunded" not in case.browser.get(f"{case.path}/").content.decode()
    assert "Mark refunded" in manager.get(f"{case.path}/").content.decode()
    answer = case.browser.post(f"{case.path}/status/", {"to": "refunded", "from": "cancelled"})
    assert (answer.status_code, "Only a manager may do this." in answer.content.decode()) == (403, True)


def test_nobody_on_the_staff_side_erases_people():
    """A person confirms it from their mailbox, or ops run the command: there is no third door to guard."""
    names = {route.name for route in routes() if {Tag.STAFF, Tag.API} & route.tags}
    assert not [name for name in names if "eras" in name or "privacy" in name or "copy" in name]
    assert [route.name for route in routes() if "erasure" in route.name] == ["booking_erasure"]
