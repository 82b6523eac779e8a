"""The instants of `make instants`, and the days that tests compute: right on every day of nine years."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
import redis
from django.conf import settings

from exodrive.dev.embedded.stack import Stack
from exodrive.dev.embedded.surroundings import faked_clock
from exodrive.dev.instants import instants, run
from exodrive.tests.support import days
from exodrive.tests.support.midnight import wait_before

ALL_DAYS = [date(2026, 11, 26) + timedelta(days=n) for n in range(9 * 366)]
needs_faketime = pytest.mark.skipif(
    not shutil.which("faketime"), reason="needs faketime, as `make instants` does"
)
AHEAD = 400 * 86_400  # seconds
ROOT = Path(settings.BASE_DIR)


def test_what_comes_next_after_an_evening_in_november() -> None:
    found = [(name, f"{at:%Y-%m-%d %H:%M}") for name, at in instants(datetime(2026, 11, 26, 12, tzinfo=UTC))]
    assert found == [
        ("the last hour of the year", "2026-12-31 23:20"),
        ("the 31st of a month", "2027-01-31 23:40"),
        ("the night before the clocks go forward", "2027-03-27 21:40"),
        ("the night before the clocks go back", "2027-10-30 21:56"),
        ("29 February", "2028-02-29 12:00"),
    ]


def test_every_instant_is_ahead_whatever_day_it_is() -> None:
    for day in ALL_DAYS:
        now = datetime(day.year, day.month, day.day, 23, 30, tzinfo=UTC)
        found = instants(now)
        assert len({name for name, _ in found}) == 5
        assert all(at > now for _, at in found)
    assert dict(instants(datetime(2096, 3, 1, tzinfo=UTC)))["29 February"].year == 2104


def test_days_are_what_they_are_called_whatever_day_it_is() -> None:
    for today in ALL_DAYS:
        first = days.monday(today=today)
        assert (first.weekday(), days.is_quiet(first, 14)) == (0, True)
        first = days.monday_of_two_months(today=today)
        last = first + timedelta(days=27)
        assert ((first + timedelta(days=6)).month, last.month) == (first.month, first.month + 1)
        first = days.inside_month(20, today=today)
        assert (first + timedelta(days=19)).month == first.month
        for forward, hours in ((True, 23), (False, 25)):
            change = days.clock_change(forward=forward, today=today)
            assert days.length_of(change, days.PARIS) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("clock", "seconds"),
    [("12:59:49", 0), ("12:59:51", 9.1), ("23:59:59.900000", 0.2), ("00:00:00", 0), ("12:30:59", 0)],
)
def test_no_test_begins_just_before_midnight_of_any_zone(clock, seconds) -> None:
    assert wait_before(datetime.fromisoformat(f"2026-11-26T{clock}+00:00")) == pytest.approx(seconds)


def test_a_day_that_never_comes_is_an_error() -> None:
    with pytest.raises(ValueError, match="no such day"):
        days.inside_month(32)


def test_servers_get_the_clock_of_an_environment_and_nothing_else_of_it() -> None:
    clock = {"LD_PRELOAD": "/lib/libfaketime.so.1", "FAKETIME": "+5s", "NO_FAKE_STAT": "1"}
    assert faked_clock({**clock, "FAKETIME_SHARED": "/sem", "SECRET_KEY": "x"}) == clock
    assert faked_clock({"FAKETIME": "+5s", "LD_PRELOAD": "/lib/libjemalloc.so"}) == {}
    assert faked_clock({}) == {}


@needs_faketime
@pytest.mark.real_time
def test_postgresql_and_valkey_believe_another_day(folder) -> None:
    preload = run.preloaded()
    assert preload is not None
    before = time.time() - 1
    with Stack(
        folder, explicit={}, ports=(0, 0), disposable=True, clock=run.environment(preload, AHEAD)
    ) as stack:
        with psycopg.connect(stack.urls["DATABASE_URL"]) as connection:
            [(now,)] = connection.execute("SELECT extract(epoch FROM now())").fetchall()
        with redis.Redis.from_url(stack.urls["REDIS_URL"]) as client:
            seconds, _ = client.time()
    for told in (float(now), seconds):
        assert before <= told - AHEAD <= time.time() + 1


@needs_faketime
@pytest.mark.real_time
def test_a_python_at_another_day_sleeps_as_long_as_it_should() -> None:
    preload = run.preloaded()
    assert preload is not None
    script = "import time; a = time.monotonic(); time.sleep(0.2); print(time.time(), time.monotonic() - a)"
    before = time.time() - 1
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, **run.environment(preload, AHEAD)},
        capture_output=True,
        text=True,
        check=True,
    )
    told, slept = map(float, done.stdout.split())
    assert before <= told - AHEAD <= time.time() + 1
    assert slept >= 0.2


def test_soak_runs_at_the_instants_and_ci_installs_what_they_need() -> None:
    recipe = re.search(r"^soak:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert recipe is not None
    assert "instants" in recipe[1]
    ci = (ROOT / ".ci" / "run").read_text()
    assert re.search(r"apt-get install .* faketime ", ci)
    assert re.search(r"for target in test soak; do\n.*\n\tmake ", ci)


@pytest.mark.parametrize(("ci", "status"), [("true", run.UNAVAILABLE), ("", 0)])
def test_without_faketime_it_says_that_nothing_ran(ci, status, monkeypatch, capsys) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr("exodrive.dev.instants.run.shutil.which", lambda name: None)
    assert run.main(["false"]) == status
    assert run.MISSING in capsys.readouterr().err


def test_a_run_that_hangs_is_ended_and_the_others_still_run(monkeypatch, capfd) -> None:
    monkeypatch.setattr(run, "preloaded", lambda: "")
    monkeypatch.setattr(run, "LONGEST", 0.1)
    assert run.main([sys.executable, "-c", "import signal; signal.pause()"]) == run.HUNG
    told = capfd.readouterr()
    assert (told.out.count(" UTC ====="), told.err.count("Still running")) == (5, 5)
    assert told.out.count(f"exit status {run.HUNG} =====") == 5


def test_a_grandchild_that_holds_the_output_open_does_not_hold_up_the_end(monkeypatch, capfd) -> None:
    monkeypatch.setattr(run, "preloaded", lambda: "")
    monkeypatch.setattr(run, "instants", lambda now: [("an instant", now + timedelta(days=1))])
    monkeypatch.setattr(run, "PATIENCE", 0.2)
    script = "import subprocess; print('pid', subprocess.Popen(['sleep', '600']).pid, flush=True)"
    assert run.main([sys.executable, "-c", script]) == 0
    grandchild = int(re.search(r"pid (\d+)", capfd.readouterr().out)[1])
    os.kill(grandchild, signal.SIGKILL)  # still there: nobody has waited for it


def test_the_command_runs_at_each_instant_and_a_failure_is_told(monkeypatch, capfd) -> None:
    monkeypatch.setattr(run, "preloaded", lambda: "")
    script = "import os, sys; print('at', os.environ['FAKETIME']); sys.exit(4)"
    assert run.main([sys.executable, "-c", script]) == 4
    told = [
        int(line.split("+")[1].rstrip("s"))
        for line in capfd.readouterr().out.splitlines()
        if line.startswith("at +")
    ]
    assert len(told) == 5
    assert told == sorted(told)
    assert all(seconds > 0 for seconds in told)


STAND_IN = """#!{python}
import os, sys
alone = "--last-failed" in sys.argv
print("FAILED a/test_b.py::test_c - assert 1 == 2" if not alone or {again} else "1 passed")
sys.exit(1 if not alone or {again} else 0)
"""


@pytest.mark.parametrize(("again", "status"), [(False, 0), (True, 1)])
def test_what_fails_beside_others_is_a_failure_when_it_fails_alone(
    again, status, tmp_path, monkeypatch, capfd
) -> None:
    monkeypatch.setattr(run, "preloaded", lambda: "")
    monkeypatch.setattr(run, "instants", lambda now: [("an instant", now + timedelta(days=1))])
    pytest_here = tmp_path / "pytest"
    pytest_here.write_text(STAND_IN.format(python=sys.executable, again=again))
    pytest_here.chmod(0o755)
    assert run.main([str(pytest_here), "-n", "2"]) == status
    told = capfd.readouterr().out
    assert ("PASSED ALONE" in told) is not again
    assert ("FAILED at an instant" in told) is again
    assert "a/test_b.py::test_c" in told


def test_what_failed_is_named_once_more_at_the_very_end(monkeypatch, capfd) -> None:
    monkeypatch.setattr(run, "preloaded", lambda: "")
    name, at = instants(datetime.now(UTC))[2]
    ahead = f"{(at - datetime.now(UTC)).total_seconds() / 86_400:.0f}"
    script = (
        "import os, sys\n"
        "third = round(int(os.environ['FAKETIME'][1:-1]) / 86_400) == int(sys.argv[1])\n"
        "print('FAILED a/test_b.py::test_c - assert 1 == 2' if third else 'all passed')\n"
        "sys.exit(third)"
    )
    assert run.main([sys.executable, "-c", script, ahead]) == 1
    told = capfd.readouterr().out.rstrip().splitlines()
    assert told.count("all passed") == 4
    assert told[-2:] == [
        f"===== FAILED at {name}: exit status 1 =====",
        "FAILED a/test_b.py::test_c - assert 1 == 2",
    ]
