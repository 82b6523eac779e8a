"""Python and PostgreSQL are asked whether they know the same clocks."""

import pytest
from django.db import connection

from bookings.tests.support.factories import LocationFactory
from exodrive import checks
from exodrive.db import zones
from exodrive.db.bounded import Away, Failed
from exodrive.ops import health
from exodrive.rls import PUBLIC, acting_as, as_owner

FAR = ("America/Vancouver", "Australia/Lord_Howe", "Pacific/Chatham")


@pytest.fixture(autouse=True)
def forgotten(monkeypatch):
    monkeypatch.setattr(zones.other_zones, "asked", ())
    monkeypatch.setattr(zones.other_zones, "found", [])


def ask(statements):
    """In the test's transaction, which alone sees its locations."""
    with acting_as(PUBLIC), connection.cursor() as cursor:
        cursor.execute(statements.replace("SET LOCAL ROLE exo_public;", ""))
        return cursor.fetchall()


def other_in(zone, monkeypatch):
    ours = zones.clock_of
    monkeypatch.setattr(
        zones, "clock_of", lambda name, *when: [[0, 0]] if name == zone else ours(name, *when)
    )


@pytest.mark.django_db
def test_both_know_the_clocks_of_today():
    LocationFactory(time_zone="Europe/Paris")
    LocationFactory(time_zone="Pacific/Chatham")  # half hours, and a summer in winter
    assert zones.other_zones.of(ask) == []
    start, days, used = zones.other_zones.asked
    assert days >= 500
    assert {"Europe/Paris", "Pacific/Chatham"} <= set(used)
    clock = zones.clock_of("Europe/Paris", start, days)
    assert {minutes for _at, minutes in clock} == {60, 120}
    assert len(clock) >= 3


@pytest.mark.django_db
@pytest.mark.parametrize("zone", FAR)
def test_a_zone_that_one_of_them_knows_otherwise_is_named(zone, monkeypatch):
    LocationFactory(time_zone="Europe/Paris")
    LocationFactory(time_zone=zone)
    other_in(zone, monkeypatch)
    assert zones.other_zones.of(ask) == [zone]


@pytest.mark.django_db
def test_the_clocks_are_compared_once_a_day_and_for_a_new_zone():
    asked = []

    def counted(statements):
        asked.append(statements)
        return ask(statements)

    LocationFactory(time_zone="Europe/Paris")
    for _ in range(3):
        zones.other_zones.of(counted)
    assert len(asked) == 4
    LocationFactory(time_zone="Atlantic/Azores")
    zones.other_zones.of(counted)
    assert len(asked) == 6


class Answering:
    """Stands for the database that `/readyz` asks."""

    def __init__(self, error=None):
        self.error = error

    def rows(self, statements):
        if self.error:
            raise self.error
        return ask(statements)


@pytest.mark.django_db
def test_readyz_is_degraded_with_the_zones_that_differ(monkeypatch):
    LocationFactory(time_zone="America/Vancouver")
    found = health.Report()
    health._ask_clocks(Answering(), found)
    assert found.parts["clocks"]["status"] in (health.OK, health.DEGRADED)  # this machine's own data decides
    monkeypatch.setattr(zones.other_zones, "asked", ())
    monkeypatch.setattr(zones.other_zones, "found", [])
    other_in("America/Vancouver", monkeypatch)
    found = health.Report()
    health._ask_clocks(Answering(), found)
    assert found.status == health.DEGRADED
    assert found.parts["clocks"]["differing"] == ["America/Vancouver"]


@pytest.mark.parametrize(
    ("error", "status"), [(Away("timeout"), health.OK), (Failed("22023"), health.DEGRADED)]
)
def test_readyz_is_never_unavailable_for_a_clock(error, status):
    found = health.Report()
    health._ask_clocks(Answering(error), found)
    assert found.status == status


@pytest.mark.django_db(transaction=True)
def test_a_process_warns_at_its_start(monkeypatch, settings, caplog):
    settings.AS_OWNER = False
    with as_owner():
        place = LocationFactory(time_zone="Europe/Paris")
    assert zones.warnings() == zones.clocks_agree(databases=["default"]) == []
    assert zones.other_zones.asked[2] == [place.time_zone]
    monkeypatch.setattr(zones.other_zones, "asked", ())
    monkeypatch.setattr(zones.other_zones, "found", [])
    other_in("Europe/Paris", monkeypatch)
    (warning,) = zones.clocks_agree(databases=["default"])
    assert "Europe/Paris" in warning.msg
    settings.PRODUCTION = True
    monkeypatch.setattr(checks, "production_is_configured", lambda: [])
    monkeypatch.setattr(checks, "refuse_unsafe_login", lambda public_may: None)
    checks.refuse_unsafe_production(public_may=True)
    assert "Europe/Paris" in caplog.text
