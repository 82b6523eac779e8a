"""What a process keeps of the ledger is the ledger, in whatever order transactions write, end and are taken back."""

import random
from datetime import timedelta

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from bookings.availability.as_of import AsOf
from bookings.availability.fleet import taken as module
from bookings.availability.fleet.taken import forget_changes, taken
from bookings.availability.ledger import taken_dates_of
from bookings.days import Days
from bookings.models import LedgerChange
from bookings.tests.support.factories import CarFactory, in_days, make_block, make_booking, make_hold
from cars.models import Car
from exodrive.rls import PUBLIC, STAFF, acting_as, as_owner

WINDOW = 12  # days
FIRST_EVER = 3  # as PostgreSQL numbers transactions

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch):
    monkeypatch.setattr(module, "_kept", None)


@pytest.fixture
def cars():
    """With something in the ledger, without which nothing is kept.

    One change is older than every transaction that may be open elsewhere on the server, as where it has run for a while.
    """
    made = [CarFactory() for _ in range(4)]
    make_block(car=made[0], start=in_days(WINDOW + 5))
    with as_owner():
        LedgerChange.objects.create(car_id=made[0].pk, xid=FIRST_EVER)
    return [car.pk for car in made]


def car(pk):
    with as_owner():
        return Car.objects.get(pk=pk)


def window():
    return Days(in_days(0), in_days(WINDOW))


def seen(at=None):
    """By car, the days that are said to be taken."""
    with acting_as(PUBLIC):
        by_day = taken(window(), at or timezone.now(), 1)
        return {pk: {day for day in by_day if by_day[day] >> (pk - 1) & 1} for pk in known_cars()}


def true(at=None):
    with acting_as(PUBLIC):
        found = taken_dates_of(known_cars(), in_days(0), in_days(WINDOW), as_of=AsOf(at or timezone.now()))
        return {pk: found[pk] for pk in known_cars()}


def known_cars():
    return Car.objects.order_by("pk").values_list("pk", flat=True)


def owner():
    """A session of its own, which begins and ends its transactions by itself."""
    with as_owner():
        connection.ensure_connection()
        dsn = connection.get_connection_params()
    keys = ("host", "port", "user", "password", "dbname")
    return psycopg.connect(**{key: dsn[key] for key in keys if dsn.get(key)})


def write(session, car, day):
    session.execute(
        "INSERT INTO car_availability (car_id, date, status, block_id, created_at, updated_at)"
        " SELECT %s, %s, 'blocked', min(id), now(), now() FROM blocked_dates"
        " ON CONFLICT (car_id, date) DO UPDATE SET updated_at = now()",
        [car, day],
    )


def test_what_was_read_once_costs_one_statement_and_is_not_read_again(cars, django_assert_num_queries):
    make_block(car=car(cars[1]), start=in_days(3), length=2)
    assert seen() == true()
    before = module._kept
    make_booking(car=car(cars[2]), start=in_days(6), length=2)
    with acting_as(PUBLIC), django_assert_num_queries(1):
        taken(window(), timezone.now(), 1)
    assert seen() == true()
    assert module._kept is before


def test_a_transaction_that_ends_late_is_seen_when_it_ends(cars):
    with owner() as early, owner() as late:
        write(early, cars[0], in_days(2))  # the lower number, and the later end
        write(late, cars[1], in_days(2))
        late.commit()
        assert seen() == true()
        early.commit()
        assert seen() == true()
        assert in_days(2) in seen()[cars[0]]


def test_numbers_alone_would_miss_it(cars, monkeypatch):
    """The control: asking for what has a larger number than everything that was there before."""
    naive = module.READ.replace(
        "NOT pg_visible_in_snapshot(xid::text::xid8, %s::pg_snapshot)",
        "xid::text::xid8 >= pg_snapshot_xmax(%s::pg_snapshot)",
    )
    monkeypatch.setattr(module, "READ", naive)
    with owner() as early, owner() as late:
        write(early, cars[0], in_days(2))
        write(late, cars[1], in_days(2))
        late.commit()
        assert seen() == true()
        early.commit()
        assert seen() != true()


def test_what_is_taken_back_was_never_there(cars):
    with owner() as session:
        write(session, cars[0], in_days(2))
        assert seen() == true()
        session.rollback()
        assert seen() == true()
    assert not seen()[cars[0]]


def test_a_hold_counts_until_it_lapses_though_nobody_writes(cars):
    hold = make_hold(car=car(cars[3]), start=in_days(4), length=2)
    for at in (timezone.now(), hold.expires_at - timedelta(seconds=1), hold.expires_at):
        assert seen(at) == true(at)
    assert seen()[cars[3]]
    assert not seen(hold.expires_at)[cars[3]]


def test_who_slept_while_changes_were_forgotten_reads_all_anew(cars):
    assert seen() == true()
    before = module._kept
    for n in range(3):
        make_block(car=car(cars[n]), start=in_days(n + 1))
    with as_owner():
        LedgerChange.objects.update(created_at=timezone.now() - timedelta(hours=2))
    assert forget_changes(timezone.now())
    with as_owner():
        assert LedgerChange.objects.count() == 1
    assert seen() == true()
    assert module._kept is not before


def test_an_emptied_ledger_is_empty(cars):
    write_all = true()
    assert seen() == write_all
    with owner() as session:
        write(session, cars[0], in_days(2))
        session.commit()
        assert seen() == true()
        session.execute("TRUNCATE car_availability CASCADE")
        session.commit()
    assert seen() == true() == {pk: set() for pk in cars}


def test_within_a_transaction_its_own_days_are_seen_and_not_kept(cars):
    from django.db import transaction

    assert seen() == true()
    with acting_as(STAFF), transaction.atomic():
        make_block(car=car(cars[0]), start=in_days(2))
        assert in_days(2) in seen()[cars[0]]
        transaction.set_rollback(True)
    assert seen() == true()
    assert in_days(2) not in seen()[cars[0]]


def test_it_is_the_ledger_whoever_writes_and_in_whatever_order(cars, rounds):
    chance = random.Random(7)
    sessions = [owner() for _ in range(3)]
    try:
        own = dict(zip(sessions, cars, strict=False))  # so that nobody waits for anybody
        for _ in range(rounds(60, 600)):
            session = chance.choice(sessions)
            match chance.randrange(5):
                case 0 | 1:
                    write(session, own[session], in_days(chance.randrange(WINDOW)))
                case 2:
                    session.execute(
                        "DELETE FROM car_availability WHERE car_id = %s AND date = %s",
                        [own[session], in_days(chance.randrange(WINDOW))],
                    )
                case 3:
                    session.commit()
                case 4:
                    session.rollback()
            if chance.random() < 0.5:
                assert seen() == true()
    finally:
        for session in sessions:
            session.close()
