"""The drill's customers do on the real pages what they are said to do; no server, no provider but the sandbox."""

import random
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from bookings.models import Booking, Payment, SandboxOrder
from bookings.payments.reconciler import reconcile
from bookings.tests.support.factories import in_days, make_booking
from exodrive.dev.drill.browser import Browser
from exodrive.dev.drill.payer import Habit, Payer, onwards, path_of
from exodrive.dev.drill.tally import DEAD, Patience, Tally
from exodrive.dev.drill.target import Answer, Target
from exodrive.rls import SERVICE, acting_as

pytestmark = pytest.mark.django_db(transaction=True)


class Pages(Target):
    """The site's pages without a server between. Where it `loses`, the first answer to each POST never arrives."""

    def __init__(self, *, loses: bool = False) -> None:
        super().__init__("testserver", 80)
        self.loses, self.posts = loses, 0

    def ask(
        self,
        method: str,
        path: str,
        body: str | None = None,
        headers: Any = None,
        timeout: float = 30,
        source: str = "",
    ) -> Answer:
        sent = dict(headers or {})
        kind = sent.pop("Content-Type", "application/octet-stream")
        client = Client(enforce_csrf_checks=True)
        given = client.generic(method, path, body or "", content_type=kind, headers=sent)
        self.posts += method == "POST"
        if self.loses and method == "POST" and self.posts % 2:
            raise ConnectionResetError
        cookies = {name: morsel.value for name, morsel in given.cookies.items()}
        found = {name.lower(): value for name, value in given.items()}
        return Answer(given.status_code, given.content.decode(), found, cookies, 0.0)


@pytest.fixture(autouse=True)
def paid_site(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sandbox first, then the counter; nobody sleeps, and no worker posts what the sandbox reports."""
    settings.PAYMENTS_SANDBOX = True
    settings.PAYMENT_METHODS = ["sandbox", "pick_up"]
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    monkeypatch.setattr("bookings.receivers.publish", lambda *args, **kwargs: True)
    monkeypatch.setattr("inbox.receivers.publish", lambda *args, **kwargs: True)


@pytest.fixture
def booking() -> Booking:
    return make_booking(start=in_days(30))


def visit(booking: Booking, habit: Habit, site: Pages | None = None) -> Tally:
    """What the customer saw."""
    tally = Tally()
    patience = Patience(tally, random.Random(1), booking.email)
    Payer(Browser(site or Pages()), patience).settle(f"http://testserver/en/booking/{booking.token}/", habit)
    return tally


def state(booking: Booking) -> tuple[str, str, list[str]]:
    """Of the booking, of its money, of what the provider knows."""
    with acting_as(SERVICE, actor="provider"):
        now = Booking.objects.get(pk=booking.pk)
        return now.status, now.payment_status, list(SandboxOrder.objects.values_list("state", flat=True))


def test_who_agrees_reads_that_it_is_booked(booking: Booking) -> None:
    tally = visit(booking, Habit.AGREES)
    assert state(booking) == ("upcoming", "paid", ["captured"])
    assert (tally.booked, tally.cancelled) == ({booking.email}, set())
    assert dict(tally.habits) == {Habit.AGREES: 1}


def test_who_is_declined_tries_again_and_pays_once(booking: Booking) -> None:
    tally = visit(booking, Habit.IS_DECLINED)
    assert state(booking) == ("upcoming", "paid", ["captured"])
    assert tally.booked == {booking.email}


def test_who_closes_the_tab_reads_nothing_and_is_booked_by_the_reconciler(
    booking: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    tally = visit(booking, Habit.CLOSES)
    assert tally.booked == set()
    assert state(booking) == ("pending", "unpaid", ["approved"])
    later = timezone.now() + timedelta(minutes=2)
    with acting_as(SERVICE, actor="provider"):
        reconcile(later)
    assert state(booking) == ("upcoming", "paid", ["captured"])


def test_who_goes_back_has_not_paid(booking: Booking) -> None:
    tally = visit(booking, Habit.GOES_BACK)
    assert tally.booked == set()
    assert state(booking) == ("pending", "unpaid", ["action_required"])


def test_who_pays_at_pick_up_has_no_order(booking: Booking) -> None:
    tally = visit(booking, Habit.PAYS_THERE)
    assert tally.booked == set()
    assert state(booking) == ("pending", "unpaid", [])
    assert dict(tally.habits) == {Habit.PAYS_THERE: 1}


def test_who_regrets_it_read_both(booking: Booking) -> None:
    tally = visit(booking, Habit.REGRETS)
    assert (tally.booked, tally.cancelled) == ({booking.email}, {booking.email})
    assert state(booking)[0] == "cancelled"


@pytest.mark.parametrize(("habit", "posts"), [(Habit.AGREES, 2), (Habit.IS_DECLINED, 4), (Habit.REGRETS, 3)])
def test_lost_answers_are_asked_for_again_and_cost_nothing(
    booking: Booking, habit: Habit, posts: int
) -> None:
    tally = visit(booking, habit, Pages(loses=True))
    assert tally.statuses[DEAD] == posts
    assert tally.booked == {booking.email}
    with acting_as(SERVICE, actor="provider"):
        payments = Payment.objects.filter(purpose="rental")
        assert [payment.captured for payment in payments] == [booking.total]


def answer(**headers: str) -> Answer:
    return Answer(200, "", headers, {}, 0.0)


@pytest.mark.parametrize(
    ("headers", "there"),
    [
        ({"location": "http://127.0.0.1:8000/pay/back/x/?not=1"}, (0.0, "/pay/back/x/?not=1")),
        ({"refresh": "2; url=/en/booking/x/payment/?turn=2"}, (2.0, "/en/booking/x/payment/?turn=2")),
        ({}, (0.0, "")),
    ],
)
def test_a_browser_goes_on_where_it_is_told_to(headers: dict[str, str], there: tuple[float, str]) -> None:
    assert onwards(answer(**headers)) == there


def test_the_site_is_the_same_whatever_its_name() -> None:
    assert path_of("https://exodrive.test/en/booking/x/") == path_of("/en/booking/x/") == "/en/booking/x/"
