"""The benchmark measures what it says: bookings that never meet, and pgbench scripts with nothing fixed in them."""

import re
from typing import cast
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve

from bookings.models import Booking
from cars.models import Car
from exodrive.dev.bench import ROUND, Fleet, ceiling, desk, repeated
from exodrive.dev.bench.figures import Figures
from exodrive.dev.bench.over_http import Answers
from exodrive.rls import as_owner


def test_no_two_slots_meet() -> None:
    fleet = Fleet([Car(pk=number) for number in range(1, 101)])
    slots = [slot for number in range(fleet.measurements) for slot in fleet.slots(number)]
    taken = {(slot.car.pk, day) for slot in slots for day in slot.days}
    assert len(slots) == fleet.measurements * ROUND
    assert len(taken) == sum(len(slot.days) for slot in slots)


def test_two_processes_share_a_measurement() -> None:
    fleet = Fleet([Car(pk=number) for number in range(1, 101)])
    halves = [list(fleet.slots(1, first=first, step=2)) for first in (0, 1)]
    assert sorted(map(str, halves[0] + halves[1])) == sorted(map(str, fleet.slots(1)))


def test_percentiles_are_in_milliseconds() -> None:
    answers = Answers(seconds=[number / 1000 for number in range(100, 0, -1)], elapsed=2.0)
    assert [answers.percentile(share) for share in (0.50, 0.95, 0.99)] == [51, 96, 100]
    assert answers.per_second == 50


@pytest.mark.django_db(transaction=True)
def test_the_scripts_make_bookings_on_any_days(settings, tmp_path) -> None:
    """pgbench stops at the first that the database refuses, a price for other days of the week among them."""
    settings.VAR_DIR = tmp_path
    (tmp_path / "bench").mkdir()
    Fleet.make(40)
    for script, prepared in zip(ceiling.write_scripts(0), (False, True), strict=True):
        with as_owner():
            before = Booking.objects.count()
        for _second in range(60):  # as many as the machine needs for more than a week of days
            assert ceiling.transactions_per_second(script, clients=1, seconds=1, prepared=prepared) > 0
            with as_owner():
                made = Booking.objects.count() - before
            if made > 7:
                break
        assert made > 7


@pytest.mark.django_db(transaction=True)
def test_the_scripts_differ_from_booking_to_booking(settings, tmp_path) -> None:
    settings.VAR_DIR = tmp_path
    (tmp_path / "bench").mkdir()
    Fleet.make(40)
    scripts = [path.read_text().partition("BEGIN;")[2] for path in ceiling.write_scripts(0)]
    with as_owner():
        bookings = list(Booking.objects.all())
    fixed = {text for b in bookings for text in (b.email, b.reference, f"'{b.start_date}'", str(b.car_id))}
    for script in scripts:
        assert script.count('INSERT INTO "bookings"') == script.count("customer_of_mailbox(") == 1
        assert "INSERT INTO car_availability" in script
        assert not re.search(r"'[0-9a-f]{32}", script)
        assert not [text for text in fixed if text in script]


def test_a_page_that_is_over_a_limit_is_named() -> None:
    page = desk.Page("Today", "/staff/today/", seconds={desk.FEW: [0.1], desk.MANY: [0.3]})
    page.spent = {
        desk.FEW: [0.1],
        desk.MANY: [0.119],
    }  # the clock of a shared machine is no measure of growth
    page.size[desk.MANY] = 150 * 1024
    assert desk.verdict(page) == "within the limits"
    page.seconds[desk.MANY], page.spent[desk.MANY], page.size[desk.MANY] = [0.31], [0.13], 150 * 1024 + 1
    assert desk.verdict(page) == "over the limit: 300 ms, 150 KB, 1.2 times"
    page.alone = True
    assert desk.verdict(page) == "over the limit: 300 ms, 150 KB"


def test_a_slow_machine_has_one_answer_of_each_at_least() -> None:
    assert len(list(repeated(0))) == 1
    asked: list[str] = []

    class Site:
        def get(self, path: str) -> HttpResponse:
            asked.append(path)
            return HttpResponse("page")

    page = desk.Page("Today", "/staff/today/")
    desk.ask(cast(Client, Site()), page, bookings=desk.FEW, seconds=0)
    assert (len(asked), len(page.seconds[desk.FEW])) == (2, 1)


def test_every_measured_page_is_there_the_owners_figures_among_them() -> None:
    pages = desk.pages(Booking(pk=uuid4()))
    names = {resolve(page.path.partition("?")[0]).url_name for page in pages}
    assert names >= {"inbox", "staff_figures", "staff_booking", "bookings_booking_changelist"}
    assert next(page for page in pages if page.path == "/staff/figures/").alone


def test_a_run_is_compared_with_the_last_of_its_kind(tmp_path) -> None:
    first, other = Figures(tmp_path, quick=True), Figures(tmp_path, quick=False)
    first.add("bookings per second", 80.0)
    assert list(first.against_the_last()) == []
    first.keep()
    second = Figures(tmp_path, quick=True)
    second.add("bookings per second", 100.0)
    second.add("p95 ms", 90.0)
    assert list(second.against_the_last()) == [("bookings per second", 80.0, 100.0, 1.25)]
    other.add("bookings per second", 100.0)
    assert list(other.against_the_last()) == []
